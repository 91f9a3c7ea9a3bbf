"""
What a site may publish of an audit, on a day.

A claim under embargo is taken out whole, with the records that are there for it alone. A claim that
waits for signatures is taken out of the records that are audited, so that nothing that is made of
them can show its verdict, and is kept beside them by its words. A signature counts from its own
day, as long as the status that it signed is the computed one and what this rests on is what it was.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, Final
from zoneinfo import ZoneInfo

import attrs

from claimtrack.engine.audit import Audit
from claimtrack.engine.evidence import EvidenceIndex, facts_of_claim
from claimtrack.engine.signature import SUSPECT, signatures_of
from claimtrack.model.claim import LINKS, Claim
from claimtrack.model.records import RecordMap
from claimtrack.model.registry import PLURALS, Publish, Records
from claimtrack.model.span import Day
from claimtrack.model.verdict import DECIDED, Status

_LAST_PLACE: Final = timezone(timedelta(hours=-12))
"""Where on Earth a day begins last."""


@attrs.frozen(kw_only=True)
class Publication:
    """
    What may be published.

    Args:
        audit: Of the records that may be published with a verdict.
        awaiting: The claims that wait for signatures, of which the words may be published.
        records: The records of both.
    """

    audit: Audit
    awaiting: Mapping[str, Claim]
    records: Records


def today_of(records: Records, now: datetime) -> Day:
    """
    Return the day of an embargo: that of *now* in the time zone of the registry.

    Without a zone it is the day that has begun everywhere on Earth.
    """
    zone = records.settings.timezone
    return now.astimezone(ZoneInfo(zone) if zone else _LAST_PLACE).toordinal()


def publication(
    audit: Audit, publish: Publish | None = None, *, day: Day | None = None
) -> Publication:
    """
    Return what may be published of *audit*.

    Args:
        audit: Of the whole registry.
        publish: Which decided claims are published; what the settings say if None.
        day: The day on which it is published, an ordinal, for embargoes; that of *audit* if None.
    """
    today = audit.day if day is None else day
    records = audit.records
    held_back = {
        claim.id
        for claim in records.claims.by_id.values()
        if claim.publish_after is not None and today < claim.publish_after.first
    }
    if held_back:
        audit = _audited_anew(audit, without_embargoed(records, held_back))
    records = audit.records
    needed = signatures_needed(records, publish)
    if not needed:
        return Publication(audit=audit, awaiting={}, records=records)
    awaiting = {
        id_: records.claims.by_id[id_] for id_ in audit.outcomes if is_awaiting(audit, id_, needed)
    }
    if awaiting:
        audit = _audited_anew(audit, _without_claims(records, awaiting))
    return Publication(audit=audit, awaiting=awaiting, records=records)


def signatures_needed(records: Records, publish: Publish | None = None) -> int:
    """Return how many people have to sign a decided claim before it is published."""
    publish = records.settings.publish if publish is None else publish
    if publish is Publish.ALL:
        return 0
    asked = 2 if publish is Publish.REVIEWED else 1
    return max(asked, records.settings.policy.signatures)


def is_awaiting(audit: Audit, id_: str, needed: int) -> bool:
    """Say whether a claim is or was decided, and has fewer than *needed* signatures."""
    return _has_been_decided(audit, id_) and signatures_on(audit, id_) < needed


def signatures_on(audit: Audit, id_: str) -> int:
    """Return how many people have signed the verdict that *audit* computes for a claim."""
    claim = audit.records.claims.by_id[id_]
    if claim.signed is None or claim.status is not audit.outcomes[id_].status:
        return 0
    if audit.lacks_check(id_) or SUSPECT in audit[id_].marks:
        return 0
    return signatures_of(claim, audit.records.speakers.by_id.values(), audit.day)


def _has_been_decided(audit: Audit, id_: str) -> bool:
    claim = audit.records.claims.by_id[id_]
    rests = DECIDED if claim.annulled else DECIDED | {Status.ANNULLED}
    if audit.outcomes[id_].status in rests:
        return True
    if any(reading.status in rests for reading in audit[id_].readings):
        return True
    if id_ in audit.answers or audit.lacks_check(id_):
        return False
    changes = (one for one in audit.history(claim).changes if one.day <= audit.day)
    return any(one.status in rests for one in changes)


def _audited_anew(audit: Audit, records: Records) -> Audit:
    index = EvidenceIndex(records, audit.known_by)
    checks = {id_: check for id_, check in audit.checks.items() if id_ in records.claims}
    return Audit(index, audit.day, checks, run=audit.run)


def _kept(records: Records, kind: str, is_kept: Callable[[Any], bool]) -> RecordMap[Any]:
    by_id = getattr(records, PLURALS[kind]).by_id
    return RecordMap(kind, {id_: record for id_, record in by_id.items() if is_kept(record)})


def _without_claims(records: Records, gone: Iterable[str]) -> Records:
    """Return *records* without some claims, and without what is said of these alone."""
    out = frozenset(gone)

    def is_of_others(record: Any) -> bool:  # noqa: ANN401 - of several kinds
        return record.claim not in out

    return _with(
        records,
        claim=_kept(records, "claim", lambda one: one.id not in out),
        **{
            kind: _kept(records, kind, is_of_others)
            for kind in ("evidence", "forecast", "assessment", "search")
        },
    )


def _with(records: Records, **maps: RecordMap[Any]) -> Records:
    """Return *records* with other maps, by kind, and without references to what is not there."""
    claims = maps.get("claim", records.claims).by_id
    evidence = maps.get("evidence", records.evidence).by_id
    maps["claim"] = RecordMap("claim", {id_: _linked(one, claims) for id_, one in claims.items()})
    maps["evidence"] = RecordMap(
        "evidence",
        {
            id_: one
            if all(other in evidence for other in one.supersedes)
            else attrs.evolve(one, supersedes=[o for o in one.supersedes if o in evidence])
            for id_, one in evidence.items()
        },
    )
    changes: dict[str, Any] = {PLURALS[kind]: record_map for kind, record_map in maps.items()}
    return attrs.evolve(records, **changes)


def _linked(claim: Claim, claims: Mapping[str, Claim]) -> Claim:
    links = {link: [id_ for id_ in getattr(claim, link) if id_ in claims] for link in LINKS}
    changed = {link: ids for link, ids in links.items() if len(ids) < len(getattr(claim, link))}
    changes: dict[str, Any] = changed
    return attrs.evolve(claim, **changes) if changes else claim


def without_embargoed(records: Records, gone: Iterable[str]) -> Records:
    """Return *records* without some claims, and without all that is there for these alone."""
    out = {id_: records.claims.by_id[id_] for id_ in gone}
    left = _without_claims(records, out)
    facts = {fact for claim in out.values() for fact in facts_of_claim(claim)}
    facts -= {fact for claim in left.claims.by_id.values() for fact in facts_of_claim(claim)}
    if facts:
        left = _with(
            left,
            fact=_kept(left, "fact", lambda one: one.id not in facts),
            evidence=_kept(left, "evidence", lambda one: one.fact not in facts),
            search=_kept(left, "search", lambda one: one.fact not in facts),
        )
    speakers = _speakers(records) - _speakers(left)
    left = _with(
        left,
        speaker=_kept(left, "speaker", lambda one: one.id not in speakers),
        selection=_kept(left, "selection", lambda one: one.speaker not in speakers),
    )
    sources = _sources(records) - _sources(left)
    return _with(
        left,
        source=_kept(left, "source", lambda one: one.id not in sources),
        selection=_kept(left, "selection", lambda one: one.source not in sources),
    )


def _speakers(records: Records) -> set[str]:
    """Return the ids of the speakers that claims and forecasts name."""
    claims, forecasts = records.claims.by_id.values(), records.forecasts.by_id.values()
    return {claim.speaker for claim in claims} | {forecast.by for forecast in forecasts}


def _sources(records: Records) -> set[str]:
    """Return the ids of the sources that records of other kinds than selections name."""
    named = {id_ for claim in records.claims.by_id.values() for id_ in claim.appearances}
    for claim in records.claims.by_id.values():
        named |= {one.source for one in claim.occasions if one.source}
        if claim.retracted_source is not None:
            named.add(claim.retracted_source)
    for plural in ("claims", "evidence", "forecasts", "assessments"):
        named |= {one.source for one in getattr(records, plural).by_id.values() if one.source}
    return named
