"""
Write exact numbers and states as texts that any engine compares rightly.

No column type of all engines holds every number that a registry may: a hundred digits, and powers
of ten up to 300. A *key* is a text in small letters whose order as text is the order of the
numbers, digit for digit, and that is the same for equal numbers (``2.5`` and ``2.50``). It begins
with ``a`` for a negative number, ``b`` for zero, ``c`` for a positive one; then the power of ten
of the first digit, in four letters; then the digits. In a negative number every letter is turned
around, and ``z`` ends it, since of two numbers that begin alike the longer is then the smaller.
"""

import json
from typing import Final

from claimtrack.model.quantity import Comparison, Number, Range, Test

_LETTERS: Final = "bcdefghijk"
_TURNED: Final = str.maketrans(_LETTERS, _LETTERS[::-1])
_POWERS_FROM: Final = -5000
"""Far below every power that a bound with a tolerance can have."""


def key(value: Number) -> str:
    """
    Return the key of a number.

    Example:
        >>> key(-3) < key(0) < key(2) == key(2) < key(10)
        True
    """
    sign, digits, exponent = _parts(value)
    if not digits:
        return "b"
    power = len(digits) + exponent - _POWERS_FROM
    letters = "".join(_LETTERS[int(digit)] for digit in f"{power:04d}{digits}")
    return f"a{letters.translate(_TURNED)}z" if sign else f"c{letters}"


def _parts(value: Number) -> tuple[bool, str, int]:
    """Return the sign of *value*, its digits without zeros at either end, and their power."""
    if isinstance(value, int):
        text, exponent = str(abs(value)), 0
        sign = value < 0
    else:
        is_negative, digits, power = value.as_tuple()
        text, exponent = "".join(map(str, digits)), int(power)
        sign = bool(is_negative)
    text = text.lstrip("0")
    kept = text.rstrip("0")
    return sign, kept, exponent + len(text) - len(kept)


def keys_of_value(value: Number | Range) -> tuple[str, str]:
    """Return the keys of the least and the greatest number that an observed *value* can be."""
    if isinstance(value, Range):
        return key(value.low), key(value.high)
    found = key(value)
    return found, found


def keys_of_test(test: Test) -> tuple[str | None, str | None, bool]:
    """Return the keys of the ends of what passes *test*, None if open, and if they are left out."""
    low, high = test.bounds()
    match test.comparison:
        case Comparison.AT_LEAST:
            return key(low), None, False
        case Comparison.AT_MOST:
            return None, key(high), False
        case Comparison.ABOVE:
            return key(low), None, True
        case Comparison.BELOW:
            return None, key(high), True
        case _:
            return key(low), key(high), False


def state_text(value: str | bool) -> str:  # noqa: FBT001 - it is the value
    """Return a state as JSON, so that the text ``"true"`` is not the truth value ``true``."""
    return json.dumps(value, ensure_ascii=False)
