"""
Cut a text into tokens: words and signs in one spelling each, with their places in the text.

Two texts with equal tokens differ in nothing but the kind and number of spaces, line breaks,
quotation marks and dashes, in the spelling of characters that Unicode calls compatible (NFKC:
ligatures, full-width forms), in character references of HTML, and in characters that are not seen
(soft hyphens, zero-width spaces, marks of direction). Upper and lower case are different tokens.

A word that is broken at the end of a line, as in ``comple-`` and ``tion``, can be one word or a
word with a hyphen. Whoever searches says which words it knows: if the joined word is one of them,
it is taken, and otherwise the hyphen stays.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator
from functools import cache, cached_property, lru_cache
from html import unescape
from typing import Final, NamedTuple

_QUOTATION_MARKS: Final = (
    "\"'`\u00ab\u00b4\u00bb\u02b9\u02bb\u02bc\u02bd\u2018-\u201f\u2032-\u2037\u2039\u203a\u275b-\u275e"
    "\u276e\u276f\u300c-\u300f\u301d-\u301f\uff02\uff07\uff40\uff62\uff63"
)
_DASHES: Final = (
    "\\-\u058a\u05be\u1806\u2010-\u2015\u2043\u2053\u207b\u208b\u2212\u2e3a\u2e3b\u301c\u3030"
    "\ufe31\ufe32\ufe58\ufe63\uff0d"
)
_SPACELESS: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035"
    "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003ffff"
)
"""Letters of scripts that put no space between words; each is a token of its own."""

_ENTITY: Final = r"&\#?\w{1,31};"
_BREAK: Final = r"[-\u2010\u00ad][ \t]*\r?\n\s*"
"""A hyphen at the end of a line, up to the first letter of the next."""

_LAST: Final = 0xFFFF
"""The last character whose class is looked up one by one; classes beyond would make `re` slow."""


class _Classes(NamedTuple):
    """Classes of characters, each as the inside of a class of `re`."""

    words: str
    """What words are made of: letters, digits, what combines with them, and what is not seen."""
    invisible: str
    odd: str
    """What is not one token, or a part of a word, as it is."""


@cache
def _classes() -> _Classes:
    spaceless = re.compile(f"[{_SPACELESS}]")
    words, invisible, odd = [], [], []
    for code in range(_LAST + 1):
        character = chr(code)
        category = unicodedata.category(character)
        is_spaceless = code > _ASCII_LAST and spaceless.match(character) is not None
        is_unseen = category == "Cf"
        is_odd = is_unseen or is_spaceless or category[0] == "M"
        if not is_spaceless and (is_odd or character.isalnum() or code == _UNDERSCORE):
            words.append(code)
        if is_unseen:
            invisible.append(code)
        is_odd = is_odd or not unicodedata.is_normalized("NFKC", character)
        if is_odd and not character.isspace():
            odd.append(code)
    return _Classes(
        words=_class_of(words),
        # Variation selectors and tags have a plane of their own.
        invisible=f"{_class_of(invisible)}\U000e0000-\U000e0fff",
        odd=f"{_class_of(odd)}\U00010000-\U0010ffff",
    )


_ASCII_LAST: Final = 0x7F
_UNDERSCORE: Final = ord("_")


def _class_of(codes: Iterable[int]) -> str:
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


class _Patterns(NamedTuple):
    raw: re.Pattern[str]
    """What one or several tokens are made from, in any text."""
    plain: re.Pattern[str]
    """The same where no entity and no broken word is left."""
    invisible: re.Pattern[str]
    odd: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    classes = _classes()
    beyond = r"[\U00010000-\U0001ffff](?<=\w)"
    word = rf"(?:[{classes.words}]+|{beyond}|{_ENTITY})+"
    signs = rf"[{_QUOTATION_MARKS}]+|[{_DASHES}]+|\S"
    return _Patterns(
        raw=re.compile(rf"{word}(?:{_BREAK}(?=[^\W\d_]){word})*|{signs}"),
        plain=re.compile(rf"(?:[{classes.words}]+|{beyond})+|{signs}"),
        invisible=re.compile(f"[{classes.invisible}]+"),
        odd=re.compile(f"[{classes.odd}]"),
    )


_SIMPLE: Final = re.compile(r"\w+|\S")
_HAS_ENTITY: Final = re.compile(_ENTITY)
_MAY_BREAK: Final = re.compile(r"[-\u2010\u00ad][ \t]*\r?\n")
_BROKEN: Final = re.compile(rf"(?<=[^\W\d_]){_BREAK}(?=[^\W\d_])")
_SIGNS: Final = re.compile(f"[{_QUOTATION_MARKS}]+")
_DASH_RUNS: Final = re.compile(f"[{_DASHES}]+")
_FRACTION: Final = re.compile(
    r"(?<=\d)(?=[\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u2079\u2080-\u2089\u2150-\u215f\u2189])"
)
"""Where a power, an index or a fraction follows a digit: NFKC alone would make one number of it."""
_SIGN: Final = re.compile(rf"[{_QUOTATION_MARKS}]+\Z")
_DASH: Final = re.compile(rf"[{_DASHES}]+\Z")


_MAX_KEPT: Final = 64
"""Characters of a word whose tokens are remembered: a copy may hold words of any length."""


def _tokens_of(raw: str) -> tuple[str, ...]:
    """Return the tokens of a match of the pattern for raw tokens without a broken word."""
    return _remembered(raw) if len(raw) <= _MAX_KEPT else _cut_up(raw)


@lru_cache(maxsize=1 << 16)
def _remembered(raw: str) -> tuple[str, ...]:
    return _cut_up(raw)


def _cut_up(raw: str) -> tuple[str, ...]:
    patterns = _patterns()
    text = unescape(raw) if "&" in raw else raw
    text = patterns.invisible.sub("", text)
    text = unicodedata.normalize("NFKC", _FRACTION.sub(" ", text))
    return tuple(map(_in_one_spelling, patterns.plain.findall(text)))


def _in_one_spelling(token: str) -> str:
    if _SIGN.match(token):
        return "'"
    return "-" if _DASH.match(token) else token


def _tokens_of_raw(raw: str, known: Container[str]) -> tuple[str, ...]:
    if "\n" not in raw:
        return _tokens_of(raw)
    joined = _tokens_of(_BROKEN.sub("", raw))
    if all(token in known for token in joined):
        return joined
    tokens: list[str] = []
    for number, part in enumerate(_BROKEN.split(raw)):
        tokens += [*(("-",) if number else ()), *_tokens_of(part)]
    return tuple(tokens)


def _simple(text: str) -> str | None:
    """Return *text* with one sign for each kind of signs, if its words are tokens as they are."""
    if "&" in text and _HAS_ENTITY.search(text):
        return None
    hyphens = "-" in text or "\u2010" in text or "\u00ad" in text
    if hyphens and _MAY_BREAK.search(text):
        return None
    plain = text if text.isascii() else text.replace("\u2026", "...")
    plain = _DASH_RUNS.sub("-", _SIGNS.sub("'", plain))
    return plain if plain.isascii() or not _patterns().odd.search(plain) else None


class Place(NamedTuple):
    """A token and where it stands: offsets of its first character and behind its last."""

    token: str
    start: int
    end: int


def tokens(text: str, known: Container[str] = ()) -> list[str]:
    r"""
    Return the tokens of *text*.

    Args:
        text: Any text.
        known: Words that a broken word may be.

    Example:
        >>> tokens("“Well—known”,  he\nsaid")
        ["'", 'Well', '-', 'known', "'", ',', 'he', 'said']
    """
    plain = _simple(text)
    if plain is not None:
        return _SIMPLE.findall(plain)
    found: list[str] = []
    for raw in _patterns().raw.findall(text):
        found += _tokens_of_raw(raw, known)
    return found


def places(text: str, known: Container[str] = ()) -> list[tuple[str, int, int]]:
    """Return the tokens of *text*, as `tokens` does, each with its start and its end."""
    plain = _simple(text)
    if plain is not None and len(plain) == len(text):
        return [(match[0], *match.span()) for match in _SIMPLE.finditer(plain)]
    return [
        (token, match.start(), match.end())
        for match in _patterns().raw.finditer(text)
        for token in _tokens_of_raw(match[0], known)
    ]


def is_word(token: str) -> bool:
    """Say whether *token* is a word or a number rather than a sign."""
    return token[:1].isalnum()


CHUNK: Final = 1024
"""Characters of a text that are cut at a time, more or less."""

_CUT: Final = re.compile(rf"(?<=[^\s{_DASHES}{_QUOTATION_MARKS}\u00ad])\s+(?=\w)")
_MOST: Final = 1 << 16


class TokenText:
    """
    The tokens of a long text, a piece at a time.

    Args:
        text: The text.
        known: Words that a broken word may be.
    """

    def __init__(self, text: str, known: Container[str] = ()) -> None:
        self.text = text
        self._known = known
        self._starts: list[int] = []  # offsets of the pieces
        self._counts: list[int] = []  # tokens before each piece
        self._last: tuple[int, int, list[tuple[str, int, int]]] = (-1, 0, [])

    @cached_property
    def has_broken_words(self) -> bool:
        """Whether a word may be broken at the end of a line."""
        return _BROKEN.search(self.text) is not None

    def pieces(self) -> Iterator[list[str]]:
        """Iterate over the lists of tokens of the pieces; places are known of what was read."""
        start, count = 0, 0
        self._starts, self._counts = [], []
        while start < len(self.text):
            end = self._cut(start)
            found = tokens(self.text[start:end], self._known)
            self._starts.append(start)
            self._counts.append(count)
            yield found
            count += len(found)
            start = end

    def _cut(self, start: int) -> int:
        """Return where the piece that begins at *start* ends: where no token is cut in two."""
        most = min(start + _MOST, len(self.text))
        if start + CHUNK >= len(self.text):
            return len(self.text)
        match = _CUT.search(self.text, start + CHUNK, most)
        return most if match is None else match.end()

    def place(self, number: int) -> Place:
        """Return the token of that *number*, counted from 0, of those that were read."""
        piece = bisect_right(self._counts, number) - 1
        if self._last[0] != piece:
            start = self._starts[piece]
            end = self._starts[piece + 1] if piece + 1 < len(self._starts) else self._cut(start)
            self._last = piece, start, places(self.text[start:end], self._known)
        _, start, found = self._last
        token, first, last = found[number - self._counts[piece]]
        return Place(token, first + start, last + start)


def squeezed(text: str) -> str:
    """Return the tokens of *text* without spaces between them."""
    return "".join(tokens(text))
