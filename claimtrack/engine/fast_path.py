"""
The commonest claim, decided by comparing a few numbers.

Most claims ask for one event within a window, and most reports know their days and are never taken
back. The votes on an event (`claimtrack.engine.weigh`) then come down to two numbers: from which
extension of the deadline on some report supports the claim, and up to which some report refutes it.
Against a deadline on another day both shift by the days between, so they are found once for each
event, and not once for each claim. What is not simple goes the general way, and tests hold both
ways to the same answers.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Final, TypeAlias

from claimtrack.engine.decide import Outcome, Timeline
from claimtrack.engine.evidence import EvidenceIndex
from claimtrack.engine.weigh import NEVER_REFUTES, NEVER_SUPPORTS, event_vote
from claimtrack.errors import TooMuchToWeighError
from claimtrack.model.claim import Claim, criteria_of
from claimtrack.model.criterion import Event, WindowKind, leaves_of
from claimtrack.model.records import Evidence, Source
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
_DEADLINES: Final = (_BY, _BEFORE)

Report: TypeAlias = tuple[Day, Day, Day, bool]
"""When it became public, the first and the last day that it tells of, and if it is a denial."""

DatedVote: TypeAlias = tuple[Day, Day, Day]
"""A day; from which extension a report of that day supports an event, up to which it refutes it."""

_AT_LAST: Final[DatedVote] = (OPEN_END, NEVER_SUPPORTS, NEVER_REFUTES)
"""A vote that says nothing and is never cast: the end of the votes on every event."""

MAX_WEIGHED: Final = 100_000
"""How often the leaves of one claim may weigh a report: of 20 leaves each 5,000."""

MAX_WEIGHED_IN_ALL: Final = 10_000_000
"""How often those of all claims together may, where one fact has more than a few reports."""

_FEW: Final = 100
"""A registry without more reports than that on one fact is always decided in time."""

_MANY: Final = 16
"""From so many votes on it is worth the while to keep only those that tell something new."""


class FastPath:
    """
    Decides the simple claims of a registry.

    Nothing is simple where the policy asks for tiers or several witnesses, or where the registry's
    own knowledge counts; nor is an event with a report that is not (`simple_reports`).
    """

    @classmethod
    def of(cls, index: EvidenceIndex) -> "FastPath":
        """Return the fast path through *index*, made once."""
        found = index.made.get(cls)
        if found is None:
            found = cls(index)
            found.require_bounded(index)
            index.made[cls] = found
        return found

    def __init__(self, index: EvidenceIndex) -> None:
        policy = index.records.settings.policy
        asked = (policy.min_sources, policy.min_tier, policy.on_conflict)
        simple = asked == (1, None, OnConflict.CONFLICTING)
        self.applies = simple and index.known_by is KnownBy.PUBLISHED
        self.grace = policy.grace
        self.facts = index.records.facts.by_id
        self.evidence = index.by_fact
        self.judged = index.by_claim
        self.reports: Mapping[str, Sequence[Report]] = {}
        if self.applies:
            sources = index.records.sources.by_id
            self.reports = simple_reports(index.by_fact, index.superseders, sources)
        self._by_deadline: dict[str, list[DatedVote]] = {}

    def require_bounded(self, index: EvidenceIndex) -> None:
        """
        Refuse criteria that ask so often about so many reports that it would take minutes.

        Claims against a deadline that go the fast way do not count: they share what is weighed.

        Raises:
            TooMuchToWeighError: A claim, or all of them together, would.
        """
        about = (index.by_fact, index.by_claim, index.by_scale)
        if max((len(reports) for one in about for reports in one.values()), default=0) <= _FEW:
            return
        total = 0
        for claim in index.records.claims.by_id.values():
            leaves = [leaf for criterion in criteria_of(claim) for leaf in leaves_of(criterion)]
            number = sum(len(index.about(leaf, claim.id)) for leaf in leaves)
            if number > MAX_WEIGHED and len(leaves) > 1:
                raise TooMuchToWeighError(claim.id, number, MAX_WEIGHED)
            leaf = self.leaf_of(claim)
            if leaf is None or leaf.window.kind not in _DEADLINES:
                total += number
        if total > MAX_WEIGHED_IN_ALL:
            raise TooMuchToWeighError(None, total, MAX_WEIGHED_IN_ALL)

    def leaf_of(self, claim: Claim) -> Event | None:
        """Return the one event that *claim* asks for, or None if the claim is not simple."""
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

    def timeline(  # noqa: C901, PLR0912 - a call for each vote would take longer than the loop
        self, claim: Claim, leaf: Event, since: Day, until: Day
    ) -> Timeline:
        """
        Return what *claim* is from the day *since* to *until*, inclusive, as far as it changes.

        What it is after that day may be missing.

        Args:
            claim: A simple claim.
            leaf: What it asks.
            since: A day on which it had been said.
            until: A day.
        """
        low, high = days_of(leaf)
        overdue = high if claim.due is None else claim.due.last
        overdue += (self.grace if claim.grace is None else claim.grace) + 1
        cast = self._votes(leaf.fact, low, high)
        end = 0 if high == OPEN_END else high  # a window without end needs no extension
        open_as = OVERDUE
        found: Timeline = []
        now: Outcome | None = None
        before: Outcome | None = None
        supports_from, refutes_to = NEVER_SUPPORTS, NEVER_REFUTES
        if len(cast) > _MANY:  # each holds what came before, so the first that counts is enough
            cast = cast[max(bisect_right(cast, since, key=_DAY) - 1, 0) :]
        for published, supports, refutes in cast:
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
            if supports < supports_from:  # noqa: PLR1730 - a call takes longer
                supports_from = supports
            if refutes > refutes_to:  # noqa: PLR1730
                refutes_to = refutes
            if supports_from <= end or refutes_to >= end:
                now = decided(supports_from - end, refutes_to - end)
        return found

    def _votes(self, fact: str, low: Day, high: Day) -> list[DatedVote]:
        """Return the votes on an event, oldest first; against a deadline those on day 0."""
        if low != OPEN_START or high == OPEN_END:
            return self._cast(fact, low, 0 if high != OPEN_END else high)
        found = self._by_deadline.get(fact)
        if found is None:
            found = self._by_deadline[fact] = self._cast(fact, low, 0)
        return found

    def _cast(self, fact: str, low: Day, high: Day) -> list[DatedVote]:
        once = self.facts[fact].once
        found = [
            (published, *event_vote(first, last, denies, low, high, once))
            for published, first, last, denies in self.reports.get(fact, ())
        ]
        if len(found) >= _MANY:  # with the last one below they are more than that
            found = [*_telling(found)]
        found.append(_AT_LAST)
        return found


def _telling(cast: Iterable[DatedVote]) -> Iterator[DatedVote]:
    """Iterate over the first of the votes and those that add to it, each with all before it."""
    supports_from, refutes_to, is_first = NEVER_SUPPORTS, NEVER_REFUTES, True
    for day, supports, refutes in cast:
        if is_first or supports < supports_from or refutes > refutes_to:
            is_first = False
            supports_from = min(supports, supports_from)
            refutes_to = max(refutes, refutes_to)
            yield day, supports_from, refutes_to


_DAY: Final = itemgetter(0)


def days_of(leaf: Event) -> tuple[Day, Day]:
    """Return the first and the last day of the window of a simple claim."""
    span, kind = leaf.window.span, leaf.window.kind
    if kind is _BY:
        return OPEN_START, span.last
    if kind is _DURING:
        return span.first, span.last
    if kind is _BEFORE:
        return OPEN_START, span.first - 1
    return span.last + 1, OPEN_END


def decided(supports_from: Day, refutes_to: Day) -> Outcome:
    """Return what an event is that is supported from one extension, or refuted up to another."""
    if supports_from <= 0:
        return CONFLICTING if refutes_to >= 0 else HELD
    if supports_from == OPEN_END or refutes_to == OPEN_END:  # noqa: PLR1714 - a set takes longer
        return FAILED
    return late_by(max(supports_from, refutes_to + 1))


@lru_cache(maxsize=4096)
def late_by(days: Day) -> Outcome:
    """Return what a claim is that came so many days late."""
    return Outcome(Status.LATE, int(days))


def simple_reports(
    by_fact: Mapping[str, Sequence[Evidence]],
    superseded: Collection[str],
    sources: Mapping[str, Source],
) -> dict[str, list[Report]]:
    """Return the reports on every event that has only simple ones, oldest first."""
    published = {id_: _published(source) for id_, source in sources.items()}
    found: dict[str, list[Report]] = {}
    for fact, items in by_fact.items():
        reports = []
        for item in items:
            report = _report(item, published)
            if report is None or item.id in superseded:
                break
            reports.append(report)
        else:
            reports.sort()
            found[fact] = reports
    return found


def _published(source: Source) -> Day | None:
    """Return the day from which a source is known; None if that depends on the zone."""
    if source.published is None:
        return OPEN_END
    return None if source.published.moment is not None else source.published.last


def _report(item: Evidence, published: dict[str, Day | None]) -> Report | None:
    """Return *item* as a report, or None if it is not simple."""
    span = item.published
    if span is None:
        known = published[item.source]
        if known is None:
            return None
    elif span.moment is not None:
        return None
    else:
        known = span.last
    told = item.happened or item.not_happened
    if told is None or told.moment is not None or item.withdrawn is not None:
        return None
    first, last = told.first, told.last
    if item.happened is None:
        return known, first, last, True
    if last > known:  # nobody reports what has not happened
        last = known
        first = min(first, last)
    return known, first, last, False
