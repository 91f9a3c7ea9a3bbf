"""
Find the registry that a file belongs to, without reading more than it takes.

Three things make a registry. A folder that directly holds one file with a ``[registry]`` table is
one, with everything below it; of folders in folders the topmost counts. Where several files of a
folder have such a table, or the folder is that of a project (it holds ``pyproject.toml``), each
such file is a registry by itself. And a file or folder without such a table is one if it is given
on the command line and holds records.

This module imports nothing of the model, since it runs in projects that have no registry.
"""

import gzip
import json
import re
import tomllib
from collections.abc import Iterable
from enum import Enum
from pathlib import Path
from typing import Final

ENDINGS: Final = (".toml", ".jsonl", ".jsonl.gz")

_SETTINGS: Final = re.compile(rb"^[ \t]*\[[ \t]*registry[ \t]*\]", re.MULTILINE)
_KEYS: Final = frozenset({"title", "timezone", "policy", "note"})
_KINDS: Final = ("speaker", "source", "fact", "evidence", "claim", "forecast", "assessment")
_RECORDS: Final = re.compile(
    rb"^[ \t]*\[\[[ \t]*(?:" + "|".join(_KINDS).encode() + rb")[ \t]*\]\]", re.MULTILINE
)
_FIRST_BYTES: Final = 1 << 16
_MOST_BYTES: Final = 256 << 20


class Look(Enum):
    """What a file seems to hold."""

    NOTHING = "nothing of ours"
    RECORDS = "records"
    SETTINGS = "settings of a registry"


def look_at(file: Path) -> Look:
    """Say what *file* seems to hold; a file that cannot be read holds nothing."""
    if not file.name.endswith(ENDINGS) or file.name == "pyproject.toml":
        return Look.NOTHING
    try:
        if file.name.endswith(".toml"):
            with file.open("rb") as opened:
                return _look_at_toml(opened.read(_MOST_BYTES))
        with gzip.open(file) if file.name.endswith(".gz") else file.open("rb") as opened:
            return _look_at_line(opened.readline(_FIRST_BYTES))
    except (OSError, EOFError):
        return Look.NOTHING


def _look_at_toml(content: bytes) -> Look:
    if _SETTINGS.search(content):
        try:
            settings = tomllib.loads(content.decode()).get("registry")
        except ValueError:
            return Look.SETTINGS  # whoever loads it says what is wrong
        if isinstance(settings, dict) and set(settings) <= _KEYS:
            return Look.SETTINGS
    return Look.RECORDS if _RECORDS.search(content) else Look.NOTHING


def _look_at_line(line: bytes) -> Look:
    try:
        table = json.loads(line)
    except (ValueError, RecursionError):
        return Look.NOTHING
    kind = table.get("type") if isinstance(table, dict) else None
    if kind == "registry":
        return Look.SETTINGS
    return Look.RECORDS if kind in _KINDS and "id" in table else Look.NOTHING


class Folders:
    """
    The registries below one folder.

    Args:
        top: Above it no registry begins.
        given: Files and folders that were named on the command line.
    """

    def __init__(self, top: Path, given: Iterable[Path] = ()) -> None:
        self.top = top
        self.given = tuple(given)
        self._looks: dict[Path, Look] = {}
        self._settings: dict[Path, tuple[Path, ...]] = {}

    def registry_of(self, file: Path) -> Path | None:
        """Return the folder or file of the registry that *file* belongs to, or None."""
        for folder in self._folders_above(file):
            settings = self.settings_in(folder)
            if len(settings) == 1 and not self._is_project(folder):
                return folder
            if file in settings:
                return file
        return self._given_one(file)

    def _folders_above(self, file: Path) -> list[Path]:
        """Return the folders that *file* lies in, the topmost first."""
        tops = [self.top, *self.given]
        parents = list(file.parents)
        known = [number for number, folder in enumerate(parents) if folder in tops]
        return parents[max(known, default=0) :: -1]

    def settings_in(self, folder: Path) -> tuple[Path, ...]:
        """Return the files directly in *folder* that hold the settings of a registry."""
        if folder not in self._settings:
            try:
                files = [path for path in sorted(folder.iterdir()) if path.name.endswith(ENDINGS)]
            except OSError:
                files = []
            kept = (file for file in files if not file.name.startswith("."))
            found = (file for file in kept if self._look(file) is Look.SETTINGS)
            self._settings[folder] = tuple(found)
        return self._settings[folder]

    def _look(self, file: Path) -> Look:
        if file not in self._looks:
            self._looks[file] = look_at(file)
        return self._looks[file]

    def _is_project(self, folder: Path) -> bool:
        return folder == self.top or (folder / "pyproject.toml").exists()

    def _given_one(self, file: Path) -> Path | None:
        if self._look(file) is Look.NOTHING:
            return None
        if file in self.given:
            return file
        folders = [path for path in self.given if path in file.parents]
        outside = [path for path in folders if path != self.top and path not in self.top.parents]
        return min(outside, key=lambda path: len(path.parts), default=None)
