"""The words in which a person composes criteria in Python, one function for each leaf."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Final

from claimtrack.errors import FieldError
from claimtrack.model import fields
from claimtrack.model.criterion import (
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
from claimtrack.model.mapping import MAPPINGS, Sides
from claimtrack.model.quantity import Comparison, Test

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
        found = " and ".join(map(repr, given)) or "none"
        message = f"{found} given; expected exactly one of {', '.join(TESTS)}"
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


def occurs(fact: str, **options: Any) -> Event:  # noqa: ANN401 - see the docstring
    """
    Ask whether an event happens within a window.

    Args:
        fact: The id of the event.
        options: One of ``by``, ``before``, ``after`` and ``during`` (a span), and the options of
            any leaf: ``min_tier`` and ``min_sources``.

    Example:
        >>> occurs("first-gas", by="2019-12-31").window.kind.value
        'by'
    """
    window: Any = window_of({key: options.pop(key, None) for key in WINDOWS})
    return Event(fact=fact, window=window, **options)


def figure(fact: str, *, at: SpanLike, **options: Any) -> Figure:  # noqa: ANN401
    """
    Ask for the value of a quantity for exactly one period.

    Args:
        fact: The id of the quantity.
        at: The period.
        options: One test: ``at_least``, ``at_most``, ``above``, ``below``, ``equals`` (with
            ``tolerance``) or ``between``; and ``unit``, ``min_tier``, ``min_sources``.
    """
    return Figure(fact=fact, at=at, test=_pop_test(options), **options)


def reaches(fact: str, **options: Any) -> Reaches:  # noqa: ANN401
    """
    Ask whether a quantity passes a test at some time within a window.

    Args:
        fact: The id of the quantity.
        options: One window (``by``, ``before``, ``during``), one test as for `figure`, and
            ``unit``, ``min_tier``, ``min_sources``.
    """
    window: Any = window_of({key: options.pop(key, None) for key in WINDOWS})
    return Reaches(fact=fact, window=window, test=_pop_test(options), **options)


def stays(fact: str, *, throughout: SpanLike, **options: Any) -> Throughout:  # noqa: ANN401
    """
    Ask whether a quantity or a state passes a test all through a span.

    Args:
        fact: The id of the quantity or the state.
        throughout: The span.
        options: ``is_`` for a state, or one test as for `figure`; and ``samples``, ``unit``,
            ``min_tier``, ``min_sources``.
    """
    wanted = options.pop("is_", None)
    test = _pop_test(options) if wanted is None else wanted
    return Throughout(fact=fact, over=throughout, test=test, **options)


def _pop_test(options: dict[str, Any]) -> Test:
    return test_of({key: options.pop(key, None) for key in (*TESTS, "tolerance")})


def judged(**options: Any) -> Judged:  # noqa: ANN401
    """
    Ask for people's judgement of the claim itself.

    Args:
        options: At most one of ``by``, ``before``, ``after`` and ``during``, and ``min_tier``,
            ``min_sources``.
    """
    return Judged(window=window_of({key: options.pop(key, None) for key in WINDOWS}), **options)


def assessed(
    scale: str,
    *,
    supports: Iterable[str] | None = None,
    refutes: Iterable[str] | None = None,
    **options: Any,  # noqa: ANN401
) -> Assessed:
    """
    Ask for the ratings of the claim itself that others published on one scale.

    Args:
        scale: The id of the scale.
        supports: The labels that say that the claim holds.
        refutes: Those that say that it does not. With neither, the scale's own mapping applies;
            with one of them, no label stands on the other side.
        options: ``min_tier`` and ``min_sources``.

    Raises:
        FieldError: Neither is given, and the scale has no mapping of its own; no label is named;
            or one is on both sides.

    Example:
        >>> assessed("averitec").refutes
        ('Refuted',)
        >>> assessed("truth-o-meter", supports=["True"]).refutes
        ()
    """
    given = {"supports": supports, "refutes": refutes}
    sides: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    return Assessed(scale=scale, **(sides or _mapping_of(scale)._asdict()), **options)


def _mapping_of(scale: str) -> Sides:
    try:
        id_ = fields.identifier(scale)
    except FieldError as error:
        raise error.under("assessed") from None
    if id_ in MAPPINGS:
        return MAPPINGS[id_]
    nearest = next(iter(get_close_matches(id_, MAPPINGS, n=1)), None)
    hint = None if nearest is None else f"did you mean {nearest!r}?"
    message = f"{fields.shown(id_)} has no mapping of its own; expected 'supports' or 'refutes'"
    raise FieldError("CT304", f"{message} beside it", ("assessed",), hint)


def all_of(*members: Criterion) -> All:
    """Ask that every one of the *members* holds."""
    return All(members=members)


def any_of(*members: Criterion) -> AnyOf:
    """Ask that at least one of the *members* holds."""
    return AnyOf(members=members)


def at_least(needed: int, *members: Criterion) -> AtLeast:
    """Ask that at least *needed* of the *members* hold."""
    return AtLeast(needed=needed, members=members)


def parts(*members: Criterion) -> Parts:
    """Say several things at once, of which some may hold and others not."""
    return Parts(parts=members)
