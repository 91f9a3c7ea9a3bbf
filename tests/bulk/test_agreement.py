"""Law 9 of the rules, second half: the bulk engine gives the same statuses as this one."""

import os
from importlib.util import find_spec

import pytest

import claimtrack
from tests.bulk.agreement import agree, drawn, loaded
from tests.oracle.random_registries import make

pytestmark = pytest.mark.skipif(
    find_spec("ibis") is None or find_spec("duckdb") is None,
    reason="the extra 'bulk' is not installed",
)

SEEDS, DRAWN = (5000, 5000) if os.environ.get("CLAIMTRACK_LONG") else (100, 25)
EARLY, LATE = ("2019-03-15", "published"), ("2019-10-20", "published")
BOTH_AXES = (("2020-01-10", "published"), ("2020-01-10", "recorded"))
LEAVES = {"event", "quantity", "state", "judged", "assessed"}


@pytest.fixture(autouse=True)
def nested_queries(monkeypatch):
    """Save the time that Ibis takes to merge what DuckDB merges anyway."""
    import ibis

    monkeypatch.setattr(ibis.options.sql, "fuse_selects", False)


def test_duckdb_and_the_engine_agree_on_random_registries():
    registries = {str(seed): loaded(make(seed)) for seed in range(SEEDS)}

    statuses = agree(registries, BOTH_AXES)

    assert statuses == set(claimtrack.Status)


def test_they_agree_on_the_registries_that_our_strategies_draw():
    statuses = agree(drawn(DRAWN), [("2020-01-06", "recorded")])

    # What is drawn anew each time may lack the rare ones; the seeds above have every status.
    assert {"pending", "overdue", "not-enough-evidence"} <= statuses


def stripped(seed, *, keys):
    """Return a registry without readings, conditions and policies, of claims of one leaf each."""
    rows = make(seed)
    for settings in rows.get("registry", []):
        settings.pop("policy", None)
    for claim in rows["claim"]:
        claim.pop("reading", None)
        claim.pop("condition", None)
    lone = [claim for claim in rows["claim"] if claim.get("criterion", {}).keys() & keys]
    names = {claim["id"] for claim in lone}
    rows["claim"] = lone
    ratings = rows.pop("assessment", [])
    rows["assessment"] = [rating for rating in ratings if rating["claim"] in names]
    rows["evidence"] = [
        {key: value for key, value in item.items() if key != "supersedes"}
        for item in rows["evidence"]
        if item.get("claim") is None or item["claim"] in names
    ]
    return loaded(rows)


@pytest.mark.parametrize("keys", [LEAVES, {"event"}], ids=["lone leaves", "events"])
def test_they_agree_where_few_rules_are_asked_for_and_the_query_is_short(keys):
    registries = {str(seed): stripped(seed, keys=keys) for seed in range(1000, 1000 + SEEDS // 4)}

    statuses = agree(registries, (EARLY, LATE))

    assert {"held", "late", "failed", "pending", "overdue", "not-enough-evidence"} <= statuses


def test_numbers_of_many_digits_are_compared_exactly():
    rows = {
        "speaker": [{"id": "ada"}],
        "source": [{"id": "post", "published": "2020"}],
        "fact": [{"id": "sum", "kind": "quantity"}],
        "evidence": [
            {"id": "seen", "fact": "sum", "source": "post", "value": 10**40 + 1, "when": "2019"}
        ],
        "claim": [
            {
                "id": f"{test}-{bound - 10**40}",
                "speaker": "ada",
                "said": "2019",
                "source": "post",
                "quote": "So much.",
                "criterion": {"quantity": "sum", "at": "2019", test: bound},
            }
            for test in ("at_least", "at_most", "above", "below", "equals")
            for bound in (10**40, 10**40 + 1, 10**40 + 2)
        ],
    }

    statuses = agree({"": loaded(rows)}, [("2021-01-01", "published")])

    assert statuses == {"held", "failed"}
