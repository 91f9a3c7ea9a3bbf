"""
The explanation of a verdict, held against the naive rules on random registries.

The bits of every criterion, the standing of every item, and since when a status has been what it
is say more than the status does: two wrongs that cancel out in a status show here.
"""

import os
from datetime import date
from pathlib import Path

import claimtrack
from claimtrack.model.criterion import Parts
from claimtrack.model.explanation import Explanation, Step, Use
from tests.oracle.known import Case, Registry, Row, ratings, usable
from tests.oracle.random_registries import days_that_tell, make, write
from tests.oracle.rules import Bits, bits_of_parts, evaluate, fact_of, leaves, scales_of, status

SEEDS = 2000 if os.environ.get("CLAIMTRACK_LONG") else 15
OUT_OF_COURT = {"not yet published", "undated", "withdrawn", "superseded"}
DECIDED = {"held", "late", "partly", "failed", "conflicting", "annulled"}


def load(registry: Registry, folder: Path, seed: int) -> claimtrack.Registry:
    """Write *registry* into a folder of its own and let claimtrack read it."""
    write(registry, folder / str(seed), seed)
    return claimtrack.load(folder / str(seed))


def cases(registry: Registry, as_of: date) -> list[Case]:
    """Return each claim that had been made by a day."""
    asked = [Case(registry, claim, as_of.toordinal()) for claim in registry["claim"]]
    return [case for case in asked if case.today >= case.span(case.claim["said"])[0]]


def bits_of(step: Step) -> list[Bits]:
    """Return the bits that an explanation gives for each part of a criterion."""
    steps = step.members if isinstance(step.criterion, Parts) else (step,)
    return [(step.shown, step.refuted) for step in steps]


def criteria_of(claim: Row) -> list[Row]:
    """Return every criterion of a claim: the main one, the condition, the readings'."""
    own = [claim[key] for key in ("criterion", "condition") if key in claim]
    return own + [reading["criterion"] for reading in claim.get("reading", [])]


def assert_bits(case: Case, found: Explanation) -> None:
    """Compare the bits of each criterion of the claim."""
    claim = case.claim
    if found.steps is not None:
        assert bits_of(found.steps) == bits_of_parts(case, claim["criterion"])
    if found.condition is not None:
        truth = (found.condition.shown, found.condition.refuted)
        assert truth == evaluate(case, claim["condition"])
    for (name, step), reading in zip(found.readings, claim.get("reading", []), strict=True):
        assert name == reading["name"]
        assert bits_of(step) == bits_of_parts(case, reading["criterion"])


def assert_items(case: Case, found: Explanation) -> None:
    """Compare which items are named, and which of them count at all."""
    facts = {fact_of(leaf) for tree in criteria_of(case.claim) for leaf in leaves(tree)} - {None}
    spoken = [
        item["id"]
        for item in case.registry["evidence"]
        if item.get("fact") in facts or item.get("claim") == case.claim["id"]
    ]
    asked = [leaf for tree in criteria_of(case.claim) for leaf in leaves(tree)]
    scales = {scale for leaf in asked for scale in scales_of(leaf)}
    spoken += [
        rating["id"]
        for rating in case.registry.get("assessment", [])
        if rating["claim"] == case.claim["id"] and rating["scale"] in scales
    ]
    admitted = {item["id"] for item in (*usable(case), *ratings(case))}

    assert sorted(use.id for use in found.items) == sorted(spoken)
    for use in found.items:
        assert (use.because in OUT_OF_COURT) == (use.id not in admitted)
        assert (use.use is Use.IGNORED) == bool(use.because)
    assert set(found.verdict.used) <= admitted


def test_bits_and_items_are_those_of_the_naive_rules(tmp_path: Path) -> None:
    """Law 10: 'the explanation names each item on the claim's facts exactly once'."""
    asked = 0
    for seed in range(SEEDS):
        registry = make(seed)
        loaded = load(registry, tmp_path, seed)
        for as_of in days_that_tell(registry, seed, 3):
            for case in cases(registry, as_of):
                asked += 1
                found = loaded.explain(case.claim["id"], as_of)
                assert_bits(case, found)
                assert_items(case, found)

    assert asked > SEEDS


def since(case: Case) -> int:
    """Return the first of the days up to today on which the status has been today's."""
    day, criterion = case.today, case.claim.get("criterion")
    said = case.span(case.claim["said"])[0]
    answer = status(case, criterion)[0]
    while day > said and status(Case(case.registry, case.claim, day - 1), criterion)[0] == answer:
        day -= 1
    return day


def test_a_status_is_dated_from_the_first_day_of_its_run(tmp_path: Path) -> None:
    """Law 7: 'The history of a claim equals its status computed afresh on every day.'"""
    asked = 0
    for seed in range(SEEDS):
        registry = make(seed)
        loaded = load(registry, tmp_path, seed)
        for as_of in days_that_tell(registry, seed, 2):
            audit = loaded.audit(as_of)
            for case in cases(registry, as_of):
                verdict = audit[case.claim["id"]]
                if verdict.status in DECIDED:
                    asked += 1
                    assert verdict.decided_on == since(case), (seed, as_of, case.claim)

    assert asked > SEEDS
