"""
Write tables as TOML, byte for byte the same each time.

One key stands on each line, whatever the length of its text: a change of one value is a change of
one line. What a reader may not see (control characters, marks that turn the direction of writing)
is escaped, so that a file says what it seems to say.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final


class SpanText(str):
    """The EDTF text of a span, which TOML writes as a date where it is one."""

    __slots__ = ()


SINGLE: Final = frozenset({"registry"})
"""The kinds of which a document holds at most one table: ``[registry]``, not ``[[registry]]``."""

NESTED: Final = frozenset({"reading", "label", "occasions"})
"""The keys whose lists of tables get headers of their own: ``[[claim.reading]]``."""

_BARE: Final = re.compile("[A-Za-z0-9_-]+")
_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNSEEN: Final = re.compile(
    '["\\\\\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]'
)
_ESCAPES: Final = {
    '"': '\\"',
    "\\": "\\\\",
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
}
_MOST_ZEROS: Final = 24
"""Digits that a decimal may be apart from its point and still be written without an exponent."""


def write_document(
    tables: Iterable[tuple[str, Mapping[str, object]]],
    *,
    single: Collection[str] = SINGLE,
    nested: Collection[str] = NESTED,
) -> str:
    r"""
    Return *tables* as one TOML document.

    Args:
        tables: The kind of each table and its keys, whose order is kept; but those in *nested*
            that hold tables come last. A value is a text, a bool, an int, a finite float or
            `Decimal`, a list or tuple of values, or a mapping of texts to values. A `SpanText`
            that is a full day of the years 1 to 9999 is written as a TOML date.
        single: The kinds written as ``[kind]``; all others are written as ``[[kind]]``.
        nested: The keys of a table whose non-empty lists of mappings get headers of their own.

    Returns:
        Text that `tomllib` reads back, with ``parse_float=Decimal``, as equal values: decimals
        stay decimals, also 38. It ends with one line feed; without tables it is empty.

    Raises:
        TypeError: A value has another type.
        ValueError: A text holds a lone surrogate, or a decimal is not finite.

    Example:
        >>> print(write_document([("claim", {"id": "a", "due": SpanText("2019-12-02")})]))
        [[claim]]
        id = "a"
        due = 2019-12-02
        <BLANKLINE>
    """
    blocks = (
        block
        for kind, table in tables
        for block in _blocks(_key(kind), table, kind not in single, nested)
    )
    return "\n".join(blocks)


def _blocks(
    name: str,
    table: Mapping[str, object],
    is_element: bool,  # noqa: FBT001
    nested: Collection[str],
) -> Iterator[str]:
    """Iterate over the blocks of lines of one table: its own, and those of the tables in it."""
    below = {key: table[key] for key in table if key in nested and _is_tables(table[key])}
    lines = [f"[[{name}]]\n" if is_element else f"[{name}]\n"]
    lines += [
        f"{_key(key)} = {_value(value)}\n" for key, value in table.items() if key not in below
    ]
    yield "".join(lines)
    for key, elements in below.items():
        for element in elements:  # type: ignore[attr-defined]
            yield from _blocks(f"{name}.{_key(key)}", element, True, ())  # noqa: FBT003


def _is_tables(value: object) -> bool:
    return (
        isinstance(value, list | tuple)
        and len(value) > 0
        and all(isinstance(element, Mapping) for element in value)
    )


@lru_cache(maxsize=1024)  # nearly all keys are those of the format
def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _value(value: object) -> str:
    match value:
        case str():
            return str(value) if isinstance(value, SpanText) and _is_day(value) else _text(value)
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)  # floats are probabilities, which are finite
        case Decimal():
            return _decimal(value)
        case Mapping():
            pairs = (f"{_key(key)} = {_value(inner)}" for key, inner in value.items())
            return f"{{ {', '.join(pairs)} }}" if value else "{}"
        case list() | tuple():
            return f"[{', '.join(_value(element) for element in value)}]"
        case _:
            message = f"{type(value).__name__} cannot be written to TOML: {value!r}"
            raise TypeError(message)


def _is_day(text: str) -> bool:
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _decimal(value: Decimal) -> str:
    """Return *value* with a point or an exponent, for without them it would be read as an int."""
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        message = f"{value} is not finite and cannot be written"
        raise ValueError(message)  # noqa: TRY004 - it is a decimal, and not one that a file holds
    if abs(exponent) > _MOST_ZEROS:
        return str(value)
    text = format(value, "f")
    return text if "." in text else f"{text}.0"


def _text(text: str) -> str:
    return f'"{_UNSEEN.sub(_escape, text)}"'


def _escape(found: re.Match[str]) -> str:
    char = found[0]
    if "\ud800" <= char <= "\udfff":
        message = f"{found.string!r} holds a lone surrogate and cannot be written"
        raise ValueError(message)
    return _ESCAPES.get(char) or f"\\u{ord(char):04X}"
