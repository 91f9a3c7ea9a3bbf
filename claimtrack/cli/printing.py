"""
Printing to the standard output and the standard error: the one place that writes to them.

Text for people is written in the encoding of the terminal; characters that it lacks are replaced
by ASCII ones of the same width, so that tables stay aligned. Output for programs is UTF-8 with line
feeds on every system.
"""

import codecs
import sys
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, TextIO, TypeAlias

import click

ASCII_FALLBACK: Final = "claimtrack.ascii"
"""The name of the error handler that replaces characters that cannot be encoded."""

_PUNCTUATION: Final = str.maketrans(
    {
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"'),
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032", "'"),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u2026\u00b1", "~"),
        **dict.fromkeys("\u00b7\u2022", "."),
        "\u00a0": " ",
        "\u202f": " ",
        "\u00d7": "x",
        "\u2192": ">",
    }
)


Text: TypeAlias = str | Iterator[str]
"""A text, or its pieces, of which each is printed before the next is made."""


def print_text(
    text: str = "", *, nl: bool = True, err: bool = False, colour: bool | None = None
) -> None:
    """
    Print *text* for people.

    Args:
        text: What to print, escaped already.
        nl: Whether a line end follows.
        err: Whether it goes to the standard error.
        colour: Whether to keep colours; None keeps them on terminals only.
    """
    # Left to choose the stream itself, click would write UTF-8 to an ASCII output.
    click.echo(text, file=sys.stderr if err else sys.stdout, nl=nl, color=colour)


def print_data(text: Text) -> None:
    """Print *text* for programs, as UTF-8 without translating line ends."""
    stream = sys.stdout
    if stream is None:
        return
    pieces = (text,) if isinstance(text, str) else text
    binary = getattr(stream, "buffer", None)
    if binary is None:  # a text stream, as from `contextlib.redirect_stdout`
        stream.writelines(pieces)
        return
    stream.flush()
    binary.writelines(piece.encode("utf-8", "backslashreplace") for piece in pieces)
    binary.flush()


def print_as(format_: str, text: Text, *, colour: bool | None = None) -> None:
    """Print *text* in the format of that name, which has its own line end."""
    if format_ in {"text", "table"}:
        whole = text if isinstance(text, str) else "".join(text)
        print_text(whole, nl=False, colour=colour)
    else:
        print_data(text)


def use_ascii_fallback(*streams: TextIO | None) -> None:
    """Let *streams* replace characters that they cannot encode."""
    codecs.register_error(ASCII_FALLBACK, _replaced)
    for stream in streams:
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors=ASCII_FALLBACK)


def _replaced(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_in_ascii, error.object[error.start : error.end])), error.end


@lru_cache(maxsize=1024)
def _in_ascii(character: str) -> str:
    r"""
    Return ASCII of the width of *character*; a lone surrogate is escaped.

    Example:
        >>> "".join(map(_in_ascii, "─│┼✓“”…ł天"))
        '-|++""~???'
    """
    from claimtrack.report.style import ASCII_SYMBOLS  # noqa: PLC0415 - rarely needed
    from claimtrack.report.width import display_width  # noqa: PLC0415

    if unicodedata.category(character) == "Cs":
        return ascii(character)[1:-1]
    shown = ASCII_SYMBOLS.get(character, character).translate(_PUNCTUATION)
    if not shown.isascii():
        shown = _rule(unicodedata.name(character, ""))
    return shown or "?" * display_width(character)


def _rule(name: str) -> str:
    """Return the ASCII form of a box-drawing character by its Unicode *name*."""
    if not name.startswith("BOX DRAWINGS"):
        return ""
    if " AND " in name:
        return "+"
    if name.endswith(" HORIZONTAL"):
        return "=" if "DOUBLE" in name else "-"
    return "|"
