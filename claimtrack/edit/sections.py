"""
Change keys of one table of a TOML text, and not a byte elsewhere.

A key that is there goes through tomlkit with its own lines only, so that the comment beside it
stays; a key that is not is added below the last one. All other lines are kept as they are. What
comes out is read once more before it is handed back, so that nothing but the keys can have changed.
"""

import copy
import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

import tomlkit

from claimtrack.errors import ClaimTrackError
from claimtrack.files.positions import header_lines, positions
from claimtrack.files.toml_writer import SpanText, write_document

TablePath: TypeAlias = tuple[str | int, ...]
"""Where a table stands: ``("claim", 3)`` or ``("claim", 3, "reading", 0)``."""

Keys: TypeAlias = Mapping[str, Any]
"""The keys to set; a mapping becomes an inline table."""


class EditError(ClaimTrackError, ValueError):
    """Say that a file is written in a way that cannot be changed safely."""


def with_keys(text: str, changes: Mapping[TablePath, Keys]) -> str:
    """
    Return the TOML *text* with keys of some of its tables set.

    Raises:
        EditError: A table has no header of its own, or has one of the keys under another header.
    """
    plain = text.replace("\r\n", "\n")
    before = _read(plain)
    wanted = copy.deepcopy(before)
    for path, keys in changes.items():
        _table_at(wanted, path).update(copy.deepcopy(dict(keys)))
        plain = _with_keys_of(plain, path, keys)
    if not _says(plain, wanted):
        raise EditError("the file would not say what it is to say; edit it by hand")
    return plain.replace("\n", "\r\n") if "\r\n" in text else plain


def _read(text: str) -> dict[str, Any]:
    return tomllib.loads(text, parse_float=Decimal)


def _table_at(document: Any, path: TablePath) -> Any:  # noqa: ANN401 - a table
    for key in path:
        document = document[key]
    return document


def _says(text: str, wanted: dict[str, Any]) -> bool:
    try:
        return _read(text) == wanted
    except tomllib.TOMLDecodeError:  # such as a key that stands under another header too
        return False


def _with_keys_of(text: str, path: TablePath, keys: Keys) -> str:
    lines = text.split("\n")
    start, end = _section(text, path, len(lines))
    end = _without_tail(lines, start, end)
    first = _lines_of_keys(text, path, start, end)
    added = [_written(key, value) for key, value in keys.items() if key not in first]
    lines[end:end] = added
    # From the bottom up, so that the lines above stay where they are.
    for key in sorted(first.keys() & keys.keys(), key=first.__getitem__, reverse=True):
        here = first[key]
        after = min((line for line in first.values() if line > here), default=end)
        lines[here:after] = _replaced(lines[here:after], key, keys[key])
    return "\n".join(lines)


def _lines_of_keys(text: str, path: TablePath, start: int, end: int) -> dict[str, int]:
    """Return the line, from 0, on which each key of a table begins within its section."""
    return {
        str(where[-1]): line - 1
        for where, (line, _) in positions(text).items()
        if where[:-1] == path and isinstance(where[-1], str) and start < line - 1 < end
    }


def _replaced(lines: list[str], key: str, value: object) -> list[str]:
    """Return the lines of one key with another value, and what stands beside and below it."""
    document = tomlkit.parse("\n".join(lines))
    document[key] = tomlkit.parse(_written(key, value))[key]
    return tomlkit.dumps(document).removesuffix("\n").split("\n")


def _written(key: str, value: object) -> str:
    """Return one key with its value as every file of a registry is written."""
    document = write_document([("table", {key: _plain(value)})])
    return document.split("\n")[1]


def _plain(value: object) -> object:
    if isinstance(value, date):
        return SpanText(value.isoformat())
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value


def _section(text: str, path: TablePath, after: int) -> tuple[int, int]:
    """Return the first line of a table, from 0, and the line after its last one."""
    start = next((line for key, line in _headers(text) if key == path), None)
    if start is None:
        name = ".".join(str(key) for key in path if isinstance(key, str))
        raise EditError(f"{name} is not written as a table with a header [[{name}]]; edit by hand")
    return start, min((line for _, line in _headers(text) if line > start), default=after)


def _headers(text: str) -> list[tuple[TablePath, int]]:
    """Return the paths of all tables with a header of their own, and their lines from 0."""
    found: list[tuple[TablePath, int]] = []
    numbers: dict[tuple[str, ...], int] = {}
    for key, number, line in header_lines(text):
        numbers[key] = number
        path: TablePath = ()
        for length in range(1, len(key) + 1):
            inner = (numbers[key[:length]],) if key[:length] in numbers else ()
            path = (*path, key[length - 1], *inner)
        found.append((path, line - 1))
    rows = text.split("\n")
    for where, (line, column) in positions(text).items():
        # A key never begins with a bracket, so this is the header of a single table.
        if isinstance(where[-1], str) and rows[line - 1][column - 1 : column] == "[":
            found.append((where, line - 1))
    return found


def _without_tail(lines: list[str], start: int, end: int) -> int:
    """Leave out the blank lines and comments below the last key: they belong to what follows."""
    whole = _read("\n".join(lines[start:end]))
    kept = end
    while kept > start + 1 and lines[kept - 1].strip()[:1] in {"", "#"}:
        try:
            if _read("\n".join(lines[start : kept - 1])) != whole:
                break
        except tomllib.TOMLDecodeError:  # what looks like a comment is the end of a long text
            break
        kept -= 1
    return kept
