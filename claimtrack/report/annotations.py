"""
Write findings for GitHub: annotations in the log, and the summary of a step.

GitHub shows ten annotations of each level for a step and the summary up to a mebibyte; all
annotations are written nevertheless, and the summary shows the first rows of long tables.
"""

from typing import Final

import attrs

from claimtrack.errors import Finding, Severity
from claimtrack.report.escape import for_github_message, for_github_property
from claimtrack.report.findings import Report
from claimtrack.report.formats import render
from claimtrack.report.markup import for_markdown
from claimtrack.report.table import Table

MOST_ROWS: Final = 500
"""Rows of each table in a summary; with cells of 500 characters, half of what GitHub takes."""

_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_ICONS: Final = {Severity.ERROR: "\u2717", Severity.WARNING: "!", Severity.NOTE: "\u00b7"}


def as_github(report: Report) -> str:
    """Write one workflow command for each finding, and the outcome in words."""
    return "".join(f"{one}\n" for one in (*map(_annotation, report.findings), report.sentence))


def _annotation(one: Finding) -> str:
    properties = {"title": one.code if one.record is None else f"{one.code} {one.record}"}
    if one.location is not None:
        properties |= {
            "file": one.location.file,
            "line": str(one.location.line),
            "col": str(one.location.column),
        }
    listed = ",".join(f"{key}={for_github_property(text)}" for key, text in properties.items())
    hint = "" if one.hint is None else f"%0Ahint: {_message(one.hint)}"
    return f"::{_LEVELS[one.severity]} {listed}::{_message(one.message)}{hint}"


def _message(text: str) -> str:
    return for_github_message(text.replace("\r\n", "\n"))


def summary(report: Report, *tables: Table) -> str:
    """
    Write the Markdown summary of a step: the outcome, the findings, and *tables* after them.

    Args:
        report: What was found.
        tables: Any more, such as the audit; each with its title.
    """
    shown = [_findings(report)] if report.findings else []
    parts = [f"## claimtrack: {for_markdown(report.sentence)}\n"]
    for table in (*shown, *tables):
        cut = attrs.evolve(table, rows=table.rows[:MOST_ROWS])
        parts.append(render(cut, "github"))
        if len(table.rows) > MOST_ROWS:
            parts.append(f"and {len(table.rows) - MOST_ROWS} more\n")
    return "\n".join(parts)


def _findings(report: Report) -> Table:
    rows = (
        (
            f"{_ICONS[one.severity]} {one.severity}",
            one.code,
            "" if one.location is None else str(one.location),
            one.message if one.hint is None else f"{one.message} (hint: {one.hint})",
        )
        for one in report.findings
    )
    return Table(header=("severity", "code", "where", "what"), rows=rows, title="Findings")
