"""Calibration tables and the parts of a Brier score."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.errors import FieldError
from claimtrack.score import Interval, brier, calibration, calibration_error, decompose, wilson

# Forecasts in whole percent, away from the edges of ten bins, on which libraries differ.
OFF_EDGE = st.integers(0, 99).filter(lambda percent: percent % 10).map(lambda p: p / 100)
FORECASTS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


@given(st.lists(st.tuples(OFF_EDGE, st.booleans()), min_size=1, max_size=60))
def test_the_bins_equal_scikit_learns(forecasts):
    import numpy as np
    from sklearn.calibration import calibration_curve

    probabilities, outcomes = zip(*forecasts, strict=True)
    shares, means = calibration_curve(np.array(outcomes), np.array(probabilities), n_bins=10)

    filled = [b for b in calibration(probabilities, outcomes) if b.count]

    assert [b.share for b in filled] == pytest.approx(list(shares))
    assert [b.forecast for b in filled] == pytest.approx(list(means))


def test_bins_are_not_folded():
    bins = calibration([0.1, 0.9], [0, 1])

    assert [b.low for b in bins if b.count] == [0.1, 0.9]


@pytest.mark.parametrize(
    ("probability", "low"),
    [(0.0, 0.0), (0.1, 0.1), (0.3, 0.3), (0.7, 0.7), (0.99, 0.9), (1.0, 0.9)],
)
def test_an_edge_belongs_to_the_bin_above_and_1_to_the_last(probability, low):
    (bin_,) = [b for b in calibration([probability], [1]) if b.count]

    assert bin_.low == low


def test_an_empty_bin_is_listed_and_says_nothing():
    bins = calibration([0.1], [0], bins=2)

    assert (bins[1].count, bins[1].forecast, bins[1].share) == (0, None, None)
    assert bins[1].interval == Interval(0, 1)


@given(FORECASTS, st.integers(1, 20))
def test_every_forecast_is_in_one_bin_that_has_wilsons_interval(forecasts, number):
    probabilities, outcomes = zip(*forecasts, strict=True)

    bins = calibration(probabilities, outcomes, bins=number)

    assert sum(b.count for b in bins) == len(forecasts)
    assert sum(b.happened for b in bins) == sum(outcomes)
    assert all(b.interval == wilson(b.happened, b.count) for b in bins)
    assert all(b.low <= b.forecast <= b.high for b in bins if b.count)


def test_edges_may_be_ones_own():
    bins = calibration([0.02, 0.5, 0.98], [0, 1, 1], bins=[0, 0.05, 0.95, 1])

    assert [b.count for b in bins] == [1, 1, 1]


@pytest.mark.parametrize(
    ("bins", "text"),
    [
        (0, "CT104 0 bins hold nothing; expected at least 1"),
        ([0, 0.5], "CT104 edges [0.0, 0.5] do not rise from 0 to 1"),
        ([0, 0.5, 0.5, 1], "CT104 edges [0.0, 0.5, 0.5, 1.0] do not rise from 0 to 1"),
        ([], "CT104 edges [] do not rise from 0 to 1"),
    ],
)
def test_edges_that_are_none_are_refused(bins, text):
    with pytest.raises(FieldError) as caught:
        calibration([0.5], [1], bins=bins)

    assert str(caught.value) == text


def test_the_calibration_error_weighs_the_gaps_by_their_counts():
    bins = calibration([0.2, 0.2, 0.2, 0.8], [0, 0, 1, 0], bins=2)

    assert calibration_error(bins) == pytest.approx((3 * (1 / 3 - 0.2) + 0.8) / 4)


def test_there_is_no_calibration_error_of_nothing():
    with pytest.raises(FieldError, match="there are no forecasts in the bins"):
        calibration_error([])


class TestMurphy:
    """Murphy (1973), and the term of Stephenson et al. (2008) for binned forecasts."""

    @given(FORECASTS)
    def test_the_parts_make_up_the_brier_score(self, forecasts):
        probabilities, outcomes = zip(*forecasts, strict=True)

        parts = decompose(probabilities, outcomes)

        assert parts.brier == pytest.approx(brier(probabilities, outcomes), abs=1e-12)
        assert parts.within == pytest.approx(0, abs=1e-12)

    @given(FORECASTS, st.integers(1, 20))
    def test_the_parts_make_up_the_brier_score_also_in_bins(self, forecasts, bins):
        probabilities, outcomes = zip(*forecasts, strict=True)

        parts = decompose(probabilities, outcomes, bins=bins)

        assert parts.brier == pytest.approx(brier(probabilities, outcomes), abs=1e-12)

    @given(FORECASTS, st.sampled_from([None, 3, 10]))
    def test_each_part_keeps_its_bounds(self, forecasts, bins):
        parts = decompose(*zip(*forecasts, strict=True), bins=bins)

        assert 0 <= parts.reliability <= 1
        assert 0 <= parts.resolution <= parts.uncertainty + 1e-12
        assert 0 <= parts.uncertainty <= 0.25

    def test_the_base_rate_itself_is_reliable_and_resolves_nothing(self):
        parts = decompose([0.25] * 4, [1, 0, 0, 0])

        assert (parts.reliability, parts.resolution, parts.uncertainty) == (0, 0, 0.1875)

    def test_a_seer_resolves_everything(self):
        parts = decompose([1, 0, 0, 1], [1, 0, 0, 1])

        assert (parts.reliability, parts.resolution, parts.uncertainty) == (0, 0.25, 0.25)
