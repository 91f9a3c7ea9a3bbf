"""
Draw tables with tabulate, which is imported when the first one is drawn.

tabulate never sees a cell. It lays out rows of one private character, as many as the cell has
display columns, and the cells are put in place of them afterwards, in order. So it guesses no
numbers, strips no blanks, obeys no escape sequences, its own escaping cannot add to ours, and
the layout does not depend on whether ``wcwidth`` happens to be installed.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from claimtrack.report.table import Align
from claimtrack.report.width import display_width

_FILLER: Final = "\ue000"
_FILLERS: Final = re.compile(f"{_FILLER}+")
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
    if name == _CALM:
        return "\n".join(_calm_lines(header, rows, align, painted or rows))
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
    """
    Lay out each combination of widths once.

    Our own format has a line for each row, which looks the same for all rows whose cells are as
    wide; tabulate takes longer for a row than all else that is done for it.
    """
    shapes = [tuple(map(_room, row)) for row in rows]
    distinct = dict(zip(shapes, rows, strict=True))
    lines = _tabulate(header, list(distinct.values()), _CALM, align).split("\n")
    above = len(lines) - len(distinct)
    yield from _filled("\n".join(lines[:above]), [header]).split("\n")
    patterns = {
        shape: _FILLERS.sub("%s", line) for shape, line in zip(distinct, lines[above:], strict=True)
    }
    for shape, row in zip(shapes, painted, strict=True):
        yield patterns[shape] % (tuple(row) if all(row) else tuple(filter(None, row)))


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
    return [_FILLER * _room(cell) for cell in row]


def _room(cell: str) -> int:
    """Return the display columns of *cell*; one that is not empty takes at least one."""
    return max(display_width(cell), 1) if cell else 0
