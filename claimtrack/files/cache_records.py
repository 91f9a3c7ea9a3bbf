"""
Look at a few claims of a large registry without reading all of it again.

The first look writes the checked records down in cells of a few dozen, with an index of what
stands where and speaks of what. A later look at the same files reads the index, and of the cells
those that hold the claims in question and all that bears on them. The registry of these alone
gives the same verdicts on them as the whole one.
"""

import marshal
from collections.abc import Iterable, Iterator
from itertools import compress
from typing import Any, Final

from claimtrack.collector import at_rest
from claimtrack.files.cache import Zones
from claimtrack.files.cache_cells import CELL, Cell, frozen, pickled, unpickled
from claimtrack.files.cache_store import Store
from claimtrack.model.claim import LINKS, Claim, criteria_of
from claimtrack.model.criterion import facts_of
from claimtrack.model.evidence import Evidence
from claimtrack.model.registry import KINDS, PLURALS, Records
from claimtrack.model.shelf import Shelf

_KINDS: Final = ("speaker", "source", "fact", "evidence", "claim", "assessment")


def zones_of(records: Records) -> set[str]:
    """Return the names of the time zones that a registry speaks of."""
    named = {claim.timezone for claim in records.claims.by_id.values()}
    return {zone for zone in (*named, records.settings.timezone) if zone is not None}


def remember_records(registry: Records, key: str, zones: Zones, store: Store) -> None:
    """Write *registry* down under *key*; *zones* are those that it speaks of."""
    with at_rest():
        _remember(registry, key, zones, store)


def _remember(registry: Records, key: str, zones: Zones, store: Store) -> None:
    cells: list[bytes] = []
    starts: dict[str, int] = {}
    ids: dict[str, list[str]] = {}
    columns = {}
    for kind in _KINDS:
        by_id = getattr(registry, PLURALS[kind]).by_id
        ids[kind] = list(by_id)
        starts[kind] = len(cells)
        columns[kind], more = frozen(KINDS[kind], list(by_id.values()))
        cells += more
    evidence = registry.evidence.by_id.values()
    index = {
        "ids": ids,
        "starts": starts,
        "columns": columns,
        "sizes": list(map(len, cells)),
        "settings": pickled(registry.settings),
        "zones": zones,
        "facts": [item.fact for item in evidence],
        "judged": [item.claim for item in evidence],
        "supersedes": {item.id: item.supersedes for item in evidence if item.supersedes},
        "rated": [rating.claim for rating in registry.assessments.by_id.values()],
        "speakers": [claim.speaker for claim in registry.claims.by_id.values()],
    }
    head = marshal.dumps(index)
    store.put(f"{key}.registry", len(head).to_bytes(8, "big"), head, *cells)


def remembered_records(key: str, store: Store) -> "Remembered | None":
    """Return what was written down under *key*, or None."""
    content = store.get(f"{key}.registry")
    return None if content is None else Remembered(content)


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
        self._cells: dict[int, Cell] = {}
        self._places: dict[str, dict[str, int]] = {}

    @property
    def zones(self) -> Zones:
        """The rules of the time zones that the whole registry speaks of, when it was read."""
        found: Zones = self._index["zones"]
        return found

    def claims_of(self, speakers: Iterable[str]) -> list[str] | None:
        """Return the claims of these speakers; None if one of the speakers is not there."""
        wanted = set(speakers)
        if not wanted <= set(self._index["ids"]["speaker"]):
            return None
        chosen = (speaker in wanted for speaker in self._index["speakers"])
        return list(compress(self._index["ids"]["claim"], chosen))

    def part(self, claims: Iterable[str]) -> Records | None:
        """Return a registry of these claims and what bears on them; None if one is not there."""
        wanted = _Wanted(self)
        for claim in claims:
            if claim not in self.places("claim"):
                return None
            wanted.add("claim", claim)
        return wanted.registry()

    def settings(self) -> Any:  # noqa: ANN401 - settings
        """Return the settings."""
        return unpickled(self._index["settings"])

    def places(self, kind: str) -> dict[str, int]:
        """Return the place of each record of *kind* by id."""
        if kind not in self._places:
            self._places[kind] = {id_: at for at, id_ in enumerate(self._index["ids"][kind])}
        return self._places[kind]

    def record(self, kind: str, id_: str) -> Any:  # noqa: ANN401 - a record
        """Return one record."""
        number, place = divmod(self.places(kind)[id_], CELL)
        number += self._index["starts"][kind]
        if number not in self._cells:
            content = self._content[self._starts[number] : self._starts[number + 1]]
            self._cells[number] = Cell(KINDS[kind], self._index["columns"][kind], content)
        return self._cells[number].record(place)

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

    def registry(self) -> Records:
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
        return Records(settings=self.whole.settings(), **shelves)

    def add(self, kind: str, id_: str) -> None:
        waiting = [(kind, id_)]
        while waiting:
            here = waiting.pop()
            if here[1] not in self.found[here[0]]:
                record = self.found[here[0]][here[1]] = self.whole.record(*here)
                waiting += _named(record)
                if isinstance(record, Claim):
                    waiting += (("fact", fact) for fact in self._asked(record))

    def _asked(self, claim: Claim) -> set[str]:
        facts = {fact for criterion in criteria_of(claim) for fact in facts_of(criterion)}
        self.facts |= facts
        return facts


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
