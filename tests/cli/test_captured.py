"""``--known-by captured``: what counts is what stands in pinned copies, from their capture on."""

import hashlib
import json
from importlib.util import find_spec
from pathlib import Path

import pytest

import claimtrack
from claimtrack import FieldError
from claimtrack.cli.main import main

PAGE = b"<p>Gas crossed the border on 2 December 2019.</p>"
DIGEST = hashlib.sha256(PAGE).hexdigest()

REGISTRY = f"""\
[[speaker]]
id = "anna"

[[source]]
id = "ministry"
published = 2019-12-02
snapshot = {{ path = "snapshots/ministry.html", sha256 = "{DIGEST}", captured = 2019-12-05 }}

[[source]]
id = "paper"
published = 2019-12-03

[[fact]]
id = "gas"
kind = "event"

[[evidence]]
id = "found"
fact = "gas"
source = "ministry"
happened = 2019-12-02
quote = "Gas crossed the border"

[[evidence]]
id = "not-found"
fact = "gas"
source = "ministry"
happened = 2019-12-02
quote = "Oil crossed the border"
recorded = 2019-12-04

[[evidence]]
id = "without-copy"
fact = "gas"
source = "paper"
happened = 2019-12-02

[[claim]]
id = "by-2019"
speaker = "anna"
said = 2017-07-04
source = "ministry"
quote = "Gas crossed the border"
criterion = {{ event = "gas", by = 2019-12-31 }}
"""


@pytest.fixture
def pipes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("pipes/snapshots").mkdir(parents=True)
    Path("pipes/all.toml").write_text(REGISTRY, "utf-8")
    Path("pipes/snapshots/ministry.html").write_bytes(PAGE)
    return tmp_path


def out(capsys, *arguments, status=0):
    assert main([*arguments]) == status
    return capsys.readouterr().out


@pytest.mark.parametrize(("day", "status"), [("2019-12-04", "pending"), ("2019-12-05", "held")])
def test_a_report_counts_from_the_capture_of_its_words(pipes, capsys, day, status):
    options = ["--as-of", day, "--known-by", "captured", "--format", "json"]

    audit = json.loads(out(capsys, "audit", "pipes", *options))

    assert audit["known_by"] == "captured"
    assert audit["claims"][0]["status"] == status


def test_without_the_copy_nothing_counts(pipes, capsys):
    Path("pipes/snapshots/ministry.html").unlink()
    options = ["--as-of", "2020-02-01", "--known-by", "captured"]

    assert main(["audit", "pipes", *options]) == 0

    printed = capsys.readouterr()
    assert "overdue" in printed.out
    assert "nothing captured" in printed.out
    assert printed.err == "1 of 2 sources pinned, 3 quotes checked, 0 unchecked\n"


def test_an_explanation_says_what_each_day_rests_on(pipes, capsys):
    options = ["by-2019", "pipes", "--as-of", "2019-12-31", "--known-by", "captured"]

    text = out(capsys, "explain", *options)
    value = json.loads(out(capsys, "explain", *options, "--format", "json"))

    assert [(item["id"], item["proof"]) for item in value["items"]] == [
        ("found", "captured"),
        ("not-found", "recorded"),
        ("without-copy", "declared"),
    ]
    assert "by what copies captured by then show" in text
    assert "no pinned copy has its words" in text
    assert "proof" in text


def test_other_axes_say_nothing_of_proofs(pipes, capsys):
    value = json.loads(out(capsys, "explain", "by-2019", "pipes", "--format", "json"))

    assert all("proof" not in item for item in value["items"])


@pytest.mark.parametrize(
    "command",
    [
        ["score", "pipes"],
        ["facts", "pipes"],
        ["history", "pipes"],
        ["history", "by-2019", "pipes"],
        ["rate", "pipes", "--scale", "politifact-promises"],
        ["badge", "pipes", "-o", "-"],
        ["export", "pipes", "--to", "claimreview"],
    ],
)
def test_every_command_with_that_option_takes_it(pipes, capsys, command):
    assert main([*command, "--known-by", "captured"]) == 0


def test_check_takes_it_and_reads_the_copies_once(pipes, capsys):
    options = ["--known-by", "captured", "--as-of", "2019-12-31", "--no-git"]

    assert main(["check", "pipes", *options]) == 1

    assert "not-found" in capsys.readouterr().out


def test_two_audits_are_not_compared_by_it(pipes, capsys):
    days = ["--as-of", "2019-12-01", "--as-of", "2019-12-31"]

    assert main(["diff", "pipes", *days, "--known-by", "captured"]) == 2

    message = "Error: --known-by captured is not compared; expected published or recorded"
    assert capsys.readouterr().err.splitlines()[-1] == message


def test_python_is_told_what_the_axis_needs(pipes):
    registry = claimtrack.load("pipes")

    with pytest.raises(FieldError) as caught:
        registry.audit("2019-12-31", known_by="captured")

    assert str(caught.value) == (
        "CT391 known_by 'captured' needs the days on which copies were captured\n"
        "    hint: claimtrack.captured_days() returns them, and Registry.with_captured() takes them"
    )
    days = claimtrack.captured_days(registry, claimtrack.check_quotes(registry, "pipes"))
    assert {id_: day.text for id_, day in days.items()} == {"found": "2019-12-05"}
    captured = registry.with_captured(days)
    assert captured == registry
    assert captured.audit("2019-12-05", known_by="captured")["by-2019"].used == ("found",)


def test_a_diff_in_python_refuses_it(pipes):
    audit = claimtrack.load("pipes").with_captured({}).audit("2019-12-31", known_by="captured")

    with pytest.raises(FieldError) as caught:
        audit.diff(audit)

    assert caught.value.message == (
        "known_by 'captured' is not compared; expected 'published' or 'recorded'"
    )


@pytest.mark.skipif(
    find_spec("ibis") is None or find_spec("duckdb") is None,
    reason="the extra 'bulk' is not installed",
)
def test_a_database_engine_refuses_it_in_words(pipes, capsys):
    options = ["--engine", "duckdb", "--known-by", "captured", "--as-of", "2019-12-31"]

    assert main(["audit", "pipes", *options]) == 2

    assert capsys.readouterr().err == (
        "CT103 known_by 'captured' is not decided by database engines, which read no copies; "
        "expected 'published' or 'recorded'\n"
    )
