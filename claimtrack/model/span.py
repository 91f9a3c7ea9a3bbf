"""
Hold what is known of one day, and compare it in three values.

A span is the first and the last day that a day can have been, either end possibly open. It keeps
the text that it was read from, and is that text to everybody who prints or compares it; the ends
are what the text means (`claimtrack.model.edtf`). Days are ordinals (`claimtrack.model.calendar`),
which the engine compares in less time than dates.
"""

import re
from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import Final

import attrs

from claimtrack.errors import SpanError
from claimtrack.model.answer import Answer, before, within
from claimtrack.model.calendar import (
    OPEN_END,
    OPEN_START,
    Day,
    civil,
    day_text,
    ordinal,
)
from claimtrack.model.edtf import read_span
from claimtrack.model.edtf_refusal import EXAMPLES
from claimtrack.model.moment import Moment

__all__ = [
    "OPEN_END",
    "OPEN_START",
    "Answer",
    "Day",
    "Moment",
    "Span",
    "before",
    "civil",
    "day_text",
    "holds_season",
    "is_datetime64",
    "ordinal",
    "parse_span",
    "to_span",
    "within",
]

MEMO: Final = 32_768
"""Texts that `parse_span` remembers: 90 years of days, which take 8 MB."""


@attrs.frozen(kw_only=True, repr=False)
class Span:
    """
    Hold what is known of one day; made by `parse_span` or `to_span`.

    Two spans are equal when their texts are: ``2019`` and ``2019-01/2019-12`` are not.

    Args:
        text: The EDTF text, exactly as it was written.
        first: The earliest day that it can be, or `OPEN_START`. For a date-time with an offset,
            the earliest civil day that it was anywhere on Earth; see `days_in`.
        last: The latest day that it can be, or `OPEN_END`, not before *first*.
        moment: The instant of a date-time with an offset, else None.
    """

    text: str
    first: Day = attrs.field(eq=False)
    last: Day = attrs.field(eq=False)
    moment: Moment | None = attrs.field(default=None, eq=False)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Span({self.text!r})"

    @property
    def earliest(self) -> date | None:
        """
        The earliest day, or None if that end is open.

        Raises:
            SpanError: The day is in a year that `datetime.date` does not hold.
        """
        return self._date(self.first, "begins")

    @property
    def latest(self) -> date | None:
        """
        The latest day, or None if that end is open.

        Raises:
            SpanError: The day is in a year that `datetime.date` does not hold.
        """
        return self._date(self.last, "ends")

    @property
    def has_season(self) -> bool:
        """Whether it, or an end of it, is a season: ``2019-21`` to ``2019-24``."""
        return holds_season(self.text)

    @property
    def is_day(self) -> bool:
        """Whether the day is known."""
        return self.first == self.last

    def days_in(self, zone: tzinfo | None) -> tuple[Day, Day]:
        """
        Return the first and the last day as *zone* counts them.

        Only a date-time with an offset depends on the zone; with None it can be every day that it
        was anywhere on Earth.

        Example:
            >>> from zoneinfo import ZoneInfo
            >>> late = parse_span("2019-12-02T23:30:00Z")
            >>> [day_text(day) for day in late.days_in(ZoneInfo("Europe/Moscow"))]
            ['2019-12-03', '2019-12-03']
            >>> [day_text(day) for day in late.days_in(None)]
            ['2019-12-02', '2019-12-03']
        """
        return (self.first, self.last) if self.moment is None else self.moment.days_in(zone)

    def within(self, window: "Span") -> Answer:
        """
        Tell whether the day is one of the days of *window*, both ends included.

        Example:
            >>> parse_span("2019-12-02").within(parse_span("2019")).name
            'YES'
            >>> parse_span("2019").within(parse_span("../2019-11")).name
            'MAYBE'
        """
        return within(self.first, self.last, window.first, window.last)

    def before(self, other: "Span") -> Answer:
        """
        Tell whether the day came before the day of *other*; the same day is not before itself.

        Example:
            >>> parse_span("2019").before(parse_span("2019-12-01")).name
            'MAYBE'
            >>> parse_span("2019-11").before(parse_span("2019-12-01")).name
            'YES'
            >>> parse_span("2019-12-01").before(parse_span("2019-12-01")).name
            'NO'
        """
        return before(self.first, self.last, other.first, other.last)

    def _date(self, day: Day, verb: str) -> date | None:
        if isinstance(day, float):
            return None
        try:
            return date.fromordinal(day)
        except (ValueError, OverflowError) as error:
            message = f"{self.text!r} {verb} on {day_text(day)}; expected a year from 1 to 9999"
            raise SpanError("CT102", message) from error


@lru_cache(maxsize=MEMO)
def parse_span(text: str) -> Span:
    """
    Read a day or a span of days from EDTF text; equal texts give the same object for a while.

    Raises:
        SpanError: *text* is not EDTF, or is in a part of EDTF that is not supported.

    Example:
        >>> span = parse_span("2019-12~")
        >>> str(span), span.earliest, span.latest
        ('2019-12~', datetime.date(2019, 12, 1), datetime.date(2019, 12, 31))
        >>> parse_span("2019-02-30")
        Traceback (most recent call last):
        claimtrack.errors.SpanError: CT102 '2019-02-30' has no such day; expected ... 01 to 28
    """
    day = _plain_day(text)
    if day is not None:
        return Span(text=text, first=day, last=day)
    first, last, moment = read_span(text)
    return Span(text=text, first=first, last=last, moment=moment)


def to_span(value: str | date | Span) -> Span:
    """
    Return the span of a text, a date or a date-time; a span is returned as it is.

    A date is its ISO text and a date-time its own, so one without an offset is its civil day. The
    midnight of a `pandas.Timestamp` or a `numpy.datetime64` without an offset is a date.

    Raises:
        SpanError: *value* is of another type, or its text is not a supported span.

    Example:
        >>> to_span(date(2019, 12, 2)) == to_span("2019-12-02")
        True
    """
    if isinstance(value, Span):
        return value
    if isinstance(value, str):
        return parse_span(str(value))
    if isinstance(value, date):
        text = value.isoformat()
        # Tables of other libraries have no days but midnights.
        return parse_span(text if type(value) in (date, datetime) else _without_midnight(text))
    if is_datetime64(value):
        return parse_span(_without_midnight(str(value)))
    raise SpanError(
        "CT101",
        f"a span cannot be of type {type(value).__name__}; "
        f"expected a date, a date-time or {EXAMPLES}",
    )


_SEASON: Final = re.compile("(?<![0-9])[0-9]{4}-2[1-4](?![-0-9])")
_SHORTEST_SEASON: Final = len("2019-21")


def holds_season(text: str) -> bool:
    """Say whether a *text* that is a span holds a season."""
    return len(text) >= _SHORTEST_SEASON and _SEASON.search(text) is not None


def is_datetime64(value: object) -> bool:
    """Say whether *value* is a ``numpy.datetime64``, which is no date of the standard library."""
    return getattr(getattr(value, "dtype", None), "kind", None) == "M"


def _without_midnight(text: str) -> str:
    """Return the day of a date-time of another library that has no zone and no time of day."""
    return _MIDNIGHT.sub("", text)


_MIDNIGHT: Final = re.compile(r"T00(:00(:00([.]0+)?)?)?\Z")


def _plain_day(text: str) -> int | None:
    """
    Return the ordinal of ``YYYY-MM-DD``, the text of most spans, or None for all else.

    `date.fromisoformat` reads weeks and dates without hyphens too; only what it prints is taken.
    """
    if len(text) != len("2019-12-02"):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day.toordinal() if day.isoformat() == text else None
