"""Add one record to the file where records of its kind stand, checked as in a load."""

import copy
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from claimtrack.edit.change import BOM, FileChange, line_end_of, text_of
from claimtrack.edit.records import RecordEdits, edited
from claimtrack.edit.toml import EditError, with_table_below
from claimtrack.errors import LoadError, Problem
from claimtrack.files.broken import errors_of_broken
from claimtrack.files.locations import Locations, problem_at
from claimtrack.files.records import faults, record_of, record_table
from claimtrack.files.toml_writer import write_document
from claimtrack.files.write import json_line
from claimtrack.model.claim import Claim, Reading
from claimtrack.model.references import hinted
from claimtrack.model.registry import KINDS, PLURALS, taken_id
from claimtrack.registry import Registry

ALIKE: Mapping[str, tuple[str, ...]] = {
    "claim": ("speaker",),
    "evidence": ("fact", "claim"),
    "forecast": ("claim",),
    "assessment": ("claim",),
}
"""The fields by which a new record is put beside others of its kind."""


def record_from(registry: Registry, kind: str, table: Mapping[str, Any]) -> tuple[Any, Registry]:
    """
    Return the record of *kind* that *table* describes, and *registry* with it.

    Raises:
        LoadError: It does not; it names every problem.
    """
    id_ = table.get("id")
    problems = list(_problems(registry, kind, table))
    if isinstance(id_, str) and id_ in getattr(registry, PLURALS[kind]):
        problems.insert(0, taken_id(kind, id_))
    if problems:
        raise LoadError(tuple(problems))
    record = record_of(KINDS[kind], table)
    kept = [one for records in registry.record_maps() for one in records.values()]
    return record, Registry.of(*kept, record, settings=registry.settings)


def reading_from(registry: Registry, claim: Claim, table: Mapping[str, Any]) -> Reading:
    """
    Return the reading that *table* describes, if *claim* with it goes together with *registry*.

    Raises:
        LoadError: It does not; it names every problem.
    """
    whole = record_table(claim)
    whole["reading"] = [*whole.get("reading", ()), table]
    problems = tuple(_problems(registry, "claim", whole))
    if problems:
        raise LoadError(problems)
    changed: Claim = record_of(Claim, whole)
    return changed.readings[-1]


def _problems(registry: Registry, kind: str, table: Mapping[str, Any]) -> Iterator[Problem]:
    errors = (*faults(KINDS[kind], table), *errors_of_broken(kind, table, registry))
    for _, error in hinted((None, error) for error in errors):
        yield problem_at(kind, table.get("id"), error, None)


def file_for(registry: Registry, kind: str, record: Any) -> Path | None:  # noqa: ANN401
    """
    Return the file that *record* belongs in: that of the last one like it, or of its kind.

    None if the registry has no record of that kind.
    """
    locations = registry.locations
    assert isinstance(locations, Locations)  # noqa: S101 - only what was loaded is added to
    others = list(getattr(registry, PLURALS[kind]).values())
    alike = [
        one
        for one in others
        if any(
            getattr(record, field) is not None and getattr(one, field) == getattr(record, field)
            for field in ALIKE.get(kind, ())
        )
    ]
    last = next(reversed(alike or others), None)
    file = None if last is None else locations.file_of(kind, last.id)
    return None if file is None else Path(file)


def appended(path: Path, records: Sequence[tuple[str, Any]]) -> FileChange:
    """
    Return the file *path* with *records* below all that it holds; it need not be there yet.

    Args:
        path: The file.
        records: The records, each with its kind.

    Raises:
        EditError: The records cannot stand below what the file holds.
        OSError: It cannot be read.
    """
    content = path.read_bytes() if path.exists() else None
    before = "" if content is None else text_of(path, content)
    tables = [(kind, record_table(record)) for kind, record in records]
    newline = line_end_of(before)
    gap = "" if not before or before.endswith("\n") else newline
    if not path.name.endswith(".toml"):
        lines = "".join(map(json_line, tables)).replace("\n", newline)
        return FileChange(path, content, before, before + gap + lines)
    gap += newline if before.strip() else ""
    block = write_document(tables).replace("\n", newline)
    after = before + gap + block
    if not _adds(before, after, tables):
        raise EditError("a record cannot be put below what the file holds; edit it by hand")
    return FileChange(path, content, before, after)


def _adds(before: str, after: str, tables: Sequence[tuple[str, Mapping[str, Any]]]) -> bool:
    try:
        wanted, got = _read(before), _read(after)
    except tomllib.TOMLDecodeError:
        return False
    wanted = copy.deepcopy(wanted)
    for kind, table in tables:
        wanted.setdefault(kind, []).append(_read(write_document([(kind, table)]))[kind][0])
    return wanted == got


def with_reading(path: Path, claim: Claim, reading: Reading) -> FileChange:
    """
    Return the file *path* with *reading* below all that it says of *claim*.

    Raises:
        EditError: It is written in a way that cannot be changed safely.
        OSError: It cannot be read.
    """
    content = path.read_bytes()
    before = text_of(path, content)
    table = record_table(reading)
    if path.name.endswith(".toml"):
        mark = BOM if before.startswith(BOM) else ""
        after = mark + with_table_below(
            before.removeprefix(BOM), ("claim", claim.id), "reading", table
        )
        return FileChange(path, content, before, after)
    readings = [*map(record_table, claim.readings), table]
    edits = RecordEdits(keys={("claim", claim.id): {"reading": readings}})
    return edited(path, edits)


def _read(text: str) -> dict[str, Any]:
    plain = text.removeprefix(BOM).replace("\r\n", "\n")
    return tomllib.loads(plain, parse_float=Decimal)
