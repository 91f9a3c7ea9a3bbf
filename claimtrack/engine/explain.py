"""Make the explanation of a verdict, a value of `claimtrack.model.explanation`."""

from collections.abc import Iterator, Mapping, Sequence

import attrs

from claimtrack.engine.audit import Audit
from claimtrack.engine.decide import Weighings, by_age, combined, first_of_each_witness
from claimtrack.engine.evidence import EvidenceIndex, Item, items_on
from claimtrack.engine.weigh import Case, Sided, Weighing, asked_days
from claimtrack.model.claim import Claim
from claimtrack.model.criterion import LEAVES, Criterion, Leaf, members_of
from claimtrack.model.explanation import (
    MAX_EXHIBITS,
    NOT_ASKED,
    WITNESS_COUNTED,
    Exhibit,
    Explanation,
    ItemUse,
    Proof,
    Side,
    Standing,
    Step,
    Use,
)
from claimtrack.model.scales import in_parts
from claimtrack.model.span import OPEN_END, Day
from claimtrack.model.verdict import KnownBy, Verdict


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
    steps = _Steps(case)
    criterion = None if claim.criterion is None else in_parts(claim.criterion, case.scales)
    main = None if criterion is None else steps.of(criterion)
    condition = None if claim.condition is None else steps.of(claim.condition)
    readings = tuple((r.name, steps.of(in_parts(r.criterion, case.scales))) for r in claim.readings)
    later = None
    if criterion is not None and verdict.late_days is not None:
        # The main criterion of a late claim, with its deadlines extended until it is true.
        steps.weighings = Weighings(attrs.evolve(case, extension=verdict.late_days))
        later = steps.of(criterion)
    return Explanation(
        claim=claim,
        as_of=audit.day,
        known_by=audit.known_by,
        verdict=verdict,
        steps=main,
        condition=condition,
        readings=readings,
        later=later,
        items=tuple(_uses(claim, case, verdict, steps.uses, audit.index)),
        by_function=id in audit.answers,
        audit=audit,
    )


class _Steps:
    """
    Makes the steps of an explanation, and records how each item was used.

    Args:
        case: The claim on the day.

    Attributes:
        weighings: The weighings of the leaves.
        uses: The use of each item at the first leaf where it counts; else why it did not count at
            the first leaf that weighed it.
    """

    def __init__(self, case: Case) -> None:
        self.weighings = Weighings(case)
        self.uses: dict[str, tuple[Use, str]] = {}
        self._left = MAX_EXHIBITS
        self._exhibits: dict[int, tuple[Weighing, list[Exhibit]]] = {}

    def of(self, node: Criterion) -> Step:
        """Return the step of *node*, with those of its members."""
        if isinstance(node, LEAVES):
            return self._of_leaf(node)
        members = tuple(map(self.of, members_of(node)))
        truth = combined(node, [member.truth for member in members])
        return Step(
            criterion=node,
            shown=truth.shown,
            refuted=truth.refuted,
            needed=getattr(node, "needed", len(members)),
            members=members,
        )

    def _of_leaf(self, leaf: Leaf) -> Step:
        weighing = self.weighings.of(leaf)
        exhibits = self._exhibits_of(weighing)
        if len(exhibits) > self._left:
            exhibits = sorted(exhibits, key=lambda one: not one.counts)[: self._left]
        self._left -= len(exhibits)
        low, high = asked_days(leaf, self.weighings.case)
        return Step(
            criterion=leaf,
            shown=weighing.truth.shown,
            refuted=weighing.truth.refuted,
            needed=weighing.needed,
            low=low,
            high=high,
            exhibits=tuple(exhibits),
            unlisted=len(weighing.sided) - len(exhibits),
        )

    def _exhibits_of(self, weighing: Weighing) -> Sequence[Exhibit]:
        """Return the items of a leaf as exhibits, oldest first; made once for equal leaves."""
        cached = self._exhibits.get(id(weighing))
        if cached is None:
            counting = {
                item.id
                for items in (weighing.supporting, weighing.refuting)
                for item in first_of_each_witness(items)
            }
            for item, side in weighing.sided:
                self._note(item, side, counts=item.id in counting)
            listed = sorted(weighing.sided, key=_by_age)
            if len(listed) > self._left:
                listed.sort(key=lambda sided: sided[0].id not in counting)
                del listed[self._left :]
            exhibits = [_exhibit(item, side, item.id in counting) for item, side in listed]
            cached = self._exhibits[id(weighing)] = weighing, exhibits
        return cached[1]

    def _note(self, item: Item, side: Side, *, counts: bool) -> None:
        """Record the use of *item* at a leaf, unless it counted at an earlier one."""
        before = self.uses.get(item.id)
        if before is not None and before[0] is not Use.IGNORED:
            return
        if counts:
            self.uses[item.id] = Use(side.value), ""
        elif side is Side.FOR or side is Side.AGAINST:
            self.uses[item.id] = Use.IGNORED, WITNESS_COUNTED
        elif before is None:
            self.uses[item.id] = Use.IGNORED, side.value


def _by_age(sided: Sided) -> tuple[Day, str]:
    return by_age(sided[0])


def _exhibit(item: Item, side: Side, counts: bool) -> Exhibit:  # noqa: FBT001 - of one item
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


def _uses(
    claim: Claim,
    case: Case,
    verdict: Verdict,
    uses: Mapping[str, tuple[Use, str]],
    index: EvidenceIndex,
) -> Iterator[ItemUse]:
    deciding = set(verdict.used)
    for item in sorted(items_on(claim, case.usable.zoned), key=by_age):
        standing = item.standing(case.usable.day)
        if standing is Standing.USABLE:
            use, because = uses.get(item.id, (Use.IGNORED, NOT_ASKED))
        else:
            use, because = Use.IGNORED, standing.value
        yield ItemUse(
            id=item.id,
            use=use,
            because=because,
            decided=item.id in deciding,
            known_from=item.known_from,
            proof=_proof(item.id, index) if index.known_by is KnownBy.CAPTURED else None,
        )


def _proof(id_: str, index: EvidenceIndex) -> Proof | None:
    """Return what the day of a report or a rating rests on; None if it has none."""
    records = index.records
    report = records.evidence.by_id.get(id_)
    record = records.assessments.by_id[id_] if report is None else report
    published = record.published
    if published is None and record.source is not None:
        published = records.sources.by_id[record.source].published
    if published is None or published.last == OPEN_END:
        return None
    if report is not None and id_ in index.captured:
        return Proof.CAPTURED
    is_recorded = report is not None and report.recorded is not None
    return Proof.RECORDED if is_recorded else Proof.DECLARED
