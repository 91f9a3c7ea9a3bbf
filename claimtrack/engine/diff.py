"""
What changed between two audits, and what changed each claim.

Two audits may differ in their day and in their records. The way from the one to the other is
walked in a fixed order: first the days pass, in the records of the first audit; then, on the last
day, its records are edited into those of the second, one edit at a time, in the order of
`WhyKind`. The cause of a change is the last step of that way which moves the status of the claim:
the one with which it came to be what it is. So each change has one cause.

A status rests on the claim, its facts, the reports on them, the ratings of the claim where it asks
for them, and the sources of all these. Only those are looked at, in a small world of each claim
that changed.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final

import attrs

from claimtrack.engine.audit import Audit
from claimtrack.engine.edits import Edit, WhyKind, World, apply, edits_between, records_of, world_of
from claimtrack.engine.history import facts_of_claim, history, scales_of_claim
from claimtrack.engine.known import Index
from claimtrack.engine.sweep import Cause, CauseKind
from claimtrack.errors import FieldError
from claimtrack.model.claim import Claim
from claimtrack.model.evidence import Evidence
from claimtrack.model.registry import UnfitRecordsError
from claimtrack.model.shelf import Shelf
from claimtrack.model.span import Day
from claimtrack.model.verdict import KnownBy, Status


@attrs.frozen(kw_only=True)
class Why:
    """
    The one thing that changed a claim.

    Args:
        record: The id of the record that came, went or was edited; None if only time passed, or
            if it was the policy.
        by: The id of the report that supersedes *record*.
        day: The day from which it counts, an ordinal; None for an edit.
    """

    kind: WhyKind
    record: str | None = None
    by: str | None = None
    day: Day | None = None


@attrs.frozen(kw_only=True)
class StatusChange:
    """
    One claim whose status differs.

    Args:
        before: Its status in the first audit; None if it does not stand in it.
        after: Its status in the second, likewise.
    """

    claim: str
    before: Status | None
    after: Status | None
    why: Why


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
        """The claims whose status differs, in the order of the second registry."""
        return tuple(self._changes())

    def _changes(self) -> Iterator[StatusChange]:
        claims = self.after.records.claims.by_id
        gone = [id_ for id_ in self.before.records.claims.by_id if id_ not in claims]
        for id_ in (*claims, *gone):
            before, after = status_in(self.before, id_), status_in(self.after, id_)
            if before is not after:
                why = self._why(id_, after)
                yield StatusChange(claim=id_, before=before, after=after, why=why)

    def _why(self, id_: str, after: Status | None) -> Why:
        if id_ not in self.after.records.claims:
            return Why(kind=WhyKind.CLAIM_REMOVED, record=id_)
        if id_ not in self.before.records.claims:
            return Why(kind=WhyKind.CLAIM_ADDED, record=id_)
        if id_ in self.before.checks or id_ in self.after.checks:
            # What the function looks at is its own affair.
            return Why(kind=WhyKind.CHECK_ANSWERED, record=id_)
        edit = self._last_edit(id_, after)
        return self._last_day(id_) if edit is None else _why_of_edit(edit)

    def _last_edit(self, id_: str, after: Status | None) -> Edit | None:
        """Return the last edit that moves the status of a claim, None if none does."""
        if self.before.records is self.after.records:
            return None
        world = small_world(self.before.index, self.after.index, id_, self.before.index)
        wanted = small_world(self.before.index, self.after.index, id_, self.after.index)
        day, known_by = self.after.day, self.after.known_by
        last, now = None, _status_there(world, id_, day, known_by)
        for step in steps_between(world, wanted):
            for edit in step:
                apply(edit, world)
            then = _status_there(world, id_, day, known_by)
            if then is not now:
                last, now = step[0], then
        assert now is after  # noqa: S101 - the small world of a claim holds all it rests on
        return last

    def _last_day(self, id_: str) -> Why:
        """Return what happened on the last day on which the status of a claim changed."""
        claim = self.before.records.claims[id_]
        cause, day, status = Cause(CauseKind.SAID), self.after.day, None
        for change in history(self.before.index, claim).changes:
            if change.day <= self.after.day and change.status is not status:
                cause, day, status = change.cause, change.day, change.status
        return _why_of_day(cause, day, id_)


def status_in(audit: Audit, claim: str) -> Status | None:
    """Return the status of *claim*, or None where it is unknown or had not been said."""
    outcome = audit.outcomes.get(claim)
    return None if outcome is None else outcome.status


def _status_there(world: World, id_: str, day: Day, known_by: KnownBy) -> Status | None:
    return status_in(Audit(Index(records_of(world), known_by), day), id_)


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
    except UnfitRecordsError:
        return False
    return True


def small_world(before: Index, after: Index, id_: str, index: Index) -> World:
    """
    Return those records of *index* on which the status of the claim *id_* rests in either.

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


def _those(shelf: Shelf[Any], ids: set[str]) -> dict[str, Any]:
    return {id_: shelf.by_id[id_] for id_ in sorted(ids) if id_ in shelf.by_id}


def _evidence(index: Index, facts: set[str], claim: str) -> set[str]:
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
    CauseKind.SAID: WhyKind.CLAIM_SAID,
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
