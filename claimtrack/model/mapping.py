"""
Which labels of a scale say that a claim holds, for the scales of others that many people use.

A criterion may rest on published ratings and leave out which of them support it; this table then
says so. It is part of the model, and not of the scales that outcomes are put on, because a
registry means the same wherever it is read: a scale of one's own, which stands in a file outside
the registry, needs the labels in the criterion itself.

The better side of a scale supports and the worse side refutes; the middle does neither, and no
more do states such as "not yet rated". Scales of consistency and of likelihood are not here: they
do not say whether a claim holds. A label stands here under its name on the scale; its other names
are known to `claimtrack.model.scale`.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Sides(NamedTuple):
    """The labels that say that a claim holds, and those that say that it does not."""

    supports: tuple[str, ...]
    refutes: tuple[str, ...]


MAPPINGS: Final[Mapping[str, Sides]] = {
    "averitec": Sides(("Supported",), ("Refuted",)),
    "claimskg": Sides(("TRUE",), ("FALSE",)),
    "co-inform": Sides(("credible", "mostly credible"), ("not credible",)),
    "fatebook": Sides(("YES",), ("NO",)),
    "fever": Sides(("SUPPORTS",), ("REFUTES",)),
    "hdo": Sides(("kept",), ("broken",)),
    "manifold": Sides(("YES",), ("NO",)),
    "meedan": Sides(("verified",), ("false",)),
    "metaculus": Sides(("yes",), ("no",)),
    "polimeter": Sides(("kept",), ("broken",)),
    "politifact-promises": Sides(("Promise Kept",), ("Promise Broken",)),
    "snopes": Sides(("True", "Mostly True"), ("Mostly False", "False")),
    "trumptracker": Sides(("Achieved",), ("Broken",)),
    "truth-o-meter": Sides(
        ("True", "Mostly True"),
        ("Mostly False", "False", "Pants on Fire"),
    ),
    # One Pinocchio is "some shading of the facts", which collections read as mostly credible.
    "washington-post": Sides(
        ("1 Pinocchio",),
        ("3 Pinocchios", "4 Pinocchios"),
    ),
    "wevis": Sides(("done",), ()),
}
"""By the id of the scale; the reference page's table is printed from it."""
