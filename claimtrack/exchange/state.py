"""What the last import of a sheet said: ``import.state.jsonl``, one line for each row's key."""

import json
import os
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

import attrs

from claimtrack.errors import LoadError, Location, Problem
from claimtrack.files.folder import LIMITS, File, open_regular, read_bytes
from claimtrack.files.records import fields_by_key
from claimtrack.files.write import json_line
from claimtrack.model.registry import KINDS

_FORM: Final = 1


@attrs.define
class KnownRecord:
    """
    A record as the last import left it.

    Args:
        table: Its keys as the sheet gave them.
        is_past: For ratings: whether the sheet has since given a later one in its place.
    """

    kind: str
    table: dict[str, Any]
    is_past: bool = False


@attrs.define
class KnownEntry:
    """What the rows of one key said, and the records made of that; the first is the main one."""

    key: str
    records: list[KnownRecord]
    cells: list[dict[str, str]]


@attrs.define
class State:
    """
    What was imported so far.

    Args:
        names: The ids of speakers and sources by kind and by what the sheet calls them.
        entries: By key.
    """

    names: dict[tuple[str, str], str] = attrs.Factory(dict)
    entries: dict[str, KnownEntry] = attrs.Factory(dict)

    def ids(self) -> dict[str, str]:
        """Return the ids of claims or evidence by key."""
        return {key: str(one.records[0].table["id"]) for key, one in self.entries.items()}


def state_text(state: State) -> str:
    """Return *state* as JSON lines, in an order that does not change from run to run."""
    return "".join(map(json_line, _lines(state)))


def _lines(state: State) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "import", {"form": _FORM}
    for (kind, text), id_ in sorted(state.names.items()):
        yield "name", {"of": kind, "text": text, "id": id_}
    for entry in state.entries.values():
        records = [
            {"type": one.kind, **one.table} | ({"is_past": True} if one.is_past else {})
            for one in entry.records
        ]
        yield "row", {"key": entry.key, "cells": entry.cells, "records": records}


def saved_state(file: Path) -> tuple[State, bytes | None]:
    """
    Return the state in *file* and its bytes; an empty one, and None, if there is no such file.

    Raises:
        LoadError: It is none (CT374), or cannot be read (CT001, CT002, CT003).
    """
    if not os.path.lexists(file):
        return State(), None
    content = read_bytes(File(str(file), lambda: open_regular(str(file))), LIMITS.text_bytes)
    state = State()
    for number, line in enumerate(content.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            _read_line(state, json.loads(line.decode(), parse_float=Decimal))
        except _MISREAD:
            message = "this is no line of the state of an import; restore the file from git"
            problem = Problem(code="CT374", message=message, location=Location(str(file), number))
            raise LoadError((problem,)) from None
    return state, content


_MISREAD: Final = (
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    InvalidOperation,
    RecursionError,
)


def _read_line(state: State, table: dict[str, Any]) -> None:
    kind = table["type"]
    if kind == "import" and table["form"] == _FORM:
        return
    if kind == "name":
        of, text, id_ = _texts(table[key] for key in ("of", "text", "id"))
        if of not in KINDS:
            raise ValueError(of)
        state.names[of, text] = id_
        return
    if kind != "row":
        raise ValueError(kind)
    (key,) = _texts([table["key"]])
    for cells in table["cells"]:
        _texts([*cells.keys(), *cells.values()])
    records = [
        KnownRecord(
            one["type"],
            {key: value for key, value in one.items() if key not in {"type", "is_past"}},
            bool(one.get("is_past")),
        )
        for one in table["records"]
    ]
    for one in records:
        cls: Any = KINDS[one.kind]
        _texts([one.table["id"], *(one.table[name] for name in _NAMES if name in one.table)])
        if any(name not in fields_by_key(cls) for name in one.table):
            raise ValueError(kind)
    state.entries[key] = KnownEntry(key, [records[0], *records[1:]], [*table["cells"]])


_NAMES: Final = ("by", "claim", "fact", "rating", "scale", "source", "speaker")
"""Keys of records that are looked up, and are texts in all of them."""


def _texts(values: Iterable[object]) -> list[str]:
    """
    Return *values*, which are texts.

    Raises:
        TypeError: One is none.
    """
    found: list[str] = []
    for value in values:
        if not isinstance(value, str):
            raise TypeError(value)
        found.append(value)
    return found
