"""
Track records: how many claims of a speaker, source, topic or kind held.

A record that counts every claim of a file can be padded, by repeating a safe claim or splitting
one sentence into five. So claims of one speaker count as one *unit* where

- one lists the other in ``repeats`` or ``part_of``;
- they are from one sentence: same source, and the words of one quote are in the other (whole
  words, ignoring case; a fragment of fewer than three words must be equal);
- they have the same criterion and the same condition, which is the same bet. Judged and assessed
  criteria are about their own claim and never the same.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import fsum
from types import MappingProxyType
from typing import Final, TypeVar

import attrs

from claimtrack.engine.audit import Audit
from claimtrack.model.claim import Claim, ClaimKind
from claimtrack.model.criterion import Assessed, Judged, leaves_of
from claimtrack.model.verdict import AFTER_THE_FACT, CAME_TRUE, Status
from claimtrack.score import _check
from claimtrack.score.intervals import Interval, wilson

NO_ASSERTION: Final = frozenset({ClaimKind.OPINION, ClaimKind.DEMAND})
"""Kinds of claim that are not expected to be checkable."""

_FRAGMENT: Final = 3
"""The least number of words for which a quote inside another is taken for a fragment of it."""

MIN_DECIDED: Final = 10
"""The least number of decided units for a rank."""

Weights = Mapping[Status, float]
Choice = TypeVar("Choice")

COUNTING: Final[Mapping[str, Weights]] = MappingProxyType(
    {
        "strict": {Status.HELD: 1.0},
        "half": {Status.HELD: 1.0, Status.LATE: 0.5, Status.PARTLY: 0.5},
        "lenient": {Status.HELD: 1.0, Status.LATE: 1.0, Status.PARTLY: 1.0},
    }
)
"""The weight of each status, 0 to 1, by the name of the counting; 0 where there is none."""

DECIDED: Final = (Status.HELD, Status.LATE, Status.PARTLY, Status.FAILED)
"""The denominator of a share. Conflicting evidence decides nothing, but counts in the bounds."""

OPEN: Final = (
    Status.CONFLICTING,
    Status.OVERDUE,
    Status.NOT_ENOUGH_EVIDENCE,
    Status.NOT_CHECKABLE,
    Status.ANNULLED,
)
"""The statuses that the bounds count as failed at worst, and as held at best."""

MATURED: Final = (*DECIDED, Status.CONFLICTING, Status.OVERDUE, Status.NOT_ENOUGH_EVIDENCE)
"""The statuses of units that are decided or due."""

_WORST_FIRST: Final = (
    Status.CONFLICTING,
    Status.FAILED,
    Status.OVERDUE,
    Status.NOT_ENOUGH_EVIDENCE,
    Status.ANNULLED,
    Status.NOT_CHECKABLE,
    Status.PARTLY,
    Status.LATE,
    Status.PENDING,
    Status.HELD,
)

GROUPS: Final[Mapping[str, Callable[[Claim], Iterable[str | None]]]] = MappingProxyType(
    {
        "speaker": lambda claim: (claim.speaker,),
        "source": lambda claim: (claim.source,),
        "topic": lambda claim: claim.topics or (None,),
        "kind": lambda claim: (claim.kind and claim.kind.value,),
    }
)
"""What records can be grouped by: the keys of a claim. A claim on two topics is in both."""

Words = tuple[str, ...]
"""The id of a source, and the words of a quote from it."""


@attrs.frozen(kw_only=True)
class Member:
    """
    One claim of a record.

    Args:
        claim: The claim.
        status: Of the claim.
        after_the_fact: Whether its outcome was already known when it was made, so that it earns
            no credit. Never so for claims of kind ``fact``, which are about what is known.
        aside: Whether it does not count: an opinion or a demand that is not checkable, or a
            claim whose own condition is false.
    """

    claim: Claim
    status: Status
    after_the_fact: bool
    aside: bool

    @property
    def bet(self) -> object:
        """The criterion and condition; claims with equal bets always have equal outcomes."""
        claim = self.claim
        if claim.criterion is None or _is_judged(claim):
            return claim.id
        return claim.criterion, claim.condition


@attrs.frozen(kw_only=True)
class Unit:
    """Claims that count as one, and the reasons why they do, if there are several."""

    members: tuple[Member, ...]
    because: tuple[str, ...] = ()

    @property
    def live(self) -> tuple[Member, ...]:
        """The members that are neither aside nor after the fact."""
        return tuple(m for m in self.members if not m.aside and not m.after_the_fact)


def members_of(audit: Audit) -> Mapping[str, Member]:
    """Return a member for every claim that had been made, by id."""
    return {id_: _member(audit, id_) for id_ in audit.outcomes}


def _member(audit: Audit, id_: str) -> Member:
    claim, status = audit.records.claims[id_], audit.outcomes[id_].status
    opinion = status is Status.NOT_CHECKABLE and claim.kind in NO_ASSERTION
    by_decree = claim.annulled is not None and claim.annulled.first <= audit.day
    void = status is Status.ANNULLED and not by_decree
    return Member(
        claim=claim,
        status=status,
        after_the_fact=status in CAME_TRUE and AFTER_THE_FACT in audit[id_].marks,
        aside=opinion or void,
    )


def _is_judged(claim: Claim) -> bool:
    criteria = (claim.criterion, claim.condition)
    leaves = (leaf for c in criteria if c is not None for leaf in leaves_of(c))
    return any(isinstance(leaf, Judged | Assessed) for leaf in leaves)


def units_of(members: Sequence[Member]) -> tuple[Unit, ...]:
    """
    Group *members* into the units that count as one.

    Returns:
        Units in the order of their first members; each member is in one unit.
    """
    parent = {m.claim.id: m.claim.id for m in members}

    def top(id_: str) -> str:
        while parent[id_] != id_:
            parent[id_] = parent[parent[id_]]
            id_ = parent[id_]
        return id_

    reasons: list[tuple[str, str]] = []
    for one, other, because in _ties(members):
        parent[top(other)] = top(one)
        reasons.append((one, because))
    groups: defaultdict[str, list[Member]] = defaultdict(list)
    for member in members:
        groups[top(member.claim.id)].append(member)
    why: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for id_, because in reasons:
        why[top(id_)][because] = None
    return tuple(
        Unit(members=tuple(group), because=tuple(why[id_])) for id_, group in groups.items()
    )


def _ties(members: Sequence[Member]) -> Iterator[tuple[str, str, str]]:
    """Iterate over pairs of claims that count as one, each with the reason."""
    speakers: defaultdict[str, list[Member]] = defaultdict(list)
    for member in members:
        speakers[member.claim.speaker].append(member)
    for own in speakers.values():
        yield from _links(own)
        yield from _equal_bets(own)
        yield from _same_sentences(own)


def _links(own: Sequence[Member]) -> Iterator[tuple[str, str, str]]:
    known = {m.claim.id for m in own}
    for member in own:
        for name in ("repeats", "part_of"):
            for other in getattr(member.claim, name):
                if other in known:
                    yield other, member.claim.id, name


def _equal_bets(own: Sequence[Member]) -> Iterator[tuple[str, str, str]]:
    first: dict[object, str] = {}
    for member in own:
        one = first.setdefault(member.bet, member.claim.id)
        if one != member.claim.id:
            yield one, member.claim.id, "same criterion"


def _same_sentences(own: Sequence[Member]) -> Iterator[tuple[str, str, str]]:
    """Find equal quotes, and quotes inside quotes by the rarest fragment of the shorter one."""
    quotes: dict[Words, str] = {}
    for member in own:
        words = (member.claim.source, *_words(member.claim.quote))
        one = quotes.setdefault(words, member.claim.id)
        if one != member.claim.id:
            yield one, member.claim.id, "one sentence"
    places: defaultdict[Words, list[Words]] = defaultdict(list)
    for words in quotes:
        for fragment in _fragments(words):
            places[fragment].append(words)
    for words, id_ in quotes.items():
        rarest = min(_fragments(words), key=lambda f: len(places[f]), default=())
        for longer in places.get(rarest, ()):
            if len(longer) > len(words) and _contains(longer[1:], words[1:]):
                yield quotes[longer], id_, "one sentence"


def _words(quote: str) -> Iterable[str]:
    letters = "".join(c if c.isalnum() else " " for c in quote.casefold())
    return letters.split()


def _fragments(words: Words) -> list[Words]:
    """Return the different sequences of three words of a quote, each with its source."""
    source, *rest = words
    runs = (tuple(rest[i : i + _FRAGMENT]) for i in range(len(rest) - _FRAGMENT + 1))
    return list({(source, *run): None for run in runs})


def _contains(longer: Words, shorter: Words) -> bool:
    size = len(shorter)
    return any(longer[i : i + size] == shorter for i in range(len(longer) - size + 1))


@attrs.frozen(kw_only=True)
class TrackRecord:
    """
    The track record of one speaker, source, topic or kind.

    Args:
        key: The id of the speaker or source, the topic or the kind; None for claims without one.
        claims: The number of claims, before they are grouped into units.
        counts: The number of units by status, for every status and `AFTER_THE_FACT`.
        points: The sum of the weights of the decided units.
        interval: Wilson's interval for `share`; [0, 1] with nothing decided.
        worst: The share at worst, 0 to 1; None if nothing is due.
        best: The share at best, 0 to 1; None if nothing is due.
        lower: The lower end of Wilson's interval for the share at worst, 0 to 1.
        rank: 1 for the highest *lower*, equal for ties; None for too few decided units.
        merged: The units of several claims.
        after_the_fact: Ids of the claims that were made when their outcome was known.
    """

    key: str | None
    claims: int
    counts: Mapping[str, int]
    points: float
    interval: Interval
    worst: float | None
    best: float | None
    lower: float
    rank: int | None = None
    merged: tuple[Unit, ...] = ()
    after_the_fact: tuple[str, ...] = ()

    @property
    def made(self) -> int:
        """The number of units."""
        return sum(self.counts.values())

    @property
    def matured(self) -> int:
        """The number of units that are decided or due."""
        return sum(self.counts[status] for status in MATURED)

    @property
    def decided(self) -> int:
        """The number of units that held, were late, held partly or failed."""
        return sum(self.counts[status] for status in DECIDED)

    @property
    def share(self) -> float | None:
        """The share of decided units that held, 0 to 1, or None if none is decided."""
        return self.points / self.decided if self.decided else None


def track_records(
    audit: Audit,
    *,
    by: str = "speaker",
    counting: str = "strict",
    min_decided: int = MIN_DECIDED,
    level: float = 0.95,
) -> tuple[TrackRecord, ...]:
    """
    Return the track record of each speaker, source, topic or kind in *audit*.

    Args:
        audit: The verdicts as of a day.
        by: A key of `GROUPS`.
        counting: A key of `COUNTING`: how much late and partly count.
        min_decided: The least number of decided units for a rank, at least 1.
        level: Confidence of the intervals, between 0 and 1, both exclusive.

    Returns:
        The ranked records, best first; then the others, most decided first; ties by key.

    Raises:
        FieldError: An argument is not valid.
    """
    keys_of, weights = _choice("by", by, GROUPS), _choice("counting", counting, COUNTING)
    if min_decided < 1:
        raise _check.refuse(f"min_decided {min_decided!r} is below 1")
    groups: defaultdict[str | None, list[Member]] = defaultdict(list)
    for member in members_of(audit).values():
        for key in keys_of(member.claim):
            groups[key].append(member)
    records = [_record(key, own, weights, level) for key, own in groups.items()]
    return _ranked(records, min_decided)


def _choice(name: str, given: str, known: Mapping[str, Choice]) -> Choice:
    if given not in known:
        raise _check.refuse(f"{name} {given!r} is not known; expected one of {', '.join(known)}")
    return known[given]


def _record(key: str | None, members: list[Member], weights: Weights, level: float) -> TrackRecord:
    units = units_of(members)
    by_category = Counter(map(category, units))
    counts = {name: by_category[name] for name in (*Status, AFTER_THE_FACT)}
    decided = sum(counts[status] for status in DECIDED)
    points = fsum(weights.get(status, 0.0) * counts[status] for status in DECIDED)
    stakes = [stake(unit, weights) for unit in units]
    trials, gained = sum(s.trials for s in stakes), fsum(s.points for s in stakes)
    undecided = sum(s.undecided for s in stakes)
    return TrackRecord(
        key=key,
        claims=len(members),
        counts=counts,
        points=points,
        interval=wilson(points, decided, level=level),
        worst=gained / trials if trials else None,
        best=(gained + undecided) / trials if trials else None,
        lower=wilson(gained, trials, level=level).low,
        merged=tuple(unit for unit in units if len(unit.members) > 1),
        after_the_fact=tuple(m.claim.id for m in members if m.after_the_fact),
    )


def category(unit: Unit) -> str:
    """
    Return the status that *unit* is counted under, or `AFTER_THE_FACT`.

    Where its claims differ: conflicting if one is; partly if all are decided and some held or
    failed while others did not; late if some held and the others were late; else the worst.
    """
    statuses = {member.status for member in unit.live}
    if not statuses:
        return AFTER_THE_FACT if any(m.after_the_fact for m in unit.members) else _aside(unit)
    some_held = bool(statuses - {Status.FAILED, Status.LATE})
    if statuses <= set(DECIDED) and Status.FAILED in statuses and some_held:
        return Status.PARTLY
    return min(statuses, key=_WORST_FIRST.index)


def _aside(unit: Unit) -> Status:
    return min((member.status for member in unit.members), key=_WORST_FIRST.index)


@attrs.frozen
class Stake:
    """What a unit adds to the bounds: *points* of *trials*, and how many trials are *undecided*."""

    points: float
    trials: int
    undecided: int


def stake(unit: Unit, weights: Weights) -> Stake:
    """
    Return what *unit* adds to the bounds.

    Its points are the least weight of its claims. It is one trial if all of its claims held, else
    one for each different bet that did not.
    """
    live = unit.live
    if not live:
        return Stake(0.0, 0, 0)
    lost = {m.bet: m.status for m in live if m.status not in {Status.HELD, Status.PENDING}}
    held = all(member.status is Status.HELD for member in live)
    return Stake(
        points=min(weights.get(member.status, 0.0) for member in live),
        trials=1 if held else len(lost),
        undecided=sum(status in OPEN for status in lost.values()),
    )


def _ranked(records: list[TrackRecord], min_decided: int) -> tuple[TrackRecord, ...]:
    ranked = [r for r in records if r.decided >= min_decided]
    ranked.sort(key=lambda r: (-r.lower, r.key or ""))
    lowers = [r.lower for r in ranked]
    others = [r for r in records if r.decided < min_decided]
    others.sort(key=lambda r: (-r.decided, -r.made, r.key or ""))
    placed = [attrs.evolve(r, rank=lowers.index(r.lower) + 1) for r in ranked]
    return (*placed, *others)
