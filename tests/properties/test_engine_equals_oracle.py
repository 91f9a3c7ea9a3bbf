"""
Law 9 of the rules, first half: two programs written apart from one text give one answer.

Random registries are written as folders, read by claimtrack, and audited on days on which
something turns; a naive second implementation of the rules reads the same records as plain dicts.
Set CLAIMTRACK_LONG=1 for many more registries.
"""

import os
from pathlib import Path

import pytest

import claimtrack
from claimtrack.engine import fast_path, timeline
from tests.oracle.comparison import differences
from tests.oracle.days import brute_force_leaf, world_of
from tests.oracle.known import Case, Row
from tests.oracle.random_registries import days_that_tell, make, spans_in, write
from tests.oracle.rules import parts

BATCHES = 10
SEEDS = 5000 if os.environ.get("CLAIMTRACK_LONG") else 60
DAYS = 6
DECIDED = {
    (True, False): {"held"},
    (False, True): {"failed", "late"},
    (True, True): {"conflicting"},
    (False, False): {"pending", "overdue", "not-enough-evidence"},
}


@pytest.mark.parametrize("batch", range(BATCHES))
def test_claimtrack_and_the_naive_rules_agree_on_every_claim(tmp_path: Path, batch: int) -> None:
    """RULES, at its top: 'Two people who implement it apart must get the same answer'."""
    agree(tmp_path, range(batch, SEEDS, BATCHES))


def test_they_agree_where_what_is_done_for_many_is_done_for_any_number(tmp_path, monkeypatch):
    """The random registries are small, so shorter ways for many reports or leaves are not tried."""
    monkeypatch.setattr(fast_path, "_MANY", 0)
    monkeypatch.setattr(fast_path, "_FEW", 0)
    monkeypatch.setattr(timeline, "_MANY", 0)

    agree(tmp_path, range(SEEDS, SEEDS + SEEDS // 5))


def agree(tmp_path: Path, seeds: range) -> None:
    for seed in seeds:
        registry = make(seed)
        write(registry, tmp_path / str(seed), seed)
        loaded = claimtrack.load(tmp_path / str(seed))

        for as_of in days_that_tell(registry, seed, DAYS):
            for known_by in ("published", "recorded"):
                found = differences(registry, loaded, as_of, known_by)
                assert not found, f"seed {seed}\n{found}"


def test_they_agree_by_the_days_on_which_copies_were_captured(tmp_path):
    for seed in range(12):
        registry = make(seed)
        for item in registry["evidence"]:
            if "recorded" in item:
                item["captured"] = item.pop("recorded")
        captured = {item["id"]: item.pop("captured", None) for item in registry["evidence"]}
        write(registry, tmp_path / str(seed), seed)
        days = {id_: day for id_, day in captured.items() if day is not None}
        loaded = claimtrack.load(tmp_path / str(seed)).with_captured(days)
        for item in registry["evidence"]:
            if item["id"] in days:
                item["captured"] = days[item["id"]]

        for as_of in days_that_tell(registry, seed, DAYS):
            found = differences(registry, loaded, as_of, "captured")
            assert not found, f"seed {seed}\n{found}"


def is_lone_leaf(claim: Row) -> bool:
    """Say whether one leaf, by any one witness, decides the claim."""
    criterion = claim.get("criterion", {})
    return bool(criterion.keys() & {"event", "quantity", "state", "judged", "assessed"})


def test_claims_of_one_leaf_equal_the_enumeration_of_single_days(tmp_path: Path) -> None:
    """Law 6: 'each leaf equals what a brute-force check over all the single days ... says'."""
    asked = 0
    for seed in range(SEEDS // 3):
        registry = make(seed, decades=False)
        for claim in registry["claim"]:
            claim.pop("condition", None)
            claim.pop("annulled", None)
            claim.pop("annulled_because", None)
            if is_lone_leaf(claim):
                claim["criterion"]["min_sources"] = 1
        write(registry, tmp_path / str(seed), seed)
        loaded = claimtrack.load(tmp_path / str(seed))

        for as_of in days_that_tell(registry, seed, DAYS):
            audit = loaded.audit(as_of)
            statuses = {verdict.claim: str(verdict.status) for verdict in audit}
            for claim in filter(is_lone_leaf, registry["claim"]):
                case = Case(registry, claim, as_of.toordinal())
                world = world_of(case.span(value) for value in spans_in(registry))
                is_whole = len(parts(case, claim["criterion"])) == 1
                if is_whole and claim["id"] in statuses:
                    asked += 1
                    bits = brute_force_leaf(case, claim["criterion"], world)
                    assert statuses[claim["id"]] in DECIDED[bits], (seed, as_of, claim)

    assert asked > SEEDS // 2
