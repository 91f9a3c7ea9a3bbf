"""
How commands that look at a few claims get along without reading a large registry each time.

A question that was answered on the same files before gets the same text again, and nothing is
worked out. Another question gets the part of the registry that bears on it (`claimtrack.cli.part`).
"""

import hashlib
import os
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final, TypeAlias

from claimtrack import __version__
from claimtrack.files.cache import MIN_BYTES, Seen, remember, remembered, seen, zones_now
from claimtrack.files.cache_store import Store, store_of
from claimtrack.files.folder import registry_files

MAX_BYTES: Final = 256 << 20
"""Registries of more bytes take long to look at, whatever is remembered of them."""

Question: TypeAlias = tuple[object, ...]
"""Texts, numbers and tuples of them: all that an answer depends on beside the registry."""


class Look:
    """
    One look at a registry that is large enough to be remembered.

    Args:
        path: Where it is.
        files: All that it consists of.
        seen: What they held when this look began.
        store: What is remembered.
    """

    def __init__(self, path: str, files: list[Path], seen: Seen, store: Store) -> None:
        self.path = path
        self.files = files
        self.seen = seen
        self.store = store
        self.zones: Collection[str] | None = None
        """Names of its time zones; None as long as nothing was found out that may be kept."""

    @property
    def key(self) -> str:
        """What these files are remembered by."""
        return self.seen.key

    def is_true_still(self) -> bool:
        """Say whether the files hold what they held when this look began."""
        try:
            return seen(Path(self.path), self.files, __version__) == self.seen
        except OSError:
            return False

    def answer(self, question: Question, answered: Callable[[], str]) -> str:
        """Return what was *answered* to *question* before, or else is now."""
        digest = hashlib.sha256(repr(question).encode()).hexdigest()
        name = f"{self.key}.{digest}.answer"
        text: str | None = remembered(name, self.store)
        if text is None:
            text = answered()
            if self.zones is not None:
                remember(name, text, zones_now(self.zones), self.store)
        return text


def look_at(path: str) -> Look | None:
    """
    Look at the registry at *path*; None if it is none to remember.

    Raises:
        LoadError: Its files cannot be found.
    """
    store = store_of(os.environ)
    if store is None:
        return None
    files = registry_files(Path(path))
    try:
        if not MIN_BYTES <= sum(file.stat().st_size for file in files) <= MAX_BYTES:
            return None
        return Look(path, files, seen(Path(path), files, __version__), store)
    except OSError:  # loading will say what is wrong
        return None
