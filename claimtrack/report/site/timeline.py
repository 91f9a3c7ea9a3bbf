"""
The picture of a claim through time.

Below runs a band of what it was; above it stand the reports on its facts, each on the day from
which it was known: a triangle up speaks for the claim, one down against it, a ring for neither.
"""

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from typing import Final

from claimtrack.engine.history import Change
from claimtrack.model.explanation import Explanation, ItemUse, Use
from claimtrack.model.span import OPEN_END, Day
from claimtrack.model.verdict import Status
from claimtrack.report.site import drawing
from claimtrack.report.style import label
from claimtrack.report.words import counted, day_words

_BAND: Final = 26.0
_ROW: Final = 15.0
_TOP: Final = 26.0
_FAR: Final = 40 * 366
"""A deadline so many days after all that happened is drawn at the edge."""


def timeline(today: Day, explanation: Explanation, changes: Sequence[Change]) -> str:
    """
    Draw one claim from the day on which it was said to the last that is known of it.

    That is the last change, the last report or the due day; what it is by then goes on. So the
    picture is the same tomorrow if nothing happens.

    Args:
        today: Reports that become known later are left out.
        explanation: Of the claim.
        changes: Up to today, oldest first.
    """
    if not changes:
        return ""
    due = explanation.verdict.due
    marks = [item for item in explanation.items if _is_shown(item, today)]
    days = drawing.Days(changes[0].day, _last(changes, marks, due))
    rows = list(_rows(days, marks))
    top = _TOP + _ROW * (max((row for _, row in rows), default=-1) + 1) + 4
    parts = [
        *_deadline(days, due, top),
        *_band(days, changes, due, top),
        *(_mark(days, item, top - 12 - _ROW * row) for item, row in rows),
        *drawing.axis(days, top + _BAND + 6),
    ]
    title = f"Timeline of the claim {explanation.claim.id}"
    return drawing.picture(parts, top + _BAND + 32, title, told(changes, marks, due))


def _last(changes: Sequence[Change], marks: Sequence[ItemUse], due: Day | None) -> Day:
    said, now = changes[0].day, changes[-1]
    happened = max([now.day, *(item.known_from for item in marks)])
    if due is not None and due > happened and now.status is Status.PENDING:
        return min(due, happened + _FAR)
    last = happened if due is None else max(happened, min(due, happened + _FAR))
    return last + max(30, int(last - said) // 6)


def _is_shown(item: ItemUse, today: Day) -> bool:
    return item.known_from <= today and item.known_from != OPEN_END


def _rows(days: drawing.Days, items: Sequence[ItemUse]) -> Iterator[tuple[ItemUse, int]]:
    """Give each item, the oldest first, the lowest row in which it touches no other."""
    taken: list[tuple[float, int]] = []  # where each row in use ends: a heap, as the free ones are
    free: list[int] = []
    for item in sorted(items, key=lambda one: one.known_from):
        x = days.x(item.known_from)
        while taken and taken[0][0] <= x:
            heappush(free, heappop(taken)[1])
        row = heappop(free) if free else len(taken)
        heappush(taken, (x + _ROW, row))
        yield item, row


def _band(
    days: drawing.Days, changes: Sequence[Change], due: Day | None, top: float
) -> Iterator[str]:
    turns = [*_turns(changes)]
    line = None if due is None else days.x(due)
    for place, change in enumerate(turns, 1):
        is_last = place == len(turns)
        x, until = days.x(change.day), days.x(days.last if is_last else turns[place].day)
        name = change.status.value
        title = f"{name} from {day_words(change.day)}"
        if is_last:  # it points on
            y, tip = top + _BAND / 2, max(until - 9, x)
            ends = ((x, top), (tip, top), (until, y), (tip, top + _BAND), (x, top + _BAND))
            yield drawing.shape(ends, f"band s-{name}", title)
        else:
            yield drawing.box(x, top, until - x - 1, _BAND, f"band s-{name}", title)
        text = label(name)
        room = drawing.GLYPH * len(text) + 8
        # The words stand behind the line of the due day rather than on it.
        start = line if line is not None and x < line < x + room else x
        if room < until - start:
            yield drawing.words(start + 7, top + 17.5, text, f"in-band s-{name}")


def _turns(changes: Sequence[Change]) -> Iterator[Change]:
    """Iterate over the changes of the status itself, without those of other readings only."""
    before = None
    for change in changes:
        now = (change.status, change.late_days)
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


def told(changes: Sequence[Change], items: Sequence[ItemUse], due: Day | None) -> str:
    """Say what a timeline shows."""
    statuses = ", then ".join(
        f"{change.status.value} from {day_words(change.day)}" for change in _turns(changes)
    )
    numbers = {use: sum(item.use is use for item in items) for use in Use}
    reports = (
        f"{counted(len(items), 'report')}: {numbers[Use.FOR]} for it, "
        f"{numbers[Use.AGAINST]} against it, {numbers[Use.IGNORED]} for neither"
    )
    deadline = "" if due is None else f" Due {day_words(due)}."
    return f"It was {statuses}.{deadline} {reports}."
