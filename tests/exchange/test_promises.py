"""The example of promises: the commands of its README do what it says."""

import re
import shlex
import shutil
from collections import Counter
from pathlib import Path

from claimtrack import load
from claimtrack.cli.main import main

FOLDER = Path(__file__).parents[2] / "examples" / "promises"


def commands():
    """Return each command of the README, with what is printed after it or None."""
    text = (FOLDER / "README.md").read_text("utf-8")
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
