"""
What changed between two audits, and what changed each claim.

What a claim is, is its status and, where that is late, by how many days; each of its further
readings is something of its own. Two audits may differ in their day and in their records. The way
from the one to the other is walked in a fixed order: first the days pass, in the records of the
first audit; then, on the last day, its records are edited into those of the second, one edit at a
time, in the order of `WhyKind`. The cause of a change is the last step of that way which moves what
the claim, or its reading, is: the one with which it came to be so. So each change has one cause.

A status rests on the claim, its facts, the reports on them, the ratings of the claim where it asks
for them, and the sources of all these. Only those are looked at, in a small world of each claim
that changed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, TypeAlias

import attrs

from claimtrack.engine.audit import Audit
from claimtrack.engine.decide import Outcome
from claimtrack.engine.edits import Edit, WhyKind, World, apply, edits_between, records_of, world_of
from claimtrack.engine.evidence import EvidenceIndex, facts_of_claim, scales_of_claim
from claimtrack.engine.history import Change, history
from claimtrack.engine.timeline import Cause, CauseKind
from claimtrack.errors import FieldError
from claimtrack.model.claim import Claim
from claimtrack.model.records import Evidence, RecordMap
from claimtrack.model.registry import InconsistentRecordsError
from claimtrack.model.span import CivilDay, Day, known_civil_day
from claimtrack.model.verdict import KnownBy, Status


@attrs.frozen(kw_only=True)
class Why:
    """
    The one thing that changed a claim.

    Args:
        record: The id of the record that came, went or was edited; None if only time passed, or
            if it was the policy.
        by: The id of the report that supersedes *record*.
        day: The day from which it counts; None for an edit.
    """

    kind: WhyKind
    record: str | None = None
    by: str | None = None
    day: CivilDay | None = attrs.field(default=None, converter=known_civil_day)


@attrs.frozen(kw_only=True)
class StatusChange:
    """
    One claim, or one further reading of its words, that is something else than it was.

    Args:
        reading: The name of the reading; None if it is the claim itself.
        before: The status in the first audit; None if it does not stand in it.
        after: The status in the second, likewise; equal to *before* if only the days differ.
        late_before: By how many days it was late; None if it was not.
        late_after: By how many days it is late, likewise.
    """

    claim: str
    reading: str | None = None
    before: Status | None
    after: Status | None
    late_before: int | None = None
    late_after: int | None = None
    why: Why

    @property
    def is_of_status(self) -> bool:
        """Whether the status differs, and not only the days by which it is late."""
        return self.before is not self.after


Standings: TypeAlias = Mapping[str | None, Outcome]
"""What a claim is, under None, and each of its readings, by name; empty if it does not stand."""


class Diff:
    """
    What changed from one audit to another.

    Args:
        before: The first audit.
        after: The second, on the same day or later, by the same axis of knowledge.

    Raises:
        FieldError: The second is on an earlier day, or goes by another knowledge.
    """

    def __init__(self, before: Audit, after: Audit) -> None:
        if after.day < before.day:
            message = f"{after.as_of} is before {before.as_of}; expected the earlier day first"
            raise FieldError("CT102", message)
        if after.known_by is not before.known_by:
            message = f"known_by is {before.known_by.value!r} and then {after.known_by.value!r}"
            raise FieldError("CT103", f"{message}; expected the same")
        self.before = before
        self.after = after

    @cached_property
    def edits(self) -> tuple[Edit, ...]:
        """Every edit that leads from the records of the first audit to those of the second."""
        if self.before.records is self.after.records:
            return ()
        return tuple(edits_between(world_of(self.before.records), world_of(self.after.records)))

    @cached_property
    def changes(self) -> tuple[StatusChange, ...]:
        """
        What differs, in the order of the second registry; a claim before its readings.

        Readings are told of where their claim stands in both audits.
        """
        return tuple(self._changes())

    def _changes(self) -> Iterator[StatusChange]:
        claims = self.after.records.claims.by_id
        gone = [id_ for id_ in self.before.records.claims.by_id if id_ not in claims]
        for id_ in (*claims, *gone):
            before, after = standings_in(self.before, id_), standings_in(self.after, id_)
            differing = [key for key in _keys(before, after) if before.get(key) != after.get(key)]
            if differing:
                whys = self._whys(id_, differing, after)
                yield from (_change(id_, key, before, after, whys[key]) for key in differing)

    def _whys(
        self, id_: str, keys: Sequence[str | None], after: Standings
    ) -> dict[str | None, Why]:
        if id_ not in self.after.records.claims:
            return dict.fromkeys(keys, Why(kind=WhyKind.CLAIM_REMOVED, record=id_))
        if id_ not in self.before.records.claims:
            return dict.fromkeys(keys, Why(kind=WhyKind.CLAIM_ADDED, record=id_))
        # What a function looks at is its own affair; the readings it leaves to the record.
        asked = id_ in self.before.checks or id_ in self.after.checks
        answered = Why(kind=WhyKind.CHECK_ANSWERED, record=id_)
        found: dict[str | None, Why] = {None: answered} if asked else {}
        rest = [key for key in keys if key not in found]
        edits = self._last_edits(id_, rest, after) if rest else {}
        for key in rest:
            edit = edits.get(key)
            found[key] = self._last_day(id_, key) if edit is None else _why_of_edit(edit)
        return found

    def _last_edits(
        self, id_: str, keys: Sequence[str | None], after: Standings
    ) -> dict[str | None, Edit]:
        """Return the last edit that moves each of *keys*, without those that none moves."""
        if self.before.records is self.after.records:
            return {}
        world = small_world(self.before.index, self.after.index, id_, self.before.index)
        wanted = small_world(self.before.index, self.after.index, id_, self.after.index)
        day, known_by = self.after.day, self.after.known_by
        last: dict[str | None, Edit] = {}
        now = _standings_there(world, id_, day, known_by)
        for step in steps_between(world, wanted):
            for edit in step:
                apply(edit, world)
            then = _standings_there(world, id_, day, known_by)
            last |= {key: step[0] for key in keys if now.get(key) != then.get(key)}
            now = then
        # The small world of a claim holds all that it rests on.
        assert all(now.get(key) == after.get(key) for key in keys)  # noqa: S101
        return last

    def _last_day(self, id_: str, key: str | None) -> Why:
        """Return what happened on the last day on which a claim, or a reading, changed."""
        claim = self.before.records.claims[id_]
        cause, day, now = Cause(CauseKind.SAID), self.after.day, None
        for change in history(self.before.index, claim).changes:
            then = _standings(change).get(key)
            if change.day <= self.after.day and then != now:
                cause, day, now = _cause(change, key), change.day, then
        return _why_of_day(cause, day, id_)


def _cause(change: Change, key: str | None) -> Cause:
    """Return what changed the claim, or its reading of the name *key*."""
    names = [reading.name for reading in change.readings]
    return change.cause if key is None else change.reading_causes[names.index(key)] or change.cause


def _keys(before: Standings, after: Standings) -> Iterable[str | None]:
    """Return what to look at of a claim: itself alone unless it stands in both audits."""
    return {**after, **before} if before and after else {None: None}


def _change(
    id_: str, key: str | None, before: Standings, after: Standings, why: Why
) -> StatusChange:
    old, new = before.get(key), after.get(key)
    return StatusChange(
        claim=id_,
        reading=key,
        before=None if old is None else old.status,
        after=None if new is None else new.status,
        late_before=None if old is None else old.late_days,
        late_after=None if new is None else new.late_days,
        why=why,
    )


def standings_in(audit: Audit, claim: str) -> Standings:
    """Return what *claim* and its readings are; nothing where it is unknown or not yet said."""
    outcome = audit.outcomes.get(claim)
    if outcome is None:
        return {}
    itself: dict[str | None, Outcome] = {None: outcome}
    if not audit.records.claims.by_id[claim].readings:
        return itself
    return itself | {one.name: Outcome(one.status, one.late_days) for one in audit[claim].readings}


def _standings(change: Change) -> Standings:
    found: dict[str | None, Outcome] = {
        one.name: Outcome(one.status, one.late_days) for one in change.readings
    }
    return found | {None: Outcome(change.status, change.late_days)}


def _standings_there(world: World, id_: str, day: Day, known_by: KnownBy) -> Standings:
    return standings_in(Audit(EvidenceIndex(records_of(world), known_by), day), id_)


def steps_between(before: World, after: World) -> Iterator[list[Edit]]:
    """
    Iterate over the edits from *before* to *after*; those that cannot stand alone go together.

    A fact that becomes another kind of fact does so together with what is said of it.
    """
    world = {kind: dict(records) for kind, records in before.items()}
    step: list[Edit] = []
    for edit in edits_between(before, after):
        apply(edit, world)
        step.append(edit)
        if _stands(world):
            yield step
            step = []


def _stands(world: World) -> bool:
    try:
        records_of(world)
    except InconsistentRecordsError:
        return False
    return True


def small_world(
    before: EvidenceIndex, after: EvidenceIndex, id_: str, index: EvidenceIndex
) -> World:
    """
    Return those records of *index* on which the claim *id_* rests in either.

    References to other records are left out, but for claims that a report judges besides, of
    which only the id is there.
    """
    both = (before, after)
    claims = [one.records.claims.by_id[id_] for one in both]
    facts = {fact for claim in claims for fact in facts_of_claim(claim)}
    ids = _evidence(before, facts, id_) | _evidence(after, facts, id_)
    told = [record for one in both for record in _those(one.records.evidence, ids).values()]
    facts |= {one.fact for one in told if one.fact is not None}
    scales = {scale for claim in claims for scale in scales_of_claim(claim)}
    rated = {one.id for index in both for s in scales for one in index.by_scale.get((id_, s), ())}
    ratings = [one for index in both for one in _those(index.records.assessments, rated).values()]
    sources = {claim.source for claim in claims} | {one.source for one in told}
    sources |= {one.source for one in ratings if one.source is not None}
    speakers = {claim.speaker for claim in claims}
    judged = {one.claim for one in (*told, *ratings) if one.claim is not None} - {id_}
    everything = index.records
    claim = _alone(everything.claims.by_id[id_])
    return {
        "registry": {"": everything.settings},
        "speaker": _those(everything.speakers, speakers),
        "source": _those(everything.sources, sources),
        "fact": _those(everything.facts, facts),
        "evidence": {
            name: _among(one, ids) for name, one in _those(everything.evidence, ids).items()
        },
        "claim": {id_: claim, **{one: _stub(one, claim) for one in sorted(judged)}},
        "forecast": {},
        "assessment": _those(everything.assessments, rated),
    }


def _those(record_map: RecordMap[Any], ids: set[str]) -> dict[str, Any]:
    return {id_: record_map.by_id[id_] for id_ in sorted(ids) if id_ in record_map.by_id}


def _evidence(index: EvidenceIndex, facts: set[str], claim: str) -> set[str]:
    found = {one.id for fact in facts for one in index.by_fact.get(fact, ())}
    found |= {one.id for one in index.by_claim.get(claim, ())}
    return found | {one.id for id_ in found for one in index.superseders.get(id_, ())}


def _alone(claim: Claim) -> Claim:
    return attrs.evolve(
        claim,
        appearances=(),
        repeats=(),
        contradicts=(),
        refines=(),
        depends_on=(),
        part_of=(),
    )


def _stub(id_: str, claim: Claim) -> Claim:
    return Claim(
        id=id_,
        speaker=claim.speaker,
        said=claim.said,
        source=claim.source,
        quote=id_,
        not_checkable="another claim",
    )


def _among(one: Evidence, evidence: set[str]) -> Evidence:
    """Return *one* as it stands in a small world, where it supersedes only what is there."""
    return attrs.evolve(one, supersedes=tuple(id_ for id_ in one.supersedes if id_ in evidence))


def _why_of_edit(edit: Edit) -> Why:
    if edit.superseded is not None:
        return Why(kind=edit.kind, record=edit.superseded, by=edit.id)
    return Why(kind=edit.kind, record=edit.id or None)


_DAYS: Final = {
    CauseKind.WITHDRAWN: WhyKind.EVIDENCE_WITHDRAWN,
    CauseKind.SUPERSEDED: WhyKind.EVIDENCE_SUPERSEDED,
    CauseKind.KNOWN: WhyKind.EVIDENCE_ADDED,
    CauseKind.SAMPLES_OVER: WhyKind.CLOCK,
    CauseKind.DUE: WhyKind.CLOCK,
    CauseKind.GRACE_OVER: WhyKind.CLOCK,
}


def _why_of_day(cause: Cause, day: Day, claim: str) -> Why:
    if cause.kind is CauseKind.COUNTS_AGAIN:
        return Why(kind=WhyKind.EVIDENCE_WITHDRAWN, record=cause.by, day=day)
    if cause.kind is CauseKind.ANNULLED:
        return Why(kind=WhyKind.CLAIM_ANNULLED, record=claim, day=day)
    if cause.kind is CauseKind.SAID:
        return Why(kind=WhyKind.CLAIM_SAID, record=claim, day=day)
    return Why(kind=_DAYS[cause.kind], record=cause.evidence, by=cause.by, day=day)
