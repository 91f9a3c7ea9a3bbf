"""
Days and date-times as instants that can be compared.

The rules of resolution count civil days. Scores and the order of two forecasts need more: how long
a forecast stood, and which of two on one day came later. A date-time with an offset is an instant.
One without an offset is a time of day in the zone that applies; if no zone is set, it can only be
compared with others of its kind. A day without a time begins at midnight in that zone, but has no
order with another time of the same day.
"""

import re
from datetime import date, datetime, time
from enum import Enum
from typing import Final
from zoneinfo import ZoneInfo

import attrs

from claimtrack.model.calendar import DAY_SECONDS, OPEN_START, Day, days_into_range
from claimtrack.model.span import Span

_EPOCH: Final = date(1970, 1, 1).toordinal()
_CLOCK: Final = re.compile(r"T([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]+)?")


class Clock(Enum):
    """How the time of an `Instant` is known."""

    NONE = "a day without a time"
    LOCAL = "a time of day, with neither an offset nor a zone"
    WORLD = "a time anywhere on Earth"


@attrs.frozen
class Instant:
    """
    A point in time.

    Args:
        at: Days since the beginning of 1970 in Universal Time, with fractions.
        first: The first civil day, in the zone that applies, on which it can have been.
        last: The last such day.
        clock: How its time is known.
    """

    at: float
    first: Day
    last: Day
    clock: Clock = Clock.NONE

    def has_order_with(self, other: "Instant") -> bool:
        """Say whether the times of the two can be compared."""
        return self.clock is other.clock is not Clock.NONE

    def is_before(self, other: "Instant") -> bool:
        """Say whether it certainly was before *other*: by time if both have one, else by day."""
        if self.has_order_with(other):
            return self.at < other.at
        return self.last < other.first


def instant_of(span: Span, zone: ZoneInfo | None) -> Instant:
    """
    Return *span* as an instant; of a span of days, the midnight of the last one.

    Args:
        span: A day, a date-time, or a span with a last day.
        zone: The zone that applies; None if none is set.

    Example:
        >>> from claimtrack.model.span import parse_span
        >>> instant_of(parse_span("1970-01-02T12:00:00Z"), None).at
        1.5
        >>> instant_of(parse_span("1970-01-03"), None).at
        2.0
    """
    clock = _CLOCK.search(span.text)
    if clock is None:
        return attrs.evolve(midnight(span.last, zone), first=span.first)
    first, last = span.days_in(zone)
    fraction = float(clock[4] or 0)
    if span.moment is not None:
        at = (span.moment.seconds - _EPOCH * DAY_SECONDS + fraction) / DAY_SECONDS
        return Instant(at, first, last, Clock.WORLD)
    second = int(clock[1]) * 3_600 + int(clock[2]) * 60 + int(clock[3])
    shift = 0 if zone is None else _offset(int(span.last), second, zone)
    at = (int(span.last) - _EPOCH) + (second + fraction - shift) / DAY_SECONDS
    return Instant(at, first, last, Clock.LOCAL if zone is None else Clock.WORLD)


def may_follow(later: Span, earlier: Span) -> bool:
    """Say whether *later* can have come after *earlier*, in some zone."""
    one, other = instant_of(later, None), instant_of(earlier, None)
    if one.has_order_with(other):
        return one.at > other.at
    return one.last >= other.first


def midnight(day: Day, zone: ZoneInfo | None) -> Instant:
    """Return the beginning of *day*, in Universal Time if *zone* is None."""
    if day == OPEN_START or zone is None:
        return Instant(float(day - _EPOCH), day, day)
    return Instant(day - _EPOCH - _offset(int(day), 0, zone) / DAY_SECONDS, day, day)


def _offset(day: int, second: int, zone: ZoneInfo) -> float:
    """Return the seconds that *zone* is ahead of Universal Time at a local time of day."""
    minute, second = divmod(second % DAY_SECONDS, 60)
    clock = time(*divmod(minute, 60), second, tzinfo=zone)
    civil_day = date.fromordinal(day + days_into_range(day))
    ahead = datetime.combine(civil_day, clock).utcoffset()
    return 0.0 if ahead is None else ahead.total_seconds()
