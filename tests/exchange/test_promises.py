"""The examples of promises and of forecasts: the commands of each README do what it says."""

import re
import shlex
import shutil
from collections import Counter
from pathlib import Path

from claimtrack import load
from claimtrack.cli.main import main
from claimtrack.score import score_forecasts

EXAMPLES = Path(__file__).parents[2] / "examples"
FOLDER = EXAMPLES / "promises"


def commands(folder=FOLDER):
    """Return each command of the README of *folder*, with what is printed after it or None."""
    text = (folder / "README.md").read_text("utf-8")
    for language, block in re.findall(r"```(sh|console)\n(.*?)```", text, re.DOTALL):
        lines = block.splitlines()
        if language == "sh":
            yield from ((line, None) for line in lines)
            continue
        for place in range(0, len(lines), 2):
            yield lines[place].removeprefix("$ "), lines[place + 1]


def test_the_commands_of_the_readme_do_what_it_says(tmp_path, monkeypatch, capsys):
    for file in FOLDER.glob("*.csv"):
        shutil.copy(file, tmp_path)
    monkeypatch.chdir(tmp_path)

    for command, printed in commands():
        status = main(shlex.split(command)[1:])
        out = capsys.readouterr().out
        assert status == 0, command
        assert printed is None or out == f"{printed}\n"

    registry = load("desk")
    assert Counter(one.rating for one in registry.assessments.values()) == {
        "Broken": 19,
        "Achieved": 7,
        "Compromised": 2,
    }
    assert Path("desk/claims.toml").read_text("utf-8").count("due = 2017-04-29\n") == 2
    assert len(Path("verdicts.csv").read_text("utf-8").splitlines()) == 29


def test_forecasts_of_a_site_come_in_and_are_scored(tmp_path, monkeypatch, capsys):
    shutil.copy(EXAMPLES / "forecasts" / "fatebook.csv", tmp_path)
    monkeypatch.chdir(tmp_path)

    for command, printed in commands(EXAMPLES / "forecasts"):
        assert main(shlex.split(command)[1:]) == 0, command
        out = capsys.readouterr().out
        assert printed is None or out == f"{printed}\n"

    registry = load("desk")
    assert len(registry.forecasts) == 7
    counts = registry.audit("2021-02-01").counts
    assert {status: number for status, number in counts.items() if number} == {
        "held": 1,
        "failed": 1,
        "pending": 1,
        "not-enough-evidence": 1,
    }
    scored = score_forecasts(registry.audit("2021-02-01"), intervals=False)
    assert [len(one.claims) for one in scored.forecasters] == [2, 2]
    assert (tmp_path / "ledger.csv").read_text("utf-8") == "what,at,field,why\n"
