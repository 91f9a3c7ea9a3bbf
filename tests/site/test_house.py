"""A house style: words, colours and pieces of HTML, from a file named on the command line."""

import re

import pytest

from claimtrack.cli.main import main
from claimtrack.report.site.build import site_files
from claimtrack.report.site.context import Options
from claimtrack.report.site.house import HouseError, house_of
from tests.site.registries import DAY, one_of_everything
from tests.site.test_site import keeps_its_own_policy, parsed

STYLE = """
title = "The Promise Tracker"
publisher = "The Daily"
contact = "https://daily.example/corrections"
stylesheet = "house.css"
header = "header.html"
footer = "footer.html"

[words]
held = "kept"
late = "kept late"
failed = "broken"

[light]
held = "#0b5a2b"
paper = "#ffffff"
"""
PIECES = {
    "house.css": ".lead{border-top:9px solid red}",
    "header.html": "<div class=house-head>The Daily</div>",
    "footer.html": "<div class=house-foot>Since 1881</div>",
}


def house(text=STYLE):
    return house_of("house.toml", text, PIECES.__getitem__)


@pytest.fixture(scope="module")
def files():
    given = house()
    options = Options(title=given.title, publisher=given.publisher, house=given)
    return dict(site_files(one_of_everything().audit(DAY), options))


def test_the_words_of_the_house_stand_for_statuses_everywhere(files):
    page = files["claims/by-2018.html"]

    assert "Kept late" in page
    assert "kept late from 2 Dec 2019" in page
    assert "Kept late by 336 days" in files["cards/by-2018.svg"]
    assert '"name": "Kept late"' in page
    assert '"words": "broken"' in files["index.html"]
    assert ">late<" not in page
    assert "Something is wrong?" in page


def test_colours_a_style_sheet_a_header_and_a_footer_are_within_the_policy(files):
    for path in ("index.html", "claims/by-2018.html"):
        page = files[path]
        assert "--held:#0b5a2b" in page
        assert PIECES["house.css"] in page
        assert PIECES["header.html"] in page
        assert PIECES["footer.html"] in page
        keeps_its_own_policy(page, parsed(page))
    assert 'fill="#ffffff"' in files["cards/by-2018.svg"]


def test_a_template_takes_the_place_of_that_with_its_name(tmp_path):
    registry = tmp_path / "registry.toml"
    registry.write_text('[[speaker]]\nid = "ann"\n', "utf-8")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "method.html").write_text("Ask {{ site.title }}.", "utf-8")
    (tmp_path / "house.toml").write_text('templates = "own"\ntitle = "Ours"\n', "utf-8")
    out = tmp_path / "public"

    status = main(["site", str(registry), "-o", str(out), "--config", str(tmp_path / "house.toml")])

    assert status == 0
    assert (out / "method.html").read_text("utf-8") == "Ask Ours."
    assert "<h1" in (out / "index.html").read_text("utf-8")


def test_a_colour_that_cannot_be_read_is_a_usage_error(tmp_path, capsys):
    registry = tmp_path / "registry.toml"
    registry.write_text('[[speaker]]\nid = "ann"\n', "utf-8")
    (tmp_path / "house.toml").write_text('[light]\nheld = "#eeeeee"\n', "utf-8")

    status = main(
        ["site", str(registry), "-o", str(tmp_path / "x"), "--config", str(tmp_path / "house.toml")]
    )

    assert status == 2
    assert "has a contrast of 1.1; expected at least 4.5" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "colour = 1",
            "'colour' is unknown; expected one of contact, title, publisher, stylesheet",
        ),
        ("title = 1", "'title' has the wrong type; expected a text"),
        ('words = "x"', "'words' has the wrong type; expected a table"),
        ('[words]\nkept = "x"', "status 'kept' is unknown; expected one of held, late, partly"),
        ('[words]\nheld = ""', "the word for 'held' is ''; expected a text"),
        ('[light]\nred = "#ffffff"', "colour 'red' is unknown; expected one of paper, card, ink"),
        ('[dark]\nink = "red"', "dark ink is 'red'; expected one such as '#1a6a3a'"),
        ("title = ", "Invalid value (at end of document); expected TOML"),
    ],
)
def test_what_is_wrong_with_a_house_style_is_said(text, message):
    with pytest.raises(HouseError, match=re.escape(message)):
        house(text)
