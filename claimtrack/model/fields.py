"""
Check and convert one value as it enters a record.

Every record class names one of these functions as the converter of each of its fields, and names
`keyed` as its field transformer, so that the error for a value names its key. The functions are
idempotent: they accept and return their own results.
"""

import io
import operator
import pkgutil
import re
import zoneinfo
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from functools import cache, lru_cache, wraps
from inspect import Parameter, Signature
from math import isfinite, nan
from types import FunctionType
from typing import Any, Final, TypeAlias, TypeVar
from unicodedata import is_normalized, normalize

import attrs

from claimtrack.errors import FieldError, did_you_mean, nearest_to, shortened
from claimtrack.model.span import OPEN_END, OPEN_START, Span, is_datetime64, parse_span, to_span

SpanLike: TypeAlias = Span | str | date | datetime
"""What is accepted as a span: EDTF text, a day, a date-time, or a `Span`."""

MAX_TEXT: Final = 100_000
"""The longest text of one field, in characters; a long statute fits."""

MAX_ID: Final = 200
MAX_COUNT: Final = 1_000_000
_LAST_YEAR: Final = 9999

Word = TypeVar("Word", bound=StrEnum)
Record = TypeVar("Record")


def keyed(cls: type[Any], fields: list["attrs.Attribute[Any]"]) -> list["attrs.Attribute[Any]"]:
    """Make the converter of each of the *fields* name its key in errors."""
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
    if isinstance(convert, FunctionType):
        # attrs takes the annotation for `__init__` from it; `inspect` takes long to find it.
        taken = next(iter(convert.__annotations__.values()), Parameter.empty)
        parameter = Parameter("value", Parameter.POSITIONAL_OR_KEYWORD, annotation=taken)
        convert_named.__signature__ = Signature([parameter])
    return convert_named


def named(kind: str, key: str = "id") -> Callable[[type[Record]], type[Record]]:
    """
    Make the errors of a record class name the record.

    Args:
        kind: What errors call the record.
        key: The field that identifies it.
    """

    def decorated(cls: type[Any]) -> type[Any]:
        initialise = cls.__init__

        @wraps(initialise)
        def __init__(self: Any, *args: Any, **given: Any) -> None:  # noqa: ANN401, N807
            try:
                initialise(self, *args, **given)
            except FieldError as error:
                raise error.of(kind, None if error.path == (key,) else given.get(key)) from None

        cls.__init__ = __init__
        return cls

    return decorated


def key_of(field: "attrs.Attribute[Any]") -> str:
    """Return the key under which the file format keeps *field*."""
    return str(field.metadata.get("key", field.name))


def shown(value: object) -> str:
    """Return *value* as an error quotes it: as in files if it can be in one, else its repr."""
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


def _wrong_type(value: object, expected: str, hint: str | None = None) -> FieldError:
    message = f"{shown(value)} has the wrong type; expected {expected}"
    return FieldError("CT101", message, hint=hint)


def plain(value: Any) -> Any:  # noqa: ANN401 - whatever the user gave
    """
    Return the built-in value that equals a scalar of another library; other values unchanged.

    NumPy's numbers, texts and booleans are recognised by the letters of their kinds, so that NumPy
    need not be installed. A float of fewer bits becomes its own shortest decimal text.

    Example:
        >>> class Word(str):
        ...     pass
        >>> type(plain(Word("held"))).__name__
        'str'
    """
    if type(value) in _BUILT_IN:
        return value
    if isinstance(value, str):
        return str.__str__(value.value if isinstance(value, StrEnum) else value)
    if isinstance(value, float):
        return float(value)
    convert = _FROM_ARRAYS.get(getattr(getattr(value, "dtype", None), "kind", ""))
    return value if convert is None or value.shape != () else convert(value)


_BUILT_IN: Final = frozenset({str, int, float, bool, Decimal, type(None), date, datetime})

_FROM_ARRAYS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "b": bool,
    "f": lambda value: Decimal(str(value)),
    "i": operator.index,
    "u": operator.index,
    "U": str,
}
"""The conversion of a scalar to Python's, by NumPy's letter for its kind."""


def is_normal(value: str) -> bool:
    """Say whether *value* is in Unicode's normal form C, in which ids and names are compared."""
    return value.isascii() or is_normalized("NFC", value)


def text(value: str) -> str:
    """Accept a text that is not empty."""
    if type(value) is not str:
        value = plain(value)
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


def optional_internal(value: str | None) -> str | None:
    """
    Accept a text for the desk, or None.

    An error never quotes it, since errors are printed in logs that others read.
    """
    try:
        return optional_text(value)
    except FieldError as error:
        message = "is no text for the desk, and is not shown here; expected a text, or no such key"
        raise FieldError(error.code, message) from None


def name(value: str) -> str:
    """
    Accept a text that is compared with others, and return it in Unicode's normal form C.

    Two texts that look the same are then equal: one publisher is one witness, whichever form of
    Unicode two keepers type its accents in.
    """
    checked = text(value)
    return checked if checked.isascii() else normalize("NFC", checked)


def optional_name(value: str | None) -> str | None:
    """Accept a text that is compared with others, or None."""
    return None if value is None else name(value)


def identifier(value: str) -> str:
    """
    Accept an id: a text without white space or control characters.

    It is returned in Unicode's normal form C.
    """
    if type(value) is not str:
        value = plain(value)
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
    return value if value.isascii() else normalize("NFC", value)


def optional_identifier(value: str | None) -> str | None:
    """Accept an id, or None."""
    return None if value is None else identifier(value)


def _items(value: Iterable[Record], expected: str) -> Iterable[Record]:
    if not isinstance(value, str | bytes | Mapping):
        with suppress(TypeError):  # a numpy array without dimensions has `__iter__` too
            return iter(value)
    raise _wrong_type(value, expected)


def each(
    convert: Callable[[Any], Record], value: Iterable[object], expected: str
) -> tuple[Record, ...]:
    """Apply *convert* to the items of a list; an error names the index of its item."""
    converted = []
    for index, item in enumerate(_items(value, expected)):
        try:
            converted.append(convert(item))
        except FieldError as error:
            raise error.under(index) from None
    return tuple(converted)


def names(value: Iterable[str]) -> tuple[str, ...]:
    """Accept a list of texts that are compared with others, each at most once."""
    return _distinct(each(name, value, "a list of texts"))


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
    if isinstance(value, Span | date | str) or is_datetime64(value):
        return to_span(value)
    value = plain(value)
    is_year = type(value) is int and 0 <= value <= _LAST_YEAR
    hint = f'write it in quotes: "{value:04}"' if is_year else None
    raise _wrong_type(value, "a date, or a span of days as EDTF text", hint)


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


def optional_time(value: SpanLike | None) -> Span | None:
    """Accept one full day or a date-time, or None."""
    if value is None:
        return None
    checked = span(value)
    if checked.first != checked.last and checked.moment is None:
        message = f"{checked.text!r} is neither one full day nor a date-time"
        raise FieldError("CT102", f"{message}; expected YYYY-MM-DD or YYYY-MM-DDThh:mm:ss")
    return checked


def flag(value: bool) -> bool:  # noqa: FBT001 - it is the value
    """Accept true or false."""
    value = plain(value)
    if type(value) is not bool:
        raise _wrong_type(value, "true or false")
    return value


def _count(value: int, least: int) -> int:
    value = plain(value)
    if type(value) is not int:
        raise _wrong_type(value, "a whole number", unquoted(value))
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


def optional_offset(value: int | None) -> int | None:
    """Accept a number of characters, 0 or more, or None."""
    return None if value is None else _count(value, 0)


def probability(value: float | Decimal) -> float:
    """Accept a probability from 0 to 1, both inclusive."""
    value = plain(value)
    if type(value) not in (int, float, Decimal):
        raise _wrong_type(value, "a number from 0 to 1", unquoted(value, is_share=True))
    try:
        number = float(value)
    except (OverflowError, ValueError):  # an int beyond all floats, or a signalling NaN
        number = nan
    is_finite = (
        value.is_finite() if type(value) is Decimal else type(value) is int or isfinite(value)
    )
    if not is_finite:
        raise FieldError("CT104", f"{shown(value)} is not finite; expected a number from 0 to 1")
    if not 0 <= number <= 1:
        message = f"{shown(value)} is out of bounds; expected 0 to 1, inclusive"
        hint = f"write {_plain_digits(Decimal(str(value)) / 100)}" if 1 < number <= 100 else None  # noqa: PLR2004 - percent
        raise FieldError("CT104", message, hint=hint)
    return number


_NUMBER: Final = re.compile(r"([+-]?[0-9]{1,18})(?:([.,])([0-9]{1,18}))?(\s*%)?")


def unquoted(value: object, *, is_share: bool = False) -> str | None:
    """
    Return how to write the number that the text *value* most likely means; None if none.

    Args:
        value: What was given in place of a number.
        is_share: Whether a number of 0 to 1 is wanted, so that percent are to be divided.

    Example:
        >>> unquoted("38"), unquoted("1,5"), unquoted("71%", is_share=True)
        ('write it without quotes: 38', 'write 1.5', 'write 0.71')
    """
    match = _NUMBER.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return None
    whole, mark, digits, percent = match.groups()
    if mark == "," and len(digits) == 3:  # noqa: PLR2004 - thousands, or a fraction
        return f"write {int(whole + digits)}, or {int(whole)}.{digits} if the comma is a point"
    number = Decimal(f"{whole}.{digits}" if mark else whole)
    is_percent = is_share and (percent is not None or 1 < number <= 100)  # noqa: PLR2004
    if is_percent:
        number /= 100
    elif percent is None and mark != ",":
        return f"write it without quotes: {_plain_digits(number)}"
    return f"write {_plain_digits(number)}"


def _plain_digits(number: Decimal) -> str:
    text_ = f"{number:f}"
    return text_.rstrip("0").rstrip(".") if "." in text_ else text_


def zone(value: str | None) -> str | None:
    """Accept the name of a time zone in the IANA database, or None."""
    if value is None:
        return None
    return zone_named(text(value)).key


MACHINE_ZONES: Final = frozenset({"localtime", "posixrules", "Factory"})
"""Entries of a zone database that are not zones, or mean another zone on each machine."""


@cache  # of some six hundred names; for others it raises
def zone_named(name: str) -> zoneinfo.ZoneInfo:
    """
    Return the time zone called *name*, by the rules of the package ``tzdata``.

    The machine's own database is used only if that package is missing, so that a verdict does not
    depend on the machine.

    Raises:
        FieldError: There is no such zone (CT106), or no database of zones at all (CT107).
    """
    known = _zone_names()
    if name not in known:
        if not known:
            message = f"{shown(name)} cannot be looked up, since there is no time zone database"
            raise FieldError("CT107", message, hint="run: pip install tzdata")
        message = f"{shown(name)} is not a time zone; expected an IANA name such as 'Europe/Moscow'"
        raise FieldError("CT106", message, hint=_zone_hint(name, known))
    rules = _packaged(f"zoneinfo/{name}")
    if rules is None:
        return zoneinfo.ZoneInfo(name)
    return zoneinfo.ZoneInfo.from_file(io.BytesIO(rules), key=name)


def _zone_hint(name: str, known: Iterable[str]) -> str | None:
    """Return a hint with the zone of the most similar city; whole names are too alike."""
    by_city = {zone.rpartition("/")[2]: zone for zone in sorted(known)}
    city = nearest_to(name.rpartition("/")[2], by_city)
    return None if city is None else f"did you mean {by_city[city]!r}?"


@cache
def _zone_names() -> frozenset[str]:
    """Return the names of the zones of ``tzdata``, else those of the machine."""
    listed = _packaged("zones")
    names = zoneinfo.available_timezones() if listed is None else listed.decode().split()
    return frozenset(names) - MACHINE_ZONES


def _packaged(file: str) -> bytes | None:
    """Return the content of a *file* of the package ``tzdata``; None if it is not installed."""
    try:
        return pkgutil.get_data("tzdata", file)
    except (ImportError, OSError):
        return None


def word(words: type[Word], value: object) -> Word:
    """Accept one of *words*."""
    if not isinstance(value, str):
        raise _wrong_type(value, f"one of {', '.join(words)}")
    member: Word | None = _members(words).get(value)
    if member is None:
        message = f"{shown(plain(value))} is not known; expected one of {', '.join(words)}"
        raise FieldError("CT103", message)
    return member


@cache
def _members(words: Any) -> dict[str, Any]:  # noqa: ANN401 - mypy holds classes for unhashable
    """Return the members of *words* by their texts: calling the class takes five times as long."""
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
    """Return the error for a *key* that is not *known*, with the nearest known one as a hint."""
    keys = tuple(known)
    text = key if isinstance(key, str) else shown(key)
    hint = did_you_mean(text[:MAX_ID], keys) or f"known here: {', '.join(keys)}"
    return FieldError("CT301", "is not a key that is known here", (text,), hint)
