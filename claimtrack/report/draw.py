"""
Draw tables with tabulate, which is imported when the first one is drawn.

tabulate never sees a cell. It lays out rows of one private character, as many as the cell has
display columns, and the cells are put in place of them afterwards, in order. So it guesses no
numbers, strips no blanks, obeys no escape sequences, its own escaping cannot add to ours, and
the layout does not depend on whether ``wcwidth`` happens to be installed.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from claimtrack.report.table import Align
from claimtrack.report.width import display_width

_FILLER: Final = "\ue000"
_CALM: Final = "calm"
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
    layout = _tabulate(header, rows, name, align)
    cells = (cell for row in (header, *(painted or rows)) for cell in row if cell)
    return re.sub(f"{_FILLER}+", lambda _: next(cells), layout)


def frame(columns: int, *, name: str) -> tuple[int, int]:
    """
    Measure what a format adds: columns around all cells, and around each name of the header.

    A table with names of width *h* and cells of width *c* is as wide as the first number plus,
    for each column, the larger of *c* and *h* plus the second.
    """
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
    from tabulate import Line, TableFormat, tabulate  # noqa: PLC0415

    rule = Line("", "\u2500", "  ", "")
    calm = TableFormat(None, rule, None, None, ("", "  ", ""), ("", "  ", ""), 0, None)  # type: ignore[arg-type]
    return tabulate(
        [_tokens(row) for row in rows],
        headers=_tokens(header),
        tablefmt=calm if name == _CALM else name,
        disable_numparse=True,
        colalign=align if rows else None,
        headersalign=align,
    )


def _tokens(row: Sequence[str]) -> list[str]:
    return [_FILLER * max(display_width(cell), 1) if cell else "" for cell in row]
