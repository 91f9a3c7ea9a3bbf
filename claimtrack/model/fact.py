"""
What the world is asked about.

A fact is the hinge between claims and evidence: a claim's criterion names facts, evidence reports
on facts, and nothing else links the two.
"""

from collections.abc import Iterable
from enum import StrEnum

import attrs

from claimtrack.errors import FieldError
from claimtrack.model import fields
from claimtrack.model.silence import Silence, silences
from claimtrack.model.source import Tier


class FactKind(StrEnum):
    """What sort of thing a fact is."""

    EVENT = "event"
    QUANTITY = "quantity"
    STATE = "state"


def _kind(value: FactKind | str) -> FactKind:
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
        once: For events: it can happen once only, so a report of it outside a window tells that
            it did not happen inside.
        unit: For quantities: the unit of every value, compared exactly.
        cumulative: For quantities: it never falls, so a value below a mark after the deadline
            tells that the mark was not reached before.
        values: For states: the values that it can have; empty if any.
        requires: How many independent witnesses it ought to have; checked, never used to decide.
        requires_tiers: Tiers of each of which it ought to have a report; checked, never used to
            decide.
        review_every: Days after which its newest report is too old; checked, never used to decide.
    """

    id: str = attrs.field(converter=fields.identifier)
    kind: FactKind = attrs.field(converter=_kind)
    title: str | None = attrs.field(default=None, converter=fields.optional_text)
    once: bool = attrs.field(default=False, converter=fields.flag)
    unit: str | None = attrs.field(default=None, converter=fields.optional_name)
    cumulative: bool = attrs.field(default=False, converter=fields.flag)
    values: tuple[str | bool, ...] = attrs.field(default=(), converter=_state_values)
    requires: int | None = attrs.field(default=None, converter=fields.optional_count)
    requires_tiers: tuple[Tier, ...] = attrs.field(default=(), converter=_tiers)
    review_every: int | None = attrs.field(default=None, converter=fields.optional_count)
    note: str | None = attrs.field(default=None, converter=fields.optional_text)
    silenced: tuple[Silence, ...] = attrs.field(default=(), converter=silences)

    def __attrs_post_init__(self) -> None:
        if not (self.once or self.cumulative or self.values or self.unit is not None):
            return
        self._keep("once", FactKind.EVENT, given=self.once)
        self._keep("unit", FactKind.QUANTITY, given=self.unit is not None)
        self._keep("cumulative", FactKind.QUANTITY, given=self.cumulative)
        self._keep("values", FactKind.STATE, given=bool(self.values))

    def _keep(self, key: str, kind: FactKind, *, given: bool) -> None:
        if given and self.kind is not kind:
            message = f"belongs to a fact of kind {kind.value!r}; this one is {self.kind.value!r}"
            raise FieldError("CT305", message, (key,))

    @property
    def label(self) -> str:
        """The title, or the id of a fact that has none."""
        return self.title or self.id
