"""Findings on evidence that cannot tell what it seems to be for, and on days that cannot be."""

from collections.abc import Iterator
from itertools import chain
from typing import Final

from claimtrack.errors import Finding, Record
from claimtrack.health.exam import Exam, Path, claim_record
from claimtrack.model.claim import Claim, ClaimKind, criteria_of
from claimtrack.model.criterion import (
    Criterion,
    Event,
    Judged,
    Leaf,
    Reaches,
    days_asked,
    leaves_of,
)
from claimtrack.model.evidence import Evidence, Stance
from claimtrack.model.fitting import placed_leaves
from claimtrack.model.registry import PLURALS
from claimtrack.model.span import OPEN_END, OPEN_START, Day, day_text
from claimtrack.model.verdict import DECIDED, Status

_CLOSED: Final = frozenset({*DECIDED, Status.ANNULLED, Status.NOT_CHECKABLE})
_DATED: Final = frozenset({ClaimKind.PREDICTION, ClaimKind.PROMISE})


def check_reach(exam: Exam) -> Iterator[Finding]:
    """Find CT615 to CT618, CT647 and CT648."""
    asking = _asking(exam)
    for evidence in exam.registry.evidence.values():
        if evidence.withdrawn is None:
            yield from _denial(exam, evidence, asking.get(evidence.fact or "", []))
            yield from _judgement(exam, evidence)
        yield from _early(exam, evidence)
    for claim in exam.registry.claims.values():
        yield from _days(exam, claim)
        yield from _far(exam, claim)
    for id_ in exam.audit.outcomes:
        yield from _irrefutable(exam, exam.registry.claims[id_])
    yield from _to_come(exam)


_DATED_BY: Final = (
    ("source", "published", "was published"),
    ("evidence", "published", "was published"),
    ("evidence", "recorded", "was recorded"),
    ("forecast", "made", "was made"),
    ("assessment", "published", "was published"),
)
"""The kinds of record and their days that cannot lie after today, and what happened on them."""


def _to_come(exam: Exam) -> Iterator[Finding]:
    """Find what was published, recorded or made after today."""
    for kind, key, verb in _DATED_BY:
        for one in getattr(exam.registry, PLURALS[kind]).values():
            told = getattr(one, key)
            if told is not None and told.first > exam.now:
                message = f"{verb} on {told.text}, which is after today, {day_text(exam.now)}"
                yield exam.finding("CT647", Record(kind=kind, id=one.id), message, path=(key,))


def _early(exam: Exam, evidence: Evidence) -> Iterator[Finding]:
    """Find a value that was reported before the period was over of which it speaks."""
    published = evidence.published or exam.registry.sources[evidence.source].published
    if evidence.when is None or published is None or evidence.when.last == OPEN_END:
        return
    if evidence.when.last > published.last:
        message = (
            f"gives a value for {evidence.when.text}, which was not over when it was published on "
            f"{published.text}"
        )
        yield exam.finding(
            "CT647", Record(kind="evidence", id=evidence.id), message, path=("when",)
        )


FAR: Final = 100 * 366
"""Days after which a deadline is taken for a slip of the year."""


def _far(exam: Exam, claim: Claim) -> Iterator[Finding]:
    """Find a deadline that lies more than a hundred years after the claim was said."""
    for path, last in _deadlines(claim):
        if last != OPEN_END and last > claim.said.last + FAR:
            message = (
                f"asks about {day_text(last)}, more than a hundred years after it was said on "
                f"{claim.said.text}"
            )
            yield exam.finding("CT647", claim_record(claim.id), message, path=path)


def _deadlines(claim: Claim) -> Iterator[tuple[Path, Day]]:
    if claim.due is not None:
        yield ("due",), claim.due.last
    for path, leaf in _leaves(claim):
        yield path, days_asked(leaf, None)[1]


def _leaves(claim: Claim) -> Iterator[tuple[Path, Leaf]]:
    """Iterate over the leaves of the criterion and of those of the readings, with their paths."""
    if claim.criterion is not None:
        yield from placed_leaves(claim.criterion, ("criterion",))
    for number, reading in enumerate(claim.readings):
        yield from placed_leaves(reading.criterion, ("reading", number, "criterion"))


def _irrefutable(exam: Exam, claim: Claim) -> Iterator[Finding]:
    """Find a quantity that is to reach a mark, and of which no report can say that it did not."""
    if exam.audit.outcomes[claim.id].status in _CLOSED:
        return
    for path, leaf in _leaves(claim):
        if not isinstance(leaf, Reaches):
            continue
        is_cumulative = exam.registry.facts[leaf.fact].cumulative
        if not (is_cumulative and leaf.test.asks_for_growth):
            reason = "is not cumulative" if not is_cumulative else "has another test than at_least"
            message = f"asks whether {leaf.fact!r} reaches a mark, which nothing can refute"
            hint = f"the fact {reason}; ask for the value of one period: at = ..."
            yield exam.finding("CT648", claim_record(claim.id), message, path=path, hint=hint)
            return


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
        zone = exam.audit.zone(claim)
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
        due = exam.audit.due(claim)
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
