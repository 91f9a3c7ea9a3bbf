"""Keys of numbers sort as the numbers do."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from claimtrack.bulk.rows import key, keys_of_test, keys_of_value, state_text
from claimtrack.model.quantity import Range, Test

NUMBERS = st.one_of(
    st.integers(-(10**99), 10**99),
    st.integers(-200, 200),
    st.decimals(-5, 5, places=3),
    st.builds(
        lambda digits, power: Decimal(digits).scaleb(power),
        st.integers(-(10**20), 10**20),
        st.integers(-280, 270),
    ),
)


@given(NUMBERS, NUMBERS)
def test_keys_compare_as_the_numbers_do(one, other):
    assert (key(one) < key(other)) is (one < other)
    assert (key(one) == key(other)) is (one == other)


def test_equal_numbers_have_one_key_however_they_are_written():
    assert key(Decimal("2.50")) == key(Decimal("2.5")) == key(Decimal("0.25E1"))
    assert key(0) == key(Decimal("-0.00")) == "b"
    assert key(1200) == key(Decimal("1.2E3"))


@given(NUMBERS)
def test_keys_are_small_letters_only(number):
    assert key(number).isascii()
    assert key(number).isalpha()
    assert key(number).islower()


def test_a_range_has_the_keys_of_its_ends():
    assert keys_of_value(Range(1, 3)) == (key(1), key(3))
    assert keys_of_value(2) == (key(2), key(2))


def test_a_test_has_the_keys_of_its_ends_and_says_if_they_pass():
    near = Test(comparison="equals", value=2, tolerance=Decimal("0.5"))

    assert keys_of_test(near) == (key(Decimal("1.5")), key(Decimal("2.5")), False)
    assert keys_of_test(Test(comparison="above", value=2)) == (key(2), None, True)
    assert keys_of_test(Test(comparison="at_most", value=2)) == (None, key(2), False)


def test_a_text_that_says_true_is_not_the_truth_value():
    assert state_text("true") != state_text(True)
