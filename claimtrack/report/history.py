"""Histories of claims as tables, for programs and as JSON."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final, NamedTuple

import attrs

from claimtrack.engine.history import Change, History
from claimtrack.engine.timeline import Cause, CauseKind
from claimtrack.model.registry import Records
from claimtrack.model.span import Day, day_text
from claimtrack.model.verdict import ReadingVerdict, Status
from claimtrack.report.formats import render, render_line
from claimtrack.report.reasons import sourced_words
from claimtrack.report.style import label
from claimtrack.report.table import Sheet, Table
from claimtrack.report.words import day_words, late_words, quote_words, span_words


class HistorySelection(NamedTuple):
    """A history, and the changes of it to show."""

    history: History
    changes: tuple[Change, ...]


HEADER: Final = ("claim", "from", "reading", "status", "because")
_SHRINK: Final = {"because": 32, "reading": 16, "claim": 30}
_NEWS: Final = frozenset({CauseKind.KNOWN, CauseKind.SUPERSEDED})
"""Causes whose report is put into words."""

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
"""The words for each cause."""


def claim_heading(records: Records, selection: HistorySelection) -> Iterator[str]:
    """Iterate over the lines above the history of one claim, not escaped."""
    claim = selection.history.claim
    yield claim.id
    yield f"  {quote_words(claim, records)}"
    yield f"  {records.speakers[claim.speaker].label}, {span_words(claim.said)}"


def history_text(
    records: Records,
    selection: HistorySelection,
    format: str,  # noqa: A002
    *,
    width: int | None = None,
    colour: bool = False,
) -> str:
    """Write the history of one claim for people, in the format of that name."""
    heading = "".join(
        f"{render_line(line, format)}\n" for line in claim_heading(records, selection)
    )
    if not selection.changes:
        return f"{heading}\nnothing changed in these days\n"
    table = claim_table(selection, records)
    return f"{heading}\n{render(table, format, width=width, colour=colour)}"


class HistoryRow(NamedTuple):
    """The status of a claim, or of one of its further readings, from a day on, and its cause."""

    claim: str
    day: Day
    reading: str | None
    status: Status
    late_days: int | None
    late_days_min: int | None
    cause: Cause


def history_rows(selection: HistorySelection) -> Iterator[HistoryRow]:
    """Iterate over the changes by day, the claim's own before those of its readings."""
    history = selection.history
    id_ = history.claim.id
    for change in selection.changes:
        before = history.at(change.day - 1)
        if before is None or _standing(before) != _standing(change):
            yield HistoryRow(id_, change.day, None, *_standing(change), change.cause)
        for reading, cause in zip(change.readings, change.reading_causes, strict=True):
            if cause is not None:
                yield HistoryRow(id_, change.day, reading.name, *_standing(reading), cause)


def _standing(found: Change | ReadingVerdict) -> tuple[Status, int | None, int | None]:
    return found.status, found.late_days, found.late_days_min


def claim_table(selection: HistorySelection, records: Records | None = None) -> Table:
    """
    Return the rows of one claim, with those of its readings.

    With *records* the words for a cause say what its report says.
    """
    without = {"claim", "" if selection.history.claim.readings else "reading"}
    return _table(history_rows(selection), records, without)


def all_table(selections: Iterable[HistorySelection], records: Records) -> Table:
    """Return the rows of several claims in one table, claim by claim."""
    table = _table((row for one in selections for row in history_rows(one)), records, without=())
    return attrs.evolve(table, title=records.settings.title or "")


def _table(rows: Iterable[HistoryRow], records: Records | None, without: Collection[str]) -> Table:
    columns = [name for name in HEADER if name not in without]
    return Table(
        header=columns,
        rows=[[cells[name] for name in columns] for cells in map(partial(_cells, records), rows)],
        shrink={name: width for name, width in _SHRINK.items() if name in columns},
        status="status",
        wrap=[name for name in ("reading", "because") if name in columns],
    )


def _cells(records: Records | None, row: HistoryRow) -> dict[str, str]:
    late = f" {late_words(row)}" if row.late_days else ""
    return {
        "claim": row.claim,
        "from": day_words(row.day),
        "reading": row.reading or "",
        "status": f"{label(row.status.value)}{late}",
        "because": _cause_words(records, row.cause),
    }


def _cause_words(records: Records | None, cause: Cause) -> str:
    """Return the words for *cause*, with what the report says or why it was withdrawn."""
    words, id_ = CAUSE_WORDS[cause.kind](cause), cause.by or cause.evidence
    if id_ is None or records is None:
        return words
    if cause.kind in _NEWS:
        return f"{words}: {sourced_words(records, id_)}"
    evidence = records.evidence.by_id.get(id_)
    because = None if evidence is None else evidence.withdrawn_because
    return f"{words}: {because}" if because else words


COLUMNS: Final = (
    *("claim", "day", "reading", "status", "late_days", "late_days_min"),
    *("cause_kind", "cause_evidence", "cause_by"),
)


def history_sheet(selections: Iterable[HistorySelection]) -> Sheet:
    """Return the rows of *selections* for programs; a claim's own have no *reading*."""
    return Sheet.of(COLUMNS, (_record(row) for one in selections for row in history_rows(one)))


def _record(row: HistoryRow) -> dict[str, Any]:
    return {
        **row._asdict(),
        "day": day_text(row.day),
        "status": row.status.value,
        **{f"cause_{key}": value for key, value in _cause_object(row.cause).items()},
    }


def history_object(
    records: Records, selections: Iterable[HistorySelection], *, known_by: str, last: Day
) -> dict[str, Any]:
    """Return histories for JSON; days are ISO 8601 text."""
    return {
        "title": records.settings.title,
        "as_of": day_text(last),
        "known_by": known_by,
        "claims": [
            {"id": one.history.claim.id, "changes": [_change_object(c) for c in one.changes]}
            for one in selections
        ],
    }


def _change_object(change: Change) -> dict[str, Any]:
    return {
        "day": day_text(change.day),
        **_status_object(change),
        "cause": _cause_object(change.cause),
        "readings": [
            {
                "name": reading.name,
                **_status_object(reading),
                "cause": None if cause is None else _cause_object(cause),
            }
            for reading, cause in zip(change.readings, change.reading_causes, strict=True)
        ],
    }


def _cause_object(cause: Cause) -> dict[str, str | None]:
    return {"kind": cause.kind.value, "evidence": cause.evidence, "by": cause.by}


def _status_object(found: Change | ReadingVerdict) -> dict[str, Any]:
    status, most, least = _standing(found)
    return {"status": status.value, "late_days": most, "late_days_min": least}
