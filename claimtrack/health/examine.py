"""Look at everything that the keeper of a registry should look at."""

from collections.abc import Iterable, Iterator
from typing import Final

from claimtrack.engine.audit import Audit
from claimtrack.errors import Finding
from claimtrack.health.edits import Edit, check_edits
from claimtrack.health.exam import Check, Exam
from claimtrack.health.facts import check_facts
from claimtrack.health.links import check_links
from claimtrack.health.reach import check_reach
from claimtrack.health.records import check_records
from claimtrack.health.silences import silence
from claimtrack.health.statuses import check_statuses
from claimtrack.registry import Registry

CHECKS: Final[tuple[Check, ...]] = (
    check_statuses,
    check_facts,
    check_links,
    check_records,
    check_reach,
)
"""The checks that are always made."""


def examine(
    registry: Registry,
    audit: Audit,
    *,
    edits: Iterable[Edit] = (),
    checks: Iterable[Check] = (),
    root: str | None = None,
) -> tuple[Finding, ...]:
    """
    Return what is found in *registry* as of the day of its *audit*, without what is silenced.

    Args:
        registry: What is examined.
        audit: Its verdicts.
        edits: Earlier changes of claims, as git tells them.
        checks: Further checks, as other packages bring them.
        root: Where *registry* was loaded from, for commands in hints.
    """
    exam = Exam(registry=registry, audit=audit, root=root)
    return tuple(silence(exam, _found(exam, edits, checks)))


def _found(exam: Exam, edits: Iterable[Edit], checks: Iterable[Check]) -> Iterator[Finding]:
    for check in (*CHECKS, *checks):
        yield from check(exam)
    yield from check_edits(exam, edits)
