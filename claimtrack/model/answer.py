"""
Answer questions about days that are not all known: yes, no, or maybe.

A question about two days, of which only the first and the last that they can be are known, has the
answer yes when it holds for all of them, no when it holds for none, and maybe otherwise.
"""

import enum
from typing import Final

from claimtrack.model.calendar import Day


class Answer(enum.Enum):
    """
    Answer a question about days that are not all known.

    ``~``, ``&`` and ``|`` are those of Kleene's three-valued logic. An answer has no truth value,
    since neither is right for `MAYBE`: ask ``answer is Answer.YES``.

    Example:
        >>> ~Answer.MAYBE, Answer.YES & Answer.MAYBE, Answer.YES | Answer.MAYBE
        (<Answer.MAYBE: 1>, <Answer.MAYBE: 1>, <Answer.YES: 2>)
    """

    NO = 0
    MAYBE = 1
    YES = 2

    def __invert__(self) -> "Answer":
        return _ANSWERS[2 - self.value]

    def __and__(self, other: "Answer") -> "Answer":
        return self if self.value <= other.value else other

    def __or__(self, other: "Answer") -> "Answer":
        return self if self.value >= other.value else other

    def __bool__(self) -> bool:
        raise TypeError(f"{self} has no truth value; ask whether it is Answer.YES or Answer.NO")


_ANSWERS: Final = tuple(Answer)
# Looked up once: reading a member of an enum takes longer than the comparisons do.
_NO, _MAYBE, _YES = _ANSWERS


def within(first: Day, last: Day, low: Day, high: Day) -> Answer:
    """
    Tell whether a day of *first* to *last* is one of *low* to *high*; all bounds are inclusive.

    Example:
        >>> within(3, 4, 1, 5).name, within(4, 6, 1, 5).name, within(6, 7, 1, 5).name
        ('YES', 'MAYBE', 'NO')
    """
    if low <= first and last <= high:
        return _YES
    if last < low or first > high:
        return _NO
    return _MAYBE


def before(first: Day, last: Day, low: Day, high: Day) -> Answer:
    """
    Tell whether a day of *first* to *last* is earlier than one of *low* to *high*.

    Example:
        >>> before(1, 2, 3, 4).name, before(1, 3, 3, 4).name, before(4, 5, 3, 4).name
        ('YES', 'MAYBE', 'NO')
    """
    if last < low:
        return _YES
    return _NO if first >= high else _MAYBE
