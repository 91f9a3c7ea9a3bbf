"""The verdict on a claim as of a day: its status and marks."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

import attrs

from claimtrack.model.span import CivilDay, known_civil_day


class Truth(NamedTuple):
    """The two bits of a criterion: whether the evidence shows it, and whether it refutes it."""

    shown: bool
    refuted: bool

    @property
    def word(self) -> str:
        """The name of the pair: unknown, true, false or conflicting."""
        return WORDS[self]


UNKNOWN: Final = Truth(shown=False, refuted=False)
TRUE: Final = Truth(shown=True, refuted=False)
FALSE: Final = Truth(shown=False, refuted=True)
CONFLICTING: Final = Truth(shown=True, refuted=True)

WORDS: Final[Mapping[Truth, str]] = {
    UNKNOWN: "unknown",
    TRUE: "true",
    FALSE: "false",
    CONFLICTING: "conflicting",
}


class Status(StrEnum):
    """The ten statuses that a claim can have on a day."""

    HELD = "held"
    LATE = "late"
    PARTLY = "partly"
    FAILED = "failed"
    CONFLICTING = "conflicting"
    PENDING = "pending"
    OVERDUE = "overdue"
    NOT_ENOUGH_EVIDENCE = "not-enough-evidence"
    NOT_CHECKABLE = "not-checkable"
    ANNULLED = "annulled"


MEANINGS: Final[Mapping[Status, str]] = {
    Status.HELD: "The record shows that what was said is so.",
    Status.LATE: "It did not hold by its deadline, but would with a later one.",
    Status.PARTLY: "Some of its parts hold and the others do not.",
    Status.FAILED: "The record shows that what was said is not so.",
    Status.CONFLICTING: "The record shows both.",
    Status.PENDING: "Nothing decides it yet, and it is not yet due.",
    Status.OVERDUE: "It is due, and nothing at all is on record.",
    Status.NOT_ENOUGH_EVIDENCE: "It is due, and what is on record does not decide it.",
    Status.NOT_CHECKABLE: "No evidence could decide it: an opinion, a norm, a motive.",
    Status.ANNULLED: "It was called off, or its condition did not come about.",
}
"""What each status means, in a sentence."""

DECIDED: Final = frozenset(
    {Status.HELD, Status.LATE, Status.PARTLY, Status.FAILED, Status.CONFLICTING}
)
"""The statuses that rest on evidence."""


CAME_TRUE: Final = frozenset({Status.HELD, Status.LATE, Status.PARTLY})
"""The statuses of claims that hold, at least in part or at last."""

RETRACTED: Final = "retracted"
"""The mark of a claim whose speaker took the words back; its status stays."""

AFTER_THE_FACT: Final = "after the fact"
"""The mark of a claim that came true by what was known on the day on which it was made."""


class KnownBy(StrEnum):
    """
    The day from which a report counts.

    Of its publication; of its entry in the registry; or of its publication, but not before a copy
    with its words was captured.
    """

    PUBLISHED = "published"
    RECORDED = "recorded"
    CAPTURED = "captured"


def lateness_text(most: int, least: int) -> str:
    """
    Return a number of days late, or a range of them, both ends inclusive.

    Example:
        >>> lateness_text(302, 302), lateness_text(302, 1), lateness_text(302, 51)
        ('302', 'at most 302', '51 to 302')
    """
    if least == most:
        return f"{most:,}"
    return f"at most {most:,}" if least == 1 else f"{least:,} to {most:,}"


@attrs.frozen(kw_only=True)
class ReadingVerdict:
    """The verdict on a claim under one further reading; its fields are as in `Verdict`."""

    name: str
    status: Status
    late_days: int | None = None
    late_days_min: int | None = None
    due: CivilDay | None = attrs.field(default=None, converter=known_civil_day)


@attrs.frozen(kw_only=True)
class Verdict:
    """
    The status of one claim, and what decided it.

    Args:
        claim: The id of the claim.
        late_days: By how many days it came late at most, 1 or more; None unless *status* is late.
        late_days_min: By how many days at least, 1 or more; equal where the day is known.
        due: The day on which it is due; None if none.
        decided_on: The first day of the present *status*; None if neither evidence nor an
            annulment decided it.
        readings: The verdicts of the further readings, in the order of the file.
        used: Ids of the evidence that decided it, oldest publication first.
        marks: Words beside the status: *suspect*, *stale* and *after the fact*.
    """

    claim: str
    status: Status
    late_days: int | None = None
    late_days_min: int | None = None
    due: CivilDay | None = attrs.field(default=None, converter=known_civil_day)
    decided_on: CivilDay | None = attrs.field(default=None, converter=known_civil_day)
    readings: tuple[ReadingVerdict, ...] = ()
    used: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()

    @property
    def robust(self) -> bool:
        """Whether every further reading gives the same status; true if there is none."""
        return all(reading.status is self.status for reading in self.readings)
