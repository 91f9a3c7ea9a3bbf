"""
The records of a registry as they were known on a day, and nothing that was known later.

Reports, ratings, forecasts, searches, signatures and claims have a day, and are kept if it had
come. Speakers, sources, facts and scales have none: they are kept if a kept record names them. A
field that can have been written on any day, such as a note, is left out.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Any, Final

import attrs

from claimtrack.engine.decide import said_day
from claimtrack.engine.evidence import NEVER, EvidenceIndex, ZonedEvidence, days_in
from claimtrack.model.claim import LINKS, Claim, Reading, criteria_of
from claimtrack.model.criterion import facts_of, scales_of
from claimtrack.model.fields import key_of, zone_named
from claimtrack.model.records import (
    Assessment,
    Evidence,
    Forecast,
    RecordMap,
    Search,
    Snapshot,
    Source,
    Speaker,
)
from claimtrack.model.registry import KINDS, PLURALS, Records
from claimtrack.model.span import Day, Span
from claimtrack.model.verdict import KnownBy


class LeftOutBecause(StrEnum):
    """Why something is not among what was known on a day."""

    NOT_YET_SAID = "not-yet-said"
    KNOWN_LATER = "known-later"
    UNDATED = "undated"
    NAMED_BY_NOTHING = "named-by-nothing"
    NAMES_WHAT_IS_LEFT_OUT = "names-what-is-left-out"


REASONS: Final[Mapping[LeftOutBecause, str]] = {
    LeftOutBecause.NOT_YET_SAID: "a claim that had not been said by that day",
    LeftOutBecause.KNOWN_LATER: "a record or a field that was known only after that day",
    LeftOutBecause.UNDATED: "a record or a field without a day on which it was known: notes, "
    "silences, addresses of archived copies, selections, and reports, ratings and pinned copies "
    "without a day",
    LeftOutBecause.NAMED_BY_NOTHING: "a speaker, source, fact or scale that nothing known names",
    LeftOutBecause.NAMES_WHAT_IS_LEFT_OUT: "a record or a link that needs what is left out",
}
"""What each reason stands for, in words."""


@attrs.frozen(kw_only=True)
class LeftOut:
    """
    One record that was left out, or one field of a record that was kept.

    Args:
        kind: The kind of the record, as in files; ``registry`` for the settings.
        id: Its id; None for the settings.
        key: The key of the field; None for the whole record.
    """

    kind: str
    id: str | None
    because: LeftOutBecause
    key: str | None = None


@attrs.frozen(kw_only=True)
class KnownRecords:
    """What was known of a registry on a day, and what was left out, in the order of files."""

    records: Records
    left_out: tuple[LeftOut, ...]


def known_records(index: EvidenceIndex, day: Day) -> KnownRecords:
    """
    Return the records in *index* as they were known on *day*.

    Nothing that was known later changes the result. The audit of it as of *day* gives each claim
    the verdict that the audit of all records gives it, except for marks that rest on what was left
    out.

    Args:
        index: The records, and the day from which reports count.
        day: The last day that counts, as an ordinal.
    """
    return _Selecting(index, day).result()


_DEFINITIONS: Final = frozenset({"speaker", "source", "fact", "scale"})
"""The kinds of record that are kept if another one names them."""

_WITHOUT_DAY: Final = frozenset({"note", "internal", "silenced", "archived_url", "exclude"})
"""Fields of any kind of record that can have been written on any day."""

_WHOLE_SOURCE: Final = (
    *("title", "author", "published", "url", "language", "retrieved", "snapshot"),
)
"""Fields of a source that were not known before it was published."""


class _Selecting:
    """The selection of what was known on one day."""

    def __init__(self, index: EvidenceIndex, day: Day) -> None:
        self._index = index
        self._records = index.records
        self._day = day
        self._left_out: list[LeftOut] = []

    def result(self) -> KnownRecords:
        settings = self._without("registry", self._records.settings, {})
        known = {
            PLURALS[kind]: RecordMap(kind, {one.id: one for one in self._kept_of(kind)})
            for kind in KINDS
        }
        records = Records(settings=settings, **known)
        return KnownRecords(records=records, left_out=tuple(self._left_out))

    def _kept_of(self, kind: str) -> Iterator[Any]:
        trim: Callable[[Any], Mapping[str, object]] = self._trims.get(kind, _as_it_is)
        for record in getattr(self._records, PLURALS[kind]).by_id.values():
            because = self._why_not(kind, record)
            if because is None:
                yield self._without(kind, record, trim(record))
            else:
                self._left_out.append(LeftOut(kind=kind, id=record.id, because=because))

    @cached_property
    def _trims(self) -> Mapping[str, Callable[[Any], Mapping[str, object]]]:
        return {
            "speaker": self._trimmed_speaker,
            "source": self._trimmed_source,
            "evidence": self._trimmed_evidence,
            "claim": self._trimmed_claim,
            "forecast": self._trimmed_forecast,
            "assessment": self._trimmed_assessment,
        }

    def _without(self, kind: str, record: Any, changes: Mapping[str, object]) -> Any:  # noqa: ANN401
        """Return *record* with *changes*, and without the fields that have no day."""
        id_ = getattr(record, "id", None) if kind != "registry" else None
        changed = {}
        for field in attrs.fields(type(record)):
            old = getattr(record, field.name)
            if field.name in _WITHOUT_DAY:
                new, because = field.default, LeftOutBecause.UNDATED
            elif field.name in changes:
                new, because = changes[field.name], LeftOutBecause.KNOWN_LATER
                if field.name in {*LINKS, "supersedes", "appearances"}:
                    because = LeftOutBecause.NAMES_WHAT_IS_LEFT_OUT
                elif isinstance(old, Snapshot) and old.captured is None:
                    because = LeftOutBecause.UNDATED
            else:
                continue
            if new != old:
                changed[field.name] = new
                left = LeftOut(kind=kind, id=id_, because=because, key=key_of(field))
                self._left_out.append(left)
        return attrs.evolve(record, **changed) if changed else record

    # Which records were known

    def _why_not(self, kind: str, record: Any) -> LeftOutBecause | None:  # noqa: ANN401
        """Return why *record* is left out, or None if it is kept."""
        if kind in _DEFINITIONS:
            is_named = record.id in self._named[kind]
            return None if is_named else LeftOutBecause.NAMED_BY_NOTHING
        because: LeftOutBecause | None = self._checks[kind](record)
        return because

    @cached_property
    def _checks(self) -> Mapping[str, Callable[[Any], LeftOutBecause | None]]:
        return {
            "claim": lambda one: None if one.id in self._claims else LeftOutBecause.NOT_YET_SAID,
            "evidence": self._unknown_because,
            "assessment": self._unrated_because,
            "forecast": lambda one: self._by_claim(one.claim, is_made=self._is_made(one)),
            "search": lambda one: self._by_claim(
                one.claim, is_made=one.searched.first <= self._day
            ),
            "selection": lambda _: LeftOutBecause.UNDATED,
        }

    def _by_claim(self, claim: str | None, *, is_made: bool) -> LeftOutBecause | None:
        if not is_made:
            return LeftOutBecause.KNOWN_LATER
        if claim is not None and claim not in self._claims:
            return LeftOutBecause.NAMES_WHAT_IS_LEFT_OUT
        return None

    @cached_property
    def _claims(self) -> Mapping[str, Claim]:
        claims = self._records.claims.by_id
        return {id_: one for id_, one in claims.items() if said_day(one, self._index) <= self._day}

    @cached_property
    def _zones(self) -> tuple[ZonedEvidence, ...]:
        """The evidence in each zone in which a kept claim or the registry is read."""
        zones = {self._index.zone_of(claim) for claim in self._claims.values()}
        zones.add(self._records.settings.timezone)
        return tuple({self._index.in_zone(zone): None for zone in zones})

    def _unknown_because(self, report: Evidence) -> LeftOutBecause | None:
        known = min(zoned.known_from(report) for zoned in self._zones)
        if known == NEVER:
            return LeftOutBecause.UNDATED
        return self._by_claim(report.claim, is_made=known <= self._day)

    def _unrated_because(self, rating: Assessment) -> LeftOutBecause | None:
        published = rating.published
        if published is None and rating.source is not None:
            published = self._records.sources.by_id[rating.source].published
        # An assessment has no day of its entry in the registry.
        if published is None or self._index.known_by is not KnownBy.PUBLISHED:
            return LeftOutBecause.UNDATED
        known = self._last_day(published)
        if known == NEVER:
            return LeftOutBecause.UNDATED
        return self._by_claim(rating.claim, is_made=known <= self._day)

    def _is_made(self, forecast: Forecast) -> bool:
        claim = self._records.claims.by_id[forecast.claim]
        zone = self._index.zone_of(claim)
        return days_in(forecast.made, zone_named(zone) if zone else None)[1] <= self._day

    def _last_day(self, span: Span) -> Day:
        """Return the last day of *span* in that of the zones in which it is earliest."""
        if span.moment is None:
            return span.last
        return min(days_in(span, zoned.zone)[1] for zoned in self._zones)

    @cached_property
    def _dated(self) -> Mapping[str, tuple[Any, ...]]:
        """The kept records of those kinds that name others."""
        kinds = ("evidence", "claim", "forecast", "assessment", "search")
        return {
            kind: tuple(
                one
                for one in getattr(self._records, PLURALS[kind]).by_id.values()
                if self._why_not(kind, one) is None
            )
            for kind in kinds
        }

    @cached_property
    def _named(self) -> Mapping[str, frozenset[str]]:
        """The ids of the speakers, sources, facts and scales that kept records name."""
        dated = self._dated
        criteria = [one for claim in dated["claim"] for one in criteria_of(claim)]
        facts = {fact for one in criteria for fact in facts_of(one)}
        facts |= {one.fact for kind in ("evidence", "search") for one in dated[kind]} - {None}
        scales = {scale for one in criteria for scale in scales_of(one)}
        scales |= {one.scale for one in dated["assessment"]}
        speakers = {one.speaker for one in dated["claim"]} | {one.by for one in dated["forecast"]}
        sources = {
            one.source for kind in ("claim", "evidence", "assessment") for one in dated[kind]
        }
        for claim in dated["claim"]:
            sources |= {one.source for one in claim.occasions_by(self._day)}
            sources |= {*self._known_sources(claim.appearances), *self._retracted_in(claim)}
        sources |= {id_ for one in dated["forecast"] for id_ in self._known_sources([one.source])}
        return {
            "speaker": frozenset(speakers),
            "source": frozenset(sources - {None}),
            "fact": frozenset(facts),
            "scale": frozenset(scales),
        }

    def _known_sources(self, ids: Iterable[str | None]) -> tuple[str, ...]:
        return tuple(id_ for id_ in ids if id_ is not None and id_ in self._sources)

    def _retracted_in(self, claim: Claim) -> tuple[str, ...]:
        is_known = claim.is_retracted_by(self._day)
        return self._known_sources([claim.retracted_source]) if is_known else ()

    @cached_property
    def _sources(self) -> frozenset[str]:
        """The ids of the sources that were known themselves, whoever names them."""
        sources = self._records.sources.by_id.values()
        known = {
            one.id
            for one in sources
            if one.published is not None and self._last_day(one.published) <= self._day
        }
        if self._index.known_by is KnownBy.RECORDED:
            known |= {one.source for one in self._dated["evidence"]}
        return frozenset(known)

    # Which of their fields were known

    def _trimmed_speaker(self, speaker: Speaker) -> Mapping[str, object]:
        roles = [
            attrs.evolve(role, until=None)
            if role.until is not None and role.until.last > self._day
            else role
            for role in speaker.roles
            if role.since is None or role.since.first <= self._day
        ]
        return {"roles": tuple(roles)}

    def _trimmed_source(self, source: Source) -> Mapping[str, object]:
        if source.id not in self._sources:
            return dict.fromkeys(_WHOLE_SOURCE)
        changes: dict[str, object] = {"retrieved": self._if_come(source.retrieved)}
        snapshot = source.snapshot
        if snapshot is not None and self._if_come(snapshot.captured) is None:
            changes["snapshot"] = None
        return changes

    def _trimmed_evidence(self, report: Evidence) -> Mapping[str, object]:
        kept = self._records.evidence.by_id
        supersedes = [
            id_ for id_ in report.supersedes if self._why_not("evidence", kept[id_]) is None
        ]
        return {
            "recorded": self._if_come(report.recorded),
            "supersedes": tuple(supersedes),
            **self._withdrawn(report),
        }

    def _trimmed_assessment(self, rating: Assessment) -> Mapping[str, object]:
        return self._withdrawn(rating)

    def _withdrawn(self, record: Evidence | Assessment) -> Mapping[str, object]:
        if record.withdrawn is None or record.withdrawn.first <= self._day:
            return {}
        return {"withdrawn": None, "withdrawn_because": None}

    def _trimmed_forecast(self, forecast: Forecast) -> Mapping[str, object]:
        changes: dict[str, object] = {}
        if forecast.withdrawn is not None and not self._has_begun(forecast.withdrawn):
            changes["withdrawn"] = None
        if forecast.source is not None and forecast.source not in self._named["source"]:
            changes["source"] = None
        return changes

    def _trimmed_claim(self, claim: Claim) -> Mapping[str, object]:
        changes: dict[str, object] = {
            link: tuple(id_ for id_ in getattr(claim, link) if id_ in self._claims)
            for link in LINKS
        }
        changes["appearances"] = self._known_sources(claim.appearances)
        is_signed = claim.signed is not None and claim.signed.on.first <= self._day
        if not is_signed:
            changes |= {"status": None, "signed": None}
        if claim.annulled is not None and claim.annulled.first > self._day:
            changes |= dict.fromkeys(("annulled", "annulled_because", "annulled_kind"))
        if not claim.is_retracted_by(self._day):
            changes |= dict.fromkeys(("retracted", "retracted_words", "retracted_source"))
        elif not self._retracted_in(claim):
            changes["retracted_source"] = None
        changes["occasions"] = claim.occasions_by(self._day)
        changes["readings"] = tuple(
            self._trimmed_reading(one, is_signed=is_signed) for one in claim.readings
        )
        return changes

    @staticmethod
    def _trimmed_reading(reading: Reading, *, is_signed: bool) -> Reading:
        names = {field.name for field in attrs.fields(Reading)} & _WITHOUT_DAY
        changes: dict[str, Any] = dict.fromkeys(names)
        return attrs.evolve(reading, **changes, status=reading.status if is_signed else None)

    def _if_come(self, span: Span | None) -> Span | None:
        return None if span is None or self._last_day(span) > self._day else span

    def _has_begun(self, span: Span) -> bool:
        return min(days_in(span, zoned.zone)[0] for zoned in self._zones) <= self._day


def _as_it_is(record: Search | object) -> Mapping[str, object]:
    del record
    return {}
