"""
The parts of files that a load could not read, and what they may define.

Every problem of a registry is reported in one load. So a malformed record is still checked against
the other records, as far as it can be read (`errors_of_broken`). And an id that a broken part may
define is not reported as undefined (`BrokenParts.may_hold`): mending that part may be enough.
"""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

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


Table: TypeAlias = Mapping[str, Any]

_REPORTED: Final = ("happened", "not_happened", "value")
_MEMBERS: Final = ("all", "any", "of", "parts")
_FACTS: Final = ("event", "quantity", "state")

_ESCAPES: Final = re.compile(r"\\[uUx]")
"""What can spell an id with other characters than its own."""

_QUOTES: Final = str.maketrans("", "", "\"'\\")

MAX_SEARCHED: Final = 1_000_000_000
"""Characters of broken texts that are searched for ids in one load, about a second's worth."""

MAX_KEPT: Final = 1_000_000
"""Values of rejected records, and 64ths of the characters of broken texts, kept in one load."""


@attrs.frozen
class BrokenRecord:
    """A record that was rejected, and where it stands; *is_malformed* unless its id was taken."""

    kind: str
    table: Mapping[str, Any]
    origin: Origin
    is_malformed: bool

    @property
    def id(self) -> str | None:
        """Its id, if that can be read."""
        id_ = self.table.get("id")
        return id_ if isinstance(id_, str) else None


class BrokenParts:
    """The broken parts of the files of one load."""

    def __init__(self) -> None:
        self.records: list[BrokenRecord] = []
        self._hides_settings = False
        self._has_broken_settings = False
        self._hides_zone = False
        self._hides_ids = False
        self._ids: set[tuple[str | None, str]] = set()
        self._texts: list[str] = []
        self._searched = 0
        self._left = MAX_KEPT

    def add(self, broken: BrokenRecord) -> None:
        """Add a rejected record; beyond `MAX_KEPT`, note only that there are more."""
        self._left -= _values_in(broken.table, self._left)
        if self._left <= 0:
            self.add_unknown()
            return
        self.records.append(broken)
        if broken.id is not None:
            self._ids.add((broken.kind, broken.id))
        for value in broken.table.values():
            self._note_ids(value)

    def add_unknown(self) -> None:
        """Note that there is a broken part whose text is not kept."""
        self._hides_settings = self._hides_zone = self._hides_ids = True

    def add_settings(self, table: object) -> None:
        """Add a table of settings that was rejected."""
        self._has_broken_settings = True
        settings = readable_part(Settings, table) if isinstance(table, Mapping) else Settings()
        keys = set(table) if isinstance(table, Mapping) else {""}
        is_named = keys <= {*fields_by_key(Settings)} and "timezone" not in keys
        self._hides_zone = settings.timezone is None and not is_named
        self._note_ids(table)

    def add_table(self, value: object) -> None:
        """Add a value that stands where no record can, as under an unknown name."""
        self._hides_settings = True
        self._note_ids(value)
        if isinstance(value, Mapping):
            self._ids.update((None, str(key)) for key in value)

    def add_text(self, text: str | None = None) -> None:
        """Add a *text* that cannot be parsed; None if the text itself is not known."""
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
        """Say whether a broken part may allow seasons."""
        return self._has_broken_settings if has_settings else self._hides_settings

    def hides_zone(self, *, has_settings: bool) -> bool:
        """Say whether a broken part may set the time zone of the registry."""
        return self._hides_zone if has_settings else self._hides_settings

    def may_hold(self, kind: str, id_: str) -> bool:
        """Say whether a broken part may define the record *id_* of *kind*."""
        if self._hides_ids or (kind, id_) in self._ids or (None, id_) in self._ids:
            return True
        self._searched += sum(map(len, self._texts))
        if self._searched > MAX_SEARCHED:
            return True
        bare = id_.translate(_QUOTES)
        return any(bare in text for text in self._texts)


def _values_in(value: object, most: int) -> int:
    """Count *value* and the values in it; the count may stop once it exceeds *most*."""
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
    """Iterate over the texts under the key ``id`` at any depth of *value*."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            if isinstance(one.get("id"), str):
                yield one["id"]
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


def readable_part(cls: Any, table: Table) -> Any:  # noqa: ANN401 - a class, and one of it
    """
    Return an incomplete record of *cls* with the fields of *table* that can be read.

    Other fields have their defaults; a required one is None.
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


def errors_of_broken(kind: str, table: Table, records: "Records") -> Iterator[FieldError]:
    """Return the problems between *records* and the malformed record in *table*."""
    record = readable_part(KINDS[kind], table)
    for error in errors_of(kind, record, records):
        if kind != "evidence" or _is_sure(error, record, table):
            yield error
    if kind == "claim":
        yield from _errors_of_criteria(record, table, records)


def _is_sure(error: FieldError, record: Any, table: Table) -> bool:  # noqa: ANN401 - Evidence
    if error.code == "CT305":  # depends on what is reported, which has to be one key
        given = [key for key in _REPORTED if key in table]
        return list(error.path) == given and getattr(record, given[0]) is not None
    if error.code == "CT307" and record.published is None:  # depends on the day of the source
        return "published" not in table and all(key in fields_by_key(Evidence) for key in table)
    return True


def _errors_of_criteria(
    record: Any,  # noqa: ANN401 - the readable part of a claim
    table: Table,
    records: "Records",
) -> Iterator[FieldError]:
    """Return the problems of criteria that cannot be read as a whole."""
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
    keys = [key for key in _FACTS if key in value]
    if len(keys) == 1 and isinstance(value[keys[0]], str):
        yield from fact_errors(keys[0], value[keys[0]], path, records)
