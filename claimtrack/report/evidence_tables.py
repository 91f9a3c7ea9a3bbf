"""The evidence of an explanation as tables, one for each thing that it speaks of."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from claimtrack.engine.audit import Audit
from claimtrack.engine.evidence import facts_of_claim, scales_of_claim
from claimtrack.model.explanation import (
    Explanation,
    ItemUse,
    Side,
    Standing,
    Step,
    Use,
    exhibits_of,
)
from claimtrack.model.span import OPEN_END, OPEN_START
from claimtrack.model.verdict import KnownBy
from claimtrack.report.reported import told_words
from claimtrack.report.table import Table
from claimtrack.report.words import NONE, day_words, span_words

_SIGNS: Final = {Use.FOR: "+ for", Use.AGAINST: "- against", Use.IGNORED: "  ignored"}
_LATER: Final = "+ later"
_LEGEND: Final = {"*": "the verdict rests on it", _LATER: "for it, with the deadline put off"}
"""What those signs mean that do not say it themselves."""

_ON_CLAIM: Final = "the claim itself"


def evidence_tables(audit: Audit, explanation: Explanation) -> Iterator[Table]:
    """
    Iterate over every item on the claim's facts, each once, with what became of it.

    The facts stand in the order in which the claim asks about them; what speaks of the claim
    itself comes after them, and published ratings last.
    """
    found: dict[str, list[ItemUse]] = {subject: [] for subject in _subjects(audit, explanation)}
    for item in explanation.items:
        found[_subject(audit, item)].append(item)
    later, leaves = _later(explanation), _first_leaves(explanation)
    known = explanation.known_by.value
    for subject, items in found.items():
        if items:
            yield Table(
                header=("use", known, "evidence", "reports", "publisher", "why not"),
                rows=[
                    _row(audit, explanation, item, leaves, is_later=item.id in later)
                    for item in items
                ],
                title=f"evidence on {subject}",
                shrink={"why not": 16, "reports": 14, "publisher": 10, "evidence": 30},
                wrap=("reports", "publisher", "why not"),
                spare=("publisher", known),
            )


def legend_lines(tables: Iterable[Table]) -> Iterator[str]:
    """Iterate over what the signs in *tables* mean, as far as they stand there."""
    cells = {row[0] for table in tables for row in table.rows}
    yield from (f"{sign} {told}" for sign, told in _LEGEND.items() if sign in " ".join(cells))


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


def _trees(explanation: Explanation) -> Iterator[Step]:
    """Iterate over the trees that say what the claim is with the deadlines that it has."""
    found = (explanation.steps, explanation.condition, *(step for _, step in explanation.readings))
    yield from (step for step in found if step is not None)


def _later(explanation: Explanation) -> set[str]:
    """Return the ids of what counts only with the deadlines of a late claim put off."""
    if explanation.later is None:
        return set()
    counts = {one.id for tree in _trees(explanation) for one in exhibits_of(tree) if one.counts}
    return {one.id for one in exhibits_of(explanation.later) if one.counts} - counts


def _row(
    audit: Audit,
    explanation: Explanation,
    item: ItemUse,
    leaves: Mapping[str, Step],
    *,
    is_later: bool,
) -> tuple[str, ...]:
    sign = _LATER if is_later else _SIGNS[item.use]
    told, witness = _told_by(audit, item)
    return (
        f"{sign} *" if item.decided else sign,
        NONE if item.known_from == OPEN_END else day_words(item.known_from),
        item.id,
        told,
        witness,
        _why_not(audit, explanation, item, leaves),
    )


def _why_not(
    audit: Audit, explanation: Explanation, item: ItemUse, leaves: Mapping[str, Step]
) -> str:
    """Say why an item is ignored, with what a reader would ask next."""
    evidence = audit.records.evidence.by_id.get(item.id)
    match item.because:
        case Side.NOT_COVERING.value if item.id in leaves:
            return f"not all days {_run_words(leaves[item.id])}"
        case Standing.WITHDRAWN.value if evidence and evidence.withdrawn:
            because = f": {evidence.withdrawn_because}" if evidence.withdrawn_because else ""
            return f"withdrawn on {span_words(evidence.withdrawn)}{because}"
        case Standing.SUPERSEDED.value if evidence:
            return f"superseded by {', '.join(audit.superseders(explanation.claim, item.id))}"
        case Standing.NOT_YET_KNOWN.value:
            return f"not yet {explanation.known_by.value}"
        case Standing.UNDATED.value if explanation.known_by is KnownBy.RECORDED:
            return "no day on which it was recorded"
        case because:
            return because


def _first_leaves(explanation: Explanation) -> dict[str, Step]:
    """Return the first leaf that lists each item, by its id."""
    found: dict[str, Step] = {}
    for tree in _trees(explanation):
        for leaf in _leaves(tree):
            for one in leaf.exhibits:
                found.setdefault(one.id, leaf)
    return found


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
        return f"“{rating.rating}”", rating.by
    source = audit.records.sources[evidence.source]
    if evidence.fact is None:
        stance = evidence.stance.value if evidence.stance else ""
        on = "" if evidence.happened is None else f" ({span_words(evidence.happened)})"
        told = f"{stance}{on}"
    else:
        told = told_words(evidence, audit.records.facts[evidence.fact].unit)
    return told, source.origin or source.publisher or source.id
