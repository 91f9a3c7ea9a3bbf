"""Functions that compose criteria in Python, one for each kind of leaf."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from claimtrack.errors import FieldError
from claimtrack.model import fields
from claimtrack.model.criterion import (
    RATING_SIDES,
    All,
    AnyOf,
    Assessed,
    AtLeast,
    Criterion,
    Event,
    Figure,
    Judged,
    Parts,
    Reaches,
    Throughout,
    Window,
    WindowKind,
)
from claimtrack.model.fields import SpanLike
from claimtrack.model.quantity import Comparison, NumberLike, RangeLike, Test
from claimtrack.model.records import Tier

TESTS: Final = tuple(comparison.value for comparison in Comparison)
"""The keys of the file format that name a test."""

WINDOWS: Final = tuple(kind.value for kind in WindowKind)
"""The keys of the file format that name a window."""


def window_of(windows: Mapping[str, SpanLike | None]) -> Window | None:
    """Return the one window that is given by its key, or None if none is."""
    given = {key: value for key, value in windows.items() if value is not None}
    if len(given) > 1:
        message = f"{' and '.join(map(repr, given))} exclude each other; expected one window"
        raise FieldError("CT304", message)
    for key, value in given.items():
        try:
            return Window(WindowKind(key), fields.span(value))
        except FieldError as error:
            raise (error if error.path else error.under(key)) from None
    return None


def test_of(tests: Mapping[str, Any]) -> Test:
    """Return the one test that is given by its key, with its tolerance."""
    given = [key for key in tests if key != "tolerance" and tests[key] is not None]
    if len(given) != 1:
        keys = " and ".join(map(repr, given)) or "none"
        message = f"{keys} given; expected exactly one of {', '.join(TESTS)}"
        raise FieldError("CT304", message)
    key = given[0]
    tolerance = tests.get("tolerance")
    try:
        if tolerance is None:
            return Test(comparison=key, value=tests[key])
        return Test(comparison=key, value=tests[key], tolerance=tolerance)
    except FieldError as error:
        raise (error.at(key) if error.path[:1] == ("value",) else error) from None


test_of.__test__ = False  # type: ignore[attr-defined]


def occurs(
    fact: str,
    *,
    by: SpanLike | None = None,
    before: SpanLike | None = None,
    after: SpanLike | None = None,
    during: SpanLike | None = None,
    min_tier: Tier | str | None = None,
    min_sources: int | None = None,
) -> Criterion:
    """
    Ask whether an event happens within a window.

    Args:
        fact: The id of the event.
        by: Every day up to the last day of this span, inclusive. Exactly one of the four windows
            is given.
        before: Every day up to the day before this span begins.
        after: Every day from the day after this span ends.
        during: Every day of this span.
        min_tier: The lowest tier of source that counts; None for the registry's policy.
        min_sources: How many independent witnesses decide; None for the registry's policy.

    Raises:
        FieldError: No window is given, or several; or one of them holds no day.

    Example:
        >>> occurs("first-gas", by="2019-12-31").window.kind.value
        'by'
    """
    window: Any = window_of({"by": by, "before": before, "after": after, "during": during})
    return Event(fact=fact, window=window, min_tier=min_tier, min_sources=min_sources)


def figure(
    fact: str,
    *,
    at: SpanLike,
    at_least: NumberLike | None = None,
    at_most: NumberLike | None = None,
    above: NumberLike | None = None,
    below: NumberLike | None = None,
    equals: NumberLike | None = None,
    tolerance: NumberLike | None = None,
    between: RangeLike | None = None,
    unit: str | None = None,
    min_tier: Tier | str | None = None,
    min_sources: int | None = None,
) -> Criterion:
    """
    Ask for the value of a quantity for exactly one period.

    Args:
        fact: The id of the quantity.
        at: The period.
        at_least: The value is this or more. Exactly one of the six tests is given.
        at_most: The value is this or less.
        above: The value is more than this.
        below: The value is less than this.
        equals: The value is this, give or take *tolerance*.
        tolerance: How far from *equals* still counts, inclusive.
        between: The value lies between two bounds, both inclusive.
        unit: The unit of the bounds, which has to be the unit of the fact.
        min_tier: The lowest tier of source that counts; None for the registry's policy.
        min_sources: How many independent witnesses decide; None for the registry's policy.

    Raises:
        FieldError: Not exactly one test is given, or a value does not fit.
    """
    tests = _tests(at_least, at_most, above, below, equals, tolerance, between)
    return Figure(
        fact=fact,
        at=at,
        test=test_of(tests),
        unit=unit,
        min_tier=min_tier,
        min_sources=min_sources,
    )


def reaches(
    fact: str,
    *,
    by: SpanLike | None = None,
    before: SpanLike | None = None,
    during: SpanLike | None = None,
    at_least: NumberLike | None = None,
    at_most: NumberLike | None = None,
    above: NumberLike | None = None,
    below: NumberLike | None = None,
    equals: NumberLike | None = None,
    tolerance: NumberLike | None = None,
    between: RangeLike | None = None,
    unit: str | None = None,
    min_tier: Tier | str | None = None,
    min_sources: int | None = None,
) -> Criterion:
    """
    Ask whether a quantity passes a test at some time within a window.

    Args:
        fact: The id of the quantity.
        by: Every day up to the last day of this span, inclusive. Exactly one of the three windows
            is given.
        before: Every day up to the day before this span begins.
        during: Every day of this span.
        at_least: The value is this or more. Exactly one of the six tests is given.
        at_most: The value is this or less.
        above: The value is more than this.
        below: The value is less than this.
        equals: The value is this, give or take *tolerance*.
        tolerance: How far from *equals* still counts, inclusive.
        between: The value lies between two bounds, both inclusive.
        unit: The unit of the bounds, which has to be the fact's own.
        min_tier: The lowest tier of source that counts; None for the registry's policy.
        min_sources: How many independent witnesses decide; None for the registry's policy.

    Raises:
        FieldError: Not exactly one window and one test are given, or a value does not fit.
    """
    window: Any = window_of({"by": by, "before": before, "during": during})
    tests = _tests(at_least, at_most, above, below, equals, tolerance, between)
    return Reaches(
        fact=fact,
        window=window,
        test=test_of(tests),
        unit=unit,
        min_tier=min_tier,
        min_sources=min_sources,
    )


def stays(
    fact: str,
    *,
    throughout: SpanLike,
    is_: str | bool | None = None,
    at_least: NumberLike | None = None,
    at_most: NumberLike | None = None,
    above: NumberLike | None = None,
    below: NumberLike | None = None,
    equals: NumberLike | None = None,
    tolerance: NumberLike | None = None,
    between: RangeLike | None = None,
    samples: int | None = None,
    unit: str | None = None,
    min_tier: Tier | str | None = None,
    min_sources: int | None = None,
) -> Criterion:
    """
    Ask whether a quantity or a state passes a test all through a span.

    Args:
        fact: The id of the quantity or the state.
        throughout: The span.
        is_: The value that a state has to have; for a quantity exactly one of the six tests is
            given in its place.
        at_least: The value is this or more.
        at_most: The value is this or less.
        above: The value is more than this.
        below: The value is less than this.
        equals: The value is this, give or take *tolerance*.
        tolerance: How far from *equals* still counts, inclusive.
        between: The value lies between two bounds, both inclusive.
        samples: How many different periods with a passing value are enough, once the span has
            passed; None if only a value that covers the whole span is enough.
        unit: The unit of the bounds, which has to be the fact's own.
        min_tier: The lowest tier of source that counts; None for the registry's policy.
        min_sources: How many independent witnesses decide; None for the registry's policy.

    Raises:
        FieldError: Not exactly one test is given, or a value does not fit.
    """
    tests = _tests(at_least, at_most, above, below, equals, tolerance, between)
    if is_ is not None:
        for key in [key for key, value in tests.items() if value is not None]:
            raise FieldError("CT304", "does not go with 'is_'; expected one test", (key,))
    return Throughout(
        fact=fact,
        over=throughout,
        test=test_of(tests) if is_ is None else is_,
        samples=samples,
        unit=unit,
        min_tier=min_tier,
        min_sources=min_sources,
    )


def _tests(
    at_least: object,
    at_most: object,
    above: object,
    below: object,
    equals: object,
    tolerance: object,
    between: object,
) -> dict[str, object]:
    return {
        "at_least": at_least,
        "at_most": at_most,
        "above": above,
        "below": below,
        "equals": equals,
        "tolerance": tolerance,
        "between": between,
    }


def judged(
    *,
    by: SpanLike | None = None,
    before: SpanLike | None = None,
    after: SpanLike | None = None,
    during: SpanLike | None = None,
    min_tier: Tier | str | None = None,
    min_sources: int | None = None,
) -> Criterion:
    """
    Ask for people's judgement of the claim itself.

    Args:
        by: Only of what happened up to the last day of this span, inclusive. At most one of the
            four windows is given; without one, every judgement counts.
        before: Only of what happened before this span begins.
        after: Only of what happened after this span ends.
        during: Only of what happened within this span.
        min_tier: The lowest tier of source that counts; None for the registry's policy.
        min_sources: How many independent witnesses decide; None for the registry's policy.

    Raises:
        FieldError: Several windows are given, or one that holds no day.
    """
    window = window_of({"by": by, "before": before, "after": after, "during": during})
    return Judged(window=window, min_tier=min_tier, min_sources=min_sources)


def assessed(
    scale: str | Iterable[str],
    *,
    supports: Iterable[str] | None = None,
    partly: Iterable[str] | None = None,
    refutes: Iterable[str] | None = None,
    min_tier: Tier | str | None = None,
    min_sources: int | None = None,
) -> Criterion:
    """
    Ask for the ratings of the claim itself that others published.

    At the top of a claim or a reading, labels of which some say "partly" make it two parts, so that
    the claim can hold in part.

    Args:
        scale: The id of the scale; or a list of several, whose ratings are taken together.
        supports: The labels that say that the claim holds.
        partly: The labels that say that it holds in part.
        refutes: The labels that say that it does not. With none of the three, the scale itself says
            what its labels say; with one of them, no other label says anything.
        min_tier: The lowest tier of source that counts; None for the registry's policy.
        min_sources: How many independent assessors decide; None for the registry's policy.

    Raises:
        FieldError: Lists are given, but no label in any; one is on two sides; or lists stand beside
            several scales.

    Example:
        >>> assessed("truth-o-meter", supports=["True"]).scales
        ('truth-o-meter',)
    """
    given = {"supports": supports, "partly": partly, "refutes": refutes}
    sides: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    leaf = Assessed(scales=scale, **sides, min_tier=min_tier, min_sources=min_sources)
    if sides and not leaf.names_labels:
        *names, last = map(repr, RATING_SIDES)
        message = f"names no label; expected at least one under {', '.join(names)} or {last}"
        raise FieldError("CT304", message)
    return leaf


def all_of(*members: Criterion) -> Criterion:
    """Ask that every one of the *members* holds."""
    return All(members=members)


def any_of(*members: Criterion) -> Criterion:
    """Ask that at least one of the *members* holds."""
    return AnyOf(members=members)


def at_least(needed: int, *members: Criterion) -> Criterion:
    """Ask that at least *needed* of the *members* hold."""
    return AtLeast(needed=needed, members=members)


def parts(*members: Criterion) -> Criterion:
    """Ask several things at once, of which some may hold and others not."""
    return Parts(parts=members)
