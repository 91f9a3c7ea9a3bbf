"""What a failure says: escaped line by line, since other people's words are in it."""

from collections.abc import Iterable, Iterator
from typing import Final

from claimtrack.engine.audit import Audit
from claimtrack.engine.explain import explain
from claimtrack.report.escape import for_log_line
from claimtrack.report.explanation import evidence_table, heading_lines, reason_lines
from claimtrack.report.formats import render
from claimtrack.testing.outcomes import Result

WIDTH: Final = 100
"""Columns of a table in a failure."""


def failure_text(result: Result, explained: Iterable[str], place: str) -> str:
    """Return the report of a failure: what, the lines that explain it, and where it stands."""
    lines = (for_log_line(result.because), "", *explained, "", for_log_line(place))
    return "\n".join(line.rstrip() for line in lines)


def explanation_lines(audit: Audit, claim: str) -> Iterator[str]:
    """Iterate over words, statuses, criterion and evidence of a claim."""
    explanation = explain(audit, claim)
    yield from heading_lines(audit, explanation)
    yield ""
    yield from reason_lines(audit, explanation)
    if explanation.items:
        yield ""
        table = evidence_table(audit, explanation)
        yield from render(table, "table", width=WIDTH).splitlines()
