"""
What would make a claim hold, as a tree of frozen values.

Leaves ask about one fact, people's judgement or their ratings; composites join criteria. In Python
they compose with ``&``, ``|`` and ``~``. The engine decides these trees.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

import attrs

from claimtrack.errors import FieldError
from claimtrack.model import fields
from claimtrack.model.quantity import Test
from claimtrack.model.records import Tier, optional_tier, state_value
from claimtrack.model.span import OPEN_END, OPEN_START, Day, Span

MAX_DEPTH: Final = 32
"""How deep a criterion may nest."""


class WindowKind(StrEnum):
    """How a span becomes a window; the values are the keys of the file format."""

    BY = "by"
    BEFORE = "before"
    AFTER = "after"
    DURING = "during"


def _window_kind(value: WindowKind | str) -> WindowKind:
    return fields.word(WindowKind, value)


@attrs.frozen
class Window:
    """
    A run of days, both ends inclusive.

    ``by`` is every day up to the span's latest; ``before`` up to the day before its earliest;
    ``after`` from the day after its latest, without end; ``during`` is the span itself.

    Raises:
        FieldError: The window holds no day.
    """

    kind: WindowKind = attrs.field(converter=_window_kind)
    span: Span = attrs.field(converter=fields.span)

    def __attrs_post_init__(self) -> None:
        first, last = self.days(None)
        if first == OPEN_END or last == OPEN_START:
            message = f"{self.span.text!r} leaves a window that holds no day"
            raise FieldError("CT308", message, (self.kind.value,))

    def days(self, zone: ZoneInfo | None) -> tuple[Day, Day]:
        """Return the first and the last day, with date-times read in *zone*."""
        first, last = self.span.days_in(zone)
        match self.kind:
            case WindowKind.BY:
                return OPEN_START, last
            case WindowKind.BEFORE:
                return OPEN_START, first - 1
            case WindowKind.AFTER:
                return last + 1, OPEN_END
            case _:
                return first, last

    @property
    def has_deadline(self) -> bool:
        """Whether it ends on a day that can be extended."""
        return self.kind is not WindowKind.AFTER and self.days(None)[1] != OPEN_END


class Criterion:
    """
    The common root of all criteria.

    Example:
        >>> by_2019 = Event(fact="first-gas", window=Window("by", "2019"))
        >>> (by_2019 & ~Judged()).needed
        2
    """

    __slots__ = ()

    def __and__(self, other: "Criterion") -> "All":
        return All(members=(*_parts_of(All, self), *_parts_of(All, other)))

    def __or__(self, other: "Criterion") -> "AnyOf":
        return AnyOf(members=(*_parts_of(AnyOf, self), *_parts_of(AnyOf, other)))

    def __invert__(self) -> "Criterion":
        return Not(member=self)


def _parts_of(kind: "type[All | AnyOf]", criterion: Criterion) -> tuple[Criterion, ...]:
    return criterion.members if isinstance(criterion, kind) else (criterion,)


def _window(value: Window | None) -> Window | None:
    if value is not None and not isinstance(value, Window):
        message = f"{fields.shown(value)} has the wrong type; expected a Window"
        raise FieldError("CT101", message)
    return value


def _needed_window(value: Window) -> Window:
    if value is None:
        message = "needs a window; expected one of by, before, after, during"
        raise FieldError("CT304", message)
    checked = _window(value)
    assert checked is not None  # noqa: S101 - None was refused above
    return checked


def _test(value: Test) -> Test:
    if not isinstance(value, Test):
        message = f"{fields.shown(value)} has the wrong type; expected a Test"
        raise FieldError("CT101", message)
    return value


@attrs.frozen(kw_only=True, field_transformer=fields.keyed, weakref_slot=False)
class Event(Criterion):
    """The event *fact* happens within *window*."""

    fact: str = attrs.field(converter=fields.identifier)
    window: Window = attrs.field(converter=_needed_window)
    min_tier: Tier | None = attrs.field(default=None, converter=optional_tier)
    min_sources: int | None = attrs.field(default=None, converter=fields.optional_count)


@attrs.frozen(kw_only=True, field_transformer=fields.keyed)
class Figure(Criterion):
    """The quantity *fact* passes *test* for exactly the period *at*."""

    fact: str = attrs.field(converter=fields.identifier)
    at: Span = attrs.field(converter=fields.span)
    test: Test = attrs.field(converter=_test)
    unit: str | None = attrs.field(default=None, converter=fields.optional_name)
    min_tier: Tier | None = attrs.field(default=None, converter=optional_tier)
    min_sources: int | None = attrs.field(default=None, converter=fields.optional_count)


@attrs.frozen(kw_only=True, field_transformer=fields.keyed)
class Reaches(Criterion):
    """The quantity *fact* passes *test* at some time within *window* (by, before or during)."""

    fact: str = attrs.field(converter=fields.identifier)
    window: Window = attrs.field(converter=_needed_window)
    test: Test = attrs.field(converter=_test)
    unit: str | None = attrs.field(default=None, converter=fields.optional_name)
    min_tier: Tier | None = attrs.field(default=None, converter=optional_tier)
    min_sources: int | None = attrs.field(default=None, converter=fields.optional_count)

    def __attrs_post_init__(self) -> None:
        if self.window.kind is WindowKind.AFTER:
            message = "does not go with a quantity; expected one of by, before, during"
            raise FieldError("CT304", message, ("after",))


@attrs.frozen(kw_only=True, field_transformer=fields.keyed)
class Throughout(Criterion):
    """
    The quantity or state *fact* passes *test* all through the span *over*.

    Args:
        test: A `Test` for a quantity; the wanted text, true or false for a state.
        samples: How many different periods with a passing value are enough, once *over* has
            passed; None if only a value that covers the whole of it is enough.
    """

    fact: str = attrs.field(converter=fields.identifier)
    over: Span = attrs.field(converter=fields.span, metadata={"key": "throughout"})
    test: Test | str | bool = attrs.field()
    unit: str | None = attrs.field(default=None, converter=fields.optional_name)
    samples: int | None = attrs.field(default=None, converter=fields.optional_count)
    min_tier: Tier | None = attrs.field(default=None, converter=optional_tier)
    min_sources: int | None = attrs.field(default=None, converter=fields.optional_count)

    def __attrs_post_init__(self) -> None:
        if isinstance(self.test, Test):
            return
        try:
            object.__setattr__(self, "test", state_value(self.test))
        except FieldError as error:
            raise error.under("is") from None
        if self.unit is not None:
            raise FieldError("CT304", "does not go with a state", ("unit",))


@attrs.frozen(kw_only=True, field_transformer=fields.keyed)
class Judged(Criterion):
    """People's judgement of the claim itself; with a *window*, of what happened within it."""

    window: Window | None = attrs.field(default=None, converter=_window)
    min_tier: Tier | None = attrs.field(default=None, converter=optional_tier)
    min_sources: int | None = attrs.field(default=None, converter=fields.optional_count)


class PartlyCounts(StrEnum):
    """What ratings that say "partly" count for in one leaf."""

    NEITHER = "partly"
    SUPPORTS = "supports"
    REFUTES = "refutes"


def _partly_counts(value: PartlyCounts | str) -> PartlyCounts:
    return fields.word(PartlyCounts, value)


def _scales(value: str | Iterable[str]) -> tuple[str, ...]:
    if isinstance(fields.plain(value), str):
        return (fields.identifier(value),)  # type: ignore[arg-type]  # it is a text
    if not isinstance(value, list | tuple):
        message = f"{fields.shown(value)} has the wrong type; expected the id of a scale, or a list"
        raise FieldError("CT101", message)
    scales = fields.identifiers(value)
    if not scales:
        raise FieldError("CT304", "[] is empty; expected at least one scale")
    return scales


@attrs.frozen(kw_only=True, field_transformer=fields.keyed)
class Assessed(Criterion):
    """
    Ratings of the claim itself that others published on one scale or several.

    Labels are compared by their `claimtrack.model.scales.spelling`, and by the names that their
    scale gives them. Without any, each scale itself says what its labels say.

    Args:
        scales: The id of the scale, or a list of several, which then have no labels here.
        supports: The labels that say that the claim holds.
        partly: The labels that say that it holds in part.
        refutes: The labels that say that it does not.
        partly_counts: What those in *partly* count for. No file has a key for it: the engine sets
            it in the two parts of a leaf that stands at the top of a claim or a reading.
    """

    scales: tuple[str, ...] = attrs.field(converter=_scales, metadata={"key": "assessed"})
    supports: tuple[str, ...] = attrs.field(default=(), converter=fields.names)
    partly: tuple[str, ...] = attrs.field(default=(), converter=fields.names)
    refutes: tuple[str, ...] = attrs.field(default=(), converter=fields.names)
    min_tier: Tier | None = attrs.field(default=None, converter=optional_tier)
    min_sources: int | None = attrs.field(default=None, converter=fields.optional_count)
    partly_counts: PartlyCounts = attrs.field(
        default=PartlyCounts.NEITHER, converter=_partly_counts
    )

    def __attrs_post_init__(self) -> None:
        if not self.names_labels:
            return
        if len(self.scales) > 1:
            given = next(side for side in RATING_SIDES if getattr(self, side))
            message = "does not go with several scales; expected each to say itself what labels say"
            raise FieldError("CT304", message, (given,))
        from claimtrack.model.scales import spelling  # noqa: PLC0415 - few rest on ratings

        taken: dict[str, str] = {}
        for side in RATING_SIDES:
            for index, label in enumerate(getattr(self, side)):
                other = taken.setdefault(spelling(label), side)
                if other != side:
                    raise on_both_sides(label, other, (side, index))

    @property
    def names_labels(self) -> bool:
        """Whether it names labels of its own, in place of what the scale says."""
        return bool(self.supports or self.partly or self.refutes)


RATING_SIDES: Final = ("supports", "partly", "refutes")
"""The keys of the lists of labels."""


def on_both_sides(label: str, other: str, path: tuple[str | int, ...]) -> FieldError:
    """Return the error that *label*, under *path*, stands in the list *other* too."""
    message = f"{fields.shown(label)} stands in {other!r} too; expected it on one side only"
    return FieldError("CT304", message, path)


Leaf: TypeAlias = Event | Figure | Reaches | Throughout | Judged | Assessed
LEAVES: Final = (Event, Figure, Reaches, Throughout, Judged, Assessed)


def criterion(value: Criterion) -> Criterion:
    """Accept a criterion that is not a list of parts."""
    if not isinstance(value, Criterion):
        message = f"{fields.shown(value)} has the wrong type; expected a criterion"
        raise FieldError("CT101", message)
    if isinstance(value, Parts):
        message = "stands inside a criterion; expected it only at the top of a claim or a reading"
        raise FieldError("CT304", message, ("parts",))
    return value


def _members(value: Iterable[Criterion]) -> tuple[Criterion, ...]:
    members = fields.each(criterion, value, "a list of criteria")
    if not members:
        raise FieldError("CT304", "[] is empty; expected at least one criterion")
    return members


@attrs.frozen(kw_only=True, field_transformer=fields.keyed)
class All(Criterion):
    """Every one of the *members* holds."""

    members: tuple[Criterion, ...] = attrs.field(converter=_members, metadata={"key": "all"})

    @property
    def needed(self) -> int:
        """How many members have to hold."""
        return len(self.members)


@attrs.frozen(kw_only=True, field_transformer=fields.keyed)
class AnyOf(Criterion):
    """At least one of the *members* holds."""

    members: tuple[Criterion, ...] = attrs.field(converter=_members, metadata={"key": "any"})

    @property
    def needed(self) -> int:
        """How many members have to hold."""
        return 1


@attrs.frozen(kw_only=True, field_transformer=fields.keyed)
class AtLeast(Criterion):
    """At least *needed* of the *members* hold."""

    needed: int = attrs.field(converter=fields.count, metadata={"key": "at_least"})
    members: tuple[Criterion, ...] = attrs.field(converter=_members, metadata={"key": "of"})

    def __attrs_post_init__(self) -> None:
        if self.needed > len(self.members):
            message = f"{self.needed} is more than there are members; expected 1 to "
            raise FieldError("CT304", f"{message}{len(self.members)}", ("at_least",))


@attrs.frozen(kw_only=True, field_transformer=fields.keyed)
class Not(Criterion):
    """The *member* does not hold."""

    member: Criterion = attrs.field(converter=criterion, metadata={"key": "not"})


@attrs.frozen(kw_only=True, field_transformer=fields.keyed)
class Parts(Criterion):
    """Several things said at once, so that some may hold and others not."""

    parts: tuple[Criterion, ...] = attrs.field(converter=_members)


RULES: Final[Mapping[type[Criterion], str]] = {
    Event: "event",
    Figure: "figure",
    Reaches: "reaches",
    Throughout: "throughout",
    Judged: "judged",
    Assessed: "assessed",
    All: "all",
    AnyOf: "any",
    AtLeast: "at_least",
    Not: "not",
    Parts: "parts",
}
"""The name of the rule of each kind of criterion."""

Composite: TypeAlias = All | AnyOf | AtLeast
COMPOSITES: Final = (All, AnyOf, AtLeast)


def members_of(node: Criterion) -> tuple[Criterion, ...]:
    """Return the criteria directly under *node*; a leaf has none."""
    match node:
        case All() | AnyOf() | AtLeast():
            return node.members
        case Not():
            return (node.member,)
        case Parts():
            return node.parts
        case _:
            return ()


def leaves_of(node: Criterion) -> Iterator[Leaf]:
    """Iterate over the leaves of *node* from left to right; equal leaves may come several times."""
    if isinstance(node, LEAVES):
        yield node
    else:
        for member in members_of(node):
            yield from leaves_of(member)


def days_asked(leaf: Leaf, zone: ZoneInfo | None) -> tuple[Day, Day]:
    """Return the first and the last day that *leaf* asks about; open where it names none."""
    match leaf:
        case Figure():
            return leaf.at.days_in(zone)
        case Throughout():
            return leaf.over.days_in(zone)
        case Assessed() | Judged(window=None):
            return OPEN_START, OPEN_END
        case _:
            return leaf.window.days(zone)  # type: ignore[union-attr]  # the others have none


def depth_of(node: Criterion) -> int:
    """Return how deep *node* nests; a leaf is 1 deep."""
    return 1 + max((depth_of(member) for member in members_of(node)), default=0)


def facts_of(node: Criterion) -> tuple[str, ...]:
    """Return the ids of the facts that *node* asks about, each once, in order."""
    return tuple(
        dict.fromkeys(
            leaf.fact for leaf in leaves_of(node) if not isinstance(leaf, Judged | Assessed)
        )
    )


def scales_of(node: Criterion) -> tuple[str, ...]:
    """Return the ids of the scales on which *node* asks for ratings, each once, in order."""
    leaves = (leaf for leaf in leaves_of(node) if isinstance(leaf, Assessed))
    return tuple(dict.fromkeys(scale for leaf in leaves for scale in leaf.scales))
