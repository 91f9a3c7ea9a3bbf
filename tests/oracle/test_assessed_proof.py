"""The checker of explanations knows the ratings that a claim rests on."""

import attrs
from hypothesis import given
from hypothesis import strategies as st

from claimtrack import Policy
from claimtrack.model.verdict import KnownBy
from tests.engine.test_assessed import DAYS, ENTRIES, LABELS, rating, world
from tests.oracle.proof import check_proof

POLICIES = st.sampled_from([Policy(), Policy(on_conflict="higher_tier"), Policy(min_sources=2)])
SOURCES = st.lists(st.sampled_from([None, "paper", "site"]), min_size=6, max_size=6)


def worlds(entries, sources, policy, **claim):
    ratings = [
        rating(f"r{n}", label, None if source == "paper" else day, by, source=source)
        for n, ((by, label, day), source) in enumerate(zip(entries, sources, strict=False))
    ]
    return world(*ratings, policy=policy, **claim)


@given(ENTRIES, SOURCES, POLICIES, st.sampled_from(KnownBy), st.sampled_from([None, "2018-01-03"]))
def test_what_the_engine_explains_follows_from_the_records(entries, sources, policy, axis, due):
    registry = worlds(entries, sources, policy, due=due).with_captured({})

    for day in (*DAYS, "2018-03-01", "2020-01-01"):
        assert check_proof(registry.explain("claim", day, known_by=axis), registry) == ()


@given(ENTRIES, SOURCES, POLICIES)
def test_so_it_does_where_ratings_stand_among_other_criteria(entries, sources, policy):
    criterion = ~LABELS & attrs.evolve(LABELS, supports=["Half True"], min_tier="press")
    registry = worlds(entries, sources, policy, criterion=criterion, condition=LABELS)

    for day in ("2018-01-04", "2020-01-01"):
        assert check_proof(registry.explain("claim", day), registry) == ()


def test_an_explanation_of_another_rating_is_refused():
    true = world(rating("a", "True"))
    half = world(rating("a", "Half True"))

    found = check_proof(half.explain("claim", "2019-01-01"), true)

    assert found[:1] == ("the verdict does not follow",)
    assert found[1].startswith(
        "a step does not follow: Step(criterion=Assessed(scales=('meter',), "
    )
    assert found[2:] == ("the items are others, or something else became of one",)
