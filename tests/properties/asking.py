"""What several laws ask of a registry, and how they change one."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import attrs

from claimtrack import KnownBy, Registry

Answers = dict[str, tuple[Any, ...]]


def answers(registry: Registry, day: date, known_by: KnownBy) -> Answers:
    """Return the status, lateness and readings of each claim that had been said."""
    return {
        verdict.claim: (
            verdict.status,
            verdict.late_days,
            verdict.late_days_min,
            tuple((r.name, r.status, r.late_days, r.late_days_min) for r in verdict.readings),
        )
        for verdict in registry.audit(day, known_by=known_by)
    }


def records(registry: Registry) -> list[Any]:
    """Return all records of *registry*, kind by kind."""
    return [record for records in registry.record_maps() for record in records.values()]


def rebuilt(registry: Registry, changed: Iterable[Any]) -> Registry:
    """Return a registry of other records with the settings of *registry*."""
    return Registry.of(*changed, settings=registry.settings)


def with_evidence(registry: Registry, evidence: Iterable[Any]) -> Registry:
    """Return *registry* with other evidence; what is superseded and gone is not named."""
    kept = list(evidence)
    ids = {item.id for item in kept}
    named = [
        attrs.evolve(item, supersedes=[id_ for id_ in item.supersedes if id_ in ids])
        for item in kept
    ]
    others = [record for record in records(registry) if record.id not in registry.evidence]
    return rebuilt(registry, [*others, *named])
