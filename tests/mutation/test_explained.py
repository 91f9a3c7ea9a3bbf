"""The reasons for survivors speak of the code as it is."""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GROUPS = tomllib.loads(
    Path(__file__).with_name("explained.toml").read_text(encoding="utf-8")
)["group"]  # fmt: skip
CHANGES = {
    (module, was)
    for group in GROUPS
    for module, changes in group["changes"].items()
    for was, _ in changes
}


@pytest.mark.parametrize(("module", "was"), sorted(CHANGES))
def test_the_lines_of_a_survivor_stand_in_their_module(module, was):
    lines = (ROOT / module).read_text(encoding="utf-8").splitlines()

    assert was in " ".join(line.strip() for line in lines)


def test_every_survivor_has_one_reason_and_is_another_text():
    changes = [
        (module, was, now)
        for group in GROUPS
        for module, pairs in group["changes"].items()
        for was, now in pairs
    ]

    assert len(changes) == len(set(changes))
    assert all(was != now for _, was, now in changes)
    assert all(group["because"].endswith(".") for group in GROUPS)
