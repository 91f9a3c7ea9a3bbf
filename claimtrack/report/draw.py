"""
Draw tables with tabulate, which is imported when the first one is drawn, and one by ourselves.

tabulate never sees a cell. It lays out rows of one private character, as many as the cell has
display columns, and the cells are put in place of them afterwards, in order. So it guesses no
numbers, strips no blanks, obeys no escape sequences, its own escaping cannot add to ours, and
the layout does not depend on whether ``wcwidth`` happens to be installed.

Our own format, ``calm``, is drawn without it: tabulate makes each column two wider than its name,
and a table of many numbers has no room for that.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from claimtrack.report.table import Align
from claimtrack.report.width import display_width

_FILLER: Final = "\ue000"
_FILLERS: Final = re.compile(f"{_FILLER}+")
_CALM: Final = "calm"
_GAP: Final = "  "
_RULE: Final = "\u2500"
_PROBE: Final = 20  # wider than any padding that tabulate adds


def draw(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    name: str,
    align: Sequence[Align],
    painted: Iterable[Sequence[str]] | None = None,
) -> str:
    """
    Lay out cells that are escaped already.

    Args:
        header: One name for each column.
        rows: As many cells in each as there are columns.
        name: One of tabulate's formats, or ``calm``, which is our own.
        align: How each column stands.
        painted: What to show in place of *rows*, where that is not as wide as it is long.

    Returns:
        Lines without one that is empty at the end, and without a line end there.
    """
    if name == _CALM:
        return "\n".join(_calm_lines(header, rows, align, rows if painted is None else painted))
    layout = _tabulate(header, rows, name, align)
    return _filled(layout, (header, *(painted or rows)))


def _filled(layout: str, rows: Iterable[Sequence[str]]) -> str:
    cells = (cell for row in rows for cell in row if cell)
    return _FILLERS.sub(lambda _: next(cells), layout)


def _calm_lines(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    align: Sequence[Align],
    painted: Iterable[Sequence[str]],
) -> Iterator[str]:
    rooms = [[_room(cell) for cell in row] for row in (header, *rows)]
    widths = list(map(max, zip(*rooms, strict=True)))
    lines = (
        _calm_line(shown, taken, widths, align)
        for shown, taken in zip((header, *painted), rooms, strict=True)
    )
    yield next(lines)
    yield _GAP.join(_RULE * width for width in widths)
    yield from lines


def _calm_line(
    shown: Iterable[str], taken: Iterable[int], widths: Iterable[int], align: Iterable[Align]
) -> str:
    line, blank = "", ""
    for cell, room, width, side in zip(shown, taken, widths, align, strict=True):
        rest = " " * (width - room)
        if room:
            line += f"{blank}{rest}{cell}" if side == "right" else f"{blank}{cell}"
            blank = _GAP if side == "right" else rest + _GAP
        else:
            blank += rest + _GAP
    return line


def frame(columns: int, *, name: str) -> tuple[int, int]:
    """
    Measure what a format adds: columns around all cells, and around each name of the header.

    A table with names of width *h* and cells of width *c* is as wide as the first number plus,
    for each column, the larger of *c* and *h* plus the second.
    """
    if name == _CALM:
        return len(_GAP) * (columns - 1), 0
    wide, narrow = ["x" * _PROBE] * columns, ["x"] * columns
    align: list[Align] = ["right"] * columns  # blanks at the left are not stripped
    by_cells = widest(_tabulate(narrow, [wide], name, align))
    by_names = widest(_tabulate(wide, [narrow], name, align))
    return by_cells - _PROBE * columns, (by_names - by_cells) // columns


def widest(text: str) -> int:
    """Return the display width of the widest line of *text*."""
    return max(map(display_width, text.split("\n")))


def _tabulate(
    header: Sequence[str], rows: Sequence[Sequence[str]], name: str, align: Sequence[Align]
) -> str:
    from tabulate import tabulate  # noqa: PLC0415

    return tabulate(
        [_tokens(row) for row in rows],
        headers=_tokens(header),
        tablefmt=name,
        disable_numparse=True,
        colalign=align if rows else None,
        headersalign=align,
    )


def _tokens(row: Sequence[str]) -> list[str]:
    return [_FILLER * _room(cell) for cell in row]


def _room(cell: str) -> int:
    """Return the display columns of *cell*; one that is not empty takes at least one."""
    return max(display_width(cell), 1) if cell else 0
