"""The rows of marks on a timeline: none touches another, and the work grows with their number."""

import random
from types import SimpleNamespace

import pytest

from claimtrack.report.site import pictures as timeline
from claimtrack.report.site.svg import Days

DAYS = Days(737_000, 738_000)


def naive(days, items):
    """Give each item the lowest row in which it touches no other, by looking at every row."""
    ends = []
    for item in sorted(items, key=lambda one: one.known_from):
        x = days.x(item.known_from)
        row = next((row for row, end in enumerate(ends) if end <= x), len(ends))
        ends[row : row + 1] = [x + timeline._TIMELINE_ROW]
        yield item, row


@pytest.mark.parametrize("seed", range(20))
def test_each_mark_is_in_the_lowest_row_that_is_free(seed):
    draw = random.Random(seed)
    items = [
        SimpleNamespace(known_from=737_000 + draw.randrange(1000))
        for _ in range(draw.randrange(80))
    ]

    assert list(timeline._timeline_rows(DAYS, items)) == list(naive(DAYS, items))


def test_marks_of_one_day_are_placed_in_as_many_steps_as_there_are(monkeypatch):
    moves = []
    for name in ("heappush", "heappop"):
        move = getattr(timeline, name)
        monkeypatch.setattr(
            timeline, name, lambda *given, move=move: moves.append(1) or move(*given)
        )

    def counted(number):
        moves.clear()
        items = [SimpleNamespace(known_from=737_500)] * number
        assert [row for _, row in timeline._timeline_rows(DAYS, items)] == list(range(number))
        return len(moves)

    assert counted(400) == 2 * counted(200)
