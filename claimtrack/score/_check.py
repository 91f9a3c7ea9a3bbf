"""Checks of the arguments of scores: numbers in their bounds, and sequences that match."""

from collections.abc import Sequence, Sized
from math import isfinite
from numbers import Complex, Integral, Real
from typing import SupportsFloat, SupportsIndex

from claimtrack.errors import FieldError


def refuse(message: str) -> FieldError:
    """Return the error for a value that is out of its bounds."""
    return FieldError("CT104", message)


def number(name: str, value: object) -> float:
    """
    Return *value*, a number of any type (`decimal.Decimal`, a numpy scalar), as a float.

    Raises:
        FieldError: *value* is not a real number.
    """
    if type(value) is float:
        return value
    is_complex = isinstance(value, Complex) and not isinstance(value, Real)
    has_length = isinstance(value, Sized)  # as an array of one number, which numpy converts
    if isinstance(value, SupportsFloat | SupportsIndex) and not is_complex and not has_length:
        try:
            return float(value)
        except (TypeError, ValueError, ArithmeticError):
            pass
    raise FieldError("CT101", f"{name} {value!r} has the wrong type; expected a number")


def count(name: str, value: object, *, least: int, otherwise: str) -> int:
    """
    Return *value*, a whole number of at least *least*.

    Args:
        name: The name of the argument, for errors.
        value: The argument.
        least: The smallest valid number.
        otherwise: What is wrong with smaller numbers, for errors.

    Raises:
        FieldError: *value* is smaller, or not a whole number.
    """
    if not isinstance(value, Integral):
        message = f"{name} {value!r} has the wrong type; expected a whole number"
        raise FieldError("CT101", message)
    if value < least:
        raise refuse(f"{value!r} {otherwise}; expected at least {least}")
    return int(value)


def probability(value: float) -> float:
    """
    Return *value*, a probability from 0 to 1, both inclusive, as a float.

    Raises:
        FieldError: *value* is outside, or not a number.
    """
    as_float = number("probability", value)
    # A decimal may be out of bounds by less than the precision of a float.
    if 0 <= as_float <= 1 and 0 <= value <= 1:
        return as_float
    raise refuse(f"probability {value!r} is out of its bounds; expected a number from 0 to 1")


def level(value: float) -> float:
    """
    Return *value*, a level of confidence between 0 and 1, both exclusive.

    Raises:
        FieldError: *value* is outside, or not a number.
    """
    as_float = number("level", value)
    if 0 < as_float < 1:
        return as_float
    raise refuse(f"level {value!r} is out of its bounds; expected a number between 0 and 1")


def finite(name: str, value: object) -> float:
    """
    Return *value*, a finite number, as a float.

    Raises:
        FieldError: *value* is infinite, NaN or not a number.
    """
    as_float = number(name, value)
    if isfinite(as_float):
        return as_float
    raise refuse(f"{name} {value!r} is not a finite number")


def outcome(value: float) -> float:
    """
    Return *value*, which is 1 for what happened and 0 for what did not, as a float.

    Raises:
        FieldError: *value* is anything else.
    """
    try:
        as_float = number("outcome", value)
    except FieldError:
        as_float = -1.0
    if as_float in (0, 1) and value in (0, 1):
        return as_float
    raise refuse(f"outcome {value!r} is not known; expected 0, 1, False or True")


def _sized(value: object) -> None:
    if not isinstance(value, Sized):
        raise FieldError("CT101", f"{value!r} has the wrong type; expected a sequence")


def same_length(first: Sized, second: Sized) -> None:
    """
    Check that two sequences have the same length.

    Raises:
        FieldError: The lengths differ, or one is not a sequence.
    """
    _sized(first)
    _sized(second)
    if len(first) != len(second):
        raise refuse(f"sequences of {len(first)} and {len(second)} values do not pair up")


def not_empty(name: str, values: Sized) -> None:
    """
    Check that a sequence has at least one value.

    Raises:
        FieldError: It is empty, or not a sequence.
    """
    _sized(values)
    if not len(values):
        raise refuse(f"there are no {name}; expected at least one")


def pairs(
    probabilities: Sequence[float], outcomes: Sequence[float]
) -> tuple[tuple[float, float], ...]:
    """
    Pair forecasts with their outcomes.

    Raises:
        FieldError: The lengths differ, there is nothing to pair, or a value is out of bounds.
    """
    same_length(probabilities, outcomes)
    not_empty("forecasts", probabilities)
    return tuple((probability(p), outcome(o)) for p, o in zip(probabilities, outcomes, strict=True))
