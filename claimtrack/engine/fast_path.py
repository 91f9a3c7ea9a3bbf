"""
The commonest claim, decided by comparing a few numbers.

Most claims ask for one event within a window, and most reports know their days and are never taken
back. The rules then come down to two numbers: from which extension of the deadline on some report
supports the claim, and up to which some report refutes it (see `claimtrack.engine.weigh`). This
module finds them without making items, scenes or cases. What is not fast_path goes the general way,
and tests hold both ways to the same answers.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from claimtrack.engine.decide import Outcome, Timeline
from claimtrack.engine.evidence import AT_LAST, NEVER, EvidenceIndex
from claimtrack.model.claim import Claim
from claimtrack.model.criterion import Event, WindowKind
from claimtrack.model.registry import OnConflict
from claimtrack.model.span import OPEN_END, OPEN_START, Day
from claimtrack.model.verdict import KnownBy, Status

HELD: Final = Outcome(Status.HELD)
CONFLICTING: Final = Outcome(Status.CONFLICTING)
FAILED: Final = Outcome(Status.FAILED)
PENDING: Final = Outcome(Status.PENDING)
OVERDUE: Final = Outcome(Status.OVERDUE)
NOT_ENOUGH: Final = Outcome(Status.NOT_ENOUGH_EVIDENCE)

# Looking up a member of an enum takes longer than all that is done with it here.
_BY, _DURING, _BEFORE = WindowKind.BY, WindowKind.DURING, WindowKind.BEFORE

_NO_REPORTS: Final = (AT_LAST,)


class FastPath:
    """
    Decides the simple claims of a registry.

    Nothing is simple where the policy asks for tiers or several witnesses, or where the registry's
    own knowledge counts; nor is an event with a report that is not (`simple_reports`).
    """

    def __init__(self, index: EvidenceIndex) -> None:
        self.index = index
        policy = index.records.settings.policy
        asked = (policy.min_sources, policy.min_tier, policy.on_conflict)
        simple = asked == (1, None, OnConflict.CONFLICTING)
        self.applies = simple and index.known_by is KnownBy.PUBLISHED
        self.grace = policy.grace
        self.facts = index.records.facts.by_id
        self.evidence = index.by_fact
        self.judged = index.by_claim
        self.reports = index.simple_reports if self.applies else {}

    def leaf_of(self, claim: Claim) -> Event | None:
        """Return the one event that *claim* asks for, or None if the claim is not fast_path."""
        leaf = claim.criterion
        if (
            type(leaf) is not Event
            or not self.applies
            or claim.condition is not None
            or claim.annulled is not None
            or leaf.min_tier is not None
            or (leaf.min_sources or 1) > 1
            or leaf.window.span.moment is not None
            or claim.said.moment is not None
            or (claim.due is not None and claim.due.moment is not None)
            or claim.id in self.judged
            or (leaf.fact in self.evidence and leaf.fact not in self.reports)
        ):
            return None
        return leaf

    def outcome(self, claim: Claim, leaf: Event, day: Day) -> Outcome:
        """Return what *claim* is on *day*; it has been said by then."""
        low, high = days_of(leaf)
        once = self.facts[leaf.fact].once
        known = 0
        supports_from, refutes_to = OPEN_END, OPEN_START
        for published, first, last, denies in self.reports.get(leaf.fact, _NO_REPORTS):
            if published > day:
                break
            known += 1
            if denies:
                if first <= low and last - high > refutes_to:
                    refutes_to = last - high
                continue
            if low <= first and last - high < supports_from:
                supports_from = last - high
            if once and first > high:
                refutes_to = max(refutes_to, first - high - 1)
            elif once and last < low:
                refutes_to = OPEN_END
        if supports_from <= 0 or refutes_to >= 0:
            return decided(supports_from, refutes_to)
        if day < self.overdue(claim, high):
            return PENDING
        return NOT_ENOUGH if known else OVERDUE

    def timeline(  # noqa: C901, PLR0912 - a call for each report would take longer than the loop
        self, claim: Claim, leaf: Event, until: Day
    ) -> Timeline:
        """
        Return what *claim* is from the day on which it was said to *until*, inclusive.

        What it is after that day may be missing. The loop is that of `outcome`, which stops on one
        day where this one takes note.
        """
        low, high = days_of(leaf)
        once = self.facts[leaf.fact].once
        since = claim.said.first
        overdue = high if claim.due is None else claim.due.last  # as `overdue` has it
        overdue += (self.grace if claim.grace is None else claim.grace) + 1
        open_as = OVERDUE
        supports_from, refutes_to = OPEN_END, OPEN_START
        found: Timeline = []
        now: Outcome | None = None
        before: Outcome | None = None
        for published, first, last, denies in self.reports.get(leaf.fact, _NO_REPORTS):
            if published > since:
                # What the reports so far make of it, up to the day before this one.
                if now is not None:
                    if now is not before and now != before:
                        before = now
                        found.append((since, now))
                elif since < overdue:
                    if before is not PENDING:
                        before = PENDING
                        found.append((since, PENDING))
                    if overdue < published:
                        before = open_as
                        found.append((overdue, open_as))
                elif before is not open_as:
                    before = open_as
                    found.append((since, open_as))
                if published > until:
                    break
                since = published
            open_as = NOT_ENOUGH
            if denies:
                if first <= low and last - high > refutes_to:
                    refutes_to = last - high
            else:
                if low <= first and last - high < supports_from:
                    supports_from = last - high
                if once and first > high:
                    refutes_to = max(refutes_to, first - high - 1)
                elif once and last < low:
                    refutes_to = OPEN_END
            if supports_from <= 0 or refutes_to >= 0:
                now = decided(supports_from, refutes_to)
        return found

    def reported_days(self, leaf: Event) -> Mapping[Day, Sequence[str]]:
        """Return the ids of the reports on the event of *leaf* by the day on which each came."""
        sources = self.index.records.sources.by_id
        found: dict[Day, list[str]] = {}
        for item in self.evidence.get(leaf.fact, ()):
            published = item.published or sources[item.source].published
            found.setdefault(NEVER if published is None else published.last, []).append(item.id)
        return found

    def overdue(self, claim: Claim, high: Day) -> Day:
        """Return the first day on which *claim*, with a window that ends on *high*, is overdue."""
        due = high if claim.due is None else claim.due.last
        return due + (self.grace if claim.grace is None else claim.grace) + 1


def days_of(leaf: Event) -> tuple[Day, Day]:
    """Return the first and the last day of the window of a fast_path claim."""
    span, kind = leaf.window.span, leaf.window.kind
    if kind is _BY:
        return OPEN_START, span.last
    if kind is _DURING:
        return span.first, span.last
    if kind is _BEFORE:
        return OPEN_START, span.first - 1
    return span.last + 1, OPEN_END


def decided(supports_from: Day, refutes_to: Day) -> Outcome:
    """Return what an event is that is supported from one extension on, or refuted up to another."""
    if supports_from <= 0:
        return CONFLICTING if refutes_to >= 0 else HELD
    if supports_from == OPEN_END or refutes_to == OPEN_END:  # noqa: PLR1714 - a set takes longer
        return FAILED
    return late_by(max(supports_from, refutes_to + 1))


@lru_cache(maxsize=4096)
def late_by(days: Day) -> Outcome:
    """Return what a claim is that came so many days late."""
    return Outcome(Status.LATE, int(days))
