"""Packed files: what is imported, and the registry that it goes into."""

import gzip
import json

import pytest

from claimtrack import load
from claimtrack.cli import import_
from claimtrack.cli.main import main

LINE = json.dumps({"id": 7, "label": "SUPPORTS", "claim": "Gas flows.", "evidence": []})


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def imported(*words):
    return main(["import", *words])


def test_a_packed_file_is_imported(here):
    (here / "dev.jsonl.gz").write_bytes(gzip.compress(f"{LINE}\n".encode()))

    assert imported("dev.jsonl.gz", "registry", "--from", "fever") == 0

    assert list(load(here / "registry").claims) == ["fever-7"]


def test_it_goes_into_a_packed_registry_twice_without_a_change(here):
    (here / "dev.jsonl").write_text(f"{LINE}\n", "utf-8")
    registry = here / "registry.jsonl.gz"

    assert imported("dev.jsonl", "registry.jsonl.gz", "--from", "fever") == 0
    first = registry.read_bytes()
    assert list(load(registry).claims) == ["fever-7"]
    assert imported("dev.jsonl", "registry.jsonl.gz", "--from", "fever") == 0

    assert registry.read_bytes() == first


@pytest.mark.parametrize(
    "content", [b"no gzip", gzip.compress(b"x" * 100)[:-12], b""], ids=["plain", "torn", "empty"]
)
def test_a_file_that_cannot_be_unpacked_is_told_and_nothing_written(here, capsys, content):
    (here / "dev.jsonl.gz").write_bytes(content)

    assert imported("dev.jsonl.gz", "registry", "--from", "fever") in (2, 3)

    assert "dev.jsonl" in capsys.readouterr().err
    assert not (here / "registry").exists()


def test_no_more_is_unpacked_than_a_sheet_may_have(here, monkeypatch, capsys):
    monkeypatch.setattr(import_, "MAX_BYTES", 1000)
    (here / "bomb.csv.gz").write_bytes(gzip.compress(b"a" * 10_000_000))

    assert len(import_._bytes_of(here / "bomb.csv.gz")) == 1001
