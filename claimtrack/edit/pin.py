"""Take a copy of a source's page into a registry: its bytes, and its digest in the source."""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from claimtrack.edit.change import BOM, FileChange, text_of
from claimtrack.edit.toml import EditError, with_keys
from claimtrack.files.jsonl import careful_table
from claimtrack.files.write import json_line
from claimtrack.model.fields import identifier

_DIGITS: Final = 12
"""Digits of the digest in the name of a copy: enough that no two copies of a source share one."""

_MOST: Final = 80
_ODD: Final = re.compile(r"[^A-Za-z0-9._-]+")


def copy_name(source: str, content: bytes, suffix: str) -> str:
    """
    Return the name of the file that holds a copy of *source*.

    Example:
        >>> copy_name("post/2019", b"", ".html")
        'post-2019-e3b0c44298fc.html'
    """
    plain = _ODD.sub("-", source).strip(".-")[:_MOST] or "source"
    return f"{plain}-{hashlib.sha256(content).hexdigest()[:_DIGITS]}{suffix}"


def pinned_file(path: Path, source: str, snapshot: Mapping[str, Any]) -> FileChange:
    """
    Return the file *path* with a new ``snapshot`` in the source of that id; all else is kept.

    Raises:
        EditError: It is written in a way that cannot be changed safely.
        OSError: It cannot be read.
    """
    content = path.read_bytes()
    before = text_of(path, content)
    if path.name.endswith(".toml"):
        mark = BOM if before.startswith(BOM) else ""
        plain = before.removeprefix(BOM)
        number = _number_of(plain, source)
        after = mark + with_keys(plain, {("source", number): {"snapshot": dict(snapshot)}})
    else:
        after = _with_snapshot(before, source, snapshot)
    return FileChange(path, content, before, after)


def _number_of(text: str, source: str) -> int:
    tables = tomllib.loads(text.replace("\r\n", "\n")).get("source", [])
    for number, table in enumerate(tables):
        if identifier(table["id"]) == source:
            return number
    raise EditError(f"source {source!r} has gone from its file since it was loaded")


def _with_snapshot(text: str, source: str, snapshot: Mapping[str, Any]) -> str:
    lines = text.split("\n")  # at line feeds and nowhere else
    for number, line in enumerate(lines):
        table = careful_table(line.removeprefix(BOM))
        if not isinstance(table, dict) or table.get("type") != "source":
            continue
        if identifier(table["id"]) != source:
            continue
        kind = table.pop("type")
        plain = {key: _plain(value) for key, value in snapshot.items()}
        written = json_line((kind, {**table, "snapshot": plain})).removesuffix("\n")
        mark = BOM if line.startswith(BOM) else ""
        end = line[len(line.rstrip(" \t\r")) :]
        lines[number] = f"{mark}{written}{end}"
        return "\n".join(lines)
    raise EditError(f"source {source!r} has gone from its file since it was loaded")


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
