"""
Every claim of a registry on each of many days.

Each claim is followed once through time, which costs about as much as deciding it on one day; after
that a day costs no more than looking up what each claim was.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from operator import add, itemgetter

import attrs

from claimtrack.collector import at_rest
from claimtrack.engine.known import Index
from claimtrack.engine.plain import Plain, Timeline
from claimtrack.engine.resolve import Outcome
from claimtrack.engine.timelines import timeline_of
from claimtrack.errors import NotYetSaidError
from claimtrack.model.span import OPEN_START, Day, day_text
from claimtrack.model.verdict import KnownBy, Status


@attrs.frozen(kw_only=True)
class DayCounts:
    """
    How many claims had each status on a day; every status is there, in the order of `Status`.

    Args:
        day: The day, an ordinal as of `datetime.date.toordinal`.
        not_yet_said: How many claims had not been made by then.
    """

    day: Day
    counts: Mapping[Status, int]
    not_yet_said: int

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

    @property
    def known_by(self) -> KnownBy:
        """Whose knowledge counts."""
        return self.index.known_by

    @cached_property
    def timelines(self) -> Mapping[str, Timeline]:
        """What each claim is from each day on which that changes, as far as the record knows."""
        with at_rest():
            plain = Plain(self.index)
            return {
                claim.id: timeline_of(claim, plain)
                for claim in self.index.records.claims.by_id.values()
            }

    def outcome(self, claim: str, day: Day) -> Outcome:
        """
        Return what the claim with that id was on *day*, which need not be one of the days.

        Raises:
            UnknownRecordError: There is no such claim.
            NotYetSaidError: It had not been made by that day.
        """
        record = self.index.records.claims[claim]
        timeline = self.timelines[claim]
        place = bisect_right(timeline, day, key=itemgetter(0))
        if not place:
            raise NotYetSaidError(claim, record.said.text, day_text(day))
        return timeline[place - 1][1]

    def __len__(self) -> int:
        return len(self.days)

    def __iter__(self) -> Iterator[DayCounts]:
        return iter(self._counted)

    def __getitem__(self, place: int) -> DayCounts:
        return self._counted[place]

    @cached_property
    def _counted(self) -> tuple[DayCounts, ...]:
        days = sorted(set(self.days))
        steps = self._steps(days)
        now = [0] * len(Status)
        found: dict[Day, DayCounts] = {}
        for day, step in zip(days, steps, strict=True):
            now = [*map(add, now, step)]
            missing = len(self.timelines) - sum(now)
            counts = dict(zip(Status, now, strict=True))
            found[day] = DayCounts(day=day, counts=counts, not_yet_said=missing)
        return tuple(found[day] for day in self.days)

    def _steps(self, days: list[Day]) -> list[list[int]]:
        """Return by how much the count of each status changes on each of *days*, ascending."""
        steps = [[0] * len(Status) for _ in days]
        places = {id(status): place for place, status in enumerate(Status)}
        end = days[-1] if days else OPEN_START
        for timeline in self.timelines.values():
            before = None
            for day, outcome in timeline:
                if day > end:
                    break
                step = steps[bisect_left(days, day)]
                if before is not None:
                    step[before] -= 1
                # Hashing a member of an enum would take longer than all the rest of this loop.
                before = places[id(outcome.status)]
                step[before] += 1
        return steps
