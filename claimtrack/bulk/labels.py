"""
Write the labels of ratings so that an engine finds one among several.

The case of letters does not matter, and engines differ in how they change it, so it is settled
here. A label is JSON between line feeds, and no JSON text holds one.
"""

import json
from collections.abc import Iterable


def label_text(label: str) -> str:
    r"""
    Return a label as it stands in a list of labels.

    Example:
        >>> label_text("Mostly True")
        '\n"mostly true"\n'
    """
    return f"\n{json.dumps(label.casefold())}\n"


def labels_text(labels: Iterable[str]) -> str:
    """Return several labels as one text, in which each is found as `label_text` writes it."""
    return "".join(map(label_text, labels))
