"""
Scores of the forecasts in a registry.

Each claim counts once for each forecaster, however many forecasts they made of it: at its close
with the one that stands then, and over time with each for as long as it stood. The forecasts that
do not count are part of the result, by reason.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from math import fsum, inf
from operator import attrgetter
from typing import Final
from zoneinfo import ZoneInfo

import attrs

from claimtrack.engine.audit import Audit
from claimtrack.engine.evidence import EvidenceIndex
from claimtrack.model.claim import Claim
from claimtrack.model.fields import zone_named
from claimtrack.model.instant import Clock, Instant, instant_of, midnight
from claimtrack.model.records import Evidence, Forecast, RecordMap
from claimtrack.model.registry import Records
from claimtrack.model.span import OPEN_END, Day, Span, day_text
from claimtrack.model.verdict import Status, Verdict
from claimtrack.score.calibration import Bin, Decomposition, calibration, decompose
from claimtrack.score.intervals import Interval, bootstrap_mean
from claimtrack.score.metaculus import Scored, baseline_over_time, peer_over_time
from claimtrack.score.over_time import History, at_close, coverage, stretches, time_averaged
from claimtrack.score.proper import Distribution, base_rate, crowd_median, ln, skill

RESOLVED: Final[Mapping[Status, bool]] = {
    Status.HELD: True,
    Status.LATE: False,
    Status.PARTLY: False,
    Status.FAILED: False,
}
"""The outcome of a forecast that the claim holds, by status."""

NOT_YET_SAID: Final = "the claim had not been said"
NOT_YET_MADE: Final = "made after the day of the audit"
MADE_AFTER_KNOWN: Final = "made when the outcome was known"
MADE_AFTER_HAPPENED: Final = "made when what decided the outcome may have come about"
MADE_AFTER_DUE: Final = "made after the due day"
MADE_AFTER_CLOSE: Final = "made after the close"
WITHDRAWN: Final = "taken back before it counted"
NO_OPTION: Final = "the outcome is none of its options"


@attrs.frozen(kw_only=True)
class Question:
    """
    A claim that has an outcome.

    Args:
        claim: The id of the claim.
        status: A key of `RESOLVED`.
        opened: When forecasts begin to count.
        scheduled: The scheduled close: that of the claim, else the end of the due day; *known*
            for a claim without either, or one about the past.
        happened: The earliest time of the event that decided it.
        known: When the outcome became known.
        zone: The zone that applies to it; None where none is set.
        is_by_due_day: Whether *scheduled* follows from its due day.
    """

    claim: str
    status: Status
    opened: Instant
    scheduled: Instant
    happened: Instant
    known: Instant
    zone: ZoneInfo | None
    is_by_due_day: bool

    @property
    def held(self) -> bool:
        """Whether the claim held."""
        return RESOLVED[self.status]

    @property
    def closed(self) -> Instant:
        """When forecasts cease to count."""
        return min(self.scheduled, self.happened, self.known, key=attrgetter("at"))

    def too_late(self, made: Instant) -> str | None:
        """Return why a forecast made then is too late, or None if it is not."""
        closes = (
            (self.known, MADE_AFTER_KNOWN),
            (self.scheduled, MADE_AFTER_DUE if self.is_by_due_day else MADE_AFTER_CLOSE),
            (self.happened, MADE_AFTER_HAPPENED),
        )
        for close, why in closes:
            if not made.is_before(close) or self.opened.at >= close.at:
                return why
        return None


@attrs.frozen(kw_only=True)
class DatedForecast:
    """
    A forecast with its times as instants.

    Args:
        forecast: The forecast.
        made: When it was made.
        withdrawn: When it was withdrawn, or None.
    """

    forecast: Forecast
    made: Instant
    withdrawn: Instant | None


def dated_forecast(forecast: Forecast, zone: ZoneInfo | None) -> DatedForecast:
    """Return *forecast* with its times, read in *zone*."""
    withdrawn = None if forecast.withdrawn is None else instant_of(forecast.withdrawn, zone)
    return DatedForecast(
        forecast=forecast, made=instant_of(forecast.made, zone), withdrawn=withdrawn
    )


def history_of(own: Iterable[DatedForecast]) -> list[tuple[float, Forecast | None]]:
    """
    Return the forecasts of one forecaster, oldest first, with None from a withdrawal on.

    The order of *own* does not matter.
    """
    made = sorted(own, key=lambda one: (one.made.at, one.forecast.id))
    replaced = [one.made.at for one in made[1:]] + [inf]
    history: list[tuple[float, Forecast | None]] = []
    for one, until in zip(made, replaced, strict=True):
        history.append((one.made.at, one.forecast))
        # A withdrawal on a day without a time begins at midnight, maybe before a time of that day.
        withdrawn = inf if one.withdrawn is None else max(one.withdrawn.at, one.made.at)
        if withdrawn < until:
            history.append((withdrawn, None))
    return history


def zone_of(claim: Claim, audit: Audit) -> ZoneInfo | None:
    """Return the zone that applies to *claim*: its own, else the registry's; None if none does."""
    name = audit.zone_name(claim)
    return None if name is None else zone_named(name)


def questions_of(audit: Audit) -> Mapping[str, Question]:
    """Return the questions of the forecasts in the registry, by the ids of claims."""
    verdicts = {
        id_: audit[id_]
        for id_ in dict.fromkeys(f.claim for f in audit.records.forecasts.values())
        if id_ in audit and audit.outcomes[id_].status in RESOLVED
    }
    verdicts = {id_: v for id_, v in verdicts.items() if v.decided_on is not None}
    backdated = _BackdatedAudits(audit, verdicts)
    return {id_: _question_of(verdict, audit, backdated) for id_, verdict in verdicts.items()}


def _question_of(verdict: Verdict, audit: Audit, backdated: "_BackdatedAudits") -> Question:
    claim = audit.records.claims[verdict.claim]
    zone = zone_of(claim, audit)
    assert verdict.decided_on is not None  # noqa: S101 - see `questions_of`
    said = midnight(claim.said.days_in(zone)[0], zone)
    opened = said if claim.opens is None else instant_of(claim.opens, zone)
    day = verdict.decided_on
    published = [span for span in _published(verdict, audit) if span.days_in(zone)[1] == day]
    known = _earliest(day, zone, published)
    if claim.closes is not None:
        scheduled = _end_of(claim.closes, zone)
    elif verdict.due is None or verdict.due < opened.first:
        # A claim that was due before it was said is about the past: it is open until it is known.
        scheduled = known
    else:
        scheduled = midnight(verdict.due + 1, zone)
    return Question(
        claim=verdict.claim,
        status=verdict.status,
        opened=opened,
        scheduled=scheduled,
        happened=backdated.since(verdict, zone) or known,
        known=known,
        zone=zone,
        is_by_due_day=claim.closes is None,
    )


def _end_of(closes: Span, zone: ZoneInfo | None) -> Instant:
    """Return when a question closes: at that time, or when that day is over."""
    found = instant_of(closes, zone)
    return midnight(found.last + 1, zone) if found.clock is Clock.NONE else found


def _earliest(day: Day, zone: ZoneInfo | None, spans: Iterable[Span]) -> Instant:
    """Return the earliest time of *spans*, a span without a time by its first day; else *day*."""
    times = [
        time if time.clock is not Clock.NONE else midnight(time.first, zone)
        for time in (instant_of(span, zone) for span in spans)
    ]
    return min(times, key=attrgetter("at"), default=midnight(day, zone))


def _published(verdict: Verdict, audit: Audit) -> Iterator[Span]:
    """Iterate over the publication of the evidence that decided."""
    records = audit.records
    for id_ in verdict.used:
        item = records.evidence.by_id.get(id_)
        if item is not None:
            published = item.published or records.sources[item.source].published
            if published is not None:
                yield published


class _BackdatedAudits:
    """
    Audits with evidence published on the days that it is about, to find when an event happened.

    Only evidence that was usable on the day of the audit is in them. A denial, or a value for a
    period, counts from the day after the period.
    """

    def __init__(self, audit: Audit, verdicts: Mapping[str, Verdict]) -> None:
        self._audit = audit
        self._claims: defaultdict[str | None, list[Claim]] = defaultdict(list)
        for id_ in verdicts:
            if id_ not in audit.answers:
                claim = audit.records.claims[id_]
                self._claims[audit.zone_name(claim)].append(claim)

    @cached_property
    def _audits(self) -> Mapping[str | None, Audit]:
        return {name: self._audit_in(name, claims) for name, claims in self._claims.items()}

    def _audit_in(self, name: str | None, claims: Sequence[Claim]) -> Audit:
        audit = self._audit
        zone = None if name is None else zone_named(name)
        items = {item.id for claim in claims for item in audit.usable_evidence(claim)}
        evidence = {
            id_: _backdated(item, audit.records, zone)
            for id_, item in audit.records.evidence.items()
            if id_ in items
        }
        # Without validation, as records that they refer to are left out.
        records = audit.records.bare_records()
        by_id = {claim.id: claim for claim in claims}
        object.__setattr__(records, "claims", RecordMap("claim", by_id))
        object.__setattr__(records, "evidence", RecordMap("evidence", evidence))
        return Audit(EvidenceIndex(records), audit.day)

    def since(self, verdict: Verdict, zone: ZoneInfo | None) -> Instant | None:
        """Return the earliest time of what decided a claim; None if that is not known."""
        name = self._audit.zone_name(self._audit.records.claims[verdict.claim])
        audit = self._audits.get(name)
        if audit is None or verdict.claim in self._audit.answers:
            return None
        backdated = audit[verdict.claim]
        if backdated.status is not verdict.status or backdated.decided_on is None:
            return None
        evidence = audit.records.evidence.by_id
        deciding = (evidence[id_] for id_ in backdated.used if id_ in evidence)
        spans = (
            item.happened or item.published
            for item in deciding
            if item.published is not None
            and item.published.days_in(zone)[1] == backdated.decided_on
        )
        return _earliest(backdated.decided_on, zone, filter(None, spans))


def _backdated(item: Evidence, records: Records, zone: ZoneInfo | None) -> Evidence:
    """Return *item* as if it had been published on the day that it is about."""
    published = item.published or records.sources[item.source].published
    assert published is not None  # noqa: S101 - else it is not usable
    about = item.is_about
    backdated = published
    if about is not None and about.last != OPEN_END:
        last = about.days_in(zone)[1]
        if about.moment is None:
            last += item.happened is None
        if last < published.days_in(zone)[1]:
            backdated = about if about.moment is not None else _day(last)
    return attrs.evolve(
        item, published=backdated, withdrawn=None, withdrawn_because=None, supersedes=()
    )


def _day(day: Day) -> Span:
    return Span(text=day_text(day), first=day, last=day)


def why_not(dated: DatedForecast, audit: Audit, questions: Mapping[str, Question]) -> str | None:
    """Return why a forecast is not scored, or None if it is."""
    forecast = dated.forecast
    if dated.made.last > audit.day:
        return NOT_YET_MADE
    if forecast.claim not in audit:
        return NOT_YET_SAID
    question = questions.get(forecast.claim)
    if question is None:
        return f"the claim is {audit.outcomes[forecast.claim].status.value}"
    if options_of(forecast) and question.status.value not in options_of(forecast):
        return NO_OPTION
    withdrawn = dated.withdrawn
    if withdrawn is not None and withdrawn.at <= max(dated.made.at, question.opened.at):
        return WITHDRAWN
    return question.too_late(dated.made)


def options_of(forecast: Forecast) -> Distribution:
    """Return the distribution of *forecast*; empty for a plain probability."""
    return dict(forecast.distribution or ())


def given_to_outcome(forecast: Forecast, question: Question) -> float:
    """Return the probability that *forecast* gave to the outcome."""
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


Made = Mapping[str, History[Forecast]]
"""The forecasts of one question that count, by forecaster, as a history."""


@attrs.frozen(kw_only=True)
class ClaimScore:
    """
    The scores of one forecaster on one claim.

    Args:
        claim: The id of the claim.
        probability: Of the claim's holding, at the close; None for a forecast over options, and
            where none stood at the close.
        held: Whether it held.
        brier: At the close, 0 to 1, lower better, or None.
        brier_over_time: Its average over the time for which forecasts stood.
        log: Natural logarithm of the probability of the outcome, at the close, at most 0, or None.
        log_over_time: Its average likewise.
        coverage: The share of the question's time for which a forecast stood, 0 to 1.
        baseline: The baseline score, as Metaculus defines it, from the opening to the scheduled
            close, 100 at best.
        peer: The peer score, likewise, among the forecasters over the same options; None where one
            of them gave 0 to the outcome.
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
    The scores of one forecaster, as means over claims; None where there are none.

    Args:
        by: The id of the forecaster.
        forecasts: The number of their forecasts up to the day of the audit.
        claims: The scores claim by claim.
        brier_interval: Bootstrap interval for the mean Brier score at the close; None also where
            it was not asked for.
        skill_over_base_rate: Skill of the Brier score over the base rate of these claims; minus
            infinity to 1, higher better. Plain probabilities only.
        skill_over_crowd: The same over the median of all forecasters, this one included.
    """

    by: str
    forecasts: int
    claims: tuple[ClaimScore, ...]
    brier_interval: Interval | None
    skill_over_base_rate: float | None
    skill_over_crowd: float | None

    def mean(self, name: str) -> float | None:
        """Return the mean of one field of `ClaimScore` over the claims that have it."""
        fields = (getattr(one, name) for one in self.claims)
        values = [value for value in fields if value is not None]
        return fsum(values) / len(values) if values else None


@attrs.frozen(kw_only=True)
class ForecastReport:
    """
    The scores of all forecasters.

    Args:
        forecasters: Best mean Brier score first; those without a scored claim last.
        left_out: Ids of the forecasts that do not count, by reason.
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
    audit: Audit,
    *,
    level: float = 0.95,
    seed: int = 0,
    bins: int = 10,
    intervals: bool = True,
) -> ForecastReport:
    """
    Score the forecasts in the registry of *audit*.

    Args:
        audit: The verdicts as of a day; forecasts made after it do not count.
        level: Confidence of the intervals, between 0 and 1, both exclusive.
        seed: Of the bootstrap.
        bins: The number of bins of the calibration.
        intervals: Whether the intervals of the Brier scores are drawn.

    Raises:
        FieldError: An argument is out of its bounds.
    """
    questions = questions_of(audit)
    by_claim: defaultdict[str, defaultdict[str, list[DatedForecast]]]
    by_claim = defaultdict(lambda: defaultdict(list))
    left_out: defaultdict[str, list[str]] = defaultdict(list)
    made: defaultdict[str, int] = defaultdict(int)
    for forecast in audit.records.forecasts.values():
        claim = audit.records.claims[forecast.claim]
        dated = dated_forecast(forecast, zone_of(claim, audit))
        made[forecast.by] += dated.made.last <= audit.day
        reason = why_not(dated, audit, questions)
        if reason in {None, WITHDRAWN}:  # it replaced the one before, too
            by_claim[forecast.claim][forecast.by].append(dated)
        if reason is not None:
            left_out[reason].append(forecast.id)
    scores: defaultdict[str, list[ClaimScore]] = defaultdict(list)
    for id_, question in questions.items():
        histories = {by: history_of(own) for by, own in sorted(by_claim[id_].items())}
        for by, score in _claim_scores(question, histories).items():
            scores[by].append(score)
    plain = [s for own in scores.values() for s in own if s.probability is not None]
    pairs = ([s.probability or 0.0 for s in plain], [s.held for s in plain])
    return ForecastReport(
        forecasters=_forecasters(made, scores, level, seed if intervals else None),
        left_out={reason: tuple(sorted(ids)) for reason, ids in sorted(left_out.items())},
        bins=calibration(*pairs, bins=bins, level=level) if plain else (),
        parts=decompose(*pairs, bins=bins) if plain else None,
        seed=seed,
    )


def _forecasters(
    made: Mapping[str, int],
    scores: Mapping[str, Sequence[ClaimScore]],
    level: float,
    seed: int | None,
) -> tuple[ForecasterScore, ...]:
    forecasters = (
        _forecaster(by, n, scores.get(by, ()), level, seed) for by, n in made.items() if n
    )
    return tuple(sorted(forecasters, key=_by_brier))


def _by_brier(one: ForecasterScore) -> tuple[bool, float, str]:
    mean = one.mean("brier")
    return (mean is None, mean or 0.0, one.by)


def _forecaster(
    by: str, made: int, claims: Sequence[ClaimScore], level: float, seed: int | None
) -> ForecasterScore:
    errors = [one.brier for one in claims if one.brier is not None]
    plain = [one for one in claims if one.probability is not None]
    over_base = over_crowd = None
    if plain:
        own = fsum(one.brier or 0.0 for one in plain) / len(plain)
        rate = base_rate([one.held for one in plain])
        over_base = skill(own, rate * (1 - rate))
        over_crowd = skill(own, fsum(one.crowd or 0.0 for one in plain) / len(plain))
    interval = None
    if errors and seed is not None:
        interval = bootstrap_mean(errors, seed=seed, level=level)
    return ForecasterScore(
        by=by,
        forecasts=made,
        claims=tuple(claims),
        brier_interval=interval,
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
        assert mean is not None  # noqa: S101 - see `_stood`
        return mean

    def log(forecast: Forecast) -> float:
        return ln(given_to_outcome(forecast, question))

    history = _outcome_history(own, question)
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
    """Return the scheduled close of a question, or its close if that is later."""
    return max(question.scheduled.at, question.closed.at)


def _outcome_history(own: History[Forecast], question: Question) -> History[float]:
    """Return the history of the probability of the outcome."""
    return [(at, None if f is None else given_to_outcome(f, question)) for at, f in own]


def _options_in(own: History[Forecast]) -> frozenset[str]:
    """Return the options of the last forecast; none for a plain probability."""
    return frozenset(options_of([f for _, f in own if f is not None][-1]))


def _peers(question: Question, made: Made) -> Mapping[str, Scored | None]:
    """Return the peer scores of the forecasters, each group over the same options apart."""
    by_options: defaultdict[frozenset[str], dict[str, History[Forecast]]] = defaultdict(dict)
    for by, own in made.items():
        options = _options_in(own)
        by_options[options][by] = [
            (at, f if f is not None and frozenset(options_of(f)) == options else None)
            for at, f in own
        ]
    scores: dict[str, Scored | None] = {}
    for group in by_options.values():
        scores |= _peers_over_options(question, group)
    return scores


def _peers_over_options(
    question: Question, made: Mapping[str, History[Forecast]]
) -> Mapping[str, Scored | None]:
    histories = {by: _outcome_history(own, question) for by, own in made.items()}
    if any(given == 0 for history in histories.values() for _, given in history):
        # The logarithm of a probability of 0 is minus infinity, so no peer score is defined.
        return dict.fromkeys(made)
    window = {"opened": question.opened.at, "closed": question.closed.at}
    return dict(peer_over_time(histories, **window, scheduled=_horizon(question)))
