"""
Change keys of some tables of a TOML text, and not a byte elsewhere.

A scanner says where each value stands. A key that is there gets another value in its place, so
that whatever stands around it stays as it is, also its comment; a key that is not there is added
after the last one of its table, on a line of its own or within the braces. What comes out is read
once more before it is handed back, so that nothing but the keys can have changed.

The text is looked at with line feeds alone; the changes are then made in the text as it was given,
so that each of its lines keeps its own line end.
"""

import copy
import tomllib
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

from claimtrack.errors import ClaimTrackError
from claimtrack.files.positions import Layout, layout_of
from claimtrack.files.toml_writer import SpanText, write_document
from claimtrack.model.fields import identifier

TablePath: TypeAlias = tuple[str | int, ...]
"""Where a table stands: ``("claim", 3)`` or ``("claim", 3, "reading", 0)``."""

Keys: TypeAlias = Mapping[str, Any]
"""The keys to set; a mapping becomes an inline table, and None takes a key out."""


class EditError(ClaimTrackError, ValueError):
    """Say that a file is written in a way that cannot be changed safely."""


class _Change(NamedTuple):
    """Put *text* in place of what stands between two offsets."""

    start: int
    end: int
    text: str


def with_keys(text: str, changes: Mapping[TablePath, Keys]) -> str:
    """
    Return the TOML *text* with keys of some of its tables set.

    Raises:
        EditError: There is no way that leads to a text that says just that.
    """
    plain = text.replace("\r\n", "\n")
    wanted = _read(plain)
    for path, keys in changes.items():
        table = _table_at(wanted, path)
        table.update(copy.deepcopy(dict(keys)))
        for key in [key for key, value in keys.items() if value is None]:
            del table[key]
    edit = _Edit(text, plain)
    found = [one for path, keys in changes.items() for one in edit.table(path, keys)]
    after = edit.made(found)
    if not _says(after, wanted):
        raise EditError("the file would not say what it is to say; edit it by hand")
    return after


def with_table_below(text: str, record: tuple[str, str], name: str, table: Keys) -> str:
    """
    Return the TOML *text* with one more table in a list of tables of one of its records.

    It is written under a header of its own, below all that the text says of the record.

    Args:
        text: The whole text.
        record: The kind and the id of the record.
        name: The key of the list.
        table: The table.

    Raises:
        EditError: There is no way that leads to a text that says just that.
    """
    plain = text.replace("\r\n", "\n")
    wanted = _read(plain)
    kind, id_ = record
    records = wanted.get(kind, [])
    number = next((n for n, one in enumerate(records) if identifier(one["id"]) == id_), None)
    if number is None:
        raise EditError(f"{kind} {id_!r} has gone from its file since it was loaded")
    whole = write_document([(kind, {name: [table]})], nested=(name,))
    block = whole.partition("\n\n")[2]  # without the header of the record
    records[number].setdefault(name, []).append(_read(whole)[kind][0][name][0])
    edit = _Edit(text, plain)
    after = edit.made([edit.below((kind, number), block)])
    if not _says(after.replace("\r\n", "\n"), wanted):
        raise EditError("the file would not say what it is to say; edit it by hand")
    return after


def without_tables(text: str, paths: Collection[TablePath]) -> str:
    """
    Return the TOML *text* without some elements of lists of tables, each with its own header.

    Comments above a header and after the last value of a table stay.

    Args:
        text: The whole text.
        paths: Those of the elements, such as ``("claim", 3)``.

    Raises:
        EditError: One of them has no header of its own.
    """
    plain = text.replace("\r\n", "\n")
    wanted = _read(plain)
    edit = _Edit(text, plain)
    after = edit.made([edit.without(path) for path in paths])
    for kind in {str(path[0]) for path in paths}:
        gone = {path[1] for path in paths if path[0] == kind}
        left = [one for number, one in enumerate(wanted[kind]) if number not in gone]
        wanted |= {kind: left}
        if not left:
            del wanted[kind]
    if not _says(after.replace("\r\n", "\n"), wanted):
        raise EditError("the file would not say what it is to say; edit it by hand")
    return after


class _Edit:
    """
    The changes of one text.

    Args:
        text: As it was given.
        plain: With line feeds alone; all offsets are of this one.
    """

    def __init__(self, text: str, plain: str) -> None:
        self.text = text
        self.plain = plain
        self.layout: Layout = layout_of(plain)
        # The offsets of the line feeds that have a carriage return before them.
        self.returns = _returns(text)

    def made(self, changes: list[_Change]) -> str:
        """Return the text with *changes* made."""
        parts, at = [], 0
        for one in sorted(changes, key=lambda one: one[:2]):
            start, end = self._given(one.start), self._given(one.end)
            parts += [self.text[at:start], one.text]
            at = max(at, end)
        return "".join((*parts, self.text[at:]))

    def _given(self, offset: int) -> int:
        """Return the offset in the text as it was given."""
        return offset + bisect_left(self.returns, offset)

    def table(self, path: TablePath, keys: Keys, *, is_all: bool = False) -> Iterator[_Change]:
        """
        Iterate over the changes that set *keys* of a table.

        Args:
            path: That of the table.
            keys: What to set.
            is_all: Whether all other keys are to go.
        """
        extents = self.layout.extents
        owner = self._owner(path)
        # Those of the table itself, and not of another one with dotted keys under the same header.
        own = [one for one in self.layout.entries[owner] if one[: len(path)] == path]
        there = {one[len(path)] for one in own}
        missing = {}
        for name, value in keys.items():
            child = (*path, name)
            if value is None:
                yield from self._taken_out(child, owner, is_there=name in there)
            elif child in extents:
                yield _Change(extents[child].start, extents[child].end, _written(value))
            elif (name in there or child in self.layout.headers) and isinstance(value, Mapping):
                yield from self.table(child, value, is_all=True)
            else:
                missing[name] = value
        if missing:
            removed = {name for name, value in keys.items() if value is None}
            kept = [
                one
                for one in own
                if one[len(path)] not in removed and (not is_all or one[len(path)] in keys)
            ]
            others = [one for one in self.layout.entries[owner] if one not in own]
            yield self._added(path, owner, kept or others, missing)
        if is_all:
            for entry in own:
                if entry[len(path)] not in keys:
                    yield self._removed(entry, owner)

    def _taken_out(
        self, child: TablePath, owner: TablePath, *, is_there: bool
    ) -> Iterator[_Change]:
        """Iterate over the one change that takes a key out, if there is such a key."""
        if child in self.layout.extents:
            yield self._removed(child, owner)
        elif is_there or child in self.layout.headers:
            raise EditError(f"{child[-1]!r} cannot be taken out; edit it by hand")

    def without(self, path: TablePath) -> _Change:
        """Return the change that takes a whole table out, with the blank lines after it."""
        if path not in self.layout.headers:
            raise EditError("a record without a header of its own cannot be taken out")
        start = self.plain.rfind("\n", 0, self.layout.headers[path]) + 1
        end = min(self._line_end(self._ends[path]) + 1, len(self.plain))
        while self.plain[end : self._line_end(end)].strip() == "" and end < len(self.plain):
            end = min(self._line_end(end) + 1, len(self.plain))
        return _Change(start, end, "")

    def below(self, path: TablePath, block: str) -> _Change:
        """Return the change that puts the lines of *block* below a whole table."""
        if path not in self.layout.headers:
            raise EditError("nothing can be put below a record without a header of its own")
        at = self._line_end(self._ends[path])
        newline = self._newline(at)
        lines = block.removesuffix("\n").replace("\n", newline)
        return _Change(at, at, f"{newline}{newline}{lines}")

    @cached_property
    def _ends(self) -> dict[TablePath, int]:
        """Where each element of a list of tables ends, with the tables below it."""
        ends: dict[TablePath, int] = {}
        for key, end in self.layout.headers.items():
            ends[key[:2]] = max(ends.get(key[:2], 0), end)
        for key, extent in self.layout.extents.items():
            ends[key[:2]] = max(ends.get(key[:2], 0), extent.end)
        return ends

    def _owner(self, path: TablePath) -> TablePath:
        """Return the table whose header or braces the keys of a table stand under."""
        while path not in self.layout.headers and not self._is_inline(path):
            path = path[:-1]
        return path

    def _is_inline(self, path: TablePath) -> bool:
        extent = self.layout.extents.get(path)
        return extent is not None and self.plain.startswith("{", extent.start)

    def _added(
        self, path: TablePath, owner: TablePath, own: list[TablePath], keys: Keys
    ) -> _Change:
        """Return the change that adds keys after the last of *own*, or after the header."""
        prefix = "".join(f"{_key(str(part))}." for part in path[len(owner) :])
        added = [f"{prefix}{_key(key)} = {_written(value)}" for key, value in keys.items()]
        extents = self.layout.extents
        if self._is_inline(owner):
            if own:
                at = extents[own[-1]].end
                return _Change(at, at, "".join(f", {one}" for one in added))
            braces = extents[owner]
            return _Change(braces.start, braces.end, f"{{ {', '.join(added)} }}")
        last = extents[own[-1]].end if own else self.layout.headers[owner]
        first = extents[own[-1]].key if own else last
        margin = self._margin(first)
        at = self._line_end(last)
        newline = self._newline(at)
        return _Change(at, at, "".join(f"{newline}{margin}{one}" for one in added))

    def _removed(self, entry: TablePath, owner: TablePath) -> _Change:
        """Return the change that takes a key out; the comment beside it stays."""
        extent = self.layout.extents[entry]
        if self._is_inline(owner):
            entries = self.layout.entries[owner]
            place = entries.index(entry)
            if place:
                return _Change(self.layout.extents[entries[place - 1]].end, extent.end, "")
            after = entries[1:2]
            end = self.layout.extents[after[0]].key if after else extent.end
            return _Change(extent.key, end, "")
        line_end = self._line_end(extent.end)
        comment = self.plain.find("#", extent.end, line_end)
        if comment >= 0:
            return _Change(extent.key, comment, "")
        start = self.plain.rfind("\n", 0, extent.key) + 1
        return _Change(start, min(line_end + 1, len(self.plain)), "")

    def _margin(self, offset: int) -> str:
        """Return the white space at the beginning of a line."""
        line = self.plain[self.plain.rfind("\n", 0, offset) + 1 : self._line_end(offset)]
        return line[: len(line) - len(line.lstrip(" \t"))]

    def _line_end(self, offset: int) -> int:
        end = self.plain.find("\n", offset)
        return len(self.plain) if end < 0 else end

    def _newline(self, offset: int) -> str:
        """Return the line end at *offset*; at the end of the text, that of the line before."""
        if offset == len(self.plain):
            offset = self.plain.rfind("\n")
        place = bisect_left(self.returns, offset)
        return "\r\n" if self.returns[place : place + 1] == [offset] else "\n"


def _returns(text: str) -> list[int]:
    found: list[int] = []
    at = text.find("\r\n")
    while at >= 0:
        found.append(at - len(found))
        at = text.find("\r\n", at + 2)
    return found


def _read(text: str) -> dict[str, Any]:
    return tomllib.loads(text, parse_float=Decimal)


def _table_at(document: Any, path: TablePath) -> Any:  # noqa: ANN401 - a table
    for key in path:
        document = document[key]
    return document


def _says(text: str, wanted: dict[str, Any]) -> bool:
    try:
        return _read(text) == wanted
    except tomllib.TOMLDecodeError:
        return False


def _written(value: object) -> str:
    """Return a value as every file of a registry is written."""
    return _line("k", value).removeprefix("k = ")


def _key(key: str) -> str:
    return _line(key, 0).removesuffix(" = 0")


def _line(key: str, value: object) -> str:
    return write_document([("table", {key: _plain(value)})]).split("\n")[1]


def _plain(value: object) -> object:
    if isinstance(value, date):
        return SpanText(value.isoformat())
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value
