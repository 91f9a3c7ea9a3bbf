"""
Which evidence decided a claim.

From the top of a criterion down, a bit that is set was set by the members that have it, and at
the leaves by the items on that side: one for each independent witness, the oldest.
"""

from collections.abc import Iterable, Iterator

import attrs

from claimtrack.engine.known import Item
from claimtrack.engine.leaves import Case, weigh
from claimtrack.engine.resolve import Outcome, evaluate
from claimtrack.model.claim import Claim
from claimtrack.model.criterion import COMPOSITES, Criterion, Not, Parts
from claimtrack.model.span import Day
from claimtrack.model.verdict import DECIDED, Status


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
        found += _on_bits(claim.criterion, attrs.evolve(case, shift=outcome.late_days))
    return _ordered(found)


def _voiding(claim: Claim, case: Case) -> Iterable[Item]:
    by_decree = claim.annulled is not None and claim.annulled.first <= case.scene.day
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
