"""
What is known about each fact on a day.

The best report is the one about the latest days, then from the best tier, then the newest. Two
usable reports are in conflict when they cannot both be right: an event that happens once on days
apart, an event reported and denied for the same day, or two values for the same period.
"""

from collections.abc import Iterable, Iterator
from itertools import combinations

import attrs

from claimtrack.engine.evidence import EvidenceIndex, Item, Items, UsableEvidence
from claimtrack.model.quantity import Range
from claimtrack.model.records import Fact, is_quantity
from claimtrack.model.span import OPEN_END, CivilDay, Day, known_civil_day

MAX_COMPARED = 500
"""With more reports on one fact, each is only compared with the best one."""


@attrs.frozen(kw_only=True)
class Knowledge:
    """
    What is known about one fact on a day.

    Args:
        best: The id of the best report, or None if there is no usable one.
        reports: Ids of the usable reports, oldest first.
        witnesses: How many independent witnesses they come from.
        conflicts: Pairs of ids of reports that cannot both be right.
        newest: The day on which the newest of them became known; None if none.
    """

    fact: Fact
    best: str | None
    reports: tuple[str, ...]
    witnesses: int
    conflicts: tuple[tuple[str, str], ...]
    newest: CivilDay | None = attrs.field(converter=known_civil_day)


def knowledge(index: EvidenceIndex, day: Day) -> Iterator[Knowledge]:
    """Iterate over the knowledge of each fact on *day*, in the order of the registry."""
    usable = UsableEvidence(index.in_zone(index.records.settings.timezone), day)
    for fact in index.records.facts.values():
        yield knowledge_of(fact, usable)


def knowledge_of(fact: Fact, usable: UsableEvidence) -> Knowledge:
    """Return what *usable* holds about *fact*."""
    items = usable.on_fact(fact.id)
    candidates = [item for item in items if not item.denies] or list(items)
    best = min(candidates, key=_best_first, default=None)
    return Knowledge(
        fact=fact,
        best=None if best is None else best.id,
        reports=tuple(item.id for item in sorted(items, key=lambda i: (i.known_from, i.id))),
        witnesses=len({item.witness for item in items}),
        conflicts=tuple(_conflicts(fact, items, best)),
        newest=max((item.known_from for item in items), default=None),
    )


def _best_first(item: Item) -> tuple[Day, int, Day, str]:
    """Return a key that puts the best report first."""
    last = -item.first if item.last == OPEN_END else -item.last
    return (last if item.value is not None else 0, item.rank, -item.known_from, item.id)


def _conflicts(fact: Fact, items: Items, best: Item | None) -> Iterator[tuple[str, str]]:
    pairs: Iterable[tuple[Item, Item]] = combinations(items, 2)
    if len(items) > MAX_COMPARED and best is not None:
        pairs = ((best, item) for item in items if item is not best)
    for one, other in pairs:
        if are_in_conflict(fact, one, other):
            yield (one.id, other.id)


def are_in_conflict(fact: Fact, one: Item, other: Item) -> bool:
    """Say whether two reports on *fact* cannot both be right."""
    if one.value is not None:
        same_period = (one.first, one.last) == (other.first, other.last)
        return same_period and _differ(one, other)
    if one.denies is not other.denies:
        report, denial = (other, one) if one.denies else (one, other)
        return denial.first <= report.first and report.last <= denial.last
    if one.denies:
        return False
    return fact.once and (one.last < other.first or other.last < one.first)


def _differ(one: Item, other: Item) -> bool:
    if not is_quantity(one.value):
        return one.value != other.value
    low, high = _ends(one)
    least, most = _ends(other)
    return bool(high < least or most < low)


def _ends(item: Item) -> tuple:  # type: ignore[type-arg]
    value = item.value
    return (value.low, value.high) if isinstance(value, Range) else (value, value)
