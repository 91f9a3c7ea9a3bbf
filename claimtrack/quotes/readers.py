"""
Read the text of a copy of a page: HTML, plain text, MHTML, PDF, WARC and WACZ.

Each reader says its name and version, since another version may read another text. A copy is
bytes of somebody else: it is only ever parsed, what it may unpack to is bounded, and whatever a
parser raises becomes an `UnreadableError`.
"""

import codecs
import email
import email.policy
import io
import platform
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Any, BinaryIO, Final, TypeAlias

import attrs

from claimtrack.errors import ClaimTrackError, MissingExtraError, require, shortened
from claimtrack.quotes.html import visible_text

MAX_BYTES: Final = 256 << 20
"""Bytes of a copy."""

MAX_HTML: Final = 64 << 20
"""Bytes of one page of HTML."""

MAX_UNPACKED: Final = 256 << 20
"""Bytes that the pages of an archive may unpack to, all together."""

MAX_PASSED_OVER: Final = 1 << 30
"""Bytes that the other records of an archive may unpack to, all together."""

MAX_RECORDS: Final = 100_000
"""Records of an archive that are looked at."""

MAX_PAGES: Final = 10_000
"""Pages of a PDF that are read."""

MAX_CHARACTERS: Final = 256 << 20
"""Characters of the text of a copy."""


class UnreadableError(ClaimTrackError, ValueError):
    """The text of a copy cannot be read; the message says why."""


@attrs.frozen
class Page:
    """
    What is read from a copy.

    Args:
        text: Its text; blocks are separated by an empty line.
        reader: What read it, with its version.
        media_type: That of the bytes of the copy.
        url: The address that the copy itself gives; None if it gives none.
        captured: When it was made, according to itself; None if it does not say.
    """

    text: str
    reader: str
    media_type: str
    url: str | None = None
    captured: datetime | None = None


_PYTHON: Final = f"Python {platform.python_version()}"

HTML: Final = "text/html"
XHTML: Final = "application/xhtml+xml"
TEXT: Final = "text/plain"
PDF: Final = "application/pdf"
MHTML: Final = "multipart/related"
WARC: Final = "application/warc"
WACZ: Final = "application/wacz"

SUFFIXES: Final = {
    ".html": HTML,
    ".htm": HTML,
    ".xhtml": XHTML,
    ".txt": TEXT,
    ".md": TEXT,
    ".pdf": PDF,
    ".mhtml": MHTML,
    ".mht": MHTML,
    ".warc": WARC,
    ".warc.gz": WARC,
    ".wacz": WACZ,
}
"""The media types of copies by the ends of the names of their files."""


def suffix_of(media_type: str, content: bytes) -> str:
    """Return how the name of a file ends that holds *content*."""
    if media_type == WARC and content.startswith(_GZIP):
        return ".warc.gz"
    return next((suffix for suffix, one in SUFFIXES.items() if one == media_type), ".bin")


_GZIP: Final = b"\x1f\x8b"
_MARKUP: Final = re.compile(
    rb"\s*(?:<!--(?>.*?-->)\s*)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)


def media_type_of(content: bytes, name: str = "") -> str:
    """
    Return the media type of *content*, by how it begins, else by the *name* of its file.

    Raises:
        UnreadableError: It is none that can be read.
    """
    for start, media_type in ((b"%PDF-", PDF), (b"WARC/", WARC), (b"PK\x03\x04", WACZ)):
        if content.startswith(start):
            return media_type
    lower = name.lower()
    named = next((one for suffix, one in SUFFIXES.items() if lower.endswith(suffix)), None)
    if content.startswith(_GZIP) and named in {None, WARC}:
        return WARC
    if named is not None:
        return named
    start = content[:4096]
    if _MARKUP.match(start.removeprefix(codecs.BOM_UTF8)):
        return HTML
    if re.search(rb"^content-type:\s*multipart/related", start, re.IGNORECASE | re.MULTILINE):
        return MHTML
    if b"\0" not in content or content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return TEXT
    message = "it is of no known type; expected HTML, text, PDF, MHTML, WARC or WACZ"
    raise UnreadableError(message)


def read_page(content: bytes, media_type: str, url: str | None = None) -> Page:
    """
    Return the text of a copy.

    Args:
        content: Its bytes.
        media_type: What they are; parameters such as a charset count.
        url: The address of the page, for an archive that holds several.

    Raises:
        UnreadableError: It cannot be read.
        MissingExtraError: The library that reads it is not installed.
    """
    if len(content) > MAX_BYTES:
        raise UnreadableError(f"it has {len(content)} bytes; expected at most {MAX_BYTES}")
    kind = _kind_of(media_type)
    reader = _READERS.get(kind)
    if reader is None and kind.startswith("text/"):
        reader = _plain
    if reader is None:
        raise UnreadableError(f"there is no reader for {shortened(media_type)!r}")
    try:
        page = reader(content, media_type, url)
    except (UnreadableError, MissingExtraError):
        raise
    except (Exception, RecursionError) as error:
        told = " ".join(f"{type(error).__name__}: {error}".split())
        raise UnreadableError(f"it cannot be read as {kind}: {told[:200]}") from error
    if not page.text.strip():
        raise UnreadableError("it holds no text")
    if len(page.text) > MAX_CHARACTERS:
        message = f"its text has {len(page.text)} characters; expected at most {MAX_CHARACTERS}"
        raise UnreadableError(message)
    return page


Reader: TypeAlias = Callable[[bytes, str, str | None], Page]

_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_MAX_DECLARED: Final = 1_000
"""Characters of a media type in which its charset is looked for."""

_WIDE: Final = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_ENCODINGS: Final = frozenset(
    {
        *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "iso8859-1", "cp1252", "ascii"),
        *(f"cp{number}" for number in (866, 874, 932, 936, 949, 950, *range(1250, 1259))),
        *(f"iso8859-{number}" for number in range(2, 17)),
        *("koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "gb2312", "gbk", "gb18030", "big5"),
        *("big5hkscs", "euc_jp", "shift_jis", "iso2022_jp", "euc_kr"),
    }
)
"""Encodings that pages have; Python knows others, which are no encodings of text."""

_AS_WINDOWS: Final = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030"}
"""What browsers take some encodings for."""


def _decoded(content: bytes, declared: str) -> tuple[str, str]:
    """Return the text of *content* and its encoding: by its mark, as *declared*, or UTF-8."""
    for mark, name in _WIDE.items():
        if content.startswith(mark):
            return content.decode(name, "replace"), name.removesuffix("-sig")
    match = _CHARSET.search(declared[:_MAX_DECLARED])
    name = ""
    if match is not None:
        try:
            name = codecs.lookup(match[1]).name
        except LookupError:
            name = ""
    if name in _ENCODINGS and name != "utf-8":
        name = _AS_WINDOWS.get(name, name)
        return content.decode(name, "replace"), name
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        if match is not None:
            return content.decode("utf-8", "replace"), "utf-8"
        return content.decode("cp1252", "replace"), "cp1252"


_META: Final = re.compile(rb"<meta\b[^>]{0,500}", re.IGNORECASE)


def _html(content: bytes, media_type: str, url: str | None) -> Page:
    if len(content) > MAX_HTML:
        raise UnreadableError(f"it has {len(content)} bytes of HTML; expected at most {MAX_HTML}")
    declared = media_type[:_MAX_DECLARED]
    if not _CHARSET.search(declared):
        tags = (tag.decode("ascii", "replace") for tag in _META.findall(content[:4096]))
        declared = next((tag for tag in tags if _CHARSET.search(tag)), "")
    text, encoding = _decoded(content, declared)
    return Page(visible_text(text), f"html.parser of {_PYTHON}, {encoding}", HTML, url)


def _plain(content: bytes, media_type: str, url: str | None) -> Page:
    text, encoding = _decoded(content, media_type)
    return Page(text, f"text, {encoding}", TEXT, url)


def _mhtml(content: bytes, media_type: str, url: str | None) -> Page:
    del media_type
    message = email.message_from_bytes(content, policy=email.policy.compat32)
    start = message.get_param("start", header="content-type")
    parts = [part for part in _parts(message) if part.get_content_type() in {HTML, XHTML, TEXT}]
    if not parts:
        raise UnreadableError("it holds no part of HTML or text")
    named = [part for part in parts if start and part.get("Content-ID") == start]
    part = (named or parts)[0]
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        raise UnreadableError("its first part cannot be decoded")
    kind = part.get_content_type()
    read = (_plain if kind == TEXT else _html)(payload, str(part.get("Content-Type", "")), url)
    where = part.get("Content-Location") or message.get("Snapshot-Content-Location")
    return attrs.evolve(
        read,
        reader=f"email of {_PYTHON}, {read.reader}",
        media_type=MHTML,
        url=None if where is None else str(where).strip(),
        captured=_date_of(message.get("Date")),
    )


def _parts(message: Message) -> Iterator[Message]:
    for number, part in enumerate(message.walk()):
        if number >= MAX_RECORDS:
            raise UnreadableError(f"it has more than {MAX_RECORDS} parts")
        if not part.is_multipart():
            yield part


def _date_of(text: object) -> datetime | None:
    try:
        found = parsedate_to_datetime(str(text))
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _pdf(content: bytes, media_type: str, url: str | None) -> Page:
    del media_type
    pypdf: Any = require("pypdf", feature="reading a PDF", extra="capture")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reader = pypdf.PdfReader(io.BytesIO(content))
        if len(reader.pages) > MAX_PAGES:
            raise UnreadableError(f"it has more than {MAX_PAGES} pages")
        texts: list[str] = []
        size = 0
        for page in reader.pages:
            texts.append(page.extract_text())
            size += len(texts[-1])
            if size > MAX_CHARACTERS:
                raise UnreadableError(f"its text has more than {MAX_CHARACTERS} characters")
    if not any(text.strip() for text in texts):
        raise UnreadableError("it holds no text, as a scan does")
    return Page("\n\n".join(texts), f"pypdf {pypdf.__version__}", PDF, url)


def _wacz(content: bytes, media_type: str, url: str | None) -> Page:
    del media_type
    records: list[_Record] = []
    budget, left = _Budget(), MAX_UNPACKED
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        if len(members) > MAX_RECORDS:
            raise UnreadableError(f"it holds more than {MAX_RECORDS} files")
        for member in members:
            name = member.filename.lower()
            if not name.startswith("archive/") or not name.endswith((".warc", ".warc.gz")):
                continue
            with archive.open(member) as opened:
                unpacked = opened.read(left + 1)
            left -= len(unpacked)
            if left < 0:
                raise UnreadableError(f"it unpacks to more than {MAX_UNPACKED} bytes")
            records += _records(unpacked, url, budget)
    if not records:
        raise UnreadableError(_no_page(url))
    return _page_of(records, url, WACZ)


class _Budget:
    """What the records of one archive may still unpack to, in bytes."""

    def __init__(self) -> None:
        self._pages = MAX_UNPACKED
        self._others = MAX_PASSED_OVER
        self._records = MAX_RECORDS

    def count(self) -> None:
        """Count one record."""
        self._records -= 1
        if self._records < 0:
            raise UnreadableError(f"it holds more than {MAX_RECORDS} records")

    def read(self, stream: BinaryIO) -> bytes:
        """Return all bytes of the *stream* of a page."""
        content = stream.read(self._pages + 1)
        self._pages -= len(content)
        if self._pages < 0:
            raise UnreadableError(f"it unpacks to more than {MAX_UNPACKED} bytes")
        return content

    def pass_over(self, stream: BinaryIO) -> None:
        """Read the *stream* of another record, as has to be done to reach the next one."""
        while part := stream.read(1 << 16):
            self._others -= len(part)
            if self._others < 0:
                raise UnreadableError(f"it unpacks to more than {MAX_PASSED_OVER} bytes")


def _warc(content: bytes, media_type: str, url: str | None) -> Page:
    del media_type
    records = list(_records(content, url, _Budget()))
    if not records:
        raise UnreadableError(_no_page(url))
    return _page_of(records, url, WARC)


def _no_page(url: str | None) -> str:
    of = "" if url is None else f" of {shortened(url)!r}"
    return f"it holds no page{of} that could be fetched, of HTML, text or PDF"


@attrs.frozen
class _Record:
    url: str
    captured: datetime | None
    media_type: str
    content: bytes


_SUCCESS: Final = "200"


def _records(content: bytes, url: str | None, budget: _Budget) -> Iterator[_Record]:
    """Iterate over the pages in a WARC file: all, or those of one address."""
    iterator: Any = require(
        "warcio.archiveiterator", feature="reading a WARC or WACZ file", extra="capture"
    ).ArchiveIterator
    for record in iterator(io.BytesIO(content)):
        budget.count()
        address = record.rec_headers.get_header("WARC-Target-URI") or ""
        headers = record.http_headers
        is_page = (
            record.rec_type in {"response", "resource"}
            and (headers is None or headers.get_statuscode() == _SUCCESS)
            and (url is None or _bare(address) == _bare(url))
        )
        declared = record.rec_headers.get_header("Content-Type") or ""
        memento = None
        if headers is not None:
            declared = headers.get_header("Content-Type") or HTML
            memento = _date_of(headers.get_header("Memento-Datetime"))
        if not is_page or _kind_of(declared) not in {HTML, XHTML, TEXT, PDF}:
            budget.pass_over(record.raw_stream)
            continue
        made = _instant(record.rec_headers.get_header("WARC-Date"))
        yield _Record(address, memento or made, declared, budget.read(record.content_stream()))


def _kind_of(media_type: str) -> str:
    """Return a media type without its parameters."""
    return media_type.partition(";")[0].strip().lower()


def _bare(url: str) -> str:
    return url.strip("<>").partition("#")[0]


def _instant(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _page_of(records: list[_Record], url: str | None, media_type: str) -> Page:
    """Return the page of the first record; of an archive of several addresses, one is named."""
    addresses = list(dict.fromkeys(_bare(record.url) for record in records))
    pages = [record for record in records if _bare(record.url) == addresses[0]]
    if len(addresses) > 1 and url is None:
        listed = ", ".join(repr(shortened(one)) for one in addresses[:5])
        more = "" if len(addresses) <= 5 else f" and {len(addresses) - 5} more"  # noqa: PLR2004
        message = f"it holds several pages: {listed}{more}; name one with url"
        raise UnreadableError(message)
    record = pages[0]
    warcio: Any = require("warcio", feature="reading a WARC or WACZ file", extra="capture")
    read = read_page(record.content, record.media_type, record.url)
    version = getattr(warcio, "__version__", "") or _version("warcio")
    reader = f"warcio {version}, {read.reader}"
    return Page(read.text, reader, media_type, _bare(record.url), record.captured)


def _version(distribution: str) -> str:
    from importlib.metadata import version  # noqa: PLC0415 - only archives need it

    return version(distribution)


_READERS: Final[dict[str, Reader]] = {
    HTML: _html,
    XHTML: _html,
    TEXT: _plain,
    MHTML: _mhtml,
    PDF: _pdf,
    WARC: _warc,
    WACZ: _wacz,
}
