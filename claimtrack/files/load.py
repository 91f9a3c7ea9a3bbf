"""
Load a registry: every file, every problem, once.

Nothing that a file holds is run, and no path in it is followed. The cyclic collector rests while
records are made, for they hold no cycles and looking for some costs a third of the time.
"""

import gc
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from claimtrack.errors import FieldError, LoadError, Location, Problem, Problems
from claimtrack.files.folder import lines_of, read_text, registry_files
from claimtrack.files.json_lines import tables_of_lines
from claimtrack.files.places import Origin, Places, problem_at
from claimtrack.files.positions import syntax_error_place
from claimtrack.files.tables import faults, record_of
from claimtrack.model.fields import shown, unknown_key
from claimtrack.model.fitting import dangling_message
from claimtrack.model.registry import KINDS, PLURALS, Settings, UnfitRecordsError
from claimtrack.model.shelf import Shelf
from claimtrack.registry import Registry


def load(path: str | os.PathLike[str]) -> Registry:
    """
    Load the registry in a folder, or in one ``.toml``, ``.jsonl`` or ``.jsonl.gz`` file.

    Files of a folder are read in the order of their names, all the way down; which record stands
    in which file does not matter.

    Raises:
        LoadError: Something is wrong; it names every problem with file, line and column.
    """
    loading = _Loading()
    with _collector_at_rest():
        for file in registry_files(Path(path)):
            loading.read(file)
        return loading.registry(os.fspath(path))


def loads(text: str, name: str = "registry.toml") -> Registry:
    """
    Load a registry from the text of one file; its *name* tells the form and stands in errors.

    Raises:
        LoadError: Something is wrong; it names every problem with line and column.
    """
    loading = _Loading()
    with _collector_at_rest():
        if name.endswith(".toml"):
            loading.read_toml(name, text)
        else:
            loading.read_lines(name, enumerate(text.splitlines(), 1))
        return loading.registry(name)


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _Loading:
    """What one load has found so far."""

    def __init__(self) -> None:
        self.problems = Problems()
        self.settings: Settings | None = None
        self.settings_at: Origin | None = None
        self.records: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}
        self.origins: dict[str, dict[str, Origin]] = {kind: {} for kind in KINDS}
        self.places = Places(self.origins)
        self.broken: set[str] = set()
        self.is_torn = False

    def read(self, file: Path) -> None:
        """Read one file of any form."""
        name = str(file)
        try:
            if name.endswith(".toml"):
                self.read_toml(name, read_text(file))
            else:
                self.read_lines(name, lines_of(file))
        except LoadError as error:
            self._tear(*error.problems)

    def _tear(self, *problems: Problem) -> None:
        """Note that something could not be read, so that ids may be missing for that reason."""
        self.is_torn = True
        self.problems.extend(problems)

    def read_toml(self, name: str, text: str) -> None:
        """Read the tables of one TOML text."""
        try:
            document = tomllib.loads(text, parse_float=Decimal)
        except tomllib.TOMLDecodeError as error:
            line, column, message = syntax_error_place(error, text)
            place = Location(name, line, column)
            self._tear(Problem(code="CT002", message=f"is not TOML: {message}", location=place))
            return
        except RecursionError:
            message = "nests deeper than the limit"
            self._tear(Problem(code="CT003", message=message, location=Location(name, 1)))
            return
        self.places.know(name, text)
        for kind, value in document.items():
            self._read_tables(name, kind, value)

    def _read_tables(self, name: str, kind: str, value: object) -> None:
        if kind == "registry":
            self._settle(value, (name, 0))
        elif kind not in KINDS:
            hint = unknown_key(kind, ("registry", *KINDS)).hint
            place = self.places.at(kind, (name, 0))
            message = f"the table {shown(kind)} is not known here"
            self._tear(Problem(code="CT301", message=message, location=place, hint=hint))
        elif not isinstance(value, list):
            place = self.places.at(kind, (name, 0))
            message = f"{kind} is one table or value; expected a list of tables, [[{kind}]]"
            self._tear(Problem(code="CT101", message=message, location=place))
        else:
            for index, table in enumerate(value):
                self._keep(kind, table, (name, index))

    def read_lines(self, name: str, lines: Iterable[tuple[int, str]]) -> None:
        """Read the records of numbered lines of JSON."""
        for number, read in tables_of_lines(lines):
            if isinstance(read, FieldError):
                place = Location(name, number)
                self._tear(Problem(code=read.code, message=read.message, location=place))
                continue
            kind = read.pop("type", None)
            if kind == "registry":
                self._settle(read, (name, number))
            elif kind in KINDS:
                self._keep(kind, read, (name, number))
            else:
                self._refuse_type(kind, Location(name, number))

    def _refuse_type(self, kind: object, location: Location) -> None:
        if kind is None:
            self.problems.add("CT302", "the key 'type' is missing", location)
            return
        error = unknown_key(kind, ("registry", *KINDS))
        message = f"type {shown(kind)} is not known; expected registry, {', '.join(KINDS)}"
        self.problems.add("CT103", message, location, error.hint)

    def _settle(self, table: object, origin: Origin) -> None:
        if self.settings_at is not None:
            first = self.places.at("registry", self.settings_at)
            message = f"registry stands already in {first}; expected it once"
            self.problems.add("CT201", message, self.places.at("registry", origin))
            return
        self.settings_at = origin
        settings = self._made(Settings, "registry", table, origin)
        self.settings = settings or Settings()

    def _keep(self, kind: str, table: object, origin: Origin) -> None:
        record = self._made(KINDS[kind], kind, table, origin)
        if record is None:
            return
        kept = self.records[kind]
        if record.id in kept:
            first = self.places.of(kind, record.id)
            message = (
                f"{kind} id {record.id!r} is taken by {first}; "
                "expected ids to be unique in a registry"
            )
            self.problems.add("CT201", message, self.places.at(kind, origin, ("id",)))
            return
        kept[record.id] = record
        self.origins[kind][record.id] = origin

    def _made(self, cls: type[Any], kind: str, table: object, origin: Origin) -> Any:  # noqa: ANN401
        try:
            return record_of(cls, table)  # type: ignore[arg-type]
        except (FieldError, TypeError, AttributeError, KeyError):
            id_ = table.get("id") if isinstance(table, Mapping) else None
            self.broken.add(dangling_message(kind, id_))
            for error in faults(cls, table):
                place = self.places.at(kind, origin, error.path)
                self.problems.extend([problem_at(kind, id_, error, place)])
            return None

    def registry(self, name: str) -> Registry:
        """Return the registry, or raise everything that was wrong."""
        if not self.problems and self.settings is None and not any(self.records.values()):
            self.problems.add("CT001", f"{name!r} holds no records")
        shelves = {PLURALS[kind]: Shelf(kind, kept) for kind, kept in self.records.items()}
        registry = None
        try:
            registry = Registry(settings=self.settings or Settings(), places=self.places, **shelves)
        except UnfitRecordsError as error:
            self.problems.extend(self._located(error))
        self.problems.raise_if_any()
        assert registry is not None  # noqa: S101 - records that do not fit were raised just now
        return registry

    def _located(self, error: UnfitRecordsError) -> Iterator[Problem]:
        for misfit in error.misfits:
            found = misfit.error
            if found.code == "CT202" and (self.is_torn or found.message in self.broken):
                continue  # the record that is missing has been told of already
            place = self.places.of(misfit.kind, misfit.id, found.path)
            yield problem_at(misfit.kind, misfit.id, found, place)
