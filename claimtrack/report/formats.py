"""
Draw one table in every format.

`FORMATS` maps names to renderers: all of tabulate's formats by their names, and ours. Each
shows the same cells and escapes them for its place, so that no cell acts in any of them. Equal
tables give equal bytes. Every text ends with one line end; JSON Lines without rows are empty.

The title stands above tables for the eye and in Markdown, and is the caption in HTML; the other
formats have no place for one.

What programs read is better a `Sheet`, of values and not of words: `render_sheet` writes one in
each format of `READ_BY_PROGRAMS`.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from itertools import chain
from math import isfinite
from typing import Final, Protocol

import attrs

from claimtrack import escape as markup
from claimtrack.escape import for_csv, for_csv_key, for_html, for_json, for_log_line
from claimtrack.report.style import STYLES, status_of
from claimtrack.report.table import (
    KEYS,
    Align,
    Sheet,
    Table,
    Value,
    cut,
    fit,
    folded,
    parted,
    spared,
    widths,
)
from claimtrack.report.width import display_width

_FILLER: Final = "\ue000"
_FILLERS: Final = re.compile(f"{_FILLER}+")
CALM: Final = "calm"
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
    if name == CALM:
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
    rooms = [[_cell_width(cell) for cell in row] for row in (header, *rows)]
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
    if name == CALM:
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
    return [_FILLER * _cell_width(cell) for cell in row]


def _cell_width(cell: str) -> int:
    """Return the display columns of *cell*; one that is not empty takes at least one."""
    return max(display_width(cell), 1) if cell else 0


Escape = Callable[[str], str]

READ_BY_PROGRAMS: Final = ("csv", "tsv", "jsonl")
"""Formats that hold one table of values, and nothing beside it."""

SEPARATOR: Final = "; "
"""What stands between the items of a list in one cell; no id has a space in it."""


PAIR: Final = " & "
"""What stands between the two of a pair in such a list."""


class Renderer(Protocol):
    """Draw a table; only formats for the eye heed *width* (display columns) and *colour*."""

    def __call__(self, table: Table, *, width: int | None = None, colour: bool = False) -> str:
        """Return the whole text."""


def render(table: Table, format: str, *, width: int | None = None, colour: bool = False) -> str:  # noqa: A002
    """
    Draw *table* in the format of that name.

    Args:
        table: Cells as plain text; whatever they hold is escaped here.
        format: A key of `FORMATS`.
        width: Display columns to fit into, or None for as many as it takes. Formats that
            programs or typesetters read are never shortened.
        colour: Whether formats for the eye may use ANSI colours, for statuses only.

    Raises:
        ValueError: There is no such format.
    """
    if format not in FORMATS:
        raise ValueError(f"format {format!r} is not known; expected one of {', '.join(FORMATS)}")
    return FORMATS[format](table, width=width, colour=colour)


def parts(table: Table, format: str, *, width: int | None = None) -> tuple[Table, ...]:  # noqa: A002
    """
    Part *table* into tables that have room in *width*, where the format is for the eye.

    Each has the first column of *table*; in other formats it is one.
    """
    if width is None or format not in ("table", *_EYES):
        return (table,)
    around, gap, padding = _frame(CALM if format == "table" else format)
    return tuple(parted(table, width - around, gap=gap, padding=padding))


def render_sheet(sheet: Sheet, format: str) -> str:  # noqa: A002
    """
    Write *sheet* in the format of that name, whole.

    Texts are escaped as in `render`, but ids and days, which are in the columns of `KEYS`, stand as
    written in CSV and TSV. CSV and TSV have an empty cell for None, and lists as texts
    with `SEPARATOR`; JSON Lines have null, numbers and lists. A number that is not finite is
    ``inf`` or ``-inf``, in JSON Lines as a text.

    Raises:
        ValueError: It is none of `READ_BY_PROGRAMS`.
    """
    if format not in _SHEETS:
        raise ValueError(f"format {format!r} has no values; expected one of {', '.join(_SHEETS)}")
    return _SHEETS[format](sheet)


def render_line(text: str, format: str) -> str:  # noqa: A002
    """
    Escape one line of plain *text* to stand before or after a table in the format of that name.

    Raises:
        ValueError: There is no such format, or it has no place for lines.
    """
    if format not in _LINES:
        raise ValueError(f"format {format!r} has no lines; expected one of {', '.join(_LINES)}")
    return _LINES[format](text)


def _paragraph(text: str) -> str:
    return f'<p dir="auto">{for_html(text)}</p>'


def _for_eyes(table: Table, *, name: str, width: int | None = None, colour: bool = False) -> str:
    if width is not None:
        table = _spared(table, name, width)
    header, rows = _escaped(table, for_log_line)
    lines = [[row] for row in rows]
    if width is not None:
        given, padding = _room(table, (header, *rows), name, width)
        header = cut(header, (one - padding for one in given))
        wraps = [column in table.wrap and name not in _RULED for column in table.header]
        lines = [folded(row, given, wraps, again=for_log_line) for row in rows]
    drawn = list(chain.from_iterable(lines))
    painted = list(_painted(table, lines)) if colour else drawn
    return _titled(
        for_log_line(table.title),
        draw(header, drawn, name=name, align=table.align, painted=painted),
    )


def _spared(table: Table, name: str, width: int) -> Table:
    around, gap, padding = _frame(name)
    return spared(table, width - around, gap=gap, padding=padding)


def _frame(name: str) -> tuple[int, int, int]:
    """Return the columns around a table, between two of its columns, and beside a name."""
    around, padding = frame(1, name=name)
    return around, frame(2, name=name)[0] - around, padding


def _room(
    table: Table, cells: Sequence[Sequence[str]], name: str, width: int
) -> tuple[list[int], int]:
    around, padding = frame(len(table.header), name=name)
    names = [one + padding for one in widths(cells[:1])]
    natural = list(map(max, names, widths(cells)))
    at = {column: index for index, column in enumerate(table.header)}
    least = [(at[column], max(keep, names[at[column]])) for column, keep in table.shrink]
    return fit(natural, least, width - around, floor=padding + 1), padding


def _painted(table: Table, lines: Iterable[Sequence[tuple[str, ...]]]) -> Iterator[tuple[str, ...]]:
    if table.status is None:
        yield from chain.from_iterable(lines)
        return
    at = table.header.index(table.status)
    for plain, shown in zip(table.rows, lines, strict=True):
        for line in shown:
            yield (*line[:at], _paint(plain[at], line[at]), *line[at + 1 :])


def _paint(plain: str, shown: str) -> str:
    status = status_of(plain)
    return shown if status is None or not shown else STYLES[status].paint(shown)


def _markup(
    table: Table, *, name: str, escape: Escape, width: int | None = None, colour: bool = False
) -> str:
    del width, colour
    header, rows = _escaped(table, escape)
    return draw(header, rows, name=name, align=table.align) + "\n"


def _markdown(table: Table, *, name: str, width: int | None = None, colour: bool = False) -> str:
    text = _markup(table, name=name, escape=markup.for_markdown, width=width, colour=colour)
    title = markup.for_markdown(table.title)
    return _titled(f"**{title}**" if title else "", text.removesuffix("\n"))


def _rst(table: Table, *, width: int | None = None, colour: bool = False) -> str:
    # reStructuredText has no table without rows, and no simple one of a single column
    rows = table.rows or (("",) * len(table.header),)
    name = "rst" if len(table.header) > 1 else "grid"
    table = attrs.evolve(table, rows=rows)
    return _markup(table, name=name, escape=markup.for_rst, width=width, colour=colour)


def _html(table: Table, *, width: int | None = None, colour: bool = False) -> str:
    del width, colour
    lines = ['<table class="claimtrack">']
    if table.title:
        lines.append(f'<caption dir="auto">{for_html(table.title)}</caption>')
    names = (f'<th scope="col"{_class(table, name)}>{for_html(name)}</th>' for name in table.header)
    lines += ["<thead>", f"<tr>{''.join(names)}</tr>", "</thead>", "<tbody>"]
    for row in table.rows:
        cells = (
            f'<td dir="auto"{_class(table, name, cell)}>{for_html(cell)}</td>'
            for name, cell in zip(table.header, row, strict=True)
        )
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return "\n".join([*lines, "</tbody>", "</table>", ""])


def _class(table: Table, name: str, cell: str = "") -> str:
    classes = ["right"] * (name in table.right)
    if name == table.status and (status := status_of(cell)):
        classes.append(f"status-{status}")
    return f' class="{" ".join(classes)}"' if classes else ""


def _separated(
    table: Table, *, delimiter: str, width: int | None = None, colour: bool = False
) -> str:
    del width, colour
    header, rows = _escaped(table, for_csv)
    return _lines_of([header, *rows], delimiter)


def _separated_values(sheet: Sheet, *, delimiter: str) -> str:
    escapes = [for_csv_key if name in KEYS else for_csv for name in sheet.header]
    rows = (tuple(map(_in_csv, row, escapes)) for row in sheet.rows)
    return _lines_of([sheet.header, *rows], delimiter)


def _lines_of(rows: Iterable[Sequence[str]], delimiter: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _in_csv(value: Value, escape: Escape) -> str:
    match value:
        case None:
            return ""
        case str():
            return escape(value)
        case bool():
            return "true" if value else "false"
        case int() | float() | Decimal():
            return str(value)  # our own, and no formula, whatever its sign
        case _:
            items = (item if isinstance(item, str) else PAIR.join(item) for item in value)
            return escape(SEPARATOR.join(items))


def _json(table: Table, *, width: int | None = None, colour: bool = False) -> str:
    del width, colour
    return for_json(_objects(table), indent=2) + "\n"


def _jsonl(table: Table, *, width: int | None = None, colour: bool = False) -> str:
    del width, colour
    return "".join(f"{for_json(item)}\n" for item in _objects(table))


def _json_values(sheet: Sheet) -> str:
    names = [for_json(name) for name in sheet.header]
    rows = (zip(names, map(_in_json, row), strict=True) for row in sheet.rows)
    return "".join(f"{{{', '.join(f'{name}: {value}' for name, value in row)}}}\n" for row in rows)


def _in_json(value: Value) -> str:
    if isinstance(value, Decimal):
        return str(value)  # a number of JSON, with every digit
    is_endless = isinstance(value, float) and not isfinite(value)
    return for_json(str(value) if is_endless else value)


def _objects(table: Table) -> list[dict[str, str]]:
    return [dict(zip(table.header, row, strict=True)) for row in table.rows]


def _escaped(table: Table, escape: Escape) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    return tuple(map(escape, table.header)), [tuple(map(escape, row)) for row in table.rows]


def _titled(title: str, text: str) -> str:
    return f"{title}\n\n{text}\n" if title else f"{text}\n"


_RULED: Final = (
    *("grid", "simple_grid", "rounded_grid", "mixed_grid"),
    *("double_grid", "fancy_grid", "heavy_grid"),
)
"""Formats with a line between rows, which would stand between the lines of one row as well."""

_EYES: Final = (
    *("plain", "presto", "pretty", "psql", "simple"),
    *("outline", "simple_outline", "rounded_outline", "mixed_outline"),
    *("double_outline", "fancy_outline", "heavy_outline"),
    *_RULED,
)
FOR_PEOPLE: Final = ("table", *_EYES)
"""Formats that are printed in the encoding of the terminal; all others are UTF-8."""

_MARKUP: Final[Mapping[str, Escape]] = {
    "asciidoc": markup.for_wiki,
    "jira": markup.for_wiki,
    "latex": markup.for_latex,
    "latex_booktabs": markup.for_latex,
    "latex_longtable": markup.for_latex,
    "latex_raw": markup.for_latex,  # raw in tabulate; other people's words are never raw here
    "mediawiki": markup.for_wiki,
    "moinmoin": markup.for_wiki,
    "orgtbl": markup.for_org,
    "textile": markup.for_wiki,
    "youtrack": markup.for_wiki,
}

FORMATS: Final[Mapping[str, Renderer]] = {
    "table": partial(_for_eyes, name=CALM),
    "markdown": partial(_markdown, name="pipe"),
    "github": partial(_markdown, name="pipe"),
    "pipe": partial(_markdown, name="pipe"),
    "colon_grid": partial(_markdown, name="colon_grid"),
    "html": _html,
    "unsafehtml": _html,  # safe here, as in every format
    "csv": partial(_separated, delimiter=","),
    "tsv": partial(_separated, delimiter="\t"),
    "json": _json,
    "jsonl": _jsonl,
    "rst": _rst,
    **{name: partial(_markup, name=name, escape=escape) for name, escape in _MARKUP.items()},
    **{name: partial(_for_eyes, name=name) for name in _EYES},
}
"""Every format by its name; ``table`` is what a terminal gets by default."""

_SHEETS: Final[Mapping[str, Callable[[Sheet], str]]] = {
    "csv": partial(_separated_values, delimiter=","),
    "tsv": partial(_separated_values, delimiter="\t"),
    "jsonl": _json_values,
}

_LINES: Final[Mapping[str, Escape]] = {
    "table": for_log_line,
    **dict.fromkeys(_EYES, for_log_line),
    **dict.fromkeys(("markdown", "github", "pipe", "colon_grid"), markup.for_markdown),
    **dict.fromkeys(("html", "unsafehtml"), _paragraph),
    "rst": markup.for_rst,
    **_MARKUP,
}
