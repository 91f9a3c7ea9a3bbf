"""FiveThirtyEight's forecasts, against the numbers that FiveThirtyEight published of them."""

import csv
import math
from pathlib import Path

import pytest

from claimtrack.score import base_rate, brier, calibration, decompose, wilson

ROOT = Path(__file__).parents[2]
EXCERPT = ROOT / "examples" / "fivethirtyeight"
WHOLE = ROOT.parent / "shared" / "data" / "fivethirtyeight"


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


@pytest.mark.skipif(not WHOLE.exists(), reason="FiveThirtyEight's whole files are absent")
@pytest.mark.parametrize(
    ("branch", "version", "seats"),
    [
        ("Governor", "lite", 18.3),
        ("Governor", "deluxe", 18.8),
        ("Governor", "classic", 19.0),
        ("House", "lite", 202.1),
        ("House", "deluxe", 203.6),
        ("House", "classic", 200.6),
        ("Senate", "lite", 9.7),
        ("Senate", "deluxe", 9.5),
        ("Senate", "classic", 9.5),
    ],
)
def test_republican_seats_expected_in_2018_are_as_published(branch, version, seats):
    bins = calibration(
        *zip(
            *(
                (float(row["Republican_WinProbability"]), int(row["Republican_Won"]))
                for row in rows(WHOLE / "forecast_results_2018.csv")
                if (row["branch"], row["version"]) == (branch, version)
            ),
            strict=True,
        )
    )

    # 9.549 is published as 9.5 and 200.649 as 200.6: each within half of the last digit.
    assert math.fsum(b.count * (b.forecast or 0) for b in bins) == pytest.approx(seats, abs=0.05)


@pytest.mark.skipif(not WHOLE.exists(), reason="FiveThirtyEight's whole files are absent")
def test_the_excerpt_is_what_the_whole_file_says():
    whole = [
        row for row in rows(WHOLE / "forecast_results_2018.csv") if row["version"] == "classic"
    ]
    excerpt = rows(EXCERPT / "elections_2018_classic.csv")

    assert excerpt == [{name: row[name] for name in excerpt[0]} for row in whole]
