"""Pictures: what stands in them, and that they do not depend on colour."""

import re
import sys
from importlib.util import find_spec

import pytest

from claimtrack import loads
from claimtrack.cli.main import main
from claimtrack.errors import MissingExtraError
from claimtrack.model.verdict import Status
from claimtrack.score import calibration
from claimtrack.score.plots import (
    MARKERS,
    new_axes,
    plain,
    plot_calibration,
    plot_record,
    plot_timeline,
)
from claimtrack.score.track_record import track_records
from tests.score.worlds import World, claim

pytestmark = pytest.mark.skipif(
    find_spec("matplotlib") is None, reason="matplotlib is not installed"
)

OUTCOMES = (
    "held",
    "late",
    "partly",
    "failed",
    "conflicting",
    "overdue",
    "not-enough-evidence",
    "not-checkable",
    "annulled",
    "pending",
)


@pytest.fixture
def audit():
    together = World()
    for outcome in OUTCOMES:
        together += claim(outcome, outcome)
    return together.audit()


def texts(axes):
    return [text.get_text() for text in axes.texts]


def points(axes):
    return [
        (float(line.get_xdata()[0]), float(line.get_ydata()[0]))
        for line in axes.lines
        if line.get_marker() == "o"
    ]


def test_calibration_shows_each_filled_bin_with_its_count():
    bins = calibration([0.1, 0.15, 0.9], [0, 1, 1], bins=2)

    axes = plot_calibration(bins)

    assert texts(axes) == ["n=2", "n=1"]
    assert points(axes) == [(0.125, 0.5), (0.9, 1.0)]


def test_calibration_shows_each_interval():
    (one,) = [b for b in calibration([0.3], [1]) if b.count]

    axes = plot_calibration([one])

    assert [list(line.get_ydata()) for line in axes.lines][1] == [
        one.interval.low,
        one.interval.high,
    ]


def test_a_record_shows_its_count_and_says_when_it_is_too_small(audit):
    axes = plot_record(track_records(audit), names={"ann": "Ann"})

    assert texts(axes) == ["1 of 4 (too few)"]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["Ann"]


def test_a_ranked_record_has_a_filled_mark(audit):
    few = plot_record(track_records(audit))
    enough = plot_record(track_records(audit, min_decided=4))

    def fills(axes):
        return [line.get_markerfacecolor() for line in axes.lines if line.get_marker() == "o"]

    assert fills(few) == ["white"]
    assert fills(enough) != ["white"]


def test_a_timeline_names_and_counts_every_status(audit):
    axes = plot_timeline(audit)

    shown = {text.get_text() for text in axes.get_legend().get_texts()}
    assert shown == {f"{status.value} (1)" for status in Status}


def test_every_status_has_a_shape_of_its_own():
    assert set(MARKERS) == set(Status)
    assert len(set(MARKERS.values())) == len(Status)


@pytest.mark.parametrize(
    "draw",
    [
        lambda audit, ax: plot_calibration(calibration([0.5], [1]), ax=ax),
        lambda audit, ax: plot_record(track_records(audit), ax=ax),
        lambda audit, ax: plot_timeline(audit, ax=ax),
    ],
    ids=["calibration", "record", "timeline"],
)
def test_a_picture_is_drawn_where_one_says(audit, draw):
    axes = new_axes()

    assert draw(audit, axes) is axes


def test_nothing_to_draw_draws_nothing():
    empty = World().audit()

    assert points(plot_calibration([])) == []
    assert texts(plot_record([])) == []
    assert plot_timeline(empty).get_legend() is None


def test_names_are_short_and_act_in_no_way():
    assert plain("a\x1b[31m\nb") == "a [31m b"
    assert plain("x" * 100) == "x" * 43 + "…"


REGISTRY = """
[registry]
title = "$\\\\frac{1}{2}$ <b>"

[[speaker]]
id = "$x^2$"

[[source]]
id = "paper"
published = 2018-01-10

[[claim]]
id = "<script>"
speaker = "$x^2$"
said = 2018-01-10
source = "paper"
quote = "so it is"
not_checkable = "taste"
"""


@pytest.fixture
def registry(tmp_path):
    path = tmp_path / "registry.toml"
    path.write_text(REGISTRY, encoding="utf-8")
    return str(path)


BRIDGE = """
[[speaker]]
id = "mayor"
[[source]]
id = "wire"
[[fact]]
id = "bridge"
kind = "event"
[[claim]]
id = "c"
speaker = "mayor"
said = {said}
source = "wire"
quote = "q"
criterion = {{ event = "bridge", by = {by} }}
"""
ENDS = "the axis is cut at 1820-02-27 and 2219-11-22, beyond which: "


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("said", "by", "day", "cut"),
    [
        ("2020-01-09", "2021-12-31", "2026-01-01", None),
        ("2020-01-09", "9999-12-31", "2026-01-01", f"{ENDS}1 of the claims"),
        ("2020-01-09", '"Y12019"', "2026-01-01", f"{ENDS}1 of the claims"),
        ("2020-01-09", "2021-12-31", "9999-12-31", f"{ENDS}this day"),
        ('"0001"', "2021-12-31", "2026-01-01", "1 of the claims, this day"),
        ('"-0043-03-15"', "2021-12-31", "2026-01-01", "1 of the claims, this day"),
        ('"-0043-03-15"', '"-0040"', "-0042-01-01", None),
        ('"0001"', '"0002"', "0002-06-01", None),
        ("9999-01-01", "9999-12-31", "9999-12-31", None),
        ('"Y-252527349277"', "2021-12-31", "2026-01-01", "1 of the claims, this day"),
        ("2020-01-09", '"Y252527349277"', "2026-01-01", f"{ENDS}1 of the claims"),
    ],
)
def test_a_timeline_of_far_years_is_cut_and_says_so(said, by, day, cut, tmp_path):
    axes = plot_timeline(loads(BRIDGE.format(said=said, by=by)).audit(day))

    told, _, rest = axes.get_xlabel().partition("\n")
    assert told == f"as of {day}"
    assert rest.endswith(cut) if cut else rest == ""
    for ending in ("svg", "png"):
        axes.figure.savefig(tmp_path / f"x.{ending}")
    assert all(label.get_text() for label in axes.get_xticklabels() if label.get_visible())


def test_days_of_a_timeline_without_dates_are_labelled():
    axes = plot_timeline(
        loads(BRIDGE.format(said='"-0043-03-15"', by='"-0040"')).audit("-0039-01-01")
    )

    axes.figure.draw_without_rendering()

    labels = [label.get_text() for label in axes.get_xticklabels()]
    assert len(labels) > 2
    assert all(re.fullmatch(r"-00(3|4)\d-\d\d-\d\d", label) for label in labels)


@pytest.mark.parametrize("kind", ["record", "timeline"])
def test_the_command_writes_equal_pictures_of_equal_registries(kind, registry, tmp_path):
    pictures = []
    for name in ("one.svg", "two.svg"):
        file = tmp_path / name
        assert main(["plot", kind, registry, "-o", str(file), "--as-of", "2020-01-01"]) == 0
        pictures.append(file.read_bytes())

    assert pictures[0] == pictures[1]
    assert b"<script>" not in pictures[0]
    assert rb"$\frac{1}{2}$ &lt;b&gt;" in pictures[0]


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (
            ["calibration", "-o", "x.svg"],
            "Error: There are no scored forecasts with a probability to draw.\n",
        ),
        (
            ["record", "-o", "x.txt"],
            "Error: Cannot write 'x.txt'; expected a name in .svg, .png, .pdf.\n",
        ),
    ],
    ids=["no forecasts", "ending"],
)
def test_what_cannot_be_drawn_is_a_usage_error(arguments, text, registry, capsys):
    assert main(["plot", arguments[0], registry, *arguments[1:]]) == 2

    assert capsys.readouterr().err.endswith(text)


def test_without_matplotlib_one_is_told_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)

    with pytest.raises(MissingExtraError) as caught:
        new_axes()

    assert str(caught.value) == (
        "CT901 a picture needs matplotlib, which is not installed; "
        "run: pip install 'claimtrack[plot]'"
    )
