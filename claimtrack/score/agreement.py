"""
Agreement between raters of the same units.

Ratings are a table with one row for each rater and one column for each unit; None is a missing
rating. The coefficients are None where they are not defined: where all ratings are equal, so that
agreement cannot be told from chance, and where no unit has two ratings.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from math import fsum
from numbers import Real
from types import MappingProxyType
from typing import Final, Literal, TypeVar

from claimtrack.score import _check

Rating = TypeVar("Rating", bound=Hashable)
Ratings = Sequence[Sequence[Rating | None]]
Scale = Literal["nominal", "ordinal", "interval", "ratio"]


def percent_agreement(ratings: Ratings[Rating]) -> float | None:
    """
    Return the share, from 0 to 1, of pairs of ratings of one unit that are equal.

    Every pair of raters counts on every unit that both rated, as in Fleiss (1971). It includes
    chance agreement, so it is high for raters who use one label most of the time.

    Raises:
        FieldError: The rows differ in length.
    """
    pairs = [pair for unit in _units(ratings) for pair in combinations(unit, 2)]
    return sum(a == b for a, b in pairs) / len(pairs) if pairs else None


def cohen_kappa(first: Sequence[Rating | None], second: Sequence[Rating | None]) -> float | None:
    """
    Return Cohen's kappa of two raters: their agreement beyond chance.

    Cohen (1960), A coefficient of agreement for nominal scales, Educational and Psychological
    Measurement 20, 37-46. 1 is full agreement, 0 what chance gives at each rater's own frequencies;
    the least is -1. Only units that both rated count.

    Raises:
        FieldError: The lengths differ.

    Example:
        >>> round(cohen_kappa(["a", "a", "b", "b"], ["a", "b", "b", "b"]), 3)
        0.5
    """
    _check.same_length(first, second)
    both = [(a, b) for a, b in zip(first, second, strict=True) if a is not None and b is not None]
    if not both:
        return None
    ones, twos = Counter(a for a, _ in both), Counter(b for _, b in both)
    observed = sum(a == b for a, b in both) * len(both)
    chance = sum(ones[label] * twos[label] for label in ones)
    return _beyond_chance(observed, chance, len(both) ** 2)


def fleiss_kappa(ratings: Ratings[Rating]) -> float | None:
    """
    Return Fleiss' kappa: agreement beyond chance where every unit has as many ratings.

    Fleiss (1971), Measuring nominal scale agreement among many raters, Psychological Bulletin
    76, 378-382. 1 is full agreement, 0 what chance gives at the pooled frequencies. For missing
    ratings use `krippendorff_alpha`.

    Raises:
        FieldError: The rows differ in length, a rating is missing, or there is one rater.
    """
    units = _units(ratings)
    if len(ratings) < 2:  # noqa: PLR2004
        raise _check.refuse(f"{len(ratings)} raters cannot agree; expected at least 2")
    if any(len(unit) < len(ratings) for unit in units):
        raise _check.refuse("Fleiss' kappa is not defined with missing ratings")
    if not units:
        return None
    raters, pooled = len(ratings), Counter(label for unit in units for label in unit)
    pairs = sum(n * (n - 1) for unit in units for n in Counter(unit).values())
    observed = pairs / (len(units) * raters * (raters - 1))
    total = len(units) * raters
    squares = sum(n * n for n in pooled.values())
    return None if len(pooled) == 1 else _beyond_chance(observed * total**2, squares, total**2)


def _beyond_chance(observed: float, chance: float, full: float) -> float | None:
    return None if chance == full else (observed - chance) / (full - chance)


def krippendorff_alpha(
    ratings: Ratings[Rating],
    *,
    scale: Scale = "nominal",
    order: Sequence[Rating] | None = None,
) -> float | None:
    """
    Return Krippendorff's alpha: 1 less the observed disagreement over that expected by chance.

    Krippendorff (2011), Computing Krippendorff's alpha-reliability,
    https://repository.upenn.edu/asc_papers/43. 1 is full agreement, 0 is chance, below 0 is
    worse than chance. Units with fewer than two ratings do not count.

    Args:
        ratings: One row for each rater, None where a rating is missing.
        scale: How far apart two ratings are: ``nominal``, equal or not; ``ordinal``, by the
            ratings between them; ``interval``, by their difference; ``ratio``, by their
            difference over their sum.
        order: The labels from one end to the other, for ordinal ratings that are not numbers.

    Raises:
        FieldError: The rows differ in length, a label is not in *order*, or ratings are not
            numbers where the scale needs them.

    Example:
        >>> round(krippendorff_alpha([[1, 2, 3, None], [1, 2, 4, 4]], scale="interval"), 3)
        0.878
    """
    units = [unit for unit in _units(ratings) if len(unit) > 1]
    counts = Counter(label for unit in units for label in unit)
    if len(counts) < 2:  # noqa: PLR2004
        return None
    distance = DISTANCES[scale](counts, order)
    observed = fsum(_disagreement(Counter(unit), distance) / (len(unit) - 1) for unit in units)
    expected = _disagreement(counts, distance) / (sum(counts.values()) - 1)
    return 1 - observed / expected


Distance = Callable[[Rating, Rating], float]


def _disagreement(counts: Counter[Rating], distance: Distance[Rating]) -> float:
    pairs = combinations(counts.items(), 2)
    return fsum(2 * n * m * distance(a, b) for (a, n), (b, m) in pairs)


def _nominal(counts: Counter[Rating], order: Sequence[Rating] | None) -> Distance[Rating]:
    del counts, order
    return lambda a, b: float(a != b)


def _ordinal(counts: Counter[Rating], order: Sequence[Rating] | None) -> Distance[Rating]:
    if order is None:
        numbers = {label: _number(label) for label in counts}
        order = sorted(counts, key=numbers.__getitem__)
    strange = sorted(str(label) for label in counts if label not in order)
    if strange:
        raise _check.refuse(f"ratings {strange} are not in the order; expected {list(order)}")
    # The squared number of ratings from one label to the other, half of those at both ends.
    middles, below = {}, 0
    for label in dict.fromkeys(order):
        middles[label] = below + counts[label] / 2
        below += counts[label]
    return lambda a, b: (middles[a] - middles[b]) ** 2


def _interval(counts: Counter[Rating], order: Sequence[Rating] | None) -> Distance[Rating]:
    del counts, order
    return lambda a, b: (_number(a) - _number(b)) ** 2


def _ratio(counts: Counter[Rating], order: Sequence[Rating] | None) -> Distance[Rating]:
    del order
    if any(_number(label) < 0 for label in counts):
        raise _check.refuse("a ratio scale has no ratings below 0")
    return lambda a, b: ((_number(a) - _number(b)) / (_number(a) + _number(b))) ** 2


DISTANCES: Final[Mapping[Scale, Callable[..., Distance[Hashable]]]] = MappingProxyType(
    {"nominal": _nominal, "ordinal": _ordinal, "interval": _interval, "ratio": _ratio}
)
"""For each scale, what gives the distance between two ratings from their counts and order."""


def _number(label: Hashable) -> float:
    if isinstance(label, Real | Decimal):
        return _check.finite("rating", label)
    raise _check.refuse(f"rating {label!r} is not a number; expected numbers, or an order")


def _units(ratings: Ratings[Rating]) -> list[list[Rating]]:
    """Return the ratings of each unit, without missing ones."""
    for row in ratings[1:]:
        _check.same_length(ratings[0], row)
    return [[r for r in unit if r is not None] for unit in zip(*ratings, strict=True)]
