"""Histories of claims as tables, and for programs."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from claimtrack.engine.history import Change, History
from claimtrack.engine.sweep import Cause, CauseKind
from claimtrack.model.claim import Claim
from claimtrack.model.registry import Records
from claimtrack.model.span import Day, day_text
from claimtrack.model.verdict import Status
from claimtrack.report.style import label
from claimtrack.report.table import Table
from claimtrack.report.words import counted, day_words, span_words


class HistoryOf(NamedTuple):
    """A history, and those of its changes that are wanted."""

    history: History
    changes: tuple[Change, ...]


CAUSE_WORDS: Final[Mapping[CauseKind, Callable[[Cause], str]]] = {
    CauseKind.SAID: lambda _: "it was said",
    CauseKind.WITHDRAWN: lambda cause: f"{cause.evidence} was withdrawn",
    CauseKind.SUPERSEDED: lambda cause: f"{cause.evidence} was superseded by {cause.by}",
    CauseKind.COUNTS_AGAIN: lambda cause: (
        f"{cause.evidence} counts again: {cause.by} was withdrawn"
    ),
    CauseKind.KNOWN: lambda cause: f"{cause.evidence} became known",
    CauseKind.SAMPLES_OVER: lambda _: "the days of its samples were over",
    CauseKind.DUE: lambda _: "the deadline passed",
    CauseKind.GRACE_OVER: lambda _: "the grace ran out",
    CauseKind.ANNULLED: lambda _: "it was called off",
}
"""What each cause is called, in a few words."""


def claim_heading(records: Records, claim: Claim) -> Iterator[str]:
    """Iterate over the lines above the history of one claim."""
    yield claim.id
    yield f"  “{claim.quote}”"
    yield f"  {records.speakers[claim.speaker].label}, {span_words(claim.said)}"


def claim_table(found: HistoryOf) -> Table:
    """Return one row for each change of one claim."""
    return Table(
        header=("from", "status", "because", "readings that changed"),
        rows=list(_rows(found)),
        shrink={"because": 48, "readings that changed": 24},
        status="status",
    )


def all_table(found: Iterable[HistoryOf]) -> Table:
    """Return one row for each change of any claim, claim by claim."""
    return Table(
        header=("claim", "from", "status", "because", "readings that changed"),
        rows=[(one.history.claim.id, *row) for one in found for row in _rows(one)],
        shrink={"claim": 20, "because": 40, "readings that changed": 24},
        status="status",
    )


def _rows(found: HistoryOf) -> Iterator[tuple[str, str, str, str]]:
    for change in found.changes:
        words = _cause_words(change.cause)
        if change.late_days is not None:
            words += f"; {counted(change.late_days, 'day')} late"
        yield (
            day_words(change.day),
            label(change.status.value),
            words,
            "; ".join(_readings_words(change)),
        )


def _cause_words(cause: Cause) -> str:
    return CAUSE_WORDS[cause.kind](cause)


def _readings_words(change: Change) -> Iterator[str]:
    """Iterate over the readings that changed; with their causes, where these are others."""
    for reading, cause in zip(change.readings, change.reading_causes, strict=True):
        if cause is None:
            continue
        late = "" if reading.late_days is None else f", {counted(reading.late_days, 'day')}"
        other = "" if cause == change.cause else f" ({_cause_words(cause)})"
        yield f"{reading.name}: {label(reading.status.value)}{late}{other}"


def history_object(
    records: Records, found: Iterable[HistoryOf], *, known_by: str, last: Day
) -> dict[str, Any]:
    """Return histories for programs; days are ISO 8601 text."""
    return {
        "title": records.settings.title,
        "as_of": day_text(last),
        "known_by": known_by,
        "claims": [
            {"id": one.history.claim.id, "changes": [_change_object(c) for c in one.changes]}
            for one in found
        ],
    }


def _change_object(change: Change) -> dict[str, Any]:
    return {
        "day": day_text(change.day),
        **_status_object(change.status, change.late_days),
        "cause": _cause_object(change.cause),
        "readings": [
            {
                "name": reading.name,
                **_status_object(reading.status, reading.late_days),
                "cause": None if cause is None else _cause_object(cause),
            }
            for reading, cause in zip(change.readings, change.reading_causes, strict=True)
        ],
    }


def _cause_object(cause: Cause) -> dict[str, str | None]:
    return {"kind": cause.kind.value, "evidence": cause.evidence, "by": cause.by}


def _status_object(status: Status, late_days: int | None) -> dict[str, Any]:
    return {"status": status.value, "late_days": late_days}
