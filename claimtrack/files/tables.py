"""
Records as the tables of the file format, both ways.

Reading tries the whole record at once. Only where that fails is each key tried by itself, so that
everything that is wrong with a record is told in one go.
"""

from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cache
from typing import Any, Final, TypeAlias

import attrs

from claimtrack.errors import FieldError
from claimtrack.files.criteria import criterion_of, table_of
from claimtrack.files.toml_writer import SpanText
from claimtrack.model import fields
from claimtrack.model.claim import Reading
from claimtrack.model.criterion import Criterion
from claimtrack.model.fields import key_of, shown, unknown_key
from claimtrack.model.quantity import Range
from claimtrack.model.span import Span

Table: TypeAlias = Mapping[str, Any]

_CRITERIA: Final = ("criterion", "condition")


@cache
def fields_by_key(cls: Any) -> Mapping[str, "attrs.Attribute[Any]"]:  # noqa: ANN401 - a class
    """Return the fields of *cls* by the keys of the file format, in their order."""
    return {key_of(field): field for field in attrs.fields(cls)}


def record_of(cls: Any, table: Table) -> Any:  # noqa: ANN401 - a class, and one of it
    """
    Read one record of *cls*.

    Raises:
        FieldError: Something is wrong; `faults` tells all of it.
        TypeError: A key is missing or unknown; likewise.
    """
    names = fields_by_key(cls)
    return cls(**{names[key].name: read_value(key, value) for key, value in table.items()})


def read_value(key: str, value: object) -> object:
    """Return *value* as the field of *key* takes it, with its criteria read."""
    if key in _CRITERIA:
        return criterion_of(value)
    if key == "reading" and isinstance(value, list):
        return [_reading(item) for item in value]
    return value


def _reading(item: object) -> object:
    if isinstance(item, Mapping) and "criterion" in item:
        return {**item, "criterion": criterion_of(item["criterion"])}
    return item


_FREE: Final = (fields.text, fields.optional_text)
"""What checks words of people, which are kept as they were written."""

_OF_PEOPLE: Final = ("roles", "signed", "silenced", "snapshot")
"""Keys of tables that hold no ids and no names that are compared."""


def respelled(cls: Any, table: Table) -> Iterator[tuple[str | int, ...]]:  # noqa: ANN401 - a class
    """Iterate over the paths to the ids and names in *table* that are not in the normal form."""
    for key, field in fields_by_key(cls).items():
        value = table.get(key)
        if key == "reading" and isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, Mapping):
                    yield from ((key, index, *path) for path in respelled(Reading, item))
        elif key not in _OF_PEOPLE and getattr(field.converter, "__wrapped__", None) not in _FREE:
            yield from _not_normal(value, (key,))


def _not_normal(value: object, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, str):
        if not fields.is_normal(value):
            yield path
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _not_normal(key, (*path, key))
            yield from _not_normal(one, (*path, key))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _not_normal(one, (*path, index))


def faults(cls: Any, table: object) -> Iterator[FieldError]:  # noqa: ANN401 - a class
    """Iterate over everything that is wrong with the *table* of a record of *cls*."""
    if not isinstance(table, Mapping):
        message = f"{shown(table)} has the wrong type; expected a table"
        yield FieldError("CT101", message)
        return
    has_some = False
    for error in _faults_of_keys(cls, table):
        has_some = True
        yield error
    if not has_some:
        yield from _faults_of_whole(cls, table)


def _faults_of_keys(cls: Any, table: Table) -> Iterator[FieldError]:  # noqa: ANN401 - a class
    names = fields_by_key(cls)
    for key, field in names.items():
        if key in table:
            yield from _faults_of_value(field, key, table[key])
        elif field.default is attrs.NOTHING:
            yield FieldError("CT302", f"the key {key!r} is missing")
    # Last, since there may be very many of them.
    yield from (unknown_key(key, names) for key in table if key not in names)


def _faults_of_value(
    field: "attrs.Attribute[Any]", key: str, value: object
) -> Iterator[FieldError]:
    if key == "reading" and isinstance(value, list):
        yield from _faults_of_readings(value)
        return
    try:
        read = read_value(key, value)
    except FieldError as error:
        yield error.under(key)
        return
    try:
        if field.converter is not None:
            field.converter(read)  # type: ignore[operator]
    except FieldError as error:
        yield error


def _faults_of_readings(value: list[object]) -> Iterator[FieldError]:
    for index, item in enumerate(value):
        yield from (error.under("reading", index) for error in faults(Reading, item))


def _faults_of_whole(cls: Any, table: Table) -> Iterator[FieldError]:  # noqa: ANN401 - a class
    try:
        record_of(cls, table)
    except FieldError as error:
        yield error


def written(record: Any) -> dict[str, Any]:  # noqa: ANN401 - of any class of the model
    """
    Return the table of the file format that reads back as *record*.

    Keys stand in the order of the fields of its class; those that say what their absence means are
    left out.
    """
    table = {}
    for key, field in fields_by_key(record.__class__).items():
        value = getattr(record, field.name)
        if not _is_default(field, value):
            table[key] = written_value(value)
    return table


def _is_default(field: "attrs.Attribute[Any]", value: object) -> bool:
    default = field.default
    if isinstance(default, attrs.Factory):  # type: ignore[arg-type]
        return False
    return bool(type(value) is type(default) and value == default)


def written_value(value: object) -> Any:  # noqa: ANN401, PLR0911 - a row for each type
    """Return *value* in the types that TOML and JSON have in common."""
    match value:
        case Span():
            return SpanText(value.text)
        case Enum():
            return value.value
        case Range():
            return [value.low, value.high]
        case Criterion():
            return table_of(value)
        case tuple():
            return _written_tuple(value)
        case _ if attrs.has(type(value)):
            return written(value)
        case _:
            return value


def _written_tuple(value: tuple[Any, ...]) -> Any:  # noqa: ANN401 - a list, or a table of shares
    if value and all(isinstance(item, tuple) for item in value):
        return dict(value)
    return [written_value(item) for item in value]
