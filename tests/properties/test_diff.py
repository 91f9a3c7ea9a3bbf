"""
Every change has one cause, and the causes one by one lead from A to B.

That is changes of statuses, of the days by which claims are late, and of further readings.
"""

import os
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest

import claimtrack
from claimtrack import Diff, LoadError, Outcome, Registry, Why
from claimtrack.engine.audit import Audit
from claimtrack.engine.diff import steps_between
from claimtrack.engine.edits import (
    NEVER_CAUSES,
    WhyKind,
    apply,
    by_kind,
    edits_between,
    records_of,
)
from claimtrack.engine.evidence import EvidenceIndex
from tests.oracle.random_registries import days_that_tell, make
from tests.oracle.toml_writer import to_toml

SEEDS = 1500 if os.environ.get("CLAIMTRACK_LONG") else 40
AXES = ("published", "recorded")


def edited(seed: int) -> tuple[Registry, Registry] | None:
    """Return a registry and an edited one, in which some records are those of a third."""
    first, third = make(seed), make(seed + 10_000)
    chance = Random(seed)
    rate = chance.choice((0.05, 0.2, 0.6))
    second = {}
    for kind in sorted({*first, *third}):  # in one order, whatever the hashes of this run
        rows = {row.get("id", ""): row for row in first.get(kind, [])}
        others = {row.get("id", ""): row for row in third.get(kind, [])}
        mixed = {
            id_: (others if chance.random() < rate else rows).get(id_)
            for id_ in sorted({*rows, *others})
        }
        kept = [row for row in mixed.values() if row and chance.random() > rate / 4]
        if kept:
            second[kind] = kept
    try:
        return claimtrack.loads(to_toml(first)), claimtrack.loads(to_toml(second))
    except LoadError:
        return None


@pytest.fixture(scope="module")
def pairs():
    """Make them when they are asked for, and let them go: those of many seeds fill gigabytes."""
    return {seed: pair for seed in range(SEEDS) if (pair := edited(seed))}


def audits(seed, pair, known_by):
    chance = Random(seed)
    first = chance.choice(days_that_tell(make(seed), seed, 15))
    days = (first, first + timedelta(days=chance.choice((0, 1, 30, 200))))
    return tuple(one.audit(day, known_by=known_by) for one, day in zip(pair, days, strict=True))


def outcome(verdict):
    return Outcome(verdict.status, verdict.late_days, verdict.late_days_min)


def standings(audit):
    """Return what each claim is, under its id and None, and each of its readings, by its name."""
    found = {}
    for verdict in audit:
        found[verdict.claim, None] = outcome(verdict)
        for one in verdict.readings:
            found[verdict.claim, one.name] = outcome(one)
    return found


def differing(old, new):
    """Return what differs; of readings only where their claim stands in both."""
    return {
        key
        for key in {*old, *new}
        if old.get(key) != new.get(key)
        and (key[1] is None or ((key[0], None) in old and (key[0], None) in new))
    }


def told_of(diff):
    return {(one.claim, one.reading): one for one in diff.changes}


def test_there_are_enough_pairs_to_tell(pairs):
    assert len(pairs) > SEEDS / 4


@pytest.mark.parametrize("known_by", AXES)
def test_a_diff_names_exactly_what_differs(pairs, known_by):
    for seed, pair in pairs.items():
        before, after = audits(seed, pair, known_by)

        told = told_of(Diff(before, after))

        old, new = standings(before), standings(after)
        assert (seed, {*told}) == (seed, differing(old, new))
        for key, one in told.items():
            assert (one.outcome_before, one.outcome_after) == (old.get(key), new.get(key))
            assert one.is_of_status is (one.before is not one.after)


def test_further_readings_change_too(pairs):
    changes = [
        change
        for known_by in AXES
        for seed, pair in pairs.items()
        for change in Diff(*audits(seed, pair, known_by)).changes
    ]

    assert sum(change.reading is not None for change in changes) >= 10


def test_the_edits_one_by_one_lead_from_the_one_registry_to_the_other(pairs):
    for seed, (first, second) in pairs.items():
        world = by_kind(first)

        for edit in edits_between(by_kind(first), by_kind(second)):
            apply(edit, world)

        assert (seed, records_of(world)) == (seed, attrs_only(second))


def attrs_only(registry):
    return records_of(by_kind(registry))


def test_there_is_no_edit_between_equal_registries(pairs):
    for first, _ in pairs.values():
        assert edits_between(by_kind(first), by_kind(first)) == []


def test_each_edit_does_one_thing_to_a_record_that_is_there(pairs):
    for first, second in pairs.values():
        world = by_kind(first)
        for edit in edits_between(by_kind(first), by_kind(second)):
            assert edit.record is not None or edit.id in world[edit.record_kind]
            assert world[edit.record_kind].get(edit.id) != edit.record
            apply(edit, world)


@pytest.mark.parametrize("known_by", AXES)
def test_the_last_step_that_moves_it_in_the_whole_registry_is_its_cause(pairs, known_by):
    """Walk the whole way naively: each day, then each step of edits, with a whole audit after."""
    seen = set()
    for seed, pair in pairs.items():
        before, after = audits(seed, pair, known_by)
        found = told_of(Diff(before, after))
        expected = naive_causes(before, after)

        assert set(found) == set(expected)
        for key, causes in expected.items():
            why = found[key].why
            seen.add(why.kind)
            assert (why.kind, why.record, why.day) in causes, (seed, key, why, causes)
    assert {WhyKind.CLOCK, WhyKind.CRITERION_EDITED, WhyKind.EVIDENCE_ADDED} <= seen
    assert seen.isdisjoint(NEVER_CAUSES)


def naive_causes(before, after):
    """Return for what changed the kinds of what happened in the step that decided."""
    last = {}
    old = now = standings(before)
    for day in range(before.day + 1, after.day + 1):
        then = standings(Audit(before.index, day))
        last |= {key: EverythingOn(day) for key in {*now, *then} if now.get(key) != then.get(key)}
        now = then
    world = by_kind(before.records)
    for step in steps_between(by_kind(before.records), by_kind(after.records)):
        for edit in step:
            apply(edit, world)
        then = standings(Audit(EvidenceIndex(records_of(world), after.known_by), after.day))
        causes = {(one.kind, one.superseded or one.id or None, None) for one in step}
        last |= {key: causes for key in {*now, *then} if now.get(key) != then.get(key)}
        now = then
    assert now == standings(after)
    return {key: last[key] for key in differing(old, now)}


class EverythingOn:
    """What can happen to a claim on a day."""

    def __init__(self, day):
        self.day = day

    def __contains__(self, cause):
        kind, record, day = cause
        return day == self.day and kind in TIME and (record is None) is (kind is WhyKind.CLOCK)


TIME = (
    WhyKind.CLOCK,
    WhyKind.CLAIM_SAID,
    WhyKind.CLAIM_ANNULLED,
    WhyKind.EVIDENCE_ADDED,
    WhyKind.EVIDENCE_WITHDRAWN,
    WhyKind.EVIDENCE_SUPERSEDED,
)


def test_what_many_short_diffs_tell_last_is_no_later_than_what_one_long_one_tells(pairs):
    for seed, (first, _) in pairs.items():
        days = sorted(days_that_tell(make(seed), seed, 6))
        whole = Diff(first.audit(days[0]), first.audit(days[-1]))

        last = {}
        for one, two in pairwise(days):
            diff = Diff(first.audit(one), first.audit(two))
            last |= {key: change.why for key, change in told_of(diff).items()}

        for key, change in told_of(whole).items():
            # Within a short one a claim may have come back to what it was.
            assert last[key].day <= change.why.day


def test_what_cannot_be_compared_is_refused(pairs):
    registry = next(iter(pairs.values()))[0]

    with pytest.raises(
        claimtrack.FieldError, match="2018-12-31 is before 2019-01-01; expected the earlier day"
    ):
        Diff(registry.audit("2019-01-01"), registry.audit("2018-12-31"))
    with pytest.raises(
        claimtrack.FieldError, match="known_by is 'published' and then 'recorded'; expected the"
    ):
        Diff(registry.audit("2019-01-01"), registry.audit("2019-01-01", known_by="recorded"))


def test_a_function_that_answers_differently_is_the_cause_itself():
    text = to_toml(make(3))
    first, second = claimtrack.loads(text), claimtrack.loads(text)
    claim = next(
        id_ for id_, one in first.claims.items() if one.criterion is not None and not one.annulled
    )
    first = first.with_check(claim, lambda _claim, _reports: True)
    second = second.with_check(claim, lambda _claim, _reports: False)

    changes = Diff(first.audit("2900-01-01"), second.audit("2900-01-01")).changes

    assert [(one.claim, one.why) for one in changes] == [
        (claim, Why(kind=WhyKind.CHECK_ANSWERED, record=claim))
    ]
