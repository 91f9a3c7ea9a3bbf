"""Days as people give them, and as they are given to people."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final, TypeAlias

from claimtrack.errors import FieldError
from claimtrack.model.calendar import Day, civil, day_text
from claimtrack.model.span import to_span


class CivilDay(int):
    """
    A civil day of the proleptic Gregorian calendar, in any year.

    It reads as ISO 8601, equals and sorts beside a `datetime.date` of the same day, and can be
    given wherever a day is asked for. In arithmetic it is the number that
    `datetime.date.toordinal` gives. As a key of a mapping it is found by a `datetime.date` of the
    same day, not by that number.

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


def _number(other: Any) -> Any:  # noqa: ANN401 - what a day is compared with
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
