"""The two bits and their connectives, row by row as the rules page states them."""

import itertools

import pytest

from claimtrack.engine.decide import at_least, negated
from claimtrack.model.verdict import CONFLICTING, FALSE, TRUE, UNKNOWN, Truth

ALL = (UNKNOWN, TRUE, FALSE, CONFLICTING)


@pytest.mark.parametrize(
    ("truth", "shown", "refuted", "word"),
    [
        (UNKNOWN, False, False, "unknown"),
        (TRUE, True, False, "true"),
        (FALSE, False, True, "false"),
        (CONFLICTING, True, True, "conflicting"),
    ],
)
def test_a_truth_is_two_bits_with_a_word(truth, shown, refuted, word):
    assert (truth.shown, truth.refuted, truth.word) == (shown, refuted, word)
    assert truth == Truth(shown, refuted)


@pytest.mark.parametrize(
    ("truth", "expected"),
    [(UNKNOWN, UNKNOWN), (TRUE, FALSE), (FALSE, TRUE), (CONFLICTING, CONFLICTING)],
)
def test_not_swaps_the_bits(truth, expected):
    assert negated(truth) == expected


@pytest.mark.parametrize(
    ("needed", "members", "expected"),
    [
        pytest.param(1, [TRUE], TRUE, id="one of one"),
        pytest.param(1, [FALSE, UNKNOWN], UNKNOWN, id="any: one may still hold"),
        pytest.param(1, [FALSE, FALSE], FALSE, id="any: none is left"),
        pytest.param(1, [TRUE, FALSE], TRUE, id="any: one suffices"),
        pytest.param(2, [TRUE, FALSE], FALSE, id="all: one is missing"),
        pytest.param(2, [TRUE, UNKNOWN], UNKNOWN, id="all: one may still fail"),
        pytest.param(2, [TRUE, TRUE], TRUE, id="all: all hold"),
        pytest.param(2, [TRUE, CONFLICTING], CONFLICTING, id="all: one is in conflict"),
        pytest.param(2, [TRUE, FALSE, UNKNOWN], UNKNOWN, id="two of three: still open"),
        pytest.param(2, [TRUE, TRUE, FALSE], TRUE, id="two of three: enough hold"),
        pytest.param(2, [FALSE, FALSE, TRUE], FALSE, id="two of three: too few are left"),
        pytest.param(2, [TRUE, FALSE, CONFLICTING], CONFLICTING, id="two of three: both at once"),
    ],
)
def test_at_least_counts_members_shown_and_members_refuted(needed, members, expected):
    for order in itertools.permutations(members):
        assert at_least(needed, order) == expected


def test_all_and_any_are_each_others_mirror():
    for members in itertools.product(ALL, repeat=3):
        mirrored = negated(at_least(1, map(negated, members)))

        assert at_least(3, members) == mirrored
