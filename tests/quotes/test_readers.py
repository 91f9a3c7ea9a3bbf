"""The text of copies of pages: whole, without what is not seen, and within bounds."""

import datetime as dt
import importlib.util

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.errors import MissingExtraError
from claimtrack.quotes import readers
from claimtrack.quotes.html import visible_text
from claimtrack.quotes.readers import UnreadableError, media_type_of, read_page
from tests.quotes.copies import MHTML, pdf, wacz, warc_gz, warc_record

needs_pypdf = pytest.mark.skipif(not importlib.util.find_spec("pypdf"), reason="no pypdf")
needs_warcio = pytest.mark.skipif(not importlib.util.find_spec("warcio"), reason="no warcio")
PAGE = b"<title>A</title><p>caf\xc3\xa9 may close</p>"


@pytest.mark.parametrize(
    ("page", "text"),
    [
        pytest.param("<p>One <b>w</b>ord</p>two", "One word\n\ntwo", id="inline and blocks"),
        pytest.param("<head><title>T</title></head>x", "T\n\nx", id="title"),
        pytest.param("a<br>b<wbr>c", "a\nbc", id="line breaks"),
        pytest.param("<td>a<td>b", "a\n\nb", id="cells without end tags"),
        pytest.param("&quot;a&nbsp;&amp; b&#8221;", '"a\u00a0& b\u201d', id="references"),
        pytest.param("a\n   b\n\n\n c", "a\nb\nc", id="empty lines of the source"),
        pytest.param("a<script>b</script><style>c</style>d", "ad", id="scripts and styles"),
        pytest.param("a<script>b", "a", id="a script without an end"),
        pytest.param("a<!-- b -->c<![CDATA[d]]>e", "ace", id="comments"),
        pytest.param("a<template><p>b</p></template>c", "ac", id="template"),
        pytest.param("a<p hidden>b<p>c", "a\n\nc", id="hidden paragraph without an end tag"),
        pytest.param("a<div hidden><div>b</div>c</div>d", "a\n\nd", id="hidden, nested"),
        pytest.param('a<i style="Display : NONE">b</i>c', "ac", id="display: none"),
        pytest.param('a<i style="display: nonexistent">b</i>c', "abc", id="another style"),
        pytest.param("a<img hidden>b<input hidden>c", "abc", id="hidden and void"),
        pytest.param("<noscript>a</noscript>", "a", id="noscript"),
        pytest.param("<nav>a</nav><footer>b</footer>", "a\n\nb", id="nothing is boilerplate"),
    ],
)
def test_the_text_of_html_is_what_a_reader_sees(page, text):
    assert visible_text(page) == text


@pytest.mark.parametrize(
    ("content", "media_type", "encoding"),
    [
        pytest.param("caf\u00e9".encode(), "text/html", "utf-8", id="utf-8"),
        pytest.param("caf\u00e9".encode("cp1252"), "text/plain", "cp1252", id="fallback"),
        pytest.param("\ufeffcaf\u00e9".encode("utf-16-le"), "text/plain", "utf-16", id="mark"),
        pytest.param("\u043a\u043e\u0442".encode("koi8-r"), "text/plain; charset=KOI8-R", "koi8-r"),
        pytest.param(
            b'<meta charset="windows-1251">' + "\u043a\u043e\u0442".encode("cp1251"),
            "text/html",
            "cp1251",
            id="declared in the page",
        ),
        pytest.param(b'<meta charset="rot13">caf\xc3\xa9', "text/html", "utf-8", id="no encoding"),
    ],
)
def test_a_text_is_decoded_as_it_says(content, media_type, encoding):
    page = read_page(content, media_type)

    assert page.text in {"caf\u00e9", "\u043a\u043e\u0442"}
    assert page.reader.endswith(encoding)


def test_a_saved_page_is_read_with_its_address_and_day():
    page = read_page(MHTML, media_type_of(MHTML))

    assert page.text == "caf\u00e9 may close"
    assert page.url == "https://example.org/page"
    assert page.captured == dt.datetime(2019, 1, 2, 22, 30, tzinfo=dt.UTC)
    assert page.reader.startswith("email of Python 3.")


@needs_pypdf
def test_a_pdf_is_read_by_pypdf():
    page = read_page(pdf("It may not rise by 0.43."), "application/pdf")

    assert page.text == "It may not rise by 0.43."
    assert page.reader.startswith("pypdf ")


@needs_warcio
@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        pytest.param(warc_record("https://a.org/", PAGE), readers.WARC, id="warc"),
        pytest.param(warc_gz(warc_record("https://a.org/", PAGE)), readers.WARC, id="warc.gz"),
        pytest.param(wacz(warc_record("https://a.org/", PAGE)), readers.WACZ, id="wacz"),
    ],
)
def test_an_archive_of_one_page_is_read_with_its_address_and_day(content, media_type):
    assert media_type_of(content) == media_type

    page = read_page(content, media_type)

    assert page.text == "A\n\ncaf\u00e9 may close"
    assert page.url == "https://a.org/"
    assert page.captured == dt.datetime(2019, 1, 2, 22, 30, tzinfo=dt.UTC)
    assert page.reader.startswith("warcio ")
    assert page.media_type == media_type


@needs_warcio
def test_an_archive_of_a_memento_is_of_the_day_of_the_memento():
    header = "Memento-Datetime: Tue, 01 Jan 2019 00:00:00 GMT\r\n"

    page = read_page(warc_record("https://a.org/", PAGE, headers=header), readers.WARC)

    assert page.captured == dt.datetime(2019, 1, 1, tzinfo=dt.UTC)


@needs_warcio
def test_of_an_archive_of_several_pages_one_is_named():
    content = warc_gz(
        warc_record("https://a.org/gone", b"gone", status="404 Not Found"),
        warc_record("https://a.org/one", b"one"),
        warc_record("https://a.org/two", b"two"),
    )

    assert read_page(content, readers.WARC, "https://a.org/two#part").text == "two"
    with pytest.raises(UnreadableError) as caught:
        read_page(content, readers.WARC)
    assert str(caught.value) == (
        "it holds several pages: 'https://a.org/one', 'https://a.org/two'; name one with url"
    )
    with pytest.raises(UnreadableError, match=r"holds no page of 'https://a.org/gone'"):
        read_page(content, readers.WARC, "https://a.org/gone")


@needs_warcio
def test_an_archive_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(readers, "MAX_UNPACKED", 1000)
    record = warc_record("https://a.org/", b"x" * 2000)

    for content, media_type in ((warc_gz(record), readers.WARC), (wacz(record), readers.WACZ)):
        with pytest.raises(UnreadableError, match="unpacks to more than 1000 bytes"):
            read_page(content, media_type)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        pytest.param(b"%PDF-1.4 broken", readers.PDF, marks=needs_pypdf, id="pdf"),
        pytest.param(pdf(" "), readers.PDF, marks=needs_pypdf, id="pdf without text"),
        pytest.param(b"PK\x03\x04 broken", readers.WACZ, id="wacz"),
        pytest.param(b"\x1f\x8bbroken", readers.WARC, marks=needs_warcio, id="warc"),
        pytest.param(b"Content-Type: multipart/related\n\n", readers.MHTML, id="mhtml"),
        pytest.param(b"x", "image/png", id="no reader"),
    ],
)
def test_what_cannot_be_read_is_one_kind_of_error(content, media_type):
    with pytest.raises(UnreadableError):
        read_page(content, media_type)


def test_a_copy_of_no_known_type_is_refused():
    with pytest.raises(UnreadableError, match="of no known type"):
        media_type_of(b"\x89PNG\0\0")


def test_a_missing_library_is_named_with_its_extra(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pypdf", None)

    with pytest.raises(MissingExtraError) as caught:
        read_page(pdf("x"), readers.PDF)

    assert str(caught.value) == (
        "CT901 reading a PDF needs pypdf, which is not installed; "
        "run: pip install 'claimtrack[capture]'"
    )


@needs_warcio
@pytest.mark.parametrize("packed", [warc_gz, wacz])
def test_what_is_passed_over_in_an_archive_is_bounded_too(packed, monkeypatch):
    image = warc_record("https://a.org/image", b"0" * 50_000).replace(b"text/html", b"image/png")
    content = packed(image, warc_record("https://a.org/one", PAGE))
    media_type = readers.WACZ if packed is wacz else readers.WARC
    assert read_page(content, media_type).text == "A\n\ncafé may close"

    monkeypatch.setattr(readers, "MAX_PASSED_OVER", 40_000)

    with pytest.raises(UnreadableError, match="it unpacks to more than 40000 bytes"):
        read_page(content, media_type)


@needs_warcio
def test_the_parts_of_an_archive_share_one_bound(monkeypatch):
    parts = [warc_record(f"https://a.org/{number}", b"0" * 3_000) for number in range(4)]
    monkeypatch.setattr(readers, "MAX_UNPACKED", 10_000)

    with pytest.raises(UnreadableError, match="it unpacks to more than 10000 bytes"):
        read_page(warc_gz(*parts), readers.WARC)


# The parser of the standard library searched the rest of the page for the end of each of these.
OPENED = (
    "<!--",
    "<![CDATA[",
    "<?",
    "<!x",
    "</",
    "<a ",
    "<a b='",
    "<script></scrip",
    " \t",
    "\n \t",
)


@pytest.mark.parametrize("end", ["", "-->", "'>"])
@pytest.mark.parametrize("opened", OPENED)
def test_a_page_of_nothing_but_openings_is_read_in_one_go(opened, end):
    # With a search to the end for each of them this would take hours.
    page = opened * (500_000 // len(opened)) + end

    visible_text(page)


def test_what_is_not_closed_ends_the_page():
    assert visible_text("a<!-- b -->c<!-- d") == "ac"
    assert visible_text("a<!--> b --> c") == "a b --> c"
    assert visible_text("a<b") == "a"
    assert visible_text("a<?b") == "a"
    assert visible_text("a<!b") == "a"
    assert visible_text("a < b and c > d") == "a < b and c > d"
    assert visible_text("a <3") == "a <3"


def test_no_beginning_of_a_copy_is_searched_for_long():
    assert media_type_of(b"<!---->" * 585 + b"x") == "text/plain"
    assert media_type_of(b"<!-- a --> <!-- > --><html>") == "text/html"


@pytest.mark.parametrize("content", [b"", b" \n", b"<p hidden>a</p>", b"<script>a</script>"])
def test_a_copy_without_a_text_is_unreadable(content):
    with pytest.raises(UnreadableError, match=r"^it holds no text$"):
        read_page(content, readers.HTML)


LONG = b"Content-Type: multipart/related; boundary=b\n\n" + b"--b\n\na\n" * 5 + b"--b--\n"


@pytest.mark.parametrize(
    ("limit", "content", "media_type", "message"),
    [
        pytest.param(
            "MAX_BYTES", b"12345", readers.TEXT, "it has 5 bytes; expected at most 3", id="bytes"
        ),
        pytest.param(
            "MAX_HTML",
            b"<p>12",
            readers.HTML,
            "it has 5 bytes of HTML; expected at most 3",
            id="html",
        ),
        pytest.param(
            "MAX_CHARACTERS",
            b"12345",
            readers.TEXT,
            "its text has 5 characters; expected at most 3",
            id="characters",
        ),
        pytest.param("MAX_RECORDS", LONG, readers.MHTML, "it has more than 3 parts", id="parts"),
        pytest.param(
            "MAX_RECORDS",
            warc_gz(*(warc_record("https://a.org/", PAGE) for _ in range(4))),
            readers.WARC,
            "it holds more than 3 records",
            id="records",
            marks=needs_warcio,
        ),
        pytest.param(
            "MAX_CHARACTERS",
            pdf("12345"),
            readers.PDF,
            "its text has more than 3 characters",
            id="characters of a PDF",
            marks=needs_pypdf,
        ),
    ],
)
def test_a_copy_beyond_a_limit_is_unreadable(limit, content, media_type, message, monkeypatch):
    monkeypatch.setattr(readers, limit, 3)

    with pytest.raises(UnreadableError) as caught:
        read_page(content, media_type)

    assert str(caught.value) == message


@needs_pypdf
def test_a_pdf_of_too_many_pages_is_unreadable(monkeypatch):
    monkeypatch.setattr(readers, "MAX_PAGES", 0)

    with pytest.raises(UnreadableError, match=r"^it has more than 0 pages$"):
        read_page(pdf("a"), readers.PDF)


@given(st.binary(max_size=300), st.sampled_from(sorted(set(readers.SUFFIXES.values()))))
def test_any_bytes_are_a_page_or_unreadable(content, media_type):
    starts = {
        readers.PDF: b"%PDF-1.4\n",
        readers.WACZ: b"PK\x03\x04",
        readers.WARC: b"WARC/1.0\r\n",
    }
    try:
        told = read_page(starts.get(media_type, b"") + content, media_type).text
    except UnreadableError as error:
        told = str(error)

    assert told.strip()
