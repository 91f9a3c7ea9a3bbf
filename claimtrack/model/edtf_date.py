"""
Read one date of EDTF: a day, a month, a part of a year, a year, or years.

The digits at the right may be ``X``, unspecified: ``201X``, ``2019-1X``, ``2019-XX-XX``. A
qualifier at the end (``?`` uncertain, ``~`` approximate, ``%`` both) does not change the days:
EDTF does not say by how many days a date is uncertain.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from claimtrack.model.calendar import month_end, ordinal
from claimtrack.model.edtf_refusal import refuse, refuse_date

PERIODS: Final[Mapping[int, tuple[int, int]]] = {
    21: (3, 3),  # spring
    22: (6, 3),
    23: (9, 3),
    24: (12, 3),  # winter ends in the next year
    33: (1, 3),  # quarters
    34: (4, 3),
    35: (7, 3),
    36: (10, 3),
    37: (1, 4),  # thirds
    38: (5, 4),
    39: (9, 4),
    40: (1, 6),  # halves
    41: (7, 6),
}
"""Number in the place of the month: the first month of the period, and its length in months."""

HEMISPHERES: Final = range(25, 33)
"""Numbers of the seasons that belong to one hemisphere."""

_DATE: Final = re.compile("(-?)([0-9X]{4})(?:-([0-9X]{2})(?:-([0-9X]{2}))?)?[?~%]?")
_LONG_YEAR: Final = re.compile("Y(-?[1-9][0-9]{4,11})[?~%]?")


class Ends(NamedTuple):
    """Hold the first and the last day of a date, and whether some of its digits are unspecified."""

    first: int
    last: int
    is_unspecified: bool = False


def read_date(part: str, text: str) -> Ends:
    """
    Return the ends of *part*, which is *text* or stands in it.

    Raises:
        SpanError: *part* is not a supported date; the error names *text* too.

    Example:
        >>> read_date("2019-12", "2019-12/..")
        Ends(first=737394, last=737424, is_unspecified=False)
    """
    match = _DATE.fullmatch(part)
    if match is None:
        refuse_date(part, text)
    sign, year, month, day = match.groups()
    digits = f"{year}{month or ''}{day or ''}"
    if "X" in digits.rstrip("X"):
        refuse(
            text,
            "is EDTF with an unspecified digit before a known one, which is not supported",
            "X only at the right, as in '201X' or '2019-XX-XX'",
            part=part,
        )
    first_year, last_year = _years(sign, year, part, text)
    if day is None and month is not None and month.isdecimal() and int(month) in PERIODS:
        return _period(first_year, *PERIODS[int(month)])
    first_month, last_month = _months(month or "XX", day, part, text)
    first_day, last_day = _days(day or "XX", month_end(last_year, last_month), part, text)
    return Ends(
        ordinal(first_year, first_month, first_day),
        ordinal(last_year, last_month, last_day),
        is_unspecified="X" in digits,
    )


def read_long_year(text: str) -> Ends | None:
    """
    Return the ends of a year of five to twelve digits after ``Y``; None for any other text.

    Example:
        >>> read_long_year("Y12019")
        Ends(first=4389485, last=4389849, is_unspecified=False)
    """
    match = _LONG_YEAR.fullmatch(text)
    if match is None:
        return None
    year = int(match[1])
    return Ends(ordinal(year, 1, 1), ordinal(year, 12, 31))


def _years(sign: str, digits: str, part: str, text: str) -> tuple[int, int]:
    low, high = _numbers(digits)
    if not sign:
        return low, high
    if high == 0:
        refuse(text, "is a year 0 with a minus", "'0000', the year before year 1", part=part)
    return -high, -max(low, 1)


def _months(digits: str, day: str | None, part: str, text: str) -> tuple[int, int]:
    low, high = _within(digits, 12)
    if low > high:
        number = int(digits) if digits.isdecimal() else 0
        what, expected = _no_month(number, day)
        refuse(text, what, expected, part=part)
    return low, high


def _no_month(number: int, day: str | None) -> tuple[str, str]:
    if number in HEMISPHERES:
        what = "is EDTF with a season of one hemisphere, which is not supported"
        return what, "21 to 24, or the months"
    if number in PERIODS and day is not None:
        return "has a day in a season or part of a year", "a day in a month, or no day"
    return "has no such month", "a month from 01 to 12"


def _days(digits: str, end: int, part: str, text: str) -> tuple[int, int]:
    low, high = _within(digits, end)
    if low > high:
        refuse(text, "has no such day", f"a day from 01 to {end}", part=part)
    return low, high


def _within(digits: str, end: int) -> tuple[int, int]:
    """Return the lowest and highest number from 1 to *end* that *digits* allow, if there is one."""
    low, high = _numbers(digits)
    return max(low, 1), min(high, end)


def _numbers(digits: str) -> tuple[int, int]:
    if "X" in digits:
        return int(digits.replace("X", "0")), int(digits.replace("X", "9"))
    number = int(digits)
    return number, number


def _period(year: int, month: int, length: int) -> Ends:
    following, index = divmod(year * 12 + month - 1 + length, 12)
    return Ends(ordinal(year, month, 1), ordinal(following, index + 1, 1) - 1)
