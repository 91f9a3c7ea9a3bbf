"""
Read tables fast, without reading them less carefully.

Most tables of a registry have one of a few *shapes*: the same keys in the same order. The first
tables of a shape go the long way round, through the class itself. Once some have passed, a function
is written for that shape: it checks each value that is there with the very rules of its field,
knows the defaults of the rest, and leaves to the long way whatever it does not take at once. So a
reader refuses nothing that the class accepts, and its errors are never seen: the long way finds
them again and says them well. That the two agree on every table is a test. A table that holds a
float is refused too, for no number of a file is one; it comes from a decoder that knows no others,
and is read once more by one that does.

A record is filled in as an instance of a twin of its class, with the same slots and no guard
against setting them, and then given its class. Setting the slots of a frozen class one by one,
through the guard, takes four times as long.

Most records name others that stand before them. Those are looked up as the record is read, while
all of it is at hand: an id that is found has been checked, and is replaced by the one text that all
have in common; and whether the record goes with what it names is seen at the same time. What
cannot be seen yet, or is not plain, *waits* for `claimtrack.model.fitting`, which decides.
"""

from collections.abc import Mapping
from typing import Any, Final

from claimtrack.files.reader_code import (
    NAMED,
    NOT_PLAIN,
    Reader,
    Table,
    can_become,
    twin_of,
    written,
)
from claimtrack.files.tables import record_of, respelled
from claimtrack.model.fitting import Path, has_season

LEARNED_AT: Final = 64
"""Tables of a shape after which its reader is written: for fewer, writing it takes longer."""

MAX_SHAPES: Final = 200
"""Readers kept for one kind of record; tables of further shapes all go the long way."""

MAX_MET: Final = 10_000
"""Shapes whose tables are counted."""

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
        self.respelled += ((record, path) for path in respelled(self._class, table))
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
            shelves = {f"{kind}s": self._records[kind] for kind in NAMED}
            names = {"twin": self._twin, "wait": self._waiting.append, **shelves}
            self.by_shape[shape] = written(self._class, shape, names)
