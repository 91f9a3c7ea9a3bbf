"""Each report that is close to the ends of a window, by the short way and by the long way."""

import itertools
from datetime import date, timedelta

import attrs
import pytest

from claimtrack import Claim, Evidence, Fact, Policy, Registry, Settings, Source, Speaker
from claimtrack.engine.decide import Outcome, case_of, deciding_items, due_day
from claimtrack.engine.evidence import UsableEvidence
from claimtrack.engine.fast_path import FastPath, days_of, decided
from claimtrack.engine.timeline import Follower, timeline_of
from claimtrack.model.criterion import Event, Window
from claimtrack.model.span import OPEN_END, OPEN_START
from claimtrack.model.verdict import Status

FIRST = date(2020, 1, 10)
KINDS = ("by", "before", "during", "after")


def day(number):
    return FIRST + timedelta(days=number)


def span(low, high):
    if low is None:
        return f"../{day(high)}"
    return f"{day(low)}/{day(high)}" if low < high else str(day(low))


SPANS = list(itertools.combinations_with_replacement(range(-2, 4), 2))
ALONE = [
    [(key, low, high, published)]
    for key in ("happened", "not_happened")
    for low, high in SPANS
    for published in (1, 8)
]
BOTH = [
    [("happened", one, one, 5), ("not_happened", low, high, 6)]
    for one in (-1, 0, 1, 2)
    for low, high in SPANS
]
TWICE = [
    [("happened", one, one, 8), ("happened", other, other, 9)]
    for one in range(6)
    for other in range(6)
]
DENIED_TWICE = [
    [("not_happened", low, one, 5), ("not_happened", low, other, 6), ("happened", 4, 4, 9)]
    for low in (None, 0)
    for one in range(6)
    for other in range(6)
]


def registry(kind, worlds, *, once, grace=2, said=-3, witnesses=1, **more):
    """Return a registry with a claim on a window of two days for each world of reports."""
    posts = ["post", *(f"post-{number}" for number in range(1, witnesses))]
    return Registry.of(
        Speaker(id="ada"),
        *(Source(id=post) for post in posts),
        *(Fact(id=f"fact-{number}", kind="event", once=once) for number in range(len(worlds))),
        *(
            Claim(
                id=f"claim-{number}",
                speaker="ada",
                said=day(said),
                source="post",
                quote="It will fly.",
                criterion=Event(fact=f"fact-{number}", window=Window(kind, span(0, 1))),
                **more,
            )
            for number in range(len(worlds))
        ),
        *(
            Evidence(
                id=f"report-{number}-{place}",
                fact=f"fact-{number}",
                source=posts[place % witnesses],
                published=max(day(published), day(high) if key == "not_happened" else day(low)),
                **{key: span(low, high)},
            )
            for number, world in enumerate(worlds)
            for place, (key, low, high, published) in enumerate(world)
        ),
        settings=Settings(policy=Policy(grace=grace)),
    )


def assert_both_ways_agree(found):
    index = found.index()
    fast_path = FastPath(index)
    for claim in found.claims.values():
        turns = [(day, outcomes[0]) for day, outcomes, _ in Follower(claim, index).turns()]
        leaf = fast_path.leaf_of(claim)
        assert timeline_of(claim, index, OPEN_END) == turns
        for number in range(-3, 12):
            today = day(number).toordinal()
            was = [turn for turn in turns if turn[0] <= today]
            found = fast_path.timeline(claim, leaf, claim.said.first, today)
            assert [turn for turn in found if turn[0] <= today] == was
            if was:
                assert fast_path.timeline(claim, leaf, today, today)[0][1] == was[-1][1]
                assert_the_same_decides(claim, index, today, was[-1][1])


def assert_the_same_decides(claim, index, today, outcome):
    fast_path = FastPath.of(index)
    leaf = fast_path.leaf_of(claim)
    case = case_of(claim, index, UsableEvidence(index.in_zone(None), today))
    items = deciding_items(claim, outcome, case)
    assert fast_path.deciding(leaf, outcome, today) == tuple(item.id for item in items)
    assert fast_path.due_day(claim, leaf) == due_day(claim, claim.criterion, case)


@pytest.mark.parametrize("once", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_one_report_wherever_it_lies_is_weighed_as_by_the_long_way(kind, once):
    assert_both_ways_agree(registry(kind, ALONE, once=once))


@pytest.mark.parametrize("once", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_a_report_and_a_denial_are_weighed_as_by_the_long_way(kind, once):
    assert_both_ways_agree(registry(kind, BOTH, once=once))


@pytest.mark.parametrize("kind", KINDS)
def test_two_reports_alike_are_weighed_as_by_the_long_way(kind):
    assert_both_ways_agree(registry(kind, TWICE, once=True))
    assert_both_ways_agree(registry(kind, DENIED_TWICE, once=True))
    assert_both_ways_agree(registry(kind, DENIED_TWICE, once=False))
    assert_both_ways_agree(registry(kind, TWICE, once=True, witnesses=2))


@pytest.mark.parametrize("own", [{}, {"grace": 0}, {"grace": 3}, {"due": day(4)}])
@pytest.mark.parametrize("said", [-3, 2, 4, 6])
def test_when_a_claim_is_overdue_is_as_by_the_long_way(own, said):
    worlds = [[], *([("not_happened", 3, 4, published)] for published in range(9))]
    assert_both_ways_agree(registry("by", worlds, once=False, said=said, **own))


@pytest.mark.parametrize("kind", KINDS)
def test_any_number_of_reports_is_weighed_as_by_the_long_way(kind):
    """The last of them says less than those before it, which a search by day must not lose."""
    coarse = ("happened", -2, 3, 9)
    worlds = [
        [*(("happened", 0, 0, 2 + number % 5) for number in range(many)), coarse]
        for many in range(40)
    ]

    assert_both_ways_agree(registry(kind, worlds, once=True))
    assert_both_ways_agree(registry(kind, worlds, once=True, witnesses=3))


def test_two_reports_long_after_the_window_are_weighed_as_by_the_long_way():
    found = Registry.of(
        Speaker(id="ada"),
        Source(id="post"),
        Fact(id="launch", kind="event", once=True),
        Claim(
            id="it",
            speaker="ada",
            said="0800-01-01",
            source="post",
            quote="It will fly.",
            criterion=Event(fact="launch", window=Window("by", "0900-12-31")),
        ),
        *(
            Evidence(id=name, fact="launch", source="post", published=day(5), happened=day(place))
            for name, place in (("one", 0), ("two", 3))
        ),
    )

    assert_both_ways_agree(found)


@pytest.mark.parametrize(
    ("said", "due"),
    [
        pytest.param("2020-01-07T12:00:00Z", None, id="when it was said"),
        pytest.param("2020-01-07", "2020-02-01T12:00:00Z", id="when it is due"),
        pytest.param("2020-01-07T12:00:00Z", "2020-02-01", id="when it was said but not when due"),
    ],
)
def test_a_claim_with_a_time_of_day_is_not_plain(said, due):
    found = registry("by", [[]], once=False)
    claim = attrs.evolve(found.claims["claim-0"], said=said, due=due)

    assert FastPath(found.index()).leaf_of(claim) is None


@pytest.mark.parametrize(
    ("own", "is_plain"), [(None, True), (1, True), (2, False)], ids=["none", "one", "two"]
)
def test_a_claim_that_asks_for_several_witnesses_is_not_plain(own, is_plain):
    found = registry("by", [[]], once=False)
    claim = found.claims["claim-0"]
    claim = attrs.evolve(claim, criterion=attrs.evolve(claim.criterion, min_sources=own))

    assert (FastPath(found.index()).leaf_of(claim) is not None) == is_plain


@pytest.mark.parametrize(
    ("policy", "known_by", "is_plain"),
    [
        pytest.param(Policy(grace=5), "published", True, id="grace"),
        pytest.param(Policy(min_sources=2), "published", False, id="witnesses"),
        pytest.param(Policy(min_tier="wire"), "published", False, id="tier"),
        pytest.param(Policy(on_conflict="higher_tier"), "published", False, id="conflicts"),
        pytest.param(Policy(), "recorded", False, id="what was recorded"),
    ],
)
def test_nothing_is_plain_where_the_policy_asks_for_more(policy, known_by, is_plain):
    found = registry("by", [[("happened", 0, 0, 1)]], once=False)
    found = attrs.evolve(found, settings=Settings(policy=policy))
    index = found.index(known_by)

    assert (FastPath(index).leaf_of(found.claims["claim-0"]) is not None) == is_plain
    (verdict,) = found.audit(day(1), known_by=known_by)
    assert (verdict.status is Status.HELD) == (is_plain or policy.on_conflict == "higher_tier")


@pytest.mark.parametrize(
    ("kind", "days"),
    [
        ("by", (OPEN_START, day(1).toordinal())),
        ("before", (OPEN_START, day(-1).toordinal())),
        ("during", (day(0).toordinal(), day(1).toordinal())),
        ("after", (day(2).toordinal(), OPEN_END)),
    ],
)
def test_the_days_of_a_window_are_those_that_it_tells_itself(kind, days):
    window = Window(kind, span(0, 1))

    assert days_of(Event(fact="f", window=window)) == days == window.days(None)


@pytest.mark.parametrize(
    ("supports_from", "refutes_to", "outcome"),
    [
        (0, -1, Outcome(Status.HELD)),
        (0, 0, Outcome(Status.CONFLICTING)),
        (1, 0, Outcome(Status.LATE, 1, 1)),
        (1, 1, Outcome(Status.LATE, 2, 1)),
        (5, 1, Outcome(Status.LATE, 5, 2)),
        (OPEN_END, 1, Outcome(Status.FAILED)),
        (5, OPEN_END, Outcome(Status.FAILED)),
    ],
)
def test_two_numbers_tell_what_an_event_is(supports_from, refutes_to, outcome):
    assert decided(supports_from, refutes_to) == outcome
