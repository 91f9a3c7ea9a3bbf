"""
Marks beside a status: *suspect* and *stale*.

A claim is suspect when its words, its criterion, the evidence that decides it, the facts that it
asks about or the policy that it falls back on are no longer what they were when its status was
signed, or when it was signed as decided by a function of the user that is not asked now. It is
stale when the day on which it was to be looked at again has passed. Signing it anew clears both.
"""

from collections.abc import Iterable
from typing import Final

from claimtrack.engine.fingerprint import changed_parts, fingerprint
from claimtrack.model.claim import Claim
from claimtrack.model.registry import Records
from claimtrack.model.span import Day

SUSPECT: Final = "suspect"
STALE: Final = "stale"


def marks_of(
    claim: Claim, used: Iterable[str] | None, records: Records, day: Day
) -> tuple[str, ...]:
    """
    Return the marks of *claim* on *day*.

    Args:
        claim: The claim, as it stands.
        used: Ids of the evidence that decides it on that day; None if a function does.
        records: Where evidence and sources are looked up.
        day: An ordinal. A signature counts from its own day on.
    """
    marks = []
    if suspected(claim, used, records, day):
        marks.append(SUSPECT)
    if is_stale(claim, day):
        marks.append(STALE)
    return tuple(marks)


def suspected(
    claim: Claim, used: Iterable[str] | None, records: Records, day: Day
) -> tuple[str, ...]:
    """Return the parts of its fingerprint in which *claim* differs from what was signed."""
    signed = claim.signed
    if signed is None or signed.fingerprint is None or day < signed.on.first:
        return ()
    return changed_parts(signed.fingerprint, fingerprint(claim, used, records))


def is_stale(claim: Claim, day: Day) -> bool:
    """Say whether the review day of *claim* has passed without a signature on it or since."""
    if claim.review_by is None or day <= claim.review_by.last:
        return False
    signed = claim.signed
    return signed is None or not claim.review_by.first <= signed.on.first <= day
