"""What becomes of an item: it passes, fails or is skipped, with a reason in one line."""

from collections.abc import Iterable
from enum import Enum
from typing import Final

import attrs

from claimtrack.engine.audit import Audit
from claimtrack.engine.facts import Knowledge
from claimtrack.health.exam import Exam
from claimtrack.health.facts import faults_of
from claimtrack.health.statuses import UNSETTLED
from claimtrack.model.claim import Claim, Reading
from claimtrack.model.silence import Silence
from claimtrack.model.span import Day, day_text
from claimtrack.model.verdict import ReadingVerdict, Status


class Kind(Enum):
    """What becomes of an item."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@attrs.frozen
class Result:
    """
    What became of an item.

    Args:
        because: Why, in one line that is not escaped; empty for an item that passes.
    """

    kind: Kind
    because: str = ""


PASSED: Final = Result(Kind.PASSED)


def result_of_claim(claim: Claim, audit: Audit) -> Result:
    """Hold the computed status of *claim* against the recorded one."""
    outcome = audit.outcomes.get(claim.id)
    if outcome is None:
        return Result(Kind.SKIPPED, f"not yet said: it was said on {claim.said.text}")
    due = audit[claim.id].due if outcome.status is Status.PENDING else None
    return _held_against(claim, f"claim {claim.id!r}", outcome.status, claim.status, due, audit)


def result_of_reading(claim: Claim, reading: Reading, audit: Audit) -> Result:
    """Hold the computed status of a *reading* against the one recorded for it."""
    if claim.id not in audit.outcomes:
        return Result(Kind.SKIPPED, f"not yet said: it was said on {claim.said.text}")
    told = _verdict_on(reading, audit[claim.id].readings)
    subject = f"reading {reading.name!r} of claim {claim.id!r}"
    return _held_against(claim, subject, told.status, reading.status, told.due, audit)


def _verdict_on(reading: Reading, verdicts: Iterable[ReadingVerdict]) -> ReadingVerdict:
    return next(verdict for verdict in verdicts if verdict.name == reading.name)


def _held_against(  # noqa: PLR0913, PLR0917 - a status, what it is of, and what it is held against
    claim: Claim,
    subject: str,
    computed: Status,
    recorded: Status | None,
    due: Day | None,
    audit: Audit,
) -> Result:
    if recorded is not None and recorded is not computed:
        told = f"{subject} is recorded as {recorded}, and is {computed} as of {audit.as_of}"
        return _unless_silenced("CT601", claim.silenced, told)
    if recorded is None and computed in UNSETTLED:
        told = f"{subject} is {computed} as of {audit.as_of}, which is not recorded"
        return _unless_silenced("CT602", claim.silenced, told)
    if computed is Status.PENDING:
        when = "never due" if due is None else f"due on {day_text(due)}"
        return Result(Kind.SKIPPED, f"pending: {when}")
    if computed is Status.NOT_CHECKABLE:
        return Result(Kind.SKIPPED, f"not checkable: {claim.not_checkable}")
    if computed is Status.ANNULLED:
        reason = claim.annulled_because or "its condition is false"
        return Result(Kind.SKIPPED, f"annulled: {reason}")
    return PASSED


def result_of_fact(known: Knowledge, exam: Exam) -> Result:
    """Say whether what is *known* of a fact is sound; nothing known is skipped."""
    silences = known.fact.silenced
    results = [_unless_silenced(one.code, silences, one.message) for one in faults_of(exam, known)]
    failed = [one.because for one in results if one.kind is Kind.FAILED]
    if failed:
        return Result(Kind.FAILED, "; ".join(failed))
    if results:
        return results[0]
    return PASSED if known.reports else Result(Kind.SKIPPED, "nothing is known of it yet")


def _unless_silenced(code: str, silences: Iterable[Silence], told: str) -> Result:
    because = next((one.because for one in silences if one.code == code), None)
    if because is None:
        return Result(Kind.FAILED, told)
    return Result(Kind.SKIPPED, f"silenced {code}: {because}")
