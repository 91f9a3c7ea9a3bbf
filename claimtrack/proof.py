"""
Check an explanation step by step, with nothing of the engine.

Which items count on the day, which side each takes, what the sides make of every node and the
nodes of the claim: all is worked out again from the records, in the order of the rules and without
haste. An explanation in which a bit, an item or a day is another one is refused.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, Final

import attrs

from claimtrack.model.claim import Claim
from claimtrack.model.criterion import (
    Assessed,
    Event,
    Figure,
    Judged,
    Not,
    Parts,
    Throughout,
    leaves_of,
    members_of,
)
from claimtrack.model.evidence import Evidence, Stance
from claimtrack.model.fields import zone_named
from claimtrack.model.quantity import Test
from claimtrack.model.rated import Rated, ratings_of
from claimtrack.model.registry import OnConflict, Records
from claimtrack.model.source import TIER_RANKS, Source
from claimtrack.model.span import OPEN_END, OPEN_START, Answer, Day, Span, within
from claimtrack.model.verdict import DECIDED, KnownBy, Status

Bits = tuple[bool, bool]
TRUE, FALSE, BOTH, NEITHER = (True, False), (False, True), (True, True), (False, False)
FOR, AGAINST, NO_SIDE, SAMPLE = "for", "against", "", "sample"
ANSWERS: Final = {Answer.YES: FOR, Answer.NO: AGAINST, Answer.MAYBE: NO_SIDE}


Told = Evidence | Rated


def check_proof(explanation: Any, registry: Records) -> tuple[str, ...]:  # noqa: ANN401
    """
    Return what does not follow in an `Explanation`; nothing if all of it follows from *registry*.

    Checked are the status, how late, when due and since when; those of the readings; each node of
    each criterion with its bits; and every item with its days, its witness, and the side it takes.
    A claim that a function of the user decides cannot be checked like this.
    """
    claim = registry.claims.by_id.get(explanation.claim.id)
    if claim is None or claim != explanation.claim:
        return ("the claim is another one than in the registry",)
    proof = _Proof(claim, registry, explanation.known_by, explanation.as_of)
    return tuple(proof.objections(explanation))


@attrs.frozen(slots=False)
class _Proof:
    claim: Claim
    registry: Records
    axis: KnownBy
    day: Day

    # 1. Days, and what was known (sections 1 and 2 of the rules).

    def days(self, span: Span) -> tuple[Day, Day]:
        zone = self.claim.timezone or self.registry.settings.timezone
        return span.days_in(zone_named(zone) if zone else None)

    def source(self, item: Told) -> Source | None:
        return None if item.source is None else self.registry.sources[item.source]

    @cached_property
    def items(self) -> dict[str, Told]:
        rated = ratings_of(self.claim, self.registry, self.published)
        return {**self.registry.evidence, **{one.id: one for one in rated}}

    def published(self, item: Told) -> Day:
        source = self.source(item)
        span = item.published or (source.published if source else None)
        return OPEN_END if span is None else self.days(span)[1]

    def known_from(self, item: Told) -> Day:
        if self.axis is KnownBy.PUBLISHED:
            return self.published(item)
        return OPEN_END if item.recorded is None else self.days(item.recorded)[1]

    def age(self, item: Told) -> tuple[Day, str]:
        return self.known_from(item), item.id

    def is_known(self, item: Told) -> bool:
        withdrawn = OPEN_END if item.withdrawn is None else item.withdrawn.first
        return self.known_from(item) <= self.day < withdrawn

    @cached_property
    def usable(self) -> list[Told]:
        known = [item for item in self.items.values() if self.is_known(item)]
        replaced = {id_ for item in known for id_ in item.supersedes}
        return sorted((item for item in known if item.id not in replaced), key=self.age)

    def told(self, item: Told) -> tuple[Day, Day]:
        if item.is_about is None:
            return OPEN_START, OPEN_END
        first, last = self.days(item.is_about)
        if item.happened is not None:
            last = min(last, self.published(item))
        return min(first, last), last

    # 2. Sides, witnesses and bits (section 3).

    def asked(self, leaf: Any) -> list[Told]:  # noqa: ANN401
        if isinstance(leaf, Judged):
            return [item for item in self.usable if self.judges(item)]
        if isinstance(leaf, Assessed):
            return [item for item in self.usable if getattr(item, "scale", None) == leaf.scale]
        return [item for item in self.usable if item.fact == leaf.fact]

    def judges(self, item: Told) -> bool:
        return isinstance(item, Evidence) and item.claim == self.claim.id

    def window(self, leaf: Any, shift: int = 0) -> tuple[Day, Day]:  # noqa: ANN401
        if isinstance(leaf, Figure | Throughout):
            return self.days(leaf.at if isinstance(leaf, Figure) else leaf.over)
        if isinstance(leaf, Assessed) or leaf.window is None:
            return OPEN_START, OPEN_END
        first, last = self.days(leaf.window.span)
        moved = 0 if isinstance(leaf, Judged) else shift
        by, before = (OPEN_START, last + moved), (OPEN_START, first - 1 + moved)
        after, during = (last + 1, OPEN_END), (first, last + moved)
        every = {"by": by, "before": before, "after": after, "during": during}
        return every[leaf.window.kind.value]

    def rank(self, item: Told) -> int:
        source = self.source(item)
        return TIER_RANKS[source.tier if source else None]

    def witness(self, item: Told) -> str:
        return item.by if isinstance(item, Rated) else self.registry.sources[item.source].witness

    def side(self, leaf: Any, item: Told, shift: int) -> str:  # noqa: ANN401, PLR0911
        low, high = self.window(leaf, shift)
        first, last = self.told(item)
        place, covers = within(first, last, low, high), first <= low and high <= last
        if self.rank(item) > TIER_RANKS[leaf.min_tier or self.registry.settings.policy.min_tier]:
            return NO_SIDE
        if isinstance(leaf, Judged):
            is_outside = leaf.window and (item.happened is None or place is not Answer.YES)
            stances = {Stance.SUPPORTS: FOR, Stance.REFUTES: AGAINST}
            return NO_SIDE if is_outside or item.stance is None else stances.get(item.stance, "")
        if isinstance(leaf, Assessed):
            sides = {**dict.fromkeys(leaf.refutes, AGAINST), **dict.fromkeys(leaf.supports, FOR)}
            told = {label.casefold(): side for label, side in sides.items()}
            return told.get(str(item.value).casefold(), NO_SIDE)
        if isinstance(leaf, Event):
            if item.not_happened is not None:
                return AGAINST if covers else NO_SIDE
            once = self.registry.facts[leaf.fact].once
            return NO_SIDE if place is Answer.NO and not once else ANSWERS[place]
        passes = _answer(leaf.test, item.value)
        if isinstance(leaf, Figure):
            return ANSWERS[passes] if (first, last) == (low, high) else NO_SIDE
        if isinstance(leaf, Throughout):
            if passes is Answer.YES:
                return FOR if covers else SAMPLE if place is Answer.YES else NO_SIDE
            return AGAINST if (passes, place) == (Answer.NO, Answer.YES) else NO_SIDE
        grows = self.registry.facts[leaf.fact].cumulative and leaf.test.asks_for_growth
        if passes is Answer.NO:
            return AGAINST if grows and first >= high else NO_SIDE
        return FOR if (passes, place) == (Answer.YES, Answer.YES) else NO_SIDE

    def sides(self, leaf: Any, shift: int = 0) -> dict[str, str]:  # noqa: ANN401
        found = {item.id: self.side(leaf, item, shift) for item in self.asked(leaf)}
        low, high = self.window(leaf)
        whens = {
            self.told(item)
            for item in self.asked(leaf)
            if found[item.id] in (FOR, SAMPLE) and within(*self.told(item), low, high) is Answer.YES
        }
        samples = getattr(leaf, "samples", None)
        counts = samples is not None and self.day > high and len(whens) >= samples
        return {id_: side if side != SAMPLE else FOR * counts for id_, side in found.items()}

    def witnesses(self, sides: dict[str, str], side: str) -> dict[str, Told]:
        """Return the oldest item of each witness on *side*."""
        items = [self.items[id_] for id_, taken in sides.items() if taken == side]
        oldest = sorted(items, key=self.age, reverse=True)
        return {self.witness(item): item for item in oldest}

    def bits(self, node: Any, shift: int = 0) -> Bits:  # noqa: ANN401
        members = [self.bits(member, shift) for member in members_of(node)]
        if isinstance(node, Not):
            return members[0][1], members[0][0]
        if members:
            shown, refuted = (sum(bits) for bits in zip(*members, strict=True))
            return shown >= node.needed, refuted > len(members) - node.needed
        sides = self.sides(node, shift)
        ours, theirs = self.witnesses(sides, FOR), self.witnesses(sides, AGAINST)
        bits = len(ours) >= self.needed(node), len(theirs) >= self.needed(node)
        if bits == BOTH and self.registry.settings.policy.on_conflict is OnConflict.HIGHER_TIER:
            items = {id_: self.rank(self.items[id_]) for id_ in sides}
            best, other = (
                min(rank for id_, rank in items.items() if sides[id_] == side)
                for side in (FOR, AGAINST)
            )
            return best <= other, other <= best
        return bits

    def needed(self, leaf: Any) -> int:  # noqa: ANN401
        return int(leaf.min_sources or self.registry.settings.policy.min_sources)

    # 3. Status (section 4).

    def due(self, tree: Any) -> Day | None:  # noqa: ANN401
        if self.claim.due is not None:
            return self.days(self.claim.due)[1]
        if tree is None:
            return None
        dated = (leaf for leaf in leaves_of(tree) if not isinstance(leaf, Assessed))
        leaves = [leaf for leaf in dated if getattr(leaf, "window", leaf) is not None]
        ends = [self.window(leaf)[1] for leaf in leaves]
        last = max(ends, default=self.days(self.claim.said)[1])
        return None if last == OPEN_END else last

    def is_decreed(self) -> bool:
        return self.claim.annulled is not None and self.claim.annulled.first <= self.day

    def status(self, tree: Any) -> tuple[Status, int | None]:  # noqa: ANN401
        condition = self.claim.condition
        if self.is_decreed() or (condition is not None and self.bits(condition) == FALSE):
            return Status.ANNULLED, None
        if tree is None:
            return Status.NOT_CHECKABLE, None
        parts = _parts(tree)
        found = {self.bits(part) for part in parts}
        if BOTH in found:
            return Status.CONFLICTING, None
        if NEITHER in found:
            return self.undecided(tree), None
        if found == {FALSE}:
            return self.failed(tree)
        return (Status.HELD if found == {TRUE} else Status.PARTLY), None

    def failed(self, tree: Any) -> tuple[Status, int | None]:  # noqa: ANN401
        ends = {self.window(leaf)[1] for leaf in leaves_of(tree)}
        told = {day for item in self.usable for day in self.told(item)}
        pairs = [(day, end) for day in told for end in ends if abs(day) != OPEN_END != abs(end)]
        shifts = {1} | {int(day - end) + step for day, end in pairs for step in (-1, 0, 1)}
        for shift in sorted(shift for shift in shifts if shift >= 1):
            if all(self.bits(part, shift) == TRUE for part in _parts(tree)):
                return Status.LATE, shift
        return Status.FAILED, None

    def undecided(self, tree: Any) -> Status:  # noqa: ANN401
        grace, due = self.claim.grace, self.due(tree)
        grace = self.registry.settings.policy.grace if grace is None else grace
        if due is None or self.day <= due + grace:
            return Status.PENDING
        spoken = any(self.is_about(item, [tree]) for item in self.usable)
        return Status.NOT_ENOUGH_EVIDENCE if spoken else Status.OVERDUE

    def is_about(self, item: Told, trees: Iterable[Any]) -> bool:
        leaves = [leaf for tree in trees for leaf in leaves_of(tree)]
        if isinstance(item, Rated):
            return any(item.scale == getattr(leaf, "scale", None) for leaf in leaves)
        return item.fact in {getattr(leaf, "fact", "") for leaf in leaves} or self.judges(item)

    # 4. What the explanation says.

    def trees(self) -> list[Any]:
        return [self.claim.criterion, self.claim.condition, *_readings(self.claim).values()]

    def objections(self, told: Any) -> Iterator[str]:  # noqa: ANN401
        if self.day < self.days(self.claim.said)[0]:
            yield "it had not been said"
        verdict, readings = told.verdict, _readings(self.claim)
        if [(*pair[:1], len(pair)) for pair in told.readings] != [(name, 2) for name in readings]:
            yield "the readings are others"
            return
        steps = [told.steps, told.condition, *(step for _, step in told.readings)]
        for tree, step in zip(self.trees(), steps, strict=True):
            if (tree is None) is not (step is None) or not (step is None or self.is_so(tree, step)):
                yield f"this does not follow: {step}"
        main = self.claim.criterion
        given = (verdict.claim, verdict.status, verdict.late_days, verdict.due)
        if given != (self.claim.id, *self.status(main), self.due(main)):
            yield "the status, the lateness or the due day is another one"
        rest = [(name, *self.status(tree), self.due(tree)) for name, tree in readings.items()]
        if [attrs.astuple(reading) for reading in verdict.readings] != rest:
            yield "a reading is another one"
        if list(verdict.used) != self.used() or verdict.decided_on != self.decided_on():
            yield "other items decided, or on another day"
        yield from self.wrong_items(told, [step for step in steps if step is not None])

    def is_so(self, node: Any, step: Any) -> bool:  # noqa: ANN401
        """Say whether *step* is what the record makes of *node*, down to each item."""
        members = members_of(node)
        bits = NEITHER if isinstance(node, Parts) else self.bits(node)
        if (step.criterion, step.shown, step.refuted) != (node, *bits):
            return False
        given = (step.needed, step.low, step.high, len(step.members))
        if members:
            needed = getattr(node, "needed", len(members))
            same = given == (needed, OPEN_START, OPEN_END, len(members)) and not step.exhibits
            return same and all(map(self.is_so, members, step.members))
        sides = self.sides(node)
        counted = [*self.witnesses(sides, FOR).values(), *self.witnesses(sides, AGAINST).values()]
        shown = [(*attrs.astuple(e, recurse=False)[:-2], _side(e), e.counts) for e in step.exhibits]
        return given == (self.needed(node), *self.window(node), 0) and shown == [
            (*self.facts(item), sides[item.id], item in counted) for item in self.asked(node)
        ]

    def facts(self, item: Told) -> tuple[Any, ...]:
        days = (self.known_from(item), *self.told(item))
        is_dated, denies = item.is_about is not None, item.not_happened is not None
        told = (denies, is_dated, item.value, item.stance)
        return (item.id, self.witness(item), self.rank(item), *days, *told)

    def wrong_items(self, told: Any, steps: list[Any]) -> Iterator[str]:  # noqa: ANN401
        trees = [tree for tree in self.trees() if tree is not None]
        every = [item for item in self.items.values() if self.is_about(item, trees)]
        sides: dict[str, str] = {}
        for exhibit in (exhibit for step in steps for exhibit in _exhibits(step)):
            if exhibit.counts:
                sides.setdefault(exhibit.id, _side(exhibit))
        if [
            (item.id, item.use.value, not item.because, item.decided, item.known_from)
            for item in told.items
        ] != [
            (e.id, sides.get(e.id, "ignored"), e.id in sides, e.id in told.verdict.used, day)
            for day, e in ((self.known_from(e), e) for e in sorted(every, key=self.age))
        ]:
            yield "the list of items is another one"

    def used(self) -> list[str]:
        """Return the ids of the items that set the bits that decided, oldest first."""
        status, late = self.status(self.claim.criterion)
        found: set[str] = set()
        if status is Status.ANNULLED and not self.is_decreed():
            found = self.setting(self.claim.condition, 0)
        elif status in DECIDED:
            for part in _parts(self.claim.criterion):
                found |= self.setting(part, 0) | (self.setting(part, late) if late else set())
        return [item.id for item in self.usable if item.id in found]

    def setting(self, node: Any, shift: int, bits: tuple[int, ...] = (0, 1)) -> set[str]:  # noqa: ANN401
        """Return the ids of the items that set those of *bits* of *node* that are set."""
        found: set[str] = set()
        for bit in (bit for bit in bits if self.bits(node, shift)[bit]):
            for member in members_of(node):
                found |= self.setting(member, shift, (1 - bit if isinstance(node, Not) else bit,))
            if not members_of(node):
                witnesses = self.witnesses(self.sides(node, shift), (FOR, AGAINST)[bit])
                found |= {item.id for item in witnesses.values()}
        return found

    def decided_on(self) -> Day | None:
        """Return the first day since which the status has been what it is, where it is decided."""
        status, first = self.status(self.claim.criterion)[0], self.days(self.claim.said)[0]
        if status not in DECIDED and status is not Status.ANNULLED:
            return None
        turns = {first, self.claim.annulled.first if self.claim.annulled else first}
        for item in self.items.values():
            turns |= {self.known_from(item), item.withdrawn.first if item.withdrawn else first}
        for leaf in (leaf for tree in self.trees() if tree for leaf in leaves_of(tree)):
            turns.add(self.window(leaf)[1] + 1)
        decided = self.day
        for day in sorted((day for day in turns if first <= day <= self.day), reverse=True):
            if attrs.evolve(self, day=day).status(self.claim.criterion)[0] is not status:
                break
            decided = day
        return decided


def _parts(tree: Any) -> tuple[Any, ...]:  # noqa: ANN401
    return tree.parts if isinstance(tree, Parts) else (tree,)


def _readings(claim: Claim) -> dict[str, Any]:
    return {reading.name: reading.criterion for reading in claim.readings}


def _answer(test: Any, value: Any) -> Answer:  # noqa: ANN401
    if isinstance(test, Test):
        return test.passes(value)
    return Answer.YES if (type(value), value) == (type(test), test) else Answer.NO


def _side(exhibit: Any) -> str:  # noqa: ANN401
    side: str = exhibit.side.value
    return side if side in (FOR, AGAINST) else NO_SIDE


def _exhibits(step: Any) -> Iterator[Any]:  # noqa: ANN401
    yield from step.exhibits
    for member in step.members:
        yield from _exhibits(member)
