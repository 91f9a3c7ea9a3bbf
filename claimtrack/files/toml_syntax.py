r"""
The tokens of TOML 1.0, as expressions that take a valid text apart in linear time.

Every text that comes here has passed `tomllib`, so these expressions find where a token ends and
never whether it is allowed. They know no carriage returns: `tomllib` replaces ``\r\n`` before it
reads, and so does who uses them. Each loop is unrolled (``a*(?:b a*)*`` with a and b that begin
differently): no text makes them go back over what they have read more than once.
"""

import re
import tomllib
from typing import Final

BARE: Final = "[A-Za-z0-9_-]+"
BASIC: Final = r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"'
LITERAL: Final = r"'[^'\n]*'"
# A text over several lines ends with three quotes, and up to two more may stand before those.
LONG_BASIC: Final = r'"""[^"\\]*(?:(?:\\.|""?(?!"))[^"\\]*)*"{3,5}'
LONG_LITERAL: Final = r"'''[^']*(?:''?(?!')[^']*)*'{3,5}"
# Numbers, dates and words; a date and its time may stand apart by one space.
ATOM: Final = r"[^\s,\]}#\"']+(?: [0-9]{2}:[^\s,\]}#]+)?"

SCALAR: Final = re.compile(f"{LONG_BASIC}|{LONG_LITERAL}|{BASIC}|{LITERAL}|{ATOM}", re.DOTALL)
"""One value that is neither an array nor an inline table."""

KEY_PART: Final = re.compile(f"({BARE}|{BASIC}|{LITERAL})[ \t]*([.]?)[ \t]*")
"""One part of a key (group 1), and the dot after it where another part follows (group 2)."""

BETWEEN_STATEMENTS: Final = re.compile(r"[ \t\n]*(?:#[^\n]*[ \t\n]*)*")
BETWEEN_ELEMENTS: Final = re.compile(r"[ \t\n,]*(?:#[^\n]*[ \t\n,]*)*")
EQUALS: Final = re.compile("=[ \t]*")


def key_text(part: str) -> str:
    r"""
    Return what one *part* of a key says, without its quotes and escapes.

    Example:
        >>> key_text(r'"\u00fcber"')
        'über'
    """
    if part[0] == "'" or (part[0] == '"' and "\\" not in part):
        return part[1:-1]
    if part[0] == '"':
        text: str = tomllib.loads(f"key = {part}")["key"]
        return text
    return part


def _within(depth: int) -> str:
    """Return an expression for a value on one line with at most *depth* brackets in brackets."""
    inner = f"(?!\"\"\"){BASIC}|(?!'''){LITERAL}"
    if depth:
        inner = rf"{inner}|[\[{{]{_within(depth - 1)}[\]}}]"
    plain = r"[^\[\]{}\"'#\n]*"
    return f"{plain}(?:(?:{inner}){plain})*"


# A run is bounded because the engine remembers each of its lines until the run ends.
PLAIN_LINES: Final = re.compile(
    rf"(?:[ \t]*(?:[A-Za-z0-9_.-][A-Za-z0-9_. \t-]*={_within(3)})?(?:#[^\n]*)?\n){{0,500}}"
)
"""
Lines that are each blank, a comment, or one bare key with the whole of its value.

Values with brackets more than three deep, with texts in three quotes, or over several lines are
left out, so that whoever reads on has to walk over them token by token.
"""
