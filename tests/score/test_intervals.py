"""Intervals against another library and simulation."""

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.errors import FieldError
from claimtrack.score.intervals import Interval, wilson


@pytest.mark.parametrize("level", [0.5, 0.8, 0.95, 0.99])
@pytest.mark.parametrize(
    ("held", "decided"),
    [(0, 1), (1, 1), (1, 3), (2, 3), (7, 11), (18, 20), (250, 251), (900, 4000)],
)
def test_statsmodels_gives_the_same(level, held, decided):
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(held, decided, alpha=1 - level, method="wilson")

    interval = wilson(held, decided, level=level)

    assert interval.low == pytest.approx(low, abs=1e-9)
    assert interval.high == pytest.approx(high, abs=1e-9)


def test_nothing_is_known_from_no_trials():
    assert wilson(0, 0) == Interval(0.0, 1.0)


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
    """What holds for every count."""

    @given(counts())
    def test_an_interval_lies_in_0_to_1_and_holds_the_share_that_was_seen(self, count):
        held, decided = count
        interval = wilson(held, decided)

        assert 0 <= interval.low <= held / decided + 1e-12
        assert held / decided - 1e-12 <= interval.high <= 1

    @given(counts())
    def test_counting_failures_mirrors_the_interval(self, count):
        held, decided = count

        there, back = wilson(held, decided), wilson(decided - held, decided)

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
    """How often an interval at 95 percent holds the truth."""

    def test_wilson_covers_its_level_on_average_over_all_counts(self):
        trials, truths = 25, [i / 40 for i in range(2, 39)]
        intervals = [wilson(k, trials) for k in range(trials + 1)]
        covered = [
            math.comb(trials, k) * truth**k * (1 - truth) ** (trials - k)
            for truth in truths
            for k, interval in enumerate(intervals)
            if truth in interval
        ]

        assert 0.93 < math.fsum(covered) / len(truths) < 0.975

    def test_wilson_covers_its_level_in_a_simulation(self):
        random = Random(7)  # seeded: the same thousand speakers each time
        hits = 0
        for _ in range(1000):
            truth, decided = random.uniform(0.1, 0.9), random.randint(10, 60)
            held = sum(random.random() < truth for _ in range(decided))
            hits += truth in wilson(held, decided)

        assert 0.93 < hits / 1000 < 0.97
