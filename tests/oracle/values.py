"""The tests of section 3: does an observed value pass, in three values?"""

from fractions import Fraction
from typing import Any

from tests.oracle.known import Row


def passes(leaf: Row, value: Any) -> str:
    """Say yes, no or maybe: does an observed value pass the leaf's test?"""
    if "is" in leaf:
        same = type(value) is type(leaf["is"]) and value == leaf["is"]
        return "yes" if same else "no"
    low, high = value if isinstance(value, list | tuple) else (value, value)
    return _range_passes(leaf, Fraction(low), Fraction(high))


def _range_passes(leaf: Row, low: Fraction, high: Fraction) -> str:
    if "at_least" in leaf:
        bound = Fraction(leaf["at_least"])
        return _three(every=low >= bound, none=high < bound)
    if "at_most" in leaf:
        bound = Fraction(leaf["at_most"])
        return _three(every=high <= bound, none=low > bound)
    if "above" in leaf:
        bound = Fraction(leaf["above"])
        return _three(every=low > bound, none=high <= bound)
    if "below" in leaf:
        bound = Fraction(leaf["below"])
        return _three(every=high < bound, none=low >= bound)
    least, most = _bounds(leaf)
    return _three(every=least <= low and high <= most, none=high < least or low > most)


def _bounds(leaf: Row) -> tuple[Fraction, Fraction]:
    if "between" in leaf:
        low, high = leaf["between"]
        return (Fraction(low), Fraction(high))
    middle, tolerance = Fraction(leaf["equals"]), Fraction(leaf.get("tolerance", 0))
    return (middle - tolerance, middle + tolerance)


def _three(*, every: bool, none: bool) -> str:
    if every:
        return "yes"
    return "no" if none else "maybe"
