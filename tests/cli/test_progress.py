"""Long pieces of work show on a terminal how far they are, and nowhere else."""

import io
import sys

import pytest

import claimtrack
from claimtrack.cli import history, progress
from claimtrack.cli import registry as reading
from claimtrack.cli.main import main
from tests.oracle.random_registries import make
from tests.oracle.toml_writer import to_jsonl


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture(autouse=True)
def short_work_counts(monkeypatch):
    monkeypatch.setattr(reading, "WORTH_SHOWING", 0)
    monkeypatch.setattr(history, "WORTH_SHOWING", 2)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "registry.jsonl"
    path.write_text(to_jsonl(make(3)), encoding="utf-8")
    return path


def printed(monkeypatch, err, *command):
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    assert main([*map(str, command)]) == 0
    return out.getvalue(), err.getvalue()


@pytest.mark.parametrize(
    ("command", "labels"),
    [
        (["audit", "PATH"], ["reading"]),
        (["history", "PATH"], ["reading", "telling"]),
        (["history", "PATH", "--format", "json"], ["reading", "telling"]),
        (["history", "claim-1", "PATH"], ["reading"]),
        (["convert", "--to", "jsonl", "PATH", "OUT"], ["reading"]),
    ],
)
def test_a_bar_is_shown_on_a_terminal_only(path, tmp_path, monkeypatch, command, labels):
    def given(number):
        places = {"PATH": path, "OUT": tmp_path / f"{number}.jsonl"}
        return [places.get(part, part) for part in command]

    out, bars = printed(monkeypatch, Terminal(), *given(1))
    quiet, nothing = printed(monkeypatch, io.StringIO(), *given(2))

    assert [label for label in ("reading", "telling") if label in bars] == labels
    assert bars.count("100%") >= len(labels)
    assert not any(label in nothing for label in ("reading", "telling", "%"))
    assert out.replace("1.jsonl", "2.jsonl") == quiet


def test_short_work_shows_nothing(path, monkeypatch):
    monkeypatch.setattr(reading, "WORTH_SHOWING", progress.WORTH_SHOWING)
    monkeypatch.setattr(history, "WORTH_SHOWING", len(claimtrack.load(path).claims) + 1)

    assert printed(monkeypatch, Terminal(), "history", path)[1] == ""
