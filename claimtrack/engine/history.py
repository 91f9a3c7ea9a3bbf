"""
How a claim's status went, day by day.

A status can change only on few days: when an item on one of the claim's facts becomes known, is
withdrawn or is superseded, when the claim is annulled or no longer excused by its grace, and when
a span that samples are taken from has passed. Between two such days nothing is computed anew.
"""

import itertools
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from enum import StrEnum
from operator import attrgetter
from typing import Final, TypeAlias

import attrs

from claimtrack.engine.decide import (
    Outcome,
    case_of,
    due_day,
    failed_or_late,
    fold,
    grace_of,
    least_extension,
    said_day,
    shown_status,
)
from claimtrack.engine.evidence import EvidenceIndex, Item, UsableEvidence, days_in
from claimtrack.engine.fast_path import FastPath, days_of
from claimtrack.engine.tally import SampledTally, Tally, tally_of
from claimtrack.model.claim import Claim
from claimtrack.model.criterion import (
    Assessed,
    Criterion,
    Event,
    Judged,
    Leaf,
    Throughout,
    leaves_of,
)
from claimtrack.model.day import CivilDay, DayLike, ordinal_of
from claimtrack.model.explanation import Standing
from claimtrack.model.showing import Shown
from claimtrack.model.span import OPEN_END, Day
from claimtrack.model.truth import FALSE, Truth
from claimtrack.model.verdict import KnownBy, ReadingVerdict, Status


class CauseKind(StrEnum):
    """What can change a claim, in the order in which the events of one day are taken."""

    SAID = "said"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    COUNTS_AGAIN = "counts-again"
    KNOWN = "known"
    SAMPLES_OVER = "samples-over"
    DUE = "due"
    GRACE_OVER = "grace-over"
    ANNULLED = "annulled"


CAUSES: Final = {
    CauseKind.SAID: "it was said; what was known by then counts",
    CauseKind.WITHDRAWN: "a report was withdrawn",
    CauseKind.SUPERSEDED: "a report was superseded by another, which became known",
    CauseKind.COUNTS_AGAIN: "a report counts again, since what superseded it was withdrawn",
    CauseKind.KNOWN: "a report became known",
    CauseKind.SAMPLES_OVER: "the span that samples are taken from was over",
    CauseKind.DUE: "the deadline passed",
    CauseKind.GRACE_OVER: "the deadline had passed, and the grace ran out",
    CauseKind.ANNULLED: "it was called off",
}
"""What each cause means; the reference page's table is printed from it."""


@attrs.frozen
class Cause:
    """
    The one thing that changed a claim.

    Args:
        evidence: The id of the report that came or went, None for a calendar cause.
        by: The id of the report that supersedes it, or that did so until it was withdrawn.
    """

    kind: CauseKind
    evidence: str | None = None
    by: str | None = None


@attrs.frozen
class OnScale:
    """The ratings of the claim on one scale, as what an item speaks of."""

    scale: str


Subject: TypeAlias = str | OnScale | None
"""What an item speaks of: a fact, by its id; the ratings on a scale; None for the claim itself."""


def subject_of(leaf: Leaf) -> Subject:
    """Return what *leaf* asks about."""
    if isinstance(leaf, Assessed):
        return OnScale(leaf.scale)
    return None if isinstance(leaf, Judged) else leaf.fact


@attrs.frozen
class Happening:
    """
    Something that can change a claim, on the first day on which it counts.

    Args:
        item: The item that comes or goes, None for a calendar event.
        subject: What the item speaks of.
        is_coming: Whether the item comes.
    """

    day: Day
    cause: Cause
    item: Item | None = None
    subject: Subject = None
    is_coming: bool = False


_ORDER: Final = {kind: place for place, kind in enumerate(CauseKind)}
Outcomes: TypeAlias = tuple[Outcome, ...]
"""What a claim is under its main criterion, and then under each reading."""

Causes: TypeAlias = tuple[Cause | None, ...]
"""What changed each of the outcomes; None for one that did not change."""


def _by_time(event: Happening) -> tuple[Day, int, str]:
    return event.day, _ORDER[event.cause.kind], event.cause.evidence or ""


class Sweep:
    """
    Follow *claim* through the events that can change it.

    Args:
        claim: The claim.
        index: The evidence of its registry.
        with_readings: Whether its further readings are followed too.
    """

    def __init__(self, claim: Claim, index: EvidenceIndex, *, with_readings: bool = True) -> None:
        self.claim = claim
        self.said = said_day(claim, index)
        self._view = index.in_zone(index.zone_of(claim))
        self._case = case_of(claim, index, UsableEvidence(self._view, self.said))
        readings = [reading.criterion for reading in claim.readings] if with_readings else []
        self._criteria = (claim.criterion, *readings)
        self._overdue = [self._first_overdue(criterion) for criterion in self._criteria]
        self._tallies: dict[int, Tally] = {}
        self._on: dict[Subject, list[Tally]] = {None: []}
        self._spoken: dict[Subject, int] = {}
        self._due_clock = self.said
        self._is_annulled = False
        self._shown: dict[tuple[object, ...], Status | None] = {}
        self._under = {
            id(criterion): {id(leaf): self._tally(leaf) for leaf in leaves_of(criterion)}
            for criterion in (*self._criteria, claim.condition)
            if criterion is not None
        }

    def _first_overdue(self, criterion: Criterion | None) -> Day:
        due = due_day(self.claim, criterion, self._case)
        return OPEN_END if due is None else due + grace_of(self.claim, self._case) + 1

    def _tally(self, leaf: Leaf) -> Tally:
        found = self._tallies.get(id(leaf))
        if found is None:
            subject = subject_of(leaf)
            found = self._tallies[id(leaf)] = tally_of(leaf, self._items_on(subject), self._case)
            self._on.setdefault(subject, []).append(found)
        return found

    def _items_on(self, subject: Subject) -> tuple[Item, ...]:
        if subject is None:
            return self._view.on_claim(self.claim.id)
        if isinstance(subject, OnScale):
            return self._view.on_scale(self.claim.id, subject.scale)
        return self._view.on_fact(subject)

    def turns(self) -> Iterator[tuple[Day, Outcomes, Causes]]:
        """
        Iterate over what the claim is from each day on which that changes, with the causes.

        The first is the day on which it was said. Where several events of one day change one of
        the outcomes, its cause is the last of those that do: the one with which it came to be what
        it is that day.
        """
        events = sorted(self._events(), key=_by_time)
        first = [event for event in events if event.day <= self.said]
        for event in first:
            self._take(event)
        told = self.outcomes()
        yield self.said, told, (Cause(CauseKind.SAID),) * len(told)
        for day, group in itertools.groupby(events[len(first) :], key=attrgetter("day")):
            now, causes = self._over(group, told)
            if now != told:
                yield day, now, causes
                told = now

    def _over(self, events: Iterable[Happening], told: Outcomes) -> tuple[Outcomes, Causes]:
        """Take the *events* of a day; return what the claim is after it, and by which of them."""
        now, last = told, list[Cause | None]([None] * len(told))
        for event in events:
            if self._take(event):
                after = self.outcomes()
                for place, (one, other) in enumerate(zip(now, after, strict=True)):
                    if one != other:
                        last[place] = event.cause
                now = after
        changed = zip(told, now, last, strict=True)
        return now, tuple(None if old == new else cause for old, new, cause in changed)

    def outcomes(self) -> Outcomes:
        """Return what the claim is after the events so far."""
        condition = self.claim.condition
        if self._is_annulled or (condition is not None and fold(condition, self._truth) == FALSE):
            return (Outcome(Status.ANNULLED),) * len(self._criteria)
        return tuple(map(self._outcome, self._criteria, self._overdue))

    def _truth(self, leaf: Leaf) -> Truth:
        return self._tallies[id(leaf)].truth

    def _outcome(self, criterion: Criterion | None, overdue: Day) -> Outcome:
        if criterion is None:
            return Outcome(Status.NOT_CHECKABLE)
        tallies = self._under[id(criterion)]
        bits = (id(criterion), *[tally.truth for tally in tallies.values()])
        if bits not in self._shown:
            self._shown[bits] = shown_status(criterion, self._truth)
        status = self._shown[bits]
        if status is Status.FAILED:
            by_leaf = {key: tally.course() for key, tally in tallies.items()}
            return failed_or_late(least_extension(criterion, by_leaf))
        if status is not None:
            return Outcome(status)
        if self._due_clock < overdue:
            return Outcome(Status.PENDING)
        asked = map(subject_of, leaves_of(criterion))
        spoken = any(self._spoken.get(subject) for subject in (None, *asked))
        return Outcome(Status.NOT_ENOUGH_EVIDENCE if spoken else Status.OVERDUE)

    def _take(self, event: Happening) -> bool:
        """Take in *event*, and say whether it can change what the claim is."""
        if event.item is not None:
            return self._move(event.item, event.subject, is_coming=event.is_coming)
        if event.cause.kind is CauseKind.ANNULLED:
            self._is_annulled = True
        elif event.cause.kind is CauseKind.SAMPLES_OVER:
            for tally in self._tallies.values():
                if isinstance(tally, SampledTally):
                    tally.go_to(event.day)
        else:
            self._due_clock = event.day
        return True

    def _move(self, item: Item, subject: Subject, *, is_coming: bool) -> bool:
        before = self._spoken.get(subject, 0)
        after = self._spoken[subject] = before + 1 if is_coming else before - 1
        is_news = not before or not after
        for tally in self._on.get(subject, ()):
            is_news |= (tally.enter if is_coming else tally.leave)(item)
        return is_news

    def _events(self) -> Iterator[Happening]:
        subjects = [subject for subject in self._on if subject is not None]
        for subject in (None, *subjects):
            for item in self._items_on(subject):
                yield from events_of(item, subject)
        yield from self._clocks()

    def _clocks(self) -> Iterator[Happening]:
        if self.claim.annulled is not None:
            yield Happening(self.claim.annulled.first, Cause(CauseKind.ANNULLED))
        grace = grace_of(self.claim, self._case)
        kind = CauseKind.GRACE_OVER if grace else CauseKind.DUE
        for overdue in set(self._overdue) - {OPEN_END}:
            yield Happening(overdue, Cause(kind))
        for tally in self._tallies.values():
            if isinstance(tally, SampledTally) and isinstance(tally.leaf, Throughout):
                last = days_in(tally.leaf.over, self._case.zone)[1]
                if last < OPEN_END:
                    yield Happening(last + 1, Cause(CauseKind.SAMPLES_OVER))


def events_of(item: Item, subject: Subject) -> Iterator[Happening]:
    """Iterate over the days on which *item*, on *subject*, comes to be usable or ceases to be."""
    if not item.superseders:
        if item.known_from < item.withdrawn_from:
            cause = Cause(CauseKind.KNOWN, item.id)
            yield Happening(item.known_from, cause, item, subject, is_coming=True)
            if item.withdrawn_from < OPEN_END:
                cause = Cause(CauseKind.WITHDRAWN, item.id)
                yield Happening(item.withdrawn_from, cause, item, subject)
        return
    is_usable = False
    for day in sorted(item.turning_days()):
        was_usable, is_usable = is_usable, item.standing(day) is Standing.USABLE
        if was_usable is not is_usable:
            cause = _cause_of(item, day, is_coming=is_usable)
            yield Happening(day, cause, item, subject, is_coming=is_usable)


def _cause_of(item: Item, day: Day, *, is_coming: bool) -> Cause:
    if is_coming:
        if item.known_from == day:
            return Cause(CauseKind.KNOWN, item.id)
        by = min(other.id for other in item.superseders if other.withdrawn_from == day)
        return Cause(CauseKind.COUNTS_AGAIN, item.id, by)
    if item.withdrawn_from == day:
        return Cause(CauseKind.WITHDRAWN, item.id)
    by = min(other.id for other in item.superseders if other.known_from == day)
    return Cause(CauseKind.SUPERSEDED, item.id, by)


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


def history(index: EvidenceIndex, claim: Claim) -> History:
    """
    Follow *claim* from the day on which it was said, once through all that became known.

    The changes go on past today: a deadline that is to come will pass, as far as the record knows.
    """
    fast_path = FastPath(index)
    leaf = None if claim.readings else fast_path.leaf_of(claim)
    changes = None if leaf is None else _fast_changes(claim, leaf, fast_path)
    if changes is None:
        changes = swept_changes(claim, index)
    return History(claim=claim, known_by=index.known_by, changes=changes)


def _fast_changes(claim: Claim, leaf: Event, fast_path: FastPath) -> tuple[Change, ...] | None:
    """Return what `swept_changes` does, or None if it takes a sweep to tell the causes apart."""
    reported = fast_path.reported_days(leaf)
    overdue = fast_path.overdue(claim, days_of(leaf)[1])
    grace = fast_path.grace if claim.grace is None else claim.grace
    due = Cause(CauseKind.GRACE_OVER if grace else CauseKind.DUE)
    found: list[Change] = []
    for day, outcome in fast_path.timeline(claim, leaf, OPEN_END):
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


def swept_changes(claim: Claim, index: EvidenceIndex) -> tuple[Change, ...]:
    """Follow a claim of any kind, event by event, so that each change has its cause."""
    case = case_of(claim, index, UsableEvidence(index.in_zone(index.zone_of(claim)), OPEN_END))
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
