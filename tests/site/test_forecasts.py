"""Forecasts as forecasts: a speaker who gave a probability neither holds nor fails."""

import json
import re

import pytest

from claimtrack import loads
from claimtrack.report.audit import AuditLayout, audit_text
from claimtrack.report.site.build import site_files
from claimtrack.report.site.context import Options
from tests.site.test_browser import fresh, wait_for

__all__ = ["fresh"]

DAY = "2020-01-10"
PUNDIT = """
[[speaker]]
id = "pundit"
name = "A Pundit"
[[speaker]]
id = "model"
[[source]]
id = "paper"
published = 2019-01-01
[[source]]
id = "result"
published = 2019-06-02
[[fact]]
id = "win"
kind = "event"
[[evidence]]
id = "lost"
fact = "win"
source = "result"
not_happened = "../2019-06-01"
[[claim]]
id = "red-wins"
speaker = "pundit"
said = 2019-01-01
source = "paper"
quote = "71 percent for red"
criterion = { event = "win", by = 2019-06-01 }
[[claim]]
id = "plain"
speaker = "pundit"
said = 2019-01-01
source = "paper"
quote = "red wins"
criterion = { event = "win", by = 2019-06-01 }
[[forecast]]
id = "own"
claim = "red-wins"
by = "pundit"
made = 2019-01-01
probability = 0.71
[[forecast]]
id = "other"
claim = "red-wins"
by = "model"
made = 2019-03-01
probability = 0.1
[[forecast]]
id = "hindsight"
claim = "red-wins"
by = "model"
made = 2019-07-01
probability = 0.0
"""


@pytest.fixture(scope="module")
def registry():
    return loads(PUNDIT)


@pytest.fixture(scope="module")
def files(registry):
    return dict(site_files(registry.audit(DAY), Options()))


def words_of(page):
    return " ".join(re.sub("<[^>]*>", " ", page.partition("<main")[2]).split())


def test_no_page_says_that_a_forecast_failed(files):
    told = words_of(files["claims/red-wins.html"])

    assert "Forecast: 71 percent" in told
    assert "It did not happen." in told
    assert "failed" not in told.lower().replace("neither holds nor fails", "")
    assert "failed" in words_of(files["claims/plain.html"]).lower()
    assert "None of" not in words_of(files["index.html"])
    assert "The one decided claim failed" in words_of(files["index.html"])
    assert "1 is a forecast, which has a score." in words_of(files["index.html"])


def test_the_probability_and_the_score_stand_beside_those_of_others(files):
    told = words_of(files["claims/red-wins.html"])

    assert "A Pundit the speaker 71 percent 1 Jan 2019 0.504" in told
    assert "model 10 percent 1 Mar 2019 0.010" in told
    assert "model 0 percent 1 Jul 2019 made when the outcome was known" in told


def test_the_speaker_has_a_score_in_place_of_a_share(files):
    told = words_of(files["speakers/pundit.html"])

    assert "1 claim is a forecast, with a Brier score of 0.504 on average" in told
    assert "decided claims held" not in told


def test_the_markup_of_a_forecast_has_no_number(files):
    review = files["claims/red-wins.html"].partition('ld+json">')[2].partition("</script>")[0]

    assert json.loads(review)["reviewRating"] == {
        "@type": "Rating",
        "alternateName": "Forecast of 71 percent: it did not happen",
        "name": "Forecast of 71 percent: it did not happen",
    }


def test_explain_tells_forecasts_with_their_scores(registry):
    told = registry.explain("red-wins", DAY).to_text()

    assert told.splitlines()[0].startswith(
        "A Pundit gave it 71 percent on 1 Jan 2019, and it did not happen"
    )
    assert "forecast by A Pundit, 1 Jan 2019: 71 percent; Brier score 0.504" in told
    assert "forecast by model, 1 Mar 2019: 10 percent; Brier score 0.010" in told


def audit_json(registry):
    audit = registry.audit(DAY)
    return audit_text(audit, [*audit], "json", AuditLayout())


def test_json_has_the_forecasts_of_a_claim(registry):
    audit = json.loads(audit_json(registry))
    by_id = {one["id"]: one for one in audit["claims"]}

    assert [one["brier"] for one in by_id["red-wins"]["forecasts"]] == [
        pytest.approx(0.5041),
        pytest.approx(0.01),
        None,
    ]
    assert "forecasts" not in by_id["plain"]


def test_an_audit_shows_the_probability(registry):
    told = registry.audit(DAY).to_text()

    assert "forecast 71 percent; " in told


def test_no_forecast_is_shown_before_it_was_made(registry):
    told = registry.explain("red-wins", "2019-02-01").to_text()

    assert "by A Pundit" in told
    assert "by model" not in told


def test_the_slider_shows_a_forecast_as_one(fresh, files, tmp_path):
    (tmp_path / "index.html").write_text(files["index.html"], "utf-8")
    fresh.get("about:blank")
    fresh.get(f"{(tmp_path / 'index.html').as_uri()}#as-of=2019-02-01")
    assert wait_for(
        lambda: fresh.find_element("css selector", "h1").text == "No claim is decided yet"
    )

    fresh.find_element("css selector", ".replay button").click()

    heading = fresh.find_element("css selector", "h1")
    assert wait_for(lambda: heading.text == "The one decided claim failed")
    lines = [one.text for one in fresh.find_elements("css selector", ".standfirst")]
    assert lines == ["1 is a forecast, which has a score."]
