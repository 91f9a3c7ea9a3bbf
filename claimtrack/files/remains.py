"""
Hold what can be read of a malformed record against the records of a registry.

Whatever rests on a key that is missing, or cannot be read, or may have been meant by one that is
not known, is passed over: what is told of is wrong however the record is mended.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import attrs

from claimtrack.errors import FieldError
from claimtrack.files.criteria import criterion_of
from claimtrack.files.tables import fields_by_key, read_value
from claimtrack.model.criterion import MAX_DEPTH
from claimtrack.model.evidence import Evidence
from claimtrack.model.fitting import AllowedValues, Path, criterion_errors, errors_of, fact_errors
from claimtrack.model.registry import KINDS

if TYPE_CHECKING:
    from claimtrack.model.registry import Records

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
