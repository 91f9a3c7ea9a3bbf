from datetime import UTC, date, datetime

import pytest

from tests.oracle.spans import OPEN_END, OPEN_START, covers, read, within


def days(first: str, last: str) -> tuple[int, int]:
    """Return the ordinals of two days."""
    return (date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal())


CLOSED = [
    ("2019-12-02", "2019-12-02", "2019-12-02"),
    ("2019-12-02~", "2019-12-02", "2019-12-02"),
    ("2019-12", "2019-12-01", "2019-12-31"),
    ("2019-02%", "2019-02-01", "2019-02-28"),
    ("2020-02", "2020-02-01", "2020-02-29"),
    ("2019", "2019-01-01", "2019-12-31"),
    ("2019?", "2019-01-01", "2019-12-31"),
    ("201X", "2010-01-01", "2019-12-31"),
    ("20XX", "2000-01-01", "2099-12-31"),
    ("2019-XX", "2019-01-01", "2019-12-31"),
    ("2019-XX-XX", "2019-01-01", "2019-12-31"),
    ("2019-12-XX", "2019-12-01", "2019-12-31"),
    ("2019-21", "2019-03-01", "2019-05-31"),
    ("2019-22", "2019-06-01", "2019-08-31"),
    ("2019-23", "2019-09-01", "2019-11-30"),
    ("2019-24", "2019-12-01", "2020-02-29"),
    ("2019-33", "2019-01-01", "2019-03-31"),
    ("2019-34", "2019-04-01", "2019-06-30"),
    ("2019-35", "2019-07-01", "2019-09-30"),
    ("2019-36", "2019-10-01", "2019-12-31"),
    ("2019-37", "2019-01-01", "2019-04-30"),
    ("2019-38", "2019-05-01", "2019-08-31"),
    ("2019-39", "2019-09-01", "2019-12-31"),
    ("2019-40", "2019-01-01", "2019-06-30"),
    ("2019-41", "2019-07-01", "2019-12-31"),
    ("2018/2019-03", "2018-01-01", "2019-03-31"),
    ("[2018-05,2019-03-04]", "2018-05-01", "2019-03-04"),
    ("[2019-03-04,2018-05]", "2018-05-01", "2019-03-04"),
    ("[2018..2019]", "2018-01-01", "2019-12-31"),
]


@pytest.mark.parametrize(("text", "first", "last"), CLOSED, ids=[row[0] for row in CLOSED])
def test_a_closed_text_has_its_two_ends(text: str, first: str, last: str) -> None:
    """'A **span** is what is known of one day: the earliest and the latest day'."""
    assert read(text) == days(first, last)


@pytest.mark.parametrize("text", ["2019/..", "2019/"])
def test_a_missing_or_dotted_end_is_open(text: str) -> None:
    """'`a/..`, `../b`, `a/` and `/b` (read as open)'."""
    assert read(text) == (days("2019-01-01", "2019-01-01")[0], OPEN_END)


@pytest.mark.parametrize("text", ["../2019", "/2019"])
def test_a_missing_or_dotted_start_is_open(text: str) -> None:
    """'`a/..`, `../b`, `a/` and `/b` (read as open)'."""
    assert read(text) == (OPEN_START, days("2019-12-31", "2019-12-31")[0])


@pytest.mark.parametrize(
    "text", ["soon", "2019-13", "2019-25", "2019-02-30", "2X19", "{2018,2019}", "2020/2019", ""]
)
def test_what_is_not_supported_is_an_error(text: str) -> None:
    """'What is not supported is a clear error, never a guess.'"""
    with pytest.raises(ValueError):  # noqa: PT011 - which text it carries is not the rules' affair
        read(text)


def test_a_toml_date_is_the_same_as_its_text() -> None:
    """'A TOML date is the same as its text.'"""
    assert read(date(2019, 12, 2)) == read("2019-12-02")


def test_a_moment_is_the_civil_day_of_the_zone() -> None:
    """'A date-time with an offset becomes the civil day in the zone that applies'."""
    moment = datetime(2019, 12, 2, 22, 30, tzinfo=UTC)

    assert read(moment, "Europe/Moscow") == days("2019-12-03", "2019-12-03")
    assert read(moment, "America/New_York") == days("2019-12-02", "2019-12-02")


def test_a_moment_without_a_zone_is_every_day_that_it_is_on_earth() -> None:
    """'the span of every civil day that it is anywhere on Earth (UTC-12 to UTC+14)'."""
    assert read("2019-12-02T10:30:00Z") == days("2019-12-01", "2019-12-03")
    assert read("2019-12-02T12:30:00Z") == days("2019-12-02", "2019-12-03")
    assert read("2019-12-02T09:30:00Z") == days("2019-12-01", "2019-12-02")
    assert read("2019-12-02T22:30:00+10:00") == days("2019-12-02", "2019-12-03")


def test_a_year_before_the_calendar_of_the_library_is_a_day_too() -> None:
    """'Time is civil days, proleptic Gregorian.'"""
    assert read("0000-12-31")[0] == 0
    assert read("0000-01-01")[0] == -365


@pytest.mark.parametrize(
    ("span", "answer"),
    [
        ("2019-11-30", "yes"),
        ("2019-12-01", "no"),
        ("2019", "maybe"),
        ("2018", "yes"),
        ("2019-11/..", "maybe"),
        ("2019-12/..", "no"),
        ("../2019-11", "yes"),
    ],
)
def test_order_is_three_valued(span: str, answer: str) -> None:
    """'`2019` before `2019-12-01` is *maybe*.'"""
    assert within(read(span), read("../2019-11-30")) == answer


def test_a_window_covers_another_when_it_holds_each_of_its_days() -> None:
    """'A **window** is a span read as every day from its earliest to its latest.'"""
    assert covers(read("2019"), read("2019-12"))
    assert not covers(read("2019"), read("2019/2020-01-01"))
    assert not covers(read("2019/2025"), read("2019/.."))
