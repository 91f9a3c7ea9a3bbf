"""
What a claim is on every day, and what changed it.

A status can change on few days only: when a report on what the claim asks comes to be usable or
ceases to be, when its grace or the span of its samples is over, and when it is annulled. Each of
these is a `Happening`. A claim is followed by taking them in their order, while the balance of
each leaf and the bits of each criterion are kept up to date; what none of them touches is not
looked at again.

Several happenings may fall on one day. They are then taken in the order of `CauseKind`, which is
that of a newsroom's day: what no longer counts, what counts again, what is new, and then the
calendar. So each change has one cause: the last happening of its day that changes the outcome.
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
    failed_or_late,
    grace_of,
    least_extension,
    open_status,
    overdue_from,
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
from claimtrack.engine.weigh import Balance, Case, TruthByExtension, Vote, votes
from claimtrack.model.claim import Claim
from claimtrack.model.criterion import Assessed, Criterion, Judged, Leaf, Throughout
from claimtrack.model.explanation import Standing
from claimtrack.model.span import OPEN_END, OPEN_START, Day
from claimtrack.model.verdict import FALSE, Status


class CauseKind(StrEnum):
    """What can change a claim, in the order in which the happenings of one day are taken."""

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
"""What each cause means; the reference page's table is printed from it."""

_DAY: Final = itemgetter(0)
_ORDER: Final = {kind: place for place, kind in enumerate(CauseKind)}


@attrs.frozen
class Cause:
    """
    The one thing that changed a claim.

    Args:
        evidence: The id of the report that came or went, None for a calendar cause.
        by: The id of the report that supersedes it, or that did so until it was withdrawn.
    """

    kind: CauseKind
    evidence: str | None = None
    by: str | None = None


@attrs.frozen
class OnScale:
    """The ratings of the claim on one scale, as what an item speaks of."""

    scale: str


Subject: TypeAlias = str | OnScale | None
"""What an item speaks of: a fact, by its id; the ratings on a scale; None for the claim itself."""


def subject_of(leaf: Leaf) -> Subject:
    """Return what *leaf* asks about."""
    if isinstance(leaf, Assessed):
        return OnScale(leaf.scale)
    return None if isinstance(leaf, Judged) else leaf.fact


class Happening(NamedTuple):
    """
    Something that can change a claim, on the first day on which it counts.

    Args:
        item: The item that comes or goes, None for the calendar.
        subject: What the item speaks of.
        is_coming: Whether the item comes.
        by: The id of what supersedes it, or did.
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
    """Iterate over the days on which *item*, on *subject*, comes to be usable or ceases to be."""
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
        gone = [other.id for other in item.superseders if other.withdrawn_from == day]
        return CauseKind.COUNTS_AGAIN, min(gone)
    if item.withdrawn_from == day:
        return CauseKind.WITHDRAWN, None
    return CauseKind.SUPERSEDED, min(o.id for o in item.superseders if o.known_from == day)


Outcomes: TypeAlias = tuple[Outcome, ...]
"""What a claim is under each of the criteria that are followed."""

Causes: TypeAlias = tuple[Cause | None, ...]
"""What changed each of the outcomes; None for one that did not change."""

_ANNULLED: Final = Outcome(Status.ANNULLED)
_NOT_CHECKABLE: Final = Outcome(Status.NOT_CHECKABLE)


_MANY: Final = 8


class _LiveLeaf:
    """One leaf with the votes that are cast at the moment, and where it stands."""

    def __init__(self, leaf: Leaf, items: Items, case: Case) -> None:
        self.leaf = leaf
        self.balance = Balance(leaf, case)
        self.truth = TruthByExtension()
        self.places: list[tuple[_LiveCriterion, int]] = []
        self._votes: dict[str, Vote] = {vote.item.id: vote for vote in votes(leaf, items, case)}

    def take(self, item: Item, *, is_coming: bool) -> bool:
        """Let *item* come or go; say whether that may change anything about the leaf."""
        vote = self._votes[item.id]
        return self.balance.enter(vote) if is_coming else self.balance.leave(vote)

    def settle(self) -> bool:
        """Bring the nodes up to date; say whether anything about the leaf changed."""
        now = self.balance.truth_by_extension()
        if now == self.truth:
            return False
        self.truth = now
        for criterion, number in self.places:
            criterion.settle(number, now)
        return True


class _LiveCriterion:
    """One criterion with its bits at the moment."""

    def __init__(self, criterion: Criterion, overdue: Day) -> None:
        self.tree = TruthTree(criterion)
        self.subjects = {None, *(subject_of(leaf) for leaf, _ in self.tree.leaves)}
        self.overdue = overdue
        # The truths of its leaves and not these, which know it: so nothing refers in a circle.
        self._by_leaf = [TruthByExtension()] * len(self.tree.leaves)
        self._late: Outcome | None = None
        self._extended: TruthTree | None = None
        self._criterion = criterion

    def settle(self, number: int, truth: TruthByExtension) -> None:
        """Take in what its leaf of that number is now."""
        self._by_leaf[number] = truth
        self.tree.turn(self.tree.leaves[number][1], truth.truth(0))
        self._late = None

    def failed_or_late(self) -> Outcome:
        """Return what the claim is while the criterion is false; kept until a leaf changes."""
        if self._late is None:
            if self._extended is None:
                self._extended = TruthTree(self._criterion)
            self._late = failed_or_late(least_extension(self._extended, self._by_leaf))
        return self._late


class Follower:
    """
    Follow *claim* through the happenings that can change it.

    Args:
        claim: The claim.
        index: The evidence of its registry.
        with_readings: Whether its further readings are followed too.
        with_causes: Whether what changed it is told; else a day is taken as a whole.
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
        self._spoken: dict[Subject, int] = {}
        self._touched: dict[int, _LiveLeaf] = {}
        self._day = OPEN_START
        self._is_annulled = False
        readings = [reading.criterion for reading in claim.readings] if with_readings else []
        self._criteria = [self._live(one) for one in (claim.criterion, *readings)]
        self._condition = self._live(claim.condition)

    def _live(self, criterion: Criterion | None) -> _LiveCriterion | None:
        if criterion is None:
            return None
        live = _LiveCriterion(criterion, overdue_from(self.claim, criterion, self._case))
        for number, (leaf, _) in enumerate(live.tree.leaves):
            # Equal leaves are weighed once where they are many; to compare a few takes longer.
            key = id(leaf) if len(live.tree.leaves) < _MANY else leaf
            found = self._leaves.get(key)
            if found is None:
                subject = subject_of(leaf)
                items = _items_on(subject, self.claim, self._zoned)
                found = self._leaves[key] = _LiveLeaf(leaf, items, self._case)
                self._on.setdefault(subject, []).append(found)
            found.places.append((live, number))
        return live

    def turns(self, until: Day = OPEN_END) -> Iterator[tuple[Day, Outcomes, Causes]]:
        """
        Iterate over what the claim is from each day up to *until* on which that changes.

        The first is the day on which it was said. Causes are empty where they are not asked for.
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
                now, causes = self._over(group, before)
            else:
                now = self._outcomes() if self._take(group) else before
            if now != before:
                yield day, now, causes
                before = now

    def _over(self, group: Iterable[Happening], before: Outcomes) -> tuple[Outcomes, Causes]:
        """Take the happenings of a day; return what the claim is after it, and by which of them."""
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
        """Take in *happenings*, and say whether they can change what the claim is."""
        is_news = False
        for one in happenings:
            if one.item is not None:
                is_news |= self._move(one.item, one.subject, is_coming=one.is_coming)
                continue
            is_news = True
            if one.kind is CauseKind.ANNULLED:
                self._is_annulled = True
            elif one.kind is CauseKind.SAMPLES_OVER:
                for leaf in self._leaves.values():
                    leaf.balance.go_to(one.day)
                    self._touched[id(leaf)] = leaf
            else:
                self._day = max(self._day, one.day)
        for leaf in self._touched.values():
            is_news |= leaf.settle()
        self._touched.clear()
        return is_news

    def _move(self, item: Item, subject: Subject, *, is_coming: bool) -> bool:
        """Let *item* come or go; say whether it is the first or the last on its subject."""
        before = self._spoken.get(subject, 0)
        after = self._spoken[subject] = before + 1 if is_coming else before - 1
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
            return criterion.failed_or_late()
        if status is not None:
            return Outcome(status)
        if self._day < criterion.overdue:
            return Outcome(Status.PENDING)
        is_spoken_of = any(self._spoken.get(subject) for subject in criterion.subjects)
        return Outcome(open_status(is_spoken_of=is_spoken_of))

    def happenings(self) -> Iterator[Happening]:
        """Iterate over all that can change the claim, on whichever day, in no order."""
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
    Return what *claim* is from each day on which that changes, the first when it was said.

    What it is after the day *until* may be missing.
    """
    fast_path = FastPath.of(index)
    leaf = fast_path.leaf_of(claim)
    if leaf is not None:
        return fast_path.timeline(claim, leaf, claim.said.first, until)
    return general_timeline(claim, index, until)


def general_timeline(claim: Claim, index: EvidenceIndex, until: Day) -> Timeline:
    """Return what `timeline_of` does, for a claim of any kind."""
    follower = Follower(claim, index, with_readings=False, with_causes=False)
    return [(day, outcomes[0]) for day, outcomes, _ in follower.turns(until)]


def turning_days(claim: Claim, index: EvidenceIndex) -> list[Day]:
    """
    Return the days from that on which *claim* was said on which its status can change.

    Ascending; the first is the day on which it was said.
    """
    follower = Follower(claim, index)
    days = {follower.said, *(one.day for one in follower.happenings())}
    return sorted(day for day in days if follower.said <= day < OPEN_END)
