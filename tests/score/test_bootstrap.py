"""Intervals by drawing again."""

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.errors import FieldError
from claimtrack.score import Interval, bootstrap_mean, intervals

VALUES = st.lists(st.floats(-1, 1), min_size=1, max_size=20)


@given(VALUES, st.integers())
def test_an_interval_lies_between_the_least_and_the_greatest_value(values, seed):
    interval = bootstrap_mean(values, seed=seed, resamples=100)

    assert min(values) - 1e-12 <= interval.low <= interval.high <= max(values) + 1e-12


@given(VALUES, st.integers())
def test_equal_seeds_give_equal_intervals(values, seed):
    first = bootstrap_mean(values, seed=seed, resamples=50)

    assert bootstrap_mean(values, seed=seed, resamples=50) == first


def test_the_draws_are_the_same_on_every_machine():
    values = [0.01, 0.04, 0.09, 0.16, 0.25, 0.36, 0.49, 0.64, 0.81, 1.0]

    assert bootstrap_mean(values, seed=2018) == Interval(0.194, pytest.approx(0.59))


def test_numpy_draws_the_same_to_the_last_bit(monkeypatch):
    pytest.importorskip("numpy")
    random = Random(5)
    values = [random.random() ** 2 for _ in range(300)] + [-math.inf]
    plain = bootstrap_mean(values, seed=-7, resamples=100)

    monkeypatch.setattr(intervals, "_MANY", 1)

    assert bootstrap_mean(values, seed=-7, resamples=100) == plain
    assert bootstrap_mean(values[:-1], seed=2**70, resamples=9) == Interval(
        *_ends(values[:-1], 2**70, 9)
    )


def _ends(values, seed, resamples):
    draw, size = Random(seed).random, len(values)
    means = sorted(
        math.fsum(values[int(draw() * size)] for _ in values) / size for _ in range(resamples)
    )
    return means[0], means[-1]


def test_minus_infinity_stays_what_it_is():
    interval = bootstrap_mean([-math.inf, -0.1, -0.1], seed=1)

    assert interval.low == -math.inf
    assert interval.high == pytest.approx(-0.1)


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    random = Random(11)  # seeded: the same 300 forecasters each time
    truth = 0.4 * 0.6**2 + 0.6 * 0.4**2  # what a forecast of 0.4 scores if 0.4 is right
    hits = 0
    for seed in range(300):
        errors = [(0.4 - (random.random() < 0.4)) ** 2 for _ in range(40)]
        hits += truth in bootstrap_mean(errors, seed=seed, resamples=400)

    assert 0.90 < hits / 300 < 0.98


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"values": []}, "CT104 there are no values; expected at least one"),
        (
            {"values": [1], "resamples": 0},
            "CT104 0 resamples draw nothing; expected at least 1",
        ),
    ],
)
def test_what_cannot_be_drawn_from_is_refused(arguments, text):
    with pytest.raises(FieldError) as caught:
        bootstrap_mean(seed=1, **arguments)

    assert str(caught.value) == text
