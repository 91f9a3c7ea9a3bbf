"""What comes and goes in the course of a claim, and what is told as the cause."""

import pytest

from claimtrack import loads
from claimtrack.engine.evidence import NEVER, Item
from claimtrack.engine.timeline import happenings_of, turning_days
from claimtrack.model.span import day_text
from tests.registries import SPACEFLIGHT, flies


def item(name, known_from, withdrawn_from=NEVER, superseders=()):
    return Item(
        id=name,
        witness="Post",
        rank=2,
        known_from=known_from,
        withdrawn_from=withdrawn_from,
        first=1,
        last=5,
        denies=False,
        dated=True,
        value=None,
        stance=None,
        superseders=tuple(superseders),
    )


def events(one):
    return [
        (event.day, " ".join(filter(None, (event.cause.kind, event.cause.by))), event.is_coming)
        for event in happenings_of(one, "launch")
    ]


@pytest.mark.parametrize(("first", "second"), ["ab", "ba"])
def test_the_cause_is_the_report_that_supersedes_on_that_day(first, second):
    one = item("x", 990, 1040, [item(first, 1000, 1010), item(second, 1020, 1030)])

    assert events(one) == [
        (990, "known", True),
        (1000, f"superseded {first}", False),
        (1010, f"counts-again {first}", True),
        (1020, f"superseded {second}", False),
        (1030, f"counts-again {second}", True),
        (1040, "withdrawn", False),
    ]


@pytest.mark.parametrize("names", ["ab", "ba"])
def test_of_two_that_supersede_on_one_day_the_first_by_id_is_the_cause(names):
    # Days that are equal, and not one object each.
    one = item("x", 990, NEVER, [item(name, int("1000"), int("1010")) for name in names])

    assert events(one)[1:] == [(1000, "superseded a", False), (1010, "counts-again a", True)]


def test_a_report_that_is_withdrawn_on_the_day_on_which_it_becomes_known_never_counts():
    # Days that are equal, and not one object.
    assert events(item("x", 1000, int("1000"))) == events(item("x", 1001, 1000)) == []


TEXT = SPACEFLIGHT + flies("")


def report(name, told, published, withdrawn=None):
    end = f'withdrawn = {withdrawn}\nwithdrawn_because = "x"\n' if withdrawn else ""
    return f'[[evidence]]\nid = "{name}"\nsource = "post"\n{told}\npublished = {published}\n{end}'


def changes(text):
    found = loads(text).history("it").changes
    return [(day_text(change.day), change.status.value) for change in found]


def test_a_claim_is_overdue_when_the_last_of_three_reports_is_withdrawn():
    coarse = 'fact = "launch"\nhappened = "2018-12/2019-03"'
    criterion = 'criterion = { event = "launch", during = "2019-02" }\n'
    ends = ("2019-06-01", "2019-06-02", "2019-06-03")
    told = [report(f"e{n}", coarse, "2019-04-01", end) for n, end in enumerate(ends)]

    assert changes(TEXT + criterion + "".join(told)) == [
        ("2019-01-01", "pending"),
        ("2019-03-01", "overdue"),
        ("2019-04-01", "not-enough-evidence"),
        ("2019-06-03", "overdue"),
    ]


def test_a_report_on_other_days_is_some_evidence_until_it_is_withdrawn():
    other = 'fact = "open"\nvalue = true\nwhen = 2019-03-01'
    criterion = 'criterion = { state = "open", is = true, throughout = "2019-02" }\n'

    assert changes(TEXT + criterion + report("e", other, "2019-04-01", "2019-06-01")) == [
        ("2019-01-01", "pending"),
        ("2019-03-01", "overdue"),
        ("2019-04-01", "not-enough-evidence"),
        ("2019-06-01", "overdue"),
    ]


@pytest.mark.parametrize(
    ("last", "after"), [("2019-06-29", "2019-06-30"), ("2019-06-30", "2019-07-01")]
)
def test_samples_count_from_the_day_after_their_span(last, after):
    asked = f'{{ state = "open", is = true, throughout = "2019-01-01/{last}", samples = 1 }}'
    told = 'fact = "open"\nvalue = true\nwhen = 2019-02-01'
    text = f"{TEXT}criterion = {asked}\n{report('e', told, '2019-02-02')}"

    assert changes(text) == [("2019-01-01", "pending"), (after, "held")]
    registry = loads(text)
    days = turning_days(registry.claims["it"], registry.index())
    assert [day_text(day) for day in days] == ["2019-01-01", "2019-02-02", after]


def test_a_claim_turns_when_the_span_of_its_samples_is_over_and_when_it_is_due():
    asked = '{ state = "open", is = true, throughout = "2019-01/2019-06", samples = 2 }'
    registry = loads(f"{TEXT}criterion = {asked}\ndue = 2019-09-30\n")

    days = turning_days(registry.claims["it"], registry.index())

    assert [day_text(day) for day in days] == ["2019-01-01", "2019-07-01", "2019-10-01"]


def test_only_samples_turn_a_claim_when_their_span_is_over():
    asked = '{ state = "open", is = true, throughout = "2019-01/2019-06" }'
    registry = loads(f"{TEXT}criterion = {asked}\ndue = 2019-09-30\n")

    days = turning_days(registry.claims["it"], registry.index())

    assert [day_text(day) for day in days] == ["2019-01-01", "2019-10-01"]


def test_a_claim_turns_with_its_reports_its_grace_and_its_annulment():
    claim = (
        'criterion = { event = "launch", by = 2019-06-30 }\ngrace = 3\n'
        'annulled = 2020-01-01\nannulled_because = "x"\n'
        '[[claim.reading]]\nname = "early"\n'
        'criterion = { event = "launch", by = 2019-03-31 }\n'
    )
    told = 'fact = "launch"\nhappened = "2018-12"'
    reports = [
        report("before", told, "2018-12-31"),
        report("on", told, "2019-01-01"),
        report("after", told, "2019-05-01", "2019-05-20"),
        report("never", told, "2019-05-01").replace("published = 2019-05-01\n", ""),
    ]
    registry = loads(TEXT + claim + "".join(reports))

    days = turning_days(registry.claims["it"], registry.index())

    assert [day_text(day) for day in days] == [
        *("2019-01-01", "2019-04-04", "2019-05-01", "2019-05-20", "2019-07-04", "2020-01-01"),
    ]


def test_a_history_between_two_days_has_the_changes_on_both():
    criterion = 'criterion = { event = "launch", by = 2019-06-30 }\n'
    told = report("e", 'fact = "launch"\nhappened = 2019-02-01', "2019-02-02", "2019-03-01")
    history = loads(TEXT + criterion + told).history("it")
    days = [change.day for change in history.changes]

    assert [day_text(day) for day in days] == [
        *("2019-01-01", "2019-02-02", "2019-03-01", "2019-07-01")
    ]
    assert history.between(days[1], days[2]) == history.changes[1:3]
    # Days that are equal, and not one object each.
    assert history.between(days[0] - 1 + 1, days[1] + 1 - 1) == history.changes[:2]
    assert history.between(days[0] + 1, days[3] - 1) == history.changes[1:3]


def test_each_reading_is_late_by_its_own_days():
    claim = (
        'criterion = { event = "launch", by = 2019-06-30 }\n'
        '[[claim.reading]]\nname = "early"\n'
        'criterion = { event = "launch", by = 2019-06-20 }\n'
    )
    denial = 'fact = "launch"\nnot_happened = "../2019-06-30"'
    told = report("no", denial, "2019-07-01")
    told += report("late", 'fact = "launch"\nhappened = 2019-07-03', "2019-07-05")

    change = loads(TEXT + claim + told).history("it").changes[-1]

    assert (change.late_days, change.readings[0].late_days) == (3, 13)
