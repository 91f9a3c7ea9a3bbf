"""What became of the quotes of a registry: values, with no opinion on how they are shown."""

from collections import Counter
from enum import StrEnum
from typing import Final

import attrs

from claimtrack.errors import Record
from claimtrack.model.records import Anchor


@attrs.frozen
class QuotePlace:
    """Where a quote stands in a text: the offset of its first character, and behind its last."""

    start: int
    end: int


class DifferenceKind(StrEnum):
    """Why a difference is serious."""

    NUMBER = "number"
    DATE = "date"
    NEGATION = "negation"
    MODAL = "modal"
    NAME = "name"
    QUANTIFIER = "quantifier"


@attrs.frozen
class QuoteDifference:
    """
    One difference between the source and a quote.

    Args:
        source: The words of the source; empty if the quote added some.
        quote: The words of the quote; empty if it dropped some.
        serious: Why it is serious; empty if it is not.
    """

    source: str
    quote: str
    serious: tuple[DifferenceKind, ...] = ()

    def __str__(self) -> str:
        if not self.quote:
            told = f"{self.source!r} dropped"
        elif not self.source:
            told = f"{self.quote!r} added"
        else:
            told = f"{self.source!r} → {self.quote!r}"
        return f"{told} ({', '.join(self.serious)})" if self.serious else told


@attrs.frozen
class NearestPassage:
    """
    The passage of a text that is most like a quote.

    Args:
        start: The offset of its first character.
        end: The offset behind its last.
        text: The passage.
        differences: What is not the same.
    """

    start: int
    end: int
    text: str
    differences: tuple[QuoteDifference, ...]

    @property
    def is_serious(self) -> bool:
        """Whether one of the differences is serious."""
        return any(one.serious for one in self.differences)


class QuoteAnswer(StrEnum):
    """What became of a quote."""

    FOUND = "found"
    NOT_FOUND = "not found"
    AMBIGUOUS = "ambiguous"
    UNREADABLE = "unreadable"
    UNCHECKED = "unchecked"


ANSWERS: Final = {
    QuoteAnswer.FOUND: "It stands once in the pinned copy of its source, word for word.",
    QuoteAnswer.NOT_FOUND: "It does not stand in the pinned copy of its source.",
    QuoteAnswer.AMBIGUOUS: "It stands there more than once, and no `anchor` says which is meant.",
    QuoteAnswer.UNREADABLE: (
        "The pinned copy is missing, is not what was pinned, or holds no text that can be read."
    ),
    QuoteAnswer.UNCHECKED: (
        "No copy is pinned, the copy is private and not at hand, or the quote is a paraphrase."
    ),
}
"""What each answer means; a reference page is generated from it."""


@attrs.frozen(kw_only=True)
class Quoted:
    """
    A quote of a registry.

    Args:
        record: The claim or the evidence.
        path: The keys that lead from the record to the quote, or to the source that carries it.
        source: The id of the source in whose copy it has to stand.
        text: The words.
        anchor: Which place is meant; None if there is only one.
        is_paraphrase: Whether the words are the keeper's.
    """

    record: Record
    path: tuple[str | int, ...]
    source: str
    text: str
    anchor: Anchor | None = None
    is_paraphrase: bool = False


@attrs.frozen(kw_only=True)
class QuoteCheck:
    """
    What became of one quote.

    Args:
        quoted: The quote.
        answer: Whether it was found.
        because: Why not, in a few words; empty if it was found.
        places: Where it stands in the text of the copy; several if it is ambiguous.
        around: The words around the first place.
        nearest: The most similar passage, if it was not found and there is one.
        reader: What read the copy, with its version; None if nothing was read.
    """

    quoted: Quoted
    answer: QuoteAnswer
    because: str = ""
    places: tuple[QuotePlace, ...] = ()
    around: str = ""
    nearest: NearestPassage | None = None
    reader: str | None = None


class SnapshotFaultKind(StrEnum):
    """What is wrong with a snapshot."""

    MISSING = "missing"
    OUTSIDE = "outside"
    CHANGED = "changed"


@attrs.frozen(kw_only=True)
class SnapshotFault:
    """
    One thing that is wrong with the snapshot of a source.

    Args:
        source: The id of the source.
        kind: What is wrong.
        key: The key of the snapshot that it is about.
        message: What is wrong, as it goes on after the name of the source.
    """

    source: str
    kind: SnapshotFaultKind
    key: str
    message: str


@attrs.frozen(kw_only=True)
class QuoteReport:
    """
    What became of all quotes of a registry.

    Args:
        checks: One for each quote, in the order of the records.
        faults: What is wrong with snapshots.
        sources: The number of sources.
        pinned: How many of them have a snapshot.
        absent: The ids of those whose private copy is not at hand.
    """

    checks: tuple[QuoteCheck, ...] = ()
    faults: tuple[SnapshotFault, ...] = ()
    sources: int = 0
    pinned: int = 0
    absent: frozenset[str] = frozenset()

    def counts(self) -> dict[QuoteAnswer, int]:
        """Return how many quotes have each answer."""
        numbers = Counter(check.answer for check in self.checks)
        return {answer: numbers[answer] for answer in QuoteAnswer}

    @property
    def sentence(self) -> str:
        """How many sources are pinned, and how many quotes were looked for, in words."""
        unchecked = self.counts()[QuoteAnswer.UNCHECKED]
        checked = len(self.checks) - unchecked
        quotes = "quote" if checked == 1 else "quotes"
        return (
            f"{self.pinned} of {self.sources} sources pinned, "
            f"{checked} {quotes} checked, {unchecked} unchecked"
        )
