"""
From the bits of a criterion to the status of a claim.

The order of the rules is that of the reference page: annulled, not checkable, then what the
record shows, and only where it shows nothing, whether the claim is due.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, TypeAlias

import attrs

from claimtrack.engine.evidence import EvidenceIndex, Item, UsableEvidence, days_in
from claimtrack.engine.weigh import (
    Case,
    TruthByExtension,
    extensions,
    items_for,
    truth_by_extension,
    truth_of_leaf,
    votes,
    weigh,
)
from claimtrack.model.claim import Claim, Reading
from claimtrack.model.criterion import (
    COMPOSITES,
    LEAVES,
    Assessed,
    Criterion,
    Event,
    Figure,
    Judged,
    Leaf,
    Not,
    Parts,
    Reaches,
    facts_of,
    leaves_of,
    scales_of,
)
from claimtrack.model.fields import zone_named
from claimtrack.model.registry import OnConflict
from claimtrack.model.span import OPEN_END, Day
from claimtrack.model.truth import CONFLICTING, FALSE, TRUE, UNKNOWN, WORDS, Truth
from claimtrack.model.verdict import DECIDED, Status

__all__ = [
    "CONFLICTING",
    "FALSE",
    "TRUE",
    "UNKNOWN",
    "WORDS",
    "Truth",
    "at_least",
    "negated",
]

_PAIRS: Final = ((UNKNOWN, FALSE), (TRUE, CONFLICTING))
"""By their two bits, since to look one up takes less time than to make it."""


def negated(truth: Truth) -> Truth:
    """Return the truth of "not" a criterion: the bits swap."""
    return _PAIRS[truth.refuted][truth.shown]


def at_least(needed: int, truths: Iterable[Truth]) -> Truth:
    """
    Return the truth of "at least *needed* of these".

    It is shown if so many members are shown, and refuted if so many are refuted that the rest
    cannot suffice. *needed* is from 1 to the number of *truths*, both inclusive.

    Example:
        >>> at_least(2, [TRUE, FALSE, UNKNOWN]).word
        'unknown'
    """
    shown = refuted = members = 0
    for truth in truths:
        shown += truth.shown
        refuted += truth.refuted
        members += 1
    return _PAIRS[shown >= needed][refuted > members - needed]


@attrs.frozen
class Outcome:
    """
    A status with what belongs to it.

    Args:
        late_days: How late it came, 1 or more; None unless *status* is late.
    """

    status: Status
    late_days: int | None = None


Timeline: TypeAlias = list[tuple[Day, Outcome]]
"""What a claim is from each day on which that changes; the first is that on which it was said."""

STATUS_OF: Final[Mapping[Truth, Status | None]] = {
    TRUE: Status.HELD,
    CONFLICTING: Status.CONFLICTING,
    FALSE: Status.FAILED,  # or late, if a later deadline makes it true
    UNKNOWN: None,  # whether it is due decides
}
"""What the two bits make of a claim; total, and the reference page's table is printed from it."""


def case_of(claim: Claim, index: EvidenceIndex, usable: UsableEvidence) -> Case:
    """Return *claim* as its leaves see it in *usable*."""
    zone = index.zone_of(claim)
    records = index.records
    return Case(
        usable=usable,
        claim=claim.id,
        zone=None if zone is None else zone_named(zone),
        policy=records.settings.policy,
        facts=records.facts.by_id,
    )


def fold(node: Criterion, truth_of: Callable[[Leaf], Truth]) -> Truth:
    """Return the two bits of *node* from those of its leaves; a list of parts has none."""
    if isinstance(node, LEAVES):
        return truth_of(node)
    if isinstance(node, Not):
        return negated(fold(node.member, truth_of))
    assert isinstance(node, COMPOSITES)  # noqa: S101 - parts stand only at the top
    return at_least(node.needed, [fold(member, truth_of) for member in node.members])


def evaluate(node: Criterion, case: Case) -> Truth:
    """Return the two bits of *node*; a list of parts has none."""
    return fold(node, lambda leaf: truth_of_leaf(leaf, case))


def said_day(claim: Claim, index: EvidenceIndex) -> Day:
    """Return the earliest day on which *claim* can have been said."""
    zone = index.zone_of(claim)
    return days_in(claim.said, None if zone is None else zone_named(zone))[0]


def is_void(claim: Claim, case: Case) -> bool:
    """Say whether *claim* is annulled, by decree or because its condition is false."""
    if claim.annulled is not None and claim.annulled.first <= case.usable.day:
        return True
    return claim.condition is not None and evaluate(claim.condition, case) == FALSE


def outcome_of_claim(claim: Claim, case: Case) -> Outcome:
    """Decide *claim* under its main criterion; it has been said by then."""
    return _outcome(claim, claim.criterion, case, is_void=is_void(claim, case))


def outcome_of_reading(claim: Claim, reading: Reading, case: Case) -> Outcome:
    """Decide *claim* under one of its further readings."""
    return _outcome(claim, reading.criterion, case, is_void=is_void(claim, case))


def _outcome(claim: Claim, criterion: Criterion | None, case: Case, *, is_void: bool) -> Outcome:
    if is_void:
        return Outcome(Status.ANNULLED)
    if criterion is None:
        return Outcome(Status.NOT_CHECKABLE)
    status = shown_status(criterion, lambda leaf: truth_of_leaf(leaf, case))
    if status is None:
        return Outcome(undecided(claim, criterion, case))
    if status is Status.FAILED:
        return failed_or_late(late_days(criterion, case))
    return Outcome(status)


def failed_or_late(late_days: int | None) -> Outcome:
    """Return what a false claim is that would hold with a deadline so many days later."""
    return Outcome(Status.FAILED if late_days is None else Status.LATE, late_days)


def shown_status(criterion: Criterion, truth_of: Callable[[Leaf], Truth]) -> Status | None:
    """
    Return what the record makes of *criterion*, None if it is unknown.

    It is failed also where it may have come late.
    """
    if not isinstance(criterion, Parts):
        return STATUS_OF[fold(criterion, truth_of)]
    truths = {fold(part, truth_of) for part in criterion.parts}
    if CONFLICTING in truths:
        return Status.CONFLICTING
    if UNKNOWN in truths:
        return None
    return Status.PARTLY if len(truths) > 1 else STATUS_OF[truths.pop()]


def undecided(claim: Claim, criterion: Criterion, case: Case) -> Status:
    """Return what *claim* is while the record does not decide it: that depends on its due day."""
    due = due_day(claim, criterion, case)
    if due is None or case.usable.day <= due + grace_of(claim, case):
        return Status.PENDING
    spoken = any(case.usable.on_fact(fact) for fact in facts_of(criterion))
    rated = any(case.usable.on_scale(claim.id, scale) for scale in scales_of(criterion))
    if spoken or rated or case.usable.on_claim(claim.id):
        return Status.NOT_ENOUGH_EVIDENCE
    return Status.OVERDUE


def grace_of(claim: Claim, case: Case) -> int:
    """Return the days of grace of *claim*: its own, else the policy's."""
    return case.policy.grace if claim.grace is None else claim.grace


def overdue_from(claim: Claim, leaves: Iterable[Leaf], case: Case) -> Day:
    """Return the first day on which *claim*, with these *leaves*, is overdue while undecided."""
    due = _due_day(claim, leaves, case)
    return OPEN_END if due is None else due + grace_of(claim, case) + 1


def due_day(claim: Claim, criterion: Criterion | None, case: Case) -> Day | None:
    """Return the day on which *claim* is due under *criterion*; None if it never is."""
    if criterion is None and claim.due is None:
        return None
    return _due_day(claim, () if criterion is None else leaves_of(criterion), case)


def _due_day(claim: Claim, leaves: Iterable[Leaf], case: Case) -> Day | None:
    if claim.due is not None:
        return days_in(claim.due, case.zone)[1]
    ends = [end for leaf in leaves if (end := _end_of(leaf, case)) is not None]
    if not ends:
        return days_in(claim.said, case.zone)[1]
    latest = max(ends)
    return None if latest == OPEN_END else latest


def _end_of(leaf: Leaf, case: Case) -> Day | None:
    """Return the last day that *leaf* asks about; None if it asks about no days."""
    if isinstance(leaf, Event | Reaches | Judged):
        return None if leaf.window is None else leaf.window.days(case.zone)[1]
    if isinstance(leaf, Assessed):
        return None
    return days_in(leaf.at if isinstance(leaf, Figure) else leaf.over, case.zone)[1]


def late_days(criterion: Criterion, case: Case) -> int | None:
    """
    Return the least number of days by which to put off every deadline to make it exactly true.

    None if there is no such number.
    """
    return least_extension(
        criterion, {id(leaf): course(leaf, case) for leaf in leaves_of(criterion)}
    )


def course(leaf: Leaf, case: Case) -> TruthByExtension:
    """Return how the bits of *leaf* go as its deadline is put off, on what was usable."""
    return truth_by_extension(
        votes(leaf, items_for(leaf, case), case),
        leaf.min_sources or case.policy.min_sources,
        by_tier=case.policy.on_conflict is OnConflict.HIGHER_TIER,
    )


def least_extension(criterion: Criterion, by_leaf: Mapping[int, TruthByExtension]) -> int | None:
    """
    Return the least extension, 1 or more, that makes a criterion true; None if none does.

    Between two of the extensions that are tried no bit of any leaf turns.

    Args:
        criterion: A criterion or a list of parts, each of which then has to be true.
        by_leaf: The course of each of its leaves, by the leaf's identity.
    """
    tried = extensions(by_leaf.values())
    return next((extension for extension in tried if _is_true(criterion, by_leaf, extension)), None)


def _is_true(criterion: Criterion, by_leaf: Mapping[int, TruthByExtension], extension: int) -> bool:
    wanted = criterion.parts if isinstance(criterion, Parts) else (criterion,)
    return all(
        fold(node, lambda leaf: by_leaf[id(leaf)].truth(extension)) == TRUE for node in wanted
    )


def deciding_items(claim: Claim, outcome: Outcome, case: Case) -> tuple[Item, ...]:
    """
    Return the items that decided *claim*, oldest publication first.

    For a late claim these are also the items that make it true with the later deadline; for one
    that is annulled by its condition, those that refute the condition.
    """
    if outcome.status is Status.ANNULLED:
        return _ordered(_voiding(claim, case))
    if outcome.status not in DECIDED or claim.criterion is None:
        return ()
    found = [*_on_bits(claim.criterion, case)]
    if outcome.late_days is not None:
        found += _on_bits(claim.criterion, attrs.evolve(case, extension=outcome.late_days))
    return _ordered(found)


def _voiding(claim: Claim, case: Case) -> Iterable[Item]:
    by_decree = claim.annulled is not None and claim.annulled.first <= case.usable.day
    if by_decree or claim.condition is None:
        return ()
    return _on_bits(claim.condition, case)


def _ordered(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(sorted({item.id: item for item in items}.values(), key=by_age))


def by_age(item: Item) -> tuple[Day, str]:
    """Return a key that sorts items by the day they became known, then by id."""
    return (item.known_from, item.id)


def first_of_each_witness(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return the oldest of *items* for each witness, oldest first."""
    found: dict[str, Item] = {}
    for item in sorted(items, key=by_age):
        found.setdefault(item.witness, item)
    return tuple(found.values())


def _on_bits(node: Criterion, case: Case) -> Iterator[Item]:
    if isinstance(node, Parts):
        for part in node.parts:
            yield from _on_bits(part, case)
        return
    truth = evaluate(node, case)
    if truth.shown:
        yield from _setting(node, case, shown=True)
    if truth.refuted:
        yield from _setting(node, case, shown=False)


def _setting(node: Criterion, case: Case, *, shown: bool) -> Iterator[Item]:
    """Iterate over the items that set one bit of *node*, which is set."""
    if isinstance(node, Not):
        yield from _setting(node.member, case, shown=not shown)
    elif isinstance(node, COMPOSITES):
        for member in node.members:
            truth = evaluate(member, case)
            if truth.shown if shown else truth.refuted:
                yield from _setting(member, case, shown=shown)
    else:
        weighing = weigh(node, case)  # type: ignore[arg-type]
        yield from first_of_each_witness(weighing.supporting if shown else weighing.refuting)
