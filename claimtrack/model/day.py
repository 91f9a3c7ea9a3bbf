"""Days as people give them, and as they are given to people."""

from collections.abc import Iterable
from datetime import date
from typing import TypeAlias

from claimtrack.errors import FieldError
from claimtrack.model.calendar import Day, day_text
from claimtrack.model.span import to_span


class CivilDay(int):
    """
    A civil day that reads as ISO 8601, and otherwise is its ordinal.

    It compares, sorts and counts as the number that `datetime.date.toordinal` gives, in any year,
    and can be given wherever a day is asked for.

    Example:
        >>> day = CivilDay(737395)
        >>> f"first gas on {day}"
        'first gas on 2019-12-02'
        >>> day == 737395, day + 14, day.date()
        (True, 737409, datetime.date(2019, 12, 2))
    """

    __slots__ = ()

    def date(self) -> date:
        """
        Return the same day as a `datetime.date`.

        Raises:
            ValueError: It is in a year that a date cannot hold, which are 1 to 9999.
        """
        return date.fromordinal(self)

    def __str__(self) -> str:
        return day_text(self)

    def __repr__(self) -> str:
        return f"CivilDay({day_text(self)})"

    def __format__(self, spec: str) -> str:
        return format(int(self), spec) if spec else str(self)


DayLike: TypeAlias = date | str | CivilDay
"""A day, its ISO 8601 text, or a day that a verdict or a history gave."""


def day_of(value: DayLike) -> Day:
    """
    Return the ordinal of one full day.

    Raises:
        FieldError: *value* is not one full day.
    """
    if type(value) is date:
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
        FieldError: One of *values* is not one full day, or they are one day in place of several.
    """
    if isinstance(values, DayLike):
        one = repr(str(values))
        message = f"{one} has the wrong type; expected several days, as in [{one}]"
        raise FieldError("CT101", message)
    return [day_of(value) for value in values]


def ordinal_of(day: DayLike | Day) -> Day:
    """
    Return the ordinal of *day*; one that is an ordinal, or open, is returned as it is.

    Raises:
        FieldError: *day* is not one full day.
    """
    return day if isinstance(day, int | float) else day_of(day)


def civil_day(day: Day) -> Day:
    """Return *day* as a `CivilDay`; an open one as it is."""
    return day if isinstance(day, float) else CivilDay(day)


def known_civil_day(day: Day | None) -> CivilDay | None:
    """Return *day*, which is none of the open ones, as a `CivilDay`; None for None."""
    return None if day is None else CivilDay(day)
