"""The example is green as of the day on which its statuses were signed."""

import shutil
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "china_russia_2017"


def test_the_example_is_green_as_of_the_day_of_its_signatures(pytester):
    shutil.copytree(EXAMPLE, pytester.path / "china_russia_2017")

    result = pytester.runpytest_inprocess("china_russia_2017", "--as-of", "2026-01-01", "-q")

    counts = result.parseoutcomes()
    assert result.ret == pytest.ExitCode.OK
    assert counts["passed"] > 400
    assert set(counts) == {"passed", "skipped"}


def test_the_example_is_red_two_years_earlier(pytester):
    shutil.copytree(EXAMPLE, pytester.path / "china_russia_2017")

    result = pytester.runpytest_inprocess("china_russia_2017", "--as-of", "2018-01-01", "-q")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
