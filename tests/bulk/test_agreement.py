"""
Law 9 of the rules, second half: the bulk engine gives the same statuses as this one.

Several hundred random registries go into one set of tables, because an engine takes as long for
one as for all of them.
"""

import os
from random import Random

import pytest

import claimtrack
from tests.oracle.random_registries import make
from tests.oracle.toml_writer import to_jsonl

ibis = pytest.importorskip("ibis", reason="the extra 'bulk' is not installed")
pytest.importorskip("duckdb", reason="the extra 'bulk' is not installed")

from claimtrack.bulk import audit, tables_of  # noqa: E402 - where there is no Ibis, it skips

SEEDS = 5000 if os.environ.get("CLAIMTRACK_LONG") else 220
DAYS = ("2019-03-15", "2019-10-20", "2020-01-10")
LEAVES = {"event", "quantity", "state", "judged", "assessed"}


@pytest.fixture(autouse=True)
def nested_queries(monkeypatch):
    """Save the time that Ibis takes to merge what DuckDB merges anyway."""
    monkeypatch.setattr(ibis.options.sql, "fuse_selects", False)


def loaded(rows):
    return claimtrack.loads(to_jsonl(rows), "registry.jsonl")


def by_engine(registries, as_of, known_by):
    found = {}
    for name, registry in registries.items():
        for verdict in registry.audit(as_of, known_by=known_by):
            for reading in (verdict, *verdict.readings):
                key = (f"{name}/{verdict.claim}", getattr(reading, "name", None))
                found[key] = (reading.status, reading.late_days, reading.due)
    return found


def in_bulk(tables, as_of, known_by):
    rows = audit(tables, as_of=as_of, known_by=known_by).to_pyarrow().to_pylist()
    found = {
        (row["claim"], row["reading"]): (row["status"], row["late_days"], row["due"])
        for row in rows
    }
    assert len(found) == len(rows)
    return found


def agree(registries, days, axes):
    tables = tables_of(registries)
    statuses = set()
    for as_of in days:
        for known_by in axes:
            expected = by_engine(registries, as_of, known_by)
            found = in_bulk(tables, as_of, known_by)
            wrong = {
                key: (expected.get(key), found.get(key), as_of, known_by)
                for key in expected.keys() | found.keys()
                if expected.get(key) != found.get(key)
            }
            assert wrong == {}
            statuses |= {status for status, *_ in expected.values()}
    return statuses


def test_duckdb_and_the_engine_agree_on_random_registries():
    registries = {str(seed): loaded(make(seed)) for seed in range(SEEDS)}

    statuses = agree(registries, DAYS[2:], ("published", "recorded"))

    assert statuses == set(claimtrack.Status)


SCALES = {"meter": ("True", "Half True", "FALSE"), "stars": ("kept", "stalled", "broken")}


def rated(seed):
    """Return a registry some of whose claims rest on published ratings, with such ratings."""
    rows = make(seed)
    chance = Random(seed)
    for claim in rows["claim"]:
        if "criterion" not in claim or chance.random() < 0.2:
            continue
        scale = chance.choice([*SCALES])
        leaf = {"assessed": scale, "supports": [SCALES[scale][0]], "refutes": [SCALES[scale][2]]}
        if chance.random() < 0.3:
            leaf["min_sources"] = 2
        claim["criterion"] = leaf if chance.random() < 0.6 else {"any": [claim["criterion"], leaf]}
        if "parts" in claim["criterion"].get("any", [{}])[0]:
            claim["criterion"] = leaf
    for number in range(12):
        scale = chance.choice([*SCALES])
        rating = {"id": f"rating-{number}", "by": chance.choice("abc"), "scale": scale}
        rating["claim"] = chance.choice(rows["claim"])["id"]
        rating["rating"] = chance.choice(SCALES[scale]).swapcase()
        days = ["2019-02", "2019-06-01T23:30:00Z", "2019-09-09", "2019-12", "2019-12"]
        rating["published"] = chance.choice(days)
        if chance.random() < 0.4:
            rating["source"] = chance.choice(rows["source"])["id"]
            if chance.random() < 0.5:
                del rating["published"]
        rows.setdefault("assessment", []).append(rating)
    return loaded(rows)


def test_they_agree_on_published_ratings():
    registries = {str(seed): rated(seed) for seed in range(2000, 2000 + SEEDS // 4)}

    statuses = agree(registries, DAYS[2:], ("published", "recorded"))

    assert {"held", "failed", "conflicting", "pending", "overdue"} <= statuses


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

    statuses = agree(registries, DAYS[:2], ("published",))

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

    statuses = agree({"": loaded(rows)}, ["2021-01-01"], ["published"])

    assert statuses == {"held", "failed"}
