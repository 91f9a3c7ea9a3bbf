"""Where a claim or a piece of evidence was read."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

import attrs

from claimtrack.errors import FieldError
from claimtrack.model import fields
from claimtrack.model.silence import Silence, silences
from claimtrack.model.span import Span


class Tier(StrEnum):
    """How near a source stands to what it reports, best first."""

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
    """A copy of a source, kept in the registry's folder and pinned by its digest."""

    path: str = attrs.field(converter=fields.text)
    sha256: str = attrs.field(converter=_sha256)


def web_address(text: str) -> str | None:
    """
    Return *text* if it is an address that can be followed, else None.

    That is: ``http`` or ``https``, a host, a valid port, and none of what makes an address look
    like another one or end early: white space, quotes, angle brackets, backslashes, a user name.
    """
    if _NOT_IN_ADDRESSES.search(text):
        return None
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return None
    is_web = parts.scheme in {"http", "https"} and text[len(parts.scheme) :].startswith("://")
    return text if is_web and parts.hostname and "@" not in parts.netloc else None


_NOT_IN_ADDRESSES: Final = re.compile(r"[\s\\<>\"'`{}|^]")


def _snapshot(value: Snapshot | Mapping[str, object] | None) -> Snapshot | None:
    return None if value is None else fields.record(Snapshot, value)


@fields.named("source")
@attrs.frozen(kw_only=True, field_transformer=fields.keyed, weakref_slot=False)
class Source:
    """
    Something that was published: a page, a report, a table, a speech.

    Args:
        published: The day on which the public could read it, or a span of days when that is not
            known better. Evidence from a source without it is never used.
        origin: Whom it repeats. Sources with the same origin are one witness.
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
    silenced: tuple[Silence, ...] = attrs.field(default=(), converter=silences)

    @property
    def witness(self) -> str:
        """Who vouches for what it says: its origin, else its publisher, else its id."""
        return self.origin or self.publisher or self.id
