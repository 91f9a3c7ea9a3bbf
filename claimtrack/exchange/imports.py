"""Import a sheet into the files of a registry: what would be written, before anything is."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, TypeAlias

import attrs

from claimtrack.edit.change import FileChange, packed
from claimtrack.edit.records import RecordEdits, edited
from claimtrack.edit.toml import EditError
from claimtrack.errors import LoadError, Problem
from claimtrack.exchange.ledger import ROW, Loss
from claimtrack.exchange.mapping import ColumnMapping, MappingError, checked
from claimtrack.exchange.merge import Plan, consistent, merged
from claimtrack.exchange.names import Names, Table
from claimtrack.exchange.rows import Incoming, SheetReader
from claimtrack.exchange.sheets import CellProblem, Sheet
from claimtrack.exchange.state import State, saved_state, state_text
from claimtrack.files.folder import ENDINGS, MAPPING_NAME, STATE_NAME, files_below
from claimtrack.files.load import load_bytes
from claimtrack.files.locations import Locations
from claimtrack.model.registry import PLURALS, Records
from claimtrack.model.scales import Scale, scale_of, shipped_scales
from claimtrack.registry import Registry


@attrs.frozen(kw_only=True)
class Import:
    """
    What one import would do.

    Args:
        name: The name of the file that is imported.
        plan: Record by record.
        changes: The files of the registry before and after it.
        state: The file with what the import said, before and after it.
        problems: The bad cells of rows that are left out.
        losses: Every row and column that is not taken.
        rows: How many rows there are, empty ones between others included.
    """

    name: str
    plan: Plan
    changes: tuple[FileChange, ...]
    state: FileChange
    problems: tuple[CellProblem, ...]
    losses: tuple[Loss, ...]
    rows: int

    @property
    def rows_taken(self) -> int:
        """How many rows were taken."""
        return self.rows - sum(one.what == ROW for one in self.losses)


class BadCellsError(LoadError):
    """
    Cells of a sheet cannot be read.

    Args:
        problems: Each bad cell.
        losses: The ledger: every row, none of which is taken, and the columns that are not.
    """

    def __init__(self, problems: tuple[Problem, ...], losses: tuple[Loss, ...] = ()) -> None:
        super().__init__(problems)
        self.losses = losses

    def __reduce__(self) -> tuple[type["BadCellsError"], tuple[object, ...]]:
        return type(self), (self.problems, self.losses)


def folder_of(path: str) -> Path:
    """Return the folder of the registry at *path*, which may be one file and need not be there."""
    root = Path(path)
    is_file = root.is_file() or (not root.exists() and root.name.endswith(ENDINGS))
    return root.parent if is_file else root


def state_path(path: str, mapping_name: str) -> Path:
    """Return where the state of imports with a mapping of that name is kept."""
    return folder_of(path) / f"{mapping_name.removesuffix(MAPPING_NAME)}{STATE_NAME}"


def reader_of(
    sheet: Sheet,
    mapping: ColumnMapping,
    records: Records | None = None,
    state: State | None = None,
) -> SheetReader:
    """
    Return *sheet*, read with *mapping*.

    Raises:
        MappingError: The mapping does not fit, or lacks something.
    """
    checked(mapping, sheet)
    scale = mapping.constants.get("scale")
    own: Mapping[str, Scale] = {} if records is None else records.scales
    if scale is not None and scale not in own and scale not in shipped_scales():
        known = ", ".join((*own, *shipped_scales()))
        message = f"scale {scale!r} is not known; expected one of {known}"
        raise MappingError((("CT362", message),))
    state = State() if state is None else state
    names = Names(records, state.names)
    reader = SheetReader(
        sheet, mapping, names, lambda id_: own.get(id_) or scale_of(id_), state.ids()
    )
    reader.read()
    return reader


Reading: TypeAlias = Callable[[Registry, State], Incoming]
"""Reads a file, given the registry that it goes into and the state of the last import."""


def sheet_reading(sheet: Sheet, mapping: ColumnMapping) -> Reading:
    """Return what reads *sheet* with *mapping*."""
    return lambda registry, state: reader_of(sheet, mapping, registry, state)


def prepared(  # noqa: PLR0913 - what an import is told
    reading: Reading,
    registry: Registry,
    path: str,
    state_file: Path,
    *,
    remove: bool = False,
    skip_bad: bool = False,
) -> Import:
    """
    Return what an import would do; nothing is written.

    Args:
        reading: Reads what is imported.
        registry: What is at *path*, loaded from there.
        path: The folder or the file of the registry.
        state_file: Where the state of the last import is, and is to be.
        remove: Whether records of rows that are gone are taken out.
        skip_bad: Whether rows with bad cells are left out; if not, nothing is imported.

    Raises:
        BadCellsError: There are bad cells.
        LoadError: What would come out could not be loaded, or the state cannot be read.
        MappingError: The mapping does not fit, or lacks something.
        EditError: A file is written in a way that cannot be changed safely.
        OSError: A file cannot be read.
    """
    state, content = saved_state(state_file)
    reader = reading(registry, state)
    problems = tuple(one for row in reader.problems.values() for one in row)
    if problems and (remove or not skip_bad):
        raise BadCellsError(problems, _refused(reader))
    plan = merged(reader, registry, state, remove=remove)
    wanted = consistent(plan, registry, reader)
    changes = tuple(_changes(plan, registry, path))
    _verify(changes, wanted, path)
    return Import(
        name=reader.name,
        plan=plan,
        changes=changes,
        state=FileChange(state_file, content, (content or b"").decode(), state_text(plan.state)),
        problems=problems,
        losses=tuple(reader.losses),
        rows=reader.rows,
    )


def _refused(reader: Incoming) -> tuple[Loss, ...]:
    """Return the ledger of an import that was refused: no row is taken."""
    told = {one.at for one in reader.losses if one.what == ROW}
    rows = sorted({row for entry in reader.entries.values() for row in entry.rows})
    others = [str(row) for row in rows if str(row) not in told]
    why = "nothing was imported, since other rows have bad cells"
    return (*reader.losses, *(Loss(what=ROW, at=number, why=why) for number in others))


def _changes(plan: Plan, registry: Registry, path: str) -> list[FileChange]:
    edits: dict[Path, RecordEdits] = {}
    locations = registry.locations
    assert isinstance(locations, Locations)  # noqa: S101 - it was loaded

    def of(kind: str, id_: str) -> RecordEdits:
        file = locations.file_of(kind, id_)
        assert file is not None  # noqa: S101 - it was loaded
        return edits.setdefault(Path(file), RecordEdits())

    for (kind, id_), keys in plan.keys.items():
        of(kind, id_).keys[kind, id_] = keys
    for kind, id_ in plan.removed:
        of(kind, id_).removed.add((kind, id_))
    files: dict[str, Path] = {}
    for kind, table in plan.added:
        if kind not in files:
            files[kind] = _file_for(registry, locations, kind, path)
        edits.setdefault(files[kind], RecordEdits()).added.append((kind, table))
    return [edited(file, one) for file, one in edits.items()]


def _file_for(registry: Registry, locations: Locations, kind: str, path: str) -> Path:
    """Return where new records of *kind* go: below the last of them, or to a file of their own."""
    root = Path(path)
    if root.is_file() or (not root.exists() and root.name.endswith(ENDINGS)):
        return root
    last = next(reversed([*getattr(registry, PLURALS[kind])]), None)
    file = None if last is None else locations.file_of(kind, last)
    if file is not None:
        return Path(file)
    has_records = any(registry.record_maps())
    files = files_below(root) if root.exists() else []
    if has_records and len(files) == 1 and files[0].name.partition(".")[0] not in PLURALS.values():
        return files[0]
    return root / f"{PLURALS[kind]}.toml"


_AFTER: Final = "the import would not leave what it is to leave; nothing is written"


def _verify(changes: tuple[FileChange, ...], wanted: Registry, path: str) -> None:
    """
    Load the files as they would be, and compare them with what is wanted.

    Raises:
        EditError: They differ.
        LoadError: They could not be loaded.
    """
    root = Path(path)
    files = files_below(root) if root.is_dir() else [root] if root.exists() else []
    contents: dict[str, bytes] = {}
    for file in files:
        contents[str(file)] = file.read_bytes()
    for change in changes:
        contents[str(change.path)] = packed(change)
    found = load_bytes(dict(sorted(contents.items())), path, may_be_empty=True)
    if found != wanted:
        raise EditError(_AFTER)


def read_rows(
    sheet: Sheet, mapping: ColumnMapping, records: Records | None = None
) -> tuple[list[tuple[str, Table]], tuple[Loss, ...], tuple[CellProblem, ...]]:
    """
    Return the tables of the records that a sheet holds, its losses and its bad cells.

    What is among *records* already, such as a speaker of a name, is not made anew.

    Raises:
        MappingError: The mapping does not fit, or lacks something.
    """
    reader = reader_of(sheet, mapping, records)
    problems = tuple(one for row in reader.problems.values() for one in row)
    plan = merged(reader, Registry(), State(), remove=False)
    return plan.added, tuple(reader.losses), problems
