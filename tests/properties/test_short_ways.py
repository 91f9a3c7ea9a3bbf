"""What is found in less time is what the long way finds: the same days and outcomes."""

from datetime import date, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given

from claimtrack import Claim, Evidence, Fact, Policy, Registry, Settings, Source, Speaker, occurs
from claimtrack.engine import fast_path as fast_path_module
from claimtrack.engine import timeline
from claimtrack.engine.fast_path import FastPath
from claimtrack.engine.timeline import Follower, general_timeline, timeline_of
from claimtrack.model.span import OPEN_END
from claimtrack.strategies import worlds


@pytest.fixture(scope="module", params=["as shipped", "none are few"], autouse=True)
def _sizes(request):
    """Run each test also with what is done for many reports and leaves done for any number."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "none are few":
            patch.setattr(fast_path_module, "_MANY", 0)
            patch.setattr(fast_path_module, "_FEW", 0)
            patch.setattr(timeline, "_MANY", 0)
        yield


FEW_DAYS = st.integers(0, 8).map(lambda number: date(2019, 12, 27) + timedelta(days=number))


@st.composite
def plain_registries(draw):
    """A claim on one event, and a few reports, so close together that days coincide."""
    reports = draw(st.lists(st.tuples(FEW_DAYS, FEW_DAYS, st.booleans()), max_size=4))
    kind = draw(st.sampled_from(["by", "before", "after", "during"]))
    claim = Claim(
        id="claim",
        speaker="speaker",
        said=draw(FEW_DAYS),
        source="source",
        quote="It will be done.",
        criterion=occurs("event", **{kind: draw(FEW_DAYS)}),
        due=draw(st.none() | FEW_DAYS),
        grace=draw(st.none() | st.integers(0, 3)),
    )
    evidence = [
        Evidence(
            id=f"report-{number}",
            fact="event",
            source="source",
            published=max(told, published) if draw(st.booleans()) else None,
            **({"not_happened": f"2019/{told}"} if denies else {"happened": told}),
        )
        for number, (told, published, denies) in enumerate(reports)
    ]
    return Registry.of(
        Speaker(id="speaker"),
        Source(id="source", published=draw(st.sampled_from([None, date(2020, 1, 4)]))),
        Fact(id="event", kind="event", once=draw(st.booleans())),
        claim,
        *evidence,
        settings=Settings(policy=Policy(grace=draw(st.integers(0, 2)))),
    )


def long_way(claim, index):
    """Return the timeline of *claim* under its main criterion, taking one event at a time."""
    follower = Follower(claim, index, with_readings=False)
    return [(day, outcomes[0]) for day, outcomes, _ in follower.turns()]


@given(plain_registries())
def test_a_plain_claim_is_on_every_day_what_the_long_way_says(registry):
    claim, index = registry.claims["claim"], registry.index()
    assert FastPath(index).leaf_of(claim) is not None
    expected = long_way(claim, index)
    assert timeline_of(claim, index, OPEN_END) == expected
    assert general_timeline(claim, index, OPEN_END) == expected


@given(plain_registries(), FEW_DAYS)
def test_a_plain_claim_on_one_day_is_what_the_long_way_says(registry, day):
    claim, index = registry.claims["claim"], registry.index()
    fast_path, day = FastPath(index), max(claim.said.first, day.toordinal())
    turns = [outcome for first, outcome in long_way(claim, index) if first <= day]
    ((_, found), *_) = fast_path.timeline(claim, fast_path.leaf_of(claim), day, day)
    assert found == turns[-1]


@given(worlds())
def test_a_claim_of_any_kind_is_on_every_day_what_the_long_way_says(world):
    index = world.registry.index(world.known_by)
    for claim in world.registry.claims.values():
        assert general_timeline(claim, index, OPEN_END) == long_way(claim, index)


@given(plain_registries(), FEW_DAYS)
def test_what_is_asked_up_to_a_day_is_right_up_to_that_day(registry, until):
    claim, index = registry.claims["claim"], registry.index()
    day = until.toordinal()
    expected = [turn for turn in long_way(claim, index) if turn[0] <= day]
    for found in (
        timeline_of(claim, index, day),
        general_timeline(claim, index, day),
    ):
        assert [turn for turn in found if turn[0] <= day] == expected
