"""Load a registry from its files, and report every problem of it at once."""

import os
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, Final, TypeAlias

from claimtrack.collector import collector_paused
from claimtrack.errors import (
    FieldError,
    LoadError,
    Location,
    Problem,
    Problems,
    TooManyProblemsError,
)
from claimtrack.files.broken import BrokenParts, BrokenRecord, errors_of_broken, readable_part
from claimtrack.files.compiled import REFUSALS, Reader, Readers
from claimtrack.files.folder import (
    LIMITS,
    Block,
    File,
    Limits,
    blocks_in,
    blocks_of,
    files_below,
    is_excluded,
    read_text,
    registry_files,
)
from claimtrack.files.jsonl import (
    careful_table,
    pieces_of,
    plain_table,
    tables_at_once,
    tables_in,
)
from claimtrack.files.locations import Locations, Origin, problem_at
from claimtrack.files.records import faults
from claimtrack.model.fields import shown, unknown_key
from claimtrack.model.records import RecordMap
from claimtrack.model.references import (
    HERE,
    LOADED,
    DanglingError,
    hinted,
    season_problems,
    unhinted_problems,
)
from claimtrack.model.registry import KINDS, PLURALS, Settings
from claimtrack.registry import Registry

Slot: TypeAlias = tuple[
    Mapping[tuple[str, ...], Reader], Callable[[str, Any], Any], Callable[[int], None]
]
"""The readers of a kind by shape, what keeps a record under its id, and what notes its line."""

Found: TypeAlias = tuple[str, str | None, Origin | None]
"""The kind and the id of a record with a problem, and where it stands if it was not kept."""


def _with_hashes() -> dict[Any, Any]:
    """
    Return an empty dict that keeps the hash of each key, as one does that held other than texts.

    One for texts alone asks the texts for theirs; and whoever looks for one among a hundred
    thousand meets others on the way, which lie far apart in memory.
    """
    made: dict[Any, Any] = {0: 0}
    del made[0]
    return made


class Loading:
    """
    What one load has found so far.

    Args:
        limits: How large what is read may be. Once as many problems are known as are told, the
            further ones are counted, and nothing is kept or placed for them.
        within: Where ids are looked for, as problems call it.
    """

    def __init__(self, limits: Limits = LIMITS, within: str = LOADED) -> None:
        self.limits = limits
        self.within = within
        self.problems = Problems(limits.problems, limits.problems_counted)
        self.settings: Settings | None = None
        self.settings_at: Origin | None = None
        self.records: dict[str, dict[str, Any]] = {kind: _with_hashes() for kind in KINDS}
        self.locations = Locations(self.records)
        self.waiting: dict[str, list[Any]] = {kind: [] for kind in ("registry", *KINDS)}
        self.readers = {
            kind: Readers(cls, self.records, self.waiting[kind])
            for kind, cls in {"registry": Settings, **KINDS}.items()
        }
        self.positions: dict[str, array[int]] = {}
        self.slots: dict[str, Slot] = {}
        self.broken = BrokenParts()
        self.excluded: list[tuple[str, tuple[str, ...]]] = []
        """Patterns of files that are no part of the registry, by the file that says so."""
        self.taken: list[tuple[str, str, Origin]] = []
        """Records whose id another has that was kept: kind, id, and where they stand."""

    def read(self, file: File, progress: Callable[[int], object] | None = None) -> None:
        """
        Read one file of any form.

        Args:
            file: What is read.
            progress: Called now and then with how many of its bytes, as they are stored, were read.
        """
        self.locations.keep(file)
        try:
            if file.name.endswith(".toml"):
                self.read_toml(file.name, read_text(file, self.limits))
            else:
                self.read_blocks(file.name, blocks_of(file, self.limits, progress))
        except TooManyProblemsError:
            raise
        except LoadError as error:
            self._tear(None, *error.problems)

    def _begin(self, name: str) -> None:
        self.positions = self.locations.begin(name)
        self.slots = {
            kind: (self.readers[kind].by_shape, kept.setdefault, self.positions[kind].append)
            for kind, kept in self.records.items()
        }

    def _tear(self, text: str | None, *problems: Problem) -> None:
        """Note that a text could not be read, so that ids may be missing for that reason."""
        self.broken.add_text(text)
        self.problems.extend(problems)

    def read_toml(self, name: str, text: str) -> None:
        """Read the tables of one TOML text."""
        from claimtrack.files.toml import (  # noqa: PLC0415 - only TOML needs it
            document_of,
            readable_rest,
        )

        try:
            document = document_of(text, name, self.limits)
        except LoadError as error:
            rest = readable_rest(text, name, error, self.limits)
            if rest is None:
                self._tear(text, *error.problems)
                return
            self._tear(rest.broken, *rest.problems)
            document, text = rest.document, rest.text
        self.locations.know(name, text)
        self._begin(name)
        for kind, value in document.items():
            self._read_tables(name, kind, value)

    def _read_tables(self, name: str, kind: str, value: object) -> None:
        if kind == "registry":
            self._settle(value, (name, 0))
        elif kind not in KINDS and self.problems.is_full:
            self.problems.count()
            self.broken.add_unknown()
        elif kind not in KINDS:
            hint = unknown_key(kind, ("registry", *KINDS)).hint
            place = self.locations.at(kind, (name, 0))
            message = f"the table {shown(kind)} is not known here"
            self.problems.add("CT301", message, place, hint)
            self.broken.add_table(value)
        elif not isinstance(value, list):
            place = self.locations.at(kind, (name, 0))
            message = f"{kind} is one table or value; expected a list of tables, [[{kind}]]"
            self.problems.add("CT101", message, place)
            self.broken.add_table(value)
        else:
            for index, table in enumerate(value):
                self._keep(kind, table, (name, index))

    def read_blocks(self, name: str, blocks: Iterable[Block]) -> None:
        """Read the records of numbered lines of JSON, many lines at a time."""
        self._begin(name)
        for number, text, lines in blocks:
            found = tables_at_once(text, lines, self.limits.nesting)
            if found is not None:
                self._keep_lines(name, number, found, partial(text.split, "\n"))
                continue
            for first, piece, count in pieces_of(number, text):
                tables = tables_in(piece, count, self.limits.nesting)
                self._keep_lines(name, first, tables, partial(piece.split, "\n"))

    def read_lines(self, name: str, lines: Iterable[str]) -> None:
        """Read the records of lines of JSON that come one by one."""
        self._begin(name)
        for number, line in enumerate(lines, 1):
            tables = [plain_table(line, self.limits.nesting)]
            self._keep_lines(name, number, tables, partial(list, [line]))

    def _keep_lines(
        self,
        name: str,
        first: int,
        tables: Sequence[Any],
        lines: Callable[[], list[str]],
    ) -> None:
        """
        Keep the records in *tables*, the first of which stands on the line *first*.

        This is the hottest loop of the library. What it cannot take as it stands goes to
        `_read_line`, which says what is wrong with it if anything is.
        """
        slots = self.slots
        told: list[str] = []
        for number, table in enumerate(tables, first):
            try:
                by_shape, keep, note = slots[table["type"]]
                record = by_shape[tuple(table)](table)
                if keep(record.id, record) is record:
                    note(number)
                    continue
            except REFUSALS:
                pass
            told = told or lines()
            self._read_line(name, number, told[number - first])

    def _read_line(self, name: str, number: int, line: str) -> None:
        most = self.limits.nesting
        read = plain_table(line, most) or careful_table(line, most)
        if read is None:
            return
        if isinstance(read, FieldError):
            if self.problems.is_full:
                self.broken.add_unknown()
                self.problems.count()
                return
            place = Location(name, number)
            self._tear(line, Problem(code=read.code, message=read.message, location=place))
            return
        self._read_table(name, number, read)

    def read_rows(self, name: str, rows: Iterable[object]) -> None:
        """Read records that are a mapping each, with their kind under ``type``."""
        self._begin(name)
        for number, row in enumerate(rows, 1):
            place = Location(name, number)
            if not isinstance(row, Mapping):
                message = f"{shown(row)} has the wrong type; expected a mapping with a 'type'"
                self._tear(None, Problem(code="CT101", message=message, location=place))
                continue
            try:
                table = _as_in_files(row, self.limits.nesting)
            except FieldError as error:
                self._tear(None, Problem(code=error.code, message=error.message, location=place))
                continue
            self._read_table(name, number, table)

    def _read_table(self, name: str, number: int, table: dict[str, Any]) -> None:
        shape = tuple(table)
        kind = table.pop("type", None)
        if not isinstance(kind, str):
            self._refuse_type(kind, Location(name, number))
            self.broken.add_table(table)
        elif kind == "registry":
            self._settle(table, (name, number))
        elif kind in KINDS:
            if self._keep(kind, table, (name, number)):
                self.readers[kind].learn(shape)
        else:
            self._refuse_type(kind, Location(name, number))
            self.broken.add_table(table)

    def _refuse_type(self, kind: object, location: Location) -> None:
        if kind is None:
            self.problems.add("CT302", "the key 'type' is missing", location)
            return
        error = unknown_key(kind, ("registry", *KINDS))
        message = f"type {shown(kind)} is not known; expected registry, {', '.join(KINDS)}"
        self.problems.add("CT103", message, location, error.hint)

    def _settle(self, table: object, origin: Origin) -> None:
        if self.settings_at is not None and self.problems.is_full:
            self.problems.count()
            return
        if self.settings_at is not None:
            self._note_excluded(table, origin[0])
            first = self.locations.at("registry", self.settings_at)
            message = f"registry stands already in {first}; expected it once"
            self.problems.add("CT201", message, self.locations.at("registry", origin))
            return
        self.settings_at = origin
        self.locations.settings_file = origin[0]
        self._note_excluded(table, origin[0])
        self.settings = self._made(Settings, "registry", table, origin)
        if self.settings is None:
            self.settings = Settings()
            self.broken.add_settings(table)
            if isinstance(table, Mapping):
                self.settings = readable_part(Settings, table)

    def _note_excluded(self, table: object, file: str) -> None:
        if isinstance(table, Mapping) and "exclude" in table:
            found = readable_part(Settings, {"exclude": table["exclude"]})
            self.excluded.append((file, found.exclude))

    def _keep(self, kind: str, table: object, origin: Origin) -> bool:
        record = self._made(KINDS[kind], kind, table, origin)
        if record is None:
            return False
        kept = self.records[kind]
        if record.id in kept:
            if len(self.taken) < self.limits.problems and not self.problems.is_full:
                self.taken.append((kind, record.id, origin))
                assert isinstance(table, Mapping)  # noqa: S101 - or it would be no record
                self.broken.add(BrokenRecord(kind, table, origin, is_malformed=False))
            else:
                self.broken.add_unknown()
                self.problems.count()
            return False
        kept[record.id] = record
        self.positions[kind].append(origin[1])
        return True

    def _made(self, cls: type[Any], kind: str, table: object, origin: Origin) -> Any:  # noqa: ANN401
        try:
            return self.readers[kind].read(table)  # type: ignore[arg-type]
        except (FieldError, TypeError, AttributeError, KeyError):
            if self.problems.is_full:
                self.broken.add_unknown()
                self.problems.count()
                return None
            id_ = table.get("id") if isinstance(table, Mapping) else None
            if kind in KINDS and isinstance(table, Mapping):
                self.broken.add(BrokenRecord(kind, table, origin, is_malformed=True))
            for error in faults(cls, table):
                if self.problems.is_full:
                    self.problems.count()
                    break
                place = self.locations.at(kind, origin, error.path)
                self.problems.extend([problem_at(kind, id_, error, place)])
            return None

    def registry(self, name: str, *, may_be_empty: bool = False) -> Registry:
        """Return the registry, or raise everything that was wrong."""
        if not (may_be_empty or self.problems or any(self.records.values())):
            self.problems.add("CT001", f"{name!r} holds no records")
        record_maps = {PLURALS[kind]: RecordMap(kind, kept) for kind, kept in self.records.items()}
        # Made as a pickled one is: what a new one checks has been checked, but for what waits.
        registry = Registry.__new__(Registry)
        state = {
            "settings": self.settings or Settings(),
            "locations": self.locations,
            **record_maps,
        }
        registry.__setstate__(state)
        self.problems.extend(self._taken())
        self.problems.extend(self._located(hinted(self._blamed(registry), self.within)))
        self.problems.raise_if_any()
        self.locations.respelled = tuple(
            (kind, record.id, path)
            for kind in KINDS
            for record, path in self.readers[kind].respelled
        )
        return registry

    def _unseen(self, kind: str) -> list[Any]:
        """Return what has been kept without being seen to fit."""
        kept = self.records[kind]
        return [record for record in self.waiting[kind] if kept.get(record.id) is record]

    def _taken(self) -> Iterator[Problem]:
        """Tell of the ids that several records have, whole or malformed."""
        for kind, id_, origin in self.taken:
            first, place = self.locations.of(kind, id_), self.locations.at(kind, origin, ("id",))
            yield _taken_id(kind, id_, first, place)
        found: dict[tuple[str, str], list[Location]] = {}
        for broken in self.broken.records:
            if broken.is_malformed and broken.id is not None:
                place = self.locations.at(broken.kind, broken.origin, ("id",))
                found.setdefault((broken.kind, broken.id), []).append(place)
        for (kind, id_), places in found.items():
            kept = self.locations.of(kind, id_, ("id",))
            first, *others = sorted(places if kept is None else [*places, kept])
            for place in others:
                yield _taken_id(kind, id_, first, place)

    def _blamed(self, registry: Registry) -> Iterator[tuple[Found, FieldError]]:
        """Find what does not go together, but for what is told of already or may yet be right."""
        has_settings = self.settings_at is not None
        doubts_zone = self.broken.hides_zone(has_settings=has_settings)
        doubts_seasons = self.broken.hides_seasons(has_settings=has_settings)
        for where, error in self._unfit(registry):
            if isinstance(error, DanglingError):
                if not self.broken.may_hold(error.record_map.kind, error.id):
                    yield where, error
            elif not (error.code == "CT307" and doubts_zone) and not (
                error.code == "CT108" and doubts_seasons
            ):
                yield where, error

    def _unfit(self, registry: Registry) -> Iterator[tuple[Found, FieldError]]:
        evidence, claims = self._unseen("evidence"), self._unseen("claim")
        for problem in unhinted_problems(registry, evidence, claims):
            yield (problem.kind, problem.id, None), problem.error
        for kind, kept in self.records.items() if not registry.settings.seasons else ():
            found = self.readers[kind].seasons
            for problem in season_problems(kind, [one for one in found if kept.get(one.id) is one]):
                yield (problem.kind, problem.id, None), problem.error
        for broken in self.broken.records:
            for error in errors_of_broken(broken.kind, broken.table, registry):
                yield (broken.kind, broken.id, broken.origin), error

    def _located(self, found: Iterable[tuple[Found, FieldError]]) -> Iterator[Problem]:
        for (kind, id_, origin), error in found:
            if self.problems.is_full:
                self.problems.count()
            elif origin is None:
                yield problem_at(kind, id_, error, self.locations.of(kind, str(id_), error.path))
            else:
                yield problem_at(kind, id_, error, self.locations.at(kind, origin, error.path))


def _as_in_files(value: Any, levels: int) -> Any:  # noqa: ANN401 - whatever stands in a row
    """
    Return *value* with the tables and lists of files in place of other mappings and of tuples.

    Raises:
        FieldError: It nests deeper than so many *levels*, or holds itself.
    """
    if not levels:
        raise FieldError("CT003", f"nests deeper than {LIMITS.nesting} levels")
    if isinstance(value, Mapping):
        return {key: _as_in_files(one, levels - 1) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_as_in_files(one, levels - 1) for one in value]
    return value


def _taken_id(kind: str, id_: str, first: Location | None, place: Location) -> Problem:
    message = f"{kind} id {id_!r} is taken by {first}; expected ids to be unique in a registry"
    return Problem(code="CT201", message=message, location=place)


_OFTEN: Final = 1 << 18
"""Bytes between two reports of progress."""


def load(path: str | os.PathLike[str]) -> Registry:
    """
    Load the registry in a folder, or in one ``.toml``, ``.jsonl`` or ``.jsonl.gz`` file.

    Files of a folder are read in the order of their names, all the way down; which record stands
    in which file does not matter.

    Raises:
        LoadError: Something is wrong; it names every problem with file, line and column.
    """
    return load_files(registry_files(Path(path)), os.fspath(path))


def load_begun(path: str | os.PathLike[str]) -> Registry:
    """
    Load a registry that may only be about to begin: without a record, a file, or a folder.

    Raises:
        LoadError: What there is cannot be read, as `load` says.
    """
    root = Path(path)
    is_begun = root.exists() and (not root.is_dir() or bool(files_below(root)))
    files = registry_files(root) if is_begun else ()
    return load_files(files, os.fspath(path), may_be_empty=True)


def load_bytes(contents: Mapping[str, bytes], name: str, *, may_be_empty: bool = False) -> Registry:
    """
    Load a registry from the contents of its files, without a disk.

    Args:
        contents: The bytes of each file by its name. The name stands in places, and its ending
            tells the form; a packed file is unpacked.
        name: What an error calls the registry as a whole.
        may_be_empty: Whether it may be without a record.

    Raises:
        LoadError: As `load` does.
    """
    files = [File(file, partial(BytesIO, content)) for file, content in contents.items()]
    return load_files(files, name, may_be_empty=may_be_empty)


def load_files(
    files: Iterable[File],
    name: str,
    *,
    may_be_empty: bool = False,
    progress: Callable[[int], object] | None = None,
) -> Registry:
    """
    Load a registry from its files, wherever they are.

    Args:
        files: From `registry_files`, or made; they are read in the order that they come in.
        name: What an error calls the registry as a whole.
        may_be_empty: Whether it may be without a record.
        progress: Called now and then with how many more bytes of the files, as they are stored,
            were read.

    Raises:
        LoadError: Something is wrong; it names every problem with file, line and column.
    """
    with collector_paused():
        loading, left = None, [*files]
        while loading is None:
            loading, left = _read_all(left, progress)
        return loading.registry(name, may_be_empty=may_be_empty)


def _read_all(
    files: list[File], progress: Callable[[int], object] | None
) -> tuple[Loading | None, list[File]]:
    """
    Read files, but for those that the registry's settings exclude.

    Returns:
        What was read; None if a file had been read that turns out to be excluded. And the files
        that are not, as far as is known.
    """
    loading, excluded = Loading(), set[str]()
    for number, file in enumerate(files):
        if file.name in excluded:
            continue
        known = len(loading.excluded)
        if progress is None:
            loading.read(file)
        else:
            _read_with_progress(loading, file, progress)
        if len(loading.excluded) > known:
            excluded |= _excluded(files, loading.excluded[known:])
            if not excluded.isdisjoint(one.name for one in files[:number]):
                return None, [one for one in files if one.name not in excluded]
    return loading, files


def _excluded(files: Iterable[File], said: Iterable[tuple[str, tuple[str, ...]]]) -> set[str]:
    """Return the names of the files that are excluded by a file above them or beside them."""
    found = set()
    for settings, patterns in said:
        folder = settings.replace(os.sep, "/").rpartition("/")[0]
        start = f"{folder}/" if folder else ""
        for file in files:
            path = file.name.replace(os.sep, "/")
            is_below = path.startswith(start) and file.name != settings
            if is_below and is_excluded(path[len(start) :], patterns):
                found.add(file.name)
    return found


def _read_with_progress(loading: Loading, file: File, progress: Callable[[int], object]) -> None:
    told = 0

    def tell_more(read: int) -> None:
        nonlocal told
        if read - told >= _OFTEN:
            progress(read - told)
            told = read

    loading.read(file, tell_more)
    progress(max(size_of(file) - told, 0))


def size_of(file: File) -> int:
    """Return the bytes of *file* as it is stored; 0 if it cannot be opened."""
    try:
        with file.open() as opened:
            return opened.seek(0, os.SEEK_END)
    except OSError:
        return 0


def loads(text: str, name: str = "registry.toml") -> Registry:
    """
    Load a registry from the text of one file; its *name* tells the form and stands in errors.

    A byte order mark at its beginning is dropped, as in a file.

    Raises:
        LoadError: Something is wrong; it names every problem with line and column.
    """
    loading = Loading()
    text = text.removeprefix("\ufeff")
    with collector_paused():
        if name.endswith(".toml"):
            loading.read_toml(name, text)
        else:
            loading.locations.know(name, text)
            loading.read_blocks(name, blocks_in(text))
        return loading.registry(name)


def load_lines(lines: Iterable[str], name: str) -> Registry:
    """
    Load a registry from records that are a line of JSON each; *name* stands in errors.

    Raises:
        LoadError: Something is wrong; it names every problem with its line.
    """
    loading = Loading()
    with collector_paused():
        loading.read_lines(name, lines)
        return loading.registry(name)


def load_rows(rows: Iterable[Mapping[str, Any]]) -> Registry:
    """
    Load a registry from *rows*, a mapping for each record, as from a table or a database.

    A row has the keys of the file format, and its kind under ``type``, as a line of JSON lines
    has. Its values may also be those that records take in Python: days, criteria, numbers of
    numpy. The places of its records are ``rows`` and the number of the row, which counts from 1.

    Raises:
        LoadError: Something is wrong; it names every problem with the number of its row.

    Example:
        >>> from claimtrack import load_rows
        >>> list(load_rows([{"type": "speaker", "id": "anna"}]).speakers)
        ['anna']
    """
    loading = Loading(within=HERE)
    with collector_paused():
        loading.read_rows("rows", rows)
        return loading.registry("rows")
