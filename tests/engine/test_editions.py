"""A status that was signed by the first edition of the rules, and that only the rules changed."""

import pytest

from claimtrack import Status
from claimtrack.cli.main import main
from claimtrack.engine.signature import fingerprint, is_changed_by_rules
from claimtrack.files.load import loads

TAP = """\
[[speaker]]
id = "anna"

[[source]]
id = "paper"
published = 2019-07-01

[[source]]
id = "late"
published = 2020-06-01

[[fact]]
id = "tap"
kind = "state"

[[evidence]]
id = "shut"
fact = "tap"
source = "paper"
value = false
when = 2019-06-01

[[claim]]
id = "open"
speaker = "anna"
said = 2019-01-01
source = "paper"
quote = "the tap is open all year"
criterion = { state = "tap", is = true, throughout = "2019" }
status = "held"
signed = { on = 2020-01-01, by = "Ann" }
"""
LATER = (
    '\n[[evidence]]\nid = "more"\nfact = "tap"\nsource = "late"\nvalue = false\nwhen = "2019-07"\n'
)
OLD = "signed = { on = 2020-01-01"


def is_changed(text, day="2020-03-01", computed=None):
    audit = loads(text).audit(day)
    claim = audit.records.claims["open"]
    if computed is None:
        return audit.is_changed_by_rules(claim)
    reports = lambda: audit.reports_on(claim)  # noqa: E731 - an argument
    return is_changed_by_rules(claim, computed, reports, audit.records, audit.day)


def test_it_is_suspect_where_nothing_else_changed():
    audit = loads(TAP).audit("2020-03-01")

    assert audit["open"].status is Status.FAILED
    assert audit["open"].marks == ("suspect",)
    assert is_changed(TAP)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        pytest.param(TAP.replace(OLD, f"{OLD}, edition = 2"), "2020-03-01", id="signed by these"),
        pytest.param(TAP.replace('"held"', '"failed"'), "2020-03-01", id="the same status"),
        pytest.param(TAP + LATER, "2020-06-01", id="a report came since"),
        pytest.param(
            TAP.replace("when = 2019-06-01", "when = 2019-06-01\nrecorded = 2020-02-01"),
            "2020-03-01",
            id="a report was entered since",
        ),
        pytest.param(TAP, "2019-12-31", id="before it was signed"),
        pytest.param(
            TAP.replace(OLD, f'{OLD}, fingerprint = "a-b-c-d-e"'), "2020-03-01", id="edited since"
        ),
        pytest.param(
            TAP.replace('kind = "state"', 'kind = "quantity"')
            .replace("value = false", "value = 1")
            .replace('state = "tap", is = true', 'quantity = "tap", above = 2'),
            "2020-03-01",
            id="no rule on it changed",
        ),
    ],
)
def test_it_is_not_where_something_else_explains_it(text, day):
    assert not is_changed(text, day)


def test_a_fingerprint_of_the_same_claim_leaves_only_the_rules():
    registry = loads(TAP)
    mark = fingerprint(registry.claims["open"], (), registry)

    assert is_changed(TAP.replace(OLD, f'{OLD}, fingerprint = "{mark}"'))


@pytest.mark.parametrize(
    ("kind", "policy", "expected"),
    [
        ("fact", "conflicting", True),
        ("opinion", "conflicting", True),
        ("promise", "conflicting", False),
        ("promise", "higher_tier", True),
    ],
)
def test_a_late_claim_that_now_failed(kind, policy, expected):
    text = TAP.replace('"held"', '"late"').replace("quote =", f'kind = "{kind}"\nquote =')
    text = f'[registry]\npolicy = {{ on_conflict = "{policy}" }}\n\n{text}'

    assert is_changed(text, computed=Status.FAILED) is expected


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tap.toml").write_text(TAP, encoding="utf-8")
    return tmp_path / "tap.toml"


def test_a_check_says_that_the_rules_changed(path, capsys):
    assert main(["check", str(path), "--as-of", "2020-03-01", "--no-git"]) == 1

    told = capsys.readouterr().out
    assert (
        "CT603 warning: claim 'open' is suspect: the rules changed (edition 1 to 2) since it was "
        "signed on 2020-01-01, as held; it is failed now"
    ) in told


def test_an_explanation_says_that_the_rules_changed(path, capsys):
    assert main(["explain", "open", str(path), "--as-of", "2020-03-01"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert "suspect: the rules changed (edition 1 to 2)" in lines


def test_accepting_shows_both_statuses_and_signs_by_the_rules_of_today(path, capsys):
    accept = ["accept", "open", "tap.toml", "--as-of", "2020-03-01", "--by", "Ann", "--yes"]

    assert main(accept) == 0

    told = capsys.readouterr().out.splitlines()
    assert told[0] == (
        "open: the rules changed (edition 1 to 2): it was signed as held, and is failed"
    )
    assert loads(path.read_text(encoding="utf-8")).claims["open"].signed.edition == 2
    assert main(accept) == 0
    assert capsys.readouterr().out == "nothing to change\n"
