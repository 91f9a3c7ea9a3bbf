"""
The edits that turn one set of records into another.

`edits_between` returns *edits* of one record each, in a fixed order: first the records that others
depend on, then the evidence, then the claims, and at the end the removal of records that nothing
needs any more. An edit does one thing. A report that was withdrawn when it was entered is first
added and then withdrawn; a claim whose words and criterion both changed is edited twice. All edits
applied in order turn the one set into the other.
"""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any, Final, TypeAlias

import attrs

from claimtrack.model.claim import Claim, Reading, criteria_of
from claimtrack.model.criterion import scales_of
from claimtrack.model.records import Assessment, Evidence, RecordMap
from claimtrack.model.registry import KINDS, PLURALS, Records, Settings


class WhyKind(StrEnum):
    """What an edit does, or what else can change a claim between two audits."""

    CLOCK = "clock"
    CLAIM_SAID = "claim-said"
    POLICY_EDITED = "policy-edited"
    SOURCE_EDITED = "source-edited"
    FACT_EDITED = "fact-edited"
    SCALE_EDITED = "scale-edited"
    EVIDENCE_EDITED = "evidence-edited"
    EVIDENCE_REMOVED = "evidence-removed"
    EVIDENCE_ADDED = "evidence-added"
    EVIDENCE_WITHDRAWN = "evidence-withdrawn"
    EVIDENCE_SUPERSEDED = "evidence-superseded"
    CRITERION_EDITED = "criterion-edited"
    CLAIM_ANNULLED = "claim-annulled"
    WORDS_EDITED = "words-edited"
    CHECK_ANSWERED = "check-answered"
    CLAIM_ADDED = "claim-added"
    STATUS_SIGNED = "status-signed"
    DETAILS_EDITED = "details-edited"
    CLAIM_REMOVED = "claim-removed"
    BACKGROUND = "background"


WHYS: Final[Mapping[WhyKind, str]] = {
    WhyKind.CLOCK: "only time passed: a deadline, a grace, or the days of samples",
    WhyKind.CLAIM_SAID: "it was said between the two days",
    WhyKind.POLICY_EDITED: "the registry's policy or time zone was edited",
    WhyKind.SOURCE_EDITED: "a source was edited",
    WhyKind.FACT_EDITED: "a fact was edited",
    WhyKind.SCALE_EDITED: "a scale of the registry was edited",
    WhyKind.EVIDENCE_EDITED: "a report was edited",
    WhyKind.EVIDENCE_REMOVED: "a report was removed from the registry",
    WhyKind.EVIDENCE_ADDED: "a report became known, or was added to the registry",
    WhyKind.EVIDENCE_WITHDRAWN: "a report was withdrawn",
    WhyKind.EVIDENCE_SUPERSEDED: "a report was superseded by another",
    WhyKind.CRITERION_EDITED: "what would make the claim hold was edited",
    WhyKind.CLAIM_ANNULLED: "the claim was called off, or no longer is",
    WhyKind.WORDS_EDITED: "the words of the claim, who said them, their day or source were edited",
    WhyKind.CHECK_ANSWERED: "a function of the user, which decides the claim, answered differently",
    WhyKind.CLAIM_ADDED: "the claim was added to the registry",
    WhyKind.STATUS_SIGNED: "the signed status of the claim, or of a reading, was edited",
    WhyKind.DETAILS_EDITED: "other fields of the claim were edited: topics, notes, links",
    WhyKind.CLAIM_REMOVED: "the claim was removed from the registry",
    WhyKind.BACKGROUND: "records on which no status depends",
}
"""What each kind means, in the order in which edits are applied; edits of one kind by id."""

NEVER_CAUSES: Final = (WhyKind.STATUS_SIGNED, WhyKind.DETAILS_EDITED, WhyKind.BACKGROUND)
"""Kinds of edits that change no status."""

CRITERION_FIELDS: Final = (
    *("criterion", "not_checkable", "condition"),
    *("due", "grace", "timezone"),
)
ANNULMENT_FIELDS: Final = ("annulled", "annulled_because", "annulled_kind")
WORDS_FIELDS: Final = ("quote", "quote_kind", "proposition", "said", "speaker", "source")
SIGNED_FIELDS: Final = ("status", "signed", "reviewed")


@attrs.frozen(kw_only=True)
class Edit:
    """
    One change of one record.

    Args:
        record_kind: The kind of record, a key of `KINDS`; ``registry`` for the settings.
        id: Of the record; empty for the settings.
        record: The record after the edit; None if it is removed.
        superseded: The id of the report that it newly supersedes.
    """

    kind: WhyKind
    record_kind: str
    id: str
    record: Any
    superseded: str | None = None


Editor: TypeAlias = Callable[[str, Any, Any], Iterator[Edit]]
RecordsByKind: TypeAlias = dict[str, dict[str, Any]]
"""Records by kind and id; the settings are under ``registry`` and an empty id."""


def by_kind(records: Records) -> RecordsByKind:
    """Return *records* by kind and id."""
    maps = {kind: dict(getattr(records, plural).by_id) for kind, plural in PLURALS.items()}
    return {"registry": {"": records.settings}, **maps}


def records_of(records: RecordsByKind) -> Records:
    """
    Return *records* as `Records`.

    Raises:
        InconsistentRecordsError: They are not consistent.
    """
    record_maps: dict[str, Any] = {
        PLURALS[kind]: RecordMap(kind, dict(records.get(kind, {}))) for kind in KINDS
    }
    return Records(settings=records["registry"][""], **record_maps)


def apply(edit: Edit, records: RecordsByKind) -> None:
    """Apply *edit* to *records*, in place."""
    if edit.record is None:
        del records[edit.record_kind][edit.id]
    else:
        records[edit.record_kind][edit.id] = edit.record


def edits_between(before: RecordsByKind, after: RecordsByKind) -> list[Edit]:
    """Return the edits from *before* to *after*, in the order of `WhyKind`, then by id."""
    edits = [*_settings(before["registry"][""], after["registry"][""])]
    for record_kind in KINDS:
        old, new = before[record_kind], after[record_kind]
        removed = _REMOVED.get(record_kind, WhyKind.BACKGROUND)
        edits += [
            Edit(kind=removed, record_kind=record_kind, id=id_, record=None)
            for id_ in old
            if id_ not in new
        ]
        for id_, record in new.items():
            if id_ not in old or old[id_] != record:
                editor: Editor = _EDITORS.get(record_kind, _whole)
                edits += editor(record_kind, old.get(id_), record)
    return sorted(_with_ratings(edits, before, after), key=_place)


def _with_ratings(edits: list[Edit], before: RecordsByKind, after: RecordsByKind) -> Iterator[Edit]:
    """Iterate over *edits*; those of ratings that a criterion asks for become edits of evidence."""
    old, new = before["assessment"], after["assessment"]
    asked = set(_scales_asked(before)) | set(_scales_asked(after)) if old or new else set()
    for edit in edits:
        ratings = [ratings[edit.id] for ratings in (old, new) if edit.id in ratings]
        rated = {(one.claim, one.scale) for one in ratings}
        if edit.record_kind != "assessment" or asked.isdisjoint(rated):
            yield edit
        elif edit.record is None:
            yield attrs.evolve(edit, kind=WhyKind.EVIDENCE_REMOVED)
        else:
            yield attrs.evolve(edit, kind=_kind_of_rating(old.get(edit.id), edit.record))


def _kind_of_rating(old: Assessment | None, new: Assessment) -> WhyKind:
    if old is None:
        return WhyKind.EVIDENCE_ADDED
    withdrawn = attrs.evolve(old, withdrawn=new.withdrawn, withdrawn_because=new.withdrawn_because)
    if new.withdrawn is not None and withdrawn == new:
        return WhyKind.EVIDENCE_WITHDRAWN
    return WhyKind.EVIDENCE_EDITED


def _scales_asked(records: RecordsByKind) -> Iterator[tuple[str, str]]:
    """Iterate over the claims whose criteria ask for ratings, with the scales of these."""
    for claim in records["claim"].values():
        for criterion in criteria_of(claim):
            yield from ((claim.id, scale) for scale in scales_of(criterion))


_REMOVED: Final = {
    "evidence": WhyKind.EVIDENCE_REMOVED,
    "claim": WhyKind.CLAIM_REMOVED,
}
_ORDER: Final = {kind: place for place, kind in enumerate(WhyKind)}
_KIND_ORDER: Final = {record_kind: place for place, record_kind in enumerate(("registry", *KINDS))}


def _place(edit: Edit) -> tuple[int, int, str]:
    return _phase(edit), _KIND_ORDER[edit.record_kind], edit.id


def _phase(edit: Edit) -> int:
    if edit.kind is not WhyKind.BACKGROUND:
        return _ORDER[edit.kind]
    # A record is added before others refer to it, and removed after those that refer to it.
    refers = edit.record_kind in {"forecast", "assessment", "search", "selection"}
    if edit.record is None:
        return -1 if refers else len(_ORDER) + 1
    return len(_ORDER) if refers else -1


def _settings(old: Settings, new: Settings) -> Iterator[Edit]:
    if old == new:
        return
    is_policy = (old.policy, old.timezone) != (new.policy, new.timezone)
    kind = WhyKind.POLICY_EDITED if is_policy else WhyKind.BACKGROUND
    yield Edit(kind=kind, record_kind="registry", id="", record=new)


def _whole(record_kind: str, old: object, new: Any) -> Iterator[Edit]:  # noqa: ANN401
    edited = {
        "source": WhyKind.SOURCE_EDITED,
        "fact": WhyKind.FACT_EDITED,
        "scale": WhyKind.SCALE_EDITED,
    }
    kind = WhyKind.BACKGROUND if old is None else edited.get(record_kind, WhyKind.BACKGROUND)
    yield Edit(kind=kind, record_kind=record_kind, id=new.id, record=new)


def _evidence(record_kind: str, old: Evidence | None, new: Evidence) -> Iterator[Edit]:
    """Iterate over the edits of a report: its fields, then withdrawal and *supersedes*."""
    is_withdrawn = new.withdrawn is not None and (old is None or old.withdrawn != new.withdrawn)
    first = old if is_withdrawn else new
    kept = [id_ for id_ in new.supersedes if old is not None and id_ in old.supersedes]
    now = attrs.evolve(
        new,
        withdrawn=None if first is None else first.withdrawn,
        withdrawn_because=None if first is None else first.withdrawn_because,
        supersedes=kept,
    )
    if now != old:
        kind = WhyKind.EVIDENCE_ADDED if old is None else WhyKind.EVIDENCE_EDITED
        yield Edit(kind=kind, record_kind=record_kind, id=new.id, record=now)
    if is_withdrawn:
        now = attrs.evolve(now, withdrawn=new.withdrawn, withdrawn_because=new.withdrawn_because)
        yield Edit(kind=WhyKind.EVIDENCE_WITHDRAWN, record_kind=record_kind, id=new.id, record=now)
    for id_ in new.supersedes:
        if id_ not in kept:
            kept = [one for one in new.supersedes if one in kept or one == id_]
            now = attrs.evolve(now, supersedes=kept)
            kind = WhyKind.EVIDENCE_SUPERSEDED
            yield Edit(kind=kind, record_kind=record_kind, id=new.id, record=now, superseded=id_)


def _claim(record_kind: str, old: Claim | None, new: Claim) -> Iterator[Edit]:
    """Iterate over the edits of a claim: criterion, annulment, words, signature and the rest."""
    if old is None:
        yield Edit(kind=WhyKind.CLAIM_ADDED, record_kind=record_kind, id=new.id, record=new)
        return
    now = old
    for kind, fields in (
        (
            WhyKind.CRITERION_EDITED,
            {"readings": _readings_with_old_status(old, new), **_of(new, CRITERION_FIELDS)},
        ),
        (WhyKind.CLAIM_ANNULLED, _of(new, ANNULMENT_FIELDS)),
        (WhyKind.WORDS_EDITED, _of(new, WORDS_FIELDS)),
        (
            WhyKind.STATUS_SIGNED,
            {"readings": _readings_with_old_note(old, new), **_of(new, SIGNED_FIELDS)},
        ),
    ):
        changed = attrs.evolve(now, **fields)
        if changed != now:
            now = changed
            yield Edit(kind=kind, record_kind=record_kind, id=new.id, record=now)
    if now != new:
        yield Edit(kind=WhyKind.DETAILS_EDITED, record_kind=record_kind, id=new.id, record=new)


def _of(claim: Claim, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(claim, name) for name in names}


def _readings_with_old_status(old: Claim, new: Claim) -> list[Reading]:
    """Return the readings of *new*, each with the status and the notes that it had before."""
    return [attrs.evolve(one, status=was.status) for one, was in _with_old_notes(old, new)]


def _readings_with_old_note(old: Claim, new: Claim) -> list[Reading]:
    """Return the readings of *new*, each with the notes that it had before."""
    return [one for one, _ in _with_old_notes(old, new)]


def _with_old_notes(old: Claim, new: Claim) -> Iterator[tuple[Reading, Reading]]:
    """Iterate over the readings of *new* with the notes of before, each with that of before."""
    before = {one.name: one for one in old.readings}
    for one in new.readings:
        was = before.get(one.name, one)
        yield attrs.evolve(one, note=was.note, internal=was.internal), was


_EDITORS: Final[Mapping[str, Editor]] = {
    "evidence": _evidence,
    "claim": _claim,
}
