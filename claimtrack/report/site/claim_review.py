"""
A claim as schema.org's ``ClaimReview``, with what Google requires and recommends.

A status is a word of this registry, and stands as ``alternateName``. Those that say how far a
claim held get a number besides, on a scale that `EXPLANATION` tells; the others get none.
"""

from collections.abc import Mapping
from typing import Any, Final

from claimtrack.model.registry import Records
from claimtrack.model.span import Day, Span, day_text
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
    author: dict[str, Any] = {"@type": "Person", "name": speaker.label}
    if speaker.roles:
        author["jobTitle"] = speaker.roles[-1].title
    if speaker.url and safe_url(speaker.url):
        author["sameAs"] = speaker.url
    works = [_work(records, id_) for id_ in (claim.source, *claim.appearances)]
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": url,
        "claimReviewed": claim.words,
        "datePublished": day_text(reviewed),
        "author": {"@type": "Organization", "name": publisher},
        "reviewRating": _rating(verdict),
        "itemReviewed": {
            "@type": "Claim",
            "text": claim.quote,
            "author": author,
            "datePublished": _first(claim.said),
            "firstAppearance": works[0],
            "appearance": works,
        },
    }


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


def _work(records: Records, id_: str) -> dict[str, Any]:
    source = records.sources[id_]
    work: dict[str, Any] = {"@type": "CreativeWork", "name": source.title or source.id}
    if source.url and safe_url(source.url):
        work["url"] = source.url
    if source.publisher:
        work["publisher"] = {"@type": "Organization", "name": source.publisher}
    if source.published:
        work["datePublished"] = _first(source.published)
    return work


def _first(span: Span) -> str:
    day: Day = span.first
    return day_text(day) if day > 0 else span.text
