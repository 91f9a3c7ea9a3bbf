"""Speakers, sources and scales by what sheets and other formats call them."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from claimtrack.errors import FieldError
from claimtrack.exchange import cells
from claimtrack.exchange.sheets import printed
from claimtrack.model.registry import PLURALS, Records
from claimtrack.model.scales import shipped_scale

Table: TypeAlias = dict[str, Any]
PUBLISHED_SCALES: Mapping[str, tuple[str, ...]] = {
    "politifact": ("truth-o-meter", "politifact-promises"),
    "snopes": ("snopes",),
    "snopes-com": ("snopes",),
    "the-washington-post": ("washington-post",),
    "washington-post": ("washington-post",),
}
"""The shipped scales of publishers, by the slugs of their names."""


class Names:
    """
    Speakers and sources by what sheets call them.

    Args:
        records: Those that are there; None if none are.
        known: The ids of speakers and sources by their texts, from the last import.
    """

    def __init__(self, records: Records | None, known: Mapping[tuple[str, str], str]) -> None:
        self.records = records
        self.used: dict[tuple[str, str], str] = {}
        self.made: list[tuple[str, Table]] = []
        self.scales: dict[str, tuple[str, list[str]]] = {}
        """Publishers and their labels, by the ids of their own scales."""
        self._known = known
        self._speakers: dict[str, list[str]] = {}
        for speaker in () if records is None else records.speakers.values():
            for name in {folded(one) for one in (speaker.label, *speaker.aliases)}:
                self._speakers.setdefault(name, []).append(speaker.id)
        self._sources: dict[str, str] = {}
        for source in () if records is None else records.sources.values():
            for text in (source.url, source.archived_url, source.title, source.id):
                if text is not None:
                    self._sources.setdefault(text, source.id)
        self._taken = {
            kind: set() if records is None else set(map_of(records, kind))
            for kind in ("speaker", "source", "claim", "assessment", "evidence")
        }

    def is_there(self, kind: str, id_: str) -> bool:
        """Say whether the registry has a record of that kind and id."""
        return self.records is not None and id_ in map_of(self.records, kind)

    def speaker(self, name: str, kind: str | None = None) -> str:
        """
        Return the id of the speaker called *name*, by name, alias or id; made with a *kind*.

        Raises:
            FieldError: Several speakers are called so (CT368).
        """
        text = cells.tidy(name)
        found = self._found("speaker", text)
        if found is None and self.is_there("speaker", text):
            found = text
        for called in (folded(text), _spelled(text)):
            several = self._speakers.get(called, [])
            if found is None and len(several) > 1:
                message = f"{printed(text)!r} is the name of speakers {' and '.join(several)}"
                raise FieldError("CT368", f"{message}; expected the id of one")
            found = found or next(iter(several), None)
        if found is None and self.is_there("speaker", cells.slug(text)):
            found = cells.slug(text)
        if found is None:
            found = self.new_id("speaker", cells.slug(text), text)
            table = {"id": found, "name": text} | ({} if kind is None else {"kind": str(kind)})
            self.made.append(("speaker", table))
            self._speakers |= {folded(text): [found], _spelled(text): [found]}
        self.used["speaker", text] = found
        return found

    def source(self, text: str, publisher: str | None = None) -> str:
        """Return the id of the source at an address, or with a title if *text* is none."""
        found = self._found("source", text) or self._sources.get(text)
        if found is None:
            table = _source_table(text, publisher)
            host, _, path = (table.get("url") or "").partition("://")[2].partition("/")
            wanted = cells.slug(f"{host.removeprefix('www.')} {path}" if host else text)
            found = table["id"] = self.new_id("source", wanted, text)
            self.made.append(("source", {"id": found, **table}))
            self._sources[text] = found
        self.used["source", text] = found
        return found

    def scale(self, publisher: str, label: str) -> str:
        """Return the id of the scale on which *publisher* gave *label*: shipped, or its own."""
        for id_ in PUBLISHED_SCALES.get(cells.slug(publisher), ()):
            shipped = shipped_scale(id_)
            if shipped is not None and shipped.find(label) is not None:
                return id_
        id_ = f"{cells.slug(publisher, 50)}-ratings"
        self.scales.setdefault(id_, (publisher, []))[1].append(label)
        return id_

    def _found(self, kind: str, text: str) -> str | None:
        id_ = self.used.get((kind, text)) or self._known.get((kind, text))
        known = id_ is not None and ((kind, text) in self.used or self.is_there(kind, id_))
        return id_ if known else None

    def new_id(self, kind: str, wanted: str, text: str) -> str:
        """Return an id for a new record of *kind*, like *wanted*."""
        return cells.unique(wanted, text, self._taken[kind])

    def is_taken(self, kind: str, id_: str) -> bool:
        """Say whether a record of *kind* has, or will have, that id."""
        return id_ in self._taken[kind]

    def take(self, kind: str, id_: str) -> str:
        """Return *id_*, which no new record may then have."""
        self._taken[kind].add(id_)
        return id_


def map_of(records: Records, kind: str) -> Mapping[str, Any]:
    """Return the records of *kind* by id."""
    found: Mapping[str, Any] = getattr(records, PLURALS[kind])
    return found


def folded(text: str) -> str:
    """Return *text* as names are compared: without case and further spaces."""
    return cells.tidy(text).casefold()


def _spelled(text: str) -> str:
    """Return a name without marks and accents, so that two spellings of it are one."""
    return f" {cells.slug(text, len(text) * 4)}"


def _source_table(text: str, publisher: str | None) -> Table:
    host = cells.host_of(text)
    if host is None:
        return {"title": text} | ({"publisher": publisher} if publisher else {})
    original = cells.archived(text)
    if original is not None:
        host = cells.host_of(original)
        return {"publisher": publisher or host, "url": original, "archived_url": text}
    return {"publisher": publisher or host, "url": text}
