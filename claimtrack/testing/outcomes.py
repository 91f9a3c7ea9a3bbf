"""What becomes of an item: it passes, fails or is skipped, with a reason in one line."""

from collections.abc import Iterable
from enum import Enum
from typing import Final

import attrs

from claimtrack.engine.facts import Knowledge
from claimtrack.errors import Finding
from claimtrack.health.exam import Exam
from claimtrack.health.facts import faults_of
from claimtrack.health.failing import FailOn
from claimtrack.health.statuses import faults_of_claim, faults_of_reading
from claimtrack.model.claim import Claim
from claimtrack.model.silence import Silence
from claimtrack.model.span import Day, day_text
from claimtrack.model.verdict import Status


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
        besides: What was found and does not make it fail.
    """

    kind: Kind
    because: str = ""
    besides: tuple[str, ...] = ()


PASSED: Final = Result(Kind.PASSED)


def result_of_claim(
    claim: Claim, exam: Exam, fail_on: FailOn, edits: Iterable[Finding] = ()
) -> Result:
    """
    Hold the computed status of *claim* against the recorded one, and against what was signed.

    Args:
        claim: The claim.
        exam: Its registry, as of the day of the run.
        fail_on: Which findings make it fail.
        edits: What was found in its history.
    """
    audit = exam.audit
    outcome = audit.outcomes.get(claim.id)
    if outcome is None:
        return Result(Kind.SKIPPED, f"not yet said: it was said on {claim.said.text}")
    found = [*faults_of_claim(exam, claim), *edits]
    due = audit[claim.id].due if outcome.status is Status.PENDING else None
    return _judged(found, claim.silenced, fail_on, _settled(claim, outcome.status, due))


def result_of_reading(claim: Claim, number: int, exam: Exam, fail_on: FailOn) -> Result:
    """Hold the computed status of reading *number*, from 0, against the recorded one."""
    if claim.id not in exam.audit.outcomes:
        return Result(Kind.SKIPPED, f"not yet said: it was said on {claim.said.text}")
    told = exam.audit[claim.id].readings[number]
    found = faults_of_reading(exam, claim, number)
    return _judged(found, claim.silenced, fail_on, _settled(claim, told.status, told.due))


def result_of_fact(known: Knowledge, exam: Exam, fail_on: FailOn) -> Result:
    """Say whether what is *known* of a fact is sound; nothing known is skipped."""
    settled = PASSED if known.reports else Result(Kind.SKIPPED, "nothing is known of it yet")
    return _judged(faults_of(exam, known), known.fact.silenced, fail_on, settled)


def result_of_history(gaps: Iterable[Finding], fail_on: FailOn) -> Result:
    """Say whether the history was read; *gaps* are what could not be."""
    return _judged(gaps, (), fail_on, PASSED)


def _settled(claim: Claim, status: Status, due: Day | None) -> Result:
    """Return what becomes of an item on which nothing is found."""
    if status is Status.PENDING:
        when = "never due" if due is None else f"due on {day_text(due)}"
        return Result(Kind.SKIPPED, f"pending: {when}")
    if status is Status.NOT_CHECKABLE:
        return Result(Kind.SKIPPED, f"not checkable: {claim.not_checkable}")
    if status is Status.ANNULLED:
        reason = claim.annulled_because or "its condition is false"
        return Result(Kind.SKIPPED, f"annulled: {reason}")
    return PASSED


def _judged(
    found: Iterable[Finding], silences: Iterable[Silence], fail_on: FailOn, otherwise: Result
) -> Result:
    """Return what becomes of an item on which that was *found*."""
    reasons = {one.code: one.because for one in silences}
    findings = list(found)
    loud = [one for one in findings if one.code not in reasons]
    failing = [one.message for one in loud if fail_on.fails(one)]
    if failing:
        return Result(Kind.FAILED, "; ".join(failing))
    quiet = next((one.code for one in findings if one.code in reasons), None)
    if quiet is not None:
        otherwise = Result(Kind.SKIPPED, f"silenced {quiet}: {reasons[quiet]}")
    return attrs.evolve(otherwise, besides=tuple(f"{one.code} {one.message}" for one in loud))
