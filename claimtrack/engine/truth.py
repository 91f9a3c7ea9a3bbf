"""
The two bits of a criterion.

What the record shows is two independent bits: that the criterion holds (*shown*), and that it does
not (*refuted*). Unlike one of three values, the pair keeps apart what is unknown and what is in
conflict, and the connectives stay plain counts.
"""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple


class Truth(NamedTuple):
    """What the record says of a criterion."""

    shown: bool
    refuted: bool

    @property
    def word(self) -> str:
        """The name of the pair: unknown, true, false or conflicting."""
        return WORDS[self]


UNKNOWN: Final = Truth(shown=False, refuted=False)
TRUE: Final = Truth(shown=True, refuted=False)
FALSE: Final = Truth(shown=False, refuted=True)
CONFLICTING: Final = Truth(shown=True, refuted=True)

WORDS: Final[Mapping[Truth, str]] = {
    UNKNOWN: "unknown",
    TRUE: "true",
    FALSE: "false",
    CONFLICTING: "conflicting",
}


def negated(truth: Truth) -> Truth:
    """Return the truth of "not" a criterion: the bits swap."""
    return Truth(truth.refuted, truth.shown)


def at_least(needed: int, truths: Iterable[Truth]) -> Truth:
    """
    Return the truth of "at least *needed* of these".

    It is shown if so many members are shown, and refuted if so many are refuted that the rest
    cannot suffice. *needed* is from 1 to the number of *truths*, both inclusive.

    Example:
        >>> at_least(2, [TRUE, FALSE, UNKNOWN]).word
        'unknown'
    """
    members = list(truths)
    shown = sum(truth.shown for truth in members)
    refuted = sum(truth.refuted for truth in members)
    return Truth(shown >= needed, refuted >= len(members) - needed + 1)
