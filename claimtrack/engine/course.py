"""
How the bits of a leaf go as its deadline is put off.

Putting off a deadline can only bring a reported day inside and leave a denial behind. So each item
has one *pull* on a leaf: it supports from some number of days on, and refutes up to some number,
and the bits of the leaf turn at very few numbers. Lateness asks only about those.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import attrs

from claimtrack.engine.known import Item, Items
from claimtrack.engine.leaves import Case, Side, is_within_tier, sides, wants_growth
from claimtrack.engine.truth import Truth
from claimtrack.model.criterion import Event, Leaf, Reaches
from claimtrack.model.quantity import Quantity
from claimtrack.model.span import OPEN_END, OPEN_START, Answer, Day

ALWAYS_SHOWS, NEVER_SHOWS = OPEN_START, OPEN_END
ALWAYS_REFUTES, NEVER_REFUTES = OPEN_END, OPEN_START


class Pull(NamedTuple):
    """
    What one item says to one leaf, whatever the number of days by which its deadline is put off.

    It supports from *shows_from* days on and refutes up to *refutes_to* days, both inclusive.
    """

    item: Item
    shows_from: Day
    refutes_to: Day


def pulls(leaf: Leaf, items: Items, case: Case) -> list[Pull]:
    """Return the pull on *leaf* of each of the usable *items* that can have any."""
    if isinstance(leaf, Event | Reaches) and leaf.window.has_deadline:
        return [
            Pull(item, *_moving_pull(leaf, item, case))
            for item in items
            if is_within_tier(item, leaf, case)
        ]
    return [
        Pull(item, ALWAYS_SHOWS, NEVER_REFUTES)
        if side is Side.FOR
        else Pull(item, NEVER_SHOWS, ALWAYS_REFUTES)
        for item, side in sides(leaf, items, case)
        if side is Side.FOR or side is Side.AGAINST
    ]


def _moving_pull(leaf: Event | Reaches, item: Item, case: Case) -> tuple[Day, Day]:
    low, high = leaf.window.days(case.zone)
    if isinstance(leaf, Event):
        return _event_pull(leaf, item, low, high, case)
    return _reaches_pull(leaf, item, low, high, case)


def _event_pull(leaf: Event, item: Item, low: Day, high: Day, case: Case) -> tuple[Day, Day]:
    if item.denies:
        return NEVER_SHOWS, item.last - high if item.first <= low else NEVER_REFUTES
    shows_from = item.last - high if low <= item.first else NEVER_SHOWS
    if not case.facts[leaf.fact].once:
        return shows_from, NEVER_REFUTES
    if item.last < low:
        return shows_from, ALWAYS_REFUTES
    return shows_from, item.first - high - 1


def _reaches_pull(leaf: Reaches, item: Item, low: Day, high: Day, case: Case) -> tuple[Day, Day]:
    value: Quantity = item.value  # type: ignore[assignment]  # the fact is a quantity
    passes = leaf.test.passes(value)
    if passes is Answer.YES:
        return (item.last - high if low <= item.first else NEVER_SHOWS), NEVER_REFUTES
    if passes is Answer.NO and wants_growth(leaf, case):
        return NEVER_SHOWS, item.first - high
    return NEVER_SHOWS, NEVER_REFUTES


@attrs.frozen
class Course:
    """
    The bits of one leaf for every number of days by which its deadline is put off.

    Args:
        shown_from: The least number from which enough witnesses support it.
        refuted_to: The greatest up to which enough refute it.
        ours: By rank, the least number from which an item of that rank supports it; empty where
            the better tier does not settle a conflict.
        theirs: By rank, the greatest up to which one refutes it.
    """

    shown_from: Day
    refuted_to: Day
    ours: Mapping[int, Day]
    theirs: Mapping[int, Day]

    def truth(self, shift: Day) -> Truth:
        """Return the bits when the deadline is put off by *shift* days, 0 or more."""
        shown, refuted = self.shown_from <= shift, shift <= self.refuted_to
        if not (shown and refuted and self.ours):
            return Truth(shown, refuted)
        best = min(rank for rank, start in self.ours.items() if start <= shift)
        worse = min(rank for rank, end in self.theirs.items() if shift <= end)
        return Truth(best <= worse, worse <= best)

    def turns(self) -> Iterator[Day]:
        """Iterate over the numbers of days at which the bits can turn."""
        yield self.shown_from
        yield self.refuted_to + 1
        yield from self.ours.values()
        yield from (end + 1 for end in self.theirs.values())


def course_of(found: Iterable[Pull], needed: int, *, by_tier: bool) -> Course:
    """Return the course of a leaf from the pulls of its items."""
    shows: dict[str, Day] = {}
    refutes: dict[str, Day] = {}
    ours: dict[int, Day] = {}
    theirs: dict[int, Day] = {}
    for item, shows_from, refutes_to in found:
        if shows_from < NEVER_SHOWS:
            shows[item.witness] = min(shows_from, shows.get(item.witness, NEVER_SHOWS))
            ours[item.rank] = min(shows_from, ours.get(item.rank, NEVER_SHOWS))
        if refutes_to > NEVER_REFUTES:
            refutes[item.witness] = max(refutes_to, refutes.get(item.witness, NEVER_REFUTES))
            theirs[item.rank] = max(refutes_to, theirs.get(item.rank, NEVER_REFUTES))
    return Course(
        shown_from=_nth(sorted(shows.values()), needed, NEVER_SHOWS),
        refuted_to=_nth(sorted(refutes.values(), reverse=True), needed, NEVER_REFUTES),
        ours=ours if by_tier else {},
        theirs=theirs if by_tier else {},
    )


def _nth(values: list[Day], needed: int, otherwise: Day) -> Day:
    return values[needed - 1] if needed <= len(values) else otherwise


def shifts(courses: Iterable[Course]) -> list[int]:
    """Return the numbers of days, 1 or more, at which some bit can turn; 1 is always there."""
    found = {shift for course in courses for shift in course.turns()}
    return [int(shift) for shift in sorted({1, *found}) if 1 <= shift < math.inf]
