"""Settings that hold for every test."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

# Registries below this folder are there to be broken, or are data of tests: none is collected.
collect_ignore_glob = ["*.toml", "*.jsonl", "*.jsonl.gz"]

# A deadline for one example fails on a slow machine and not on the code, so there is none.
settings.register_profile("fast", max_examples=10, deadline=None)
settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=100, deadline=None)
settings.register_profile("long", max_examples=5000, deadline=None)
# A mutant that is killed once is killed each time, and how it fails is of no interest.
settings.register_profile(
    "mutation",
    max_examples=10,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

SLOW = frozenset(
    {
        "bulk/test_agreement.py",
        "cli/test_action.py",
        "cli/test_convert.py",
        "cli/test_looking.py",
        "cli/test_process.py",
        "plugin/test_evidence.py",
        "plugin/test_example.py",
        "site/test_browser.py",
        "site/test_site.py",
        "strategies/test_draws.py",
        "test_examples.py",
    }
)
"""The files whose tests start browsers, processes or engines, or draw very much."""


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here) and item.path.relative_to(here).as_posix() in SLOW:
            item.add_marker(pytest.mark.slow)
