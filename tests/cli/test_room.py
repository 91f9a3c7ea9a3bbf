"""Tables on a narrow terminal: no reason is cut, and an id can be typed into the next command."""

import re
from collections import Counter
from pathlib import Path

import pytest

from claimtrack import load
from claimtrack.cli.main import main
from claimtrack.report.width import display_width

EXAMPLE = Path(__file__).parents[2] / "examples" / "china_russia_2017"
IDS = load(EXAMPLE)
BELOW = re.compile("[0-9]+ due within ")
COMMANDS = {
    "audit": ("audit", "--as-of", "2020-01-01"),
    "diff": ("diff", "--as-of", "2018-02-20", "--as-of", "2020-01-01"),
    "diff without readings": ("diff", "--as-of", "2019-12-01", "--as-of", "2019-12-31"),
    "due": ("due", "--as-of", "2018-01-01", "--within", "800"),
    "facts": ("facts", "--as-of", "2020-01-01"),
}


def lines_of(capsys, monkeypatch, command, columns):
    """Print the lines of the table that a command shows."""
    monkeypatch.setenv("COLUMNS", str(columns))
    assert main([command[0], str(EXAMPLE), *command[1:]]) == 0
    lines = capsys.readouterr().out.splitlines()
    rule = next(at for at, line in enumerate(lines) if line.startswith("───"))
    below = (at for at in range(rule, len(lines)) if not lines[at] or BELOW.match(lines[at]))
    return lines[rule - 1 : next(below, len(lines))]


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
@pytest.mark.parametrize("columns", [80, 120])
def test_ids_that_are_not_overlong_are_whole_and_nothing_else_is_cut(
    command, columns, capsys, monkeypatch
):
    lines = lines_of(capsys, monkeypatch, command, columns)

    names = {*IDS.claims.by_id, *IDS.facts.by_id}
    shown = {word for line in lines for word in line.split()} & names
    cut = {word for line in lines for word in line.split() if word.endswith("…")}
    assert max(map(display_width, lines)) <= columns
    assert shown
    overlong = {name for name in names if len(name) > 50}
    longest = names if columns == 80 else overlong
    assert all(any(name.startswith(word[:-1]) for name in longest) for word in cut)
    assert all(len(word) > 30 for word in cut)


@pytest.mark.parametrize("by", ["speaker", "topic"])
@pytest.mark.parametrize("columns", [60, 80, 120])
def test_every_header_of_a_score_can_be_read_and_the_legend_tells_of_no_other(
    by, columns, capsys, monkeypatch
):
    monkeypatch.setenv("COLUMNS", str(columns))
    words = ["score", str(EXAMPLE), "--by", by, "--as-of", "2020-01-01", "--details"]
    assert main(words) == 0
    lines = capsys.readouterr().out.splitlines()

    rules = [at for at, line in enumerate(lines) if line.startswith("───")]
    headers = [name for at in rules for name in re.split(r"  +", lines[at - 1])]
    legend = next(line for line in lines if line.startswith("due: "))
    told = {part.partition(":")[0] for part in legend.removesuffix(".").split("; ")}
    assert "…" not in "".join("".join(lines[at - 1 : at + 2]) for at in rules)
    assert max(display_width(lines[at]) for at in rules) <= columns
    assert {"claims", "made", "due", "decided", "held", "failed", "share"} <= set(headers)
    assert told <= set(headers)
    assert {"n/e", "n/c", "void", "known"} <= told
    assert ("confl." in told) is ("confl." in headers)
    assert [name for name, times in Counter(headers).items() if times > 1] in (
        [by, "held"],
        ["held", by],
    )
