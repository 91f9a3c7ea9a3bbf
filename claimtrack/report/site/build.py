"""The files of a site as texts by path, with its Atom feed."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

import attrs

from claimtrack.engine.audit import Audit
from claimtrack.escape import for_json, for_xml
from claimtrack.model.span import Day, day_text
from claimtrack.model.verdict import MEANINGS
from claimtrack.report.due import calendar, due_within
from claimtrack.report.forecasts import scored_forecasts
from claimtrack.report.site.cards import card_of, card_png, card_svg
from claimtrack.report.site.context import (
    ClaimStatusChange,
    Contents,
    Options,
    headline,
    script_words,
)
from claimtrack.report.site.downloads import downloads, reviews_feed, site_map
from claimtrack.report.site.pages import (
    Templates,
    claim_values,
    embed_values,
    fact_values,
    review_of,
    site_data,
    site_object,
)
from claimtrack.report.words import checked_words, quote_words
from claimtrack.score.track_record import MIN_DECIDED

_SPACE: Final = uuid5(NAMESPACE_URL, "urn:claimtrack:atom")
"""The namespace of the ids of feeds and entries."""

NEWEST: Final = 100
"""Entries of the feed."""

_EVER: Final = 4_000_000
"""Days to look ahead: later than any day of a calendar."""


@attrs.frozen(kw_only=True)
class FeedEntry:
    """
    One change.

    Args:
        key: Identifies it among all others, permanently.
        day: The day of the change, an ordinal.
        link: The address of its page, absolute or relative to the feed.
    """

    key: str
    day: Day
    title: str
    text: str
    link: str


def site_files(audit: Audit, options: Options) -> Iterator[tuple[str, str | bytes]]:
    """
    Iterate over the files of the site of *audit*: the path from its top, and the content.

    Equal arguments give equal texts.

    Args:
        audit: The audit, whose day is the day of the site.
        options: The title, publisher and address of the site.

    Raises:
        MissingExtraError: Jinja2 is not installed, or Pillow for cards.
    """
    contents = Contents(audit, options)
    paths: list[str] = []
    for path, content in _files(contents):
        if path.endswith(".html") and not path.startswith("embed/"):
            paths.append(path)
        yield path, content
    if options.url:
        yield "sitemap.xml", site_map(options.url, paths)


def _files(contents: Contents) -> Iterator[tuple[str, str | bytes]]:
    page = Templates(contents).page
    values: dict[str, Callable[[], dict[str, Any]]] = {
        "index.html": lambda: {
            "headline": headline(dict(contents.counts(contents.verdicts))),
            "script_words": script_words(contents.options.house),
        },
        "speakers.html": dict,
        "facts.html": dict,
        "topics.html": dict,
        "due.html": dict,
        "method.html": lambda: {"meanings": MEANINGS},
    }
    for path, make_values in values.items():
        yield path, page(path, path, make_values)
    yield "changes.atom", _feed(contents, contents.status_changes, "changes")
    yield "due.ics", _calendar(contents)
    data = site_object(contents)
    yield "audit.json", site_data(data)
    yield from downloads(contents, data)
    reviews = {one.claim: for_json(review_of(contents, one)) for one in contents.verdicts}
    yield "reviews.json", reviews_feed(reviews.values())
    for verdict in contents.verdicts:
        path = contents.claim_at[verdict.claim]
        yield (
            path,
            page(
                path,
                "claim.html",
                partial(claim_values, contents, verdict, reviews.pop(verdict.claim)),
            ),
        )
        path = contents.embed_at(verdict.claim)
        yield path, page(path, "embed.html", partial(embed_values, contents, verdict))
        card = card_of(contents, verdict)
        path = contents.card_at(verdict.claim)
        yield f"{path.removesuffix('.png').removesuffix('.svg')}.svg", card_svg(card)
        if contents.options.cards:
            yield path, card_png(card)
    for id_ in contents.by_speaker:
        path = contents.speaker_at[id_]
        yield path, page(path, "speaker.html", partial(_speaker_values, contents, id_))
        label = contents.records.speakers[id_].label
        own = contents.changes_by_speaker.get(id_, ())
        yield feed_at(path), _feed(contents, own, f"speaker\n{id_}", label, path)
    for topic, path in contents.topic_at.items():
        yield path, page(path, "topic.html", partial(_topic_values, contents, topic))
        about = contents.changes_by_topic.get(topic, ())
        yield feed_at(path), _feed(contents, about, f"topic\n{topic}", topic, path)
    for id_, path in contents.fact_at.items():
        fact = contents.records.facts[id_]
        yield path, page(path, "fact.html", partial(fact_values, contents, fact))


def _speaker_values(contents: Contents, id_: str) -> dict[str, Any]:
    claims = [contents.claim(verdict.claim) for verdict in contents.by_speaker[id_]]
    forecasts = [claim for claim in claims if contents.own_forecast(claim.id)]
    last = [
        [one.score for one in scored_forecasts(contents.audit, claim) if one.is_own][-1]
        for claim in forecasts
    ]
    return {
        "speaker": contents.records.speakers[id_],
        "verdicts": contents.by_speaker[id_],
        "record": contents.track_records.get(id_),
        "min_decided": MIN_DECIDED,
        "feed_at": feed_at(contents.speaker_at[id_]),
        "forecasts": forecasts,
        "scores": [score for score in last if score is not None],
    }


def _calendar(contents: Contents) -> str:
    audit = contents.audit
    dues = due_within(audit, _EVER)
    return calendar(dues, name=contents.title, identity=contents.identity, as_of=str(audit.as_of))


def feed_at(page: str) -> str:
    """Return the path of the feed that belongs to the page of a speaker or a topic."""
    return f"{page.removesuffix('.html')}.atom"


def _topic_values(contents: Contents, topic: str) -> dict[str, Any]:
    path = contents.topic_at[topic]
    return {"topic": topic, "verdicts": contents.by_topic[topic], "feed_at": feed_at(path)}


def _feed(
    contents: Contents,
    changes: Iterable[ClaimStatusChange],
    key: str,
    name: str = "",
    page: str = "index.html",
) -> str:
    """Return the feed of the newest of *changes*, with the page that it belongs to."""
    base = contents.options.url or "../" * page.count("/")
    entries = [_entry(contents, one, base) for one in islice(changes, NEWEST)]
    of = f"{contents.title}, {name}" if name else contents.title
    return feed(
        entries,
        key=f"{contents.identity}\n{key}",
        title=f"{of}: changes",
        author=contents.publisher,
        link=f"{base}{page}",
        empty=contents.audit.day,
    )


def _entry(contents: Contents, one: ClaimStatusChange, base: str) -> FeedEntry:
    status = contents.shown(one.claim.id, one.change.status)
    before = contents.shown(one.claim.id, one.before) if one.before else ""
    quote = f"{contents.speaker_of(one.claim)}: {quote_words(one.claim, contents.records)}."
    return FeedEntry(
        key=f"{contents.identity}\n{one.claim.id}\n{one.change.day}\n{status}",
        day=one.change.day,
        title=f"{before} \u2192 {status}: {checked_words(one.claim, contents.records)}",
        text=f"{quote} {contents.why(one.change.cause)}.",
        link=f"{base}{contents.claim_at[one.claim.id]}",
    )


def feed(  # noqa: PLR0913 - the metadata of a feed
    entries: Iterable[FeedEntry], *, key: str, title: str, author: str, link: str, empty: Day
) -> str:
    """
    Write an Atom feed of *entries*, newest first.

    Args:
        entries: In any order.
        key: Identifies the feed among all others, permanently.
        title: Of the feed.
        author: Who is responsible for it.
        link: The address of its page, absolute or relative to the feed.
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


def _entries(listed: Sequence[FeedEntry]) -> Iterable[str]:
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
