"""
A site in a folder: only what differs is written, and only what is ours is replaced or removed.

Beside the pages stands `LIST`, a list of the files that earlier runs wrote, each with the SHA-256
of its bytes, in the form that ``sha256sum --check`` reads. A file is ours if it is on the list and
its bytes are those of the list. The list is written before the pages are moved into place, with
what was there and what is to come, and once more when all is done, so that a run that was killed
leaves nothing behind that the next one does not know.
"""

import hashlib
import re
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from claimtrack.atomic import Folder, Writing, folders_for
from claimtrack.engine.audit import Audit
from claimtrack.errors import ClaimTrackError
from claimtrack.report.site.build import site_files
from claimtrack.report.site.contents import Options

LIST: Final = ".claimtrack-site"

_LINE: Final = re.compile(
    "([0-9a-f]{64})  ("
    r"(?:index|speakers|facts|due|method)\.html|changes\.atom|due\.ics|audit\.json"
    r"|(?:claims|facts|speakers)/[a-z0-9][a-z0-9.~-]*\.html)"
)
"""A line of the list; no other name is ever one of a site, whatever a list says."""

_HEAD: Final = "# Written by claimtrack site: the SHA-256 of each file, and its name.\n"

Listed: TypeAlias = dict[str, set[str]]
"""The digests that each file may have and be ours."""


class ForeignFolderError(ClaimTrackError):
    """
    Say that a site would be mixed with, or written over, what somebody else made.

    Args:
        folder: Where it was to be written.
        found: What is there.
    """

    def __init__(self, folder: str, found: str) -> None:
        super().__init__(folder, found)
        self.folder = folder
        self.found = found

    def __str__(self) -> str:
        return (
            f"CT910 {self.folder!r} holds {self.found!r}, which claimtrack did not write; expected "
            "an empty folder or one of an earlier site\n"
            "    hint: name another folder, or write into this one with --overwrite"
        )


class Written(NamedTuple):
    """
    What became of the files of a site.

    Args:
        written: How many were written.
        unchanged: How many were there already.
        removed: How many are no longer part of the site, and were removed.
        replaced: Those that somebody had edited, or made, and that were written over.
        kept: Those that are no longer part of the site, and stay since somebody edited them.
    """

    written: int
    unchanged: int
    removed: int
    replaced: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def write_site(audit: Audit, options: Options, folder: Path, *, overwrite: bool = False) -> Written:
    """
    Write the site of *audit* into *folder*, and remove what an earlier run wrote for nothing.

    Args:
        audit: What the pages show.
        options: What the site is called.
        folder: It is made if it is not there.
        overwrite: Whether it may hold what claimtrack did not write; files of the names of pages
            are then written over, all others stay.

    Raises:
        ForeignFolderError: It holds such a thing; nothing is written.
        OSError: A file cannot be read, written or removed, or a link takes the place of one.
    """
    with folders_for(folder), Writing() as writing:
        site = _Site(writing, folder, overwrite=overwrite)
        for name, text in site_files(audit, options):
            site.stage(name, text.encode())
        return site.finish()


class _Site:
    """One run over the folder of a site."""

    def __init__(self, writing: Writing, root: Path, *, overwrite: bool) -> None:
        self.writing = writing
        self.root = root
        self.overwrite = overwrite
        self.top = writing.folder(root)
        self.now: Listed = {}
        self.written = 0
        self.replaced: list[str] = []
        self._folders = {"": self.top}
        content = self.top.read(LIST)
        before = None if content is None else _listed(content)
        self.before: Listed = before or {}
        if before is None:
            self._refuse_foreign()
            self._write_list({})
            writing.move()

    def _refuse_foreign(self) -> None:
        found = self.top.names()
        if found and not self.overwrite:
            raise ForeignFolderError(
                str(self.root), "index.html" if "index.html" in found else found[0]
            )

    def _write_list(self, listed: Listed, *, is_first: bool = False) -> None:
        self.writing.stage(self.top, LIST, _list(listed), is_first=is_first)

    def _place(self, name: str, *, make: bool = False) -> tuple[Folder, str]:
        """Return the open folder that a file lies in, and its name there."""
        inner, _, file = name.rpartition("/")
        if inner not in self._folders:
            self._folders[inner] = self.writing.folder(self.root, inner, make=make)
        return self._folders[inner], file

    def stage(self, name: str, content: bytes) -> None:
        """
        Prepare to write a page, unless it is there already.

        Raises:
            ForeignFolderError: Something else of that name is there.
        """
        folder, file = self._place(name, make=True)
        old = folder.read(file)
        self.now[name] = {_digest(content)}
        if old == content:
            return
        if old is not None and _digest(old) not in self.before.get(name, ()):
            if name not in self.before and not self.overwrite:
                raise ForeignFolderError(str(self.root), name)
            self.replaced.append(name)
        self.writing.stage(folder, file, content, before=old)
        self.written += 1

    def finish(self) -> Written:
        """Move all pages into place, and remove those that are no longer part of the site."""
        both = {
            name: self.before.get(name, set()) | self.now.get(name, set())
            for name in (*self.before, *self.now)
        }
        if both != self.before:
            self._write_list(both, is_first=True)
        self.writing.move()
        removed: list[str] = []
        kept: list[str] = []
        for name in self.before.keys() - self.now.keys():
            (removed if self._remove(name) else kept).append(name)
        if both != self.now:
            self._write_list(self.now)
            self.writing.move()
        there = [name for name in sorted(kept) if self._is_there(name)]
        return Written(
            self.written,
            len(self.now) - self.written,
            len(removed),
            tuple(self.replaced),
            tuple(there),
        )

    def _remove(self, name: str) -> bool:
        """Remove a file of an earlier run if it still is what that wrote, and say whether."""
        try:
            folder, file = self._place(name)
            content = folder.read(file)
            if content is None or _digest(content) not in self.before[name]:
                return False
            folder.remove(file)
        except OSError:  # it is a link, or lies behind one
            return False
        return True

    def _is_there(self, name: str) -> bool:
        try:
            folder, file = self._place(name)
        except OSError:
            return False
        return folder.status(file) is not None


def _listed(content: bytes) -> Listed | None:
    """Return what a list says of files that a site can have; None if it is no list."""
    text = content.decode("ascii", "replace")
    if not text.startswith(_HEAD):
        return None
    listed: Listed = {}
    for line in text.splitlines():
        found = _LINE.fullmatch(line)
        if found:
            listed.setdefault(found[2], set()).add(found[1])
    return listed


def _list(listed: Listed) -> bytes:
    lines = (f"{digest}  {name}\n" for name in sorted(listed) for digest in sorted(listed[name]))
    return "".join((_HEAD, *lines)).encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
