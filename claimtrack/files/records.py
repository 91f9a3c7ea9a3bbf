"""
Records and criteria as the tables of the file format, both ways.

The kind of a criterion is known by the key that only its tables have; every other key must be one
of that kind. Which values a field may have is decided in the model and not checked here again.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Final, TypeAlias

import attrs

from claimtrack.errors import FieldError
from claimtrack.files.toml_writer import SpanText
from claimtrack.model import fields
from claimtrack.model.claim import Occasion, Reading
from claimtrack.model.compose import TESTS, WINDOWS, assessed, test_of, window_of
from claimtrack.model.criterion import (
    MAX_DEPTH,
    RATING_SIDES,
    All,
    AnyOf,
    Assessed,
    AtLeast,
    Criterion,
    Event,
    Figure,
    Judged,
    Not,
    Parts,
    Reaches,
    Throughout,
    Window,
)
from claimtrack.model.fields import key_of, shown, unknown_key
from claimtrack.model.quantity import Comparison, Range, Test
from claimtrack.model.records import Forecast, Tier
from claimtrack.model.span import Span

Table: TypeAlias = Mapping[str, Any]

_WEIGHT: Final = ("min_tier", "min_sources")
_TESTED: Final = (*TESTS, "tolerance", "unit")

_SHAPES: Final[Mapping[str, tuple[str, ...]]] = {
    "event": (*WINDOWS, *_WEIGHT),
    "quantity": (*WINDOWS, "at", "throughout", "samples", *_TESTED, *_WEIGHT),
    "state": ("is", "throughout", "samples", *_WEIGHT),
    "judged": (*WINDOWS, *_WEIGHT),
    "assessed": (*RATING_SIDES, *_WEIGHT),
    "all": (),
    "any": (),
    "not": (),
    "of": ("at_least",),
    "parts": (),
}
"""The key that tells each shape, and the other keys that it knows."""

_PLACES: Final = ("at", "throughout", *WINDOWS)


def criterion_of(table: object, depth: int = 1) -> Criterion:
    """
    Read a criterion from a table of the file format.

    Raises:
        FieldError: The table is none; its path leads to the key at fault.
    """
    if isinstance(table, Criterion):
        return table
    if depth > MAX_DEPTH:
        message = f"nests deeper than the limit; expected at most {MAX_DEPTH} levels"
        raise FieldError("CT003", message)
    if not isinstance(table, Mapping):
        message = f"{shown(table)} has the wrong type; expected a table such as {{ event = ... }}"
        raise FieldError("CT101", message)
    shape = _shape_of(table)
    for key in table:
        if key != shape and key not in _SHAPES[shape]:
            raise _misplaced(key, shape)
    try:
        return _READERS[shape](table, depth)
    except FieldError as error:
        # In a file the fact stands under the key that tells the shape.
        raise (error.at(shape, *error.path[1:]) if error.path[:1] == ("fact",) else error) from None


def _shape_of(table: Table) -> str:
    told = [key for key in _SHAPES if key in table]
    if len(told) > 1:
        message = f"{' and '.join(map(repr, told))} exclude each other; expected one of them"
        raise FieldError("CT303", message, (told[1],))
    if told:
        return told[0]
    for key in table:
        raise unknown_key(key, _SHAPES) if key not in _TESTED + _PLACES else _shapeless(table)
    raise _shapeless(table)


def _shapeless(table: Table) -> FieldError:
    keys = ", ".join(map(repr, table)) or "no keys"
    message = f"does not tell what is asked, with {keys}; expected one of {', '.join(_SHAPES)}"
    return FieldError("CT304", message)


def _misplaced(key: object, shape: str) -> FieldError:
    known = (shape, *_SHAPES[shape])
    if isinstance(key, str) and any(key in (other, *keys) for other, keys in _SHAPES.items()):
        message = f"does not go with {shape!r}; expected only {', '.join(known)}"
        return FieldError("CT303", message, (key,))
    return unknown_key(key, known)


def _event(table: Table, _depth: int) -> Criterion:
    return Event(fact=table["event"], window=_needed_window(table, WINDOWS), **_weight(table))


def _quantity(table: Table, depth: int) -> Criterion:
    del depth
    places = [key for key in _PLACES if key in table]
    if len(places) != 1:
        found = " and ".join(map(repr, places)) or "no window"
        message = f"{found} given; expected exactly one of {', '.join(_PLACES)}"
        raise FieldError("CT304", message, tuple(places[1:2]))
    if "samples" in table and places != ["throughout"]:
        raise FieldError("CT303", "goes with 'throughout'", ("samples",))
    test = test_of({key: table[key] for key in (*TESTS, "tolerance") if key in table})
    options = {**_weight(table), **_given(table, "unit", "samples")}
    fact = table["quantity"]
    if places == ["at"]:
        return Figure(fact=fact, at=table["at"], test=test, **options)
    if places == ["throughout"]:
        return Throughout(fact=fact, over=table["throughout"], test=test, **options)
    window = _needed_window(table, WINDOWS)
    return Reaches(fact=fact, window=window, test=test, **options)


def _state(table: Table, _depth: int) -> Criterion:
    for key in ("is", "throughout"):
        if key not in table:
            raise FieldError("CT302", f"the key {key!r} is missing")
    return Throughout(
        fact=table["state"],
        over=table["throughout"],
        test=table["is"],
        **_weight(table),
        **_given(table, "samples"),
    )


def _judged(table: Table, _depth: int) -> Criterion:
    if table["judged"] is not True:
        message = f"{shown(table['judged'])} is not true; expected true, or 'not' around it"
        raise FieldError("CT101", message, ("judged",))
    return Judged(window=window_of(_given(table, *WINDOWS)), **_weight(table))


def _assessed(table: Table, _depth: int) -> Criterion:
    return assessed(table["assessed"], **_given(table, *RATING_SIDES), **_weight(table))


def _composite(kind: Callable[..., Criterion], key: str) -> Callable[[Table, int], Criterion]:
    def read(table: Table, depth: int) -> Criterion:
        return kind(members=_members(table, key, depth))

    return read


def _members(table: Table, key: str, depth: int) -> tuple[Criterion, ...]:
    value = table[key]
    if not isinstance(value, list | tuple):
        message = f"{shown(value)} has the wrong type; expected a list of criteria"
        raise FieldError("CT101", message, (key,))
    members = []
    for index, item in enumerate(value):
        try:
            members.append(criterion_of(item, depth + 1))
        except FieldError as error:
            raise error.under(key, index) from None
    return tuple(members)


def _at_least(table: Table, depth: int) -> Criterion:
    if "at_least" not in table:
        raise FieldError("CT302", "the key 'at_least' is missing")
    return AtLeast(needed=table["at_least"], members=_members(table, "of", depth))


def _not(table: Table, depth: int) -> Criterion:
    try:
        return Not(member=criterion_of(table["not"], depth + 1))
    except FieldError as error:
        raise (error if error.path[:1] == ("not",) else error.under("not")) from None


def _parts(table: Table, depth: int) -> Criterion:
    return Parts(parts=_members(table, "parts", depth))


_READERS: Final[Mapping[str, Callable[[Table, int], Criterion]]] = {
    "event": _event,
    "quantity": _quantity,
    "state": _state,
    "judged": _judged,
    "assessed": _assessed,
    "all": _composite(All, "all"),
    "any": _composite(AnyOf, "any"),
    "not": _not,
    "of": _at_least,
    "parts": _parts,
}


def _given(table: Table, *keys: str) -> dict[str, Any]:
    return {key: table[key] for key in keys if key in table}


def _weight(table: Table) -> dict[str, Any]:
    return _given(table, *_WEIGHT)


def _needed_window(table: Table, keys: tuple[str, ...]) -> Window:
    window = window_of(_given(table, *keys))
    if window is None:
        message = f"needs a window; expected one of {', '.join(keys)}"
        raise FieldError("CT304", message)
    return window


def table_of(node: Criterion) -> dict[str, Any]:  # noqa: C901, PLR0911 - a row for each kind
    """Return the table of the file format that reads back as *node*."""
    match node:
        case Event():
            return {"event": node.fact, **_window_table(node.window), **_weight_table(node)}
        case Figure():
            return {"quantity": node.fact, "at": SpanText(node.at.text), **_tested_table(node)}
        case Reaches():
            return {"quantity": node.fact, **_window_table(node.window), **_tested_table(node)}
        case Throughout():
            return _throughout_table(node)
        case Judged():
            return {"judged": True, **_window_table(node.window), **_weight_table(node)}
        case Assessed():
            return _assessed_table(node)
        case Not():
            return {"not": table_of(node.member)}
        case Parts():
            return {"parts": list(map(table_of, node.parts))}
        case All():
            return {"all": list(map(table_of, node.members))}
        case AnyOf():
            return {"any": list(map(table_of, node.members))}
        case AtLeast():
            return {"at_least": node.needed, "of": list(map(table_of, node.members))}
        case _:
            message = f"{type(node).__name__} is no criterion of the file format"
            raise TypeError(message)


def _throughout_table(node: Throughout) -> dict[str, Any]:
    samples = {} if node.samples is None else {"samples": node.samples}
    if isinstance(node.test, Test):
        over = {"quantity": node.fact, "throughout": SpanText(node.over.text)}
        return {**over, **_tested_table(node), **samples}
    asked = {"state": node.fact, "is": node.test, "throughout": SpanText(node.over.text)}
    return {**asked, **samples, **_weight_table(node)}


def _assessed_table(node: Assessed) -> dict[str, Any]:
    scales = node.scales[0] if len(node.scales) == 1 else list(node.scales)
    sides = {key: list(getattr(node, key)) for key in RATING_SIDES if getattr(node, key)}
    return {"assessed": scales, **sides, **_weight_table(node)}


def _window_table(window: Window | None) -> dict[str, str]:
    return {} if window is None else {window.kind.value: SpanText(window.span.text)}


def _tested_table(node: Figure | Reaches | Throughout) -> dict[str, Any]:
    test = node.test
    assert isinstance(test, Test)  # noqa: S101 - states have a table of their own
    unit = {} if node.unit is None else {"unit": node.unit}
    return {**_test_table(test), **unit, **_weight_table(node)}


def _test_table(test: Test) -> dict[str, Any]:
    value = test.value
    table: dict[str, Any] = {
        test.comparison.value: [value.low, value.high] if isinstance(value, Range) else value
    }
    # `tolerance = 0` is what its absence means, and is left out.
    if test.comparison is Comparison.EQUALS and test.tolerance:
        table["tolerance"] = test.tolerance
    return table


def _weight_table(node: Criterion) -> dict[str, Any]:
    pairs = {key: getattr(node, key) for key in _WEIGHT}
    return {
        key: value.value if isinstance(value, Tier) else value
        for key, value in pairs.items()
        if value is not None
    }


_CRITERIA: Final = ("criterion", "condition")
_READ_FIRST: Final = (*_CRITERIA, "reading")


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
    names = _names_by_key(cls)
    given = {names[key]: value for key, value in table.items()}
    for key in _READ_FIRST:
        if key in table:
            given[names[key]] = read_value(key, table[key])
    return cls(**given)


@cache
def _names_by_key(cls: Any) -> Mapping[str, str]:  # noqa: ANN401 - a class
    return {key: field.name for key, field in fields_by_key(cls).items()}


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


_FREE: Final = (fields.text, fields.optional_text, fields.optional_internal)
"""What checks words of people, which are kept as they were written."""

_OF_PEOPLE: Final = ("roles", "signed", "reviewed", "silenced", "snapshot")
"""Keys of tables that hold no ids and no names that are compared."""


_TABLES: Final[Mapping[str, type]] = {"reading": Reading, "occasions": Occasion}
"""The classes of tables within a claim, in which there are ids or names."""


def respelled(cls: Any, table: Table) -> list[tuple[str | int, ...]]:  # noqa: ANN401 - a class
    """Return the paths to the ids and names in *table* that are not in the normal form."""
    compared = _compared_keys(cls)
    doubtful = [key for key, value in table.items() if key in compared and not _is_ascii(value)]
    paths: list[tuple[str | int, ...]] = []
    for key in sorted(doubtful, key=compared.__getitem__):
        value = table[key]
        if key in _TABLES and isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, Mapping):
                    paths += ((key, index, *path) for path in respelled(_TABLES[key], item))
        else:
            paths += _not_normal(value, (key,))
    return paths


def _is_ascii(value: object) -> bool:
    """Say whether *value*, whatever it is, holds no other texts at first sight."""
    return value.isascii() if type(value) is str else type(value) in _WITHOUT_TEXT


_WITHOUT_TEXT: Final = (date, bool, int, Decimal)


@cache
def _compared_keys(cls: Any) -> Mapping[str, int]:  # noqa: ANN401 - a class
    """Return the place, in its class, of each key whose values are, or hold, ids and names."""
    return {
        key: place
        for place, (key, field) in enumerate(fields_by_key(cls).items())
        if key not in _OF_PEOPLE and getattr(field.converter, "__wrapped__", None) not in _FREE
    }


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


def record_table(record: Any) -> dict[str, Any]:  # noqa: ANN401 - of any class of the model
    """
    Return the table of the file format that reads back as *record*.

    Keys stand in the order of the fields of its class; those that say what their absence means are
    left out.
    """
    table = {}
    for key, name, default in _written_fields(record.__class__):
        value = getattr(record, name)
        # Nearly every field has its default, as the same object, or is a text.
        if value is default:
            continue
        if type(value) is str:
            if value != default:
                table[key] = value
        elif type(value) is not type(default) or value != default:
            table[key] = written_value(value)
    if isinstance(record, Forecast) and record.hedge is not None:
        del table["probability"]  # it is the number of the hedge
    return table


_NO_DEFAULT: Final = object()


@cache
def _written_fields(cls: Any) -> tuple[tuple[str, str, object], ...]:  # noqa: ANN401 - a class
    """Return the key, the name and the default of each field."""
    return tuple(
        (
            key,
            field.name,
            _NO_DEFAULT if isinstance(field.default, attrs.Factory) else field.default,  # type: ignore[arg-type]
        )
        for key, field in fields_by_key(cls).items()
    )


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
            return record_table(value)
        case _:
            return value


def _written_tuple(value: tuple[Any, ...]) -> Any:  # noqa: ANN401 - a list, or a table of shares
    if value and all(isinstance(item, tuple) for item in value):
        return dict(value)
    return [written_value(item) for item in value]
