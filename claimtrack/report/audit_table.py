"""The audit as a table: one row a claim, and why in a few words."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from claimtrack.engine.audit import Audit
from claimtrack.engine.leaves import items_in
from claimtrack.engine.resolve import evaluate
from claimtrack.engine.truth import CONFLICTING, TRUE, UNKNOWN
from claimtrack.model.claim import Claim
from claimtrack.model.criterion import Parts, leaves_of
from claimtrack.model.evidence import Evidence
from claimtrack.model.fact import Fact
from claimtrack.model.forecast import Assessment
from claimtrack.model.registry import Records
from claimtrack.model.span import Span
from claimtrack.model.verdict import DECIDED, KnownBy, Status, Verdict
from claimtrack.report.style import label
from claimtrack.report.table import Table
from claimtrack.report.words import (
    counted,
    day_words,
    known_by_words,
    span_words,
    value_words,
)

HEADER: Final = ("claim", "speaker", "said", "due", "status", "decided on", "because")
NOT_ASKED: Final = "signed as decided by a function, which was not asked"
_SHRINK: Final = (
    *(("speaker", 14), ("because", 36), ("claim", 48)),
    *(("because", 24), ("status", 15), ("because", 16), ("status", 13)),
)
"""What gives way where there is little room: last an id, which one types next, unless overlong."""


GROUPS: Final[Mapping[str, Callable[[Audit, Claim, Verdict], tuple[str, ...]]]] = {
    "speaker": lambda _audit, claim, _: (claim.speaker,),
    "topic": lambda _audit, claim, _: claim.topics or ("no topic",),
    "kind": lambda _audit, claim, _: (claim.kind.value if claim.kind else "no kind",),
    "status": lambda _audit, _claim, verdict: (verdict.status.value,),
}
"""What an audit can be grouped by; a claim with several topics stands under each."""


def audit_table(audit: Audit, verdicts: Iterable[Verdict], title: str = "") -> Table:
    """Return one row for each of the *verdicts* of *audit*."""
    return Table(
        header=HEADER,
        rows=[audit_row(audit, verdict) for verdict in verdicts],
        title=title,
        shrink=_SHRINK,
        spare=("said", "decided on", "speaker", "due"),
        wrap=("speaker", "status", "because"),
        status="status",
    )


def audit_row(audit: Audit, verdict: Verdict) -> tuple[str, ...]:
    """Return the cells of one verdict."""
    claim = audit.records.claims[verdict.claim]
    return (
        claim.id,
        audit.records.speakers[claim.speaker].label,
        span_words(claim.said),
        day_words(verdict.due),
        label(verdict.status.value),
        day_words(verdict.decided_on),
        because(audit, verdict),
    )


def groups(audit: Audit, verdicts: Iterable[Verdict], by: str) -> dict[str, list[Verdict]]:
    """
    Sort *verdicts* into groups, by name; statuses in their own order.

    Raises:
        KeyError: *by* is not one of `GROUPS`.
    """
    found: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        claim = audit.records.claims[verdict.claim]
        for name in GROUPS[by](audit, claim, verdict):
            found.setdefault(name, []).append(verdict)
    if by == "speaker":
        found = _by_label(audit, found)
    order = [status.value for status in Status] if by == "status" else sorted(found)
    return {name: found[name] for name in order if name in found}


def _by_label(audit: Audit, found: dict[str, list[Verdict]]) -> dict[str, list[Verdict]]:
    """Name groups by their speakers' labels, with the id where two of them have the same."""
    labels = {id_: audit.records.speakers[id_].label for id_ in found}
    times = Counter(labels.values())
    return {
        label if times[label] == 1 else f"{label} ({id_})": found[id_]
        for id_, label in labels.items()
    }


def counts_table(audit: Audit, verdicts: Iterable[Verdict], by: str) -> Table:
    """
    Return one row for each group, with how many of its claims have each status.

    Statuses that no claim has are left out.

    Raises:
        KeyError: *by* is not one of `GROUPS`.
    """
    grouped = groups(audit, verdicts, by)
    found = {name: Counter(verdict.status for verdict in group) for name, group in grouped.items()}
    statuses = [status for status in Status if any(counts[status] for counts in found.values())]
    names = (status.value.removesuffix("-evidence").replace("-", " ") for status in statuses)
    header = (by, "claims", *names)
    return Table(
        header=header,
        rows=[
            (name, str(counts.total()), *(str(counts[status] or "") for status in statuses))
            for name, counts in sorted(found.items(), key=lambda pair: (-pair[1].total(), pair[0]))
        ],
        right=header[1:],
        shrink={by: 12},
        wrap=(by,),
    )


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
    audit: Audit, claim: Claim, verdict: Verdict, words: Callable[[Audit, str], str]
) -> str:
    if not verdict.used:
        return ""
    told = words(audit, _telling(audit, claim, verdict))
    witnesses = len({_witness(audit, id_) for id_ in verdict.used})
    late = f"{counted(verdict.late_days, 'day')} late" if verdict.late_days else ""
    parts = (told, late, counted(witnesses, "source"))
    found = ", ".join(part for part in parts if part)
    of_parts = _parts_words(audit, claim, verdict)
    return f"{of_parts}: {found}" if of_parts else found


def _parts_words(audit: Audit, claim: Claim, verdict: Verdict) -> str:
    """Say how many parts of a claim are what, where they are not all the same; nothing else."""
    if not isinstance(claim.criterion, Parts):
        return ""
    case = audit.case(claim)
    truths = Counter(evaluate(part, case) for part in claim.criterion.parts)
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
    known_from = audit.index.view(audit.index.zone_of(claim)).known_from
    deciding = [
        id_
        for id_ in verdict.used
        if id_ in evidence and known_from(evidence[id_]) == verdict.decided_on
    ]
    # That something had not happened is no news once it has.
    news = (id_ for id_ in deciding if evidence[id_].not_happened is None)
    return next(news, (deciding or verdict.used)[0])


def _witness(audit: Audit, id_: str) -> str:
    evidence = audit.records.evidence.by_id.get(id_)
    if evidence is None:
        return audit.records.assessments[id_].by
    return audit.records.sources.by_id[evidence.source].witness


def report_words(audit: Audit, id_: str) -> str:
    """Say in a few words what one piece of evidence, or one published rating, tells."""
    evidence = audit.records.evidence.by_id.get(id_)
    if evidence is None:
        return rating_words(audit.records.assessments[id_])
    if evidence.fact is None:
        return f"judged: {evidence.stance.value}" if evidence.stance else ""
    fact = audit.records.facts[evidence.fact]
    told = told_words(evidence, fact.unit)
    if evidence.value is not None:
        return f"{short_name(fact)} {told}"
    happened = evidence.happened
    if happened is None:
        return f"{short_name(fact)} {told}"
    return f"{short_name(fact)} {_in(happened)}"


def titled_words(audit: Audit, id_: str) -> str:
    """
    Say what `report_words` says as part of a sentence, with the title of the fact if it has one.

    A denial is said to be one: ``“BER opens” did not happen up to 5 Dec 2024``.
    """
    evidence = audit.records.evidence.by_id.get(id_)
    fact = None if evidence is None else audit.records.facts.by_id.get(evidence.fact or "")
    if evidence is None or fact is None:
        return report_words(audit, id_)
    name = f"“{fact.title}”" if fact.title else short_name(fact)
    if evidence.not_happened is not None:
        return f"{name} {denial_words(evidence.not_happened)}"
    if evidence.happened is not None:
        return f"{name} {_in(evidence.happened)}"
    return f"{name}{':' if fact.title else ''} {told_words(evidence, fact.unit)}"


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
    return f"{short_name(fact)} {told_words(evidence, fact.unit)} ({where})"


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


def told_words(evidence: Evidence, unit: str | None) -> str:
    """Say what *evidence* tells of its fact: a day, a denial, or a value with its period."""
    if evidence.happened is not None:
        return span_words(evidence.happened)
    if evidence.not_happened is not None:
        return f"not {_in(evidence.not_happened)}"
    period = "" if evidence.when is None else f" ({span_words(evidence.when)})"
    return f"{value_words(evidence.value, unit)}{period}"


def _waiting(audit: Audit, claim: Claim, verdict: Verdict) -> str:
    assert claim.criterion is not None  # noqa: S101 - else it is not checkable
    if of_parts := _parts_words(audit, claim, verdict):
        return of_parts
    scene = audit.scene(claim)
    leaves = leaves_of(claim.criterion)
    spoken = {item.id for leaf in leaves for item in items_in(scene, leaf, claim.id)}
    reports = len(spoken.union(item.id for item in scene.on_claim(claim.id)))
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


def counts_lines(audit: Audit, verdicts: Sequence[Verdict] | None = None) -> Iterator[str]:
    """
    Iterate over the lines that stand under the table.

    Args:
        audit: The audit.
        verdicts: The verdicts that are shown and counted; None for all.
    """
    found = audit.counts if verdicts is None else Counter(one.status for one in verdicts)
    counts = [f"{label(status.value)} {found[status]}" for status in Status if found[status]]
    total, shown = len(audit), sum(found.values())
    part = "" if shown == total else f"{shown} of "
    told = ", ".join(counts) or ("none" if total else "none said yet")
    as_of = f"as of {day_words(audit.day)}{known_by_words(audit.known_by)}"
    yield f"{part}{counted(total, 'claim')} {as_of}: {told}"
    if audit.not_yet_said:
        yield f"{counted(audit.not_yet_said, 'claim')} not yet said"
