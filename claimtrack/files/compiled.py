"""
Read tables by functions that are generated for each shape, which is a tuple of keys.

Most tables of a registry have one of a few shapes. Once a shape has been met `LEARNED_AT` times,
`generated_reader` generates the source of a function that reads such a table, with the checks of
its fields written out, and `Readers` uses it from then on. A table that it does not take goes to
`record_of`, which says what is wrong with it, if anything is. Of a table, only its keys enter the
source, and these are keys of the file format.

A generated reader refuses, and leaves to `record_of`, what the load has to note: a text that is
not in Unicode's normal form C, and a season. Text that is ASCII is in the normal form.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from functools import cache, partial
from sys import intern
from typing import Any, Final, TypeAlias, get_args

import attrs

from claimtrack.files.records import criterion_of, fields_by_key, record_of, respelled
from claimtrack.model import fields
from claimtrack.model.claim import LINKS, Claim
from claimtrack.model.criterion import Event, Window, WindowKind
from claimtrack.model.fields import is_normal
from claimtrack.model.records import Evidence, Fact, FactKind
from claimtrack.model.references import Path, has_season
from claimtrack.model.span import CACHED_SPANS, Span, holds_season

Table: TypeAlias = Mapping[str, Any]
Reader: TypeAlias = Callable[[Table], Any]

LEARNED_AT: Final = 64
"""Tables of a shape after which its reader is written: for fewer, writing it takes longer."""

MAX_SHAPES: Final = 200
"""Readers kept for one kind of record; tables of further shapes all go the long way."""

MAX_MET: Final = 10_000
"""Shapes whose tables are counted."""

LATER_WORDS: Final = ("occasions", "retracted", "retracted_source")
"""The keys of a claim whose days are held against its own, or that name further sources."""

CHECKED_BY_KEYS: Final[Mapping[type, frozenset[str]]] = {
    Claim: frozenset({*LINKS, *LATER_WORDS, "reading"}),
    Evidence: frozenset({"value", "unit", "supersedes"}),
    Fact: frozenset({"once", "unit", "cumulative", "values"}),
}
"""
Classes whose records, once their values fit, are right or wrong by which keys are there alone.

Tables that have one of the keys named here are excepted: there the values matter too.
"""

_LITERALS: Final = (None, False, ())

_ID_FIELDS: Final = (fields.identifier, fields.optional_identifier)

NAMED: Final = ("speaker", "source", "fact")
"""The keys, and at once the kinds, of ids that are looked up as they are read."""

NOT_PLAIN: Final[Mapping[type, frozenset[str]]] = {
    Claim: frozenset({"condition", "reading", "appearances", *LATER_WORDS, *LINKS}),
    Evidence: frozenset({"supersedes"}),
}
"""What may not go together in more ways than are looked at here."""


class Memo(dict[Any, Any]):
    """
    What a function returned for the texts and days that it was asked before, for a while.

    A date-time is no key: equal ones may have different texts.
    """

    __slots__ = ("_read",)

    def __init__(self, read: Callable[[Any], Any]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, key: Any) -> Any:  # noqa: ANN401 - whatever stood in the file
        value = self._read(key)
        if key.__class__ in (str, date):
            if len(self) >= CACHED_SPANS:
                self.clear()
            self[key] = value
        return value


def _seasonless(convert: Callable[[Any], Span]) -> Callable[[Any], Span]:
    """Refuse spans with a season, which only some registries allow."""

    def converted(value: Any) -> Span:  # noqa: ANN401 - whatever stood in the file
        span = convert(value)
        if span.has_season:
            raise ValueError(span.text)
        return span

    return converted


def _window(kind: WindowKind, span: Any) -> Window:  # noqa: ANN401 - whatever stood in the file
    return Window(kind, _SPANS[span])


_SPANS: Final = Memo(_seasonless(fields.span))
_CLOSED: Final = Memo(_seasonless(fields.closed_span))
_WINDOWS: Final = {("event", str(kind)): Memo(partial(_window, kind)) for kind in WindowKind}
"""By the keys of a criterion, which is an event within a window of one kind."""

_TEXT: Final = (
    "if {v}.__class__ is not str or not {v} or {v}.isspace() or len({v}) > MAX_TEXT "
    "or not {v}.isascii() and not is_whole({v}): raise ValueError"
)

_NAME: Final = _TEXT.replace("not is_whole({v})", "not (is_whole({v}) and is_normal({v}))")

# None may stand for what is not given.
_GIVEN: Final = "if {v} is None: raise ValueError"
_EXACT: Final = "if {v} is None or needs_care({v}): raise ValueError"

_STEPS: Final[Mapping[object, str]] = {
    fields.text: _TEXT,
    fields.optional_text: _TEXT,
    fields.optional_internal: _TEXT,
    fields.name: _NAME,
    fields.optional_name: _NAME,
    fields.optional_span: "{v} = spans[{v}]",
    fields.closed_span: "{v} = closed[{v}]",
}
"""The checks of the commonest kinds of field, written out; the others are called."""

_CRITERION: Final = """
fact = None
windows = event_windows.get(tuple({v}))
if windows is None:
    if needs_care({v}): raise ValueError
    {v} = to_criterion(criterion_of({v}))
else:
    asked, span = {v}.values()
    fact = facts.get(asked)
    {v} = event_twin()
    {v}.fact = known_id(asked) if fact is None else fact.id
    {v}.window = windows[span]
    {v}.min_tier = None
    {v}.min_sources = None
    {v}.__class__ = Event
""".strip().split("\n")


def generated_reader(
    cls: Any,  # noqa: ANN401 - a class of the model
    shape: tuple[str, ...],
    globals_: Mapping[str, Any],
) -> Reader:
    """
    Return the reader of the tables of one shape.

    Args:
        cls: The class of the records; one table of the shape has been read through it.
        shape: The keys.
        globals_: The twin of the class, what has been kept of each kind in `NAMED`, and what is
            given each record that waits.
    """
    by_key = fields_by_key(cls)
    names = {**_NAMES, **globals_, "cls": cls}
    variables = {key: f"v{number}" for number, key in enumerate(shape)}
    lines = [f"{', '.join(variables.values())}, = table.values()"]
    ids = {key: variable for key, variable in variables.items() if _is_id(by_key, key)}
    named = {key: variable for key, variable in ids.items() if key in NAMED}
    lines += _checked_ids(ids)
    for key, variable in variables.items():
        if key != "type" and key not in ids:
            lines += _steps(by_key[key], key, variable, names)
    for kind, variable in named.items():
        lines += [
            f"{kind} = {kind}s.get({variable})",
            f"{variable} = known_id({variable}) if {kind} is None else {kind}.id",
        ]
    lines.append("record = twin()")
    for number, (key, field) in enumerate(by_key.items()):
        names[f"d{number}"] = field.default
        plain = repr(field.default) if field.default in _LITERALS else f"d{number}"
        lines.append(f"record.{field.name} = {variables.get(key, plain)}")
    lines.append("record.__class__ = cls")
    if _needs_whole_check(cls, shape):
        lines.append("record.__attrs_post_init__()")
    if cls in NOT_PLAIN:
        lines.append(f"if {_doubt(cls, variables)}: wait(record)")
    body = "\n    ".join([*lines, "return record"])
    exec(f"def read(table):\n    {body}", names)  # noqa: S102 - our own words only
    # Taken out of its own globals, the function goes as soon as its load does, with all it holds.
    reader: Reader = names.pop("read")
    return reader


def _needs_whole_check(cls: type[Any], shape: tuple[str, ...]) -> bool:
    if not hasattr(cls, "__attrs_post_init__"):
        return False
    excepted = CHECKED_BY_KEYS.get(cls)
    return excepted is None or not excepted.isdisjoint(shape)


def _doubt(cls: type[Any], variables: Mapping[str, str]) -> str:
    """Return the expression that is true of a record of which it is not seen that it fits."""
    if not NOT_PLAIN[cls].isdisjoint(variables):
        return "True"
    if cls is Claim:
        if "criterion" not in variables:
            return "True"
        return "speaker is None or source is None or fact is None or fact.kind is not EVENT"
    return _doubt_of_report(variables)


def _doubt_of_report(variables: Mapping[str, str]) -> str:
    told = variables.get("happened") or variables.get("not_happened")
    if told is None or "fact" not in variables:
        return "True"
    first = "first" if "happened" in variables else "last"
    known = variables.get("published")
    undated = "" if known else "(known := source.published) is not None and "
    known = known or "known"
    return (
        "source is None or fact is None or fact.kind is not EVENT or "
        f"{undated}({told}.moment is not None or {known}.moment is not None "
        f"or {told}.{first} > {known}.last)"
    )


def _is_id(by_key: Mapping[str, "attrs.Attribute[Any]"], key: str) -> bool:
    field = by_key.get(key)
    return field is not None and getattr(field.converter, "__wrapped__", None) in _ID_FIELDS


def _checked_ids(ids: Mapping[str, str]) -> Iterator[str]:
    """Give lines that check those ids that are not looked up, several at once."""
    checked = [variable for key, variable in ids.items() if key not in NAMED]
    if checked:
        # One of the rare long ones goes the long way.
        yield f"ids = {' + '.join(checked)}"
        yield (
            "if ids.__class__ is not str or len(ids) > MAX_ID or ' ' in ids "
            "or not ids.isprintable() or not ids.isascii() and not is_normal(ids) "
            f"or not ({' and '.join(checked)}): raise ValueError"
        )
    # The same ids come again and again: one text for all of them takes less room.
    yield from (f"{v} = intern({v})" for key, v in ids.items() if key not in {"id", *NAMED})


def _steps(
    field: "attrs.Attribute[Any]", key: str, variable: str, names: dict[str, Any]
) -> list[str]:
    convert: Any = getattr(field.converter, "__wrapped__", field.converter)
    known = _STEPS.get(convert)
    if known is not None:
        return [known.format(v=variable)]
    if key == "criterion":
        names["to_criterion"] = convert
        return [line.format(v=variable) for line in _CRITERION]
    name = f"c_{variable}"
    names[name] = convert
    if key == "condition":
        return [_EXACT.format(v=variable), f"{variable} = {name}(criterion_of({variable}))"]
    if _is_word(field):
        names[name] = Memo(convert)
        return [_GIVEN.format(v=variable), f"{variable} = {name}[{variable}]"]
    return [_EXACT.format(v=variable), f"{variable} = {name}({variable})"]


def _is_word(field: "attrs.Attribute[Any]") -> bool:
    kinds = (field.type, *get_args(field.type))
    return any(isinstance(kind, type) and issubclass(kind, StrEnum) for kind in kinds)


def known_id(value: str) -> str:
    """
    Return an id that is looked up nowhere.

    Raises:
        ValueError: It is none, or is not in the normal form.
    """
    if fields.identifier(value) != value:
        raise ValueError(value)
    return intern(value)


@cache  # a class refers to itself, so that each of them stays until the collector comes by
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


def needs_care(value: Any) -> bool:  # noqa: ANN401 - whatever stood in the file
    """
    Say whether *value* is, or holds, what only the long way takes or notes.

    That is a float, which stands for a number that it is not; a text that is not in the normal
    form; and one that can be a season.
    """
    kind = value.__class__
    if kind is str:
        return not (value.isascii() or is_normal(value)) or holds_season(value)
    if kind is dict:
        return any(map(needs_care, value.values())) or not all(map(is_normal, value))
    return any(map(needs_care, value)) if kind is list else kind is float


_NAMES: Final[Mapping[str, Any]] = {
    "EVENT": FactKind.EVENT,
    "Event": Event,
    "MAX_ID": fields.MAX_ID,
    "MAX_TEXT": fields.MAX_TEXT,
    "closed": _CLOSED,
    "criterion_of": criterion_of,
    "event_twin": twin_of(Event),
    "event_windows": _WINDOWS,
    "is_normal": is_normal,
    "needs_care": needs_care,
    "intern": intern,
    "is_whole": is_whole,
    "known_id": known_id,
    "spans": _SPANS,
}


REFUSALS: Final = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RecursionError,
    StopIteration,
)
"""What reading a table raises when something in it does not fit."""


class Readers:
    """
    The readers of one kind of record, by shape.

    Args:
        cls: The class of the records.
        records: What has been kept so far, by kind and id; it may still be growing.
        waiting: Given each claim and each piece of evidence of which it is not seen, as it is
            read, that it goes with what it names.
    """

    def __init__(
        self,
        cls: Any,  # noqa: ANN401 - a class of the model
        records: Mapping[str, Mapping[str, Any]],
        waiting: list[Any],
    ) -> None:
        self._class = cls
        self._twin = twin_of(cls)
        self._room = MAX_SHAPES if can_become(self._twin, cls) else 0
        self._records = records
        self._waiting = waiting
        self.by_shape: dict[tuple[str, ...], Reader] = {}
        self._met: dict[tuple[str, ...], int] = {}
        self.respelled: list[tuple[Any, Path]] = []
        self.seasons: list[Any] = []

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
                return reader(table)
            except REFUSALS:
                pass
        record = record_of(self._class, table)
        self.respelled += [(record, path) for path in respelled(self._class, table)]
        if has_season(record):
            self.seasons.append(record)
        if self._class in NOT_PLAIN:
            self._waiting.append(record)
        if reader is None:
            self.learn(shape)
        return record

    def learn(self, shape: tuple[str, ...]) -> None:
        """Note that a table of a shape has been read; at the `LEARNED_AT`th, write its reader."""
        if not shape or shape in self.by_shape or len(self.by_shape) >= self._room:
            return
        met = self._met.get(shape, 0) + 1
        if met > 1 or len(self._met) < MAX_MET:
            self._met[shape] = met
        if met >= LEARNED_AT:
            globals_ = {f"{kind}s": self._records[kind] for kind in NAMED}
            names = {"twin": self._twin, "wait": self._waiting.append, **globals_}
            self.by_shape[shape] = generated_reader(self._class, shape, names)
