"""Refuse numbers and sequences that a score is not defined for, before anything is computed."""

from collections.abc import Sequence, Sized
from math import isfinite

from claimtrack.errors import FieldError


def refuse(message: str) -> FieldError:
    """Return the error for a number that is out of its bounds."""
    return FieldError("CT104", message)


def probability(value: float) -> float:
    """
    Return *value*, a probability from 0 to 1, both inclusive.

    Raises:
        FieldError: *value* is outside, or not a number.
    """
    if 0 <= value <= 1:
        return value
    raise refuse(f"probability {value!r} is out of its bounds; expected a number from 0 to 1")


def level(value: float) -> float:
    """
    Return *value*, a level of confidence between 0 and 1, both exclusive.

    Raises:
        FieldError: *value* is outside, or not a number.
    """
    if 0 < value < 1:
        return value
    raise refuse(f"level {value!r} is out of its bounds; expected a number between 0 and 1")


def finite(name: str, value: float) -> float:
    """
    Return *value*, any number but an infinite one or NaN.

    Raises:
        FieldError: *value* is neither.
    """
    if isfinite(value):
        return value
    raise refuse(f"{name} {value!r} is not a finite number")


def outcome(value: float) -> float:
    """
    Return *value*, which is 1 for what happened and 0 for what did not, as a float.

    Raises:
        FieldError: *value* is anything else.
    """
    if value in {0, 1}:
        return float(value)
    raise refuse(f"outcome {value!r} is not known; expected 0, 1, False or True")


def same_length(first: Sized, second: Sized) -> None:
    """
    Hold two sequences to one length.

    Raises:
        FieldError: The lengths differ.
    """
    if len(first) != len(second):
        raise refuse(f"sequences of {len(first)} and {len(second)} values do not pair up")


def not_empty(name: str, values: Sized) -> None:
    """
    Hold a sequence to at least one value.

    Raises:
        FieldError: There is none.
    """
    if not len(values):
        raise refuse(f"there are no {name}; expected at least one")


def pairs(
    probabilities: Sequence[float], outcomes: Sequence[float]
) -> tuple[tuple[float, float], ...]:
    """
    Pair forecasts with what came of them.

    Raises:
        FieldError: The lengths differ, there is nothing to pair, or a value is out of bounds.
    """
    same_length(probabilities, outcomes)
    not_empty("forecasts", probabilities)
    return tuple((probability(p), outcome(o)) for p, o in zip(probabilities, outcomes, strict=True))
