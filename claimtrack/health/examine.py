"""Look at everything that the keeper of a registry should look at."""

from collections.abc import Iterable, Iterator
from typing import Final

from claimtrack.engine.audit import Audit
from claimtrack.errors import Finding
from claimtrack.health.edits import Edit, Gap, check_edits, check_gaps
from claimtrack.health.exam import Check, Exam
from claimtrack.health.facts import check_facts
from claimtrack.health.links import check_links
from claimtrack.health.reach import check_reach
from claimtrack.health.records import check_records
from claimtrack.health.silences import silence
from claimtrack.health.statuses import check_statuses
from claimtrack.model.day import DayLike, day_of
from claimtrack.registry import Registry

CHECKS: Final[tuple[Check, ...]] = (
    check_statuses,
    check_facts,
    check_links,
    check_records,
    check_reach,
)
"""The checks that are always made."""


def examine(  # noqa: PLR0913 - what an examination may know beside the registry
    registry: Registry,
    audit: Audit,
    *,
    edits: Iterable[Edit] = (),
    gaps: Iterable[Gap] = (),
    checks: Iterable[Check] = (),
    root: str | None = None,
    today: DayLike | None = None,
) -> tuple[Finding, ...]:
    """
    Return what is found in *registry* as of the day of its *audit*, without what is silenced.

    Args:
        registry: What is examined.
        audit: Its verdicts.
        edits: Earlier changes of claims, as git tells them.
        gaps: What git could not tell of them.
        checks: Further checks, as other packages bring them.
        root: Where *registry* was loaded from, for commands in hints.
        today: The day on which it is examined; that of *audit* if None.
    """
    day = None if today is None else day_of(today)
    exam = Exam(registry=registry, audit=audit, root=root, today=day)
    return tuple(silence(exam, _found(exam, checks, edits, gaps)))


def _found(
    exam: Exam, checks: Iterable[Check], edits: Iterable[Edit], gaps: Iterable[Gap]
) -> Iterator[Finding]:
    for check in (*CHECKS, *checks):
        yield from check(exam)
    yield from check_edits(exam, edits)
    yield from check_gaps(gaps)
