"""Findings on the status of claims: what is recorded, against what is computed."""

from collections.abc import Iterator
from typing import Final

from claimtrack.engine.fingerprint import PARTS
from claimtrack.engine.history import items_on
from claimtrack.engine.known import Item
from claimtrack.engine.marks import is_stale, suspected
from claimtrack.engine.resolve import due_day
from claimtrack.errors import Finding
from claimtrack.health.exam import Exam, Path, claim_record
from claimtrack.model.claim import Claim, ClaimKind
from claimtrack.model.fields import shown
from claimtrack.model.span import day_text
from claimtrack.model.verdict import DECIDED, Status

UNSETTLED: Final = frozenset({Status.OVERDUE, Status.CONFLICTING, Status.NOT_ENOUGH_EVIDENCE})
"""The statuses that a keeper has to record, or else they are findings."""

_DATED: Final = frozenset({ClaimKind.PREDICTION, ClaimKind.PROMISE})


def check_statuses(exam: Exam) -> Iterator[Finding]:
    """Find CT601 to CT606 and CT611."""
    for id_, outcome in exam.audit.outcomes.items():
        claim = exam.registry.claims[id_]
        if _lacks_all_evidence(exam, claim, outcome.status):
            message = f"is recorded as {claim.status}, and there is no evidence on it"
            yield exam.finding("CT606", claim_record(id_), message, path=("status",))
        else:
            yield from _held_against(exam, claim, outcome.status, claim.status, ())
        if claim.readings:
            yield from _readings(exam, claim)
        yield from _signature(exam, claim)
        yield from _due(exam, claim)


def _lacks_all_evidence(exam: Exam, claim: Claim, computed: Status) -> bool:
    if claim.status not in DECIDED or claim.status is computed:
        return False
    index = exam.audit.index
    view = index.view(index.zone_of(claim))
    return next(items_on(claim, view), None) is None


def _readings(exam: Exam, claim: Claim) -> Iterator[Finding]:
    verdict = exam.audit[claim.id]
    for number, (reading, told) in enumerate(zip(claim.readings, verdict.readings, strict=True)):
        where: Path = ("reading", number)
        yield from _held_against(exam, claim, told.status, reading.status, where)


def _held_against(
    exam: Exam, claim: Claim, computed: Status, recorded: Status | None, where: Path
) -> Iterator[Finding]:
    """Compare the *computed* status with the *recorded* one, of the claim or the reading there."""
    if recorded is computed:
        return
    subject = "" if not where else f"reading {shown(claim.readings[int(where[1])].name)} "
    day = exam.audit.as_of
    if recorded is not None:
        yield exam.finding(
            "CT601",
            claim_record(claim.id),
            f"{subject}is recorded as {recorded}, and is {computed} as of {day}",
            path=(*where, "status"),
            hint=f"see: claimtrack explain {claim.id}; sign: claimtrack accept {claim.id}",
        )
    elif computed in UNSETTLED:
        yield exam.finding(
            "CT602",
            claim_record(claim.id),
            f"{subject}is {computed} as of {day}, which is not recorded",
            path=where,
            hint=f"add evidence, or sign: claimtrack accept {claim.id}",
        )


def _signature(exam: Exam, claim: Claim) -> Iterator[Finding]:
    day = exam.audit.day
    if claim.signed is not None and claim.signed.fingerprint is not None:
        used = exam.audit[claim.id].used
        parts = suspected(claim, used, exam.registry, day)
        if parts:
            yield _suspicion(exam, claim, parts, used)
    if is_stale(claim, day):
        assert claim.review_by is not None  # noqa: S101 - without one it is never stale
        message = f"was to be looked at again by {claim.review_by.text}"
        yield exam.finding("CT604", claim_record(claim.id), message, path=("review_by",))


def _suspicion(exam: Exam, claim: Claim, parts: tuple[str, ...], used: tuple[str, ...]) -> Finding:
    assert claim.signed is not None  # noqa: S101 - only what was signed is suspect
    record, on = claim_record(claim.id), claim.signed.on.text
    asked = [part for part in parts if part in ("words", "criterion")]
    first = _first_known(exam, claim, used) if claim.status in DECIDED else None
    if asked and first is not None and _is_of_this_form(claim):
        message = (
            f"had its {' and '.join(asked)} edited after it was signed on {on}, when "
            f"evidence {first.id!r} of {day_text(first.known_from)} had decided it"
        )
        return exam.finding("CT605", record, message, path=("criterion",))
    message = f"is suspect: its {', '.join(parts)} changed since it was signed on {on}"
    hint = f"look at it, then sign: claimtrack accept {claim.id}"
    return exam.finding("CT603", record, message, path=("signed",), hint=hint)


def _is_of_this_form(claim: Claim) -> bool:
    """Say whether the fingerprint tells which part changed; one from elsewhere does not."""
    signed = claim.signed
    kept = None if signed is None else signed.fingerprint
    return kept is not None and len(kept.split("-")) == len(PARTS)


def _first_known(exam: Exam, claim: Claim, used: tuple[str, ...]) -> Item | None:
    """Return the oldest deciding item that was known when *claim* was signed, or any on it."""
    assert claim.signed is not None  # noqa: S101 - see above
    view = exam.audit.scene(claim).view
    known = [item for item in items_on(claim, view) if item.known_from <= claim.signed.on.first]
    deciding = [item for item in known if item.id in used]
    return min(deciding or known, key=lambda item: (item.known_from, item.id), default=None)


def _due(exam: Exam, claim: Claim) -> Iterator[Finding]:
    if claim.kind not in _DATED or claim.criterion is None:
        return
    if due_day(claim, claim.criterion, exam.audit.case(claim)) is None:
        message = f"is a {claim.kind} that is never due; expected a window with an end, or a 'due'"
        yield exam.finding("CT611", claim_record(claim.id), message, path=("criterion",))
