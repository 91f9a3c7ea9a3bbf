"""
Tables of text for people, sheets of values for programs, and the layout of columns.

The cells of a `Table` are plain text, not yet escaped or shortened. Its hints say what a renderer
may do where space is short; a renderer may ignore them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import Any, Final, Literal, TypeAlias

import attrs

from claimtrack.report.width import WIDEST_CHARACTER, display_width, shorten, wrap

Align = Literal["left", "right"]


def _texts(value: Iterable[str]) -> tuple[str, ...]:
    return tuple(value)


def _rows(value: Iterable[Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(map(tuple, value))


def _shrinks(value: Mapping[str, int] | Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    return tuple(value.items() if isinstance(value, Mapping) else value)


@attrs.frozen(kw_only=True)
class Table:
    """
    The cells of one table, as plain text.

    Args:
        header: The names of the columns, at least one, all different.
        rows: As many cells in each as there are columns; there may be no rows.
        title: What the table shows, or empty.
        right: Names of the columns that are aligned right, as numbers are.
        shrink: Names of the columns that may be shortened, each with its least width (display
            columns, at least 1), in the order of shortening. A column listed twice shrinks in
            two steps.
        status: Name of the column that holds statuses, which may be coloured, or None.
        spare: Names of the columns that a terminal may leave out, in the order of leaving out,
            where they do not all fit with each shortened in one step.
        wrap: Names of the columns whose cells wrap, as in ``wrap=("because",)``.

    Raises:
        ValueError: A row has another number of cells, two columns share a name, or a hint names
            no column.
    """

    header: tuple[str, ...] = attrs.field(converter=_texts)
    rows: tuple[tuple[str, ...], ...] = attrs.field(converter=_rows)
    title: str = ""
    right: tuple[str, ...] = attrs.field(converter=_texts, default=())
    shrink: tuple[tuple[str, int], ...] = attrs.field(converter=_shrinks, default=())
    status: str | None = None
    spare: tuple[str, ...] = attrs.field(converter=_texts, default=())
    wrap: tuple[str, ...] = attrs.field(converter=_texts, default=())

    @header.validator
    def _names(self, _: "attrs.Attribute[tuple[str, ...]]", value: tuple[str, ...]) -> None:
        if not value or len(set(value)) < len(value):
            raise ValueError(f"the header {value!r} needs at least one name, and each once")

    @rows.validator
    def _cells(self, _: "attrs.Attribute[object]", value: tuple[tuple[str, ...], ...]) -> None:
        for number, row in enumerate(value):
            if len(row) != len(self.header):
                raise ValueError(
                    f"row {number} has {len(row)} cells; expected {len(self.header)}, as the header"
                )

    def __attrs_post_init__(self) -> None:
        hinted = [*self.right, *self.spare, *self.wrap, *(name for name, _ in self.shrink)]
        if self.status is not None:
            hinted.append(self.status)
        for name in hinted:
            if name not in self.header:
                raise ValueError(f"{name!r} is not a column; expected one of {self.header!r}")

    @property
    def align(self) -> tuple[Align, ...]:
        """How each column is aligned, in the order of the header."""
        return tuple("right" if name in self.right else "left" for name in self.header)


def without_spare_columns(table: Table, room: int, *, gap: int) -> Table:
    """
    Leave out the spare columns of *table* that do not fit.

    Args:
        table: The table.
        room: Display columns for the whole table.
        gap: Display columns between two columns.
    """
    least = _least(table)
    for name in table.spare:
        if sum(least.values()) + gap * (len(least) - 1) <= room:
            break
        del least[name]
    return table if len(least) == len(table.header) else _only(table, tuple(least))


def split(table: Table, room: int, *, gap: int) -> Iterator[Table]:
    """
    Split *table* into tables that fit, each with its first column; the first has the title.

    A table that does not fit is split in the middle of its other columns, recursively.

    Args:
        table: The table.
        room: Display columns for a whole table.
        gap: Display columns between two columns.
    """
    first, *others = table.header
    needed = sum(_least(table).values()) + gap * len(others)
    if needed <= room or len(others) < 2:  # noqa: PLR2004
        yield table
        return
    middle = (len(others) + 1) // 2
    left = _only(table, (first, *others[:middle]))
    right = attrs.evolve(_only(table, (first, *others[middle:])), title="")
    yield from split(left, room, gap=gap)
    yield from split(right, room, gap=gap)


def _least(table: Table) -> dict[str, int]:
    """Return the width of each column after one step of shortening."""
    least = dict(reversed(table.shrink))
    cells = dict(zip(table.header, widths((table.header, *table.rows)), strict=True))
    return {
        name: max(display_width(name), min(width, least.get(name, width)))
        for name, width in cells.items()
    }


def _only(table: Table, names: tuple[str, ...]) -> Table:
    places = [table.header.index(name) for name in names]
    return attrs.evolve(
        table,
        header=names,
        rows=[[row[place] for place in places] for row in table.rows],
        right=[name for name in table.right if name in names],
        shrink=[pair for pair in table.shrink if pair[0] in names],
        status=table.status if table.status in names else None,
        spare=[name for name in table.spare if name in names],
        wrap=[name for name in table.wrap if name in names],
    )


def widths(rows: Iterable[Sequence[str]]) -> list[int]:
    """Return the display width of each column of *rows*, of which there is at least one."""
    return [max(map(display_width, column)) for column in zip(*rows, strict=True)]


def fit(natural: Sequence[int], least: Iterable[tuple[int, int]], room: int) -> list[int]:
    """
    Share *room* among columns.

    First the columns in *least* shrink, one after the other, each to its least width; then, one
    column at a time, whichever is widest (the leftmost of equals), down to 1.

    Args:
        natural: The width of each column without a limit.
        least: Index and least width of columns, in the order of shrinking.
        room: Display columns for all columns together; with less than 1 for each the result is
            wider than *room*.

    Returns:
        A width for each column, none larger than the natural one.

    Example:
        >>> fit([10, 30, 8], [(1, 12)], 40)
        [10, 22, 8]
    """
    given = list(natural)
    for index, keep in least:
        excess = max(sum(given) - room, 0)
        given[index] = max(min(keep, given[index]), given[index] - excess)
    for _ in range(sum(given) - room):
        widest = given.index(max(given))
        if given[widest] > 1:
            given[widest] -= 1
    return given


def shorten_row(row: Iterable[str], given: Iterable[int]) -> tuple[str, ...]:
    """Shorten each cell of *row* to the width *given* to its column."""
    return tuple(shorten(cell, width) for cell, width in zip(row, given, strict=True))


def row_lines(
    row: Iterable[str],
    given: Iterable[int],
    wraps: Iterable[bool],
    *,
    again: Callable[[str], str] = str,
) -> list[tuple[str, ...]]:
    """
    Return the lines of *row*: as many as its longest cell takes, with empty cells below others.

    Args:
        row: The escaped cells.
        given: The width of each column.
        wraps: Whether each column wraps; else, or if it is too narrow, its cells are shortened.
        again: Escapes the start of each further line.

    Example:
        >>> row_lines(("siberia-pipe", "first gas on 2 Dec"), (9, 9), (False, True))
        [('siberia-…', 'first gas'), ('', 'on 2 Dec')]
    """
    cells = zip(row, given, wraps, strict=True)
    return list(zip_longest(*(_cell_lines(*cell, again) for cell in cells), fillvalue=""))


def _cell_lines(
    cell: str,
    width: int,
    wraps: bool,  # noqa: FBT001 - one column of three
    again: Callable[[str], str],
) -> list[str]:
    if wraps and width >= WIDEST_CHARACTER:
        return wrap(cell, width, again=again)
    return [shorten(cell, width)]


Value: TypeAlias = str | int | float | Decimal | bool | Sequence[str | Sequence[str]] | None
"""The value of a cell; a list holds texts, or pairs of texts."""

KEYS: Final = frozenset(
    {
        *("id", "claim", "speaker", "source", "by", "best", "best_source"),
        *("used", "reports", "conflicts", "cause_evidence", "cause_record", "cause_by"),
        *("on", "day", "said", "due", "decided_on", "happened", "not_happened", "when"),
        *("newest", "cause_day"),
    }
)
"""
Columns that hold ids and days only, in every sheet, for joining tables.

The texts of other columns may be other people's words.
"""


def _names(value: Iterable[str]) -> tuple[str, ...]:
    return tuple(value)


def _values(value: Iterable[Iterable[Value]]) -> tuple[tuple[Value, ...], ...]:
    return tuple(map(tuple, value))


@attrs.frozen(kw_only=True)
class Sheet:
    """
    The values of one table.

    Args:
        header: A name for each column, in snake case.
        rows: As many values in each as there are columns; there may be no rows.
    """

    header: tuple[str, ...] = attrs.field(converter=_names)
    rows: tuple[tuple[Value, ...], ...] = attrs.field(converter=_values)

    @classmethod
    def of(cls, header: Iterable[str], records: Iterable[Mapping[str, Any]]) -> "Sheet":
        """
        Return a row for each of the *records*, which may have more keys than there are columns.

        Raises:
            KeyError: A record has no value for a column.

        Example:
            >>> Sheet.of(["id", "late_days"], [{"id": "gas", "late_days": None, "n": 1}]).rows
            (('gas', None),)
        """
        names = tuple(header)
        return cls(header=names, rows=([record[name] for name in names] for record in records))
