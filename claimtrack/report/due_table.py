"""What falls due, as a table and for programs."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import attrs

from claimtrack.engine.audit import Audit
from claimtrack.model.span import OPEN_END, Day, day_text
from claimtrack.model.verdict import Status
from claimtrack.report.sheet import Sheet
from claimtrack.report.table import Table
from claimtrack.report.words import counted, day_words

HEADER = ("on", "in", "what", "claim", "speaker", "words")
COLUMNS: Final = ("on", "in_days", "what", "claim", "speaker", "speaker_name", "words")
_SHRINK: Final = (
    *(("speaker", 14), ("words", 30), ("what", 11)),
    *(("claim", 48), ("words", 16), ("what", 8)),
)
"""What gives way where there is little room: last an id, which one types next, unless overlong."""


@attrs.frozen(kw_only=True)
class Due:
    """
    Something that falls due.

    Args:
        on: The day, an ordinal.
        what: What falls due on it, in a few words.
        claim: The id of the claim.
        speaker: Who made the claim, by name where there is one.
        words: What is checked.
    """

    on: Day
    what: str
    claim: str
    speaker: str
    words: str


def due_within(audit: Audit, days: int) -> tuple[Due, ...]:
    """
    Return what falls due after the day of *audit* and up to *days* later, soonest first.

    That are pending claims on their due day, claims of any status on their review day, and claims
    whose due day has passed while their days of grace have not.
    """
    last = audit.day + days
    found = [one for one in _dues(audit) if audit.day < one.on <= last]
    return tuple(sorted(found, key=lambda one: (one.on, one.claim, one.what)))


def _dues(audit: Audit) -> Iterator[Due]:
    for id_, outcome in audit.outcomes.items():
        claim = audit.records.claims[id_]
        speaker = audit.records.speakers[claim.speaker].label
        told = {"claim": id_, "speaker": speaker, "words": claim.words}
        if claim.review_by is not None:
            yield Due(on=claim.review_by.first, what="to be looked at again", **told)
        due = audit[id_].due if outcome.status is Status.PENDING else None
        if due is None or due == OPEN_END:
            continue
        if due > audit.day:
            yield Due(on=due, what="due", **told)
        else:
            grace = audit.records.settings.policy.grace if claim.grace is None else claim.grace
            yield Due(on=due + grace, what="its days of grace end", **told)


def due_table(audit: Audit, dues: Iterable[Due]) -> Table:
    """Return one row for each of the *dues*."""
    rows = (
        (
            day_words(one.on),
            counted(int(one.on - audit.day), "day"),
            one.what,
            one.claim,
            one.speaker,
            one.words,
        )
        for one in dues
    )
    return Table(
        header=HEADER,
        rows=rows,
        right=("in",),
        shrink=_SHRINK,
        spare=("speaker", "in"),
        wrap=("what", "speaker", "words"),
    )


def due_object(audit: Audit, dues: Iterable[Due]) -> dict[str, object]:
    """Return the *dues* for programs; days are ISO 8601 text."""
    return {"as_of": audit.as_of, "due": [_record(audit, one) for one in dues]}


def due_sheet(audit: Audit, dues: Iterable[Due]) -> Sheet:
    """Return one row for each of the *dues*, with the keys of the JSON form."""
    return Sheet.of(COLUMNS, (_record(audit, one) for one in dues))


def _record(audit: Audit, one: Due) -> dict[str, Any]:
    speaker = audit.records.speakers[audit.records.claims[one.claim].speaker]
    return {
        "on": day_text(one.on),
        "in_days": int(one.on - audit.day),
        "what": one.what,
        "claim": one.claim,
        "speaker": speaker.id,
        "speaker_name": speaker.name,
        "words": one.words,
    }
