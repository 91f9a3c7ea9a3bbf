"""Findings on the status of claims: what is recorded, against what is computed."""

from collections.abc import Iterator
from typing import Final

from claimtrack.engine.evidence import Item
from claimtrack.engine.signature import SUSPECT, is_of_this_form, is_stale, suspected
from claimtrack.errors import Finding, Record
from claimtrack.health.exam import Exam, Path, claim_record
from claimtrack.model.claim import Claim, ClaimKind
from claimtrack.model.fields import shown
from claimtrack.model.span import day_text
from claimtrack.model.verdict import DECIDED, Status

UNSETTLED: Final = frozenset({Status.OVERDUE, Status.CONFLICTING, Status.NOT_ENOUGH_EVIDENCE})
"""The statuses that a keeper has to record, or else they are findings."""

_DATED: Final = frozenset({ClaimKind.PREDICTION, ClaimKind.PROMISE})
_NEVER_LATE: Final = frozenset({ClaimKind.FACT, ClaimKind.OPINION})


def check_statuses(exam: Exam) -> Iterator[Finding]:
    """Find CT601 to CT608, CT611 and CT644 to CT646."""
    for id_ in exam.audit.outcomes:
        claim = exam.registry.claims[id_]
        yield from faults_of_claim(exam, claim)
        for number in range(len(claim.readings)):
            yield from faults_of_reading(exam, claim, number)
        yield from _due(exam, claim)
        yield from _signed_by(exam, claim)
    for evidence in exam.registry.evidence.values():
        if evidence.stance is not None and evidence.quote is None and evidence.note is None:
            message = f"judges claim {evidence.claim!r}, and has neither a quote nor a note"
            record = Record(kind="evidence", id=evidence.id)
            yield exam.finding("CT645", record, message, path=("stance",))


def _is_unfounded(exam: Exam, claim: Claim) -> bool:
    """Say whether *claim* was signed as what its evidence does not say, and not why."""
    if claim.status is exam.audit.outcomes[claim.id].status or exam.audit.lacks_check(claim.id):
        return False
    return claim.signed is not None and claim.signed.because is None


def _signed_by(exam: Exam, claim: Claim) -> Iterator[Finding]:
    """Find CT644 to CT646: what is not signed, or not by anybody, or as what it cannot be."""
    record = claim_record(claim.id)
    computed = exam.audit.outcomes[claim.id].status
    if claim.status is None:
        if computed in DECIDED:
            hint = f"sign: {exam.command('accept', claim.id)}"
            yield exam.finding("CT644", record, f"is {computed}, and is not signed", hint=hint)
    elif claim.signed is None:
        message = f"is recorded as {claim.status}, and is signed by nobody"
        yield exam.finding("CT645", record, message, path=("status",))
    elif claim.signed.by is None:
        message = f"was signed on {claim.signed.on.text}, and not by whom"
        yield exam.finding("CT645", record, message, path=("signed",))
    elif _is_unfounded(exam, claim):
        message = f"was signed as {claim.status}, which is not computed, and not why"
        yield exam.finding("CT645", record, message, path=("signed",))
    if claim.kind in _NEVER_LATE:
        recorded: list[tuple[Path, Status | None]] = [((), claim.status)]
        recorded += [(("reading", n), one.status) for n, one in enumerate(claim.readings)]
        for path, status in recorded:
            if status is Status.LATE:
                message = f"is a claim of kind {claim.kind.value!r}, and is recorded as late"
                yield exam.finding("CT646", record, message, path=(*path, "status"))


def faults_of_claim(exam: Exam, claim: Claim) -> Iterator[Finding]:
    """Iterate over what is wrong with the status of *claim*, which was said: CT601 to CT608."""
    status = exam.audit.outcomes[claim.id].status
    answered = exam.audit.answers.get(claim.id)
    record = claim_record(claim.id)
    if answered is not None and answered.error is not None:
        yield exam.finding("CT607", record, f"has a check that {answered.because}")
    elif exam.audit.lacks_check(claim.id):
        message = "was signed as decided by a function, which was not asked"
        hint = "name the file that holds it: --checks FILE"
        yield exam.finding("CT608", record, message, path=("signed",), hint=hint)
    elif _lacks_all_evidence(exam, claim, status):
        message = f"is recorded as {claim.status}, and there is no evidence on it"
        yield exam.finding("CT606", record, message, path=("status",))
    else:
        yield from _held_against(exam, claim, status, claim.status, ())
    yield from _signature(exam, claim)


def _lacks_all_evidence(exam: Exam, claim: Claim, computed: Status) -> bool:
    if claim.status not in DECIDED or claim.status is computed:
        return False
    return not exam.audit.reports_on(claim)


def faults_of_reading(exam: Exam, claim: Claim, number: int) -> Iterator[Finding]:
    """Iterate over what is wrong with the status of one of its readings, from 0: CT601, CT602."""
    told = exam.audit[claim.id].readings[number]
    recorded = claim.readings[number].status
    yield from _held_against(exam, claim, told.status, recorded, ("reading", number))


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
            hint=_hint(exam, claim, f"see: {exam.command('explain', claim.id)}; sign: "),
        )
    elif computed in UNSETTLED:
        yield exam.finding(
            "CT602",
            claim_record(claim.id),
            f"{subject}is {computed} as of {day}, which is not recorded",
            path=where,
            hint=_hint(exam, claim, "add evidence, or sign: "),
        )


def _hint(exam: Exam, claim: Claim, before_signing: str) -> str:
    """Return what to do: what stands *before_signing*, and the command that signs *claim*."""
    signed, day = claim.signed, exam.audit.as_of
    if signed is None or signed.on.first <= exam.audit.day:
        return before_signing + exam.command("accept", claim.id)
    # What was signed since rests on more than was known by then: it is not to be signed over.
    seen = exam.command("explain", claim.id, "--as-of", day)
    return f"it was signed on a later day, {signed.on.text}; see: {seen}"


def _signature(exam: Exam, claim: Claim) -> Iterator[Finding]:
    day = exam.audit.day
    if claim.signed is not None and claim.signed.fingerprint is not None:
        yield from _suspicion(exam, claim)
    if is_stale(claim, day):
        assert claim.review_by is not None  # noqa: S101 - without one it is never stale
        message = f"was to be looked at again by {claim.review_by.text}"
        yield exam.finding("CT604", claim_record(claim.id), message, path=("review_by",))


def _suspicion(exam: Exam, claim: Claim) -> Iterator[Finding]:
    assert claim.signed is not None  # noqa: S101 - only what was signed is suspect
    if exam.audit.lacks_check(claim.id):
        return  # that it was not asked is a finding of its own
    if SUSPECT not in exam.audit[claim.id].marks:
        return
    used = exam.audit.rests_on(claim.id)
    if used is not None:  # what tests testify in a run is no part of the registry that was signed
        used = tuple(id_ for id_ in used if _is_recorded(exam, id_))
    parts = suspected(claim, used, exam.registry, exam.audit.day)
    if not parts:
        return
    record, on = claim_record(claim.id), claim.signed.on.text
    asked = [part for part in parts if part in ("words", "criterion")]
    first = _first_known(exam, claim, used or ()) if claim.status in DECIDED else None
    if asked and first is not None and is_of_this_form(claim.signed.fingerprint or ""):
        message = (
            f"had its {' and '.join(asked)} edited after it was signed on {on}, when "
            f"evidence {first.id!r} of {day_text(first.known_from)} had decided it"
        )
        yield exam.finding("CT605", record, message, path=("criterion",))
        return
    message = f"is suspect: its {', '.join(parts)} changed since it was signed on {on}"
    hint = _hint(exam, claim, "look at it, then sign: ")
    yield exam.finding("CT603", record, message, path=("signed",), hint=hint)


def _is_recorded(exam: Exam, id: str) -> bool:  # noqa: A002
    return id in exam.registry.evidence or id in exam.registry.assessments


def _first_known(exam: Exam, claim: Claim, used: tuple[str, ...]) -> Item | None:
    """Return the oldest deciding item that was known when *claim* was signed, or any on it."""
    assert claim.signed is not None  # noqa: S101 - see above
    reports, signed = exam.audit.reports_on(claim), claim.signed.on.first
    known = [item for item in reports if item.known_from <= signed]
    deciding = [item for item in known if item.id in used]
    return min(deciding or known, key=lambda item: (item.known_from, item.id), default=None)


def _due(exam: Exam, claim: Claim) -> Iterator[Finding]:
    if claim.kind not in _DATED or claim.criterion is None:
        return
    if exam.audit.due(claim) is None:
        message = f"is a {claim.kind} that is never due; expected a window with an end, or a 'due'"
        yield exam.finding("CT611", claim_record(claim.id), message, path=("criterion",))
