"""
How a claim's status went, day by day.

A status can change only on few days: when an item on one of the claim's facts becomes known, is
withdrawn or is superseded, when the claim is annulled or no longer excused by its grace, and when
a span that samples are taken from has passed. Between two such days nothing is computed anew.
"""

from bisect import bisect_right
from collections.abc import Iterator

import attrs

from claimtrack.engine.known import Index, Item, Scene, View, days_in
from claimtrack.engine.leaves import Case
from claimtrack.engine.plain import Plain, days_of
from claimtrack.engine.resolve import case_of, due_day, grace_of, said_day
from claimtrack.engine.sweep import Cause, CauseKind, Sweep
from claimtrack.model.claim import Claim, criteria_of
from claimtrack.model.criterion import Event, Throughout, facts_of, leaves_of, scales_of
from claimtrack.model.day import CivilDay, DayLike, ordinal_of
from claimtrack.model.showing import Shown
from claimtrack.model.span import OPEN_END, Day
from claimtrack.model.verdict import KnownBy, ReadingVerdict, Status


@attrs.frozen(kw_only=True)
class Change:
    """
    What a claim became on a day, the first of a run of days.

    Args:
        day: The day.
        late_days: How many days late it came, 1 or more; None unless *status* is late.
        readings: What became of its further readings, in the order of the file.
        cause: The one thing that changed it; where only further readings changed, what changed the
            first of them in the file.
        reading_causes: The one thing that changed each reading, None for one that did not change.
    """

    day: CivilDay = attrs.field(converter=CivilDay)
    status: Status
    late_days: int | None
    readings: tuple[ReadingVerdict, ...]
    cause: Cause
    reading_causes: tuple[Cause | None, ...] = ()


@attrs.frozen(kw_only=True)
class History(Shown):
    """
    What a claim was from each day on which that changed; the first is that on which it was said.

    Args:
        changes: Oldest first; of two that follow each other something besides the day differs.
    """

    claim: Claim
    known_by: KnownBy
    changes: tuple[Change, ...]

    def at(self, day: DayLike | Day) -> Change | None:
        """
        Return the last change on or before *day*; None if it had not been said by then.

        Raises:
            FieldError: *day* is not one full day.
        """
        place = bisect_right(self.changes, ordinal_of(day), key=lambda change: change.day)
        return self.changes[place - 1] if place else None

    def between(self, first: DayLike | Day, last: DayLike | Day) -> tuple[Change, ...]:
        """
        Return the changes from *first* to *last*, both inclusive.

        Raises:
            FieldError: One of them is not one full day.
        """
        start, end = ordinal_of(first), ordinal_of(last)
        return tuple(change for change in self.changes if start <= change.day <= end)

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def __len__(self) -> int:
        return len(self.changes)


def history(index: Index, claim: Claim) -> History:
    """
    Follow *claim* from the day on which it was said, once through all that became known.

    The changes go on past today: a deadline that is to come will pass, as far as the record knows.
    """
    plain = Plain(index)
    leaf = None if claim.readings else plain.leaf_of(claim)
    changes = None if leaf is None else _plain_changes(claim, leaf, plain)
    if changes is None:
        changes = swept_changes(claim, index)
    return History(claim=claim, known_by=index.known_by, changes=changes)


def _plain_changes(claim: Claim, leaf: Event, plain: Plain) -> tuple[Change, ...] | None:
    """Return what `swept_changes` does, or None if it takes a sweep to tell the causes apart."""
    reported = plain.reported_days(leaf)
    overdue = plain.overdue(claim, days_of(leaf)[1])
    grace = plain.grace if claim.grace is None else claim.grace
    due = Cause(CauseKind.GRACE_OVER if grace else CauseKind.DUE)
    found: list[Change] = []
    for day, outcome in plain.timeline(claim, leaf, OPEN_END):
        events = [Cause(CauseKind.KNOWN, id_) for id_ in reported.get(day, ())]
        if day == overdue:
            events.append(due)
        if not found:
            events = [Cause(CauseKind.SAID)]
        if len(events) > 1:
            return None
        found.append(
            Change(
                day=day,
                status=outcome.status,
                late_days=outcome.late_days,
                readings=(),
                cause=events[0],
            )
        )
    return tuple(found)


def swept_changes(claim: Claim, index: Index) -> tuple[Change, ...]:
    """Follow a claim of any kind, event by event, so that each change has its cause."""
    case = case_of(claim, index, Scene(index.view(index.zone_of(claim)), OPEN_END))
    dues = [due_day(claim, reading.criterion, case) for reading in claim.readings]
    return tuple(
        Change(
            day=day,
            status=outcomes[0].status,
            late_days=outcomes[0].late_days,
            readings=tuple(
                ReadingVerdict(
                    name=reading.name, status=outcome.status, late_days=outcome.late_days, due=due
                )
                for reading, outcome, due in zip(claim.readings, outcomes[1:], dues, strict=True)
            ),
            cause=next(cause for cause in causes if cause is not None),
            reading_causes=causes[1:],
        )
        for day, outcomes, causes in Sweep(claim, index).turns()
    )


def facts_of_claim(claim: Claim) -> tuple[str, ...]:
    """Return the ids of the facts that any criterion of *claim* asks about, each once."""
    asked = (fact for criterion in criteria_of(claim) for fact in facts_of(criterion))
    return tuple(dict.fromkeys(asked))


def scales_of_claim(claim: Claim) -> tuple[str, ...]:
    """Return the ids of the scales on which any criterion of *claim* asks for ratings."""
    asked = (scale for criterion in criteria_of(claim) for scale in scales_of(criterion))
    return tuple(dict.fromkeys(asked))


def items_on(claim: Claim, where: View | Scene) -> Iterator[Item]:
    """Iterate over what *where* holds on the facts of *claim*, on the claim, and its ratings."""
    for fact in facts_of_claim(claim):
        yield from where.on_fact(fact)
    yield from where.on_claim(claim.id)
    for scale in scales_of_claim(claim):
        yield from where.on_scale(claim.id, scale)


def turning_days(claim: Claim, index: Index) -> list[Day]:
    """
    Return the days from that on which *claim* was said on which its status can change.

    Ascending; the first is the day on which it was said.
    """
    view = index.view(index.zone_of(claim))
    said = said_day(claim, index)
    case = case_of(claim, index, Scene(view, said))
    days = {said, *_days_of_items(claim, view), *_days_of_clock(claim, case)}
    return sorted(day for day in days if said <= day < OPEN_END)


def _days_of_items(claim: Claim, view: View) -> Iterator[Day]:
    for item in items_on(claim, view):
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
