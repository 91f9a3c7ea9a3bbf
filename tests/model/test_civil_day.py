"""Days that a user is given read as ISO 8601 and count as numbers."""

import json
import pickle
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack import CivilDay, loads

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
    assert hash(civil) == hash(day.toordinal())


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
