"""Take the Brier score apart: is a forecaster honest, and do they tell things apart?"""

from collections.abc import Sequence
from itertools import groupby
from math import fsum

import attrs

from claimtrack.score import _check
from claimtrack.score.calibration import bin_edges, members_of


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
        uncertainty: What the base rate alone would score, 0 to 0.25; nobody's merit.
        within: What binning hides: the spread of forecasts inside bins, less what of it was
            right. 0 where forecasts in one bin are equal.
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
    Take the Brier score of forecasts apart into reliability, resolution and uncertainty.

    Murphy (1973), A new vector partition of the probability score, J. Applied Meteorology 12,
    595-600; the term for what binning hides is that of Stephenson, Coelho, Jolliffe (2008), Two
    extra components in the Brier score decomposition, Weather and Forecasting 23, 752-757.

    Args:
        probabilities: That the thing happens, each from 0 to 1.
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
        groups = [inside for inside in members_of(bin_edges(bins), pairs) if inside]
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
    right = fsum((p - forecast) * (o - share) for p, o in group)
    return size * (forecast - share) ** 2, size * (share - rate) ** 2, spread - 2 * right
