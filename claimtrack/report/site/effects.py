"""
What each report does to a claim, for those who read of the claim and not of its facts.

A leaf takes a report for or against what the leaf itself says. Under an odd number of negations
that is turned round for the claim.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

import attrs

from claimtrack.model.criterion import Not
from claimtrack.model.explanation import Exhibit, Explanation, ItemUse, Step, Use

_TURNED: Final = {Use.FOR: Use.AGAINST, Use.AGAINST: Use.FOR}
_WORDS: Final = {Use.FOR: "for", Use.AGAINST: "against"}


class Told(NamedTuple):
    """On which side of what a report stands; of the claim itself if *reading* is None."""

    words: str
    reading: str | None = None


class Effect(NamedTuple):
    """
    One report, with its use turned to the claim, or to the first reading that counts it.

    Args:
        told: What to say of it, one thing for the claim or one for each reading and side.
        side: The name of its use; ``both`` where parts of the criterion take it both ways.
    """

    item: ItemUse
    told: tuple[Told, ...]
    side: str


def effects(explanation: Explanation) -> Iterator[Effect]:
    """Iterate over the reports of *explanation*, in its order."""
    found: dict[str, dict[tuple[Use, str | None], None]] = {}
    trees = ((None, explanation.steps), (None, explanation.condition), *explanation.readings)
    for reading, tree in trees:
        for exhibit, use in _counted(tree, is_negated=False) if tree else ():
            found.setdefault(exhibit.id, {})[use, reading] = None
    later = explanation.later
    late = {one.id: use for one, use in _counted(later, is_negated=False)} if later else {}
    for item in explanation.items:
        if item.id in late and item.id not in found:
            use = late[item.id]
            words = f"{_WORDS[use].capitalize()} it, had the deadline been later"
            yield Effect(attrs.evolve(item, use=use), (Told(words),), use.value)
        else:
            yield _effect(item, [*found.get(item.id, ())])


def _effect(item: ItemUse, sides: list[tuple[Use, str | None]]) -> Effect:
    if item.use is Use.IGNORED or not sides:
        return Effect(item, (Told("Not counted"),), Use.IGNORED.value)
    own = [use for use, reading in sides if reading is None]
    turned = attrs.evolve(item, use=own[0] if own else sides[0][0])
    uses = {use for use, reading in sides if reading is None or not own}
    side = turned.use.value if len(uses) == 1 else "both"
    if not own:
        told = tuple(Told(f"{_WORDS[use]} the reading", reading) for use, reading in sides)
        return Effect(turned, (told[0]._replace(words=told[0].words.capitalize()), *told[1:]), side)
    words = "For and against it" if side == "both" else f"{_WORDS[own[0]].capitalize()} it"
    return Effect(turned, (Told(words),), side)


def _counted(step: Step, *, is_negated: bool) -> Iterator[tuple[Exhibit, Use]]:
    for exhibit in step.exhibits:
        if exhibit.counts:
            use = Use(exhibit.side.value)
            yield exhibit, _TURNED[use] if is_negated else use
    for member in step.members:
        turns = isinstance(step.criterion, Not)
        yield from _counted(member, is_negated=is_negated is not turns)
