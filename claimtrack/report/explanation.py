"""An explanation as text for people, with every line escaped, and as JSON."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

import attrs

from claimtrack.engine.audit import Audit
from claimtrack.engine.evidence import facts_of_claim, scales_of_claim
from claimtrack.engine.signature import RULES_CHANGED, STALE, SUSPECT
from claimtrack.engine.user_functions import CheckAnswer
from claimtrack.escape import for_json, for_log_line
from claimtrack.model.claim import Claim, ClaimKind, QuoteKind
from claimtrack.model.criterion import LEAVES, Event, Reaches
from claimtrack.model.explanation import (
    Exhibit,
    Explanation,
    ItemUse,
    Side,
    Step,
)
from claimtrack.model.records import TIER_RANKS, Forecast, Source
from claimtrack.model.registry import Records
from claimtrack.model.span import OPEN_END, day_text
from claimtrack.model.verdict import (
    AFTER_THE_FACT,
    DECIDED,
    RETRACTED,
    KnownBy,
    Status,
    Verdict,
)
from claimtrack.report.audit import claim_object, report_object
from claimtrack.report.effects import Effect, effects, gap_words, leaves_under
from claimtrack.report.forecasts import (
    OUTCOMES,
    forecast_lines,
    forecast_objects,
    own_forecast,
    probability_words,
)
from claimtrack.report.formats import render, render_line
from claimtrack.report.reasons import (
    ANNULLED_KINDS,
    NO_ANSWER,
    evidence_words,
    occasion_words,
    progress_words,
    reason_words,
    retraction_words,
    said_words,
    same_readings,
    search_words,
    sourced_words,
)
from claimtrack.report.style import label
from claimtrack.report.table import Table
from claimtrack.report.words import (
    NONE,
    counted,
    criterion_words,
    day_words,
    known_by_words,
    late_words,
    leaf_words,
    on_words,
    quote_words,
    span_words,
)

_LATER: Final = "+ later"
_LEGEND: Final = {
    "*": "the verdict rests on it",
    _LATER: "for it, with the deadline put off",
}
"""The meaning of signs that are not plain."""

_SIGNS: Final = {
    "for": "+ for",
    "against": "- against",
    "both": "\N{PLUS-MINUS SIGN} for and against",
    "neither": "  for neither",
    "ignored": "  ignored",
}
_MARKS: Final = {
    SUSPECT: "what it rests on has changed since it was signed",
    STALE: "the day of its review has passed",
    AFTER_THE_FACT: "its outcome was known when it was said",
}
_ON_CLAIM: Final = "the claim itself"
_ON_A_SIDE: Final = frozenset({Side.FOR, Side.AGAINST})
_TIER_OF: Final = {rank: None if tier is None else tier.value for tier, rank in TIER_RANKS.items()}


def explanation_text(
    explanation: Explanation,
    format: str,  # noqa: A002
    *,
    width: int | None = None,
    colour: bool = False,
) -> str:
    """
    Write *explanation* in the format of that name.

    Args:
        explanation: From an audit, which it holds.
        format: ``json``, ``markdown``, or ``table`` for terminals.
        width: Display columns to fit tables into; None for no limit.
        colour: Whether a terminal shows colour.
    """
    audit = explanation.audit
    if not isinstance(audit, Audit):
        raise TypeError("the explanation is of no audit; expected one of Registry.explain()")
    if format == "json":
        return f"{for_json(explanation_object(audit, explanation), indent=2)}\n"
    line = _item_of_list if format == "markdown" else str
    tables = [*evidence_tables(audit, explanation)]
    legend = [*legend_lines(tables)] if tables else ["no evidence on its facts"]
    blocks = (
        f"{render_line(outcome_sentence(audit, explanation), format)}\n",
        [*heading_lines(audit, explanation)],
        [*reason_lines(audit, explanation)],
        *(render(table, format, width=width, colour=colour) for table in tables),
        legend,
        [*source_lines(audit, explanation)],
    )
    return "\n".join(
        block if isinstance(block, str) else "".join(f"{line(one)}\n" for one in block)
        for block in blocks
        if block
    )


def _item_of_list(line: str) -> str:
    """Return a line of a tree as an item of a Markdown list, at its depth."""
    text = line.lstrip(" ")
    return f"{line[: len(line) - len(text)]}- {render_line(text, 'markdown')}"


def evidence_tables(audit: Audit, explanation: Explanation) -> Iterator[Table]:
    """
    Iterate over tables of the evidence, one table for each fact, with the use of each item.

    Facts come in the order of the criterion, then evidence on the claim itself, then ratings.
    """
    by_subject: dict[str, list[ItemUse]] = {
        subject: [] for subject in _subjects(audit, explanation)
    }
    for item in explanation.items:
        by_subject[_subject(audit, item)].append(item)
    found = {one.item.id: one for one in effects(explanation)}
    known = explanation.known_by.value
    for subject, items in by_subject.items():
        if items:
            rows = [_row(audit, found[item.id]) for item in items]
            proof: tuple[str, ...] = ()
            if explanation.known_by is KnownBy.CAPTURED:
                proof = ("proof",)
                rows = [
                    (*row[:2], item.proof.value if item.proof else NONE, *row[2:])
                    for row, item in zip(rows, items, strict=True)
                ]
            yield Table(
                header=("counted", known, *proof, "evidence", "says", "publisher", "why"),
                rows=rows,
                title=f"evidence on {subject}",
                shrink={"why": 16, "says": 14, "publisher": 10, "evidence": 30},
                wrap=("counted", "says", "publisher", "why"),
                spare=("publisher", known),
            )


def legend_lines(tables: Iterable[Table]) -> Iterator[str]:
    """Iterate over the meanings of the signs that *tables* use."""
    cells = {row[0] for table in tables for row in table.rows}
    yield from (f"{sign} {meaning}" for sign, meaning in _LEGEND.items() if sign in " ".join(cells))


def _subjects(audit: Audit, explanation: Explanation) -> Iterator[str]:
    facts = audit.records.facts
    yield from (f"“{facts[fact].label}”" for fact in facts_of_claim(explanation.claim))
    yield _ON_CLAIM
    yield from (f"the scale {scale}" for scale in scales_of_claim(explanation.claim))


def _subject(audit: Audit, item: ItemUse) -> str:
    evidence = audit.records.evidence.by_id.get(item.id)
    if evidence is None:
        return f"the scale {audit.records.assessments[item.id].scale}"
    return _ON_CLAIM if evidence.fact is None else f"“{audit.records.facts[evidence.fact].label}”"


def _row(audit: Audit, effect: Effect) -> tuple[str, ...]:
    item = effect.item
    words, witness = _report_and_witness(audit, item)
    readings = [f"“{side.reading}”" for side in effect.sides if side.reading is not None]
    sign = f"{_SIGNS[effect.side]}{' a reading' if readings else ''}"
    if effect.is_later:
        sign = sign.replace("for", "later") if effect.side == "for" else f"{sign}, later"
    return (
        f"{sign} *" if item.decided else sign,
        NONE if item.known_from == OPEN_END else day_words(item.known_from),
        item.id,
        words,
        witness,
        f"the reading {', '.join(readings)}" if readings else effect.why,
    )


def _report_and_witness(audit: Audit, item: ItemUse) -> tuple[str, str]:
    """Return what an item reports, in words, and its witness."""
    evidence = audit.records.evidence.by_id.get(item.id)
    if evidence is None:
        rating = audit.records.assessments[item.id]
        return f"“{rating.rating}”", rating.by
    source = audit.records.sources[evidence.source]
    if evidence.fact is None:
        stance = evidence.stance.value if evidence.stance else ""
        on = "" if evidence.happened is None else f" ({span_words(evidence.happened)})"
        words = f"{stance}{on}"
    else:
        words = evidence_words(evidence, audit.records.facts[evidence.fact].unit)
    return words, source.origin or source.publisher or source.id


def outcome_sentence(audit: Audit, explanation: Explanation) -> str:
    """Say in one sentence what became of the claim, and why; the text is not escaped."""
    claim, verdict = explanation.claim, explanation.verdict
    own = own_forecast(audit, claim)
    if own is not None and verdict.status in OUTCOMES:
        return _forecast_sentence(audit, explanation, own)
    speaker = audit.records.speakers[claim.speaker].label
    verb = "wrote" if claim.quote_kind is QuoteKind.OWN else "said"
    known = ", which was known by then," if AFTER_THE_FACT in verdict.marks else ""
    outcome = _outcome_words(claim, verdict)
    why = _headline_reason(audit, explanation)
    words = _quoted_in_sentence(claim, audit.records)
    said = f"{on_words(claim.said)}, {words}{known or ','}"
    sentence = f"What {speaker} {verb} {said} {outcome}{why}"
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


MAX_QUOTED: Final = 200
"""Characters of a quote within a sentence; of a longer one the beginning stands there."""


def _quoted_in_sentence(claim: Claim, records: Records) -> str:
    """Return the words as they stand within a sentence: on one line, without a full stop."""
    words = " ".join(claim.quote.split())
    if len(words) > MAX_QUOTED:
        words = f"{words[:MAX_QUOTED].rpartition(' ')[0] or words[:MAX_QUOTED]} …"
    words = words.rstrip(" .,;:") or words
    return quote_words(attrs.evolve(claim, quote=words), records)


def _forecast_sentence(audit: Audit, explanation: Explanation, own: Forecast) -> str:
    """Say what a speaker who gave a probability said, and what became of it."""
    speaker = audit.records.speakers[explanation.claim.speaker].label
    said = f"{speaker} gave it {probability_words(own)} {on_words(own.made)}"
    outcome = f"{OUTCOMES[explanation.verdict.status]}{_headline_reason(audit, explanation)}"
    sentence = f"{said}, and {outcome}"
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


def _outcome_words(claim: Claim, verdict: Verdict) -> str:
    """Return the predicate of the sentence for a status, with the readings that agree."""
    is_of_now = claim.kind in {ClaimKind.FACT, ClaimKind.OPINION}
    due = "" if verdict.due is None else f" on {day_words(verdict.due)}"
    match verdict.status:
        case Status.LATE:
            outcome = f"came true, but late {late_words(verdict)}"
        case Status.FAILED:
            outcome = "was not so" if is_of_now else "did not come true"
        case Status.PENDING:
            return f"is not decided yet; it is due{due}" if due else "is not decided yet"
        case Status.OVERDUE:
            return f"was due{due}"
        case status:
            outcome = _OUTCOMES[status]
    same, total = same_readings(verdict)
    if total == 1 or verdict.status not in DECIDED:
        return outcome
    agree = "both" if total == 2 else f"all {total}"  # noqa: PLR2004 - as English has it
    which = agree if same == total else f"{same} of {total}"
    return f"{outcome}, in {which} readings of the words"


_OUTCOMES: Final = {
    Status.HELD: "held up",
    Status.PARTLY: "held up in part",
    Status.CONFLICTING: "is in dispute",
    Status.NOT_ENOUGH_EVIDENCE: "is not settled by what is reported",
    Status.NOT_CHECKABLE: "cannot be checked",
    Status.ANNULLED: "no longer stands",
}


def _headline_reason(audit: Audit, explanation: Explanation) -> str:
    verdict, tree = explanation.verdict, explanation.steps
    if verdict.status is Status.PENDING:
        return ""
    if verdict.status is Status.NOT_ENOUGH_EVIDENCE and tree is not None:
        gaps = [*dict.fromkeys(filter(None, map(gap_words, leaves_under(tree))))]
        if len(gaps) == 1:
            return f": {gaps[0]}"
    without = attrs.evolve(verdict, late_days=None)  # the outcome tells it
    reason = reason_words(audit, without, titled=True)
    return f": {reason}" if reason else ""


def heading_lines(audit: Audit, explanation: Explanation) -> Iterator[str]:
    """Iterate over the lines on the claim, and on its status."""
    claim, verdict = explanation.claim, explanation.verdict
    yield from map(for_log_line, _claim_lines(audit, claim))
    late = f", {late_words(verdict)}" if verdict.late_days else ""
    progress = progress_words(audit, claim)
    decided = f", decided on {day_words(verdict.decided_on)}" if verdict.decided_on else ""
    as_of = f"as of {day_words(explanation.as_of)}{known_by_words(explanation.known_by)}"
    yield for_log_line(f"{as_of}: {label(verdict.status.value)}{progress}{late}{decided}")
    if verdict.due is not None:
        yield for_log_line(f"due: {day_words(verdict.due)}")
    if verdict.readings:
        yield for_log_line(f"readings: {_readings_count(verdict)}")
    if claim.status is not None:
        yield for_log_line(f"recorded: {label(claim.status.value)}{_signed_words(claim)}")
    meanings = {**_MARKS, SUSPECT: RULES_CHANGED} if audit.is_changed_by_rules(claim) else _MARKS
    yield from map(for_log_line, forecast_lines(audit, claim))
    for mark in verdict.marks:
        if mark == RETRACTED:
            yield for_log_line(f"{RETRACTED}: {retraction_words(audit.records, claim)}")
            continue
        yield for_log_line(f"{mark}: {meanings[mark]}" if mark in meanings else mark)


def _readings_count(verdict: Verdict) -> str:
    """Say how many of the readings, of which the criterion is one, agree with the status."""
    same, total = same_readings(verdict)
    others = Counter(one.status for one in verdict.readings if one.status is not verdict.status)
    listed = "".join(f", {number} {status.value}" for status, number in others.items())
    return f"{same} of {total} {verdict.status.value}{listed}"


def _signed_words(claim: Claim) -> str:
    """Say who signed the recorded status, when and why."""
    if claim.signed is None:
        return ""
    by = f" by {claim.signed.by}" if claim.signed.by else ""
    because = f": {claim.signed.because}" if claim.signed.because else ""
    return f", signed{by} on {span_words(claim.signed.on)}{because}"


def _claim_lines(audit: Audit, claim: Claim) -> Iterator[str]:
    source = audit.records.sources[claim.source]
    speaker = audit.records.speakers[claim.speaker]
    yield claim.id
    has_kind = claim.quote_kind is not None and not claim.is_paraphrase
    kind = f" ({claim.quote_kind} quote)" if has_kind else ""
    yield f"  {quote_words(claim, audit.records)}{kind}"
    party = f" ({speaker.party})" if speaker.party else ""
    yield f"  {speaker.label}{party}, {said_words(claim, audit.day)}"
    yield f"  in {_source_words(source)}"
    yield from _address_lines(source)
    for occasion in claim.occasions_by(audit.day):
        yield f"  again on {occasion_words(audit.records, occasion, claim)}"
    for id_ in claim.appearances:
        other = audit.records.sources[id_]
        yield f"  also in {_source_words(other)}"
        yield from _address_lines(other)
    if claim.proposition:
        yield f"  checked: {claim.proposition}"
    if claim.note:
        yield f"  note: {claim.note}"


def _source_words(source: Source) -> str:
    """Return who published *source*, under which title and when, and whom it repeats."""
    names = (source.author, source.publisher, source.title)
    where = ", ".join(name for name in names if name) or source.id
    published = f", {span_words(source.published)}" if source.published else ""
    origin = f" (repeats {source.origin})" if source.origin not in {None, source.publisher} else ""
    return f"{where}{published}{origin}"


def _address_lines(source: Source) -> Iterator[str]:
    if source.url:
        yield f"  {source.url}"
    if source.archived_url:
        yield f"  archived: {source.archived_url}"


def source_lines(audit: Audit, explanation: Explanation) -> Iterator[str]:
    """Iterate over the sources of the evidence, each with its addresses and the words quoted."""
    by_source: dict[str, list[ItemUse]] = {}
    records = audit.records
    for item in explanation.items:
        record = records.evidence.by_id.get(item.id) or records.assessments[item.id]
        if record.source is not None:
            by_source.setdefault(record.source, []).append(item)
    if by_source:
        yield "sources"
    for id_, items in by_source.items():
        source = records.sources[id_]
        yield for_log_line(f"  {_source_words(source)}: {', '.join(one.id for one in items)}")
        yield from (for_log_line(f"  {one}") for one in _address_lines(source))
        quotes = (getattr(records.evidence.by_id.get(one.id), "quote", None) for one in items)
        yield from (for_log_line(f"    “{quote}”") for quote in dict.fromkeys(quotes) if quote)


def reason_lines(audit: Audit, explanation: Explanation) -> Iterator[str]:
    """Iterate over the criterion, the condition and the readings, with the truth of each node."""
    claim, verdict = explanation.claim, explanation.verdict
    if claim.not_checkable is not None:
        yield for_log_line(f"not checkable: {claim.not_checkable}")
    if claim.annulled is not None and claim.annulled_because is not None:
        on = span_words(claim.annulled)
        kind = "" if claim.annulled_kind is None else f" ({ANNULLED_KINDS[claim.annulled_kind]})"
        yield for_log_line(f"annulled from {on}{kind}: {claim.annulled_because}")
    if claim.id in audit.answers:
        yield from check_lines(audit.answers[claim.id])
    elif audit.lacks_check(claim.id):
        yield NO_ANSWER
    if explanation.steps is not None:
        yield "criterion"
        yield from step_lines(audit, explanation.steps, 1)
        yield from _gap_lines(explanation.steps, verdict.status)
    if explanation.later is not None:
        late_days = verdict.late_days or 0
        yield f"with every deadline {counted(late_days, 'day')} later"
        yield from step_lines(audit, explanation.later, 1, late_days)
    if explanation.condition is not None:
        yield "condition"
        yield from step_lines(audit, explanation.condition, 1)
    for (name, step), reading in zip(explanation.readings, verdict.readings, strict=True):
        late = f", {late_words(reading)}" if reading.late_days else ""
        yield for_log_line(f"reading “{name}”: {label(reading.status.value)}{late}")
        yield from step_lines(audit, step, 1)
        yield from _gap_lines(step, reading.status)
    for search in audit.searches(claim):
        yield for_log_line(search_words(audit.records, search))


def _gap_lines(tree: Step, status: Status) -> Iterator[str]:
    """Iterate over what no report covers, of a claim or a reading with too little evidence."""
    if status is Status.NOT_ENOUGH_EVIDENCE:
        for leaf in leaves_under(tree):
            if gap := gap_words(leaf):
                yield for_log_line(f"    {gap}")


def check_lines(answer: CheckAnswer) -> Iterator[str]:
    """Iterate over the answer of the function that decides a claim in place of its criterion."""
    yield f"decided by its check: {answer.truth.word}"
    for line in answer.because.splitlines():
        yield f"  {for_log_line(line)}"


def step_lines(audit: Audit, step: Step, depth: int, late_days: int = 0) -> Iterator[str]:
    """Iterate over the lines of a tree, its deadlines *late_days* later, two spaces a level."""
    facts = audit.records.facts
    margin = "  " * depth
    if isinstance(step.criterion, LEAVES):
        words = leaf_words(step.criterion, facts)
        against = sum(e.counts and e.side.name == "AGAINST" for e in step.exhibits)
        favour = sum(e.counts and e.side.name == "FOR" for e in step.exhibits)
        moves = late_days and isinstance(step.criterion, Event | Reaches)
        put_off = f", put off to {day_words(step.high)}" if moves else ""
        needed = f", {step.needed} needed" if step.needed > 1 else ""
        weight = f"{favour} for, {against} against{needed}"
        yield margin + for_log_line(f"{step.truth.word}: {words}{put_off} — {weight}")
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


def explanation_object(audit: Audit, explanation: Explanation) -> dict[str, Any]:
    """
    Return *explanation* for JSON.

    Days are ISO 8601 text, ``..`` where they are open, or None.
    """
    condition, later = explanation.condition, explanation.later
    verdict = claim_object(audit, explanation.verdict)
    verdict["readings"] = [
        {**reading, "criterion": _tree(audit, step)}
        for reading, (_, step) in zip(verdict["readings"], explanation.readings, strict=True)
    ]
    return {
        "title": audit.records.settings.title,
        "as_of": day_text(explanation.as_of),
        "known_by": explanation.known_by.value,
        "decided_by_function": explanation.by_function,
        "sentence": outcome_sentence(audit, explanation),
        "claim": verdict,
        "criterion": None if explanation.steps is None else _tree(audit, explanation.steps),
        "criterion_put_off": None if later is None else _tree(audit, later),
        "condition": None if condition is None else _tree(audit, condition),
        "forecasts": forecast_objects(audit, explanation.claim),
        "items": [
            _item(audit, one._replace(item=item))
            for item, one in zip(explanation.items, effects(explanation), strict=True)
        ],
    }


def _tree(audit: Audit, step: Step) -> dict[str, Any]:
    node = {
        "rule": step.rule,
        "words": criterion_words(step.criterion, audit.records.facts.by_id),
        "shown": step.shown,
        "refuted": step.refuted,
        "needed": step.needed,
    }
    if step.members:
        return {**node, "members": [_tree(audit, member) for member in step.members]}
    return {
        **node,
        "fact": getattr(step.criterion, "fact", None),
        "first_day": day_text(step.low),
        "last_day": day_text(step.high),
        "missing": gap_words(step) or None,
        "items": [_exhibit(one) for one in step.exhibits],
        **({"unlisted": step.unlisted} if step.unlisted else {}),
    }


def _exhibit(exhibit: Exhibit) -> dict[str, Any]:
    has_side = exhibit.side in _ON_A_SIDE
    return {
        "id": exhibit.id,
        "side": exhibit.side.value if has_side else None,
        "because": None if has_side else exhibit.side.value,
        "counts": exhibit.counts,
        "witness": exhibit.witness,
        "tier": _TIER_OF[exhibit.rank],
        "known_from": day_text(exhibit.known_from),
    }


def _item(audit: Audit, effect: Effect) -> dict[str, Any]:
    item, records = effect.item, audit.records
    by_capture = audit.known_by is KnownBy.CAPTURED
    record = records.evidence.by_id.get(item.id) or records.assessments[item.id]
    return {
        **report_object(records, item.id),
        "id": item.id,
        "source": record.source,
        "fact": getattr(record, "fact", None),
        "reports": sourced_words(records, item.id),
        "use": item.use.value,
        "because": item.because or None,
        "counted": effect.side,
        "why": effect.why or None,
        "decided": item.decided,
        "known_from": None if item.known_from == OPEN_END else day_text(item.known_from),
        **({"proof": item.proof and item.proof.value} if by_capture else {}),
    }
