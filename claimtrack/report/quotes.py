"""What became of the quotes of a registry, as a table and for programs."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from claimtrack.quotes.answers import QuoteAnswer, QuoteCheck, QuoteReport
from claimtrack.report.table import Sheet, Table

HEADER: Final = ("record", "quote", "source", "answer", "what")
COLUMNS: Final = (
    *("kind", "id", "path", "source", "quote", "answer", "because"),
    *("start", "end", "places", "around", "reader"),
    *("nearest", "nearest_start", "differences", "serious"),
)


_BESIDE: Final = 24
"""Characters that the table shows of the text before and behind a quote."""


def quotes_table(checks: Iterable[QuoteCheck]) -> Table:
    """Return one row for each quote."""
    return Table(
        header=HEADER,
        rows=map(_row, checks),
        shrink=(("quote", 24), ("what", 30), ("source", 16), ("record", 24)),
        spare=("source",),
        wrap=("record", "quote", "what"),
    )


def _row(check: QuoteCheck) -> tuple[str, ...]:
    quoted = check.quoted
    return (
        str(quoted.record),
        quoted.text,
        quoted.source,
        check.answer.value,
        _what(check),
    )


def _what(check: QuoteCheck) -> str:
    if check.answer is QuoteAnswer.FOUND:
        around = check.around
        if len(around) > 2 * _BESIDE:  # the quote itself stands in a column of its own
            around = f"{around[:_BESIDE].rstrip()} [...] {around[-_BESIDE:].lstrip()}"
        return f"at {check.places[0].start}: ...{around}..."
    if check.nearest is None:
        return check.because
    told = "; ".join(map(str, check.nearest.differences))
    mark = "SERIOUS: " if check.nearest.is_serious else ""
    passage = " ".join(check.nearest.text.split())
    return f"{mark}{told}; nearest at {check.nearest.start}: {passage!r}"


def quotes_sheet(checks: Iterable[QuoteCheck]) -> Sheet:
    """Return one row for each quote: its JSON form, with lists as texts."""
    return Sheet.of(COLUMNS, map(_record, checks))


def _record(check: QuoteCheck) -> dict[str, Any]:
    told = quote_object(check)
    return {
        **told,
        "path": ".".join(map(str, told["path"])),
        "places": " ".join(str(place["start"]) for place in told["places"]) or None,
        "start": check.places[0].start if check.places else None,
        "end": check.places[0].end if check.places else None,
        "nearest": None if check.nearest is None else check.nearest.text,
        "nearest_start": None if check.nearest is None else check.nearest.start,
        "differences": _differences(check) or None,
        "serious": None if check.nearest is None else check.nearest.is_serious,
    }


def _differences(check: QuoteCheck) -> str:
    return "" if check.nearest is None else "; ".join(map(str, check.nearest.differences))


def quotes_object(report: QuoteReport, shown: Iterable[QuoteCheck]) -> dict[str, Any]:
    """Return what became of quotes, for JSON: the counts of all, and those that are *shown*."""
    return {
        "sources": report.sources,
        "pinned": report.pinned,
        "counts": {answer.value: number for answer, number in report.counts().items()},
        "faults": [
            {"source": one.source, "kind": one.kind.value, "key": one.key, "message": one.message}
            for one in report.faults
        ],
        "quotes": list(map(quote_object, shown)),
    }


def quote_object(check: QuoteCheck) -> dict[str, Any]:
    """Return what became of one quote, for JSON."""
    quoted, nearest = check.quoted, check.nearest
    return {
        "kind": quoted.record.kind,
        "id": quoted.record.id,
        "path": list(quoted.path),
        "source": quoted.source,
        "quote": quoted.text,
        "answer": check.answer.value,
        "because": check.because or None,
        "places": [{"start": place.start, "end": place.end} for place in check.places],
        "around": check.around or None,
        "reader": check.reader,
        "nearest": None
        if nearest is None
        else {
            "start": nearest.start,
            "end": nearest.end,
            "text": nearest.text,
            "serious": nearest.is_serious,
            "differences": [
                {
                    "source": one.source,
                    "quote": one.quote,
                    "serious": [reason.value for reason in one.serious],
                }
                for one in nearest.differences
            ],
        },
    }


def quote_lines(report: QuoteReport) -> Iterator[str]:
    """Iterate over what is wrong with snapshots, and over the counts, in words."""
    for fault in report.faults:
        yield f"source {fault.source!r} {fault.message}"
    yield report.sentence
    yield ", ".join(_counts(report.counts().items()))


def _counts(numbers: Iterable[tuple[QuoteAnswer, int]]) -> Iterator[str]:
    return (f"{number} {answer.value}" for answer, number in numbers if number)
