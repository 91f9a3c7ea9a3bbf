"""Intervals against published tables, other libraries and simulation."""

import json
import math
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from claimtrack.errors import FieldError
from claimtrack.score.intervals import METHODS, Interval, wilson

VECTORS = Path(__file__).parents[3] / "shared" / "vectors" / "statistics.json"
NEEDS_VECTORS = pytest.mark.skipif(not VECTORS.exists(), reason="the published vectors are absent")

PRINTED_DIGITS = 5e-8
"""Some of the published values have seven digits after the point."""

R_INTERPOLATES = 1.2e-3
"""R's profile is read off straight lines between points of the curve."""


def published():
    return json.loads(VECTORS.read_text(encoding="utf-8")) if VECTORS.exists() else {}


def case(row):
    return f"{row['count']}of{row['nobs']}"


def within_0_and_1(bounds):
    return [min(1.0, max(0.0, bound)) for bound in bounds]


@NEEDS_VECTORS
@pytest.mark.parametrize("row", published().get("wilson_R_binom", []), ids=case)
def test_wilson_equals_the_published_value(row):
    interval = wilson(row["count"], row["nobs"])

    assert interval.low == pytest.approx(row["lo"], abs=PRINTED_DIGITS)
    assert interval.high == pytest.approx(row["hi"], abs=PRINTED_DIGITS)


@NEEDS_VECTORS
@pytest.mark.parametrize("name", sorted(set(METHODS) - {"bayes", "jeffreys"}))
@pytest.mark.parametrize("row", published().get("all_methods_R_binom", []), ids=case)
def test_every_method_equals_the_published_value(name, row):
    low, high = within_0_and_1(row[name])
    tolerance = R_INTERPOLATES if name == "profile" else PRINTED_DIGITS

    interval = METHODS[name](row["count"], row["nobs"])

    assert interval.low == pytest.approx(low, abs=tolerance)
    assert interval.high == pytest.approx(high, abs=tolerance)


@NEEDS_VECTORS
@pytest.mark.parametrize("row", published().get("all_methods_R_binom", []), ids=case)
def test_the_bayesian_intervals_equal_the_published_value(row):
    # The table mixes two versions of R's binom: equal tails, and (for 30 trials) the shortest.
    low, high = row["bayes"]
    if math.isnan(low):
        pytest.skip("the published value is not a number")
    name = "bayes" if row["nobs"] == 30 else "jeffreys"

    interval = METHODS[name](row["count"], row["nobs"])

    assert interval.low == pytest.approx(low, abs=PRINTED_DIGITS)
    assert interval.high == pytest.approx(high, abs=PRINTED_DIGITS)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("wilson", "wilson"),
        ("exact", "beta"),
        ("agresti-coull", "agresti_coull"),
        ("asymptotic", "normal"),
        ("jeffreys", "jeffreys"),
    ],
)
@pytest.mark.parametrize("level", [0.5, 0.8, 0.99])
@pytest.mark.parametrize(("held", "decided"), [(1, 3), (2, 3), (7, 11), (250, 251), (900, 4000)])
def test_statsmodels_gives_the_same(ours, theirs, level, held, decided):
    expected = proportion_confint(held, decided, alpha=1 - level, method=theirs)

    interval = METHODS[ours](held, decided, level=level)

    assert interval.low == pytest.approx(max(0, expected[0]), abs=1e-9)
    assert interval.high == pytest.approx(min(1, expected[1]), abs=1e-9)


@pytest.mark.parametrize("name", METHODS)
def test_nothing_is_known_from_no_trials(name):
    assert METHODS[name](0, 0) == Interval(0.0, 1.0)


@pytest.mark.parametrize(
    ("held", "decided", "level", "text"),
    [
        (3, 2, 0.95, "CT104 3 of 2 is out of bounds; expected 0 <= held <= decided"),
        (-1, 2, 0.95, "CT104 -1 of 2 is out of bounds; expected 0 <= held <= decided"),
        (math.nan, 2, 0.95, "CT104 nan of 2 is out of bounds; expected 0 <= held <= decided"),
        (1, math.inf, 0.95, "CT104 count inf is not a finite number"),
        (1, 2, 1, "CT104 level 1 is out of its bounds; expected a number between 0 and 1"),
    ],
)
def test_a_count_that_is_none_is_refused(held, decided, level, text):
    with pytest.raises(FieldError) as caught:
        wilson(held, decided, level=level)

    assert str(caught.value) == text


@st.composite
def counts(draw):
    decided = draw(st.integers(1, 300))
    return draw(st.integers(0, decided)), decided


class TestLaws:
    """What holds for every way to estimate a share."""

    @pytest.mark.parametrize("name", METHODS)
    @settings(max_examples=15)
    @given(counts())
    def test_an_interval_lies_in_0_to_1_and_its_ends_are_in_order(self, name, count):
        interval = METHODS[name](*count)

        assert 0 <= interval.low <= interval.high <= 1

    @pytest.mark.parametrize("name", sorted(set(METHODS) - {"bayes", "jeffreys", "profile"}))
    @settings(max_examples=15)
    @given(counts())
    def test_an_interval_holds_the_share_that_was_seen(self, name, count):
        held, decided = count
        interval = METHODS[name](held, decided)

        assert interval.low <= held / decided + 1e-12
        assert interval.high >= held / decided - 1e-12

    @pytest.mark.parametrize("name", sorted(set(METHODS) - {"cloglog"}))
    @settings(max_examples=15)
    @given(counts())
    def test_counting_failures_mirrors_the_interval(self, name, count):
        held, decided = count

        there, back = METHODS[name](held, decided), METHODS[name](decided - held, decided)

        assert there.low == pytest.approx(1 - back.high, abs=1e-7)
        assert there.high == pytest.approx(1 - back.low, abs=1e-7)

    @given(counts(), st.floats(0.01, 0.5), st.floats(0.51, 0.99))
    def test_more_confidence_needs_more_room(self, count, less, more):
        narrow, wide = wilson(*count, level=less), wilson(*count, level=more)

        assert wide.low <= narrow.low <= narrow.high <= wide.high

    @given(counts())
    def test_one_more_that_held_never_lowers_the_interval(self, count):
        held, decided = count

        before, after = wilson(held, decided), wilson(held + 1, decided + 1)

        assert before.low <= after.low
        assert before.high <= after.high + 1e-15


class TestCoverage:
    """How often an interval at 95 percent holds the truth, over all counts it can meet."""

    TRIALS = 25
    TRUTHS = tuple(i / 40 for i in range(2, 39))

    def coverages(self, name):
        intervals = [METHODS[name](k, self.TRIALS) for k in range(self.TRIALS + 1)]
        return [
            math.fsum(
                math.comb(self.TRIALS, k) * truth**k * (1 - truth) ** (self.TRIALS - k)
                for k, interval in enumerate(intervals)
                if truth in interval
            )
            for truth in self.TRUTHS
        ]

    def test_the_exact_interval_never_covers_less_than_its_level(self):
        assert min(self.coverages("exact")) >= 0.95

    @pytest.mark.parametrize("name", ["agresti-coull", "prop.test"])
    def test_these_cover_at_least_their_level_on_average(self, name):
        covered = self.coverages(name)

        assert 0.95 < sum(covered) / len(covered) <= 1

    @pytest.mark.parametrize("name", ["wilson", "jeffreys", "lrt", "logit", "probit", "cloglog"])
    def test_these_cover_their_level_on_average_within_two_hundredths(self, name):
        covered = self.coverages(name)

        assert 0.93 < sum(covered) / len(covered) < 0.975

    @pytest.mark.parametrize(("name", "most"), [("asymptotic", 0.91), ("bayes", 0.935)])
    def test_the_textbook_and_the_shortest_interval_cover_too_little(self, name, most):
        covered = self.coverages(name)

        assert 0.90 < sum(covered) / len(covered) < most

    def test_wilson_covers_its_level_in_a_simulation(self):
        random = Random(7)  # seeded: the same thousand speakers each time
        hits = 0
        for _ in range(1000):
            truth, decided = random.uniform(0.1, 0.9), random.randint(10, 60)
            held = sum(random.random() < truth for _ in range(decided))
            hits += truth in wilson(held, decided)

        assert 0.93 < hits / 1000 < 0.97
