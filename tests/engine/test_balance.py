"""The bits of a leaf from day to day are on every day what weighing it anew makes of them."""

import itertools
from datetime import date, timedelta

import attrs
import pytest

from claimtrack import Evidence, Fact, Policy, Registry, Settings, Source
from claimtrack.engine.evidence import UsableEvidence
from claimtrack.engine.timeline import happenings_of
from claimtrack.engine.weigh import Balance, Case, votes, weigh
from claimtrack.model.criterion import Event, Throughout, Window
from claimtrack.model.quantity import Test
from claimtrack.model.span import OPEN_END, OPEN_START
from claimtrack.model.verdict import UNKNOWN

FIRST = date(2020, 1, 10)
SOURCES = ("post", "post-again", "times")
IN_TIME, DENIED = {"happened": FIRST}, {"not_happened": "../2020-01-20"}


def day(number):
    return FIRST + timedelta(days=number)


def on_day(case, today):
    return attrs.evolve(case, usable=UsableEvidence(case.usable.zoned, today))


def steps_of(leaf, items, case, days):
    """Return the bits of a leaf from each day on which they change, as reports come and go."""
    balance = Balance(leaf, on_day(case, OPEN_START))
    cast = {vote.item.id: vote for vote in votes(leaf, items, case)}
    coming = [one for item in items for one in happenings_of(item, leaf.fact)]
    found, before = [], UNKNOWN
    for today in days:
        balance.go_to(today)
        for one in coming:
            if one.day == today:
                vote = cast[one.item.id]
                (balance.enter if one.is_coming else balance.leave)(vote)
        now = balance.truth_by_extension().truth(0)
        if now != before:
            before = now
            found.append((today, now))
    return found


def assert_steps_are_right(worlds, leaf_on, *, kind, policy):
    """Compare the steps of a leaf on each of *worlds*, which are lists of reports."""
    registry = Registry.of(
        Source(id="post", publisher="Post", tier="press"),
        Source(id="post-again", publisher="Post", tier="wire"),
        Source(id="times", publisher="Times", tier="wire"),
        *(Fact(id=f"fact-{number}", kind=kind) for number in range(len(worlds))),
        *(
            Evidence(id=f"report-{number}-{place}", **{"fact": f"fact-{number}", **told})
            for number, world in enumerate(worlds)
            for place, told in enumerate(world)
        ),
        settings=Settings(policy=policy),
    )
    zoned = registry.index().in_zone(None)
    whole = Case(UsableEvidence(zoned, OPEN_END), "it", None, policy, registry.facts.by_id)
    for number in range(len(worlds)):
        leaf = leaf_on(f"fact-{number}")
        expected, before = [], UNKNOWN
        days = range(day(-1).toordinal(), day(40).toordinal())
        for today in days:
            now = weigh(leaf, on_day(whole, today)).truth
            if now != before:
                before = now
                expected.append((today, now))
        assert steps_of(leaf, zoned.on_fact(leaf.fact), whole, days) == expected


def reports(*, days, ends=(None,), sources=SOURCES, told=(IN_TIME, DENIED)):
    """Return reports of every kind: on either side, of each source, published on each day."""
    return [
        {"source": source, "published": day(published), **what, **withdrawn(end)}
        for source in sources
        for published in days
        for what in told
        for end in ends
    ]


def withdrawn(end):
    return {} if end is None else {"withdrawn": day(end), "withdrawn_because": "an error"}


def launch(fact, **more):
    return Event(fact=fact, window=Window("by", str(FIRST)), **more)


@pytest.mark.parametrize("on_conflict", ["conflicting", "higher_tier"])
@pytest.mark.parametrize(("asked", "own"), [(1, 2), (2, 1)])
def test_of_reports_that_stay(on_conflict, asked, own):
    worlds = list(itertools.combinations_with_replacement(reports(days=(20, 25)), 3))
    policy = Policy(min_sources=asked, on_conflict=on_conflict)

    assert_steps_are_right(
        worlds, lambda fact: launch(fact, min_sources=own), kind="event", policy=policy
    )


@pytest.mark.parametrize("on_conflict", ["conflicting", "higher_tier"])
def test_of_two_sources_of_unlike_tier_that_contradict_each_other(on_conflict):
    yes, no = {"source": "post", **IN_TIME}, {"source": "times", **DENIED}
    worlds = [[{**yes, "published": day(20)}, {**no, "published": day(end)}] for end in (19, 21)]

    assert_steps_are_right(worlds, launch, kind="event", policy=Policy(on_conflict=on_conflict))


@pytest.mark.parametrize("needed", [1, 2])
def test_of_reports_that_contradict_each_other_on_one_day(needed):
    # The day is the same, and not one object.
    yes, no = {**IN_TIME, "published": day(20)}, {**DENIED, "published": f"{day(19)}/{day(20)}"}
    world = [{"source": source, **told} for source in ("post", "times") for told in (yes, no)]

    assert_steps_are_right([world], launch, kind="event", policy=Policy(min_sources=needed))


@pytest.mark.parametrize("needed", [1, 2])
def test_of_reports_that_are_withdrawn(needed):
    found = reports(days=(20, 25), ends=(None, 22, 30), sources=("post", "times"))
    worlds = list(itertools.combinations(found, 2))

    assert_steps_are_right(worlds, launch, kind="event", policy=Policy(min_sources=needed))


def test_of_reports_that_are_superseded():
    found = reports(days=(20, 25), ends=(None, 30), sources=("post", "times"))
    worlds = [
        [one, {**other, "supersedes": [f"report-{number}-0"]}]
        for number, (one, other) in enumerate(itertools.product(found, found))
    ]

    assert_steps_are_right(worlds, launch, kind="event", policy=Policy())


@pytest.mark.parametrize("needed", [1, 2])
def test_of_samples(needed):
    spans = (
        *("2020-01-10", "2020-01-11", "2020-01-10/2020-01-20", "2020-01-20/2020-01-21"),
        *("2020-01-09/2020-01-21", "2020-01-09/2020-01-20", "2020-01-10/2020-01-21"),
    )
    told = [{"value": 10, "when": when} for when in spans] + [{"value": 5, "when": spans[0]}]
    found = reports(days=(10, 14), sources=("post", "times"), told=told)
    worlds = list(itertools.combinations(found, 2))

    assert_steps_are_right(
        worlds,
        lambda fact: Throughout(
            fact=fact,
            over="2020-01-10/2020-01-20",
            test=Test(comparison="at_least", value=10),
            samples=2,
        ),
        kind="quantity",
        policy=Policy(min_sources=needed),
    )


@pytest.mark.parametrize(
    "when",
    [
        pytest.param("2020-01-10/2020-01-20", id="its own days"),
        pytest.param("2020-01-09/2020-01-20", id="the day before too"),
        pytest.param("2020-01-10/2020-01-21", id="the day after too"),
        pytest.param("2020-01-10", id="its first day"),
    ],
)
def test_of_a_sample_and_a_report_on_the_whole_span(when):
    told = {"published": day(12), "value": 10}
    one, other = (
        {**told, "source": "post", "when": "2020-01-11"},
        {**told, "source": "times", "when": when},
    )

    assert_steps_are_right(
        [[one, other]],
        lambda fact: Throughout(
            fact=fact,
            over="2020-01-10/2020-01-20",
            test=Test(comparison="at_least", value=10),
            samples=2,
        ),
        kind="quantity",
        policy=Policy(min_sources=2),
    )


@pytest.mark.parametrize("on_conflict", ["conflicting", "higher_tier"])
@pytest.mark.parametrize("over", ["2020-01", "2020-01-01/2020-01-30", "2020-01-01/2020-01-29"])
def test_samples_count_from_the_day_after_their_span(over, on_conflict):
    told = [
        {"source": "post", "published": day(15 + place), "value": 10, "when": when}
        for place, when in enumerate(("2020-01-10", "2020-01-01/2020-01-31", "2020-01-12"))
    ]

    assert_steps_are_right(
        list(itertools.combinations(told, 2)),
        lambda fact: Throughout(
            fact=fact, over=over, test=Test(comparison="at_least", value=10), samples=2
        ),
        kind="quantity",
        policy=Policy(on_conflict=on_conflict),
    )


def test_of_a_report_that_one_on_another_fact_supersedes():
    other = {"fact": "fact-1", "supersedes": ["report-0-0"], **IN_TIME}
    worlds = [
        [{"source": "post", "published": day(20), **IN_TIME}],
        [{"source": "times", "published": day(25), **other}],
    ]

    assert_steps_are_right(worlds, launch, kind="event", policy=Policy())


@pytest.mark.parametrize("days", [(5, 6, 7), (9, 10, 12), (12, 11, 13)])
@pytest.mark.parametrize("samples", [1, 2, 3])
def test_of_three_samples(samples, days):
    worlds = [
        [
            {"source": source, "published": day(published), "value": 10, "when": day(place)}
            for place, (source, published) in enumerate(zip(by, days, strict=True))
        ]
        for by in itertools.product(SOURCES, repeat=3)
    ]
    for needed in (1, 2):
        assert_steps_are_right(
            worlds,
            lambda fact: Throughout(
                fact=fact,
                over="2020-01-10/2020-01-20",
                test=Test(comparison="at_least", value=10),
                samples=samples,
            ),
            kind="quantity",
            policy=Policy(min_sources=needed),
        )
