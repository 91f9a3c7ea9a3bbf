"""
Find the files of a registry.

Only what lies in the folder is read. A symbolic link counts as what it leads to, provided that
this lies in the folder too, and what has several names is read once, under its own if it has one
that is not hidden. Links that would not be read are not looked at.

A file is opened by the path that the walk found it to have in the end, step by step from the
folder, without following a link: what became a link since then is not read.
"""

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

from claimtrack.errors import LoadError, Problem, Problems
from claimtrack.files.contents import BUFFER, ENDINGS, File, reason_of
from claimtrack.files.limits import LIMITS, Limits

__all__ = [
    "ENDINGS",
    "PASSED_OVER",
    "files_below",
    "is_excluded",
    "is_passed_over",
    "registry_files",
]

FOLDERS_OF_TOOLS: Final = ("__pycache__", "node_modules", "site-packages", "venv")
FILES_OF_TOOLS: Final = (
    *("Anchor.toml", "Cargo.toml", "Gopkg.toml", "Manifest.toml", "Project.toml", "book.toml"),
    *("bunfig.toml", "cbindgen.toml", "cliff.toml", "clippy.toml", "deny.toml", "fly.toml"),
    *("hatch.toml", "hugo.toml", "lychee.toml", "mise.toml", "netlify.toml", "pdm.toml"),
    *("pixi.toml", "poetry.toml", "pyproject.toml", "railway.toml", "ruff.toml"),
    *("rust-toolchain.toml", "rustfmt.toml", "taplo.toml", "tox.toml", "typos.toml", "uv.toml"),
    "wrangler.toml",
)
PASSED_OVER: Final = frozenset({*FOLDERS_OF_TOOLS, *FILES_OF_TOOLS})
"""Names that are passed over because tools have them, as are those that begin with a dot."""

_VIRTUAL_ENVIRONMENT: Final = "pyvenv.cfg"
"""A file that tells that its folder is a virtual environment of Python."""

_OPENS_WITHIN: Final = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")
"""Whether this system opens a file relative to an open folder; POSIX systems do."""

# A FIFO must not block. What the system does not know is 0.
_READING: Final = os.O_RDONLY | sum(
    getattr(os, flag, 0) for flag in ("O_BINARY", "O_CLOEXEC", "O_NONBLOCK", "O_NOCTTY")
)
_ENTERING: Final = os.O_RDONLY | sum(getattr(os, flag, 0) for flag in ("O_CLOEXEC", "O_DIRECTORY"))

_ANY_ENDING: Final = f"{', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"


def is_passed_over(name: str) -> bool:
    """Say whether a file or folder of that name is no part of a registry that it lies in."""
    return name.startswith(".") or name in PASSED_OVER


def is_excluded(path: str, patterns: Iterable[str]) -> bool:
    """
    Say whether one of *patterns* has *path*, or a folder that it lies in.

    Args:
        path: A relative path with slashes.
        patterns: In each, ``*``, ``?`` and ``[...]`` stand for characters but slashes, and ``**``
            as a part of its own for any number of folders.

    Example:
        >>> is_excluded("drafts/2020/a.toml", ["drafts"]), is_excluded("b/a.toml", ["*.toml"])
        (True, False)
        >>> is_excluded("b/c/a.toml", ["**/a.toml"])
        True
    """
    parts = path.split("/")
    return any(_matches(parts, pattern.rstrip("/").split("/")) for pattern in patterns)


def _matches(parts: list[str], wanted: list[str]) -> bool:
    """Say whether the first of *parts*, one or more of them, are *wanted*."""
    ends = {0}  # of the parts that what was wanted so far may have taken
    for one in wanted:
        if one == "**":
            ends = set(range(min(ends, default=len(parts)), len(parts) + 1))
        else:
            ends = {end + 1 for end in ends if end < len(parts) and fnmatchcase(parts[end], one)}
    return bool(ends - {0})


def registry_files(path: Path, limits: Limits = LIMITS) -> list[File]:
    """
    Return the files of the registry at *path*: itself, or all that lie in the folder.

    Their names end in one of `ENDINGS`. Those of a folder begin with *path* as it was given, and
    are sorted by their paths from there, written with slashes.

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
    return [file_at(path)]


def file_at(path: Path) -> File:
    """Return one file by its path; a link is followed."""
    return File(str(path), partial(open_regular, os.fspath(path)))


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

    def files(self) -> list[File]:
        self.walk()
        if not self.found:
            raise _refusal(f"{str(self.root)!r} holds no file in {_ANY_ENDING}")
        by_name = {
            path.relative_to(self.root).as_posix(): real for real, path in self.found.items()
        }
        return [self._file(by_name[name]) for name in sorted(by_name)]

    def _file(self, real: str) -> File:
        inside = real[len(self.real_root.rstrip(os.sep)) + 1 :]
        return File(str(self.found[real]), partial(open_inside, self.real_root, inside))

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
                found = []
                for entry in entries:
                    self._count()
                    found.append(entry)
            if folder == self.root or _VIRTUAL_ENVIRONMENT not in (one.name for one in found):
                yield from (one for one in found if not is_passed_over(one.name))
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


def open_regular(path: str, extra: int = 0, folder: int | None = None) -> BinaryIO:
    """
    Open a regular file for reading.

    Args:
        path: The file.
        extra: Flags of the system beside those of reading.
        folder: The open folder that *path* is relative to, or None.

    Raises:
        OSError: It cannot be opened, or is no regular file; it is not waited for in any case.
    """
    opened = os.open(path, _READING | extra, dir_fd=folder)
    try:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            raise OSError(errno.EINVAL, "it is no regular file")  # noqa: TRY301
        return open(opened, "rb", buffering=BUFFER)  # noqa: PTH123 - it is open already
    except BaseException:
        os.close(opened)
        raise


def open_inside(root: str, inside: str) -> BinaryIO:
    """
    Open a regular file by its path within a folder, without following a link on the way.

    Where the system cannot open relative to a folder, links are followed.

    Args:
        root: The folder; links in its own path are followed.
        inside: The path from there.

    Raises:
        OSError: It cannot be opened, or is reached by a link.
    """
    if not _OPENS_WITHIN:
        return open_regular(os.path.join(root, inside))  # noqa: PTH118 - a text, as it was found
    *folders, name = Path(inside).parts
    here = os.open(root, _ENTERING)
    try:
        for folder in folders:
            inner = os.open(folder, _ENTERING | os.O_NOFOLLOW, dir_fd=here)
            os.close(here)
            here = inner
        return open_regular(name, os.O_NOFOLLOW, here)
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENOTDIR, errno.EMLINK}:
            message = "it became a link, or no folder leads there any more, while it was read"
            raise OSError(error.errno, message) from error
        raise
    finally:
        os.close(here)


def _lies_in(real: str, folder: str) -> bool:
    return real == folder or real.startswith(folder.rstrip(os.sep) + os.sep)
