"""
Score the forecasts in a registry against what became of its claims.

Each claim counts once for each forecaster, however many forecasts they made of it: at its close
with the one that stands then, and over time with each for as long as it stood. Which forecasts do
not count, and why, is part of the result (`claimtrack.score.questions` has the rules).
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
from claimtrack.score.over_time import History, at_close, coverage, stretches, time_averaged
from claimtrack.score.proper import base_rate, crowd_median, ln, skill
from claimtrack.score.questions import (
    TAKEN_BACK,
    Question,
    Standing,
    brier_of,
    given_to_outcome,
    history_of,
    options_of,
    questions_of,
    standing_of,
    why_not,
    zone_of,
)

Made = Mapping[str, History[Forecast]]
"""The forecasts of one question that count, by forecaster, as a history."""


@attrs.frozen(kw_only=True)
class ClaimScore:
    """
    How one forecaster did on one claim.

    Args:
        claim: The id of the claim.
        probability: That it holds, at the close; None for a forecast over options, and where none
            stood at the close, which was taken back.
        held: Whether it held.
        brier: At the close, 0 to 1, lower better, or None; *brier_over_time* averaged while
            forecasts stood.
        log: Natural logarithm of the probability given to what came about, at most 0; likewise.
        coverage: The share of the question's time for which a forecast stood, 0 to 1.
        baseline: The baseline score, as Metaculus defines it, from the opening to the scheduled
            close, 100 at best.
        peer: The peer score, likewise, among those who chose from the same
            options; None where one of them gave 0 to the outcome.
        crowd: The Brier score of the median of all forecasters at the close, or None for options.
    """

    claim: str
    probability: float | None
    held: bool
    brier: float | None
    brier_over_time: float
    log: float | None
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
    counted: defaultdict[str, defaultdict[str, list[Standing]]]
    counted = defaultdict(lambda: defaultdict(list))
    left_out: defaultdict[str, list[str]] = defaultdict(list)
    made: defaultdict[str, int] = defaultdict(int)
    for forecast in audit.records.forecasts.values():
        claim = audit.records.claims[forecast.claim]
        standing = standing_of(forecast, zone_of(claim, audit))
        made[forecast.by] += standing.made.last <= audit.day
        reason = why_not(standing, audit, questions)
        if reason in {None, TAKEN_BACK}:  # for it took the place of the one before
            counted[forecast.claim][forecast.by].append(standing)
        if reason is not None:
            left_out[reason].append(forecast.id)
    scores: defaultdict[str, list[ClaimScore]] = defaultdict(list)
    for id_, question in questions.items():
        histories = {by: history_of(own) for by, own in sorted(counted[id_].items())}
        for by, score in _claim_scores(question, histories).items():
            scores[by].append(score)
    plain = [s for own in scores.values() for s in own if s.probability is not None]
    pairs = ([s.probability or 0.0 for s in plain], [s.held for s in plain])
    return ForecastReport(
        forecasters=_forecasters(made, scores, level, seed),
        left_out={reason: tuple(sorted(ids)) for reason, ids in sorted(left_out.items())},
        bins=calibration(*pairs, bins=bins, level=level) if plain else (),
        parts=decompose(*pairs, bins=bins) if plain else None,
        seed=seed,
    )


def _forecasters(
    made: Mapping[str, int],
    scores: Mapping[str, Sequence[ClaimScore]],
    level: float,
    seed: int,
) -> tuple[ForecasterScore, ...]:
    found = [_forecaster(by, n, scores.get(by, ()), level, seed) for by, n in made.items() if n]
    return tuple(sorted(found, key=_by_brier))


def _by_brier(one: ForecasterScore) -> tuple[bool, float, str]:
    mean = one.mean("brier")
    return (mean is None, mean or 0.0, one.by)


def _forecaster(
    by: str, made: int, claims: Sequence[ClaimScore], level: float, seed: int
) -> ForecasterScore:
    errors = [one.brier for one in claims if one.brier is not None]
    plain = [one for one in claims if one.probability is not None]
    over_base = over_crowd = None
    if plain:
        own = fsum(one.brier or 0.0 for one in plain) / len(plain)
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
    closed = question.closed.at
    made = {by: own for by, own in made.items() if _stood(own, question)}
    lasts = {by: at_close(own, closed=closed) for by, own in made.items()}
    said = [f.probability for f in lasts.values() if f is not None and f.probability is not None]
    crowd = (crowd_median(said) - question.held) ** 2 if said else None
    peers = _peers(question, made)
    return {
        by: _claim_score(question, own, lasts[by], peers[by], crowd) for by, own in made.items()
    }


def _claim_score(
    question: Question,
    own: History[Forecast],
    last: Forecast | None,
    peer: Scored | None,
    crowd: float | None,
) -> ClaimScore:
    window = {"opened": question.opened.at, "closed": question.closed.at}

    def averaged(score: Callable[[Forecast], float]) -> float:
        mean = time_averaged(own, score, **window)
        assert mean is not None  # noqa: S101 - of those that count one stood for a while
        return mean

    def log(forecast: Forecast) -> float:
        return ln(given_to_outcome(forecast, question))

    history = _given(own, question)
    base = baseline_over_time(
        history, **window, scheduled=_horizon(question), options=len(_options_in(own)) or 2
    )
    plain = None if last is None else last.probability
    return ClaimScore(
        claim=question.claim,
        probability=plain,
        held=question.held,
        brier=None if last is None else brier_of(last, question),
        brier_over_time=averaged(lambda f: brier_of(f, question)),
        log=None if last is None else log(last),
        log_over_time=averaged(log),
        coverage=coverage(history, **window),
        baseline=base.score,
        peer=None if peer is None else peer.score,
        crowd=None if plain is None else crowd,
    )


def _stood(own: History[Forecast], question: Question) -> bool:
    return bool(stretches(own, opened=question.opened.at, closed=question.closed.at))


def _horizon(question: Question) -> float:
    """Return when a question was to close, which is never before it did."""
    return max(question.scheduled.at, question.closed.at)


def _given(own: History[Forecast], question: Question) -> History[float]:
    """Return what a history gave to the outcome."""
    return [(at, None if f is None else given_to_outcome(f, question)) for at, f in own]


def _options_in(own: History[Forecast]) -> frozenset[str]:
    """Return the options among which somebody chose last; none if they gave a probability."""
    return frozenset(options_of([f for _, f in own if f is not None][-1]))


def _peers(question: Question, made: Made) -> Mapping[str, Scored | None]:
    """Hold against each other those who chose among the same options."""
    alike: defaultdict[frozenset[str], dict[str, History[Forecast]]] = defaultdict(dict)
    for by, own in made.items():
        options = _options_in(own)
        alike[options][by] = [
            (at, f if f is not None and frozenset(options_of(f)) == options else None)
            for at, f in own
        ]
    found: dict[str, Scored | None] = {}
    for group in alike.values():
        found |= _peers_alike(question, group)
    return found


def _peers_alike(
    question: Question, made: Mapping[str, History[Forecast]]
) -> Mapping[str, Scored | None]:
    histories = {by: _given(own, question) for by, own in made.items()}
    if any(given == 0 for history in histories.values() for _, given in history):
        # Somebody gave 0 to what came about: no one's distance from them is a number.
        return dict.fromkeys(made)
    window = {"opened": question.opened.at, "closed": question.closed.at}
    return dict(peer_over_time(histories, **window, scheduled=_horizon(question)))
