"""A feed of what changed, in Atom (RFC 4287); equal entries give equal bytes."""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import NAMESPACE_URL, uuid5

import attrs

from claimtrack.model.span import Day, day_text
from claimtrack.report.escape import for_xml

_SPACE: Final = uuid5(NAMESPACE_URL, "urn:claimtrack:atom")


@attrs.frozen(kw_only=True)
class Entry:
    """
    One thing that changed.

    Args:
        key: What tells it from all others, for good.
        day: When, an ordinal.
        link: The address of its page, absolute or from that of the feed.
    """

    key: str
    day: Day
    title: str
    text: str
    link: str


def feed(  # noqa: PLR0913 - all that a feed says of itself
    entries: Iterable[Entry], *, key: str, title: str, author: str, link: str, empty: Day
) -> str:
    """
    Write *entries*, newest first.

    Args:
        entries: In any order.
        key: What tells the feed from all others, for good, whatever its title becomes.
        title: Of the feed.
        author: Who answers for it.
        link: The address of the page that it belongs to, absolute or from that of the feed.
        empty: The day of a feed without entries.
    """
    listed = sorted(entries, key=lambda entry: (-entry.day, entry.key))
    updated = listed[0].day if listed else empty
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"  <id>{_urn(key)}</id>",
        f"  <title>{for_xml(title)}</title>",
        f"  <updated>{_moment(updated)}</updated>",
        f"  <author><name>{for_xml(author)}</name></author>",
        f'  <link rel="alternate" type="text/html" href="{for_xml(link)}"/>',
        *_entries(listed),
        "</feed>",
    ]
    return "".join(f"{line}\n" for line in lines)


def _entries(listed: Sequence[Entry]) -> Iterable[str]:
    for entry in listed:
        yield "  <entry>"
        yield f"    <id>{_urn(entry.key)}</id>"
        yield f"    <title>{for_xml(entry.title)}</title>"
        yield f"    <updated>{_moment(entry.day)}</updated>"
        yield f'    <link rel="alternate" type="text/html" href="{for_xml(entry.link)}"/>'
        yield f'    <content type="text">{for_xml(entry.text)}</content>'
        yield "  </entry>"


def _urn(key: str) -> str:
    return uuid5(_SPACE, key.encode("utf-8", "backslashreplace").decode()).urn


def _moment(day: Day) -> str:
    text = day_text(day)
    # RFC 3339 has years of four digits only.
    return f"{text if text[:1].isdigit() else '0001-01-01'}T00:00:00Z"
