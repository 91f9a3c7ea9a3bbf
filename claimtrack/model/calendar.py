"""
Count civil days in the proleptic Gregorian calendar, without bounds.

A day is its ordinal, as `datetime.date.toordinal` counts it: day 1 is 1 January of year 1. Years
go on in both directions (year 0 comes before year 1), beyond the range of `datetime.date`. The
calendar repeats every 400 years, weekdays included, so a year out of range is computed as an equal
year within it.
"""

import math
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final, TypeAlias

import attrs

Day: TypeAlias = int | float
"""An ordinal, or one of `OPEN_START` and `OPEN_END`."""

OPEN_START: Final[Day] = -math.inf
OPEN_END: Final[Day] = math.inf
CYCLE_YEARS: Final = 400
CYCLE_DAYS: Final = 146_097
"""Days in 400 years: 400 times 365, and 97 leap days."""

_FIRST: Final = date.min.toordinal()
_LAST: Final = date.max.toordinal()


def ordinal(year: int, month: int, day: int) -> int:
    """
    Return the ordinal of a civil day.

    Args:
        year: Any whole number; 0 is the year before year 1.
        month: 1 to 12.
        day: 1 to the length of that month.

    Raises:
        ValueError: There is no such month, or no such day in it.

    Example:
        >>> ordinal(1, 1, 1), ordinal(2019, 12, 2), ordinal(0, 12, 31)
        (1, 737395, 0)
    """
    if date.min.year <= year <= date.max.year:
        return date(year, month, day).toordinal()
    cycles, rest = divmod(year - 1, CYCLE_YEARS)
    return date(rest + 1, month, day).toordinal() + cycles * CYCLE_DAYS


def civil(ordinal: int) -> tuple[int, int, int]:
    """
    Return the year, month and day of an ordinal.

    Example:
        >>> civil(737395), civil(0)
        ((2019, 12, 2), (0, 12, 31))
    """
    cycles, rest = (0, ordinal) if _FIRST <= ordinal <= _LAST else _in_first_cycle(ordinal)
    day = date.fromordinal(rest)
    return day.year + cycles * CYCLE_YEARS, day.month, day.day


def month_end(year: int, month: int) -> int:
    """
    Return the number of the last day of a month: 28 to 31.

    Example:
        >>> month_end(2019, 2), month_end(2020, 2), month_end(1900, 2), month_end(0, 2)
        (28, 29, 28, 29)
    """
    following, index = divmod(year * 12 + month, 12)
    return civil(ordinal(following, index + 1, 1) - 1)[2]


def day_text(day: Day) -> str:
    """
    Return a day as text: ``YYYY-MM-DD``, or ``..`` if it is open.

    A year before 0 gets a minus, a year of more than four digits the letter that EDTF puts before
    such years. EDTF has no form for a day of such a year, so that text cannot be parsed again.

    Example:
        >>> day_text(737395), day_text(ordinal(-43, 3, 15)), day_text(OPEN_END)
        ('2019-12-02', '-0043-03-15', '..')
        >>> day_text(ordinal(12019, 1, 1))
        'Y12019-01-01'
    """
    if isinstance(day, float):
        return ".."
    if _FIRST <= day <= _LAST:
        return date.fromordinal(day).isoformat()
    year, month, number = civil(day)
    return f"{_year_text(year)}-{month:02}-{number:02}"


def _in_first_cycle(ordinal: int) -> tuple[int, int]:
    """Return the cycles between an ordinal and the years 1 to 400, and its ordinal in those."""
    cycles, rest = divmod(ordinal - 1, CYCLE_DAYS)
    return cycles, rest + 1


def _year_text(year: int) -> str:
    if abs(year) > date.max.year:
        return f"Y{year}"
    return f"{'-' if year < 0 else ''}{abs(year):04}"


DAY_SECONDS: Final = 86_400
WEST: Final = -12 * 3_600
"""The zone where a day ends last, in seconds east of Greenwich: UTC-12."""
EAST: Final = 14 * 3_600
"""The zone where a day begins first: UTC+14."""

# Without a year at either end, so that no zone can move an instant out of datetime's range.
_ZONED_FROM: Final = date(2, 1, 1).toordinal()
_ZONED_TO: Final = date(9998, 12, 31).toordinal()


def days_into_range(day: int) -> int:
    """
    Return the whole cycles, in days, to add to *day* so that `datetime` can convert it to a zone.

    The offset is the same on both days: a zone's rules for the far future repeat every 400 years,
    and before its first rule its offset is constant.
    """
    if day < _ZONED_FROM:
        return -((day - _ZONED_FROM) // CYCLE_DAYS) * CYCLE_DAYS
    if day > _ZONED_TO:
        return (_ZONED_TO - day) // CYCLE_DAYS * CYCLE_DAYS
    return 0


@attrs.frozen
class Moment:
    """
    One instant, to the second.

    Args:
        seconds: Seconds of Universal Time since the midnight at which day 0 began (31 December of
            year 0), without leap seconds; parts of a second are dropped, since no day begins there.

    Example:
        >>> Moment(737395 * DAY_SECONDS + 23 * 3600).days_in(None)
        (737395, 737396)
    """

    seconds: int

    def days_in(self, zone: tzinfo | None) -> tuple[int, int]:
        """Return its first and last civil day in *zone*, or anywhere on Earth if that is None."""
        if zone is None:
            return (self.seconds + WEST) // DAY_SECONDS, (self.seconds + EAST) // DAY_SECONDS
        day = self._day_in(zone)
        return day, day

    def _day_in(self, zone: tzinfo) -> int:
        day, second = divmod(self.seconds, DAY_SECONDS)
        shift = days_into_range(day)
        midnight = datetime.combine(date.fromordinal(day + shift), time(tzinfo=UTC))
        local = (midnight + timedelta(seconds=second)).astimezone(zone)
        return local.toordinal() - shift
