"""
Measure, shorten and wrap text by the columns that it takes on a terminal.

Widths follow Unicode: wide and full-width characters take two columns (UAX 11), combining marks
none, all others one. Ambiguous characters are narrow, as they are outside East Asian locales.
A narrow symbol with an emoji presentation selector takes two.
"""

import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Final

ELLIPSIS: Final = "\u2026"
WIDEST_CHARACTER: Final = 2
"""The least width to which any text can be wrapped."""

_HYPHENS: Final = "-/"
_EMOJI: Final = "\ufe0f"
_PREPENDED: Final = (
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
_JAMO: Final = range(0x1160, 0x1200)  # vowels and finals of Hangul join the syllable before


def display_width(text: str) -> int:
    """
    Return the display columns of *text*, whose control characters are escaped.

    Example:
        >>> display_width("abc"), display_width("天然气"), display_width("e\u0301")
        (3, 6, 1)
    """
    return len(text) if text.isascii() else _display_width(text)


@lru_cache(maxsize=1024)
def _display_width(text: str) -> int:
    return sum(map(_width, text)) if _EMOJI not in text else sum(_widths(text))


def shorten(text: str, width: int) -> str:
    """
    Shorten *text* to at most *width* columns, with an ellipsis at the cut.

    Args:
        text: One line.
        width: Columns, 0 or more; at 0 nothing is left.

    Example:
        >>> shorten("first gas on 2 December", 10)
        'first gas…'
    """
    if display_width(text) <= width:
        return text
    if width < 1:
        return ""
    kept, used = 0, 0
    for size in _widths(text):
        if used + size > width - 1:
            break
        kept, used = kept + 1, used + size
    return f"{text[:kept].rstrip()}{ELLIPSIS}"


def wrap(text: str, width: int, *, again: Callable[[str], str] = str) -> list[str]:
    """
    Break *text* into lines of at most *width* columns; only spaces at the breaks are lost.

    It breaks at spaces; a word that is longer than a line is broken after a hyphen or a slash, or
    else begins on a line of its own and is broken between characters, never before a combining
    mark.

    Args:
        text: One line.
        width: Columns, at least `WIDEST_CHARACTER`.
        again: Escapes the start of each further line; *text* itself is escaped already.

    Returns:
        At least one line; none of several is empty.

    Example:
        >>> wrap("first gas on 2 December", 10)
        ['first gas', 'on 2', 'December']
    """
    lines = []
    while (reach := _reach(text, width)) < len(text):
        end = _end(text, reach, width)
        lines.append(text[:end].rstrip(" "))
        text = again(text[end:].lstrip(" "))
    lines.append(text)
    return list(filter(None, lines)) or [""]


def _end(text: str, reach: int, width: int) -> int:
    """Return the end of the first line of *text*, of which *reach* characters fit."""
    space = text.rfind(" ", 0, reach + 1)
    word = text[space + 1 :].partition(" ")[0]
    if _reach(word, width) < len(word):
        for at in range(reach, space + 1, -1):
            if text[at - 1] in _HYPHENS and text[at] not in _HYPHENS and display_width(text[at]):
                return at
    return space if text[:space].strip(" ") and space > 0 else reach


def _reach(text: str, width: int) -> int:
    """Count the characters at the start of *text* that fit into *width* columns."""
    if text.isascii():
        return min(len(text), width)
    used, before = 0, 0
    for at, character in enumerate(text):
        is_wider = character == _EMOJI and before == 1
        before = 1 if is_wider else _width(character)
        used += before
        if used > width:
            return at - is_wider
    return len(text)


def _widths(text: str) -> list[int]:
    widths: list[int] = []
    for character in text:
        if character == _EMOJI and widths and widths[-1] == 1:
            widths.append(1)
        else:
            widths.append(_width(character))
    return widths


@lru_cache(maxsize=4096)
def _width(character: str) -> int:
    category = unicodedata.category(character)
    if category in {"Mn", "Me"} or ord(character) in _JAMO:
        return 0
    if category == "Cf":
        return int(character in _PREPENDED)
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
