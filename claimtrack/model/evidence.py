"""What a source reports about a fact, or what somebody judged of a claim."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, TypeAlias

import attrs

from claimtrack.errors import FieldError
from claimtrack.model import fields
from claimtrack.model.fact import FactKind, state_value
from claimtrack.model.quantity import Quantity, Range, quantity
from claimtrack.model.silence import Silence, silences
from claimtrack.model.span import Span

Value: TypeAlias = Quantity | str | bool
"""A number or a range for a quantity; a text, true or false for a state."""


class Stance(StrEnum):
    """Which way somebody judged a claim."""

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
        claim: The claim that it judges, with a *stance*, and *happened* if what it judges has a
            day of its own.
        published: When the public could know it; the source's day where it is None.
        recorded: When the registry took it in.
        happened: The day on which the event happened, or the span in which that day lies.
        not_happened: A window in which the event did not happen.
        when: The period for which *value* was observed.
        unit: The unit of *value*; it must be the fact's own, which is meant where it is None.
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
    note: str | None = attrs.field(default=None, converter=fields.optional_text)
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
        """The days that it tells of, whichever key they stand under."""
        return self.happened or self.not_happened or self.when


def is_quantity(value: object) -> bool:
    """Say whether *value* is that of a quantity rather than that of a state."""
    return value is not None and not isinstance(value, bool | str)


SHAPES: Final[Mapping[tuple[bool, ...], str]] = {
    # fact, claim, stance, happened, not_happened, value, when
    (True, False, False, True, False, False, False): "fact and happened",
    (True, False, False, False, True, False, False): "fact and not_happened",
    (True, False, False, False, False, True, True): "fact, value and when",
    (False, True, True, False, False, False, False): "claim and stance",
    (False, True, True, True, False, False, False): "claim, stance and happened",
}
"""The combinations of keys that make one report; all others are refused."""


def _shape_problem(evidence: Evidence) -> str:
    keys = ("fact", "claim", "stance", "happened", "not_happened", "value", "when")
    given = [key for key in keys if getattr(evidence, key) is not None]
    return (
        f"gives {' and '.join(given) or 'nothing to go by'}; "
        f"expected one of: {'; '.join(SHAPES.values())}"
    )


__all__ = ["SHAPES", "Evidence", "Range", "Stance", "Value", "is_quantity"]
