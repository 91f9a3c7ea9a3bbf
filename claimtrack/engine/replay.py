"""
Every claim of a registry on each of many days.

Each claim is followed once through time, which costs about as much as deciding it on one day; after
that a day costs no more than looking up what each claim was.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, repeat
from operator import itemgetter, sub

import attrs

from claimtrack.collector import at_rest
from claimtrack.engine.known import Index
from claimtrack.engine.plain import Plain, Timeline
from claimtrack.engine.resolve import Outcome
from claimtrack.engine.timelines import general_timeline, timeline_of
from claimtrack.errors import NotYetSaidError
from claimtrack.model.claim import Claim
from claimtrack.model.day import CivilDay, DayLike, ordinal_of
from claimtrack.model.span import OPEN_START, Day, day_text
from claimtrack.model.verdict import KnownBy, Status


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

    def __init__(self, index: Index, days: Sequence[Day]) -> None:
        self.index = index
        self.days = tuple(days)
        self._kept: dict[str, Timeline] = {}

    @property
    def known_by(self) -> KnownBy:
        """Whose knowledge counts."""
        return self.index.known_by

    @cached_property
    def _plain(self) -> Plain:
        return Plain(self.index)

    @property
    def _until(self) -> Day:
        return max(self.days, default=OPEN_START)

    def _timelines(self) -> Iterator[Timeline]:
        """Iterate over what each claim is, up to the last of the days."""
        plain, until = self._plain, self._until
        for claim in self.index.records.claims.by_id.values():
            leaf = plain.leaf_of(claim)
            if leaf is not None:
                yield plain.timeline(claim, leaf, until)
            else:
                yield general_timeline(claim, self.index, until)

    def _timeline(self, claim: Claim, day: Day) -> Timeline:
        if day > self._until:
            return timeline_of(claim, self._plain, day)
        found = self._kept.get(claim.id)
        if found is None:
            found = self._kept[claim.id] = timeline_of(claim, self._plain, self._until)
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
