"""The audit as one JSON object, for programs; its keys are stable."""

from collections.abc import Iterable
from typing import Any

from claimtrack.engine.audit import Audit
from claimtrack.model.span import Day, day_text
from claimtrack.model.verdict import Verdict


def audit_object(audit: Audit, verdicts: Iterable[Verdict]) -> dict[str, Any]:
    """
    Return *audit* with those of its *verdicts* that are wanted.

    Days are ISO 8601 text or None; counts are those of the whole audit.
    """
    return {
        "title": audit.records.settings.title,
        "as_of": audit.as_of,
        "known_by": audit.known_by.value,
        "not_yet_said": audit.not_yet_said,
        "counts": {status.value: number for status, number in audit.counts.items()},
        "claims": [claim_object(audit, verdict) for verdict in verdicts],
    }


def claim_object(audit: Audit, verdict: Verdict) -> dict[str, Any]:
    """Return one verdict with what the file says of its claim."""
    claim = audit.records.claims[verdict.claim]
    return {
        "id": claim.id,
        "speaker": claim.speaker,
        "speaker_name": audit.records.speakers[claim.speaker].name,
        "said": claim.said.text,
        "source": claim.source,
        "kind": claim.kind.value if claim.kind else None,
        "status": verdict.status.value,
        "recorded_status": claim.status.value if claim.status else None,
        "late_days": verdict.late_days,
        "due": _day(verdict.due),
        "decided_on": _day(verdict.decided_on),
        "robust": verdict.robust,
        "readings": [
            {
                "name": reading.name,
                "status": reading.status.value,
                "late_days": reading.late_days,
            }
            for reading in verdict.readings
        ],
        "used": list(verdict.used),
        "marks": list(verdict.marks),
        "quote": claim.quote,
        "proposition": claim.proposition,
    }


def _day(day: Day | None) -> str | None:
    return None if day is None else day_text(day)
