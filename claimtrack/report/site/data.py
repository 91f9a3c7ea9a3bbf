"""The whole site for programs: the audit, and what it rests on, with the pages."""

from collections.abc import Iterator
from typing import Any

from claimtrack.model.evidence import Evidence
from claimtrack.model.fact import Fact
from claimtrack.model.source import Source
from claimtrack.model.span import Span, day_text
from claimtrack.report.audit_json import audit_object
from claimtrack.report.because import because
from claimtrack.report.escape import for_json
from claimtrack.report.history_table import CAUSE_WORDS
from claimtrack.report.site.contents import Contents
from claimtrack.report.words import criterion_words


def site_data(contents: Contents) -> str:
    """Return one JSON object, in which each record of a list has a line of its own."""
    parts = (f" {for_json(key)}: {_value(value)}" for key, value in _object(contents).items())
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _value(value: object) -> str:
    if not isinstance(value, list) or not value:
        return for_json(value)
    lines = ",\n".join(f"  {for_json(one)}" for one in value)
    return f"[\n{lines}\n ]"


def _object(contents: Contents) -> dict[str, Any]:
    records = contents.records
    found = audit_object(contents.audit, contents.verdicts)
    for one in found["claims"]:
        one.update(_claim(contents, one["id"]))
    found["speakers"] = [
        {"id": id_, "name": records.speakers[id_].label, "page": page}
        for id_, page in contents.speaker_at.items()
    ]
    found["facts"] = [_fact(contents, one) for one in records.facts.by_id.values()]
    found["evidence"] = [_evidence(contents, one) for one in records.evidence.by_id.values()]
    found["sources"] = [_source(one) for one in records.sources.by_id.values()]
    return found


def _claim(contents: Contents, id_: str) -> dict[str, Any]:
    claim = contents.claim(id_)
    criterion = claim.criterion
    return {
        "page": contents.claim_at[id_],
        "quote": claim.quote,
        "proposition": claim.proposition,
        "topics": list(claim.topics),
        "criterion": None
        if criterion is None
        else criterion_words(criterion, contents.records.facts.by_id),
        "because": because(contents.audit, contents.verdict[id_]),
        "history": list(_history(contents, id_)),
    }


def _history(contents: Contents, id_: str) -> Iterator[dict[str, str]]:
    for change in contents.changes(id_):
        yield {
            "day": day_text(change.day),
            "status": change.status.value,
            "because": CAUSE_WORDS[change.cause.kind](change.cause),
        }


def _fact(contents: Contents, fact: Fact) -> dict[str, Any]:
    return {
        "id": fact.id,
        "kind": fact.kind.value,
        "title": fact.title,
        "unit": fact.unit,
        "page": contents.fact_at[fact.id],
    }


def _evidence(contents: Contents, evidence: Evidence) -> dict[str, Any]:
    source = contents.records.sources.by_id[evidence.source]
    return {
        "id": evidence.id,
        "fact": evidence.fact,
        "claim": evidence.claim,
        "source": evidence.source,
        "published": _span_text(evidence.published or source.published),
        "says": contents.told(evidence),
        "quote": evidence.quote,
        "withdrawn": _span_text(evidence.withdrawn),
        "supersedes": list(evidence.supersedes),
    }


def _source(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "title": source.title,
        "publisher": source.publisher,
        "author": source.author,
        "origin": source.origin,
        "tier": source.tier.value if source.tier else None,
        "published": _span_text(source.published),
        "url": source.url,
        "archived_url": source.archived_url,
    }


def _span_text(span: Span | None) -> str | None:
    return None if span is None else span.text
