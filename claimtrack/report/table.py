"""
Hold cells to show, with no opinion on how.

A `Table` is plain text throughout: nothing in it is escaped or shortened yet. Hints say what a
renderer may do where space is short; each renderer decides whether they mean anything to it.
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
    Keep the cells of one table, as plain text.

    Args:
        header: A name for each column, each once; at least one.
        rows: As many cells in each as there are columns; there may be no rows.
        title: What the table shows, or empty.
        right: Names of the columns that stand at the right, as numbers do.
        shrink: Names of the columns that may be shortened, each with the width that it keeps
            as long as possible (display columns, at least 1); the first is shortened first. A
            column that stands twice gives in two steps.
        status: Name of the column that holds statuses, which may be coloured, or None.
        spare: Names of the columns that a table for terminals leaves out, the first first, where
            there is no room for all even when each is shortened in one step.
        wrap: Names of the columns whose cells go on in further lines below where they have not
            enough room, as in ``wrap=("because",)``.

    Raises:
        ValueError: A row has another number of cells, a name stands twice, or a hint names
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


def spared(table: Table, room: int, *, gap: int) -> Table:
    """
    Leave out the spare columns of *table* that do not fit.

    Args:
        table: What is to be shown.
        room: Display columns for all columns together.
        gap: Display columns that stand between two of them.
    """
    least = _least(table)
    for name in table.spare:
        if sum(least.values()) + gap * (len(least) - 1) <= room:
            break
        del least[name]
    return table if len(least) == len(table.header) else _only(table, tuple(least))


def parted(table: Table, room: int, *, gap: int) -> Iterator[Table]:
    """
    Part *table* into tables that fit, each with its first column; the first has the title.

    One that does not fit is parted in the middle of its other columns, again and again.

    Args:
        table: What is to be shown.
        room: Display columns for all columns together.
        gap: Display columns that stand between two of them.
    """
    first, *others = table.header
    needed = sum(_least(table).values()) + gap * len(others)
    if needed <= room or len(others) < 2:  # noqa: PLR2004
        yield table
        return
    middle = (len(others) + 1) // 2
    left = _only(table, (first, *others[:middle]))
    right = attrs.evolve(_only(table, (first, *others[middle:])), title="")
    yield from parted(left, room, gap=gap)
    yield from parted(right, room, gap=gap)


def _least(table: Table) -> dict[str, int]:
    """Return the width of each column when all that may are shortened in one step."""
    kept = dict(reversed(table.shrink))
    cells = dict(zip(table.header, widths((table.header, *table.rows)), strict=True))
    return {
        name: max(display_width(name), min(width, kept.get(name, width)))
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
    """Return the display width of each column of *rows*, which are at least one."""
    return [max(map(display_width, column)) for column in zip(*rows, strict=True)]


def fit(natural: Sequence[int], least: Iterable[tuple[int, int]], room: int) -> list[int]:
    """
    Share *room* among columns.

    First the columns of *least* give, one after the other, down to what each keeps; if that is
    not enough, always the widest column gives, the leftmost of equals, down to 1.

    Args:
        natural: The width of each column if there were room for all.
        least: Index of a column and the width that it keeps, in the order of giving.
        room: Display columns for all columns together; less than 1 for each of them
            cannot be kept, and the result is wider.

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


def cut(row: Iterable[str], given: Iterable[int]) -> tuple[str, ...]:
    """Shorten each cell of *row* to the width *given* to its column."""
    return tuple(shorten(cell, width) for cell, width in zip(row, given, strict=True))


def folded(
    row: Iterable[str],
    given: Iterable[int],
    wraps: Iterable[bool],
    *,
    again: Callable[[str], str] = str,
) -> list[tuple[str, ...]]:
    """
    Return the lines of *row*, as many as its longest cell takes; the others are empty there.

    Args:
        row: One cell for each column, escaped already.
        given: The width of each column.
        wraps: Whether a column wraps; what does not, or has no room for any character, is cut.
        again: Escapes what begins a further line.

    Example:
        >>> folded(("siberia-pipe", "first gas on 2 Dec"), (9, 9), (False, True))
        [('siberia-…', 'first gas'), ('', 'on 2 Dec')]
    """
    cells = zip(row, given, wraps, strict=True)
    return list(zip_longest(*(_pieces(*cell, again) for cell in cells), fillvalue=""))


def _pieces(
    cell: str,
    width: int,
    goes_on: bool,  # noqa: FBT001 - one column of three
    again: Callable[[str], str],
) -> list[str]:
    if goes_on and width >= WIDEST_CHARACTER:
        return wrap(cell, width, again=again)
    return [shorten(cell, width)]


Value: TypeAlias = str | int | float | Decimal | bool | Sequence[str | Sequence[str]] | None
"""What stands in a cell; a list holds texts, or pairs of texts."""

KEYS: Final = frozenset(
    {
        *("id", "claim", "speaker", "source", "by", "best", "best_source"),
        *("used", "reports", "conflicts", "cause_evidence", "cause_record", "cause_by"),
        *("on", "day", "said", "due", "decided_on", "happened", "not_happened", "when"),
        *("newest", "cause_day"),
    }
)
"""Columns of ids and days, which join one table with another; in any sheet they hold nothing else.

All other texts may be other people's words.
"""


def _names(value: Iterable[str]) -> tuple[str, ...]:
    return tuple(value)


def _values(value: Iterable[Iterable[Value]]) -> tuple[tuple[Value, ...], ...]:
    return tuple(map(tuple, value))


@attrs.frozen(kw_only=True)
class Sheet:
    """
    Keep the values of one table.

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
