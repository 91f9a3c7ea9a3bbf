"""
A claim as schema.org's ``ClaimReview``, with what Google requires and recommends.

A status is a word of this registry, and stands as ``alternateName``. Those that say how far a
claim held get a number besides, on a scale that `EXPLANATION` tells; the others get none.

Days are published as exactly as they are known: a year stays a year, and what ISO 8601 has no form
for, as an approximate day, is left out. The first appearance is the first of those whose days can
be told apart, and is left out too where they cannot.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from claimtrack.model.registry import Records
from claimtrack.model.source import Source
from claimtrack.model.span import Day, Span, day_text
from claimtrack.model.speaker import Speaker, SpeakerKind
from claimtrack.model.verdict import MEANINGS, Status, Verdict
from claimtrack.report.escape import safe_url

NUMBERS: Final[Mapping[Status, int]] = {
    Status.HELD: 5,
    Status.LATE: 3,
    Status.PARTLY: 3,
    Status.FAILED: 1,
}
EXPLANATION: Final = "5: it held; 3: it held in part, or late; 1: it did not hold."


def claim_review(
    records: Records, verdict: Verdict, *, url: str, publisher: str, reviewed: Day
) -> dict[str, Any]:
    """
    Return the markup of one claim.

    Args:
        records: What *verdict* is of.
        verdict: On the claim.
        url: The address of its page.
        publisher: Who reviews, an organisation.
        reviewed: The day from which it is what it is.
    """
    claim = records.claims[verdict.claim]
    speaker = records.speakers[claim.speaker]
    places = list(dict.fromkeys((claim.source, *claim.appearances)))
    first = _first_of([records.sources[id_] for id_ in places])
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": url,
        "claimReviewed": claim.words,
        "datePublished": day_text(reviewed),
        "author": {"@type": "Organization", "name": publisher},
        "reviewRating": _rating(verdict),
        "itemReviewed": _without_none(
            {
                "@type": "Claim",
                "text": claim.quote,
                "author": _author(speaker),
                "datePublished": _day(claim.said),
                "firstAppearance": None if first is None else _work(first),
                "appearance": [_work(records.sources[id_]) for id_ in places],
            }
        ),
    }


def _without_none(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: item for key, item in value.items() if item is not None}


_TYPES: Final[Mapping[SpeakerKind, str]] = {
    SpeakerKind.PERSON: "Person",
    SpeakerKind.ORGANIZATION: "Organization",
}


def _author(speaker: Speaker) -> dict[str, Any]:
    # Only a person holds offices.
    kind = SpeakerKind.PERSON if speaker.kind is None and speaker.roles else speaker.kind
    author: dict[str, Any] = {} if kind is None else {"@type": _TYPES[kind]}
    author["name"] = speaker.label
    if speaker.roles and kind is SpeakerKind.PERSON:
        author["jobTitle"] = speaker.roles[-1].title
    if speaker.url and safe_url(speaker.url):
        author["sameAs"] = speaker.url
    return author


def _first_of(sources: Sequence[Source]) -> Source | None:
    """Return the source that was published before all others; None if that is not known."""
    if len(sources) == 1:
        return sources[0]
    dated = [(one.published, one) for one in sources if one.published is not None]
    if len(dated) < len(sources):
        return None
    when, first = min(dated, key=lambda pair: pair[0].last)
    others = (other for other, one in dated if one is not first)
    return first if all(when.last <= other.first for other in others) else None


def _rating(verdict: Verdict) -> dict[str, Any]:
    name = verdict.status.value.replace("-", " ").capitalize()
    rating: dict[str, Any] = {
        "@type": "Rating",
        "alternateName": name,
        "name": name,
        "ratingExplanation": MEANINGS[verdict.status],
    }
    number = NUMBERS.get(verdict.status)
    if number is not None:
        rating |= {"ratingValue": number, "bestRating": 5, "worstRating": 1}
        rating["ratingExplanation"] += f" {EXPLANATION}"
    return rating


def _work(source: Source) -> dict[str, Any]:
    work: dict[str, Any] = {"@type": "CreativeWork", "name": source.title or source.id}
    if source.url and safe_url(source.url):
        work["url"] = source.url
    if source.publisher:
        work["publisher"] = {"@type": "Organization", "name": source.publisher}
    if source.published and _day(source.published) is not None:
        work["datePublished"] = _day(source.published)
    return work


_ISO: Final = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9:]+)?)?)?")


def _day(span: Span) -> str | None:
    """Return *span* as a year, a month or a day of ISO 8601; None if it is none of these."""
    if span.moment is not None:
        return span.text
    return span.text if _ISO.fullmatch(span.text) else None
