"""An explanation as text for people, every line of it escaped for a terminal or a log."""

from collections.abc import Iterator

from claimtrack.engine.audit import Audit
from claimtrack.engine.checking import Answered
from claimtrack.engine.explain import Explanation, ItemUse, Step, Use
from claimtrack.model.claim import Claim
from claimtrack.model.criterion import LEAVES
from claimtrack.model.explanation import Side
from claimtrack.model.span import OPEN_END, OPEN_START
from claimtrack.report.audit_table import NOT_ASKED, rating_words, told_words
from claimtrack.report.escape import for_log_line
from claimtrack.report.style import label
from claimtrack.report.table import Table
from claimtrack.report.words import (
    counted,
    criterion_words,
    day_words,
    leaf_words,
    span_words,
)


def heading_lines(audit: Audit, explanation: Explanation) -> Iterator[str]:
    """Iterate over who said what, where, when, and what became of it."""
    claim, verdict = explanation.claim, explanation.verdict
    yield from map(for_log_line, _said_lines(audit, claim))
    late = f", by {counted(verdict.late_days, 'day')}" if verdict.late_days else ""
    decided = f", decided on {day_words(verdict.decided_on)}" if verdict.decided_on else ""
    yield for_log_line(
        f"as of {day_words(explanation.as_of)}: {label(verdict.status.value)}{late}{decided}"
    )
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


def step_lines(audit: Audit, step: Step, depth: int) -> Iterator[str]:
    """Iterate over the lines of a tree, two spaces a level."""
    facts = audit.records.facts
    margin = "  " * depth
    if isinstance(step.criterion, LEAVES):
        told = leaf_words(step.criterion, facts)
        against = sum(e.counts and e.side.name == "AGAINST" for e in step.exhibits)
        favour = sum(e.counts and e.side.name == "FOR" for e in step.exhibits)
        needed = f", {step.needed} needed" if step.needed > 1 else ""
        weight = f"{favour} for, {against} against{needed}"
        yield margin + for_log_line(f"{step.truth.word}: {told} — {weight}")
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
        yield from step_lines(audit, member, depth + 1)


def evidence_table(audit: Audit, explanation: Explanation) -> Table:
    """Return every item on the claim's facts, each once, with what became of it."""
    return Table(
        header=("use", "published", "evidence", "reports", "publisher", "why not"),
        rows=[_evidence_row(audit, explanation, item) for item in explanation.items],
        title="evidence",
        shrink={"why not": 16, "reports": 24, "evidence": 16, "publisher": 10},
        spare=("publisher", "published"),
    )


def _evidence_row(audit: Audit, explanation: Explanation, item: ItemUse) -> tuple[str, ...]:
    sign = {Use.FOR: "+ for", Use.AGAINST: "- against", Use.IGNORED: "  ignored"}[item.use]
    told, witness = _told_by(audit, item)
    return (
        f"{sign} *" if item.decided else sign,
        "undated" if item.known_from == OPEN_END else day_words(item.known_from),
        item.id,
        told,
        witness,
        item.because + _days_missed(explanation, item),
    )


def _days_missed(explanation: Explanation, item: ItemUse) -> str:
    """Name the days that an item would have had to cover; empty where that is not why."""
    if item.because != Side.NOT_COVERING.value:
        return ""
    trees = [explanation.steps, explanation.condition, *(step for _, step in explanation.readings)]
    for tree in trees:
        for leaf in () if tree is None else _leaves(tree):
            if any(one.id == item.id for one in leaf.exhibits):
                return f", all {_run_words(leaf)}"
    return ""


def _leaves(step: Step) -> Iterator[Step]:
    if not step.members:
        yield step
    for member in step.members:
        yield from _leaves(member)


def _run_words(leaf: Step) -> str:
    if leaf.low == OPEN_START:
        return f"up to {day_words(leaf.high)}"
    end = "on" if leaf.high == OPEN_END else f"to {day_words(leaf.high)}"
    return f"from {day_words(leaf.low)} {end}"


def _told_by(audit: Audit, item: ItemUse) -> tuple[str, str]:
    """Say what an item tells, and who vouches for it."""
    evidence = audit.records.evidence.by_id.get(item.id)
    if evidence is None:
        rating = audit.records.assessments[item.id]
        return rating_words(rating), rating.by
    source = audit.records.sources[evidence.source]
    if evidence.fact is None:
        told = f"{evidence.stance.value if evidence.stance else ''} the claim"
        if evidence.happened is not None:
            told += f" ({span_words(evidence.happened)})"
    else:
        fact = audit.records.facts[evidence.fact]
        told = f"{fact.label}: {told_words(evidence, fact.unit)}"
    return told, source.origin or source.publisher or source.id
