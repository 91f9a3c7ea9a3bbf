"""
The votes of items on a leaf, and the two bits that follow.

A later deadline can only bring a reported day inside the window, and make a denial cover less than
the window. So an item casts one *vote* on a leaf for all extensions of its deadline: it supports
the leaf from some extension on, and refutes it up to some extension. A `Balance` holds the votes of
the items that are usable at the moment, by witness; its *truth by extension* has the two bits of
the leaf for every extension. On one day and at one extension a vote is a `Side`, with the reason if
it is neither.
"""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
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
    days_asked,
)
from claimtrack.model.explanation import Side
from claimtrack.model.quantity import Test
from claimtrack.model.records import TIER_RANKS, Fact, Stance, Value
from claimtrack.model.registry import OnConflict, Policy
from claimtrack.model.scales import OwnScales, RatingSides, Says
from claimtrack.model.span import OPEN_END, OPEN_START, Answer, Day, within
from claimtrack.model.verdict import FALSE, UNKNOWN, Truth

ALWAYS_SUPPORTS, NEVER_SUPPORTS = OPEN_START, OPEN_END
ALWAYS_REFUTES, NEVER_REFUTES = OPEN_END, OPEN_START


@attrs.frozen
class Case:
    """
    What the leaves of one claim are weighed by on one day.

    Args:
        usable: The evidence that was usable on the day.
        claim: The id of the claim.
        zone: The zone in which the date-times of its own windows are read.
        policy: The policy of the registry.
        facts: All facts by id.
        scales: The scales that the registry declares, by id.
        extension: Days by which every deadline is extended.
    """

    usable: UsableEvidence
    claim: str
    zone: ZoneInfo | None
    policy: Policy
    facts: Mapping[str, Fact]
    scales: OwnScales = MappingProxyType({})
    extension: int = 0


def items_in(where: UsableEvidence | ZonedEvidence, leaf: Leaf, claim: str) -> Items:
    """Return the items in *where* about what *leaf* of *claim* asks."""
    if isinstance(leaf, Judged):
        return where.on_claim(claim)
    if isinstance(leaf, Assessed):
        return tuple([item for scale in leaf.scales for item in where.on_scale(claim, scale)])
    return where.on_fact(leaf.fact)


class Vote(NamedTuple):
    """
    The vote of one item on one leaf, for every extension of its deadline.

    Args:
        supports_from: The extension in days from which it supports the leaf.
        refutes_to: The extension up to which it refutes the leaf; both are inclusive.
        reason: Why it does neither; None if its days are not inside the window.
    """

    item: Item
    supports_from: Day
    refutes_to: Day
    reason: Side | None = None

    def side(self, low: Day, high: Day, extension: int) -> Side:
        """Return the side of the item at *extension*; the window, extended, is *low* to *high*."""
        if self.supports_from <= extension:
            return Side.FOR
        if self.refutes_to >= extension:
            return Side.AGAINST
        return self.reason or _PLACES[within(self.item.first, self.item.last, low, high)]


_PLACES: Final = {Answer.NO: Side.OUTSIDE, Answer.MAYBE: Side.TOO_COARSE}
"""Why an item that is not within a window is on neither side."""

_ANSWERS: Final = {
    Answer.YES: Side.FOR,
    Answer.NO: Side.AGAINST,
    Answer.MAYBE: Side.UNCLEAR_VALUE,
}


def votes(leaf: Leaf, items: Items, case: Case) -> list[Vote]:
    """Return the vote of each of *items* on *leaf*; it is the same on every day."""
    if not items:
        return []
    vote = _VOTERS[type(leaf)](leaf, case)
    worst = TIER_RANKS[leaf.min_tier or case.policy.min_tier]  # all ranks if both are None
    return [vote(item) if item.rank <= worst else _lasting(item, Side.BELOW_TIER) for item in items]


def _lasting(item: Item, side: Side) -> Vote:
    """Return the vote of an item that is on *side* at every extension."""
    if side is Side.FOR:
        return Vote(item, ALWAYS_SUPPORTS, NEVER_REFUTES)
    if side is Side.AGAINST:
        return Vote(item, NEVER_SUPPORTS, ALWAYS_REFUTES)
    return Vote(item, NEVER_SUPPORTS, NEVER_REFUTES, side)


def event_vote(  # noqa: PLR0913, PLR0917 - the fast path calls it for each report, by position
    first: Day,
    last: Day,
    denies: bool,  # noqa: FBT001
    low: Day,
    high: Day,
    once: bool,  # noqa: FBT001
) -> tuple[Day, Day]:
    """
    Return the vote of a report on *first* to *last* on an event within *low* to *high*.

    It is the extension from which the report supports, and that up to which it refutes. A report
    supports if it lies within the window. A denial refutes if it covers the window; if the event
    can happen only *once*, a report of days outside the window refutes too.
    """
    if denies:
        if first > low:
            return NEVER_SUPPORTS, NEVER_REFUTES
        return NEVER_SUPPORTS, ALWAYS_REFUTES if last == OPEN_END else last - high
    if last < low:
        return NEVER_SUPPORTS, ALWAYS_REFUTES if once else NEVER_REFUTES
    supports_from = NEVER_SUPPORTS if first < low else _reach(last, high)
    return supports_from, first - high - 1 if once else NEVER_REFUTES


def _reach(last: Day, high: Day) -> Day:
    """Return the extension of a window up to *high* that includes *last*."""
    return 0 if last == high else last - high  # both may be open


Voter: TypeAlias = Callable[[Item], Vote]


def _event_voter(leaf: Event, case: Case) -> Voter:
    low, high = leaf.window.days(case.zone)
    once = case.facts[leaf.fact].once

    def vote(item: Item) -> Vote:
        supports_from, refutes_to = event_vote(item.first, item.last, item.denies, low, high, once)
        return Vote(item, supports_from, refutes_to, Side.NOT_COVERING if item.denies else None)

    return vote


def _figure_voter(leaf: Figure, case: Case) -> Voter:
    period = days_in(leaf.at, case.zone)

    def vote(item: Item) -> Vote:
        if (item.first, item.last) != period:
            return _lasting(item, Side.OTHER_PERIOD)
        return _lasting(item, _ANSWERS[answer(leaf.test, item.value)])

    return vote


def _reaches_voter(leaf: Reaches, case: Case) -> Voter:
    low, high = leaf.window.days(case.zone)
    # A value that never falls and does not pass did not pass before either.
    refutes_before = case.facts[leaf.fact].cumulative and leaf.test.asks_for_growth

    def vote(item: Item) -> Vote:
        passes = answer(leaf.test, item.value)
        if passes is Answer.YES:
            is_early = item.first < low
            supports_from = NEVER_SUPPORTS if is_early else _reach(item.last, high)
            return Vote(item, supports_from, NEVER_REFUTES)
        if passes is Answer.MAYBE:
            return _lasting(item, Side.UNCLEAR_VALUE)
        refutes_to = item.first - high if refutes_before else NEVER_REFUTES
        return Vote(item, NEVER_SUPPORTS, refutes_to, Side.NOT_TELLING)

    return vote


def _throughout_voter(leaf: Throughout, case: Case) -> Voter:
    low, high = days_in(leaf.over, case.zone)
    is_state = not isinstance(leaf.test, Test)

    def side(item: Item) -> Side:
        passes = answer(leaf.test, item.value)
        if passes is Answer.MAYBE:
            return Side.UNCLEAR_VALUE
        if passes is Answer.YES and item.first <= low and high <= item.last:
            return Side.FOR
        place = within(item.first, item.last, low, high)
        if passes is Answer.NO and is_state and place is Answer.MAYBE:
            return Side.AGAINST  # what a state was, it was on every day of the period
        inside = Side.AGAINST if passes is Answer.NO else Side.NOT_ALL_ALONG
        return _PLACES.get(place, inside)

    return lambda item: _lasting(item, side(item))


def _judged_voter(leaf: Judged, case: Case) -> Voter:
    window = None if leaf.window is None else leaf.window.days(case.zone)

    def side(item: Item) -> Side:
        if item.stance is Stance.CONTEXT:
            return Side.CONTEXT
        if window is not None:
            if not item.dated:
                return Side.NO_DAY
            place = within(item.first, item.last, *window)
            if place is not Answer.YES:
                return _PLACES[place]
        return Side.FOR if item.stance is Stance.SUPPORTS else Side.AGAINST

    return lambda item: _lasting(item, side(item))


def _assessed_voter(leaf: Assessed, case: Case) -> Voter:
    sides = RatingSides(leaf, case.scales)
    return lambda item: _lasting(item, _SIDES[sides.says(str(item.scale), str(item.value))])


_SIDES: Final = {
    Says.SUPPORTS: Side.FOR,
    Says.REFUTES: Side.AGAINST,
    Says.PARTLY: Side.NEITHER_LABEL,
    Says.OPEN: Side.NEITHER_LABEL,
}


_VOTERS: Final[Mapping[type, Callable[[Any, Case], Voter]]] = {
    Event: _event_voter,
    Figure: _figure_voter,
    Reaches: _reaches_voter,
    Throughout: _throughout_voter,
    Judged: _judged_voter,
    Assessed: _assessed_voter,
}
"""The voter for each kind of leaf."""


def answer(test: Test | str | bool, value: Value | None) -> Answer:  # noqa: FBT001 - a state
    """Return whether *value* passes *test*; the value of a state has to match in type too."""
    if isinstance(test, Test):
        return test.passes(value)  # type: ignore[arg-type]
    return Answer.YES if type(value) is type(test) and value == test else Answer.NO


class TruthByExtension(NamedTuple):
    """
    The bits of one leaf for every extension of its deadline in days.

    Args:
        shown_from: The least extension from which enough witnesses support it.
        refuted_to: The greatest extension up to which enough witnesses refute it.
        supporters: By rank, the least extension from which an item of that rank supports it;
            empty if the better tier does not settle a conflict.
        refuters: By rank, the greatest extension up to which an item of that rank refutes it.
    """

    shown_from: Day = NEVER_SUPPORTS
    refuted_to: Day = NEVER_REFUTES
    supporters: tuple[tuple[int, Day], ...] = ()
    refuters: tuple[tuple[int, Day], ...] = ()

    def truth(self, extension: Day) -> Truth:
        """Return the bits at an *extension* of 0 or more days."""
        shown, refuted = self.shown_from <= extension, extension <= self.refuted_to
        if not (shown and refuted and self.supporters):
            return Truth(shown, refuted)
        best = min(rank for rank, start in self.supporters if start <= extension)
        other = min(rank for rank, end in self.refuters if extension <= end)
        return Truth(best <= other, other <= best)

    @property
    def is_outvoted(self) -> bool:
        """Whether support without an extension loses to a better tier: it counts in none then."""
        return bool(self.supporters) and self.shown_from <= 0 and self.truth(0) == FALSE

    def turns(self) -> Iterator[Day]:
        """Iterate over the extensions at which the bits can turn."""
        yield self.shown_from
        yield self.refuted_to + 1
        for _, start in self.supporters:
            yield start
        for _, end in self.refuters:
            yield end + 1


class _OneSide:
    """
    The items on one side of a leaf, each with the extension from which it is on that side.

    Of each witness, and of each rank, the least counts. Adding and removing take logarithmic time.

    Args:
        needed: How many witnesses have to be on this side.
        by_tier: Whether their ranks matter.
    """

    def __init__(self, needed: int, *, by_tier: bool) -> None:
        self._needed = needed
        self._least: list[Day] = []
        self._of_witness: dict[str, list[Day]] = {}
        self._of_rank: dict[int, list[Day]] | None = {} if by_tier else None
        self._is_simple = needed == 1 and not by_tier

    def add(self, item: Item, start: Day) -> bool:
        """Add *item* from the extension *start* on; say whether that may change the bits."""
        if self._is_simple:
            is_least = not self._least or start < self._least[0]
            insort(self._least, start)
            return is_least
        before = self.start()
        self._add(item, start)
        return self._of_rank is not None or self.start() != before

    def _add(self, item: Item, start: Day) -> None:
        if self._of_rank is not None:
            insort(self._of_rank.setdefault(item.rank, []), start)
        if self._needed == 1:  # then witnesses need not be told apart
            insort(self._least, start)
            return
        own = self._of_witness.setdefault(item.witness, [])
        if not own or start < own[0]:
            if own:
                _remove(self._least, own[0])
            insort(self._least, start)
        insort(own, start)

    def remove(self, item: Item, start: Day) -> bool:
        """Remove *item*, which was added with *start*; say whether that may change the bits."""
        before = self.start()
        self._remove(item, start)
        return self._of_rank is not None or self.start() != before

    def _remove(self, item: Item, start: Day) -> None:
        if self._of_rank is not None:
            _remove(self._of_rank[item.rank], start)
        if self._needed == 1:
            _remove(self._least, start)
            return
        own = self._of_witness[item.witness]
        least = own[0]
        _remove(own, start)
        if not own or own[0] != least:
            _remove(self._least, least)
            if own:
                insort(self._least, own[0])

    def start(self) -> Day:
        """Return the least extension at which enough witnesses are on this side."""
        return self._least[self._needed - 1] if self._needed <= len(self._least) else OPEN_END

    def by_rank(self) -> Iterator[tuple[int, Day]]:
        """Iterate over the ranks of the items, with the least extension of each."""
        for rank, starts in (self._of_rank or {}).items():
            if starts:
                yield rank, starts[0]


def _remove(values: list[Day], value: Day) -> None:
    del values[bisect_left(values, value)]


class Balance:
    """
    The votes on one leaf of the items that are usable at the moment.

    Args:
        leaf: The leaf.
        case: The claim; its day says whether the span of samples is over.
    """

    def __init__(self, leaf: Leaf, case: Case) -> None:
        by_tier = case.policy.on_conflict is OnConflict.HIGHER_TIER
        self.needed = leaf.min_sources or case.policy.min_sources
        self._by_tier = by_tier
        self._supporting = _OneSide(self.needed, by_tier=by_tier)
        self._refuting = _OneSide(self.needed, by_tier=by_tier)  # with negated extensions
        self._later = _OneSide(self.needed, by_tier=by_tier)  # what supports an extension only
        self._is_sampled = isinstance(leaf, Throughout) and leaf.samples is not None
        if isinstance(leaf, Throughout) and leaf.samples is not None:
            self._samples = leaf.samples
            self._span = days_in(leaf.over, case.zone)
            self._with_samples = _OneSide(self.needed, by_tier=by_tier)
            self._periods: Counter[tuple[Day, Day]] = Counter()
            self.go_to(case.usable.day)

    def go_to(self, day: Day) -> None:
        """Set the day: samples count once their span is over."""
        if self._is_sampled:
            self._is_over = day > self._span[1]

    def enter(self, vote: Vote) -> bool:
        """Add *vote*; say whether that may change the bits."""
        changed = False
        if vote.supports_from < NEVER_SUPPORTS:
            changed = self._supporting.add(vote.item, vote.supports_from)
            if self._by_tier and vote.supports_from > 0:
                self._later.add(vote.item, vote.supports_from)
        if vote.refutes_to >= 0:
            changed |= self._refuting.add(vote.item, -vote.refutes_to)
        if self._is_sampled and _is_passing(vote):
            self._with_samples.add(vote.item, ALWAYS_SUPPORTS)
            self._sample(vote, 1)
            return True
        return changed

    def leave(self, vote: Vote) -> bool:
        """Remove *vote*, which was added; say whether that may change the bits."""
        changed = False
        if vote.supports_from < NEVER_SUPPORTS:
            changed = self._supporting.remove(vote.item, vote.supports_from)
            if self._by_tier and vote.supports_from > 0:
                self._later.remove(vote.item, vote.supports_from)
        if vote.refutes_to >= 0:
            changed |= self._refuting.remove(vote.item, -vote.refutes_to)
        if self._is_sampled and _is_passing(vote):
            self._with_samples.remove(vote.item, ALWAYS_SUPPORTS)
            self._sample(vote, -1)
            return True
        return changed

    def _sample(self, vote: Vote, step: int) -> None:
        period = vote.item.first, vote.item.last
        if vote.reason is Side.NOT_ALL_ALONG or period == self._span:
            self._periods[period] += step
            if not self._periods[period]:
                del self._periods[period]

    @property
    def takes_samples(self) -> bool:
        """Whether there are enough samples, so that values for a part of the span count too."""
        return self._is_sampled and self._is_over and len(self._periods) >= self._samples

    def truth_by_extension(self) -> TruthByExtension:
        """Return the bits of the leaf for every extension of its deadline."""
        supporting = self._with_samples if self.takes_samples else self._supporting
        found = self._truth(supporting)
        return self._truth(self._later) if found.is_outvoted else found

    @property
    def is_outvoted(self) -> bool:
        """Whether a better tier outvotes what supports the leaf without an extension."""
        supporting = self._with_samples if self.takes_samples else self._supporting
        return self._truth(supporting).is_outvoted

    def _truth(self, supporting: _OneSide) -> TruthByExtension:
        shown_from, refuted_to = supporting.start(), -self._refuting.start()
        if not self._by_tier:
            return TruthByExtension(shown_from, refuted_to)
        return TruthByExtension(
            shown_from,
            refuted_to,
            tuple(supporting.by_rank()),
            tuple((rank, -end) for rank, end in self._refuting.by_rank()),
        )


def _is_passing(vote: Vote) -> bool:
    return vote.supports_from < NEVER_SUPPORTS or vote.reason is Side.NOT_ALL_ALONG


Sided: TypeAlias = tuple[Item, Side]


@attrs.frozen
class Weighing:
    """
    How the items of a leaf were weighed.

    Args:
        sided: Every usable item with its side.
        supporting: The items for the leaf, *refuting* those against it.
        truth: The two bits, after the policy on conflicts.
        needed: How many independent witnesses set a bit.
    """

    sided: tuple[Sided, ...]
    supporting: Items
    refuting: Items
    truth: Truth
    needed: int


def weigh(leaf: Leaf, case: Case) -> Weighing:
    """Weigh the usable items of *leaf*."""
    return weigh_items(leaf, items_in(case.usable, leaf, case.claim), case)


def weigh_items(leaf: Leaf, items: Items, case: Case) -> Weighing:
    """Weigh *items*, which are usable, for *leaf*."""
    cast, balance = _balanced(leaf, items, case)
    low, high = asked_days(leaf, case)
    takes_samples = balance.takes_samples
    is_outvoted = case.extension > 0 and balance.is_outvoted
    sided = []
    for vote in cast:
        side = vote.side(low, high, case.extension)
        if takes_samples and side is Side.NOT_ALL_ALONG:
            side = Side.FOR
        if is_outvoted and side is Side.FOR and vote.supports_from <= 0:
            side = Side.OUTVOTED
        sided.append((vote.item, side))
    return Weighing(
        tuple(sided),
        tuple([item for item, side in sided if side is Side.FOR]),
        tuple([item for item, side in sided if side is Side.AGAINST]),
        balance.truth_by_extension().truth(case.extension),
        balance.needed,
    )


def asked_days(leaf: Leaf, case: Case) -> tuple[Day, Day]:
    """Return the first and the last day that *leaf* asks about, with its deadline extended."""
    low, high = days_asked(leaf, case.zone)
    return low, high + (case.extension if isinstance(leaf, Event | Reaches) else 0)


def truth_by_extension(leaf: Leaf, case: Case) -> TruthByExtension:
    """Return the bits of *leaf* for every extension, by the usable items."""
    return _balanced(leaf, items_in(case.usable, leaf, case.claim), case)[1].truth_by_extension()


def truth_of_leaf(leaf: Leaf, case: Case) -> Truth:
    """Return the two bits of *leaf*, as `weigh` does without the sides."""
    if not items_in(case.usable, leaf, case.claim):
        return UNKNOWN
    return truth_by_extension(leaf, case).truth(case.extension)


def _balanced(leaf: Leaf, items: Items, case: Case) -> tuple[list[Vote], Balance]:
    cast = votes(leaf, items, case)
    balance = Balance(leaf, case)
    for vote in cast:
        balance.enter(vote)
    return cast, balance
