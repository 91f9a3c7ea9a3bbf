"""Forecasts that change while a question is open."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.errors import FieldError
from claimtrack.score import Stretch, at_close, coverage, stretches, time_averaged

HISTORIES = st.lists(st.tuples(st.integers(-5, 15), st.floats(0, 1)), max_size=8)


def naive(history, day):
    """Find, forecast by forecast, what stood on *day*."""
    standing = None
    best = None
    for moment, forecast in history:
        if moment <= day and (best is None or moment >= best):
            best, standing = moment, forecast
    return standing


@given(HISTORIES)
def test_what_stands_on_a_day_is_the_last_forecast_up_to_it(history):
    found = {}
    for stretch in stretches(history, opened=0, closed=10):
        for day in range(int(stretch.start), int(stretch.end)):
            found[day] = stretch.forecast

    assert [found.get(day) for day in range(10)] == [naive(history, day) for day in range(10)]


@given(HISTORIES)
def test_coverage_is_the_share_of_days_with_a_forecast(history):
    days = [day for day in range(10) if naive(history, day) is not None]

    assert coverage(history, opened=0, closed=10) == pytest.approx(len(days) / 10)


@given(HISTORIES)
def test_the_average_over_time_is_the_average_over_covered_days(history):
    scores = [naive(history, day) for day in range(10) if naive(history, day) is not None]
    expected = sum(scores) / len(scores) if scores else None

    assert time_averaged(history, float, opened=0, closed=10) == pytest.approx(expected)


@given(HISTORIES)
def test_what_counts_at_the_close_is_the_last_forecast_before_it(history):
    assert at_close(history, closed=10) == naive(history, 9)


def test_a_forecast_at_the_close_does_not_count():
    history = [(0, 0.2), (10, 0.99)]

    assert at_close(history, closed=10) == 0.2
    assert stretches(history, opened=0, closed=10) == (Stretch(0, 10, 0.2),)


def test_of_two_at_one_moment_the_later_in_the_sequence_stands():
    history = [(1, 0.2), (1, 0.9)]

    assert at_close(history, closed=10) == 0.9
    assert stretches(history, opened=0, closed=10) == (Stretch(1, 10, 0.9),)


def test_days_and_times_of_day_measure_alike():
    opened, closed = date(2018, 1, 1), date(2018, 1, 11)
    noon = datetime(2018, 1, 6, 14, tzinfo=timezone(timedelta(hours=2)))

    assert coverage([(date(2018, 1, 6), 0.5)], opened=opened, closed=closed) == 0.5
    assert coverage([(noon, 0.5)], opened=opened, closed=closed) == pytest.approx(0.45)


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (
            lambda: coverage([], opened=1, closed=1),
            "CT104 a question from 1 to 1 is never open",
        ),
        (
            lambda: at_close([(datetime(2018, 1, 1), 0.5)], closed=1),  # noqa: DTZ001
            "CT104 moment 2018-01-01T00:00:00 has no time zone; expected one",
        ),
        (
            lambda: at_close([], closed=float("nan")),
            "CT104 moment nan is not a number",
        ),
    ],
)
def test_a_time_that_is_none_is_refused(call, text):
    with pytest.raises(FieldError) as caught:
        call()

    assert str(caught.value) == text


def test_nothing_stands_before_the_first_forecast():
    assert at_close([], closed=datetime(2018, 1, 1, tzinfo=UTC)) is None
    assert time_averaged([], float, opened=0, closed=1) is None
