"""``claimtrack audit`` into several files at once."""

import json

import pytest

from claimtrack.cli.main import main

DAY = ("--as-of", "2020-06-01")


def test_one_run_writes_one_file_for_each_output(pipelines, tmp_path, capsys):
    names = ["audit.md", "audit.html", "audit.json", "audit.csv"]
    outputs = [word for name in names for word in ("-o", str(tmp_path / name))]

    status = main(["audit", str(pipelines), *DAY, *outputs])

    assert (status, capsys.readouterr().out) == (0, "")
    texts = {name: (tmp_path / name).read_text("utf-8") for name in names}
    assert texts["audit.md"].startswith("Pipelines\n\n| claim ")
    assert '<table class="claimtrack">' in texts["audit.html"]
    assert json.loads(texts["audit.json"])["counts"]["held"] == 1
    assert texts["audit.csv"].startswith("id,speaker,speaker_name,said,source,kind,status,")


def test_a_file_holds_what_is_printed_in_its_format(pipelines, tmp_path, capsys):
    file = tmp_path / "audit.rst"
    main(["audit", str(pipelines), *DAY, "--format", "rst"])
    printed = capsys.readouterr().out

    main(["audit", str(pipelines), *DAY, "-o", str(file)])

    assert file.read_text("utf-8") == printed


def test_formats_go_with_the_files_in_order_and_the_rest_by_their_endings(
    pipelines, tmp_path, capsys
):
    table, page = tmp_path / "table.txt", tmp_path / "page.html"

    main(
        [
            *("audit", str(pipelines), *DAY),
            *("-o", str(table), "-o", "-", "-o", str(page)),
            *("--format", "latex", "--format", "csv"),
        ]
    )

    assert "\\begin{tabular}" in table.read_text("utf-8")
    assert capsys.readouterr().out.startswith("id,speaker,")
    assert page.read_text("utf-8").startswith('<p dir="auto">Pipelines</p>')


def test_a_file_does_not_depend_on_the_terminal(pipelines, tmp_path, monkeypatch):
    file = tmp_path / "audit.txt"
    texts = set()
    for columns in ("40", "200"):
        monkeypatch.setenv("COLUMNS", columns)
        main(["audit", str(pipelines), *DAY, "--colour", "always", "-o", str(file)])
        texts.add(file.read_text("utf-8"))

    assert len(texts) == 1
    assert "\x1b" not in texts.pop()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(
            ["-o", "audit.docx"],
            "Error: 'audit.docx' does not tell its format; expected one of .csv, .htm, .html, "
            ".json, .jsonl, .markdown, .md, .rst, .tex, .tsv, .txt, or a --format for it\n",
            id="an ending that is not known",
        ),
        pytest.param(
            ["--format", "csv", "--format", "json"],
            "Error: got 2 formats for 1 output; expected an -o FILE for each --format\n",
            id="more formats than files",
        ),
        pytest.param(
            ["-o", "no-such-folder/audit.md"],
            "'no-such-folder/audit.md' cannot be written: No such file or directory\n",
            id="a folder that is not there",
        ),
    ],
)
def test_what_cannot_be_written_is_said(words, told, pipelines, capsys):
    status = main(["audit", str(pipelines), *DAY, *words])

    assert status == (5 if "no-such-folder" in told else 2)
    assert capsys.readouterr().err.endswith(told)
