"""
What each usable item says to each leaf.

A leaf puts every item on one *side*: for, against, or neither with the reason. Sides are decided
item by item, except that samples of a `Throughout` count only in numbers. From the sides follow
the two bits: enough independent witnesses for, enough against, and the policy on conflicts.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

import attrs

from claimtrack.engine.evidence import Item, Items, UsableEvidence, ZonedEvidence, days_in
from claimtrack.model.criterion import (
    Assessed,
    Event,
    Figure,
    Judged,
    Leaf,
    Reaches,
    Throughout,
    Window,
)
from claimtrack.model.evidence import Stance, Value
from claimtrack.model.explanation import Side
from claimtrack.model.fact import Fact
from claimtrack.model.quantity import Quantity, Test
from claimtrack.model.registry import OnConflict, Policy
from claimtrack.model.source import TIER_RANKS
from claimtrack.model.span import OPEN_END, OPEN_START, Answer, Day, within
from claimtrack.model.truth import Truth


@attrs.frozen
class Case:
    """
    One claim on one day, as a leaf sees it.

    Args:
        usable: What was usable on the day.
        claim: The id of the claim.
        zone: The zone in which the date-times of its own windows are read.
        policy: The registry's.
        facts: All facts by id.
        extension: Days by which every deadline is put off.
    """

    usable: UsableEvidence
    claim: str
    zone: ZoneInfo | None
    policy: Policy
    facts: Mapping[str, Fact]
    extension: int = 0


Sided: TypeAlias = tuple[Item, Side]


def window_days(window: Window, case: Case) -> tuple[Day, Day]:
    """Return the first and last day of *window*, its deadline put off by the case's extension."""
    first, last = window.days(case.zone)
    return first, last + case.extension


def items_for(leaf: Leaf, case: Case) -> Items:
    """Return the usable items that speak of what *leaf* asks."""
    return items_in(case.usable, leaf, case.claim)


def items_in(where: UsableEvidence | ZonedEvidence, leaf: Leaf, claim: str) -> Items:
    """Return the items in *where* that speak of what *leaf* of *claim* asks."""
    if isinstance(leaf, Judged):
        return where.on_claim(claim)
    if isinstance(leaf, Assessed):
        return where.on_scale(claim, leaf.scale)
    return where.on_fact(leaf.fact)


def sides(leaf: Leaf, items: Items, case: Case) -> list[Sided]:
    """Put each of the usable *items* on a side of *leaf*."""
    if not items:
        return []
    return _SIDES[type(leaf)](leaf, items, case)


def _tiered(leaf: Leaf, case: Case) -> int:
    """Return the worst rank that still counts."""
    tier = leaf.min_tier or case.policy.min_tier
    return TIER_RANKS[tier]  # that of "no tier" is the last, so None lets everything through


def is_within_tier(item: Item, leaf: Leaf, case: Case) -> bool:
    """Say whether the source of *item* is good enough for *leaf*."""
    return item.rank <= _tiered(leaf, case)


def wants_growth(leaf: Reaches, case: Case) -> bool:
    """Say whether a value that does not pass yet tells that it had not passed before."""
    return case.facts[leaf.fact].cumulative and leaf.test.asks_for_growth


def _event_sides(leaf: Event, items: Items, case: Case) -> list[Sided]:
    low, high = window_days(leaf.window, case)
    worst = _tiered(leaf, case)
    outside = Side.AGAINST if case.facts[leaf.fact].once else Side.OUTSIDE
    found: list[Sided] = []
    for item in items:
        first, last = item.first, item.last
        if item.rank > worst:
            side = Side.BELOW_TIER
        elif item.denies:
            side = Side.AGAINST if first <= low and high <= last else Side.NOT_COVERING
        elif low <= first and last <= high:
            side = Side.FOR
        elif last < low or first > high:
            side = outside
        else:
            side = Side.TOO_COARSE
        found.append((item, side))
    return found


_BY_TEST: Final = {
    Answer.YES: Side.FOR,
    Answer.NO: Side.AGAINST,
    Answer.MAYBE: Side.UNCLEAR_VALUE,
}
_BY_PLACE: Final = {Answer.NO: Side.OUTSIDE, Answer.MAYBE: Side.TOO_COARSE}


def answer(test: Test | str | bool, value: Value | None) -> Answer:  # noqa: FBT001 - a state
    """Put *value* to *test*; the value of a state has to match in type too."""
    if isinstance(test, Test):
        return test.passes(value)  # type: ignore[arg-type]
    return Answer.YES if type(value) is type(test) and value == test else Answer.NO


def _figure_sides(leaf: Figure, items: Items, case: Case) -> list[Sided]:
    low, high = days_in(leaf.at, case.zone)
    worst = _tiered(leaf, case)

    def side(item: Item) -> Side:
        if item.rank > worst:
            return Side.BELOW_TIER
        if (item.first, item.last) != (low, high):
            return Side.OTHER_PERIOD
        return _BY_TEST[answer(leaf.test, item.value)]

    return [(item, side(item)) for item in items]


def _reaches_sides(leaf: Reaches, items: Items, case: Case) -> list[Sided]:
    low, high = window_days(leaf.window, case)
    worst = _tiered(leaf, case)
    only_grows = wants_growth(leaf, case)

    def side(item: Item) -> Side:
        if item.rank > worst:
            return Side.BELOW_TIER
        place = within(item.first, item.last, low, high)
        passes = answer(leaf.test, item.value)
        if passes is Answer.YES:
            return _BY_PLACE.get(place, Side.FOR)
        if passes is Answer.NO:
            return Side.AGAINST if only_grows and item.first >= high else Side.NOT_TELLING
        return Side.UNCLEAR_VALUE

    return [(item, side(item)) for item in items]


def _throughout_sides(leaf: Throughout, items: Items, case: Case) -> list[Sided]:
    low, high = days_in(leaf.over, case.zone)
    worst = _tiered(leaf, case)

    def side(item: Item) -> Side:
        if item.rank > worst:
            return Side.BELOW_TIER
        passes = answer(leaf.test, item.value)
        place = within(item.first, item.last, low, high)
        if passes is Answer.NO:
            return _BY_PLACE.get(place, Side.AGAINST)
        if passes is Answer.MAYBE:
            return Side.UNCLEAR_VALUE
        if item.first <= low and high <= item.last:
            return Side.FOR
        return _BY_PLACE.get(place, Side.NOT_ALL_ALONG)

    found = [(item, side(item)) for item in items]
    if leaf.samples is None or case.usable.day <= high:
        return found
    samples = {
        (item.first, item.last)
        for item, placed in found
        if placed is Side.NOT_ALL_ALONG
        or (placed is Side.FOR and (item.first, item.last) == (low, high))
    }
    if len(samples) < leaf.samples:
        return found
    return [(item, Side.FOR if placed is Side.NOT_ALL_ALONG else placed) for item, placed in found]


def _judged_sides(leaf: Judged, items: Items, case: Case) -> list[Sided]:
    worst = _tiered(leaf, case)
    days = None if leaf.window is None else leaf.window.days(case.zone)

    def side(item: Item) -> Side:
        if item.rank > worst:
            return Side.BELOW_TIER
        if item.stance is Stance.CONTEXT:
            return Side.CONTEXT
        if days is not None:
            if not item.dated:
                return Side.NO_DAY
            place = within(item.first, item.last, *days)
            if place is not Answer.YES:
                return _BY_PLACE[place]
        return Side.FOR if item.stance is Stance.SUPPORTS else Side.AGAINST

    return [(item, side(item)) for item in items]


def _assessed_sides(leaf: Assessed, items: Items, case: Case) -> list[Sided]:
    from claimtrack.model.scale import label_key  # noqa: PLC0415 - few registries rest on ratings

    worst = _tiered(leaf, case)
    by_label = {
        **{label_key(leaf.scale, label): Side.FOR for label in leaf.supports},
        **{label_key(leaf.scale, label): Side.AGAINST for label in leaf.refutes},
    }

    def side(item: Item) -> Side:
        if item.rank > worst:
            return Side.BELOW_TIER
        return by_label.get(label_key(leaf.scale, str(item.value)), Side.NEITHER_LABEL)

    return [(item, side(item)) for item in items]


_SIDES: Final[Mapping[type, Callable[[Any, Items, Case], list[Sided]]]] = {
    Event: _event_sides,
    Figure: _figure_sides,
    Reaches: _reaches_sides,
    Throughout: _throughout_sides,
    Judged: _judged_sides,
    Assessed: _assessed_sides,
}
"""How each kind of leaf puts items on sides; a new leaf is a new row."""


@attrs.frozen
class Weighing:
    """
    What a leaf made of its items.

    Args:
        sided: Every usable item with its side.
        supporting: The items for, *refuting* those against.
        truth: The two bits, after the policy on conflicts.
        needed: How many independent witnesses set a bit.
    """

    sided: tuple[Sided, ...]
    supporting: Items
    refuting: Items
    truth: Truth
    needed: int


def weigh(leaf: Leaf, case: Case) -> Weighing:
    """Weigh what was usable for *leaf*."""
    sided = sides(leaf, items_for(leaf, case), case)
    supporting = tuple([item for item, side in sided if side is Side.FOR])
    refuting = tuple([item for item, side in sided if side is Side.AGAINST])
    needed = leaf.min_sources or case.policy.min_sources
    truth = Truth(is_enough(supporting, needed), is_enough(refuting, needed))
    if truth.shown and truth.refuted and case.policy.on_conflict is OnConflict.HIGHER_TIER:
        truth = _by_tier(supporting, refuting)
    return Weighing(tuple(sided), supporting, refuting, truth, needed)


def is_enough(items: Items, needed: int) -> bool:
    """Say whether *items* have at least *needed* independent witnesses."""
    if needed == 1 or len(items) < needed:
        return len(items) >= needed
    return len({item.witness for item in items}) >= needed


def best_rank(items: Iterable[Item]) -> int:
    """Return the rank of the best source among *items*, of which there is at least one."""
    return min(item.rank for item in items)


def _by_tier(supporting: Items, refuting: Items) -> Truth:
    ours, theirs = best_rank(supporting), best_rank(refuting)
    return Truth(shown=ours <= theirs, refuted=theirs <= ours)


def truth_of_leaf(leaf: Leaf, case: Case) -> Truth:
    """Return the two bits of *leaf* alone; what `weigh` says, without keeping the items."""
    items = items_for(leaf, case)
    return weigh(leaf, case).truth if items else Truth(shown=False, refuted=False)


ALWAYS_SHOWS, NEVER_SHOWS = OPEN_START, OPEN_END
ALWAYS_REFUTES, NEVER_REFUTES = OPEN_END, OPEN_START


class Vote(NamedTuple):
    """
    What one item says to one leaf, whatever the number of days by which its deadline is put off.

    It supports from *supports_from* days on and refutes up to *refutes_to* days, both inclusive.
    """

    item: Item
    supports_from: Day
    refutes_to: Day


def votes(leaf: Leaf, items: Items, case: Case) -> list[Vote]:
    """Return the vote on *leaf* of each of the usable *items* that can have any."""
    if isinstance(leaf, Event | Reaches) and leaf.window.has_deadline:
        return [
            Vote(item, *_moving_vote(leaf, item, case))
            for item in items
            if is_within_tier(item, leaf, case)
        ]
    return [
        Vote(item, ALWAYS_SHOWS, NEVER_REFUTES)
        if side is Side.FOR
        else Vote(item, NEVER_SHOWS, ALWAYS_REFUTES)
        for item, side in sides(leaf, items, case)
        if side is Side.FOR or side is Side.AGAINST
    ]


def _moving_vote(leaf: Event | Reaches, item: Item, case: Case) -> tuple[Day, Day]:
    low, high = leaf.window.days(case.zone)
    if isinstance(leaf, Event):
        return _event_vote(leaf, item, low, high, case)
    return _reaches_vote(leaf, item, low, high, case)


def _event_vote(leaf: Event, item: Item, low: Day, high: Day, case: Case) -> tuple[Day, Day]:
    if item.denies:
        return NEVER_SHOWS, item.last - high if item.first <= low else NEVER_REFUTES
    supports_from = item.last - high if low <= item.first else NEVER_SHOWS
    if not case.facts[leaf.fact].once:
        return supports_from, NEVER_REFUTES
    if item.last < low:
        return supports_from, ALWAYS_REFUTES
    return supports_from, item.first - high - 1


def _reaches_vote(leaf: Reaches, item: Item, low: Day, high: Day, case: Case) -> tuple[Day, Day]:
    value: Quantity = item.value  # type: ignore[assignment]  # the fact is a quantity
    passes = leaf.test.passes(value)
    if passes is Answer.YES:
        return (item.last - high if low <= item.first else NEVER_SHOWS), NEVER_REFUTES
    if passes is Answer.NO and wants_growth(leaf, case):
        return NEVER_SHOWS, item.first - high
    return NEVER_SHOWS, NEVER_REFUTES


@attrs.frozen
class TruthByExtension:
    """
    The bits of one leaf for every number of days by which its deadline is put off.

    Args:
        shown_from: The least number from which enough witnesses support it.
        refuted_to: The greatest up to which enough refute it.
        ours: By rank, the least number from which an item of that rank supports it; empty where
            the better tier does not settle a conflict.
        theirs: By rank, the greatest up to which one refutes it.
    """

    shown_from: Day
    refuted_to: Day
    ours: Mapping[int, Day]
    theirs: Mapping[int, Day]

    def truth(self, extension: Day) -> Truth:
        """Return the bits when the deadline is put off by *extension* days, 0 or more."""
        shown, refuted = self.shown_from <= extension, extension <= self.refuted_to
        if not (shown and refuted and self.ours):
            return Truth(shown, refuted)
        best = min(rank for rank, start in self.ours.items() if start <= extension)
        worse = min(rank for rank, end in self.theirs.items() if extension <= end)
        return Truth(best <= worse, worse <= best)

    def turns(self) -> Iterator[Day]:
        """Iterate over the numbers of days at which the bits can turn."""
        yield self.shown_from
        yield self.refuted_to + 1
        yield from self.ours.values()
        yield from (end + 1 for end in self.theirs.values())


def truth_by_extension(found: Iterable[Vote], needed: int, *, by_tier: bool) -> TruthByExtension:
    """Return the course of a leaf from the votes of its items."""
    shows: dict[str, Day] = {}
    refutes: dict[str, Day] = {}
    ours: dict[int, Day] = {}
    theirs: dict[int, Day] = {}
    for item, supports_from, refutes_to in found:
        if supports_from < NEVER_SHOWS:
            shows[item.witness] = min(supports_from, shows.get(item.witness, NEVER_SHOWS))
            ours[item.rank] = min(supports_from, ours.get(item.rank, NEVER_SHOWS))
        if refutes_to > NEVER_REFUTES:
            refutes[item.witness] = max(refutes_to, refutes.get(item.witness, NEVER_REFUTES))
            theirs[item.rank] = max(refutes_to, theirs.get(item.rank, NEVER_REFUTES))
    return TruthByExtension(
        shown_from=_nth(sorted(shows.values()), needed, NEVER_SHOWS),
        refuted_to=_nth(sorted(refutes.values(), reverse=True), needed, NEVER_REFUTES),
        ours=ours if by_tier else {},
        theirs=theirs if by_tier else {},
    )


def _nth(values: list[Day], needed: int, otherwise: Day) -> Day:
    return values[needed - 1] if needed <= len(values) else otherwise


def extensions(by_leaf: Iterable[TruthByExtension]) -> list[int]:
    """Return the numbers of days, 1 or more, at which some bit can turn; 1 is always there."""
    found = {extension for course in by_leaf for extension in course.turns()}
    return [int(extension) for extension in sorted({1, *found}) if 1 <= extension < math.inf]
