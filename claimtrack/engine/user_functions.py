"""
Claims that a program must decide.

A check is a function of the evidence that is known on a day. It says true, false or None for
unknown; an assertion that fails says false, and its text is the explanation. Checks come from the
user's own Python, never from a file.
"""

from collections.abc import Callable, Iterable
from traceback import extract_tb
from typing import Final, TypeAlias

import attrs

from claimtrack.model.records import Evidence
from claimtrack.model.verdict import FALSE, TRUE, UNKNOWN, Truth

Check: TypeAlias = Callable[[tuple[Evidence, ...]], bool | None]
"""Decides a claim from the evidence known on the day, in the order of the registry."""


@attrs.frozen
class Answered:
    """
    What a check said.

    Args:
        because: The text of the assertion that failed; empty if none did.
        error: What kept the check from running to its end; None if nothing did.
    """

    truth: Truth
    because: str = ""
    error: Exception | None = None


Asking: TypeAlias = Callable[[Check, str, Iterable[Evidence]], Answered]
"""How a check is asked: with the id of its claim, and the evidence."""

_TRUTHS: Final = {True: TRUE, False: FALSE, None: UNKNOWN}


def ask(check: Check, claim_id: str, evidence: Iterable[Evidence]) -> Answered:
    """
    Run *check* on *evidence*.

    Raises:
        TypeError: It returned something other than true, false or None.
        Exception: Whatever else it raises, with a note that names the claim.
    """
    try:
        answer = check(tuple(evidence))
    except AssertionError as error:
        return Answered(FALSE, str(error) or _line_of(error))
    except Exception as error:
        error.add_note(f"in the check of claim {claim_id!r}")
        raise
    if answer is not None and not isinstance(answer, bool):
        message = f"the check of claim {claim_id!r} returned {answer!r}; expected a bool or None"
        raise TypeError(message)
    return Answered(_TRUTHS[answer])


def _line_of(error: AssertionError) -> str:
    """Return the line of the assertion that failed, where it has no text of its own."""
    return extract_tb(error.__traceback__)[-1].line or "an assertion failed"


def attempt(check: Check, claim_id: str, evidence: Iterable[Evidence]) -> Answered:
    """Run *check* on *evidence* as `ask` does; one that fails to run is kept as the answer."""
    try:
        return ask(check, claim_id, evidence)
    except Exception as error:  # noqa: BLE001 - whatever the user's function raises
        return Answered(UNKNOWN, f"failed to run: {words_of(error)}", error)


def words_of(error: BaseException) -> str:
    """Return the kind and the text of *error* in one line."""
    return ": ".join(part for part in (type(error).__name__, " ".join(str(error).split())) if part)
