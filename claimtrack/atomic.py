"""
Write files whole or not at all.

Every file that this package writes for a user goes through this module:

1. The folder is opened once. From then on its files are reached by name from that open folder, and
   no symbolic link is followed, so nobody can lead a write elsewhere by swapping a path.
2. The folder is locked (``flock``), so that two runs of this package do not write there at once.
3. The new content goes into a temporary file in the same folder. Its name is drawn at random, and
   it is created only if there is no such file. It gets the mode, the owner and the extended
   attributes of the file that it replaces, and is synchronised to the disk.
4. If the caller says what the old file held, it is read once more: a change by somebody else
   is an error, not a lost update.
5. The temporary file is moved over the old one, and the folder is synchronised.

A file is not replaced if the user may not write to it, if it has several names (hard links), or if
its owner cannot be kept: the write ends with an error that says so.

A process that is killed between 3 and 5 leaves a temporary file behind. The next write into the
folder removes it: under the lock, no other run can still need it.
"""

import errno
import os
import re
import secrets
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self, TypeAlias

import attrs

from claimtrack.errors import ClaimTrackError

try:
    import fcntl
except ImportError:  # not a POSIX system
    fcntl = None  # type: ignore[assignment]

Content: TypeAlias = bytes | Callable[[BinaryIO], object]
"""The bytes of a file, or a function that writes them to an open one."""

TEMPORARY: Final = re.compile(r"\.claimtrack-[0-9a-f]{32}\.new")
"""The names of temporary files; no registry and no site has a file of such a name."""

_RELATIVE: Final = os.open in os.supports_dir_fd
_NOFOLLOW: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_BINARY: Final = getattr(os, "O_BINARY", 0)
_FOLDER: Final = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_READ: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _NOFOLLOW | _BINARY
_CREATE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NOFOLLOW | _BINARY

_LOCK_TRIES: Final = 200
_LOCK_PAUSE: Final = 0.05  # seconds; ten seconds in all, more than any write takes

_SYNCED_ONE_BY_ONE: Final = 32
"""Up to this number of files, each is synchronised by itself; more are synchronised together."""

_SYSTEM_FOLDERS: Final = ("/dev", "/dev/fd", "/proc")
"""Folders in which links stand for open files, as ``/dev/stdout`` does; also below ``/proc``."""


class ChangedMeanwhileError(ClaimTrackError):
    """A file was changed since it was read, so nothing was written."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.file = file

    def __str__(self) -> str:
        return f"{self.file!r} was changed meanwhile; nothing is written"


class AnyContent:
    """The old file may hold anything."""


ANY: Final = AnyContent()


class Folder:
    """
    An open folder, whose files are reached by their names; no link is followed.

    Args:
        path: The path that messages show.
        handle: Its descriptor; None on a system that cannot open relative to a folder.
    """

    def __init__(self, path: str, handle: int | None) -> None:
        self.path = path
        self._handle = handle

    @classmethod
    def at(cls, path: str | os.PathLike[str]) -> "Folder":
        """
        Open the folder that a user named; links are followed.

        Raises:
            OSError: There is no such folder, or it cannot be opened.
        """
        shown = os.fspath(path)
        return cls(shown, os.open(shown, _FOLDER) if _RELATIVE else None)

    def below(self, name: str, *, make: bool = False) -> "Folder":
        """
        Open the folder *name* in this one, which must not be a link.

        Raises:
            OSError: It is a link, no folder, or cannot be opened.
        """
        shown = self.shown(name)
        with naming(shown):
            if make:
                with suppress(FileExistsError):
                    os.mkdir(self._name(name), dir_fd=self._handle)
            self._refuse_link(name)
            if not _RELATIVE:
                return Folder(shown, None)
            return Folder(shown, os.open(name, _FOLDER | _NOFOLLOW, dir_fd=self._handle))

    def shown(self, name: str) -> str:
        """Return how messages name a file of this folder."""
        # Paths as text, for a site has thousands.
        return name if self.path == os.curdir else os.path.join(self.path, name)  # noqa: PTH118

    def status(self, name: str) -> os.stat_result | None:
        """Return the status of a file, or of a link itself; None if there is no such file."""
        try:
            return os.lstat(self._name(name), dir_fd=self._handle)
        except FileNotFoundError:
            return None

    def may_write_to(self, name: str) -> bool:
        """Say whether the user of this process may write to a file."""
        is_effective = os.access in os.supports_effective_ids
        return os.access(self._name(name), os.W_OK, dir_fd=self._handle, effective_ids=is_effective)

    def read(self, name: str) -> bytes | None:
        """
        Return what a regular file holds; None if there is no file of that name.

        Raises:
            OSError: It is not a regular file, or cannot be read.
        """
        with naming(self.shown(name)):
            self._refuse_link(name)
            try:
                handle = os.open(self._name(name), _READ, dir_fd=self._handle)
            except FileNotFoundError:
                return None
            with os.fdopen(handle, "rb") as file:
                if not stat.S_ISREG(os.fstat(handle).st_mode):
                    raise OSError(errno.EINVAL, "it is no regular file")
                return file.read()

    def remove(self, name: str) -> None:
        """
        Remove a file, if it is there.

        Raises:
            OSError: It cannot be removed.
        """
        with naming(self.shown(name)), suppress(FileNotFoundError):
            os.unlink(self._name(name), dir_fd=self._handle)

    def names(self) -> list[str]:
        """Return the names of everything in the folder, sorted."""
        with naming(self.path):
            handle = self.path if self._handle is None else self._handle
            return sorted(os.listdir(handle))  # noqa: PTH208 - of an open folder

    def identity(self) -> tuple[int, int] | str:
        """Return a key that no other folder has."""
        if self._handle is None:
            return os.path.realpath(self.path)
        status = os.fstat(self._handle)
        return status.st_dev, status.st_ino

    def lock(self) -> bool:
        """
        Lock the folder against other runs of this package, and wait for one that holds the lock.

        Returns:
            False if the file system has no locks.

        Raises:
            OSError: Another run keeps writing for ten seconds.
        """
        if fcntl is None or self._handle is None:
            return False
        for _ in range(_LOCK_TRIES):
            try:
                fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(_LOCK_PAUSE)
            except OSError:
                return False
            else:
                return True
        message = "another run of claimtrack is writing there; try again when it has ended"
        raise OSError(errno.EAGAIN, message, self.path)

    def remove_leftovers(self) -> None:
        """Remove the temporary files of killed runs; the folder has to be locked."""
        for name in self.names():
            if not TEMPORARY.fullmatch(name):
                continue
            old = self.status(name)
            if old and stat.S_ISREG(old.st_mode) and old.st_nlink == 1 and _is_own(old):
                with suppress(OSError):
                    self.remove(name)

    def create(self, name: str, mode: int) -> int:
        """Create a new file, and return its descriptor."""
        return os.open(self._name(name), _CREATE, mode, dir_fd=self._handle)

    def move(self, name: str, to: str) -> None:
        """Give a file another name, and replace a file that has it."""
        os.replace(
            self._name(name),
            self._name(to),
            src_dir_fd=self._handle,
            dst_dir_fd=self._handle,
        )

    def synchronise(self) -> None:
        """Write the names of all files to the disk, if the system can."""
        if self._handle is not None:
            with suppress(OSError):  # some file systems cannot
                os.fsync(self._handle)

    def close(self) -> None:
        """Close it, which also releases the lock."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _refuse_link(self, name: str) -> None:
        """Refuse a link with a clear message, also on systems without O_NOFOLLOW."""
        status = self.status(name)
        if status is not None and stat.S_ISLNK(status.st_mode):
            raise OSError(errno.ELOOP, "it is a link, which is not followed")

    def _name(self, name: str) -> str:
        return self.shown(name) if self._handle is None else name


@attrs.frozen
class _Staged:
    """A file under a temporary name, not yet moved into place."""

    folder: Folder
    name: str
    temporary: str
    before: bytes | AnyContent | None

    def is_unchanged(self) -> bool:
        return isinstance(self.before, AnyContent) or self.folder.read(self.name) == self.before

    def move(self) -> None:
        with naming(self.folder.shown(self.name)):
            self.folder.move(self.temporary, self.name)


class Writing:
    """
    Files that are written together.

    `stage` writes each under a temporary name, and `move` moves all of them into place. Files that
    were not moved when the context ends are removed, so that an error leaves every file as it was.
    """

    def __init__(self) -> None:
        self._open = ExitStack()
        self._folders: dict[tuple[int, int] | str, Folder] = {}
        self._waiting: list[_Staged] = []
        self._staged = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for one in self._waiting:
            with suppress(OSError):
                one.folder.remove(one.temporary)
        self._open.close()

    def folder(self, root: str | os.PathLike[str], *names: str, make: bool = False) -> Folder:
        """
        Open and lock a folder, and remove temporary files of killed runs from it.

        Args:
            root: A folder that the user named; links in it are followed.
            names: The folders from there to the wanted one; no link is followed.
            make: Whether to make those of *names* that do not exist.

        Raises:
            OSError: One cannot be opened, or another run is writing there.
        """
        folder = Folder.at(root)
        for name in names:
            try:
                inner = folder.below(name, make=make)
            finally:
                folder.close()
            folder = inner
        known = self._folders.get(folder.identity())
        if known is not None:
            folder.close()
            return known
        self._open.callback(folder.close)
        if folder.lock():
            folder.remove_leftovers()
        self._folders[folder.identity()] = folder
        return folder

    def stage(
        self,
        folder: Folder,
        name: str,
        content: Content,
        before: bytes | AnyContent | None = ANY,
        *,
        is_first: bool = False,
    ) -> None:
        """
        Write a file under a temporary name.

        Args:
            folder: An open folder, from `folder`.
            name: The name of the file.
            content: The new content.
            before: The old content, None if the file must not exist; `move` compares it.
            is_first: Whether it is moved before all others.

        Raises:
            OSError: It cannot be written, or the file of that name cannot be replaced safely.
        """
        temporary = f".claimtrack-{secrets.token_hex(16)}.new"
        with naming(folder.shown(name)):
            old = folder.status(name)
            if old is not None:
                _refuse_to_replace(old)
            # Without an old file the mode follows the umask; with one, nobody else may read the
            # new file before it has the old mode.
            handle = folder.create(temporary, 0o666 if old is None else 0o600)
            place = 0 if is_first else len(self._waiting)
            self._waiting.insert(place, _Staged(folder, name, temporary, before))
            with os.fdopen(handle, "wb") as file:
                if callable(content):
                    content(file)
                else:
                    file.write(content)
                file.flush()
                if old is not None:
                    _copy_metadata(handle, old, folder, name)
                self._staged += 1
                if self._staged <= _SYNCED_ONE_BY_ONE or not hasattr(os, "sync"):
                    os.fsync(handle)

    def move(self) -> None:
        """
        Move all staged files into place, in the order in which they were staged.

        If one cannot be moved, those before it whose old content is known are restored.

        Raises:
            ChangedMeanwhileError: A file was changed since it was read; none is moved.
            OSError: A file cannot be moved.
        """
        if self._staged > _SYNCED_ONE_BY_ONE and hasattr(os, "sync"):
            os.sync()
        for one in self._waiting:
            if not one.is_unchanged():
                raise ChangedMeanwhileError(one.folder.shown(one.name))
        moved: list[_Staged] = []
        waiting, self._waiting = self._waiting, []
        try:
            for one in waiting:
                one.move()
                moved.append(one)
        except BaseException:
            self._waiting = waiting[len(moved) :]
            self._restore(moved)
            raise
        self._staged = 0
        for folder in self._folders.values():
            folder.synchronise()

    def _restore(self, moved: list[_Staged]) -> None:
        for one in reversed(moved):
            with suppress(OSError):
                if isinstance(one.before, bytes):
                    self.stage(one.folder, one.name, one.before)
                    self._waiting.pop().move()
                elif one.before is None:
                    one.folder.remove(one.name)


def write(path: str | os.PathLike[str], content: Content) -> None:
    """
    Write the one file that a user named, whole or not at all.

    A link is followed if it leads to a file below its own folder. A file that is not regular, such
    as a terminal or a pipe, is written to directly.

    Raises:
        OSError: It cannot be written, or it cannot be replaced safely.
    """
    file = Path(path)
    if _is_special(file):
        with naming(os.fspath(path)), open(_open_special(file), "wb") as opened:
            if callable(content):
                content(opened)
            else:
                opened.write(content)
        return
    root, names = place_of(file)
    with Writing() as writing:
        with naming(os.fspath(path)):  # rather than its folder
            folder = writing.folder(root, *names[:-1])
        writing.stage(folder, names[-1], content)
        writing.move()


def place_of(file: Path, root: Path | None = None) -> tuple[Path, tuple[str, ...]]:
    """
    Return the folder in which *file* really is, and the names that lead from the one to the other.

    Args:
        file: It may be a link, and need not exist.
        root: A folder that the user named, above the file; the folder of the file if None.

    Raises:
        OSError: Links lead out of that folder.
    """
    root = file.parent if root is None else root
    top, real = Path(os.path.realpath(root)), Path(os.path.realpath(file))
    if top not in real.parents:
        message = "a link leads out of its folder; name the file that it leads to"
        raise OSError(errno.ELOOP, message, os.fspath(file))
    return root, real.relative_to(top).parts


@contextmanager
def folders_for(folder: Path) -> Iterator[None]:
    """
    Make a folder and its parents, and remove those that were made if the body fails.

    Raises:
        OSError: One cannot be made.
    """
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for one in missing:
            opened = Folder.at(one.parent)
            opened.synchronise()
            opened.close()
        yield
    except BaseException:
        for one in missing:
            with suppress(OSError):
                one.rmdir()
        raise


@contextmanager
def naming(path: str) -> Iterator[None]:
    """Make each `OSError` name *path*, rather than a temporary file or none."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), path) from error


def _is_special(file: Path) -> bool:
    """Say whether a file is a pipe, a device, or a name for an open file."""
    parent = os.path.realpath(file.parent)
    if parent in _SYSTEM_FOLDERS or parent.startswith("/proc/"):
        return True
    try:
        mode = file.lstat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISLNK(mode))


def _open_special(file: Path) -> int:
    # Appending, since it may be a file that a shell has opened and others write to as well.
    return os.open(file, os.O_WRONLY | os.O_APPEND | getattr(os, "O_CLOEXEC", 0))


def _is_own(status: os.stat_result) -> bool:
    return not hasattr(os, "geteuid") or status.st_uid == os.geteuid()


def _refuse_to_replace(old: os.stat_result) -> None:
    if stat.S_ISLNK(old.st_mode):
        raise OSError(errno.ELOOP, "it is a link, which is not followed")
    if stat.S_ISDIR(old.st_mode):
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(old.st_mode):
        raise OSError(errno.EINVAL, "it is no regular file")
    if old.st_nlink > 1:
        message = f"it has {old.st_nlink} names (hard links), of which only one would be changed"
        raise OSError(errno.EMLINK, message)


def _copy_metadata(handle: int, old: os.stat_result, folder: Folder, name: str) -> None:
    """
    Give the new file the owner, the mode and the extended attributes of the old one.

    Raises:
        OSError: The owner cannot be kept, or the user may not write to the old file.
    """
    if not hasattr(os, "fchown"):
        return
    if not folder.may_write_to(name):
        raise OSError(errno.EACCES, "it is read-only")
    new = os.fstat(handle)
    if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
        try:
            os.fchown(handle, old.st_uid, old.st_gid)
        except OSError as error:
            owner = f"user {old.st_uid} and group {old.st_gid}"
            message = f"it belongs to {owner}, which a new file in its place could not"
            raise OSError(error.errno, message) from error
    _copy_attributes(handle, folder.shown(name))
    os.fchmod(handle, stat.S_IMODE(old.st_mode))


def _copy_attributes(handle: int, old: str) -> None:
    if not hasattr(os, "listxattr"):
        return
    with suppress(OSError):  # the file system has none
        for attribute in os.listxattr(old, follow_symlinks=False):
            with suppress(OSError):  # some are the system's own
                os.setxattr(handle, attribute, os.getxattr(old, attribute, follow_symlinks=False))
