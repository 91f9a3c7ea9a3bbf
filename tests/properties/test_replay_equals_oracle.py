"""Law 7 of the rules: 'The history of a claim equals its status computed afresh on every day.'"""

import os
from datetime import date
from itertools import pairwise

import claimtrack
from claimtrack.engine.history import Change
from tests.oracle.known import Registry, Row
from tests.oracle.random_registries import days_that_tell, make
from tests.oracle.rules import audit
from tests.oracle.toml_writer import to_toml

SEEDS = 2000 if os.environ.get("CLAIMTRACK_LONG") else 15
DAYS = 15
AXES = ("published", "recorded")


def told(change: Change) -> Row:
    """Return what a history says of a day, in the words of the naive implementation."""
    return {
        "status": str(change.status),
        "late_days": change.late_days,
        "late_days_min": change.late_days_min,
        "readings": [
            (r.name, str(r.status), r.late_days, r.late_days_min) for r in change.readings
        ],
    }


def naively(registry: Registry, as_of: date, known_by: str) -> dict[str, Row]:
    """Return the same from the naive implementation, computed afresh."""
    verdicts = audit(registry, as_of, known_by)["claims"]
    keys = ("status", "late_days", "late_days_min", "readings")
    return {name: {key: verdict[key] for key in keys} for name, verdict in verdicts.items()}


def test_a_history_says_on_each_day_what_that_day_says() -> None:
    for seed in range(SEEDS):
        registry = make(seed)
        loaded = claimtrack.loads(to_toml(registry))
        for known_by in AXES:
            histories = {name: loaded.history(name, known_by=known_by) for name in loaded.claims}
            for as_of in days_that_tell(registry, seed, DAYS):
                then = {name: past.at(as_of.toordinal()) for name, past in histories.items()}
                found = {name: told(change) for name, change in then.items() if change}

                assert (seed, as_of, found) == (seed, as_of, naively(registry, as_of, known_by))


def test_a_history_tells_only_of_changes() -> None:
    changes = 0
    for seed in range(SEEDS):
        loaded = claimtrack.loads(to_toml(make(seed)))
        for name in loaded.claims:
            past = loaded.history(name)
            changes += len(past.changes)

            for one, two in pairwise(past.changes):
                assert one.day < two.day
                assert told(one) != told(two)

    assert changes > 5 * SEEDS


def test_a_replay_counts_on_each_day_what_that_day_counts() -> None:
    for seed in range(SEEDS):
        registry = make(seed)
        loaded = claimtrack.loads(to_toml(registry))
        days = days_that_tell(registry, seed, DAYS)
        for known_by in AXES:
            for as_of, found in zip(days, loaded.replay(days, known_by=known_by), strict=True):
                expected = audit(registry, as_of, known_by)
                statuses = [verdict["status"] for verdict in expected["claims"].values()]

                assert found.not_yet_said == expected["not_yet_said"]
                assert {str(name): number for name, number in found.counts.items() if number} == {
                    name: statuses.count(name) for name in statuses
                }
