"""What may be published: embargoes, signatures, and what the site ends with."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from claimtrack import load
from claimtrack.cli.main import main
from claimtrack.engine.signature import are_different_people
from claimtrack.model.records import Speaker
from claimtrack.report.publication import today_of

WORLD = """
[registry]
title = "Gas"
timezone = "Europe/Berlin"
[[speaker]]
id = "miller"
[[speaker]]
id = "zzq-speaker"
[[speaker]]
id = "anna"
name = "Anna Smith"
aliases = ["A. S."]
[[source]]
id = "wire"
published = 2019-12-02
[[source]]
id = "zzq-source"
published = 2019-12-02
[[fact]]
id = "gas"
kind = "event"
once = true
[[fact]]
id = "zzq-fact"
kind = "event"
[[evidence]]
id = "gas-wire"
fact = "gas"
source = "wire"
happened = 2019-12-02
[[evidence]]
id = "zzq-report"
fact = "zzq-fact"
source = "zzq-source"
happened = 2019-12-02
[[evidence]]
id = "zzq-judgement"
claim = "zzq-claim"
stance = "supports"
source = "wire"
[[claim]]
id = "open"
speaker = "miller"
said = 2017-07-04
source = "wire"
quote = "by the end of 2018"
criterion = { event = "gas", by = 2018-12-31 }
SIGNED
contradicts = ["zzq-claim"]
[[claim]]
id = "zzq-claim"
speaker = "zzq-speaker"
said = 2017-07-04
source = "zzq-source"
quote = "zzq words"
criterion = { event = "zzq-fact", by = 2018-12-31 }
publish_after = 2030-05-01
[[forecast]]
id = "zzq-forecast"
by = "zzq-speaker"
claim = "zzq-claim"
made = 2018-01-01
probability = 0.7
"""
SIGNED = 'status = "late"\nsigned = { on = 2019-12-03, by = "Anna Smith", because = "seen" }'


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def written(*options, signed="", day="2029-01-01", status=0):
    Path("r.toml").write_text(WORLD.replace("SIGNED", signed), encoding="utf-8")
    assert main(["site", "r.toml", "-o", "out", "--as-of", day, *options]) == status
    return {str(file.relative_to("out")): file.read_text() for file in files()}


def files():
    return [file for file in Path("out").rglob("*") if file.is_file()]


def test_nothing_of_an_embargoed_claim_is_there_until_its_day():
    before = written(day="2030-04-30")

    assert [name for name, text in before.items() if "zzq" in name + text] == []
    assert "claims/zzq-claim.html" in written(day="2030-05-01")

    again = written(day="2030-04-30")
    assert again == before


def test_the_day_of_an_embargo_is_that_of_the_zone_of_the_registry():
    Path("r.toml").write_text(WORLD.replace("SIGNED", ""), encoding="utf-8")
    registry = load("r.toml")
    nowhere = registry.with_records()
    late = datetime(2030, 4, 30, 22, 30, tzinfo=UTC)

    assert today_of(nowhere, late) == datetime(2030, 5, 1, tzinfo=UTC).toordinal()

    text = WORLD.replace("SIGNED", "").replace('timezone = "Europe/Berlin"', "")
    Path("r.toml").write_text(text, encoding="utf-8")
    assert today_of(load("r.toml"), late) == datetime(2030, 4, 30, tzinfo=UTC).toordinal()


@pytest.mark.parametrize(
    ("signed", "publish", "is_there"),
    [
        pytest.param("", "all", True, id="all"),
        pytest.param("", "signed", False, id="not signed"),
        pytest.param('status = "late"', "signed", False, id="signed by nobody"),
        pytest.param(SIGNED, "signed", True, id="signed"),
        pytest.param(SIGNED.replace("late", "held"), "signed", False, id="another status"),
        pytest.param(SIGNED.replace("2019-12-03", "2031-01-01"), "signed", False, id="later"),
        pytest.param(SIGNED, "reviewed", False, id="signed once"),
        pytest.param(
            f'{SIGNED}\nreviewed = {{ on = 2019-12-04, by = "Ben" }}', "reviewed", True, id="two"
        ),
        pytest.param(
            f'{SIGNED}\nreviewed = {{ on = 2019-12-04, by = "anna  SMITH." }}',
            "reviewed",
            False,
            id="one person twice",
        ),
        pytest.param(
            f'{SIGNED}\nreviewed = {{ on = 2019-12-04, by = "A.S." }}',
            "reviewed",
            False,
            id="an alias",
        ),
    ],
)
def test_a_verdict_is_published_once_it_is_signed(signed, publish, is_there):
    found = written("--publish", publish, signed=signed)

    assert ("claims/open.html" in found) is is_there
    assert ("Awaiting review" in found["index.html"]) is not is_there
    if not is_there:
        told = {name: text for name, text in found.items() if name != "index.html"}
        assert [name for name, text in told.items() if "by the end of 2018" in text] == []
        assert '"late": 0' in found["audit.json"]
        assert "BEGIN:VEVENT" not in found["due.ics"]


def test_the_registry_says_what_is_published_and_how_many_sign():
    global WORLD  # noqa: PLW0603 - one line of it
    was, line = WORLD, 'title = "Gas"\npublish = "signed"\npolicy = { signatures = 2 }\n'
    try:
        WORLD = was.replace('title = "Gas"\n', line)
        assert "claims/open.html" not in written(signed=SIGNED)
        both = f'{SIGNED}\nreviewed = {{ on = 2019-12-04, by = "Ben" }}'
        assert "claims/open.html" in written(signed=both)
    finally:
        WORLD = was


def test_the_command_fails_as_the_check_of_what_is_published_does(capsys):
    wrong = SIGNED.replace("late", "held")

    written("--fail-on", "warning", signed=wrong, status=1)
    assert "CT601" in capsys.readouterr().err
    written(signed=wrong, status=0)
    written("--fail-on", "CT601", "--publish", "signed", signed=wrong, status=0)


@pytest.mark.parametrize(
    ("first", "second", "differ"),
    [
        ("Anna", "Ben", True),
        ("Anna", "ANNA", False),
        ("José", "Jose\u0301", False),
        ("José", "jose", False),
        ("Anna", None, False),
        ("Anna", "...", False),
        ("x-1", "The Chief", False),
    ],
)
def test_names_of_one_person_are_one(first, second, differ):
    speakers = [Speaker(id="x-1", name="X", aliases=["The Chief"])]

    assert are_different_people(first, second, speakers) is differ


def test_who_signed_when_and_why_stands_on_the_page_from_that_day():
    both = f'{SIGNED}\nreviewed = {{ on = 2019-12-04, by = "<Ben>" }}'

    page = written(signed=both)["claims/open.html"]

    assert (
        '<dt data-now>Signed</dt><dd data-now>3 Dec 2019 by <span dir="auto">Anna Smith</span>: '
        '<span dir="auto">seen</span></dd>' in page
    )
    assert (
        '<dt data-now>Reviewed</dt><dd data-now>4 Dec 2019 by <span dir="auto">&lt;Ben&gt;</span>'
        "</dd>" in page
    )
    before = written(signed=both, day="2019-12-03")["claims/open.html"]
    assert (">Signed<" in before, ">Reviewed<" in before) == (True, False)
