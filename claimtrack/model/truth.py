"""
The two bits of a criterion.

What the record shows is two independent bits: that the criterion holds (*shown*), and that it does
not (*refuted*). Unlike one of three values, the pair keeps apart what is unknown and what is in
conflict.
"""

from collections.abc import Mapping
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
