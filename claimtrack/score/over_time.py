"""
Scores of a forecast that changes while a question is open.

A history is a sequence of (moment, forecast). Moments are numbers, days or aware date-times, all of
one kind; only their differences count. Each forecast stands from its moment, inclusive, to that of
the next, exclusive, or to the close. None in place of a forecast means that the one before was
withdrawn. A forecast made at the close or later does not count. One made before the opening counts
from the opening. Of two made at the same moment the later in the sequence stands.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from math import fsum, isnan
from typing import Final, Generic, TypeVar

import attrs

from claimtrack.score import _check

Forecast = TypeVar("Forecast")
Moment = float | date
History = Sequence[tuple[Moment, Forecast | None]]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_SECONDS: Final = 86_400


@attrs.frozen
class Stretch(Generic[Forecast]):
    """The days from *start*, inclusive, to *end*, exclusive, for which a forecast stood."""

    start: float
    end: float
    forecast: Forecast

    @property
    def duration(self) -> float:
        """The length in days, above 0."""
        return self.end - self.start


def axis(moment: Moment) -> float:
    """
    Return *moment* as a number, in days for days and date-times.

    Raises:
        FieldError: It is a date-time without a zone, or NaN.
    """
    if isinstance(moment, datetime):
        if moment.tzinfo is None:
            raise _check.refuse(f"moment {moment.isoformat()} has no time zone; expected one")
        return (moment - _EPOCH).total_seconds() / _DAY_SECONDS
    if isinstance(moment, date):
        return moment.toordinal() - _EPOCH.toordinal()
    if isnan(moment):
        raise _check.refuse(f"moment {moment!r} is not a number")
    return moment


def stretches(
    history: History[Forecast], *, opened: Moment, closed: Moment
) -> tuple[Stretch[Forecast], ...]:
    """
    Return the stretches of time for which each forecast stood, oldest first.

    Args:
        history: Moments and forecasts, in any order.
        opened: When the question opened, inclusive.
        closed: When it closed, exclusive.

    Raises:
        FieldError: *closed* is not after *opened*, or a moment is not valid.
    """
    start, end = _window(opened, closed)
    made = sorted(((axis(moment), f) for moment, f in history), key=lambda pair: pair[0])
    ends = [moment for moment, _ in made[1:]] + [end]
    clipped = (
        Stretch(max(start, moment), min(end, until), forecast)
        for (moment, forecast), until in zip(made, ends, strict=False)
        if forecast is not None
    )
    return tuple(stretch for stretch in clipped if stretch.duration > 0)


def _window(opened: Moment, closed: Moment) -> tuple[float, float]:
    start, end = axis(opened), axis(closed)
    if start >= end:
        raise _check.refuse(f"a question from {opened} to {closed} is never open")
    return start, end


def coverage(history: History[Forecast], *, opened: Moment, closed: Moment) -> float:
    """
    Return the share of a question's time, from 0 to 1, for which a forecast stood.

    Raises:
        FieldError: *closed* is not after *opened*, or a moment is not valid.
    """
    standing = stretches(history, opened=opened, closed=closed)
    start, end = _window(opened, closed)
    return fsum(stretch.duration for stretch in standing) / (end - start)


def time_averaged(
    history: History[Forecast],
    score: Callable[[Forecast], float],
    *,
    opened: Moment,
    closed: Moment,
) -> float | None:
    """
    Return the mean *score* over the time for which a forecast stood, or None if none did.

    Each forecast is weighted by the time for which it stood. Time without a forecast does not
    count; see `coverage`.

    Raises:
        FieldError: *closed* is not after *opened*, or a moment is not valid.

    Example:
        >>> time_averaged([(0, 0.5), (8, 0.9)], lambda p: (p - 1) ** 2, opened=0, closed=10)
        0.202
    """
    standing = stretches(history, opened=opened, closed=closed)
    if not standing:
        return None
    total = fsum(stretch.duration for stretch in standing)
    return fsum(score(stretch.forecast) * stretch.duration for stretch in standing) / total


def at_close(history: History[Forecast], *, closed: Moment) -> Forecast | None:
    """
    Return the forecast that stands just before *closed*; None if none does.

    Raises:
        FieldError: A moment is not valid.
    """
    end = axis(closed)
    made = [(axis(moment), forecast) for moment, forecast in history]
    before = [(moment, forecast) for moment, forecast in made if moment < end]
    # max() keeps the first of equals, and the last of them is the one that stands.
    return max(reversed(before), key=lambda pair: pair[0])[1] if before else None
