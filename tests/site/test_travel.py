"""What other sites and programs take of a site: cards, pages to embed, feeds, maps, tables."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET

import pytest

from claimtrack import loads
from claimtrack.report.site.build import site_files
from claimtrack.report.site.cards import wrapped
from claimtrack.report.site.context import Options
from claimtrack.report.site.downloads import TABLES
from tests.report.hostile import INJECTIONS
from tests.site.registries import DAY, hostile, one_of_everything
from tests.site.test_site import elements, parsed, policy_of

URL = "https://news.example/tracker/"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def files():
    return dict(site_files(one_of_everything().audit(DAY), Options(url=URL)))


def meta(page):
    nodes = [node for node in elements(parsed(page)) if node.tag.endswith("}meta")]
    return {one.get("name") or one.get("property"): one.get("content") for one in nodes}


def test_each_page_has_a_title_a_description_and_an_address_to_share(files):
    claim = meta(files["claims/by-2018.html"])

    assert claim["og:title"] == "by 2018"
    assert claim["description"] == (
        "Late. “First gas crosses” on 2 Dec 2019, late by 336 days, 1 source."
    )
    assert claim["og:url"] == f"{URL}claims/by-2018.html"
    assert claim["og:image"] == f"{URL}cards/by-2018.svg"
    assert meta(files["topics/trade.html"])["description"] == "1 claim: 1 late"
    assert meta(files["index.html"])["description"] == "2 of 4 decided claims held up"
    for path, text in files.items():
        if path.endswith(".html") and not path.startswith("embed/"):
            assert meta(text)["og:description"], path


def test_a_card_says_the_status_by_word_and_shape_the_days_and_the_witnesses(files):
    card = ET.fromstring(files["cards/by-2018.svg"])

    texts = [node.text for node in card.iter(f"{SVG}text")]
    assert texts == [
        "Alexei Miller, 4 Jul 2017",
        "by 2018",
        "Late by 336 days",
        "decided on 2 Dec 2019 · due 31 Dec 2018 · 1 witness",
        "Pipelines & promises",
    ]
    assert len(card.findall(f"{SVG}svg/*")) == 2


def test_no_trick_acts_in_a_card():
    found = dict(site_files(hostile(*INJECTIONS.values()).audit(DAY), Options()))

    cards = [text for path, text in found.items() if path.startswith("cards/")]
    assert len(cards) == 3 * len(INJECTIONS)
    known = {f"{SVG}{tag}" for tag in ("svg", "rect", "text", "path", "circle")}
    for text in cards:
        for node in ET.fromstring(text).iter():
            assert node.tag in known
            assert not [name for name in node.attrib if name.startswith("on") or "href" in name]


def test_a_card_is_a_png_where_that_is_asked_for():
    image = pytest.importorskip("PIL.Image")
    options = Options(url=URL, cards=True)
    found = dict(site_files(one_of_everything().audit(DAY), options))

    cards = {path: content for path, content in found.items() if path.endswith(".png")}
    assert len(cards) == 8
    for content in cards.values():
        assert image.open(io.BytesIO(content)).size == (1200, 630)
    assert meta(found["claims/by-2018.html"])["og:image"] == f"{URL}cards/by-2018.png"
    assert "cards/by-2018.svg" in found


def test_a_page_to_embed_runs_no_script_and_leads_to_the_claim(files):
    page = files["embed/by-2018.html"]

    tree = parsed(page)
    assert policy_of(tree)["script-src"] == "'none'"
    assert "<script" not in page
    links = [node for node in elements(tree) if node.tag.endswith("}a")]
    assert [(one.get("href"), one.get("target")) for one in links] == [
        ("../claims/by-2018.html", "_top")
    ]
    assert "late" in "".join(tree.itertext()).lower()


def test_each_speaker_and_topic_has_a_page_and_a_feed_of_its_own(files):
    feed = ET.fromstring(files["topics/trade.atom"])

    atom = "{http://www.w3.org/2005/Atom}"
    links = {node.find(f"{atom}link").get("href") for node in feed.iter(f"{atom}entry")}
    assert links == {f"{URL}claims/by-2018.html"}
    assert feed.findtext(f"{atom}title") == "Pipelines & promises, trade: changes"
    ids = {text: re.findall("<id>(.*)</id>", files[text])[0] for text in files if "atom" in text}
    assert len(ids) == len(set(ids.values())) == 5
    assert set(re.findall("<id>(.*)</id>", files["topics/trade.atom"])[1:]) <= set(
        re.findall("<id>(.*)</id>", files["changes.atom"])
    )
    assert 'href="../topics/trade.html"' in files["claims/by-2018.html"]


def test_the_map_names_every_page(files):
    found = set(re.findall("<loc>(.*)</loc>", files["sitemap.xml"]))

    pages = {path for path in files if path.endswith(".html") and not path.startswith("embed/")}
    assert found == {URL + path for path in pages}


def test_the_reviews_are_one_data_feed(files):
    feed = json.loads(files["reviews.json"])

    assert feed["@type"] == "DataFeed"
    reviews = [one["item"][0] for one in feed["dataFeedElement"]]
    assert {one["url"] for one in reviews} == {
        URL + path for path in files if path.startswith("claims/")
    }


@pytest.mark.parametrize("name", TABLES)
def test_every_table_can_be_downloaded_in_two_forms(files, name):
    rows = list(csv.DictReader(io.StringIO(files[f"data/{name}.csv"])))
    objects = [json.loads(line) for line in files[f"data/{name}.jsonl"].splitlines()]

    assert len(rows) == len(objects) > 0
    assert [*rows[0]] == [*objects[0]]
    data = json.loads(files["audit.json"])
    assert name == "changes" or len(rows) == len(data[name])


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("short", ["short"]),
        ("one two three four five", ["one two", "three…"]),
        ("x" * 30, ["xxxx", "xxxx…"]),
    ],
)
def test_words_are_wrapped_into_the_lines_of_a_card(text, lines):
    assert wrapped(text, 8, 2) == lines


def test_a_quote_has_the_language_of_its_source():
    registry = loads(
        """
        [[speaker]]
        id = "ann"
        [[source]]
        id = "paper"
        language = "pt-BR"
        [[source]]
        id = "odd"
        language = "Portuguese of Brazil"
        [[claim]]
        id = "c"
        speaker = "ann"
        said = 2019-01-01
        source = "paper"
        quote = "A torneira"
        not_checkable = "an opinion"
        [[claim]]
        id = "d"
        speaker = "ann"
        said = 2019-01-01
        source = "odd"
        quote = "A torneira"
        not_checkable = "an opinion"
        """
    )
    found = dict(site_files(registry.audit(DAY), Options()))

    assert '<p dir="auto" lang="pt-BR">“A torneira”' in found["claims/c.html"]
    assert '<p dir="auto">“A torneira”' in found["claims/d.html"]
