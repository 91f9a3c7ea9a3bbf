"""The audit as values for programs: a row for each claim, with the keys of its JSON form."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from claimtrack.engine.audit import Audit
from claimtrack.model.verdict import Verdict
from claimtrack.report.audit_json import claim_object
from claimtrack.report.audit_table import groups
from claimtrack.report.because import reason_words, same_readings
from claimtrack.report.sheet import Sheet

COLUMNS: Final = (
    *("id", "speaker", "speaker_name", "said", "source", "kind"),
    *("status", "recorded_status", "late_days", "due", "decided_on"),
    *("robust", "readings_same", "readings_total", "used", "marks"),
    *("quote", "proposition", "because"),
)


def audit_sheet(audit: Audit, verdicts: Iterable[Verdict], by: str | None = None) -> Sheet:
    """
    Return one row for each of the *verdicts* of *audit*.

    Args:
        audit: The audit.
        verdicts: Those that are wanted, in this order.
        by: A key of `GROUPS`; the rows then stand group by group, as the tables for people do. A
            column tells the group: by topic an additional one, with a row for each of its topics.

    Raises:
        KeyError: *by* is not one of `GROUPS`.
    """
    if by is None:
        return Sheet.of(COLUMNS, (_record(audit, verdict) for verdict in verdicts))
    header = ("topic", *COLUMNS) if by == "topic" else COLUMNS
    return Sheet.of(header, _grouped(audit, verdicts, by))


def _grouped(audit: Audit, verdicts: Iterable[Verdict], by: str) -> Iterator[Mapping[str, Any]]:
    for name, group in groups(audit, verdicts, by).items():
        for verdict in group:
            has_topic = name in audit.records.claims[verdict.claim].topics
            yield {"topic": name if has_topic else None, **_record(audit, verdict)}


def _record(audit: Audit, verdict: Verdict) -> Mapping[str, Any]:
    same, total = same_readings(verdict)
    return {
        **claim_object(audit, verdict),
        "readings_same": same,
        "readings_total": total,
        "because": reason_words(audit, verdict) or None,
    }
