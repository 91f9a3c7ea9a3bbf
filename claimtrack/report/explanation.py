"""An explanation as text for people, every line of it escaped for a terminal or a log."""

from collections.abc import Iterator

from claimtrack.engine.audit import Audit
from claimtrack.engine.user_functions import Answered
from claimtrack.model.claim import Claim
from claimtrack.model.criterion import LEAVES, Event, Reaches
from claimtrack.model.explanation import Explanation, Step
from claimtrack.report.because import NOT_ASKED
from claimtrack.report.escape import for_log_line
from claimtrack.report.style import label
from claimtrack.report.words import (
    counted,
    criterion_words,
    day_words,
    known_by_words,
    leaf_words,
    span_words,
)


def heading_lines(audit: Audit, explanation: Explanation) -> Iterator[str]:
    """Iterate over who said what, where, when, and what became of it."""
    claim, verdict = explanation.claim, explanation.verdict
    yield from map(for_log_line, _said_lines(audit, claim))
    late = f", by {counted(verdict.late_days, 'day')}" if verdict.late_days else ""
    decided = f", decided on {day_words(verdict.decided_on)}" if verdict.decided_on else ""
    as_of = f"as of {day_words(explanation.as_of)}{known_by_words(explanation.known_by)}"
    yield for_log_line(f"{as_of}: {label(verdict.status.value)}{late}{decided}")
    if verdict.due is not None:
        yield for_log_line(f"due: {day_words(verdict.due)}")
    if claim.status is not None:
        yield for_log_line(f"recorded: {label(claim.status.value)}{_signed_words(claim)}")
    if verdict.marks:
        yield f"marks: {', '.join(verdict.marks)}"


def _signed_words(claim: Claim) -> str:
    """Say who signed the recorded status, when and why, as far as the file tells."""
    if claim.signed is None:
        return ""
    by = f" by {claim.signed.by}" if claim.signed.by else ""
    because = f": {claim.signed.because}" if claim.signed.because else ""
    return f", signed{by} on {span_words(claim.signed.on)}{because}"


def _said_lines(audit: Audit, claim: Claim) -> Iterator[str]:
    source = audit.records.sources[claim.source]
    speaker = audit.records.speakers[claim.speaker]
    yield claim.id
    kind = f" ({claim.quote_kind.value} quote)" if claim.quote_kind else ""
    yield f"  “{claim.quote}”{kind}"
    yield f"  {speaker.label}, {span_words(claim.said)}"
    names = (source.author, source.publisher, source.title)
    where = ", ".join(name for name in names if name) or source.id
    published = f", {span_words(source.published)}" if source.published else ""
    yield f"  in {where}{published}"
    if source.url:
        yield f"  {source.url}"
    if claim.proposition:
        yield f"  checked: {claim.proposition}"


def reason_lines(audit: Audit, explanation: Explanation) -> Iterator[str]:
    """Iterate over the criterion, the condition and the readings, with what decided each."""
    claim, verdict = explanation.claim, explanation.verdict
    if claim.not_checkable is not None:
        yield for_log_line(f"not checkable: {claim.not_checkable}")
    if claim.annulled is not None and claim.annulled_because is not None:
        on = span_words(claim.annulled)
        yield for_log_line(f"annulled from {on}: {claim.annulled_because}")
    if claim.id in audit.answers:
        yield from check_lines(audit.answers[claim.id])
    elif audit.lacks_check(claim.id):
        yield NOT_ASKED
    if explanation.steps is not None:
        yield "criterion"
        yield from step_lines(audit, explanation.steps, 1)
    if explanation.later is not None:
        late_days = verdict.late_days or 0
        yield f"with every deadline {counted(late_days, 'day')} later"
        yield from step_lines(audit, explanation.later, 1, late_days)
    if explanation.condition is not None:
        yield "condition"
        yield from step_lines(audit, explanation.condition, 1)
    for (name, step), reading in zip(explanation.readings, verdict.readings, strict=True):
        late = f", by {counted(reading.late_days, 'day')}" if reading.late_days else ""
        yield for_log_line(f"reading “{name}”: {label(reading.status.value)}{late}")
        yield from step_lines(audit, step, 1)


def check_lines(answered: Answered) -> Iterator[str]:
    """Iterate over what the function said that decides a claim in place of its criterion."""
    yield f"decided by its check: {answered.truth.word}"
    for line in answered.because.splitlines():
        yield f"  {for_log_line(line)}"


def step_lines(audit: Audit, step: Step, depth: int, late_days: int = 0) -> Iterator[str]:
    """Iterate over the lines of a tree with deadlines put off so far, two spaces a level."""
    facts = audit.records.facts
    margin = "  " * depth
    if isinstance(step.criterion, LEAVES):
        told = leaf_words(step.criterion, facts)
        against = sum(e.counts and e.side.name == "AGAINST" for e in step.exhibits)
        favour = sum(e.counts and e.side.name == "FOR" for e in step.exhibits)
        moves = late_days and isinstance(step.criterion, Event | Reaches)
        put_off = f", put off to {day_words(step.high)}" if moves else ""
        needed = f", {step.needed} needed" if step.needed > 1 else ""
        weight = f"{favour} for, {against} against{needed}"
        yield margin + for_log_line(f"{step.truth.word}: {told}{put_off} — {weight}")
        return
    if not step.members:
        yield margin + for_log_line(criterion_words(step.criterion, facts))
        return
    name = {"All": "all of", "AnyOf": "any of", "AtLeast": f"at least {step.needed} of"}.get(
        type(step.criterion).__name__, "not" if len(step.members) == 1 else "each part"
    )
    is_parts = type(step.criterion).__name__ == "Parts"
    yield margin + (f"{name}" if is_parts else f"{step.truth.word}: {name}")
    for member in step.members:
        yield from step_lines(audit, member, depth + 1, late_days)
