"""
Calibration: of the events given 70 percent, did 70 percent happen?

Bins are not folded: a forecast of 10 percent is not turned into one of 90 percent that the event
does not happen, so confidence in events and in non-events is shown apart.
"""

from bisect import bisect_right
from collections.abc import Sequence, Sized
from itertools import groupby, pairwise
from math import fsum

import attrs

from claimtrack.score import _check
from claimtrack.score.intervals import Interval, wilson


@attrs.frozen(kw_only=True)
class Bin:
    """
    The forecasts from *low*, inclusive, to *high*, exclusive (inclusive in the last bin).

    Args:
        low: The lower edge.
        high: The upper edge.
        count: The number of forecasts.
        forecast: Their mean, or None if there are none.
        happened: How many of the events happened.
        interval: Wilson's interval for the share that happens; [0, 1] if there are none.
    """

    low: float
    high: float
    count: int
    forecast: float | None
    happened: int
    interval: Interval

    @property
    def share(self) -> float | None:
        """The share that happened, from 0 to 1, or None if there are none."""
        return self.happened / self.count if self.count else None


def calibration(
    probabilities: Sequence[float],
    outcomes: Sequence[float],
    *,
    bins: int | Sequence[float] = 10,
    level: float = 0.95,
) -> tuple[Bin, ...]:
    """
    Sort forecasts into bins and count what happened in each.

    The reliability table of Wilks (2011), Statistical Methods in the Atmospheric Sciences,
    section 8.4.4. A forecaster is well calibrated where the mean forecast of a bin lies within
    the bin's interval. Empty bins are listed too, with a count of 0.

    Args:
        probabilities: That the event happens, each from 0 to 1.
        outcomes: 1 or True for what happened, 0 or False for what did not.
        bins: How many bins of equal width, or their edges, rising from 0 to 1.
        level: Confidence of the intervals, between 0 and 1, both exclusive.

    Raises:
        FieldError: A value is out of bounds, the lengths differ, or there is no forecast.

    Example:
        >>> for bin in calibration([0.1, 0.2, 0.9], [0, 1, 1], bins=2):
        ...     print(bin.low, bin.high, bin.count, bin.happened)
        0.0 0.5 2 1
        0.5 1.0 1 1
    """
    edges = bin_edges(bins)
    members = bin_members(edges, _check.pairs(probabilities, outcomes))
    return tuple(
        _bin(low, high, inside, level)
        for (low, high), inside in zip(pairwise(edges), members, strict=True)
    )


def bin_edges(bins: int | Sequence[float]) -> tuple[float, ...]:
    """
    Return the edges of *bins*: at least two numbers that rise from 0 to 1.

    Raises:
        FieldError: There is no bin, or the edges do not rise from 0 to 1.
    """
    if not isinstance(bins, Sized):
        number = _check.count("bins", bins, least=1, otherwise="bins hold nothing")
        return tuple(i / number for i in range(number + 1))
    edges = tuple(_check.number("edge", edge) for edge in bins)
    rising = all(low < high for low, high in pairwise(edges))
    if not rising or edges[:1] != (0.0,) or edges[-1:] != (1.0,):
        raise _check.refuse(f"edges {list(edges)!r} do not rise from 0 to 1")
    return edges


def bin_members(
    edges: Sequence[float], pairs: Sequence[tuple[float, float]]
) -> tuple[list[tuple[float, float]], ...]:
    """Return the pairs of forecast and outcome in each bin; an edge belongs to the bin above."""
    members: tuple[list[tuple[float, float]], ...] = tuple([] for _ in edges[1:])
    for p, o in pairs:
        members[min(bisect_right(edges, p), len(edges) - 1) - 1].append((p, o))
    return members


def _bin(low: float, high: float, inside: Sequence[tuple[float, float]], level: float) -> Bin:
    happened = sum(1 for _, o in inside if o)
    return Bin(
        low=low,
        high=high,
        count=len(inside),
        forecast=fsum(p for p, _ in inside) / len(inside) if inside else None,
        happened=happened,
        interval=wilson(happened, len(inside), level=level),
    )


def calibration_error(bins: Sequence[Bin]) -> float:
    """
    Return the mean distance between forecast and share over *bins*, weighted by their counts.

    The expected calibration error of Naeini, Cooper, Hauskrecht (2015), Obtaining well
    calibrated probabilities using Bayesian binning, AAAI. From 0, perfect, to 1. It depends on
    the bins, and chance alone keeps it above 0: read it beside the intervals.

    Raises:
        FieldError: No bin holds a forecast.
    """
    filled = [b for b in bins if b.count]
    _check.not_empty("forecasts in the bins", filled)
    gaps = (abs(b.count * (b.forecast or 0.0) - b.happened) for b in filled)
    return fsum(gaps) / sum(b.count for b in filled)


@attrs.frozen(kw_only=True)
class Decomposition:
    """
    The parts of a Brier score.

    ``brier == reliability - resolution + uncertainty + within``, up to rounding.

    Args:
        reliability: Squared distance of forecasts from what then happened, 0 to 1; lower is
            better, 0 is perfectly calibrated.
        resolution: Squared distance of what happened, forecast by forecast, from the base rate,
            0 to *uncertainty*; higher is better.
        uncertainty: The score of the base rate alone, 0 to 0.25, the same for all forecasters.
        within: What binning hides: the variance of forecasts within bins, less twice their
            covariance with the outcomes. 0 where forecasts in one bin are equal.
    """

    reliability: float
    resolution: float
    uncertainty: float
    within: float

    @property
    def brier(self) -> float:
        """The Brier score that the parts make up, 0 to 1."""
        return self.reliability - self.resolution + self.uncertainty + self.within


def decompose(
    probabilities: Sequence[float],
    outcomes: Sequence[float],
    *,
    bins: int | Sequence[float] | None = None,
) -> Decomposition:
    """
    Decompose the Brier score of forecasts into reliability, resolution and uncertainty.

    Murphy (1973), A new vector partition of the probability score, J. Applied Meteorology 12,
    595-600; the term for what binning hides is that of Stephenson, Coelho, Jolliffe (2008), Two
    extra components in the Brier score decomposition, Weather and Forecasting 23, 752-757.

    Args:
        probabilities: That the event happens, each from 0 to 1.
        outcomes: 1 or True for what happened, 0 or False for what did not.
        bins: How many bins of equal width, or their edges, as in `calibration`. By default
            equal forecasts make a group of their own, which is Murphy's exact form; where
            nearly every forecast differs it takes each for perfectly resolved, so use bins.

    Raises:
        FieldError: A value is out of bounds, the lengths differ, or there is no forecast.

    Example:
        >>> parts = decompose([0.8, 0.8, 0.2, 0.2], [1, 1, 0, 1])
        >>> round(parts.reliability, 4), round(parts.resolution, 4), parts.uncertainty
        (0.065, 0.0625, 0.1875)
    """
    pairs = _check.pairs(probabilities, outcomes)
    if bins is None:
        groups = [list(same) for _, same in groupby(sorted(pairs), key=lambda pair: pair[0])]
    else:
        groups = [inside for inside in bin_members(bin_edges(bins), pairs) if inside]
    count = len(pairs)
    rate = fsum(o for _, o in pairs) / count
    parts = [_group(group, rate) for group in groups]
    return Decomposition(
        reliability=fsum(reliability for reliability, _, _ in parts) / count,
        resolution=fsum(resolution for _, resolution, _ in parts) / count,
        uncertainty=rate * (1 - rate),
        within=fsum(within for _, _, within in parts) / count,
    )


def _group(group: Sequence[tuple[float, float]], rate: float) -> tuple[float, float, float]:
    """Return one group's sums for reliability, resolution and what binning hides."""
    size = len(group)
    forecast = fsum(p for p, _ in group) / size
    share = fsum(o for _, o in group) / size
    spread = fsum((p - forecast) ** 2 for p, _ in group)
    covariance = fsum((p - forecast) * (o - share) for p, o in group)
    return size * (forecast - share) ** 2, size * (share - rate) ** 2, spread - 2 * covariance
