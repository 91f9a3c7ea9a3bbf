"""
Evidence as items, and which of them are usable on a day.

An *item* is a report with its days as ordinals in one time zone, its witness and its rank, so that
the rules only compare numbers. `ZonedEvidence` holds all items of a registry in one zone and for
one value of *known_by*, `UsableEvidence` those of them that are usable on one day.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

import attrs

from claimtrack.model.claim import Claim, criteria_of
from claimtrack.model.criterion import Assessed, Judged, Leaf, facts_of, scales_of
from claimtrack.model.explanation import Standing
from claimtrack.model.fields import zone_named
from claimtrack.model.instant import Clock, Instant, instant_of
from claimtrack.model.records import TIER_RANKS, Assessment, Evidence, Stance, Value
from claimtrack.model.registry import Records
from claimtrack.model.span import OPEN_END, OPEN_START, Day, Span
from claimtrack.model.verdict import KnownBy

NEVER: Final = OPEN_END
"""The day on which evidence without a date becomes known."""


@attrs.define(eq=False)
class Item:
    """
    One piece of evidence, or one published rating, ready to be weighed.

    Args:
        witness: Who is behind it; items of one witness count once.
        rank: The tier of its source as a number, 0 the best.
        known_from: The first day on which it is known; `NEVER` if undated.
        withdrawn_from: The first day on which it no longer counts; `NEVER` if not withdrawn.
        first: The first day that it is about, *last* the last, both inclusive.
        denies: Whether it reports that an event did not happen.
        dated: Whether it is about a day; judgements need not be, and ratings never are.
        value: The value that was observed, or the label of a rating.
        scale: The scale of a rating.
        superseders: The items that replace it once they are known.
    """

    id: str
    witness: str
    rank: int
    known_from: Day
    withdrawn_from: Day
    first: Day
    last: Day
    denies: bool
    dated: bool
    value: Value | None
    stance: Stance | None
    scale: str | None = None
    superseders: tuple["Item", ...] = ()

    def is_known(self, day: Day) -> bool:
        """Say whether it is public, and not withdrawn, on *day* (inclusive)."""
        return self.known_from <= day < self.withdrawn_from

    def is_usable(self, day: Day) -> bool:
        """Say whether it is known on *day*, and nothing known on that day supersedes it."""
        return self.known_from <= day < self.withdrawn_from and not (
            self.superseders and any(other.is_known(day) for other in self.superseders)
        )

    def standing(self, day: Day) -> Standing:
        """Return whether it is usable on *day*, or why not."""
        if self.known_from == NEVER:
            return Standing.UNDATED
        if self.known_from > day:
            return Standing.NOT_YET_KNOWN
        if self.withdrawn_from <= day:
            return Standing.WITHDRAWN
        if any(other.is_known(day) for other in self.superseders):
            return Standing.SUPERSEDED
        return Standing.USABLE

    def turning_days(self) -> set[Day]:
        """Return the days on which its standing can change."""
        days = {self.known_from, self.withdrawn_from}
        for other in self.superseders:
            days |= {other.known_from, other.withdrawn_from}
        return days - {NEVER}


Items: TypeAlias = tuple[Item, ...]


def days_in(span: Span, zone: ZoneInfo | None) -> tuple[Day, Day]:
    """Return the ends of *span*, of a date-time those of its civil day in *zone*."""
    return (span.first, span.last) if span.moment is None else span.days_in(zone)


class EvidenceIndex:
    """
    The evidence of a registry by what it is about.

    Args:
        records: The registry.
        known_by: The day from which a report counts.
        captured: For `KnownBy.CAPTURED`: when a copy with the words of a report was captured, by
            the id of the report.
    """

    def __init__(
        self,
        records: Records,
        known_by: KnownBy = KnownBy.PUBLISHED,
        captured: Mapping[str, Span] | None = None,
    ) -> None:
        self.records = records
        self.known_by = known_by
        self.captured: Mapping[str, Span] = captured or {}
        self.by_fact: dict[str, list[Evidence]] = {}
        self.by_claim: dict[str, list[Evidence]] = {}
        self.by_scale: dict[tuple[str, str], list[Assessment]] = {}
        self.superseders: dict[str, list[Evidence]] = {}
        for rating in records.assessments.by_id.values():
            self.by_scale.setdefault((rating.claim, rating.scale), []).append(rating)
        for item in records.evidence.by_id.values():
            if item.fact is not None:
                self.by_fact.setdefault(item.fact, []).append(item)
            elif item.claim is not None:
                self.by_claim.setdefault(item.claim, []).append(item)
            for id_ in item.supersedes:
                self.superseders.setdefault(id_, []).append(item)
        self._zoned: dict[str | None, ZonedEvidence] = {}
        self.made: dict[type, Any] = {}
        """Objects that other modules make of the evidence, once for all audits, by class."""

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The position of each report in the registry, by its id."""
        return {id_: place for place, id_ in enumerate(self.records.evidence.by_id)}

    @cached_property
    def has_moments(self) -> bool:
        """Whether any evidence is dated by a date-time, so that zones matter."""
        spans = (
            span
            for item in self.records.evidence.by_id.values()
            for span in (item.is_about, item.published, item.recorded)
        )
        sources = (source.published for source in self.records.sources.by_id.values())
        ratings = (rating.published for rating in self.records.assessments.by_id.values())
        captured = self.captured.values()
        return any(
            span is not None and span.moment is not None
            for group in (spans, sources, ratings, captured)
            for span in group
        )

    def about(self, leaf: Leaf, claim: str) -> Sequence[Evidence | Assessment]:
        """Return the reports and ratings about what *leaf* of *claim* asks."""
        if isinstance(leaf, Judged):
            return self.by_claim.get(claim, ())
        if isinstance(leaf, Assessed):
            return [
                rating for scale in leaf.scales for rating in self.by_scale.get((claim, scale), ())
            ]
        return self.by_fact.get(leaf.fact, ())

    def zone_of(self, claim: Claim) -> str | None:
        """Return the name of the zone in which *claim* is read: its own, else the registry's."""
        return claim.timezone or self.records.settings.timezone

    def in_zone(self, zone: str | None) -> "ZonedEvidence":
        """Return the evidence in the zone of that name, or in none."""
        key = zone if zone is not None and self.has_moments else None
        zoned = self._zoned.get(key)
        if zoned is None:
            zoned = self._zoned[key] = ZonedEvidence(self, zone_named(key) if key else None)
        return zoned


class ZonedEvidence:
    """
    All evidence of an index as items in one zone, made for each fact on first use.

    It refers to parts of the index and not to the index, which refers to it: that would be a cycle.
    """

    def __init__(self, index: EvidenceIndex, zone: ZoneInfo | None) -> None:
        self.zone = zone
        self.has_judgements = bool(index.by_claim)
        self._sources = index.records.sources.by_id
        self._known_by = index.known_by
        self._is_public = index.known_by is KnownBy.PUBLISHED
        self._captured = index.captured
        self._evidence_by_fact = index.by_fact
        self._evidence_by_claim = index.by_claim
        self._ratings_by_scale = index.by_scale
        self._superseders = index.superseders
        self._items: dict[str, Item] = {}
        self._by_fact: dict[str, Items] = {}
        self._by_claim: dict[str, Items] = {}
        self._by_scale: dict[tuple[str, str], Items] = {}

    def on_fact(self, fact: str) -> Items:
        """Return the items about *fact*, in the order of the registry."""
        items = self._by_fact.get(fact)
        if items is None:
            items = self._by_fact[fact] = self._all(self._evidence_by_fact.get(fact, ()))
        return items

    def on_claim(self, claim: str) -> Items:
        """Return the items that judge *claim*, in the order of the registry."""
        if not self.has_judgements:
            return ()
        items = self._by_claim.get(claim)
        if items is None:
            items = self._by_claim[claim] = self._all(self._evidence_by_claim.get(claim, ()))
        return items

    def on_scale(self, claim: str, scale: str) -> Items:
        """Return the ratings of *claim* on *scale* as items, in the order of the registry."""
        key = claim, scale
        items = self._by_scale.get(key)
        if items is None:
            items = self._by_scale[key] = self._rating_items(self._ratings_by_scale.get(key, ()))
        return items

    def known_from(self, evidence: Evidence) -> Day:
        """Return the first day on which *evidence* is known; `NEVER` if it is undated."""
        return self._item(evidence).known_from

    def _rating_items(self, ratings: Iterable[Assessment]) -> Items:
        by_assessor: dict[str, list[tuple[Item, Instant]]] = {}
        items = []
        for rating in ratings:
            item = self._rating(rating)
            items.append(item)
            published = self._published(rating)
            if item.known_from != NEVER and published is not None:
                known = instant_of(published, self.zone)
                by_assessor.setdefault(item.witness, []).append((item, known))
        for own in by_assessor.values():
            if len(own) > 1:
                _supersede_earlier(own)
        return tuple(items)

    def _published(self, rating: Assessment) -> Span | None:
        if rating.published is not None or rating.source is None:
            return rating.published
        return self._sources[rating.source].published

    def _rating(self, rating: Assessment) -> Item:
        source = None if rating.source is None else self._sources[rating.source]
        published = self._published(rating)
        # An assessment has no day of its entry in the registry, and no words to be found.
        is_dated = published is not None and self._is_public
        return Item(
            id=rating.id,
            witness=rating.by,
            rank=TIER_RANKS[None if source is None else source.tier],
            known_from=days_in(published, self.zone)[1] if published and is_dated else NEVER,
            withdrawn_from=NEVER if rating.withdrawn is None else rating.withdrawn.first,
            first=OPEN_START,
            last=OPEN_END,
            denies=False,
            dated=False,
            value=rating.rating,
            stance=None,
            scale=rating.scale,
        )

    def _all(self, evidence: Iterable[Evidence]) -> Items:
        return tuple(map(self._item, evidence))

    def _item(self, evidence: Evidence) -> Item:
        item = self._items.get(evidence.id)
        if item is None:
            item = self._items[evidence.id] = self._bare(evidence)
            superseders = self._superseders.get(evidence.id)
            if superseders is not None:
                # Their own superseders are not needed: a superseded report still supersedes.
                item.superseders = tuple(map(self._bare, superseders))
        return item

    def _bare(self, evidence: Evidence) -> Item:
        source = self._sources[evidence.source]
        published = evidence.published or source.published
        published_last = NEVER if published is None else days_in(published, self.zone)[1]
        first, last = self._days_about(evidence, published_last)
        withdrawn = evidence.withdrawn
        return Item(
            id=evidence.id,
            witness=source.witness,
            rank=TIER_RANKS[source.tier],
            known_from=self._known_from(evidence, published_last),
            withdrawn_from=NEVER if withdrawn is None else withdrawn.first,
            first=first,
            last=last,
            denies=evidence.not_happened is not None,
            dated=evidence.is_about is not None,
            value=evidence.value,
            stance=evidence.stance,
        )

    def _known_from(self, evidence: Evidence, published_last: Day) -> Day:
        if self._is_public:
            return published_last
        if self._known_by is KnownBy.RECORDED:
            return NEVER if evidence.recorded is None else days_in(evidence.recorded, self.zone)[1]
        captured = self._captured.get(evidence.id)
        if captured is None:
            return NEVER
        return max(published_last, days_in(captured, self.zone)[1])

    def _days_about(self, evidence: Evidence, published_last: Day) -> tuple[Day, Day]:
        about = evidence.is_about
        if about is None:
            return OPEN_START, OPEN_END
        first, last = days_in(about, self.zone)
        if evidence.happened is not None:
            # An event that is reported happened on or before the day of the report.
            last = min(last, published_last)
            first = min(first, last)
        return first, last


_CLOCK_RANKS: Final = {Clock.NONE: 0, Clock.LOCAL: 1, Clock.WORLD: 2}


def _supersede_earlier(own: Sequence[tuple[Item, Instant]]) -> None:
    """
    Let each rating by one assessor supersede those to which it is later.

    It is later if it became known on a later day; or on the same day, at a later time, where both
    give one. Of those later than a rating, the first that is never withdrawn stands for all after
    it: whenever one of these is known, it is too.
    """
    ordered = sorted(
        ((item.known_from, _CLOCK_RANKS[time.clock], time.at, item.id, item) for item, time in own),
        key=lambda one: one[:4],
    )
    keys = [one[:3] for one in ordered]
    for (day, clock, _, _, item), key in zip(ordered, keys, strict=True):
        end_of_clock = bisect_left(keys, (day, clock + 1))
        later_that_day = bisect_right(keys, key) if clock else end_of_clock
        later_days = bisect_left(keys, (day + 1,))
        later = []
        for place in chain(range(later_that_day, end_of_clock), range(later_days, len(keys))):
            later.append(ordered[place][4])
            if later[-1].withdrawn_from == NEVER:
                break
        item.superseders = tuple(later)


class UsableEvidence:
    """The items of a `ZonedEvidence` that are usable on one day; cached for each fact."""

    def __init__(self, zoned: ZonedEvidence, day: Day) -> None:
        self.zoned = zoned
        self.day = day
        self.zone = zoned.zone
        self._on_fact: dict[str, Items] = {}

    def on_fact(self, fact: str) -> Items:
        """Return the usable items about *fact*."""
        items = self._on_fact.get(fact)
        if items is None:
            items = self._on_fact[fact] = self._usable(self.zoned.on_fact(fact))
        return items

    def on_claim(self, claim: str) -> Items:
        """Return the usable items that judge *claim*."""
        return self._usable(self.zoned.on_claim(claim))

    def on_scale(self, claim: str, scale: str) -> Items:
        """Return the usable ratings of *claim* on *scale*."""
        return self._usable(self.zoned.on_scale(claim, scale))

    def _usable(self, items: Items) -> Items:
        day = self.day
        return tuple([item for item in items if item.is_usable(day)])


def facts_of_claim(claim: Claim) -> tuple[str, ...]:
    """Return the ids of the facts that any criterion of *claim* asks about, each once."""
    facts = (fact for criterion in criteria_of(claim) for fact in facts_of(criterion))
    return tuple(dict.fromkeys(facts))


def scales_of_claim(claim: Claim) -> tuple[str, ...]:
    """Return the ids of the scales on which any criterion of *claim* asks for ratings."""
    scales = (scale for criterion in criteria_of(claim) for scale in scales_of(criterion))
    return tuple(dict.fromkeys(scales))


def items_on(claim: Claim, where: ZonedEvidence | UsableEvidence) -> Iterator[Item]:
    """Iterate over the items in *where* on the facts of *claim*, on the claim, and its ratings."""
    for fact in facts_of_claim(claim):
        yield from where.on_fact(fact)
    yield from where.on_claim(claim.id)
    for scale in scales_of_claim(claim):
        yield from where.on_scale(claim.id, scale)
