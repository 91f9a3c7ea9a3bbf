"""Days that a user is given read as ISO 8601 and count as numbers."""

import json
import pickle
from datetime import date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from claimtrack import CivilDay, FieldError, SpanError, loads

TEXT = """
[[speaker]]
id = "ada"
[[source]]
id = "post"
published = 2019-05-10
[[fact]]
id = "launch"
kind = "event"
[[evidence]]
id = "report"
source = "post"
fact = "launch"
happened = 2019-05-01
[[claim]]
id = "it"
speaker = "ada"
said = 2019-01-01
source = "post"
quote = "It will fly."
criterion = { event = "launch", by = 2019-06-30 }
[[claim.reading]]
name = "in spring"
criterion = { event = "launch", by = 2019-05-31 }
"""


@given(st.dates())
def test_a_civil_day_reads_as_its_date_and_counts_as_its_ordinal(day):
    civil = CivilDay(day.toordinal())

    assert str(civil) == f"{civil}" == day.isoformat()
    assert repr(civil) == f"CivilDay({day.isoformat()})"
    assert civil.date() == day
    assert civil == day.toordinal()
    assert (civil.year, civil.month, civil.day) == (day.year, day.month, day.day)


@given(st.dates(), st.dates())
@example(date.min, date.max)
@example(date.max, date.min)
def test_it_equals_sorts_and_hashes_as_a_date(day, other):
    civil = CivilDay(day.toordinal())

    assert (civil == other, other == civil) == (day == other, day == other)
    assert (civil != other, other != civil) == (day != other, day != other)
    assert (civil < other, other < civil) == (day < other, other < day)
    assert (civil <= other, other <= civil) == (day <= other, other <= day)
    assert (civil > other, other > civil) == (day > other, other > day)
    assert (civil >= other, other >= civil) == (day >= other, other >= day)
    assert hash(civil) == hash(day)
    assert {day: "found"}[civil] == {civil: "found"}[day] == "found"


@given(st.integers(-(10**12), 10**12), st.integers(-(10**12), 10**12))
def test_equal_days_hash_alike_in_any_year(one, other):
    assert (CivilDay(one) == CivilDay(other)) == (one == other)
    assert hash(CivilDay(one)) == hash(CivilDay(one))


def test_a_date_with_a_time_is_no_day():
    assert CivilDay(date(2019, 12, 2).toordinal()) != datetime(2019, 12, 2)  # noqa: DTZ001


def test_what_is_reckoned_with_it_is_a_number():
    day = CivilDay(date(2019, 12, 2).toordinal())

    assert (day + 14) - day == 14
    assert f"{day:d}" == json.dumps(day) == "737395"


@pytest.mark.parametrize(("ordinal", "text"), [(0, "0000-12-31"), (4_389_485, "Y12019-01-01")])
def test_it_reads_in_years_that_a_date_cannot_hold(ordinal, text):
    day = CivilDay(ordinal)

    assert str(day) == text
    with pytest.raises(ValueError, match=r"year|ordinal"):
        day.date()


def test_it_comes_through_a_pickle():
    day = pickle.loads(pickle.dumps(CivilDay(737395)))  # noqa: S301 - our own bytes

    assert (type(day), str(day)) == (CivilDay, "2019-12-02")


def test_every_day_of_a_verdict_reads_as_one():
    verdict = loads(TEXT).audit(as_of="2019-05-10")["it"]

    days = [verdict.due, verdict.decided_on, verdict.readings[0].due]

    assert list(map(str, days)) == ["2019-06-30", "2019-05-10", "2019-05-31"]


def test_every_day_of_a_history_a_replay_and_an_explanation_reads_as_one():
    registry = loads(TEXT)
    explanation = registry.explain("it", as_of="2019-05-11")
    (item,) = explanation.items
    (exhibit,) = explanation.steps.exhibits

    days = [change.day for change in registry.history("it").changes]
    days += [counts.day for counts in registry.replay(["2019-05-02"])]
    days += [explanation.as_of, item.known_from, explanation.steps.high, exhibit.first]

    assert list(map(str, days)) == [
        *("2019-01-01", "2019-05-10", "2019-05-02"),
        *("2019-05-11", "2019-05-10", "2019-06-30", "2019-05-01"),
    ]


@pytest.mark.parametrize(
    "given_as",
    [str, CivilDay.date, CivilDay, int],
    ids=["text", "date", "civil day", "ordinal"],
)
def test_a_history_and_a_replay_can_be_asked_about_a_day_in_each_form(given_as):
    registry = loads(TEXT)
    history, replay = registry.history("it"), registry.replay(["2019-12-31"])
    day = given_as(history.changes[1].day)

    assert history.at(day).status.value == "held"
    assert history.between(day, day) == history.changes[1:]
    assert replay.outcome("it", day).status.value == "held"


def test_a_day_that_a_verdict_gave_can_be_asked_about():
    registry = loads(TEXT)
    decided = registry.audit("2020-01-01")["it"].decided_on

    assert registry.audit(decided)["it"].status.value == "held"
    assert registry.explain("it", decided).as_of == decided


@pytest.mark.parametrize("day", ["2019", "2019-05", "2019-05-10T12:00:00Z"])
def test_what_is_not_one_full_day_is_refused(day):
    history = loads(TEXT).history("it")

    with pytest.raises(FieldError) as caught:
        history.at(day)

    assert str(caught.value) == f"CT102 '{day}' is not one full day; expected YYYY-MM-DD"


def test_a_year_as_a_number_is_no_day_to_audit():
    with pytest.raises(SpanError, match="cannot be of type int"):
        loads(TEXT).audit(2019)


def test_a_history_iterates_over_its_changes():
    history = loads(TEXT).history("it")

    assert tuple(history) == history.changes
    assert len(history) == 2
