"""Labels of one scale on another: what becomes of each, and what is lost."""

import csv
import io
import json

import pytest

from claimtrack.cli.main import main
from claimtrack.model.scales import Says, load_scales
from claimtrack.score.rating import mapped_labels

MAP = ["rate", "--from", "trumptracker", "--to", "politifact-promises"]


def test_labels_that_say_the_same_are_mapped_and_losses_told(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")

    assert main(MAP) == 0

    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == "From TrumpTracker to PolitiFact promise meters"
    rows = dict(line.split("  ", 1) for line in lines[4:] if line)
    assert rows["Achieved"].strip() == "Promise Kept"
    assert rows["Compromised"].strip() == "Compromise"
    assert rows["Broken"].strip() == "Promise Broken"
    assert rows["Not started"].strip().startswith("editor: In the Works or Stalled")
    assert "what 'Not started' says of the state" in rows["Not started"]


def test_programs_read_the_same(capsys):
    assert main([*MAP, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["from"], found["to"]) == ("trumptracker", "politifact-promises")

    assert main([*MAP, "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["becomes"] or None for row in rows] == [one["becomes"] for one in found["labels"]]


def test_where_two_labels_become_one_the_difference_is_lost():
    scales = load_scales()
    found = mapped_labels(scales["truth-o-meter"], scales["fever"])

    told = {one.label.name: one for one in found}
    assert told["Half True"].becomes is None
    assert "that it holds in part" in (told["Half True"].loses or "")
    collapsed = [one for one in found if one.becomes == "REFUTES"]
    assert len(collapsed) > 1
    assert all("the difference from" in (one.loses or "") for one in collapsed)


def test_no_label_ever_turns_into_one_that_says_something_else():
    scales = load_scales().values()
    for source in scales:
        for target in scales:
            for one in mapped_labels(source, target):
                if one.becomes is None:
                    assert one.loses or one.otherwise
                    continue
                assert target.label(one.becomes).says is one.label.says
                if source is target:
                    assert one.becomes == one.label.name
                if one.label.says is Says.OPEN:
                    assert target.find(one.label.name) or one.label.also


def test_a_scale_of_the_registry_is_known_where_it_is_named(tmp_path, capsys):
    path = tmp_path / "r.toml"
    path.write_text(
        '[[scale]]\nid = "own"\n[[scale.label]]\nname = "so"\nsays = "supports"\n', "utf-8"
    )

    assert main(["rate", str(path), "--from", "own", "--to", "fever"]) == 0
    assert "SUPPORTS" in capsys.readouterr().out
    assert main(["rate", "--from", "own", "--to", "fever"]) == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["rate", "--from", "fever"], "--from and --to go together, and without --scale."),
        ([*MAP, "--scale", "fever"], "--from and --to go together, and without --scale."),
        (["rate", "--scale", "fever"], "Missing argument 'PATH'."),
        ([*MAP[:4], "fver"], "'fver'"),
    ],
)
def test_what_cannot_be_mapped_is_told(capsys, words, told):
    assert main(words) == 2
    assert told in capsys.readouterr().err
