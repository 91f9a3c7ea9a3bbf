"""
Read days and spans of days, the slow and obvious way.

A span is the first and the last day that a thing can have had, as ordinals of the proleptic
Gregorian calendar (1 is 0001-01-01). An open end is minus or plus infinity, so that every
comparison in the rules can be written as it is spoken.
"""

import math
import re
from datetime import date, datetime, timedelta, timezone
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

Span = tuple[float, float]

OPEN_START = -math.inf
OPEN_END = math.inf
DAYS_IN_400_YEARS = 146097
WESTERNMOST = timezone(timedelta(hours=-12))
EASTERNMOST = timezone(timedelta(hours=14))

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")
YEAR = re.compile(r"(-?\d{4})")
DECADES = re.compile(r"([0-9X]{4})")
DECADES_WITH_REST = re.compile(r"([0-9X]{4})-XX(-XX)?")
MONTH = re.compile(r"(-?\d{4})-(\d\d)")
MONTH_UNKNOWN_DAY = re.compile(r"(-?\d{4})-(\d\d)-XX")
DAY = re.compile(r"(-?\d{4})-(\d\d)-(\d\d)")

# Code after the year: (first month, how many months). Winter runs into the next year.
PARTS_OF_A_YEAR = {
    21: (3, 3),
    22: (6, 3),
    23: (9, 3),
    24: (12, 3),
    33: (1, 3),
    34: (4, 3),
    35: (7, 3),
    36: (10, 3),
    37: (1, 4),
    38: (5, 4),
    39: (9, 4),
    40: (1, 6),
    41: (7, 6),
}


def ordinal(year: int, month: int, day: int) -> int:
    """Return the ordinal of a day in any year, by a shift of whole 400-year cycles."""
    cycles = 0
    while year < 1:
        year += 400
        cycles -= 1
    while year > 9999:
        year -= 400
        cycles += 1
    return date(year, month, day).toordinal() + cycles * DAYS_IN_400_YEARS


@cache
def read(value: Any, zone: str | None = None) -> Span:
    """Return the span that a TOML date, a TOML date-time or an EDTF text stands for."""
    if isinstance(value, datetime):
        return _moment(value, zone)
    if isinstance(value, date):
        return (value.toordinal(), value.toordinal())
    text = str(value)
    if MOMENT.fullmatch(text):
        return _moment(datetime.fromisoformat(text), zone)
    if text.startswith("[") and text.endswith("]"):
        return _one_of(text[1:-1])
    if "/" in text:
        return _interval(text)
    return _single(text)


def _moment(moment: datetime, zone: str | None) -> Span:
    if moment.tzinfo is None:
        raise ValueError(moment)
    if zone is not None:
        day = moment.astimezone(ZoneInfo(zone)).date().toordinal()
        return (day, day)
    west = moment.astimezone(WESTERNMOST).date().toordinal()
    east = moment.astimezone(EASTERNMOST).date().toordinal()
    return (west, east)


def _one_of(inside: str) -> Span:
    spans = [_single(part) for member in inside.split(",") for part in member.split("..")]
    return _checked(min(first for first, _ in spans), max(last for _, last in spans))


def _interval(text: str) -> Span:
    left, right = text.split("/")
    first = OPEN_START if left in ("", "..") else _single(left)[0]
    last = OPEN_END if right in ("", "..") else _single(right)[1]
    return _checked(first, last)


def _checked(first: float, last: float) -> Span:
    if first > last:
        raise ValueError((first, last))
    return (first, last)


def _single(text: str) -> Span:
    if text[-1:] in ("?", "~", "%"):
        text = text[:-1]
    if found := DAY.fullmatch(text):
        day = ordinal(int(found[1]), int(found[2]), int(found[3]))
        return (day, day)
    if found := MONTH_UNKNOWN_DAY.fullmatch(text):
        return _months(int(found[1]), int(found[2]), 1)
    if found := MONTH.fullmatch(text):
        code = int(found[2])
        start, length = PARTS_OF_A_YEAR.get(code, (code, 1))
        return _months(int(found[1]), start, length)
    if found := YEAR.fullmatch(text):
        return _months(int(found[1]), 1, 12)
    if found := DECADES.fullmatch(text) or DECADES_WITH_REST.fullmatch(text):
        digits = found[1]
        if "X" in digits.rstrip("X"):
            raise ValueError(text)
        return (
            _months(int(digits.replace("X", "0")), 1, 12)[0],
            _months(int(digits.replace("X", "9")), 1, 12)[1],
        )
    raise ValueError(text)


def _months(year: int, month: int, how_many: int) -> Span:
    """Return the span of whole months that begins with *month* of *year*."""
    first = ordinal(year, month, 1)
    after = month + how_many
    if after > 12:
        return (first, ordinal(year + 1, after - 12, 1) - 1)
    return (first, ordinal(year, after, 1) - 1)


def within(span: Span, window: Span) -> str:
    """Say yes, no or maybe: is the one day that *span* knows of a day of *window*?"""
    earliest, latest = span
    first, last = window
    if first <= earliest and latest <= last:
        return "yes"
    if latest < first or earliest > last:
        return "no"
    return "maybe"


def covers(outer: Span, inner: Span) -> bool:
    """Say whether every day of *inner* is a day of *outer*."""
    return outer[0] <= inner[0] and inner[1] <= outer[1]
