"""Printing: UTF-8 for programs whatever the terminal, and ASCII for people where it has no more."""

import ast
import io
import json
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from claimtrack.cli import printing
from claimtrack.cli.main import main
from claimtrack.report.formats import FORMATS, lay_out
from claimtrack.report.style import STYLES

CLI = Path(printing.__file__).parent


class Output:
    """A standard output of some encoding that ends lines as Windows does."""

    def __init__(self, encoding):
        self.bytes = io.BytesIO()
        self.stream = io.TextIOWrapper(self.bytes, encoding=encoding, newline="\r\n")

    def text(self, encoding):
        self.stream.flush()
        return self.bytes.getvalue().decode(encoding)


@pytest.fixture
def registry(pipelines):
    text = pipelines.read_text("utf-8").replace("Alexei Miller", "\u00c9lodie \u0141uczak \u5929")
    pipelines.write_text(text, "utf-8")
    return str(pipelines)


PROGRAMS = [
    *(("audit", "--format", name) for name in FORMATS if name != "table"),
    *(("check", "--format", name) for name in ("junit", "sarif", "json", "github")),
    *((command, "--format", "csv") for command in ("facts", "due", "score", "history")),
    ("diff", "--as-of", "2019-12-01", "--as-of", "2019-12-03", "--format", "tsv"),
    ("rate", "--scale", "politifact-promises", "--format", "csv"),
    ("score", "--forecasts", "--format", "csv"),
    ("score", "--assessments", "--format", "csv"),
    ("badge", "--label", "\u00c9lu \u0141"),
    ("due", "--within", "4000", "--ics", "-"),
]


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
@pytest.mark.parametrize("words", PROGRAMS, ids=" ".join)
def test_what_programs_read_is_utf_8_with_line_feeds(words, encoding, registry, monkeypatch):
    command, *options = words
    output = Output(encoding)
    monkeypatch.setattr(sys, "stdout", output.stream)

    assert main([command, registry, *options]) in {0, 1}

    text = output.text("utf-8")
    assert text
    assert ("\r" in text) == ("--ics" in options)
    if command == "badge" or "junit" in options:
        ET.fromstring(text)
    if "json" in options:
        json.loads(text)


def test_tables_for_people_end_lines_as_the_system_does(registry, monkeypatch):
    output = Output("cp1252")
    monkeypatch.setattr(sys, "stdout", output.stream)

    assert main(["audit", registry, "--as-of", "2019-12-03"]) == 0

    text = output.text("cp1252")
    assert text.count("\r\n") == text.count("\n") > 3
    assert "\u00c9lodie ?uczak ??" in text
    assert "\\u" not in text


def test_a_table_stays_aligned_in_ascii(monkeypatch):
    output = Output("ascii")
    monkeypatch.setattr(sys, "stdout", output.stream)
    printing.use_ascii_fallback(sys.stdout)
    rows = [
        ["\u5929\u7136\u6c14", "\u2713 held"],
        ["e\u0301tat", "\u25cc pending"],
        ["a\u2026", ""],
    ]

    printing.print_text(lay_out(["id", "status"], rows, align=["left", "left"]))

    assert output.text("ascii").splitlines() == [
        "id      status",
        "------  ---------",
        "??????  + held",
        "etat    . pending",
        "a~",
    ]


def test_a_name_that_is_not_utf_8_is_shown_in_every_encoding(capsys):
    assert main(["audit", "no-such-\udcff"]) == 3

    assert "no-such-\\udcff" in capsys.readouterr().err


def test_each_status_has_a_sign_of_its_own_in_ascii():
    signs = [style.ascii for style in STYLES.values()]

    assert len(set(signs)) == len(signs)
    assert all(sign.isascii() and len(sign) == 1 for sign in signs)


def test_nothing_else_of_the_commands_writes_to_the_standard_output():
    def written(file):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                if called in {"click.echo", "click.secho", "print"} or ".stdout.write" in called:
                    yield file.name

    assert {name for file in CLI.glob("*.py") for name in written(file)} == {"printing.py"}
