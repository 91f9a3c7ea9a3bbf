"""What one report, or one published rating, tells in a few words."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

from claimtrack.engine.audit import Audit
from claimtrack.model.claim import Claim
from claimtrack.model.records import Assessment, Evidence, Fact
from claimtrack.model.registry import Records
from claimtrack.model.span import Span
from claimtrack.model.verdict import CONFLICTING, DECIDED, TRUE, UNKNOWN, KnownBy, Status, Verdict
from claimtrack.report.words import counted, span_words, value_words


def report_words(records: Records, id_: str) -> str:
    """Say in a few words what one piece of evidence, or one published rating, tells."""
    evidence = records.evidence.by_id.get(id_)
    if evidence is None:
        return rating_words(records.assessments[id_])
    if evidence.fact is None:
        return f"judged: {evidence.stance.value}" if evidence.stance else ""
    fact = records.facts[evidence.fact]
    told = evidence_words(evidence, fact.unit)
    if evidence.value is not None:
        return f"{short_name(fact)} {told}"
    happened = evidence.happened
    if happened is None:
        return f"{short_name(fact)} {told}"
    return f"{short_name(fact)} {_in(happened)}"


def titled_words(records: Records, id_: str) -> str:
    """
    Say what `report_words` says as part of a sentence, with the title of the fact if it has one.

    A denial is said to be one: ``“BER opens” did not happen up to 5 Dec 2024``.
    """
    evidence = records.evidence.by_id.get(id_)
    fact = None if evidence is None else records.facts.by_id.get(evidence.fact or "")
    if evidence is None or fact is None:
        return report_words(records, id_)
    name = f"“{fact.title}”" if fact.title else short_name(fact)
    if evidence.not_happened is not None:
        return f"{name} {denial_words(evidence.not_happened)}"
    if evidence.happened is not None:
        return f"{name} {_in(evidence.happened)}"
    return f"{name}{':' if fact.title else ''} {evidence_words(evidence, fact.unit)}"


def sourced_words(records: Records, id_: str) -> str:
    """Say in a few words what one report or published rating tells, and who vouches for it."""
    evidence = records.evidence.by_id.get(id_)
    if evidence is None:
        rating = records.assessments[id_]
        return f"{rating_words(rating)} ({rating.by})"
    source = records.sources[evidence.source]
    where = source.origin or source.publisher or source.id
    if evidence.fact is None:
        stance = "" if evidence.stance is None else evidence.stance.value
        return f"{stance} the claim ({where})"
    fact = records.facts[evidence.fact]
    return f"{short_name(fact)} {evidence_words(evidence, fact.unit)} ({where})"


def denial_words(days: Span) -> str:
    """Say that something did not happen on these days."""
    return f"did not happen {_in(days)}"


def rating_words(rating: Assessment) -> str:
    """Say how somebody rated a claim."""
    return f"rated “{rating.rating}” on {rating.scale}"


def _in(span: Span) -> str:
    """Return *span* in words after the preposition that goes with it."""
    words = span_words(span)
    if "/" in span.text:
        return words if words.startswith(("up to", "from")) else f"from {words}"
    return f"{'on' if span.is_day or span.moment else 'in'} {words}"


def short_name(fact: Fact) -> str:
    """Return the last part of the id of *fact* in words: ``power-of-siberia/first-gas``."""
    return fact.id.rpartition("/")[2].replace("-", " ").replace("_", " ")


def evidence_words(evidence: Evidence, unit: str | None) -> str:
    """Say what *evidence* tells of its fact: a day, a denial, or a value with its period."""
    if evidence.happened is not None:
        return span_words(evidence.happened)
    if evidence.not_happened is not None:
        return f"not {_in(evidence.not_happened)}"
    period = "" if evidence.when is None else f" ({span_words(evidence.when)})"
    return f"{value_words(evidence.value, unit)}{period}"


NOT_ASKED: Final = "signed as decided by a function, which was not asked"


def because(audit: Audit, verdict: Verdict, *, titled: bool = False) -> str:
    """Say in a few words why a claim is what it is, with whole titles of facts if *titled*."""
    marks = [f"[{mark}]" for mark in verdict.marks]
    told = reason_words(audit, verdict, titled=titled)
    return "; ".join(part for part in (*marks, told, readings_words(verdict)) if part)


def reason_words(audit: Audit, verdict: Verdict, *, titled: bool = False) -> str:
    """Say what `because` says, without marks and readings."""
    claim = audit.records.claims[verdict.claim]
    reason = _REASONS[verdict.status]
    if titled and reason is _decided:
        reason = _decided_titled
    return _check_words(audit, claim) or reason(audit, claim, verdict)


def _check_words(audit: Audit, claim: Claim) -> str:
    """Say what the function said that decides *claim*; nothing if none does."""
    answered = audit.answers.get(claim.id)
    if answered is None:
        return NOT_ASKED if audit.lacks_check(claim.id) else ""
    return f"its check: {answered.because.partition(chr(10))[0] or answered.truth.word}"


def readings_words(verdict: Verdict) -> str:
    """Say under how many readings of its words a claim has its status, or nothing if one only."""
    if not verdict.readings:
        return ""
    same, total = same_readings(verdict)
    return f"{verdict.status.value} in {same} of {total} readings"


def same_readings(verdict: Verdict) -> tuple[int, int]:
    """Count the readings with the status of the claim, and all; its own criterion is one."""
    same = sum(reading.status is verdict.status for reading in verdict.readings)
    return same + 1, len(verdict.readings) + 1


def _decided(audit: Audit, claim: Claim, verdict: Verdict) -> str:
    return _decided_by(audit, claim, verdict, report_words)


def _decided_titled(audit: Audit, claim: Claim, verdict: Verdict) -> str:
    return _decided_by(audit, claim, verdict, titled_words)


def _decided_by(
    audit: Audit, claim: Claim, verdict: Verdict, words: Callable[[Records, str], str]
) -> str:
    if not verdict.used:
        return ""
    told = words(audit.records, _telling(audit, claim, verdict))
    witnesses = len({_witness(audit, id_) for id_ in verdict.used})
    late = f"{counted(verdict.late_days, 'day')} late" if verdict.late_days else ""
    parts = (told, late, counted(witnesses, "source"))
    found = ", ".join(part for part in parts if part)
    of_parts = _parts_words(audit, claim, verdict)
    return f"{of_parts}: {found}" if of_parts else found


def _parts_words(audit: Audit, claim: Claim, verdict: Verdict) -> str:
    """Say how many parts of a claim are what, where they are not all the same; nothing else."""
    truths = Counter(audit.parts(claim))
    if not truths:
        return ""
    of_all = f"of {counted(truths.total(), 'part')}"
    match verdict.status:
        case Status.PARTLY:
            return f"{truths[TRUE]} {of_all} hold"
        case Status.CONFLICTING:
            return f"{truths[CONFLICTING]} {of_all} in conflict"
        case status if status not in DECIDED and truths[UNKNOWN] < truths.total():
            return f"{truths.total() - truths[UNKNOWN]} {of_all} decided"
        case _:
            return ""


def _telling(audit: Audit, claim: Claim, verdict: Verdict) -> str:
    """Return the report to name: one with which the claim came to be what it is."""
    evidence = audit.records.evidence.by_id
    deciding = [
        id_
        for id_ in verdict.used
        if id_ in evidence and audit.known_from(claim, evidence[id_]) == verdict.decided_on
    ]
    # That something had not happened is no news once it has.
    news = (id_ for id_ in deciding if evidence[id_].not_happened is None)
    return next(news, (deciding or verdict.used)[0])


def _witness(audit: Audit, id_: str) -> str:
    evidence = audit.records.evidence.by_id.get(id_)
    if evidence is None:
        return audit.records.assessments[id_].by
    return audit.records.sources.by_id[evidence.source].witness


def _waiting(audit: Audit, claim: Claim, verdict: Verdict) -> str:
    if of_parts := _parts_words(audit, claim, verdict):
        return of_parts
    reports = len(audit.usable_reports(claim))
    if reports:
        return f"{counted(reports, 'report')}, none decides"
    return "nothing recorded" if audit.known_by is KnownBy.RECORDED else "nothing reported"


def _reason(_audit: Audit, claim: Claim, _verdict: Verdict) -> str:
    return claim.not_checkable or ""


def _void(audit: Audit, claim: Claim, verdict: Verdict) -> str:
    if claim.annulled is not None and claim.annulled.first <= audit.day:
        return claim.annulled_because or ""
    return f"its condition is false, {counted(len(verdict.used), 'report')}"


_REASONS: Final[Mapping[Status, Callable[[Audit, Claim, Verdict], str]]] = {
    **dict.fromkeys(DECIDED, _decided),
    Status.PENDING: _waiting,
    Status.OVERDUE: _waiting,
    Status.NOT_ENOUGH_EVIDENCE: _waiting,
    Status.NOT_CHECKABLE: _reason,
    Status.ANNULLED: _void,
}
