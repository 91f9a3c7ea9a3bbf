"""
The two bits of a leaf from day to day.

What the record shows of a leaf changes only on days on which a report on its subject comes or goes.
Where every report that has come stays, and nothing but a number of witnesses is asked for, the bits
are only ever set: each on the day on which enough witnesses have spoken. Otherwise the leaf is
weighed anew on each of those days, as an audit would.
"""

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from claimtrack.engine.known import NEVER, Item, Items, Scene, days_in
from claimtrack.engine.leaves import Case, Side, Sided, sides, truth_of_leaf
from claimtrack.engine.truth import CONFLICTING, FALSE, TRUE, UNKNOWN, Truth
from claimtrack.model.criterion import Leaf, Throughout
from claimtrack.model.registry import OnConflict
from claimtrack.model.span import OPEN_END, OPEN_START, Day

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
        case: The claim; what its scene holds does not matter.
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
    """Return *case* with its scene on another *day*."""
    return Case(Scene(case.scene.view, day), case.claim, case.zone, case.policy, case.facts)


def reporting_days(items: Items) -> set[Day]:
    """Return the days on which one of *items* comes to be usable or ceases to be."""
    days: set[Day] = set()
    for item in items:
        if item.superseders or item.withdrawn_from != NEVER:
            days |= item.turning_days()
        else:
            days.add(item.known_from)
    return days
