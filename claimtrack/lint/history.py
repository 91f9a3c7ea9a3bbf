"""
Find criteria that were edited after the outcome, from earlier versions of the claims.

Where the versions come from is no matter here; `claimtrack.revisions` reads them from git. What
could not be read there is a finding too: no edit found is no news where nobody could look.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import attrs

from claimtrack.engine.decide import by_age
from claimtrack.engine.evidence import Item, facts_of_claim
from claimtrack.engine.signature import canonical
from claimtrack.errors import Finding, Severity
from claimtrack.lint.codes import FINDING_CODES
from claimtrack.lint.context import Context, claim_record
from claimtrack.model.claim import Claim
from claimtrack.model.span import Day, day_text

FROZEN: Final = (
    *("quote", "proposition", "said", "criterion", "not_checkable", "condition"),
    *("due", "grace", "timezone", "annulled"),
)
"""The fields of a claim that may not change once the outcome is known."""


@attrs.frozen(kw_only=True)
class CriterionEdit:
    """
    One change of a claim.

    Args:
        before: The claim as it was, *after* as it was from then on.
        on: The day of the change, an ordinal.
        entered: The day on which the claim first stood in the registry, an ordinal.
        where: What made the change, such as a commit.
    """

    before: Claim
    after: Claim
    on: Day
    entered: Day
    where: str

    @property
    def changed(self) -> tuple[str, ...]:
        """The frozen fields that the change touched."""
        return tuple(
            field
            for field in FROZEN
            if canonical(getattr(self.before, field)) != canonical(getattr(self.after, field))
        )


@attrs.frozen
class Gap:
    """
    A reason for which some of the history could not be read.

    Args:
        code: A key of `FINDING_CODES`.
        message: What is missing, and why.
        severity: How much it matters; that of the code if None.
    """

    code: str
    message: str
    severity: Severity | None = None


@attrs.frozen(kw_only=True)
class Past:
    """
    What is known of the earlier versions of a registry.

    Args:
        edits: The changes of its claims, of each claim the oldest first.
        gaps: What could not be read.
    """

    edits: tuple[CriterionEdit, ...] = ()
    gaps: tuple[Gap, ...] = ()


def check_gaps(gaps: Iterable[Gap]) -> Iterator[Finding]:
    """Find CT693 to CT699 and CT911: what could not be read of the history and of the files."""
    for gap in gaps:
        rule = FINDING_CODES[gap.code]
        severity = gap.severity or rule.severity
        yield Finding(code=gap.code, message=gap.message, hint=rule.remedy, severity=severity)


def check_edits(context: Context, edits: Iterable[CriterionEdit]) -> Iterator[Finding]:
    """Find CT605 among *edits*; those after the day of the examination are left out."""
    for edit in edits:
        if edit.on > context.audit.day or not edit.changed:
            continue
        items = [
            *_deciding(context, edit.before, edit.on),
            *_deciding(context, edit.after, edit.on),
        ]
        first = min(items, key=by_age, default=None)
        if first is not None:
            yield _finding_of_edit(context, edit, first)


def _deciding(context: Context, claim: Claim, day: Day) -> tuple[Item, ...]:
    """Return what decided that version of the claim on *day*, from the evidence of today."""
    if any(fact not in context.registry.facts for fact in facts_of_claim(claim)):
        return ()  # the fact is gone, and its evidence with it
    return context.audit.deciding_reports(claim, day)


def _finding_of_edit(context: Context, edit: CriterionEdit, first: Item) -> Finding:
    fields = ", ".join(edit.changed)
    hindsight = edit.entered >= first.known_from
    message = (
        f"had its {fields} edited on {day_text(edit.on)} ({edit.where}), after evidence "
        f"{first.id!r} of {day_text(first.known_from)} had decided it"
    )
    return context.finding(
        "CT605",
        claim_record(edit.after.id),
        message,
        path=(edit.changed[0],),
        severity=Severity.NOTE if hindsight else None,
    )
