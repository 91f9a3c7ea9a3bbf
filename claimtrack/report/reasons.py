"""A report or a published rating in a few words, and the reason for a status."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

from claimtrack.engine.audit import Audit, label_of
from claimtrack.engine.explain import explain
from claimtrack.model.claim import AnnulledKind, Claim, Occasion
from claimtrack.model.explanation import Use
from claimtrack.model.records import Assessment, Evidence, Fact, Search, Stance
from claimtrack.model.registry import Records
from claimtrack.model.span import Day
from claimtrack.model.verdict import (
    CONFLICTING,
    DECIDED,
    FALSE,
    TRUE,
    UNKNOWN,
    KnownBy,
    Status,
    Verdict,
)
from claimtrack.report.effects import conflicting_reports
from claimtrack.report.words import (
    counted,
    day_words,
    denial_words,
    late_words,
    on_words,
    span_words,
    value_words,
)


def report_words(records: Records, id_: str) -> str:
    """Return one piece of evidence, or one published rating, in a few words."""
    evidence = records.evidence.by_id.get(id_)
    if evidence is None:
        return rating_words(records.assessments[id_])
    if evidence.fact is None:
        return f"judged: {evidence.stance.value}" if evidence.stance else ""
    fact = records.facts[evidence.fact]
    if evidence.happened is not None:
        return f"{short_name(fact)} {on_words(evidence.happened)}"
    return f"{short_name(fact)} {evidence_words(evidence, fact.unit)}"


def titled_words(records: Records, id_: str) -> str:
    """
    Return what `report_words` does as part of a sentence, with the fact's title if it has one.

    A denial reads ``“BER opens” had not happened by 5 Dec 2024``.
    """
    evidence = records.evidence.by_id.get(id_)
    fact = None if evidence is None else records.facts.by_id.get(evidence.fact or "")
    if evidence is not None and evidence.stance is not None:
        return _JUDGEMENTS[evidence.stance]
    if evidence is None or fact is None:
        return report_words(records, id_)
    name = f"“{fact.title}”" if fact.title else short_name(fact)
    if evidence.not_happened is not None:
        return f"{name} {denial_words(evidence.not_happened)}"
    if evidence.happened is not None:
        return f"{name} {on_words(evidence.happened)}"
    return f"{name}{':' if fact.title else ''} {evidence_words(evidence, fact.unit)}"


_JUDGEMENTS: Final[Mapping[Stance, str]] = {
    Stance.SUPPORTS: "judged to be so",
    Stance.REFUTES: "judged not to be so",
    Stance.CONTEXT: "remarked on",
}


def sourced_words(records: Records, id_: str) -> str:
    """Return one report or published rating in a few words, with its witness."""
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


def rating_words(rating: Assessment) -> str:
    """Return *rating* in words."""
    return f"rated “{rating.rating}” on {rating.scale}"


def short_name(fact: Fact) -> str:
    """Return the last part of the id of *fact* in words: ``power-of-siberia/first-gas``."""
    return fact.id.rpartition("/")[2].replace("-", " ").replace("_", " ")


def evidence_words(evidence: Evidence, unit: str | None) -> str:
    """Return what *evidence* says of its fact: a day, a denial, or a value with its period."""
    if evidence.happened is not None:
        return span_words(evidence.happened)
    if evidence.not_happened is not None:
        return f"not {on_words(evidence.not_happened)}"
    period = "" if evidence.when is None else f" ({span_words(evidence.when)})"
    return f"{value_words(evidence.value, unit)}{period}"


NO_ANSWER: Final = "signed as decided by a function, which was not asked"


ANNULLED_KINDS: Final = {
    AnnulledKind.AMBIGUOUS: "ambiguous",
    AnnulledKind.PREMISE_VOID: "premise void",
    AnnulledKind.QUESTION_WITHDRAWN: "question withdrawn",
}
"""Why a claim no longer stands, in words."""


def said_words(claim: Claim, day: Day) -> str:
    """Say when a claim was said, and on how many occasions by *day*: ``4 Jul 2017, 5 times``."""
    times = 1 + len(claim.occasions_by(day))
    return span_words(claim.said) + (f", {times} times" if times > 1 else "")


def occasion_words(records: Records, occasion: Occasion, claim: Claim) -> str:
    """Say when and where the words of *claim* were said again, and in which other words."""
    source = records.sources[occasion.source]
    where = source.publisher or source.title or source.id
    is_other = occasion.quote is not None and occasion.quote != claim.quote
    marks = "{}" if claim.is_paraphrase else "“{}”"
    words = f": {marks.format(occasion.quote)}" if is_other else ""
    return f"{span_words(occasion.said)}, in {where}{words}"


def retraction_words(records: Records, claim: Claim) -> str:
    """Say when the speaker took the words back, in which words and where that was read."""
    assert claim.retracted is not None  # noqa: S101 - only what was retracted is told so
    source = None if claim.retracted_source is None else records.sources[claim.retracted_source]
    where = "" if source is None else f" (in {source.publisher or source.title or source.id})"
    return f"by the speaker on {span_words(claim.retracted)}: “{claim.retracted_words}”{where}"


def search_words(records: Records, search: Search) -> str:
    """Return where and when somebody looked for reports, and found none."""
    fact = None if search.fact is None else records.facts[search.fact]
    about = "" if fact is None else f" about “{fact.label}”"
    words = f", for “{search.words}”" if search.words else ""
    by = f", by {search.by}" if search.by else ""
    note = f"; {search.note}" if search.note else ""
    on = span_words(search.searched)
    return f"nothing found{about} on {on}: searched {search.where}{words}{by}{note}"


def because(audit: Audit, verdict: Verdict, *, titled: bool = False) -> str:
    """Return the reason for a status in a few words, with whole titles of facts if *titled*."""
    marks = [f"[{mark}]" for mark in verdict.marks]
    reason = reason_words(audit, verdict, titled=titled)
    return "; ".join(part for part in (*marks, reason, readings_words(verdict)) if part)


def reason_words(audit: Audit, verdict: Verdict, *, titled: bool = False) -> str:
    """Return what `because` does, without marks and readings."""
    claim = audit.records.claims[verdict.claim]
    reason = _REASONS[verdict.status]
    if titled and reason is _decided:
        reason = _decided_titled
    return _check_words(audit, claim) or reason(audit, claim, verdict)


def _check_words(audit: Audit, claim: Claim) -> str:
    """Return the answer of the function that decides *claim*, or nothing."""
    answer = audit.answers.get(claim.id)
    if answer is None:
        return NO_ANSWER if audit.lacks_check(claim.id) else ""
    return f"its check: {answer.because.partition(chr(10))[0] or answer.truth.word}"


def progress_words(audit: Audit, claim: Claim) -> str:
    """Say how far an open claim has come by its latest rating: ``: In the works, 3 May 2018``."""
    rating = audit.progress(claim)
    if rating is None:
        return ""
    source = None if rating.source is None else audit.records.sources[rating.source]
    published = rating.published or (None if source is None else source.published)
    when = "" if published is None else f", {span_words(published)}"
    return f": {label_of(rating, audit.records)}{when}"


def readings_words(verdict: Verdict) -> str:
    """Say in how many readings a claim has its status; nothing if it has no further readings."""
    if not verdict.readings:
        return ""
    same, total = same_readings(verdict)
    return f"{verdict.status.value} in {same} of {total} readings"


def same_readings(verdict: Verdict) -> tuple[int, int]:
    """Count the readings with the status of the claim, and all of them; its criterion is one."""
    if not verdict.readings:
        return 1, 1
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
    if verdict.status is Status.CONFLICTING:
        reason = _both_sides(audit, claim, words)
    else:
        report = words(audit.records, _deciding_report(audit, claim, verdict))
        witnesses = len({_witness(audit, id_) for id_ in verdict.used})
        late = f"late {late_words(verdict)}" if verdict.late_days else ""
        reason = ", ".join(filter(None, (report, late, counted(witnesses, "source"))))
    parts = _parts_words(audit, claim, verdict)
    return f"{parts}: {reason}" if parts else reason


def _both_sides(audit: Audit, claim: Claim, words: Callable[[Records, str], str]) -> str:
    """Name both sides of a conflict, each by its first report, with the number of its sources."""
    tree = explain(audit, claim.id).steps
    sides: dict[Use, dict[str, None]] = {Use.FOR: {}, Use.AGAINST: {}}
    for id_, use in conflicting_reports(tree) if tree else ():
        sides[use][id_] = None
    return " against ".join(
        f"{words(audit.records, next(iter(ids)))} "
        f"({counted(len({_witness(audit, id_) for id_ in ids}), 'source')})"
        for ids in sides.values()
        if ids
    )


def _parts_words(audit: Audit, claim: Claim, verdict: Verdict) -> str:
    """Count the parts of a claim that agree with its status, if they differ; else nothing."""
    parts = audit.parts(claim)
    if not parts:
        return ""
    truths = Counter(parts)
    of_all = f"of {counted(truths.total(), 'part')}"
    match verdict.status:
        case Status.PARTLY:
            return f"{truths[TRUE]} {of_all} {'holds' if truths[TRUE] == 1 else 'hold'}"
        case Status.CONFLICTING:
            return f"{truths[CONFLICTING]} {of_all} in conflict"
        case status if status not in DECIDED and truths[UNKNOWN] < truths.total():
            held = "holds" if truths[TRUE] == 1 else "hold"
            words = ((TRUE, held), (FALSE, "failed"), (UNKNOWN, "open"))
            (number, word), *others = (
                (truths[truth], word) for truth, word in words if truths[truth]
            )
            return ", ".join([f"{number} {of_all} {word}", *(f"{n} {w}" for n, w in others)])
        case _:
            return ""


def _deciding_report(audit: Audit, claim: Claim, verdict: Verdict) -> str:
    """Return the id of the report to show: one that became known on the day of the decision."""
    if len(verdict.used) == 1:
        return verdict.used[0]
    evidence = audit.records.evidence.by_id
    day = None if verdict.decided_on is None else int(verdict.decided_on)
    denial = None
    for id_ in verdict.used:
        item = evidence.get(id_)
        if item is None or audit.known_from(claim, item) != day:
            continue
        if item.not_happened is None:  # which says more than that it had not happened before
            return id_
        denial = denial or id_
    return denial or verdict.used[0]


def _witness(audit: Audit, id_: str) -> str:
    evidence = audit.records.evidence.by_id.get(id_)
    if evidence is None:
        return audit.records.assessments[id_].by
    return audit.records.sources.by_id[evidence.source].witness


def _undecided(audit: Audit, claim: Claim, verdict: Verdict) -> str:
    if parts := _parts_words(audit, claim, verdict):
        return parts
    reports = audit.usable_count(claim)
    if reports:
        return (
            "1 report, which does not decide"
            if reports == 1
            else f"{reports} reports, none decides"
        )
    return _NOTHING[audit.known_by]


_NOTHING: Final = {
    KnownBy.PUBLISHED: "nothing reported",
    KnownBy.RECORDED: "nothing recorded",
    KnownBy.CAPTURED: "nothing captured",
}


def _overdue(audit: Audit, claim: Claim, _verdict: Verdict) -> str:
    found = audit.found_nothing_on(claim)
    if found is not None:
        reason = f"nothing found ({day_words(found)})"
    elif audit.known_by is KnownBy.PUBLISHED:
        reason = "no dated report in this registry"
    else:
        reason = _NOTHING[audit.known_by]
    # On the other axes, also a report with a day of publication can be without a day.
    is_published = audit.known_by is KnownBy.PUBLISHED
    undated = len(audit.undated_reports(claim)) if is_published else 0
    return f"{reason}, {undated} undated" if undated else reason


def _not_checkable(_audit: Audit, claim: Claim, _verdict: Verdict) -> str:
    return claim.not_checkable or ""


def _annulled(audit: Audit, claim: Claim, verdict: Verdict) -> str:
    if claim.annulled is not None and claim.annulled.first <= audit.day:
        kind = "" if claim.annulled_kind is None else f"{ANNULLED_KINDS[claim.annulled_kind]}: "
        return f"{kind}{claim.annulled_because or ''}"
    return f"its condition is false, {counted(len(verdict.used), 'report')}"


_REASONS: Final[Mapping[Status, Callable[[Audit, Claim, Verdict], str]]] = {
    **dict.fromkeys(DECIDED, _decided),
    Status.PENDING: _undecided,
    Status.OVERDUE: _overdue,
    Status.NOT_ENOUGH_EVIDENCE: _undecided,
    Status.NOT_CHECKABLE: _not_checkable,
    Status.ANNULLED: _annulled,
}
