"""
Evaluate a leaf by enumerating the single days of every span (law 6 of the rules).

A small world is a finite run of days. A span is the set of those days that it may be or must
cover, and every sentence about spans becomes one about sets: *within: yes* is "each day that it
can be is a day of the window". An open end is cut off at the end of the world, which is harmless
as long as the world reaches a few days past every day that the registry names.
"""

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from typing import Any

from tests.oracle.known import Case, Row, happened
from tests.oracle.rules import Bits, admitted, rank, says
from tests.oracle.spans import Span

Days = frozenset[int]


def world_of(spans: Iterable[Span], margin: int = 3) -> range:
    """Return a run of days that reaches *margin* days past every day that *spans* name."""
    ends = [int(end) for span in spans for end in span if abs(end) != float("inf")]
    return range(min(ends) - margin, max(ends) + margin + 1)


def brute_force_leaf(case: Case, leaf: Row, world: range) -> Bits:
    """Return both bits of a leaf that one witness can decide, by looking at single days."""
    items = admitted(case, leaf)
    supporting = [item for item in items if _supports(case, leaf, item, items, world)]
    refuting = [item for item in items if _refutes(case, leaf, item, world)]
    if supporting and refuting and case.policy.get("on_conflict") == "higher_tier":
        best_for = min(rank(case, item) for item in supporting)
        best_against = min(rank(case, item) for item in refuting)
        return (best_for <= best_against, best_against <= best_for)
    return (bool(supporting), bool(refuting))


def _days(span: Span, world: range) -> Days:
    return frozenset(day for day in world if span[0] <= day <= span[1])


def _window(case: Case, leaf: Row, world: range) -> Days | None:
    """Return the days of the world that the sentences on windows name, each asked alone."""
    if "by" in leaf:
        latest = max(_days(case.span(leaf["by"]), world))
        return frozenset(day for day in world if day <= latest)
    if "before" in leaf:
        earliest = min(_days(case.span(leaf["before"]), world))
        return frozenset(day for day in world if day < earliest)
    if "after" in leaf:
        latest = max(_days(case.span(leaf["after"]), world))
        return frozenset(day for day in world if day > latest)
    for key in ("during", "throughout", "at"):
        if key in leaf:
            return _days(case.span(leaf[key]), world)
    return None


def _supports(  # noqa: PLR0911 - one a leaf
    case: Case, leaf: Row, item: Row, items: list[Row], world: range
) -> bool:
    days = _window(case, leaf, world)
    if "judged" in leaf:
        return _judges(case, item, days, world, "supports")
    if "assessed" in leaf:
        return says(case, leaf, item) == "supports"
    assert days is not None
    if "event" in leaf:
        return "happened" in item and _days(happened(case, item), world) <= days
    when = _days(case.span(item["when"]), world)
    if not all(_answers(leaf, item["value"])):
        return False
    if "at" in leaf:
        return when == days
    if "throughout" in leaf:
        return days <= when or (when <= days and _sampled(case, leaf, items, days, world))
    return when <= days


def _refutes(case: Case, leaf: Row, item: Row, world: range) -> bool:  # noqa: PLR0911 - one a leaf
    days = _window(case, leaf, world)
    if "judged" in leaf:
        return _judges(case, item, days, world, "refutes")
    if "assessed" in leaf:
        return says(case, leaf, item) == "refutes"
    assert days is not None
    if "event" in leaf:
        if "happened" in item:
            once = case.fact(leaf["event"]).get("once", False)
            return bool(once and not _days(happened(case, item), world) & days)
        return days <= _days(case.span(item["not_happened"]), world)
    when = _days(case.span(item["when"]), world)
    if any(_answers(leaf, item["value"])):
        return False
    if "at" in leaf:
        return when == days
    if "throughout" in leaf:
        return bool(when & days) if "state" in leaf else when <= days
    rising = "at_least" in leaf or "above" in leaf
    falls = not case.fact(leaf["quantity"]).get("cumulative", False)
    endless = max(days) == max(world)
    return rising and not falls and not endless and all(day >= max(days) for day in when)


def _judges(case: Case, item: Row, days: Days | None, world: range, stance: str) -> bool:
    if item["stance"] != stance:
        return False
    if days is None:
        return True
    return "happened" in item and _days(happened(case, item), world) <= days


def _sampled(case: Case, leaf: Row, items: list[Row], days: Days, world: range) -> bool:
    if "samples" not in leaf or case.today <= max(days) or max(days) == max(world):
        return False
    whens = [
        _days(case.span(item["when"]), world)
        for item in items
        if all(_answers(leaf, item["value"]))
    ]
    needed: int = leaf["samples"]
    return len({when for when in whens if when <= days}) >= needed


def _answers(leaf: Row, value: Any) -> list[bool]:
    """Return whether each of the values that tell is a pass: the ends, the bounds, and between."""
    if "is" in leaf:
        return [(type(value), value) == (type(leaf["is"]), leaf["is"])]
    low, high = value if isinstance(value, list | tuple) else (value, value)
    bounds = [Fraction(low), Fraction(high)]
    bounds += [bound for bound in _bounds(leaf) if bounds[0] < bound < bounds[1]]
    bounds.sort()
    between = [(left + right) / 2 for left, right in pairwise(bounds)]
    return [_passes(leaf, number) for number in bounds + between]


def _bounds(leaf: Row) -> list[Fraction]:
    if "equals" in leaf:
        tolerance = Fraction(leaf.get("tolerance", 0))
        return [Fraction(leaf["equals"]) - tolerance, Fraction(leaf["equals"]) + tolerance]
    numbers = leaf.get("between") or [
        leaf[key] for key in ("at_least", "at_most", "above", "below") if key in leaf
    ]
    return [Fraction(number) for number in numbers]


def _passes(leaf: Row, number: Fraction) -> bool:
    """Put one exact number to the test."""
    if "at_least" in leaf:
        return number >= Fraction(leaf["at_least"])
    if "at_most" in leaf:
        return number <= Fraction(leaf["at_most"])
    if "above" in leaf:
        return number > Fraction(leaf["above"])
    if "below" in leaf:
        return number < Fraction(leaf["below"])
    if "between" in leaf:
        low, high = leaf["between"]
        return Fraction(low) <= number <= Fraction(high)
    return abs(number - Fraction(leaf["equals"])) <= Fraction(leaf.get("tolerance", 0))
