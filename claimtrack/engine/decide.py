"""
From the bits of leaves to the status of a claim, and to the items that decided it.

The order of the rules is that of the reference page: annulled, not checkable, then what the
evidence shows, and if it shows nothing, whether the claim is due. A bit of a criterion is set by
the members that have it, and a bit of a leaf by the items on that side: for each independent
witness the oldest.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, TypeAlias

import attrs

from claimtrack.engine.evidence import EvidenceIndex, Item, UsableEvidence, days_in
from claimtrack.engine.weigh import (
    Case,
    TruthByExtension,
    Weighing,
    truth_by_extension,
    truth_of_leaf,
    weigh,
)
from claimtrack.model.claim import Claim, Reading
from claimtrack.model.criterion import (
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
    members_of,
    scales_of,
)
from claimtrack.model.fields import zone_named
from claimtrack.model.scales import in_parts
from claimtrack.model.span import OPEN_END, Day
from claimtrack.model.verdict import CONFLICTING, DECIDED, FALSE, TRUE, UNKNOWN, Status, Truth

_PAIRS: Final = ((UNKNOWN, FALSE), (TRUE, CONFLICTING))
"""By their two bits: a look-up takes less time than making one."""


def negated(truth: Truth) -> Truth:
    """Return the two bits of "not" a criterion: they swap."""
    return _PAIRS[truth.refuted][truth.shown]


def counted(needed: int, members: int, shown: int, refuted: int) -> Truth:
    """
    Return the two bits of "at least *needed* of *members* hold".

    It is shown if at least that many are *shown*, and refuted if so many are *refuted* that the
    others are too few. *needed* is from 1 to *members*, both inclusive.
    """
    return _PAIRS[shown >= needed][refuted > members - needed]


def at_least(needed: int, truths: Iterable[Truth]) -> Truth:
    """
    Return the two bits of "at least *needed* of these hold".

    Example:
        >>> at_least(2, [TRUE, FALSE, UNKNOWN]).word
        'unknown'
    """
    shown = refuted = members = 0
    for truth in truths:
        shown += truth.shown
        refuted += truth.refuted
        members += 1
    return counted(needed, members, shown, refuted)


def combined(node: Criterion, members: Iterable[Truth]) -> Truth:
    """Return the two bits of the composite *node* from those of its members; parts have none."""
    if isinstance(node, Parts):
        return UNKNOWN
    if isinstance(node, Not):
        return negated(*members)
    return at_least(node.needed, members)  # type: ignore[attr-defined]  # the others have it


def evaluate(node: Criterion, case: Case) -> Truth:
    """Return the two bits of *node*; a list of parts has none."""
    if isinstance(node, LEAVES):
        return truth_of_leaf(node, case)
    return combined(node, [evaluate(member, case) for member in members_of(node)])


class TruthTree:
    """
    The bits of every node of a criterion, kept up to date as those of its leaves change.

    At first all are unknown. A change of a leaf takes time proportional to the depth.

    Args:
        criterion: A criterion or a list of parts.

    Attributes:
        leaves: The leaves from left to right, each with the number of its node.
    """

    def __init__(self, criterion: Criterion) -> None:
        self.leaves: list[tuple[Leaf, int]] = []
        self._parents: list[int] = []
        self._needed: list[int] = []
        self._members: list[int] = []
        self._counts: list[list[int]] = []
        self._truths: list[Truth] = []
        tops = criterion.parts if isinstance(criterion, Parts) else (criterion,)
        self._tops = Counter({UNKNOWN: len(tops)})
        for top in tops:
            self._add(top, -1)

    def _add(self, node: Criterion, parent: int) -> None:
        place, members = len(self._parents), members_of(node)
        self._parents.append(parent)
        self._needed.append(0 if isinstance(node, Not) else getattr(node, "needed", 0))
        self._members.append(len(members))
        self._counts.append([0, 0])
        self._truths.append(UNKNOWN)
        if isinstance(node, LEAVES):
            self.leaves.append((node, place))
        for member in members:
            self._add(member, place)

    def turn(self, place: int, truth: Truth) -> None:
        """Set the bits of the leaf with the number *place* to *truth*."""
        while truth != (old := self._truths[place]):
            self._truths[place] = truth
            parent = self._parents[place]
            if parent < 0:
                self._tops[old] -= 1
                self._tops[truth] += 1
                return
            counts = self._counts[parent]
            counts[0] += truth.shown - old.shown
            counts[1] += truth.refuted - old.refuted
            if self._needed[parent]:
                truth = counted(self._needed[parent], self._members[parent], *counts)
            else:
                truth = negated(truth)
            place = parent

    @property
    def truths(self) -> frozenset[Truth]:
        """The different bits of the criterion, or of its parts."""
        return frozenset([truth for truth, number in self._tops.items() if number])


STATUS_OF: Final[Mapping[Truth, Status | None]] = {
    TRUE: Status.HELD,
    CONFLICTING: Status.CONFLICTING,
    FALSE: Status.FAILED,  # or late, if a later deadline makes it true
    UNKNOWN: None,  # whether it is due decides
}
"""The status for each pair of bits; the table of the reference page is generated from it."""


def shown_status(truths: AbstractSet[Truth]) -> Status | None:
    """
    Return the status of a claim by its bits alone; None if it is unknown, failed if it is late.

    Args:
        truths: The bits of its criterion, or those of each of its parts.
    """
    if CONFLICTING in truths:
        return Status.CONFLICTING
    if UNKNOWN in truths:
        return None
    return Status.PARTLY if len(truths) > 1 else STATUS_OF[next(iter(truths))]


@attrs.frozen
class Outcome:
    """
    A status, with the days by which a late claim is late.

    Args:
        late_days: By how many days it came late at most, 1 or more; None unless *status* is late.
        late_days_min: By how many at least, 1 or more; equal where the day is known.
    """

    status: Status
    late_days: int | None = None
    late_days_min: int | None = None


Timeline: TypeAlias = list[tuple[Day, Outcome]]
"""The outcome of a claim from each day on which it changes; the first day is when it was said."""


def false_outcome(claim: Claim, tree: TruthTree, by_leaf: Sequence[TruthByExtension]) -> Outcome:
    """
    Return what *claim* is, whose criterion is false: late, if a later deadline makes it true.

    It is late by at most the least extension, 1 or more, that makes the criterion exactly true, and
    by at least the least that makes it not false. Of a list of parts each has to be true, and not
    each false. Only extensions where a bit of a leaf turns are tried.

    Args:
        claim: The claim.
        tree: The criterion; its bits are changed.
        by_leaf: The truth by extension of each of its leaves.
    """
    if not claim.can_be_late:
        return Outcome(Status.FAILED)
    turning: dict[Day, list[int]] = {1: list(range(len(by_leaf)))}
    for number, truth in enumerate(by_leaf):
        for extension in truth.turns():
            if 1 < extension < OPEN_END:
                turning.setdefault(extension, []).append(number)
    least: int | None = None
    for extension in sorted(turning):
        for number in turning[extension]:
            tree.turn(tree.leaves[number][1], by_leaf[number].truth(extension))
        if least is None and tree.truths != {FALSE}:
            least = int(extension)
        if tree.truths == {TRUE}:
            return Outcome(Status.LATE, int(extension), least)
    return Outcome(Status.FAILED)


def case_of(claim: Claim, index: EvidenceIndex, usable: UsableEvidence) -> Case:
    """Return what the leaves of *claim* are weighed by on the day of *usable*."""
    zone = index.zone_of(claim)
    records = index.records
    return Case(
        usable=usable,
        claim=claim.id,
        zone=None if zone is None else zone_named(zone),
        policy=records.settings.policy,
        facts=records.facts.by_id,
        scales=records.scales.by_id,
    )


def said_day(claim: Claim, index: EvidenceIndex) -> Day:
    """Return the earliest day on which *claim* can have been said."""
    zone = index.zone_of(claim)
    return days_in(claim.said, None if zone is None else zone_named(zone))[0]


def is_void(claim: Claim, case: Case) -> bool:
    """Say whether *claim* is annulled, by its keeper or because its condition is false."""
    if is_called_off(claim, case.usable.day):
        return True
    return claim.condition is not None and evaluate(claim.condition, case) == FALSE


def is_called_off(claim: Claim, day: Day) -> bool:
    """Say whether *claim* is annulled by its keeper on *day*."""
    return claim.annulled is not None and claim.annulled.first <= day


def outcome_of_claim(claim: Claim, case: Case) -> Outcome:
    """Decide *claim* under its main criterion; it has been said by then."""
    return _outcome(claim, claim.criterion, case)


def outcome_of_reading(claim: Claim, reading: Reading, case: Case) -> Outcome:
    """Decide *claim* under one of its further readings."""
    return _outcome(claim, reading.criterion, case)


def _outcome(claim: Claim, criterion: Criterion | None, case: Case) -> Outcome:
    if is_void(claim, case):
        return Outcome(Status.ANNULLED)
    if criterion is None:
        return Outcome(Status.NOT_CHECKABLE)
    tree = TruthTree(in_parts(criterion, case.scales))
    by_leaf = [truth_by_extension(leaf, case) for leaf, _ in tree.leaves]
    for (_, place), truth in zip(tree.leaves, by_leaf, strict=True):
        tree.turn(place, truth.truth(0))
    status = shown_status(tree.truths)
    if status is None:
        return Outcome(undecided(claim, criterion, case))
    if status is Status.FAILED:
        return false_outcome(claim, tree, by_leaf)
    return Outcome(status)


def undecided(claim: Claim, criterion: Criterion, case: Case) -> Status:
    """Return the status of *claim* while the evidence does not decide it, by its due day."""
    if case.usable.day < overdue_from(claim, criterion, case):
        return Status.PENDING
    return overdue_status(has_evidence=has_evidence(claim, criterion, case.usable))


def overdue_status(*, has_evidence: bool) -> Status:
    """Return the status of a claim that is due and that the evidence does not decide."""
    return Status.NOT_ENOUGH_EVIDENCE if has_evidence else Status.OVERDUE


def has_evidence(claim: Claim, criterion: Criterion, usable: UsableEvidence) -> bool:
    """Say whether any *usable* item is about what *criterion* asks, or about *claim* itself."""
    return (
        any(usable.on_fact(fact) for fact in facts_of(criterion))
        or any(usable.on_scale(claim.id, scale) for scale in scales_of(criterion))
        or bool(usable.on_claim(claim.id))
    )


def overdue_from(claim: Claim, criterion: Criterion | None, case: Case) -> Day:
    """Return the first day on which an undecided *claim* is overdue."""
    due = due_day(claim, criterion, case)
    return OPEN_END if due is None else due + grace_of(claim, case) + 1


def grace_of(claim: Claim, case: Case) -> int:
    """Return the days of grace of *claim*: its own, else the policy's."""
    return case.policy.grace if claim.grace is None else claim.grace


def due_day(claim: Claim, criterion: Criterion | None, case: Case) -> Day | None:
    """Return the day on which *claim* is due under *criterion*; None if it never is."""
    if claim.due is not None:
        return days_in(claim.due, case.zone)[1]
    if criterion is None:
        return None
    ends = [end for leaf in leaves_of(criterion) if (end := _end_of(leaf, case)) is not None]
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


class Weighings:
    """
    The weighings of the leaves of a claim on a day; equal leaves are weighed once.

    Args:
        case: The claim on the day.
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        self._of_leaf: dict[Leaf, Weighing] = {}
        self._of_node: dict[int, tuple[Criterion, Truth]] = {}

    def of(self, leaf: Leaf) -> Weighing:
        """Return the weighing of *leaf*."""
        weighing = self._of_leaf.get(leaf)
        if weighing is None:
            weighing = self._of_leaf[leaf] = weigh(leaf, self.case)
        return weighing

    def truth(self, node: Criterion) -> Truth:
        """Return the two bits of *node*; a list of parts has none."""
        if isinstance(node, LEAVES):
            return self.of(node).truth
        cached = self._of_node.get(id(node))
        if cached is None:
            truth = combined(node, map(self.truth, members_of(node)))
            # With the node, so that no other object gets its id.
            cached = self._of_node[id(node)] = node, truth
        return cached[1]


def deciding_items(claim: Claim, outcome: Outcome, case: Case) -> tuple[Item, ...]:
    """
    Return the items that decided *claim*, oldest publication first.

    For a late claim these include the items that make it true with the later deadline; for a claim
    annulled by its condition, they are those that refute the condition.
    """
    if outcome.status is Status.ANNULLED:
        if claim.condition is None or is_called_off(claim, case.usable.day):
            return ()
        return _ordered(_setting_bits(claim.condition, Weighings(case)))
    if outcome.status not in DECIDED or claim.criterion is None:
        return ()
    criterion = in_parts(claim.criterion, case.scales)
    items = [*_setting_bits(criterion, Weighings(case))]
    if outcome.late_days is not None:
        extended = attrs.evolve(case, extension=outcome.late_days)
        items += _setting_bits(criterion, Weighings(extended))
    return _ordered(items)


def _ordered(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(sorted({item.id: item for item in items}.values(), key=by_age))


def by_age(item: Item) -> tuple[Day, str]:
    """Return a key that sorts items by the day they became known, then by id."""
    return (item.known_from, item.id)


def first_of_each_witness(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return the oldest of *items* for each witness, oldest first."""
    oldest: dict[str, Item] = {}
    for item in sorted(items, key=by_age):
        oldest.setdefault(item.witness, item)
    return tuple(oldest.values())


def _setting_bits(node: Criterion, weighings: Weighings) -> Iterator[Item]:
    """Iterate over the items that set the bits of *node*, or of each of its parts."""
    if isinstance(node, Parts):
        for part in node.parts:
            yield from _setting_bits(part, weighings)
        return
    truth = weighings.truth(node)
    for shown in (True, False):
        if truth.shown if shown else truth.refuted:
            yield from _setting(node, weighings, shown=shown)


def _setting(node: Criterion, weighings: Weighings, *, shown: bool) -> Iterator[Item]:
    """Iterate over the items that set one bit of *node*, which is set."""
    if isinstance(node, LEAVES):
        weighing = weighings.of(node)
        yield from first_of_each_witness(weighing.supporting if shown else weighing.refuting)
    elif isinstance(node, Not):
        yield from _setting(node.member, weighings, shown=not shown)
    else:
        for member in members_of(node):
            truth = weighings.truth(member)
            if truth.shown if shown else truth.refuted:
                yield from _setting(member, weighings, shown=shown)
