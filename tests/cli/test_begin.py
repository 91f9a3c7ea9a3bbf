"""A registry begins with its first record, whether there is a folder for it or not."""

import io
import sys
from pathlib import Path

import pytest

from claimtrack import load
from claimtrack.cli.main import main

SPEAKER = ["add", "speaker", "promises", "--id", "lu", "--name", "Lu Kang"]
NEW = ["--source", "s", "--quote", "soon", "--not-checkable", "a norm", "--yes"]
BLOCK = '[[speaker]]\nid = "lu"\nname = "Lu Kang"\n'


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.StringIO())


def everything():
    return {str(path): path.is_file() and path.read_bytes() for path in Path().rglob("*")}


def test_a_folder_that_is_not_there_is_made(capsys):
    assert main([*SPEAKER, "--yes"]) == 0

    assert everything() == {"promises": False, "promises/speakers.toml": BLOCK.encode()}
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "made the folder promises",
        "added speaker lu to promises/speakers.toml",
    ]


def test_the_question_tells_of_the_folder(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))

    assert main(SPEAKER) == 1

    assert "make the folder promises, and add it? [y/N]" in capsys.readouterr().out
    assert everything() == {}


@pytest.mark.parametrize(
    ("held", "files"),
    [
        pytest.param({}, {"speakers.toml": BLOCK}, id="nothing"),
        pytest.param(
            {"registry.toml": '[registry]\ntitle = "Words"\n'},
            {"registry.toml": '[registry]\ntitle = "Words"\n', "speakers.toml": BLOCK},
            id="settings alone",
        ),
        pytest.param({"notes.md": "x"}, {"notes.md": "x", "speakers.toml": BLOCK}, id="no record"),
        pytest.param({"speakers.toml": ""}, {"speakers.toml": BLOCK}, id="an empty file"),
    ],
)
def test_a_folder_without_records_gets_its_first(held, files, capsys):
    Path("promises").mkdir()
    for name, text in held.items():
        (Path("promises") / name).write_text(text, "utf-8")

    assert main([*SPEAKER, "--yes"]) == 0

    found = {path.name: path.read_text("utf-8") for path in Path("promises").iterdir()}
    assert found == files
    assert "made" not in capsys.readouterr().out


@pytest.mark.parametrize("name", ["words.toml", "words.jsonl", "deep/er/words.jsonl.gz"])
def test_a_file_that_is_not_there_is_begun(name):
    assert main(["add", "speaker", name, "--id", "lu", "--yes"]) == 0

    assert list(load(name).speakers) == ["lu"]


def test_a_file_without_records_is_gone_on_with():
    Path("words.toml").write_text('[registry]\ntitle = "Words"\n', "utf-8")

    assert main(["add", "speaker", "words.toml", "--id", "lu", "--yes"]) == 0

    assert load("words.toml").settings.title == "Words"


def test_the_first_file_can_be_named():
    assert main([*SPEAKER, "--file", "promises/2017/people.toml", "--yes"]) == 0

    assert Path("promises/2017/people.toml").read_text("utf-8") == BLOCK


def test_a_whole_registry_is_entered_from_nothing_with_a_file_for_each_kind():
    source = ["--id", "post", "--published", "2020-01-01"]
    seen = ["--fact", "open", "--source", "post", "--happened", "2019-12-31"]
    claim = ["--speaker", "lu", "--said", "2019-01-01", "--source", "post", "--quote", "soon"]
    criterion = ["--criterion", '{ event = "open", by = 2019-12-31 }']

    assert main([*SPEAKER, "--yes"]) == 0
    assert main(["add", "source", "promises", *source, "--yes"]) == 0
    assert main(["add", "fact", "promises", "--id", "open", "--kind", "event", "--yes"]) == 0
    assert main(["add", "evidence", "promises", "--id", "seen", *seen, "--yes"]) == 0
    assert main(["new", "promises", "--id", "soon", *claim, *criterion, "--yes"]) == 0

    assert sorted(path.name for path in Path("promises").iterdir()) == [
        *("claims.toml", "evidence.toml", "facts.toml", "sources.toml", "speakers.toml"),
    ]
    assert load("promises").audit("2020-01-02")["soon"].status == "held"


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        pytest.param(
            ["new", "promises", "--id", "a", "--speaker", "lu", "--said", "2019", *NEW],
            3,
            "CT202 claim 'a' speaker 'lu' is not defined",
            id="a speaker who is not there",
        ),
        pytest.param(
            ["add", "speaker", "promises", "--id", "two words", "--yes"],
            3,
            "CT105 speaker 'two words' id",
            id="no id",
        ),
        pytest.param(
            [*SPEAKER, "--file", "elsewhere/speakers.toml", "--yes"],
            2,
            "'elsewhere/speakers.toml' is no file of the registry 'promises'",
            id="a file elsewhere",
        ),
        pytest.param(
            ["add", "evidence", "promises", "--id", "e", "--source", "s", "--fact", "f", "--yes"],
            2,
            "CT402 fact 'f' is not in this registry",
            id="a fact that is not there",
        ),
    ],
)
def test_a_mistake_leaves_no_folder(words, status, told, capsys):
    assert main(words) == status

    assert told in capsys.readouterr().err
    assert everything() == {}


def test_a_file_that_cannot_be_written_leaves_no_folder(capsys):
    name = f"promises/{'x' * 300}.toml"

    assert main([*SPEAKER, "--file", name, "--yes"]) == 5

    assert "File name too long" in capsys.readouterr().err
    assert everything() == {}


def test_a_registry_that_cannot_be_read_is_not_begun():
    Path("promises").mkdir()
    Path("promises/claims.toml").write_text("[[claim]\n", "utf-8")
    before = everything()

    assert main([*SPEAKER, "--yes"]) == 3
    assert everything() == before
