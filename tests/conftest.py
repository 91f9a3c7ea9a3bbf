"""Settings that hold for every test: draws, order, and what may be skipped."""

import os
import random
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.internal.conjecture import providers

# Registries below this folder are there to be broken, or are data of tests: none is collected.
collect_ignore_glob = ["*.toml", "*.jsonl", "*.jsonl.gz"]

# The same draws in every run, so that no run passes or fails by luck; `long` draws anew each time.
# A deadline for one example fails on a slow machine and not on the code, so there is none; and so
# does the check that drawing is not too slow.
UNTIMED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
SAME_DRAWS = {"derandomize": True, "database": None, **UNTIMED}
settings.register_profile("fast", max_examples=5, **SAME_DRAWS)
settings.register_profile("dev", max_examples=10, **SAME_DRAWS)
# Hypothesis derandomizes by itself where the variable CI is set; here it must not.
settings.register_profile("long", max_examples=5000, derandomize=False, **UNTIMED)
# A mutant that is killed once is killed each time, and how it fails is of no interest.
settings.register_profile(
    "mutation",
    max_examples=10,
    phases=(Phase.explicit, Phase.generate),
    **{**SAME_DRAWS, "suppress_health_check": list(HealthCheck)},
)
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "dev")
settings.load_profile(PROFILE)
if PROFILE != "long":
    # Hypothesis draws constants of the modules that happen to be imported, so that what it draws
    # would depend on which tests ran before. It has no setting for that.
    providers._get_local_constants = lambda: providers._local_constants

SLOW = frozenset(
    {
        "bulk/test_agreement.py",
        "cli/test_action.py",
        "cli/test_convert.py",
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

GROUPS = {
    "a browser": r"site/test_browser",
    "Ibis and DuckDB": r"bulk/|cli/test_convert|test_docs.*(claimtrack\.bulk|very-many-claims)",
    "Matplotlib": r"score/test_plots|test_docs.*(README|plot|score-)",
    "scikit-learn and statsmodels": r"score/test_(agreement|calibration|intervals|proper)",
}
"""Tests that go to one process, by what that process then starts or imports only once."""

ORDER = "CLAIMTRACK_TEST_ORDER"
"""The environment variable whose value seeds the order of the tests; as collected if not set."""

MAY_BE_MISSING = {
    r"\bJava\b": lambda: shutil.which("java") is None,
    r"extra 'spark'": lambda: shutil.which("java") is None,
    r"axe-core": lambda: shutil.which("npm") is None,
    r"to this user|\broot\b": lambda: True,
}
"""
What a run in CI may do without: patterns of reasons to skip, and when they are accepted.

Every other skipped test fails a run in which the variable ``CI`` is set, because it was meant to
run there. What a system cannot offer (Java, npm) is accepted only while it is absent.
"""


@pytest.fixture(autouse=True)
def _a_terminal_of_no_kind(monkeypatch):
    """Take away what the terminal of whoever runs the tests says of itself."""
    for name in ("COLUMNS", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


def is_ci():
    return os.environ.get("CI", "").lower() not in {"", "0", "false"}


def pytest_report_header():
    if ORDER in os.environ:
        return f"tests in a random order: {ORDER}={os.environ[ORDER]}"
    return None


def pytest_configure(config):
    config.pluginmanager.register(SkippedTests(config), "skipped-tests")


def pytest_collection_modifyitems(config, items):
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here) and item.path.relative_to(here).as_posix() in SLOW:
            item.add_marker(pytest.mark.slow)
    if config.pluginmanager.hasplugin("xdist"):
        for item in items:
            if item.path.is_relative_to(here):
                keep_together(item)
    if ORDER in os.environ:
        shuffle(items, random.Random(os.environ[ORDER]))


def keep_together(item):
    """Let one process run *item* and all that share what takes long to start."""
    for group, pattern in GROUPS.items():
        if re.match(rf"(tests/)?({pattern})", item.nodeid):
            item.add_marker(pytest.mark.xdist_group(group))


def shuffle(items, chance):
    """Put *items* into a random order: the files, and the tests within each file."""
    by_file = {}
    for item in items:
        by_file.setdefault(item.path, []).append(item)
    files = list(by_file.values())
    chance.shuffle(files)
    for file in files:
        chance.shuffle(file)
    items[:] = [item for file in files for item in file]


class SkippedTests:
    """
    Tell in one line what was skipped, and in CI fail the run if it was to run there.

    pytest-xdist sends the reports of all its processes to the one that started them.
    """

    def __init__(self, config):
        self.is_worker = hasattr(config, "workerinput")
        self.reasons = Counter()

    def pytest_runtest_logreport(self, report):
        self.note(report)

    def pytest_collectreport(self, report):
        self.note(report)

    def note(self, report):
        if report.skipped and not hasattr(report, "wasxfail"):
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
            self.reasons[reason.removeprefix("Skipped: ")] += 1

    def unaccepted(self):
        """Return the reasons of tests that were to run in CI."""
        return [
            reason
            for reason in sorted(self.reasons)
            if not any(re.search(word, reason) and may() for word, may in MAY_BE_MISSING.items())
        ]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session):
        if is_ci() and not self.is_worker and self.unaccepted() and not session.exitstatus:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        if self.reasons:
            parts = [f"{reason} ({number})" for reason, number in sorted(self.reasons.items())]
            terminalreporter.write_line(f"skipped: {'; '.join(parts)}")
        if is_ci() and self.unaccepted():
            terminalreporter.write_line(
                "skipped in CI though it was to run there (MAY_BE_MISSING in tests/conftest.py): "
                + "; ".join(self.unaccepted()),
                red=True,
            )
