"""
How commands that look at a few claims read a registry: from the cache, if they looked before.

The first look at a large registry reads all of it and writes down what a later one needs.
"""

import os
import pickle
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

import attrs

from claimtrack import __version__
from claimtrack.cli.reading import registry_at
from claimtrack.engine.audit import Audit
from claimtrack.engine.known import Index
from claimtrack.files.cache import (
    MIN_BYTES,
    Counts,
    Remembered,
    Seen,
    is_unchanged,
    remember,
    remember_counts,
    remembered,
    remembered_counts,
    seen,
)
from claimtrack.files.cache_store import Store, store_of
from claimtrack.files.folder import registry_files
from claimtrack.model.span import Day
from claimtrack.model.verdict import Status
from claimtrack.registry import Registry, day_of

MAX_BYTES: Final = 256 << 20
"""Registries of more bytes take long to look at, whatever is remembered of them."""

_DAMAGE: Final = (
    *(ValueError, TypeError, EOFError, LookupError, AttributeError, ImportError),
    pickle.UnpicklingError,
)
"""What a damaged file of the cache may raise; it is then as if there were none."""


def registry_for_claim(path: str, claim: str) -> Registry:
    """
    Return the registry at *path*, or at least all of it that bears on *claim*.

    Raises:
        LoadError: It cannot be read.
    """
    look = _look(path)
    if look is None:
        return registry_at(path)
    part = look.part(lambda _: [claim])
    return look.whole() if part is None else part


def audit_of_speakers(path: str, speakers: Iterable[str], as_of: str, known_by: str) -> Audit:
    """
    Return an audit that has at least the claims of *speakers*, and the counts of all claims.

    Raises:
        LoadError: The registry cannot be read.
        UnknownRecordError: It has no such speaker.
    """
    look = _look(path)
    name = "" if look is None else f"{look.seen.key}.{as_of}.{known_by}"
    if look is not None:
        counts = remembered_counts(name, look.store)
        part = None if counts is None else look.part(lambda whole: whole.claims_of(speakers))
        if counts is not None and part is not None:
            return PartialAudit(part.index(known_by), day_of(as_of), counts)
    registry = registry_at(path) if look is None else look.whole()
    for id_ in speakers:
        registry.speakers[id_]
    audit = registry.audit(as_of, known_by=known_by)
    if look is not None:
        words = {status.value: count for status, count in audit.counts.items()}
        remember_counts(name, (words, audit.not_yet_said), look.store)
    return audit


class PartialAudit(Audit):
    """
    An audit of some of the claims of a registry, with the counts of all.

    Args:
        index: The evidence on these claims.
        day: The day as an ordinal.
        counts: How many claims of the whole registry have each status.
    """

    def __init__(self, index: Index, day: Day, counts: Counts) -> None:
        super().__init__(index, day)
        self._counts = counts

    def __len__(self) -> int:
        return sum(self._counts[0].values())

    @property
    def counts(self) -> Mapping[Status, int]:
        """How many claims of the whole registry have each status."""
        return {status: self._counts[0][status.value] for status in Status}

    @property
    def not_yet_said(self) -> int:
        """How many claims of the whole registry had not been made by that day."""
        return self._counts[1]


@attrs.frozen
class _Look:
    """One look at a registry that is large enough to be remembered."""

    path: str
    files: list[Path]
    seen: Seen
    store: Store

    def part(self, claims: Callable[[Remembered], Iterable[str] | None]) -> Registry | None:
        """Return the part with those claims, if it is remembered and they are in it."""
        try:
            found = remembered(self.seen.key, self.store)
            wanted = None if found is None else claims(found)
            return None if found is None or wanted is None else found.part(wanted)
        except _DAMAGE:
            return None

    def whole(self) -> Registry:
        """Load the registry, and write down what a later look needs."""
        registry = registry_at(self.path)
        if is_unchanged(self.files, self.seen):
            remember(registry, self.seen.key, self.store)
        return registry


def _look(path: str) -> _Look | None:
    store = store_of(os.environ)
    if store is None:
        return None
    files = registry_files(Path(path))
    try:
        if not MIN_BYTES <= sum(file.stat().st_size for file in files) <= MAX_BYTES:
            return None
        return _Look(path, files, seen(Path(path), files, __version__), store)
    except OSError:  # loading will say what is wrong
        return None
