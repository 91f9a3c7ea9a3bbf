"""A second signature: by somebody else, of what was signed, and of nothing that changed since."""

import pytest

from claimtrack import load
from claimtrack.cli.main import main
from claimtrack.engine.signature import signatures_of

CLAIM = "flow-of-38"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CLAIMTRACK_BY", "Ann")


def accept(path="pipelines.toml", day="2020-01-01"):
    return main(["accept", CLAIM, str(path), "--as-of", day, "--yes"])


def review(*words, path="pipelines.toml", by="Ben", day="2020-01-02"):
    return main(["review", CLAIM, str(path), "--by", by, "--as-of", day, "--yes", *words])


def signatures(path="pipelines.toml", day="2020-01-02"):
    registry = load(path)
    speakers = registry.speakers.values()
    return signatures_of(registry.claims[CLAIM], speakers, registry.audit(day).day)


def test_a_review_is_written_beside_the_signature_and_is_a_second_one(pipelines, capsys):
    accept()
    before = pipelines.read_text("utf-8")
    capsys.readouterr()

    assert review("--because", "read the same pages") == 0

    claim = load(pipelines).claims[CLAIM]
    line = (
        'reviewed = { on = 2020-01-02, by = "Ben", because = "read the same pages", '
        f'fingerprint = "{claim.signed.fingerprint}", edition = 2 }}'
    )
    assert line in pipelines.read_text("utf-8")
    assert pipelines.read_text("utf-8").replace(f"{line}\n", "") == before
    assert capsys.readouterr().out.endswith("reviewed 1 claim\n")
    assert (signatures(), signatures(day="2020-01-01")) == (2, 1)


@pytest.mark.usefixtures("pipelines")
def test_in_json_lines_too():
    main(["convert", "pipelines.toml", "pipelines.jsonl", "--to", "jsonl"])
    accept("pipelines.jsonl")

    assert review(path="pipelines.jsonl") == 0
    assert signatures("pipelines.jsonl") == 2


@pytest.mark.usefixtures("pipelines")
def test_what_is_not_signed_is_not_reviewed(capsys):
    assert review() != 0

    assert (
        f"claim '{CLAIM}' is not signed; expected claimtrack accept first"
        in capsys.readouterr().err
    )


@pytest.mark.parametrize("name", ["Ann", " ann ", "ANN.", "Änn"])
def test_nobody_reviews_what_they_signed(pipelines, capsys, name):
    accept()
    before = pipelines.read_bytes()

    assert review(by=name) != 0

    assert (
        f"claim '{CLAIM}' was signed by Ann; expected another person to review it"
        in capsys.readouterr().err
    )
    assert pipelines.read_bytes() == before


def test_what_changed_since_it_was_signed_is_not_reviewed(pipelines, capsys):
    accept()
    text = pipelines.read_text("utf-8")
    pipelines.write_text(text.replace("at_least = 38", "at_least = 37"), "utf-8")

    assert review() != 0

    assert (
        f"what claim '{CLAIM}' rests on has changed since it was signed; "
        "expected claimtrack accept first" in capsys.readouterr().err
    )


def test_what_was_signed_as_something_else_is_not_reviewed(pipelines, capsys):
    accept()
    text = pipelines.read_text("utf-8")
    pipelines.write_text(text.replace('status = "pending"', 'status = "held"'), "utf-8")

    assert review() != 0

    assert (
        f"claim '{CLAIM}' was signed as held, and is pending as of 2020-01-02; "
        "expected claimtrack accept first" in capsys.readouterr().err
    )


def test_what_somebody_answers_no_to_is_not_written(pipelines, monkeypatch, capsys):
    accept()
    before = pipelines.read_bytes()
    monkeypatch.setattr("click.confirm", lambda *_, **__: False)

    status = main(["review", CLAIM, "pipelines.toml", "--by", "Ben", "--as-of", "2020-01-02"])

    assert (status, pipelines.read_bytes()) == (1, before)
    assert capsys.readouterr().out.endswith("nothing is reviewed\n")
