"""
Hold values for programs to read, with no opinion on how they are written.

A `Sheet` is to a program what a `Table` is to the eye: ids in place of names, days in ISO 8601,
numbers as numbers, and nothing where there is none. What it is of says which columns it has, so
that they do not depend on what happens to be in it.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, TypeAlias

import attrs

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


def _rows(value: Iterable[Iterable[Value]]) -> tuple[tuple[Value, ...], ...]:
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
    rows: tuple[tuple[Value, ...], ...] = attrs.field(converter=_rows)

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
