"""
What was worked out of large registries before, found by what is in their files.

A key is a digest of the names of all files, of every byte in them, and of the program itself. So
what is found under it is never that of other files or of another version, and may be deleted at
any time. What also depends on time zones is kept with a digest of their rules.
"""

import contextlib
import hashlib
import marshal
import os
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from claimtrack.files.cache_store import Store

FORM: Final = 2
"""Counted up whenever what is written changes."""

MIN_BYTES: Final = 1 << 20
"""Registries of fewer bytes are read as fast as they are looked up."""

Zones: TypeAlias = dict[str, str]
"""Digests of the rules of time zones, by their names."""


class Seen(NamedTuple):
    """
    The files of a registry as they were when they were looked at.

    Args:
        key: A digest of their names, of all that is in them, and of the program.
        stamps: What the system says of each, so that a change and back is noticed too.
    """

    key: str
    stamps: tuple[tuple[int, ...], ...]


def seen(root: Path, files: Iterable[Path], version: str) -> Seen:
    """
    Look at *files*, which lie in *root* or are it.

    Raises:
        OSError: One of them cannot be read.
    """
    made_by = (FORM, version, sys.version, sys.byteorder, _code())
    digest = hashlib.sha256(repr(made_by).encode())
    stamps = []
    for file in files:
        with file.open("rb", buffering=0) as opened:
            stamps.append(_stamp(os.fstat(opened.fileno())))
            content = hashlib.file_digest(opened, "sha256").digest()
        name = os.fsencode(os.path.relpath(file, root))
        digest.update(b"%d " % len(name) + name + content)
    return Seen(digest.hexdigest(), tuple(stamps))


def _stamp(told: os.stat_result) -> tuple[int, ...]:
    return told.st_dev, told.st_ino, told.st_size, told.st_mtime_ns, told.st_ctime_ns


def _code() -> list[tuple[object, ...]]:
    """Return what tells the code that makes answers from that of another day."""
    package = os.fspath(Path(__file__).parents[1])
    found: list[tuple[object, ...]] = []
    for folder, folders, names in os.walk(package):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in names:
            if name.endswith(".py"):
                file = os.path.join(folder, name)  # noqa: PTH118 - two hundred of them
                told = os.stat(file)  # noqa: PTH116
                found.append((file[len(package) :], told.st_size, told.st_mtime_ns))
    drawn_by = find_spec("tabulate")  # which lays out what is printed
    if drawn_by is not None and drawn_by.origin is not None:
        told = os.stat(drawn_by.origin)  # noqa: PTH116
        found.append((drawn_by.origin, told.st_size, told.st_mtime_ns))
    return sorted(found)


def remember(name: str, value: Any, zones: Zones | None, store: Store) -> None:  # noqa: ANN401
    """
    Write a *value* of plain types down in *store*.

    Args:
        name: Begins with a key.
        value: What nothing but the registry and the rules of *zones* decided.
        zones: From `zones_now`; nothing is written where they cannot be told.
        store: Where to write it.
    """
    if zones is not None:
        store.put(name, marshal.dumps((zones, value)))


def remembered(name: str, store: Store) -> Any:  # noqa: ANN401 - what was written down
    """Return what was written down under *name*; None if the rules of a zone are others now."""
    content = store.get(name)
    if content is None:
        return None
    zones, value = marshal.loads(content)  # noqa: S302 - the user's own, and whole
    return value if zones == zones_now(zones) else None


def zones_now(names: Iterable[str]) -> Zones | None:
    """Return digests of the rules of time zones as they are now; None if one cannot be told."""
    found = {name: _rules(name) for name in names}
    return None if None in found.values() else found  # type: ignore[return-value]


def _rules(name: str) -> str | None:
    from zoneinfo import TZPATH  # noqa: PLC0415 - few registries name a zone

    for folder in TZPATH:
        with contextlib.suppress(OSError):
            return hashlib.sha256(Path(folder, name).read_bytes()).hexdigest()
    return None
