"""
Search many quotes in one text, exactly, in one pass over its tokens.

A quote may stand in the text in one of its *variants*: as it is written, or, if that stands
nowhere, as its keeper marked it: an elision (``...``, ``[...]``) leaves words out, and what stands
in square brackets is the keeper's. A variant is a sequence of *pieces*, each a sequence of tokens
that has to stand in the text as it is; between two pieces lies a gap of a bounded length.

All pieces of all quotes are searched at once, with the automaton of Aho and Corasick over tokens.
Only as many places of a piece are kept as can matter, so memory is bounded too.

A piece never begins or ends within a number or a word: ``8`` is not found in ``38`` or ``0.8``,
``can`` not in ``cannot`` or ``can't``, and ``elected`` not in ``non-elected``.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Final, TypeAlias

import attrs

from claimtrack.model.records import Anchor
from claimtrack.quotes.answers import QuotePlace
from claimtrack.quotes.tokens import Place, TokenText, is_word, squeezed, tokens

MAX_PLACES: Final = 50
"""Places of a whole quote that are kept; it is ambiguous from the second on."""

MAX_PIECE_PLACES: Final = 2_000
"""Places of a piece of a quote that are kept."""

MAX_ELISION: Final = 1_000
"""Characters that an elision may leave out across paragraphs."""

MAX_ELISION_WITHIN: Final = 100_000
"""Characters that an elision may leave out within one paragraph."""

INSERTION_TOKENS: Final = 12
"""Tokens of the text that an insertion in square brackets may stand for."""

MAX_PIECES: Final = 50
MAX_VARIANTS: Final = 8

NEGATIONS: Final = frozenset(
    {
        *("not", "no", "never", "none", "nor", "neither", "nobody", "nothing", "nowhere"),
        *("cannot", "without", "hardly", "scarcely"),
    }
)

_NEGATING_PREFIXES: Final = frozenset(
    {
        *("anti", "counter", "de", "dis", "ex", "half", "il", "im", "in", "ir", "mis", "non"),
        *("post", "pre", "pseudo", "quasi", "semi", "un"),
    }
)

_GAP: Final = re.compile(
    r"[\[(]\s*(?:\.\s?\.\s?\.|\u2026)\s*[\])]|(?:\.\s?){3,}|\u2026"  # an elision
    r"|(?P<insertion>\[[^\[\]]*\])"
)
_CHANGED_CASE: Final = re.compile(r"\[(\w)\](?=\w)")

Piece: TypeAlias = tuple[str, ...]


@attrs.frozen
class Variant:
    """
    One way in which a quote may stand in a text.

    Args:
        pieces: What stands in the text as it is.
        is_insertion: For each gap between two pieces, whether it is an insertion of the keeper.
    """

    pieces: tuple[Piece, ...]
    is_insertion: tuple[bool, ...] = ()


def variants_of(quote: str) -> list[list[Variant]]:
    """
    Return the variants of *quote*: those as it is written, and then those with gaps.

    The second list is of use only if none of the first is found; it may be empty.
    """
    broken = {token for token in tokens(quote, _Everything()) if is_word(token)}
    literal = {_variant(tokens(quote)), _variant(tokens(quote, broken))}
    spelled = [quote]
    changes = list(_CHANGED_CASE.finditer(quote))
    if changes:
        spelled = _with_changed_case(quote, len(changes))
    marked = {one for text in spelled for one in _with_gaps(text)}
    return [
        sorted((one for one in found if any(one.pieces)), key=repr)
        for found in (literal, marked - literal)
    ]


class _Everything:
    """Contains every word."""

    def __contains__(self, word: object) -> bool:
        return True


def _variant(found: Sequence[str]) -> Variant:
    return Variant((tuple(found),))


def _with_changed_case(quote: str, count: int) -> list[str]:
    """Return *quote* with the letters that its keeper changed in either case."""
    if 1 << count <= MAX_VARIANTS:
        choices = list(product((False, True), repeat=count))
    else:
        choices = [(True,) * count, (False,) * count]
    return [_respelled(quote, choice) for choice in choices]


def _respelled(quote: str, choice: Sequence[bool]) -> str:
    left = iter(choice)
    return _CHANGED_CASE.sub(lambda found: found[1].swapcase() if next(left) else found[1], quote)


def _with_gaps(quote: str) -> Iterator[Variant]:
    pieces: list[Piece] = []
    gaps: list[bool] = []
    at, insertion = 0, True
    for gap in (*_GAP.finditer(quote), None):
        piece = tuple(tokens(quote[at : len(quote) if gap is None else gap.start()]))
        if piece:
            if pieces:
                gaps.append(insertion)
            pieces.append(piece)
            insertion = True
        if gap is not None:
            at = gap.end()
            insertion = insertion and gap["insertion"] is not None
    if 0 < len(pieces) <= MAX_PIECES:
        yield Variant(tuple(pieces), tuple(gaps))


class _Automaton:
    """The automaton of Aho and Corasick for some pieces, over tokens."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self.lengths: list[int] = []
        self.next: list[dict[str, int]] = [{}]
        self.own: list[int | None] = [None]  # the piece that ends in a state
        for number, piece in enumerate(pieces):
            self.lengths.append(len(piece))
            self._add(piece, number)
        self._link()

    def _add(self, piece: Piece, number: int) -> None:
        state = 0
        for token in piece:
            following = self.next[state].get(token)
            if following is None:
                following = len(self.next)
                self.next[state][token] = following
                self.next.append({})
                self.own.append(None)
            state = following
        self.own[state] = number

    def _link(self) -> None:
        """Link each state to that of its longest end, and to the next one that a piece ends in."""
        self.fail = [0] * len(self.next)
        self.output = [0] * len(self.next)
        waiting = list(self.next[0].values())
        for state in waiting:  # which grows: breadth first
            for token, following in self.next[state].items():
                waiting.append(following)
                back = self.fail[state]
                while back and token not in self.next[back]:
                    back = self.fail[back]
                self.fail[following] = self.next[back].get(token, 0)
            fail = self.fail[state]
            self.output[state] = fail if self.own[fail] is not None else self.output[fail]

    def search(self, text: TokenText) -> list[list[int]]:
        """Return the numbers of the tokens with which each piece begins in *text*."""
        found: list[list[int]] = [[] for _ in self.lengths]
        following, fail, own, output = self.next, self.fail, self.own, self.output
        has_output = [own[one] is not None or output[one] != 0 for one in range(len(own))]
        root = following[0]
        state, count = 0, 0
        for piece in text.pieces():
            for number, token in enumerate(piece, count):
                if state:
                    after = following[state].get(token)
                    while after is None and state:
                        state = fail[state]
                        after = following[state].get(token)
                    state = after or 0
                else:
                    state = root.get(token, 0)
                if state and has_output[state]:
                    self._keep(state, number, found)
            count += len(piece)
        return found

    def _keep(self, state: int, number: int, found: list[list[int]]) -> None:
        while state:
            piece = self.own[state]
            if piece is not None:
                places = found[piece]
                if len(places) < MAX_PIECE_PLACES:
                    places.append(number - self.lengths[piece] + 1)
                else:
                    self.own[state] = None  # nothing more of it is kept
            before = state
            state = self.output[state]
            while state and self.own[state] is None:
                state = self.output[before] = self.output[state]


@attrs.frozen
class Needle:
    """
    One quote to be searched.

    Args:
        quote: The words.
        anchor: Which of several places is meant.
    """

    quote: str
    anchor: Anchor = attrs.field(factory=Anchor)


@attrs.frozen
class Sought:
    """
    What became of one needle.

    Args:
        places: Where the quote stands, in order; at most `MAX_PLACES`.
        unanchored: Where it stands if its anchor is left out of account.
    """

    places: tuple[QuotePlace, ...] = ()
    unanchored: tuple[QuotePlace, ...] = ()


def search(text: str, needles: Sequence[Needle]) -> list[Sought]:
    """Search each quote in *text*; the results are in the order of the *needles*."""
    results = [Sought() for _ in needles]
    variants = [variants_of(one.quote) for one in needles]
    left = list(range(len(needles)))
    for known in (True, False):  # broken words joined where a quote knows them, then kept
        words = {
            token
            for number in left
            for found in variants[number]
            for variant in found
            for piece in variant.pieces
            for token in piece
        }
        read = TokenText(text, words if known else ())
        chosen = {number: [v for found in variants[number] for v in found] for number in left}
        places = _places_of(read, [v for found in chosen.values() for v in found])
        for number in left:
            results[number] = _sought(read, needles[number], variants[number], places)
        left = [number for number in left if not results[number].places]
        if not left or not read.has_broken_words:
            break
    return results


def _places_of(read: TokenText, variants: Iterable[Variant]) -> Mapping[Piece, list[int]]:
    pieces: dict[Piece, None] = {}  # each once, in order
    for variant in variants:
        pieces.update(dict.fromkeys(variant.pieces))
    found = _Automaton(pieces).search(read)
    return dict(zip(pieces, found, strict=True))


def _sought(
    read: TokenText,
    one: Needle,
    variants: Iterable[Sequence[Variant]],
    places: Mapping[Piece, list[int]],
) -> Sought:
    blocks = Blocks(read.text)
    for found in variants:
        occurrences = {
            occurrence
            for variant in found
            for occurrence in _occurrences(read, variant, places, blocks)
        }
        if occurrences:
            every = tuple(sorted(occurrences, key=lambda place: (place.start, place.end)))
            meant = tuple(place for place in every if _is_meant(read.text, place, one.anchor))
            return Sought(meant[:MAX_PLACES], every[:MAX_PLACES])
    return Sought()


class Blocks:
    """The paragraphs of a text, which empty lines separate."""

    _SEPARATOR: Final = re.compile(r"\n[^\S\n]*\n")

    def __init__(self, text: str) -> None:
        self._text = text

    def are_one(self, start: int, end: int) -> bool:
        """Say whether no paragraph ends between two offsets."""
        return self._SEPARATOR.search(self._text, start, end) is None


def _occurrences(
    read: TokenText, variant: Variant, places: Mapping[Piece, list[int]], blocks: Blocks
) -> Iterator[QuotePlace]:
    """Iterate over the places of *variant*; of those that share a piece, the shortest."""
    reached: list[tuple[int, int]] = []  # the last token of the piece before, the first of all
    for number, piece in enumerate(variant.pieces):
        sound = [at for at in places[piece] if _is_whole(read, at, at + len(piece) - 1)]
        if number == 0:
            reached = [(at + len(piece) - 1, at) for at in sound]
            continue
        gap = variant.is_insertion[number - 1]
        ends = [end for end, _ in reached]
        following: list[tuple[int, int]] = []
        for at in sound:
            nearest = bisect_left(ends, at) - 1
            if nearest >= 0 and _may_lie_between(read, ends[nearest], at, blocks, is_insertion=gap):
                following.append((at + len(piece) - 1, reached[nearest][1]))
        reached = following
    shortest: dict[int, int] = {}
    for end, first in reached:
        shortest.setdefault(first, end)
    for first, end in shortest.items():
        yield QuotePlace(read.place(first).start, read.place(end).end)


def _may_lie_between(
    read: TokenText, end: int, start: int, blocks: Blocks, *, is_insertion: bool
) -> bool:
    """Say whether a gap may stand for the tokens between two."""
    first, last = read.place(end).end, read.place(start).start
    if not is_insertion:
        length = last - first
        return length <= MAX_ELISION or (
            length <= MAX_ELISION_WITHIN and blocks.are_one(first, last)
        )
    if start - end - 1 > INSERTION_TOKENS or not blocks.are_one(first, last):
        return False
    between = [read.place(number).token for number in range(end + 1, start)]
    return not any(_is_telling(token) for token in between)


def _is_telling(token: str) -> bool:
    """Say whether an insertion may not hide *token*: a number, or a word that denies."""
    return token.lower() in NEGATIONS or any(map(str.isdigit, token))


def _is_whole(read: TokenText, first: int, last: int) -> bool:
    """Say whether the tokens from *first* to *last* are no part of a longer number or word."""
    text = read.text
    start, end = read.place(first), read.place(last)
    return not (_continues_before(text, start) or _continues_behind(text, end))


# A no-break or thin space between digits stands within a number, as in 38 000.
_BEFORE_NUMBER: Final = re.compile(r"\d[.,:'\u2019\u00a0\u2009\u202f]\Z")
_MINUS: Final = re.compile(r"(?:\A|[\s(\[])[-\u2212]\Z")
_PREFIX: Final = re.compile(r"([^\W\d_]+)[-\u2010\u2011]\Z")
_BEHIND_NUMBER: Final = re.compile(r"[.,:]\d|['\u2019\u00a0\u2009\u202f]\d{3}(?!\d)")
_DENIAL: Final = re.compile(r"['\u2019\u02bc]t(?!\w)")
_WITHOUT: Final = re.compile(r"[-\u2010\u2011](?:free|less)(?!\w)")


def _continues_before(text: str, place: Place) -> bool:
    before = text[max(0, place.start - 20) : place.start]
    if place.token[:1].isdigit():
        return bool(_BEFORE_NUMBER.search(before) or _MINUS.search(before))
    if not is_word(place.token):
        return False
    prefix = _PREFIX.search(before)
    return prefix is not None and prefix[1].lower() in _NEGATING_PREFIXES


def _continues_behind(text: str, place: Place) -> bool:
    if place.token[-1:].isdigit():
        return _BEHIND_NUMBER.match(text, place.end) is not None
    if not is_word(place.token):
        return False
    return bool(_DENIAL.match(text, place.end) or _WITHOUT.match(text, place.end))


_CONTEXT: Final = 4
"""How many times as long as an anchor the text may be that is compared with it: spaces differ."""


def _is_meant(text: str, place: QuotePlace, anchor: Anchor) -> bool:
    if anchor.position is not None and anchor.position != place.start:
        return False
    if anchor.prefix is not None:
        room = _CONTEXT * len(anchor.prefix) + 100
        before = text[max(0, place.start - room) : place.start]
        if not squeezed(before).endswith(squeezed(anchor.prefix)):
            return False
    if anchor.suffix is not None:
        room = _CONTEXT * len(anchor.suffix) + 100
        behind = text[place.end : place.end + room]
        if not squeezed(behind).startswith(squeezed(anchor.suffix)):
            return False
    return True
