"""
Where each record of a registry stands.

A load remembers only in which file and at which position each record stood. The line and column
of a key are looked up when a problem is told, by reading that file again.
"""

import json
import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final, TypeAlias

from claimtrack.errors import FieldError, LoadError, Location, Problem
from claimtrack.files.folder import File, read_bytes, read_text
from claimtrack.model.fields import shown

if TYPE_CHECKING:
    from claimtrack.files import positions
    from claimtrack.files.positions import Lines


Path: TypeAlias = tuple[str | int, ...]
"""Keys and indexes that lead from a record to a value."""

MAX_REREAD: Final = 256 << 20
"""Bytes of files kept to look up columns in; a larger file of JSON lines has column 1 alone."""

MAX_KEYS: Final = 100_000
"""Keys of a line that are placed; further ones stand where their line begins."""

Origin: TypeAlias = tuple[str, int]
"""The name of a file, and the index of a TOML table among its kind or the number of a line."""


class Origins:
    """
    The origins of the records of one kind, in the order in which they were kept.

    A number for each record and a name for each file: with a hundred thousand claims in a file,
    anything more for each of them is felt.
    """

    def __init__(self, records: Mapping[str, object]) -> None:
        self._records = records
        self._positions = array("q")
        self._starts: list[int] = []
        self._files: list[str] = []
        self._numbers: dict[str, int] = {}

    def begin(self, file: str) -> "array[int]":
        """Say that what is kept from now on stands in *file*; return where positions are added."""
        self._starts.append(len(self._positions))
        self._files.append(file)
        return self._positions

    def of(self, id: str) -> Origin | None:  # noqa: A002
        """Return the origin of the record of that id, or None if there is none."""
        if len(self._numbers) != len(self._records):
            self._numbers = _numbers_of(self._records)
        number = self._numbers.get(id)
        if number is None:
            return None
        file = self._files[bisect_right(self._starts, number) - 1]
        return file, self._positions[number]


def _numbers_of(records: Iterable[str]) -> dict[str, int]:
    return {id_: number for number, id_ in enumerate(records)}


class Locations:
    """
    The locations of the records of one load.

    Args:
        records: By kind and id; they may still be growing.
    """

    def __init__(self, records: Mapping[str, Mapping[str, object]]) -> None:
        self._origins = {kind: Origins(kept) for kind, kept in records.items()}
        # Of the files that were asked for, up to `MAX_REREAD` in all.
        self._toml: dict[str, positions.Positions | None] = {}
        self._lines: dict[str, Lines[bytes] | None] = {}
        self._kept = 0
        self._files: dict[str, File] = {}
        self._texts: dict[str, str] = {}
        self.settings_file: str | None = None
        """The name of the file that holds the settings, which what they exclude is relative to."""
        self.respelled: tuple[tuple[str, str, tuple[str | int, ...]], ...] = ()
        """Kind, id and path of each id and name that stands in a file in no normal form."""
        self._keys: tuple[tuple[str, int], Mapping[Path, int]] = (("", 0), {})  # of the last line

    def keep(self, file: File) -> None:
        """Take a *file* that is read again where a problem in it has to be placed."""
        self._files[file.name] = file

    def know(self, file: str, text: str) -> None:
        """Take the *text* of a file whose problems may have to be placed before it is forgotten."""
        self._texts = {file: text}

    def begin(self, file: str) -> dict[str, "array[int]"]:
        """Say that what is kept from now on stands in *file*; return where positions are added."""
        return {kind: origins.begin(file) for kind, origins in self._origins.items()}

    def of(self, kind: str, id: str, path: Path = ()) -> Location | None:  # noqa: A002
        """Return the place of a key of a record, or of the nearest key above it that has one."""
        origin = self._origin(kind, id)
        return None if origin is None else self.at(kind, origin, path)

    def file_of(self, kind: str, id: str) -> str | None:  # noqa: A002
        """Return the name of the file that holds a record."""
        origin = self._origin(kind, id)
        return None if origin is None else origin[0]

    def _origin(self, kind: str, id: str) -> Origin | None:  # noqa: A002
        return self._origins[kind].of(id) if kind in self._origins else None

    def at(self, kind: str, origin: Origin, path: Path = ()) -> Location:
        """Return the place of a key of the record that stands at *origin*."""
        file, position = origin
        if not file.endswith(".toml"):
            return Location(file, position, self._column(file, position, path))
        found = self._toml_positions(file)
        start: Path = (kind,) if kind == "registry" else (kind, position)
        place = None if found is None else found.nearest((*start, *path))
        return Location(file, 1) if place is None else Location(file, *place)

    def _toml_positions(self, file: str) -> "positions.Positions | None":
        from claimtrack.files import positions  # noqa: PLC0415 - only TOML needs it

        if file not in self._toml:
            try:
                text = self._texts[file] if file in self._texts else read_text(self._files[file])
                self._make_room(len(text))
                self._toml[file] = positions.Positions(text)
            except (ValueError, KeyError):  # it has changed since; the file alone must do
                self._toml[file] = None
        return self._toml[file]

    def _make_room(self, size: int) -> None:
        """Forget the files that were read again, if they are too large to be kept with one more."""
        self._kept += size
        if self._kept > MAX_REREAD:
            self._toml.clear()
            self._lines.clear()
            self._kept = size

    def _column(self, file: str, line: int, path: Path) -> int:
        if not path:
            return 1
        if self._keys[0] != (file, line):
            self._keys = (file, line), keys_of(self._line(file, line))
        found = self._keys[1]
        lengths = range(len(path), 0, -1)
        return next((found[path[:length]] + 1 for length in lengths if path[:length] in found), 1)

    def _line(self, file: str, line: int) -> str:
        """Return one line of a file, or nothing if it cannot be read."""
        from claimtrack.files.positions import Lines  # noqa: PLC0415 - only problems need it

        if file not in self._lines:
            content = self._content(file)
            self._make_room(0 if content is None else len(content))
            self._lines[file] = None if content is None else Lines(content, b"\n")
        lines = self._lines[file]
        return "" if lines is None else lines.line(line).decode(errors="replace")

    def _content(self, file: str) -> bytes | None:
        if file in self._texts:
            return self._texts[file].encode(errors="replace")
        try:
            return read_bytes(self._files[file], MAX_REREAD)
        except (LoadError, KeyError):  # too large to keep, or not there; the line alone must do
            return None


_TOKEN: Final = re.compile(r'("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|([\[{])|([\]}])|(,)')


def keys_of(line: str) -> dict[Path, int]:
    """
    Return the offset of each key of the object on a line of JSON.

    The paths are those of errors: keys, and the indexes of lists that lie between. Of very many
    keys the first are returned; a line that is not JSON gives some of what seem to be keys.
    """
    found: dict[Path, int] = {}
    above: list[Path] = []
    here: Path = ()  # the path of the value that is walked over
    for token in _TOKEN.finditer(line):
        text, colon, opening, closing, comma = token.groups()
        if opening:
            above.append(here)
            here = (*here, 0) if opening == "[" else here
        elif closing:
            here = above.pop() if above else ()
        elif colon and above:
            here = (*above[-1], _key_text(text))
            found.setdefault(here, token.start())
            if len(found) >= MAX_KEYS:
                break
        elif comma and above and len(here) > len(above[-1]) and isinstance(here[-1], int):
            here = (*here[:-1], here[-1] + 1)
    return found


def _key_text(text: str) -> str:
    try:
        key: str = json.loads(text)
    except ValueError:
        return text[1:-1]
    return key


def problem_at(kind: str, id: object, error: FieldError, location: Location | None) -> Problem:  # noqa: A002
    """Tell of *error* in the record *id* of *kind* at *location*."""
    parts = [kind]
    if isinstance(id, str):
        parts.append(shown(id))
    if error.path:
        parts.append(error.subject)
    message = f"{' '.join(parts)} {error.message}"
    return Problem(code=error.code, message=message, location=location, hint=error.hint)
