"""Proper scores: hand values, other libraries, laws."""

import math
from fractions import Fraction
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.errors import FieldError
from claimtrack.score import (
    base_rate,
    brier,
    brier_options,
    brier_skill,
    crowd_median,
    log_score,
    log_score_options,
    skill,
)

PROBABILITIES = st.floats(0, 1)
FORECASTS = st.lists(st.tuples(PROBABILITIES, st.booleans()), min_size=1, max_size=30)


@st.composite
def distributions(draw, *, least=2):
    weights = draw(st.lists(st.integers(1, 100), min_size=least, max_size=6))
    return {f"option {i}": w / sum(weights) for i, w in enumerate(weights)}


@pytest.mark.parametrize(
    ("probability", "outcome", "expected"),
    [(1, 1, 0), (0, 0, 0), (1, 0, 1), (0, 1, 1), (0.5, 1, 0.25), (0.7, True, 0.09)],
)
def test_brier_equals_the_hand_value(probability, outcome, expected):
    assert brier([probability], [outcome]) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("probability", "outcome", "expected"),
    [(1, 1, 0), (0, 0, 0), (1, 0, -math.inf), (0, 1, -math.inf), (0.5, 0, -math.log(2))],
)
def test_the_log_score_equals_the_hand_value_also_at_0_and_1(probability, outcome, expected):
    assert log_score([probability], [outcome]) == expected


def test_one_impossible_thing_that_happens_spoils_the_whole_log_score():
    assert log_score([0.9, 0, 0.9], [1, 1, 1]) == -math.inf


@given(FORECASTS)
def test_brier_equals_scikit_learns(forecasts):
    from sklearn.metrics import brier_score_loss

    probabilities, outcomes = zip(*forecasts, strict=True)
    expected = brier_score_loss(outcomes, probabilities, labels=[False, True])

    assert brier(probabilities, outcomes) == pytest.approx(expected)


@given(st.lists(st.tuples(st.floats(0.001, 0.999), st.booleans()), min_size=1, max_size=30))
def test_the_log_score_is_minus_scikit_learns_log_loss(forecasts):
    from sklearn.metrics import log_loss

    probabilities, outcomes = zip(*forecasts, strict=True)
    expected = -log_loss(outcomes, probabilities, labels=[False, True])

    assert log_score(probabilities, outcomes) == pytest.approx(expected)


@given(st.data(), distributions(least=3))
def test_brier_over_options_is_half_of_scikit_learns(data, distribution):
    from sklearn.metrics import brier_score_loss

    names = sorted(distribution)
    happened = data.draw(st.sampled_from(names))
    row = [distribution[name] for name in names]
    whole = brier_score_loss([happened], [row], labels=names, scale_by_half=False)

    assert brier_options([distribution], [happened]) == pytest.approx(whole / 2)


@given(FORECASTS)
def test_brier_is_from_0_to_1_and_the_log_score_at_most_0(forecasts):
    probabilities, outcomes = zip(*forecasts, strict=True)

    assert 0 <= brier(probabilities, outcomes) <= 1
    assert log_score(probabilities, outcomes) <= 0


@given(PROBABILITIES, st.booleans())
def test_two_options_score_as_a_yes_or_no(probability, happened):
    distribution = {"yes": probability, "no": 1 - probability}
    option = "yes" if happened else "no"

    halves = brier_options([distribution], [option])
    logs = log_score_options([distribution], [option])

    assert halves == pytest.approx(brier([probability], [happened]))
    assert logs == pytest.approx(log_score([probability], [happened]))


@given(st.data(), distributions())
def test_the_order_of_options_does_not_matter(data, distribution):
    happened = data.draw(st.sampled_from(sorted(distribution)))
    shuffled = dict(data.draw(st.permutations(list(distribution.items()))))

    assert brier_options([shuffled], [happened]) == pytest.approx(
        brier_options([distribution], [happened])
    )


@given(st.data(), FORECASTS)
def test_the_order_of_forecasts_does_not_matter(data, forecasts):
    shuffled = data.draw(st.permutations(forecasts))

    assert brier(*zip(*shuffled, strict=True)) == brier(*zip(*forecasts, strict=True))


@given(st.floats(0.01, 0.99), PROBABILITIES)
def test_nobody_expects_a_better_score_by_saying_what_they_do_not_believe(belief, said):
    def expected(score, probability):
        return belief * score([probability], [1]) + (1 - belief) * score([probability], [0])

    assert expected(brier, belief) <= expected(brier, said) + 1e-12
    assert expected(log_score, belief) >= expected(log_score, said) - 1e-12


@pytest.mark.parametrize(
    ("score", "reference", "expected"),
    [
        pytest.param(0.0, 0.25, 1.0, id="perfect"),
        pytest.param(0.25, 0.25, 0.0, id="no better"),
        pytest.param(0.5, 0.25, -1.0, id="worse"),
        pytest.param(0.0, 0.0, 0.0, id="both perfect"),
        pytest.param(0.1, 0.0, -math.inf, id="the reference is perfect"),
        pytest.param(-math.inf, -math.inf, 0.0, id="both impossible"),
        pytest.param(-1.0, -math.inf, 1.0, id="the reference is impossible"),
        pytest.param(-math.inf, -1.0, -math.inf, id="impossible"),
    ],
)
def test_skill_is_defined_everywhere(score, reference, expected):
    assert skill(score, reference) == expected


def test_skill_is_held_against_the_base_rate_unless_told_otherwise():
    probabilities, outcomes = [0.9, 0.8, 0.3, 0.2], [1, 1, 0, 1]

    assert brier_skill(probabilities, outcomes) == pytest.approx(1 - 0.195 / 0.1875)
    assert brier_skill(probabilities, outcomes, reference=0.5) == pytest.approx(1 - 0.195 / 0.25)
    assert brier_skill(probabilities, outcomes, reference=[0.9, 0.8, 0.3, 0.2]) == 0


@given(st.lists(st.booleans(), min_size=1))
def test_the_base_rate_is_the_share_that_happened(outcomes):
    assert base_rate(outcomes) == float(Fraction(sum(outcomes), len(outcomes)))


@given(st.lists(PROBABILITIES, min_size=1))
def test_the_crowds_median_is_the_median(probabilities):
    assert crowd_median(probabilities) == median(probabilities)


@pytest.mark.parametrize(
    "score", [lambda: crowd_median([]), lambda: log_score([], [])], ids=["median", "log"]
)
def test_of_no_forecasts_there_is_no_score(score):
    with pytest.raises(FieldError) as caught:
        score()

    assert str(caught.value) == "CT104 there are no forecasts; expected at least one"


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: brier([], []), "CT104 there are no forecasts; expected at least one"),
        (lambda: base_rate([]), "CT104 there are no outcomes; expected at least one"),
        (lambda: brier([0.5], [1, 0]), "CT104 sequences of 1 and 2 values do not pair up"),
        (
            lambda: brier([1.2], [1]),
            "CT104 probability 1.2 is out of its bounds; expected a number from 0 to 1",
        ),
        (
            lambda: log_score([math.nan], [1]),
            "CT104 probability nan is out of its bounds; expected a number from 0 to 1",
        ),
        (
            lambda: brier([0.5], [0.5]),
            "CT104 outcome 0.5 is not known; expected 0, 1, False or True",
        ),
        (
            lambda: brier_options([{"a": 0.5, "b": 0.4}], ["a"]),
            "CT104 probabilities {'a': 0.5, 'b': 0.4} add up to 0.9; expected 1",
        ),
        (
            lambda: brier_options([{"a": 0.5, "b": 0.5}], ["c"]),
            "CT104 outcome 'c' is not an option; expected one of ['a', 'b']",
        ),
        (
            lambda: log_score_options([{"a": 1}], ["a"]),
            "CT104 a distribution over ['a'] has no alternative",
        ),
    ],
)
def test_what_is_no_forecast_is_refused(call, text):
    with pytest.raises(FieldError) as caught:
        call()

    assert str(caught.value) == text
