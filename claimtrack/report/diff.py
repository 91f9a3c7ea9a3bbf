"""What changed between two audits, for people and for programs."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from claimtrack.engine.decide import Outcome
from claimtrack.engine.diff import Diff, StatusChange, Why
from claimtrack.engine.edits import Edit, WhyKind
from claimtrack.escape import for_json
from claimtrack.model.records import Speaker
from claimtrack.model.registry import PLURALS, Records
from claimtrack.model.span import day_text
from claimtrack.model.verdict import Status
from claimtrack.report.formats import (
    FORMATS,
    READ_BY_PROGRAMS,
    render,
    render_line,
    render_sheet,
)
from claimtrack.report.reasons import sourced_words
from claimtrack.report.style import label
from claimtrack.report.table import Sheet, Table
from claimtrack.report.words import NONE, counted, day_words, late_words

HEADER: Final = ("claim", "reading", "speaker", "before", "after", "because")
COLUMNS: Final = (
    *("claim", "reading", "speaker", "speaker_name"),
    *("before", "after", "late_days_before", "late_days_after"),
    *("late_days_min_before", "late_days_min_after"),
    *("cause_kind", "cause_record", "cause_by", "cause_day", "because"),
)
MOST_NAMED: Final = 8
"""How many records are named for one kind of edit."""

_SHRINK: Final = (
    *(("reading", 16), ("before", 13), ("after", 13), ("because", 18)),
    *(("reading", 12), ("claim", 48), ("because", 14)),
)
"""Columns in the order in which they shrink; ids last, as people copy them."""


def diff_text(
    diff: Diff,
    format: str,  # noqa: A002
    *,
    width: int | None = None,
    colour: bool = False,
) -> str:
    """
    Write *diff* in the format of that name.

    Markdown is fit for a comment on a pull request.

    Raises:
        ValueError: There is no such format.
    """
    if format not in FORMATS:
        raise ValueError(f"format {format!r} is not known; expected one of {', '.join(FORMATS)}")
    if format == "json":
        return f"{for_json(diff_object(diff), indent=2)}\n"
    if format in READ_BY_PROGRAMS:
        return render_sheet(diff_sheet(diff), format)
    table = diff_table(diff)
    parts = [f"{render_line(diff_heading(diff), format)}\n"]
    if table.rows:
        parts.append(render(table, format, width=width, colour=colour))
    below = [f"{render_line(line, format)}\n" for line in edit_lines(diff)]
    return "\n".join([*parts, "".join(below)] if below else parts)


def diff_heading(diff: Diff) -> str:
    """Say in one line how many statuses, delays and readings changed."""
    before, after = day_words(diff.before.day), day_words(diff.after.day)
    days = f"as of {after}" if before == after else f"from {before} to {after}"
    of_claims = [change for change in diff.changes if change.reading is None]
    became = Counter(change.after for change in of_claims if change.is_of_status)
    delays = sum(not change.is_of_status for change in of_claims)
    others = [
        counted(number, what)
        for number, what in (
            (delays, "delay"),
            (len(diff.changes) - len(of_claims), "further reading"),
        )
        if number
    ]
    besides = f"; {' and '.join(others)} changed" if others else ""
    if not became:
        return f"No status changed {days}{besides or '.'}"
    counts = [f"{label(status.value)} {became[status]}" for status in Status if became[status]]
    if became[None]:
        counts.append(f"gone {became[None]}")
    changed = counted(became.total(), "status", "statuses")
    return f"{changed} changed {days}: {', '.join(counts)}{besides}"


def diff_table(diff: Diff) -> Table:
    """
    Return one row for each claim, and each reading, that changed, with its cause.

    The column of readings is there only if a reading changed.
    """
    has_readings = any(change.reading is not None for change in diff.changes)
    columns = [name for name in HEADER if has_readings or name != "reading"]
    return Table(
        header=tuple(columns),
        rows=[tuple(row[name] for name in columns) for row in _rows(diff)],
        shrink=[pair for pair in _SHRINK if pair[0] in columns],
        spare=("speaker", "before"),
        wrap=[name for name in columns if name != "claim"],
        status="after",
    )


def _rows(diff: Diff) -> Iterator[dict[str, str]]:
    for change in diff.changes:
        yield {
            "claim": change.claim,
            "reading": change.reading or "",
            "speaker": _speaker(diff, change).label,
            "before": _status_words(change.outcome_before),
            "after": _status_words(change.outcome_after),
            "because": why_words(diff, change.why),
        }


def _speaker(diff: Diff, change: StatusChange) -> Speaker:
    audit = diff.before if change.claim not in diff.after.records.claims else diff.after
    return audit.records.speakers[audit.records.claims[change.claim].speaker]


def diff_sheet(diff: Diff) -> Sheet:
    """Return the rows of `diff_table` as values, with the keys of the JSON form."""
    return Sheet.of(COLUMNS, (_record(diff, change) for change in diff.changes))


def _record(diff: Diff, change: StatusChange) -> dict[str, Any]:
    values = _change_object(change)
    speaker = _speaker(diff, change)
    return {
        **values,
        **{f"cause_{key}": value for key, value in values["cause"].items()},
        "speaker": speaker.id,
        "speaker_name": speaker.name,
        "because": why_words(diff, change.why),
    }


def _status_words(outcome: Outcome | None) -> str:
    if outcome is None:
        return NONE
    late = f" {late_words(outcome)}" if outcome.late_days else ""
    return f"{label(outcome.status.value)}{late}"


def why_words(diff: Diff, why: Why) -> str:
    """Say in a few words what changed a claim."""
    template = _WORDS[why.kind]
    if why.day is not None:
        template = _WORDS_WITH_DAY.get(why.kind, template)
    name = why.record or ""
    words = template.format(record=name, by=why.by or "", day=day_words(why.day))
    report = _report(diff, why)
    return words if report is None else f"{words}: {report}"


_WORDS: Final = {
    WhyKind.CLOCK: "only the clock: its time was over on {day}",
    WhyKind.CLAIM_SAID: "it was said on {day}",
    WhyKind.POLICY_EDITED: "the policy was edited",
    WhyKind.SOURCE_EDITED: "the source {record} was edited",
    WhyKind.FACT_EDITED: "the fact {record} was edited",
    WhyKind.SCALE_EDITED: "the scale {record} was edited",
    WhyKind.EVIDENCE_EDITED: "{record} was edited",
    WhyKind.EVIDENCE_REMOVED: "{record} was taken out",
    WhyKind.EVIDENCE_ADDED: "{record} was added",
    WhyKind.EVIDENCE_WITHDRAWN: "{record} was withdrawn",
    WhyKind.EVIDENCE_SUPERSEDED: "{record} was superseded by {by}",
    WhyKind.CRITERION_EDITED: "its criterion was edited",
    WhyKind.CLAIM_ANNULLED: "its annulment was edited",
    WhyKind.WORDS_EDITED: "its words were edited",
    WhyKind.CHECK_ANSWERED: "the function that decides it answered differently",
    WhyKind.CLAIM_ADDED: "the claim was added",
    WhyKind.CLAIM_REMOVED: "the claim was taken out",
    WhyKind.STATUS_SIGNED: "its signed status was edited",
    WhyKind.DETAILS_EDITED: "its details were edited",
    WhyKind.BACKGROUND: "{record} was edited",
}
_WORDS_WITH_DAY: Final = {
    WhyKind.EVIDENCE_ADDED: "{record} became known on {day}",
    WhyKind.EVIDENCE_WITHDRAWN: "{record} was withdrawn on {day}",
    WhyKind.EVIDENCE_SUPERSEDED: "{record} was superseded by {by} on {day}",
    WhyKind.CLAIM_ANNULLED: "it was called off on {day}",
}


def _report(diff: Diff, why: Why) -> str | None:
    """Say what the report says that is a cause; of two, the superseding one."""
    id_ = why.by or why.record or ""
    if why.kind.value.startswith("evidence-"):
        for audit in (diff.after, diff.before):
            if id_ in audit.records.evidence or id_ in audit.records.assessments:
                return sourced_words(audit.records, id_)
    return None


def edit_lines(diff: Diff) -> Iterator[str]:
    """
    Iterate over lines that count the edits by kind, whether they changed a status or not.

    The first `MOST_NAMED` records of each kind are named.
    """
    edited: dict[str, list[str]] = {}
    for edit in diff.edits:
        edited.setdefault(_edit_words(diff, edit), []).append(edit.superseded or edit.id)
    if edited:
        listed = ", ".join(f"{words} {_named(ids)}" for words, ids in edited.items())
        yield f"{counted(len(diff.edits), 'edit')}: {listed}"


def _named(ids: list[str]) -> str:
    names = [id_ for id_ in ids if id_]
    more = [f"{len(names) - MOST_NAMED} more"] if len(names) > MOST_NAMED else []
    listed = ", ".join([*names[:MOST_NAMED], *more])
    return f"{len(ids)} ({listed})" if listed else f"{len(ids)}"


def _edit_words(diff: Diff, edit: Edit) -> str:
    if edit.kind is not WhyKind.BACKGROUND:
        return edit.kind.value.replace("-", " ")
    if edit.record_kind == "registry":
        return "title or note edited"
    before: Records = diff.before.records
    if edit.record is None:
        return f"{edit.record_kind} removed"
    is_there = edit.id in getattr(before, PLURALS[edit.record_kind])
    return f"{edit.record_kind} {'edited' if is_there else 'added'}"


def diff_object(diff: Diff) -> dict[str, Any]:
    """Return *diff* for programs; days are ISO 8601 text or None."""
    return {
        "title": diff.after.records.settings.title,
        "from": str(diff.before.as_of),
        "to": str(diff.after.as_of),
        "known_by": diff.after.known_by.value,
        "changes": [_change_object(change) for change in diff.changes],
        "edits": [
            {
                "kind": edit.kind.value,
                "type": edit.record_kind,
                "record": edit.id or None,
                "superseded": edit.superseded,
            }
            for edit in diff.edits
        ],
    }


def _change_object(change: StatusChange) -> dict[str, Any]:
    before, after = change.outcome_before, change.outcome_after
    return {
        "claim": change.claim,
        "reading": change.reading,
        "before": None if change.before is None else change.before.value,
        "after": None if change.after is None else change.after.value,
        "late_days_before": before and before.late_days,
        "late_days_after": after and after.late_days,
        "late_days_min_before": before and before.late_days_min,
        "late_days_min_after": after and after.late_days_min,
        "cause": {
            "kind": change.why.kind.value,
            "record": change.why.record,
            "by": change.why.by,
            "day": None if change.why.day is None else day_text(change.why.day),
        },
    }
