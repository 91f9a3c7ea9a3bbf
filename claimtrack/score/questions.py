"""
Claims as questions that forecasts can be scored on.

A forecast of a claim says how likely it is to hold: held is yes; late, partly and failed are no.
A forecast over options names statuses, and the claim's own is the outcome. A claim with any other
status has no outcome, and forecasts of it are not scored.

A question opens on the day on which the claim was said, and closes on the day from which its
outcome was known (the first from which its status has been what it is) or on the day after its
due day, whichever comes first. So where a correction came late, the outcome counts as known from
the correction on. A forecast made on the day of the close or later does not count: the day of a
forecast that is known only as a span is its last.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from claimtrack.engine.audit import Audit
from claimtrack.model.forecast import Forecast
from claimtrack.model.span import Day
from claimtrack.model.verdict import Status, Verdict
from claimtrack.score.proper import Distribution

RESOLVED: Final[Mapping[Status, bool]] = {
    Status.HELD: True,
    Status.LATE: False,
    Status.PARTLY: False,
    Status.FAILED: False,
}
"""What a status is to a forecast that the claim holds."""

NOT_YET_SAID: Final = "the claim had not been said"
NOT_YET_MADE: Final = "made after the day of the audit"
KNOWN: Final = "made when the outcome was known"
TOO_LATE: Final = "made after the due day"
NO_OPTION: Final = "the outcome is none of its options"


@attrs.frozen(kw_only=True)
class Question:
    """
    A claim that has an outcome.

    Args:
        claim: The id of the claim.
        status: What became of it: a key of `RESOLVED`.
        opened: The first day on which a forecast stands.
        known: The day from which the outcome was known; no forecast counts from it on.
        scheduled: The day after the due day, or *known* for a claim without one or of
            the past.
    """

    claim: str
    status: Status
    opened: Day
    known: Day
    scheduled: Day

    @property
    def held(self) -> bool:
        """Whether the claim held."""
        return RESOLVED[self.status]

    @property
    def closed(self) -> Day:
        """The first day on which no forecast counts any more."""
        return min(self.known, self.scheduled)


def question_of(verdict: Verdict, opened: Day) -> Question | None:
    """Return the question that *verdict* answers, or None if it has no outcome."""
    if verdict.status not in RESOLVED or verdict.decided_on is None:
        return None
    due, known = verdict.due, verdict.decided_on
    # What was due before it was said is of the past: it is open until somebody finds out.
    scheduled = known if due is None or due < opened else due + 1
    return Question(
        claim=verdict.claim,
        status=verdict.status,
        opened=opened,
        known=known,
        scheduled=scheduled,
    )


def questions_of(audit: Audit) -> Mapping[str, Question]:
    """Return the questions that forecasts in the registry were made of, by the ids of claims."""
    found: dict[str, Question] = {}
    for id_ in dict.fromkeys(f.claim for f in audit.records.forecasts.values()):
        if id_ in audit:
            question = question_of(audit[id_], audit.records.claims[id_].said.first)
            if question is not None:
                found[id_] = question
    return found


def why_not(forecast: Forecast, audit: Audit, questions: Mapping[str, Question]) -> str | None:
    """Return why *forecast* is not scored, or None if it is."""
    if forecast.made.last > audit.day:
        return NOT_YET_MADE
    if forecast.claim not in audit:
        return NOT_YET_SAID
    question = questions.get(forecast.claim)
    if question is None:
        return f"the claim is {audit.outcomes[forecast.claim].status.value}"
    if options_of(forecast) and question.status.value not in options_of(forecast):
        return NO_OPTION
    return _too_late(forecast.made.last, question)


def _too_late(made: Day, question: Question) -> str | None:
    if made >= question.known or question.opened >= question.known:
        return KNOWN
    return TOO_LATE if made >= question.closed else None


def options_of(forecast: Forecast) -> Distribution:
    """Return the distribution of *forecast*; empty for a plain probability."""
    return dict(forecast.distribution or ())


def given_to_outcome(forecast: Forecast, question: Question) -> float:
    """Return the probability that *forecast* gave to what came about."""
    if forecast.probability is None:
        return options_of(forecast)[question.status.value]
    return forecast.probability if question.held else 1 - forecast.probability


def brier_of(forecast: Forecast, question: Question) -> float:
    """Return the Brier score of one forecast, 0 to 1, lower better."""
    if forecast.probability is not None:
        return (forecast.probability - question.held) ** 2
    happened = question.status.value
    squares = ((p - (o == happened)) ** 2 for o, p in options_of(forecast).items())
    return sum(squares) / 2


def last_of(forecasts: Sequence[Forecast]) -> Forecast:
    """Return the one that stands at the close: the last made; of one day, the last in the file."""
    return max(enumerate(forecasts), key=lambda pair: (pair[1].made.last, pair[0]))[1]
