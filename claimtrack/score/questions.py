"""
Claims as questions that forecasts can be scored on.

A forecast of a claim says how likely it is to hold: held is yes; late, partly and failed are no.
A forecast over options names statuses, and the claim's own is the outcome. A claim with any other
status has no outcome, and forecasts of it are not scored.

A question opens when its claim says so (`opens`), else when the claim was said. It closes at the
earliest of these: when the claim says so (`closes`), else the end of its due day; when what decided
it came about; when that was known. So a forecast from between an event and its report does not
count, and where a correction came late, the outcome counts as known from the correction on.

Days and date-times are read in the zone that applies to the claim. A forecast counts only if it
certainly was made before the close: by time where both have one, else by day, so that one of the
day of the event does not. The day of a forecast that is known only as a span is its last; that of
an event its first. A forecast stands from when it was made, or from the opening if that is later,
until the next one by the same person, until it was taken back, or until the close.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from math import inf
from operator import attrgetter
from typing import Final
from zoneinfo import ZoneInfo

import attrs

from claimtrack.engine.audit import Audit
from claimtrack.engine.evidence import EvidenceIndex
from claimtrack.model.claim import Claim
from claimtrack.model.criterion import facts_of
from claimtrack.model.evidence import Evidence
from claimtrack.model.fields import zone_named
from claimtrack.model.forecast import Forecast
from claimtrack.model.instant import Clock, Instant, instant_of, midnight
from claimtrack.model.registry import Records
from claimtrack.model.shelf import Shelf
from claimtrack.model.span import OPEN_END, Day, Span, day_text
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
HAPPENED: Final = "made when what decided the outcome may have come about"
TOO_LATE: Final = "made after the due day"
CLOSED: Final = "made after the close"
TAKEN_BACK: Final = "taken back before it counted"
NO_OPTION: Final = "the outcome is none of its options"


@attrs.frozen(kw_only=True)
class Question:
    """
    A claim that has an outcome.

    Args:
        claim: The id of the claim.
        status: What became of it: a key of `RESOLVED`.
        opened: From when on a forecast stands.
        scheduled: When it was to close: what the claim says, else the end of the due day; *known*
            for a claim without either, or of the past.
        happened: When what decided it came about, at the earliest.
        known: From when on the outcome was known.
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
        """From when on no forecast counts any more."""
        return min(self.scheduled, self.happened, self.known, key=attrgetter("at"))

    def too_late(self, made: Instant) -> str | None:
        """Return why a forecast made then is too late, or None if it is not."""
        closes = (
            (self.known, KNOWN),
            (self.scheduled, TOO_LATE if self.is_by_due_day else CLOSED),
            (self.happened, HAPPENED),
        )
        for close, why in closes:
            if not made.is_before(close) or self.opened.at >= close.at:
                return why
        return None


@attrs.frozen(kw_only=True)
class Standing:
    """
    A forecast on the line of time of its question.

    Args:
        forecast: The forecast.
        made: When it was made.
        withdrawn: When it was taken back; None if it was not.
    """

    forecast: Forecast
    made: Instant
    withdrawn: Instant | None


def standing_of(forecast: Forecast, zone: ZoneInfo | None) -> Standing:
    """Put *forecast* on the line of time."""
    withdrawn = None if forecast.withdrawn is None else instant_of(forecast.withdrawn, zone)
    return Standing(forecast=forecast, made=instant_of(forecast.made, zone), withdrawn=withdrawn)


def history_of(own: Iterable[Standing]) -> list[tuple[float, Forecast | None]]:
    """
    Return the forecasts of one person, oldest first, with None from when one was taken back.

    In whatever order they stand in the file, the history is the same.
    """
    made = sorted(own, key=lambda one: (one.made.at, one.forecast.id))
    replaced = [one.made.at for one in made[1:]] + [inf]
    found: list[tuple[float, Forecast | None]] = []
    for one, until in zip(made, replaced, strict=True):
        found.append((one.made.at, one.forecast))
        # A day without a time may begin before a time of that day.
        back = inf if one.withdrawn is None else max(one.withdrawn.at, one.made.at)
        if back < until:
            found.append((back, None))
    return found


def zone_of(claim: Claim, audit: Audit) -> ZoneInfo | None:
    """Return the zone that applies to *claim*: its own, else the registry's; None if none does."""
    name = audit.index.zone_of(claim)
    return None if name is None else zone_named(name)


def questions_of(audit: Audit) -> Mapping[str, Question]:
    """Return the questions that forecasts in the registry were made of, by the ids of claims."""
    verdicts = {
        id_: audit[id_]
        for id_ in dict.fromkeys(f.claim for f in audit.records.forecasts.values())
        if id_ in audit and audit.outcomes[id_].status in RESOLVED
    }
    verdicts = {id_: v for id_, v in verdicts.items() if v.decided_on is not None}
    retold = _Retold(audit, verdicts)
    return {id_: _question_of(verdict, audit, retold) for id_, verdict in verdicts.items()}


def _question_of(verdict: Verdict, audit: Audit, retold: "_Retold") -> Question:
    claim = audit.records.claims[verdict.claim]
    zone = zone_of(claim, audit)
    assert verdict.decided_on is not None  # noqa: S101 - only such are asked for
    said = midnight(claim.said.days_in(zone)[0], zone)
    opened = said if claim.opens is None else instant_of(claim.opens, zone)
    day = verdict.decided_on
    published = [span for span in _published(verdict, audit) if span.days_in(zone)[1] == day]
    known = _earliest(day, zone, published)
    if claim.closes is not None:
        scheduled = _end_of(claim.closes, zone)
    elif verdict.due is None or verdict.due < opened.first:
        # What was due before it was said is of the past: it is open until somebody finds out.
        scheduled = known
    else:
        scheduled = midnight(verdict.due + 1, zone)
    return Question(
        claim=verdict.claim,
        status=verdict.status,
        opened=opened,
        scheduled=scheduled,
        happened=retold.since(verdict, zone) or known,
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
    """Iterate over when the evidence that decided was published."""
    records = audit.records
    for id_ in verdict.used:
        item = records.evidence.by_id.get(id_)
        if item is not None:
            published = item.published or records.sources[item.source].published
            if published is not None:
                yield published


class _Retold:
    """
    The claims decided again, by evidence that is known on the day of which it tells.

    So a claim turns when the event came about, whenever that was reported. Only what was usable
    on the day of the audit is there, so that no report that was taken back decides anything. A
    denial, and a value for a period, tell of a period that is over on the day after it.
    """

    def __init__(self, audit: Audit, verdicts: Mapping[str, Verdict]) -> None:
        self._audit = audit
        self._claims: defaultdict[str | None, list[Claim]] = defaultdict(list)
        for id_ in verdicts:
            if id_ not in audit.answers:
                claim = audit.records.claims[id_]
                self._claims[audit.index.zone_of(claim)].append(claim)

    @cached_property
    def _audits(self) -> Mapping[str | None, Audit]:
        return {name: self._audit_in(name, claims) for name, claims in self._claims.items()}

    def _audit_in(self, name: str | None, claims: Sequence[Claim]) -> Audit:
        audit = self._audit
        zone = None if name is None else zone_named(name)
        usable = audit.usable(claims[0])
        items = {
            item.id: item
            for claim in claims
            if claim.criterion is not None
            for fact in facts_of(claim.criterion)
            for item in usable.on_fact(fact)
        }
        items |= {item.id: item for claim in claims for item in usable.on_claim(claim.id)}
        evidence = {
            id_: _retold(item, audit.records, zone)
            for id_, item in audit.records.evidence.items()
            if id_ in items
        }
        # They are not held against each other again, and need not be: what they name is left out.
        records = audit.records.alone()
        asked = {claim.id: claim for claim in claims}
        object.__setattr__(records, "claims", Shelf("claim", asked))
        object.__setattr__(records, "evidence", Shelf("evidence", evidence))
        return Audit(EvidenceIndex(records), audit.day)

    def since(self, verdict: Verdict, zone: ZoneInfo | None) -> Instant | None:
        """Return when what decided a claim came about at the earliest; None if nobody knows."""
        name = self._audit.index.zone_of(self._audit.records.claims[verdict.claim])
        retold = self._audits.get(name)
        if retold is None or verdict.claim in self._audit.answers:
            return None
        found = retold[verdict.claim]
        if found.status is not verdict.status or found.decided_on is None:
            return None
        evidence = retold.records.evidence.by_id
        deciding = (evidence[id_] for id_ in found.used if id_ in evidence)
        spans = (
            item.happened or item.published
            for item in deciding
            if item.published is not None and item.published.days_in(zone)[1] == found.decided_on
        )
        return _earliest(found.decided_on, zone, filter(None, spans))


def _retold(item: Evidence, records: Records, zone: ZoneInfo | None) -> Evidence:
    """Return *item* as if it had been published when that came about of which it tells."""
    published = item.published or records.sources[item.source].published
    assert published is not None  # noqa: S101 - else it is not usable
    about = item.is_about
    told = published
    if about is not None and about.last != OPEN_END:
        last = about.days_in(zone)[1]
        if about.moment is None:
            last += item.happened is None
        if last < published.days_in(zone)[1]:
            told = about if about.moment is not None else _day(last)
    return attrs.evolve(item, published=told, withdrawn=None, withdrawn_because=None, supersedes=())


def _day(day: Day) -> Span:
    return Span(text=day_text(day), first=day, last=day)


def why_not(standing: Standing, audit: Audit, questions: Mapping[str, Question]) -> str | None:
    """Return why a forecast is not scored, or None if it is."""
    forecast = standing.forecast
    if standing.made.last > audit.day:
        return NOT_YET_MADE
    if forecast.claim not in audit:
        return NOT_YET_SAID
    question = questions.get(forecast.claim)
    if question is None:
        return f"the claim is {audit.outcomes[forecast.claim].status.value}"
    if options_of(forecast) and question.status.value not in options_of(forecast):
        return NO_OPTION
    withdrawn = standing.withdrawn
    if withdrawn is not None and withdrawn.at <= max(standing.made.at, question.opened.at):
        return TAKEN_BACK
    return question.too_late(standing.made)


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
