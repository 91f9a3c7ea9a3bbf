"""Findings on the links between claims."""

from collections.abc import Callable, Iterator, Mapping
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
    for claim in claims.values():
        for link in CLASHES:
            if getattr(claim, link):
                yield from _clashes(exam, claim, link)


def _clashes(exam: Exam, claim: Claim, link: str) -> Iterator[Finding]:
    code, clash, told = CLASHES[link]
    outcomes = exam.audit.outcomes
    here = outcomes.get(claim.id)
    for number, id_ in enumerate(getattr(claim, link)):
        there = outcomes.get(id_)
        if here is None or there is None or not clash(here.status, there.status):
            continue
        if link == "contradicts" and _told_already(exam, claim.id, id_):
            continue
        message = told.format(there_id=id_, here=here.status, there=there.status)
        yield exam.finding(code, claim_record(claim.id), message, path=(link, number))


def _told_already(exam: Exam, here: str, there: str) -> bool:
    """Say whether the other claim has the same link back, and comes first by its id."""
    return there < here and here in exam.registry.claims[there].contradicts


def in_circles(claims: Shelf[Claim], link: str) -> list[str]:
    """Return the ids of the claims that *link*, followed on and on, leads back to."""
    ahead = {id_: tuple(getattr(claim, link)) for id_, claim in claims.items()}
    ahead = {id_: links for id_, links in ahead.items() if links}
    return [id_ for id_ in ahead if _returns(id_, ahead)]


def _returns(start: str, ahead: Mapping[str, tuple[str, ...]]) -> bool:
    waiting, seen = list(ahead[start]), set[str]()
    while waiting:
        here = waiting.pop()
        if here == start:
            return True
        if here not in seen:
            seen.add(here)
            waiting += ahead.get(here, ())
    return False
