"""Findings on single records: sources, quotes, evidence, and what nobody uses."""

from collections.abc import Iterator, Mapping

from claimtrack.engine.evidence import facts_of_claim
from claimtrack.errors import Finding, Record, Severity, path_text
from claimtrack.health.exam import Exam, claim_record
from claimtrack.health.rules import LONGEST_QUOTE
from claimtrack.model.evidence import Evidence
from claimtrack.model.fields import shown
from claimtrack.model.forecast import Assessment
from claimtrack.model.source import Source, web_address


def check_records(exam: Exam) -> Iterator[Finding]:
    """Find CT612 to CT614, CT641 to CT643 and CT649."""
    for claim in exam.registry.claims.values():
        words = len(claim.quote.split())
        if words > LONGEST_QUOTE:
            message = f"has a quote of {words} words; expected at most {LONGEST_QUOTE}"
            yield exam.finding("CT612", claim_record(claim.id), message, path=("quote",))
    for evidence in exam.registry.evidence.values():
        yield from _evidence(exam, evidence)
    for source in exam.registry.sources.values():
        yield from _source(exam, source)
    for speaker in exam.registry.speakers.values():
        yield from _address(exam, Record(kind="speaker", id=speaker.id), "url", speaker.url)
    for rating in exam.registry.assessments.values():
        yield from _rating(exam, rating)
    yield from _unused(exam)
    yield from _respelled(exam)


def _rating(exam: Exam, rating: Assessment) -> Iterator[Finding]:
    record = Record(kind="assessment", id=rating.id)
    yield from _address(exam, record, "url", rating.url)
    source = None if rating.source is None else exam.registry.sources[rating.source]
    if rating.published is None and (source is None or source.published is None):
        where = "" if source is None else f", as is its source {source.id!r},"
        yield exam.finding("CT614", record, f"is undated{where} and so never used")


def _address(exam: Exam, record: Record, key: str, address: str | None) -> Iterator[Finding]:
    if address is not None and web_address(address) is None:
        message = f"has a {key} {shown(address)} that is not linked"
        hint = "an address begins with https:// or http://, and holds no blank"
        yield exam.finding(
            "CT642", record, message, path=(key,), hint=hint, severity=Severity.WARNING
        )


def _respelled(exam: Exam) -> Iterator[Finding]:
    places = exam.registry.places
    for kind, id_, path in () if places is None else places.respelled:
        message = f"has under {path_text(path)} a text that is not in Unicode's normal form C"
        yield exam.finding("CT649", Record(kind=kind, id=id_), message, path=path)


def _evidence(exam: Exam, evidence: Evidence) -> Iterator[Finding]:
    record = Record(kind="evidence", id=evidence.id)
    if evidence.withdrawn is not None and evidence.withdrawn_because is None:
        message = f"was withdrawn on {evidence.withdrawn.text} without a reason"
        yield exam.finding("CT613", record, message, path=("withdrawn",))
    source = exam.registry.sources[evidence.source]
    if evidence.published is None and source.published is None:
        message = f"is undated, as is its source {source.id!r}, and so never used"
        yield exam.finding("CT614", record, message)


def _source(exam: Exam, source: Source) -> Iterator[Finding]:
    record = Record(kind="source", id=source.id)
    if source.tier is None:
        yield exam.finding("CT641", record, "has no tier")
    if source.url is None and source.archived_url is None and source.snapshot is None:
        yield exam.finding("CT642", record, "has no url, archived_url or snapshot")
    for key in ("url", "archived_url"):
        yield from _address(exam, record, key, getattr(source, key))


def _unused(exam: Exam) -> Iterator[Finding]:
    registry = exam.registry
    claims, forecasts = registry.claims.values(), registry.forecasts.values()
    reports = registry.evidence.values()
    named: Mapping[str, set[str]] = {
        "speaker": {claim.speaker for claim in claims} | {one.by for one in forecasts},
        "source": {
            *(claim.source for claim in claims),
            *(id_ for claim in claims for id_ in claim.appearances),
            *(report.source for report in reports),
            *(one.source for one in forecasts if one.source is not None),
            *(one.source for one in registry.assessments.values() if one.source is not None),
        },
        "fact": {
            *(report.fact for report in reports if report.fact is not None),
            *(fact for claim in claims for fact in facts_of_claim(claim)),
        },
    }
    for kind, ids in named.items():
        for id_ in getattr(registry, f"{kind}s"):
            if id_ not in ids:
                yield exam.finding("CT643", Record(kind=kind, id=id_), "is not used")
