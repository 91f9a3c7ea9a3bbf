"""The whole file of FiveThirtyEight's forecasts, of which the example has an excerpt."""

import pytest

from tests.published.conftest import NEEDED, OUTSIDE
from tests.score.test_fivethirtyeight import EXCERPT, HALF_A_DIGIT, expected_seats, rows

WHOLE = OUTSIDE / NEEDED["test_forecasts_2018.py"]


@pytest.mark.parametrize(
    ("branch", "version", "seats"),
    [
        ("Governor", "lite", 18.3),
        ("Governor", "deluxe", 18.8),
        ("House", "lite", 202.1),
        ("House", "deluxe", 203.6),
        ("Senate", "lite", 9.7),
        ("Senate", "deluxe", 9.5),
    ],
)
def test_republican_seats_expected_in_2018_are_as_published(branch, version, seats):
    assert expected_seats(
        row for row in rows(WHOLE) if (row["branch"], row["version"]) == (branch, version)
    ) == pytest.approx(seats, abs=HALF_A_DIGIT)


def test_the_excerpt_is_what_the_whole_file_says():
    whole = [row for row in rows(WHOLE) if row["version"] == "classic"]
    excerpt = rows(EXCERPT / "elections_2018_classic.csv")

    assert excerpt == [{name: row[name] for name in excerpt[0]} for row in whole]
