"""
ClaimReview, the markup of fact-checks by schema.org, in and out; and what Google's API answers.

A review is a claim with one rating. The rating stays that of its publisher: an assessment with the
publisher's own label on a scale of the publisher's own, never a status.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from claimtrack.exchange import cells
from claimtrack.exchange.documents import (
    NOT_NAMED,
    Item,
    documents_of,
    first,
    items_in,
    read_item,
    span,
)
from claimtrack.exchange.ledger import COLUMN, FIELD, ROW, Loss, unsaid_of_claims
from claimtrack.exchange.names import Table
from claimtrack.exchange.rows import Incoming
from claimtrack.model.claim import Claim
from claimtrack.model.records import Assessment, SpeakerKind
from claimtrack.model.registry import Records
from claimtrack.model.span import Span
from claimtrack.report.words import counted

_AUTHOR: Final = "itemReviewed.author"
_KINDS: Final = {"Person": SpeakerKind.PERSON, "Organization": SpeakerKind.ORGANIZATION}


def _types(value: Any) -> set[str]:  # noqa: ANN401 - any JSON
    if not isinstance(value, Mapping):
        return set()
    found = value.get("@type", value.get("type"))
    names = found if isinstance(found, list) else [found]
    return {re.split(r"[/:#]", one)[-1] for one in names if isinstance(one, str)}


def read_claimreview(content: bytes, incoming: Incoming) -> None:
    """
    Read the ClaimReviews of a file: JSON, JSON lines, a feed, or pages with JSON-LD.

    Raises:
        LoadError: It holds no JSON (CT373).
    """
    found = items_in(
        documents_of(content, incoming.name),
        lambda one: "ClaimReview" in _types(one),
        incoming.name,
    )
    for number, value in enumerate(found, 1):
        at = first(value.get("url"))
        known = at if isinstance(at, str) else f"#{number}"
        read_item(Item(incoming, number, known, value), _read_review)


def _read_review(item: Item) -> None:
    words = item.text("claimReviewed") or item.text("itemReviewed.text")
    words = words or item.text("itemReviewed.name")
    if words is None:
        item.refuse("claimReviewed is missing; nothing says what was claimed")
        return
    for path in ("@context", "@type", "itemReviewed.@type", "author.@type", "reviewRating.@type"):
        item.take(path)
    if _types(item.value.get("author")) - {"Organization"}:
        item.change("author.@type", "who rates is kept by name alone")
    if _types(item.get("itemReviewed")) - {"Claim"}:
        item.change("itemReviewed.@type", "it is taken for a claim")
    published = item.day("datePublished")
    said = item.day("itemReviewed.datePublished")
    if said is None and published is None:
        item.refuse("neither the claim nor the review has a day")
        return
    by = _rater(item)
    url = item.text("url")
    rating = _rating(item)
    if by is None or rating is None:
        what = "author" if by is None else "reviewRating"
        item.refuse(f"{what} is missing; there is no rating by anybody")
        return
    names = item.incoming.names
    name = item.text(f"{_AUTHOR}.name")
    if name is None and isinstance(first(item.get(_AUTHOR)), str):
        name = item.text(_AUTHOR)
    kinds = [_KINDS[one] for one in _types(first(item.get(_AUTHOR))) if one in _KINDS]
    if kinds and name is not None:
        item.take(f"{_AUTHOR}.@type")
    speaker = names.speaker(name or NOT_NAMED, kind=kinds[0] if kinds else None)
    sources = _appearances(item) or ([] if url is None or not cells.host_of(url) else [url])
    if not sources:
        sources = [f"Review by {by}"]
    claim: Table = {
        "speaker": speaker,
        "said": span(said or f"{published}?"),
        "source": names.source(sources[0]),
        "quote": words,
        "criterion": {"judged": True},
        "appearances": [names.source(one) for one in sources[1:]],
    }
    scale = names.scale(by, rating)
    table: Table = {
        "by": by,
        "scale": scale,
        "rating": rating,
        "published": span(published),
        "url": url,
        "note": item.text("reviewBody"),
    }
    item.keep(f"{url or by} {cells.tidy(words)}", cells.slug(words), claim, [table])


def _rater(item: Item) -> str | None:
    """Return who rates: the author's name, or in its place what else tells of the publisher."""
    if (name := item.text("author.name")) is not None:
        return name
    for path in ("author", "publisher.name", "publisher", "author.url"):
        value = first(item.get(path))
        if isinstance(value, str) and value.strip():
            item.change(path, "it stands for the name of the author")
            return cells.host_of(value.strip()) or cells.tidy(value)
    return None


def _rating(item: Item) -> str | None:
    """Return the publisher's label; of a rating in numbers alone, the number."""
    label = item.text("reviewRating.alternateName") or item.text("reviewRating.name")
    numbers = {}
    for key in ("ratingValue", "bestRating", "worstRating"):
        value = first(item.get(f"reviewRating.{key}"))
        try:
            numbers[key] = float(value)
        except (TypeError, ValueError):
            continue
    value, best = numbers.get("ratingValue"), numbers.get("bestRating", 5.0)
    worst = numbers.get("worstRating", 1.0)
    why = "numbers of ratings have no place; the label is kept"
    if value == best == worst == -1:
        why = "-1 of -1 to -1 is no number"
    elif best < worst:
        why = f"the scale is inverted, {best:g} being its best; the label is kept"
    elif value is not None and not worst <= value <= best:
        why = f"{value:g} is not on the scale from {worst:g} to {best:g}; the label is kept"
    for key in ("ratingValue", "bestRating", "worstRating"):
        if item.get(f"reviewRating.{key}") is not None:
            item.change(f"reviewRating.{key}", why)
    if label is None and value is not None and worst <= value <= best and best != worst:
        item.change("reviewRating.alternateName", "the number stands in place of a label")
        return f"{value:g} of {worst:g} to {best:g}"
    return label


def _appearances(item: Item) -> list[str]:
    found: list[str] = []
    for path in ("itemReviewed.firstAppearance", "itemReviewed.appearance"):
        whole = item.get(path)
        for one in whole if isinstance(whole, list) else [whole]:
            url = one.get("url") if isinstance(one, Mapping) else one
            url = first(url)
            if isinstance(url, str) and cells.host_of(url.strip()):
                found += [url.strip()] if url.strip() not in found else []
        if whole is None:
            continue
        if path.endswith("firstAppearance"):
            item.change(path, "it is kept as the source, and written as an appearance")
        elif whole == _appearance(found):
            item.take(path)
        else:
            item.change(path, "of appearances the addresses are kept")
    return found


def _appearance(urls: list[str]) -> Any:  # noqa: ANN401 - JSON
    made = [{"@type": "CreativeWork", "url": url} for url in urls]
    return made[0] if len(made) == 1 else made


def write_claimreview(registry: Records) -> tuple[str, tuple[Loss, ...]]:
    """Return the ratings of *registry* as a list of ClaimReviews, and what they do not say."""
    losses = list(_unsaid(registry))
    reviews = []
    for rating in registry.assessments.values():
        claim = registry.claims[rating.claim]
        reviews.append(_review(registry, claim, rating, losses))
    rated = {one.claim for one in registry.assessments.values()}
    losses += [
        Loss(what=ROW, at=id_, why="nobody has rated it; a ClaimReview is a rating")
        for id_ in registry.claims
        if id_ not in rated
    ]
    return json.dumps(reviews, ensure_ascii=False, indent=1) + "\n", tuple(losses)


def _unsaid(registry: Records) -> Iterator[Loss]:
    """Tell of what no ClaimReview says, kind by kind, with how many there are."""
    claims = registry.claims.values()
    readings = sum(len(one.readings) for one in claims)
    partial = sum(not one.said.is_day for one in claims)
    numbers = {
        "readings": counted(readings, "reading") if readings else None,
        "evidence": counted(len(registry.evidence), "report") if registry.evidence else None,
        "facts": counted(len(registry.facts), "fact") if registry.facts else None,
        "forecasts": counted(len(registry.forecasts), "forecast") if registry.forecasts else None,
        "said": counted(partial, "day that is not known exactly", "days that are not known exactly")
        if partial
        else None,
        "criterion": counted(len(registry.claims), "criterion", "criteria")
        if registry.claims
        else None,
    }
    for field, number in numbers.items():
        if number is not None:
            yield Loss(what=COLUMN, field=field, why=f"{number} not said in ClaimReview")
    yield from unsaid_of_claims(registry, "ClaimReview")


def _review(
    registry: Records, claim: Claim, rating: Assessment, losses: list[Loss]
) -> dict[str, Any]:
    speaker = registry.speakers[claim.speaker]
    reviewed: dict[str, Any] = {"@type": "Claim"}
    if speaker.name != NOT_NAMED:
        kind = SpeakerKind.ORGANIZATION if speaker.kind is SpeakerKind.ORGANIZATION else None
        author = {"@type": "Organization" if kind else "Person"}
        if speaker.kind is None:
            author = {}
        reviewed["author"] = {**author, "name": speaker.label}
    if (day := _day(claim.said)) is not None:
        reviewed["datePublished"] = day
    urls = [
        source.archived_url or source.url
        for id_ in (claim.source, *claim.appearances)
        if (source := registry.sources[id_]).url is not None
    ]
    shown = [url for url in urls if url is not None and url != rating.url]
    if shown:
        reviewed["appearance"] = _appearance(shown)
    review: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": rating.url,
        "claimReviewed": claim.quote,
        "datePublished": None if rating.published is None else _day(rating.published),
        "author": {"@type": "Organization", "name": rating.by},
        "reviewRating": {"@type": "Rating", "alternateName": rating.rating},
        "reviewBody": rating.note,
        "itemReviewed": reviewed,
    }
    if rating.url is None:
        why = "a ClaimReview needs its address"
        losses.append(Loss(what=FIELD, at=rating.id, field="url", why=why))
    return {key: value for key, value in review.items() if value is not None}


def _day(days: Span) -> str | None:
    """Return a full day or a month as it is written; None of what is uncertain."""
    text = days.text
    return text if re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", text) else None


def read_factcheck_tools(content: bytes, incoming: Incoming) -> None:
    """
    Read what the search of Google's Fact Check Tools API answers.

    Raises:
        LoadError: It holds no JSON (CT373).
    """
    found = items_in(
        documents_of(content, incoming.name),
        lambda one: "text" in one and isinstance(one.get("claimReview"), list),
        incoming.name,
    )
    for number, value in enumerate(found, 1):
        read_item(Item(incoming, number, f"#{number}", value), _read_answer)


def _read_answer(item: Item) -> None:
    words, claimant = item.text("text"), item.text("claimant")
    said = item.day("claimDate")
    reviews = [one for one in item.value["claimReview"] if isinstance(one, Mapping)]
    days = [str(one["reviewDate"])[:10] for one in reviews if one.get("reviewDate")]
    urls = [str(one["url"]) for one in reviews if cells.host_of(str(one.get("url")))]
    if words is None or not urls or (said is None and not days):
        item.refuse("it lacks the words, the address of a review, or any day")
        return
    names = item.incoming.names
    ratings = []
    item.change("claimReview", "of reviews the publisher, address, day and rating are kept")
    for one in reviews:
        publisher = one.get("publisher") if isinstance(one.get("publisher"), Mapping) else {}
        by = publisher.get("name") or publisher.get("site") if publisher else None
        label = one.get("textualRating")
        if not isinstance(by, str) or not isinstance(label, str) or not label.strip():
            continue
        rating = cells.tidy(label)
        day = str(one.get("reviewDate") or "")[:10] or None
        ratings.append(
            {
                "by": by,
                "scale": names.scale(by, rating),
                "rating": rating,
                "published": span(day),
                "url": one.get("url"),
            }
        )
    claim: Table = {
        "speaker": names.speaker(claimant or NOT_NAMED),
        "said": span(said or f"{min(days)}?"),
        "source": names.source(urls[0]),
        "quote": words,
        "criterion": {"judged": True},
    }
    item.keep(f"{claimant or ''} {cells.tidy(words)}", cells.slug(words), claim, ratings)
