"""
Forecasts of claims: who gave which probability, what became of it, and how good that was.

A speaker who gave a probability of their own claim neither kept nor broke anything: such a claim is
a *forecast*, which has an outcome and a score, and is not shown as held or failed.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from weakref import WeakKeyDictionary

from claimtrack.engine.audit import Audit
from claimtrack.model.claim import Claim
from claimtrack.model.records import Forecast
from claimtrack.model.registry import Records
from claimtrack.model.verdict import Status
from claimtrack.report.words import span_words

if TYPE_CHECKING:
    from claimtrack.score.forecasts import Question

OUTCOMES: Final[Mapping[Status, str]] = {
    Status.HELD: "it happened",
    Status.LATE: "it happened, but too late",
    Status.PARTLY: "it happened in part only",
    Status.FAILED: "it did not happen",
}
"""What became of a forecast, by the status of its claim."""


_QUESTIONS: Final["WeakKeyDictionary[Audit, Mapping[str, Question]]"] = WeakKeyDictionary()


class ScoredForecast(NamedTuple):
    """
    One forecast with its score.

    Args:
        forecast: The forecast.
        is_own: Whether the speaker of the claim made it.
        score: The Brier score, 0 to 1, lower better; None if it has none.
        why: Why it has none; else empty.
    """

    forecast: Forecast
    is_own: bool
    score: float | None
    why: str


def own_forecast(audit: Audit, claim: Claim) -> Forecast | None:
    """Return the last probability that the speaker of *claim* gave of it; None without one."""
    own = [
        one
        for one in audit.forecasts(claim)
        if one.by == claim.speaker and one.probability is not None
    ]
    return own[-1] if own else None


def probability_words(forecast: Forecast) -> str:
    """
    Return what *forecast* says in words, with the forecaster's own words if it was made in words.

    Options come most likely first: ``held 60 percent, late 40 percent``.
    """
    if forecast.probability is None:
        options = sorted(forecast.distribution or (), key=lambda pair: -pair[1])
        return ", ".join(f"{name} {_percent(share)}" for name, share in options)
    words = _percent(forecast.probability)
    return f"“{forecast.hedge}”, {words}" if forecast.hedge else words


def _percent(share: float) -> str:
    return f"{100 * share:.3g} percent"


def scored_forecasts(audit: Audit, claim: Claim) -> list[ScoredForecast]:
    """Return the forecasts of *claim* up to the day of *audit*, oldest first, with their scores."""
    made = audit.forecasts(claim)
    if not made:
        return []
    from claimtrack.score import forecasts as scoring  # noqa: PLC0415 - few registries have any

    questions = _QUESTIONS.get(audit)
    if questions is None:  # many claims are asked for, one after the other
        questions = _QUESTIONS[audit] = scoring.questions_of(audit)
    zone = scoring.zone_of(claim, audit)
    scored = []
    for one in made:
        why = scoring.why_not(scoring.dated_forecast(one, zone), audit, questions)
        score = None if why else scoring.brier_of(one, questions[claim.id])
        scored.append(ScoredForecast(one, one.by == claim.speaker, score, why or ""))
    return scored


def forecast_lines(audit: Audit, claim: Claim) -> Iterator[str]:
    """Iterate over a line for each forecast of *claim*: who, when, what, and the score."""
    for one in scored_forecasts(audit, claim):
        score = one.why if one.score is None else f"Brier score {one.score:.3f}"
        name = forecaster_name(audit.records, one.forecast)
        made, said = span_words(one.forecast.made), probability_words(one.forecast)
        yield f"forecast by {name}, {made}: {said}; {score}"


def forecaster_name(records: Records, forecast: Forecast) -> str:
    """Return the name of who made *forecast*."""
    speaker = records.speakers.by_id.get(forecast.by)
    return forecast.by if speaker is None else speaker.label


def forecast_objects(audit: Audit, claim: Claim) -> list[dict[str, Any]]:
    """Return the forecasts of *claim* for JSON."""
    return [
        {
            "id": one.forecast.id,
            "by": one.forecast.by,
            "own": one.is_own,
            "made": one.forecast.made.text,
            "probability": one.forecast.probability,
            "distribution": dict(one.forecast.distribution) if one.forecast.distribution else None,
            "hedge": one.forecast.hedge,
            "brier": one.score,
            "left_out": one.why or None,
        }
        for one in scored_forecasts(audit, claim)
    ]
