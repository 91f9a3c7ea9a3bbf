"""What is known of each fact, as a table and for programs."""

from collections.abc import Iterable
from typing import Any, Final

from claimtrack.engine.facts import Knowledge
from claimtrack.model.quantity import Number, Range
from claimtrack.model.records import Evidence, Value
from claimtrack.model.registry import Records
from claimtrack.model.span import day_text
from claimtrack.report.reasons import evidence_words
from claimtrack.report.table import Sheet, Table
from claimtrack.report.words import day_words

HEADER = ("fact", "title", "best value", "from", "newest", "reports", "witnesses", "conflicts")
COLUMNS: Final = (
    *("id", "kind", "title", "unit", "best", "best_source", "best_value"),
    *("happened", "not_happened", "value_low", "value_high", "state", "when"),
    *("newest", "reports", "witnesses", "conflicts"),
)


def facts_table(records: Records, known: Iterable[Knowledge]) -> Table:
    """Return one row for each fact."""
    return Table(
        header=HEADER,
        rows=[_row(records, one) for one in known],
        right=("reports", "witnesses", "conflicts"),
        shrink=(("title", 20), ("best value", 24), ("fact", 48), ("best value", 14)),
        spare=("from", "title", "newest", "reports", "witnesses"),
        wrap=("title", "best value"),
    )


def _row(records: Records, known: Knowledge) -> tuple[str, ...]:
    fact = known.fact
    best = None if known.best is None else records.evidence[known.best]
    return (
        fact.id,
        fact.title or "",
        "nothing reported" if best is None else evidence_words(best, fact.unit),
        "" if best is None else best.source,
        day_words(known.newest),
        str(len(known.reports)),
        str(known.witnesses),
        str(len(known.conflicts)) if known.conflicts else "",
    )


def knowledge_object(records: Records, known: Knowledge) -> dict[str, Any]:
    """Return what is known of one fact, for JSON."""
    best = None if known.best is None else records.evidence[known.best]
    return {
        "id": known.fact.id,
        "kind": known.fact.kind.value,
        "title": known.fact.title,
        "best": known.best,
        "best_value": None if best is None else evidence_words(best, known.fact.unit),
        "newest": None if known.newest is None else day_text(known.newest),
        "reports": list(known.reports),
        "witnesses": known.witnesses,
        "conflicts": [list(pair) for pair in known.conflicts],
    }


def facts_sheet(records: Records, known: Iterable[Knowledge]) -> Sheet:
    """Return one row for each fact: its JSON form, and the values of its best report."""
    return Sheet.of(COLUMNS, (_record(records, one) for one in known))


def _record(records: Records, known: Knowledge) -> dict[str, Any]:
    best = None if known.best is None else records.evidence[known.best]
    return {
        **dict.fromkeys(COLUMNS),
        **knowledge_object(records, known),
        "unit": known.fact.unit,
        **({} if best is None else _observed(best)),
    }


def _observed(best: Evidence) -> dict[str, Any]:
    value = best.value
    low, high = _ends(value)
    return {
        "best_source": best.source,
        "happened": best.happened and best.happened.text,
        "not_happened": best.not_happened and best.not_happened.text,
        "value_low": low,
        "value_high": high,
        "state": value if isinstance(value, str | bool) else None,
        "when": best.when and best.when.text,
    }


def _ends(value: Value | None) -> tuple[Number | None, Number | None]:
    if value is None or isinstance(value, str | bool):
        return None, None
    return (value.low, value.high) if isinstance(value, Range) else (value, value)
