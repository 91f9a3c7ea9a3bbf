"""Words said again, taken back, or called off: every place that prints claims tells of them."""

import csv
import io
import json

import pytest

from claimtrack import load, loads
from claimtrack.cli.main import main
from claimtrack.errors import LoadError
from claimtrack.exchange import write
from claimtrack.report.site.build import site_files
from claimtrack.report.site.context import Options
from claimtrack.score import track_records

TEXT = """
[registry]
title = "Plants"

[[speaker]]
id = "jane"
name = "Jane Doe"
party = "Blue"
groups = ["Coalition", "Bench"]

[[speaker]]
id = "joe"

[[source]]
id = "daily"
publisher = "The Daily"
published = 2020-01-02

[[source]]
id = "weekly"
publisher = "The Weekly"
published = 2020-06-01

[[fact]]
id = "opens"
kind = "event"

[[evidence]]
id = "not-open"
fact = "opens"
source = "weekly"
not_happened = "../2020-05-31"

[[claim]]
id = "opens-by-may"
speaker = "jane"
said = 2020-01-02
source = "daily"
quote = "it opens by May"
criterion = { event = "opens", by = 2020-05-31 }
retracted = 2020-07-01
retracted_words = "I was wrong"
retracted_source = "weekly"

[[claim.occasions]]
said = 2020-02-01
source = "daily"

[[claim.occasions]]
said = 2020-03-01
source = "weekly"
quote = "it opens before June"

[[claim]]
id = "off"
speaker = "joe"
said = 2020-01-02
source = "daily"
quote = "off"
criterion = { event = "opens", by = 2030-05-31 }
annulled = 2020-04-01
annulled_because = "there is no plant"
annulled_kind = "premise-void"
"""


@pytest.fixture
def plants(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "plants.toml").write_text(TEXT, "utf-8")
    return tmp_path / "plants.toml"


def told(capsys, *words):
    assert main(list(words)) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("day", "times", "is_retracted"),
    [("2020-01-31", 1, False), ("2020-02-29", 2, False), ("2020-07-01", 3, True)],
)
def test_an_audit_tells_what_was_said_by_its_day(plants, capsys, day, times, is_retracted):
    text = told(capsys, "audit", "plants.toml", "--as-of", day)

    row = next(line for line in text.splitlines() if line.startswith("opens-by-may"))
    said = "2 Jan 2020" + (f", {times} times" if times > 1 else "")
    assert said in row
    assert ("[retracted]" in row) is is_retracted
    line = f"1 claim said on several occasions, {times} in all, and counted once\n"
    assert (line in text) is (times > 1)


def test_a_retraction_leaves_the_verdict(plants):
    audit = load(plants).audit("2020-08-01")

    assert audit["opens-by-may"].status == "failed"
    assert audit["opens-by-may"].marks == ("retracted",)
    assert audit.counts["failed"] == 1


def test_an_explanation_tells_each_occasion_and_the_retraction(plants, capsys):
    text = told(capsys, "explain", "opens-by-may", "plants.toml", "--as-of", "2020-08-01")

    assert "  Jane Doe (Blue), 2 Jan 2020, 3 times\n" in text
    assert "  again on 1 Feb 2020, in The Daily\n" in text
    assert "  again on 1 Mar 2020, in The Weekly: “it opens before June”\n" in text
    assert "retracted: by the speaker on 1 Jul 2020: “I was wrong” (in The Weekly)\n" in text


def test_why_a_claim_was_called_off_is_told(plants, capsys):
    text = told(capsys, "explain", "off", "plants.toml", "--as-of", "2020-08-01")
    assert "annulled from 1 Apr 2020 (premise void): there is no plant\n" in text

    text = told(capsys, "audit", "plants.toml", "--as-of", "2020-08-01")
    assert "premise void: there is no plant" in text


def test_json_and_csv_hold_them(plants, capsys):
    words = ("audit", "plants.toml", "--as-of", "2020-08-01", "--format")
    claims = {one["id"]: one for one in json.loads(told(capsys, *words, "json"))["claims"]}

    one = claims["opens-by-may"]
    assert one["times_said"] == 3
    assert one["occasions"] == [
        {"said": "2020-02-01", "source": "daily", "quote": None},
        {"said": "2020-03-01", "source": "weekly", "quote": "it opens before June"},
    ]
    assert [one["retracted"], one["retracted_words"], one["retracted_source"]] == [
        *("2020-07-01", "I was wrong", "weekly")
    ]
    assert claims["off"]["annulled_kind"] == "premise-void"
    rows = {one["id"]: one for one in csv.DictReader(io.StringIO(told(capsys, *words, "csv")))}
    assert rows["opens-by-may"]["times_said"] == "3"
    assert rows["opens-by-may"]["retracted"] == "2020-07-01"
    assert rows["off"]["annulled_kind"] == "premise-void"


@pytest.mark.parametrize(
    ("by", "names"),
    [("party", ["Blue", "no party"]), ("group", ["Bench", "Coalition", "no group"])],
)
def test_an_audit_is_grouped_by_party_and_group(plants, capsys, by, names):
    text = told(capsys, "audit", "plants.toml", "--as-of", "2020-08-01", "--by", by)
    assert [name for name in names if f"\n{name}\n" in f"\n{text}"] == names

    text = told(
        capsys, "audit", "plants.toml", "--as-of", "2020-08-01", "--by", by, "--format", "csv"
    )
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row[by] for row in rows] == [name if name[:3] != "no " else "" for name in names]


def test_a_page_of_the_site_tells_them(plants):
    pages = dict(site_files(load(plants).audit("2020-08-01"), Options()))

    page = pages["claims/opens-by-may.html"]
    page = page if isinstance(page, str) else page.decode()
    assert "<dt>Said</dt><dd>2 Jan 2020, 3 times</dd>" in page
    assert "<p>Said again:</p>" in page
    assert "“it opens before June”" in page
    assert "The speaker took the words back on 1 Jul 2020" in page
    other = pages["claims/off.html"]
    other = other if isinstance(other, str) else other.decode()
    assert "Called off on 1 Apr 2020 (premise void): " in other


def test_a_score_counts_a_claim_said_thrice_once(plants, capsys):
    text = told(capsys, "score", "plants.toml", "--as-of", "2020-08-01")

    assert "Said on several occasions and counted once (1): opens-by-may (3 times)." in text


def test_what_is_called_off_is_not_scored(plants):
    for kind in ("ambiguous", "premise-void", "question-withdrawn"):
        registry = loads(TEXT.replace("premise-void", kind))
        records = track_records(registry.audit("2020-08-01"))
        assert sum(one.decided for one in records) == 1


def test_sources_of_occasions_have_to_be_there():
    with pytest.raises(LoadError) as caught:
        loads(TEXT.replace('source = "weekly"\nquote', 'source = "weakly"\nquote'))
    assert "occasions[1].source 'weakly' is not defined" in str(caught.value)
    with pytest.raises(LoadError) as caught:
        loads(TEXT.replace('retracted_source = "weekly"', 'retracted_source = "weakly"'))
    assert "retracted_source 'weakly' is not defined" in str(caught.value)


@pytest.mark.parametrize("format_", ["claimreview", "averitec", "metaculus"])
def test_an_export_says_what_it_does_not_tell(format_):
    _, losses = write(format_, loads(TEXT))

    told = [str(one).partition(" not said")[0] for one in losses if "not said" in str(one)]
    assert {
        "column occasions: 2 occasions",
        "column retracted: 1 retraction",
        "column annulled_kind: 1 kind of annulment",
        "column party: 1 membership of a party",
    } <= set(told)
