"""
The beta distribution: as much of it as interval estimates need.

The regularised incomplete beta function is computed by its continued fraction (DLMF 8.17.22,
https://dlmf.nist.gov/8.17#v), evaluated by the modified Lentz method; quantiles by bisection,
which needs no starting guess and cannot leave [0, 1]. SciPy has both, but is fifty times the
size of this whole library.
"""

from collections.abc import Callable
from math import exp, lgamma, log, log1p
from typing import Final

_TINY: Final = 1e-300
_SETTLED: Final = 1e-16
_MOST_TERMS: Final = 10_000


def cdf(x: float, a: float, b: float) -> float:
    """
    Return the probability that a Beta(*a*, *b*) variable is at most *x*.

    Args:
        x: From 0 to 1, both inclusive.
        a: Above 0.
        b: Above 0.
    """
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    # The fraction converges fast below the mean; above it the mirror image is used.
    if x > (a + 1) / (a + b + 2):
        return 1 - cdf(1 - x, b, a)
    front = exp(a * log(x) + b * log1p(-x) + lgamma(a + b) - lgamma(a) - lgamma(b)) / a
    return front * _fraction(x, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    """Evaluate the continued fraction of DLMF 8.17.22, without its front factor."""
    c, d = 1.0, 1 / _not_zero(1 - (a + b) * x / (a + 1))
    total = d
    for m in range(1, _MOST_TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for coefficient in (even, odd):
            d = 1 / _not_zero(1 + coefficient * d)
            c = _not_zero(1 + coefficient / c)
            total *= c * d
        if abs(c * d - 1) < _SETTLED:
            break
    return total


def _not_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def quantile(share: float, a: float, b: float, *, within: float = 0.0) -> float:
    """Return the *x* at which `cdf` reaches *share*, from 0 to 1; *within* as in `root`."""
    return root(lambda x: cdf(x, a, b) - share, 0.0, 1.0, within=within)


def log_density(x: float, a: float, b: float) -> float:
    """Return the logarithm of the density at *x*, strictly between 0 and 1, up to a constant."""
    return (a - 1) * log(x) + (b - 1) * log1p(-x)


def root(
    rising: Callable[[float], float], low: float, high: float, *, within: float = 0.0
) -> float:
    """
    Return where the function *rising* crosses 0 between *low* and *high*, by bisection.

    A function that is negative throughout gives *high*, one that is positive throughout *low*.
    The answer is *within* that distance of the crossing, or as near as floats are.
    """
    while True:
        middle = low + (high - low) / 2
        if high - low <= within or not low < middle < high:
            return middle
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
