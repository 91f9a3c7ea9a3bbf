"""
Freeze records of one kind into cells of a few dozen, of which one can be thawed alone.

A cell holds columns: the values of one field for all its records. Fields in which no record
differs from the default are left out, texts and numbers stand as they are, and days as the text
that they were read from; only what is left, such as criteria, is pickled. That takes a third of
the time that pickling whole records takes.

Nothing is made from a cell but objects of the model.
"""

import io
import marshal
import pickle
from collections.abc import Callable, Sequence
from functools import cache
from itertools import chain
from operator import attrgetter, countOf
from typing import Any, Final, TypeAlias

import attrs

from claimtrack.model.criterion import Event, Window
from claimtrack.model.span import Span, parse_span

CELL: Final = 32
"""Records of one cell: more take longer to thaw, fewer longer to freeze."""

PLAIN, DAYS, PICKLED = "plain", "days", "pickled"

Columns: TypeAlias = list[tuple[str, str]]
"""The name of a field, and in which of the three ways its values are kept."""

_PLAIN_TYPES: Final = frozenset({str, int, bool, type(None)})
_OTHERS: Final = frozenset({("decimal", "Decimal"), ("claimtrack.model.span", "parse_span")})


def frozen(cls: Any, records: Sequence[Any]) -> tuple[Columns, list[bytes]]:  # noqa: ANN401
    """Return the columns of *records*, which are all of *cls*, and their cells."""
    columns: Columns = []
    kept = []
    for field in attrs.fields(cls):
        values = list(map(attrgetter(field.name), records))
        if _are_default(values, field.default):
            continue
        way, values = _kept(values)
        columns.append((field.name, way))
        kept.append((way, values))
    return columns, [_cell(kept, at) for at in range(0, len(records), CELL)]


def _are_default(values: list[Any], default: object) -> bool:
    return default in {None, ()} and countOf(values, default) == len(values)


def _kept(values: list[Any]) -> tuple[str, list[Any]]:
    types = set(map(type, values))
    if types <= _PLAIN_TYPES:
        return PLAIN, values
    if types <= {Span, type(None)}:
        return DAYS, [None if value is None else value.text for value in values]
    if types == {tuple} and set(map(type, chain.from_iterable(values))) <= {str}:
        return PLAIN, values
    return PICKLED, values


def _cell(columns: Sequence[tuple[str, list[Any]]], at: int) -> bytes:
    return marshal.dumps(
        [
            pickled(values[at : at + CELL]) if way == PICKLED else values[at : at + CELL]
            for way, values in columns
        ]
    )


class Cell:
    """
    The records of one cell.

    Args:
        cls: Their class.
        columns: From `frozen`.
        content: From `frozen`, and from nobody else: what is damaged may raise anything.
    """

    def __init__(self, cls: Any, columns: Columns, content: bytes) -> None:  # noqa: ANN401
        self._class = cls
        self._rest = {
            field.name: field.default
            for field in attrs.fields(cls)
            if field.name not in dict(columns)
        }
        self._ways: list[tuple[str, Callable[[Any], Any], list[Any]]] = []
        for (name, way), column in zip(columns, marshal.loads(content), strict=True):  # noqa: S302
            values = unpickled(column) if way == PICKLED else column
            self._ways.append((name, _day if way == DAYS else _same, values))

    def record(self, place: int) -> Any:  # noqa: ANN401 - a record
        """Return the record in that place, which passed every check before it was frozen."""
        found = self._class.__new__(self._class)
        for name, default in self._rest.items():
            object.__setattr__(found, name, default)
        for name, thaw, values in self._ways:
            object.__setattr__(found, name, thaw(values[place]))
        return found


def _same(value: Any) -> Any:  # noqa: ANN401 - whatever was kept
    return value


def _day(text: str | None) -> Span | None:
    return None if text is None else parse_span(text)


@cache
def _names(cls: Any) -> tuple[str, ...]:  # noqa: ANN401 - a class
    return tuple(field.name for field in attrs.fields(cls))


def revived(cls: Any, values: tuple[Any, ...]) -> Any:  # noqa: ANN401 - a class, and one of it
    """Make an object of *cls* of the values of its fields, which passed every check before."""
    found = cls.__new__(cls)
    for name, value in zip(_names(cls), values, strict=True):
        object.__setattr__(found, name, value)
    return found


def _short_way(cls: Any) -> Callable[[Any], tuple[Any, ...]]:  # noqa: ANN401 - a class
    values = attrgetter(*_names(cls))
    return lambda found: (revived, (cls, values(found)))


_SHORT_WAYS: Final[dict[type, Callable[[Any], tuple[Any, ...]]]] = {
    Span: lambda span: (parse_span, (span.text,)),
    **{cls: _short_way(cls) for cls in (Event, Window)},
}
"""How the commonest objects are pickled in a third of the time that it takes otherwise."""


def pickled(value: object) -> bytes:
    """Pickle *value*, which holds objects of the model alone."""
    content = io.BytesIO()
    pickler = pickle.Pickler(content, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = _SHORT_WAYS
    pickler.dump(value)
    return content.getvalue()


class _OwnClasses(pickle.Unpickler):
    """Makes objects of the model's classes, and of no others."""

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 - a class
        if (module, name) == (__name__, revived.__name__):
            return revived
        if (module, name) in _OTHERS:
            return super().find_class(module, name)
        if module.startswith("claimtrack.model."):
            found = super().find_class(module, name)
            # A name may lead on into the modules that this one imports.
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is not part of a record")


def unpickled(content: bytes) -> Any:  # noqa: ANN401 - whatever was pickled
    """
    Return what was pickled.

    Raises:
        UnpicklingError: It holds more than objects of the model.
    """
    return _OwnClasses(io.BytesIO(content)).load()
