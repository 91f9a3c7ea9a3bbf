"""Intervals and agreement against tables that others published."""

import json

import pytest

from claimtrack.score import krippendorff_alpha, wilson
from tests.published.conftest import NEEDED, OUTSIDE

VECTORS = json.loads((OUTSIDE / NEEDED["test_statistics.py"]).read_text(encoding="utf-8"))
SCALES = ("nominal", "ordinal", "interval", "ratio")


PRINTED_DIGITS = 5e-8
"""Some of the published values have seven digits after the point."""


@pytest.mark.parametrize("row", VECTORS["wilson_R_binom"])
def test_wilson_equals_the_published_value(row):
    interval = wilson(row["count"], row["nobs"])

    assert interval.low == pytest.approx(row["lo"], abs=PRINTED_DIGITS)
    assert interval.high == pytest.approx(row["hi"], abs=PRINTED_DIGITS)


def tables():
    columns = VECTORS["kripp_C_data_irr"]["data_column_major_4_raters_x_12_units"]
    yield VECTORS["kripp_wikipedia"], VECTORS["kripp_wikipedia"]["data"]
    yield VECTORS["kripp_C_data_irr"], [columns[rater::4] for rater in range(4)]


@pytest.mark.parametrize("scale", SCALES)
def test_alpha_is_as_published(scale):
    for vector, ratings in tables():
        alpha = krippendorff_alpha(ratings, scale=scale)

        assert alpha == pytest.approx(vector[scale])
        if scale in vector["published"]:
            assert round(alpha, 3) == vector["published"][scale]
