"""Registries, audits, histories and explanations as HTML for notebooks, and as text."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

import attrs

from claimtrack.engine.audit import Audit
from claimtrack.engine.history import History
from claimtrack.escape import for_json
from claimtrack.model.explanation import Explanation, Use
from claimtrack.model.registry import PLURALS, Records
from claimtrack.model.span import OPEN_END
from claimtrack.registry import Registry
from claimtrack.report.audit import AuditLayout, audit_table, audit_text, counts_lines
from claimtrack.report.explanation import explanation_text
from claimtrack.report.formats import render, render_line
from claimtrack.report.history import HistorySelection, claim_table, history_object, history_text
from claimtrack.report.style import label
from claimtrack.report.table import Table
from claimtrack.report.words import day_words, late_words, quote_words, span_words

MOST_ROWS: Final = 200
"""Rows of a table, as a notebook stores its output."""


def html_of(value: object) -> str:
    """
    Write *value* as HTML, escaped, without style and script.

    Raises:
        TypeError: There is no HTML for its type.
    """
    for kind, write in _HTML_WRITERS.items():
        if isinstance(value, kind):
            return "".join(write(value))
    message = f"{type(value).__name__} is not shown as HTML"
    raise TypeError(message)


def text_of(value: object, format: str, width: int | None) -> str:  # noqa: A002
    """
    Write *value* as its command does, in ``table``, ``markdown`` or ``json``, without colour.

    Raises:
        TypeError: There is no text for its type.
    """
    for kind, write in _TEXT_WRITERS.items():
        if isinstance(value, kind):
            text: str = write(value, format, width)
            return text.removesuffix("\n")
    message = f"{type(value).__name__} has no text"
    raise TypeError(message)


def _audit_text(audit: Audit, format: str, width: int | None) -> str:  # noqa: A002
    return audit_text(audit, [*audit], format, AuditLayout(width=width))


def _explanation_text(explanation: Explanation, format: str, width: int | None) -> str:  # noqa: A002
    return explanation_text(explanation, format, width=width)


def _history_text(history: History, format: str, width: int | None) -> str:  # noqa: A002
    selection, records = HistorySelection(history, history.changes), history.records
    if format != "json":
        return history_text(records, selection, format, width=width)
    known_by = history.known_by.value
    value = history_object(records, [selection], known_by=known_by, last=OPEN_END)
    return f"{for_json(value, indent=2)}\n"


def _registry(registry: Registry) -> Iterator[str]:
    if registry.settings.title:
        yield _line(registry.settings.title)
    counts = ((plural, len(getattr(registry, plural))) for plural in PLURALS.values())
    rows = [(name, str(number)) for name, number in counts if number]
    yield _table(Table(header=("records", "how many"), rows=rows, right=("how many",)))


def _audit(audit: Audit) -> Iterator[str]:
    if audit.records.settings.title:
        yield _line(audit.records.settings.title)
    shown = [audit[id_] for id_ in islice(audit.outcomes, MOST_ROWS)]
    yield render(audit_table(audit, shown), "html")
    yield from map(_line, counts_lines(audit))
    if len(shown) < len(audit):
        yield _line(f"the first {len(shown)} are shown")


def _history(history: History) -> Iterator[str]:
    yield _line(f"{history.claim.id}: {quote_words(history.claim, history.records)}")
    yield _table(claim_table(HistorySelection(history, history.changes)))


def _explanation(explanation: Explanation) -> Iterator[str]:
    claim, verdict = explanation.claim, explanation.verdict
    records = explanation.audit.records if isinstance(explanation.audit, Audit) else Records()
    yield _line(f"{claim.id}: {quote_words(claim, records)}, said {span_words(claim.said)}")
    late = f", {late_words(verdict)}" if verdict.late_days else ""
    decided = f", decided on {day_words(verdict.decided_on)}" if verdict.decided_on else ""
    status = label(verdict.status.value)
    yield _line(f"as of {day_words(explanation.as_of)}: {status}{late}{decided}")
    for name, step in explanation.readings:
        yield _line(f"reading \u201c{name}\u201d: {step.truth.word}")
    rows = [
        (
            item.use.value,
            "yes" if item.decided else "",
            day_words(item.known_from) if item.known_from < float("inf") else "undated",
            item.id,
            item.because if item.use is Use.IGNORED else "",
        )
        for item in explanation.items
    ]
    header = ("use", "decided", "known from", "evidence", "why not")
    yield _table(Table(header=header, rows=rows))


def _table(table: Table) -> str:
    cut = attrs.evolve(table, rows=table.rows[:MOST_ROWS])
    more = len(table.rows) - MOST_ROWS
    return render(cut, "html") + (_line(f"and {more} more") if more > 0 else "")


def _line(text: str) -> str:
    return f"{render_line(text, 'html')}\n"


_HTML_WRITERS: Final[Mapping[type[Any], Callable[[Any], Iterator[str]]]] = {
    Registry: _registry,
    Audit: _audit,
    History: _history,
    Explanation: _explanation,
}

_TEXT_WRITERS: Final[Mapping[type[Any], Callable[[Any, str, int | None], str]]] = {
    Audit: _audit_text,
    History: _history_text,
    Explanation: _explanation_text,
}
