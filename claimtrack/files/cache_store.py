"""
A folder of one's own for what can be made again.

Files in it are read back as Python objects, so nothing is read that anybody else could have put
there: the folder and each file must belong to the user, and no one else may be able to write them.
Each file begins with a digest of the rest, so that what is damaged is not read at all. Everything
in it may be deleted at any time.
"""

import contextlib
import hashlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

SWITCH: Final = "CLAIMTRACK_NO_CACHE"
"""The variable that turns the cache off when it is set to anything."""

MAX_BYTES: Final = 512 << 20
"""All files together; the ones that were used longest ago are deleted first."""

MAX_FILES: Final = 1_000
"""Likewise; most of them are small."""

_DIGEST: Final = 32
_OTHERS_MAY_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH


class Store:
    """
    The folder.

    Args:
        folder: Where it is; made when something is put there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, name: str) -> bytes | None:
        """Return the content of a file; None if there is none that is whole and may be trusted."""
        if not _is_own_folder(self.folder):
            return None
        try:
            handle = os.open(self.folder / name, os.O_RDONLY | os.O_NOFOLLOW)
        except OSError:
            return None
        with os.fdopen(handle, "rb") as file:
            told = os.fstat(handle)
            if not stat.S_ISREG(told.st_mode) or not _is_own(told):
                return None
            with contextlib.suppress(OSError):
                os.utime(handle)  # used just now
            digest, content = file.read(_DIGEST), file.read()
        return content if digest == hashlib.sha256(content).digest() else None

    def put(self, name: str, *parts: bytes) -> None:
        """Write a file of *parts*, whole or not at all; what cannot be written is done without."""
        size = _DIGEST + sum(map(len, parts))
        if size > MAX_BYTES:
            return
        digest = hashlib.sha256()
        for part in parts:
            digest.update(part)
        beside = self.folder / f".{name}.{os.getpid()}.new"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_own_folder(self.folder):
                return
            self._make_room(size)
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(digest.digest())
                file.writelines(parts)
            beside.replace(self.folder / name)
        except OSError:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)

    def _make_room(self, wanted: int) -> None:
        files = []
        for file in self.folder.iterdir():
            with contextlib.suppress(OSError):  # another process may have deleted it
                told = file.lstat()
                files.append((told.st_mtime_ns, told.st_size, file))
        room = MAX_BYTES - wanted - sum(size for _, size, _ in files)
        places = MAX_FILES - 1 - len(files)
        for _, size, file in sorted(files, key=lambda told: told[0]):
            if room >= 0 and places >= 0:
                return
            with contextlib.suppress(OSError):
                file.unlink()
            room += size
            places += 1


def _is_own_folder(folder: Path) -> bool:
    try:
        told = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(told.st_mode) and _is_own(told)


def _is_own(told: os.stat_result) -> bool:
    return told.st_uid == os.getuid() and not told.st_mode & _OTHERS_MAY_WRITE


def store_of(env: Mapping[str, str]) -> Store | None:
    """
    Return the user's own store; None where it is switched off or there can be none.

    It is ``claimtrack`` in the folder that XDG_CACHE_HOME names, else in ``~/.cache``.
    """
    if env.get(SWITCH) or not hasattr(os, "getuid") or not hasattr(os, "O_NOFOLLOW"):
        return None
    named = Path(env.get("XDG_CACHE_HOME", ""))
    if not named.is_absolute():  # what is not absolute is to be ignored, says its specification
        home = env.get("HOME", "")
        if not Path(home).is_absolute():
            return None
        named = Path(home) / ".cache"
    return Store(named / "claimtrack")
