"""
Change keys of some tables of a TOML text, and not a byte elsewhere.

A key that is there goes through tomlkit with its own lines only, so that the comment beside it
stays; a key that is not is added below the last one. All other lines are kept as they are. Where
that does not do, since a table is inline or stands under several headers, tomlkit changes the
document as a whole. What comes out is read once more before it is handed back, so that nothing but
the keys can have changed.
"""

import copy
import tomllib
from collections.abc import Iterator, Mapping, MutableMapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

import attrs
import tomlkit
from tomlkit.exceptions import TOMLKitError

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
        EditError: Neither way leads to a text that says just that.
    """
    plain = text.replace("\r\n", "\n")
    wanted = _read(plain)
    for path, keys in changes.items():
        _table_at(wanted, path).update(copy.deepcopy(dict(keys)))
    for way in (_by_lines, _by_tomlkit):
        after = way(plain, changes)
        if after is not None and _says(after, wanted):
            return after.replace("\n", "\r\n") if "\r\n" in text else after
    raise EditError("the file would not say what it is to say; edit it by hand")


def _by_lines(text: str, changes: Mapping[TablePath, Keys]) -> str | None:
    """Change the sections of the tables; None if one has no header of its own."""
    layout = _layout(text)
    parts = [part for path, keys in changes.items() for part in _parts(path, keys, layout)]
    if any(part.path not in layout.sections for part in parts):
        return None
    lines = text.split("\n")
    # From the bottom up, so that the lines above stay where they are.
    for part in sorted(parts, key=lambda part: layout.sections[part.path], reverse=True):
        _change(lines, part, layout)
    return "\n".join(lines)


def _parts(path: TablePath, keys: Keys, layout: "_Layout") -> Iterator["_Part"]:
    """Part what stands under the header of a table from what stands under one of its own."""
    own = {key for key in keys if (*path, key) in layout.sections}
    yield _Part(path, {key: value for key, value in keys.items() if key not in own})
    for key in own:
        yield _Part((*path, key), keys[key], is_all=True)


@attrs.frozen
class _Part:
    """
    What changes in one section.

    Args:
        is_all: Whether other keys are to be taken out of it.
    """

    path: TablePath
    keys: Keys
    is_all: bool = False


@attrs.frozen
class _Layout:
    """
    Where the tables of a text stand; lines count from 0.

    Args:
        sections: The first line of each table with a header, and the line after its last.
        keys: The lines on which the keys of each table begin.
    """

    sections: Mapping[TablePath, tuple[int, int]]
    keys: Mapping[TablePath, Mapping[str, int]]


def _layout(text: str) -> _Layout:
    found = positions(text)
    headers = _headers(text, found)
    starts = sorted({line for _, line in headers})
    ends = dict(zip(starts, [*starts[1:], text.count("\n") + 1], strict=False))
    keys: dict[TablePath, dict[str, int]] = {}
    for where, (line, _) in found.items():
        if isinstance(where[-1], str):
            keys.setdefault(where[:-1], {})[where[-1]] = line - 1
    return _Layout({path: (line, ends[line]) for path, line in reversed(headers)}, keys)


def _by_tomlkit(text: str, changes: Mapping[TablePath, Keys]) -> str | None:
    """Change the document as a whole; None where tomlkit would not give it back as it is."""
    try:
        document = tomlkit.parse(text)
        if tomlkit.dumps(document) != text:
            return None
        for path, keys in changes.items():
            table = _table_at(document, path)
            for key, value in keys.items():
                _put(table, key, value)
        return tomlkit.dumps(document)
    except TOMLKitError:
        return None


def _put(table: Any, key: str, value: object) -> None:  # noqa: ANN401 - of tomlkit
    """Set a key; a table that is there already is changed where it stands."""
    held = table.get(key)
    if not isinstance(held, MutableMapping) or not isinstance(value, Mapping):
        table[key] = tomlkit.parse(_written(key, value))[key]
        return
    for name in [name for name in held if name not in value]:
        del held[name]
    for name, item in value.items():
        if name not in held or held[name] != item:
            _put(held, name, item)


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


def _change(lines: list[str], part: _Part, layout: _Layout) -> None:
    start, end = layout.sections[part.path]
    end = _without_tail(lines, start, end)
    held = layout.keys.get(part.path, {})
    first = {key: line for key, line in held.items() if start < line < end}
    lines[end:end] = [_written(key, value) for key, value in part.keys.items() if key not in first]
    for key in sorted(first, key=first.__getitem__, reverse=True):
        here = first[key]
        after = min((line for line in first.values() if line > here), default=end)
        if key in part.keys:
            lines[here:after] = _replaced(lines[here:after], key, part.keys[key])
        elif part.is_all:
            del lines[here : _without_tail(lines, here, after)]


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


def _headers(text: str, known: Mapping[TablePath, tuple[int, int]]) -> list[tuple[TablePath, int]]:
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
    for where, (line, column) in known.items():
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
