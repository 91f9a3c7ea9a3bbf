"""
Tell on which civil day an instant fell, in one zone or anywhere on Earth.

`datetime.datetime` ends at the years 1 and 9999, and overflows when a zone moves an instant across
them. An instant is a whole number here, so that there is no such edge; only the question which
offset a zone had needs a `datetime`, and is asked about the same instant of a year that has one.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

import attrs

from claimtrack.model.calendar import CYCLE_DAYS

DAY_SECONDS: Final = 86_400
WEST: Final = -12 * 3_600
"""The zone where a day ends last, in seconds east of Greenwich: UTC-12."""
EAST: Final = 14 * 3_600
"""The zone where a day begins first: UTC+14."""

# One year is left at either end, so that no zone can move an instant out of datetime's range.
_ASKED_FROM: Final = date(2, 1, 1).toordinal()
_ASKED_TO: Final = date(9998, 12, 31).toordinal()


@attrs.frozen
class Moment:
    """
    Stand for one instant, to the second.

    Args:
        seconds: Seconds of Universal Time since the midnight at which day 0 began (31 December of
            year 0), without leap seconds; parts of a second are dropped, since no day begins there.

    Example:
        >>> Moment(737395 * DAY_SECONDS + 23 * 3600).days_in(None)
        (737395, 737396)
    """

    seconds: int

    def days_in(self, zone: tzinfo | None) -> tuple[int, int]:
        """Return the first and the last civil day that it was, in *zone* or else on Earth."""
        if zone is None:
            return (self.seconds + WEST) // DAY_SECONDS, (self.seconds + EAST) // DAY_SECONDS
        day = self._day_in(zone)
        return day, day

    def _day_in(self, zone: tzinfo) -> int:
        day, second = divmod(self.seconds, DAY_SECONDS)
        shift = _days_into_range(day)
        midnight = datetime.combine(date.fromordinal(day + shift), time(tzinfo=UTC))
        local = (midnight + timedelta(seconds=second)).astimezone(zone)
        return local.toordinal() - shift


def _days_into_range(day: int) -> int:
    """
    Return the whole cycles, in days, that bring a day to where a zone can be asked.

    A zone's rules for the far future name weekdays, and 400 years are whole weeks; before its
    first rule its offset is one and the same. So the zone answers as it would for the day itself.
    """
    if day < _ASKED_FROM:
        return -((day - _ASKED_FROM) // CYCLE_DAYS) * CYCLE_DAYS
    if day > _ASKED_TO:
        return (_ASKED_TO - day) // CYCLE_DAYS * CYCLE_DAYS
    return 0
