"""Strategies for criteria, with their windows and tests."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from claimtrack.model.criterion import (
    LEAVES,
    All,
    AnyOf,
    Assessed,
    AtLeast,
    Criterion,
    Event,
    Figure,
    Judged,
    Not,
    Parts,
    Reaches,
    Throughout,
    Window,
    WindowKind,
)
from claimtrack.model.quantity import Comparison, Number, Quantity, Range, Test
from claimtrack.model.records import Fact, FactKind, Tier
from claimtrack.model.span import OPEN_END, OPEN_START, Span
from claimtrack.strategies.values import rarely, spans

NUMBERS: Final = st.one_of(
    st.integers(0, 5), st.sampled_from([Decimal("0.3"), Decimal("2.50"), Decimal(-1)])
)
ANY_NUMBERS: Final = st.one_of(
    NUMBERS,
    st.integers(-(10**20), 10**20),
    st.decimals(-(10**6), 10**6, places=3),
)
STATES: Final = st.sampled_from(["open", "closed", "true", True, False])
SCALES: Final = ("meter", "stars")
LABELS: Final = ("true", "half true", "false")


def quantities(*, numbers: st.SearchStrategy[Number] = ANY_NUMBERS) -> st.SearchStrategy[Quantity]:
    """Draw observed quantities: numbers, and ranges between two of the *numbers*."""
    pairs = st.tuples(numbers, numbers).map(sorted)
    return st.one_of(numbers, pairs.map(lambda pair: Range(low=pair[0], high=pair[1])))


@st.composite
def tests(draw: st.DrawFn, *, numbers: st.SearchStrategy[Number] = ANY_NUMBERS) -> Test:
    """Draw tests on a quantity, with bounds among *numbers*."""
    comparison = draw(st.sampled_from(Comparison))
    if comparison is Comparison.BETWEEN:
        low, high = sorted((draw(numbers), draw(numbers)))
        return Test(comparison=comparison, value=Range(low=low, high=high))
    value = draw(numbers)
    if comparison is Comparison.EQUALS:
        margin: Number = draw(numbers)
        return Test(comparison=comparison, value=value, tolerance=max(margin, -margin))
    return Test(comparison=comparison, value=value)


@st.composite
def windows(
    draw: st.DrawFn,
    *,
    kinds: Collection[WindowKind] = tuple(WindowKind),
    spans: st.SearchStrategy[Span] | None = None,
) -> Window:
    """
    Draw windows that hold a day.

    Args:
        kinds: The kinds of window to draw.
        spans: What a window is made of; any spans if None. One that would leave the window empty
            is replaced by the day that it does have.

    Raises:
        InvalidArgument: *kinds* is empty.
    """
    if not kinds:
        raise InvalidArgument("kinds is empty; expected at least one kind of window")
    kind = draw(st.sampled_from([WindowKind(kind) for kind in kinds]))
    span = draw(_any_spans() if spans is None else spans)
    if kind is WindowKind.BEFORE and span.first == OPEN_START:
        kind = WindowKind.BY if WindowKind.BY in kinds else WindowKind.DURING
    if kind is WindowKind.AFTER and span.last == OPEN_END:
        kind = WindowKind.DURING
    if kind not in kinds:
        kind = next(iter(kinds))
        span = draw(_closed_spans())
    return Window(kind, span)


@lru_cache(maxsize=1)
def _any_spans() -> st.SearchStrategy[Span]:
    return spans()


def _closed_spans() -> st.SearchStrategy[Span]:
    return spans(open_start=False, open_end=False)


TIERS: Final = rarely(st.sampled_from(Tier), one_in=8)
WITNESSES: Final = rarely(st.sampled_from([1, 2]), one_in=6)


@st.composite
def criteria(
    draw: st.DrawFn,
    *,
    facts: Sequence[Fact] = (),
    kinds: Collection[type] = LEAVES,
    max_depth: int = 3,
    parts: bool = False,
    spans: st.SearchStrategy[Span] | None = None,
    scales: Sequence[str] = SCALES,
) -> Criterion:
    """
    Draw criteria: leaves, and composites of them. They shrink towards one leaf.

    Args:
        facts: What they ask about; facts of their own if it is empty.
        kinds: The classes of leaves that may be drawn. Those that no one of *facts* fits are not.
        max_depth: How deep composites may nest, 1 for leaves only.
        parts: Whether it may be a list of parts at its top.
        spans: What the leaves' windows are made of; any spans if None.
        scales: The ids of the scales on which they ask for ratings; for none if it is empty.

    Raises:
        InvalidArgument: No leaf can be drawn, or *max_depth* is below 1.
    """
    if max_depth < 1:
        raise InvalidArgument(f"max_depth={max_depth!r}; expected 1 or more")
    leaves: st.SearchStrategy[Criterion] = _leaves(
        tuple(facts or OWN_FACTS),
        tuple(kinds),
        _any_spans() if spans is None else spans,
        tuple(scales),
    )
    if parts and draw(st.integers(0, 2)) == 1:
        members = st.lists(_trees(leaves, max_depth - 1), min_size=1, max_size=3)
        return Parts(parts=draw(members))
    return draw(_trees(leaves, max_depth))


OWN_FACTS: Final = (
    Fact(id="event", kind=FactKind.EVENT, once=True),
    Fact(id="quantity", kind=FactKind.QUANTITY, cumulative=True),
    Fact(id="state", kind=FactKind.STATE),
)


@lru_cache(maxsize=256)
def _trees(leaves: st.SearchStrategy[Criterion], depth: int) -> st.SearchStrategy[Criterion]:
    if depth <= 1:
        return leaves
    inner = st.deferred(lambda: _trees(leaves, depth - 1))
    members = st.lists(inner, min_size=1, max_size=3)
    composites: list[st.SearchStrategy[Any]] = [
        members.map(lambda found: All(members=found)),
        members.map(lambda found: AnyOf(members=found)),
        inner.map(lambda found: Not(member=found)),
        members.flatmap(_at_least),
    ]
    joined = st.one_of(composites)
    # A choice of two and not one of all: `one_of` would count every kind of leaf as a branch.
    return st.integers(0, 4).flatmap(lambda number: joined if number > 2 else leaves)  # noqa: PLR2004


def _at_least(members: list[Criterion]) -> st.SearchStrategy[Criterion]:
    needed = st.integers(1, len(members))
    return needed.map(lambda number: AtLeast(needed=number, members=members))


@lru_cache(maxsize=256)
def _leaves(
    facts: tuple[Fact, ...],
    kinds: tuple[type, ...],
    days: st.SearchStrategy[Span],
    scales: tuple[str, ...],
) -> st.SearchStrategy[Criterion]:
    by_kind = {kind: [fact for fact in facts if fact.kind is kind] for kind in FactKind}
    events, quantities_, states = (by_kind[kind] for kind in FactKind)
    options: list[st.SearchStrategy[Any]] = []
    if Event in kinds and events:
        options.append(_events(events, days))
    if Figure in kinds and quantities_:
        options.append(_figures(quantities_, days))
    if Reaches in kinds and quantities_:
        options.append(_reaches(quantities_, days))
    if Throughout in kinds and (quantities_ or states):
        options.append(_throughouts([*states, *quantities_], days))
    if Judged in kinds:
        options.append(_judged(days))
    if Assessed in kinds and scales:
        options.append(_assessed(scales))
    if not options:
        raise InvalidArgument(f"no leaf of {kinds!r} fits the facts; expected at least one")
    return st.one_of(options)


def _demands(draw: st.DrawFn) -> dict[str, Any]:
    return {"min_tier": draw(TIERS), "min_sources": draw(WITNESSES)}


@st.composite
def _events(draw: st.DrawFn, facts: Sequence[Fact], days: st.SearchStrategy[Span]) -> Event:
    window = draw(windows(spans=days))
    return Event(fact=draw(st.sampled_from(facts)).id, window=window, **_demands(draw))


def _unit(draw: st.DrawFn, fact: Fact) -> str | None:
    return fact.unit if draw(st.booleans()) else None


@st.composite
def _figures(draw: st.DrawFn, facts: Sequence[Fact], days: st.SearchStrategy[Span]) -> Figure:
    fact = draw(st.sampled_from(facts))
    test = draw(tests(numbers=NUMBERS))
    unit = _unit(draw, fact)
    return Figure(fact=fact.id, at=draw(days), test=test, unit=unit, **_demands(draw))


@st.composite
def _reaches(draw: st.DrawFn, facts: Sequence[Fact], days: st.SearchStrategy[Span]) -> Reaches:
    fact = draw(st.sampled_from(facts))
    kinds = (WindowKind.BY, WindowKind.BEFORE, WindowKind.DURING)
    window = draw(windows(kinds=kinds, spans=days))
    test = draw(tests(numbers=NUMBERS))
    unit = _unit(draw, fact)
    return Reaches(fact=fact.id, window=window, test=test, unit=unit, **_demands(draw))


@st.composite
def _throughouts(
    draw: st.DrawFn, facts: Sequence[Fact], days: st.SearchStrategy[Span]
) -> Throughout:
    fact = draw(st.sampled_from(facts))
    is_state = fact.kind is FactKind.STATE
    values = st.sampled_from(fact.values) if fact.values else STATES
    test: Any = draw(values if is_state else tests(numbers=NUMBERS))
    return Throughout(
        fact=fact.id,
        over=draw(days),
        test=test,
        unit=None if is_state else _unit(draw, fact),
        samples=draw(st.sampled_from([None, 1, 2])),
        **_demands(draw),
    )


@st.composite
def _judged(draw: st.DrawFn, days: st.SearchStrategy[Span]) -> Judged:
    window = draw(rarely(windows(spans=days), one_in=2))
    return Judged(window=window, **_demands(draw))


@st.composite
def labels(draw: st.DrawFn) -> str:
    """Draw labels of a scale; the case of their letters, which does not matter, differs."""
    label = draw(st.sampled_from(LABELS))
    return draw(st.sampled_from([label, label, label.title(), label.upper()]))


@st.composite
def _assessed(draw: st.DrawFn, scales: Sequence[str]) -> Assessed:
    """Draw leaves on one scale with labels, or on one or several with what these say."""
    if draw(st.booleans()):
        some = st.lists(st.sampled_from(scales), min_size=1, max_size=2, unique=True)
        return Assessed(scales=draw(some), **_demands(draw))
    order = draw(st.permutations(LABELS))
    first, second, third = sorted(draw(st.integers(0, len(order))) for _ in range(3))
    spelling: Any = draw(st.sampled_from([str, str.title, str.upper]))
    return Assessed(
        scales=draw(st.sampled_from(scales)),
        supports=[spelling(label) for label in order[:first]],
        partly=order[first:second],
        refutes=order[second : max(third, 1)],
        **_demands(draw),
    )
