"""
Fetch the pages of sources, politely: the one place of this package that opens a socket.

One request is made at a time, with a pause between two to one host. A site's ``robots.txt`` is
obeyed, and so is ``Retry-After``. Every answer is bounded in size and in time, redirects are
followed one by one, and addresses that are not public are refused. What was received is kept as
WARC, with every redirect on the way.
"""

import ipaddress
import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from http import HTTPStatus
from io import BytesIO
from typing import Any, Final
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import attrs

from claimtrack.errors import require

AGENT_NAME: Final = "claimtrack"
"""The name that ``robots.txt`` may know this program by."""

ACCEPTED: Final = "text/html,application/xhtml+xml,application/pdf,text/plain;q=0.9,*/*;q=0.1"


class PageState(StrEnum):
    """What became of a page."""

    ALIVE = "alive"
    MOVED = "moved"
    GONE = "gone"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"


STATES: Final = {
    PageState.ALIVE: "It was there (200), under its address.",
    PageState.MOVED: "It was there, under another address that its own led to.",
    PageState.GONE: "Its server says that it is not there (404) or no more (410).",
    PageState.BLOCKED: (
        "It is kept from programs: 401, 402, 403, 407, 429, 451, or robots.txt disallows it."
    ),
    PageState.UNKNOWN: (
        "Nobody can say: another status, no answer, an answer cut off, too long or too slow, an "
        "address that is not public, or a page that holds no text."
    ),
}
"""What each state means; a page of the documentation is generated from it."""

_GONE: Final = frozenset({404, 410})
_BLOCKED: Final = frozenset({401, 402, 403, 407, 429, 451})
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_TOO_MANY: Final = 429
_OK: Final = 200
_ROBOTS_BYTES: Final = 512 << 10  # RFC 9309 asks for at least 500 KiB


@attrs.frozen(kw_only=True)
class Manners:
    """
    The bounds of a fetch.

    Args:
        delay: Seconds between the ends and beginnings of two requests to one host.
        timeout: Seconds to wait for a connection, and for each piece of an answer.
        deadline: Seconds that one answer may take as a whole.
        patience: The longest ``Retry-After``, in seconds, that is waited for; it is done once.
        bytes: The most bytes of one answer.
        redirects: The most redirects.
        private: Whether addresses that are not public may be asked.
        robots: Whether ``robots.txt`` is obeyed.
        user_agent: How this program names itself.
    """

    delay: float = 1.0
    timeout: float = 20.0
    deadline: float = 120.0
    patience: float = 30.0
    bytes: int = 64 << 20
    redirects: int = 5
    private: bool = False
    robots: bool = True
    user_agent: str = AGENT_NAME


@attrs.frozen(kw_only=True)
class Answer:
    """
    One answer of a server.

    Args:
        url: What was asked for.
        status: The status.
        reason: The words beside it.
        headers: In their order, with their names as they came.
        asked: The headers of the request.
        body: The bytes as they came, still compressed if they were.
        at: When the answer began.
    """

    url: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    asked: tuple[tuple[str, str], ...]
    body: bytes
    at: datetime

    def header(self, name: str) -> str | None:
        """Return the first header of that name, in any case of letters."""
        return next((value for key, value in self.headers if key.lower() == name), None)


@attrs.frozen(kw_only=True)
class Fetched:
    """
    What became of one page.

    Args:
        url: Its address, at the end of all redirects as far as they were followed.
        state: Whether it was there.
        because: Why not; empty if it was.
        answers: The redirects, and the last answer.
    """

    url: str
    state: PageState
    because: str = ""
    answers: tuple[Answer, ...] = ()

    @property
    def status(self) -> int | None:
        """The status of the last answer; None if there was none."""
        return self.answers[-1].status if self.answers else None

    @property
    def is_there(self) -> bool:
        """Whether there is a page to keep."""
        return self.state in {PageState.ALIVE, PageState.MOVED}


class _RefusedError(Exception):
    """A request that is not made, or an answer that is not read on."""


class Fetcher:
    """
    Fetches pages, one at a time.

    Args:
        manners: The bounds.
        now: Returns the date and time, with its zone.
        clock: Seconds that never go back.
        sleep: Waits for so many seconds.

    Raises:
        MissingExtraError: httpx is not installed.
    """

    def __init__(
        self,
        manners: Manners,
        now: Callable[[], datetime],
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self.manners = manners
        self._now = now
        self._httpx: Any = require("httpx", feature="capturing pages", extra="capture")
        # Made once, since the certificates take longer to read than a page.
        self._tls = self._httpx.create_ssl_context(trust_env=False)
        self._clock = clock
        self._sleep = sleep
        self._last: dict[str, float] = {}
        self._robots: dict[str, RobotFileParser | str] = {}

    def fetch(self, url: str) -> Fetched:
        """Fetch the page at *url*; whatever goes wrong is told in the result."""
        answers: list[Answer] = []
        asked = url
        try:
            for _ in range(self.manners.redirects + 1):
                blocked = self._disallowed(asked)
                if blocked is not None:
                    return Fetched(
                        url=asked, state=blocked[0], because=blocked[1], answers=tuple(answers)
                    )
                answer = self._patiently(asked)
                answers.append(answer)
                target = answer.header("location")
                if answer.status not in _REDIRECTS or target is None:
                    return _judged(url, asked, answers)
                asked = urljoin(asked, target)
        except _RefusedError as error:
            because = str(error)
        except self._httpx.TimeoutException:
            because = f"no answer within {self.manners.timeout:g} s"
        except (self._httpx.HTTPError, self._httpx.InvalidURL, OSError, ValueError) as error:
            because = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        else:
            because = f"more than {self.manners.redirects} redirects"
        return Fetched(url=asked, state=PageState.UNKNOWN, because=because, answers=tuple(answers))

    def _patiently(self, url: str) -> Answer:
        """Ask, and once more if the server says when to come back, and that is soon."""
        answer = self._ask(url, self.manners.bytes)
        if answer.status in {_TOO_MANY, HTTPStatus.SERVICE_UNAVAILABLE}:
            seconds = _retry_after(answer)
            if seconds is not None and seconds <= self.manners.patience:
                self._sleep(seconds)
                answer = self._ask(url, self.manners.bytes)
        return answer

    def _ask(self, url: str, most: int) -> Answer:
        host = self._checked_host(url)
        self._wait(host)
        httpx, manners = self._httpx, self.manners
        headers = {
            "User-Agent": manners.user_agent,
            "Accept": ACCEPTED,
            "Accept-Encoding": "gzip, deflate",
        }
        began = self._clock()
        try:
            # Nothing is kept from one page to the next: no cookies, no connections.
            with (
                httpx.Client(
                    verify=self._tls,
                    timeout=manners.timeout,
                    follow_redirects=False,
                    trust_env=False,
                ) as client,
                client.stream("GET", url, headers=headers) as response,
            ):
                self._check_peer(response)
                at = self._now().astimezone(UTC).replace(microsecond=0)
                body = b"".join(self._pieces(response, began, most))
                return Answer(
                    url=url,
                    status=response.status_code,
                    reason=response.reason_phrase,
                    headers=_texts(response.headers.raw),
                    asked=_texts(response.request.headers.raw),
                    body=body,
                    at=at,
                )
        finally:
            self._last[host] = self._clock()

    def _pieces(self, response: Any, began: float, most: int) -> Iterator[bytes]:  # noqa: ANN401
        """Iterate over the bytes of an answer, as they came, within the bounds."""
        length = 0
        for piece in response.iter_raw():
            length += len(piece)
            if length > most:
                raise _RefusedError(f"its answer has more than {most} bytes")
            if self._clock() - began > self.manners.deadline:
                raise _RefusedError(f"its answer took longer than {self.manners.deadline:g} s")
            yield piece

    def _wait(self, host: str) -> None:
        last = self._last.get(host)
        if last is not None:
            left = self.manners.delay - (self._clock() - last)
            if left > 0:
                self._sleep(left)

    # Addresses

    def _checked_host(self, url: str) -> str:
        """
        Return the host of *url*, all addresses of which are public.

        Raises:
            _RefusedError: It is no address of the web, or one that is not public.
        """
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise _RefusedError("its address is none of the web; expected http:// or https://")
        if parts.username is not None:
            raise _RefusedError("its address holds a password or a name")
        if not self.manners.private:
            for found in socket.getaddrinfo(parts.hostname, parts.port or parts.scheme):
                self._refuse_private(str(found[4][0]))
        return parts.hostname.lower()

    def _check_peer(self, response: Any) -> None:  # noqa: ANN401
        """Look at the address that really answered: a name can change between two look-ups."""
        if self.manners.private:
            return
        stream = response.extensions.get("network_stream")
        peer = None if stream is None else stream.get_extra_info("server_addr")
        if peer:
            self._refuse_private(str(peer[0]))

    def _refuse_private(self, address: str) -> None:
        found = ipaddress.ip_address(address.partition("%")[0])
        mapped = getattr(found, "ipv4_mapped", None)
        if not (mapped or found).is_global or found.is_multicast:
            raise _RefusedError(f"its host has the address {address}, which is not public")

    # robots.txt

    def _disallowed(self, url: str) -> tuple[PageState, str] | None:
        """Return what becomes of a page that ``robots.txt`` keeps from programs, and why."""
        if not self.manners.robots:
            return None
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._robots:
            self._checked_host(url)
            self._robots[site] = self._rules_of(site)
        rules = self._robots[site]
        if isinstance(rules, str):
            return PageState.UNKNOWN, rules
        if not rules.can_fetch(AGENT_NAME, url):
            return PageState.BLOCKED, "its robots.txt disallows it; --ignore-robots asks anyway"
        return None

    def _rules_of(self, site: str) -> RobotFileParser | str:
        """Return the rules of a site, or why they cannot be known; without a file all is free."""
        rules = RobotFileParser()
        asked = f"{site}/robots.txt"
        answer = self._ask(asked, _ROBOTS_BYTES)
        for _ in range(self.manners.redirects):
            target = answer.header("location")
            if answer.status not in _REDIRECTS or target is None:
                break
            asked = urljoin(asked, target)
            answer = self._ask(asked, _ROBOTS_BYTES)
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status == _TOO_MANY:
            return f"its robots.txt cannot be read (status {answer.status})"
        is_there = answer.status == _OK
        rules.parse(answer.body.decode("utf-8", "replace").splitlines() if is_there else [])
        return rules


def _texts(headers: Any) -> tuple[tuple[str, str], ...]:  # noqa: ANN401 - pairs of bytes
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)


def _retry_after(answer: Answer) -> float | None:
    """Return how many seconds a server asks to wait; None if it does not say so."""
    told = answer.header("retry-after")
    if told is None:
        return None
    if told.strip().isdecimal():
        return float(told)
    try:
        then = parsedate_to_datetime(told)
    except ValueError:
        return None
    if then.tzinfo is None:
        then = then.replace(tzinfo=UTC)
    return max(0.0, (then - answer.at).total_seconds())


def _judged(url: str, final: str, answers: list[Answer]) -> Fetched:
    answer = answers[-1]
    because = f"status {answer.status} {answer.reason}".rstrip()
    if answer.status == _OK:
        state = PageState.ALIVE if final == url else PageState.MOVED
        because = ""
    elif answer.status in _GONE:
        state = PageState.GONE
    elif answer.status in _BLOCKED:
        state = PageState.BLOCKED
        seconds = _retry_after(answer)
        if seconds is not None:
            because += f"; it asks to come back in {seconds:g} s"
    else:
        state = PageState.UNKNOWN
    return Fetched(url=final, state=state, because=because, answers=tuple(answers))


def warc_of(fetched: Fetched, software: str) -> bytes:
    """
    Return all answers, with their requests, as a compressed WARC file.

    Args:
        fetched: What was fetched.
        software: What the file says that it was made by.

    Raises:
        MissingExtraError: warcio is not installed.
    """
    feature = "keeping pages as WARC"
    writers: Any = require("warcio.warcwriter", feature=feature, extra="capture")
    heads: Any = require("warcio.statusandheaders", feature=feature, extra="capture")
    out = BytesIO()
    writer = writers.WARCWriter(out, gzip=True)
    writer.write_record(writer.create_warcinfo_record("page.warc.gz", {"software": software}))
    for answer in fetched.answers:
        date = {"WARC-Date": answer.at.strftime("%Y-%m-%dT%H:%M:%SZ")}
        line = f"{answer.status} {answer.reason}".rstrip()
        response = writer.create_warc_record(
            answer.url,
            "response",
            payload=BytesIO(answer.body),
            length=len(answer.body),  # else warcio makes a copy in a file, and leaves it open
            http_headers=heads.StatusAndHeaders(line, _kept(answer), protocol="HTTP/1.1"),
            warc_headers_dict=dict(date),
        )
        path = urlsplit(answer.url)
        target = f"{path.path or '/'}{f'?{path.query}' if path.query else ''}"
        request = writer.create_warc_record(
            answer.url,
            "request",
            http_headers=heads.StatusAndHeaders(
                f"{target} HTTP/1.1", list(answer.asked), protocol="GET", is_http_request=True
            ),
            warc_headers_dict=dict(date),
        )
        writer.write_request_response_pair(request, response)
    return out.getvalue()


def _kept(answer: Answer) -> list[tuple[str, str]]:
    """Return the headers of an answer; the chunks of its body are joined, so it is not chunked."""
    return [
        (f"X-Archive-Orig-{name}" if name.lower() == "transfer-encoding" else name, value)
        for name, value in answer.headers
    ]
