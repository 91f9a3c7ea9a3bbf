"""
Audits of the part of a registry that bears on a few claims.

The first look at a large registry reads all of it and writes it down; a later one reads of what
was written down the part that it needs.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from claimtrack.cli.looking import Look
from claimtrack.engine.audit import Audit
from claimtrack.engine.evidence import EvidenceIndex
from claimtrack.files.cache import remember, remembered, zones_now
from claimtrack.files.cache_records import (
    Remembered,
    remember_records,
    remembered_records,
    zones_of,
)
from claimtrack.model.registry import Records
from claimtrack.model.span import Day, to_span
from claimtrack.model.verdict import KnownBy, Status

Counts: TypeAlias = tuple[dict[str, int], int]
"""How many claims have each status, and how many had not been made."""


def audit_of_claim(path: str, look: Look | None, claim: str, as_of: str, known_by: str) -> Audit:
    """
    Return an audit of the registry at *path*, or at least of all of it that bears on *claim*.

    Raises:
        LoadError: It cannot be read.
    """
    part = None if look is None else _part(look, lambda _: [claim])
    if part is None:
        return _audit_of_all(path, look, as_of, known_by)
    return Audit(EvidenceIndex(part, KnownBy(known_by)), to_span(as_of).first)


def audit_of_speakers(
    path: str, look: Look | None, speakers: Iterable[str], as_of: str, known_by: str
) -> Audit:
    """
    Return an audit that has at least the claims of *speakers*, and the counts of all claims.

    Raises:
        LoadError: The registry cannot be read.
        UnknownRecordError: It has no such speaker.
    """
    if look is not None:
        counts = remembered(_counts_name(look, as_of, known_by), look.store)
        part = None if counts is None else _part(look, lambda whole: whole.claims_of(speakers))
        if part is not None:
            return PartialAudit(
                EvidenceIndex(part, KnownBy(known_by)), to_span(as_of).first, counts
            )
    audit = _audit_of_all(path, look, as_of, known_by)
    for id_ in speakers:
        audit.records.speakers[id_]
    return audit


class PartialAudit(Audit):
    """
    An audit of some of the claims of a registry, with the counts of all.

    Args:
        index: The evidence on these claims.
        day: The day as an ordinal.
        counts: How many claims of the whole registry have each status.
    """

    def __init__(self, index: EvidenceIndex, day: Day, counts: Counts) -> None:
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


def _counts_name(look: Look, as_of: str, known_by: str) -> str:
    return f"{look.key}.{as_of}.{known_by}.counts"


def _part(look: Look, claims: Callable[[Remembered], Iterable[str] | None]) -> Records | None:
    """Return the part with those *claims*, if it is remembered and they are in it."""
    whole = remembered_records(look.key, look.store)
    if whole is None or zones_now(whole.zones) != whole.zones:
        return None
    wanted = claims(whole)
    part = None if wanted is None else whole.part(wanted)
    if part is not None:
        look.zones = whole.zones
    return part


def _audit_of_all(path: str, look: Look | None, as_of: str, known_by: str) -> Audit:
    """Audit the whole registry, and write down what a later look needs."""
    from claimtrack.cli.reading import registry_at  # noqa: PLC0415 - a later look needs none of it

    registry = registry_at(path)
    audit = registry.audit(as_of, known_by=known_by)
    if look is not None and look.is_true_still():
        _remember(look, audit, as_of, known_by)
    return audit


def _remember(look: Look, audit: Audit, as_of: str, known_by: str) -> None:
    zones = zones_now(zones_of(audit.records))
    if zones is None:
        return
    look.zones = zones
    before = remembered_records(look.key, look.store)
    if before is None or before.zones != zones:
        remember_records(audit.records, look.key, zones, look.store)
    counts = {status.value: count for status, count in audit.counts.items()}
    name = _counts_name(look, as_of, known_by)
    remember(name, (counts, audit.not_yet_said), zones, look.store)
