"""
What is on record of all that a claim asks, report by report and in plain days.

Reports and published ratings become the same kind of value here, read in the zone of the claim.
This is written for whoever goes through the record of one claim without haste.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from claimtrack.model.claim import Claim, criteria_of
from claimtrack.model.criterion import Assessed, Judged, Leaf, leaves_of
from claimtrack.model.explanation import Proof, Standing
from claimtrack.model.fields import zone_named
from claimtrack.model.records import TIER_RANKS, Assessment, Evidence, Stance, Value
from claimtrack.model.registry import Records
from claimtrack.model.span import OPEN_END, OPEN_START, Day, Span
from claimtrack.model.verdict import KnownBy

Subject: TypeAlias = tuple[str, str]
"""What a report speaks of, and a leaf asks: a fact, a claim, or a scale, with its id."""


class Told(NamedTuple):
    """
    One report or rating; days are ordinals, both ends inclusive.

    Args:
        rank: The tier of its source as a number, 0 the best.
        known_from: The day from which it is known; open if it never is.
        first: The earliest day that it tells of, *last* the latest; open where it tells of none.
        gone_from: The first day on which it no longer counts; open if it is not withdrawn.
        replaced: The days from which, and up to which, something else stands in its place.
    """

    id: str
    witness: str
    rank: int
    known_from: Day
    first: Day
    last: Day
    denies: bool
    dated: bool
    value: Value | None
    stance: Stance | None
    subject: Subject
    gone_from: Day = OPEN_END
    replaced: tuple[tuple[Day, Day], ...] = ()

    def standing(self, day: Day) -> Standing:
        """Say how it stands on *day*."""
        if self.known_from == OPEN_END:
            return Standing.UNDATED
        if self.known_from > day:
            return Standing.NOT_YET_KNOWN
        if self.gone_from <= day:
            return Standing.WITHDRAWN
        is_replaced = any(first <= day < end for first, end in self.replaced)
        return Standing.SUPERSEDED if is_replaced else Standing.USABLE


def zone_of(claim: Claim, records: Records) -> ZoneInfo | None:
    """Return the zone in which *claim* is read: its own, else the registry's, if there is one."""
    name = claim.timezone or records.settings.timezone
    return zone_named(name) if name else None


def subjects_of(leaf: Leaf, claim: Claim) -> list[Subject]:
    """Return what *leaf*, in a criterion of *claim*, asks about."""
    if isinstance(leaf, Judged):
        return [("claim", claim.id)]
    if isinstance(leaf, Assessed):
        return [("scale", scale) for scale in leaf.scales]
    return [("fact", leaf.fact)]


def told_of(claim: Claim, records: Records, known_by: KnownBy) -> tuple[Told, ...]:
    """Return what speaks of *claim*, or of anything that its criteria ask, oldest first."""
    asked = {("claim", claim.id)}
    asked |= {
        subject
        for tree in criteria_of(claim)
        for leaf in leaves_of(tree)
        for subject in subjects_of(leaf, claim)
    }
    found = [*_reports(claim, records, known_by, asked), *_ratings(claim, records, known_by, asked)]
    return tuple(sorted(found, key=lambda told: (told.known_from, told.id)))


def _last(span: Span | None, zone: ZoneInfo | None) -> Day:
    return OPEN_END if span is None else span.days_in(zone)[1]


def _reports(
    claim: Claim, records: Records, known_by: KnownBy, asked: set[Subject]
) -> Iterator[Told]:
    zone = zone_of(claim, records)
    newer: dict[str, list[Told]] = {}
    for item in records.evidence.values():
        for id_ in item.supersedes:
            newer.setdefault(id_, []).append(_report(item, records, known_by, zone))
    for item in records.evidence.values():
        if _spoken_of(item) in asked:
            replaced = tuple((new.known_from, new.gone_from) for new in newer.get(item.id, ()))
            yield _report(item, records, known_by, zone)._replace(replaced=replaced)


def _spoken_of(item: Evidence) -> Subject:
    return ("fact", item.fact) if item.fact is not None else ("claim", item.claim or "")


def _report(item: Evidence, records: Records, known_by: KnownBy, zone: ZoneInfo | None) -> Told:
    source = records.sources[item.source]
    published = _last(item.published or source.published, zone)
    first, last = item.is_about.days_in(zone) if item.is_about else (OPEN_START, OPEN_END)
    if item.happened is not None:  # nobody reports what has not happened
        last = min(last, published)
    return Told(
        id=item.id,
        witness=source.witness,
        rank=TIER_RANKS[source.tier],
        known_from=_known_from(item, records, known_by, zone, published),
        first=min(first, last),
        last=last,
        denies=item.not_happened is not None,
        dated=item.is_about is not None,
        value=item.value,
        stance=item.stance,
        subject=_spoken_of(item),
        gone_from=OPEN_END if item.withdrawn is None else item.withdrawn.first,
    )


def _known_from(
    item: Evidence, records: Records, known_by: KnownBy, zone: ZoneInfo | None, published: Day
) -> Day:
    return {
        KnownBy.PUBLISHED: published,
        KnownBy.RECORDED: _last(item.recorded, zone),
        KnownBy.CAPTURED: max(published, _last(_captured(records).get(item.id), zone)),
    }[known_by]


def _captured(records: Records) -> Mapping[str, Span]:
    return getattr(records, "captured", None) or {}


def proof_of(id_: str, records: Records) -> Proof | None:
    """Return what the day of a report or of a rating rests on; None for one without a day."""
    item: Evidence | Assessment = records.evidence.by_id.get(id_) or records.assessments[id_]
    source = None if item.source is None else records.sources[item.source]
    published = item.published or (source.published if source else None)
    if _last(published, None) == OPEN_END:
        return None
    if isinstance(item, Assessment):
        return Proof.DECLARED
    if item.id in _captured(records):
        return Proof.CAPTURED
    return Proof.DECLARED if item.recorded is None else Proof.RECORDED


def _ratings(
    claim: Claim, records: Records, known_by: KnownBy, asked: set[Subject]
) -> Iterator[Told]:
    own = (rating for rating in records.assessments.values() if rating.claim == claim.id)
    rated = [
        (_rating(rating, records, known_by, zone_of(claim, records)), _second(rating, records))
        for rating in own
    ]
    for old, old_second in rated:
        if old.subject in asked:
            later = (
                (new.known_from, new.gone_from)
                for new, second in rated
                if (new.witness, new.subject) == (old.witness, old.subject)
                and (
                    new.known_from > old.known_from
                    or (new.known_from == old.known_from and second > old_second >= 0)
                )
            )
            yield old._replace(replaced=tuple(later))


def _second(rating: Assessment, records: Records) -> int:
    """Return the second at which a rating was published; -1 where it gives no time."""
    source = None if rating.source is None else records.sources[rating.source]
    span = rating.published or (source.published if source else None)
    return -1 if span is None or span.moment is None else int(span.moment.seconds)


def _rating(rating: Assessment, records: Records, known_by: KnownBy, zone: ZoneInfo | None) -> Told:
    source = None if rating.source is None else records.sources[rating.source]
    published = rating.published or (source.published if source else None)
    return Told(
        id=rating.id,
        witness=rating.by,
        rank=TIER_RANKS[source.tier if source else None],
        # It does not tell when the registry took it in.
        known_from=_last(published, zone) if known_by is KnownBy.PUBLISHED else OPEN_END,
        first=OPEN_START,
        last=OPEN_END,
        denies=False,
        dated=False,
        value=rating.rating,
        stance=None,
        subject=("scale", rating.scale),
        gone_from=OPEN_END if rating.withdrawn is None else rating.withdrawn.first,
    )
