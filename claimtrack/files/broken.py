"""
What a load could not keep, and what may have stood in it.

A record that cannot be kept is looked at as far as it can be read, so that one load tells of
everything; and nobody is blamed for naming an id that is there, but in something that is broken.
"""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import attrs

from claimtrack.errors import FieldError
from claimtrack.files.locations import Origin
from claimtrack.files.records import criterion_of, fields_by_key, read_value
from claimtrack.model.criterion import MAX_DEPTH
from claimtrack.model.records import Evidence
from claimtrack.model.references import (
    AllowedValues,
    Path,
    criterion_errors,
    errors_of,
    fact_errors,
)
from claimtrack.model.registry import KINDS, Settings

if TYPE_CHECKING:
    from claimtrack.model.registry import Records


_ESCAPES: Final = re.compile(r"\\[uUx]")
"""What can spell an id with other characters than its own."""

_QUOTES: Final = str.maketrans("", "", "\"'\\")

MAX_SEARCHED: Final = 1_000_000_000
"""Characters of broken texts that are searched for ids in one load, about a second's worth."""


MAX_KEPT: Final = 1_000_000
"""Values in the records that were not kept, and 64ths of the characters of texts, in one load."""


@attrs.frozen
class Lost:
    """A record that was not kept, and where it stands; *is_malformed* unless its id was taken."""

    kind: str
    table: Mapping[str, Any]
    origin: Origin
    is_malformed: bool

    @property
    def id(self) -> str | None:
        """Its id, if that can be read."""
        id_ = self.table.get("id")
        return id_ if isinstance(id_, str) else None


class Losses:
    """What one load could not keep."""

    def __init__(self) -> None:
        self.records: list[Lost] = []
        self._hides_settings = False
        self._has_lost_settings = False
        self._hides_zone = False
        self._hides_ids = False
        self._ids: set[tuple[str | None, str]] = set()
        self._texts: list[str] = []
        self._searched = 0
        self._left = MAX_KEPT

    def add(self, lost: Lost) -> None:
        """Note a record that cannot be kept; of very many, only that there are such."""
        self._left -= _values_in(lost.table, self._left)
        if self._left <= 0:
            self.add_unknown()
            return
        self.records.append(lost)
        if lost.id is not None:
            self._ids.add((lost.kind, lost.id))
        for value in lost.table.values():
            self._note_ids(value)

    def add_unknown(self) -> None:
        """Note that something is lost of which not even the words are known."""
        self._hides_settings = self._hides_zone = self._hides_ids = True

    def add_settings(self, table: object) -> None:
        """Note settings that cannot be kept."""
        self._has_lost_settings = True
        settings = remains_of(Settings, table) if isinstance(table, Mapping) else Settings()
        keys = set(table) if isinstance(table, Mapping) else {""}
        is_named = keys <= {*fields_by_key(Settings)} and "timezone" not in keys
        self._hides_zone = settings.timezone is None and not is_named
        self._note_ids(table)

    def add_table(self, value: object) -> None:
        """Note what stands where no records can stand, as under a name that is not known."""
        self._hides_settings = True
        self._note_ids(value)
        if isinstance(value, Mapping):
            self._ids.update((None, str(key)) for key in value)

    def add_text(self, text: str | None = None) -> None:
        """Note a *text* that cannot be read; None for one of which not even the words are known."""
        self._hides_settings = True
        self._left -= 0 if text is None else len(text) // 64 + 1
        if text is None or self._left <= 0 or _ESCAPES.search(text):
            self._hides_ids = True
        else:
            self._texts.append(text.translate(_QUOTES))

    def _note_ids(self, value: object) -> None:
        if self._hides_ids:
            return
        self._ids.update((None, id_) for id_ in _ids_in(value))

    def hides_seasons(self, *, has_settings: bool) -> bool:
        """Say whether what could not be kept may allow seasons."""
        return self._has_lost_settings if has_settings else self._hides_settings

    def hides_zone(self, *, has_settings: bool) -> bool:
        """Say whether the zone of the registry may stand in what could not be kept."""
        return self._hides_zone if has_settings else self._hides_settings

    def may_hold(self, kind: str, id_: str) -> bool:
        """Say whether the record *id_* of *kind* may stand in what could not be kept."""
        if self._hides_ids or (kind, id_) in self._ids or (None, id_) in self._ids:
            return True
        self._searched += sum(map(len, self._texts))
        if self._searched > MAX_SEARCHED:
            return True
        bare = id_.translate(_QUOTES)
        return any(bare in text for text in self._texts)


def _values_in(value: object, most: int) -> int:
    """Count *value* and all that is in it; above *most*, not all of it."""
    waiting, count = [value], 0
    while waiting and count <= most:
        one = waiting.pop()
        count += 1
        if isinstance(one, Mapping):
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    return count


def _ids_in(value: object) -> Iterator[str]:
    """Iterate over whatever could be meant as the id of a record in *value*."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            if isinstance(one.get("id"), str):
                yield one["id"]
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


Table = Mapping[str, Any]

_TELLING: Final = ("happened", "not_happened", "value")
_MEMBERS: Final = ("all", "any", "of", "parts")
_FACTS: Final = ("event", "quantity", "state")


def remains_of(cls: Any, table: Table) -> Any:  # noqa: ANN401 - a class, and one of it
    """
    Return what can be read of a record of *cls*; it is no whole record.

    What is needed and cannot be read is None, and the rest as if it had not been given.
    """
    record = object.__new__(cls)
    for key, field in fields_by_key(cls).items():
        object.__setattr__(record, field.name, _read(field, key, table))
    return record


def _read(field: "attrs.Attribute[Any]", key: str, table: Table) -> Any:  # noqa: ANN401
    default = None if field.default is attrs.NOTHING else field.default
    if key not in table:
        return default
    try:
        value = read_value(key, table[key])
        return value if field.converter is None else field.converter(value)  # type: ignore[operator]
    except FieldError:
        return default


def errors_of_remains(kind: str, table: Table, records: "Records") -> Iterator[FieldError]:
    """Find what is wrong between *records* and the malformed record in *table*."""
    record = remains_of(KINDS[kind], table)
    for error in errors_of(kind, record, records):
        if kind != "evidence" or _is_sure(error, record, table):
            yield error
    if kind == "claim":
        yield from _errors_of_criteria(record, table, records)


def _is_sure(error: FieldError, record: Any, table: Table) -> bool:  # noqa: ANN401 - Evidence
    if error.code == "CT305":  # rests on what the report tells, which has to be one thing
        told = [key for key in _TELLING if key in table]
        return list(error.path) == told and getattr(record, told[0]) is not None
    if error.code == "CT307" and record.published is None:  # rests on the day of the source
        return "published" not in table and all(key in fields_by_key(Evidence) for key in table)
    return True


def _errors_of_criteria(
    record: Any,  # noqa: ANN401 - what remains of a claim
    table: Table,
    records: "Records",
) -> Iterator[FieldError]:
    """Look into the criteria that cannot be read as a whole."""
    for key in ("criterion", "condition"):
        if key in table and getattr(record, key) is None:
            yield from _errors_within(table[key], (key,), records)
    readings = table.get("reading")
    if isinstance(readings, list) and not record.readings:
        for index, reading in enumerate(readings):
            if isinstance(reading, Mapping) and "criterion" in reading:
                path = ("reading", index, "criterion")
                yield from _errors_within(reading["criterion"], path, records)


def _errors_within(
    value: object, path: Path, records: "Records", depth: int = 1
) -> Iterator[FieldError]:
    try:
        node = criterion_of(value, depth)
    except FieldError:
        pass
    else:
        yield from criterion_errors(node, path, records, AllowedValues())
        return
    if not isinstance(value, Mapping) or depth > MAX_DEPTH:
        return
    for key in _MEMBERS:
        members = value.get(key)
        for index, member in enumerate(members if isinstance(members, list) else ()):
            yield from _errors_within(member, (*path, key, index), records, depth + 1)
    if "not" in value:
        yield from _errors_within(value["not"], (*path, "not"), records, depth + 1)
    told = [key for key in _FACTS if key in value]
    if len(told) == 1 and isinstance(value[told[0]], str):
        yield from fact_errors(told[0], value[told[0]], path, records)
