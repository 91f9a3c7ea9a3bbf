"""What a claim is on every day, by whichever way finds it soonest."""

from collections.abc import Iterable
from operator import itemgetter
from typing import Final

from claimtrack.engine.known import Index, Item, Items, Scene, days_in
from claimtrack.engine.leaves import items_in
from claimtrack.engine.plain import (
    FAILED,
    NOT_ENOUGH,
    OVERDUE,
    PENDING,
    Plain,
    Timeline,
    late_by,
)
from claimtrack.engine.resolve import (
    Outcome,
    case_of,
    fold,
    late_days,
    overdue_from,
    shown_status,
)
from claimtrack.engine.steps import on_day, reporting_days, steps_of
from claimtrack.engine.truth import FALSE, UNKNOWN, Truth
from claimtrack.model.claim import Claim
from claimtrack.model.criterion import Leaf, leaves_of
from claimtrack.model.span import OPEN_END, Day
from claimtrack.model.verdict import Status

ANNULLED: Final = Outcome(Status.ANNULLED)
NOT_CHECKABLE: Final = Outcome(Status.NOT_CHECKABLE)


def timeline_of(claim: Claim, plain: Plain, until: Day) -> Timeline:
    """
    Return what *claim* is from each day on which that changes, the first when it was said.

    What it is after the day *until* may be missing.
    """
    leaf = plain.leaf_of(claim)
    if leaf is not None:
        return plain.timeline(claim, leaf, until)
    return general_timeline(claim, plain.index, until)


def general_timeline(claim: Claim, index: Index, until: Day) -> Timeline:
    """Return what `timeline_of` does, for a claim of any kind."""
    return _Followed(claim, index).timeline(until)


class _Followed:
    """A claim under its main criterion, with the days on which anything about it can turn."""

    def __init__(self, claim: Claim, index: Index) -> None:
        view = index.view(index.zone_of(claim))
        self.claim = claim
        self.case = case_of(claim, index, Scene(view, OPEN_END))
        self.truths: dict[int, Truth] = {}
        self.steps: list[tuple[Day, int, Truth]] = []
        self.days: set[Day] = set()
        self.items: Items = ()
        self.overdue = self.annulled = OPEN_END
        self.status: Status | None = None
        self.outcome: Outcome | None = None
        if claim.annulled is not None:
            self.annulled = claim.annulled.first
        if claim.criterion is not None:
            leaves = [*leaves_of(claim.criterion)]
            self.items = (*view.on_claim(claim.id), *self._follow(leaves))
            self.overdue = overdue_from(claim, leaves, self.case)
        if claim.condition is not None:
            self._follow(leaves_of(claim.condition))
        self.steps.sort(key=itemgetter(0), reverse=True)
        self.days |= reporting_days(self.items)
        self.days |= {self.overdue, self.annulled}
        self.days.discard(OPEN_END)

    def _follow(self, leaves: Iterable[Leaf]) -> list[Item]:
        """Note how the bits of *leaves* go, and return what is said of them."""
        spoken: list[Item] = []
        for leaf in leaves:
            items = items_in(self.case.scene.view, leaf, self.claim.id)
            if id(leaf) not in self.truths:
                self.truths[id(leaf)] = UNKNOWN
                for day, truth in steps_of(leaf, items, self.case):
                    self.steps.append((day, id(leaf), truth))
                    self.days.add(day)
            spoken += items
        return spoken

    def timeline(self, until: Day) -> Timeline:
        """Return what the claim is from each day up to *until* on which that turns."""
        said = days_in(self.claim.said, self.case.zone)[0]
        steps = self.steps
        is_news = True
        before: Outcome | None = None
        found: Timeline = []
        for day in (said, *sorted([day for day in self.days if said < day <= until])):
            while steps and steps[-1][0] <= day:
                _, leaf, self.truths[leaf] = steps.pop()
                is_news = True
            if is_news:
                self._look()
                is_news = False
            now = self.outcome
            if now is None or self.annulled <= day:
                now = self._outcome(day)
            if now is not before and now != before:
                before = now
                found.append((day, now))
        return found

    def _look(self) -> None:
        """Work out what the bits of the leaves make of the claim."""
        criterion, condition = self.claim.criterion, self.claim.condition
        self.status = None if criterion is None else shown_status(criterion, self._truth)
        if condition is not None and fold(condition, self._truth) == FALSE:
            self.outcome = ANNULLED
        elif criterion is None:
            self.outcome = NOT_CHECKABLE
        elif self.status is None or self.status is Status.FAILED:
            self.outcome = None  # the day decides
        else:
            self.outcome = Outcome(self.status)

    def _outcome(self, day: Day) -> Outcome:
        """Return what the claim is on a day that decides it, with the bits as they are."""
        criterion = self.claim.criterion
        if self.annulled <= day:
            return ANNULLED
        assert criterion is not None  # noqa: S101 - else it is not checkable, whatever the day
        if self.status is not None:
            late = late_days(criterion, on_day(self.case, day))
            return FAILED if late is None else late_by(late)
        if day < self.overdue:
            return PENDING
        return NOT_ENOUGH if any(item.is_usable(day) for item in self.items) else OVERDUE

    def _truth(self, leaf: Leaf) -> Truth:
        return self.truths[id(leaf)]
