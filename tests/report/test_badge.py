"""The badge: a picture that says in words what it shows, and JSON for badge services."""

import json
import xml.etree.ElementTree as ET
from functools import cache

import pytest
from hypothesis import given

from claimtrack import loads
from claimtrack.cli.main import main
from claimtrack.model.verdict import Status
from claimtrack.report import badge
from claimtrack.report.site.theme import contrast
from tests.report.hostile import INJECTIONS, acting, texts
from tests.report.test_audit_text import REGISTRY
from tests.score.worlds import World, claim

SVG = "{http://www.w3.org/2000/svg}"


def audit(day):
    return loads(REGISTRY).audit(day)


@pytest.mark.parametrize(
    ("day", "message", "colour"),
    [
        ("2000-01-01", "none yet", "2f548f"),
        ("2014-06-01", "1 claim, none decided, 1 pending", "2f548f"),
        ("2020-01-01", "2 of 3 decided held", "1a6a3a"),
    ],
)
def test_a_badge_counts_the_decided_claims_that_held(day, message, colour):
    assert badge.badge_object(audit(day)) == {
        "schemaVersion": 1,
        "label": "claims",
        "message": message,
        "color": colour,
    }
    picture = ET.fromstring(badge.badge_svg(audit(day)))
    assert picture.get("aria-label") == f"claims: {message}"
    assert [node.text for node in picture.iter(f"{SVG}text")] == ["claims", message]


@pytest.mark.parametrize(
    ("outcomes", "message", "colour"),
    [
        (["held"] * 2 + ["overdue"] * 2, "2 of 2 decided held, 2 overdue", "855400"),
        (["held"] * 2 + ["overdue"], "2 of 2 decided held, 1 overdue", "1a6a3a"),
        (["held"] + ["overdue"] * 3, "1 of 1 decided held, 3 overdue", "a2221d"),
        (["overdue"] * 2, "2 claims, none decided, 2 overdue", "2f548f"),
        (
            [status.value for status in Status],
            "1 of 4 decided held, 1 overdue, 1 with too little evidence, 1 in conflict, 1 pending",
            "a2221d",
        ),
    ],
)
def test_what_is_due_or_pending_is_said_and_counts_for_the_colour(outcomes, message, colour):
    together = World()
    for number, outcome in enumerate(outcomes):
        together += claim(f"{outcome}-{number}", outcome)

    found = badge.badge_object(together.audit())

    assert (found["message"], found["color"]) == (message, colour)


@pytest.mark.parametrize("colour", ["_LABEL_COLOUR", "_GOOD", "_MIXED", "_BAD", "_OPEN"])
def test_white_text_can_be_read_on_every_colour(colour):
    assert contrast("#ffffff", getattr(badge, colour)) >= 4.5


@cache
def some_audit():
    return audit("2020-01-01")


def is_calm(label):
    text = badge.badge_svg(some_audit(), label)
    picture = ET.fromstring(text)
    assert {node.tag for node in picture.iter()} == {
        f"{SVG}{tag}" for tag in ("svg", "title", "rect", "path", "g", "text")
    }
    assert acting(text.replace("\n", "")) == set()


def test_no_trick_acts_as_a_label():
    for text in INJECTIONS.values():
        is_calm(text)


@given(texts())
def test_no_label_acts(text):
    is_calm(text)


def test_one_run_writes_picture_and_json(tmp_path, capsys):
    registry = tmp_path / "r.toml"
    registry.write_text(REGISTRY, "utf-8")
    picture, data = tmp_path / "badge.svg", tmp_path / "badge.json"

    status = main(
        [
            *("badge", str(registry), "--as-of", "2020-01-01", "--label", "promises"),
            *("-o", str(picture), "-o", str(data), "-o", "-"),
        ]
    )

    assert status == 0
    assert capsys.readouterr().out == picture.read_text("utf-8")
    assert json.loads(data.read_text())["label"] == "promises"


def test_an_ending_that_is_no_badges_is_refused(tmp_path, capsys):
    registry = tmp_path / "r.toml"
    registry.write_text(REGISTRY, "utf-8")

    assert main(["badge", str(registry), "-o", "badge.png"]) == 2
    told = "Error: 'badge.png' does not tell its format; expected an ending .svg or .json\n"
    assert capsys.readouterr().err.endswith(told)
