"""
What changed between two audits, and why.

What is compared is the outcome of each claim and of each of its further readings: the status and,
if late, by how many days. Two audits may differ in their day and in their records. The steps from
the one to the other are taken in a fixed order: first the days pass, with the records of the first
audit; then, on the last day, these records are edited into those of the second, one edit at a time,
in the order of `WhyKind`. The cause of a change is the last step that changes the outcome, so each
change has one cause.

A status depends on the claim, its facts, the reports on them, the ratings of the claim if it asks
for them, and the sources of all these. For each claim that changed only those are examined
(`relevant_records`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, TypeAlias

import attrs

from claimtrack.engine.audit import Audit
from claimtrack.engine.decide import Outcome
from claimtrack.engine.edits import (
    Edit,
    RecordsByKind,
    WhyKind,
    apply,
    by_kind,
    edits_between,
    records_of,
)
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
        record: The id of the record that was added, removed or edited; None if only time passed,
            or if it was the policy.
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
    One claim, or one further reading of its words, whose outcome changed.

    Args:
        reading: The name of the reading; None if it is the claim itself.
        outcome_before: The outcome in the first audit; None if the claim is not in it.
        outcome_after: The outcome in the second, likewise.
    """

    claim: str
    reading: str | None = None
    outcome_before: Outcome | None
    outcome_after: Outcome | None
    why: Why

    @property
    def before(self) -> Status | None:
        """The status in the first audit; None if the claim is not in it."""
        return None if self.outcome_before is None else self.outcome_before.status

    @property
    def after(self) -> Status | None:
        """The status in the second audit, likewise."""
        return None if self.outcome_after is None else self.outcome_after.status

    @property
    def is_of_status(self) -> bool:
        """Whether the status differs, and not only the days by which it is late."""
        return self.before is not self.after


OutcomesByReading: TypeAlias = Mapping[str | None, Outcome]
"""The outcome of a claim, under None, and of each reading, by name; empty if not in an audit."""


class Diff:
    """
    What changed from one audit to another.

    Args:
        before: The first audit.
        after: The second, on the same day or later, with the same *known_by*.

    Raises:
        FieldError: The second is on an earlier day, has another *known_by*, or both have
            `KnownBy.CAPTURED`.
    """

    def __init__(self, before: Audit, after: Audit) -> None:
        if after.day < before.day:
            message = f"{after.as_of} is before {before.as_of}; expected the earlier day first"
            raise FieldError("CT102", message)
        if after.known_by is not before.known_by:
            message = f"known_by is {before.known_by.value!r} and then {after.known_by.value!r}"
            raise FieldError("CT103", f"{message}; expected the same")
        if after.known_by is KnownBy.CAPTURED:
            message = "known_by 'captured' is not compared; expected 'published' or 'recorded'"
            raise FieldError("CT103", message)
        self.before = before
        self.after = after

    @cached_property
    def edits(self) -> tuple[Edit, ...]:
        """Every edit that leads from the records of the first audit to those of the second."""
        if self.before.records is self.after.records:
            return ()
        return tuple(edits_between(by_kind(self.before.records), by_kind(self.after.records)))

    @cached_property
    def changes(self) -> tuple[StatusChange, ...]:
        """
        What differs, in the order of the second registry; a claim before its readings.

        Readings are compared only if their claim is in both audits.
        """
        return tuple(self._changes())

    def _changes(self) -> Iterator[StatusChange]:
        claims = self.after.records.claims.by_id
        gone = [id_ for id_ in self.before.records.claims.by_id if id_ not in claims]
        for id_ in (*claims, *gone):
            before, after = outcomes_in(self.before, id_), outcomes_in(self.after, id_)
            differing = [key for key in _keys(before, after) if before.get(key) != after.get(key)]
            if differing:
                whys = self._whys(id_, differing, after)
                yield from (_change(id_, key, before, after, whys[key]) for key in differing)

    def _whys(
        self, id_: str, keys: Sequence[str | None], after: OutcomesByReading
    ) -> dict[str | None, Why]:
        if id_ not in self.after.records.claims:
            return dict.fromkeys(keys, Why(kind=WhyKind.CLAIM_REMOVED, record=id_))
        if id_ not in self.before.records.claims:
            return dict.fromkeys(keys, Why(kind=WhyKind.CLAIM_ADDED, record=id_))
        # Why a function answers differently is not known. It does not decide readings.
        by_check = id_ in self.before.checks or id_ in self.after.checks
        answered = Why(kind=WhyKind.CHECK_ANSWERED, record=id_)
        whys: dict[str | None, Why] = {None: answered} if by_check else {}
        rest = [key for key in keys if key not in whys]
        edits = self._last_edits(id_, rest, after) if rest else {}
        for key in rest:
            edit = edits.get(key)
            whys[key] = self._last_day(id_, key) if edit is None else _why_of_edit(edit)
        return whys

    def _last_edits(
        self, id_: str, keys: Sequence[str | None], after: OutcomesByReading
    ) -> dict[str | None, Edit]:
        """Return the last edit that changes each of *keys*, without keys that no edit changes."""
        if self.before.records is self.after.records:
            return {}
        records = relevant_records(self.before.index, self.after.index, id_, self.before.index)
        target = relevant_records(self.before.index, self.after.index, id_, self.after.index)
        day, known_by = self.after.day, self.after.known_by
        last: dict[str | None, Edit] = {}
        now = _outcomes_of_records(records, id_, day, known_by)
        for step in steps_between(records, target):
            for edit in step:
                apply(edit, records)
            then = _outcomes_of_records(records, id_, day, known_by)
            last |= {key: step[0] for key in keys if now.get(key) != then.get(key)}
            now = then
        # The relevant records are all that the outcome depends on.
        assert all(now.get(key) == after.get(key) for key in keys)  # noqa: S101
        return last

    def _last_day(self, id_: str, key: str | None) -> Why:
        """Return what happened on the last day on which a claim, or a reading, changed."""
        claim = self.before.records.claims[id_]
        cause, day, now = Cause(CauseKind.SAID), self.after.day, None
        for change in history(self.before.index, claim).changes:
            then = _outcomes_of_change(change).get(key)
            if change.day <= self.after.day and then != now:
                cause, day, now = _cause(change, key), change.day, then
        return _why_of_day(cause, day, id_)


def _cause(change: Change, key: str | None) -> Cause:
    """Return what changed the claim, or its reading of the name *key*."""
    names = [reading.name for reading in change.readings]
    return change.cause if key is None else change.reading_causes[names.index(key)] or change.cause


def _keys(before: OutcomesByReading, after: OutcomesByReading) -> Iterable[str | None]:
    """Return what to compare of a claim: also its readings if it is in both audits."""
    return {**after, **before} if before and after else {None: None}


def _change(
    id_: str, key: str | None, before: OutcomesByReading, after: OutcomesByReading, why: Why
) -> StatusChange:
    return StatusChange(
        claim=id_,
        reading=key,
        outcome_before=before.get(key),
        outcome_after=after.get(key),
        why=why,
    )


def outcomes_in(audit: Audit, claim: str) -> OutcomesByReading:
    """Return the outcomes of *claim* and its readings; empty if it is unknown or not yet said."""
    outcome = audit.outcomes.get(claim)
    if outcome is None:
        return {}
    itself: dict[str | None, Outcome] = {None: outcome}
    if not audit.records.claims.by_id[claim].readings:
        return itself
    return itself | {
        one.name: Outcome(one.status, one.late_days, one.late_days_min)
        for one in audit[claim].readings
    }


def _outcomes_of_change(change: Change) -> OutcomesByReading:
    readings: dict[str | None, Outcome] = {
        one.name: Outcome(one.status, one.late_days, one.late_days_min) for one in change.readings
    }
    return readings | {None: Outcome(change.status, change.late_days, change.late_days_min)}


def _outcomes_of_records(
    records: RecordsByKind, id_: str, day: Day, known_by: KnownBy
) -> OutcomesByReading:
    return outcomes_in(Audit(EvidenceIndex(records_of(records), known_by), day), id_)


def steps_between(before: RecordsByKind, after: RecordsByKind) -> Iterator[list[Edit]]:
    """
    Iterate over groups of edits from *before* to *after*, consistent after each group.

    A fact that becomes another kind of fact does so together with its evidence.
    """
    records = {kind: dict(by_id) for kind, by_id in before.items()}
    step: list[Edit] = []
    for edit in edits_between(before, after):
        apply(edit, records)
        step.append(edit)
        if _are_consistent(records):
            yield step
            step = []


def _are_consistent(records: RecordsByKind) -> bool:
    try:
        records_of(records)
    except InconsistentRecordsError:
        return False
    return True


def relevant_records(
    before: EvidenceIndex, after: EvidenceIndex, id_: str, index: EvidenceIndex
) -> RecordsByKind:
    """
    Return the records of *index* on which the claim *id_* depends in *before* or *after*.

    References to other records are left out. Other claims that a report judges are replaced by
    claims with only their id.
    """
    both = (before, after)
    claims = [one.records.claims.by_id[id_] for one in both]
    facts = {fact for claim in claims for fact in facts_of_claim(claim)}
    ids = _evidence(before, facts, id_) | _evidence(after, facts, id_)
    reports = [record for one in both for record in _those(one.records.evidence, ids).values()]
    facts |= {one.fact for one in reports if one.fact is not None}
    scales = {scale for claim in claims for scale in scales_of_claim(claim)}
    rated = {one.id for index in both for s in scales for one in index.by_scale.get((id_, s), ())}
    ratings = [one for index in both for one in _those(index.records.assessments, rated).values()]
    sources = {claim.source for claim in claims} | {one.source for one in reports}
    sources |= {one.source for one in ratings if one.source is not None}
    speakers = {claim.speaker for claim in claims}
    judged = {one.claim for one in (*reports, *ratings) if one.claim is not None} - {id_}
    records = index.records
    claim = _without_links(records.claims.by_id[id_])
    return {
        "registry": {"": records.settings},
        "speaker": _those(records.speakers, speakers),
        "source": _those(records.sources, sources),
        "fact": _those(records.facts, facts),
        "evidence": {
            name: _superseding_only(one, ids) for name, one in _those(records.evidence, ids).items()
        },
        "claim": {id_: claim, **{one: _stub(one, claim) for one in sorted(judged)}},
        "forecast": {},
        "scale": _those(records.scales, scales | {one.scale for one in ratings}),
        "assessment": _those(records.assessments, rated),
        "search": {},
        "selection": {},
    }


def _those(record_map: RecordMap[Any], ids: set[str]) -> dict[str, Any]:
    return {id_: record_map.by_id[id_] for id_ in sorted(ids) if id_ in record_map.by_id}


def _evidence(index: EvidenceIndex, facts: set[str], claim: str) -> set[str]:
    ids = {one.id for fact in facts for one in index.by_fact.get(fact, ())}
    ids |= {one.id for one in index.by_claim.get(claim, ())}
    return ids | {one.id for id_ in ids for one in index.superseders.get(id_, ())}


def _without_links(claim: Claim) -> Claim:
    return attrs.evolve(
        claim,
        appearances=(),
        occasions=(),
        retracted=None,
        retracted_words=None,
        retracted_source=None,
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


def _superseding_only(one: Evidence, evidence: set[str]) -> Evidence:
    """Return *one* without the ids in its *supersedes* that are not in *evidence*."""
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
