"""
How an explanation is made.

Its form, and what is in it, is that of `claimtrack.model.explanation`.
"""

from collections.abc import Iterator

import attrs

from claimtrack.engine.audit import Audit
from claimtrack.engine.decide import by_age, evaluate, first_of_each_witness
from claimtrack.engine.evidence import Item, items_on
from claimtrack.engine.weigh import Case, Sided, weigh
from claimtrack.model.claim import Claim
from claimtrack.model.criterion import (
    LEAVES,
    Criterion,
    Event,
    Leaf,
    Parts,
    Reaches,
    days_asked,
    members_of,
)
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
    exhibits_of,
)
from claimtrack.model.span import Day
from claimtrack.model.truth import UNKNOWN
from claimtrack.model.verdict import Verdict

__all__ = ["Exhibit", "Explanation", "ItemUse", "Step", "Use", "exhibits_of", "explain", "step_of"]


def explain(audit: Audit, id: str) -> Explanation:  # noqa: A002
    """
    Explain the verdict of *audit* on the claim *id*.

    Raises:
        UnknownRecordError: The registry has no such claim.
        NotYetSaidError: It had not been made by the day of the audit.
    """
    verdict = audit[id]
    claim = audit.records.claims[id]
    case = audit.case(claim)
    main = None if claim.criterion is None else step_of(claim.criterion, case)
    condition = None if claim.condition is None else step_of(claim.condition, case)
    readings = tuple((r.name, step_of(r.criterion, case)) for r in claim.readings)
    later = _later(claim, case, verdict)
    trees = [step for step in (main, condition, *(step for _, step in readings), later) if step]
    return Explanation(
        claim=claim,
        as_of=audit.day,
        known_by=audit.known_by,
        verdict=verdict,
        steps=main,
        condition=condition,
        readings=readings,
        later=later,
        items=tuple(_uses(claim, case, verdict, trees)),
        by_function=id in audit.answers,
    )


def _later(claim: Claim, case: Case, verdict: Verdict) -> Step | None:
    """Evaluate the main criterion of a late claim with its deadlines put off until it is true."""
    if claim.criterion is None or verdict.late_days is None:
        return None
    return step_of(claim.criterion, attrs.evolve(case, extension=verdict.late_days))


def step_of(node: Criterion, case: Case) -> Step:
    """Evaluate *node*, and keep what every part of it rested on."""
    if isinstance(node, LEAVES):
        return _leaf_step(node, case)
    members = tuple(step_of(member, case) for member in members_of(node))
    truth = UNKNOWN if isinstance(node, Parts) else evaluate(node, case)
    needed = getattr(node, "needed", len(members))
    return Step(
        criterion=node,
        shown=truth.shown,
        refuted=truth.refuted,
        needed=needed,
        members=members,
    )


def _leaf_step(leaf: Leaf, case: Case) -> Step:
    weighing = weigh(leaf, case)
    counted = {
        item.id
        for items in (weighing.supporting, weighing.refuting)
        for item in first_of_each_witness(items)
    }
    low, high = days_asked(leaf, case.zone)
    if isinstance(leaf, Event | Reaches):
        high += case.extension
    return Step(
        criterion=leaf,
        shown=weighing.truth.shown,
        refuted=weighing.truth.refuted,
        needed=weighing.needed,
        low=low,
        high=high,
        exhibits=tuple(
            _exhibit(item, side, counts=item.id in counted)
            for item, side in sorted(weighing.sided, key=_sided_by_age)
        ),
    )


def _sided_by_age(sided: Sided) -> tuple[Day, str]:
    return by_age(sided[0])


def _exhibit(item: Item, side: Side, *, counts: bool) -> Exhibit:
    return Exhibit(
        id=item.id,
        witness=item.witness,
        rank=item.rank,
        known_from=item.known_from,
        first=item.first,
        last=item.last,
        denies=item.denies,
        dated=item.dated,
        value=item.value,
        stance=item.stance,
        side=side,
        counts=counts,
    )


def _uses(claim: Claim, case: Case, verdict: Verdict, trees: list[Step]) -> Iterator[ItemUse]:
    seen: dict[str, list[Exhibit]] = {}
    for tree in trees:
        for exhibit in exhibits_of(tree):
            seen.setdefault(exhibit.id, []).append(exhibit)
    for item in sorted(items_on(claim, case.usable.zoned), key=by_age):
        use, because = _use_of(item, case.usable.day, seen.get(item.id, []))
        yield ItemUse(
            id=item.id,
            use=use,
            because=because,
            decided=item.id in verdict.used,
            known_from=item.known_from,
        )


def _use_of(item: Item, day: Day, exhibits: list[Exhibit]) -> tuple[Use, str]:
    standing = item.standing(day)
    if standing is not Standing.USABLE:
        return Use.IGNORED, standing.value
    for exhibit in exhibits:
        if exhibit.counts:
            return Use(exhibit.side.value), ""
    if any(exhibit.side in (Side.FOR, Side.AGAINST) for exhibit in exhibits):
        return Use.IGNORED, WITNESS_COUNTED
    if not exhibits:
        return Use.IGNORED, NOT_ASKED
    return Use.IGNORED, exhibits[0].side.value
