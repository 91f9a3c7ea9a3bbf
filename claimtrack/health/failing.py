"""Which findings make a check fail."""

from collections.abc import Iterable
from typing import Final

import attrs

from claimtrack.errors import CODES, Finding, Severity
from claimtrack.health.rules import RULES

NEVER: Final = "never"
"""The word for: nothing makes a check fail."""

DEFAULT: Final = ("warning",)


@attrs.frozen
class FailOn:
    """
    What makes a check fail.

    Args:
        severity: The least severity that does; None if none does.
        codes: Codes whose findings do, however mild.
    """

    severity: Severity | None = Severity.WARNING
    codes: frozenset[str] = frozenset()

    @classmethod
    def of(cls, words: Iterable[str]) -> "FailOn":
        """
        Return what *words* name: severities, of which the mildest counts, ``never``, or codes.

        Raises:
            ValueError: One of them is no such word; codes of other packages are.
        """
        known = [checked_word(word) for word in words]
        severities = [Severity(word) for word in known if word in set(Severity)]
        least = min(severities, key=lambda severity: severity.rank, default=None)
        return cls(least, frozenset(known) - {*Severity, NEVER})

    def fails(self, finding: Finding) -> bool:
        """Say whether *finding* makes the check fail."""
        is_grave = self.severity is not None and finding.severity.rank >= self.severity.rank
        return is_grave or finding.code in self.codes


def checked_word(word: str) -> str:
    """
    Return *word* if it can name what makes a check fail.

    Raises:
        ValueError: It cannot.
    """
    words = [severity.value for severity in Severity]
    if word in words or word == NEVER:
        return word
    if word.islower() or (word.startswith("CT") and word not in {*CODES, *RULES}):
        expected = f"expected {', '.join(words)}, {NEVER} or the code of a finding"
        message = f"{word!r} is not known; {expected}"
        raise ValueError(message)
    return word
