"""
How large what is read may be: without bounds, a small file could fill the memory.

The table of limits in the reference of the file format is printed from here.
"""

import re
from typing import Final

import attrs

from claimtrack.errors import MOST_COUNTED, MOST_TOLD


def _limit(default: int, what: str) -> int:
    return attrs.field(default=default, metadata={"what": what})


@attrs.frozen(kw_only=True)
class Limits:
    """
    Bounds on the files of a registry, each inclusive.

    Bytes are those of the unpacked text. Reading TOML takes some ten to twenty times as much
    memory; JSON lines are read piece by piece.
    """

    text_bytes: int = _limit(64 << 20, "bytes of a TOML file")
    tables: int = _limit(
        2_000_000, "brackets that open a table or a list in a TOML file; dots likewise"
    )
    lines_bytes: int = _limit(16 << 30, "bytes of a file of JSON lines, unpacked")
    lines: int = _limit(50_000_000, "lines of such a file")
    line_bytes: int = _limit(4 << 20, "bytes of such a line")
    unpacked: int = _limit(
        100, "bytes that one byte of a packed file may unpack to, after the first 64 MB"
    )
    nesting: int = _limit(100, "lists and tables in each other, in TOML and JSON")
    files: int = _limit(1_000_000, "files and folders in a registry's folder")
    folders_deep: int = _limit(64, "folders in folders")
    problems: int = _limit(MOST_TOLD, "problems told of one load; further ones are counted")
    problems_counted: int = _limit(MOST_COUNTED, "problems counted before a load ends")


LIMITS: Final = Limits()
"""Far above what people keep: a hundred thousand claims with their evidence are 80 MB."""

UNPACKED_FREE: Final = 64 << 20
"""Bytes that any packed file may unpack to, however small it is."""

_OTHER: Final = re.compile(r"[^\[\]{}]+")


def too_deep(text: str, quoted: re.Pattern[str], most: int) -> int | None:
    """
    Return the offset of the first bracket in *text* that opens more than *most* levels, or None.

    Args:
        text: TOML or JSON, which need not be valid.
        quoted: What may hold brackets that open nothing.
        most: Levels.
    """
    left = _OTHER.sub("", quoted.sub("", text))
    for _ in range(most):  # each round takes at least the innermost level away
        before, left = left, left.replace("[]", "").replace("{}", "")
        if len(before) == len(left):
            break
    if not left:
        return None
    depth = 0
    for found in re.finditer(rf"{quoted.pattern}|[\[\]{{}}]", text, quoted.flags):
        if found[0] in {"[", "{"}:
            depth += 1
            if depth > most:
                return found.start()
        elif found[0] in {"]", "}"}:
            depth -= 1
    return None
