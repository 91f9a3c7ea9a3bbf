"""Cells as people type them: days, numbers, addresses, and ids made from texts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack import FieldError
from claimtrack.exchange.cells import addresses, archived, day, number, slug, unique, words


@pytest.mark.parametrize(
    ("text", "order", "span"),
    [
        ("2020-04-03", None, "2020-04-03"),
        ("2020-04", None, "2020-04"),
        ("2020", None, "2020"),
        ("'2020", None, "2020"),
        ("2019-36", None, "2019-36"),
        ("2020/2021", None, "2020/2021"),
        ("2020-04-03 00:00:00", None, "2020-04-03"),
        ("2020-04-03T10:30:00Z", None, "2020-04-03"),
        ("3/4/2020", "dmy", "2020-04-03"),
        ("3/4/2020", "mdy", "2020-03-04"),
        ("03.04.2020", "dmy", "2020-04-03"),
        ("3/3/2020", None, "2020-03-03"),
        ("25/12/2020", None, "2020-12-25"),
        ("12-25-2020", None, "2020-12-25"),
        ("2020/4/3", None, "2020-04-03"),
        ("3 April 2020", None, "2020-04-03"),
        ("3\u00a0April\u00a02020", None, "2020-04-03"),
        ("3rd of April 2020", None, "2020-04-03"),
        ("Apr 3, 2020", None, "2020-04-03"),
        ("Sept. 2020", None, "2020-09"),
    ],
)
def test_a_day_is_read_as_people_write_it(text, order, span):
    assert day(text, order) == span


NO_DAY = "is no day; expected a day such as 2021-02-28, or 2021-02"


@pytest.mark.parametrize(
    ("text", "order", "code", "message"),
    [
        ("31/2/2021", None, "CT363", f"31/2/2021 {NO_DAY}"),
        ("31/2/2021", "dmy", "CT363", f"31/2/2021 {NO_DAY}"),
        ("12/25/2020", "dmy", "CT363", f"12/25/2020 {NO_DAY}"),
        ("30 February 2021", None, "CT363", f"30 February 2021 {NO_DAY}"),
        ("soon", None, "CT363", f"soon {NO_DAY}"),
        ("=TODAY()", None, "CT363", f"=TODAY() {NO_DAY}"),
        (
            "3-4-2020",
            None,
            "CT364",
            (
                '3-4-2020 may be 2020-04-03 or 2020-03-04; say which with date_order = "dmy" or '
                '"mdy" in the mapping'
            ),
        ),
        (
            "3/4/20",
            "dmy",
            "CT363",
            "3/4/20 has no year of four digits; expected a day such as 2021-02-28",
        ),
        (
            "43831",
            None,
            "CT363",
            (
                "43831 may be a serial day, 2020-01-01; expected a day such as 2020-01-01, so "
                "format the column as text or as a date"
            ),
        ),
        (
            "2021-22",
            None,
            "CT363",
            "2021-22 is a season in EDTF, and most often two years are meant; expected 2021/2022",
        ),
    ],
)
def test_what_is_no_day_or_may_be_two_is_refused(text, order, code, message):
    with pytest.raises(FieldError) as caught:
        day(text, order)

    assert (caught.value.code, caught.value.message) == (code, message)


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("1234", None, "1234"),
        ("1,234,567", None, "1234567"),
        ("1 234 567", None, "1234567"),
        ("1\u00a0234,5", None, "1234.5"),
        ("1\u202f234", None, "1234"),
        ("1’234.5", None, "1234.5"),
        ("'38", None, "38"),
        ("1.234,5", None, "1234.5"),
        ("1,234.5", None, "1234.5"),
        ("1,234", ".", "1234"),
        ("1,234", ",", "1.234"),
        ("0.123", None, "0.123"),
        ("\u22125", None, "-5"),
    ],
)
def test_a_number_is_read_exactly(text, decimal, value):
    assert number(text, decimal) == Decimal(value)


@pytest.mark.parametrize("text", ["1,234", "1.234", "abc", "=1+1", "1,23,4.5", "12 34", ""])
def test_what_is_no_number_or_may_be_two_is_refused(text):
    with pytest.raises(FieldError) as caught:
        number(text)

    assert caught.value.code == "CT365"


def test_addresses_are_found_between_spaces_semicolons_and_commas():
    assert addresses(" https://a.example/x; https://b.example/y,z\nhttp://c.example ") == (
        "https://a.example/x",
        "https://b.example/y,z",
        "http://c.example",
    )
    assert addresses("Speech in Ohio") == ()


@pytest.mark.parametrize("text", ["ftp://a.example/x", "https:///x", "see https://a.example"])
def test_what_is_no_address_of_a_page_is_refused(text):
    with pytest.raises(FieldError) as caught:
        addresses(text)

    assert caught.value.code == "CT368"


def test_a_copy_in_the_wayback_machine_tells_its_original():
    assert (
        archived("https://web.archive.org/web/2016id_/http://a.example/x") == "http://a.example/x"
    )
    assert archived("https://a.example/x") is None


def test_an_apostrophe_that_only_marks_a_text_is_dropped():
    assert [words("'=SUM(A1)"), words("'Tis"), words("=SUM(A1)")] == [
        "=SUM(A1)",
        "'Tis",
        "=SUM(A1)",
    ]


@given(st.text(max_size=300))
def test_a_slug_is_safe_as_the_name_of_a_file(text):
    made = slug(text)

    assert 1 <= len(made) <= 70
    assert all(one.isalnum() or one == "-" for one in made)
    assert made not in {"con", "nul", "aux", "prn", "com1", "lpt1"}
    assert made[0] != "-"


def test_ids_that_are_taken_get_a_digest_of_their_text():
    taken: set[str] = set()

    made = [unique("a", text, taken) for text in ("x", "y", "y")]

    assert made == ["a", "a-a1fce4", "a-a1fce4-2"]
