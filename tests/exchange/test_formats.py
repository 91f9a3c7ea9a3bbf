"""Formats of other people: what comes in, what goes out, and a line for whatever is lost."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimtrack import LoadError, load
from claimtrack.cli.main import main
from claimtrack.exchange import UnknownFormatError, read, write
from claimtrack.exchange.ledger import FIELD, ROW

REVIEW = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": "https://checkers.example/1",
    "claimReviewed": "Taxes fall",
    "datePublished": "2020-02-01",
    "author": {"@type": "Organization", "name": "The Checkers"},
    "reviewRating": {"@type": "Rating", "alternateName": "Mostly nonsense"},
    "itemReviewed": {
        "@type": "Claim",
        "author": {"@type": "Person", "name": "Anna Ba"},
        "datePublished": "2020-01-05",
        "appearance": {"@type": "CreativeWork", "url": "https://paper.example/a"},
    },
}
ITEM = {
    "claim": "Taxes fall",
    "label": "Refuted",
    "justification": "They rose.",
    "claim_date": "5-1-2020",
    "speaker": "Anna Ba",
    "original_claim_url": "https://paper.example/a",
    "fact_checking_article": "https://checkers.example/1",
}
POST = {
    "id": 10,
    "title": "Will taxes fall?",
    "published_at": "2020-01-05",
    "author_username": "anna",
    "question": {
        "id": 12,
        "title": "Will taxes fall?",
        "type": "binary",
        "resolution_criteria": "If a law says so.",
        "open_time": "2020-01-06T10:00:00Z",
        "scheduled_close_time": "2020-06-01T10:00:00Z",
        "scheduled_resolve_time": "2020-06-02",
        "resolution": "no",
        "actual_resolve_time": "2020-06-02",
        "aggregations": {
            "recency_weighted": {"history": [{"start_time": 1578400000.0, "centers": [0.25]}]}
        },
    },
}


def without(value, path):
    """Return *value* without what stands at *path*; a key reaches into all elements of a list."""
    key, _, rest = path.partition(".")
    found = re.fullmatch(r"(.*?)((?:\[\d+\])*)", key)
    name, places = found[1], [int(one) for one in re.findall(r"\d+", found[2])]
    if isinstance(value, list):
        return [without(one, path) for one in value]
    if not isinstance(value, dict) or name not in value:
        return value
    inner = value[name]
    if places and isinstance(inner, list):
        below = ".".join([f"[{one}]" for one in places[1:]] + ([rest] if rest else []))
        kept = [*inner]
        kept[places[0]] = without(inner[places[0]], below.lstrip(".")) if below else None
        return {**value, name: kept}
    if rest:
        return {**value, name: without(inner, rest)}
    return {one: other for one, other in value.items() if one != name}


def bare(value):
    """Return *value* without what says nothing."""
    if isinstance(value, dict):
        kept = {key: bare(one) for key, one in value.items()}
        return {key: one for key, one in kept.items() if one not in (None, "", {}, [])}
    if isinstance(value, list):
        return [one for one in map(bare, value) if one not in (None, "", {}, [])]
    return value


def assert_round_trip(format_, items, name_of):
    """Check that what is exported after an import is *items* without the lines of the ledger."""
    found = read(format_, json.dumps(items))
    lost = {one.at for one in found.losses if one.what == ROW}
    text, _ = write(format_, found.registry())
    fields = [(one.at, one.field) for one in found.losses if one.what == FIELD]
    before, after = [], []
    kept = [(name_of(one, number), one) for number, one in enumerate(items, 1)]
    kept = [(name, one) for name, one in kept if name not in lost]
    written = json.loads(text)
    assert len(written) == len(kept)
    for (name, one), other in zip(kept, written, strict=True):
        for at, field in fields:
            if at == name:
                one, other = without(one, field), without(other, field)  # noqa: PLW2901
        before.append(bare(one))
        after.append(bare(other))
    assert after == before


TEXTS = st.sampled_from(
    ["Taxes fall", "Zoë", "=1+1", "  x ", "", "a\u202eb", "Half \u201ctrue\u201d"]
)
DAYS = st.sampled_from(
    ["2020-01-05", "2020-01-05T10:00:00+01:00", "2020-01", "5 May 2020", "soon", 2020, None, ""]
)
URLS = st.sampled_from(["https://a.example/1", "http://b.example", "no address", None, 5])
NUMBERS = st.sampled_from([1, "3", -1, "x", 2.5, None, ["4"]])


def maybe_list(values):
    return st.one_of(values, st.lists(values, max_size=2))


def objects(**keys):
    return st.fixed_dictionaries({}, optional=keys)


PEOPLE = st.one_of(
    TEXTS,
    maybe_list(
        objects(**{"@type": st.sampled_from(["Person", "Organization"])}, name=TEXTS, sameAs=URLS)
    ),
)
REVIEWS = st.lists(
    st.fixed_dictionaries(
        {"@type": st.sampled_from(["ClaimReview", ["ClaimReview"], "schema:ClaimReview"])},
        optional={
            "claimReviewed": maybe_list(TEXTS),
            "datePublished": DAYS,
            "author": PEOPLE,
            "reviewBody": TEXTS,
            "inLanguage": TEXTS,
            "reviewRating": maybe_list(
                objects(
                    alternateName=maybe_list(TEXTS),
                    ratingValue=NUMBERS,
                    bestRating=NUMBERS,
                    worstRating=NUMBERS,
                )
            ),
            "itemReviewed": objects(
                **{"@type": st.sampled_from(["Claim", "CreativeWork"])},
                author=PEOPLE,
                datePublished=DAYS,
                appearance=maybe_list(st.one_of(URLS, objects(url=URLS, headline=TEXTS))),
                firstAppearance=objects(url=URLS),
            ),
        },
    ),
    max_size=3,
)


@settings(max_examples=5 * settings().max_examples)
@given(REVIEWS)
def test_a_claim_review_comes_out_as_it_went_in_but_for_the_ledger(reviews):
    known = [
        {**one, "url": f"https://checkers.example/{number}"} for number, one in enumerate(reviews)
    ]
    # The context and the types stand in all that is written, whatever was read.
    for one in known:
        one["@context"] = "https://schema.org"
        one["@type"] = "ClaimReview"
        one["reviewRating"] = one.get("reviewRating") or {}
        for key, kind in (("reviewRating", "Rating"), ("itemReviewed", "Claim")):
            value = one.setdefault(key, {})
            for element in value if isinstance(value, list) else [value]:
                element.setdefault("@type", kind)
        author = one.get("author")
        for element in author if isinstance(author, list) else [author]:
            if isinstance(element, dict):
                element.setdefault("@type", "Organization")

    assert_round_trip("claimreview", known, lambda one, _: one["url"])


@settings(max_examples=5 * settings().max_examples)
@given(
    st.lists(
        objects(
            claim=TEXTS,
            label=st.sampled_from(["Refuted", "supported", "Maybe", None]),
            justification=TEXTS,
            claim_date=st.sampled_from(["5-1-2020", "05-01-2020", "soon", None]),
            speaker=st.one_of(TEXTS, st.none()),
            original_claim_url=URLS,
            fact_checking_article=st.sampled_from(
                ["https://web.archive.org/web/20201130144023/https://a.example/1", None]
            ),
            claim_types=st.lists(TEXTS, max_size=2),
            questions=st.lists(objects(question=TEXTS), max_size=2),
        ).filter(lambda one: "claim" in one and one.get("label") in {"Refuted", "supported"}),
        max_size=3,
    )
)
def test_an_item_of_averitec_comes_out_as_it_went_in_but_for_the_ledger(items):
    assert_round_trip("averitec", items, lambda _, number: f"#{number}")


@pytest.mark.parametrize(
    ("format_", "item", "name"),
    [
        ("claimreview", REVIEW, REVIEW["url"]),
        ("averitec", ITEM, "#1"),
        ("metaculus", POST, "post 10"),
    ],
)
def test_what_a_format_has_a_place_for_comes_out_without_a_loss(format_, item, name):
    found = read(format_, json.dumps([item]))

    assert found.losses == ()
    assert_round_trip(format_, [item], lambda *_: name)


@settings(max_examples=3 * settings().max_examples)
@given(
    st.lists(
        objects(
            title=TEXTS,
            type=st.sampled_from(["binary", "numeric"]),
            resolution_criteria=TEXTS,
            fine_print=TEXTS,
            open_time=st.sampled_from(["2020-01-06T10:00:00.5Z", "2020-01-06T10:00:00Z", None]),
            scheduled_resolve_time=DAYS,
            resolution=st.sampled_from(["yes", "annulled", "37.5", None]),
            actual_resolve_time=st.sampled_from(["2020-06-02T01:00:00Z", "2020-06-02"]),
            my_forecasts=st.just(
                {"history": [{"start_time": 1578400000.5, "forecast_values": [0.7, 0.3]}]}
            ),
        ),
        max_size=3,
    )
)
def test_a_question_of_metaculus_comes_out_as_it_went_in_but_for_the_ledger(questions):
    posts = [
        {
            "id": number,
            "title": "Will it?",
            "published_at": "2020-01-05T00:00:00Z",
            "question": {"title": "Will it?", "type": "binary", **one, "id": number},
        }
        for number, one in enumerate(questions, 1)
    ]

    assert_round_trip("metaculus", posts, lambda one, _: f"post {one['id']}")


def losses_of(format_, item):
    return [str(one) for one in read(format_, json.dumps(item)).losses]


def test_ratings_stay_those_of_their_publisher():
    registry = read("claimreview", json.dumps(REVIEW)).registry()

    rating = next(iter(registry.assessments.values()))
    claim = registry.claims[rating.claim]
    assert (rating.by, rating.rating, rating.published.text) == (
        "The Checkers",
        "Mostly nonsense",
        "2020-02-01",
    )
    assert claim.status is None
    assert registry.audit("2020-03-01")[claim.id].status == "overdue"


@pytest.mark.parametrize(
    ("rating", "why"),
    [
        (
            {"ratingValue": -1, "bestRating": -1, "worstRating": -1},
            "-1 of -1 to -1 is no number",
        ),
        (
            {"ratingValue": "1", "bestRating": "1", "worstRating": "5"},
            "the scale is inverted, 1 being its best; the label is kept",
        ),
        (
            {"ratingValue": 0, "bestRating": 10, "worstRating": 1},
            "0 is not on the scale from 1 to 10; the label is kept",
        ),
    ],
)
def test_numbers_of_ratings_are_told(rating, why):
    item = {**REVIEW, "reviewRating": {"@type": "Rating", "alternateName": "Pants", **rating}}

    assert losses_of("claimreview", item) == [
        f"field https://checkers.example/1 reviewRating.{key}: {why}" for key in rating
    ]


def test_a_dirty_review_is_read_with_a_line_for_each_oddity():
    dirty = {
        "type": ["ClaimReview", "Article"],
        "url": ["https://checkers.example/1"],
        "claimReviewed": ["Taxes fall"],
        "datePublished": "2020-02-01T10:00:00+01:00",
        "author": [{"name": "The Checkers"}, {"name": "Another"}],
        "reviewRating": {"ratingValue": "2"},
        "itemReviewed": {"author": "Anna Ba", "appearance": "https://paper.example/a"},
    }

    found = read("claimreview", json.dumps({"@graph": [{"dataFeedElement": [{"item": [dirty]}]}]}))

    registry = found.registry()
    rating = next(iter(registry.assessments.values()))
    assert (rating.rating, rating.by) == ("2 of 1 to 5", "The Checkers")
    claim = registry.claims["taxes-fall"]
    assert (claim.speaker, claim.said.text) == ("anna-ba", "2020-02-01?")
    assert {one.field for one in found.losses} == {
        "url",
        "claimReviewed",
        "datePublished",
        "author",
        "reviewRating.alternateName",
        "reviewRating.ratingValue",
        "itemReviewed.appearance",
        "type[0]",
        "type[1]",
    }


def test_a_review_that_lacks_what_every_claim_needs_is_a_line_of_the_ledger():
    assert losses_of("claimreview", [{"@type": "ClaimReview"}]) == [
        "row #1: claimReviewed is missing; nothing says what was claimed"
    ]
    bare_ = {key: one for key, one in REVIEW.items() if key != "reviewRating"}
    assert losses_of("claimreview", [bare_]) == [
        "row https://checkers.example/1: reviewRating is missing; there is no rating by anybody"
    ]


def test_json_ld_is_found_in_a_page():
    page = (
        "<html><script>var x = 1;</script>"
        f'<script type="application/ld+json">{json.dumps(REVIEW)}</script></html>'
    )

    assert [*read("claimreview", page).registry().claims] == ["taxes-fall"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "data: the file is not JSON: "),
        (b"\xff", "data: the byte 0xff is not UTF-8"),
        (b"<html></html>", "data: the page holds no JSON-LD"),
        (b"{}\n{", "data:2: the line is not JSON: "),
        (b"1\n" * 200_002, "data: the file holds more than 200000 lines"),
        (
            b"[1]" + b" [1]" * 4_000_000,
            "data: the file is not JSON: it has more than 4000000 lists",
        ),
        (b"[" * 100_000, "data: the file is not JSON: it nests deeper than 100 levels"),
    ],
)
def test_what_is_no_json_is_refused(content, message):
    with pytest.raises(LoadError) as caught:
        read("claimreview", content)

    assert str(caught.value).startswith(message)
    assert str(caught.value).endswith("[CT373]")


def test_a_format_that_is_not_known_is_refused_with_the_nearest():
    with pytest.raises(UnknownFormatError) as caught:
        read("claim-review", b"")

    assert str(caught.value) == (
        "CT373 format 'claim-review' is not known; did you mean 'claimreview'?"
    )


def test_an_answer_of_the_fact_check_tools_is_a_claim_with_its_ratings():
    review = {
        "publisher": {"name": "The Checkers", "site": "checkers.example"},
        "url": "https://checkers.example/1",
        "reviewDate": "2020-02-01T00:00:00Z",
        "textualRating": "False",
    }
    other = {**review, "publisher": {"site": "others.example"}, "textualRating": "Wrong"}
    answer = {
        "claims": [{"text": "Taxes fall", "claimant": "Anna Ba", "claimReview": [review, other]}]
    }

    registry = read("factcheck-tools", json.dumps(answer)).registry()

    assert [(one.by, one.rating) for one in registry.assessments.values()] == [
        ("The Checkers", "False"),
        ("others.example", "Wrong"),
    ]
    assert registry.claims["taxes-fall"].said.text == "2020-02-01?"


def test_what_an_export_cannot_say_is_counted(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("feed.json").write_text(json.dumps([REVIEW]), "utf-8")
    assert main(["import", "feed.json", "reg", "--from", "claimreview"]) == 0
    Path("reg/more.toml").write_text('[[fact]]\nid = "f"\nkind = "event"\n', "utf-8")
    capsys.readouterr()

    status = main(["export", "reg", "--to", "claimreview", "-o", "out.json"])

    assert status == 0
    assert capsys.readouterr().err == (
        "column facts: 1 fact not said in ClaimReview\n"
        "column criterion: 1 criterion not said in ClaimReview\n"
        "export: 2 things not said in claimreview\n"
    )
    assert json.loads(Path("out.json").read_text("utf-8")) == [REVIEW]


def test_a_feed_is_imported_again_as_a_sheet_is(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    feed = Path("feed.json")
    arguments = ["import", "feed.json", "reg", "--from", "claimreview"]

    def contents():
        return {file.name: file.read_bytes() for file in Path("reg").iterdir()}

    feed.write_text(json.dumps([REVIEW]), "utf-8")
    assert main(arguments) == 0
    before = contents()
    assert main(arguments) == 0
    assert contents() == before

    feed.write_text(json.dumps([REVIEW]).replace("They rose", "").replace("nonsense", "true"))
    assert main(arguments) == 0
    assert "1 changed" in capsys.readouterr().out
    rating = next(iter(load("reg").assessments.values()))
    assert rating.rating == "Mostly true"


def test_questions_of_a_group_are_claims_of_their_own():
    group = {
        "id": 1,
        "title": "When?",
        "published_at": "2020-01-05",
        "group_of_questions": {
            "questions": [
                {"id": 2, "title": "By May?", "type": "binary"},
                {"id": 3, "title": "By June?", "type": "numeric", "resolution": "37.5"},
            ]
        },
    }

    found = read("metaculus", json.dumps({"results": [group, {"id": 9, "conditional": {}}]}))

    assert [*found.registry().claims] == ["metaculus-2", "metaculus-3"]
    assert "row post 9: it is no question or group of questions; a condition has no place" in map(
        str, found.losses
    )


def test_a_market_of_manifold_is_a_claim_with_its_resolution():
    market = {
        "id": "AbC",
        "question": "Will taxes fall?",
        "creatorName": "Anna",
        "createdTime": 1578218400000,
        "closeTime": 1590000000000,
        "url": "https://manifold.markets/anna/taxes",
        "probability": 0.3,
        "lastUpdatedTime": 1578304800000,
        "volume": 5,
    }

    opened = read("manifold", json.dumps([market]))
    closed = {**market, "isResolved": True, "resolution": "NO", "resolutionTime": 1590000000000}
    resolved = read("manifold", json.dumps(closed)).registry()

    claim = opened.registry().claims["manifold-abc"]
    assert (claim.said.text, claim.closes.text) == ("2020-01-05", "2020-05-20T18:40:00Z")
    assert [(one.probability, one.made.text) for one in opened.registry().forecasts.values()] == [
        (0.3, "2020-01-06T10:00:00Z")
    ]
    assert [str(one) for one in opened.losses] == [
        "field market AbC volume: there is no place for it"
    ]
    assert [(one.rating, one.published.text) for one in resolved.assessments.values()] == [
        ("NO", "2020-05-20")
    ]
    assert resolved.audit("2020-06-01")["manifold-abc"].status == "failed"


def test_the_rows_of_fatebook_are_forecasts_of_their_questions():
    text = (
        "Question title,Forecast created by,Forecast (scale = 0-1),Forecast created at,"
        "Question created by,Question created at,Question resolve by,Resolution,Resolved at,"
        "Question notes,Question tags\n"
        "Rain?,Anna,0.7,2020-01-05T10:00:00.000Z,Anna,2020-01-05,2020-02-01,YES,2020-02-01,,x\n"
        "Rain?,Ben,0.2,2020-01-06T10:00:00.000Z,Anna,2020-01-05,2020-02-01,YES,2020-02-01,,x\n"
        "Snow?,Ben,much,2020-01-06T10:00:00.000Z,Anna,2020-01-05,2020-02-01,,,,\n"
    )

    found = read("fatebook", text)

    registry = found.registry()
    assert [one.quote for one in registry.claims.values()] == ["Rain?", "Snow?"]
    assert [(one.by, one.probability) for one in registry.forecasts.values()] == [
        ("anna", 0.7),
        ("ben", 0.2),
    ]
    assert [(one.rating, one.published.text) for one in registry.assessments.values()] == [
        ("YES", "2020-02-01")
    ]
    assert [str(one) for one in found.losses] == [
        "field #1 Question tags: there is no place for it",
        "field #2 Forecast (scale = 0-1): forecast 1 lacks a person, a time or a number",
    ]


def test_another_csv_is_not_taken_for_that_of_fatebook():
    with pytest.raises(LoadError) as caught:
        read("fatebook", "a,b\n1,2\n")

    assert str(caught.value) == (
        "data: there is no column 'Question title'; expected the CSV of Fatebook [CT373]"
    )


def test_the_lines_of_fever_are_claims_with_their_labels():
    lines = [
        {"id": 75397, "label": "SUPPORTS", "claim": "A is B.", "evidence": [[[1, 2, "A", 7]]]},
        {"id": 2, "label": "NOT ENOUGH INFO", "claim": "C is D."},
    ]

    found = read("fever", "\n".join(map(json.dumps, lines)))

    registry = found.registry()
    assert [(one.claim, one.rating) for one in registry.assessments.values()] == [
        ("fever-75397", "SUPPORTS"),
        ("fever-2", "NOT ENOUGH INFO"),
    ]
    assert len(found.losses) == 4
