"""
Find the passage of a text that is most like a quote that is not in it, and say what differs.

This never makes a quote found: it only helps its keeper to see whether the quote, the copy or the
source is wrong. A difference is *serious* if a number, a date, a negation, a modal verb, a name or
a quantifier is not the same; these are known for English.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Final

from claimtrack.quotes.answers import DifferenceKind, NearestPassage, QuoteDifference
from claimtrack.quotes.matching import NEGATIONS
from claimtrack.quotes.tokens import TokenText, is_word, tokens

MAX_NEAREST: Final = 500
"""Quotes of one copy for which the nearest passage is looked for."""

MAX_TOKENS: Final = 300
"""Tokens of a quote that are compared; of a longer one, the first ones are."""

LEAST_ALIKE: Final = 0.5
"""How alike a passage is, from 0 to 1, to be shown at all."""

_TELLING: Final = 24
"""Words of a quote by which its nearest passage is looked for: the longest."""

_MAX_HITS: Final = 2_000
"""Places of one word that are kept."""


def nearest_passages(text: str, quotes: Sequence[str]) -> list[NearestPassage | None]:
    """
    Return the nearest passage of each quote; None if nothing is alike.

    Args:
        text: What the quotes are not in.
        quotes: The quotes; those after the first `MAX_NEAREST` get none.
    """
    sought = [tokens(quote)[:MAX_TOKENS] for quote in quotes[:MAX_NEAREST]]
    telling = [_telling(words) for words in sought]
    hits: dict[str, list[int]] = {word: [] for words in telling for word in words}
    read = TokenText(text, {word for words in sought for word in words})
    count = 0
    for piece in read.pieces():
        for number, token in enumerate(piece, count):
            places = hits.get(token)
            if places is not None and len(places) < _MAX_HITS:
                places.append(number)
        count += len(piece)
    found: list[NearestPassage | None] = [
        _nearest(read, quote, words, {word: hits[word] for word in by}, count)
        for quote, words, by in zip(quotes, sought, telling, strict=False)
    ]
    return found + [None] * (len(quotes) - len(found))


def _telling(words: Iterable[str]) -> list[str]:
    distinct = dict.fromkeys(word for word in words if is_word(word))
    return sorted(distinct, key=len, reverse=True)[:_TELLING]


def _nearest(
    read: TokenText, quote: str, words: list[str], hits: Mapping[str, list[int]], count: int
) -> NearestPassage | None:
    window = _best_window(hits, len(words))
    if window is None:
        return None
    margin = len(words) // 2 + 10
    first, last = max(0, window[0] - margin), min(count, window[1] + margin)
    passage = [read.place(number) for number in range(first, last)]
    matcher = SequenceMatcher(None, [place.token for place in passage], words, autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    if not blocks:
        return None
    # What the quote has before the first and behind the last block stands for as many tokens here.
    start = max(0, blocks[0].a - blocks[0].b)
    end = min(len(passage), blocks[-1].a + len(words) - blocks[-1].b)
    alike = sum(block.size for block in blocks)
    if 2 * alike < LEAST_ALIKE * (len(words) + end - start):
        return None
    place = passage[start].start, passage[end - 1].end
    told = read.text[slice(*place)]
    return NearestPassage(*place, told, tuple(differences(told, quote)))


def _best_window(hits: Mapping[str, list[int]], length: int) -> tuple[int, int] | None:
    """Return the tokens between which most of the words stand, weighed by how rare they are."""
    marks = sorted((number, word) for word, numbers in hits.items() for number in numbers)
    weights = {word: 1 / (1 + len(numbers)) + 0.01 for word, numbers in hits.items()}
    best, best_weight, weight, left = None, 0.0, 0.0, 0
    inside: dict[str, int] = defaultdict(int)
    reach = length + length // 2 + 5
    for number, word in marks:
        if not inside[word]:
            weight += weights[word]
        inside[word] += 1
        while marks[left][0] < number - reach:
            gone = marks[left][1]
            inside[gone] -= 1
            if not inside[gone]:
                weight -= weights[gone]
            left += 1
        if weight > best_weight + 1e-9:
            best, best_weight = (marks[left][0], number + 1), weight
    return best


_UNITS: Final = re.compile(r"\d+(?:[.,:/]\d+)*%?|[^\W\d_]+(?:['\u2019][^\W\d_]+)?|\w+|[^\w\s]")


def differences(source: str, quote: str) -> Iterator[QuoteDifference]:
    """
    Iterate over what differs between a passage of a source and a quote.

    Spaces and the kinds of quotation marks and dashes make no difference.

    Example:
        >>> [str(one) for one in differences("It may not rise by 0.43.", "It will rise by 0.34.")]
        ["'may not' → 'will' (negation, modal)", "'0.43' → '0.34' (number)"]
    """
    here, there = _units(source), _units(quote)
    matcher = SequenceMatcher(
        None, [_spelling(one) for one in here], [_spelling(one) for one in there], autojunk=False
    )
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            lost, new = here[a:b], there[c:d]
            yield QuoteDifference(" ".join(lost), " ".join(new), tuple(_serious(lost, new)))


def _units(text: str) -> list[str]:
    return _UNITS.findall(text)[: 2 * MAX_TOKENS]


def _spelling(unit: str) -> str:
    return "".join(tokens(unit))


_MODALS: Final = frozenset(
    {
        *("can", "could", "may", "might", "must", "ought", "shall", "should", "will", "would"),
        *("need", "likely", "unlikely", "possibly", "probably", "certainly", "perhaps", "maybe"),
    }
)
_QUANTIFIERS: Final = frozenset(
    {
        *("all", "any", "both", "each", "either", "every", "few", "fewer", "half", "least", "less"),
        *("many", "more", "most", "much", "only", "several", "some", "almost", "nearly", "about"),
        *("over", "under", "above", "below", "up", "down", "twice", "double", "triple", "always"),
        *("often", "sometimes", "rarely", "majority", "minority", "none", "roughly"),
        *("approximately", "exactly", "around", "per", "percent", "percentage"),
        *("hundred", "hundreds", "thousand", "thousands", "million", "millions", "billion"),
        *("billions", "trillion", "trillions", "dozen", "dozens"),
    }
)
_NUMBER_WORDS: Final = frozenset(
    {
        *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
        *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
        *("eighteen", "nineteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy"),
        *("eighty", "ninety", "first", "second", "third", "fourth", "fifth"),
    }
)
_DATE_WORDS: Final = frozenset(
    {
        *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
        *("october", "november", "december", "monday", "tuesday", "wednesday", "thursday"),
        *("friday", "saturday", "sunday", "today", "tomorrow", "yesterday", "year", "month"),
        *("week", "day", "decade", "century", "before", "after", "until", "since"),
    }
)
_YEAR: Final = re.compile(r"(?:1[0-9]|20)\d\d|\d{1,4}[/:]\d{1,2}(?:[/:]\d{2,4})?")
_BARE_DENIAL: Final = re.compile(r"(?:un|in|im|il|ir|dis|non)(?P<rest>\w{3,})")


def _serious(lost: list[str], new: list[str]) -> Iterator[DifferenceKind]:
    """Iterate over the reasons why the change of some words into others is serious."""
    words = [word for word in (*lost, *new) if word[:1].isalnum()]
    lower = [word.lower() for word in words]
    has = {
        DifferenceKind.NUMBER: any(
            (word[:1].isdigit() and not _YEAR.fullmatch(word)) or word in _NUMBER_WORDS
            for word in lower
        ),
        DifferenceKind.DATE: any(
            _YEAR.fullmatch(low) or (low in _DATE_WORDS and (low != "may" or word == "May"))
            for word, low in zip(words, lower, strict=True)
        ),
        DifferenceKind.NEGATION: _denies(lost) != _denies(new) or _swaps_prefix(lost, new),
        DifferenceKind.MODAL: any(
            low in _MODALS and word != "May" for word, low in zip(words, lower, strict=True)
        ),
        DifferenceKind.NAME: _has_name(lost, new) or _has_name(new, lost),
        DifferenceKind.QUANTIFIER: any(word in _QUANTIFIERS for word in lower),
    }
    yield from (kind for kind in DifferenceKind if has[kind])


def _denies(words: Iterable[str]) -> bool:
    lower = (word.lower().replace("\u2019", "'") for word in words)
    return sum(word in NEGATIONS or word.endswith("n't") for word in lower) % 2 == 1


def _swaps_prefix(lost: Iterable[str], new: Iterable[str]) -> bool:
    """Say whether one side has a word and the other the same with a prefix that denies it."""
    here, there = {word.lower() for word in lost}, {word.lower() for word in new}
    pairs = (
        (_BARE_DENIAL.fullmatch(word), others)
        for words, others in ((here, there), (there, here))
        for word in words
    )
    return any(match is not None and match["rest"] in others for match, others in pairs)


_NO_NAMES: Final = frozenset(
    {
        *("a", "an", "the", "this", "that", "these", "those", "there", "here", "it", "its", "i"),
        *("he", "she", "they", "we", "you", "his", "her", "their", "our", "my", "your", "who"),
        *("and", "but", "or", "if", "as", "so", "for", "by", "to", "of", "in", "on", "at", "with"),
        *("from", "when", "while", "where", "what", "which", "how", "why", "is", "are", "was"),
        *("were", "be", "has", "have", "had", "do", "does", "did"),
    }
)
"""Words that begin a sentence, and so with a capital, more often than they are names."""


def _has_name(words: Iterable[str], others: Iterable[str]) -> bool:
    """Say whether one of *words* is a name that is not among *others*, in whatever case."""
    known = _NO_NAMES | _DATE_WORDS | _MODALS | _QUANTIFIERS | NEGATIONS | _NUMBER_WORDS
    known |= {word.lower() for word in others}
    return any(word[:1].isupper() and word.lower() not in known for word in words)
