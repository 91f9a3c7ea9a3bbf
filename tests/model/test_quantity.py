from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.errors import FieldError
from claimtrack.model.quantity import Comparison, Range, Test, number, quantity
from claimtrack.model.span import Answer

YES, NO, MAYBE = Answer.YES, Answer.NO, Answer.MAYBE


def put(comparison, value, observed, **options):
    return Test(comparison=comparison, value=value, **options).passes(quantity(observed))


class TestPasses:
    """A number passes or not; a range passes if all of it does, and not if none of it does."""

    @pytest.mark.parametrize(
        ("comparison", "answers"),
        [
            # for 1, 2, 3, [1, 2], [2, 3], [1, 3] against 2
            ("at_least", (NO, YES, YES, MAYBE, YES, MAYBE)),
            ("at_most", (YES, YES, NO, YES, MAYBE, MAYBE)),
            ("above", (NO, NO, YES, NO, MAYBE, MAYBE)),
            ("below", (YES, NO, NO, MAYBE, NO, MAYBE)),
            ("equals", (NO, YES, NO, MAYBE, MAYBE, MAYBE)),
        ],
    )
    def test_the_ends_count_as_their_words_say(self, comparison, answers):
        observed = (1, 2, 3, (1, 2), (2, 3), (1, 3))

        assert tuple(put(comparison, 2, one) for one in observed) == answers

    def test_both_ends_of_between_pass(self):
        observed = (0, 1, 3, 4, (1, 3), (0, 1), (3, 4), (4, 5), (0, 4))

        assert [put("between", (1, 3), one) for one in observed] == [
            *(NO, YES, YES, NO, YES, MAYBE, MAYBE, NO, MAYBE)
        ]

    def test_a_tolerance_is_inclusive_and_exact(self):
        near = {"value": 0.3, "tolerance": Decimal("0.1")}

        assert put("equals", observed=0.2, **near) is YES
        assert put("equals", observed=0.4, **near) is YES
        assert put("equals", observed=Decimal("0.4000000000000000000000000000001"), **near) is NO

    def test_the_largest_and_the_smallest_numbers_are_added_exactly(self):
        huge, tiny = Decimal("9" * 100 + "E300"), Decimal("1E-300")
        test = Test(comparison="equals", value=huge, tolerance=tiny)

        assert test.passes(huge) is YES
        assert test.passes(number(-1)) is NO
        assert test.bounds()[1] > huge > test.bounds()[0]

    @given(st.sampled_from([c for c in Comparison if c is not Comparison.BETWEEN]), st.data())
    def test_a_range_answers_as_all_the_numbers_in_it_together(self, comparison, data):
        bound, *ends = (data.draw(st.integers(-4, 4)) for _ in range(3))
        low, high = sorted(ends)
        halves = [Decimal(n) / 2 for n in range(2 * low, 2 * high + 1)]

        singles = {put(comparison, bound, one) for one in halves}

        together = singles.pop() if len(singles) == 1 else MAYBE
        assert put(comparison, bound, (low, high)) is together


class TestNumbers:
    def test_a_float_is_its_shortest_text(self):
        assert number(0.1) == Decimal("0.1")

    @pytest.mark.parametrize(
        ("value", "told"),
        [
            (True, "CT101 true has the wrong type; expected a number"),
            ("one", "CT101 'one' has the wrong type; expected a number"),
            (
                "1,5",
                "CT101 '1,5' has the wrong type; expected a number\n    hint: write 1.5",
            ),
            (Decimal("NaN"), "CT104 nan is not finite; expected a number"),
            (float("inf"), "CT104 infinity is not finite; expected a number"),
            (
                Decimal("1E+301"),
                (
                    "CT104 1e+301 is out of bounds; expected at most 100 digits "
                    "and powers of ten up to 300"
                ),
            ),
        ],
    )
    def test_others_are_refused(self, value, told):
        with pytest.raises(FieldError) as caught:
            number(value)

        assert str(caught.value) == told

    @pytest.mark.parametrize("value", [10**100, -(10**100), Decimal("1" * 101), Decimal("1E-301")])
    def test_one_digit_or_power_more_than_is_allowed_is_too_much(self, value):
        with pytest.raises(FieldError, match="out of bounds"):
            number(value)

    @pytest.mark.parametrize("value", [10**100 - 1, Decimal("1" * 100), Decimal("1E-300")])
    def test_as_many_as_are_allowed_are_not(self, value):
        assert number(value) == value


class TestRanges:
    def test_its_ends_may_be_one_number(self):
        assert quantity([2, 2.0]) == Range(2, 2)
        assert str(quantity((1, 2.5))) == "1 to 2.5"

    @pytest.mark.parametrize(
        ("value", "told"),
        [
            ([1], "CT101 [1] is not a range; expected [low, high]"),
            ([2, 1], "CT104 [2, 1] runs backwards; expected [low, high]"),
            (
                [1, "two"],
                "CT101 'two' has the wrong type; expected a number",
            ),
        ],
    )
    def test_what_is_none_is_refused(self, value, told):
        with pytest.raises(FieldError) as caught:
            quantity(value)

        assert str(caught.value) == told


class TestTests:
    @pytest.mark.parametrize(
        ("options", "told"),
        [
            (
                {"comparison": "more", "value": 1},
                (
                    "CT103 comparison 'more' is not known; "
                    "expected one of at_least, at_most, above, below, equals, between"
                ),
            ),
            (
                {"comparison": "between", "value": 1},
                "CT304 between 1 does not fit; expected [low, high]",
            ),
            (
                {"comparison": "above", "value": [1, 2]},
                "CT304 above Range(low=1, high=2) does not fit; expected a number",
            ),
            (
                {"comparison": "above", "value": 1, "tolerance": 1},
                "CT304 tolerance goes with 'equals'; this test is 'above'",
            ),
            (
                {"comparison": "equals", "value": 1, "tolerance": -1},
                "CT104 tolerance -1 is negative; expected 0 or more",
            ),
        ],
    )
    def test_what_does_not_go_together_is_refused(self, options, told):
        with pytest.raises(FieldError) as caught:
            Test(**options)

        assert str(caught.value) == told
