"""
All kinds of record but claims, and the map that holds the records of one kind.

A record checks and converts its own fields when it is made. Its references are checked when a
registry is made (`claimtrack.model.references`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, Protocol, TypeAlias, TypeVar
from unicodedata import normalize

import attrs

from claimtrack.errors import FieldError, UnknownRecordError, did_you_mean, nearest_to
from claimtrack.model import fields
from claimtrack.model.instant import may_follow
from claimtrack.model.quantity import Quantity, quantity
from claimtrack.model.span import Span


@attrs.frozen(kw_only=True, field_transformer=fields.keyed)
class Silence:
    """
    A finding on a record that is not to be reported.

    Args:
        code: The code of the finding.
        because: Why the record is right as it is.
    """

    code: str = attrs.field(converter=fields.identifier)
    because: str = attrs.field(converter=fields.text)


def silences(value: Iterable[Silence | Mapping[str, object]]) -> tuple[Silence, ...]:
    """Accept a list of silences, or of tables of their fields."""
    return fields.each(lambda item: fields.record(Silence, item), value, "a list of tables")


@attrs.frozen(kw_only=True, field_transformer=fields.keyed)
class Role:
    """An office that a speaker held; *since* and *until* are inclusive, None where open."""

    title: str = attrs.field(converter=fields.text)
    since: Span | None = attrs.field(default=None, converter=fields.optional_span)
    until: Span | None = attrs.field(default=None, converter=fields.optional_span)

    def __attrs_post_init__(self) -> None:
        if self.since and self.until and self.until.last < self.since.first:
            message = f"{self.until.text!r} is before since {self.since.text!r}"
            raise FieldError("CT303", message, ("until",))


def _roles(value: Iterable[Role | Mapping[str, object]]) -> tuple[Role, ...]:
    return fields.each(lambda item: fields.record(Role, item), value, "a list of tables")


class SpeakerKind(StrEnum):
    """What a speaker is."""

    PERSON = "person"
    ORGANIZATION = "organization"


def _speaker_kind(value: SpeakerKind | str | None) -> SpeakerKind | None:
    return None if value is None else fields.word(SpeakerKind, value)


@fields.named("speaker")
@attrs.frozen(kw_only=True, field_transformer=fields.keyed, weakref_slot=False)
class Speaker:
    """
    A person or an organization whose words the registry keeps.

    Args:
        aliases: Other names, by which imports find the speaker.
        party: The party that the speaker belongs to.
        groups: What else the speaker belongs to: a coalition, a bench, a company.
    """

    id: str = attrs.field(converter=fields.identifier)
    name: str | None = attrs.field(default=None, converter=fields.optional_text)
    aliases: tuple[str, ...] = attrs.field(default=(), converter=fields.names)
    kind: SpeakerKind | None = attrs.field(default=None, converter=_speaker_kind)
    party: str | None = attrs.field(default=None, converter=fields.optional_name)
    groups: tuple[str, ...] = attrs.field(default=(), converter=fields.names)
    roles: tuple[Role, ...] = attrs.field(default=(), converter=_roles)
    url: str | None = attrs.field(default=None, converter=fields.optional_text)
    note: str | None = attrs.field(default=None, converter=fields.optional_text)
    internal: str | None = attrs.field(default=None, converter=fields.optional_internal, repr=False)
    silenced: tuple[Silence, ...] = attrs.field(default=(), converter=silences)

    @property
    def label(self) -> str:
        """The name, or the id if there is no name."""
        return self.name or self.id


class Tier(StrEnum):
    """How close a source is to what it reports, best first."""

    PRIMARY = "primary"
    WIRE = "wire"
    PRESS = "press"
    REFERENCE = "reference"
    SOCIAL = "social"


TIER_RANKS: Final[Mapping[Tier | None, int]] = {
    **{tier: rank for rank, tier in enumerate(Tier)},
    None: len(Tier),
}
"""Tiers as numbers, 0 the best; a source without a tier ranks last."""


def optional_tier(value: Tier | str | None) -> Tier | None:
    """Accept a tier, or None."""
    return None if value is None else fields.word(Tier, value)


def _sha256(value: str) -> str:
    value = fields.plain(value)
    if type(value) is not str or len(value) != 64 or set(value) - set("0123456789abcdef"):  # noqa: PLR2004
        message = f"{fields.shown(value)} is not a SHA-256; expected 64 hexadecimal digits"
        raise FieldError("CT105", message)
    return value


@attrs.frozen(kw_only=True, field_transformer=fields.keyed)
class Snapshot:
    """
    A copy of a source, pinned by its digest.

    Args:
        path: The file that holds it, relative to the registry's folder; None if it is private.
        sha256: The digest of its bytes.
        private: Whether it is kept outside the registry, in a folder that the user names.
        captured: When its bytes are known to have existed.
        media_type: What its bytes are; None to tell it from them and from the name of the file.
        url: The address of the page in it, for an archive that holds several.
    """

    path: str | None = attrs.field(default=None, converter=fields.optional_text)
    sha256: str = attrs.field(converter=_sha256)
    private: bool = attrs.field(default=False, converter=fields.flag)
    captured: Span | None = attrs.field(default=None, converter=fields.optional_time)
    media_type: str | None = attrs.field(default=None, converter=fields.optional_text)
    url: str | None = attrs.field(default=None, converter=fields.optional_text)

    def __attrs_post_init__(self) -> None:
        if (self.path is None) is not self.private:
            given = "neither" if self.path is None else "both"
            message = f"has {given} of 'path' and 'private'; expected exactly one"
            raise FieldError("CT303", message)


def _snapshot(value: Snapshot | Mapping[str, object] | None) -> Snapshot | None:
    return None if value is None else fields.record(Snapshot, value)


@fields.named("source")
@attrs.frozen(kw_only=True, field_transformer=fields.keyed, weakref_slot=False)
class Source:
    """
    Something that was published: a page, a report, a table, a speech.

    Args:
        published: The day on which the public could read it, or a span in which that day lies.
            Evidence from a source without it is never used.
        origin: The agency or paper that it repeats. Sources with the same origin are one witness.
        retrieved: When it was read.
        url: Its address; *archived_url* is the address of a copy that stays.
    """

    id: str = attrs.field(converter=fields.identifier)
    title: str | None = attrs.field(default=None, converter=fields.optional_text)
    publisher: str | None = attrs.field(default=None, converter=fields.optional_name)
    author: str | None = attrs.field(default=None, converter=fields.optional_text)
    published: Span | None = attrs.field(default=None, converter=fields.optional_span)
    tier: Tier | None = attrs.field(default=None, converter=optional_tier)
    url: str | None = attrs.field(default=None, converter=fields.optional_text)
    archived_url: str | None = attrs.field(default=None, converter=fields.optional_text)
    origin: str | None = attrs.field(default=None, converter=fields.optional_name)
    language: str | None = attrs.field(default=None, converter=fields.optional_text)
    retrieved: Span | None = attrs.field(default=None, converter=fields.optional_span)
    snapshot: Snapshot | None = attrs.field(default=None, converter=_snapshot)
    note: str | None = attrs.field(default=None, converter=fields.optional_text)
    internal: str | None = attrs.field(default=None, converter=fields.optional_internal, repr=False)
    silenced: tuple[Silence, ...] = attrs.field(default=(), converter=silences)

    @property
    def witness(self) -> str:
        """Who is behind its reports: its origin, else its publisher, else its id."""
        return self.origin or self.publisher or self.id


@attrs.frozen(kw_only=True, field_transformer=fields.keyed)
class Anchor:
    """
    Which place of a quote is meant, where its words stand several times in the copy of its source.

    Args:
        prefix: The text right before it.
        suffix: The text right behind it.
        position: The offset of its first character in the text of the copy.
    """

    prefix: str | None = attrs.field(default=None, converter=fields.optional_text)
    suffix: str | None = attrs.field(default=None, converter=fields.optional_text)
    position: int | None = attrs.field(default=None, converter=fields.optional_offset)


def optional_anchor(value: Anchor | Mapping[str, object] | None) -> Anchor | None:
    """Accept an anchor, a table of its fields, or None."""
    return None if value is None else fields.record(Anchor, value)


class FactKind(StrEnum):
    """What a fact is."""

    EVENT = "event"
    QUANTITY = "quantity"
    STATE = "state"


def _fact_kind(value: FactKind | str) -> FactKind:
    return fields.word(FactKind, value)


def state_value(value: str | bool) -> str | bool:  # noqa: FBT001 - it is the value
    """Accept a value of a state: a text, true or false."""
    value = fields.plain(value)
    return value if type(value) is bool else fields.name(value)


def _state_values(value: Iterable[str | bool]) -> tuple[str | bool, ...]:
    return fields.each(state_value, value, "a list of texts, true or false")


def _tiers(value: Iterable[Tier | str]) -> tuple[Tier, ...]:
    return fields.each(lambda item: fields.word(Tier, item), value, "a list of tiers")


@fields.named("fact")
@attrs.frozen(kw_only=True, field_transformer=fields.keyed, weakref_slot=False)
class Fact:
    """
    An event, a quantity or a state that evidence reports on.

    Args:
        once: For events: it can happen only once, so a report of it outside a window shows that
            it did not happen inside.
        unit: For quantities: the unit of every value, compared exactly.
        cumulative: For quantities: it never falls, so a value below a mark after the deadline
            shows that the mark was not reached before.
        values: For states: the values that it can have; empty if any.
        requires: How many independent witnesses it ought to have; checked, never used to decide.
        requires_tiers: Tiers of each of which it ought to have a report; checked, never used to
            decide.
        review_every: Days after which its newest report is too old; checked, never used to decide.
    """

    id: str = attrs.field(converter=fields.identifier)
    kind: FactKind = attrs.field(converter=_fact_kind)
    title: str | None = attrs.field(default=None, converter=fields.optional_text)
    once: bool = attrs.field(default=False, converter=fields.flag)
    unit: str | None = attrs.field(default=None, converter=fields.optional_name)
    cumulative: bool = attrs.field(default=False, converter=fields.flag)
    values: tuple[str | bool, ...] = attrs.field(default=(), converter=_state_values)
    requires: int | None = attrs.field(default=None, converter=fields.optional_count)
    requires_tiers: tuple[Tier, ...] = attrs.field(default=(), converter=_tiers)
    review_every: int | None = attrs.field(default=None, converter=fields.optional_count)
    note: str | None = attrs.field(default=None, converter=fields.optional_text)
    internal: str | None = attrs.field(default=None, converter=fields.optional_internal, repr=False)
    silenced: tuple[Silence, ...] = attrs.field(default=(), converter=silences)

    def __attrs_post_init__(self) -> None:
        if not (self.once or self.cumulative or self.values or self.unit is not None):
            return
        self._check_kind("once", FactKind.EVENT, is_given=self.once)
        self._check_kind("unit", FactKind.QUANTITY, is_given=self.unit is not None)
        self._check_kind("cumulative", FactKind.QUANTITY, is_given=self.cumulative)
        self._check_kind("values", FactKind.STATE, is_given=bool(self.values))

    def _check_kind(self, key: str, kind: FactKind, *, is_given: bool) -> None:
        if is_given and self.kind is not kind:
            message = f"belongs to a fact of kind {kind.value!r}; this one is {self.kind.value!r}"
            raise FieldError("CT305", message, (key,))

    @property
    def label(self) -> str:
        """The title, or the id if there is no title."""
        return self.title or self.id


Value: TypeAlias = Quantity | str | bool
"""A number or a range for a quantity; a text, true or false for a state."""


class Stance(StrEnum):
    """How somebody judged a claim."""

    SUPPORTS = "supports"
    REFUTES = "refutes"
    CONTEXT = "context"


def _stance(value: Stance | str | None) -> Stance | None:
    return None if value is None else fields.word(Stance, value)


def _value(value: Value | Sequence[Any] | None) -> Value | None:
    if value is None:
        return None
    value = fields.plain(value)
    if isinstance(value, bool | str):
        return state_value(value)
    return quantity(value)  # type: ignore[arg-type]  # which refuses everything else


@fields.named("evidence")
@attrs.frozen(kw_only=True, field_transformer=fields.keyed, weakref_slot=False)
class Evidence:
    """
    One report, by one source, on one fact; or one judgement of one claim.

    Args:
        fact: What it reports on; then exactly one of *happened*, *not_happened*, and *value* with
            *when* is given. Or else:
        claim: The claim that it judges, with a *stance*, and *happened* if the judged event has a
            day.
        published: When the public could know it; None for the day of the source.
        recorded: When it was entered in the registry.
        happened: The day on which the event happened, or the span in which that day lies.
        not_happened: A window in which the event did not happen.
        when: The period for which *value* was observed.
        unit: The unit of *value*, which must be the unit of the fact; None for that unit.
        withdrawn: The first day on which it no longer counts.
        supersedes: Evidence that no longer counts once this is known.
    """

    id: str = attrs.field(converter=fields.identifier)
    source: str = attrs.field(converter=fields.identifier)
    fact: str | None = attrs.field(default=None, converter=fields.optional_identifier)
    claim: str | None = attrs.field(default=None, converter=fields.optional_identifier)
    stance: Stance | None = attrs.field(default=None, converter=_stance)
    happened: Span | None = attrs.field(default=None, converter=fields.optional_span)
    not_happened: Span | None = attrs.field(default=None, converter=fields.optional_span)
    value: Value | None = attrs.field(default=None, converter=_value)
    when: Span | None = attrs.field(default=None, converter=fields.optional_span)
    unit: str | None = attrs.field(default=None, converter=fields.optional_name)
    published: Span | None = attrs.field(default=None, converter=fields.optional_span)
    recorded: Span | None = attrs.field(default=None, converter=fields.optional_span)
    withdrawn: Span | None = attrs.field(default=None, converter=fields.optional_day)
    withdrawn_because: str | None = attrs.field(default=None, converter=fields.optional_text)
    supersedes: tuple[str, ...] = attrs.field(default=(), converter=fields.identifiers)
    quote: str | None = attrs.field(default=None, converter=fields.optional_text)
    anchor: Anchor | None = attrs.field(default=None, converter=optional_anchor)
    note: str | None = attrs.field(default=None, converter=fields.optional_text)
    internal: str | None = attrs.field(default=None, converter=fields.optional_internal, repr=False)
    silenced: tuple[Silence, ...] = attrs.field(default=(), converter=silences)

    def __attrs_post_init__(self) -> None:
        shape = (
            self.fact is not None,
            self.claim is not None,
            self.stance is not None,
            self.happened is not None,
            self.not_happened is not None,
            self.value is not None,
            self.when is not None,
        )
        if shape not in SHAPES:
            raise FieldError("CT303", _shape_problem(self), ())
        if self.unit is not None and not is_quantity(self.value):
            raise FieldError("CT303", "goes with the value of a quantity", ("unit",))
        if self.withdrawn_because is not None and self.withdrawn is None:
            raise FieldError("CT303", "goes with 'withdrawn'", ("withdrawn_because",))
        if self.id in self.supersedes:
            raise FieldError("CT303", f"{self.id!r} is the evidence itself", ("supersedes",))

    @property
    def kind(self) -> FactKind | None:
        """The kind of fact that it reports on; None if it judges a claim."""
        if self.fact is None:
            return None
        if self.value is None:
            return FactKind.EVENT
        return FactKind.QUANTITY if is_quantity(self.value) else FactKind.STATE

    @property
    def is_about(self) -> Span | None:
        """The days that it is about, whichever key holds them."""
        return self.happened or self.not_happened or self.when


def is_quantity(value: object) -> bool:
    """Say whether *value* is that of a quantity, and not of a state."""
    return value is not None and not isinstance(value, bool | str)


SHAPES: Final[Mapping[tuple[bool, ...], str]] = {
    # fact, claim, stance, happened, not_happened, value, when
    (True, False, False, True, False, False, False): "fact and happened",
    (True, False, False, False, True, False, False): "fact and not_happened",
    (True, False, False, False, False, True, True): "fact, value and when",
    (False, True, True, False, False, False, False): "claim and stance",
    (False, True, True, True, False, False, False): "claim, stance and happened",
}
"""The combinations of keys that evidence may have; all others are refused."""


def _shape_problem(evidence: Evidence) -> str:
    keys = ("fact", "claim", "stance", "happened", "not_happened", "value", "when")
    given = [key for key in keys if getattr(evidence, key) is not None]
    return (
        f"gives {' and '.join(given) or 'nothing to go by'}; "
        f"expected one of: {'; '.join(SHAPES.values())}"
    )


ProbabilityLike: TypeAlias = float | Decimal


def _probability(value: ProbabilityLike | None) -> float | None:
    return None if value is None else fields.probability(value)


def _distribution(
    value: Mapping[str, ProbabilityLike] | tuple[tuple[str, float], ...] | None,
) -> tuple[tuple[str, float], ...] | None:
    if value is None:
        return None
    pairs = tuple(value.items()) if isinstance(value, Mapping) else value
    if not isinstance(pairs, tuple) or not all(map(_is_pair, pairs)):
        message = f"{fields.shown(value)} has the wrong type; expected a table of probabilities"
        raise FieldError("CT101", message)
    if len(pairs) < 2:  # noqa: PLR2004 - one option is certain, and says nothing
        message = f"{fields.shown(dict(pairs))} has fewer than two options; expected two or more"
        raise FieldError("CT322", message, (), "a claim that is sure to hold is probability = 1")
    options = tuple(_option(*pair) for pair in pairs)
    if len({option for option, _ in options}) < len(options):
        raise FieldError("CT201", "names one option twice; expected each once")
    total = sum(share for _, share in options)
    if abs(total - 1) > 1e-6:  # noqa: PLR2004 - a sum of rounded shares
        raise FieldError("CT104", f"the shares sum to {total:.12g}; expected 1")
    return options


def _is_pair(item: object) -> bool:
    return isinstance(item, tuple) and len(item) == 2  # noqa: PLR2004


def _option(name: str, share: ProbabilityLike) -> tuple[str, float]:
    try:
        return fields.name(name), fields.probability(share)
    except FieldError as error:
        raise error.under(str(name)) from None


@fields.named("forecast")
@attrs.frozen(kw_only=True, field_transformer=fields.keyed, weakref_slot=False)
class Forecast:
    """
    How likely somebody thought a claim to hold.

    Args:
        by: The id of the speaker who forecast.
        claim: The id of the claim.
        made: The day or the date-time at which the forecast was made.
        probability: That the claim holds, 0 to 1; or else:
        distribution: Pairs of an option and its probability, two or more, which sum to 1.
        hedge: The forecaster's words, such as ``very likely``, in place of a number; then
            *probability* is the number that these words have on *map*.
        map: The table of words and numbers, such as ``icd-203``; it goes with *hedge*.
        withdrawn: The day or the date-time from which it no longer stands.
    """

    id: str = attrs.field(converter=fields.identifier)
    by: str = attrs.field(converter=fields.identifier)
    claim: str = attrs.field(converter=fields.identifier)
    made: Span = attrs.field(converter=fields.closed_span)
    probability: float | None = attrs.field(default=None, converter=_probability)
    distribution: tuple[tuple[str, float], ...] | None = attrs.field(
        default=None, converter=_distribution
    )
    hedge: str | None = attrs.field(default=None, converter=fields.optional_name)
    map: str | None = attrs.field(default=None, converter=fields.optional_identifier)
    withdrawn: Span | None = attrs.field(default=None, converter=fields.optional_time)
    source: str | None = attrs.field(default=None, converter=fields.optional_identifier)
    note: str | None = attrs.field(default=None, converter=fields.optional_text)
    internal: str | None = attrs.field(default=None, converter=fields.optional_internal, repr=False)
    silenced: tuple[Silence, ...] = attrs.field(default=(), converter=silences)

    def __attrs_post_init__(self) -> None:
        if self.hedge is not None or self.map is not None:
            self._read_hedge()
        if (self.probability is None) is (self.distribution is None):
            given = "neither" if self.probability is None else "both"
            message = f"has {given} of 'probability' and 'distribution'; expected exactly one"
            hint = "or a 'hedge' with its 'map'" if self.probability is None else None
            raise FieldError("CT303", message, hint=hint)
        if self.withdrawn is not None and not may_follow(self.withdrawn, self.made):
            message = f"{self.withdrawn.text!r} is not after it was made, {self.made.text!r}"
            raise FieldError("CT321", f"{message}; expected a later day or time", ("withdrawn",))

    def _read_hedge(self) -> None:
        """Set the probability to the number of the hedge, with which a given one has to agree."""
        if self.hedge is None or self.map is None:
            given, other = ("hedge", "map") if self.map is None else ("map", "hedge")
            raise FieldError("CT303", f"goes with {other!r}", (given,))
        number = _number_of_hedge(self.hedge, self.map)
        if self.probability is not None and self.probability != number:
            message = (
                f"{self.probability:.12g} is not the number of the hedge {self.hedge!r} by the map "
                f"{self.map!r}, {number:.12g}; expected that number, or none beside a hedge"
            )
            raise FieldError("CT341", message, ("probability",))
        object.__setattr__(self, "probability", number)


def _number_of_hedge(hedge: str, map_id: str) -> float:
    """Return the probability that the words of *hedge* stand for on a shipped map of words."""
    from claimtrack.model.scales import hedge_map, hedge_maps  # noqa: PLC0415 - it reads TOML

    scale = hedge_map(map_id)
    if scale is None:
        known = hedge_maps()
        message = f"{fields.shown(map_id)} is not a map of hedges; expected one of "
        raise FieldError("CT103", message + ", ".join(known), ("map",), did_you_mean(map_id, known))
    label = scale.find(hedge)
    if label is None or label.value is None:
        names = ", ".join(one.name for one in scale.labels)
        message = f"{fields.shown(hedge)} is not a hedge of the map {map_id!r}; expected one of "
        nearest = scale.nearest(hedge)
        hint = None if nearest is None else f"did you mean {nearest!r}?"
        raise FieldError("CT103", message + names, ("hedge",), hint)
    return label.value


@fields.named("assessment")
@attrs.frozen(kw_only=True, field_transformer=fields.keyed, weakref_slot=False)
class Assessment:
    """
    A rating of a claim that somebody else published.

    Args:
        by: Who rated it.
        claim: The id of the claim.
        scale: The id of the scale, and *rating* a label on it.
        withdrawn: The first day on which it no longer counts.
    """

    id: str = attrs.field(converter=fields.identifier)
    claim: str = attrs.field(converter=fields.identifier)
    by: str = attrs.field(converter=fields.name)
    scale: str = attrs.field(converter=fields.identifier)
    rating: str = attrs.field(converter=fields.name)
    published: Span | None = attrs.field(default=None, converter=fields.optional_span)
    withdrawn: Span | None = attrs.field(default=None, converter=fields.optional_day)
    withdrawn_because: str | None = attrs.field(default=None, converter=fields.optional_text)
    source: str | None = attrs.field(default=None, converter=fields.optional_identifier)
    url: str | None = attrs.field(default=None, converter=fields.optional_text)
    note: str | None = attrs.field(default=None, converter=fields.optional_text)
    internal: str | None = attrs.field(default=None, converter=fields.optional_internal, repr=False)
    silenced: tuple[Silence, ...] = attrs.field(default=(), converter=silences)

    def __attrs_post_init__(self) -> None:
        if self.withdrawn_because is not None and self.withdrawn is None:
            raise FieldError("CT303", "goes with 'withdrawn'", ("withdrawn_because",))


@fields.named("search")
@attrs.frozen(kw_only=True, field_transformer=fields.keyed, weakref_slot=False)
class Search:
    """
    A search for reports that found none. It is kept and printed, and never decides a claim.

    Args:
        claim: The id of the claim on which reports were sought; or else:
        fact: The id of the fact.
        searched: The day of the search.
        where: The archives, sites or indexes that were searched.
        words: The words that were searched for.
        by: Who searched.
    """

    id: str = attrs.field(converter=fields.identifier)
    searched: Span = attrs.field(converter=fields.day)
    where: str = attrs.field(converter=fields.text)
    claim: str | None = attrs.field(default=None, converter=fields.optional_identifier)
    fact: str | None = attrs.field(default=None, converter=fields.optional_identifier)
    words: str | None = attrs.field(default=None, converter=fields.optional_text)
    by: str | None = attrs.field(default=None, converter=fields.optional_text)
    note: str | None = attrs.field(default=None, converter=fields.optional_text)
    internal: str | None = attrs.field(default=None, converter=fields.optional_internal, repr=False)
    silenced: tuple[Silence, ...] = attrs.field(default=(), converter=silences)

    def __attrs_post_init__(self) -> None:
        if (self.claim is None) is (self.fact is None):
            given = "neither" if self.claim is None else "both"
            message = f"has {given} of 'claim' and 'fact'; expected exactly one"
            raise FieldError("CT303", message)


@fields.named("selection")
@attrs.frozen(kw_only=True, field_transformer=fields.keyed, weakref_slot=False)
class Selection:
    """
    How claims of the registry were chosen from all those that could have been entered.

    Args:
        rule: By what they were chosen, in words.
        total: The number of claims that there were to choose from; None if it is not known.
        included: The number of them that are in the registry; None if it is not said.
        speaker: The id of the speaker whose claims were so chosen. It is about all claims that
            have this speaker, this *source* and this *topic*, as far as each is given.
        source: The id of the source.
        topic: The topic.
    """

    id: str = attrs.field(converter=fields.identifier)
    rule: str = attrs.field(converter=fields.text)
    total: int | None = attrs.field(default=None, converter=fields.optional_days)
    included: int | None = attrs.field(default=None, converter=fields.optional_days)
    speaker: str | None = attrs.field(default=None, converter=fields.optional_identifier)
    source: str | None = attrs.field(default=None, converter=fields.optional_identifier)
    topic: str | None = attrs.field(default=None, converter=fields.optional_name)
    note: str | None = attrs.field(default=None, converter=fields.optional_text)
    internal: str | None = attrs.field(default=None, converter=fields.optional_internal, repr=False)
    silenced: tuple[Silence, ...] = attrs.field(default=(), converter=silences)

    def __attrs_post_init__(self) -> None:
        if self.total is not None and self.included is not None and self.included > self.total:
            message = f"{self.included} is more than the total, {self.total}; expected at most that"
            raise FieldError("CT340", message, ("included",))


class Identified(Protocol):
    """Anything with an id."""

    @property
    def id(self) -> str:
        """The id, unique in its map."""


RecordType = TypeVar("RecordType", bound=Identified)

MAX_NEAREST: Final = 20_000
"""With more ids, no nearest one is looked for: it would take longer than the load."""


class RecordMap(Mapping[str, RecordType]):
    """
    An immutable mapping from id to record, in the order in which the records were given.

    Two maps are equal if they hold equal records, in whatever order.

    Args:
        kind: What an error calls one of the records: ``claim``, ``fact``.
        records: By id.
    """

    __slots__ = ("_records", "kind")

    def __init__(self, kind: str, records: dict[str, RecordType]) -> None:
        self.kind = kind
        self._records = records

    def __getitem__(self, id: str) -> RecordType:  # noqa: A002
        try:
            return self._records[id]
        except KeyError:
            other = normalize("NFC", id) if isinstance(id, str) else id
            if other in self._records:
                return self._records[other]
            raise UnknownRecordError(self.kind, id, self.nearest(id)) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)

    def __contains__(self, id: object) -> bool:  # noqa: A002
        return id in self._records or (
            isinstance(id, str) and not id.isascii() and normalize("NFC", id) in self._records
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RecordMap):
            return NotImplemented
        return self._records == other._records

    def __hash__(self) -> int:
        return hash(frozenset(self._records.items()))

    def __repr__(self) -> str:
        return f"<RecordMap of {self.kind}: {len(self)}>"

    def __reduce__(self) -> tuple[type["RecordMap[RecordType]"], tuple[str, dict[str, RecordType]]]:
        return type(self), (self.kind, self._records)

    @property
    def by_id(self) -> Mapping[str, RecordType]:
        """The plain mapping underneath, for loops that look up very often."""
        return self._records

    def nearest(self, id: str) -> str | None:  # noqa: A002
        """Return the id in the map that is most like *id*, or None if none is similar."""
        return None if len(self) > MAX_NEAREST else nearest_to(id, self._records)


def record_map_of(
    kind: str, records: Iterable[RecordType]
) -> tuple[RecordMap[RecordType], tuple[str, ...]]:
    """Return a map of *records*, and the ids of those whose id an earlier one has."""
    by_id: dict[str, RecordType] = {}
    taken = [record.id for record in records if by_id.setdefault(record.id, record) is not record]
    return RecordMap(kind, by_id), tuple(taken)
