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

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import attrs

from claimtrack.engine.audit import Audit
from claimtrack.model.claim import Claim, ClaimKind
from claimtrack.model.criterion import Assessed, Judged, leaves_of
from claimtrack.model.verdict import Status

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
