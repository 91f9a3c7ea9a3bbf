"""
Criteria as the tables of the file format, both ways.

Each shape of table is told by the key that only it has; every other key must then be one that the
shape knows. What a value may be is the model's business, not checked here again.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from claimtrack.errors import FieldError
from claimtrack.files.toml_writer import SpanText
from claimtrack.model.compose import TESTS, WINDOWS, assessed, test_of, window_of
from claimtrack.model.criterion import (
    MAX_DEPTH,
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
from claimtrack.model.fields import shown, unknown_key
from claimtrack.model.quantity import Comparison, Range, Test
from claimtrack.model.source import Tier

Table: TypeAlias = Mapping[str, Any]

_WEIGHT: Final = ("min_tier", "min_sources")
_SIDES: Final = ("supports", "refutes")
_TESTED: Final = (*TESTS, "tolerance", "unit")

_SHAPES: Final[Mapping[str, tuple[str, ...]]] = {
    "event": (*WINDOWS, *_WEIGHT),
    "quantity": (*WINDOWS, "at", "throughout", "samples", *_TESTED, *_WEIGHT),
    "state": ("is", "throughout", "samples", *_WEIGHT),
    "judged": (*WINDOWS, *_WEIGHT),
    "assessed": (*_SIDES, *_WEIGHT),
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
    return assessed(table["assessed"], **_given(table, *_SIDES), **_weight(table))


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
    # Always with its labels, so that a criterion stays what it is where mappings change.
    sides = {key: list(getattr(node, key)) for key in _SIDES if getattr(node, key)}
    return {"assessed": node.scale, **sides, **_weight_table(node)}


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
