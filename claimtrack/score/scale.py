"""
The scales on which others rate claims, as data.

Each is a TOML file with its labels from best to worst, what each means, and where the scale is
from. Those shipped are in the folder ``scales``; a user's own folders can add more.
"""

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import attrs

from claimtrack.errors import ClaimTrackError, Location, Problems
from claimtrack.score import _tables


@attrs.frozen(kw_only=True)
class Label:
    """
    One rating on a scale.

    Args:
        name: As it is published.
        gloss: What it means, in a sentence.
        scored: Whether it has a place from best to worst; a state such as "not yet rated" has not.
        value: A number that the scale gives it, or None.
        range: The least and the greatest probability that a hedge word stands for, or None.
        aliases: Other ways in which it is written.
    """

    name: str
    gloss: str
    scored: bool = True
    value: float | None = None
    range: tuple[float, float] | None = None
    aliases: tuple[str, ...] = ()


class UnknownLabelError(ClaimTrackError, ValueError):
    """Say that a scale has no such label."""

    def __init__(self, scale: str, label: str, labels: tuple[str, ...]) -> None:
        super().__init__(scale, label, labels)
        self.scale = scale
        self.label = label
        self.labels = labels

    def __str__(self) -> str:
        known = ", ".join(self.labels)
        return f"CT103 rating {self.label!r} is not on the scale {self.scale!r}; expected {known}"


class UnknownScaleError(ClaimTrackError, LookupError):
    """Say that there is no such scale or policy."""

    def __init__(self, kind: str, id: str, known: tuple[str, ...]) -> None:  # noqa: A002
        super().__init__(kind, id, known)
        self.kind = kind
        self.id = id
        self.known = known

    def __str__(self) -> str:
        nearest = difflib.get_close_matches(self.id, self.known, n=1)
        hint = f"did you mean {nearest[0]!r}?" if nearest else f"expected {', '.join(self.known)}"
        return f"CT103 {self.kind} {self.id!r} is not known; {hint}"


@attrs.frozen(kw_only=True)
class Scale:
    """
    A set of labels that somebody rates with.

    Args:
        id: What files and commands call it.
        title: What people call it.
        measures: What it says of a claim: ``truth``, ``promise``, ``progress``, ``outcome``,
            ``consistency`` or ``likelihood``.
        source: Where it is from.
        labels: From best to worst; those that are not scored have no place in that order.
        note: What else is to be known.
    """

    id: str
    title: str
    measures: str
    source: str
    labels: tuple[Label, ...]
    note: str | None = None

    @property
    def order(self) -> tuple[str, ...]:
        """The names of the scored labels from best to worst."""
        return tuple(label.name for label in self.labels if label.scored)

    def label(self, text: str) -> Label:
        """
        Return the label that is written *text*, by its name or an alias, in any case.

        Raises:
            UnknownLabelError: There is none.
        """
        for spelling in (lambda name: name, str.casefold):
            for label in self.labels:
                if spelling(text) in map(spelling, (label.name, *label.aliases)):
                    return label
        raise UnknownLabelError(self.id, text, tuple(label.name for label in self.labels))


MEASURES: Final = ("consistency", "likelihood", "outcome", "progress", "promise", "truth")
_SCALE_KEYS: Final[_tables.Keys] = {
    "id": (str, True),
    "title": (str, True),
    "measures": (str, True),
    "source": (str, True),
    "note": (str, False),
    "label": (list, True),
}
_LABEL_KEYS: Final[_tables.Keys] = {
    "name": (str, True),
    "gloss": (str, True),
    "scored": (bool, False),
    "value": (_tables.NUMBER, False),
    "range": (list, False),
    "aliases": (list, False),
}


def load_scales(folders: Iterable[Path] = ()) -> Mapping[str, Scale]:
    """
    Read the scales that are shipped, and those in *folders*, by id.

    Raises:
        LoadError: A file is not a scale, or an id is taken; it names every problem.
    """
    problems = Problems()
    found: dict[str, Scale] = {}
    for file in [*_tables.shipped("scales"), *_tables.of_users(folders)]:
        at = Location(str(file), 1)
        scale = _scale(_tables.read(file, problems), at, problems)
        if scale is not None and scale.id in found:
            problems.add("CT201", f"scale id {scale.id!r} is taken; expected ids to be unique", at)
        elif scale is not None:
            found[scale.id] = scale
    problems.raise_if_any()
    return found


def scale_of(id: str, folders: Iterable[Path] = ()) -> Scale:  # noqa: A002
    """
    Return the scale *id*.

    Raises:
        UnknownScaleError: There is none.
        LoadError: A file in *folders* is not a scale.

    Example:
        >>> scale_of("averitec").order
        ('Supported', 'Conflicting Evidence/Cherrypicking', 'Refuted')
    """
    scales = load_scales(folders)
    if id not in scales:
        raise UnknownScaleError("scale", id, tuple(sorted(scales)))
    return scales[id]


def _scale(table: dict[str, Any], at: Location, found: Problems) -> Scale | None:
    if not table or not _tables.check(table, _SCALE_KEYS, "a scale", at, found):
        return None
    if table["measures"] not in MEASURES:
        message = f"measures {table['measures']!r} is not known; expected one of {MEASURES}"
        found.add("CT103", message, at)
    labels = tuple(filter(None, (_label(row, at, found) for row in table["label"])))
    if not labels:
        found.add("CT302", "a scale has no labels; expected at least one", at)
    spellings = [s for label in labels for s in (label.name, *label.aliases)]
    for twice in sorted({s for s in spellings if spellings.count(s) > 1}):
        found.add("CT201", f"label {twice!r} stands twice; expected each once", at)
    texts = {key: value for key, value in table.items() if key != "label"}
    return Scale(labels=labels, **texts)


def _label(row: dict[str, Any], at: Location, found: Problems) -> Label | None:
    if not _tables.check(row, _LABEL_KEYS, "a label", at, found):
        return None
    lists: dict[str, Any] = {key: tuple(row[key]) for key in ("range", "aliases") if key in row}
    return Label(**row | lists)
