"""Files before and after a change, and the way from the one to the other."""

import gzip
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import attrs

from claimtrack.edit.sections import EditError
from claimtrack.files.dump import put, put_beside

BOM: Final = "\ufeff"


@attrs.frozen
class FileChange:
    """
    One file before and after a change.

    Args:
        before: Its text, *after* what it is to be; a file that is not there has none.
    """

    path: Path
    before: str
    after: str

    @property
    def target(self) -> Path:
        """The file itself, where the path is a link."""
        return self.path.resolve()


def write_all(changes: Iterable[FileChange]) -> None:
    """
    Write all files or none, as far as a file system can do that.

    Every new file is first written beside the old one, whole and to the disk; only when all are
    there are they moved into place, one right after another, and if a move fails, those before it
    are taken back. Who is killed between two moves leaves some files new and some old, and each of
    them whole. Links stay links.

    Raises:
        EditError: A file was changed since it was read; nothing is written.
        OSError: A file cannot be written; nothing is written.
    """
    wanted = [change for change in changes if change.before != change.after]
    with _beside(wanted) as files:
        for change in wanted:
            if _text_of(change) != change.before:
                message = f"{str(change.path)!r} was changed meanwhile; nothing is written"
                raise EditError(message)
        _move(wanted, files)
    for folder in {change.target.parent for change in wanted}:
        _sync(folder)


@contextmanager
def _beside(changes: Iterable[FileChange]) -> Iterator[list[Path]]:
    """Give the new files, beside the old ones; what is not moved is taken away."""
    files: list[Path] = []
    try:
        for change in changes:
            files.append(put_beside(change.target, _content(change, change.after)))  # noqa: PERF401
        yield files
    finally:
        for file in files:
            file.unlink(missing_ok=True)


def _move(changes: Iterable[FileChange], files: Iterable[Path]) -> None:
    moved: list[tuple[FileChange, bool]] = []
    try:
        for change, file in zip(changes, files, strict=True):
            was_there = change.target.exists()
            file.replace(change.target)
            moved.append((change, was_there))
    except BaseException:
        for change, was_there in moved:
            _take_back(change, was_there=was_there)
        raise


def _take_back(change: FileChange, *, was_there: bool) -> None:
    if was_there:
        put(change.target, _content(change, change.before))
    else:
        change.target.unlink(missing_ok=True)


def _content(change: FileChange, text: str) -> bytes:
    content = text.encode()
    return gzip.compress(content, mtime=0) if change.path.name.endswith(".gz") else content


def _text_of(change: FileChange) -> str:
    return text_of(change.path) if change.path.exists() else ""


def _sync(folder: Path) -> None:
    """Make sure that moves in *folder* are on disk, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:  # some file systems do not know how to
        pass
    finally:
        os.close(handle)


def text_of(path: Path) -> str:
    """
    Return the text of a file as it is, with its line ends and its byte order mark.

    Raises:
        OSError: It cannot be read.
    """
    content = path.read_bytes()
    return (gzip.decompress(content) if path.name.endswith(".gz") else content).decode()
