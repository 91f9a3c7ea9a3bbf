"""The tests' own settings: the same draws, any order, and nothing skipped in silence in CI."""

import shutil
from pathlib import Path

import pytest
from hypothesis import settings

CONFTEST = Path(__file__).with_name("conftest.py")


@pytest.fixture
def suite(pytester, monkeypatch):
    """A project with the settings of these tests and tests of its own."""
    for name in ("PYTEST_ADDOPTS", "CLAIMTRACK_TEST_ORDER", "CI"):
        monkeypatch.delenv(name, raising=False)
    (pytester.path / "conftest.py").write_text(CONFTEST.read_text("utf-8"), "utf-8")
    pytester.makeini("[pytest]\nmarkers = slow\n")
    return pytester


@pytest.mark.parametrize("profile", ["fast", "dev", "mutation"])
def test_draws_are_the_same_in_every_run(profile):
    chosen = settings.get_profile(profile)

    assert (chosen.derandomize, chosen.database, chosen.deadline) == (True, None, None)


def test_a_long_run_draws_anew():
    assert not settings.get_profile("long").derandomize


def names(result):
    return [line.split(" ")[0] for line in result.outlines if "::" in line]


def test_an_order_is_random_and_the_same_for_the_same_seed(suite, monkeypatch):
    cases = "".join(f"def test_{number}(): pass\n" for number in range(20))
    suite.makepyfile(test_a=cases, test_b=cases)
    words = ("--collect-only", "-q", "-p", "no:cacheprovider")
    as_collected = names(suite.runpytest_inprocess(*words))

    monkeypatch.setenv("CLAIMTRACK_TEST_ORDER", "1")
    orders = [names(suite.runpytest_inprocess(*words)) for _ in range(2)]

    assert orders[0] == orders[1] != as_collected
    assert sorted(orders[0]) == sorted(as_collected)


@pytest.mark.parametrize(
    ("workers", "ci", "reason", "fails"),
    [
        ("0", "true", "chromium and chromedriver are not installed", True),
        ("1", "true", "chromium and chromedriver are not installed", True),
        ("0", "true", "nothing is closed to this user", False),
        ("0", "", "chromium and chromedriver are not installed", False),
    ],
)
def test_a_skipped_test_fails_a_run_in_ci(suite, monkeypatch, workers, ci, reason, fails):
    monkeypatch.setenv("CI", ci)
    suite.makepyfile(
        test_a=f"import pytest\ndef test_a(): pytest.skip({reason!r})\n"
        f"def test_b(): pytest.skip({reason!r})\ndef test_c(): pass\n",
        test_b=f"import pytest\npytest.skip({reason!r}, allow_module_level=True)\n",
    )

    result = suite.runpytest_inprocess("-p", "no:cacheprovider", "-n", workers)

    assert result.ret == (pytest.ExitCode.TESTS_FAILED if fails else pytest.ExitCode.OK)
    assert f"skipped: {reason} (3)" in result.outlines
    assert any("skipped in CI though" in line for line in result.outlines) is fails


def test_java_may_be_missing_in_ci_only_where_there_is_none(suite, monkeypatch):
    monkeypatch.setenv("CI", "true")
    suite.makepyfile("import pytest\ndef test_a(): pytest.skip('the validator needs Java')\n")
    found = []
    for java in (None, "/usr/bin/java"):
        monkeypatch.setattr(shutil, "which", lambda _, java=java: java)
        found.append(suite.runpytest_inprocess("-p", "no:cacheprovider").ret)

    assert found == [pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED]
