"""
What counts as one claim in a track record.

A record that counts every line of a file can be padded: say a safe thing twice, or cut one
sentence into five. So claims of one speaker are taken together as one *unit* where

- one lists the other in ``repeats`` or ``part_of``;
- they were cut from one sentence: same source, and the words of one quote stand in the other
  (whole words, upper and lower case alike; a fragment of fewer than three words must be equal);
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
from claimtrack.model.verdict import Status
from claimtrack.score import _check
from claimtrack.score.intervals import Interval, wilson

GOOD: Final = frozenset({Status.HELD, Status.LATE, Status.PARTLY})
"""The statuses that can add to a record."""

NO_ASSERTION: Final = frozenset({ClaimKind.OPINION, ClaimKind.DEMAND})
"""Kinds of claim that nobody expects to be checkable."""

_FRAGMENT: Final = 3
"""From so many words on, a quote inside another is a piece of it and no coincidence."""


@attrs.frozen(kw_only=True)
class Member:
    """
    One claim as a record sees it.

    Args:
        claim: The claim.
        status: What became of it.
        after_the_fact: Whether its outcome was already known when it was made, so that it is no
            credit to anybody. Claims of kind ``fact`` speak of what is known and are never that.
        aside: Whether it is out of the count: an opinion or a demand that nobody can check, or a
            claim whose own condition did not come about.
    """

    claim: Claim
    status: Status
    after_the_fact: bool
    aside: bool

    @property
    def bet(self) -> object:
        """What it bets on; equal bets cannot come out differently."""
        claim = self.claim
        if claim.criterion is None or _is_judged(claim):
            return claim.id
        return claim.criterion, claim.condition


@attrs.frozen(kw_only=True)
class Unit:
    """Claims that count as one; *because* tells why they were taken together, if several."""

    members: tuple[Member, ...]
    because: tuple[str, ...] = ()

    @property
    def live(self) -> tuple[Member, ...]:
        """The members that are neither aside nor after the fact."""
        return tuple(m for m in self.members if not m.aside and not m.after_the_fact)


def members_of(audit: Audit) -> Mapping[str, Member]:
    """Return every claim that had been made, as a record sees it, by id."""
    return {id_: _member(audit, id_) for id_ in audit.outcomes}


def _member(audit: Audit, id_: str) -> Member:
    claim, status = audit.records.claims[id_], audit.outcomes[id_].status
    opinion = status is Status.NOT_CHECKABLE and claim.kind in NO_ASSERTION
    by_decree = claim.annulled is not None and claim.annulled.first <= audit.day
    void = status is Status.ANNULLED and not by_decree
    return Member(
        claim=claim,
        status=status,
        after_the_fact=_was_known(audit, claim, status),
        aside=opinion or void,
    )


def _was_known(audit: Audit, claim: Claim, status: Status) -> bool:
    if status not in GOOD or claim.kind is ClaimKind.FACT:
        return False
    decided_on = audit[claim.id].decided_on
    # A day counts as a whole: what was published on the day of the claim was known to it.
    return decided_on is not None and decided_on <= claim.said.last


def _is_judged(claim: Claim) -> bool:
    criteria = (claim.criterion, claim.condition)
    leaves = (leaf for c in criteria if c is not None for leaf in leaves_of(c))
    return any(isinstance(leaf, Judged | Assessed) for leaf in leaves)


def units_of(members: Sequence[Member]) -> tuple[Unit, ...]:
    """
    Take *members* together that count as one.

    Returns:
        Units in the order of their first members; each member is in one of them.
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
    together: defaultdict[str, list[Member]] = defaultdict(list)
    for member in members:
        together[top(member.claim.id)].append(member)
    why: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for id_, because in reasons:
        why[top(id_)][because] = None
    return tuple(
        Unit(members=tuple(found), because=tuple(why[id_])) for id_, found in together.items()
    )


def _ties(members: Sequence[Member]) -> Iterator[tuple[str, str, str]]:
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


Words = tuple[str, ...]
"""The id of a source, and the words of a quote from it."""


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
            if len(longer) > len(words) and _holds(longer[1:], words[1:]):
                yield quotes[longer], id_, "one sentence"


def _words(quote: str) -> Iterable[str]:
    letters = "".join(c if c.isalnum() else " " for c in quote.casefold())
    return letters.split()


def _fragments(words: Words) -> list[Words]:
    """Return the different runs of three words of a quote, each with its source."""
    source, *rest = words
    runs = (tuple(rest[i : i + _FRAGMENT]) for i in range(len(rest) - _FRAGMENT + 1))
    return list({(source, *run): None for run in runs})


def _holds(longer: Words, shorter: Words) -> bool:
    size = len(shorter)
    return any(longer[i : i + size] == shorter for i in range(len(longer) - size + 1))


AFTER_THE_FACT: Final = "after the fact"
"""The column of units whose outcome was known when they were made."""

MIN_DECIDED: Final = 10
"""From so many decided units on, a share says enough to be ranked."""

Weights = Mapping[Status, float]
Found = TypeVar("Found")

COUNTING: Final[Mapping[str, Weights]] = MappingProxyType(
    {
        "strict": {Status.HELD: 1.0},
        "half": {Status.HELD: 1.0, Status.LATE: 0.5, Status.PARTLY: 0.5},
        "lenient": {Status.HELD: 1.0, Status.LATE: 1.0, Status.PARTLY: 1.0},
    }
)
"""How much a status counts as held, 0 to 1, by the name of the policy; 0 where it is not named."""

DECIDED: Final = (Status.HELD, Status.LATE, Status.PARTLY, Status.FAILED)
"""What a share is of. Conflicting evidence decides nothing, and stands in the bounds."""

OPEN: Final = (
    Status.CONFLICTING,
    Status.OVERDUE,
    Status.NOT_ENOUGH_EVIDENCE,
    Status.NOT_CHECKABLE,
    Status.ANNULLED,
)
"""What the bounds count as failed and as held."""

MATURED: Final = (*DECIDED, Status.CONFLICTING, Status.OVERDUE, Status.NOT_ENOUGH_EVIDENCE)
"""What time has come for."""

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


@attrs.frozen(kw_only=True)
class TrackRecord:
    """
    What became of the claims of one speaker, source, topic or kind.

    Args:
        key: The id of the speaker or source, the topic or the kind; None for claims without one.
        claims: How many claims there are, each line counted.
        counts: How many units have each status, every status in it; and `AFTER_THE_FACT`.
        points: What the decided units count as held, by the counting policy.
        interval: Wilson's interval for `share`; [0, 1] with nothing decided.
        worst: The share at worst, 0 to 1; None if nothing has come due.
        best: The share at best, 0 to 1; None if nothing has come due.
        lower: The lower end of Wilson's interval for the share at worst, 0 to 1.
        rank: 1 for the highest *lower*, equal ones sharing it; None for too few decided units.
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
        """How many units were made."""
        return sum(self.counts.values())

    @property
    def matured(self) -> int:
        """How many units are decided, or ought to be."""
        return sum(self.counts[status] for status in MATURED)

    @property
    def decided(self) -> int:
        """How many units held, were late, held partly or failed."""
        return sum(self.counts[status] for status in DECIDED)

    @property
    def share(self) -> float | None:
        """The share of decided units that held, 0 to 1, or None if none is decided."""
        return self.points / self.decided if self.decided else None


GROUPS: Final[Mapping[str, Callable[[Claim], Iterable[str | None]]]] = MappingProxyType(
    {
        "speaker": lambda claim: (claim.speaker,),
        "source": lambda claim: (claim.source,),
        "topic": lambda claim: claim.topics or (None,),
        "kind": lambda claim: (claim.kind and claim.kind.value,),
    }
)
"""What a record can be of: the keys of a claim under it. A claim of two topics is in both."""


def track_records(
    audit: Audit,
    *,
    by: str = "speaker",
    counting: str = "strict",
    min_decided: int = MIN_DECIDED,
    level: float = 0.95,
) -> tuple[TrackRecord, ...]:
    """
    Count what became of the claims in *audit*, for each speaker, source, topic or kind.

    Args:
        audit: The verdicts as of a day.
        by: A key of `GROUPS`.
        counting: A key of `COUNTING`: how much late and partly count.
        min_decided: How many decided units it takes to be ranked, at least 1.
        level: Confidence of the intervals, between 0 and 1, both exclusive.

    Returns:
        The ranked records, best first; then the others, most decided first; ties by key.

    Raises:
        FieldError: An argument is not one of those that it can be.
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


def _choice(name: str, given: str, known: Mapping[str, Found]) -> Found:
    if given not in known:
        raise _check.refuse(f"{name} {given!r} is not known; expected one of {', '.join(known)}")
    return known[given]


def _record(key: str | None, members: list[Member], weights: Weights, level: float) -> TrackRecord:
    units = units_of(members)
    found = Counter(map(category, units))
    counts = {name: found[name] for name in (*Status, AFTER_THE_FACT)}
    decided = sum(counts[status] for status in DECIDED)
    points = fsum(weights.get(status, 0.0) * counts[status] for status in DECIDED)
    stakes = [stake(unit, weights) for unit in units]
    trials, sure = sum(s.trials for s in stakes), fsum(s.points for s in stakes)
    undecided = sum(s.undecided for s in stakes)
    return TrackRecord(
        key=key,
        claims=len(members),
        counts=counts,
        points=points,
        interval=wilson(points, decided, level=level),
        worst=sure / trials if trials else None,
        best=(sure + undecided) / trials if trials else None,
        lower=wilson(sure, trials, level=level).low,
        merged=tuple(unit for unit in units if len(unit.members) > 1),
        after_the_fact=tuple(m.claim.id for m in members if m.after_the_fact),
    )


def category(unit: Unit) -> str:
    """
    Return the status that *unit* is counted under, or `AFTER_THE_FACT`.

    Where its claims differ: conflicting if one is; partly if all are decided and some held or
    failed while others did not; late if some held and the others were late; else the worst.
    """
    found = {member.status for member in unit.live}
    if not found:
        return AFTER_THE_FACT if any(m.after_the_fact for m in unit.members) else _aside(unit)
    if found <= set(DECIDED) and Status.FAILED in found and found - {Status.FAILED, Status.LATE}:
        return Status.PARTLY
    return min(found, key=_WORST_FIRST.index)


def _aside(unit: Unit) -> Status:
    return min((member.status for member in unit.members), key=_WORST_FIRST.index)


@attrs.frozen
class Stake:
    """What a unit adds to the bounds: *points* out of *trials*, and how many are *undecided*."""

    points: float
    trials: int
    undecided: int


def stake(unit: Unit, weights: Weights) -> Stake:
    """
    Return what *unit* adds to the bounds.

    It gains what the least of its claims counts, once; and it is tried once if all of its claims
    held, else once for each different bet that did not.
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
