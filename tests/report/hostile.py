"""Text that tries to act: a corpus of known tricks, and strategies that mix their parts."""

import json
import re
import unicodedata
from pathlib import Path
from typing import Final

from hypothesis import strategies as st

_LINES: Final = Path(__file__).with_name("injections.jsonl").read_text(encoding="ascii")
INJECTIONS: Final[dict[str, str]] = {
    item["trick"]: item["text"] for item in map(json.loads, _LINES.splitlines())
}

_PARTS: Final = sorted(
    {part for text in INJECTIONS.values() for part in re.findall(r"\w+|\s|\W", text)}
    | {"::", "##[", "##", "://", "]]>", "{{", "${", "<!--", "</", "\r\n", "\u0915\u094d", "\u0645"}
)


def texts(*, max_size: int | None = None) -> st.SearchStrategy[str]:
    """Any text at all, lone surrogates too, and mixtures of the parts of the known tricks."""
    anything = st.text(st.characters(exclude_categories=()), max_size=max_size)
    parts = st.one_of(st.sampled_from(_PARTS), st.characters(exclude_categories=()))
    mixed = st.lists(parts, max_size=12).map("".join)
    if max_size is not None:
        mixed = mixed.map(lambda text: text[:max_size])
    return st.one_of(anything, mixed, st.sampled_from(sorted(INJECTIONS.values())))


def commands(output: str) -> list[str]:
    """
    Find what a continuous integration server would obey in *output*, as its own parser does.

    A rewriting of the runners' rules: a line is split at every end that any reader may know,
    characters without width are passed over, since the runners compare by culture.
    """
    found = []
    for line in output.splitlines():
        seen = "".join(c for c in line if unicodedata.category(c) != "Cf" and c not in _SELECTORS)
        if seen.lstrip().startswith("::") or re.search(r"##\w*\[", seen):
            found.append(line)
    return found


_SELECTORS: Final = {chr(code) for code in range(0xFE00, 0xFE10)} | {"\u034f"}


def acting(line: str) -> set[str]:
    """
    Name the characters of a *line* that act without being seen, by their Unicode properties.

    Joiners and presentation selectors have their own tests.
    """
    allowed = set("\u200c\u200d\ufe0e\ufe0f\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f")
    allowed |= set("\u0890\u0891\u08e2\U000110bd\U000110cd")
    return {
        f"U+{ord(character):04X}"
        for character in set(line) - allowed
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
    }
