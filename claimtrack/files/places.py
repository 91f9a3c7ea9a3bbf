"""
Where each record of a registry stands.

A load remembers only in which file and at which position each record stood. The line and column
of a key are looked up when a problem is told, by reading that file again.
"""

import json
import re
from array import array
from bisect import bisect_right
from collections.abc import Mapping
from typing import Any, TypeAlias

from claimtrack.errors import FieldError, LoadError, Location, Problem
from claimtrack.files.contents import File, read_bytes, read_text
from claimtrack.model.fields import shown

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
            self._numbers = {id_: number for number, id_ in enumerate(self._records)}
        number = self._numbers.get(id)
        if number is None:
            return None
        file = self._files[bisect_right(self._starts, number) - 1]
        return file, self._positions[number]


class Places:
    """
    The places of the records of one load.

    Args:
        records: By kind and id; they may still be growing.
    """

    def __init__(self, records: Mapping[str, Mapping[str, object]]) -> None:
        self._origins = {kind: Origins(kept) for kind, kept in records.items()}
        self._read: dict[str, Mapping[Any, tuple[int, int]]] = {}
        self._files: dict[str, File] = {}
        self._texts: dict[str, str] = {}
        self._lines: dict[str, list[bytes]] = {}  # of the file that was asked for last
        self.respelled: tuple[tuple[str, str, tuple[str | int, ...]], ...] = ()
        """Kind, id and path of each id and name that stands in a file in no normal form."""

    def keep(self, file: File) -> None:
        """Take a *file* that is read again where a problem in it has to be placed."""
        self._files[file.name] = file

    def know(self, file: str, text: str) -> None:
        """Take the *text* of a file whose problems may have to be placed before it is forgotten."""
        self._texts = {file: text}

    def begin(self, file: str) -> dict[str, "array[int]"]:
        """Say that what is kept from now on stands in *file*; return where positions are added."""
        return {kind: origins.begin(file) for kind, origins in self._origins.items()}

    def of(self, kind: str, id: str, path: tuple[str | int, ...] = ()) -> Location | None:  # noqa: A002
        """Return the place of a key of a record, or of the nearest key above it that has one."""
        origin = self._origin(kind, id)
        return None if origin is None else self.at(kind, origin, path)

    def file_of(self, kind: str, id: str) -> str | None:  # noqa: A002
        """Return the name of the file that holds a record."""
        origin = self._origin(kind, id)
        return None if origin is None else origin[0]

    def _origin(self, kind: str, id: str) -> Origin | None:  # noqa: A002
        return self._origins[kind].of(id) if kind in self._origins else None

    def at(self, kind: str, origin: Origin, path: tuple[str | int, ...] = ()) -> Location:
        """Return the place of a key of the record that stands at *origin*."""
        file, position = origin
        if not file.endswith(".toml"):
            return Location(file, position, self._column(file, position, path))
        places = self._toml(file)
        whole: tuple[str | int, ...] = (
            (kind, *path) if kind == "registry" else (kind, position, *path)
        )
        for length in range(len(whole), 0, -1):
            if whole[:length] in places:
                return Location(file, *places[whole[:length]])
        return Location(file, 1)

    def _toml(self, file: str) -> Mapping[Any, tuple[int, int]]:
        from claimtrack.files.positions import positions  # noqa: PLC0415 - only TOML needs it

        if file not in self._read:
            try:
                text = self._texts[file] if file in self._texts else read_text(self._files[file])
                self._read[file] = positions(text)
            except (ValueError, KeyError):  # it has changed since; the file alone must do
                self._read[file] = {}
        return self._read[file]

    def _column(self, file: str, line: int, path: tuple[str | int, ...]) -> int:
        keys = [key for key in path if isinstance(key, str)]
        text = self._line(file, line) if keys else ""
        start = 0
        for key in keys:
            found = _as_key(key).search(text, start)
            if found is None:
                break
            start = found.start()
        return start + 1

    def _line(self, file: str, line: int) -> str:
        """Return one line of a file, or nothing if it cannot be read."""
        if file not in self._lines:
            self._lines = {file: self._all_lines(file)}
        lines = self._lines[file]
        return lines[line - 1].decode(errors="replace") if line <= len(lines) else ""

    def _all_lines(self, file: str) -> list[bytes]:
        try:
            text = self._texts.get(file)
            if text is None:
                return read_bytes(self._files[file]).split(b"\n")
        except (LoadError, KeyError):  # too large to keep, or not there; the line alone must do
            return []
        return text.encode(errors="replace").split(b"\n")


def _as_key(key: str) -> re.Pattern[str]:
    """Return an expression for *key* as it may stand in JSON, before its colon."""
    plain, escaped = json.dumps(key, ensure_ascii=False), json.dumps(key)
    return re.compile(rf"(?:{re.escape(plain)}|{re.escape(escaped)})\s*:")


def problem_at(kind: str, id: object, error: FieldError, location: Location | None) -> Problem:  # noqa: A002
    """Tell of *error* in the record *id* of *kind* at *location*."""
    parts = [kind]
    if isinstance(id, str):
        parts.append(shown(id))
    if error.path:
        parts.append(error.subject)
    message = f"{' '.join(parts)} {error.message}"
    return Problem(code=error.code, message=message, location=location, hint=error.hint)
