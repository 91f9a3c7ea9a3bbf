"""
Score the forecasts in a registry against what became of its claims.

Each claim counts once for each forecaster, however many forecasts they made of it: at its close
with the last one, and over time with each for as long as it stood. Which forecasts do not count,
and why, is part of the result (`claimtrack.score.questions` has the rules).
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from math import fsum

import attrs

from claimtrack.engine.audit import Audit
from claimtrack.model.forecast import Forecast
from claimtrack.score.bootstrap import bootstrap_mean
from claimtrack.score.calibration import Bin, calibration
from claimtrack.score.intervals import Interval
from claimtrack.score.metaculus import Scored, baseline_over_time, peer_over_time
from claimtrack.score.murphy import Decomposition, decompose
from claimtrack.score.over_time import coverage, time_averaged
from claimtrack.score.proper import base_rate, crowd_median, ln, skill
from claimtrack.score.questions import (
    Question,
    brier_of,
    given_to_outcome,
    last_of,
    options_of,
    questions_of,
    why_not,
)

Made = Mapping[str, Sequence[Forecast]]
"""The forecasts of one question that count, by forecaster, in the order of the file."""


@attrs.frozen(kw_only=True)
class ClaimScore:
    """
    How one forecaster did on one claim.

    Args:
        claim: The id of the claim.
        probability: That it holds, at the close; None for a forecast over options.
        held: Whether it held.
        brier: At the close, 0 to 1, lower better; *brier_over_time* averaged while forecasts stood.
        log: Natural logarithm of the probability given to what came about, at most 0.
        coverage: The share of the question's time for which a forecast stood, 0 to 1.
        baseline: Metaculus' baseline score over the whole time, 100 at best.
        peer: Metaculus' peer score over the whole time, among those who chose from the same
            options; None where one of them gave 0 to the outcome.
        crowd: The Brier score of the median of all forecasters at the close, or None for options.
    """

    claim: str
    probability: float | None
    held: bool
    brier: float
    brier_over_time: float
    log: float
    log_over_time: float
    coverage: float
    baseline: float
    peer: float | None
    crowd: float | None


@attrs.frozen(kw_only=True)
class ForecasterScore:
    """
    How one forecaster did, as means over claims; None where there is nothing to take one of.

    Args:
        by: The id of the forecaster.
        forecasts: How many forecasts they made up to the day of the audit.
        claims: The scores claim by claim.
        brier_interval: Bootstrap interval for the mean Brier score at the close.
        skill_over_base_rate: Skill of the Brier score over always saying the share of these
            claims that held; minus infinity to 1, higher better. Plain probabilities only.
        skill_over_crowd: The same over the median of all forecasters, themselves among them.
    """

    by: str
    forecasts: int
    claims: tuple[ClaimScore, ...]
    brier_interval: Interval | None
    skill_over_base_rate: float | None
    skill_over_crowd: float | None

    def mean(self, name: str) -> float | None:
        """Return the mean of one field of the scores of claims, those without it left out."""
        values = [getattr(one, name) for one in self.claims]
        found = [value for value in values if value is not None]
        return fsum(found) / len(found) if found else None


@attrs.frozen(kw_only=True)
class ForecastReport:
    """
    How everybody did.

    Args:
        forecasters: Best mean Brier score first; those without a scored claim last.
        left_out: Ids of the forecasts that do not count, by the reason.
        bins: Calibration of all plain probabilities at the close; empty if there are none.
        parts: The parts of their Brier score, or None.
        seed: Of the bootstrap intervals.
    """

    forecasters: tuple[ForecasterScore, ...]
    left_out: Mapping[str, tuple[str, ...]]
    bins: tuple[Bin, ...]
    parts: Decomposition | None
    seed: int


def score_forecasts(
    audit: Audit, *, level: float = 0.95, seed: int = 0, bins: int = 10
) -> ForecastReport:
    """
    Score the forecasts in the registry of *audit*.

    Args:
        audit: The verdicts as of a day; forecasts made after it do not count.
        level: Confidence of the intervals, between 0 and 1, both exclusive.
        seed: Of the bootstrap.
        bins: How many bins the calibration has.

    Raises:
        FieldError: An argument is out of its bounds.
    """
    questions = questions_of(audit)
    counted: defaultdict[str, defaultdict[str, list[Forecast]]]
    counted = defaultdict(lambda: defaultdict(list))
    left_out: defaultdict[str, list[str]] = defaultdict(list)
    for forecast in audit.records.forecasts.values():
        reason = why_not(forecast, audit, questions)
        if reason is None:
            counted[forecast.claim][forecast.by].append(forecast)
        else:
            left_out[reason].append(forecast.id)
    scores: defaultdict[str, list[ClaimScore]] = defaultdict(list)
    for claim, made in counted.items():
        for by, score in _claim_scores(questions[claim], made).items():
            scores[by].append(score)
    plain = [s for own in scores.values() for s in own if s.probability is not None]
    pairs = ([s.probability or 0.0 for s in plain], [s.held for s in plain])
    return ForecastReport(
        forecasters=_forecasters(audit, scores, level, seed),
        left_out={reason: tuple(ids) for reason, ids in sorted(left_out.items())},
        bins=calibration(*pairs, bins=bins, level=level) if plain else (),
        parts=decompose(*pairs, bins=bins) if plain else None,
        seed=seed,
    )


def _forecasters(
    audit: Audit, scores: Mapping[str, Sequence[ClaimScore]], level: float, seed: int
) -> tuple[ForecasterScore, ...]:
    made: defaultdict[str, int] = defaultdict(int)
    for forecast in audit.records.forecasts.values():
        made[forecast.by] += forecast.made.last <= audit.day
    found = [_forecaster(by, n, scores.get(by, ()), level, seed) for by, n in made.items() if n]
    return tuple(sorted(found, key=lambda f: (not f.claims, f.mean("brier") or 0.0, f.by)))


def _forecaster(
    by: str, made: int, claims: Sequence[ClaimScore], level: float, seed: int
) -> ForecasterScore:
    errors = [one.brier for one in claims]
    plain = [one for one in claims if one.probability is not None]
    over_base = over_crowd = None
    if plain:
        own = fsum(one.brier for one in plain) / len(plain)
        rate = base_rate([one.held for one in plain])
        over_base = skill(own, rate * (1 - rate))
        over_crowd = skill(own, fsum(one.crowd or 0.0 for one in plain) / len(plain))
    return ForecasterScore(
        by=by,
        forecasts=made,
        claims=tuple(claims),
        brier_interval=bootstrap_mean(errors, seed=seed, level=level) if errors else None,
        skill_over_base_rate=over_base,
        skill_over_crowd=over_crowd,
    )


def _claim_scores(question: Question, made: Made) -> dict[str, ClaimScore]:
    lasts = {by: last_of(own) for by, own in made.items()}
    said = [f.probability for f in lasts.values() if f.probability is not None]
    crowd = (crowd_median(said) - question.held) ** 2 if said else None
    peers = _peers(question, made)
    return {
        by: _claim_score(question, own, lasts[by], peers[by], crowd) for by, own in made.items()
    }


def _claim_score(
    question: Question,
    own: Sequence[Forecast],
    last: Forecast,
    peer: Scored | None,
    crowd: float | None,
) -> ClaimScore:
    def averaged(score: Callable[[Forecast], float]) -> float:
        history = [(forecast.made.last, forecast) for forecast in own]
        mean = time_averaged(history, score, opened=question.opened, closed=question.closed)
        return score(last) if mean is None else mean

    def log(forecast: Forecast) -> float:
        return ln(given_to_outcome(forecast, question))

    history = [(f.made.last, given_to_outcome(f, question)) for f in own]
    window = {"opened": question.opened, "closed": question.closed}
    options = len(options_of(last)) or 2
    base = baseline_over_time(history, **window, scheduled=question.scheduled, options=options)
    return ClaimScore(
        claim=question.claim,
        probability=last.probability,
        held=question.held,
        brier=brier_of(last, question),
        brier_over_time=averaged(lambda f: brier_of(f, question)),
        log=log(last),
        log_over_time=averaged(log),
        coverage=coverage(history, **window),
        baseline=base.score,
        peer=None if peer is None else peer.score,
        crowd=crowd if last.probability is not None else None,
    )


def _peers(question: Question, made: Made) -> Mapping[str, Scored | None]:
    """Hold against each other those who chose among the same options."""
    alike: defaultdict[frozenset[str], dict[str, Sequence[Forecast]]] = defaultdict(dict)
    for by, own in made.items():
        options = frozenset(options_of(last_of(own)))
        alike[options][by] = [f for f in own if frozenset(options_of(f)) == options]
    found: dict[str, Scored | None] = {}
    for group in alike.values():
        found |= _peers_alike(question, group)
    return found


def _peers_alike(question: Question, made: Made) -> Mapping[str, Scored | None]:
    histories = {
        by: [(f.made.last, given_to_outcome(f, question)) for f in own] for by, own in made.items()
    }
    if any(given == 0 for history in histories.values() for _, given in history):
        # Somebody gave 0 to what came about: no one's distance from them is a number.
        return dict.fromkeys(made)
    window = {"opened": question.opened, "closed": question.closed}
    return dict(peer_over_time(histories, **window, scheduled=question.scheduled))
