"""What a claim of any kind is on every day."""

import pytest

from claimtrack import loads
from claimtrack.engine.timeline import general_timeline, timeline_of
from claimtrack.model.span import OPEN_END, day_text

TEXT = """
[[speaker]]
id = "ada"
[[source]]
id = "post"
[[fact]]
id = "launch"
kind = "event"
[[evidence]]
id = "launched"
source = "post"
fact = "launch"
happened = 2019-03-10
published = 2019-03-11
[[claim]]
id = "it"
speaker = "ada"
source = "post"
quote = "It will fly."
criterion = { event = "launch", by = 2019-06-30 }
"""


def turns(text):
    """Return the days on which the claim turns by either way, with what it is then."""
    registry = loads(text)
    claim, index = registry.claims["it"], registry.index()
    general = general_timeline(claim, index, OPEN_END)
    assert timeline_of(claim, index, OPEN_END) == general
    return [(day_text(day), outcome.status.value) for day, outcome in general]


@pytest.mark.parametrize("said", ["2019-03-01", '"2019-03"'], ids=["a day", "a month"])
def test_a_claim_begins_on_the_first_day_on_which_it_can_have_been_said(said):
    assert turns(f"{TEXT}said = {said}\n") == [("2019-03-01", "pending"), ("2019-03-11", "held")]


def test_a_claim_begins_with_all_that_was_known_by_then():
    assert turns(f"{TEXT}said = 2019-03-12\n") == [("2019-03-12", "held")]


def test_what_a_claim_was_before_it_was_said_is_not_told():
    text = TEXT.replace("by = 2019-06-30", "by = 2019-02-28").replace("2019-03-10", "2019-06-01")

    found = turns(f"{text.replace('2019-03-11', '2019-06-02')}said = 2019-05-01\n")

    assert found == [("2019-05-01", "overdue"), ("2019-06-02", "not-enough-evidence")]


@pytest.mark.parametrize("annulled", ["2019-03-10", "2019-03-11"])
def test_what_is_reported_of_an_annulled_claim_does_not_bring_it_back(annulled):
    text = f'{TEXT}said = 2019-03-01\nannulled = {annulled}\nannulled_because = "x"\n'

    assert turns(text) == [("2019-03-01", "pending"), (annulled, "annulled")]


def test_a_claim_that_was_annulled_before_it_was_said_is_annulled_from_the_first():
    text = f'{TEXT}said = 2019-03-01\nannulled = 2019-02-01\nannulled_because = "x"\n'

    assert turns(text) == [("2019-03-01", "annulled")]


SOONER = """
[[evidence]]
id = "sooner"
source = "post"
fact = "launch"
happened = 2019-03-05
published = 2019-04-01
"""


def test_by_how_much_a_claim_was_late_before_it_was_said_is_not_told():
    text = TEXT.replace("by = 2019-06-30", "by = 2019-02-28").replace(
        '"event"', '"event"\nonce = true'
    )

    found = turns(f"{text}said = 2019-05-01\n{SOONER}")

    assert found == [("2019-05-01", "late")]


def test_what_makes_a_claim_true_once_more_is_no_turn():
    other = '{ event = "launch", by = 2019-03-08 }'
    text = TEXT.replace("criterion = {", f"criterion = {{ any = [{other}, {{").replace(
        "30 }", "30 }] }"
    )

    found = turns(f"{text}said = 2019-03-01\n{SOONER}")

    assert found == [("2019-03-01", "pending"), ("2019-03-11", "held")]
