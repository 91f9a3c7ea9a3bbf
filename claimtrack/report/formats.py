"""
Draw one table in every format.

`FORMATS` maps names to renderers. Each escapes the cells for its format, so that none acts as
markup, a formula or a command. Equal tables give equal bytes. Every text ends with one line end;
JSON Lines without rows are empty. tabulate lays out Markdown, reStructuredText and LaTeX; the
table for terminals is laid out here, as tabulate neither wraps nor shrinks such cells.

The title is above the table for terminals and in Markdown, and the caption in HTML; the other
formats have none.

Formats for programs have values in place of words: `render_sheet` writes a `Sheet` in each format
of `READ_BY_PROGRAMS`.
"""

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from itertools import chain
from math import isfinite
from typing import Final, Protocol

import attrs

from claimtrack.escape import (
    for_csv,
    for_csv_key,
    for_html,
    for_json,
    for_latex,
    for_log_line,
    for_markdown,
    for_rst,
)
from claimtrack.report.style import STYLES, status_of
from claimtrack.report.table import (
    KEYS,
    Align,
    Sheet,
    Table,
    Value,
    fit,
    row_lines,
    shorten_row,
    split,
    widths,
    without_spare_columns,
)
from claimtrack.report.width import display_width

_GAP: Final = "  "
_RULE: Final = "\u2500"

_FILLER: Final = "\ue000"
_FILLERS: Final = re.compile(f"{_FILLER}+")
"""
Placeholder of a cell while tabulate lays out a table: one character for each display column.

tabulate measures texts by their length, which is not the width of wide characters, and strips
them.
"""


def widest(text: str) -> int:
    """Return the display width of the widest line of *text*."""
    return max(map(display_width, text.split("\n")))


def lay_out(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    align: Sequence[Align],
    painted: Iterable[Sequence[str]] | None = None,
) -> str:
    """
    Lay out a table for terminals from escaped cells.

    Args:
        header: One name for each column.
        rows: As many cells in each as there are columns.
        align: The alignment of each column.
        painted: The cells of *rows* with colour sequences, which have no width.

    Returns:
        Lines without trailing blanks, and without a line end after the last.
    """
    sizes = [[_cell_width(cell) for cell in row] for row in (header, *rows)]
    columns = list(map(max, zip(*sizes, strict=True)))
    shown = (header, *(rows if painted is None else painted))
    first, *others = (
        _line(cells, taken, columns, align) for cells, taken in zip(shown, sizes, strict=True)
    )
    return "\n".join([first, _GAP.join(_RULE * width for width in columns), *others])


def _line(
    cells: Iterable[str], taken: Iterable[int], columns: Iterable[int], align: Iterable[Align]
) -> str:
    line, blank = "", ""
    for cell, size, width, side in zip(cells, taken, columns, align, strict=True):
        rest = " " * (width - size)
        if size:
            line += f"{blank}{rest}{cell}" if side == "right" else f"{blank}{cell}"
            blank = _GAP if side == "right" else rest + _GAP
        else:
            blank += rest + _GAP
    return line


def _cell_width(cell: str) -> int:
    """Return the display columns of *cell*, at least one if it is not empty."""
    return max(display_width(cell), 1) if cell else 0


def _tabulated(table: Table, name: str, escape: "Escape") -> str:
    """Let tabulate draw *table* in its format of that name."""
    from tabulate import tabulate  # noqa: PLC0415 - rarely needed

    header, rows = _escaped(table, escape)
    layout = tabulate(
        [_fillers(row) for row in rows],
        headers=_fillers(header),
        tablefmt=name,
        disable_numparse=True,
        colalign=table.align if rows else None,
        headersalign=table.align,
    )
    cells = filter(None, chain(header, *rows))
    return _FILLERS.sub(lambda _: next(cells), layout) + "\n"


def _fillers(row: Sequence[str]) -> list[str]:
    return [_FILLER * _cell_width(cell) for cell in row]


Escape = Callable[[str], str]

READ_BY_PROGRAMS: Final = ("csv", "tsv", "jsonl")
"""Formats that hold one table of values, and nothing beside it."""

SEPARATOR: Final = "; "
"""The separator of the items of a list in one cell; no id has a space in it."""

PAIR: Final = " & "
"""The separator of the two items of a pair in such a list."""


class Renderer(Protocol):
    """Draw a table; only ``table`` heeds *width* (display columns) and *colour*."""

    def __call__(self, table: Table, *, width: int | None = None, colour: bool = False) -> str:
        """Return the whole text."""


def render(table: Table, format: str, *, width: int | None = None, colour: bool = False) -> str:  # noqa: A002
    """
    Draw *table* in the format of that name.

    Args:
        table: Its cells are escaped here.
        format: A key of `FORMATS`.
        width: Display columns for ``table`` to fit into, or None for no limit; other formats are
            never shortened.
        colour: Whether ``table`` may use ANSI colours, for statuses only.

    Raises:
        ValueError: There is no such format.
    """
    if format not in FORMATS:
        raise ValueError(f"format {format!r} is not known; expected one of {', '.join(FORMATS)}")
    return FORMATS[format](table, width=width, colour=colour)


def split_to_fit(table: Table, format: str, *, width: int | None = None) -> tuple[Table, ...]:  # noqa: A002
    """
    Split *table* into tables that fit into *width*, where the format is ``table``.

    Each has the first column of *table*. Other formats are not split.
    """
    if width is None or format != "table":
        return (table,)
    return tuple(split(table, width, gap=len(_GAP)))


def render_sheet(sheet: Sheet, format: str) -> str:  # noqa: A002
    """
    Write *sheet* in the format of that name.

    Texts are escaped as in `render`; in CSV and TSV ids and days, the columns of `KEYS`, are not
    changed, None is an empty cell, and a list is one text with `SEPARATOR`. JSON Lines have null,
    numbers and lists. An infinite number is ``inf`` or ``-inf``, in JSON Lines as a text.

    Raises:
        ValueError: It is none of `READ_BY_PROGRAMS`.
    """
    records = (dict(zip(sheet.header, row, strict=True)) for row in sheet.rows)
    return "".join(sheet_pieces(sheet.header, records, format))


def sheet_pieces(
    header: Sequence[str],
    records: Iterable[Mapping[str, Value]],
    format: str,  # noqa: A002
) -> Iterator[str]:
    """
    Return what `render_sheet` does in pieces, each made before the next record is taken.

    Args:
        header: The names of the columns.
        records: The rows; each has these keys in this order.
        format: One of `READ_BY_PROGRAMS`.

    Raises:
        ValueError: The format is none of `READ_BY_PROGRAMS`.
    """
    if format not in _SHEETS:
        raise ValueError(f"format {format!r} has no values; expected one of {', '.join(_SHEETS)}")
    return _SHEETS[format](header, records)


def object_pieces(
    head: Mapping[str, object], name: str, items: Iterable[Mapping[str, object]]
) -> Iterator[str]:
    """
    Write one JSON object, whose last key *name* holds the *items*, each made when its turn comes.

    The text is that of `for_json` with an indent of 2.

    Example:
        >>> print("".join(object_pieces({"n": 1}, "items", [{"id": "a"}])), end="")
        {
          "n": 1,
          "items": [
            {
              "id": "a"
            }
          ]
        }
    """
    whole = for_json({**head, name: []}, indent=2)
    end = "]\n}"
    before, after = whole.removesuffix(end), end
    for item in items:
        text = for_json(item, indent=2).replace("\n", "\n    ")
        yield f"{before}\n    {text}"
        before, after = ",", f"\n  {end}"
    yield f"{before if before != ',' else ''}{after}\n"


def render_line(text: str, format: str) -> str:  # noqa: A002
    """
    Escape one line of *text* before or after a table, for the format of that name.

    Raises:
        ValueError: There is no such format, or it has no place for lines.
    """
    if format not in _LINES:
        raise ValueError(f"format {format!r} has no lines; expected one of {', '.join(_LINES)}")
    return _LINES[format](text)


def _paragraph(text: str) -> str:
    return f'<p dir="auto">{for_html(text)}</p>'


def _table(table: Table, *, width: int | None = None, colour: bool = False) -> str:
    if width is not None:
        table = without_spare_columns(table, width, gap=len(_GAP))
    header, rows = _escaped(table, for_log_line)
    lines = [[row] for row in rows]
    if width is not None:
        given = _column_widths(table, (header, *rows), width)
        header = shorten_row(header, given)
        wraps = [column in table.wrap for column in table.header]
        lines = [row_lines(row, given, wraps, again=for_log_line) for row in rows]
    drawn = list(chain.from_iterable(lines))
    painted = list(_painted(table, lines)) if colour else None
    text = lay_out(header, drawn, align=table.align, painted=painted)
    return _with_title(for_log_line(table.title), text)


def _column_widths(table: Table, cells: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return the width of each column, where all of them have *width* and the gaps take some."""
    names, natural = widths(cells[:1]), widths(cells)
    at = {column: index for index, column in enumerate(table.header)}
    least = [(at[column], max(keep, names[at[column]])) for column, keep in table.shrink]
    return fit(natural, least, width - len(_GAP) * (len(table.header) - 1))


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


def _markdown(table: Table, *, width: int | None = None, colour: bool = False) -> str:
    del width, colour
    title = for_markdown(table.title)
    return _with_title(
        f"**{title}**" if title else "",
        _tabulated(table, "pipe", for_markdown).removesuffix("\n"),
    )


def _latex(table: Table, *, width: int | None = None, colour: bool = False) -> str:
    del width, colour
    return _tabulated(table, "latex", for_latex)


def _rst(table: Table, *, width: int | None = None, colour: bool = False) -> str:
    del width, colour
    # reStructuredText has no table without rows, and no simple one of a single column
    rows = table.rows or (("",) * len(table.header),)
    name = "rst" if len(table.header) > 1 else "grid"
    return _tabulated(attrs.evolve(table, rows=rows), name, for_rst)


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


def _csv(table: Table, *, delimiter: str, width: int | None = None, colour: bool = False) -> str:
    del width, colour
    header, rows = _escaped(table, for_csv)
    return _csv_text([header, *rows], delimiter)


def _csv_values(
    header: Sequence[str], records: Iterable[Mapping[str, Value]], *, delimiter: str
) -> Iterator[str]:
    import csv  # noqa: PLC0415 - few formats need it

    escapes = [for_csv_key if name in KEYS else for_csv for name in header]
    # What its `writerow` returns is what the `write` of its file does.
    writer = csv.writer(_Piece(), delimiter=delimiter, lineterminator="\n")
    yield writer.writerow(header)
    for record in records:
        yield writer.writerow(list(map(_in_csv, record.values(), escapes)))


class _Piece:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _csv_text(rows: Iterable[Sequence[str]], delimiter: str) -> str:
    import csv  # noqa: PLC0415 - few formats need it

    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _in_csv(value: Value, escape: Escape) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return escape(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return str(value)  # a number is no formula, whatever its sign
    items = [item if isinstance(item, str) else PAIR.join(item) for item in value]
    return escape(SEPARATOR.join(items)) if items else ""


def _json(table: Table, *, width: int | None = None, colour: bool = False) -> str:
    del width, colour
    return for_json(_objects(table), indent=2) + "\n"


def _jsonl(table: Table, *, width: int | None = None, colour: bool = False) -> str:
    del width, colour
    return "".join(f"{for_json(item)}\n" for item in _objects(table))


def _json_values(_: Sequence[str], records: Iterable[Mapping[str, Value]]) -> Iterator[str]:
    for record in records:
        try:
            yield f"{for_json(record)}\n"
        except (TypeError, ValueError):  # an exact decimal, or an infinite number
            pairs = [f"{for_json(name)}: {_in_json(value)}" for name, value in record.items()]
            yield f"{{{', '.join(pairs)}}}\n"


def _in_json(value: Value) -> str:
    if isinstance(value, Decimal):
        return str(value)  # a number of JSON, with every digit
    is_infinite = isinstance(value, float) and not isfinite(value)
    return for_json(str(value) if is_infinite else value)


def _objects(table: Table) -> list[dict[str, str]]:
    return [dict(zip(table.header, row, strict=True)) for row in table.rows]


def _escaped(table: Table, escape: Escape) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    return tuple(map(escape, table.header)), [tuple(map(escape, row)) for row in table.rows]


def _with_title(title: str, text: str) -> str:
    return f"{title}\n\n{text}\n" if title else f"{text}\n"


FORMATS: Final[Mapping[str, Renderer]] = {
    "table": _table,
    "markdown": _markdown,
    "html": _html,
    "latex": _latex,
    "rst": _rst,
    "csv": partial(_csv, delimiter=","),
    "tsv": partial(_csv, delimiter="\t"),
    "json": _json,
    "jsonl": _jsonl,
}
"""Every format by its name; ``table`` is for terminals."""

_SHEETS: Final[
    Mapping[str, Callable[[Sequence[str], Iterable[Mapping[str, Value]]], Iterator[str]]]
] = {
    "csv": partial(_csv_values, delimiter=","),
    "tsv": partial(_csv_values, delimiter="\t"),
    "jsonl": _json_values,
}

_LINES: Final[Mapping[str, Escape]] = {
    "table": for_log_line,
    "markdown": for_markdown,
    "html": _paragraph,
    "latex": for_latex,
    "rst": for_rst,
}
