"""Set keys of several records of a file, add records and take some out, and keep all else."""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs

from claimtrack.edit.change import BOM, FileChange, line_end_of, text_of
from claimtrack.edit.toml import EditError, TablePath, with_keys, without_tables
from claimtrack.files.jsonl import careful_table
from claimtrack.files.records import fields_by_key
from claimtrack.files.toml_writer import write_document
from claimtrack.files.write import json_line
from claimtrack.model.fields import identifier
from claimtrack.model.registry import KINDS


@attrs.define
class RecordEdits:
    """
    What is to be done to one file.

    Args:
        keys: By kind and id of a record, the keys to set; None takes a key out.
        added: The kinds and the tables of records to put below all that the file holds.
        removed: The kinds and ids of records to take out.
    """

    keys: dict[tuple[str, str], dict[str, Any]] = attrs.Factory(dict)
    added: list[tuple[str, Mapping[str, Any]]] = attrs.Factory(list)
    removed: set[tuple[str, str]] = attrs.Factory(set)


def edited(path: Path, edits: RecordEdits) -> FileChange:
    """
    Return the file *path* with *edits* made; it need not be there if records are only added.

    Raises:
        EditError: It is written in a way that cannot be changed safely.
        OSError: It cannot be read.
    """
    content = path.read_bytes() if path.exists() else None
    before = "" if content is None else text_of(path, content)
    after = _toml(before, edits) if path.name.endswith(".toml") else _lines(before, edits)
    return FileChange(path, content, before, after)


def _toml(before: str, edits: RecordEdits) -> str:
    mark = BOM if before.startswith(BOM) else ""
    text = before.removeprefix(BOM)
    if edits.keys:
        numbers = _numbers(text)
        changes = {_path(numbers, one): _as_read(keys) for one, keys in edits.keys.items()}
        text = with_keys(text, changes)
    if edits.removed:
        numbers = _numbers(text)
        text = without_tables(text, [_path(numbers, one) for one in sorted(edits.removed)])
    if edits.added:
        newline = line_end_of(text)
        gap = "" if not text or text.endswith("\n") else newline
        gap += newline if text.strip() else ""
        text += gap + write_document(edits.added, nested=()).replace("\n", newline)
        _refuse_torn(text)
    return mark + text


def _as_read(keys: Mapping[str, Any]) -> dict[str, Any]:
    """Return *keys* with their values as TOML reads them: days in place of their texts."""
    values = {key: value for key, value in keys.items() if value is not None}
    text = write_document([("record", values)], nested=())
    read = tomllib.loads(text, parse_float=Decimal)["record"][0]
    return {**dict.fromkeys(keys), **read}


def _refuse_torn(text: str) -> None:
    try:
        tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        message = "records cannot be put below what the file holds; edit it by hand"
        raise EditError(message) from error


def _numbers(text: str) -> dict[tuple[str, str], int]:
    document = tomllib.loads(text.replace("\r\n", "\n"))
    return {
        (kind, identifier(table["id"])): number
        for kind, tables in document.items()
        if kind in KINDS
        for number, table in enumerate(tables)
    }


def _path(numbers: Mapping[tuple[str, str], int], one: tuple[str, str]) -> TablePath:
    if one not in numbers:
        raise EditError(f"{one[0]} {one[1]!r} has gone from its file since it was loaded")
    return one[0], numbers[one]


def _lines(before: str, edits: RecordEdits) -> str:
    lines, left = [], {*edits.keys, *edits.removed}
    # At line feeds and nowhere else: a quote may hold other characters that end a line.
    for line in before.split("\n") if left else [before]:
        table = careful_table(line.removeprefix(BOM)) if left else None
        one = _named(table)
        if one is None or one not in left:
            lines.append(line)
            continue
        left.discard(one)
        if one in edits.removed:
            continue
        assert isinstance(table, dict)  # noqa: S101 - it has a name
        mark = BOM if line.startswith(BOM) else ""
        end = line[len(line.rstrip(" \t\r")) :]
        lines.append(f"{mark}{_edited_line(table, edits.keys[one])}{end}")
    if left:
        kind, id_ = min(left)
        raise EditError(f"{kind} {id_!r} has gone from its file since it was loaded")
    text = "\n".join(lines)
    newline = line_end_of(text)
    gap = newline if edits.added and text and not text.endswith("\n") else ""
    return text + gap + "".join(json_line(one).replace("\n", newline) for one in edits.added)  # type: ignore[arg-type]


def _named(table: object) -> tuple[str, str] | None:
    if not isinstance(table, dict) or not isinstance(table.get("id"), str):
        return None
    return str(table.get("type")), identifier(table["id"])


def _edited_line(table: dict[str, Any], keys: Mapping[str, Any]) -> str:
    kind = table.pop("type")
    changed = {**table, **keys}
    cls: Any = KINDS[kind]
    order = [key for key in fields_by_key(cls) if key in changed]
    return json_line((kind, {key: changed[key] for key in order if changed[key] is not None}))[:-1]
