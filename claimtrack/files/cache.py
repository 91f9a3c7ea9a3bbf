"""
Look at a few claims of a large registry without reading all of it again.

The first look writes the checked records down in cells of a few dozen, with an index of what
stands where and speaks of what. A later look at the same files reads the index and the cells that
hold the claims in question and all that bears on them, and makes a registry of these alone, which
gives the same verdicts on them as the whole one.

What was written is found by the content of every file, so it is never that of other files.
"""

import hashlib
import io
import marshal
import os
import pickle
import sys
from collections.abc import Iterable, Iterator
from itertools import compress
from pathlib import Path
from typing import Any, Final, TypeAlias

import attrs

from claimtrack.files.cache_store import Store
from claimtrack.model.claim import LINKS, Claim, criteria_of
from claimtrack.model.criterion import facts_of
from claimtrack.model.evidence import Evidence
from claimtrack.model.registry import PLURALS
from claimtrack.model.shelf import Shelf
from claimtrack.registry import Registry

FORM: Final = 1
"""Counted up whenever what is written changes."""

CELL: Final = 48
MIN_BYTES: Final = 1 << 20
"""Registries of fewer bytes are read as fast as they are looked up."""

Counts: TypeAlias = tuple[dict[str, int], int]
"""How many claims have each status, and how many had not been made."""

_KINDS: Final = ("speaker", "source", "fact", "evidence", "claim", "assessment")
_ELSEWHERE: Final = frozenset({("decimal", "Decimal")})


@attrs.frozen
class Seen:
    """
    The files of a registry as they were when they were looked at.

    Args:
        key: A digest of their names and all that is in them.
        size: Bytes of all of them together.
        stamps: What the system says of each, so that a change in between is noticed.
    """

    key: str
    size: int
    stamps: tuple[tuple[int, ...], ...]


def seen(root: Path, files: Iterable[Path], version: str) -> Seen:
    """
    Look at *files*, which lie in *root* or are it.

    Raises:
        OSError: One of them cannot be read.
    """
    made_by = (FORM, version, sys.version, sys.byteorder, tuple(_code()))
    digest = hashlib.sha256(repr(made_by).encode())
    size = 0
    stamps = []
    for file in files:
        stamps.append(_stamp(file))
        content = file.read_bytes()
        size += len(content)
        name = os.fsencode(os.path.relpath(file, root))
        digest.update(
            b"%d %d " % (len(name), len(content)) + name + hashlib.sha256(content).digest()
        )
    return Seen(digest.hexdigest(), size, tuple(stamps))


def _code() -> Iterator[tuple[str, int, int]]:
    """Iterate over what tells the code that makes records from that of another day."""
    for room in (Path(__file__).parent, Path(__file__).parent.with_name("model")):
        for entry in sorted(os.scandir(room), key=lambda entry: entry.name):
            if entry.name.endswith(".py"):
                told = entry.stat()
                yield entry.name, told.st_size, told.st_mtime_ns


def is_unchanged(files: Iterable[Path], before: Seen) -> bool:
    """Say whether *files* are still what they were."""
    try:
        return tuple(map(_stamp, files)) == before.stamps
    except OSError:
        return False


def _stamp(file: Path) -> tuple[int, ...]:
    told = file.stat()
    return told.st_dev, told.st_ino, told.st_size, told.st_mtime_ns, told.st_ctime_ns


def remember(registry: Registry, key: str, store: Store) -> None:
    """Write *registry* down under *key*."""
    cells: list[bytes] = []
    starts: dict[str, int] = {}
    ids: dict[str, list[str]] = {}
    for kind in _KINDS:
        records = list(getattr(registry, PLURALS[kind]).values())
        ids[kind] = [record.id for record in records]
        starts[kind] = len(cells)
        cells += (
            pickle.dumps(records[at : at + CELL], pickle.HIGHEST_PROTOCOL)
            for at in range(0, len(records), CELL)
        )
    evidence = registry.evidence.values()
    index = {
        "ids": ids,
        "starts": starts,
        "sizes": [len(cell) for cell in cells],
        "settings": pickle.dumps(registry.settings, pickle.HIGHEST_PROTOCOL),
        "facts": [item.fact for item in evidence],
        "judged": [item.claim for item in evidence],
        "supersedes": {item.id: item.supersedes for item in evidence if item.supersedes},
        "rated": [rating.claim for rating in registry.assessments.values()],
        "speakers": [claim.speaker for claim in registry.claims.values()],
    }
    head = marshal.dumps(index)
    store.put(f"{key}.registry", len(head).to_bytes(8, "big") + head + b"".join(cells))


def remembered(key: str, store: Store) -> "Remembered | None":
    """Return what was written down under *key*, or None."""
    content = store.get(f"{key}.registry")
    return None if content is None else Remembered(content)


def remember_counts(key: str, counts: Counts, store: Store) -> None:
    """Write down how many claims have which status; *key* names the registry and the day."""
    store.put(f"{key}.counts", marshal.dumps(counts))


def remembered_counts(key: str, store: Store) -> Counts | None:
    """Return what was written down under *key*, or None."""
    content = store.get(f"{key}.counts")
    return None if content is None else marshal.loads(content)  # noqa: S302


class _OwnClasses(pickle.Unpickler):
    """Makes objects of the model's classes, and of no others."""

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 - a class
        if module.startswith("claimtrack.model.") or (module, name) in _ELSEWHERE:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is not part of a record")


def _loaded(content: bytes) -> Any:  # noqa: ANN401 - whatever was written
    return _OwnClasses(io.BytesIO(content)).load()


class Remembered:
    """A registry that was written down, of which parts can be had."""

    def __init__(self, content: bytes) -> None:
        length = int.from_bytes(content[:8], "big")
        self._content = content
        self._index: dict[str, Any] = marshal.loads(content[8 : 8 + length])  # noqa: S302 - own
        starts = [8 + length]
        for size in self._index["sizes"]:
            starts.append(starts[-1] + size)
        self._starts = starts
        self._cells: dict[int, list[Any]] = {}
        self._places: dict[str, dict[str, int]] = {}

    def claims_of(self, speakers: Iterable[str]) -> list[str] | None:
        """Return the claims of these speakers; None if one of the speakers is not there."""
        wanted = set(speakers)
        if not wanted <= set(self._index["ids"]["speaker"]):
            return None
        chosen = (speaker in wanted for speaker in self._index["speakers"])
        return list(compress(self._index["ids"]["claim"], chosen))

    def part(self, claims: Iterable[str]) -> Registry | None:
        """Return a registry of these claims and what bears on them; None if one is not there."""
        wanted = _Wanted(self)
        for claim in claims:
            if claim not in self.places("claim"):
                return None
            wanted.add("claim", claim)
        return wanted.registry()

    def settings(self) -> Any:  # noqa: ANN401 - settings
        """Return the settings."""
        return _loaded(self._index["settings"])

    def places(self, kind: str) -> dict[str, int]:
        """Return the place of each record of *kind* by id."""
        if kind not in self._places:
            self._places[kind] = {id_: at for at, id_ in enumerate(self._index["ids"][kind])}
        return self._places[kind]

    def record(self, kind: str, id_: str) -> Any:  # noqa: ANN401 - a record
        """Return one record."""
        cell, place = divmod(self.places(kind)[id_], CELL)
        cell += self._index["starts"][kind]
        if cell not in self._cells:
            self._cells[cell] = _loaded(self._content[self._starts[cell] : self._starts[cell + 1]])
        return self._cells[cell][place]

    def speaking_of(self, facts: set[str], claims: set[str]) -> Iterator[str]:
        """Iterate over the evidence on *facts* and that which judges *claims*."""
        ids = self._index["ids"]["evidence"]
        yield from compress(ids, map(facts.__contains__, self._index["facts"]))
        yield from compress(ids, map(claims.__contains__, self._index["judged"]))

    def ratings_of(self, claims: set[str]) -> Iterator[str]:
        """Iterate over the ratings of *claims*."""
        rated = map(claims.__contains__, self._index["rated"])
        return compress(self._index["ids"]["assessment"], rated)

    def superseding(self, evidence: set[str]) -> Iterator[str]:
        """Iterate over what supersedes any of *evidence*."""
        for id_, others in self._index["supersedes"].items():
            if not evidence.isdisjoint(others):
                yield id_


class _Wanted:
    """The records of a part in the making, each with those that it names."""

    def __init__(self, whole: Remembered) -> None:
        self.whole = whole
        self.found: dict[str, dict[str, Any]] = {kind: {} for kind in _KINDS}
        self.facts: set[str] = set()

    def registry(self) -> Registry:
        while True:
            before = sum(map(len, self.found.values()))
            claims = set(self.found["claim"])
            for id_ in self.whole.speaking_of(self.facts, claims):
                self.add("evidence", id_)
            for id_ in list(self.whole.superseding(set(self.found["evidence"]))):
                self.add("evidence", id_)
            for id_ in self.whole.ratings_of(claims):
                self.add("assessment", id_)
            if before == sum(map(len, self.found.values())):
                break
        shelves: dict[str, Any] = {}
        for kind, records in self.found.items():
            in_order = sorted(records, key=self.whole.places(kind).__getitem__)
            shelves[PLURALS[kind]] = Shelf(kind, {id_: records[id_] for id_ in in_order})
        return Registry(settings=self.whole.settings(), **shelves)

    def add(self, kind: str, id_: str) -> None:
        if id_ in self.found[kind]:
            return
        record = self.found[kind][id_] = self.whole.record(kind, id_)
        for other_kind, other in _named(record):
            self.add(other_kind, other)
        if isinstance(record, Claim):
            for criterion in criteria_of(record):
                for fact in facts_of(criterion):
                    self.facts.add(fact)
                    self.add("fact", fact)


def _named(record: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - a record
    """Iterate over the records that *record* names by id."""
    if getattr(record, "source", None) is not None:
        yield "source", record.source
    if isinstance(record, Claim):
        yield "speaker", record.speaker
        yield from (("source", id_) for id_ in record.appearances)
        yield from (("claim", id_) for link in LINKS for id_ in getattr(record, link))
    if isinstance(record, Evidence):
        if record.fact is not None:
            yield "fact", record.fact
        yield from (("evidence", id_) for id_ in record.supersedes)
    claim = getattr(record, "claim", None)
    if claim is not None:
        yield "claim", claim
