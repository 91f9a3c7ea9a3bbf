"""
Read TOML as `tomllib` does, several times as fast where its lines are plain.

Most lines of a registry are a header, or one bare key with a text, a day or a whole number: those
are read here. Another value after a bare key goes to `tomllib` with its line alone. At whatever
else (a value over several lines, a quoted or dotted key, a table that stands already, anything
that is wrong) the whole text goes to `tomllib`, so that what is accepted, what it means and what
is said of an error are its own.

In the place of `tomllib` stands tomli where a compiled one is installed that reads the same
language. What tomli refuses, `tomllib` is asked about, so that what is said of it is the same.
"""

import re
import sys
import tomllib
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeAlias

from claimtrack.files.fast import installed
from claimtrack.files.toml_syntax import BARE

Table: TypeAlias = dict[str, Any]

tomli: Final = installed("tomli")
_UNREADABLE: Final = (ValueError, InvalidOperation, RecursionError)

_END: Final = r"[ \t]*(?:#[^\x00-\x08\x0a-\x1f\x7f]*)?"
_CHARS: Final = r'[^"\\\x00-\x1f\x7f]*'
_PLAIN: Final = re.compile(
    # In a text, no escape but that of a quotation mark.
    rf"[ \t]*({BARE})[ \t]*=[ \t]*"
    rf'(?:"({_CHARS}(?:\\"{_CHARS})*)"|([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})|(-?[1-9][0-9]{{0,17}})){_END}'
)
_HEADER: Final = re.compile(rf"\[\[({BARE})(?:\.({BARE}))?\]\]{_END}|\[({BARE})\]{_END}")
_KEYED: Final = re.compile(rf"[ \t]*({BARE})[ \t]*=")
_BLANK: Final = re.compile(_END)


def is_equal(version: str, python: tuple[int, ...]) -> bool:
    """
    Say whether tomli of that *version* reads what the `tomllib` of that *python* reads.

    tomli reads TOML 1.1 since 2.4, and `tomllib` since Python 3.15. Before 2.3.2 a compiled tomli
    could end the process on texts that nest deep.
    """
    parts = tuple(int(part) for part in version.split(".")[:3] if part.isdecimal())
    return (2, 3, 2) <= parts < (2, 4) and python < (3, 15)


_USES_TOMLI: Final = tomli is not None and is_equal(tomli.__version__, sys.version_info[:2])


def whole_table(text: str) -> Table:
    """
    Return what ``tomllib.loads(text, parse_float=Decimal)`` returns.

    Raises:
        tomllib.TOMLDecodeError: As `read_toml` does, and the others that it names.
    """
    if _USES_TOMLI:
        try:
            return tomli.loads(text, parse_float=Decimal)  # type: ignore[no-any-return]
        except _UNREADABLE:
            pass
    return tomllib.loads(text, parse_float=Decimal)


def read_toml(text: str) -> Table:
    """
    Return what ``tomllib.loads(text, parse_float=Decimal)`` returns.

    Raises:
        tomllib.TOMLDecodeError: *text* is not TOML.
        ValueError: It holds an integer of more digits than Python reads.
        decimal.InvalidOperation: It holds a number with an exponent beyond all bounds.
        RecursionError: It nests too deep.
    """
    try:
        return _Document().read(text.replace("\r\n", "\n"))
    except _NotPlainError:
        return whole_table(text)


class _NotPlainError(Exception):
    """Say that a text holds more than is read here."""


class _Document:
    """A document as far as it has been read."""

    def __init__(self) -> None:
        self.content: Table = {}
        # For each array of tables, those in its newest element.
        self.arrays: dict[str, set[str]] = {}

    def read(self, text: str) -> Table:
        table = self.content
        for line in text.split("\n"):
            found = _PLAIN.fullmatch(line)
            if found:
                key, said, day, number = found.groups()
                if key in table:
                    raise _NotPlainError
                if said is not None:
                    table[key] = said.replace('\\"', '"')
                else:
                    table[key] = _day(day) if day else int(number)
            elif line.startswith("["):
                table = self._table(line)
            elif not _BLANK.fullmatch(line):
                self._read_other(line, table)
        return self.content

    def _read_other(self, line: str, table: Table) -> None:
        """Read one key with a value of whatever kind that ends on its line."""
        found = _KEYED.match(line)
        if found is None or found[1] in table:
            raise _NotPlainError
        try:
            table.update(whole_table(line))
        except _UNREADABLE as error:
            raise _NotPlainError from error

    def _table(self, line: str) -> Table:
        """Return the new table that a header opens."""
        found = _HEADER.fullmatch(line)
        if found is None:
            raise _NotPlainError
        outer, inner, single = found.groups()
        if single is not None:
            if single in self.content:
                raise _NotPlainError
            self.content[single] = {}
            return self.content[single]  # type: ignore[no-any-return]
        if inner is None:
            table = _appended(self.content, outer, self.arrays)
            self.arrays[outer] = set()
            return table
        if outer not in self.arrays:
            raise _NotPlainError
        table = _appended(self.content[outer][-1], inner, self.arrays[outer])
        self.arrays[outer].add(inner)
        return table


def _appended(table: Table, key: str, arrays: "set[str] | dict[str, set[str]]") -> Table:
    """Add an element to the array of tables under *key*, which may be a new one."""
    element: Table = {}
    if key in arrays:
        table[key].append(element)
    elif key in table:
        raise _NotPlainError
    else:
        table[key] = [element]
    return element


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise _NotPlainError from error
