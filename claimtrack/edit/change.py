"""Changes of files, each with the bytes before and after it, written together."""

import gzip
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, TypeAlias

import attrs

from claimtrack.atomic import ChangedMeanwhileError, Writing, place_of
from claimtrack.files.folder import files_below

BOM: Final = "\ufeff"

Stamp: TypeAlias = tuple[int, ...]
"""What tells whether a file was written to: its number, size and times."""


@attrs.frozen
class FileChange:
    """
    One file before and after a change.

    Args:
        path: The file, which may be a link.
        content: The bytes that it held when it was read; None if it is not there.
        before: Its text, which is empty if it is not there.
        after: The text that it is to hold.
    """

    path: Path
    content: bytes | None
    before: str
    after: str


@attrs.frozen
class NewFile:
    """
    A file that is written together with changes, before them.

    Args:
        folder: A folder that the user named.
        names: The folders from there, which are made if they are not there, and the file's name.
        content: Its bytes.
        before: The bytes of the file that it replaces; None if there must not be one.
    """

    folder: Path
    names: tuple[str, ...]
    content: bytes
    before: bytes | None = None


def write_all(
    changes: Iterable[FileChange],
    root: Path | None,
    seen: Mapping[Path, Stamp],
    new: Iterable[NewFile] = (),
) -> None:
    """
    Write all files or none, as far as a file system can do that.

    Every new file is first written under a temporary name, whole and to the disk; only when all
    are there are they moved into place, one right after another, and if a move fails, those before
    it are taken back. Who is killed between two moves leaves some files new and some old, and each
    of them whole. Links stay links.

    Args:
        changes: Those that change nothing are left out.
        root: The folder of the registry, out of which no link may lead; the folder of each file if
            None.
        seen: From `stamps`, before the registry was loaded: the files that have to be as they were.
        new: Files that are written too.

    Raises:
        ChangedMeanwhileError: A file was changed since it was read; nothing is written.
        OSError: A file cannot be written; nothing is written.
    """
    wanted = [change for change in changes if change.before != change.after]
    # In one order, so that two runs never wait for each other's folders.
    places = sorted((place_of(change.path, root), change) for change in wanted)
    with Writing() as writing:
        for file in new:
            folder = writing.folder(file.folder, *file.names[:-1], make=True)
            writing.stage(folder, file.names[-1], file.content, before=file.before)
        for (top, names), change in places:
            folder = writing.folder(top, *names[:-1])
            writing.stage(folder, names[-1], packed(change), before=change.content)
        for path, stamp in seen.items():
            if _stamp(path) != stamp:
                raise ChangedMeanwhileError(str(path))
        writing.move()


def packed(change: FileChange) -> bytes:
    """Return the bytes that the file of *change* is to hold, packed if its name says so."""
    content = change.after.encode()
    return gzip.compress(content, mtime=0) if change.path.name.endswith(".gz") else content


def stamps(path: str | os.PathLike[str]) -> dict[Path, Stamp]:
    """
    Return the files of the registry at *path* with their stamps; none if nothing is there.

    Raises:
        LoadError: As `claimtrack.load` raises it for a folder that cannot be read.
    """
    root = Path(path)
    if not root.exists():
        return {}
    files = files_below(root) if root.is_dir() else [root]
    return {file: _stamp(file) for file in files}


def _stamp(file: Path) -> Stamp:
    try:
        found = file.stat()
    except OSError:
        return ()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def text_of(path: Path, content: bytes) -> str:
    """Return the text of a file as it is, with its line ends and its byte order mark."""
    return (gzip.decompress(content) if path.name.endswith(".gz") else content).decode()


def line_end_of(text: str) -> str:
    """Return how the last line of *text* that has an end ends; a line feed if none has."""
    return "\r\n" if text.rpartition("\n")[0].endswith("\r") else "\n"
