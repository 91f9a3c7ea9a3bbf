"""The example of quotes that are held to pinned pages."""

import shutil
from pathlib import Path

import pytest

import claimtrack
from claimtrack import QuoteAnswer, captured_days, check_quotes
from claimtrack.cli.main import main

EXAMPLE = Path(__file__).parents[2] / "examples" / "pinned_words"
REGISTRY = EXAMPLE / "registry"

pytest.importorskip("pypdf")
pytest.importorskip("warcio")


@pytest.fixture
def copy(tmp_path):
    return shutil.copytree(REGISTRY, tmp_path / "registry")


def answers(root):
    report = check_quotes(claimtrack.load(root), root)
    return {check.quoted.record.id: check.answer.value for check in report.checks}


def test_the_five_answers_are_those_that_its_readme_names():
    assert answers(REGISTRY) == {
        "bridge-by-2020": "found",
        "paid-by-the-province": "found",
        "cost-below-3.4": "not found",
        "tender-was-carried": "ambiguous",
        "ferry-was-carried": "found",
        "only-crossing": "found",
        "old-bridge-traffic": "found",
        "no-bridge-before-2023": "unreadable",
        "ferry-stays": "unchecked",
        "ferry-stops": "unchecked",
        "opened": "found",
        "cost": "found",
    }


def test_the_leaks_of_its_questions_are_those_that_its_readme_names(capsys):
    assert main(["leak", str(EXAMPLE / "questions.jsonl"), str(REGISTRY), "--format", "csv"]) == 1

    rows = [line.split(",") for line in capsys.readouterr().out.splitlines()[1:]]
    assert [(question, reason) for question, _, reason, *_ in rows] == [
        ("too-early", "known_later"),
        ("no-proof", "captured_later"),
        ("other-words", "edited_after"),
    ]


def test_a_folder_as_of_a_day_has_the_copies_that_were_captured_by_then(tmp_path, capsys):
    then = tmp_path / "then"
    assert main(["export", str(REGISTRY), "--as-of", "2019-03-31", "-o", str(then)]) == 0

    found = claimtrack.load(then)
    assert {id_: one.snapshot is not None for id_, one in found.sources.items()} == {
        "gazette-2019-03-04": True,
        "minutes-2019-03-12": True,
        "report-2019-02-20": True,
    }
    answers = {check.answer.value for check in check_quotes(found, then).checks}
    assert answers == {"found", "not found", "ambiguous", "unchecked"}
    names = sorted(file.name for file in (then / "snapshots").iterdir())
    assert [name.partition(".")[2] for name in names] == ["html", "txt", "pdf"]


def test_a_copy_that_was_changed_keeps_the_export_from_being_written(tmp_path, capsys):
    then = tmp_path / "then"

    assert main(["export", str(REGISTRY), "--as-of", "2019-05-31", "-o", str(then)]) == 3

    error = capsys.readouterr().err
    assert error.startswith("CT390 source 'herald-2019-04-10' has a copy that is not what was ")
    assert not then.exists()


def test_its_misquote_is_told_word_by_word():
    report = check_quotes(claimtrack.load(REGISTRY), REGISTRY)
    (check,) = [check for check in report.checks if check.answer is QuoteAnswer.NOT_FOUND]

    assert check.nearest is not None
    assert list(map(str, check.nearest.differences)) == [
        "'may' → 'will' (modal)",
        "'4.3' → '3.4' (number)",
    ]


def test_a_check_fails_for_the_misquote_and_the_changed_copy(capsys):
    status = main(["check", str(REGISTRY), "--as-of", "2023-01-05"])

    out = capsys.readouterr().out
    assert status == 1
    assert [code for code in ("CT682", "CT683", "CT684", "CT685") if code in out] == [
        *("CT682", "CT683", "CT684", "CT685")
    ]
    assert out.endswith(
        "3 errors, 1 warning in 23 records; 5 of 6 sources pinned, 10 quotes checked, 2 unchecked\n"
    )


def test_the_page_as_it_was_mends_the_changed_copy(copy):
    before = (copy / "registry.toml").read_bytes()

    status = main(["pin", "herald-2019-04-10", str(EXAMPLE / "pages" / "herald.html"), str(copy)])

    assert status == 0
    assert answers(copy)["no-bridge-before-2023"] == "found"
    assert (copy / "registry.toml").read_bytes() == before


def test_the_page_of_the_radio_can_be_pinned(copy):
    page = EXAMPLE / "pages" / "radio.txt"

    status = main(["pin", "radio-2019-05-02", str(page), str(copy), "--captured", "2019-05-03"])

    assert status == 0
    assert answers(copy)["ferry-stays"] == "found"


def test_a_copy_is_younger_than_the_day_that_its_page_gives():
    registry = claimtrack.load(REGISTRY)
    days = captured_days(registry, check_quotes(registry, REGISTRY))

    assert registry.sources["wire-2020-11-20"].published.text == "2020-11-20"
    assert {id_: day.text for id_, day in days.items()} == {
        "opened": "2021-01-15",
        "cost": "2021-01-15",
    }


def test_by_what_was_captured_the_bridge_was_open_two_months_later():
    registry = claimtrack.load(REGISTRY)
    captured = registry.with_captured(captured_days(registry, check_quotes(registry, REGISTRY)))

    def status(day, known_by):
        return captured.audit(day, known_by=known_by)["bridge-by-2020"].status.value

    assert status("2020-12-01", "published") == "held"
    assert status("2020-12-01", "captured") == "pending"
    assert status("2021-01-15", "captured") == "held"
