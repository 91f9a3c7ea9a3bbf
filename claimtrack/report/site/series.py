"""
The picture of a fact: what was reported of it, over the days that the reports are about.

Numbers stand at their height, ranges as bars from low to high; events and states stand in rows,
one a report.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from math import ceil, floor, isfinite, log10
from typing import Final

from claimtrack.engine.evidence import Item
from claimtrack.model.evidence import Evidence
from claimtrack.model.fact import Fact, FactKind
from claimtrack.model.quantity import Range
from claimtrack.model.span import OPEN_END, OPEN_START, Day
from claimtrack.report.reported import told_words
from claimtrack.report.site import drawing
from claimtrack.report.words import counted

Report = tuple[Evidence, Item]

_HEIGHT: Final = 200.0
_TOP: Final = 16.0
_ROW: Final = 22.0
_MOST_ROWS: Final = 24


def series(fact: Fact, reports: Sequence[Report]) -> str:
    """Draw the *reports* on *fact* that count; nothing where none tells of a day."""
    dated = [report for report in reports if _days(report[1]) is not None]
    if not dated:
        return ""
    spans = [span for _, item in dated if (span := _days(item)) is not None]
    first, last = min(one for one, _ in spans), max(two for _, two in spans)
    margin = max((last - first) // 20, 20)
    is_number = fact.kind is FactKind.QUANTITY
    days = drawing.Days(first - margin, last + margin, 58.0 if is_number else drawing.LEFT)
    parts, height = _numbers(fact, days, dated) if is_number else _rows(fact, days, dated)
    unit = f" in {fact.unit}" if fact.unit else ""
    latest = max(dated, key=lambda report: (_days(report[1]) or (0, 0))[1])
    title = f"{fact.label}{unit}"
    said = f"{counted(len(dated), 'report')}; the latest says {told_words(latest[0], fact.unit)}."
    return drawing.picture(parts, height, title, said)


def _days(item: Item) -> tuple[Day, Day] | None:
    first, last = item.first, item.last
    if first == OPEN_START and last == OPEN_END:
        return None
    if first == OPEN_START:
        return last, last
    return (first, first) if last == OPEN_END else (first, last)


def _numbers(fact: Fact, days: drawing.Days, reports: Sequence[Report]) -> tuple[list[str], float]:
    ends = [(_ends(evidence.value), evidence, item) for evidence, item in reports]
    values = [value for (low, high), _, _ in ends for value in (low, high)]
    low, high = min(values), max(values)
    if low == high:
        margin = abs(low) / 10 or 1.0
        low, high = low - margin, high + margin
    base = _TOP + _HEIGHT

    def y(value: float) -> float:
        return base - 12 - (_HEIGHT - 24) * (value - low) / (high - low)

    parts = [*_scale(low, high, y)]
    for (lower, upper), evidence, item in ends:
        first, last = _days(item) or (0, 0)
        title = f"{told_words(evidence, fact.unit)}, {evidence.source}"
        x, until = days.x(first), days.x(last)
        middle = (x + until) / 2
        if until - x > 4:  # noqa: PLR2004
            parts.append(drawing.line(x, y(lower), until, y(lower), "span"))
        if lower < upper:
            top, bottom = y(upper), y(lower)
            parts.append(drawing.box(middle - 2, top, 4, bottom - top, "range", title))
        parts.append(drawing.ring(middle, (y(lower) + y(upper)) / 2, "point", title))
    return [*parts, *drawing.axis(days, base)], base + 28


def _ends(value: object) -> tuple[float, float]:
    low, high = (value.low, value.high) if isinstance(value, Range) else (value, value)
    return _float(low), _float(high)


def _float(value: object) -> float:
    """Return a number that can be drawn; one too large for that stands at the largest."""
    try:
        found = float(Decimal(str(value)))
    except (OverflowError, ArithmeticError):
        found = float("inf")
    return found if isfinite(found) and abs(found) < 1e300 else 1e300  # noqa: PLR2004


def _scale(low: float, high: float, y: Callable[[float], float]) -> Iterator[str]:
    for value in round_values(low, high):
        at = y(value)
        yield drawing.line(58, at, drawing.WIDTH - drawing.RIGHT, at, "grid")
        yield drawing.words(50, at + 4, f"{value:.6g}", "tick end")


def round_values(low: float, high: float) -> list[float]:
    """
    Return a few round values from *low* to *high*; the two themselves where there is none.

    Example:
        >>> round_values(18.1, 244.8)
        [50.0, 100.0, 150.0, 200.0]
    """
    rough = (high - low) / 4
    size = 10.0 ** floor(log10(rough)) if 0 < rough < float("inf") else 0.0
    if not size or size * 10 <= abs(high) * 1e-12:
        return [low, high]
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= rough * 0.8)
    first, last = ceil(low / step), floor(high / step)
    return [place * step for place in range(first, last + 1)] or [low, high]


def _rows(fact: Fact, days: drawing.Days, reports: Sequence[Report]) -> tuple[list[str], float]:
    told = Counter(
        (_days(item) or (0, 0), item.denies, told_words(evidence, fact.unit))
        for evidence, item in reports
    )
    parts = []
    rows = sorted(told.items())[:_MOST_ROWS]
    for row, (((first, last), denies, words), number) in enumerate(rows):
        y = _TOP + _ROW * row
        x, until = days.x(first), days.x(last)
        text = words if number == 1 else f"{words} ({number} reports)"
        parts.append(
            drawing.box(x - 2, y, max(until - x, 4), 10, "denied" if denies else "told", text)
        )
        if max(x, until) < drawing.WIDTH * 0.6:
            parts.append(drawing.words(max(until, x + 4) + 7, y + 9, text, "tag"))
        else:
            parts.append(drawing.words(x - 8, y + 9, text, "tag end"))
    base = _TOP + _ROW * len(rows) + 4
    return [*parts, *drawing.axis(days, base)], base + 28
