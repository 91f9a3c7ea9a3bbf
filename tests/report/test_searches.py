"""What an audit, an explanation, a site and the list of due claims say of searches in vain."""

import json

import pytest

from claimtrack.cli.main import main
from claimtrack.engine.explain import explain
from claimtrack.files.load import loads
from claimtrack.report.audit import audit_object
from claimtrack.report.display import html_of
from claimtrack.report.explanation import explanation_object
from claimtrack.report.reasons import because

BASE = """\
[registry]
policy = { grace = 30 }

[[speaker]]
id = "anna"
name = "Anna"

[[source]]
id = "paper"
published = 2019-01-05

[[source]]
id = "page"

[[fact]]
id = "gas"
kind = "event"
title = "First gas"

[[fact]]
id = "oil"
kind = "event"

[[claim]]
id = "soon"
speaker = "anna"
said = 2019-01-01
source = "paper"
quote = "gas by the end of the year"
criterion = { event = "gas", by = 2019-12-31 }

[[claim]]
id = "both"
speaker = "anna"
said = 2019-01-01
source = "paper"
quote = "gas and oil"
criterion = { all = [{ event = "gas", by = 2019-12-31 }, { event = "oil", by = 2019-12-31 }] }

[[claim]]
id = "well"
speaker = "anna"
said = 2019-01-01
source = "paper"
quote = "all will be well"
criterion = { any = [{ event = "gas", by = 2019-12-31 }, { judged = true, by = 2019-12-31 }] }
"""
NONE = "no dated report in this registry"


def search(id_, about, day="2020-01-15", *more):
    lines = (f'id = "{id_}"', about, f"searched = {day}", 'where = "the archives"', *more)
    return "\n[[search]]\n" + "\n".join(lines) + "\n"


def undated(id_, about="fact = 'gas'\nhappened = 2019-12-02"):
    return f'\n[[evidence]]\nid = "{id_}"\nsource = "page"\n{about}\n'


CLAIM, GAS, OIL = 'claim = "soon"', 'fact = "gas"', 'fact = "oil"'


def reason(text, claim="soon", day="2020-03-01", **options):
    audit = loads(BASE + text).audit(day, **options)
    return because(audit, audit[claim])


@pytest.mark.parametrize(
    ("text", "claim", "told"),
    [
        pytest.param("", "soon", NONE, id="nobody searched"),
        pytest.param(search("a", CLAIM), "soon", "nothing found (15 Jan 2020)", id="for the claim"),
        pytest.param(search("a", GAS), "soon", "nothing found (15 Jan 2020)", id="for its fact"),
        pytest.param(
            search("a", GAS) + search("b", CLAIM, "2020-02-01") + search("c", GAS, "2020-01-20"),
            "soon",
            "nothing found (1 Feb 2020)",
            id="the last of several",
        ),
        pytest.param(search("a", CLAIM, "2019-12-31"), "soon", NONE, id="on the due day"),
        pytest.param(
            search("a", CLAIM, "2020-01-01"), "soon", "nothing found (1 Jan 2020)", id="a day later"
        ),
        pytest.param(search("a", CLAIM, "2020-03-02"), "soon", NONE, id="not yet made"),
        pytest.param(
            search("a", CLAIM, "2020-03-01"), "soon", "nothing found (1 Mar 2020)", id="on the day"
        ),
        pytest.param(search("a", CLAIM), "both", NONE, id="for another claim"),
        pytest.param(search("a", GAS), "both", NONE, id="for one fact of two"),
        pytest.param(
            search("a", GAS, "2020-02-01") + search("b", OIL),
            "both",
            "nothing found (15 Jan 2020)",
            id="for each fact, as of the earlier day",
        ),
        pytest.param(
            search("a", GAS, "2020-02-01") + search("b", OIL, "2019-06-01"),
            "both",
            NONE,
            id="for one fact before it was due",
        ),
        pytest.param(search("a", GAS), "well", NONE, id="for the fact, not for judgements"),
        pytest.param(
            search("a", 'claim = "well"'),
            "well",
            "nothing found (15 Jan 2020)",
            id="for judgements",
        ),
        pytest.param(undated("e"), "soon", f"{NONE}, 1 undated", id="one undated"),
        pytest.param(
            undated("e") + undated("f", 'claim = "soon"\nstance = "supports"') + search("a", CLAIM),
            "soon",
            "nothing found (15 Jan 2020), 2 undated",
            id="two undated",
        ),
        pytest.param(
            undated("e", "fact = 'oil'\nhappened = 2019-12-02"), "soon", NONE, id="on another fact"
        ),
    ],
)
def test_an_overdue_claim_says_whether_somebody_looked(text, claim, told):
    assert reason(text, claim) == told


def test_a_pending_claim_and_one_with_reports_say_what_they_said():
    assert reason(search("a", CLAIM), day="2020-01-20") == "nothing reported"
    assert reason(search("a", CLAIM), "both", day="2019-06-01") == "nothing reported"


def test_what_only_the_registry_knew_is_said_to_be_that():
    assert reason("", known_by="recorded") == "nothing recorded"
    assert reason(search("a", CLAIM), known_by="recorded") == "nothing found (15 Jan 2020)"


FULL = search(
    "a", GAS, "2020-01-15", 'words = "Power of Siberia"', 'by = "the desk"', 'note = "to page 9"'
)
WORDS = (
    "nothing found about “First gas” on 15 Jan 2020: searched the archives, for “Power of "
    "Siberia”, by the desk; to page 9"
)
OBJECT = {
    "id": "a",
    "claim": None,
    "fact": "gas",
    "searched": "2020-01-15",
    "where": "the archives",
    "words": "Power of Siberia",
    "by": "the desk",
    "note": "to page 9",
}


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "registry.toml"
    file.write_text(BASE + FULL + search("b", 'claim = "both"'), encoding="utf-8")
    return file


def test_an_explanation_lists_the_searches(path, capsys):
    assert main(["explain", "soon", str(path), "--as-of", "2020-03-01"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert WORDS in lines
    assert "both" not in "".join(lines)


def test_a_search_that_was_not_yet_made_is_not_listed(path, capsys):
    assert main(["explain", "soon", str(path), "--as-of", "2020-01-14"]) == 0

    assert "searched" not in capsys.readouterr().out


def test_json_has_the_searches():
    audit = loads(BASE + FULL).audit("2020-03-01")
    explained = explanation_object(audit, explain(audit, "soon"))

    assert explained["claim"]["searches"] == [OBJECT]
    assert {one["id"]: one["searches"] for one in audit_object(audit, [*audit])["claims"]} == {
        "soon": [OBJECT],
        "both": [OBJECT],
        "well": [OBJECT],
    }


def test_what_falls_due_says_that_somebody_looked(path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    words = ["due", str(path), "--as-of", "2020-01-20", "--within", "30"]

    assert main(words) == 0
    table = capsys.readouterr().out
    assert main([*words, "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)["due"]

    assert "its days of grace end; nothing found (15 Jan 2020)" in " ".join(table.split())
    assert {row["claim"]: [one["id"] for one in row["searches"]] for row in rows} == {
        "soon": ["a"],
        "both": ["a", "b"],
        "well": ["a"],
    }
    assert {row["what"] for row in rows} == {"its days of grace end"}


def test_the_site_lists_the_searches(path, tmp_path):
    pytest.importorskip("jinja2")
    assert main(["site", str(path), "-o", str(tmp_path / "site"), "--as-of", "2020-03-01"]) == 0
    page = (tmp_path / "site/claims/soon.html").read_text(encoding="utf-8")
    data = json.loads((tmp_path / "site/audit.json").read_text(encoding="utf-8"))

    assert f'<li dir="auto">N{WORDS[1:]}</li>' in page
    assert "Nothing found (15 Jan 2020)" in page
    assert {one["id"]: one["searches"] for one in data["claims"]}["soon"] == [OBJECT]


def test_what_a_search_says_does_not_act():
    registry = loads(BASE + search("a", CLAIM, "2020-01-15", 'words = "<b>\\u001b[1m"'))

    assert "<b>" not in html_of(explain(registry.audit("2020-03-01"), "soon"))
