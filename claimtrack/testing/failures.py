"""What a failure says: escaped line by line, since other people's words are in it."""

import traceback
from collections.abc import Iterable, Iterator
from typing import Final

from claimtrack.engine.audit import Audit
from claimtrack.engine.explain import explain
from claimtrack.report.escape import for_log_line
from claimtrack.report.evidence_tables import evidence_tables
from claimtrack.report.explanation import heading_lines, reason_lines
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
    yield from _raised(audit, claim)
    for table in evidence_tables(audit, explanation):
        yield ""
        yield from render(table, "table", width=WIDTH).splitlines()


def _raised(audit: Audit, claim: str) -> Iterator[str]:
    """Iterate over the traceback of a check that failed to run, from the user's code on."""
    answered = audit.answers.get(claim)
    if answered is None or answered.error is None:
        return
    error = answered.error
    inner = error.__traceback__.tb_next if error.__traceback__ else None
    inner = inner.tb_next if inner else None
    yield ""
    for text in traceback.format_exception(type(error), error, inner):
        yield from map(for_log_line, text.rstrip("\n").split("\n"))
