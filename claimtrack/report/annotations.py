"""
Write findings for GitHub: annotations in the log, and the summary of a step.

GitHub makes annotations of the first ten errors, warnings and notices of a step and drops the
others, and it drops a summary of more than a mebibyte. So the worst findings come first, those
without an annotation are plain lines of the log, and the summary is cut to what is taken; what is
left out is counted.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import attrs

from claimtrack.errors import Finding, Severity
from claimtrack.report.escape import for_github_message, for_github_property
from claimtrack.report.findings import Report, counts, line, with_slashes
from claimtrack.report.formats import render
from claimtrack.report.markup import for_markdown
from claimtrack.report.table import Table
from claimtrack.report.width import shorten

MOST_ANNOTATIONS: Final = 10
"""Annotations of each level that GitHub shows for a step."""

MOST_BYTES: Final = 1 << 20
"""Bytes of the summary of a step, of all that is written into it."""

MOST_ROWS: Final = 500
"""Rows of each table in a summary."""

WIDEST: Final = 500
"""Columns of a cell in a summary."""

_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_ICONS: Final = {Severity.ERROR: "\u2717", Severity.WARNING: "!", Severity.NOTE: "\u00b7"}


def as_github(report: Report) -> str:
    """Write a workflow command for each finding that is shown, then the others and the outcome."""
    return "".join(f"{one}\n" for one in (*_log(report), report.sentence))


def _log(report: Report) -> Iterator[str]:
    by_level: dict[str, list[Finding]] = defaultdict(list)
    for one in report.worst_first():
        by_level[_LEVELS[one.severity]].append(one)
    for found in by_level.values():
        yield from (_annotation(report, one) for one in found[:MOST_ANNOTATIONS])
    rest = [one for found in by_level.values() for one in found[MOST_ANNOTATIONS:]]
    if rest:
        yield f"{counts(rest)} more; GitHub annotates {MOST_ANNOTATIONS} of each level in a step:"
        yield from map(line, rest)


def _annotation(report: Report, one: Finding) -> str:
    properties = {"title": one.code if one.record is None else f"{one.code} {one.record}"}
    if one.location is not None:
        properties |= {
            "file": with_slashes(report.in_repository(one.location.file)),
            "line": str(one.location.line),
            "col": str(one.location.column),
        }
    listed = ",".join(f"{key}={for_github_property(text)}" for key, text in properties.items())
    hint = "" if one.hint is None else f"%0Ahint: {_message(one.hint)}"
    return f"::{_LEVELS[one.severity]} {listed}::{_message(one.message)}{hint}"


def _message(text: str) -> str:
    return for_github_message(text.replace("\r\n", "\n"))


def summary(report: Report, *tables: Table, most_bytes: int = MOST_BYTES) -> str:
    """
    Write the Markdown summary of a step: the outcome, the findings, and *tables* after them.

    Args:
        report: What was found.
        tables: Any more, such as the audit; each with its title.
        most_bytes: How many bytes GitHub still takes. Findings get at least half of them.
    """
    shown = [_findings(report)] if report.findings else []
    parts = [f"## claimtrack: {for_markdown(report.sentence)}\n"]
    waiting = [*shown, *tables]
    for index, table in enumerate(waiting):
        room = most_bytes - sum(len(part.encode()) + 1 for part in parts)
        parts += _fitting(table, room if index == len(waiting) - 1 else room // 2)
    return "\n".join(parts)


def _fitting(table: Table, room: int) -> list[str]:
    """Return *table* and how many rows it lacks, with as many rows as *room* bytes allow."""
    rows = [tuple(shorten(cell, WIDEST) for cell in row) for row in table.rows[:MOST_ROWS]]
    while True:
        parts = [render(attrs.evolve(table, rows=rows), "github")]
        if len(rows) < len(table.rows):
            parts.append(f"and {len(table.rows) - len(rows)} more\n")
        if sum(len(part.encode()) + 1 for part in parts) <= room:
            return parts
        if not rows:
            return []
        rows = rows[: len(rows) // 2]


def _findings(report: Report) -> Table:
    rows = (
        (
            f"{_ICONS[one.severity]} {one.severity}",
            one.code,
            "" if one.location is None else str(one.location),
            one.message if one.hint is None else f"{one.message} (hint: {one.hint})",
        )
        for one in report.worst_first()
    )
    return Table(header=("severity", "code", "where", "what"), rows=rows, title="Findings")
