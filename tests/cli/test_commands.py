"""What each command prints, whole, and how it ends."""

from pathlib import Path

import pytest

from claimtrack.cli.main import COMMANDS, claimtrack, main

GOLDEN = Path(__file__).parent.parent / "golden" / "cli"
EXAMPLE = Path(__file__).parents[2] / "examples" / "china_russia_2017"

CALLS = {
    "audit_as_of_the_day_before": "audit P --as-of 2019-12-01",
    "audit_as_of_the_day": "audit P --as-of 2019-12-02",
    "audit_by_topic": "audit P --as-of 2020-06-01 --by topic",
    "audit_by_status_of_one_topic": "audit P --as-of 2020-06-01 --by status --topic energy",
    "audit_one_speaker": "audit P --as-of 2020-06-01 --speaker skeptic",
    "audit_one_status": "audit P --as-of 2020-06-01 --status held",
    "audit_known_by_the_registry": "audit P --as-of 2020-06-01 --known-by recorded",
    "audit_counts": "audit P --as-of 2020-06-01 --counts speaker --counts kind",
    "audit_json": "audit P --as-of 2019-12-02 --format json",
    "audit_csv": "audit P --as-of 2019-12-02 --format csv",
    "audit_csv_by_topic": "audit P --as-of 2020-06-01 --by topic --counts kind --format csv",
    "audit_jsonl": "audit P --as-of 2019-12-02 --format jsonl",
    "audit_before_anything_was_said": "audit P --as-of 2001-01-01",
    "explain_held": "explain gas-by-2019 P --as-of 2019-12-10",
    "explain_pending": "explain flow-of-38 P --as-of 2019-12-10",
    "explain_not_checkable": "explain a-mistake P --as-of 2021-01-01",
    "facts": "facts P --as-of 2020-01-01",
    "facts_json": "facts P --as-of 2020-01-01 --format json",
    "facts_csv": "facts P --as-of 2020-01-01 --format csv",
    "facts_jsonl": "facts P --as-of 2020-01-01 --format jsonl",
    "due_tsv": "due P --as-of 2019-12-01 --format tsv",
    "due_jsonl": "due P --as-of 2019-12-01 --format jsonl",
    "diff_csv": "diff P --as-of 2019-12-01 --as-of 2025-02-01 --format csv",
    "diff_jsonl": "diff P --as-of 2019-12-01 --as-of 2025-02-01 --format jsonl",
}


def run(call, path):
    return main([str(path) if word == "P" else word for word in call.split()])


@pytest.mark.parametrize("name", CALLS)
def test_a_command_prints_what_the_golden_file_holds(name, pipelines, capsys, monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)

    status = run(CALLS[name], pipelines)

    assert status == 0
    assert capsys.readouterr().out == (GOLDEN / f"{name}.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("call", "status", "told"),
    [
        pytest.param(
            "explain gas-by P",
            2,
            "CT402 claim 'gas-by' is not in this registry; did you mean 'gas-by-2019'?\n",
            id="a claim that is not there",
        ),
        pytest.param(
            "explain a-mistake P --as-of 2019-01-01",
            2,
            "CT401 claim 'a-mistake' cannot be resolved as of 2019-01-01: it was said on 2020; "
            "expected a later day\n",
            id="a claim not yet said",
        ),
        pytest.param(
            "audit P --speaker mill",
            2,
            "CT402 speaker 'mill' is not in this registry; did you mean 'miller'?\n",
            id="a speaker who is not there",
        ),
        pytest.param(
            "audit P --as-of 2019",
            2,
            "Usage: claimtrack audit [OPTIONS] PATH\n"
            "Try 'claimtrack audit --help' for help.\n\n"
            "Error: Invalid value for '--as-of': '2019' is not a day; "
            "expected one full day, YYYY-MM-DD\n",
            id="a year for a day",
        ),
        pytest.param(
            "audit P --as-of 3.6.2012",
            2,
            "Usage: claimtrack audit [OPTIONS] PATH\n"
            "Try 'claimtrack audit --help' for help.\n\n"
            "Error: Invalid value for '--as-of': '3.6.2012' is not a day; "
            "expected one full day, YYYY-MM-DD\n",
            id="a day in another form",
        ),
        pytest.param(
            "explain P gas-by-2019",
            3,
            "CT001 'gas-by-2019' cannot be read: No such file or directory\n"
            "    hint: did you swap CLAIM and PATH?\n",
            id="a claim and a path the wrong way round",
        ),
        pytest.param(
            "accept P gas-by-2019",
            3,
            "CT001 'gas-by-2019' cannot be read: No such file or directory\n"
            "    hint: did you swap CLAIM and PATH?\n",
            id="the same when it is signed",
        ),
        pytest.param(
            "history P gas-by-2019",
            3,
            "CT001 'gas-by-2019' cannot be read: No such file or directory\n"
            "    hint: did you swap CLAIM and PATH?\n",
            id="the same when its history is told",
        ),
        pytest.param(
            "audit P --topic enrgy --topic trade",
            2,
            "CT402 topic 'enrgy' is not in this registry; did you mean 'energy'?\n",
            id="a topic that is not there",
        ),
        pytest.param(
            "audit P --speaker miller --topic peace",
            2,
            "CT402 topic 'peace' is not in this registry\n",
            id="a topic of nobody's",
        ),
        pytest.param(
            "audit no-such-folder",
            3,
            "CT001 'no-such-folder' cannot be read: No such file or directory\n",
            id="a path that is not there",
        ),
    ],
)
def test_a_command_that_cannot_answer_says_why(call, status, told, pipelines, capsys, monkeypatch):
    monkeypatch.chdir(pipelines.parent)

    assert run(call, pipelines) == status
    assert capsys.readouterr() == ("", told)


def test_an_empty_folder_is_no_success(tmp_path, capsys):
    assert main(["audit", str(tmp_path)]) == 3
    assert capsys.readouterr().err.startswith("CT001 ")


def test_the_table_takes_the_width_of_the_terminal(pipelines, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")

    main(["audit", str(pipelines), "--as-of", "2019-12-02"])

    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 60
    assert not any("…" in line for line in lines)
    assert any(line.startswith(" " * 20) for line in lines)


def test_colour_is_never_the_only_carrier(pipelines, capsys):
    call = ["audit", str(pipelines), "--as-of", "2019-12-02"]

    main([*call, "--colour", "always"])
    coloured = capsys.readouterr().out
    main([*call, "--colour", "never"])
    plain = capsys.readouterr().out

    assert "\x1b[32m" in coloured
    assert "✓ held" in plain
    assert "\x1b" not in plain


def test_words_of_a_registry_do_not_act_in_the_terminal(pipelines, capsys):
    text = pipelines.read_text("utf-8").replace("Alexei Miller", r"\u001b[2Jx\r::error::y")
    pipelines.write_text(text, "utf-8")

    for command in (["audit"], ["explain", "gas-by-2019"], ["facts"]):
        assert main([*command, str(pipelines), "--as-of", "2020-01-01"]) == 0

    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\r" not in out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_the_help_that_the_group_shows(name):
    command = claimtrack.get_command(None, name)

    assert command.help
    assert COMMANDS[name][1].endswith(".")


def test_the_version_is_told(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == "claimtrack 0.1.0\n"


def test_a_file_that_cannot_be_written_is_told_of(pipelines, tmp_path, capsys):
    assert main(["audit", str(pipelines), "-o", str(tmp_path / "no" / "such.md")]) == 5

    assert capsys.readouterr().err == (
        f"'{tmp_path}/no/such.md' cannot be written: No such file or directory\n"
    )


def test_a_file_of_a_form_that_is_not_written_is_told_of(pipelines, tmp_path, capsys):
    assert main(["convert", str(pipelines), str(tmp_path / "x.yaml"), "--to", "toml"]) == 2

    told = capsys.readouterr().err
    assert "tells no form; expected a folder or a file in .toml, .jsonl, .jsonl.gz" in told
    assert not (tmp_path / "x.yaml").exists()


def test_a_registry_may_be_the_current_folder_and_have_spaces_in_its_name(
    pipelines, monkeypatch, capsys
):
    folder = pipelines.parent / "my registry"
    folder.mkdir()
    pipelines.rename(folder / "all of it.toml")
    monkeypatch.chdir(folder)

    statuses = main(["facts", str(folder)]), capsys.readouterr().out
    here = main(["facts", "."]), capsys.readouterr().out

    assert statuses == here
    assert here[0] == 0
    assert "siberia/first-gas" in here[1]


def test_the_lines_of_errors_begin_with_the_path_as_it_was_given(pipelines, monkeypatch, capsys):
    pipelines.write_text("x = 1\n[[speaker]]\n")
    monkeypatch.chdir(pipelines.parent)

    assert main(["audit", pipelines.name]) == 3

    assert [line.partition(" ")[0] for line in capsys.readouterr().err.splitlines()] == [
        "pipelines.toml:1:1:",
        "",
        "pipelines.toml:2:1:",
    ]


@pytest.mark.parametrize(
    "command", [("audit",), ("explain", "oil-expansion-going-ahead")], ids=["audit", "explain"]
)
def test_nothing_is_cut_on_the_way_into_a_file(command, capsys):
    assert main([*command, str(EXAMPLE), "--as-of", "2026-01-01"]) == 0

    assert "…" not in capsys.readouterr().out
