"""
Find the registry of a file, reading as little as possible.

- A folder with exactly one file with a ``[registry]`` table is a registry, with everything below
  it; of nested folders the topmost counts.
- Where several files of a folder have such a table, each of them is a registry.
- So is the one file in the folder of a project (the root of the run, or a folder with
  ``pyproject.toml``), unless the records are in other files: then the project is the registry.
- A file or folder without such a table is a registry if it is given on the command line and has
  records.

Only regular files of a bounded size are opened. A file that cannot be read belongs to no registry,
unless it is given on the command line.

This module imports nothing of the model until a file seems to be part of a registry, as it runs in
projects that have none.
"""

import gzip
import json
import os
import re
import stat
import zlib
from collections.abc import Iterable, Iterator
from enum import Enum
from io import BytesIO
from pathlib import Path
from typing import IO, Any, BinaryIO, Final, cast

ENDINGS: Final = (".toml", ".jsonl", ".jsonl.gz")

SNAPSHOTS: Final = "snapshots"
"""The folder with the pinned copies of a registry, in which no record is ever read."""

MOST_BYTES: Final = 256 << 20
"""The size of the largest file that is read, unpacked; a larger TOML file does not load."""

_BLOCK: Final = 1 << 20
_LONGEST_LINE: Final = 1 << 16
_LONGEST_KEY: Final = 40
_SIMILARITY: Final = 0.75
"""The least similarity of a misspelt key, so that `polcy` is one and `timeout` is not."""

_START: Final = rb"^(?:\xef\xbb\xbf)?[ \t]*"
_NAME: Final = rb"[\"']?registry[\"']?[ \t]*"
_SETTINGS: Final = re.compile(
    rb"%b(?:\[[ \t]*%b[].]|%b(?:\.|=[ \t]*\{))" % (_START, _NAME, _NAME), re.MULTILINE
)
"""The header of the table of settings, or its key; may also match within a long text."""

KINDS: Final = frozenset(
    {
        *("speaker", "source", "fact", "evidence", "claim", "forecast", "scale"),
        *("assessment", "search", "selection"),
    }
)
"""The kinds of records, as in the model, which is not imported here."""

_KEY: Final = re.compile(rb"^[ \t]*[\"']?([\w-]+)[\"']?[ \t]*[.=]", re.MULTILINE)
_HEADER: Final = re.compile(rb"%b\[\[[ \t]*[\"']?([\w-]+)[\"']?[ \t]*\]\]" % _START, re.MULTILINE)


class Look(Enum):
    """What a file seems to contain."""

    NOTHING = "nothing of a registry"
    UNREADABLE = "unreadable"
    RECORDS = "records"
    DOUBTFUL = "settings with unknown keys only"
    SETTINGS = "settings of a registry"
    SETTINGS_ONLY = "settings of a registry, and no record"


def is_of_import(name: str) -> bool:
    """Say whether ``claimtrack import`` keeps a file of that name beside a registry."""
    return f".{name}".endswith((".import.toml", ".import.state.jsonl"))


def look_at(file: Path) -> Look:
    """Return what *file* seems to contain; only regular files are opened, without blocking."""
    if not file.name.endswith(ENDINGS) or file.name == "pyproject.toml" or is_of_import(file.name):
        return Look.NOTHING
    try:
        with _opened(file) as opened:
            if file.name.endswith(".toml"):
                return _look_at_toml(file, opened)
            if file.name.endswith(".gz"):
                return _look_at_lines(cast("IO[bytes]", gzip.GzipFile(fileobj=opened)))
            return _look_at_lines(opened)
    except (OSError, EOFError, zlib.error):
        return Look.UNREADABLE


def _opened(file: Path) -> BinaryIO:
    """
    Open a regular file of a bounded size.

    Raises:
        OSError: It is no such file, or cannot be opened.
    """
    # Checked again when open, as it may have been replaced; without O_NONBLOCK a FIFO blocks.
    if stat.S_ISREG(file.stat().st_mode):
        opened = open(os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb")  # noqa: PTH123, SIM115
        found = os.fstat(opened.fileno())
        if stat.S_ISREG(found.st_mode) and found.st_size <= MOST_BYTES:
            return opened
        opened.close()
    message = f"{file} is no regular file of at most {MOST_BYTES} bytes"
    raise OSError(message)


def _blocks(opened: IO[bytes]) -> Iterator[bytes]:
    """Iterate over the blocks of a file; every line, unless very long, is whole in some block."""
    rest, left = b"", MOST_BYTES
    while left > 0 and (read := opened.read(_BLOCK)):
        left -= len(read)
        block = rest + read
        yield block
        rest = block[block.rfind(b"\n") + 1 :][-_LONGEST_LINE:]


def _look_at_toml(file: Path, opened: IO[bytes]) -> Look:
    """Look for headers; only a file that seems to have settings is parsed as TOML."""
    kinds: set[str] = set()
    for block in _blocks(opened):
        if _SETTINGS.search(block):
            opened.seek(0)
            return _look_at_settings(file, opened.read(MOST_BYTES))
        kinds |= _kinds_in(block)
    return Look.RECORDS if kinds else Look.NOTHING


def _kinds_in(content: bytes) -> set[str]:
    return {kind.decode() for kind in _HEADER.findall(content)} & KINDS


def _look_at_lines(opened: IO[bytes]) -> Look:
    """Look at the first line, and for settings in the rest if it is a record of a registry."""
    is_registry = False
    for block in _blocks(opened):
        lines = block.removeprefix(b"\xef\xbb\xbf").lstrip() if not is_registry else block
        if not is_registry and lines:
            table = _table(lines.partition(b"\n")[0])
            kind = table.get("type")
            is_registry = kind == "registry" or (kind in KINDS and "id" in table)
            if not is_registry:
                return Look.NOTHING
        if b'"registry"' in lines:
            for line in lines.split(b"\n"):
                table = _table(line) if b'"registry"' in line else {}
                if table.get("type") == "registry":
                    found = _look_at_keys(table.keys() - {"type"}, has_records=False)
                    return Look.SETTINGS if found is Look.SETTINGS_ONLY else found
    return Look.RECORDS if is_registry else Look.NOTHING


def _table(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) and isinstance(found.get("type"), str) else {}


def _look_at_settings(file: Path, content: bytes) -> Look:
    """Return whether ``[registry]`` of *content* is ours; broken TOML is judged by its lines."""
    # Imported here, where the file may well be part of a registry.
    from claimtrack.errors import LoadError  # noqa: PLC0415
    from claimtrack.files.folder import File, read_text  # noqa: PLC0415
    from claimtrack.files.toml import document_of  # noqa: PLC0415

    try:
        document = document_of(read_text(File(file.name, lambda: BytesIO(content))), file.name)
    except LoadError:
        return _look_at_keys(_keys_below_header(content), has_records=bool(_kinds_in(content)))
    settings = document.get("registry")
    has_records = not KINDS.isdisjoint(document)
    if isinstance(settings, dict):
        return _look_at_keys(settings, has_records=has_records)
    return Look.RECORDS if has_records else Look.NOTHING


def _keys_below_header(content: bytes) -> set[str]:
    found = _SETTINGS.search(content)
    table = content[found.start() :] if found else content
    end = table.find(b"\n[", 1)
    return {key.decode() for key in _KEY.findall(table[:end] if end >= 0 else table)} or {""}


def _look_at_keys(keys: Iterable[str], *, has_records: bool) -> Look:
    """Return whether settings with these *keys* are ours: one known key is enough."""
    import difflib  # noqa: PLC0415 - as above

    import attrs  # noqa: PLC0415

    from claimtrack.model.registry import Settings  # noqa: PLC0415

    names = [field.name for field in attrs.fields(Settings)]
    given = set(keys)
    if has_records:
        return Look.SETTINGS
    if not given or not given.isdisjoint(names):
        return Look.SETTINGS_ONLY
    matches = (
        difflib.get_close_matches(key[:_LONGEST_KEY], names, 1, _SIMILARITY) for key in given
    )
    return Look.SETTINGS_ONLY if any(matches) else Look.DOUBTFUL


class Folders:
    """
    The registries below one folder.

    Args:
        top: The topmost folder that can be a registry.
        given: Files and folders from the command line.
    """

    def __init__(self, top: Path, given: Iterable[Path] = ()) -> None:
        self.top = top
        self.given = tuple(given)
        self._looks: dict[Path, Look] = {}
        self._settings: dict[Path, tuple[Path, ...]] = {}

    def registry_of(self, file: Path) -> Path | None:
        """Return the folder or file of the registry that *file* belongs to, or None."""
        if self._is_of_a_copy(file):
            return None
        project = None
        for folder in self._folders_above(file):
            settings = self.settings_in(folder)
            if len(settings) == 1 and not self._is_project(folder):
                return folder
            if len(settings) == 1 and self._is_registry(folder, settings[0]):
                project = project or folder  # unless a folder below is a registry
            elif file in settings:
                return file
        return project or self._given_one(file)

    def _is_of_a_copy(self, file: Path) -> bool:
        """Say whether *file* lies in a folder of pinned copies, whatever it holds."""
        return any(
            self.top in folder.parents or bool(self.settings_in(folder.parent))
            for folder in file.parents
            if folder.name == SNAPSHOTS
        )

    def _folders_above(self, file: Path) -> list[Path]:
        """Return the folders above *file*, the topmost first."""
        tops = [self.top, *self.given]
        parents = list(file.parents)
        known = [number for number, folder in enumerate(parents) if folder in tops]
        return parents[max(known, default=0) :: -1]

    def settings_in(self, folder: Path) -> tuple[Path, ...]:
        """Return the files directly in *folder* that have the settings of a registry."""
        if folder not in self._settings:
            try:
                files = [path for path in sorted(folder.iterdir()) if path.name.endswith(ENDINGS)]
            except OSError:
                files = []
            visible = (file for file in files if not file.name.startswith("."))
            looks = {file: self._look(file) for file in visible}
            wanted = {Look.SETTINGS, Look.SETTINGS_ONLY}
            if Look.RECORDS in looks.values() and wanted.isdisjoint(looks.values()):
                wanted.add(Look.DOUBTFUL)
            self._settings[folder] = tuple(file for file in looks if looks[file] in wanted)
        return self._settings[folder]

    def _look(self, file: Path) -> Look:
        if file not in self._looks:
            self._looks[file] = look_at(file)
        return self._looks[file]

    def _is_project(self, folder: Path) -> bool:
        return folder == self.top or (folder / "pyproject.toml").exists()

    def _is_registry(self, project: Path, settings: Path) -> bool:
        """Whether a whole *project* with this one file of *settings* is a registry."""
        if self._look(settings) is not Look.SETTINGS:
            return True  # it has no records, so they are in other files
        beside = (file for file in self._looks if file.parent == project)
        has_more = Look.RECORDS in map(self._look, beside)
        return has_more and not (project / "pyproject.toml").exists()

    def _given_one(self, file: Path) -> Path | None:
        look = self._look(file)
        if file in self.given and look is not Look.NOTHING:
            return file
        if look is not Look.RECORDS:
            return None
        folders = [path for path in self.given if path in file.parents]
        outside = [path for path in folders if path != self.top and path not in self.top.parents]
        return min(outside, key=lambda path: len(path.parts), default=None)
