"""The table of quotes, and what programs get of it."""

import json
from pathlib import Path

import pytest

from claimtrack.cli.main import main

REGISTRY = str(Path(__file__).parents[2] / "examples" / "pinned_words" / "registry")

pytest.importorskip("pypdf")
pytest.importorskip("warcio")


def test_json_has_every_quote_with_its_answer(capsys):
    status = main(["quotes", REGISTRY, "--format", "json"])

    told = json.loads(capsys.readouterr().out)
    assert status == 1
    assert told["counts"] == {
        "found": 7,
        "not found": 1,
        "ambiguous": 1,
        "unreadable": 1,
        "unchecked": 2,
    }
    assert len(told["quotes"]) == 12
    wrong = next(one for one in told["quotes"] if one["answer"] == "not found")
    assert wrong["nearest"]["text"] == "may cost up to 4.3\xa0million crowns"
    assert wrong["nearest"]["serious"]
    assert wrong["nearest"]["differences"] == [
        {"source": "may", "quote": "will", "serious": ["modal"]},
        {"source": "4.3", "quote": "3.4", "serious": ["number"]},
    ]
    assert [fault["source"] for fault in told["faults"]] == ["herald-2019-04-10"]


def test_some_answers_are_shown_and_all_are_counted(capsys):
    status = main(["quotes", REGISTRY, "--format", "csv", "--answer", "ambiguous"])

    rows = capsys.readouterr().out.splitlines()
    assert status == 1
    assert len(rows) == 2
    assert rows[1].startswith("claim,tender-was-carried,quote,minutes-2019-03-12,")

    main(["quotes", REGISTRY, "--answer", "ambiguous"])
    assert capsys.readouterr().out.endswith(
        "\n7 found, 1 not found, 1 ambiguous, 1 unreadable, 2 unchecked\n"
    )


@pytest.mark.parametrize("width", ["80", "100", "150"])
def test_the_table_fits_its_screen(capsys, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", width)

    main(["quotes", REGISTRY])

    table = capsys.readouterr().out.split("\n\n")[0]
    assert max(map(len, table.splitlines())) <= int(width)
    assert "…" not in table
