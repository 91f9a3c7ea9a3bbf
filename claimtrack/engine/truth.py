"""
How the two bits of criteria combine.

The connectives are plain counts of either bit.
"""

from collections.abc import Iterable
from typing import Final

from claimtrack.model.truth import CONFLICTING, FALSE, TRUE, UNKNOWN, WORDS, Truth

__all__ = [
    "CONFLICTING",
    "FALSE",
    "TRUE",
    "UNKNOWN",
    "WORDS",
    "Truth",
    "at_least",
    "negated",
]

_PAIRS: Final = ((UNKNOWN, FALSE), (TRUE, CONFLICTING))
"""By their two bits, since to look one up takes less time than to make it."""


def negated(truth: Truth) -> Truth:
    """Return the truth of "not" a criterion: the bits swap."""
    return _PAIRS[truth.refuted][truth.shown]


def at_least(needed: int, truths: Iterable[Truth]) -> Truth:
    """
    Return the truth of "at least *needed* of these".

    It is shown if so many members are shown, and refuted if so many are refuted that the rest
    cannot suffice. *needed* is from 1 to the number of *truths*, both inclusive.

    Example:
        >>> at_least(2, [TRUE, FALSE, UNKNOWN]).word
        'unknown'
    """
    shown = refuted = members = 0
    for truth in truths:
        shown += truth.shown
        refuted += truth.refuted
        members += 1
    return _PAIRS[shown >= needed][refuted > members - needed]
