"""Findings on evidence that cannot tell what it seems to be for, and on days that cannot be."""

from collections.abc import Iterator
from itertools import chain
from typing import Final

from claimtrack.engine.decide import due_day
from claimtrack.errors import Finding, Record
from claimtrack.health.exam import Exam, claim_record
from claimtrack.model.claim import Claim, ClaimKind, criteria_of
from claimtrack.model.criterion import Criterion, Event, Judged, leaves_of
from claimtrack.model.evidence import Evidence, Stance
from claimtrack.model.span import OPEN_END, OPEN_START, Day, day_text
from claimtrack.model.verdict import DECIDED, Status

_CLOSED: Final = frozenset({*DECIDED, Status.ANNULLED, Status.NOT_CHECKABLE})
_DATED: Final = frozenset({ClaimKind.PREDICTION, ClaimKind.PROMISE})


def check_reach(exam: Exam) -> Iterator[Finding]:
    """Find CT615 to CT618."""
    asking = _asking(exam)
    for evidence in exam.registry.evidence.values():
        if evidence.withdrawn is None:
            yield from _denial(exam, evidence, asking.get(evidence.fact or "", []))
            yield from _judgement(exam, evidence)
    for claim in exam.registry.claims.values():
        yield from _days(exam, claim)


def _asking(exam: Exam) -> dict[str, list[tuple[Claim, Event]]]:
    """Return by fact the questions for an event with a deadline that are open on the day."""
    asking: dict[str, list[tuple[Claim, Event]]] = {}
    for claim in map(exam.registry.claims.__getitem__, exam.audit.outcomes):
        for leaf in chain.from_iterable(map(leaves_of, _open(exam, claim))):
            if isinstance(leaf, Event):
                asking.setdefault(leaf.fact, []).append((claim, leaf))
    return asking


def _open(exam: Exam, claim: Claim) -> Iterator[Criterion]:
    if claim.criterion is not None and exam.audit.outcomes[claim.id].status not in _CLOSED:
        yield claim.criterion
    if claim.readings:
        for reading, told in zip(claim.readings, exam.audit[claim.id].readings, strict=True):
            if told.status not in _CLOSED:
                yield reading.criterion


def _denial(exam: Exam, evidence: Evidence, asking: list[tuple[Claim, Event]]) -> Iterator[Finding]:
    if evidence.not_happened is None:
        return
    for claim, leaf in asking:
        zone = exam.audit.case(claim).zone
        first, last = leaf.window.days(zone)
        begin, end = evidence.not_happened.days_in(zone)
        if last == OPEN_END or not first < begin <= last <= end:
            continue
        message = (
            f"denies its fact from {day_text(begin)} on only, and claim {claim.id!r} asks about "
            f"{_run_of(first, last)}, so it tells nothing there"
        )
        start = ".." if first == OPEN_START else day_text(first)
        whole = f"{start}/{day_text(last if end == OPEN_END else end)}"
        yield exam.finding(
            "CT615",
            Record(kind="evidence", id=evidence.id),
            message,
            path=("not_happened",),
            hint=f'if the source says so of the days before too, write: not_happened = "{whole}"',
        )
        return  # one is enough: what mends it is the same for all


def _run_of(first: Day, last: Day) -> str:
    if first == OPEN_START:
        return f"all days up to {day_text(last)}"
    return f"all days from {day_text(first)} to {day_text(last)}"


def _judgement(exam: Exam, evidence: Evidence) -> Iterator[Finding]:
    if evidence.claim is None or evidence.stance is Stance.CONTEXT:
        return
    claim = exam.registry.claims[evidence.claim]
    if claim.criterion is None or claim.id in exam.audit.answers:
        return
    leaves = chain.from_iterable(map(leaves_of, criteria_of(claim)))
    if not any(isinstance(leaf, Judged) for leaf in leaves):
        message = f"judges claim {claim.id!r}, whose criterion does not ask for judgement"
        yield exam.finding(
            "CT616",
            Record(kind="evidence", id=evidence.id),
            message,
            path=("claim",),
            hint="report on a fact of its criterion, or ask for judgement: { judged = true }",
        )


def _days(exam: Exam, claim: Claim) -> Iterator[Finding]:
    record = claim_record(claim.id)
    if claim.kind in _DATED:
        due = due_day(claim, claim.criterion, exam.audit.case(claim))
        if due is not None and due < claim.said.first:
            said = f"is a {claim.kind} of {claim.said.text}"
            message = f"{said} that was due before, on {day_text(due)}"
            path = "criterion" if claim.due is None else "due"
            yield exam.finding("CT617", record, message, path=(path,))
    published = exam.registry.sources[claim.source].published
    if published is not None and claim.said.first > published.last:
        message = (
            f"was said on {claim.said.text}, after its source {claim.source!r} was published on "
            f"{published.text}"
        )
        yield exam.finding("CT618", record, message, path=("said",))
