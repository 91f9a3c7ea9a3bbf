"""
Baseline and peer scores, as Metaculus defines them.

Both rest on the natural logarithm of the probability given to what happened, times 100, and
higher is better. Metaculus takes probabilities from 0.001 to 0.999; here 0 is allowed where
the score is then minus infinity, and refused where it would be undefined.

References:
    Metaculus, Scores FAQ, https://www.metaculus.com/help/scores-faq/
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import chain, groupby
from math import fsum, log
from operator import itemgetter
from typing import Final

import attrs

from claimtrack.score import _check
from claimtrack.score.over_time import History, Moment, Stretch, axis, stretches
from claimtrack.score.proper import ln

_POINTS: Final = 100


@attrs.frozen
class Scored:
    """A *score*, and the share of the question's time, from 0 to 1, that it rests on."""

    score: float
    coverage: float


def baseline(probability: float, *, options: int = 2) -> float:
    """
    Return the baseline score: the gain over giving each option the same probability.

    100 * ln(p * k) / ln(k) for k options, which for two is 100 * (1 + log2 p); Scores FAQ,
    "What is the Baseline score?". 100 is perfect, 0 is the uniform forecast; there is no lower
    bound, and a probability of 0 gives minus infinity. Higher is better.

    Args:
        probability: The probability of the option that happened, from 0 to 1.
        options: How many options there were, at least 2.

    Raises:
        FieldError: An argument is out of its bounds.

    Example:
        >>> round(baseline(0.9), 2), round(baseline(0.1), 2)
        (84.8, -232.19)
    """
    if options < 2:  # noqa: PLR2004
        raise _check.refuse(f"a question with {options!r} options is none; expected at least 2")
    return _POINTS * (1 + ln(_check.probability(probability)) / log(options))


def peer(probability: float, others: Sequence[float]) -> float:
    """
    Return the peer score: the mean gain over the other forecasters.

    100 * the mean over the others of ln p - ln q; Scores FAQ, "What is the Peer score?". Above
    0 is better than they; the scores of all forecasters of a question add up to 0. Without others
    it is 0. Higher is better, without bounds.

    Args:
        probability: This forecaster's probability of the option that happened, above 0.
        others: The probability by each other forecaster, above 0.

    Raises:
        FieldError: A probability is 0, for which the score is not defined, or out of bounds.

    Example:
        >>> round(peer(0.9, [0.6, 0.5]), 2)
        49.66
    """
    mine = _log_above_zero(probability)
    if not others:
        return 0.0
    return _POINTS * (mine - fsum(map(_log_above_zero, others)) / len(others))


def _log_above_zero(probability: float) -> float:
    if _check.probability(probability) == 0:
        message = "a peer score is not defined where someone gave 0 to what happened"
        raise _check.refuse(message)
    return log(probability)


def baseline_over_time(
    history: History[float],
    *,
    opened: Moment,
    closed: Moment,
    scheduled: Moment | None = None,
    options: int = 2,
) -> Scored:
    """
    Return the baseline score averaged over the whole time of a question.

    Time without a forecast counts as 0 points; Scores FAQ, "Do all my predictions on
    a question count toward my score?".

    Args:
        history: Moments, and the probability then given to the option that happened.
        opened: When the question opened, inclusive.
        closed: When it closed, exclusive: early, if the outcome was known early.
        scheduled: When it would have closed; the time after *closed* counts as uncovered.
        options: How many options there were, at least 2.

    Raises:
        FieldError: An argument is out of its bounds.
    """
    standing = stretches(history, opened=opened, closed=closed)
    total = _length(opened, closed, scheduled)
    points = (baseline(s.forecast, options=options) * s.duration for s in standing)
    return Scored(fsum(points) / total, fsum(s.duration for s in standing) / total)


def peer_over_time(
    histories: Mapping[str, History[float]],
    *,
    opened: Moment,
    closed: Moment,
    scheduled: Moment | None = None,
) -> dict[str, Scored]:
    """
    Return each forecaster's peer score averaged over the whole time of a question.

    At each moment a forecaster is compared with the others whose forecasts stood then. Time
    without a forecast of one's own, or of any other, counts as 0 points.

    Args:
        histories: For each forecaster, moments and the probability then given to the option
            that happened.
        opened: When the question opened, inclusive.
        closed: When it closed, exclusive: early, if the outcome was known early.
        scheduled: When it would have closed; the time after *closed* counts as uncovered.

    Returns:
        A score for each forecaster, in the order of *histories*.

    Raises:
        FieldError: An argument is out of its bounds, or a probability is 0.
    """
    total = _length(opened, closed, scheduled)
    standing = {
        who: stretches(history, opened=opened, closed=closed)
        for who, history in sorted(histories.items())
    }
    points = _points_against_the_mean(standing)
    return {
        who: Scored(
            fsum(points[who]) * _POINTS / total,
            fsum(s.duration for s in standing[who]) / total,
        )
        for who in histories
    }


def _points_against_the_mean(
    standing: Mapping[str, Sequence[Stretch[float]]],
) -> Mapping[str, list[float]]:
    """
    Return the points of each stretch of each forecaster, in one sweep over all starts and ends.

    With n forecasts standing, of which the logarithms sum to S, one with the logarithm p is above
    the mean of the others by (n p - S) / (n - 1). Over a stretch p stays and the rest is integrated
    over time, for all forecasters at once.
    """
    begins = ((s.start, 1, _log_above_zero(s.forecast)) for own in standing.values() for s in own)
    ends = ((s.end, -1, -_log_above_zero(s.forecast)) for own in standing.values() for s in own)
    weights, means = [0.0], [0.0]
    times: list[float] = []
    count, logs = 0, Fraction()
    for at, turns in groupby(sorted(chain(begins, ends)), key=itemgetter(0)):
        if times:
            passed = at - times[-1]
            alone = count < 2  # noqa: PLR2004 - the score is 0 without others
            weights.append(weights[-1] + (0.0 if alone else passed * count / (count - 1)))
            means.append(means[-1] + (0.0 if alone else passed * float(logs) / (count - 1)))
        times.append(at)
        for _, one, log_ in turns:
            count += one
            logs += Fraction(log_)
    place = {at: index for index, at in enumerate(times)}
    return {
        who: [
            _log_above_zero(s.forecast) * (weights[place[s.end]] - weights[place[s.start]])
            - (means[place[s.end]] - means[place[s.start]])
            for s in own
        ]
        for who, own in standing.items()
    }


def _length(opened: Moment, closed: Moment, scheduled: Moment | None) -> float:
    horizon = closed if scheduled is None else scheduled
    if axis(horizon) < axis(closed):
        raise _check.refuse(f"a question scheduled to close on {horizon} closed on {closed}")
    return axis(horizon) - axis(opened)
