"""
Intervals for a share: how far a count of successes lets the true share be.

`wilson` is what every table of this library shows. The eleven others are here to compare with
other people's tables; names in `METHODS` are those of the R package binom. All are a `Method`,
which says what their arguments are, and estimate a probability, so they are cut to [0, 1]. With
no trials nothing is known and each is [0, 1]. *held* and *decided* may be fractions, for
policies that count a claim as half.

References:
    Brown, Cai, DasGupta (2001), Interval estimation for a binomial proportion, Statistical
    Science 16(2), 101-133, compares them all. Dorai-Raj, R package binom.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from math import ceil, exp, floor, fsum, log, sqrt
from random import Random
from statistics import NormalDist
from typing import Final, Protocol

import attrs

from claimtrack.score import _beta, _check

_NORMAL: Final = NormalDist()
_CLOSE: Final = 1e-12
"""How near is near enough where an answer rests on many others."""


@attrs.frozen
class Interval:
    """A range from *low* to *high*, both inclusive."""

    low: float
    high: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


class Method(Protocol):
    """A way to estimate a share from a count."""

    def __call__(self, held: float, decided: float, *, level: float = 0.95) -> Interval:
        """
        Return the interval for *held* out of *decided*.

        Args:
            held: How many succeeded, from 0 to *decided*.
            decided: How many there were; 0 gives [0, 1].
            level: Confidence, between 0 and 1, both exclusive.

        Raises:
            FieldError: An argument is out of its bounds.
        """


def _method(formula: Callable[[float, float, float], tuple[float, float]]) -> Method:
    """Wrap a formula of held, decided and alpha in what all methods share."""

    @wraps(formula)
    def estimate(held: float, decided: float, *, level: float = 0.95) -> Interval:
        alpha = 1 - _check.level(level)
        given = f"{held!r} of {decided!r}"
        held, decided = _check.number("count", held), _check.finite("count", decided)
        if not 0 <= held <= decided:
            message = f"{given} is out of bounds; expected 0 <= held <= decided"
            raise _check.refuse(message)
        low, high = formula(held, decided, alpha) if decided else (0.0, 1.0)
        # Rounding may leave the estimate itself a bit outside at the edges.
        return Interval(max(0.0, low) if held else 0.0, min(1.0, high) if held < decided else 1.0)

    return estimate


def _z(alpha: float) -> float:
    return _NORMAL.inv_cdf(1 - alpha / 2)


@_method
def wilson(held: float, decided: float, alpha: float) -> tuple[float, float]:
    """
    Return the score interval: every share that a two-sided test would not reject.

    Wilson (1927), Probable inference, the law of succession, and statistical inference,
    JASA 22, 209-212; Brown et al. (2001), formula 4. It keeps close to its level for small
    counts and never has width 0.

    Example:
        >>> interval = wilson(18, 20)
        >>> round(interval.low, 3), round(interval.high, 3)
        (0.699, 0.972)
    """
    z = _z(alpha)
    share = held / decided
    half = z * sqrt(share * (1 - share) / decided + z * z / (4 * decided * decided))
    shift = z * z / (2 * decided)
    scale = 1 + z * z / decided
    return (share + shift - half) / scale, (share + shift + half) / scale


@_method
def prop_test(held: float, decided: float, alpha: float) -> tuple[float, float]:
    """
    Return the Wilson interval with Yates' continuity correction, as R's ``prop.test`` does.

    Newcombe (1998), Two-sided confidence intervals for the single proportion, Statistics in
    Medicine 17, 857-872, method 4; the correction is at most the distance to one half.
    """
    z = _z(alpha)
    yates = min(0.5, abs(held - decided / 2)) / decided
    scale = 1 + z * z / decided

    def bound(share: float, sign: int) -> float:
        if not 0 < share < 1:
            return float(share > 0)
        half = z * sqrt(share * (1 - share) / decided + z * z / (4 * decided * decided))
        return (share + z * z / (2 * decided) + sign * half) / scale

    return bound(held / decided - yates, -1), bound(held / decided + yates, 1)


@_method
def agresti_coull(held: float, decided: float, alpha: float) -> tuple[float, float]:
    """
    Return the normal interval around the middle of Wilson's.

    Agresti, Coull (1998), Approximate is better than "exact", The American Statistician 52,
    119-126; Brown et al. (2001), formula 5.
    """
    z = _z(alpha)
    return _around((held + z * z / 2) / (decided + z * z), decided + z * z, z)


@_method
def asymptotic(held: float, decided: float, alpha: float) -> tuple[float, float]:
    """
    Return the textbook normal interval (Wald), which is far too narrow for small counts.

    Brown et al. (2001), formula 1, who advise against it. Its width is 0 when all or none held,
    and only here does this library let that stand: it is what other tables print.
    """
    share = held / decided
    return _around(share, decided, _z(alpha))


def _around(share: float, count: float, z: float) -> tuple[float, float]:
    half = z * sqrt(share * (1 - share) / count)
    return share - half, share + half


@_method
def exact(held: float, decided: float, alpha: float) -> tuple[float, float]:
    """
    Return the interval whose tails of the binomial distribution hold at most half of alpha each.

    Clopper, Pearson (1934), The use of confidence or fiducial limits, Biometrika 26, 404-413;
    by quantiles of the beta distribution, Brown et al. (2001), section 4.2.1. It never covers
    less than its level, and mostly more.
    """
    low = _beta.quantile(alpha / 2, held, decided - held + 1) if held else 0.0
    return low, _beta.quantile(1 - alpha / 2, held + 1, decided - held) if held < decided else 1.0


@_method
def jeffreys(held: float, decided: float, alpha: float) -> tuple[float, float]:
    """
    Return the equal-tailed range of belief from Jeffreys' prior Beta(½, ½).

    Brown et al. (2001), section 3.2, with their change that the low end is 0 where none held
    and the high end 1 where all did.
    """
    a, b = held + 0.5, decided - held + 0.5
    return _beta.quantile(alpha / 2, a, b), _beta.quantile(1 - alpha / 2, a, b)


@_method
def bayes(held: float, decided: float, alpha: float) -> tuple[float, float]:
    """
    Return the shortest range of belief from Jeffreys' prior Beta(½, ½).

    R's ``binom.bayes(type = "highest")``, its default; its ``"central"`` is `jeffreys`. Box,
    Tiao (1973), Bayesian Inference in Statistical Analysis, section 2.8. Where none or all
    held, the one tail is empty and the other has all of alpha. It covers a little too little (on
    average 0.93 at 0.95 for 25 trials, where `jeffreys` covers 0.946 and `wilson` 0.953).
    """
    a, b = held + 0.5, decided - held + 0.5
    if held in {0, decided}:
        return _beta.quantile(alpha, a, b), _beta.quantile(1 - alpha, a, b)
    # With less than half a success or failure the density has no peak: equal tails then.
    tail = _shorter_tail(a, b, alpha) if min(a, b) > 1 else alpha / 2
    return _beta.quantile(tail, a, b), _beta.quantile(tail + 1 - alpha, a, b)


def _shorter_tail(a: float, b: float, alpha: float) -> float:
    """Return the share to leave out below, so that the rest is as short as can be."""
    return _beta.root(lambda tail: _imbalance(tail, a, b, alpha), 0, alpha, within=_CLOSE)


def _imbalance(tail: float, a: float, b: float, alpha: float) -> float:
    """Compare the density at both ends of the range above *tail*; equal ends are the shortest."""
    low = _beta.quantile(tail, a, b, within=_CLOSE)
    high = _beta.quantile(tail + 1 - alpha, a, b, within=_CLOSE)
    if not 0 < low < high < 1:
        return -1.0 if low <= 0 else 1.0
    return _beta.log_density(low, a, b) - _beta.log_density(high, a, b)


def _at_edges(held: float, decided: float, alpha: float) -> tuple[float, float] | None:
    """Return the exact interval where none or all held, for links that are infinite there."""
    if held == 0:
        return 0.0, 1 - float((alpha / 2) ** (1 / decided))
    if held == decided:
        return float((alpha / 2) ** (1 / decided)), 1.0
    return None


@_method
def logit(held: float, decided: float, alpha: float) -> tuple[float, float]:
    """
    Return the normal interval on the log odds, carried back.

    Brown et al. (2001), section 4.1.1; Newcombe (2001). Where none or all held, the exact one.
    """
    edge = _at_edges(held, decided, alpha)
    if edge:
        return edge
    share = held / decided
    middle = log(share / (1 - share))
    half = _z(alpha) / sqrt(decided * share * (1 - share))
    return 1 / (1 + exp(half - middle)), 1 / (1 + exp(-half - middle))


@_method
def probit(held: float, decided: float, alpha: float) -> tuple[float, float]:
    """
    Return the normal interval on the probit of the share, carried back, by the delta method.

    R's ``binom.probit``. Where none or all held, the exact one.
    """
    edge = _at_edges(held, decided, alpha)
    if edge:
        return edge
    share = held / decided
    middle = _NORMAL.inv_cdf(share)
    half = _z(alpha) * sqrt(share * (1 - share) / decided) / _NORMAL.pdf(middle)
    return _NORMAL.cdf(middle - half), _NORMAL.cdf(middle + half)


@_method
def cloglog(held: float, decided: float, alpha: float) -> tuple[float, float]:
    """
    Return the normal interval on log(-log(share)), carried back, by the delta method.

    R's ``binom.cloglog``. Where none or all held, the exact one.
    """
    edge = _at_edges(held, decided, alpha)
    if edge:
        return edge
    share = held / decided
    middle = log(-log(share))
    half = _z(alpha) * sqrt((1 - share) / (decided * share)) / -log(share)
    return exp(-exp(middle + half)), exp(-exp(middle - half))


@_method
def lrt(held: float, decided: float, alpha: float) -> tuple[float, float]:
    """
    Return every share that a likelihood ratio test would not reject.

    Brown et al. (2001), section 4.2.2; the ends are where the deviance reaches z squared.
    """
    return _deviance_ends(held, decided, _z(alpha))


@_method
def profile(held: float, decided: float, alpha: float) -> tuple[float, float]:
    """
    Return the likelihood ratio interval, with half a success added where none or all held.

    R's ``binom.profile`` with its default edge correction (one trial and half a success more).
    R interpolates between points of the profile and so is up to 0.0011 off at small counts;
    here the ends are solved for.
    """
    if 0 < held < decided:
        return _deviance_ends(held, decided, _z(alpha))
    return _deviance_ends(held + 0.5, decided + 1, _z(alpha))


def _deviance_ends(held: float, decided: float, z: float) -> tuple[float, float]:
    share = held / decided

    def likelihood(p: float) -> float:
        hits = held * log(p) if held else 0.0
        misses = (decided - held) * log(1 - p) if held < decided else 0.0
        return hits + misses

    best = likelihood(share)

    def excess(p: float) -> float:
        return 2 * (best - likelihood(p)) - z * z

    return (
        _beta.root(lambda p: -excess(p), 0.0, share) if held else 0.0,
        _beta.root(excess, share, 1.0) if held < decided else 1.0,
    )


METHODS: Final[Mapping[str, Method]] = {
    "agresti-coull": agresti_coull,
    "asymptotic": asymptotic,
    "bayes": bayes,
    "cloglog": cloglog,
    "exact": exact,
    "jeffreys": jeffreys,
    "logit": logit,
    "lrt": lrt,
    "probit": probit,
    "profile": profile,
    "prop.test": prop_test,
    "wilson": wilson,
}
"""Every method by the name that the R package binom gives it; `jeffreys` has statsmodels' name."""


def bootstrap_mean(
    values: Sequence[float],
    *,
    seed: int,
    level: float = 0.95,
    resamples: int = 2000,
) -> Interval:
    """
    Return the percentile bootstrap interval for the mean of *values*.

    Efron, Tibshirani (1993), An Introduction to the Bootstrap, section 13.3. The ends are means
    that were drawn, never between two of them, so that values of minus infinity (a log score)
    stay what they are. With few values it is too narrow, and with one its width is 0: at a
    level of 0.95 it held the true Brier score of simulated forecasters 0.79 of the time for 5
    forecasts, 0.87 for 10, 0.91 for 20 and 0.93 for 40. Equal arguments give equal intervals,
    on every platform and version of Python.

    Args:
        values: At least one; each counts as independent of the others.
        seed: Any whole number; name it wherever the interval is shown.
        level: Confidence, between 0 and 1, both exclusive.
        resamples: How many means to draw, at least 1.

    Raises:
        FieldError: An argument is out of its bounds.

    Example:
        >>> bootstrap_mean([0.0, 1.0, 0.0, 0.0], seed=1)
        Interval(low=0.0, high=0.75)
    """
    _check.not_empty("values", values)
    alpha = 1 - _check.level(level)
    resamples = _check.count("resamples", resamples, least=1, otherwise="resamples draw nothing")
    numbers = [_check.number("value", value) for value in values]
    means = sorted(_means(numbers, Random(seed), resamples))  # noqa: S311
    return Interval(
        means[floor((resamples - 1) * alpha / 2)],
        means[ceil((resamples - 1) * (1 - alpha / 2))],
    )


def _means(values: Sequence[float], random: Random, resamples: int) -> list[float]:
    # Random.random() is the one draw that Python promises to repeat in later versions.
    draw, size = random.random, len(values)
    return [fsum(values[int(draw() * size)] for _ in range(size)) / size for _ in range(resamples)]
