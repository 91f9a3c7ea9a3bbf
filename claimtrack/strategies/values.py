"""Strategies for texts and ids."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Any, Final, TypeVar

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from claimtrack.model.edtf import PERIODS
from claimtrack.model.fields import MAX_ID, MAX_TEXT
from claimtrack.model.span import Span, parse_span, to_span

Drawn = TypeVar("Drawn")


@st.composite
def rarely(draw: st.DrawFn, drawn: st.SearchStrategy[Drawn], *, one_in: int = 6) -> Drawn | None:
    """Draw None, and once in *one_in* times something *drawn*; `one_of` weighs by its branches."""
    return draw(drawn) if draw(st.integers(1, one_in)) == one_in else None


@st.composite
def dress(draw: st.DrawFn, /, **options: st.SearchStrategy[Any]) -> dict[str, Any]:
    """
    Draw what a record may carry that decides nothing: mostly nothing at all, to save time.

    Each of *options* is a key with what to draw for it.
    """
    return {key: draw(drawn) for key, drawn in options.items()} if not draw(_BARE) else {}


_BARE = st.integers(0, 3).map(lambda number: number < 3)  # noqa: PLR2004 - three in four are bare


def checked_size(name: str, min_size: int, max_size: int, least: int, most: int) -> None:
    """Refuse bounds on the size of *name* that no legal value can have."""
    if not least <= min_size <= max_size <= most:
        message = (
            f"min_size={min_size!r} and max_size={max_size!r} leave no {name}; "
            f"expected {least} <= min_size <= max_size <= {most}"
        )
        raise InvalidArgument(message)


@lru_cache(maxsize=64)
def texts(*, min_size: int = 1, max_size: int = 40) -> st.SearchStrategy[str]:
    """
    Draw texts that say something: not only white space, and no half of a surrogate pair.

    Args:
        min_size: The least number of characters, 1 or more.
        max_size: The greatest, at most what a field can hold.
    """
    checked_size("text", min_size, max_size, 1, MAX_TEXT)
    first = st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp"))
    others = st.characters(exclude_categories=["Cs"])
    rest = st.text(others, min_size=min_size - 1, max_size=max_size - 1)
    return st.tuples(first, rest).map("".join)


@lru_cache(maxsize=64)
def identifiers(*, min_size: int = 1, max_size: int = 20) -> st.SearchStrategy[str]:
    """
    Draw ids: printable characters without white space.

    Args:
        min_size: The least number of characters, 1 or more.
        max_size: The greatest, at most 200.
    """
    checked_size("id", min_size, max_size, 1, MAX_ID)
    letters = st.characters(categories=("L", "M", "N", "P", "S")).filter(str.isprintable)
    return st.text(letters, min_size=min_size, max_size=max_size)


FIRST: Final = date(1, 1, 1)
LAST: Final = date(9999, 12, 31)

_MINUTES: Final = st.integers(-12 * 60, 14 * 60)
_CLOCKS: Final = st.sampled_from(
    [time(0), time(0, 30), time(9, 59), time(10), time(11, 59, 59), time(12), time(23, 59, 59)]
)


def spans(
    *,
    min_day: date = FIRST,
    max_day: date = LAST,
    open_start: bool = True,
    open_end: bool = True,
    coarse: bool = True,
    moments: bool = True,
    seasons: bool = False,
) -> st.SearchStrategy[Span]:
    """
    Draw spans: days, coarse and qualified dates, intervals, sets, open ends and date-times.

    They shrink towards a plain day.

    Args:
        min_day: No end that is written is earlier, *max_day* later. The day that a coarse date or
            a date-time in another zone can be may lie beyond.
        max_day: As *min_day*; both are inclusive.
        open_start: Whether a span may have no beginning, *open_end* no end.
        open_end: As *open_start*.
        coarse: Whether months, years and longer periods are drawn, with sign or without.
        moments: Whether date-times are drawn.
        seasons: Whether seasons are drawn, which only a registry with ``seasons = true`` allows.

    Raises:
        InvalidArgument: *max_day* is before *min_day*.
    """
    if max_day < min_day:
        raise InvalidArgument(f"max_day={max_day} is before min_day={min_day}")
    days = st.dates(min_day, max_day)
    lengths = [4, 7, 10] if coarse else [10]
    forms = [
        days.map(to_span),
        st.builds(_qualified, days, st.sampled_from("?~%"), st.sampled_from(lengths)),
        st.builds(_interval, days, days, st.sampled_from(["{}/{}", "[{},{}]", "[{}..{}]"])),
    ]
    if coarse:
        forms.append(st.builds(_coarse, days, st.sampled_from([*_COARSE])))
    if coarse and seasons:
        forms.append(st.builds(_season, days, st.integers(21, 24)))
    if open_end:
        forms.append(st.builds(_text, st.sampled_from(["{}/..", "{}/"]), days))
    if open_start:
        forms.append(st.builds(_text, st.sampled_from(["../{}", "/{}"]), days))
    if moments:
        forms.append(st.builds(_moment, days, _CLOCKS, _MINUTES))
    return st.one_of(forms)


def _text(form: str, day: date) -> Span:
    return parse_span(form.format(day.isoformat()))


def _period(day: date) -> str:
    return f"{day.year:04}-{_PARTS[day.toordinal() % len(_PARTS)]}"


def _season(day: date, number: int) -> Span:
    return parse_span(f"{day.year:04}-{number}")


_PARTS: Final = [number for number in PERIODS if number > 24]  # noqa: PLR2004 - the last season


_COARSE: Final[Mapping[str, Callable[[date], str]]] = {
    "month": lambda day: f"{day:%Y-%m}" if day.year > 999 else day.isoformat()[:7],  # noqa: PLR2004
    "any day of the month": lambda day: f"{day.isoformat()[:7]}-XX",
    "year": lambda day: day.isoformat()[:4],
    "any month": lambda day: f"{day.isoformat()[:4]}-XX",
    "any day": lambda day: f"{day.isoformat()[:4]}-XX-XX",
    "decade": lambda day: f"{day.isoformat()[:3]}X",
    "century": lambda day: f"{day.isoformat()[:2]}XX",
    "part of a year": _period,
}
"""How coarse dates are written."""


def _coarse(day: date, form: str) -> Span:
    return parse_span(_COARSE[form](day))


def _qualified(day: date, sign: str, length: int) -> Span:
    return parse_span(day.isoformat()[:length] + sign)


def _interval(one: date, other: date, form: str) -> Span:
    return parse_span(form.format(min(one, other), max(one, other)))


def _moment(day: date, clock: time, minutes: int) -> Span:
    zone: Any = timezone(timedelta(minutes=minutes)) if minutes else UTC
    return to_span(datetime.combine(day, clock, zone))
