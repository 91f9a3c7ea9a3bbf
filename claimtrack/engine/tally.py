"""
The bits of a leaf, kept up to date while items come and go.

What one item says to a leaf does not depend on the day, so it is worked out once; after that a
change of what is usable is a change of a few counts. Only samples of a `Throughout` have to be
looked at together.
"""

from collections.abc import Iterable

import attrs

from claimtrack.engine.evidence import Item, UsableEvidence
from claimtrack.engine.weigh import Case, TruthByExtension, Vote, truth_by_extension, votes
from claimtrack.model.criterion import Leaf, Throughout
from claimtrack.model.registry import OnConflict
from claimtrack.model.span import Day
from claimtrack.model.truth import Truth


class Tally:
    """
    One leaf, with the items that are usable at the moment.

    Args:
        leaf: The leaf.
        items: Every item that may ever come; at first none is usable.
        case: The claim; what its usable holds does not matter.
    """

    def __init__(self, leaf: Leaf, items: Iterable[Item], case: Case) -> None:
        self.leaf = leaf
        self.needed = leaf.min_sources or case.policy.min_sources
        self.by_tier = case.policy.on_conflict is OnConflict.HIGHER_TIER
        self._votes = {vote.item.id: vote for vote in votes(leaf, tuple(items), case)}
        self._usable: dict[str, Vote] = {}
        self._shown: dict[str, int] = {}
        self._refuted: dict[str, int] = {}

    def enter(self, item: Item) -> bool:
        """Let *item*, which was not usable, be so; say whether it says anything to the leaf."""
        vote = self._votes.get(item.id)
        if vote is None:
            return False
        self._usable[item.id] = vote
        self._count(vote, 1)
        return True

    def leave(self, item: Item) -> bool:
        """Let *item*, which was usable, no longer be so; say whether it said anything."""
        vote = self._usable.pop(item.id, None)
        if vote is None:
            return False
        self._count(vote, -1)
        return True

    def _count(self, vote: Vote, step: int) -> None:
        if vote.supports_from <= 0:
            _step(self._shown, vote.item.witness, step)
        if vote.refutes_to >= 0:
            _step(self._refuted, vote.item.witness, step)

    @property
    def truth(self) -> Truth:
        """The two bits now."""
        shown, refuted = len(self._shown) >= self.needed, len(self._refuted) >= self.needed
        if shown and refuted and self.by_tier:
            return self._by_course()
        return Truth(shown, refuted)

    def _by_course(self) -> Truth:
        return self.course().truth(0)

    def course(self) -> TruthByExtension:
        """Return how the bits go as the deadline is put off."""
        return truth_by_extension(self._usable.values(), self.needed, by_tier=self.by_tier)


def _step(counts: dict[str, int], witness: str, step: int) -> None:
    number = counts.get(witness, 0) + step
    if number:
        counts[witness] = number
    else:
        del counts[witness]


class SampledTally(Tally):
    """A leaf that also takes samples, which count in numbers, and only once its span is over."""

    def __init__(self, leaf: Leaf, case: Case) -> None:
        super().__init__(leaf, (), case)
        self._case = case
        self._items: dict[str, Item] = {}

    def enter(self, item: Item) -> bool:
        """Let *item*, which was not usable, be so; what it says depends on the others."""
        self._items[item.id] = item
        return True

    def leave(self, item: Item) -> bool:
        """Let *item*, which was usable, no longer be so."""
        del self._items[item.id]
        return True

    def go_to(self, day: Day) -> None:
        """Let it be *day*."""
        self._case = attrs.evolve(self._case, usable=UsableEvidence(self._case.usable.zoned, day))

    @property
    def truth(self) -> Truth:
        """The two bits now."""
        return self._by_course()

    def course(self) -> TruthByExtension:
        """Return how the bits go as the deadline is put off."""
        found = votes(self.leaf, tuple(self._items.values()), self._case)
        return truth_by_extension(found, self.needed, by_tier=self.by_tier)


def tally_of(leaf: Leaf, items: Iterable[Item], case: Case) -> Tally:
    """Return a tally for *leaf*; the arguments are those of `Tally`."""
    if isinstance(leaf, Throughout) and leaf.samples is not None:
        return SampledTally(leaf, case)
    return Tally(leaf, items, case)
