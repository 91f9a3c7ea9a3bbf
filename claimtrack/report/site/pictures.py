"""
Pictures of the reports on a fact, and of the timeline of a claim.

The reports on a fact are drawn over the days that they are about: numbers at their height, ranges
as bars from low to high, events and states in one row for each report.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from heapq import heappop, heappush
from math import ceil, floor, isfinite, log10
from typing import Final

from claimtrack.engine.evidence import Item
from claimtrack.engine.history import Change
from claimtrack.model.explanation import Explanation, ItemUse, Use
from claimtrack.model.quantity import Range
from claimtrack.model.records import Evidence, Fact, FactKind
from claimtrack.model.span import OPEN_END, OPEN_START, Day
from claimtrack.model.verdict import Status
from claimtrack.report.reasons import evidence_words
from claimtrack.report.site import svg as drawing
from claimtrack.report.style import label
from claimtrack.report.words import counted, day_words

Report = tuple[Evidence, Item]

_HEIGHT: Final = 200.0
_SERIES_TOP: Final = 16.0
_SERIES_ROW: Final = 22.0
_MOST_ROWS: Final = 24

_BAND: Final = 26.0
_TIMELINE_ROW: Final = 15.0
_TIMELINE_TOP: Final = 26.0
_MOST_DAYS_AHEAD: Final = 40 * 366
"""A deadline that many days after the last report is drawn at the edge."""


def series(fact: Fact, reports: Sequence[Report]) -> str:
    """Draw the usable *reports* on *fact*; nothing if none of them has a day."""
    dated = [report for report in reports if _days(report[1]) is not None]
    if not dated:
        return ""
    spans = [span for _, item in dated if (span := _days(item)) is not None]
    first, last = min(one for one, _ in spans), max(two for _, two in spans)
    margin = max((last - first) // 20, 20)
    is_number = fact.kind is FactKind.QUANTITY
    days = drawing.Days(first - margin, last + margin, 58.0 if is_number else drawing.LEFT)
    parts, height = _numbers(fact, days, dated) if is_number else _series_rows(fact, days, dated)
    unit = f" in {fact.unit}" if fact.unit else ""
    latest = max(dated, key=lambda report: (_days(report[1]) or (0, 0))[1])
    title = f"{fact.label}{unit}"
    description = (
        f"{counted(len(dated), 'report')}; the latest says {evidence_words(latest[0], fact.unit)}."
    )
    return drawing.picture(parts, height, title, description)


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
    base = _SERIES_TOP + _HEIGHT

    def y(value: float) -> float:
        return base - 12 - (_HEIGHT - 24) * (value - low) / (high - low)

    parts = [*_scale(low, high, y)]
    for (lower, upper), evidence, item in ends:
        first, last = _days(item) or (0, 0)
        title = f"{evidence_words(evidence, fact.unit)}, {evidence.source}"
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
    """Return a number as a float, at most 1e300, which can be drawn."""
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
    Return a few round values from *low* to *high*, or these two if there are none.

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


def _series_rows(
    fact: Fact, days: drawing.Days, reports: Sequence[Report]
) -> tuple[list[str], float]:
    counts = Counter(
        (_days(item) or (0, 0), item.denies, evidence_words(evidence, fact.unit))
        for evidence, item in reports
    )
    parts = []
    rows = sorted(counts.items())[:_MOST_ROWS]
    for row, (((first, last), denies, words), number) in enumerate(rows):
        y = _SERIES_TOP + _SERIES_ROW * row
        x, until = days.x(first), days.x(last)
        text = words if number == 1 else f"{words} ({number} reports)"
        parts.append(
            drawing.box(x - 2, y, max(until - x, 4), 10, "denied" if denies else "told", text)
        )
        if max(x, until) < drawing.WIDTH * 0.6:
            parts.append(drawing.words(max(until, x + 4) + 7, y + 9, text, "tag"))
        else:
            parts.append(drawing.words(x - 8, y + 9, text, "tag end"))
    base = _SERIES_TOP + _SERIES_ROW * len(rows) + 4
    return [*parts, *drawing.axis(days, base)], base + 28


def timeline(
    today: Day,
    explanation: Explanation,
    changes: Sequence[Change],
    named: Callable[[Status], tuple[str, str]] = lambda status: (status.value, status.value),
) -> str:
    """
    Draw one claim from the day on which it was said to its last change, report or due day.

    The picture does not depend on *today* otherwise, so it is the same tomorrow if nothing happens.

    Args:
        today: Reports that become known later are left out.
        explanation: Of the claim.
        changes: Up to *today*, oldest first.
        named: Returns the name under which a status is shown, and the word for it.
    """
    if not changes:
        return ""
    due = explanation.verdict.due
    marks = [item for item in explanation.items if _is_shown(item, today)]
    days = drawing.Days(changes[0].day, _last(changes, marks, due))
    rows = list(_timeline_rows(days, marks))
    top = _TIMELINE_TOP + _TIMELINE_ROW * (max((row for _, row in rows), default=-1) + 1) + 4
    parts = [
        *_deadline(days, due, top),
        *_band(days, changes, due, top, named),
        *(_mark(days, item, top - 12 - _TIMELINE_ROW * row) for item, row in rows),
        *drawing.axis(days, top + _BAND + 6),
    ]
    title = f"Timeline of the claim {explanation.claim.id}"
    words = timeline_words(changes, marks, due, lambda status: named(status)[1])
    return drawing.picture(parts, top + _BAND + 32, title, words, days)


def _last(changes: Sequence[Change], marks: Sequence[ItemUse], due: Day | None) -> Day:
    said, now = changes[0].day, changes[-1]
    happened = max([now.day, *(item.known_from for item in marks)])
    if due is not None and due > happened and now.status is Status.PENDING:
        return min(due, happened + _MOST_DAYS_AHEAD)
    last = happened if due is None else max(happened, min(due, happened + _MOST_DAYS_AHEAD))
    return last + max(30, int(last - said) // 6)


def _is_shown(item: ItemUse, today: Day) -> bool:
    return item.known_from <= today and item.known_from != OPEN_END


def _timeline_rows(days: drawing.Days, items: Sequence[ItemUse]) -> Iterator[tuple[ItemUse, int]]:
    """Give each item, the oldest first, the lowest row in which it overlaps no other."""
    taken: list[tuple[float, int]] = []  # heap of the end of each row in use
    free: list[int] = []
    for item in sorted(items, key=lambda one: one.known_from):
        x = days.x(item.known_from)
        while taken and taken[0][0] <= x:
            heappush(free, heappop(taken)[1])
        row = heappop(free) if free else len(taken)
        heappush(taken, (x + _TIMELINE_ROW, row))
        yield item, row


def _band(
    days: drawing.Days,
    changes: Sequence[Change],
    due: Day | None,
    top: float,
    named: Callable[[Status], tuple[str, str]],
) -> Iterator[str]:
    shown = [*_status_changes(changes)]
    line = None if due is None else days.x(due)
    for place, change in enumerate(shown, 1):
        is_last = place == len(shown)
        x, until = days.x(change.day), days.x(days.last if is_last else shown[place].day)
        name, word = named(change.status)
        title = f"{word} from {day_words(change.day)}"
        if is_last:  # an arrow, as the status goes on
            y, tip = top + _BAND / 2, max(until - 9, x)
            ends = ((x, top), (tip, top), (until, y), (tip, top + _BAND), (x, top + _BAND))
            yield drawing.shape(ends, f"band s-{name}", title)
        else:
            yield drawing.box(x, top, until - x - 1, _BAND, f"band s-{name}", title)
        text = label(name).replace(label(name)[2:], word) if name == change.status else word
        room = drawing.GLYPH * len(text) + 8
        # The words go after the line of the due day rather than across it.
        start = line if line is not None and x < line < x + room else x
        if room < until - start:
            yield drawing.words(start + 7, top + 17.5, text, f"in-band s-{name}")


def _status_changes(changes: Sequence[Change]) -> Iterator[Change]:
    """Iterate over the changes of the claim itself, without those of its further readings."""
    before = None
    for change in changes:
        now = (change.status, change.late_days, change.late_days_min)
        if now != before:
            yield change
        before = now


def _deadline(days: drawing.Days, due: Day | None, top: float) -> Iterator[str]:
    if due is None:
        return
    x = days.x(due)
    is_late = x > drawing.WIDTH / 2
    arrow = " \u2192" if due > days.last else ""
    yield drawing.line(x, 16, x, top + _BAND + 6, "due")
    at, name = (x - 5, "tag end") if is_late else (x + 5, "tag")
    yield drawing.words(at, 14, f"due {day_words(due)}{arrow}", name)


def _mark(days: drawing.Days, item: ItemUse, y: float) -> str:
    x = days.x(item.known_from)
    title = f"{item.id}: {item.use.value}, {day_words(item.known_from)}"
    name = "mark decided" if item.decided else "mark"
    if item.use is Use.FOR:
        return drawing.shape(((x - 5.5, y + 5), (x + 5.5, y + 5), (x, y - 5)), name, title)
    if item.use is Use.AGAINST:
        return drawing.shape(((x - 5.5, y - 5), (x + 5.5, y - 5), (x, y + 5)), name, title)
    return drawing.ring(x, y, name, title)


def timeline_words(
    changes: Sequence[Change],
    items: Sequence[ItemUse],
    due: Day | None,
    shown: Callable[[Status], str] = str,
) -> str:
    """Describe a timeline in words."""
    statuses = ", then ".join(
        f"{shown(change.status)} from {day_words(change.day)}"
        for change in _status_changes(changes)
    )
    numbers = {use: sum(item.use is use for item in items) for use in Use}
    reports = (
        f"{counted(len(items), 'report')}: {numbers[Use.FOR]} for it, "
        f"{numbers[Use.AGAINST]} against it, {numbers[Use.IGNORED]} for neither"
    )
    deadline = "" if due is None else f" Due {day_words(due)}."
    return f"It was {statuses}.{deadline} {reports}."
