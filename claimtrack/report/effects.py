"""
How each report counted for a claim, and why it counted for neither side.

A report counts for the claim, against it, or for neither, since it does not decide; it is ignored
only if it was withdrawn, superseded, undated or not yet known. Under a negation the use of a report
for the claim is the opposite of that for the leaf that weighed it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

import attrs

from claimtrack.engine.audit import Audit
from claimtrack.model.criterion import Event, Figure, Judged, Not, Reaches, Throughout
from claimtrack.model.explanation import (
    NOT_ASKED,
    WITNESS_COUNTED,
    Exhibit,
    Explanation,
    ItemUse,
    Side,
    Standing,
    Step,
    Use,
)
from claimtrack.model.records import Evidence
from claimtrack.model.span import OPEN_END, OPEN_START, Day
from claimtrack.model.verdict import KnownBy
from claimtrack.report.words import (
    day_words,
    denial_words,
    happening_words,
    on_words,
    span_words,
    test_words,
    value_words,
)

_NEGATED: Final = {Use.FOR: Use.AGAINST, Use.AGAINST: Use.FOR}
_WORDS: Final = {Use.FOR: "for", Use.AGAINST: "against"}

_MOST_GAPS: Final = 3
"""How many spans of days that no report covers are named."""

IGNORED: Final = frozenset(
    standing.value for standing in Standing if standing is not Standing.USABLE
)
"""Why an item is ignored; for any other reason it counts for neither side."""


class ReportSide(NamedTuple):
    """The side of a report, for the claim if *reading* is None, else for that reading."""

    words: str
    reading: str | None = None


class Effect(NamedTuple):
    """
    One report, with its use for the claim, or else for the first reading that counts it.

    Args:
        sides: One for the claim, or one for each reading and use.
        side: ``for``, ``against``, ``both``, ``neither`` or ``ignored``.
        why: Why it counts for neither side or is ignored, as a clause; else empty.
        is_later: Whether it counts only with the deadlines put off by the delay of a late claim.
    """

    item: ItemUse
    sides: tuple[ReportSide, ...]
    side: str
    why: str = ""
    is_later: bool = False


def effects(explanation: Explanation) -> Iterator[Effect]:
    """Iterate over the reports of *explanation*, in its order."""
    found: dict[str, dict[tuple[Use, str | None], None]] = {}
    trees = ((None, explanation.steps), (None, explanation.condition), *explanation.readings)
    for reading, tree in trees:
        for exhibit, use in _counted(tree, is_negated=False) if tree else ():
            found.setdefault(exhibit.id, {})[use, reading] = None
    later = explanation.later
    late = {one.id: use for one, use in _counted(later, is_negated=False)} if later else {}
    first_leaves = _first_leaves(explanation)
    for item in explanation.items:
        if item.id in late and item.id not in found:
            use = late[item.id]
            words = f"Counted {_WORDS[use]} it, had the deadline been later"
            used = attrs.evolve(item, use=use)
            yield Effect(used, (ReportSide(words),), use.value, is_later=True)
        elif item.use is Use.IGNORED or item.id not in found:
            side = "ignored" if item.because in IGNORED else "neither"
            words = "Ignored" if side == "ignored" else "Counted for neither"
            why = _why(explanation, item, first_leaves.get(item.id))
            yield Effect(item, (ReportSide(words),), side, why)
        else:
            yield _effect(item, [*found[item.id]])


def _effect(item: ItemUse, sides: list[tuple[Use, str | None]]) -> Effect:
    own = [use for use, reading in sides if reading is None]
    used = attrs.evolve(item, use=own[0] if own else sides[0][0])
    uses = {use for use, reading in sides if reading is None or not own}
    side = used.use.value if len(uses) == 1 else "both"
    if not own:
        first, *others = (
            ReportSide(f"{_WORDS[use]} the reading", reading) for use, reading in sides
        )
        return Effect(used, (first._replace(words=f"Counted {first.words}"), *others), side)
    words = "for and against it" if side == "both" else f"{_WORDS[own[0]]} it"
    return Effect(used, (ReportSide(f"Counted {words}"),), side)


def _counted(step: Step, *, is_negated: bool) -> Iterator[tuple[Exhibit, Use]]:
    for exhibit in step.exhibits:
        if exhibit.counts:
            use = Use(exhibit.side.value)
            yield exhibit, _NEGATED[use] if is_negated else use
    for member in step.members:
        negates = isinstance(step.criterion, Not)
        yield from _counted(member, is_negated=is_negated is not negates)


def conflicting_reports(step: Step, *, is_negated: bool = False) -> Iterator[tuple[str, Use]]:
    """Iterate over the reports that count at a leaf in conflict, each with its use for the tree."""
    if step.members:
        negates = isinstance(step.criterion, Not)
        for member in step.members:
            yield from conflicting_reports(member, is_negated=is_negated is not negates)
    elif step.shown and step.refuted:
        for exhibit, use in _counted(step, is_negated=is_negated):
            yield exhibit.id, use


def trees_of(explanation: Explanation) -> Iterator[Step]:
    """Iterate over the trees with the deadlines as the claim has them."""
    trees = (explanation.steps, explanation.condition, *(step for _, step in explanation.readings))
    yield from (step for step in trees if step is not None)


def leaves_under(step: Step) -> Iterator[Step]:
    """Iterate over the leaves of a tree."""
    if not step.members:
        yield step
    for member in step.members:
        yield from leaves_under(member)


def _first_leaves(explanation: Explanation) -> dict[str, tuple[Step, Exhibit]]:
    """Return the first leaf that lists each item, and the item as it weighed it, by its id."""
    leaves: dict[str, tuple[Step, Exhibit]] = {}
    for tree in trees_of(explanation):
        for leaf in leaves_under(tree):
            for one in leaf.exhibits:
                leaves.setdefault(one.id, (leaf, one))
    return leaves


def _why(explanation: Explanation, item: ItemUse, weighed: tuple[Step, Exhibit] | None) -> str:
    """Say why an item is on neither side, by what it reports."""
    audit = explanation.audit
    assert isinstance(audit, Audit)  # noqa: S101 - as `explain` makes it
    evidence = audit.records.evidence.by_id.get(item.id)
    if item.because in IGNORED:
        return _why_ignored(audit, explanation, item, evidence)
    if item.because == WITNESS_COUNTED:
        return f"{weighed[1].witness} is counted already" if weighed else item.because
    if item.because == NOT_ASKED:
        return "a remark on the claim, which facts decide"
    if weighed is None or evidence is None:
        return _PLAIN.get(item.because, item.because)
    leaf, exhibit = weighed
    words = _WHY.get(exhibit.side)
    return words(audit, leaf, evidence, exhibit) if words else _PLAIN.get(item.because, "")


def _why_ignored(
    audit: Audit, explanation: Explanation, item: ItemUse, evidence: Evidence | None
) -> str:
    match item.because:
        case Standing.WITHDRAWN.value if evidence and evidence.withdrawn:
            because = f": {evidence.withdrawn_because}" if evidence.withdrawn_because else ""
            return f"withdrawn on {span_words(evidence.withdrawn)}{because}"
        case Standing.SUPERSEDED.value if evidence:
            return f"superseded by {', '.join(audit.superseders(explanation.claim, item.id))}"
        case Standing.NOT_YET_KNOWN.value:
            return f"not yet {explanation.known_by.value}"
        case Standing.UNDATED.value if explanation.known_by is KnownBy.RECORDED:
            return "no day on which it was recorded"
        case Standing.UNDATED.value if explanation.known_by is KnownBy.CAPTURED:
            return "no pinned copy has its words"
        case because:
            return because


_PLAIN: Final[Mapping[str, str]] = {
    Side.BELOW_TIER.value: "its source is below the tier that counts here",
    Side.CONTEXT.value: "a remark that takes no side",
    Side.NEITHER_LABEL.value: "a rating that takes no side",
}
"""The words for reasons that say enough without the report."""


def _not_covering(_: Audit, leaf: Step, evidence: Evidence, exhibit: Exhibit) -> str:
    says = f"says it {denial_words(evidence.not_happened)}" if evidence.not_happened else "denies"
    is_before, is_after = exhibit.first > leaf.low, exhibit.last < leaf.high
    if exhibit.last < leaf.low or exhibit.first > leaf.high:
        return f"{says}; the question is {asked_words(leaf)}"
    around = "before and after" if is_before and is_after else "before" if is_before else "after"
    return f"{says}, nothing about the days {around}"


def _too_coarse(_: Audit, leaf: Step, evidence: Evidence, __: Exhibit) -> str:
    said = _days_of(evidence)
    return f"{said}, which may be {asked_words(leaf)} or not"


def _outside(_: Audit, leaf: Step, evidence: Evidence, exhibit: Exhibit) -> str:
    said = _days_of(evidence)
    if exhibit.first > leaf.high:
        return f"{said}, which is after {day_words(leaf.high)}"
    return f"{said}, which is before {day_words(leaf.low)}"


def _days_of(evidence: Evidence) -> str:
    """Say what days a report is about."""
    if evidence.fact is not None and evidence.happened is not None:
        return f"says it {happening_words(evidence.happened)}"
    return f"is about {span_words(evidence.is_about)}" if evidence.is_about else "gives no day"


def _other_period(_: Audit, leaf: Step, evidence: Evidence, __: Exhibit) -> str:
    asked = leaf.criterion.at if isinstance(leaf.criterion, Figure) else None
    about = span_words(evidence.when) if evidence.when else "another period"
    return f"is about {about}, not {span_words(asked)}" if asked else f"is about {about}"


def _unclear(audit: Audit, leaf: Step, evidence: Evidence, _: Exhibit) -> str:
    if not isinstance(leaf.criterion, Figure | Reaches | Throughout):
        return Side.UNCLEAR_VALUE.value
    unit = audit.records.facts[leaf.criterion.fact].unit
    return (
        f"{value_words(evidence.value, unit)} leaves open whether it "
        f"{test_words(leaf.criterion.test, unit)}"
    )


def _not_telling(_: Audit, __: Step, evidence: Evidence, ___: Exhibit) -> str:
    when = f" {on_words(evidence.when)}" if evidence.when else " then"
    return f"not reached{when}, nothing about other days"


def _for_a_part(_: Audit, __: Step, evidence: Evidence, ___: Exhibit) -> str:
    when = span_words(evidence.when) if evidence.when else "a part of the days"
    return f"agrees for {when}, nothing about the other days"


_WHY: Final[Mapping[Side, Callable[[Audit, Step, Evidence, Exhibit], str]]] = {
    Side.NOT_COVERING: _not_covering,
    Side.TOO_COARSE: _too_coarse,
    Side.OUTSIDE: _outside,
    Side.OTHER_PERIOD: _other_period,
    Side.UNCLEAR_VALUE: _unclear,
    Side.NOT_TELLING: _not_telling,
    Side.NOT_ALL_ALONG: _for_a_part,
}
"""The words for reasons that depend on what the report says."""


def asked_words(leaf: Step) -> str:
    """Return the days that a leaf asks about, in words."""
    if leaf.low == OPEN_START:
        return "on any day" if leaf.high == OPEN_END else f"by {day_words(leaf.high)}"
    if leaf.low == leaf.high:
        return f"on {day_words(leaf.low)}"
    end = "on" if leaf.high == OPEN_END else f"to {day_words(leaf.high)}"
    return f"from {day_words(leaf.low)} {end}"


def gap_words(leaf: Step) -> str:
    """Say what no report tells of an undecided leaf of a criterion; empty if it is decided."""
    words = _GAPS.get(type(leaf.criterion))
    return "" if leaf.shown or leaf.refuted or words is None else words(leaf)


def _event_gap(leaf: Step) -> str:
    return _uncovered_words(leaf, [(one.first, one.last) for one in leaf.exhibits if one.denies])


def _throughout_gap(leaf: Step) -> str:
    agrees = (Side.FOR, Side.NOT_ALL_ALONG)
    covering = [(one.first, one.last) for one in leaf.exhibits if one.side in agrees]
    return _uncovered_words(leaf, covering)


def _figure_gap(leaf: Step) -> str:
    assert isinstance(leaf.criterion, Figure)  # noqa: S101 - as `_GAPS` has it
    is_unclear = any(one.side is Side.UNCLEAR_VALUE for one in leaf.exhibits)
    what = "settles the value" if is_unclear else "gives a value"
    return f"no report {what} for {span_words(leaf.criterion.at)}"


def _reaches_gap(leaf: Step) -> str:
    return f"no report says whether it was reached {asked_words(leaf)}"


_GAPS: Final[Mapping[type, Callable[[Step], str]]] = {
    Event: _event_gap,
    Throughout: _throughout_gap,
    Figure: _figure_gap,
    Reaches: _reaches_gap,
    Judged: lambda _: "no judgement takes a side",
}
"""The words for what is missing, by the kind of leaf."""


def _uncovered_words(leaf: Step, covering: Iterable[tuple[Day, Day]]) -> str:
    """Name the days that a leaf asks about and none of the spans *covering* holds."""
    days = [*_uncovered(leaf.low, leaf.high, sorted(covering))]
    if not days:
        return f"no report alone covers all the days {asked_words(leaf)}"
    named = [_range_words(*pair) for pair in days[:_MOST_GAPS]]
    more = [f"{len(days) - _MOST_GAPS} more"] * (len(days) > _MOST_GAPS)
    return f"no report covers {', '.join([*named, *more])}"


def _uncovered(
    low: Day, high: Day, covering: Iterable[tuple[Day, Day]]
) -> Iterator[tuple[Day, Day]]:
    """Iterate over the spans within *low* to *high* that no span in *covering*, sorted, holds."""
    start = low
    for first, last in covering:
        if start < first <= high:
            yield start, first - 1
        start = max(start, last + 1)
    if start <= high and start != OPEN_END:
        yield start, high


def _range_words(first: Day, last: Day) -> str:
    if first == last:
        return day_words(first)
    if first == OPEN_START:
        return "any day" if last == OPEN_END else f"the days up to {day_words(last)}"
    return f"{day_words(first)} {'on' if last == OPEN_END else f'to {day_words(last)}'}"
