"""
Every claim of a registry on each of many days.

Each claim is followed once through time, which costs about as much as deciding it on one day; after
that a day costs no more than looking up what each claim was.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from operator import itemgetter

import attrs

from claimtrack.engine.known import Index
from claimtrack.engine.plain import Plain, Timeline
from claimtrack.engine.resolve import Outcome
from claimtrack.engine.sweep import Sweep
from claimtrack.errors import NotYetSaidError
from claimtrack.model.span import Day, day_text
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
        plain = Plain(self.index)
        found: dict[str, Timeline] = {}
        for claim in self.index.records.claims.by_id.values():
            leaf = plain.leaf_of(claim)
            if leaf is not None:
                found[claim.id] = plain.timeline(claim, leaf)
            else:
                found[claim.id] = _timeline(Sweep(claim, self.index, with_readings=False))
        return found

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
        now = dict.fromkeys(Status, 0)
        total = len(self.timelines)
        found: dict[Day, DayCounts] = {}
        for place, day in enumerate(days):
            for status, number in steps[place].items():
                now[status] += number
            missing = total - sum(now.values())
            found[day] = DayCounts(day=day, counts=dict(now), not_yet_said=missing)
        return tuple(found[day] for day in self.days)

    def _steps(self, days: list[Day]) -> list[dict[Status, int]]:
        """Return by how much each count changes on each of *days*, which ascend."""
        steps: list[dict[Status, int]] = [{} for _ in (*days, None)]
        for timeline in self.timelines.values():
            before: Status | None = None
            for day, outcome in timeline:
                step = steps[bisect_left(days, day)]
                status = outcome.status
                step[status] = step.get(status, 0) + 1
                if before is not None:
                    step[before] = step.get(before, 0) - 1
                before = status
        return steps


def _timeline(sweep: Sweep) -> Timeline:
    """Return what one claim is, without what brought it about."""
    return [(day, outcomes[0]) for day, outcomes, _ in sweep.turns()]
