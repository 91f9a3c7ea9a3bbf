"""
Rating scales as data, and what their labels say of a claim.

A scale is shipped with the library, declared in the files of a registry (``[[scale]]``), or in a
folder of its user. A criterion may ask for published ratings without naming labels; what each label
`Says` then decides. The better side of a shipped scale supports, the worse side refutes, a label
such as "kept in part" is partly; the other labels, such as "in the works" or "not yet rated", say
neither. Scales of consistency and of likelihood say nothing at all: they do not say whether a claim
holds.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import attrs

from claimtrack.errors import (
    ClaimTrackError,
    FieldError,
    Location,
    Problems,
    did_you_mean,
    nearest_to,
)
from claimtrack.model import fields
from claimtrack.model.criterion import Assessed, Criterion, PartlyCounts, Parts
from claimtrack.model.records import Silence, silences

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


class Says(StrEnum):
    """What a label says of a claim that is rated with it."""

    SUPPORTS = "supports"
    PARTLY = "partly"
    REFUTES = "refutes"
    OPEN = "open"


def _says(value: Says | str) -> Says:
    return fields.word(Says, value)


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


def _number(value: float | Decimal | None) -> float | None:
    if value is None:
        return None
    value = fields.plain(value)
    if type(value) not in (int, float, Decimal):
        message = f"{fields.shown(value)} has the wrong type; expected a number"
        raise FieldError("CT101", message)
    return float(value)


def _range(value: Iterable[float | Decimal] | None) -> tuple[float, float] | None:
    if value is None:
        return None
    ends = fields.each(_number, value, "a list of two numbers")
    if len(ends) != 2 or None in ends:  # noqa: PLR2004 - the lowest and the highest
        message = f"{fields.shown(value)} has the wrong type; expected a list of two numbers"
        raise FieldError("CT101", message)
    return ends  # type: ignore[return-value]  # two numbers


@attrs.frozen(kw_only=True, field_transformer=fields.keyed)
class Label:
    """
    One rating on a scale.

    Args:
        name: As it is published.
        gloss: What it means, in a sentence.
        also: Its other names.
        scored: Whether it has a rank from best to worst; a state such as "not yet rated" has not.
        says: What it says of a claim.
        value: A number that the scale gives it, or None.
        range: The lowest and the highest probability that a hedge word stands for, or None.
    """

    name: str = attrs.field(converter=fields.name)
    gloss: str | None = attrs.field(default=None, converter=fields.optional_text)
    also: tuple[str, ...] = attrs.field(default=(), converter=fields.names)
    scored: bool = attrs.field(default=True, converter=fields.flag)
    says: Says = attrs.field(default=Says.OPEN, converter=_says)
    value: float | None = attrs.field(default=None, converter=_number)
    range: tuple[float, float] | None = attrs.field(default=None, converter=_range)


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


def _labels(value: Iterable[Label | Mapping[str, object]]) -> tuple[Label, ...]:
    labels = fields.each(lambda item: fields.record(Label, item), value, "a list of tables")
    if not labels:
        raise FieldError("CT302", "[] has no labels; expected at least one")
    for index, name in _ambiguous(labels):
        message = f"{fields.shown(name)} stands twice; expected each name of a label once"
        raise FieldError("CT201", message, (index,))
    return labels


def _ambiguous(labels: Iterable[Label]) -> Iterator[tuple[int, str]]:
    """Find the names that two labels share, each with the number of the second label."""
    taken: dict[str, int] = {}
    for index, label in enumerate(labels):
        for written in (label.name, *label.also):
            if taken.setdefault(spelling(written), index) != index:
                yield index, written


MEASURES: Final = ("consistency", "likelihood", "outcome", "progress", "promise", "truth")
CLAIM_KINDS: Final = ("demand", "fact", "opinion", "prediction", "promise")
"""The values of `claimtrack.model.claim.ClaimKind`, which imports this module."""


def _measures(value: str | None) -> str | None:
    value = fields.optional_text(value)
    if value is None or value in MEASURES:
        return value
    raise FieldError("CT103", f"{fields.shown(value)} is not known; expected one of {MEASURES}")


def _for_kinds(value: Iterable[str]) -> tuple[str, ...]:
    kinds = fields.names(value)
    for index, kind in enumerate(kinds):
        if kind not in CLAIM_KINDS:
            message = f"{fields.shown(kind)} is no kind of claim; expected some of {CLAIM_KINDS}"
            raise FieldError("CT103", message, (index,))
    if not kinds:
        raise FieldError("CT303", "is empty; expected a kind of claim, or no key for all")
    return kinds


@fields.named("scale")
@attrs.frozen(kw_only=True, field_transformer=fields.keyed, weakref_slot=False)
class Scale:
    """
    A set of labels that somebody rates with.

    Args:
        id: Its name in files and commands.
        title: Its name for people; None for the id.
        measures: What it says of a claim: ``truth``, ``promise``, ``progress``, ``outcome``,
            ``consistency`` or ``likelihood``; None if nobody said.
        source: Who publishes it, and where.
        labels: From best to worst, under the key ``label``; labels that are not scored have no
            rank.
        note: Anything else.
        for_kinds: The kinds of claims that it rates, under the key ``for``; empty for all.
    """

    id: str = attrs.field(converter=fields.identifier)
    title: str | None = attrs.field(default=None, converter=fields.optional_text)
    measures: str | None = attrs.field(default=None, converter=_measures)
    source: str | None = attrs.field(default=None, converter=fields.optional_text)
    for_kinds: tuple[str, ...] = attrs.field(
        default=(), converter=_for_kinds, metadata={"key": "for"}
    )
    note: str | None = attrs.field(default=None, converter=fields.optional_text)
    internal: str | None = attrs.field(default=None, converter=fields.optional_internal, repr=False)
    silenced: tuple[Silence, ...] = attrs.field(default=(), converter=silences)
    labels: tuple[Label, ...] = attrs.field(converter=_labels, metadata={"key": "label"})

    @property
    def name(self) -> str:
        """The title, or the id if there is no title."""
        return self.title or self.id

    def rates(self, kind: str | None) -> bool:
        """Say whether it is for claims of *kind*; a claim without a kind may be of any."""
        return kind is None or not self.for_kinds or kind in self.for_kinds

    @property
    def order(self) -> tuple[str, ...]:
        """The names of the scored labels from best to worst."""
        return tuple(label.name for label in self.labels if label.scored)

    def saying(self, says: Says) -> tuple[str, ...]:
        """Return the names of the labels that say so of a claim."""
        return tuple(label.name for label in self.labels if label.says is says)

    @property
    def says_anything(self) -> bool:
        """Whether any label says something of a claim, so that a criterion need not name labels."""
        return any(label.says is not Says.OPEN for label in self.labels)

    def find(self, text: str) -> Label | None:
        """Return the label with the name or other name *text*; None if there is none."""
        key = spelling(text)
        for label in self.labels:
            if key in map(spelling, (label.name, *label.also)):
                return label
        return None

    def label(self, text: str) -> Label:
        """
        Return the label with the name or other name *text*.

        Raises:
            UnknownLabelError: There is none.
        """
        label = self.find(text)
        if label is None:
            raise UnknownLabelError(self.id, text, tuple(one.name for one in self.labels))
        return label

    def nearest(self, text: str) -> str | None:
        """Return the name of the label whose name or other name is most like *text*, or None."""
        names = {
            spelling(written): label.name
            for label in self.labels
            for written in (label.name, *label.also)
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
    "also": (list, False),
    "scored": (bool, False),
    "says": (str, False),
    "value": (NUMBER, False),
    "range": (list, False),
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


OwnScales: TypeAlias = Mapping[str, Scale]
"""The scales that a registry declares, by id."""


def known_scale(id: str, own: OwnScales) -> Scale | None:  # noqa: A002
    """Return the scale *id*, one of a registry's *own* or a shipped one; None if there is none."""
    return own.get(id) or shipped_scale(id)


def nearest_scale(id: str, own: OwnScales) -> str | None:  # noqa: A002
    """Return the id of the scale that is most like *id*, or None if none is similar."""
    return nearest_to(id, (*own, *shipped_scales()))


def label_error(scale: Scale, label: str) -> str | None:
    """Return what is wrong with *label* on *scale*; None if nothing."""
    if scale.find(label) is not None:
        return None
    names = ", ".join(one.name for one in scale.labels)
    return f"is not a label of the scale {scale.id!r}; expected one of {names}"


class RatingSides:
    """
    The side of each label of each scale that a leaf asks for.

    Args:
        leaf: The leaf; its labels are its own, else those of its scales.
        own: The scales of the registry.
    """

    def __init__(self, leaf: Assessed, own: OwnScales) -> None:
        counts = Says(leaf.partly_counts.value)
        self._by_scale: dict[str, dict[str, Says]] = {}
        for id_ in leaf.scales:
            scale = known_scale(id_, own)
            if scale is not None:
                said = _said(leaf, scale)
                self._by_scale[id_] = {
                    text: counts if says is Says.PARTLY else says for text, says in said.items()
                }

    def says(self, scale: str, label: str) -> Says:
        """Return what *label* of *scale* says to the leaf."""
        return self._by_scale.get(scale, {}).get(spelling(label), Says.OPEN)

    def spelled(self, says: Says) -> Iterator[tuple[str, str]]:
        """Iterate over the scales and the spellings of their labels that say so."""
        for id_, said in self._by_scale.items():
            yield from ((id_, text) for text, one in said.items() if one is says)


def _said(leaf: Assessed, scale: Scale) -> dict[str, Says]:
    """Return what the labels of *scale* say to *leaf*, by the spelling of each of their names."""
    own = {
        scale.label(text).name: says
        for says, listed in (
            (Says.SUPPORTS, leaf.supports),
            (Says.PARTLY, leaf.partly),
            (Says.REFUTES, leaf.refutes),
        )
        for text in listed
    }
    return {
        spelling(written): own.get(label.name, Says.OPEN) if leaf.names_labels else label.says
        for label in scale.labels
        for written in (label.name, *label.also)
    }


def in_parts(criterion: Criterion, own: OwnScales) -> Criterion:
    """
    Return the *criterion* of a claim or a reading as it is decided.

    It is *criterion* itself. But if that is a leaf that asks for ratings, and some labels say
    "partly", it is the `Parts` of two leaves: ratings with those labels support the first and
    refute the second.

    Args:
        criterion: It stands at the top, and not within another criterion.
        own: The scales of the registry.
    """
    if not isinstance(criterion, Assessed) or criterion.partly_counts is not PartlyCounts.NEITHER:
        return criterion
    if criterion.names_labels:
        has_partly = bool(criterion.partly)
    else:
        scales = (known_scale(id_, own) for id_ in criterion.scales)
        has_partly = any(scale is not None and scale.saying(Says.PARTLY) for scale in scales)
    if not has_partly:
        return criterion
    return Parts(
        parts=[
            attrs.evolve(criterion, partly_counts=counts)
            for counts in (PartlyCounts.SUPPORTS, PartlyCounts.REFUTES)
        ]
    )


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
    are_right = [check(row, _LABEL_KEYS, "a label", at, problems) for row in table["label"]]
    if not all(are_right):
        return None
    try:
        return Scale(**{_FIELD_NAMES.get(key, key): value for key, value in table.items()})
    except FieldError as error:
        problems.add(error.code, f"{error.subject} {error.message}", at, error.hint)
        return None


_FIELD_NAMES: Final = {"for": "for_kinds", "label": "labels"}


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
