"""
Proper scores: those whose expectation is best for the forecaster's true belief.

A forecast is a probability that an event happens (binary), or a probability for each of
several options of which one will happen. Outcomes are 1 or True for what happened, 0 or False
for what did not; with options, the name of the one that happened.

References:
    Gneiting, Raftery (2007), Strictly proper scoring rules, prediction, and estimation,
    JASA 102, 359-378, is the survey; each function names the source of its own formula.
"""

from collections.abc import Callable, Mapping, Sequence, Sized
from math import fsum, inf, isclose, log
from statistics import median
from typing import Final

from claimtrack.errors import FieldError
from claimtrack.score import _check

Distribution = Mapping[str, float]
"""A probability for each of several options; the probabilities add up to 1."""

_ROUNDING: Final = 1e-6
"""How far the sum of a distribution may be from 1, as published percentages are rounded."""


def brier(probabilities: Sequence[float], outcomes: Sequence[float]) -> float:
    """
    Return the mean Brier score: the squared distance between forecasts and outcomes.

    Brier (1950), Verification of forecasts expressed in terms of probability, Monthly Weather
    Review 78, 1-3, in the halved form that is now usual: 0 is perfect, 1 is certain and wrong,
    a constant ½ gives 0.25. Lower is better. Brier's own, with both options, is twice this.

    Args:
        probabilities: That the event happens, each from 0 to 1.
        outcomes: 1 or True for what happened, 0 or False for what did not.

    Raises:
        FieldError: A value is out of bounds, the lengths differ, or there is no forecast.

    Example:
        >>> brier([0.9, 0.5], [True, False])
        0.13
    """
    scores = [(p - o) ** 2 for p, o in _check.pairs(probabilities, outcomes)]
    return fsum(scores) / len(scores)


def brier_options(distributions: Sequence[Distribution], happened: Sequence[str]) -> float:
    """
    Return the mean Brier score of forecasts over options, halved so that it is from 0 to 1.

    Brier (1950), formula 2, divided by 2: half the sum over the options of squared distances.
    With two options it equals `brier`. 0 is perfect, 1 is certain of one wrong option. Lower
    is better. The order of the options does not matter.

    Raises:
        FieldError: A distribution is not one, an outcome is not an option, the lengths differ,
            or there is no forecast.

    Example:
        >>> round(brier_options([{"a": 0.6, "b": 0.3, "c": 0.1}], ["a"]), 3)
        0.13
    """
    return _mean(distributions, happened, _half_brier)


def _half_brier(distribution: Distribution, happened: str) -> float:
    return fsum((p - (option == happened)) ** 2 for option, p in distribution.items()) / 2


def log_score(probabilities: Sequence[float], outcomes: Sequence[float]) -> float:
    """
    Return the mean logarithm of the probability given to the outcome.

    Good (1952), Rational decisions, J. Royal Statistical Society B 14, 107-114; natural
    logarithm, as in Gneiting, Raftery (2007), section 3.1. 0 is perfect; higher is better; a
    constant ½ gives -0.693. A probability of 0 for what happened, or of 1 for what did not, is
    minus infinity, and so is then the mean: nothing is clamped.

    Raises:
        FieldError: A value is out of bounds, the lengths differ, or there is no forecast.

    Example:
        >>> round(log_score([0.9, 0.5], [True, False]), 4)
        -0.3993
        >>> log_score([0.0, 0.5], [True, False])
        -inf
    """
    scores = [ln(p if o else 1 - p) for p, o in _check.pairs(probabilities, outcomes)]
    return _average(scores)


def log_score_options(distributions: Sequence[Distribution], happened: Sequence[str]) -> float:
    """
    Return the mean natural logarithm of the probability given to the option that happened.

    As `log_score`, for several options: at most 0, higher is better, minus infinity if that
    option had probability 0.

    Raises:
        FieldError: A distribution is not one, an outcome is not an option, the lengths differ,
            or there is no forecast.
    """
    return _mean(distributions, happened, lambda distribution, name: ln(distribution[name]))


def _mean(
    distributions: Sequence[Distribution],
    happened: Sequence[str],
    score: Callable[[Distribution, str], float],
) -> float:
    _check.same_length(distributions, happened)
    _check.not_empty("forecasts", distributions)
    pairs = zip(distributions, happened, strict=True)
    return _average([score(check_distribution(d, name), name) for d, name in pairs])


def skill(score: float, reference: float, *, best: float = 0.0) -> float:
    """
    Return the improvement of a score on a *reference*, as a share of the greatest possible.

    (score - reference) / (best - reference); Murphy (1973), Hedging and skill scores for
    probability forecasts, J. Applied Meteorology 12, 215-223. 1 is as good as possible, 0 no
    better than the reference, below 0 worse. Both the Brier and the log score are 0 at best.

    Where the reference is the best score, it is 0 for an equal score and minus infinity for any
    other. Two scores of minus infinity are equal, hence 0.

    Raises:
        FieldError: An argument is not a number.

    Example:
        >>> round(skill(0.2, 0.25), 3)
        0.2
    """
    score, reference = _check.number("score", score), _check.number("reference", reference)
    best = _check.number("best", best)
    if score == reference:
        return 0.0
    if reference == best:
        return -inf
    if reference in {inf, -inf}:
        return 1.0
    return (score - reference) / (best - reference)


def brier_skill(
    probabilities: Sequence[float],
    outcomes: Sequence[float],
    *,
    reference: float | Sequence[float] | None = None,
) -> float:
    """
    Return the Brier skill score against *reference*, from minus infinity to 1, higher better.

    Args:
        probabilities: That the event happens, each from 0 to 1.
        outcomes: 1 or True for what happened, 0 or False for what did not.
        reference: A constant forecast, or one for each outcome (the crowd's median, say). By
            default the base rate of the same outcomes, which nobody knew beforehand, so it is hard
            to beat.

    Raises:
        FieldError: A value is out of bounds, the lengths differ, or there is no forecast.
    """
    if reference is None:
        reference = base_rate(outcomes)
    _check.not_empty("outcomes", outcomes)
    if not isinstance(reference, Sized):
        reference = [reference] * len(outcomes)
    return skill(brier(probabilities, outcomes), brier(reference, outcomes))


def base_rate(outcomes: Sequence[float]) -> float:
    """
    Return the share of *outcomes* that happened, from 0 to 1.

    Raises:
        FieldError: There is no outcome, or one is not 0 or 1.
    """
    _check.not_empty("outcomes", outcomes)
    return fsum(map(_check.outcome, outcomes)) / len(outcomes)


def crowd_median(probabilities: Sequence[float]) -> float:
    """
    Return the median of several forecasters' probabilities of one event.

    With an even number of them it is the mean of the middle two.

    Raises:
        FieldError: There is none, or one is out of bounds.
    """
    _check.not_empty("forecasts", probabilities)
    return float(median(map(_check.probability, probabilities)))


def check_distribution(distribution: Distribution, happened: str | None = None) -> Distribution:
    """
    Return *distribution* if it is one, over at least two options, *happened* among them.

    Raises:
        FieldError: It is not.
    """
    if not isinstance(distribution, Mapping):
        message = f"{distribution!r} has the wrong type; expected probabilities by option"
        raise FieldError("CT101", message)
    if len(distribution) < 2:  # noqa: PLR2004
        raise _check.refuse(f"a distribution over {sorted(distribution)} has no alternative")
    total = fsum(map(_check.probability, distribution.values()))
    if not isclose(total, 1, abs_tol=_ROUNDING):
        raise _check.refuse(f"probabilities {dict(distribution)!r} add up to {total}; expected 1")
    if happened is not None and happened not in distribution:
        message = f"outcome {happened!r} is not an option; expected one of {sorted(distribution)}"
        raise _check.refuse(message)
    return distribution


def ln(probability: float) -> float:
    """Return the natural logarithm, with minus infinity for 0."""
    return log(probability) if probability > 0 else -inf


def _average(scores: Sequence[float]) -> float:
    # Only minus infinity can occur here; fsum would refuse both infinities together.
    return fsum(scores) / len(scores)
