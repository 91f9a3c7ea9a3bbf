"""
Read tables fast, without reading them less carefully.

Most tables of a registry have one of a few *shapes*: the same keys in the same order. The first
table of a shape goes the long way round, through the class itself. Once one has passed, a function
is written for that shape: it checks each value that is there with the very rules of its field,
knows the defaults of the rest, and leaves to the long way whatever it does not take at once. So a
reader refuses nothing that the class accepts, and its errors are never seen: the long way finds
them again and says them well. That the two agree on every table is a test.

A record is filled in as an instance of a twin of its class, with the same slots and no guard
against setting them, and then given its class. Setting the slots of a frozen class one by one,
through the guard, takes four times as long.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from sys import intern
from typing import Any, Final, TypeAlias

import attrs

from claimtrack.files.criteria import criterion_of
from claimtrack.files.tables import fields_by_key, record_of
from claimtrack.model import fields
from claimtrack.model.claim import LINKS, Claim
from claimtrack.model.criterion import Criterion, Event, Window, WindowKind
from claimtrack.model.evidence import Evidence
from claimtrack.model.span import OPEN_END, OPEN_START, parse_span, to_span

Table: TypeAlias = Mapping[str, Any]
Reader: TypeAlias = Callable[[Table, int], Any]

MAX_SHAPES: Final = 200
"""Readers kept for one kind of record; tables of further shapes all go the long way."""

CHECKED_BY_KEYS: Final[Mapping[type, frozenset[str]]] = {
    Claim: frozenset({*LINKS, "reading"}),
    Evidence: frozenset({"value", "unit", "supersedes"}),
}
"""
Classes whose records, once their values fit, are right or wrong by which keys are there alone.

Tables that have one of the keys named here are excepted: there the values matter too.
"""

REFUSALS: Final = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RecursionError,
    StopIteration,
)
"""What reading a table raises when something in it does not fit."""

_LITERALS: Final = (None, False, ())

_ID_FIELDS: Final = (fields.identifier, fields.optional_identifier)

_TEXT: Final = (
    "if {v}.__class__ is not str or not {v} or {v}.isspace() or len({v}) > MAX_TEXT "
    "or not {v}.isascii() and not is_whole({v}): raise ValueError"
)
_SPAN: Final = "{v} = parse_span({v}) if {v}.__class__ is str else to_span({v})"
_CLOSED: Final = "if {v}.first == OPEN_START or {v}.last == OPEN_END: raise ValueError"

_STEPS: Final[Mapping[object, tuple[str, ...]]] = {
    fields.text: (_TEXT,),
    fields.optional_text: (_TEXT,),
    fields.optional_span: (_SPAN,),
    fields.closed_span: (_SPAN, _CLOSED),
}
"""The checks of the commonest kinds of field, written out; the others are called."""


class Readers:
    """The readers of one kind of record, by shape."""

    def __init__(self, cls: Any) -> None:  # noqa: ANN401 - a class of the model
        self._class = cls
        self._twin = twin_of(cls)
        self._room = MAX_SHAPES if can_become(self._twin, cls) else 0
        self.by_shape: dict[tuple[str, ...], Reader] = {}

    def read(self, table: Table) -> Any:  # noqa: ANN401 - a record of the class
        """
        Read one record, and learn the shape of its table.

        Raises:
            FieldError: Something is wrong, as `record_of` says it.
            TypeError: A key is missing; likewise.
            KeyError: A key is unknown; likewise.
        """
        shape = tuple(table)
        reader = self.by_shape.get(shape)
        if reader is not None:
            try:
                return reader(table, 0)
            except REFUSALS:
                return record_of(self._class, table)
        record = record_of(self._class, table)
        self.learn(shape)
        return record

    def learn(self, shape: tuple[str, ...]) -> None:
        """
        Write the reader of a shape of which one table has been read.

        A shape with the key ``type`` is that of a line of JSON. Its reader is given the number of
        colons on the line, and refuses one with more of them than the table has keys.
        """
        if shape and shape not in self.by_shape and len(self.by_shape) < self._room:
            self.by_shape[shape] = self._written(shape)

    def _written(self, shape: tuple[str, ...]) -> Reader:
        by_key = fields_by_key(self._class)
        names = dict(_NAMES, cls=self._class, twin=self._twin)
        variables = {key: f"v{number}" for number, key in enumerate(shape)}
        lines = [f"{', '.join(variables.values())}, = table.values()"]
        if "type" in variables:
            inner = f" + len({variables['criterion']})" if "criterion" in variables else ""
            lines.append(f"if colons != {len(shape)}{inner}: raise ValueError")
        ids = {key: variable for key, variable in variables.items() if _is_id(by_key, key)}
        lines += _checked_ids(list(ids.values()))
        # The same ids come again and again: one text for all of them takes less room, and is
        # found faster.
        lines += [f"{v} = intern({v})" for key, v in ids.items() if key != "id"]
        for key, variable in variables.items():
            if key != "type" and key not in ids:
                lines += _steps(by_key[key], key, variable, names)
        lines.append("record = twin()")
        for number, (key, field) in enumerate(by_key.items()):
            names[f"d{number}"] = field.default
            plain = repr(field.default) if field.default in _LITERALS else f"d{number}"
            lines.append(f"record.{field.name} = {variables.get(key, plain)}")
        lines.append("record.__class__ = cls")
        if self._needs_whole_check(shape):
            lines.append("record.__attrs_post_init__()")
        body = "\n    ".join([*lines, "return record"])
        exec(f"def read(table, colons):\n    {body}", names)  # noqa: S102 - our own words only
        reader: Reader = names["read"]
        return reader

    def _needs_whole_check(self, shape: tuple[str, ...]) -> bool:
        if not hasattr(self._class, "__attrs_post_init__"):
            return False
        excepted = CHECKED_BY_KEYS.get(self._class)
        return excepted is None or not excepted.isdisjoint(shape)


def _is_id(by_key: Mapping[str, "attrs.Attribute[Any]"], key: str) -> bool:
    field = by_key.get(key)
    return field is not None and getattr(field.converter, "__wrapped__", None) in _ID_FIELDS


def _checked_ids(variables: list[str]) -> list[str]:
    """Return lines that check several ids at once; one of the rare long ones goes the long way."""
    if not variables:
        return []
    return [
        f"ids = {' + '.join(variables)}",
        (
            "if ids.__class__ is not str or len(ids) > MAX_ID or ' ' in ids "
            f"or not ids.isprintable() or not ({' and '.join(variables)}): raise ValueError"
        ),
    ]


def _steps(
    field: "attrs.Attribute[Any]", key: str, variable: str, names: dict[str, Any]
) -> list[str]:
    names[f"c_{variable}"] = getattr(field.converter, "__wrapped__", field.converter)
    convert = f"{variable} = c_{variable}({variable})"
    if key == "criterion":
        read = f"{variable} = criterion({variable})"
        return [read, f"if {variable}.__class__ is not Event: {convert}"]
    if key == "condition":
        return [f"{variable} = criterion({variable})", convert]
    known = _STEPS.get(getattr(field.converter, "__wrapped__", None))
    if known is None:
        return [f"if {variable} is None: raise ValueError", convert]
    return [step.format(v=variable) for step in known]


def twin_of(cls: type[Any]) -> type[Any]:
    """Return a class with the slots of *cls* that nothing guards."""
    return type(f"_{cls.__name__}Twin", cls.__bases__, {"__slots__": cls.__slots__})


def can_become(twin: type[Any], cls: type[Any]) -> bool:
    """Say whether this interpreter lets an instance of *twin* become one of *cls*."""
    try:
        twin().__class__ = cls
    except TypeError:
        return False
    return True


def is_whole(text: str) -> bool:
    """Say whether *text* holds no half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=1 << 15)
def _window(kind: str, span: Any) -> Window:  # noqa: ANN401 - whatever stood in the file
    return Window(WindowKind(kind), fields.span(span))


_EVENT_SHAPES: Final = {("event", str(kind)): str(kind) for kind in WindowKind}
_event_twin: Final = twin_of(Event)


def criterion(value: Any) -> Criterion:  # noqa: ANN401 - whatever stood in the file
    """Read a criterion; an event by a day, the commonest, without a detour."""
    kind = _EVENT_SHAPES.get(tuple(value))
    if kind is None:
        return criterion_of(value)
    fact, span = value.values()
    if (
        span.__class__ is datetime  # equal ones may have different texts
        or fact.__class__ is not str
        or not 0 < len(fact) <= fields.MAX_ID
        or " " in fact
        or not fact.isprintable()
    ):
        return criterion_of(value)
    event = _event_twin()
    event.fact = intern(fact)
    event.window = _window(kind, span)
    event.min_tier = None
    event.min_sources = None
    event.__class__ = Event
    read: Criterion = event
    return read


_NAMES: Final[Mapping[str, Any]] = {
    "Event": Event,
    "MAX_ID": fields.MAX_ID,
    "MAX_TEXT": fields.MAX_TEXT,
    "OPEN_END": OPEN_END,
    "OPEN_START": OPEN_START,
    "criterion": criterion,
    "intern": intern,
    "is_whole": is_whole,
    "parse_span": parse_span,
    "to_span": to_span,
}
