"""A paraphrase is printed without quotation marks, and as told by its source, wherever it is."""

import json
import re

import pytest

from claimtrack.cli.main import main
from claimtrack.engine.explain import explain
from claimtrack.files.load import loads
from claimtrack.report.display import html_of
from claimtrack.report.words import checked_words, quote_words

WORDS = "gas will come in December"
REGISTRY = """\
[registry]
title = "Gas"

[[speaker]]
id = "anna"
name = "Anna"

[[source]]
id = "paper"
publisher = "The Paper"
published = 2019-01-05

[[fact]]
id = "gas"
kind = "event"

[[evidence]]
id = "came"
fact = "gas"
source = "later"
happened = 2019-12-02

[[source]]
id = "later"
published = 2019-12-03

[[claim]]
id = "soon"
speaker = "anna"
said = 2019-01-01
source = "paper"
quote = "gas will come in December"
quote_kind = "paraphrase"
kind = "prediction"
criterion = { event = "gas", by = 2019-12-31 }
"""
TOLD = f"{WORDS} (as told by The Paper)"
QUOTED = re.compile(rf"[“\"'«„]{WORDS}")


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "registry.toml"
    file.write_text(REGISTRY, encoding="utf-8")
    return str(file)


@pytest.fixture
def printed(capsys):
    def run(*arguments):
        assert main(arguments) == 0
        return capsys.readouterr().out

    return run


def test_an_explanation_says_as_told_by(printed, path):
    text = printed("explain", "soon", path, "--as-of", "2020-01-01")

    assert text.count(TOLD) == 2  # in the sentence, and above the evidence
    assert not QUOTED.search(text)
    assert "paraphrase quote" not in text


def test_a_history_says_as_told_by(printed, path):
    text = printed("history", "soon", path)

    assert f"  {TOLD}\n" in text
    assert not QUOTED.search(text)


@pytest.mark.parametrize("option", [(), ("--ics", "-")])
def test_what_falls_due_says_as_told_by(printed, path, option):
    text = printed("due", path, "--as-of", "2019-06-01", "--within", "365", *option).replace(
        "\n ", ""
    )

    assert TOLD in " ".join(text.split())
    assert not QUOTED.search(text)


def test_a_notebook_says_as_told_by():
    registry = loads(REGISTRY)
    explanation = explain(registry.audit("2020-01-01"), "soon")

    for value in (explanation, registry.history("soon")):
        assert f"soon: {TOLD}" in html_of(value)
        assert not QUOTED.search(html_of(value))


def test_a_site_its_markup_and_its_feed_say_as_told_by(printed, path, tmp_path):
    pytest.importorskip("jinja2")
    printed("site", path, "-o", str(tmp_path / "site"), "--as-of", "2020-01-01")
    page = (tmp_path / "site/claims/soon.html").read_text(encoding="utf-8")
    feed = (tmp_path / "site/changes.atom").read_text(encoding="utf-8")
    markup = re.search('<script type="application/ld\\+json">(.*?)</script>', page, re.DOTALL)

    review = json.loads(markup[1])
    assert review["claimReviewed"] == TOLD
    assert review["itemReviewed"]["text"] == TOLD
    assert f'<blockquote><p dir="auto">{WORDS}</p></blockquote>' in page
    assert '(as told by <span dir="auto">The Paper</span>)' in page
    assert f"Anna: {TOLD}." in feed
    assert not re.search(f"“{WORDS}", page + feed)


def test_a_proposition_is_the_words_that_are_checked_and_nobody_tells_it():
    claim = loads(f'{REGISTRY}proposition = "Gas flows."\n').claims["soon"]

    assert checked_words(claim, loads(REGISTRY)) == "Gas flows."


@pytest.mark.parametrize(
    ("source", "teller"),
    [
        ('publisher = "The Paper"', "The Paper"),
        ('author = "Anna"\ntitle = "On gas"', "Anna"),
        ('title = "On gas"', "On gas"),
        ("", "paper"),
    ],
)
def test_the_teller_is_whoever_the_source_names(source, teller):
    registry = loads(REGISTRY.replace('publisher = "The Paper"', source))

    assert quote_words(registry.claims["soon"], registry) == f"{WORDS} (as told by {teller})"


@pytest.mark.parametrize("kind", ["direct", "indirect", "own"])
def test_other_quotes_stand_in_quotation_marks(kind):
    registry = loads(REGISTRY.replace("paraphrase", kind))

    assert quote_words(registry.claims["soon"], registry) == f"“{WORDS}”"
    assert checked_words(registry.claims["soon"], registry) == WORDS
