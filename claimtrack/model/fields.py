"""
Check and convert one value as it enters a record.

Every record class names one of these functions as the converter of each of its fields, and names
`keyed` as its field transformer, so that a value that does not fit is refused with the name of
its key. The functions are idempotent: what they return, they accept and return again.
"""

import math
import zoneinfo
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, Final, TypeAlias, TypeVar

import attrs

from claimtrack.errors import FieldError, shortened
from claimtrack.model.span import OPEN_END, OPEN_START, Span, parse_span, to_span

SpanLike: TypeAlias = Span | str | date | datetime
"""What is accepted where a span is wanted: EDTF text, a day, a date-time, or a `Span`."""

MAX_TEXT: Final = 100_000
"""The longest text of one field, in characters; the longest statute quoted whole fits."""

MAX_ID: Final = 200
MAX_COUNT: Final = 1_000_000
_LAST_YEAR: Final = 9999

Word = TypeVar("Word", bound=StrEnum)
Record = TypeVar("Record")


def keyed(cls: type[Any], fields: list["attrs.Attribute[Any]"]) -> list["attrs.Attribute[Any]"]:
    """Let the converter of each of the *fields* of *cls* name its key when it refuses a value."""
    del cls
    return [
        field if field.converter is None else field.evolve(converter=_naming(field))
        for field in fields
    ]


def _naming(field: "attrs.Attribute[Any]") -> Callable[[Any], Any]:
    convert = field.converter
    key = key_of(field)
    default = field.default

    def convert_named(value: Any) -> Any:  # noqa: ANN401 - whatever the user gave
        if value is default:
            return value
        try:
            return convert(value)  # type: ignore[misc, operator]
        except FieldError as error:
            raise error.under(key) from None

    convert_named.__wrapped__ = convert  # type: ignore[attr-defined]
    return convert_named


def key_of(field: "attrs.Attribute[Any]") -> str:
    """Return the key under which the file format keeps *field*."""
    return str(field.metadata.get("key", field.name))


def shown(value: object) -> str:
    """Return *value* as an error quotes it: as files spell it, else its repr; shortened."""
    try:
        return shortened(_spelled(value))
    except (ValueError, RecursionError):  # an int of more digits than Python prints, or deep lists
        return f"<{type(value).__name__}>"


def _spelled(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool() | Decimal():
            return str(value).lower()
        case date() | time():
            return value.isoformat()
        case list() | tuple():
            return f"[{', '.join(map(_spelled, value))}]"
        case dict():
            pairs = ", ".join(f"{_key(key)} = {_spelled(one)}" for key, one in value.items())
            return f"{{ {pairs} }}" if pairs else "{}"
    return repr(value)


def _key(key: object) -> str:
    return key if isinstance(key, str) and key.isidentifier() else repr(key)


def _wrong_type(value: object, expected: str) -> FieldError:
    return FieldError("CT101", f"{shown(value)} has the wrong type; expected {expected}")


def text(value: str) -> str:
    """Accept a text that says something."""
    if type(value) is not str:
        raise _wrong_type(value, "a text")
    if not value or value.isspace():
        raise FieldError("CT105", f"{value!r} is empty; expected a text, or no such key")
    if len(value) > MAX_TEXT:
        message = f"{shown(value)} has {len(value)} characters; expected at most {MAX_TEXT}"
        raise FieldError("CT105", message)
    if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        message = f"{shown(value)} holds half of a surrogate pair; expected whole characters"
        raise FieldError("CT105", message)
    return value


def optional_text(value: str | None) -> str | None:
    """Accept a text, or None."""
    return None if value is None else text(value)


def identifier(value: str) -> str:
    """Accept an id: a text without white space or control characters."""
    if type(value) is not str:
        raise _wrong_type(value, "an id, which is a text")
    return _identifier(value)


@lru_cache(maxsize=1 << 16)
def _identifier(value: str) -> str:
    if not value or len(value) > MAX_ID or " " in value or not value.isprintable():
        message = (
            f"{shown(value)} is not an id; expected 1 to {MAX_ID} characters, "
            "none of them a space or a control character"
        )
        raise FieldError("CT105", message)
    return value


def optional_identifier(value: str | None) -> str | None:
    """Accept an id, or None."""
    return None if value is None else identifier(value)


def _items(value: Iterable[Record], expected: str) -> Iterable[Record]:
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        raise _wrong_type(value, expected)
    return value


def each(
    convert: Callable[[Any], Record], value: Iterable[object], expected: str
) -> tuple[Record, ...]:
    """Apply *convert* to the items of a list, and name the index of one that does not fit."""
    converted = []
    for index, item in enumerate(_items(value, expected)):
        try:
            converted.append(convert(item))
        except FieldError as error:
            raise error.under(index) from None
    return tuple(converted)


def texts(value: Iterable[str]) -> tuple[str, ...]:
    """Accept a list of texts, each at most once."""
    return _distinct(each(text, value, "a list of texts"))


def identifiers(value: Iterable[str]) -> tuple[str, ...]:
    """Accept a list of ids, each at most once."""
    return _distinct(each(identifier, value, "a list of ids"))


def _distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    seen: set[str] = set()
    for index, value in enumerate(values):
        if value in seen:
            raise FieldError("CT201", f"{shown(value)} stands twice in the list", (index,))
        seen.add(value)
    return values


def span(value: SpanLike) -> Span:
    """Accept a day or a span of days."""
    if type(value) is str:
        return parse_span(value)
    if isinstance(value, Span | date | str):
        return to_span(value)
    error = _wrong_type(value, "a date, or a span of days as EDTF text")
    if type(value) is int and 0 <= value <= _LAST_YEAR:
        raise FieldError(error.code, error.message, hint=f'write it in quotes: "{value}"')
    raise error


def optional_span(value: SpanLike | None) -> Span | None:
    """Accept a span, or None."""
    return None if value is None else span(value)


def closed_span(value: SpanLike) -> Span:
    """Accept a span that has both ends."""
    checked = span(value)
    if checked.first == OPEN_START or checked.last == OPEN_END:
        raise FieldError("CT308", f"{checked.text!r} is open; expected a span with both ends")
    return checked


def optional_ended_span(value: SpanLike | None) -> Span | None:
    """Accept a span that has a last day, or None."""
    if value is None:
        return None
    checked = span(value)
    if checked.last == OPEN_END:
        raise FieldError("CT308", f"{checked.text!r} has no end; expected a last day")
    return checked


def day(value: SpanLike) -> Span:
    """Accept one full day."""
    checked = span(value)
    if checked.first != checked.last or checked.moment is not None:
        raise FieldError("CT102", f"{checked.text!r} is not one full day; expected YYYY-MM-DD")
    return checked


def optional_day(value: SpanLike | None) -> Span | None:
    """Accept one full day, or None."""
    return None if value is None else day(value)


def flag(value: bool) -> bool:  # noqa: FBT001 - it is the value
    """Accept true or false."""
    if type(value) is not bool:
        raise _wrong_type(value, "true or false")
    return value


def _count(value: int, least: int) -> int:
    if type(value) is not int:
        raise _wrong_type(value, "a whole number")
    if not least <= value <= MAX_COUNT:
        message = f"{shown(value)} is out of bounds; expected {least} to {MAX_COUNT}"
        raise FieldError("CT104", message)
    return value


def count(value: int) -> int:
    """Accept a whole number of 1 or more."""
    return _count(value, 1)


def optional_count(value: int | None) -> int | None:
    """Accept a whole number of 1 or more, or None."""
    return None if value is None else _count(value, 1)


def days(value: int) -> int:
    """Accept a number of days, 0 or more."""
    return _count(value, 0)


def optional_days(value: int | None) -> int | None:
    """Accept a number of days, 0 or more, or None."""
    return None if value is None else _count(value, 0)


def probability(value: float | Decimal) -> float:
    """Accept a probability from 0 to 1, both inclusive."""
    if type(value) not in (int, float, Decimal):
        raise _wrong_type(value, "a number from 0 to 1")
    try:
        number = float(value)
    except (OverflowError, ValueError):  # an int beyond all floats, or a signalling NaN
        number = math.nan
    if not 0 <= number <= 1:  # which a NaN is not either
        raise FieldError("CT104", f"{shown(value)} is out of bounds; expected 0 to 1, inclusive")
    return number


def zone(value: str | None) -> str | None:
    """Accept the name of a time zone in the IANA database, or None."""
    if value is None:
        return None
    zone_named(text(value))
    return value


@lru_cache(maxsize=1024)
def zone_named(name: str) -> zoneinfo.ZoneInfo:
    """
    Return the time zone called *name*.

    Raises:
        FieldError: The IANA database of this machine has no such zone.
    """
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        message = f"{shown(name)} is not a time zone; expected an IANA name such as 'Europe/Moscow'"
        raise FieldError("CT106", message) from None


def word(words: type[Word], value: object) -> Word:
    """Accept one of *words*."""
    if not isinstance(value, str):
        raise _wrong_type(value, f"one of {', '.join(words)}")
    found: Word | None = _members(words).get(value)
    if found is None:
        message = f"{shown(value)} is not known; expected one of {', '.join(words)}"
        raise FieldError("CT103", message)
    return found


@cache
def _members(words: Any) -> dict[str, Any]:  # noqa: ANN401 - mypy holds classes for unhashable
    """Return the members of *words* by their texts: asking the class takes five times as long."""
    return {str(member): member for member in words}


def record(cls: type[Record], value: object) -> Record:
    """
    Accept an instance of *cls*, or a table of its fields.

    Raises:
        FieldError: A key is unknown, missing, or its value does not fit.
    """
    if isinstance(value, cls):
        return value
    if not isinstance(value, Mapping):
        raise _wrong_type(value, "a table")
    fields = {key_of(field): field for field in attrs.fields(cls)}  # type: ignore[arg-type]
    for key in value:
        if key not in fields:
            raise unknown_key(key, fields)
    for key, field in fields.items():
        if field.default is attrs.NOTHING and key not in value:
            raise FieldError("CT302", f"the key {key!r} is missing", ())
    return cls(**{fields[key].name: item for key, item in value.items()})


def unknown_key(key: object, known: Iterable[str]) -> FieldError:
    """Return the error for a *key* that is none of the *known* ones, with the nearest of them."""
    import difflib  # noqa: PLC0415 - only a registry with a slip pays for it

    nearest = difflib.get_close_matches(str(key)[:MAX_ID], list(known), n=1)
    hint = f"did you mean {nearest[0]!r}?" if nearest else f"known here: {', '.join(known)}"
    return FieldError("CT301", "is not a key that is known here", (str(key),), hint)
