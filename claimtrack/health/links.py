"""Findings on the links between claims."""

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from claimtrack.errors import Finding
from claimtrack.health.exam import Exam, claim_record
from claimtrack.model.claim import Claim
from claimtrack.model.shelf import Shelf
from claimtrack.model.verdict import Status

DIRECTED: Final = ("part_of", "depends_on", "refines", "repeats")
"""The links that may not lead back to where they began."""

_VOID: Final = (Status.FAILED, Status.ANNULLED)

Clash = Callable[[Status, Status], bool]

CLASHES: Final[Mapping[str, tuple[str, Clash, str]]] = {
    # link: (code, whether the statuses of the claim and of the other clash, the message)
    "contradicts": (
        "CT631",
        lambda here, there: here is there is Status.HELD,
        "contradicts {there_id!r}, and both are held",
    ),
    "repeats": (
        "CT632",
        lambda here, there: here is not there,
        "repeats {there_id!r}, and is {here} where that is {there}",
    ),
    "depends_on": (
        "CT634",
        lambda here, there: here in {Status.HELD, Status.PENDING} and there in _VOID,
        "depends on {there_id!r}, and is {here} where that is {there}",
    ),
    "part_of": (
        "CT635",
        lambda here, there: here is Status.FAILED and there is Status.HELD,
        "is part of {there_id!r}, which is held, and itself failed",
    ),
    "refines": (
        "CT636",
        lambda here, there: here is Status.HELD and there is Status.FAILED,
        "refines {there_id!r}, which failed, and itself holds",
    ),
}
"""What each link forbids, as of one day."""


def check_links(exam: Exam) -> Iterator[Finding]:
    """Find CT631 to CT636."""
    claims = exam.registry.claims
    for link in DIRECTED:
        for id_ in in_circles(claims, link):
            message = f"is reached again by following {link!r}"
            yield exam.finding("CT633", claim_record(id_), message, path=(link,))
    back = {(there, claim.id) for claim in claims.values() for there in claim.contradicts}
    for claim in claims.values():
        for link in CLASHES:
            if getattr(claim, link):
                yield from _clashes(exam, claim, link, back)


def _clashes(
    exam: Exam, claim: Claim, link: str, back: AbstractSet[tuple[str, str]]
) -> Iterator[Finding]:
    """Find clashes; *back* has each claim that another contradicts, with that other."""
    code, clash, told = CLASHES[link]
    outcomes = exam.audit.outcomes
    here = outcomes.get(claim.id)
    for number, id_ in enumerate(getattr(claim, link)):
        there = outcomes.get(id_)
        if here is None or there is None or not clash(here.status, there.status):
            continue
        if link == "contradicts" and id_ < claim.id and (claim.id, id_) in back:
            continue  # told of the other, which comes first by its id
        message = told.format(there_id=id_, here=here.status, there=there.status)
        yield exam.finding(code, claim_record(claim.id), message, path=(link, number))


def in_circles(claims: Shelf[Claim], link: str) -> list[str]:
    """Return the ids of the claims that *link*, followed on and on, leads back to."""
    ahead = {id_: tuple(getattr(claim, link)) for id_, claim in claims.items()}
    ahead = {id_: links for id_, links in ahead.items() if links}
    found = set(_in_cycles(ahead))
    return [id_ for id_ in ahead if id_ in found]


def _in_cycles(ahead: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """
    Iterate over the ids from which a path leads back to themselves.

    They are in the strongly connected components of more than one id, found by Kosaraju's
    algorithm: each link is followed once in each direction.
    """
    back: dict[str, list[str]] = {}
    for here, links in ahead.items():
        for there in links:
            back.setdefault(there, []).append(here)
    seen: set[str] = set()
    for start in reversed(_finished(ahead)):
        if start in seen:
            continue
        seen.add(start)
        component = [start]
        for here in component:  # it grows meanwhile
            new = [there for there in back.get(here, ()) if there not in seen]
            seen.update(new)
            component += dict.fromkeys(new)
        if len(component) > 1:
            yield from component


def _finished(ahead: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return all ids in the order in which a walk in depth, link by link, is done with them."""
    met: set[str] = set()
    done: list[str] = []
    for start in ahead:
        walk = [] if start in met else [(start, iter(ahead[start]))]
        met.add(start)
        while walk:
            here, links = walk[-1]
            there = next((id_ for id_ in links if id_ not in met), None)
            if there is None:
                walk.pop()
                done.append(here)
            else:
                met.add(there)
                walk.append((there, iter(ahead.get(there, ()))))
    return done
