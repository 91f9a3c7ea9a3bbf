"""Who is said to have said something."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

import attrs

from claimtrack.errors import FieldError
from claimtrack.model import fields
from claimtrack.model.silence import Silence, silences
from claimtrack.model.span import Span


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


def _kind(value: SpeakerKind | str | None) -> SpeakerKind | None:
    return None if value is None else fields.word(SpeakerKind, value)


@fields.named("speaker")
@attrs.frozen(kw_only=True, field_transformer=fields.keyed, weakref_slot=False)
class Speaker:
    """A person or a body whose words the registry keeps."""

    id: str = attrs.field(converter=fields.identifier)
    name: str | None = attrs.field(default=None, converter=fields.optional_text)
    kind: SpeakerKind | None = attrs.field(default=None, converter=_kind)
    roles: tuple[Role, ...] = attrs.field(default=(), converter=_roles)
    url: str | None = attrs.field(default=None, converter=fields.optional_text)
    note: str | None = attrs.field(default=None, converter=fields.optional_text)
    silenced: tuple[Silence, ...] = attrs.field(default=(), converter=silences)

    @property
    def label(self) -> str:
        """The name, or the id of a speaker whose name is not given."""
        return self.name or self.id
