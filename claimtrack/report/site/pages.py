"""The values of each template, the rendering of templates, ClaimReview markup and site data."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any, Final, NamedTuple

import attrs

from claimtrack.engine.history import Change
from claimtrack.escape import for_json, safe_url
from claimtrack.model.criterion import LEAVES
from claimtrack.model.explanation import Standing, Step, Use
from claimtrack.model.records import Evidence, Fact, Forecast, Source, Speaker, SpeakerKind
from claimtrack.model.registry import Records
from claimtrack.model.span import Day, Span, day_text
from claimtrack.model.verdict import MEANINGS, ReadingVerdict, Status, Verdict
from claimtrack.report.audit import audit_object
from claimtrack.report.effects import Effect, effects
from claimtrack.report.forecasts import (
    OUTCOMES,
    forecaster_name,
    probability_words,
    scored_forecasts,
)
from claimtrack.report.history import CAUSE_WORDS
from claimtrack.report.reasons import because, search_words
from claimtrack.report.site.context import Contents, headline
from claimtrack.report.site.downloads import TABLES
from claimtrack.report.site.pictures import series, timeline
from claimtrack.report.site.theme import PLAIN, environment, markup
from claimtrack.report.words import (
    checked_words,
    counted,
    criterion_words,
    leaf_words,
    quote_words,
    teller,
)

NUMBERS: Final[Mapping[Status, int]] = {
    Status.HELD: 5,
    Status.LATE: 3,
    Status.PARTLY: 3,
    Status.FAILED: 1,
}
EXPLANATION: Final = "5: it held; 3: it held in part, or late; 1: it did not hold."


def claim_review(  # noqa: PLR0913 - what a review consists of
    records: Records,
    verdict: Verdict,
    *,
    url: str,
    publisher: str,
    reviewed: Day,
    forecast: Forecast | None = None,
    word: Callable[[str], str] = PLAIN.word,
) -> dict[str, Any]:
    """
    Return the ClaimReview markup (schema.org) of one claim.

    Args:
        records: The records of the audit.
        verdict: On the claim.
        url: The address of the claim's page.
        publisher: The organisation that reviews.
        reviewed: The first day of the status.
        forecast: The probability that the speaker gave of the claim, or None.
        word: Returns the word for a status.
    """
    claim = records.claims[verdict.claim]
    speaker = records.speakers[claim.speaker]
    again = (one.source for one in claim.occasions)
    places = list(dict.fromkeys((claim.source, *claim.appearances, *again)))
    first = _first_of([records.sources[id_] for id_ in places])
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": url,
        "claimReviewed": checked_words(claim, records),
        "datePublished": day_text(reviewed),
        "author": {"@type": "Organization", "name": publisher},
        "reviewRating": _rating(verdict, forecast, word),
        "itemReviewed": _without_none(
            {
                "@type": "Claim",
                "text": quote_words(claim, records) if claim.is_paraphrase else claim.quote,
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
    """Return the source that was published first; None if that is not known."""
    if len(sources) == 1:
        return sources[0]
    dated = [(one.published, one) for one in sources if one.published is not None]
    if len(dated) < len(sources):
        return None
    when, first = min(dated, key=lambda pair: pair[0].last)
    others = (other for other, one in dated if one is not first)
    return first if all(when.last <= other.first for other in others) else None


def _rating(
    verdict: Verdict, forecast: Forecast | None, word: Callable[[str], str]
) -> dict[str, Any]:
    if forecast is not None and verdict.status in OUTCOMES:
        name = f"Forecast of {probability_words(forecast)}: {OUTCOMES[verdict.status]}"
        return {"@type": "Rating", "alternateName": name, "name": name}
    name = word(verdict.status.value).capitalize()
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
    """Return *span* as a year, month, day or time of ISO 8601; None if it is none of these."""
    if span.moment is not None:
        return span.text
    return span.text if _ISO.fullmatch(span.text) else None


def site_data(data: Mapping[str, Any]) -> str:
    """Return the data of the site as one JSON object, with a line for each record of a list."""
    parts = (f" {for_json(key)}: {_value(value)}" for key, value in data.items())
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _value(value: object) -> str:
    if not isinstance(value, list) or not value:
        return for_json(value)
    lines = ",\n".join(f"  {for_json(one)}" for one in value)
    return f"[\n{lines}\n ]"


def site_object(contents: Contents) -> dict[str, Any]:
    """Return the data of the site: the audit, and the records that it rests on."""
    records = contents.records
    found = audit_object(contents.audit, contents.verdicts)
    for one in found["claims"]:
        one.update(_claim(contents, one["id"]))
    found["speakers"] = [
        {"id": id_, "name": records.speakers[id_].label, "page": page}
        for id_, page in contents.speaker_at.items()
    ]
    found["facts"] = [_fact(contents, one) for one in records.facts.by_id.values()]
    found["evidence"] = [_evidence_object(contents, one) for one in records.evidence.by_id.values()]
    found["sources"] = [_source(one) for one in records.sources.by_id.values()]
    return found


def _claim(contents: Contents, id_: str) -> dict[str, Any]:
    claim = contents.claim(id_)
    criterion = claim.criterion
    return {
        "page": contents.claim_at[id_],
        "quote": claim.quote,
        "proposition": claim.proposition,
        "topics": list(claim.topics),
        "criterion": None
        if criterion is None
        else criterion_words(criterion, contents.records.facts.by_id),
        "because": because(contents.audit, contents.verdict[id_]),
        "history": list(_history(contents, id_)),
    }


def _history(contents: Contents, id_: str) -> Iterator[dict[str, str]]:
    for change in contents.changes(id_):
        yield {
            "day": day_text(change.day),
            "status": change.status.value,
            "because": CAUSE_WORDS[change.cause.kind](change.cause),
        }


def _fact(contents: Contents, fact: Fact) -> dict[str, Any]:
    return {
        "id": fact.id,
        "kind": fact.kind.value,
        "title": fact.title,
        "unit": fact.unit,
        "page": contents.fact_at[fact.id],
    }


def _evidence_object(contents: Contents, evidence: Evidence) -> dict[str, Any]:
    source = contents.records.sources.by_id[evidence.source]
    return {
        "id": evidence.id,
        "fact": evidence.fact,
        "claim": evidence.claim,
        "source": evidence.source,
        "published": _span_text(evidence.published or source.published),
        "says": contents.evidence_words(evidence),
        "quote": evidence.quote,
        "withdrawn": _span_text(evidence.withdrawn),
        "supersedes": list(evidence.supersedes),
    }


def _source(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "title": source.title,
        "publisher": source.publisher,
        "author": source.author,
        "origin": source.origin,
        "tier": source.tier.value if source.tier else None,
        "published": _span_text(source.published),
        "url": source.url,
        "archived_url": source.archived_url,
    }


def _span_text(span: Span | None) -> str | None:
    return None if span is None else span.text


EVIDENCE_GROUPS: Final = (
    "What decides",
    "What also counts, here or for a reading",
    "Counted for neither, or ignored",
)

ATOMS: Final = ("badge", "claim_link", "source", "speaker_link", "text", "web")
"""Macros that depend on their arguments alone, and so are cached."""


class Templates:
    """
    The templates, with the values that all of them share.

    Args:
        contents: The contents of the pages.
    """

    def __init__(self, contents: Contents) -> None:
        self.environment = environment(contents.options.house)
        self.contents = contents
        self._last: tuple[Verdict, str] | None = None
        self.shown = dict(contents.counts(contents.verdicts))
        self.shared: dict[str, Any] = {
            "site": contents,
            "audit": contents.audit,
            "records": contents.records,
            "tables": TABLES,
            "because": self.because,
            "evidence_words": contents.evidence_words,
            "statuses": list(Status),
            "teller": teller,
            "why": contents.why,
        }
        self.at_depth = cache(self._at_depth)

    def because(self, verdict: Verdict) -> str:
        """Return the reason for a status, of which the pages of one claim in a row need one."""
        if self._last is None or self._last[0] is not verdict:
            self._last = verdict, _because(self.contents, verdict)
        return self._last[1]

    def page(self, path: str, template: str, values: Callable[[], dict[str, Any]]) -> str:
        """Return the text of the page at *path*, from *template* and what *values* returns."""
        given = values()
        share = None if template == "embed.html" else self._share(path, template, given)
        return self.environment.get_template(template).render(
            path=path, share=share, **self.at_depth(path.count("/")), **given
        )

    def _share(self, path: str, template: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the title, description, address and picture of a page for sharing."""
        contents, url = self.contents, self.contents.options.url
        title, description = contents.title, headline(self.shown)[0]
        image = None
        if template == "claim.html":
            claim, verdict = given["claim"], given["verdict"]
            word = contents.options.house.word
            shown = word(contents.shown(claim.id, verdict.status)).capitalize()
            title = checked_words(claim, contents.records)
            description = f"{shown}. {self.because(verdict)}".strip()
            image = f"{url}{contents.card_at(claim.id)}" if url else None
        elif "verdicts" in given:
            named = given.get("speaker") or given.get("fact")
            title = given["topic"] if named is None else named.label
            counts, word = contents.counts(given["verdicts"]), contents.options.house.word
            listed = ", ".join(f"{number} {word(name)}" for name, number in counts)
            description = f"{counted(len(given['verdicts']), 'claim')}: {listed or 'none'}"
        return {
            "title": title,
            "description": description,
            "url": f"{url}{path}" if url else None,
            "image": image,
        }

    def _at_depth(self, depth: int) -> dict[str, Any]:
        """Return the shared values of pages that are *depth* folders down."""
        shared = {**self.shared, "root": "../" * depth}
        macros = self.environment.get_template("atoms.html").make_module(shared)
        shared["atoms"] = SimpleNamespace(**{name: cache(getattr(macros, name)) for name in ATOMS})
        shared["footer"] = self.environment.get_template("footer.html").make_module(shared)
        shared["parts"] = self.environment.get_template("parts.html").make_module(shared)
        return shared


def claim_values(contents: Contents, verdict: Verdict, review: str) -> dict[str, Any]:
    """Return the values of the page of one claim, with its ClaimReview markup as JSON."""
    claim, changes = contents.claim(verdict.claim), contents.changes(verdict.claim)
    explanation = contents.explanation(verdict.claim)
    reports = [*effects(explanation)]
    pictured = attrs.evolve(explanation, items=tuple(one.item for one in reports))
    records = contents.records

    word = contents.options.house.word

    def named(status: Status) -> tuple[str, str]:
        shown = contents.shown(claim.id, status)
        return shown, word(shown)

    return {
        "verdict": verdict,
        "claim": claim,
        "explanation": explanation,
        "answered": contents.audit.answers.get(claim.id),
        "changes": changes,
        "rows": list(_rows(changes)),
        "evidence": list(_evidence(contents, reports)),
        "searches": [search_words(records, one) for one in contents.audit.searches(claim)],
        "picture": markup(timeline(contents.audit.day, pictured, changes, named)),
        "review": markup(review),
        "links": list(contents.links(claim)),
        "own": contents.own_forecast(claim.id),
        "forecasts": scored_forecasts(contents.audit, claim),
        "forecaster_name": lambda one: forecaster_name(records, one),
        "outcomes": OUTCOMES,
        "probability_words": probability_words,
        "occasions": claim.occasions_by(contents.audit.day),
        "by_rules": contents.audit.is_changed_by_rules(claim),
        "agreeing": 1 + sum(one.status is verdict.status for one in verdict.readings),
        "tree": explanation.steps and _tree(records, explanation.steps),
        "condition": explanation.condition and _tree(records, explanation.condition),
        "readings": [
            (reading, criterion_words(step.criterion, records.facts.by_id))
            for reading, (_, step) in zip(verdict.readings, explanation.readings, strict=True)
        ],
    }


def _because(contents: Contents, verdict: Verdict) -> str:
    """Return the reason for a status as a sentence, without readings and marks."""
    words = because(contents.audit, attrs.evolve(verdict, readings=(), marks=()), titled=True)
    return words if not words or words.endswith((".", "!", "?")) else f"{words}."


def embed_values(contents: Contents, verdict: Verdict) -> dict[str, Any]:
    """Return the values of the page of one claim for the pages of others."""
    claim = contents.claim(verdict.claim)
    return {
        "claim": claim,
        "verdict": verdict,
        "shown": contents.shown(claim.id, verdict.status),
    }


def review_of(contents: Contents, verdict: Verdict) -> dict[str, Any]:
    """Return the ClaimReview markup of one claim of the site."""
    changes = contents.changes(verdict.claim)
    path = contents.claim_at[verdict.claim]
    url = contents.options.url
    return claim_review(
        contents.records,
        verdict,
        url=f"{url}{path}" if url else path.rpartition("/")[2],
        publisher=contents.publisher,
        # The day of the audit would change every page every day.
        reviewed=changes[-1].day if changes else contents.audit.day,
        forecast=contents.own_forecast(verdict.claim),
        word=contents.options.house.word,
    )


class Bundle(NamedTuple):
    """Reports that stand together; folded under *words* unless these are empty."""

    words: str
    reports: list[Effect]


FOLDED: Final = 4
"""As many reports on one fact that do not count are folded: most often a monthly series."""


def _evidence(contents: Contents, reports: Sequence[Effect]) -> Iterator[tuple[str, list[Bundle]]]:
    """Group the reports: those that decided first, those that do not count last."""
    groups: dict[str, list[Effect]] = {name: [] for name in EVIDENCE_GROUPS}
    decides, counts, left_out = groups.values()
    for one in reports:
        is_left_out = one.item.use is Use.IGNORED
        (decides if one.item.decided else left_out if is_left_out else counts).append(one)
    for name, items in groups.items():
        if items:
            plain = [Bundle("", items)]
            yield name, [*_folded(contents, items)] if items is left_out else plain


def _folded(contents: Contents, reports: Sequence[Effect]) -> Iterator[Bundle]:
    """Fold the many reports on one fact, at the place of the first of them."""
    by_fact: dict[tuple[str | None, str], list[Effect]] = {}
    for one in reports:
        evidence = contents.records.evidence.by_id.get(one.item.id)
        by_fact.setdefault((evidence.fact if evidence else None, one.side), []).append(one)
    for (fact, side), items in by_fact.items():
        words = ""
        if fact is not None and len(items) >= FOLDED:
            how = "ignored" if side == "ignored" else "counted for neither"
            words = f"{len(items):,} reports on “{contents.records.facts[fact].label}”, {how}"
        yield Bundle(words, items)


def _rows(changes: Sequence[Change]) -> Iterator[tuple[Change, list[ReadingVerdict]]]:
    """Iterate over changes, each with the readings that changed."""
    before: tuple[ReadingVerdict, ...] = ()
    for change in changes:
        yield change, [one for one in change.readings if before and one not in before]
        before = change.readings


def _tree(records: Records, step: Step) -> dict[str, Any]:
    """Return a criterion with the truth of each node."""
    node = step.criterion
    if isinstance(node, LEAVES):
        words = leaf_words(node, records.facts.by_id)
    else:
        composites = {"All": "all of", "AnyOf": "any of", "AtLeast": f"at least {step.needed} of"}
        words = composites.get(type(node).__name__, "not" if len(step.members) == 1 else "each of")
    return {
        "words": words,
        "truth": "" if type(node).__name__ == "Parts" else step.truth.word,
        "fact": getattr(node, "fact", None),
        "members": [_tree(records, member) for member in step.members],
    }


def fact_values(contents: Contents, fact: Fact) -> dict[str, Any]:
    """Return the values of the page of one fact."""
    day = contents.audit.day
    reports = [(one, item, item.standing(day)) for one, item in contents.reports(fact.id)]
    usable = [(one, item) for one, item, standing in reports if standing is Standing.USABLE]
    return {
        "fact": fact,
        "reports": [(one, standing.value) for one, _, standing in reports],
        "picture": markup(series(fact, usable)),
        "verdicts": contents.by_fact.get(fact.id, []),
    }
