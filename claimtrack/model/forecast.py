"""Forecasts that somebody made of a claim, and ratings that somebody else published of it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TypeAlias

import attrs

from claimtrack.errors import FieldError
from claimtrack.model import fields
from claimtrack.model.instant import may_follow
from claimtrack.model.silence import Silence, silences
from claimtrack.model.span import Span

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
        withdrawn: The day or the date-time from which it no longer stands: it was taken back.
    """

    id: str = attrs.field(converter=fields.identifier)
    by: str = attrs.field(converter=fields.identifier)
    claim: str = attrs.field(converter=fields.identifier)
    made: Span = attrs.field(converter=fields.closed_span)
    probability: float | None = attrs.field(default=None, converter=_probability)
    distribution: tuple[tuple[str, float], ...] | None = attrs.field(
        default=None, converter=_distribution
    )
    withdrawn: Span | None = attrs.field(default=None, converter=fields.optional_time)
    source: str | None = attrs.field(default=None, converter=fields.optional_identifier)
    note: str | None = attrs.field(default=None, converter=fields.optional_text)
    silenced: tuple[Silence, ...] = attrs.field(default=(), converter=silences)

    def __attrs_post_init__(self) -> None:
        if (self.probability is None) is (self.distribution is None):
            given = "neither" if self.probability is None else "both"
            message = f"has {given} of 'probability' and 'distribution'; expected exactly one"
            raise FieldError("CT303", message)
        if self.withdrawn is not None and not may_follow(self.withdrawn, self.made):
            message = f"{self.withdrawn.text!r} is not after it was made, {self.made.text!r}"
            raise FieldError("CT321", f"{message}; expected a later day or time", ("withdrawn",))


@fields.named("assessment")
@attrs.frozen(kw_only=True, field_transformer=fields.keyed, weakref_slot=False)
class Assessment:
    """
    A rating of a claim that somebody else published.

    Args:
        by: Who rated it.
        claim: The id of the claim.
        scale: The id of the scale, and *rating* a label on it.
    """

    id: str = attrs.field(converter=fields.identifier)
    claim: str = attrs.field(converter=fields.identifier)
    by: str = attrs.field(converter=fields.name)
    scale: str = attrs.field(converter=fields.identifier)
    rating: str = attrs.field(converter=fields.name)
    published: Span | None = attrs.field(default=None, converter=fields.optional_span)
    source: str | None = attrs.field(default=None, converter=fields.optional_identifier)
    url: str | None = attrs.field(default=None, converter=fields.optional_text)
    note: str | None = attrs.field(default=None, converter=fields.optional_text)
    silenced: tuple[Silence, ...] = attrs.field(default=(), converter=silences)
