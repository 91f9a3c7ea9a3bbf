"""The beta distribution against SciPy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from claimtrack.score import _beta

SHAPES = st.floats(0.5, 3000)
INSIDE = st.floats(1e-6, 1 - 1e-6)


@given(INSIDE, SHAPES, SHAPES)
def test_the_distribution_function_equals_scipys(x, a, b):
    assert _beta.cdf(x, a, b) == pytest.approx(stats.beta.cdf(x, a, b), abs=1e-10)


@given(st.floats(0.001, 0.999), SHAPES, SHAPES)
def test_quantiles_equal_scipys(share, a, b):
    assert _beta.quantile(share, a, b) == pytest.approx(stats.beta.ppf(share, a, b), abs=1e-9)


@pytest.mark.parametrize(("x", "expected"), [(-1, 0), (0, 0), (1, 1), (2, 1)])
def test_outside_of_0_to_1_nothing_is_left(x, expected):
    assert _beta.cdf(x, 2, 3) == expected
