"""
Decode JSON lines, many lines at a time.

`tables_at_once` decodes a block of lines as one list. A line that cannot be read that way is read
by `plain_table`, or by `careful_table`, which says what is wrong with it. With the extra ``fast``,
orjson decodes the lists; without it, the standard library does. Both give the same records: orjson
reads a decimal number as a float, so a generated reader refuses each float, and the line is
decoded anew with exact decimals. (`claimtrack.files.toml` says how tomli is used.)
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from importlib import import_module
from typing import Any, Final, TypeAlias

from claimtrack.errors import FieldError
from claimtrack.files.folder import LIMITS, too_deep
from claimtrack.model.fields import shown


def installed(module: str) -> Any:  # noqa: ANN401 - a module whose types are not known here
    """Return *module*, or None if it is not installed."""
    try:
        return import_module(module)
    except ImportError:
        return None


orjson: Final = installed("orjson")

Decode: TypeAlias = Callable[[str], list[Any]]
"""What decodes a list; it raises an error of `_UNREADABLE` for a text that is not one list."""

MARK: Final = "\x7f"
_ESCAPED_MARK: Final = "\\u007"  # or the beginning of it, for its last digit has two spellings
_BETWEEN: Final = f',"{MARK}",'

_BEFORE_COLONS: Final = ('":', " :", "\t:", "\r:", "\n:")
"""How the colon after a key can stand: anything else before one is within a text."""

_PLAINLY_SHALLOW: Final = 8
"""Brackets that open on a line, on average, of a block in which no line has to be looked at."""

_BLANKS: Final = " \t\r\n"

STRING: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?')

_UNREADABLE: Final = (ValueError, StopIteration, RecursionError, InvalidOperation)


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        twice = next(key for key, count in counts.items() if count > 1)
        raise FieldError("CT201", f"the key {shown(twice)} stands twice in one object")
    return table


def _no_constant(name: str) -> Any:  # noqa: ANN401 - it never returns
    raise FieldError("CT104", f"{name} is not a number of JSON; expected a finite number")


_scan: Final[Callable[[str, int], tuple[Any, int]]] = json.JSONDecoder(
    parse_float=Decimal, parse_constant=_no_constant
).scan_once  # type: ignore[attr-defined]  # the stubs do not know it
"""Return the value that begins at a place of a text, and where it ends; keys may stand twice."""
_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_distinct, parse_float=Decimal, parse_constant=_no_constant
)


def standard_list(text: str) -> list[Any]:
    """
    Return the list that *text* is, as the standard library reads it.

    Raises:
        ValueError: It is none, or holds what is no JSON.
        StopIteration: It ends too soon.
        RecursionError: It nests too deep.
        decimal.InvalidOperation: It holds a number with too large an exponent.
    """
    values, end = _scan(text, 0)
    if end != len(text):
        raise ValueError("the text goes on after the list")
    return values  # type: ignore[no-any-return]


decode_list: Final[Decode] = standard_list if orjson is None else orjson.loads


def pieces_of(number: int, text: str) -> Iterator[tuple[int, str, int]]:
    """
    Iterate over the runs of lines of *text* that are not blank.

    Args:
        number: That of its first line.
        text: Lines.

    Yields:
        The number of the first line of a run, its text, and how many lines it has.
    """
    if not text.strip(_BLANKS):
        return
    run: list[str] = []
    for at, line in enumerate(text.split("\n"), number):
        if line.strip(_BLANKS):
            run.append(line)
        elif run:
            yield at - len(run), "\n".join(run), len(run)
            run = []
    if run:
        yield at + 1 - len(run), "\n".join(run), len(run)


def tables_in(
    text: str, lines: int, most: int = LIMITS.nesting, decode: Decode = decode_list
) -> list[dict[str, Any] | None]:
    """
    Return the object on each line of *text*; None for a line that has to be read with care.

    Those that are given are what `careful_table` returns, but for numbers: one of them may be a
    float where that has a `Decimal` or an integer of more than 64 bits.

    Args:
        text: Whole lines; the line feed at the end may be missing.
        lines: How many they are.
        most: Levels that a line may nest.
        decode: What decodes a list of them.
    """
    found = tables_at_once(text, lines, most, decode)
    if found is None:
        return [plain_table(line, most) for line in text.split("\n")[:lines]]
    return found


def tables_at_once(
    text: str, lines: int, most: int = LIMITS.nesting, decode: Decode = decode_list
) -> list[dict[str, Any] | None] | None:
    """Return what `tables_in` does, or None if that cannot be done in one go."""
    # Before much is built, each line is looked at by itself.
    is_shallow = text.count("[") + text.count("{") <= most + _PLAINLY_SHALLOW * lines
    if not is_shallow or MARK in text or ("\\" in text and _ESCAPED_MARK in text):
        return None
    joined = "[" + text.removesuffix("\n").replace("\n", _BETWEEN) + "]"
    try:
        values = decode(joined)
    except _UNREADABLE:
        return None
    marks = lines - 1
    if len(values) != lines + marks or values[1::2].count(MARK) != marks:
        return None
    tables = values[::2]
    if {*map(type, tables)} != {dict}:
        return None
    colons = text.count(":") - sum(map(len, tables))
    if colons:
        asked = [table["criterion"] for table in tables if "criterion" in table]
        colons -= sum([len(table) for table in asked if table.__class__ is dict])
    if colons:
        pairs = zip(tables, text.split("\n"), strict=False)
        return [table if _has_all_keys(table, line) else None for table, line in pairs]
    return tables


def plain_table(line: str, most: int = LIMITS.nesting) -> dict[str, Any] | None:
    """Return the object on *line*, or None if it has to be read with care."""
    if _too_deep(line, most) is not None:
        return None
    try:
        table, end = _scan(line, 0)
        if table.__class__ is dict and not line[end:].strip(_BLANKS):
            return table if _has_all_keys(table, line) else None
    except _UNREADABLE:
        pass
    return None


def _too_deep(line: str, most: int) -> int | None:
    """Return the offset at which *line* nests more than *most* levels, or None."""
    if line.count("[") + line.count("{") <= most:
        return None
    return too_deep(line, STRING, most)


def _has_all_keys(table: dict[str, Any], line: str) -> bool:
    """Say whether no key of an object on *line* can have got lost in *table*; false if in doubt."""
    try:
        keys = _keys_in(table)
    except RecursionError:
        return False
    return line.count(":") == keys or sum(map(line.count, _BEFORE_COLONS)) == keys


def _keys_in(value: Any) -> int:  # noqa: ANN401 - whatever stands in JSON
    if value.__class__ is dict:
        return len(value) + sum(map(_keys_in, value.values()))
    return sum(map(_keys_in, value)) if value.__class__ is list else 0


def careful_table(  # noqa: PLR0911
    line: str, most: int = LIMITS.nesting
) -> dict[str, Any] | FieldError | None:
    """Return the object on *line*, or what is wrong with it; None if it is blank."""
    text = line.strip(_BLANKS)
    if not text:
        return None
    offset = _too_deep(line, most)
    if offset is not None:
        return FieldError("CT003", f"nests deeper than {most} levels at column {offset + 1}")
    try:
        value = _DECODER.decode(text)
    except FieldError as error:
        return error
    except json.JSONDecodeError as error:
        return FieldError("CT002", f"is not JSON: {error.msg} at column {error.colno}")
    except RecursionError:
        return FieldError("CT003", "nests deeper than the limit")
    except InvalidOperation:
        return FieldError("CT104", "holds a number with too large an exponent")
    except ValueError:  # more digits than Python turns into a number
        return FieldError("CT104", "holds a number of too many digits")
    if not isinstance(value, dict):
        return FieldError("CT101", f"{shown(value)} has the wrong type; expected an object")
    return value
