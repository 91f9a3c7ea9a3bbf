"""
Find the files of a registry.

Only what lies in the folder is read. A symbolic link counts as what it leads to, provided that
this lies in the folder too, and what has several names is read once, under its own if it has one
that is not hidden. Links that would not be read are not looked at.
"""

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from claimtrack.errors import LoadError, Problem, Problems
from claimtrack.files.contents import ENDINGS, reason_of
from claimtrack.files.limits import LIMITS, Limits

__all__ = ["ENDINGS", "PASSED_OVER", "files_below", "registry_files"]

PASSED_OVER: Final = frozenset({"node_modules", "__pycache__"})
"""Names that are passed over because tools make them, as are those that begin with a dot."""

_ANY_ENDING: Final = f"{', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"


def registry_files(path: Path, limits: Limits = LIMITS) -> list[Path]:
    """
    Return the files of the registry at *path*: itself, or all that lie in the folder.

    They end in one of `ENDINGS`. Those of a folder begin with *path* as it was given, and are
    sorted by their paths from there, written with slashes.

    Raises:
        LoadError: There is nothing to read (CT001), there is too much of it (CT003), or a link
            leads out of the folder or back to one that it lies in (CT004).
    """
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        raise _refusal(f"{str(path)!r} cannot be read: {reason_of(error)}") from error
    if stat.S_ISDIR(mode):
        return _Walk(path, limits).files()
    if not path.name.endswith(ENDINGS):
        message = f"{str(path)!r} is no registry; expected a folder or a file in {_ANY_ENDING}"
        raise _refusal(message)
    if not stat.S_ISREG(mode):
        raise _refusal(f"{str(path)!r} is no regular file")
    return [path]


def files_below(folder: Path) -> list[Path]:
    """
    Return the files that a registry in *folder* has so far, which may be none.

    Raises:
        LoadError: As `registry_files` does, but where there is nothing to read.
    """
    walk = _Walk(folder, LIMITS)
    walk.walk()
    return list(walk.found.values())


def _refusal(message: str, code: str = "CT001") -> LoadError:
    return LoadError((Problem(code=code, message=message),))


class _Walk:
    """One walk over a folder; links wait until all that has a name of its own is known."""

    def __init__(self, root: Path, limits: Limits) -> None:
        self.root = root
        self.limits = limits
        self.real_root = os.path.realpath(root)
        self.problems = Problems()
        self.entries = 0
        self.found: dict[str, Path] = {}  # by real path
        self.walked: set[str] = set()  # real paths of folders
        self.links: list[Path] = []

    def walk(self) -> None:
        self._walk(self.root)
        while self.links:
            links, self.links = sorted(self.links), []
            for link in links:
                self._follow(link)
        self.problems.raise_if_any()

    def files(self) -> list[Path]:
        self.walk()
        if not self.found:
            raise _refusal(f"{str(self.root)!r} holds no file in {_ANY_ENDING}")
        return sorted(self.found.values(), key=lambda file: file.relative_to(self.root).as_posix())

    def _walk(self, folder: Path) -> None:
        waiting = [folder]
        while waiting:
            here = waiting.pop()
            real = os.path.realpath(here)
            self.walked.add(real)
            for entry in self._entries(here):
                child = here / entry.name
                if entry.is_symlink():
                    self.links.append(child)
                elif entry.is_dir(follow_symlinks=False):
                    waiting.append(child)
                elif entry.name.endswith(ENDINGS):
                    self._keep(child, os.path.join(real, entry.name))  # noqa: PTH118 - a key

    def _entries(self, folder: Path) -> Iterator[os.DirEntry[str]]:
        """Iterate over what lies in *folder* and has no name that is passed over."""
        if len(folder.relative_to(self.root).parts) > self.limits.folders_deep:
            message = f"{str(folder)!r} lies more than {self.limits.folders_deep} folders deep"
            self.problems.add("CT003", message)
            return
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    self._count()
                    if not entry.name.startswith(".") and entry.name not in PASSED_OVER:
                        yield entry
        except OSError as error:
            self.problems.add("CT001", f"{str(folder)!r} cannot be read: {reason_of(error)}")

    def _count(self) -> None:
        self.entries += 1
        if self.entries > self.limits.files:
            message = f"{str(self.root)!r} holds more than {self.limits.files} files and folders"
            raise _refusal(message, "CT003")

    def _follow(self, link: Path) -> None:
        try:
            real = os.path.realpath(link, strict=True)
        except OSError as error:
            if error.errno == errno.ELOOP:
                self.problems.add("CT004", f"{str(link)!r} is a link that leads back to itself")
            elif link.name.endswith(ENDINGS):
                self.problems.add("CT001", f"{str(link)!r} cannot be read: {reason_of(error)}")
            return
        is_folder = os.path.isdir(real)  # noqa: PTH112 - a real path, not one to show
        if not is_folder and not link.name.endswith(ENDINGS):
            return
        if not _lies_in(real, self.real_root):
            message = f"{str(link)!r} is a link that leads out of {str(self.root)!r}"
            self.problems.add("CT004", message)
        elif not is_folder:
            self._keep(link, real)
        elif _lies_in(os.path.realpath(link.parent), real):
            message = f"{str(link)!r} is a link to a folder that it lies in"
            self.problems.add("CT004", message)
        elif real not in self.walked:
            self._walk(link)

    def _keep(self, file: Path, real: str) -> None:
        if real in self.found:
            return
        self.found[real] = file
        if not os.path.isfile(real):  # noqa: PTH113 - a real path, not one to show
            self.problems.add("CT001", f"{str(file)!r} is no regular file")


def _lies_in(real: str, folder: str) -> bool:
    return real == folder or real.startswith(folder.rstrip(os.sep) + os.sep)
