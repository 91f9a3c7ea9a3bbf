"""
The outcome of a claim on every day, and what changed it.

A status can change on a few days only: when a report on what the claim asks about becomes usable or
ceases to be, when its grace or the span of its samples is over, and when it is annulled. Each of
these is a `Happening`. They are taken in their order, while the balance of each leaf and the bits
of each criterion are kept up to date; only leaves that a happening is about are updated.

Several happenings on one day are taken in the order of `CauseKind`: reports that no longer count,
that count again, that are new, and then the calendar. So each change has one cause: the last
happening of its day that changes the outcome.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple, TypeAlias

import attrs

from claimtrack.engine.decide import (
    Outcome,
    Timeline,
    TruthTree,
    case_of,
    false_outcome,
    grace_of,
    overdue_from,
    overdue_status,
    shown_status,
)
from claimtrack.engine.evidence import (
    EvidenceIndex,
    Item,
    Items,
    UsableEvidence,
    ZonedEvidence,
    days_in,
)
from claimtrack.engine.fast_path import FastPath
from claimtrack.engine.weigh import Balance, Case, TruthByExtension, Vote, items_in, votes
from claimtrack.model.claim import Claim
from claimtrack.model.criterion import Assessed, Criterion, Judged, Leaf, Throughout
from claimtrack.model.explanation import Standing
from claimtrack.model.scales import in_parts
from claimtrack.model.span import OPEN_END, OPEN_START, Day
from claimtrack.model.verdict import FALSE, Status


class CauseKind(StrEnum):
    """What can change a claim, in the order in which happenings of one day are taken."""

    SAID = "said"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    COUNTS_AGAIN = "counts-again"
    KNOWN = "known"
    SAMPLES_OVER = "samples-over"
    DUE = "due"
    GRACE_OVER = "grace-over"
    ANNULLED = "annulled"


CAUSES: Final = {
    CauseKind.SAID: "it was said; what was known by then counts",
    CauseKind.WITHDRAWN: "a report was withdrawn",
    CauseKind.SUPERSEDED: "a report was superseded by another, which became known",
    CauseKind.COUNTS_AGAIN: "a report counts again, since what superseded it was withdrawn",
    CauseKind.KNOWN: "a report became known",
    CauseKind.SAMPLES_OVER: "the span that samples are taken from was over",
    CauseKind.DUE: "the deadline passed",
    CauseKind.GRACE_OVER: "the deadline had passed, and the grace ran out",
    CauseKind.ANNULLED: "it was called off",
}
"""What each cause means; the table of the reference page is generated from it."""

_DAY: Final = itemgetter(0)
_ORDER: Final = {kind: place for place, kind in enumerate(CauseKind)}


@attrs.frozen
class Cause:
    """
    The one thing that changed a claim.

    Args:
        evidence: The id of the report that began or ceased to count; None for the calendar.
        by: The id of the report that supersedes it, or that did so until it was withdrawn.
    """

    kind: CauseKind
    evidence: str | None = None
    by: str | None = None


@attrs.frozen
class OnScale:
    """The subject of the ratings of the claim on one scale."""

    scale: str


Subject: TypeAlias = str | OnScale | None
"""What an item is about: the id of a fact; the ratings on a scale; None for the claim itself."""


def subjects_of(leaf: Leaf) -> tuple[Subject, ...]:
    """Return what *leaf* asks about; only ratings may be of several scales."""
    if isinstance(leaf, Assessed):
        return tuple(map(OnScale, leaf.scales))
    return (None if isinstance(leaf, Judged) else leaf.fact,)


class Happening(NamedTuple):
    """
    Something that can change a claim, on the first day on which it counts.

    Args:
        item: The item that becomes usable or ceases to be; None for the calendar.
        subject: What the item is about.
        is_coming: Whether the item becomes usable.
        by: The id of the item that supersedes it, or did.
    """

    day: Day
    kind: CauseKind
    item: Item | None = None
    subject: Subject = None
    is_coming: bool = False
    by: str | None = None

    @property
    def cause(self) -> Cause:
        """The happening as the cause of a change."""
        return Cause(self.kind, None if self.item is None else self.item.id, self.by)


def _in_order(happening: Happening) -> tuple[Day, int, str]:
    item = happening.item
    return happening.day, _ORDER[happening.kind], "" if item is None else item.id


def happenings_of(item: Item, subject: Subject) -> Iterator[Happening]:
    """Iterate over the days on which *item*, on *subject*, becomes usable or ceases to be."""
    if not item.superseders:
        if item.known_from < item.withdrawn_from:
            yield Happening(item.known_from, CauseKind.KNOWN, item, subject, is_coming=True)
            if item.withdrawn_from < OPEN_END:
                yield Happening(item.withdrawn_from, CauseKind.WITHDRAWN, item, subject)
        return
    is_usable = False
    for day in sorted(item.turning_days()):
        was_usable, is_usable = is_usable, item.standing(day) is Standing.USABLE
        if was_usable is not is_usable:
            kind, by = _why_turned(item, day, is_coming=is_usable)
            yield Happening(day, kind, item, subject, is_usable, by)


def _why_turned(item: Item, day: Day, *, is_coming: bool) -> tuple[CauseKind, str | None]:
    if is_coming:
        if item.known_from == day:
            return CauseKind.KNOWN, None
        withdrawn = [other.id for other in item.superseders if other.withdrawn_from == day]
        return CauseKind.COUNTS_AGAIN, min(withdrawn)
    if item.withdrawn_from == day:
        return CauseKind.WITHDRAWN, None
    return CauseKind.SUPERSEDED, min(o.id for o in item.superseders if o.known_from == day)


Outcomes: TypeAlias = tuple[Outcome, ...]
"""The outcome of a claim under each of the criteria that are followed."""

Causes: TypeAlias = tuple[Cause | None, ...]
"""What changed each of the outcomes; None for one that did not change."""

_ANNULLED: Final = Outcome(Status.ANNULLED)
_NOT_CHECKABLE: Final = Outcome(Status.NOT_CHECKABLE)

_MANY: Final = 8


class _LiveLeaf:
    """One leaf, with the votes of the items that are usable at the moment."""

    def __init__(self, leaf: Leaf, items: Items, case: Case) -> None:
        self.leaf = leaf
        self.balance = Balance(leaf, case)
        self.truth = TruthByExtension()
        self.places: list[tuple[_LiveCriterion, int]] = []
        self._votes: dict[str, Vote] = {vote.item.id: vote for vote in votes(leaf, items, case)}

    def take(self, item: Item, *, is_coming: bool) -> bool:
        """Add or remove *item*; say whether that may change the bits of the leaf."""
        vote = self._votes[item.id]
        return self.balance.enter(vote) if is_coming else self.balance.leave(vote)

    def settle(self) -> bool:
        """Update the criteria with this leaf; say whether its bits changed."""
        now = self.balance.truth_by_extension()
        if now == self.truth:
            return False
        self.truth = now
        for criterion, number in self.places:
            criterion.settle(number, now)
        return True


class _LiveCriterion:
    """One criterion with its bits at the moment."""

    def __init__(self, claim: Claim, criterion: Criterion, overdue: Day) -> None:
        self._claim = claim
        self.tree = TruthTree(criterion)
        self.subjects = {None, *(one for leaf, _ in self.tree.leaves for one in subjects_of(leaf))}
        self.overdue = overdue
        # The truths of its leaves, and not the leaves, which refer to it: that would be a cycle.
        self._by_leaf = [TruthByExtension()] * len(self.tree.leaves)
        self._late: Outcome | None = None
        self._extended: TruthTree | None = None
        self._criterion = criterion

    def settle(self, number: int, truth: TruthByExtension) -> None:
        """Set the truth of its leaf of that number."""
        self._by_leaf[number] = truth
        self.tree.turn(self.tree.leaves[number][1], truth.truth(0))
        self._late = None

    def false_outcome(self) -> Outcome:
        """Return the outcome of the false criterion; cached until a leaf changes."""
        if self._late is None:
            if self._extended is None:
                self._extended = TruthTree(self._criterion)
            self._late = false_outcome(self._claim, self._extended, self._by_leaf)
        return self._late


class Follower:
    """
    Computes the outcomes of *claim* from day to day.

    Args:
        claim: The claim.
        index: The evidence of its registry.
        with_readings: Whether its further readings are followed too.
        with_causes: Whether causes are computed; else all happenings of a day are taken at once.
    """

    def __init__(
        self,
        claim: Claim,
        index: EvidenceIndex,
        *,
        with_readings: bool = True,
        with_causes: bool = True,
    ) -> None:
        zoned = index.in_zone(index.zone_of(claim))
        self.claim = claim
        self._zoned = zoned
        self._with_causes = with_causes
        self._case = case_of(claim, index, UsableEvidence(zoned, OPEN_START))
        self.said = days_in(claim.said, self._case.zone)[0]
        self._leaves: dict[Leaf | int, _LiveLeaf] = {}
        self._on: dict[Subject, list[_LiveLeaf]] = {None: []}
        self._usable: dict[Subject, int] = {}
        self._touched: dict[int, _LiveLeaf] = {}
        self._day = OPEN_START
        self._is_annulled = False
        readings = [reading.criterion for reading in claim.readings] if with_readings else []
        self._criteria = [
            self._live(one and in_parts(one, self._case.scales))
            for one in (claim.criterion, *readings)
        ]
        self._condition = self._live(claim.condition)

    def _live(self, criterion: Criterion | None) -> _LiveCriterion | None:
        if criterion is None:
            return None
        live = _LiveCriterion(
            self.claim, criterion, overdue_from(self.claim, criterion, self._case)
        )
        for number, (leaf, _) in enumerate(live.tree.leaves):
            # Of many leaves, equal ones are weighed once; of a few, comparing them takes longer.
            key = id(leaf) if len(live.tree.leaves) < _MANY else leaf
            live_leaf = self._leaves.get(key)
            if live_leaf is None:
                items = items_in(self._zoned, leaf, self.claim.id)
                live_leaf = self._leaves[key] = _LiveLeaf(leaf, items, self._case)
                for subject in subjects_of(leaf):
                    self._on.setdefault(subject, []).append(live_leaf)
            live_leaf.places.append((live, number))
        return live

    def turns(self, until: Day = OPEN_END) -> Iterator[tuple[Day, Outcomes, Causes]]:
        """
        Iterate over the outcomes from each day up to *until* on which they change.

        The first is the day on which the claim was said. Causes are empty if not requested.
        """
        # The order within a day matters for causes only.
        happenings = sorted(self.happenings(), key=_in_order if self._with_causes else _DAY)
        start = sum(one.day <= self.said for one in happenings)
        self._take(happenings[:start])
        before = self._outcomes()
        yield self.said, before, (Cause(CauseKind.SAID),) * len(before)
        causes: Causes = ()
        for day, group in groupby(happenings[start:], key=_DAY):
            if day > until:
                break
            if self._with_causes:
                now, causes = self._take_with_causes(group, before)
            else:
                now = self._outcomes() if self._take(group) else before
            if now != before:
                yield day, now, causes
                before = now

    def _take_with_causes(
        self, group: Iterable[Happening], before: Outcomes
    ) -> tuple[Outcomes, Causes]:
        """Take the happenings of a day; return the outcomes after it, and their causes."""
        now, last = before, list[Cause | None]([None] * len(before))
        for one in group:
            if not self._take((one,)):
                continue
            after = self._outcomes()
            for place, (old, new) in enumerate(zip(now, after, strict=True)):
                if old != new:
                    last[place] = one.cause
            now = after
        changed = zip(before, now, last, strict=True)
        return now, tuple(None if old == new else cause for old, new, cause in changed)

    def _take(self, happenings: Iterable[Happening]) -> bool:
        """Take *happenings*, and say whether they can change the outcomes."""
        may_change = False
        for one in happenings:
            if one.item is not None:
                may_change |= self._move(one.item, one.subject, is_coming=one.is_coming)
                continue
            may_change = True
            if one.kind is CauseKind.ANNULLED:
                self._is_annulled = True
            elif one.kind is CauseKind.SAMPLES_OVER:
                for leaf in self._leaves.values():
                    leaf.balance.go_to(one.day)
                    self._touched[id(leaf)] = leaf
            else:
                self._day = max(self._day, one.day)
        for leaf in self._touched.values():
            may_change |= leaf.settle()
        self._touched.clear()
        return may_change

    def _move(self, item: Item, subject: Subject, *, is_coming: bool) -> bool:
        """Add or remove *item*; say whether it is the first or the last on its subject."""
        before = self._usable.get(subject, 0)
        after = self._usable[subject] = before + 1 if is_coming else before - 1
        for leaf in self._on.get(subject, ()):
            if leaf.take(item, is_coming=is_coming):
                self._touched[id(leaf)] = leaf
        return not before or not after

    def _outcomes(self) -> Outcomes:
        condition = self._condition
        if self._is_annulled or (condition is not None and condition.tree.truths == {FALSE}):
            return (_ANNULLED,) * len(self._criteria)
        return tuple(map(self._outcome, self._criteria))

    def _outcome(self, criterion: _LiveCriterion | None) -> Outcome:
        if criterion is None:
            return _NOT_CHECKABLE
        status = shown_status(criterion.tree.truths)
        if status is Status.FAILED:
            return criterion.false_outcome()
        if status is not None:
            return Outcome(status)
        if self._day < criterion.overdue:
            return Outcome(Status.PENDING)
        has_evidence = any(self._usable.get(subject) for subject in criterion.subjects)
        return Outcome(overdue_status(has_evidence=has_evidence))

    def happenings(self) -> Iterator[Happening]:
        """Iterate over everything that can change the claim, on any day, in no order."""
        for subject in self._on:
            for item in _items_on(subject, self.claim, self._zoned):
                yield from happenings_of(item, subject)
        if self.claim.annulled is not None:
            yield Happening(self.claim.annulled.first, CauseKind.ANNULLED)
        kind = CauseKind.GRACE_OVER if grace_of(self.claim, self._case) else CauseKind.DUE
        for overdue in {one.overdue for one in self._criteria if one is not None} - {OPEN_END}:
            yield Happening(overdue, kind)
        for leaf in [live.leaf for live in self._leaves.values()]:
            if isinstance(leaf, Throughout) and leaf.samples is not None:
                last = days_in(leaf.over, self._case.zone)[1]
                if last < OPEN_END:
                    yield Happening(last + 1, CauseKind.SAMPLES_OVER)


def _items_on(subject: Subject, claim: Claim, zoned: ZonedEvidence) -> Items:
    if subject is None:
        return zoned.on_claim(claim.id)
    if isinstance(subject, OnScale):
        return zoned.on_scale(claim.id, subject.scale)
    return zoned.on_fact(subject)


def timeline_of(claim: Claim, index: EvidenceIndex, until: Day) -> Timeline:
    """
    Return the timeline of *claim* from the day on which it was said.

    Changes after the day *until* may be missing.
    """
    fast_path = FastPath.of(index)
    leaf = fast_path.leaf_of(claim)
    if leaf is not None:
        return fast_path.timeline(claim, leaf, claim.said.first, until)
    return general_timeline(claim, index, until)


def general_timeline(claim: Claim, index: EvidenceIndex, until: Day) -> Timeline:
    """Return the same as `timeline_of`, without the fast path."""
    follower = Follower(claim, index, with_readings=False, with_causes=False)
    return [(day, outcomes[0]) for day, outcomes, _ in follower.turns(until)]


def turning_days(claim: Claim, index: EvidenceIndex) -> list[Day]:
    """
    Return the days on which the status of *claim* can change, in ascending order.

    The first is the day on which it was said.
    """
    follower = Follower(claim, index)
    days = {follower.said, *(one.day for one in follower.happenings())}
    return sorted(day for day in days if follower.said <= day < OPEN_END)
