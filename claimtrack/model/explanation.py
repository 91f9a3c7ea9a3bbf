"""
Why a claim has its status, as data.

An `Explanation` holds a tree with one `Step` for each node of each criterion, down to the items
that each leaf weighed and the side on which it put them. Beside the tree, a list names every item
on the claim's facts, and every rating that it asks for, exactly once. The report room turns this
into words.
"""

from collections.abc import Iterator
from enum import Enum, StrEnum
from typing import Final

import attrs

from claimtrack.model.claim import Claim
from claimtrack.model.criterion import RULES, Criterion
from claimtrack.model.display import Printed
from claimtrack.model.records import Stance, Value
from claimtrack.model.span import OPEN_END, OPEN_START, CivilDay, Day, civil_day
from claimtrack.model.verdict import KnownBy, Truth, Verdict


class Standing(Enum):
    """Whether an item can be used on a day; the text says why not."""

    USABLE = "usable"
    NOT_YET_KNOWN = "not yet published"
    UNDATED = "undated"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class Side(Enum):
    """The side of a leaf on which an item counts; the text says why it counts on neither."""

    FOR = "for"
    AGAINST = "against"
    BELOW_TIER = "below the tier that counts"
    TOO_COARSE = "too coarse to decide: the day may lie inside or outside"
    OUTSIDE = "outside the days in question"
    OTHER_PERIOD = "of another period"
    NOT_COVERING = "does not cover the days in question"
    UNCLEAR_VALUE = "the value may pass or not"
    NOT_TELLING = "a value that does not pass yet tells nothing here"
    NOT_ALL_ALONG = "passes, but only for part of the days in question"
    CONTEXT = "context only"
    NO_DAY = "does not say when"
    OUTVOTED = "outvoted by a better tier"
    NEITHER_LABEL = "a rating that counts for neither side"


class Use(StrEnum):
    """How an item was used in an explanation."""

    FOR = "for"
    AGAINST = "against"
    IGNORED = "ignored"


MAX_EXHIBITS: Final = 10_000
"""How many items all leaves of an explanation list together, at most."""

WITNESS_COUNTED: Final = "a witness already counted"
NOT_ASKED: Final = "the criterion does not ask for judgement"


@attrs.frozen(kw_only=True)
class Exhibit:
    """
    One usable item as one leaf weighed it; it is about the days *first* to *last*, inclusive.

    Args:
        rank: The tier of its source as a number, 0 the best.
        side: The side on which the leaf put it, or why on neither.
        counts: Whether it is the oldest item of its witness on that side.
    """

    id: str
    witness: str
    rank: int
    known_from: Day = attrs.field(converter=civil_day)
    first: Day = attrs.field(converter=civil_day)
    last: Day = attrs.field(converter=civil_day)
    denies: bool
    dated: bool
    value: Value | None
    stance: Stance | None
    side: Side
    counts: bool


@attrs.frozen(kw_only=True)
class Step:
    """
    One node of a criterion, with its two bits.

    Args:
        criterion: The node.
        shown: Whether the evidence shows that it holds; *refuted* that it does not.
        needed: How many members set a bit; for a leaf, how many independent witnesses.
        low: The first day that a leaf asks about, *high* the last, both inclusive.
        exhibits: The usable items of a leaf, oldest first; if there are too many to list, those
            that count come before the others.
        members: The steps of a composite.
        unlisted: How many usable items of a leaf are left out, since the explanation would list
            more than `MAX_EXHIBITS`.
    """

    criterion: Criterion
    shown: bool
    refuted: bool
    needed: int
    low: Day = attrs.field(default=OPEN_START, converter=civil_day)
    high: Day = attrs.field(default=OPEN_END, converter=civil_day)
    exhibits: tuple[Exhibit, ...] = ()
    members: tuple["Step", ...] = ()
    unlisted: int = 0

    @property
    def truth(self) -> Truth:
        """The two bits as a pair."""
        return Truth(self.shown, self.refuted)

    @property
    def rule(self) -> str:
        """The rule that was applied, by its name on the page of rules, such as ``event``."""
        return RULES[type(self.criterion)]


def exhibits_of(step: Step) -> Iterator[Exhibit]:
    """Iterate over the exhibits of all leaves under *step*."""
    yield from step.exhibits
    for member in step.members:
        yield from exhibits_of(member)


class Proof(StrEnum):
    """What the day of an item rests on."""

    DECLARED = "declared"
    RECORDED = "recorded"
    CAPTURED = "captured"


@attrs.frozen(kw_only=True)
class ItemUse:
    """
    How one item on the claim's facts was used.

    Args:
        because: Why it was ignored; empty if it was used.
        decided: Whether it is part of the deciding evidence.
        known_from: The day on which it becomes known; open if undated.
        proof: What its day rests on, if the audit is by what was captured; None for an item
            without a day of publication, and in other audits.
    """

    id: str
    use: Use
    because: str
    decided: bool
    known_from: Day = attrs.field(converter=civil_day)
    proof: Proof | None = None


@attrs.frozen(kw_only=True)
class Explanation(Printed):
    """
    Everything that went into one verdict.

    Args:
        steps: The tree of the main criterion; None if the claim cannot be checked.
        condition: The tree of the condition, if there is one.
        readings: The trees of the further readings, with their names.
        later: For a late claim, the tree of the main criterion with every deadline extended by the
            days that it came late, which makes it true; else None.
        items: Every item on the claim's facts, or about the claim itself, and every rating of it
            on a scale that a criterion asks about, each exactly once.
        audit: The `Audit` that is explained, from which the text takes names and reports.
        by_function: Whether a function of the user decided the claim in place of its criterion.
    """

    claim: Claim
    as_of: CivilDay = attrs.field(converter=CivilDay)
    known_by: KnownBy
    verdict: Verdict
    steps: Step | None
    condition: Step | None
    readings: tuple[tuple[str, Step], ...]
    later: Step | None
    items: tuple[ItemUse, ...]
    by_function: bool = False
    audit: object = attrs.field(default=None, eq=False, repr=False)
