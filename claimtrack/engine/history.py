"""
The status of one claim, or of all claims, over time.

A `History` has the changes of one claim, with the cause of each. A `Replay` counts the statuses of
all claims on each of many days: the timeline of each claim is computed once, which costs about as
much as deciding it on one day; after that a day costs only a look-up.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, repeat
from operator import itemgetter, sub

import attrs

from claimtrack.collector import collector_paused
from claimtrack.engine.decide import Outcome, Timeline, case_of, due_day
from claimtrack.engine.evidence import EvidenceIndex, UsableEvidence
from claimtrack.engine.fast_path import FastPath
from claimtrack.engine.timeline import Cause, Follower, timeline_of
from claimtrack.errors import NotYetSaidError
from claimtrack.model.claim import Claim
from claimtrack.model.display import Printed
from claimtrack.model.registry import Records
from claimtrack.model.span import OPEN_END, OPEN_START, CivilDay, Day, DayLike, day_text, ordinal_of
from claimtrack.model.verdict import KnownBy, ReadingVerdict, Status


@attrs.frozen(kw_only=True)
class Change:
    """
    The verdicts on a claim and its readings from a day until the next change.

    Args:
        day: The day.
        late_days: By how many days it came late at most, 1 or more; None unless *status* is late.
        late_days_min: By how many days at least, 1 or more; equal where the day is known.
        readings: The verdicts of its further readings, in the order of the file.
        cause: The one thing that changed it; if only readings changed, what changed the first of
            them in the file.
        reading_causes: The one thing that changed each reading; None for one that did not change.
    """

    day: CivilDay = attrs.field(converter=CivilDay)
    status: Status
    late_days: int | None
    late_days_min: int | None
    readings: tuple[ReadingVerdict, ...]
    cause: Cause
    reading_causes: tuple[Cause | None, ...] = ()


@attrs.frozen(kw_only=True)
class History(Printed):
    """
    The changes of a claim, beginning with the day on which it was said.

    Args:
        changes: Oldest first; two in succession differ in more than the day.
        records: The registry of the claim.
    """

    claim: Claim
    known_by: KnownBy
    changes: tuple[Change, ...]
    records: Records = attrs.field(factory=Records, eq=False, repr=False)

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
    Return the history of *claim*.

    It includes changes in the future that follow from the evidence, such as a deadline that passes.
    """
    FastPath.of(index)  # raises if it would take minutes
    case = case_of(claim, index, UsableEvidence(index.in_zone(index.zone_of(claim)), OPEN_END))
    dues = [due_day(claim, reading.criterion, case) for reading in claim.readings]
    changes = tuple(
        Change(
            day=day,
            status=outcomes[0].status,
            late_days=outcomes[0].late_days,
            late_days_min=outcomes[0].late_days_min,
            readings=tuple(
                ReadingVerdict(
                    name=reading.name,
                    status=outcome.status,
                    late_days=outcome.late_days,
                    late_days_min=outcome.late_days_min,
                    due=due,
                )
                for reading, outcome, due in zip(claim.readings, outcomes[1:], dues, strict=True)
            ),
            cause=next(cause for cause in causes if cause is not None),
            reading_causes=causes[1:],
        )
        for day, outcomes, causes in Follower(claim, index).turns()
    )
    return History(claim=claim, known_by=index.known_by, changes=changes, records=index.records)


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


class Replay:
    """
    The counts of statuses of a registry on each of many days.

    Iterating gives the `DayCounts` of each day, in the given order.

    Args:
        index: The evidence of the registry.
        days: The days, as ordinals.
    """

    def __init__(self, index: EvidenceIndex, days: Sequence[Day]) -> None:
        self.index = index
        self.days = tuple(days)
        self._timeline_of: dict[str, Timeline] = {}

    @property
    def known_by(self) -> KnownBy:
        """The day from which a report counts: of its publication, or of its entry."""
        return self.index.known_by

    @property
    def _until(self) -> Day:
        return max(self.days, default=OPEN_START)

    def _timelines(self) -> Iterator[Timeline]:
        """Iterate over the timeline of each claim, up to the last of the days."""
        index, until = self.index, self._until
        for claim in index.records.claims.by_id.values():
            yield timeline_of(claim, index, until)

    def _timeline(self, claim: Claim, day: Day) -> Timeline:
        if day > self._until:
            return timeline_of(claim, self.index, day)
        timeline = self._timeline_of.get(claim.id)
        if timeline is None:
            timeline = self._timeline_of[claim.id] = timeline_of(claim, self.index, self._until)
        return timeline

    def outcome(self, claim: str, day: DayLike | Day) -> Outcome:
        """
        Return the outcome of the claim with that id on *day*, which need not be one of the days.

        Raises:
            FieldError: *day* is not one full day.
            UnknownRecordError: There is no such claim.
            NotYetSaidError: It had not been made by that day.
        """
        record = self.index.records.claims[claim]
        ordinal = ordinal_of(day)
        timeline = self._timeline(record, ordinal)
        place = bisect_right(timeline, ordinal, key=itemgetter(0))
        if not place:
            raise NotYetSaidError(claim, record.said.text, day_text(ordinal))
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
        columns = [_column(began, ended, turning, places) for began, ended in turns]
        claims = len(self.index.records.claims)
        return tuple(
            DayCounts(day=day, numbers=numbers, not_yet_said=claims - sum(numbers))
            for day, numbers in zip(self.days, zip(*columns, strict=True), strict=True)
        )

    def _turns(self) -> Iterable[tuple[list[Day], list[Day]]]:
        """Return, for each status, the days on which claims begin and cease to have it."""
        # Hashing a member of an enum would take longer than the rest of the loop.
        turns: dict[int, tuple[list[Day], list[Day]]] = {id(status): ([], []) for status in Status}
        until = self._until
        with collector_paused():
            for timeline in self._timelines():
                ended = None
                for day, outcome in timeline:
                    if day > until:
                        break
                    if ended is not None:
                        ended.append(day)
                    began, ended = turns[id(outcome.status)]
                    began.append(day)
        return turns.values()


def _column(
    began: Iterable[Day], ended: Iterable[Day], turning: Sequence[Day], places: Iterable[int]
) -> list[int]:
    """Return how many claims have a status after each of *places*, numbers of *turning* days."""
    begins, ends = (map(Counter(days).get, turning, repeat(0)) for days in (began, ended))
    numbers = [0, *accumulate(map(sub, begins, ends))]
    return [numbers[place] for place in places]
