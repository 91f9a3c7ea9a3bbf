"""
Why a claim is what it is, as data.

An `Explanation` holds a tree with one `Step` for each node of each criterion, down to the items
that every leaf looked at and the side on which it put them, and beside the tree a list that names
every item on the claim's facts, and every rating that it asks for, exactly once. Nothing here is
text for people: the report room turns it into words.
"""

from collections.abc import Iterator
from enum import StrEnum

import attrs

from claimtrack.engine.audit import Audit
from claimtrack.engine.deciding import by_age, first_of_each_witness
from claimtrack.engine.history import items_on
from claimtrack.engine.known import Item, Standing
from claimtrack.engine.leaves import Case, Side, Sided, weigh, window_days
from claimtrack.engine.resolve import evaluate
from claimtrack.engine.truth import UNKNOWN, Truth
from claimtrack.model.claim import Claim
from claimtrack.model.criterion import (
    LEAVES,
    Assessed,
    Criterion,
    Figure,
    Leaf,
    Parts,
    Throughout,
    Window,
    members_of,
)
from claimtrack.model.evidence import Stance, Value
from claimtrack.model.showing import Shown
from claimtrack.model.span import OPEN_END, OPEN_START, Day
from claimtrack.model.verdict import KnownBy, Verdict


class Use(StrEnum):
    """What became of an item in an explanation."""

    FOR = "for"
    AGAINST = "against"
    IGNORED = "ignored"


WITNESS_COUNTED = "a witness already counted"
NOT_ASKED = "the criterion does not ask for judgement"


@attrs.frozen(kw_only=True)
class Exhibit:
    """
    One usable item as one leaf saw it; days are ordinals, both ends inclusive.

    Args:
        rank: The tier of its source as a number, 0 the best.
        side: On which side the leaf put it, or why on neither.
        counts: Whether it is the oldest of its witness on that side.
    """

    id: str
    witness: str
    rank: int
    known_from: Day
    first: Day
    last: Day
    denies: bool
    dated: bool
    value: Value | None
    stance: Stance | None
    side: Side
    counts: bool


@attrs.frozen(kw_only=True)
class Step:
    """
    One node of a criterion, with what the record makes of it.

    Args:
        criterion: The node.
        shown: Whether the record shows that it holds; *refuted* that it does not.
        needed: How many members, or of a leaf how many independent witnesses, set a bit.
        low: The first day in question of a leaf, *high* the last, as ordinals.
        exhibits: The usable items of a leaf, oldest first.
        members: The steps of a composite.
    """

    criterion: Criterion
    shown: bool
    refuted: bool
    needed: int
    low: Day = OPEN_START
    high: Day = OPEN_END
    exhibits: tuple[Exhibit, ...] = ()
    members: tuple["Step", ...] = ()

    @property
    def truth(self) -> Truth:
        """The two bits as a pair."""
        return Truth(self.shown, self.refuted)


@attrs.frozen(kw_only=True)
class ItemUse:
    """
    What became of one item on the claim's facts.

    Args:
        because: Why it was ignored; empty if it was used.
        decided: Whether the verdict rests on it.
        known_from: The day on which it becomes known, an ordinal; open if undated.
    """

    id: str
    use: Use
    because: str
    decided: bool
    known_from: Day


@attrs.frozen(kw_only=True)
class Explanation(Shown):
    """
    Everything that went into one verdict.

    Args:
        steps: The tree of the main criterion; None if the claim cannot be checked.
        condition: That of the condition, if there is one.
        readings: Those of the further readings, with their names.
        items: Every item on the claim's facts, or about the claim itself, and every rating of it
            on a scale that a criterion asks about, each exactly once.
    """

    claim: Claim
    as_of: Day
    known_by: KnownBy
    verdict: Verdict
    steps: Step | None
    condition: Step | None
    readings: tuple[tuple[str, Step], ...]
    items: tuple[ItemUse, ...]


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
    trees = [step for step in (main, condition, *(step for _, step in readings)) if step]
    return Explanation(
        claim=claim,
        as_of=audit.day,
        known_by=audit.known_by,
        verdict=verdict,
        steps=main,
        condition=condition,
        readings=readings,
        items=tuple(_uses(claim, case, verdict, trees)),
    )


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
    low, high = _days_in_question(leaf, case)
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


def _days_in_question(leaf: Leaf, case: Case) -> tuple[Day, Day]:
    if isinstance(leaf, Figure):
        return leaf.at.days_in(case.zone)
    if isinstance(leaf, Throughout):
        return leaf.over.days_in(case.zone)
    window: Window | None = None if isinstance(leaf, Assessed) else leaf.window
    return (OPEN_START, OPEN_END) if window is None else window_days(window, case)


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


def exhibits_of(step: Step) -> Iterator[Exhibit]:
    """Iterate over the exhibits of all leaves under *step*."""
    yield from step.exhibits
    for member in step.members:
        yield from exhibits_of(member)


def _uses(claim: Claim, case: Case, verdict: Verdict, trees: list[Step]) -> Iterator[ItemUse]:
    seen: dict[str, list[Exhibit]] = {}
    for tree in trees:
        for exhibit in exhibits_of(tree):
            seen.setdefault(exhibit.id, []).append(exhibit)
    for item in sorted(items_on(claim, case.scene.view), key=by_age):
        use, because = _use_of(item, case.scene.day, seen.get(item.id, []))
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
