"""Baseline and peer scores; the numbers are those of Metaculus' own tests of its scores."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.errors import FieldError
from claimtrack.score import baseline, baseline_over_time, peer, peer_over_time

POSSIBLE = st.floats(0.001, 0.999)


@pytest.mark.parametrize(
    ("probability", "expected"),
    [
        (0.5, 0),
        (0.9, 84.79969066),
        (0.1, -232.19280949),
        (2 ** (-1 / 2), 50),
        (2 ** (-3 / 2), -50),
        (1, 100),
        (0, -math.inf),
    ],
)
def test_the_baseline_score_is_metaculus_own(probability, expected):
    assert baseline(probability) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("history", "closed", "score", "covered"),
    [
        ([(0, 0.5)], 10, 0, 1),
        ([(3, 0.5)], 10, 0, 0.7),
        ([(0, 0.9)], 10, 84.79969066, 1),
        ([(5, 0.9)], 10, 84.79969066 / 2, 0.5),
        ([(0, 0.5)], 5, 0, 0.5),
        ([(5, 0.5)], 5, 0, 0),
    ],
)
def test_the_baseline_score_over_time_is_metaculus_own(history, closed, score, covered):
    scored = baseline_over_time(history, opened=0, closed=closed, scheduled=10)

    assert scored.score == pytest.approx(score)
    assert scored.coverage == pytest.approx(covered)


@given(st.integers(2, 50))
def test_knowing_nothing_gets_no_points_over_any_number_of_options(options):
    assert baseline(1 / options, options=options) == pytest.approx(0, abs=1e-9)
    assert baseline(1, options=options) == 100


@given(st.lists(POSSIBLE, min_size=2, max_size=8))
def test_the_peer_score_equals_the_form_with_the_geometric_mean(probabilities):
    # Metaculus' code has 100 n / (n - 1) ln(p / geometric mean of all n).
    n = len(probabilities)
    middle = math.prod(probabilities) ** (1 / n)

    for i, probability in enumerate(probabilities):
        others = probabilities[:i] + probabilities[i + 1 :]
        expected = 100 * n / (n - 1) * math.log(probability / middle)
        assert peer(probability, others) == pytest.approx(expected, abs=1e-9)


HISTORY = st.lists(st.tuples(st.integers(-2, 12), POSSIBLE), max_size=4)


@given(st.dictionaries(st.sampled_from("abcde"), HISTORY, min_size=2))
def test_peer_scores_add_up_to_nothing(histories):
    scores = peer_over_time(histories, opened=0, closed=8, scheduled=10)

    assert math.fsum(s.score for s in scores.values()) == pytest.approx(0, abs=1e-9)


def test_peers_are_held_against_those_whose_forecasts_stood():
    scores = peer_over_time({"early": [(0, 0.5)], "late": [(5, 0.8)]}, opened=0, closed=10)

    assert scores["late"].score == pytest.approx(50 * math.log(0.8 / 0.5))
    assert scores["early"].score == pytest.approx(-50 * math.log(0.8 / 0.5))
    assert (scores["early"].coverage, scores["late"].coverage) == (1, 0.5)


def test_alone_there_is_nobody_to_be_better_than():
    assert peer(0.9, []) == 0


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (
            lambda: peer(0.5, [0.0]),
            "CT104 a peer score is not defined where someone gave 0 to what happened",
        ),
        (
            lambda: baseline(0.5, options=1),
            "CT104 a question with 1 options is none; expected at least 2",
        ),
        (
            lambda: baseline_over_time([], opened=0, closed=10, scheduled=5),
            "CT104 a question scheduled to close on 5 closed on 10",
        ),
    ],
)
def test_what_has_no_score_is_refused(call, text):
    with pytest.raises(FieldError) as caught:
        call()

    assert str(caught.value) == text
