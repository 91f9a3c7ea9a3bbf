"""
Give each status a word, a shape and a colour, and decide whether colour is wanted.

Colour is never the only sign: the word is always there, with a symbol of its own shape. All
symbols take one column on every terminal (none is of ambiguous width).
"""

import re
from collections.abc import Mapping
from typing import Final, Literal

import attrs

Wanted = Literal["auto", "always", "never"]

_RESET: Final = "\x1b[0m"


@attrs.frozen
class Style:
    """
    How one status is shown.

    Args:
        symbol: One character, different for each status.
        ansi: Parameters of an ANSI ``SGR`` sequence, as ``1;31``.
        ascii: The symbol where output is ASCII, different for each status.
    """

    symbol: str
    ansi: str
    ascii: str

    def paint(self, text: str) -> str:
        """Return *text* in colour, then reset the colour."""
        return f"\x1b[{self.ansi}m{text}{_RESET}"


STYLES: Final[Mapping[str, Style]] = {
    "held": Style("\u2713", "32", "+"),  # check mark, green
    "late": Style("\u25f7", "33", ">"),  # part of a clock face, yellow
    "partly": Style("\u25d2", "36", "%"),  # half a disc, cyan
    "failed": Style("\u2717", "1;31", "x"),  # ballot cross, bold red
    "conflicting": Style("\u21c4", "35", "="),  # two arrows, magenta
    "pending": Style("\u25cc", "34", "."),  # dotted circle, blue
    "overdue": Style("!", "1;33", "!"),  # bold yellow
    "not-enough-evidence": Style("?", "33", "?"),  # yellow
    "not-checkable": Style("\u2298", "2", "/"),  # struck circle, faint
    "annulled": Style("\u2205", "2;9", "0"),  # empty set, faint and struck through
}
"""The style of each status, in the order in which counts are printed."""

ASCII_SYMBOLS: Final[Mapping[str, str]] = {style.symbol: style.ascii for style in STYLES.values()}
"""The ASCII symbol for each symbol."""

_DELAY: Final = re.compile(r"(?<=late) by [0-9]+ days?$")


def label(status: str) -> str:
    """
    Return the symbol and the word of a *status*; any other word is returned as it is.

    Example:
        >>> label("held")
        '✓ held'
    """
    style = STYLES.get(status)
    return status if style is None else f"{style.symbol} {status}"


def status_of(cell: str) -> str | None:
    """
    Return the status that a *cell* shows, as a word or a label; None for other cells.

    A delay may follow it, or a colon and how far things have come.
    """
    shown = _DELAY.sub("", cell.partition(":")[0])
    word = shown.rpartition(" ")[2]
    return word if word in STYLES and shown in {word, label(word)} else None


def wants_colour(environ: Mapping[str, str], *, is_terminal: bool, wanted: Wanted = "auto") -> bool:
    """
    Decide whether output is coloured.

    Args:
        environ: The environment. A ``NO_COLOR`` that is not empty turns colour off
            (no-color.org); else a ``FORCE_COLOR`` that is not empty turns it on.
        is_terminal: Whether the output goes to a terminal, whose ``TERM`` is not ``dumb``.
        wanted: What the user asked for on the command line, which beats the environment.
    """
    if wanted != "auto":
        return wanted == "always"
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR"):
        return True
    return is_terminal and environ.get("TERM") != "dumb"
