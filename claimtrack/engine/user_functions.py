"""
Claims that a function of the user decides.

A check is a function of a claim and of the reports on it that are usable on a day. It returns true,
false or None for unknown; an assertion that fails means false, and its text is the explanation.
Checks come from the user's own Python, never from a data file.
"""

import inspect
from collections.abc import Callable, Mapping
from traceback import extract_tb
from typing import Final, TypeAlias

import attrs

from claimtrack.errors import FieldError, shortened
from claimtrack.model.claim import Claim
from claimtrack.model.records import Evidence
from claimtrack.model.verdict import FALSE, TRUE, UNKNOWN, Truth

Check: TypeAlias = Callable[[Claim, tuple[Evidence, ...]], bool | None]
"""Decides a claim from the usable reports on it, which come in the order of the registry."""

HOOK: Final = "pytest_claimtrack_registry"
"""The name of the function, in a ``conftest.py`` or a file of checks, that returns checks."""

_EXPECTED: Final = "expected functions by the ids of the claims they decide, as in {'claim-id': f}"


@attrs.frozen
class CheckAnswer:
    """
    The answer of a check.

    Args:
        because: The text of the assertion that failed; empty if none did.
        error: What the check raised other than an assertion; None if nothing.
    """

    truth: Truth
    because: str = ""
    error: Exception | None = None


CheckRunner: TypeAlias = Callable[[Check, Claim, tuple[Evidence, ...]], CheckAnswer]
"""Calls a check with its claim and the reports."""

_TRUTHS: Final = {True: TRUE, False: FALSE, None: UNKNOWN}


def refuse_misfit(claim_id: str, check: object) -> None:
    """
    Refuse a *check* that cannot be called with a claim and its reports.

    Raises:
        FieldError: It cannot.
    """
    if not callable(check):
        message = (
            f"the check of claim {claim_id!r} is {shortened(repr(check))}; expected a function"
        )
        raise FieldError("CT101", message)
    try:
        signature = inspect.signature(check)
    except (TypeError, ValueError):  # some functions that are written in C have none
        return
    try:
        signature.bind(None, ())
    except TypeError:
        message = f"the check of claim {claim_id!r} takes {signature}"
        raise FieldError("CT101", f"{message}; expected (claim, reports)") from None


def returned_checks(value: object, by: str = HOOK) -> Mapping[str, Check]:
    """
    Return *value*, which the function named *by* returned, if it is a mapping.

    Raises:
        FieldError: It is not a mapping.
    """
    if not isinstance(value, Mapping):
        returned = "None" if value is None else f"a value of type {type(value).__name__}"
        raise FieldError("CT101", f"{by} returned {returned}; {_EXPECTED}, or {{}}")
    return value


def run_check(check: Check, claim: Claim, reports: tuple[Evidence, ...]) -> CheckAnswer:
    """
    Run *check* on *claim* and its *reports*.

    Raises:
        TypeError: It returned something other than true, false or None.
        Exception: Whatever else it raises, with a note that names the claim.
    """
    try:
        answer = check(claim, reports)
    except AssertionError as error:
        return CheckAnswer(FALSE, str(error) or _line_of(error))
    except Exception as error:
        error.add_note(f"in the check of claim {claim.id!r}")
        raise
    if answer is not None and not isinstance(answer, bool):
        message = f"the check of claim {claim.id!r} returned {answer!r}; expected a bool or None"
        raise TypeError(message)
    return CheckAnswer(_TRUTHS[answer])


def _line_of(error: AssertionError) -> str:
    """Return the source line of the assertion that failed."""
    return extract_tb(error.__traceback__)[-1].line or "an assertion failed"


def try_check(check: Check, claim: Claim, reports: tuple[Evidence, ...]) -> CheckAnswer:
    """Run *check* as `run_check` does; an exception that it raises becomes the answer."""
    try:
        return run_check(check, claim, reports)
    except Exception as error:  # noqa: BLE001 - whatever the user's function raises
        return CheckAnswer(UNKNOWN, f"failed to run: {words_of(error)}", error)


def words_of(error: BaseException) -> str:
    """Return the kind and the text of *error* in one line."""
    return ": ".join(part for part in (type(error).__name__, " ".join(str(error).split())) if part)
