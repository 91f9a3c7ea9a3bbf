"""Histories of claims as tables, and for programs."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final, NamedTuple

import attrs

from claimtrack.engine.history import Change, History
from claimtrack.engine.timeline import Cause, CauseKind
from claimtrack.model.registry import Records
from claimtrack.model.span import Day, day_text
from claimtrack.model.verdict import Status
from claimtrack.report.formats import render, render_line
from claimtrack.report.reasons import sourced_words
from claimtrack.report.style import label
from claimtrack.report.table import Sheet, Table
from claimtrack.report.words import counted, day_words, span_words


class HistoryOf(NamedTuple):
    """A history, and those of its changes that are wanted."""

    history: History
    changes: tuple[Change, ...]


HEADER: Final = ("claim", "from", "reading", "status", "because")
_SHRINK: Final = {"because": 32, "reading": 16, "claim": 30}
_NEWS: Final = frozenset({CauseKind.KNOWN, CauseKind.SUPERSEDED})
"""What brings a report of which there is something to tell."""

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


def claim_heading(records: Records, found: HistoryOf) -> Iterator[str]:
    """Iterate over the lines above the history of one claim, not escaped."""
    claim = found.history.claim
    yield claim.id
    yield f"  “{claim.quote}”"
    yield f"  {records.speakers[claim.speaker].label}, {span_words(claim.said)}"


def history_text(
    records: Records,
    found: HistoryOf,
    format: str,  # noqa: A002
    *,
    width: int | None = None,
    colour: bool = False,
) -> str:
    """Write the history of one claim for people, in the format of that name."""
    heading = "".join(f"{render_line(line, format)}\n" for line in claim_heading(records, found))
    if not found.changes:
        return f"{heading}\nnothing changed in these days\n"
    table = claim_table(found, records)
    return f"{heading}\n{render(table, format, width=width, colour=colour)}"


class Turn(NamedTuple):
    """What a claim, or one of its further readings, became on a day, and by what."""

    claim: str
    day: Day
    reading: str | None
    status: Status
    late_days: int | None
    cause: Cause


def turns(found: HistoryOf) -> Iterator[Turn]:
    """Iterate over what changed, one thing at a time: the claim before its readings, by day."""
    history = found.history
    id_ = history.claim.id
    for change in found.changes:
        before = history.at(change.day - 1)
        was = None if before is None else (before.status, before.late_days)
        if was != (change.status, change.late_days):
            yield Turn(id_, change.day, None, change.status, change.late_days, change.cause)
        for reading, cause in zip(change.readings, change.reading_causes, strict=True):
            if cause is not None:
                late = reading.late_days
                yield Turn(id_, change.day, reading.name, reading.status, late, cause)


def claim_table(found: HistoryOf, records: Records | None = None) -> Table:
    """
    Return one row for each turn of one claim, or of a reading of it if it has any.

    With *records* it says what the reports tell that are its causes.
    """
    without = {"claim", "" if found.history.claim.readings else "reading"}
    return _table(turns(found), records, without)


def all_table(found: Iterable[HistoryOf], records: Records) -> Table:
    """Return one row for each turn of any claim or reading, claim by claim."""
    table = _table((turn for one in found for turn in turns(one)), records, without=())
    return attrs.evolve(table, title=records.settings.title or "")


def _table(found: Iterable[Turn], records: Records | None, without: Collection[str]) -> Table:
    kept = [name for name in HEADER if name not in without]
    return Table(
        header=kept,
        rows=[[cells[name] for name in kept] for cells in map(partial(_cells, records), found)],
        shrink={name: width for name, width in _SHRINK.items() if name in kept},
        status="status",
        wrap=[name for name in ("reading", "because") if name in kept],
    )


def _cells(records: Records | None, turn: Turn) -> dict[str, str]:
    late = "" if turn.late_days is None else f" by {counted(turn.late_days, 'day')}"
    return {
        "claim": turn.claim,
        "from": day_words(turn.day),
        "reading": turn.reading or "",
        "status": f"{label(turn.status.value)}{late}",
        "because": _cause_words(records, turn.cause),
    }


def _cause_words(records: Records | None, cause: Cause) -> str:
    """Say what happened, with what a report tells or why it was withdrawn."""
    words, id_ = CAUSE_WORDS[cause.kind](cause), cause.by or cause.evidence
    if id_ is None or records is None:
        return words
    if cause.kind in _NEWS:
        return f"{words}: {sourced_words(records, id_)}"
    gone = records.evidence.by_id.get(id_)
    because = None if gone is None else gone.withdrawn_because
    return f"{words}: {because}" if because else words


COLUMNS: Final = (
    *("claim", "day", "reading", "status", "late_days"),
    *("cause_kind", "cause_evidence", "cause_by"),
)


def history_sheet(found: Iterable[HistoryOf]) -> Sheet:
    """Return one row for each turn, for programs; a claim's own turn has no *reading*."""
    return Sheet.of(COLUMNS, (_record(turn) for one in found for turn in turns(one)))


def _record(turn: Turn) -> dict[str, Any]:
    return {
        **turn._asdict(),
        "day": day_text(turn.day),
        "status": turn.status.value,
        **{f"cause_{key}": value for key, value in _cause_object(turn.cause).items()},
    }


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
