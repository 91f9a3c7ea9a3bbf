"""Scores take numbers of every type, and refuse what is none with an error of their own."""

from decimal import Decimal
from fractions import Fraction

import pytest

from claimtrack import score
from claimtrack.errors import FieldError


def float64(text):
    from numpy import float64

    return float64(text)


ARRAY = object()
"""Stands for an array of NumPy until a test imports it."""

TYPES = [Decimal, lambda text: Fraction(Decimal(text)), float64]
NAMES = ["decimal", "fraction", "numpy"]

FUNCTIONS = {
    "brier": lambda n: score.brier([n("0.9"), n("0.5")], [n("1"), n("0")]),
    "brier_options": lambda n: score.brier_options([{"a": n("0.75"), "b": n("0.25")}], ["a"]),
    "log_score": lambda n: score.log_score([n("0.9"), n("0.5")], [n("1"), n("0")]),
    "log_score_options": lambda n: score.log_score_options(
        [{"a": n("0.75"), "b": n("0.25")}], ["b"]
    ),
    "skill": lambda n: score.skill(n("0.2"), n("0.25"), best=n("0")),
    "brier_skill": lambda n: score.brier_skill([n("0.9"), n("0.5")], [n("1"), n("0")]),
    "brier_skill of one": lambda n: score.brier_skill([n("0.9")], [n("1")], reference=n("0.5")),
    "base_rate": lambda n: score.base_rate([n("1"), n("0"), n("1")]),
    "crowd_median": lambda n: score.crowd_median([n("0.1"), n("0.5")]),
    "calibration": lambda n: score.calibration([n("0.9"), n("0.5")], [n("1"), n("0")]),
    "edges": lambda n: score.calibration([n("0.9")], [n("1")], bins=[n("0"), n("0.5"), n("1")]),
    "decompose": lambda n: score.decompose([n("0.9"), n("0.5")], [n("1"), n("0")]),
    "wilson": lambda n: score.wilson(n("3"), n("7"), level=n("0.9")),
    "bootstrap_mean": lambda n: score.bootstrap_mean([n("0.25"), n("1")], seed=1, resamples=9),
    "baseline": lambda n: score.baseline(n("0.75")),
    "peer": lambda n: score.peer(n("0.75"), [n("0.5"), n("0.25")]),
    "krippendorff_alpha": lambda n: score.krippendorff_alpha(
        [[n("1"), n("2")], [n("1"), n("3")]], scale="interval"
    ),
}


@pytest.mark.parametrize("number", TYPES, ids=NAMES)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_type_of_number_gives_the_score_of_a_float(name, number):
    assert FUNCTIONS[name](number) == FUNCTIONS[name](float)


@pytest.mark.parametrize(
    "value",
    ["0.5", None, 0.5 + 0j, b"1", ARRAY, Decimal("sNaN"), 10**400],
    ids=["text", "none", "complex", "bytes", "array", "nan", "too large"],
)
@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name != "krippendorff_alpha"])
def test_what_is_no_number_is_refused(name, value):
    if value is ARRAY:
        import numpy as np

        value = np.array([0.5])
    with pytest.raises(FieldError):
        FUNCTIONS[name](lambda _: value)


def test_a_text_is_named():
    with pytest.raises(FieldError) as caught:
        score.brier(["0.9"], [1])

    assert str(caught.value) == "CT101 probability '0.9' has the wrong type; expected a number"


@pytest.mark.parametrize("value", [Decimal("1.00000000000000000000001"), Decimal("-1e-400")])
def test_a_decimal_outside_by_less_than_a_float_can_tell_is_refused(value):
    with pytest.raises(FieldError):
        score.brier([value], [1])


@pytest.mark.parametrize(("first", "second"), [(0.5, 1), (None, None), ([0.5], 1)])
def test_numbers_in_place_of_sequences_are_refused(first, second):
    with pytest.raises(FieldError):
        score.brier(first, second)


@pytest.mark.parametrize("bins", [0, -1, 2.0, "3", None, ["a", "b"]])
def test_bins_that_are_none_are_refused(bins):
    with pytest.raises(FieldError):
        score.calibration([0.5], [1], bins=bins)


@pytest.mark.parametrize("resamples", [0, 2.5, "9"])
def test_resamples_that_are_none_are_refused(resamples):
    with pytest.raises(FieldError):
        score.bootstrap_mean([0.5], seed=1, resamples=resamples)


@pytest.mark.parametrize("distribution", ["ab", 0.5, ["a", "b"], None])
def test_a_distribution_that_is_none_is_refused(distribution):
    with pytest.raises(FieldError):
        score.brier_options([distribution], ["a"])
