"""
Days that are not known exactly, and comparisons of them in three values.

A span has the first and the last day that an unknown day can be; either end can be open. It keeps
the EDTF text that it was read from, by which it is printed and compared; `claimtrack.model.edtf`
computes the ends. Days are ordinals (`claimtrack.model.calendar`), which are faster to compare than
dates.
"""

import datetime as dt
import enum
import re
from collections.abc import Iterable
from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import Any, Final, TypeAlias

import attrs

from claimtrack.errors import FieldError, SpanError
from claimtrack.model.calendar import OPEN_END, OPEN_START, Day, Moment, civil, day_text, ordinal
from claimtrack.model.edtf import EXAMPLES, read_span

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


class Answer(enum.Enum):
    """
    A value of Kleene's three-valued logic, with ``~``, ``&`` and ``|``.

    It has no truth value, since neither is right for `MAYBE`: write ``answer is Answer.YES``.

    Example:
        >>> ~Answer.MAYBE, Answer.YES & Answer.MAYBE, Answer.YES | Answer.MAYBE
        (<Answer.MAYBE: 1>, <Answer.MAYBE: 1>, <Answer.YES: 2>)
    """

    NO = 0
    MAYBE = 1
    YES = 2

    def __invert__(self) -> "Answer":
        return _ANSWERS[2 - self.value]

    def __and__(self, other: "Answer") -> "Answer":
        return self if self.value <= other.value else other

    def __or__(self, other: "Answer") -> "Answer":
        return self if self.value >= other.value else other

    def __bool__(self) -> bool:
        raise TypeError(f"{self} has no truth value; ask whether it is Answer.YES or Answer.NO")


_ANSWERS: Final = tuple(Answer)
# Looked up once: access to a member of an enum takes longer than the comparisons.
_NO, _MAYBE, _YES = _ANSWERS


def within(first: Day, last: Day, low: Day, high: Day) -> Answer:
    """
    Say whether a day from *first* to *last* is within *low* to *high*; all bounds are inclusive.

    Example:
        >>> within(3, 4, 1, 5).name, within(4, 6, 1, 5).name, within(6, 7, 1, 5).name
        ('YES', 'MAYBE', 'NO')
    """
    if low <= first and last <= high:
        return _YES
    if last < low or first > high:
        return _NO
    return _MAYBE


def before(first: Day, last: Day, low: Day, high: Day) -> Answer:
    """
    Say whether a day from *first* to *last* is before a day from *low* to *high*.

    Example:
        >>> before(1, 2, 3, 4).name, before(1, 3, 3, 4).name, before(4, 5, 3, 4).name
        ('YES', 'MAYBE', 'NO')
    """
    if last < low:
        return _YES
    return _NO if first >= high else _MAYBE


CACHED_SPANS: Final = 32_768
"""Texts that `parse_span` caches: 90 years of days, which take 8 MB."""


@attrs.frozen(kw_only=True, repr=False)
class Span:
    """
    What is known of one day; made by `parse_span` or `to_span`.

    Two spans are equal when their texts are: ``2019`` and ``2019-01/2019-12`` are not.

    Args:
        text: The EDTF text, exactly as it was written.
        first: The earliest day that it can be, or `OPEN_START`. For a date-time with an offset,
            the earliest civil day anywhere on Earth; see `days_in`.
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

        Only a date-time with an offset depends on the zone; with None it can be any day that it
        was somewhere on Earth.

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
        Say whether the day is within *window*, both ends included.

        Example:
            >>> parse_span("2019-12-02").within(parse_span("2019")).name
            'YES'
            >>> parse_span("2019").within(parse_span("../2019-11")).name
            'MAYBE'
        """
        return within(self.first, self.last, window.first, window.last)

    def before(self, other: "Span") -> Answer:
        """
        Say whether the day is before the day of *other*; a day is not before itself.

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


@lru_cache(maxsize=CACHED_SPANS)
def parse_span(text: str) -> Span:
    """
    Read a day or a span of days from EDTF text; results are cached.

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

    A date or date-time is read from its ISO text, so a date-time without an offset is its civil
    day. A `pandas.Timestamp` or a `numpy.datetime64` at midnight without an offset is a date.

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
        # Other libraries have no days, only midnights.
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
    """Say whether the *text* of a span holds a season."""
    return len(text) >= _SHORTEST_SEASON and _SEASON.search(text) is not None


def is_datetime64(value: object) -> bool:
    """Say whether *value* is a ``numpy.datetime64``, which is no date of the standard library."""
    return getattr(getattr(value, "dtype", None), "kind", None) == "M"


def _without_midnight(text: str) -> str:
    """Return *text* without a midnight at its end."""
    return _MIDNIGHT.sub("", text)


_MIDNIGHT: Final = re.compile(r"T00(:00(:00([.]0+)?)?)?\Z")


def _plain_day(text: str) -> int | None:
    """
    Return the ordinal of ``YYYY-MM-DD``, the text of most spans, or None for any other text.

    `date.fromisoformat` also reads weeks and dates without hyphens, which are not accepted.
    """
    if len(text) != len("2019-12-02"):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day.toordinal() if day.isoformat() == text else None


class CivilDay(int):
    """
    A civil day of the proleptic Gregorian calendar, in any year.

    Its text is ISO 8601. It equals a `datetime.date` of the same day, compares with dates, and is
    accepted wherever a day is. In arithmetic it is the number that `datetime.date.toordinal`
    gives. As a key of a mapping it is found by a `datetime.date` of the same day, not by that
    number.

    Example:
        >>> day = CivilDay(737395)
        >>> f"first gas on {day}"
        'first gas on 2019-12-02'
        >>> day.year, day.month, day.day
        (2019, 12, 2)
        >>> from datetime import date
        >>> day == date(2019, 12, 2), day < date(2020, 1, 1)
        (True, True)
        >>> CivilDay(day + 14)
        CivilDay(2019-12-16)
    """

    __slots__ = ()

    @property
    def year(self) -> int:
        """The year; 0 is the year before year 1."""
        return civil(self)[0]

    @property
    def month(self) -> int:
        """The month, from 1 to 12."""
        return civil(self)[1]

    @property
    def day(self) -> int:
        """The day of the month, from 1 to 31."""
        return civil(self)[2]

    def date(self) -> dt.date:
        """
        Return the same day as a `datetime.date`.

        Raises:
            ValueError: It is in a year that a date cannot hold, which are 1 to 9999.
        """
        return dt.date.fromordinal(self)

    def __eq__(self, other: object) -> bool:
        return int.__eq__(self, _number(other))

    def __ne__(self, other: object) -> bool:
        return int.__ne__(self, _number(other))

    def __lt__(self, other: int | dt.date) -> bool:
        return int.__lt__(self, _number(other))

    def __le__(self, other: int | dt.date) -> bool:
        return int.__le__(self, _number(other))

    def __gt__(self, other: int | dt.date) -> bool:
        return int.__gt__(self, _number(other))

    def __ge__(self, other: int | dt.date) -> bool:
        return int.__ge__(self, _number(other))

    def __hash__(self) -> int:
        if FIRST_DATE <= int(self) <= LAST_DATE:
            return hash(self.date())
        return int.__hash__(self)

    def __str__(self) -> str:
        return day_text(self)

    def __repr__(self) -> str:
        return f"CivilDay({day_text(self)})"

    def __format__(self, spec: str) -> str:
        return format(int(self), spec) if spec else str(self)


FIRST_DATE: Final = dt.date.min.toordinal()
LAST_DATE: Final = dt.date.max.toordinal()
"""The ordinals of the first and the last day that a `datetime.date` can hold, inclusive."""


def _number(other: Any) -> Any:  # noqa: ANN401 - anything can be compared
    """Return the ordinal of a date, and anything else as it is."""
    return other.toordinal() if type(other) is dt.date else other


DayLike: TypeAlias = dt.date | str | CivilDay
"""A day, its ISO 8601 text, or a day that a verdict or a history gave."""


def day_of(value: DayLike) -> Day:
    """
    Return the ordinal of one full day.

    Raises:
        FieldError: *value* is not one full day.
    """
    if type(value) is dt.date:
        return value.toordinal()
    if isinstance(value, CivilDay):
        return int(value)
    span = to_span(value)
    if span.first != span.last or span.moment is not None:
        raise FieldError("CT102", f"{span.text!r} is not one full day; expected YYYY-MM-DD")
    return span.first


def days_of(values: Iterable[DayLike]) -> list[Day]:
    """
    Return the ordinals of several full days.

    Raises:
        FieldError: One of *values* is not one full day, or *values* is a single day.
    """
    if isinstance(values, DayLike):
        one = repr(str(values))
        message = f"{one} has the wrong type; expected several days, as in [{one}]"
        raise FieldError("CT101", message)
    return [day_of(value) for value in values]


def ordinal_of(day: DayLike | Day) -> Day:
    """
    Return the ordinal of *day*; an ordinal, or an open day, is returned unchanged.

    Raises:
        FieldError: *day* is not one full day.
    """
    return day if isinstance(day, int | float) else day_of(day)


def civil_day(day: Day) -> Day:
    """Return *day* as a `CivilDay`; an open day unchanged."""
    return day if isinstance(day, float) else CivilDay(day)


def known_civil_day(day: Day | None) -> CivilDay | None:
    """Return *day*, which is not open, as a `CivilDay`; None for None."""
    return None if day is None else CivilDay(day)
