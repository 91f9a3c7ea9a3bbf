"""Each change of a claim has one cause, and the order of one day's events decides which."""

import pytest

from claimtrack import NotYetSaidError, loads
from claimtrack.cli.main import main
from claimtrack.model.span import day_text
from tests.registries import SPACEFLIGHT, flies

CLAIM = SPACEFLIGHT + flies('criterion = { event = "launch", by = 2019-06-30 }', id_="it-flies")


def report(name, published, more="", happened="2019-05-01"):
    return f"""
[[evidence]]
id = "{name}"
source = "post"
fact = "launch"
happened = {happened}
published = {published}
{more}
"""


def changes(text):
    """Return day, status and cause of each change, as short texts."""
    history = loads(text).history("it-flies")
    return [
        (
            day_text(change.day),
            change.status.value,
            " ".join(filter(None, (change.cause.kind, change.cause.evidence, change.cause.by))),
        )
        for change in history.changes
    ]


def test_a_reading_that_changes_on_the_same_day_has_a_cause_of_its_own():
    text = (
        CLAIM
        + """
[[claim.reading]]
name = "it is open"
criterion = { state = "open", is = true, throughout = 2019-05-01 }
"""
        + report("a-launch", "2019-05-02")
        + """
[[evidence]]
id = "b-opening"
source = "post"
fact = "open"
value = true
when = 2019-05-01
published = 2019-05-02
"""
    )
    change = loads(text).history("it-flies").changes[-1]

    assert (change.status.value, change.cause.evidence) == ("held", "a-launch")
    assert [cause and cause.evidence for cause in change.reading_causes] == ["b-opening"]


def test_a_report_becomes_known_and_is_withdrawn_before_and_after_the_deadline():
    text = CLAIM + report("first", "2019-05-02", "withdrawn = 2019-08-01")

    assert changes(text) == [
        ("2019-01-01", "pending", "said"),
        ("2019-05-02", "held", "known first"),
        ("2019-08-01", "overdue", "withdrawn first"),
    ]


def test_a_report_is_superseded_and_counts_again_when_its_superseder_is_withdrawn():
    text = (
        CLAIM
        + report("first", "2019-05-02")
        + '\n[[evidence]]\nid = "second"\nsource = "post"\nfact = "open"\nvalue = true\n'
        "when = 2019-05-01\npublished = 2019-05-10\nwithdrawn = 2019-05-20\n"
        'supersedes = ["first"]\n'
    )

    assert changes(text)[1:4] == [
        ("2019-05-02", "held", "known first"),
        ("2019-05-10", "pending", "superseded first second"),
        ("2019-05-20", "held", "counts-again first second"),
    ]


def test_one_report_in_the_place_of_another_on_one_day_changes_nothing():
    text = (
        CLAIM
        + report("first", "2019-05-02", "withdrawn = 2019-05-09")
        + report("second", "2019-05-09", happened="2019-05-03")
    )

    assert changes(text) == [
        ("2019-01-01", "pending", "said"),
        ("2019-05-02", "held", "known first"),
    ]


def test_what_a_day_changes_and_changes_back_has_no_cause():
    text = (
        CLAIM
        + '[[claim.reading]]\nname = "it is open"\n'
        + 'criterion = { state = "open", is = true, throughout = 2019-05-01 }\n'
        + report("first", "2019-05-02", "withdrawn = 2019-05-09")
        + report("second", "2019-05-09", happened="2019-05-03")
        + '[[evidence]]\nid = "opening"\nsource = "post"\nfact = "open"\nvalue = true\n'
        + "when = 2019-05-01\npublished = 2019-05-09\n"
    )

    change = loads(text).history("it-flies").changes[-1]

    assert (day_text(change.day), change.status.value) == ("2019-05-09", "held")
    assert change.readings[0].status.value == "held"
    assert change.cause.evidence == "opening"


def test_the_last_event_of_a_day_that_changes_the_claim_is_its_cause():
    text = (
        CLAIM
        + report("before", "2019-05-02", happened="2019-05-01")
        + report("much-later", "2019-09-09", happened="2019-09-01")
        + report("later", "2019-09-09", happened="2019-08-01")
    )

    assert changes(text)[1:] == [
        ("2019-05-02", "held", "known before"),
        ("2019-09-09", "conflicting", "known later"),
    ]


@pytest.mark.parametrize(
    ("grace", "day", "cause"), [(0, "2019-07-01", "due"), (14, "2019-07-15", "grace-over")]
)
def test_a_claim_without_reports_is_overdue_when_its_time_has_run_out(grace, day, cause):
    assert changes(f"{CLAIM}grace = {grace}\n")[1:] == [(day, "overdue", cause)]


def test_a_claim_is_called_off():
    text = CLAIM + 'annulled = 2019-02-01\nannulled_because = "the rocket was sold"\n'

    assert changes(text)[1:] == [("2019-02-01", "annulled", "annulled")]


@pytest.mark.parametrize(
    ("condition", "reports", "annulled"),
    [
        ("{}", (), ()),
        ("{}", ("true",), ()),
        ("{}", ("false",), ("2019-05-02",)),
        ("{}", ("true", "false"), ()),
        ("{{ not = {} }}", (), ()),
        ("{{ not = {} }}", ("true",), ("2019-05-02",)),
        ("{{ not = {} }}", ("false",), ()),
        ("{{ not = {} }}", ("true", "false"), ()),
    ],
)
def test_a_claim_is_annulled_when_its_condition_is_false(condition, reports, annulled):
    asked = '{ state = "open", is = true, throughout = 2019-05-01 }'
    text = f"{CLAIM}condition = {condition.format(asked)}\n" + "".join(
        f'[[evidence]]\nid = "open-{value}"\nsource = "post"\nfact = "open"\nvalue = {value}\n'
        "when = 2019-05-01\npublished = 2019-05-02\n"
        for value in reports
    )

    found = [(day, status) for day, status, _ in changes(text)]

    assert found == [
        ("2019-01-01", "pending"),
        *([(day, "annulled") for day in annulled] or [("2019-07-01", "overdue")]),
    ]


def test_samples_count_once_their_span_is_over():
    asked = '{ state = "open", is = true, throughout = "2019-01/2019-06", samples = 2 }'
    seen = [
        f'\n[[evidence]]\nid = "sample-{month}"\nsource = "post"\nfact = "open"\nvalue = true\n'
        f"when = 2019-0{month}-01\npublished = 2019-0{month}-02\n"
        for month in (2, 3)
    ]
    text = CLAIM.replace('{ event = "launch", by = 2019-06-30 }', asked) + "".join(seen)

    assert changes(text)[1:] == [("2019-07-01", "held", "samples-over")]


def test_a_change_of_a_reading_alone_is_a_change():
    text = CLAIM + (
        '[[claim.reading]]\nname = "early"\ncriterion = { event = "launch", by = 2019-03-31 }\n'
    )

    assert changes(text) == [
        ("2019-01-01", "pending", "said"),
        ("2019-04-01", "pending", "due"),
        ("2019-07-01", "overdue", "due"),
    ]


def test_a_replay_refuses_a_claim_on_a_day_before_it_was_said():
    registry = loads(CLAIM)
    replay = registry.replay(["2018-12-31", "2019-01-01"])

    assert [counted.not_yet_said for counted in replay] == [1, 0]
    with pytest.raises(NotYetSaidError):
        replay.outcome("it-flies", replay.days[0])


def test_the_command_prints_one_claim_and_all_claims(tmp_path, capsys):
    path = tmp_path / "registry.toml"
    path.write_text(CLAIM + report("first", "2019-05-02"), encoding="utf-8")

    main(["history", "it-flies", str(path), "--format", "csv"])
    one = capsys.readouterr().out
    main(["history", str(path), "--format", "csv", "--from", "2019-02-01"])
    every = capsys.readouterr().out

    assert one.splitlines()[-1] == "it-flies,2019-05-02,,held,,,known,first,"
    assert every.splitlines() == [one.splitlines()[0], one.splitlines()[-1]]


def test_the_command_refuses_three_arguments(capsys):
    assert main(["history", "a", "b", "c"]) == 2
    assert "Got 3 arguments; expected at most two, CLAIM and PATH" in capsys.readouterr().err
