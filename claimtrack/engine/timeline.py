"""What a claim is on every day, by whichever way finds it soonest."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, repeat
from operator import itemgetter, sub
from typing import Final, TypeAlias

import attrs

from claimtrack.collector import at_rest
from claimtrack.engine.decide import (
    Outcome,
    Timeline,
    case_of,
    due_day,
    fold,
    grace_of,
    late_days,
    overdue_from,
    said_day,
    shown_status,
)
from claimtrack.engine.evidence import (
    NEVER,
    EvidenceIndex,
    Item,
    Items,
    UsableEvidence,
    ZonedEvidence,
    days_in,
    items_on,
)
from claimtrack.engine.fast_path import FAILED, NOT_ENOUGH, OVERDUE, PENDING, FastPath, late_by
from claimtrack.engine.weigh import Case, Sided, items_in, sides, truth_of_leaf
from claimtrack.errors import NotYetSaidError
from claimtrack.model.claim import Claim, criteria_of
from claimtrack.model.criterion import Leaf, Throughout, leaves_of
from claimtrack.model.day import CivilDay, DayLike, ordinal_of
from claimtrack.model.explanation import Side
from claimtrack.model.registry import OnConflict
from claimtrack.model.span import OPEN_END, OPEN_START, Day, day_text
from claimtrack.model.truth import CONFLICTING, FALSE, TRUE, UNKNOWN, Truth
from claimtrack.model.verdict import KnownBy, Status

Step: TypeAlias = tuple[Day, Truth]
"""A day, and the bits from that day on."""

# Looking up a member of an enum takes longer than all that is done with it here.
_FOR, _AGAINST = Side.FOR, Side.AGAINST
_PASSING: Final = (Side.FOR, Side.NOT_ALL_ALONG)


def steps_of(leaf: Leaf, items: Items, case: Case) -> list[Step]:
    """
    Return the bits of *leaf* from each day on which they change, ascending; at first it is unknown.

    Args:
        leaf: The leaf.
        items: Everything that speaks of what it asks, usable or not.
        case: The claim; what its usable holds does not matter.
    """
    if not items:
        return []
    if case.policy.on_conflict is OnConflict.CONFLICTING and all_stay(items):
        return _as_they_come(leaf, items, case)
    return list(_weighed(leaf, items, case))


def all_stay(items: Items) -> bool:
    """Say whether none of *items* is ever withdrawn or superseded."""
    for item in items:  # noqa: SIM110 - a generator takes longer to make than these few to look at
        if item.superseders or item.withdrawn_from != NEVER:
            return False
    return True


def _as_they_come(leaf: Leaf, items: Items, case: Case) -> list[Step]:
    needed = leaf.min_sources or case.policy.min_sources
    samples = leaf.samples if isinstance(leaf, Throughout) else None
    if samples is not None:
        case = on_day(case, OPEN_START)  # when no span is over, so that samples are not yet counted
    placed = sides(leaf, items, case)
    if needed == 1:
        shown = refuted = NEVER
        for item, side in placed:
            if side is _FOR:
                shown = min(shown, item.known_from)
            elif side is _AGAINST:
                refuted = min(refuted, item.known_from)
    else:
        shown = _spoken_from([item for item, side in placed if side is _FOR], needed)
        refuted = _spoken_from([item for item, side in placed if side is _AGAINST], needed)
    if isinstance(leaf, Throughout) and samples is not None:
        over = days_in(leaf.over, case.zone)
        shown = min(shown, _sampled_from(placed, samples, needed, over))
    both = max(shown, refuted)
    found: list[Step] = []
    if shown < refuted:
        found.append((shown, TRUE))
    elif refuted < shown:
        found.append((refuted, FALSE))
    if both < NEVER:
        found.append((both, CONFLICTING))
    return found


def _spoken_from(items: list[Item], needed: int) -> Day:
    """Return the first day on which *needed* witnesses among those of *items* have spoken."""
    if needed == 1:
        return min([item.known_from for item in items], default=NEVER)
    return _come_by(((item.witness, item.known_from) for item in items), needed)


def _sampled_from(placed: list[Sided], wanted: int, needed: int, over: tuple[Day, Day]) -> Day:
    """Return the first day on which samples set the bit: *over* is past, and *wanted* are known."""
    _, high = over
    samples = (
        ((item.first, item.last), item.known_from)
        for item, side in placed
        if side is Side.NOT_ALL_ALONG or (side is _FOR and (item.first, item.last) == over)
    )
    passing = [item for item, side in placed if side in _PASSING]
    return max(high + 1, _come_by(samples, wanted), _spoken_from(passing, needed))


def _come_by(coming: Iterable[tuple[object, Day]], number: int) -> Day:
    """Return the day by which *number* different things have come; `NEVER` if they do not."""
    first: dict[object, Day] = {}
    for thing, day in coming:
        first[thing] = min(day, first.get(thing, NEVER))
    return sorted(first.values())[number - 1] if number <= len(first) else NEVER


def _weighed(leaf: Leaf, items: Items, case: Case) -> Iterator[Step]:
    before = UNKNOWN
    for day in sorted(_days(leaf, items, case)):
        now = truth_of_leaf(leaf, on_day(case, day))
        if now != before:
            before = now
            yield day, now


def _days(leaf: Leaf, items: Items, case: Case) -> set[Day]:
    days = reporting_days(items)
    if isinstance(leaf, Throughout) and leaf.samples is not None:
        days.add(days_in(leaf.over, case.zone)[1] + 1)
    return days - {OPEN_END}


def on_day(case: Case, day: Day) -> Case:
    """Return *case* with its usable on another *day*."""
    return Case(
        UsableEvidence(case.usable.zoned, day), case.claim, case.zone, case.policy, case.facts
    )


def reporting_days(items: Items) -> set[Day]:
    """Return the days on which one of *items* comes to be usable or ceases to be."""
    days: set[Day] = set()
    for item in items:
        if item.superseders or item.withdrawn_from != NEVER:
            days |= item.turning_days()
        else:
            days.add(item.known_from)
    return days


ANNULLED: Final = Outcome(Status.ANNULLED)
NOT_CHECKABLE: Final = Outcome(Status.NOT_CHECKABLE)


def timeline_of(claim: Claim, fast_path: FastPath, until: Day) -> Timeline:
    """
    Return what *claim* is from each day on which that changes, the first when it was said.

    What it is after the day *until* may be missing.
    """
    leaf = fast_path.leaf_of(claim)
    if leaf is not None:
        return fast_path.timeline(claim, leaf, until)
    return general_timeline(claim, fast_path.index, until)


def general_timeline(claim: Claim, index: EvidenceIndex, until: Day) -> Timeline:
    """Return what `timeline_of` does, for a claim of any kind."""
    return _Followed(claim, index).timeline(until)


class _Followed:
    """A claim under its main criterion, with the days on which anything about it can turn."""

    def __init__(self, claim: Claim, index: EvidenceIndex) -> None:
        zoned = index.in_zone(index.zone_of(claim))
        self.claim = claim
        self.case = case_of(claim, index, UsableEvidence(zoned, OPEN_END))
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
            self.items = (*zoned.on_claim(claim.id), *self._follow(leaves))
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
            items = items_in(self.case.usable.zoned, leaf, self.claim.id)
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


@attrs.frozen(kw_only=True)
class DayCounts:
    """
    How many claims had each status on a day.

    Args:
        day: The day.
        numbers: How many claims had each status, in the order of `Status`.
        not_yet_said: How many claims had not been made by then.
    """

    day: CivilDay = attrs.field(converter=CivilDay)
    numbers: tuple[int, ...]
    not_yet_said: int

    @property
    def counts(self) -> Mapping[Status, int]:
        """How many claims had each status; every status is there, in the order of `Status`."""
        return dict(zip(Status, self.numbers, strict=True))

    @property
    def as_of(self) -> str:
        """The day as ISO 8601 text."""
        return day_text(self.day)


class Replay:
    """
    A registry on each of many days.

    Iterating gives the `DayCounts` of each day in the order in which they were asked for.

    Args:
        index: The evidence of the registry.
        days: The days, as ordinals.
    """

    def __init__(self, index: EvidenceIndex, days: Sequence[Day]) -> None:
        self.index = index
        self.days = tuple(days)
        self._kept: dict[str, Timeline] = {}

    @property
    def known_by(self) -> KnownBy:
        """Whose knowledge counts."""
        return self.index.known_by

    @cached_property
    def _fast_path(self) -> FastPath:
        return FastPath(self.index)

    @property
    def _until(self) -> Day:
        return max(self.days, default=OPEN_START)

    def _timelines(self) -> Iterator[Timeline]:
        """Iterate over what each claim is, up to the last of the days."""
        fast_path, until = self._fast_path, self._until
        for claim in self.index.records.claims.by_id.values():
            leaf = fast_path.leaf_of(claim)
            if leaf is not None:
                yield fast_path.timeline(claim, leaf, until)
            else:
                yield general_timeline(claim, self.index, until)

    def _timeline(self, claim: Claim, day: Day) -> Timeline:
        if day > self._until:
            return timeline_of(claim, self._fast_path, day)
        found = self._kept.get(claim.id)
        if found is None:
            found = self._kept[claim.id] = timeline_of(claim, self._fast_path, self._until)
        return found

    def outcome(self, claim: str, day: DayLike | Day) -> Outcome:
        """
        Return what the claim with that id was on *day*, which need not be one of the days.

        Raises:
            FieldError: *day* is not one full day.
            UnknownRecordError: There is no such claim.
            NotYetSaidError: It had not been made by that day.
        """
        record = self.index.records.claims[claim]
        asked = ordinal_of(day)
        timeline = self._timeline(record, asked)
        place = bisect_right(timeline, asked, key=itemgetter(0))
        if not place:
            raise NotYetSaidError(claim, record.said.text, day_text(asked))
        return timeline[place - 1][1]

    def __len__(self) -> int:
        return len(self.days)

    def __iter__(self) -> Iterator[DayCounts]:
        return iter(self._counted)

    def __getitem__(self, place: int) -> DayCounts:
        return self._counted[place]

    @cached_property
    def _counted(self) -> tuple[DayCounts, ...]:
        turns = [*self._turns()]
        turning = sorted(set().union(*(days for pair in turns for days in pair)))
        places = [bisect_right(turning, day) for day in self.days]
        # A column for each status, since a loop over days alone is the shorter one.
        columns = [_column(came, went, turning, places) for came, went in turns]
        claims = len(self.index.records.claims)
        return tuple(
            DayCounts(day=day, numbers=numbers, not_yet_said=claims - sum(numbers))
            for day, numbers in zip(self.days, zip(*columns, strict=True), strict=True)
        )

    def _turns(self) -> Iterable[tuple[list[Day], list[Day]]]:
        """Return, for each status, on which days claims came to have it and ceased to."""
        # Hashing a member of an enum would take longer than all the rest of the loop.
        turns: dict[int, tuple[list[Day], list[Day]]] = {id(status): ([], []) for status in Status}
        until = self._until
        with at_rest():
            for timeline in self._timelines():
                left = None
                for day, outcome in timeline:
                    if day > until:
                        break
                    if left is not None:
                        left.append(day)
                    came, left = turns[id(outcome.status)]
                    came.append(day)
        return turns.values()


def _column(
    came: Iterable[Day], went: Iterable[Day], turning: Sequence[Day], places: Iterable[int]
) -> list[int]:
    """Return how many came and have not gone, after so many of the *turning* days as *places*."""
    comings, goings = (map(Counter(days).get, turning, repeat(0)) for days in (came, went))
    numbers = [0, *accumulate(map(sub, comings, goings))]
    return [numbers[place] for place in places]


def turning_days(claim: Claim, index: EvidenceIndex) -> list[Day]:
    """
    Return the days from that on which *claim* was said on which its status can change.

    Ascending; the first is the day on which it was said.
    """
    zoned = index.in_zone(index.zone_of(claim))
    said = said_day(claim, index)
    case = case_of(claim, index, UsableEvidence(zoned, said))
    days = {said, *_days_of_items(claim, zoned), *_days_of_clock(claim, case)}
    return sorted(day for day in days if said <= day < OPEN_END)


def _days_of_items(claim: Claim, zoned: ZonedEvidence) -> Iterator[Day]:
    for item in items_on(claim, zoned):
        yield from item.turning_days()


def _days_of_clock(claim: Claim, case: Case) -> Iterator[Day]:
    if claim.annulled is not None:
        yield claim.annulled.first
    for criterion in criteria_of(claim):
        due = due_day(claim, criterion, case)
        if due is not None:
            yield due + grace_of(claim, case) + 1
        for leaf in leaves_of(criterion):
            if isinstance(leaf, Throughout) and leaf.samples is not None:
                yield days_in(leaf.over, case.zone)[1] + 1
