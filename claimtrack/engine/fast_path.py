"""
A fast path for the most common kind of claim.

Most claims ask for one event within a window, and most reports have a day and are never withdrawn.
The votes on an event (`claimtrack.engine.weigh`) then come down to two numbers: the extension of
the deadline from which some report supports the claim, and that up to which some report refutes it.
For another deadline both shift by the days between the two, so they are computed once for each
event, and not for each claim. Other claims go the general way; tests compare the two.
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
from claimtrack.model.verdict import DECIDED, KnownBy, Status

HELD: Final = Outcome(Status.HELD)
CONFLICTING: Final = Outcome(Status.CONFLICTING)
FAILED: Final = Outcome(Status.FAILED)
PENDING: Final = Outcome(Status.PENDING)
OVERDUE: Final = Outcome(Status.OVERDUE)
NOT_ENOUGH: Final = Outcome(Status.NOT_ENOUGH_EVIDENCE)

# Access to a member of an enum takes longer than everything that is done with it here.
_BY, _DURING, _BEFORE = WindowKind.BY, WindowKind.DURING, WindowKind.BEFORE
_DEADLINES: Final = (_BY, _BEFORE)

Report: TypeAlias = tuple[Day, str, Day, Day, bool, str]
"""
When it became public, its id, the first and the last day that it is about, whether it is a denial,
and its witness.
"""

DatedVote: TypeAlias = tuple[Day, Day, Day]
"""The day of a report, the extension from which it supports, and that up to which it refutes."""

_END: Final[DatedVote] = (OPEN_END, NEVER_SUPPORTS, NEVER_REFUTES)
"""A sentinel after the votes on every event."""

MAX_WEIGHED: Final = 100_000
"""Reports that the leaves of one claim may weigh, summed: for 20 leaves 5,000 each."""

MAX_WEIGHED_IN_ALL: Final = 10_000_000
"""The same for all claims together, if one fact has more than a few reports."""

_FEW: Final = 100
"""With at most this number of reports on each fact, a registry is always decided in time."""

_MANY: Final = 16
"""From this number of votes on, it pays to drop those that change nothing."""


class FastPath:
    """
    Decides the simple claims of a registry.

    No claim is simple if the policy asks for tiers or several witnesses, or if the days of entry
    in the registry count; nor is one on an event with a report that is not (`simple_reports`).
    """

    @classmethod
    def of(cls, index: EvidenceIndex) -> "FastPath":
        """Return the fast path of *index*, made once."""
        fast_path = index.made.get(cls)
        if fast_path is None:
            fast_path = cls(index)
            fast_path.require_bounded(index)
            index.made[cls] = fast_path
        return fast_path

    def __init__(self, index: EvidenceIndex) -> None:
        policy = index.records.settings.policy
        rules = (policy.min_sources, policy.min_tier, policy.on_conflict)
        is_simple = rules == (1, None, OnConflict.CONFLICTING)
        self.applies = is_simple and index.known_by is KnownBy.PUBLISHED
        self.grace = policy.grace
        self.facts = index.records.facts.by_id
        self.evidence = index.by_fact
        self.judged = index.by_claim
        self.reports: Mapping[str, Sequence[Report]] = {}
        if self.applies:
            sources = index.records.sources.by_id
            self.reports = simple_reports(index.by_fact, index.superseders, sources)
        self._by_deadline: dict[str, list[DatedVote]] = {}
        self._witnesses: dict[str, int] = {}

    def require_bounded(self, index: EvidenceIndex) -> None:
        """
        Refuse criteria with so many reports to weigh that it would take minutes.

        Simple claims with a deadline do not count: they share the votes on their event.

        Raises:
            TooMuchToWeighError: A claim, or all of them together, have too many.
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
        Return the timeline of *claim* from the day *since*; changes after *until* may be missing.

        Args:
            claim: A simple claim.
            leaf: Its criterion.
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
        is_never_late = not claim.can_be_late
        if len(cast) > _MANY:  # each includes those before, so the last one by *since* is enough
            cast = cast[max(bisect_right(cast, since, key=_DAY) - 1, 0) :]
        for published, supports, refutes in cast:
            if published > since:
                # The outcome by the reports so far, up to the day before this one.
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
                if is_never_late and now.status is Status.LATE:
                    now = FAILED
        return found

    def deciding(self, leaf: Event, outcome: Outcome, day: Day) -> tuple[str, ...]:
        """
        Return the ids of the reports that decided a simple claim, as `deciding_items` does.

        Args:
            leaf: Its criterion.
            outcome: What it is on *day*.
            day: The day.
        """
        if outcome.status not in DECIDED:
            return ()
        low, high = days_of(leaf)
        once = self.facts[leaf.fact].once
        extension = outcome.late_days or 0
        is_shown = outcome.status is not Status.FAILED  # late: with the later deadline
        is_refuted = outcome.status is not Status.HELD
        supporting: set[str] = set()
        refuting: set[str] = set()
        used = []
        left = self._witness_count(leaf.fact) * (is_shown + is_refuted)
        for known_from, id_, first, last, denies, witness in self.reports.get(leaf.fact, ()):
            if known_from > day:
                break
            supports_from, refutes_to = event_vote(first, last, denies, low, high, once)
            decides = False
            if is_shown and supports_from <= extension and witness not in supporting:
                supporting.add(witness)
                left -= 1
                decides = True
            if is_refuted and supports_from > 0 <= refutes_to and witness not in refuting:
                refuting.add(witness)
                left -= 1
                decides = True
            if decides:
                used.append(id_)
                if not left:  # every witness has said what it can
                    break
        return tuple(used)

    def _witness_count(self, fact: str) -> int:
        count = self._witnesses.get(fact)
        if count is None:
            count = self._witnesses[fact] = len(
                {report[-1] for report in self.reports.get(fact, ())}
            )
        return count

    def known_count(self, leaf: Event, day: Day) -> int:
        """Return how many reports on the event of a simple claim are known on *day*."""
        return bisect_right(self.reports.get(leaf.fact, ()), day, key=_DAY)

    def due_day(self, claim: Claim, leaf: Event) -> Day | None:
        """Return the day on which a simple claim is due; None if it never is."""
        if claim.due is not None:
            return claim.due.last
        high = days_of(leaf)[1]
        return None if high == OPEN_END else high

    def _votes(self, fact: str, low: Day, high: Day) -> list[DatedVote]:
        """Return the votes on an event, oldest first, as for a deadline on day 0."""
        if low != OPEN_START or high == OPEN_END:
            return self._cast(fact, low, 0 if high != OPEN_END else high)
        cast = self._by_deadline.get(fact)
        if cast is None:
            cast = self._by_deadline[fact] = self._cast(fact, low, 0)
        return cast

    def _cast(self, fact: str, low: Day, high: Day) -> list[DatedVote]:
        once = self.facts[fact].once
        cast = [
            (published, *event_vote(first, last, denies, low, high, once))
            for published, _, first, last, denies, _ in self.reports.get(fact, ())
        ]
        if len(cast) >= _MANY:  # with the sentinel, more than that
            cast = [*_accumulated(cast)]
        cast.append(_END)
        return cast


def _accumulated(cast: Iterable[DatedVote]) -> Iterator[DatedVote]:
    """Iterate over the first vote and those that change the result, each joined with all before."""
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
    """Return the outcome of an event, supported from one extension and refuted up to another."""
    if supports_from <= 0:
        return CONFLICTING if refutes_to >= 0 else HELD
    if supports_from == OPEN_END or refutes_to == OPEN_END:  # noqa: PLR1714 - a set takes longer
        return FAILED
    true_from, refuted_before = supports_from, refutes_to + 1
    if true_from < refuted_before:
        return late_by(refuted_before, true_from)
    return late_by(true_from, refuted_before)


@lru_cache(maxsize=4096)
def late_by(most: Day, least: Day) -> Outcome:
    """Return the outcome of a claim that came *least* to *most* days late."""
    return Outcome(Status.LATE, int(most), int(least))


def simple_reports(
    by_fact: Mapping[str, Sequence[Evidence]],
    superseded: Collection[str],
    sources: Mapping[str, Source],
) -> dict[str, list[Report]]:
    """Return the reports on every event that has only simple ones, oldest first."""
    published = {id_: (_published(source), source.witness) for id_, source in sources.items()}
    by_event: dict[str, list[Report]] = {}
    for fact, items in by_fact.items():
        reports = []
        for item in items:
            report = _report(item, published)
            if report is None or item.id in superseded:
                break
            reports.append(report)
        else:
            reports.sort()
            by_event[fact] = reports
    return by_event


def _published(source: Source) -> Day | None:
    """Return the day from which a source is known; None if that depends on the zone."""
    if source.published is None:
        return OPEN_END
    return None if source.published.moment is not None else source.published.last


def _report(item: Evidence, published: dict[str, tuple[Day | None, str]]) -> Report | None:
    """Return *item* as a report, or None if it is not simple."""
    span = item.published
    known, witness = published[item.source]
    if span is None:
        if known is None:
            return None
    elif span.moment is not None:
        return None
    else:
        known = span.last
    about = item.happened or item.not_happened
    if about is None or about.moment is not None or item.withdrawn is not None:
        return None
    first, last = about.first, about.last
    if item.happened is None:
        return known, item.id, first, last, True, witness
    if last > known:  # an event that is reported happened by then
        last = known
        first = min(first, last)
    return known, item.id, first, last, False, witness
