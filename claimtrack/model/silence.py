"""A finding that a keeper has looked at and accepted."""

from collections.abc import Iterable, Mapping

import attrs

from claimtrack.model import fields


@attrs.frozen(kw_only=True, field_transformer=fields.keyed)
class Silence:
    """
    Keep one finding about one record quiet.

    Args:
        code: The code of the finding.
        because: Why the record is right as it is.
    """

    code: str = attrs.field(converter=fields.identifier)
    because: str = attrs.field(converter=fields.text)


def silences(value: Iterable[Silence | Mapping[str, object]]) -> tuple[Silence, ...]:
    """Accept a list of silences, or of tables that say the same."""
    return fields.each(lambda item: fields.record(Silence, item), value, "a list of tables")
