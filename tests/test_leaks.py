"""``claimtrack leak`` and `claimtrack.leaks`: each reason, as its page defines it."""

import hashlib
import json
from pathlib import Path

import pytest

import claimtrack
from claimtrack import LoadError
from claimtrack.cli.main import main
from claimtrack.hindsight import plain_url
from claimtrack.quotes.matching import search

PAGE = b"<p>Gas crossed the border on 2 December 2019, said the ministry.</p>"
LATER = b"<p>Gas flows. Edited on 5 January 2021.</p>"
DIGEST = hashlib.sha256(PAGE).hexdigest()
LATER_DIGEST = hashlib.sha256(LATER).hexdigest()

REGISTRY = f"""\
[[speaker]]
id = "anna"

[[source]]
id = "ministry"
published = 2019-12-02
url = "https://ministry.example/gas"
snapshot = {{ path = "snapshots/ministry.html", sha256 = "{DIGEST}", captured = 2019-12-03 }}

[[source]]
id = "paper"
published = 2019-12-03
url = "https://paper.example/gas"
snapshot = {{ path = "snapshots/paper.html", sha256 = "{LATER_DIGEST}", captured = 2021-01-06 }}

[[source]]
id = "wire"
published = 2019-12-05
url = "https://wire.example/gas"

[[source]]
id = "checkers"
published = 2020-01-20
url = "https://checkers.example/rating"

[[fact]]
id = "first-gas"
kind = "event"

[[evidence]]
id = "found"
fact = "first-gas"
source = "ministry"
happened = 2019-12-02
quote = "Gas crossed the border on 2 December 2019"

[[evidence]]
id = "edited"
fact = "first-gas"
source = "ministry"
happened = 2019-12-02
quote = "Gas crossed the border on 1 December 2019"

[[evidence]]
id = "late-copy"
fact = "first-gas"
source = "paper"
happened = 2019-12-02
quote = "Gas flows."

[[evidence]]
id = "wired"
fact = "first-gas"
source = "wire"
happened = 2019-12-02
recorded = 2019-12-06
withdrawn = 2020-02-01
withdrawn_because = "It was a test."

[[evidence]]
id = "undated"
fact = "first-gas"
source = "wire"
published = "2019/.."
happened = 2019-12-02

[[claim]]
id = "by-2019"
speaker = "anna"
said = 2017-07-04
source = "wire"
quote = "Gas will flow by the end of 2019."
criterion = {{ event = "first-gas", by = 2019-12-31 }}

[[claim]]
id = "other"
speaker = "anna"
said = 2017-07-04
source = "wire"
quote = "Oil will flow, too."
not_checkable = "vague"

[[forecast]]
id = "guess"
by = "anna"
claim = "by-2019"
made = 2019-06-01
probability = 0.7

[[assessment]]
id = "rated"
claim = "by-2019"
by = "Checkers"
scale = "politifact-promises"
rating = "Promise Kept"
source = "checkers"
url = "https://checkers.example/first"
"""


@pytest.fixture
def registry(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("pipes/snapshots").mkdir(parents=True)
    Path("pipes/all.toml").write_text(REGISTRY, "utf-8")
    Path("pipes/snapshots/ministry.html").write_bytes(PAGE)
    Path("pipes/snapshots/paper.html").write_bytes(LATER)
    return claimtrack.load("pipes")


def rows(registry, *evidence, as_of="2019-12-10", root="pipes", **keys):
    question = {"id": "q", "claim": "by-2019", "as_of": as_of, "evidence": [*evidence], **keys}
    report = claimtrack.leaks(registry, [question], root=root)
    return [
        (
            leak.item,
            leak.reason.value,
            leak.known_on and str(leak.known_on),
            leak.captured_on and str(leak.captured_on),
            leak.proof and leak.proof.value,
        )
        for leak in report.leaks
    ]


def test_what_was_known_and_proven_by_the_day_is_no_leak(registry):
    assert rows(registry, "found", "ministry", "wired", "wire", "guess") == []


def test_known_later_is_published_after_the_day(registry):
    assert rows(registry, "wired", as_of="2019-12-04") == [
        ("wired", "known_later", "2019-12-05", None, "recorded")
    ]
    assert rows(registry, "wired", as_of="2019-12-05") == []
    assert rows(registry, "guess", as_of="2019-05-31") == [
        ("guess", "known_later", "2019-06-01", None, "declared")
    ]


def test_captured_later_is_published_by_the_day_in_a_copy_from_after_it(registry):
    assert rows(registry, "late-copy") == [
        ("late-copy", "captured_later", "2019-12-03", "2021-01-06", "declared")
    ]
    assert rows(registry, "late-copy", as_of="2021-01-06") == []
    page = {"url": "https://b.example/", "published": "2019-12-01", "captured": "2020-01-01"}
    assert rows(registry, page) == [
        ("https://b.example/", "captured_later", "2019-12-01", "2020-01-01", "declared")
    ]


def test_undated_has_no_day_of_publication(registry):
    assert rows(registry, "undated", {"text": "Gas flows."}) == [
        ("undated", "undated", None, None, None),
        ("#2", "undated", None, None, None),
    ]


def test_edited_after_is_not_in_a_copy_from_by_the_day(registry):
    assert rows(registry, "edited") == [
        ("edited", "edited_after", "2019-12-02", "2019-12-03", "declared")
    ]
    page = {"url": "http://www.ministry.example/gas#top", "text": "Gas crossed on 1 December."}
    assert rows(registry, page) == [
        (page["url"], "edited_after", "2019-12-02", "2019-12-03", "declared")
    ]
    assert rows(registry, {"url": "https://ministry.example/gas", "sha256": "ab" * 32}) == [
        ("https://ministry.example/gas", "edited_after", "2019-12-02", "2019-12-03", "declared")
    ]


def test_a_page_that_the_registry_has_pinned_by_the_day_is_proven(registry):
    text = "Gas crossed the border on 2 December 2019, said the ministry."
    assert rows(registry, {"url": "https://ministry.example/gas/", "text": text}) == []
    assert rows(registry, {"sha256": DIGEST}) == []
    late = {"sha256": DIGEST, "published": "2019-12-01"}
    # Of two days of publication the later one counts.
    assert rows(registry, late, as_of="2019-12-01") == [
        (DIGEST, "known_later", "2019-12-02", "2019-12-03", "declared")
    ]


def test_withdrawn_by_then_did_not_count_any_more(registry):
    assert rows(registry, "wired", as_of="2020-01-31") == []
    assert rows(registry, "wired", as_of="2020-02-01") == [
        ("wired", "withdrawn_by_then", "2020-02-01", None, "recorded")
    ]


@pytest.mark.parametrize(
    "item",
    [
        "rated",
        "checkers",
        {"url": "https://checkers.example/first", "published": "2020-01-20"},
        {
            "url": "https://web.archive.org/web/20200121/https://checkers.example/rating",
            "published": "2020-01-20",
        },
    ],
)
def test_rates_this_claim_is_a_rating_of_it_or_its_page(registry, item):
    name = item if isinstance(item, str) else item["url"]

    assert rows(registry, item, as_of="2020-02-01") == [
        (name, "rates_this_claim", "2020-01-20", None, "declared")
    ]
    assert rows(registry, item, as_of="2020-02-01", claim="other") == []


@pytest.mark.parametrize(
    ("keys", "known_on"),
    [
        ({"label_known_at": "2019-12-10"}, "2019-12-10"),
        ({"label_known_at": "2019-12-11"}, None),
        ({"label_known_at": "2019-12-11", "resolves": "2019-12-01"}, None),
        ({"resolves": "2019-12-09"}, "2019-12-09"),
        ({"label": True}, None),
        ({"label": "promise kept", "as_of": "2020-01-20"}, "2020-01-20"),
        ({"label": "Promise Broken", "as_of": "2020-01-20"}, None),
        (
            {"label_known_at": "2019-12-10T12:00:00Z", "as_of": "2019-12-10T11:59:00Z"},
            None,
        ),
        (
            {"label_known_at": "2019-12-10T11:00:00Z", "as_of": "2019-12-10T11:59:00Z"},
            "2019-12-10",
        ),
    ],
)
def test_label_known_is_out_on_the_day(registry, keys, known_on):
    expected = [] if known_on is None else [(None, "label_known", known_on, None, "declared")]

    assert rows(registry, **keys) == expected


def test_one_item_can_be_a_leak_for_several_reasons(registry):
    found = rows(registry, "rated", as_of="2019-12-10")

    assert [row[1] for row in found] == ["known_later", "rates_this_claim"]


def test_copies_are_not_read_without_a_root(registry):
    assert rows(registry, "edited", root=None) == []


def test_a_copy_that_is_not_what_was_pinned_ends_the_check(registry):
    Path("pipes/snapshots/ministry.html").write_bytes(LATER)

    with pytest.raises(LoadError) as caught:
        rows(registry, "found", "edited")

    assert str(caught.value) == (
        "pipes/all.toml:8:1: CT390 source 'ministry' has a copy that is not what was pinned: "
        f"its sha256 begins with {LATER_DIGEST[:12]}"
    )


def leak(lines, *options):
    text = "".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in lines)
    Path("questions.jsonl").write_text(text, "utf-8")
    return main(["leak", "questions.jsonl", "pipes", *options])


CLEAN = {"id": "a", "claim": "by-2019", "as_of": "2019-12-10", "evidence": ["found"]}
LEAKY = {
    "id": "b",
    "question": "Will gas flow?",
    "asked_at": "2019-12-01T10:00:00Z",
    "evidence": ["found", {"url": "https://paper.example/gas"}],
}


def test_a_clean_file_ends_with_0(registry, capsys):
    assert leak([CLEAN, ""]) == 0

    assert capsys.readouterr().out == "no leak in 1 question, 1 item and labels checked\n"


def test_leaks_end_with_1_and_stand_in_a_table(registry, capsys):
    assert leak([CLEAN, LEAKY]) == 1

    assert (
        capsys.readouterr().out
        == """\
question  item                       reason       known on    captured on  proof
────────  ─────────────────────────  ───────────  ──────────  ───────────  ────────
b         found                      known_later  2019-12-02  2019-12-03   declared
b         https://paper.example/gas  known_later  2019-12-03               declared
2 leaks in 1 of 2 questions, 3 items and labels checked
"""
    )


def test_programs_get_one_row_for_each_leak(registry, capsys):
    row = {
        "question": "b",
        "item": "found",
        "reason": "known_later",
        "known_on": "2019-12-02",
        "captured_on": "2019-12-03",
        "proof": "declared",
    }
    lines = [{**LEAKY, "evidence": ["found"]}]

    assert leak(lines, "--format", "jsonl") == 1
    assert json.loads(capsys.readouterr().out) == row

    assert leak(lines, "--format", "json") == 1
    assert json.loads(capsys.readouterr().out) == {"questions": 1, "checked": 1, "leaks": [row]}

    assert leak(lines, "--format", "csv") == 1
    assert capsys.readouterr().out == (
        "question,item,reason,known_on,captured_on,proof\n"
        "b,found,known_later,2019-12-02,2019-12-03,declared\n"
    )


def test_bad_lines_are_all_told_with_their_places_and_end_with_3(registry, capsys):
    lines = [
        CLEAN,
        "{",
        "[]",
        {"id": "c", "question": "Will it?", "evidence": []},
        {"id": "d", "as_of": "2019-12-10"},
        {"id": "e", "claim": "by-2091", "as_of": "2019-12-32", "evidence": ["fuond"]},
        {"id": "e", "claim": "by-2091", "as_of": "2019-12-10", "evidence": ["fuond", {}]},
        {"id": "f", "claim": "by-2091", "as_of": "2019-12-10", "evidence": ["fuond"]},
        {"id": "a", "claim": "by-2019", "as_of": "2019-12-10", "evidnce": []},
        CLEAN,
    ]

    assert leak(lines) == 3

    assert (
        capsys.readouterr().err.replace("questions.jsonl:", "")
        == """\
2:1: CT002 is not JSON: Expecting property name enclosed in double quotes at column 2
3:1: CT101 [] has the wrong type; expected an object
4:1: CT302 question 'c' has neither of 'as_of' and 'asked_at'; expected exactly one
5:1: CT302 question 'd' has neither 'claim' nor 'question'; expected one
6:1: CT102 question 'e' as_of '2019-12-32' has no such day; expected a day from 01 to 31
7:1: CT302 question 'e' evidence[1] has none of 'url', 'text' and 'sha256'; expected one
8:1: CT202 question 'f' claim 'by-2091' is no claim of the registry
    hint: did you mean 'by-2019'?
8:1: CT202 question 'f' evidence[0] 'fuond' is no evidence, assessment, forecast or source of the \
registry
    hint: did you mean 'found'?
9:1: CT301 question 'a' evidnce is not a key that is known here
    hint: did you mean 'evidence'?
10:1: CT201 question 'a' id is taken by an earlier line
"""
    )


def test_nothing_to_check_ends_with_4(registry, capsys):
    assert leak([]) == 4
    assert leak([{"id": "q", "question": "Will it?", "as_of": "2019-12-10"}]) == 4

    assert capsys.readouterr().out == (
        "no leak in 0 questions, 0 items and labels checked\n"
        "no leak in 1 question, 0 items and labels checked\n"
    )


def test_a_file_that_is_not_there_ends_with_3(registry, capsys):
    assert main(["leak", "none.jsonl", "pipes"]) == 3

    assert "none.jsonl" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("http://A.example/B/", "a.example/B"),
        ("https://www.a.example/B?x=1#y", "a.example/B?x=1"),
        ("https://web.archive.org/web/20191202000000*/https://a.example/B", None),
        ("http://[", "http://["),
        ("", ""),
    ],
)
def test_addresses_of_one_page_are_one(url, plain):
    expected = "web.archive.org/web/20191202000000*/https://a.example/B" if plain is None else plain

    assert plain_url(url) == expected


def test_each_copy_is_read_and_searched_once_for_all_words(registry, monkeypatch):
    counts = []

    def counted(text, needles):
        counts.append(len(needles))
        return search(text, needles)

    monkeypatch.setattr("claimtrack.hindsight.search", counted)
    pages = [{"url": "https://ministry.example/gas", "text": f"Gas {n}"} for n in range(50)]

    found = rows(registry, "found", "edited", *pages, "found")

    assert counts == [52]
    assert len(found) == 51
