"""
Rating scales as data, and which of their labels say that a claim holds.

A criterion may ask for published ratings without naming the labels that support it; `MAPPINGS` then
names them, for scales that many people use. It is fixed here so that a registry means the same
wherever it is read: for a user's own scale, which is in a file outside the registry, the criterion
has to name the labels.

In `MAPPINGS`, the better side of a scale supports and the worse side refutes; the middle does
neither, nor do states such as "not yet rated". Scales of consistency and of likelihood are left
out: they do not say whether a claim holds. Labels have their names on the scale; aliases are in the
file of the scale.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

import attrs

from claimtrack.errors import ClaimTrackError, Location, Problems, did_you_mean, nearest_to

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


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
"""By the id of the scale; the table of the reference page is generated from it."""


_HOME: Final = "claimtrack.model"


def spelling(label: str) -> str:
    """
    Return *label* in the form in which labels are compared.

    Case is ignored, a hyphen equals a space, and a final ``!`` is dropped.

    Example:
        >>> spelling("Pants-on-Fire!")
        'pants on fire'
    """
    return label.casefold().replace("-", " ").removesuffix("!")


@attrs.frozen(kw_only=True)
class Label:
    """
    One rating on a scale.

    Args:
        name: As it is published.
        gloss: What it means, in a sentence.
        scored: Whether it has a rank from best to worst; a state such as "not yet rated" has not.
        value: A number that the scale gives it, or None.
        range: The lowest and the highest probability that a hedge word stands for, or None.
        aliases: Other spellings.
    """

    name: str
    gloss: str
    scored: bool = True
    value: float | None = None
    range: tuple[float, float] | None = None
    aliases: tuple[str, ...] = ()


class UnknownLabelError(ClaimTrackError, ValueError):
    """A scale has no such label."""

    def __init__(self, scale: str, label: str, labels: tuple[str, ...]) -> None:
        super().__init__(scale, label, labels)
        self.scale = scale
        self.label = label
        self.labels = labels

    def __str__(self) -> str:
        known = ", ".join(self.labels)
        return f"CT103 rating {self.label!r} is not on the scale {self.scale!r}; expected {known}"


class UnknownScaleError(ClaimTrackError, LookupError):
    """There is no such scale or policy."""

    def __init__(self, kind: str, id: str, known: tuple[str, ...]) -> None:  # noqa: A002
        super().__init__(kind, id, known)
        self.kind = kind
        self.id = id
        self.known = known

    def __str__(self) -> str:
        hint = did_you_mean(self.id, self.known) or f"expected {', '.join(self.known)}"
        return f"CT103 {self.kind} {self.id!r} is not known; {hint}"


@attrs.frozen(kw_only=True)
class Scale:
    """
    A set of labels that somebody rates with.

    Args:
        id: Its name in files and commands.
        title: Its name for people.
        measures: What it says of a claim: ``truth``, ``promise``, ``progress``, ``outcome``,
            ``consistency`` or ``likelihood``.
        source: Who publishes it, and where.
        labels: From best to worst; labels that are not scored have no rank.
        note: Anything else.
        for_kinds: The kinds of claims that it rates, under the key ``for``; empty for all.
    """

    id: str
    title: str
    measures: str
    source: str
    labels: tuple[Label, ...]
    note: str | None = None
    for_kinds: tuple[str, ...] = ()

    def rates(self, kind: str | None) -> bool:
        """Say whether it is for claims of *kind*; a claim without a kind may be of any."""
        return kind is None or not self.for_kinds or kind in self.for_kinds

    @property
    def order(self) -> tuple[str, ...]:
        """The names of the scored labels from best to worst."""
        return tuple(label.name for label in self.labels if label.scored)

    def find(self, text: str) -> Label | None:
        """Return the label with the name or alias *text*; None if there is none."""
        key = spelling(text)
        for label in self.labels:
            if key in map(spelling, (label.name, *label.aliases)):
                return label
        return None

    def label(self, text: str) -> Label:
        """
        Return the label with the name or alias *text*.

        Raises:
            UnknownLabelError: There is none.
        """
        label = self.find(text)
        if label is None:
            raise UnknownLabelError(self.id, text, tuple(one.name for one in self.labels))
        return label

    def nearest(self, text: str) -> str | None:
        """Return the name of the label whose name or alias is most like *text*, or None."""
        names = {
            spelling(written): label.name
            for label in self.labels
            for written in (label.name, *label.aliases)
        }
        close = nearest_to(spelling(text), names)
        return None if close is None else names[close]


NUMBER: Final = (int, float)
_NAMES: Final[Mapping[object, str]] = {
    str: "a text",
    bool: "true or false",
    list: "a list",
    NUMBER: "a number",
}

Keys: TypeAlias = Mapping[str, tuple[Any, bool]]
"""For each key of a table, the type of its value, and whether it is required."""

MEASURES: Final = ("consistency", "likelihood", "outcome", "progress", "promise", "truth")
CLAIM_KINDS: Final = ("demand", "fact", "opinion", "prediction", "promise")
"""The values of `claimtrack.model.claim.ClaimKind`, which imports this module."""
_SCALE_KEYS: Final[Keys] = {
    "id": (str, True),
    "title": (str, True),
    "measures": (str, True),
    "source": (str, True),
    "note": (str, False),
    "for": (list, False),
    "label": (list, True),
}
_LABEL_KEYS: Final[Keys] = {
    "name": (str, True),
    "gloss": (str, True),
    "scored": (bool, False),
    "value": (NUMBER, False),
    "range": (list, False),
    "aliases": (list, False),
}


@cache
def shipped_scales() -> tuple[str, ...]:
    """Return the ids of the scales that are shipped, sorted."""
    return tuple(sorted(file.name.removesuffix(".toml") for file in shipped(_HOME, "scales")))


@cache
def shipped_scale(id: str) -> Scale | None:  # noqa: A002
    """Return the shipped scale *id*, or None; no other file is read."""
    if id not in shipped_scales():
        return None
    problems = Problems()
    file = _folder(_HOME, "scales").joinpath(f"{id}.toml")
    scale = _scale(read(file, problems), Location(str(file), 1), problems)
    problems.raise_if_any()
    return scale


HEDGE_PREFIX: Final = "hedge-"
"""With it begin the ids of the scales of likelihood, which are maps from words to numbers."""


@cache
def hedge_maps() -> tuple[str, ...]:
    """Return the names of the shipped maps from hedges to probabilities, such as ``icd-203``."""
    return tuple(
        id_.removeprefix(HEDGE_PREFIX) for id_ in shipped_scales() if id_.startswith(HEDGE_PREFIX)
    )


def hedge_map(name: str) -> Scale | None:
    """
    Return the map from hedges to probabilities *name*; None if there is none.

    Example:
        >>> hedge_map("icd-203").label("very likely").value
        0.875
    """
    return shipped_scale(HEDGE_PREFIX + name) if name in hedge_maps() else None


@lru_cache(maxsize=4096)
def label_error(scale: str, label: str) -> str | None:
    """
    Return what is wrong with *label* on a shipped *scale*; None if nothing.

    On a scale that is not shipped, every label is accepted.
    """
    known = shipped_scale(scale)
    if known is None or known.find(label) is not None:
        return None
    names = ", ".join(one.name for one in known.labels)
    return f"is not a label of the scale {scale!r}; expected one of {names}"


@lru_cache(maxsize=1024)
def misspelt_scale(scale: str) -> str | None:
    """
    Return the shipped scale that *scale* misspells; None if it is one, or like none.

    A user's own scale may have a similar name, so at most a letter or two may differ.
    """
    near = None if scale in shipped_scales() else nearest_to(scale, shipped_scales())
    if near is None or abs(len(near) - len(scale)) > 1:
        return None
    return near if len(Counter(near) - Counter(scale)) <= 1 else None


@lru_cache(maxsize=4096)
def label_key(scale: str, label: str) -> str:
    """
    Return the text by which *label* is compared with other labels of *scale*.

    It is the `spelling` of the label's name on a shipped scale, also for an alias; and of *label*
    itself if the scale or the label is not shipped.

    Example:
        >>> label_key("truth-o-meter", "Barely-True")
        'mostly false'
        >>> label_key("a-scale-of-ones-own", "Half-True")
        'half true'
    """
    known = shipped_scale(scale)
    shipped_label = None if known is None else known.find(label)
    return spelling(label if shipped_label is None else shipped_label.name)


def load_scales(folders: Iterable[Path] = ()) -> Mapping[str, Scale]:
    """
    Return the shipped scales, and those in *folders*, by id.

    Raises:
        LoadError: A file is not a scale, or an id is taken; it names every problem.
    """
    problems = Problems()
    scales = {id_: scale for id_ in shipped_scales() if (scale := shipped_scale(id_)) is not None}
    for file in user_files(folders):
        at = Location(str(file), 1)
        scale = _scale(read(file, problems), at, problems)
        if scale is not None and scale.id in scales:
            problems.add("CT201", f"scale id {scale.id!r} is taken; expected ids to be unique", at)
        elif scale is not None:
            scales[scale.id] = scale
    problems.raise_if_any()
    return scales


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


def _scale(table: dict[str, Any], at: Location, problems: Problems) -> Scale | None:
    if not table or not check(table, _SCALE_KEYS, "a scale", at, problems):
        return None
    if table["measures"] not in MEASURES:
        message = f"measures {table['measures']!r} is not known; expected one of {MEASURES}"
        problems.add("CT103", message, at)
    kinds = tuple(table.get("for", ()))
    for kind in kinds:
        if kind not in CLAIM_KINDS:
            message = f"for holds {kind!r}; expected kinds of claims, some of {CLAIM_KINDS}"
            problems.add("CT103", message, at)
    if "for" in table and not kinds:
        problems.add("CT303", "for is empty; expected a kind of claim, or no key for all", at)
    labels = tuple(filter(None, (_label(row, at, problems) for row in table["label"])))
    if not labels:
        problems.add("CT302", "a scale has no labels; expected at least one", at)
    for twice in _ambiguous(labels):
        problems.add("CT201", f"label {twice!r} stands twice; expected each once", at)
    texts = {key: value for key, value in table.items() if key not in {"for", "label"}}
    return Scale(labels=labels, for_kinds=kinds, **texts)


def _ambiguous(labels: Iterable[Label]) -> Iterator[str]:
    """Find the names that two labels share."""
    taken: dict[str, int] = {}
    for index, label in enumerate(labels):
        for written in (label.name, *label.aliases):
            if taken.setdefault(spelling(written), index) != index:
                yield written


def _label(row: dict[str, Any], at: Location, problems: Problems) -> Label | None:
    if not check(row, _LABEL_KEYS, "a label", at, problems):
        return None
    lists: dict[str, Any] = {key: tuple(row[key]) for key in ("range", "aliases") if key in row}
    return Label(**row | lists)


# Small TOML files of the library or of its user: scales, and the policies of `claimtrack.score`.


def shipped(package: str, folder: str) -> "list[Traversable]":
    """Return the TOML files of a folder of a *package* of ours, sorted by name."""
    return _sorted(_folder(package, folder).iterdir())


def _folder(package: str, folder: str) -> "Traversable":
    from importlib.resources import files  # noqa: PLC0415 - needed only for scales

    return files(package).joinpath(folder)


def user_files(folders: Iterable[Path]) -> "list[Traversable]":
    """Return the TOML files of *folders*, each sorted by name."""
    return [file for folder in folders for file in _sorted(Path(folder).iterdir())]


def _sorted(files: "Iterable[Traversable]") -> "list[Traversable]":
    return sorted((f for f in files if f.name.endswith(".toml")), key=lambda f: f.name)


def read(file: "Traversable", problems: Problems) -> dict[str, Any]:
    """Return the content of *file*; if it is not TOML, add a problem and return an empty table."""
    import tomllib  # noqa: PLC0415 - needed only for scales

    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.add("CT002", f"the file is not well formed: {error}", Location(str(file), 1))
        return {}


def check(
    table: Mapping[str, Any], keys: Keys, where: str, at: Location, problems: Problems
) -> bool:
    """Check the keys of *table* and the types of its values; say whether all are right."""
    before = len(problems)
    for key in table:
        if key not in keys:
            problems.add(
                "CT301", f"{where} has an unknown key {key!r}; expected {sorted(keys)}", at
            )
    for key, (type_, needed) in keys.items():
        if key not in table:
            if needed:
                problems.add("CT302", f"{where} has no {key!r}; expected {_NAMES[type_]}", at)
        elif not _is(table[key], type_):
            message = f"{where} has {key} = {table[key]!r}; expected {_NAMES[type_]}"
            problems.add("CT101", message, at)
    return len(problems) == before


def _is(value: object, type_: Any) -> bool:  # noqa: ANN401 - a type or a tuple of them
    return isinstance(value, type_) and (type_ is bool or not isinstance(value, bool))
