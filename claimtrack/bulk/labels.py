"""
Write the labels of ratings so that an engine finds one among several.

When two labels are the same is settled here, since engines differ in how they change the case of
letters. A label is JSON between line feeds, and no JSON text holds one.
"""

import json
from collections.abc import Iterable

from claimtrack.model.scale import label_key


def label_text(scale: str, label: str) -> str:
    r"""
    Return a label of *scale* as it stands in a list of labels.

    Example:
        >>> label_text("truth-o-meter", "Mostly-True")
        '\n"mostly true"\n'
    """
    return f"\n{json.dumps(label_key(scale, label))}\n"


def labels_text(scale: str, labels: Iterable[str]) -> str:
    """Return several labels as one text, in which each is found as `label_text` writes it."""
    return "".join(label_text(scale, label) for label in labels)
