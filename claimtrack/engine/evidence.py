"""
What was known on a day.

Evidence enters the engine as *items*: the same report with its days as ordinals in one time zone,
its witness and its rank, so that the rules only compare numbers. `ZonedEvidence` holds all items of
a registry in one zone and on one axis of knowledge, `UsableEvidence` those of them that are usable
on one day.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

import attrs

from claimtrack.model.claim import Claim, criteria_of
from claimtrack.model.criterion import Assessed, Judged, Leaf, facts_of, scales_of
from claimtrack.model.explanation import Standing
from claimtrack.model.fields import zone_named
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
        witness: Who vouches for it.
        rank: The tier of its source as a number, 0 the best.
        known_from: The first day on which it is known; `NEVER` if undated.
        withdrawn_from: The first day on which it no longer counts; `NEVER` if not withdrawn.
        first: The first day that it tells of, *last* the last, both inclusive.
        denies: Whether it tells that an event did not happen.
        dated: Whether it tells of any day; judgements may not, and ratings never do.
        value: The value that was observed, or the label of a rating.
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
        """Say how it stands on *day*."""
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
    The evidence of a registry by what it speaks of.

    Args:
        records: The registry.
        known_by: Whose knowledge counts.
    """

    def __init__(self, records: Records, known_by: KnownBy = KnownBy.PUBLISHED) -> None:
        self.records = records
        self.known_by = known_by
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
        """What others made of the evidence, once for all audits, by its class."""

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of each report in the order of the registry, by its id."""
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
        return any(
            span is not None and span.moment is not None
            for group in (spans, sources, ratings)
            for span in group
        )

    def about(self, leaf: Leaf, claim: str) -> Sequence[Evidence | Assessment]:
        """Return the reports and ratings that speak of what *leaf* of *claim* asks."""
        if isinstance(leaf, Judged):
            return self.by_claim.get(claim, ())
        if isinstance(leaf, Assessed):
            return self.by_scale.get((claim, leaf.scale), ())
        return self.by_fact.get(leaf.fact, ())

    def zone_of(self, claim: Claim) -> str | None:
        """Return the name of the zone in which *claim* is read: its own, else the registry's."""
        return claim.timezone or self.records.settings.timezone

    def in_zone(self, zone: str | None) -> "ZonedEvidence":
        """Return the zoned in the zone of that name, or in none."""
        key = zone if self.has_moments else None
        found = self._zoned.get(key)
        if found is None:
            found = self._zoned[key] = ZonedEvidence(self, zone_named(key) if key else None)
        return found


class ZonedEvidence:
    """
    All evidence of an index as items in one zone; made fact by fact, as it is asked for.

    It keeps what it needs of the index and not the index, which keeps its views: so both are freed
    as soon as nobody asks for them.
    """

    def __init__(self, index: EvidenceIndex, zone: ZoneInfo | None) -> None:
        self.zone = zone
        self.has_judgements = bool(index.by_claim)
        self._sources = index.records.sources.by_id
        self._is_public = index.known_by is KnownBy.PUBLISHED
        self._told_of_fact = index.by_fact
        self._told_of_claim = index.by_claim
        self._rated = index.by_scale
        self._superseders = index.superseders
        self._items: dict[str, Item] = {}
        self._by_fact: dict[str, Items] = {}
        self._by_claim: dict[str, Items] = {}
        self._by_scale: dict[tuple[str, str], Items] = {}

    def on_fact(self, fact: str) -> Items:
        """Return the items that speak of *fact*, in the order of the registry."""
        found = self._by_fact.get(fact)
        if found is None:
            found = self._by_fact[fact] = self._all(self._told_of_fact.get(fact, ()))
        return found

    def on_claim(self, claim: str) -> Items:
        """Return the items that judge *claim*, in the order of the registry."""
        if not self.has_judgements:
            return ()
        found = self._by_claim.get(claim)
        if found is None:
            found = self._by_claim[claim] = self._all(self._told_of_claim.get(claim, ()))
        return found

    def on_scale(self, claim: str, scale: str) -> Items:
        """Return the ratings of *claim* on *scale* as items, in the order of the registry."""
        key = claim, scale
        found = self._by_scale.get(key)
        if found is None:
            found = self._by_scale[key] = self._ratings(self._rated.get(key, ()))
        return found

    def known_from(self, evidence: Evidence) -> Day:
        """Return the first day on which *evidence* is known; `NEVER` if it is undated."""
        return self._item(evidence).known_from

    def _ratings(self, ratings: Iterable[Assessment]) -> Items:
        found = tuple(map(self._rating, ratings))
        newer: dict[str, Item] = {}
        next_: dict[str, Item] = {}
        # What an assessor says later takes the place of what they said before. The next of their
        # ratings is enough, since ratings are never taken back.
        for item in sorted(found, key=lambda one: (one.known_from, one.id), reverse=True):
            if item.known_from == NEVER:
                continue
            newest = newer.get(item.witness)
            if newest is not None and newest.known_from > item.known_from:
                next_[item.witness] = newest
            newer[item.witness] = item
            if item.witness in next_:
                item.superseders = (next_[item.witness],)
        return found

    def _rating(self, rating: Assessment) -> Item:
        source = None if rating.source is None else self._sources[rating.source]
        published = rating.published or (None if source is None else source.published)
        # An assessment does not tell when the registry took it in.
        is_dated = published is not None and self._is_public
        return Item(
            id=rating.id,
            witness=rating.by,
            rank=TIER_RANKS[None if source is None else source.tier],
            known_from=days_in(published, self.zone)[1] if published and is_dated else NEVER,
            withdrawn_from=NEVER,
            first=OPEN_START,
            last=OPEN_END,
            denies=False,
            dated=False,
            value=rating.rating,
            stance=None,
        )

    def _all(self, evidence: Iterable[Evidence]) -> Items:
        return tuple(map(self._item, evidence))

    def _item(self, evidence: Evidence) -> Item:
        found = self._items.get(evidence.id)
        if found is None:
            found = self._items[evidence.id] = self._bare(evidence)
            superseders = self._superseders.get(evidence.id)
            if superseders is not None:
                # Bare items are enough: whether one supersedes does not ask what supersedes it.
                found.superseders = tuple(map(self._bare, superseders))
        return found

    def _bare(self, evidence: Evidence) -> Item:
        source = self._sources[evidence.source]
        published = evidence.published or source.published
        published_last = NEVER if published is None else days_in(published, self.zone)[1]
        first, last = self._told(evidence, published_last)
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
        return NEVER if evidence.recorded is None else days_in(evidence.recorded, self.zone)[1]

    def _told(self, evidence: Evidence, published_last: Day) -> tuple[Day, Day]:
        about = evidence.is_about
        if about is None:
            return OPEN_START, OPEN_END
        first, last = days_in(about, self.zone)
        if evidence.happened is not None:
            # Nobody reports what has not happened, so it was over when it was reported.
            last = min(last, published_last)
            first = min(first, last)
        return first, last


class UsableEvidence:
    """A zoned on one day: which items are usable, looked up once for each fact."""

    def __init__(self, zoned: ZonedEvidence, day: Day) -> None:
        self.zoned = zoned
        self.day = day
        self.zone = zoned.zone
        self._on_fact: dict[str, Items] = {}

    def on_fact(self, fact: str) -> Items:
        """Return the usable items that speak of *fact*."""
        found = self._on_fact.get(fact)
        if found is None:
            found = self._on_fact[fact] = self._usable(self.zoned.on_fact(fact))
        return found

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
    asked = (fact for criterion in criteria_of(claim) for fact in facts_of(criterion))
    return tuple(dict.fromkeys(asked))


def scales_of_claim(claim: Claim) -> tuple[str, ...]:
    """Return the ids of the scales on which any criterion of *claim* asks for ratings."""
    asked = (scale for criterion in criteria_of(claim) for scale in scales_of(criterion))
    return tuple(dict.fromkeys(asked))


def items_on(claim: Claim, where: ZonedEvidence | UsableEvidence) -> Iterator[Item]:
    """Iterate over what *where* holds on the facts of *claim*, on the claim, and its ratings."""
    for fact in facts_of_claim(claim):
        yield from where.on_fact(fact)
    yield from where.on_claim(claim.id)
    for scale in scales_of_claim(claim):
        yield from where.on_scale(claim.id, scale)
