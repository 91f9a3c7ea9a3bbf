"""Write plain dicts as TOML or as JSON lines, without any library: enough for tests."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tests.oracle.known import Registry, Row


def to_toml(registry: Registry) -> str:
    """Return the text of one TOML file that holds all the records of *registry*."""
    return "\n".join(_table(kind, row) for kind, rows in registry.items() for row in rows)


def _table(kind: str, row: Row) -> str:
    header = "[registry]" if kind == "registry" else f"[[{kind}]]"
    lines = [header]
    lines += [f"{_key(key)} = {_value(value)}" for key, value in row.items() if key != "reading"]
    for reading in row.get("reading", []):
        lines += ["", f"[[{kind}.reading]]"]
        lines += [f"{_key(key)} = {_value(value)}" for key, value in reading.items()]
    return "\n".join(lines) + "\n"


def _key(key: str) -> str:
    return key if key.replace("_", "").replace("-", "").isalnum() else _text(key)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(member) for member in value) + "]"
    return "{ " + ", ".join(f"{_key(key)} = {_value(inner)}" for key, inner in value.items()) + " }"


def to_jsonl(registry: Registry) -> str:
    """Return the same records as JSON lines; a day or a moment is its ISO text there."""
    return "".join(
        _json({"type": kind, **row}) + "\n" for kind, rows in registry.items() for row in rows
    )


def _json(value: Any) -> str:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date | datetime):
        return json.dumps(value.isoformat())
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{_text(key)}: {_json(inner)}" for key, inner in value.items()) + "}"
        )
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_json(member) for member in value) + "]"
    return json.dumps(value, ensure_ascii=False)
