"""FiveThirtyEight's forecasts, against the numbers that FiveThirtyEight published of them."""

import csv
import math
from pathlib import Path

import pytest

from claimtrack.score import base_rate, brier, calibration, decompose, wilson

ROOT = Path(__file__).parents[2]
EXCERPT = ROOT / "examples" / "fivethirtyeight"


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def games():
    table = rows(EXCERPT / "ncaa_tournament.csv")
    return (
        [float(row["favorite_probability"]) for row in table],
        [int(row["favorite_win_flag"]) for row in table],
    )


def test_favourites_won_70_0_percent_of_games_against_72_1_expected():
    probabilities, outcomes = games()

    assert len(outcomes) == 253
    assert round(100 * math.fsum(probabilities) / len(probabilities), 1) == 72.1
    assert round(100 * base_rate(outcomes), 1) == 70.0
    assert 0.721 in wilson(sum(outcomes), len(outcomes))


def test_a_calibration_table_adds_up_to_what_it_was_made_of():
    probabilities, outcomes = games()

    bins = calibration(probabilities, outcomes, bins=20)

    assert sum(b.count for b in bins) == 253
    assert sum(b.happened for b in bins) == sum(outcomes)
    assert math.fsum(b.count * (b.forecast or 0) for b in bins) == pytest.approx(
        math.fsum(probabilities)
    )


def test_the_parts_of_the_score_make_it_up():
    probabilities, outcomes = games()

    for bins in (None, 5, 10, 20):
        parts = decompose(probabilities, outcomes, bins=bins)
        assert parts.brier == pytest.approx(brier(probabilities, outcomes))


@pytest.mark.parametrize(
    ("branch", "seats"), [("Governor", 19.0), ("House", 200.6), ("Senate", 9.5)]
)
def test_republican_seats_expected_in_2018_are_as_published(branch, seats):
    assert expected_seats(
        row for row in rows(EXCERPT / "elections_2018_classic.csv") if row["branch"] == branch
    ) == pytest.approx(seats, abs=HALF_A_DIGIT)


HALF_A_DIGIT = 0.05
"""9.549 is published as 9.5 and 200.649 as 200.6: each within half of the last digit."""


def expected_seats(races):
    pairs = [(float(row["Republican_WinProbability"]), int(row["Republican_Won"])) for row in races]
    bins = calibration(*zip(*pairs, strict=True))
    return math.fsum(b.count * (b.forecast or 0) for b in bins)
