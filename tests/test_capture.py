"""``claimtrack capture``, against a server of its own on this machine."""

import ast
import hashlib
import json
import socket
import struct
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

import pytest

import claimtrack
from claimtrack.cli.main import main

ROOT = Path(__file__).parents[1]
PAGE = b"<html><body><p>Gas crossed the border on 2 December 2019.</p></body></html>"

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)

needs_libraries = pytest.mark.skipif(
    find_spec("httpx") is None or find_spec("warcio") is None,
    reason="the extra 'capture' is not installed",
)


class Handler(BaseHTTPRequestHandler):
    """A site whose every path answers in its own way."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        del args

    def do_GET(self):
        self.server.asked.append((self.path, self.headers.get("User-Agent")))
        name = self.path.strip("/").partition("?")[0]
        getattr(self, f"do_{name.replace('.', '_')}", self.do_missing)()

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for key, value in {"Content_Type": "text/html", **headers}.items():
            self.send_header(key.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_missing(self):
        self.answer(404, b"gone")

    def do_robots_txt(self):
        robots = self.server.robots
        self.answer(*(robots or (404, b"")), Content_Type="text/plain")

    def do_alive(self):
        self.answer(200, PAGE)

    def do_moved(self):
        self.answer(301, Location="/alive")

    def do_around(self):
        self.answer(302, Location="/around")

    def do_private(self):
        self.answer(302, Location="file:///etc/passwd")

    def do_forbidden(self):
        self.answer(403, b"no")

    def do_removed(self):
        self.answer(410, b"no more")

    def do_busy(self):
        self.answer(429, b"later", Retry_After="7")

    def do_busy_once(self):
        if sum(path == "/busy_once" for path, _ in self.server.asked) == 1:
            self.answer(429, b"later", Retry_After="7")
        else:
            self.answer(200, PAGE)

    def do_broken(self):
        self.answer(500, b"oops")

    def do_reset(self):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"half")
        self.wfile.flush()
        option = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, option)
        self.connection.close()
        self.close_connection = True

    def do_endless(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.close_connection = True
        try:
            while True:
                self.wfile.write(b"x" * 65536)
        except OSError:
            pass

    def do_chunked(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in (PAGE[:20], PAGE[20:], b""):
            self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")

    def do_image(self):
        self.answer(200, b"\x89PNG\r\n", Content_Type="image/png")


@pytest.fixture
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    server.asked, server.robots = [], None
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


class Time:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.now = 0.0
        self.slept = []

    def clock(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


def fetch(url, time=None, **manners):
    from claimtrack.capture import Fetcher, Manners

    time = time or Time()
    manners = {"private": True, "bytes": 1 << 20, **manners}
    fetcher = Fetcher(Manners(**manners), lambda: NOW, clock=time.clock, sleep=time.sleep)
    return fetcher.fetch(url)


@needs_libraries
@pytest.mark.parametrize(
    ("path", "state", "status", "because"),
    [
        ("alive", "alive", 200, ""),
        ("chunked", "alive", 200, ""),
        ("moved", "moved", 200, ""),
        ("missing", "gone", 404, "status 404 Not Found"),
        ("removed", "gone", 410, "status 410 Gone"),
        ("forbidden", "blocked", 403, "status 403 Forbidden"),
        (
            "busy",
            "blocked",
            429,
            "status 429 Too Many Requests; it asks to come back in 7 s",
        ),
        ("busy_once", "alive", 200, ""),
        ("broken", "unknown", 500, "status 500 Internal Server Error"),
        ("endless", "unknown", None, "its answer has more than 1048576 bytes"),
        ("around", "unknown", 302, "more than 5 redirects"),
        (
            "private",
            "unknown",
            302,
            "its address is none of the web; expected http:// or https://",
        ),
    ],
)
def test_each_answer_is_one_of_five_states(site, path, state, status, because):
    found = fetch(f"{site.url}/{path}")

    assert (found.state.value, found.status, found.because) == (state, status, because)


@needs_libraries
def test_an_answer_that_breaks_off_is_unknown(site):
    found = fetch(f"{site.url}/reset")

    assert found.state.value == "unknown"
    assert found.answers == ()
    assert found.because


@needs_libraries
def test_no_answer_is_unknown(site):
    free = socket.socket()
    free.bind(("127.0.0.1", 0))

    found = fetch(f"http://127.0.0.1:{free.getsockname()[1]}/")
    free.close()

    assert found.state.value == "unknown"
    assert found.because.startswith("ConnectError")


@needs_libraries
def test_a_server_is_left_alone_between_two_requests_and_when_it_asks_for_it(site):
    time = Time()

    fetch(f"{site.url}/busy_once", time, delay=2.0)

    assert [path for path, _ in site.asked] == ["/robots.txt", "/busy_once", "/busy_once"]
    assert time.slept == [2.0, 7.0]  # the pause, and then what Retry-After asks for


@needs_libraries
def test_more_patience_than_allowed_is_not_had(site):
    time = Time()

    found = fetch(f"{site.url}/busy", time, patience=6.0)

    assert found.state.value == "blocked"
    assert 7.0 not in time.slept


@needs_libraries
def test_robots_are_obeyed_unless_one_says_otherwise(site):
    site.robots = 200, b"User-agent: *\nDisallow: /alive\n"

    found = fetch(f"{site.url}/alive")
    assert (found.state.value, found.because) == (
        "blocked",
        "its robots.txt disallows it; --ignore-robots asks anyway",
    )
    assert [path for path, _ in site.asked] == ["/robots.txt"]
    assert fetch(f"{site.url}/moved").state.value == "blocked"
    assert fetch(f"{site.url}/alive", robots=False).state.value == "alive"


@needs_libraries
def test_robots_that_cannot_be_read_keep_a_page_unknown(site):
    site.robots = 503, b""

    found = fetch(f"{site.url}/alive")

    assert found.state.value == "unknown"
    assert found.because == "its robots.txt cannot be read (status 503)"


@needs_libraries
@pytest.mark.parametrize(
    ("url", "because"),
    [
        ("{site}/alive", "its host has the address 127.0.0.1, which is not public"),
        ("http://localhost:1/", "its host has the address"),
        ("http://[::1]/", "its host has the address ::1, which is not public"),
        ("http://169.254.169.254/", "its host has the address 169.254.169.254, which is not"),
        ("http://[::ffff:10.0.0.1]/", "which is not public"),
        ("http://u:p@a.example/", "its address holds a password or a name"),
        ("ftp://a.example/", "its address is none of the web; expected http:// or https://"),
        ("http://[", "ValueError"),
    ],
)
def test_addresses_that_are_not_public_are_not_asked(site, url, because):
    found = fetch(url.replace("{site}", site.url), private=False)

    assert found.state.value == "unknown"
    assert because in found.because
    assert site.asked == []


@needs_libraries
def test_the_archive_holds_every_answer_on_the_way(site):
    from warcio.archiveiterator import ArchiveIterator

    from claimtrack.capture import warc_of

    content = warc_of(fetch(f"{site.url}/moved"), "a test")

    responses = []
    with Path("/dev/null").open("rb") as _:
        import io

        for record in ArchiveIterator(io.BytesIO(content)):
            if record.rec_type == "response":
                address = record.rec_headers.get_header("WARC-Target-URI")
                status = record.http_headers.get_statuscode()
                responses.append((address, status, record.content_stream().read()))
    assert responses == [
        (f"{site.url}/moved", "301", b""),
        (f"{site.url}/alive", "200", PAGE),
    ]


REGISTRY = """\
# Kept by hand.
[[source]]
id = "ministry"
published = 2019-12-02
url = "{url}"  # as cited

[[source]]
id = "other"
published = 2019-12-02
url = "{other}"

[[source]]
id = "without"

[[fact]]
id = "gas"
kind = "event"

[[evidence]]
id = "report"
fact = "gas"
source = "ministry"
happened = 2019-12-02
quote = "Gas crossed the border on 2 December 2019"
"""


@pytest.fixture
def pipes(site, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("pipes").mkdir()

    def write(path, other="broken"):
        text = REGISTRY.format(url=f"{site.url}/{path}", other=f"{site.url}/{other}")
        Path("pipes/all.toml").write_text(text, "utf-8")
        return text

    return write


def capture(*arguments):
    return main(["capture", *arguments, "pipes", "--allow-private", "--delay", "0"])


@needs_libraries
def test_a_page_is_pinned_and_its_quotes_are_found(site, pipes, capsys):
    pipes("alive")

    assert capture("ministry") == 0

    snapshot = claimtrack.load("pipes").sources["ministry"].snapshot
    assert snapshot.url == f"{site.url}/alive"
    content = Path("pipes", snapshot.path).read_bytes()
    assert hashlib.sha256(content).hexdigest() == snapshot.sha256
    assert Path("pipes/all.toml").read_text("utf-8").startswith("# Kept by hand.\n")
    report = claimtrack.check_quotes(claimtrack.load("pipes"), "pipes")
    assert report.checks[0].answer.value == "found"
    out = capsys.readouterr().out
    assert snapshot.path in out
    assert "1 of 1" in out
    assert out.endswith("1 of 1 page pinned\n")


@needs_libraries
def test_a_moved_page_is_pinned_with_its_new_address(site, pipes):
    pipes("moved")

    assert capture("ministry") == 0

    assert claimtrack.load("pipes").sources["ministry"].snapshot.url == f"{site.url}/alive"


@needs_libraries
@pytest.mark.parametrize("path", ["missing", "forbidden", "broken", "reset", "image", "around"])
def test_a_failure_leaves_the_registry_as_it_was(pipes, path, capsys):
    text = pipes(path)

    assert capture("ministry") == 1

    assert Path("pipes/all.toml").read_text("utf-8") == text
    assert [file.name for file in Path("pipes").iterdir()] == ["all.toml"]
    assert "0 of 1 page pinned" in capsys.readouterr().out


@needs_libraries
def test_one_failure_does_not_keep_others_from_being_pinned(site, pipes, capsys):
    pipes("alive", "removed")

    assert capture("other", "ministry", "--format", "json") == 1

    rows = json.loads(capsys.readouterr().out)["sources"]
    copy = claimtrack.load("pipes").sources["ministry"].snapshot.path
    assert rows == [
        {
            "source": "other",
            "state": "gone",
            "status": 410,
            "url": f"{site.url}/removed",
            "copy": None,
            "quotes_found": None,
            "quotes": None,
            "because": "status 410 Gone",
        },
        {
            "source": "ministry",
            "state": "alive",
            "status": 200,
            "url": f"{site.url}/alive",
            "copy": copy,
            "quotes_found": 1,
            "quotes": 1,
            "because": None,
        },
    ]


@needs_libraries
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["without"], "source 'without' has no url; expected one to fetch."),
        (
            ["ministry", "--private"],
            "--private needs --snapshots DIR, the folder that keeps the copies.",
        ),
    ],
)
def test_what_cannot_be_pinned_is_refused_before_anything_is_fetched(
    site, pipes, capsys, arguments, message
):
    pipes("alive")

    assert capture(*arguments) == 2

    assert capsys.readouterr().err.splitlines()[-1] == f"Error: {message}"
    assert site.asked == []


@needs_libraries
def test_a_pinned_copy_is_not_replaced_without_being_told_so(site, pipes, capsys):
    pipes("alive")
    assert capture("ministry") == 0
    before = Path("pipes/all.toml").read_bytes()
    asked = len(site.asked)

    assert capture("ministry") == 2

    assert Path("pipes/all.toml").read_bytes() == before
    assert len(site.asked) == asked
    assert capture("ministry", "--replace") == 0


@needs_libraries
def test_a_private_copy_lies_outside_the_registry(pipes):
    pipes("alive")
    Path("kept").mkdir()

    assert capture("ministry", "--private", "--snapshots", "kept") == 0

    snapshot = claimtrack.load("pipes").sources["ministry"].snapshot
    assert snapshot.path is None
    assert [file.name for file in Path("kept").iterdir()] == [f"{snapshot.sha256}.warc.gz"]
    assert [file.name for file in Path("pipes").iterdir()] == ["all.toml"]


@needs_libraries
def test_servers_are_told_who_asks(site, pipes):
    pipes("alive")

    assert capture("ministry", "--user-agent", "Desk of A, a@a.example") == 0

    assert {agent for _, agent in site.asked} == {"Desk of A, a@a.example"}


def test_without_the_libraries_it_says_what_to_install(pipes, capsys, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "httpx", None)
    monkeypatch.setitem(__import__("sys").modules, "warcio", None)
    text = pipes("alive")

    assert capture("ministry") == 2

    assert "pip install 'claimtrack[capture]'" in capsys.readouterr().err
    assert Path("pipes/all.toml").read_text("utf-8") == text


NETWORK = {
    *("aiohttp", "asyncio", "ftplib", "http", "httpx", "imaplib", "poplib", "requests"),
    *("smtplib", "socket", "socketserver", "ssl", "telnetlib", "urllib3", "webbrowser", "xmlrpc"),
}


def test_no_other_module_can_open_a_socket():
    """By its imports; `urllib.parse` and `urllib.robotparser` open none unless they are told to."""
    found = {}
    for file in sorted((ROOT / "claimtrack").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            elif isinstance(node, ast.Call) and node.args:
                first = node.args[0]
                called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                is_import = called in {"require", "import_module", "installed", "__import__"}
                if is_import and isinstance(first, ast.Constant):
                    names = [str(first.value)]
            for name in names:
                if name.split(".")[0] in NETWORK or name.startswith("urllib.request"):
                    found.setdefault(file.relative_to(ROOT).as_posix(), set()).add(name)

    assert {file: sorted(names) for file, names in found.items()} == {
        "claimtrack/capture.py": ["http.HTTPStatus", "httpx", "socket"]
    }
