"""
The two bits of a leaf from day to day.

What the record shows of a leaf changes only on days on which a report on its subject comes or goes.
Where every report that has come stays, and nothing but a number of witnesses is asked for, the bits
are only ever set: each on the day on which enough witnesses have spoken. Otherwise the leaf is
weighed anew on each of those days, as an audit would.
"""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from claimtrack.engine.known import NEVER, Item, Items, Scene, days_in
from claimtrack.engine.leaves import Case, Side, sides, truth_of_leaf
from claimtrack.engine.truth import CONFLICTING, FALSE, TRUE, UNKNOWN, Truth
from claimtrack.model.criterion import Leaf, Throughout
from claimtrack.model.registry import OnConflict
from claimtrack.model.span import OPEN_END, Day

Step: TypeAlias = tuple[Day, Truth]
"""A day, and the bits from that day on."""


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
    if (
        (type(leaf) is Throughout and leaf.samples is not None)
        or case.policy.on_conflict is OnConflict.HIGHER_TIER
        or not all_stay(items)
    ):
        return list(_weighed(leaf, items, case))
    return _as_they_come(leaf, items, case)


def all_stay(items: Items) -> bool:
    """Say whether none of *items* is ever withdrawn or superseded."""
    return all(item.withdrawn_from == NEVER and not item.superseders for item in items)


def _as_they_come(leaf: Leaf, items: Items, case: Case) -> list[Step]:
    needed = leaf.min_sources or case.policy.min_sources
    supporting: list[Item] = []
    refuting: list[Item] = []
    for item, side in sides(leaf, items, case):
        if side is Side.FOR:
            supporting.append(item)
        elif side is Side.AGAINST:
            refuting.append(item)
    shown, refuted = _enough_from(supporting, needed), _enough_from(refuting, needed)
    found: list[Step] = []
    if shown < refuted:
        found.append((shown, TRUE))
    elif refuted < shown:
        found.append((refuted, FALSE))
    both = max(shown, refuted)
    if both < NEVER:
        found.append((both, CONFLICTING))
    return found


def _enough_from(items: list[Item], needed: int) -> Day:
    """Return the first day on which *needed* witnesses among those of *items* have spoken."""
    if needed == 1:
        return min([item.known_from for item in items], default=NEVER)
    spoke: dict[str, Day] = {}
    for item in items:
        spoke[item.witness] = min(item.known_from, spoke.get(item.witness, NEVER))
    return sorted(spoke.values())[needed - 1] if len(spoke) >= needed else NEVER


def _weighed(leaf: Leaf, items: Items, case: Case) -> Iterator[Step]:
    before = UNKNOWN
    for day in sorted(_days(leaf, items, case)):
        now = truth_of_leaf(leaf, on_day(case, day))
        if now != before:
            before = now
            yield day, now


def _days(leaf: Leaf, items: Items, case: Case) -> set[Day]:
    days = set(reporting_days(items))
    if isinstance(leaf, Throughout) and leaf.samples is not None:
        days.add(days_in(leaf.over, case.zone)[1] + 1)
    return days - {OPEN_END}


def on_day(case: Case, day: Day) -> Case:
    """Return *case* with its scene on another *day*."""
    return Case(Scene(case.scene.view, day), case.claim, case.zone, case.policy, case.facts)


def reporting_days(items: Items) -> Iterable[Day]:
    """Return the days on which one of *items* comes to be usable or ceases to be."""
    if all_stay(items):
        return [item.known_from for item in items]
    return {day for item in items for day in item.turning_days()}
