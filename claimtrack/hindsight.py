"""
The gate against hindsight: what a question was given that nobody could have known on its day.

Whoever tests a forecaster or a fact-checker on past questions gives each question a day, and the
items that may be used to answer it. An item is a record of a registry, by its id, or a page that
is given with its address, its text and its days. `leaks` holds each item against the day;
`docs/reference/leaks.md` defines each reason.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import attrs

from claimtrack.errors import (
    FieldError,
    Location,
    Problems,
    did_you_mean,
    shortened,
)
from claimtrack.files.folder import file_at, read_text
from claimtrack.files.jsonl import careful_table
from claimtrack.files.records import faults
from claimtrack.model import fields
from claimtrack.model.explanation import Proof
from claimtrack.model.instant import instant_of
from claimtrack.model.records import Anchor, Assessment, Evidence, Forecast, Snapshot, Source
from claimtrack.model.span import OPEN_END, CivilDay, Day, Span, known_civil_day
from claimtrack.quotes.check import Copies, CopyError, page_of
from claimtrack.quotes.matching import Needle, search
from claimtrack.quotes.readers import UnreadableError
from claimtrack.registry import Registry


class LeakReason(StrEnum):
    """Why an item, or a question itself, is a leak."""

    KNOWN_LATER = "known_later"
    CAPTURED_LATER = "captured_later"
    UNDATED = "undated"
    EDITED_AFTER = "edited_after"
    WITHDRAWN_BY_THEN = "withdrawn_by_then"
    RATES_THIS_CLAIM = "rates_this_claim"
    LABEL_KNOWN = "label_known"


@attrs.frozen(kw_only=True)
class Leak:
    """
    One reason why one item of one question is a leak.

    Args:
        question: The id of the question.
        item: The id or the address of the item; None if it is the question itself.
        reason: Why.
        known_on: The day on which that became known which the reason names.
        captured_on: The day on which the bytes of the item are known to have existed.
        proof: What the day of the item rests on; None if it has none.
    """

    question: str
    item: str | None
    reason: LeakReason
    known_on: CivilDay | None = attrs.field(default=None, converter=known_civil_day)
    captured_on: CivilDay | None = attrs.field(default=None, converter=known_civil_day)
    proof: Proof | None = None


@attrs.frozen(kw_only=True)
class LeakReport:
    """
    What came of holding questions against their days.

    Args:
        leaks: In the order of the questions, and of the items in each.
        questions: How many questions there were.
        checked: How many items and labels were held against a day.
    """

    leaks: tuple[Leak, ...]
    questions: int
    checked: int


def _label(value: object) -> str | None:
    value = fields.plain(value)
    if value is None or isinstance(value, str):
        return fields.optional_text(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _digest(value: str | None) -> str | None:
    return None if value is None else Snapshot(private=True, sha256=value).sha256


@attrs.frozen(kw_only=True, field_transformer=fields.keyed)
class GivenPage:
    """
    An item of a question that is no record of the registry.

    Args:
        url: Its address.
        text: Its words, as they are given to whoever answers.
        published: When the public could read it.
        captured: When its bytes are known to have existed.
        sha256: The digest of its bytes.
    """

    url: str | None = attrs.field(default=None, converter=fields.optional_text)
    text: str | None = attrs.field(default=None, converter=fields.optional_text)
    published: Span | None = attrs.field(default=None, converter=fields.optional_span)
    captured: Span | None = attrs.field(default=None, converter=fields.optional_span)
    sha256: str | None = attrs.field(default=None, converter=_digest)

    def __attrs_post_init__(self) -> None:
        if self.url is None and self.text is None and self.sha256 is None:
            raise FieldError("CT302", "has none of 'url', 'text' and 'sha256'; expected one")


Given: TypeAlias = str | GivenPage


def _given(value: object) -> Given:
    if isinstance(value, str):
        return fields.identifier(value)
    return fields.record(GivenPage, value)


def _evidence(value: Iterable[object]) -> tuple[Given, ...]:
    return fields.each(_given, value, "a list of ids and objects")


@attrs.frozen(kw_only=True, field_transformer=fields.keyed)
class Question:
    """
    One line of a file of questions.

    Args:
        claim: The id of the claim that is asked about, if the registry has it; or else:
        question: The question in words.
        as_of: The day or the date-time at which it is asked; *asked_at* is another name for it.
        evidence: What may be used to answer it.
        label: The answer that is right.
        label_known_at: When the label came out.
        resolves: When the question resolves, if it is not said when the label came out.
    """

    id: str = attrs.field(converter=fields.identifier)
    claim: str | None = attrs.field(default=None, converter=fields.optional_identifier)
    question: str | None = attrs.field(default=None, converter=fields.optional_text)
    as_of: Span | None = attrs.field(default=None, converter=fields.optional_time)
    asked_at: Span | None = attrs.field(default=None, converter=fields.optional_time)
    evidence: tuple[Given, ...] = attrs.field(default=(), converter=_evidence)
    label: str | None = attrs.field(default=None, converter=_label)
    label_known_at: Span | None = attrs.field(default=None, converter=fields.optional_span)
    resolves: Span | None = attrs.field(default=None, converter=fields.optional_span)

    def __attrs_post_init__(self) -> None:
        if (self.as_of is None) is (self.asked_at is None):
            given = "neither" if self.as_of is None else "both"
            message = f"has {given} of 'as_of' and 'asked_at'; expected exactly one"
            raise FieldError("CT302" if given == "neither" else "CT303", message)
        if self.claim is None and self.question is None:
            raise FieldError("CT302", "has neither 'claim' nor 'question'; expected one")

    @property
    def day(self) -> Span:
        """When it is asked, under whichever name."""
        asked = self.as_of or self.asked_at
        assert asked is not None  # noqa: S101 - one of them is given
        return asked


def read_questions(path: str | os.PathLike[str], registry: Registry) -> tuple[Question, ...]:
    """
    Read a file of JSON lines with a question each.

    Raises:
        LoadError: It cannot be read; it names every bad line.
    """
    lines = read_text(file_at(Path(path))).split("\n")
    rows = ((Location(os.fspath(path), number), line) for number, line in enumerate(lines, 1))
    return _questions(((at, careful_table(line)) for at, line in rows), registry)


def _questions(
    rows: Iterable[tuple[Location | None, object]], registry: Registry
) -> tuple[Question, ...]:
    problems = Problems()
    found: dict[str, Question] = {}
    for at, row in rows:
        if row is None:
            continue
        if isinstance(row, FieldError):
            problems.add(row.code, row.message, at, row.hint)
            continue
        errors = list(faults(Question, row))
        id_ = row.get("id") if isinstance(row, Mapping) else None
        if not errors:
            assert isinstance(row, Mapping)  # noqa: S101 - or it would have a fault
            question = Question(**row)
            errors = list(_undefined(question, registry))
            if found.setdefault(question.id, question) is not question:
                errors.append(FieldError("CT201", "is taken by an earlier line", ("id",)))
        for error in errors:
            subject = f"question {shortened(repr(id_))}" if isinstance(id_, str) else "question"
            path = f" {error.subject}" if error.path else ""
            problems.add(error.code, f"{subject}{path} {error.message}", at, error.hint)
    problems.raise_if_any()
    return tuple(found.values())


def _undefined(question: Question, registry: Registry) -> Iterator[FieldError]:
    if question.claim is not None and question.claim not in registry.claims:
        yield _no_such("claim", question.claim, registry.claims, ("claim",))
    for number, item in enumerate(question.evidence):
        if isinstance(item, str) and not _records_of(item, registry):
            ids = [id_ for kind in _ITEM_KINDS for id_ in getattr(registry, kind)]
            yield _no_such(
                "evidence, assessment, forecast or source", item, ids, ("evidence", number)
            )


def _no_such(kind: str, id_: str, known: Iterable[str], path: tuple[str | int, ...]) -> FieldError:
    message = f"{shortened(repr(id_))} is no {kind} of the registry"
    return FieldError("CT202", message, path, did_you_mean(id_, known))


_ITEM_KINDS: Final = ("evidence", "assessments", "forecasts", "sources")
"""The kinds of record that an id among the evidence of a question can name."""

ItemRecord: TypeAlias = Evidence | Assessment | Forecast | Source


def _records_of(id_: str, registry: Registry) -> list[ItemRecord]:
    maps = [getattr(registry, kind) for kind in _ITEM_KINDS]
    return [one[id_] for one in maps if id_ in one]


def leaks(
    registry: Registry,
    questions: Iterable[Mapping[str, Any] | Question],
    *,
    root: str | os.PathLike[str] | None = None,
    snapshots: str | os.PathLike[str] | None = None,
) -> LeakReport:
    """
    Hold what each question was given against the day on which it is asked.

    Args:
        registry: The records that questions name by their ids.
        questions: Each as a line of ``claimtrack leak``, or a `Question`.
        root: The registry's folder, or its file, with the pinned copies; None not to read any.
        snapshots: The folder with private copies; None if they are not at hand.

    Raises:
        LoadError: A question is not well formed, or a pinned copy cannot be read; it names every
            problem.

    Example:
        >>> from claimtrack import Registry, leaks
        >>> page = {"url": "https://a.example/1", "published": "2020-01-02"}
        >>> asked = {"id": "q", "question": "Will it?", "as_of": "2020-01-01", "evidence": [page]}
        >>> [leak.reason.value for leak in leaks(Registry(), [asked]).leaks]
        ['known_later']
    """
    given = list(questions)
    read = [one for one in given if isinstance(one, Question)]
    if len(read) < len(given):
        read = list(
            _questions(
                ((Location("questions", number), one) for number, one in enumerate(given, 1)),
                registry,
            )
        )
    gate = _Gate(registry, None if root is None else Copies(root, snapshots))
    asked = [gate.asked(question) for question in read]
    gate.read_copies(asked)
    found = tuple(leak for one in asked for leak in gate.leaks_of(one))
    return LeakReport(leaks=found, questions=len(read), checked=gate.checked)


@attrs.frozen(kw_only=True)
class _Item:
    """
    One item, whatever it was given as.

    Args:
        name: Its id or its address.
        published: When the public could know it.
        withdrawn: From when it did not count any more.
        is_recorded: Whether the registry says when it was entered.
        rates: The id of the claim that it rates, if it is a rating.
        source: The source that it comes from, if the registry has it.
        urls: Its addresses.
        text: Its words; *anchor* says which place is meant.
        captured: When its bytes existed, as the question says.
        sha256: The digest of its bytes, as the question says.
        is_page: Whether it is a page that the question brings along, with bytes of its own.
    """

    name: str
    published: Span | None
    withdrawn: Span | None = None
    is_recorded: bool = False
    rates: str | None = None
    source: Source | None = None
    urls: frozenset[str] = frozenset()
    text: str | None = None
    anchor: Anchor | None = None
    captured: Span | None = None
    sha256: str | None = None
    is_page: bool = False


class _Words(StrEnum):
    """What the copy of a source that was pinned by the day of a question says of an item."""

    UNKNOWN = "unknown"
    UNREAD = "unread"
    FOUND = "found"
    CHANGED = "changed"


class _Gate:
    """The registry and its copies, for all questions."""

    def __init__(self, registry: Registry, copies: Copies | None) -> None:
        self.problems = Problems()
        self.checked = 0
        self._registry = registry
        self._copies = copies
        self._answers: dict[tuple[str, str, Anchor | None], _Words] = {}

    def asked(self, question: Question) -> "_Asked":
        """Return *question* with the records and pages that it was given."""
        items = [
            list(self._items(given, number)) for number, given in enumerate(question.evidence, 1)
        ]
        return _Asked(question, _Time.of(question, self._registry), items)

    def read_copies(self, asked: Iterable["_Asked"]) -> None:
        """
        Look for the words of all items in the copies that were captured by their days.

        Each copy is read once, and searched once for all words.

        Raises:
            LoadError: A copy is missing, or not what was pinned; it names all of these.
        """
        wanted: dict[str, dict[tuple[str, Anchor | None], None]] = {}
        for one in asked:
            for item in (item for items in one.items for item in items):
                found = self._words_by_then(item, one.time)
                if found is _Words.UNREAD and item.source is not None and item.text is not None:
                    wanted.setdefault(item.source.id, {})[item.text, item.anchor] = None
        for source, keys in wanted.items():
            text = self._text_of(self._registry.sources[source])
            if text is not None:
                needles = [Needle(words, anchor or Anchor()) for words, anchor in keys]
                for (words, anchor), sought in zip(keys, search(text, needles), strict=True):
                    found = _Words.FOUND if sought.places else _Words.CHANGED
                    self._answers[source, words, anchor] = found
            else:
                self._answers |= {(source, *key): _Words.UNKNOWN for key in keys}
        self.problems.raise_if_any()

    def leaks_of(self, asked: "_Asked") -> Iterator[Leak]:
        """Iterate over the leaks of one question."""
        yield from self._label_leaks(asked.question, asked.time)
        for items in asked.items:
            self.checked += 1
            for item in items:
                yield from self._item_leaks(asked.question, item, asked.time)

    # The label

    def _label_leaks(self, question: Question, time: "_Time") -> Iterator[Leak]:
        known = question.label_known_at or question.resolves or self._rated(question, time)
        if known is None:
            return
        self.checked += 1
        if not time.is_after(known):
            yield Leak(
                question=question.id,
                item=None,
                reason=LeakReason.LABEL_KNOWN,
                known_on=time.last_day(known),
                proof=Proof.DECLARED,
            )

    def _rated(self, question: Question, time: "_Time") -> Span | None:
        """Return when a rating of the claim first said what the label says."""
        if question.claim is None or question.label is None:
            return None
        label = question.label.casefold()
        days = [
            published
            for rating in self._ratings.get(question.claim, ())
            if rating.rating.casefold() == label
            and (published := self._published(rating)) is not None
            and published.last != OPEN_END
        ]
        return min(days, key=time.last_day, default=None)

    @cached_property
    def _ratings(self) -> Mapping[str, list[Assessment]]:
        found: dict[str, list[Assessment]] = {}
        for rating in self._registry.assessments.values():
            found.setdefault(rating.claim, []).append(rating)
        return found

    def _published(self, record: ItemRecord) -> Span | None:
        if isinstance(record, Forecast):
            return record.made
        if record.published is not None or isinstance(record, Source) or record.source is None:
            return record.published
        return self._registry.sources[record.source].published

    # Items

    def _items(self, given: Given, number: int) -> Iterator[_Item]:
        if isinstance(given, GivenPage):
            yield self._item_of_page(given, number)
            return
        for record in _records_of(given, self._registry):
            yield self._item_of_record(record)

    def _item_of_record(self, record: ItemRecord) -> _Item:
        source: Source | None
        if isinstance(record, Source):
            source = record
        else:
            source = None if record.source is None else self._registry.sources[record.source]
        urls = {url for url in (source and source.url, source and source.archived_url) if url}
        if isinstance(record, Assessment) and record.url:
            urls.add(record.url)
        report = record if isinstance(record, Evidence) else None
        return _Item(
            name=record.id,
            published=self._published(record),
            withdrawn=None if isinstance(record, Source) else record.withdrawn,
            is_recorded=report is not None and report.recorded is not None,
            rates=record.claim if isinstance(record, Assessment) else None,
            source=source,
            urls=frozenset(map(plain_url, urls)),
            text=None if report is None else report.quote,
            anchor=None if report is None else report.anchor,
        )

    def _item_of_page(self, page: GivenPage, number: int) -> _Item:
        source = None if page.url is None else self._sources_by_url.get(plain_url(page.url))
        if source is None and page.sha256 is not None:
            source = self._sources_by_digest.get(page.sha256)
        declared = None if source is None else source.published
        published = [one for one in (page.published, declared) if one is not None]
        return _Item(
            name=page.url or page.sha256 or f"#{number}",
            # Of two days the later one counts: a gate does not believe the better one.
            published=max(published, key=lambda one: one.last, default=None),
            source=source,
            urls=frozenset() if page.url is None else frozenset([plain_url(page.url)]),
            text=page.text,
            captured=page.captured,
            sha256=page.sha256,
            is_page=True,
        )

    @cached_property
    def _sources_by_url(self) -> Mapping[str, Source]:
        found: dict[str, Source] = {}
        for source in self._registry.sources.values():
            for url in (source.url, source.archived_url):
                if url is not None:
                    found.setdefault(plain_url(url), source)
        return found

    @cached_property
    def _sources_by_digest(self) -> Mapping[str, Source]:
        sources = self._registry.sources.values()
        return {one.snapshot.sha256: one for one in sources if one.snapshot is not None}

    def _item_leaks(self, question: Question, item: _Item, time: "_Time") -> Iterator[Leak]:
        published = item.published
        is_dated = published is not None and published.last != OPEN_END
        words = self._words_by_then(item, time)
        captured = self._captured(item, words)
        known_on = time.last_day(published) if published is not None and is_dated else None
        if known_on is None:
            proof = None
        elif words is _Words.FOUND:
            proof = Proof.CAPTURED
        else:
            proof = Proof.RECORDED if item.is_recorded else Proof.DECLARED

        def leak(reason: LeakReason, on: Day | None = known_on) -> Leak:
            return Leak(
                question=question.id,
                item=item.name,
                reason=reason,
                known_on=on,
                captured_on=None if captured is None else time.last_day(captured),
                proof=proof,
            )

        if published is None or not is_dated:
            yield leak(LeakReason.UNDATED)
        elif time.is_after(published):
            yield leak(LeakReason.KNOWN_LATER)
        elif words is _Words.UNKNOWN and captured is not None and time.is_after(captured):
            yield leak(LeakReason.CAPTURED_LATER)
        if words is _Words.CHANGED:
            yield leak(LeakReason.EDITED_AFTER)
        if item.withdrawn is not None and not time.is_after(item.withdrawn):
            yield leak(LeakReason.WITHDRAWN_BY_THEN, time.first_day(item.withdrawn))
        if question.claim is not None and self._rates(item, question.claim):
            yield leak(LeakReason.RATES_THIS_CLAIM)

    def _rates(self, item: _Item, claim: str) -> bool:
        """Say whether *item* is a rating of *claim*, or the page of one."""
        claim = self._registry.claims[claim].id
        if item.rates == claim:
            return True
        ratings = self._ratings.get(claim, ())
        if item.source is not None and any(one.source == item.source.id for one in ratings):
            return True
        return any(one.url is not None and plain_url(one.url) in item.urls for one in ratings)

    # Copies

    def _captured(self, item: _Item, words: _Words) -> Span | None:
        """Return when the bytes of *item* are known to have existed."""
        snapshot = None if item.source is None else item.source.snapshot
        if snapshot is None or snapshot.captured is None:
            return item.captured
        is_same = not item.is_page or item.sha256 == snapshot.sha256 or words is not _Words.UNKNOWN
        return snapshot.captured if is_same else item.captured

    def _words_by_then(self, item: _Item, time: "_Time") -> _Words:
        """Compare *item* with the copy of its source, if that was captured by the day."""
        source = item.source
        if source is None or source.snapshot is None or source.snapshot.captured is None:
            return _Words.UNKNOWN
        if time.is_after(source.snapshot.captured):
            return _Words.UNKNOWN
        if item.sha256 == source.snapshot.sha256:
            return _Words.FOUND
        if item.text is None:
            return _Words.UNKNOWN if item.sha256 is None else _Words.CHANGED
        return self._answers.get((source.id, item.text, item.anchor), _Words.UNREAD)

    def _text_of(self, source: Source) -> str | None:
        """Return the text of the pinned copy of *source*; None if it is not at hand."""
        if self._copies is None or source.snapshot is None:
            return None
        try:
            return page_of(source.snapshot, self._copies.content(source.snapshot)).text
        except CopyError as error:
            if error.kind is not None:
                self._refuse(source.id, error.message)
        except UnreadableError as error:
            self._refuse(source.id, f"has a copy that cannot be read: {error}")
        return None

    def _refuse(self, source: str, because: str) -> None:
        places = self._registry.locations
        at = None if places is None else places.of("source", source, ("snapshot",))
        self.problems.add("CT390", f"source {shortened(repr(source))} {because}", at)


@attrs.frozen
class _Asked:
    """A question, when it was asked, and the items that stand for each piece of evidence."""

    question: Question
    time: "_Time"
    items: list[list[_Item]]


class _Time:
    """When a question is asked, and what was before it."""

    def __init__(self, asked: Span, zone: ZoneInfo) -> None:
        self._zone = zone
        self._asked = instant_of(asked, zone)

    @classmethod
    def of(cls, question: Question, registry: Registry) -> "_Time":
        zone = registry.settings.timezone
        if question.claim is not None:
            zone = registry.claims[question.claim].timezone or zone
        return cls(question.day, fields.zone_named(zone or "UTC"))

    def is_after(self, span: Span) -> bool:
        """
        Say whether *span* is later than the question, or may be.

        Times are compared where both have one; else the last days, and the day itself counts.
        """
        if span.last == OPEN_END:
            return True
        other = instant_of(span, self._zone)
        if other.has_order_with(self._asked):
            return other.at > self._asked.at
        return other.last > self._asked.last

    def last_day(self, span: Span) -> Day:
        """Return the last day that *span* can be, in the zone of the question."""
        return span.last if span.moment is None else span.days_in(self._zone)[1]

    def first_day(self, span: Span) -> Day:
        """Return the first such day."""
        return span.first if span.moment is None else span.days_in(self._zone)[0]


_ARCHIVE: Final = re.compile(r"https?://web\.archive\.org/web/[0-9]+[a-z_]*/(?=https?:)")


def plain_url(url: str) -> str:
    """
    Return *url* in a form in which two addresses of one page are the same.

    Without the scheme, ``www.``, the fragment, a slash at the end and the address of an archive
    before it; the host in lower case.

    Example:
        >>> plain_url("https://web.archive.org/web/20191202id_/http://WWW.a.example/gas/#top")
        'a.example/gas'
    """
    url = _ARCHIVE.sub("", url.strip(), count=1)
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    host = parts.netloc.lower().removeprefix("www.")
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{parts.path.rstrip('/')}{query}"
