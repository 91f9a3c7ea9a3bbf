"""What a command writes never goes onto what it reads, and says where it went without acting."""

import os
import re
from pathlib import Path

import pytest

from claimtrack.cli.main import main
from claimtrack.errors import LoadError, Location, Problem

DAY = ("--as-of", "2020-06-01")
NAMES = {
    "a command": "x\n::error::PWNED\n",
    "an escape": "x\x1b]0;PWNED\x07",
    "a direction": "a\u202egnp",
    "an old command": "##[error]PWNED",
    "no UTF-8": os.fsdecode(b"a\xff"),
}


@pytest.fixture
def folder(pipelines, monkeypatch):
    """The pipelines as a folder, with further names for its file."""
    monkeypatch.chdir(pipelines.parent)
    folder = Path("reg")
    folder.mkdir()
    pipelines.rename(folder / "a.toml")
    Path("link.md").symlink_to("reg/a.toml")
    os.link(folder / "a.toml", "hard.md")
    return folder


WRITERS = {
    "audit": ("audit", "PATH", "--format", "csv", "-o"),
    "diff": ("diff", "PATH", "--as-of", "2019-01-01", "--format", "csv", "-o"),
    "due": ("due", "PATH", "--ics"),
}


@pytest.mark.parametrize("path", ["reg", "reg/a.toml"])
@pytest.mark.parametrize("output", ["reg/a.toml", "./reg/../reg/a.toml", "link.md", "hard.md"])
@pytest.mark.parametrize("words", WRITERS.values(), ids=WRITERS)
def test_an_output_is_never_an_input(folder, capsys, words, output, path):
    before = (folder / "a.toml").read_bytes()

    status = main([*(path if word == "PATH" else word for word in words), output, *DAY])

    assert status == 2
    told = f"Error: {output!r} is read by this command; expected another file to write to\n"
    assert capsys.readouterr().err.endswith(told)
    assert (folder / "a.toml").read_bytes() == before


@pytest.mark.parametrize(
    "words", [("badge", "reg", "-o", "badge.svg"), ("plot", "record", "reg", "-o", "badge.svg")]
)
def test_pictures_are_never_inputs(folder, capsys, words):
    Path("badge.svg").symlink_to("reg/a.toml")
    before = (folder / "a.toml").read_bytes()

    assert main([*words, *DAY]) == 2
    assert "'badge.svg' is read by this command" in capsys.readouterr().err
    assert (folder / "a.toml").read_bytes() == before


def test_a_file_of_checks_is_no_output(folder, capsys):
    checks = Path("conftest.py")
    checks.write_text("def pytest_claimtrack_registry(registry): return {}\n")
    words = ["audit", "reg", "--checks", "conftest.py", "--format", "csv", "-o", "conftest.py"]

    assert main([*words, *DAY]) == 2
    assert "'conftest.py' is read by this command" in capsys.readouterr().err
    assert checks.read_text().startswith("def ")


@pytest.mark.parametrize("output", ["reg/new.jsonl", "reg/below/../new.toml"])
def test_an_output_does_not_become_a_part_of_the_registry(folder, capsys, output):
    (folder / "below").mkdir()

    assert main(["audit", "reg", "--format", "jsonl", "-o", output, *DAY]) == 2

    told = f"{output!r} would be read as a part of the registry 'reg'; expected a file elsewhere\n"
    assert capsys.readouterr().err.endswith(told)
    assert not (folder / "new.jsonl").exists()
    assert not (folder / "new.toml").exists()


def test_an_output_that_is_no_file_of_a_registry_may_lie_beside_it(folder):
    assert main(["audit", "reg", "-o", "reg/audit.md", *DAY]) == 0

    assert (folder / "audit.md").exists()


@pytest.mark.parametrize("out", ["reg/out", "reg/out.jsonl", "link/out"])
def test_a_registry_is_not_converted_into_itself(folder, capsys, out):
    Path("link").symlink_to("reg")

    assert main(["convert", "reg", out, "--to", "jsonl"]) == 2

    told = f"Error: {out!r} lies in the registry 'reg'; expected a place elsewhere\n"
    assert capsys.readouterr().err.endswith(told)
    assert [file.name for file in folder.iterdir()] == ["a.toml"]


def test_a_link_to_nothing_is_no_new_file(folder, capsys):
    Path("out.jsonl").symlink_to("victim")

    assert main(["convert", "reg", "out.jsonl", "--to", "jsonl"]) == 2
    assert "'out.jsonl' is there already" in capsys.readouterr().err
    assert not os.path.lexists("victim")


def acting(text):
    """Return the lines of *text* that a terminal or a CI server would obey."""
    return [
        line
        for line in text.split("\n")
        if line.lstrip().startswith("::") or re.search(r"[\x00-\x1f\x7f\u202e]|##\w*\[", line)
    ]


ADD = ("add", "speaker", "PATH", "--id", "new", "--yes")
NEW = (
    *("new", "PATH", "--id", "c2", "--speaker", "putin", "--said", "2020-01-01", "--source"),
    *("press-2017", "--quote", "q", "--not-checkable", "w", "--yes"),
)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_names_of_files_do_not_act(tmp_path, monkeypatch, pipelines, capsys, name):
    registry = tmp_path / "reg"
    registry.mkdir()
    pipelines.rename(registry / f"{name}.toml")
    monkeypatch.setenv("CLAIMTRACK_BY", "Ann")
    path = str(registry)
    calls = [
        ("accept", "flow-of-38", path, "--yes", *DAY),
        *(tuple(path if word == "PATH" else word for word in words) for words in (ADD, NEW)),
        ("convert", path, str(tmp_path / f"out{name}"), "--to", "toml"),
        ("convert", path, str(tmp_path / f"out{name}"), "--to", "toml"),
        ("site", path, "-o", str(tmp_path / f"site{name}"), *DAY),
        ("audit", path, "-o", str(tmp_path / "none" / f"{name}.md"), *DAY),
        ("audit", path, "-o", f"{name}.nothing", *DAY),
        ("audit", path, name, *DAY),
        ("audit", path, "--as-of", name),
        ("audit", path, f"--{name}"),
        ("check", path, "--fail-on", name),
        ("due", path, "--format", name),
        ("plot", name, path, "-o", "x.svg"),
        ("plot", "record", path, "-o", f"{name}.bmp"),
        ("badge", path, "-o", name),
        ("add", "speaker", path, "--id", "x", "--file", name, "--yes"),
        ("new", path, "--id", "x", "--criterion", name, "--yes"),
        ("explain", name, path),
        ("history", name, path),
        ("diff", path, "--from", name),
        ("audit", str(tmp_path / name)),
        (name,),
    ]

    for words in calls:
        main(list(words))

        output = "".join(capsys.readouterr())
        assert (words, acting(output)) == (words, [])


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("command", ["audit", "check"])
def test_a_problem_is_one_line_whatever_its_file_is_called(tmp_path, capsys, command, name):
    (tmp_path / f"{name}.toml").write_text("x = \n")

    assert main([command, str(tmp_path)]) == 3

    output = "".join(capsys.readouterr())
    assert acting(output) == []
    assert len([line for line in output.splitlines() if "CT002" in line]) == 1
    assert all("CT002" in line or "CT" not in line for line in output.splitlines())


def test_a_place_is_one_line():
    place = Location("a\nb.toml:1:1: CT202 x\u2028y", 3)
    problem = Problem(code="CT002", message="is not TOML", location=place)

    told = "a\\nb.toml:1:1: CT202 x\\u2028y:3:1: CT002 is not TOML"
    assert str(LoadError((problem,))) == told
