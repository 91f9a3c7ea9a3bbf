"""
Observed quantities, and the tests that a criterion puts to them.

Numbers are exact: integers and decimals as they were written, never binary fractions. A test is an
interval of the real line, so for an observed range it has three answers.
"""

from collections.abc import Sequence
from decimal import Context, Decimal, Inexact
from enum import StrEnum
from typing import Final, TypeAlias

import attrs

from claimtrack.errors import FieldError
from claimtrack.model import fields
from claimtrack.model.span import Answer

Number: TypeAlias = int | Decimal
NumberLike: TypeAlias = int | Decimal | float

MAX_EXPONENT: Final = 300
"""Powers of ten beyond this are refused: no quantity needs them, and exact sums stay short."""

MAX_DIGITS: Final = 100

_TOO_LONG: Final[int] = 10**MAX_DIGITS

_EXACT: Final = Context(prec=2 * (MAX_EXPONENT + MAX_DIGITS), traps=[Inexact])


def number(value: NumberLike) -> Number:
    """
    Accept a finite number; a float stands for its shortest decimal text.

    Raises:
        FieldError: It is not a number, not finite, too large, too small or too long.
    """
    if type(value) is int and -(10**18) < value < 10**18:
        return value
    value = fields.plain(value)
    if type(value) is float:
        value = Decimal(repr(value))
    if type(value) not in (int, Decimal):
        message = f"{fields.shown(value)} has the wrong type; expected a number"
        raise FieldError("CT101", message, hint=fields.unquoted(value))
    if type(value) is Decimal and not value.is_finite():
        raise FieldError("CT104", f"{fields.shown(value)} is not finite; expected a number")
    if not _is_moderate(value):
        message = (
            f"{fields.shown(value)} is out of bounds; expected at most {MAX_DIGITS} digits "
            f"and powers of ten up to {MAX_EXPONENT}"
        )
        raise FieldError("CT104", message)
    return value  # type: ignore[return-value]


def _is_moderate(value: object) -> bool:
    if isinstance(value, int):
        return abs(value) < _TOO_LONG
    assert isinstance(value, Decimal)  # noqa: S101 - number() lets nothing else through
    digits = value.as_tuple()
    exponent = int(digits.exponent)
    return bool(len(digits.digits) <= MAX_DIGITS and abs(exponent) <= MAX_EXPONENT)


@attrs.frozen
class Range:
    """An observed quantity known only to lie between *low* and *high*, both inclusive."""

    low: Number = attrs.field(converter=number)
    high: Number = attrs.field(converter=number)

    def __attrs_post_init__(self) -> None:
        if self.low > self.high:
            message = f"[{self.low}, {self.high}] runs backwards; expected [low, high]"
            raise FieldError("CT104", message)

    def __str__(self) -> str:
        return f"{self.low} to {self.high}"


Quantity: TypeAlias = Number | Range
RangeLike: TypeAlias = Range | Sequence[NumberLike]


def number_range(value: Range | Sequence[NumberLike]) -> Range:
    """Accept a range, or a list of its two ends."""
    if isinstance(value, Range):
        return value
    if isinstance(value, str | bytes) or not isinstance(value, Sequence) or len(value) != 2:  # noqa: PLR2004
        message = f"{fields.shown(value)} is not a range; expected [low, high]"
        raise FieldError("CT101", message)
    return Range(*value)


def quantity(value: Range | Sequence[NumberLike] | NumberLike) -> Quantity:
    """Accept a number or a range of numbers."""
    if isinstance(value, list | tuple | Range):
        return number_range(value)
    return number(value)  # type: ignore[arg-type]


class Comparison(StrEnum):
    """The tests of a quantity; the values are the keys of the file format."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ABOVE = "above"
    BELOW = "below"
    EQUALS = "equals"
    BETWEEN = "between"


def _comparison(value: Comparison | str) -> Comparison:
    return fields.word(Comparison, value)


def _tolerance(value: NumberLike) -> Number:
    checked = number(value)
    if checked < 0:
        raise FieldError("CT104", f"{fields.shown(value)} is negative; expected 0 or more")
    return checked


@attrs.frozen(kw_only=True, field_transformer=fields.keyed)
class Test:
    """
    A set of numbers that pass: an interval with closed ends, except `above` and `below`.

    Args:
        comparison: Which test it is.
        value: Its bound; for `between`, the range of what passes, both ends inclusive.
        tolerance: For `equals`: how far from *value* still counts, inclusive.
    """

    __test__ = False

    comparison: Comparison = attrs.field(converter=_comparison)
    value: Quantity = attrs.field(converter=quantity)
    tolerance: Number = attrs.field(default=0, converter=_tolerance)

    def __attrs_post_init__(self) -> None:
        if isinstance(self.value, Range) is not (self.comparison is Comparison.BETWEEN):
            expected = "[low, high]" if self.comparison is Comparison.BETWEEN else "a number"
            message = f"{fields.shown(self.value)} does not fit; expected {expected}"
            raise FieldError("CT304", message, (self.comparison.value,))
        if self.tolerance and self.comparison is not Comparison.EQUALS:
            message = f"goes with 'equals'; this test is {self.comparison.value!r}"
            raise FieldError("CT304", message, ("tolerance",))

    @property
    def asks_for_growth(self) -> bool:
        """Whether a quantity that never falls keeps passing once it passes."""
        return self.comparison in (Comparison.AT_LEAST, Comparison.ABOVE)

    def passes(self, observed: Quantity) -> Answer:
        """Say whether all (yes), none (no) or some (maybe) of the *observed* numbers pass."""
        low, high = (
            (observed.low, observed.high) if isinstance(observed, Range) else (observed, observed)
        )
        if self._passes(low) and self._passes(high):
            return Answer.YES
        if self._misses(low, high):
            return Answer.NO
        return Answer.MAYBE

    def bounds(self) -> tuple[Number, Number]:
        """Return the lowest and the highest number that the test names, *tolerance* included."""
        if isinstance(self.value, Range):
            return self.value.low, self.value.high
        if not self.tolerance:
            return self.value, self.value
        value, tolerance = Decimal(self.value), Decimal(self.tolerance)
        return _EXACT.subtract(value, tolerance), _EXACT.add(value, tolerance)

    def _passes(self, observed: Number) -> bool:
        low, high = self.bounds()
        match self.comparison:
            case Comparison.AT_LEAST:
                return observed >= low
            case Comparison.AT_MOST:
                return observed <= high
            case Comparison.ABOVE:
                return observed > low
            case Comparison.BELOW:
                return observed < high
            case _:
                return low <= observed <= high

    def _misses(self, low: Number, high: Number) -> bool:
        """Say whether no number of [*low*, *high*] passes; not both ends pass."""
        match self.comparison:
            case Comparison.AT_LEAST | Comparison.ABOVE:
                return not self._passes(high)
            case Comparison.AT_MOST | Comparison.BELOW:
                return not self._passes(low)
            case _:
                least, most = self.bounds()
                return high < least or low > most
