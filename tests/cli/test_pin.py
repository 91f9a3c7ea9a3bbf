"""Pinning: what is written, what is refused, and what is never written to."""

import hashlib
import json

import pytest

import claimtrack
from claimtrack.cli.main import main
from claimtrack.files.folder import SNAPSHOTS
from tests.quotes.copies import warc_record

REGISTRY = """\
# the desk's own
[registry]
title = "pins"

[[speaker]]
id = "ada"

[[source]]
id = "post/2019"   # the paper
published = 2019-01-01
tier = "press"
url = "https://post.example/a"

[[claim]]
id = "rise"
speaker = "ada"
said = 2019-01-01
source = "post/2019"
quote = "It may not rise by 0.43"
not_checkable = "an opinion"
"""
PAGE = b"<!doctype html><p>It may not rise by 0.43, she said.</p>"
OTHER = b"<!doctype html><p>It may rise by 0.34.</p>"
DIGEST = hashlib.sha256(PAGE).hexdigest()
NAME = f"post-2019-{DIGEST[:12]}.html"


@pytest.fixture(autouse=True)
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "registry.toml").write_text(REGISTRY, encoding="utf-8")
    (tmp_path / "page.html").write_bytes(PAGE)
    (tmp_path / "other.html").write_bytes(OTHER)
    return tmp_path / "desk"


@pytest.fixture
def pin(capsys):
    def run(*words, file="page.html"):
        words = words if "--captured" in words else (*words, "--captured", "2019-01-02")
        status = main(["pin", "post/2019", file, "desk", *words])
        out, err = capsys.readouterr()
        return status, (out + err).splitlines()

    return run


def snapshot():
    return claimtrack.load("desk").sources["post/2019"].snapshot


def test_a_page_is_taken_in_and_every_comment_stays(pin, desk):
    status, lines = pin()

    assert status == 0
    line = (
        f'snapshot = {{ path = "snapshots/{NAME}", sha256 = "{DIGEST}", captured = 2019-01-02, '
        'media_type = "text/html", url = "https://post.example/a" }'
    )
    assert (desk / "registry.toml").read_text("utf-8") == REGISTRY.replace(
        'url = "https://post.example/a"\n', f'url = "https://post.example/a"\n{line}\n'
    )
    assert (desk / SNAPSHOTS / NAME).read_bytes() == PAGE
    assert lines[-1] == "found: claim rise, 'It may not rise by 0.43' at 0"
    assert main(["check", "desk"]) == 0


def test_pinning_the_same_page_again_changes_nothing(pin, desk):
    pin()
    before = (desk / "registry.toml").read_bytes()

    status, lines = pin("--captured", "2020-02-02")

    assert status == 0
    assert lines[0].startswith(f"source post/2019 is pinned already: snapshots/{NAME}, read by ")
    assert (desk / "registry.toml").read_bytes() == before


def test_another_page_is_refused_until_it_may_replace_the_first(pin, desk):
    pin()
    before = (desk / "registry.toml").read_bytes()

    status, lines = pin(file="other.html")

    assert status == 2
    assert lines == [
        (
            f"CT351 source 'post/2019' has another pinned copy, with the sha256 {DIGEST}; nothing "
            "is changed; --replace puts this one in its place"
        )
    ]
    assert (desk / "registry.toml").read_bytes() == before
    assert [path.name for path in (desk / SNAPSHOTS).iterdir()] == [NAME]

    status, lines = pin("--replace", file="other.html")
    assert status == 0
    assert f"the copy that was pinned before stays at snapshots/{NAME}" in lines
    assert snapshot().sha256 == hashlib.sha256(OTHER).hexdigest()
    assert lines[-1].startswith("not found: claim rise")


def test_the_right_bytes_are_put_back_in_the_place_of_damaged_ones(pin, desk):
    pin()
    (desk / SNAPSHOTS / NAME).write_bytes(PAGE + b" ")

    assert pin()[0] == 0
    assert (desk / SNAPSHOTS / NAME).read_bytes() == PAGE


def test_a_private_copy_leaves_nothing_but_its_digest(pin, desk, tmp_path):
    status, lines = pin("--private", "--snapshots", "copies")

    assert status == 0
    assert not (desk / SNAPSHOTS).exists()
    assert (tmp_path / "copies" / f"{DIGEST}.html").read_bytes() == PAGE
    assert snapshot().path is None
    assert snapshot().private
    assert f'private = true, sha256 = "{DIGEST}"' in "\n".join(lines)


def test_a_private_copy_is_not_made_public_without_being_told_so(pin, desk):
    pin("--private", "--snapshots", "copies")

    status, lines = pin()

    assert status == 2
    assert lines == [
        (
            "CT351 source 'post/2019' has pinned this copy as a private one; nothing is changed; "
            "--replace makes it public"
        )
    ]
    assert not (desk / SNAPSHOTS).exists()
    assert pin("--replace")[0] == 0
    assert (desk / SNAPSHOTS / NAME).read_bytes() == PAGE


def test_a_private_copy_is_found_under_any_name(pin, tmp_path, capsys):
    pin("--private", "--snapshots", "copies")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "my page.htm").write_bytes(PAGE)
    (tmp_path / "mine" / "another").write_bytes(OTHER)

    assert main(["quotes", "desk", "--snapshots", "mine"]) == 0
    assert capsys.readouterr().out.endswith("\n1 found\n")


@pytest.mark.parametrize("folder", ["desk", "desk/snapshots", "desk/../desk/private"])
def test_private_copies_are_never_kept_in_the_registry(pin, desk, folder):
    status, lines = pin("--private", "--snapshots", folder)

    assert status == 2
    assert lines == [
        (
            f"CT353 '{folder}' lies in '{desk}', where a private copy would be handed on; "
            "expected a folder elsewhere"
        )
    ]
    assert [path.name for path in desk.iterdir()] == ["registry.toml"]


def test_private_copies_need_a_folder(pin):
    status, lines = pin("--private")

    assert status == 2
    assert lines[-1] == (
        "Error: --private needs --snapshots DIR, the folder that keeps the copies."
    )


@pytest.mark.parametrize("path", [".git/hooks/pre-commit", "snapshots/.git/x", "claims.toml"])
def test_a_registry_does_not_choose_where_a_page_is_written(pin, desk, path):
    line = f'snapshot = {{ path = "{path}", sha256 = "{DIGEST}" }}\n[[claim]]'
    (desk / "registry.toml").write_text(REGISTRY.replace("[[claim]]", line), encoding="utf-8")

    status, _ = pin()

    assert status == 0
    assert not (desk / path).exists()
    assert snapshot().path == f"snapshots/{NAME}"


def test_a_link_in_the_place_of_the_folder_is_not_followed(pin, desk, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (desk / SNAPSHOTS).symlink_to(tmp_path / "elsewhere")

    status, _ = pin()

    assert status != 0
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert (desk / "registry.toml").read_text("utf-8") == REGISTRY


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x00\x01\x02", "it is of no known type; expected HTML, text, PDF, MHTML, WARC or WACZ"),
        (b"%PDF-1.4 nothing", "it cannot be read as application/pdf: "),
        (b"PK\x03\x04", "it cannot be read as application/wacz: "),
    ],
)
def test_what_cannot_be_read_is_not_pinned(pin, desk, tmp_path, content, message):
    pytest.importorskip("pypdf")
    (tmp_path / "odd").write_bytes(content)

    status, lines = pin(file="odd")

    assert status == 3
    assert lines[0].startswith(f"CT350 'odd' cannot be pinned: {message}")
    assert (desk / "registry.toml").read_text("utf-8") == REGISTRY
    assert not (desk / SNAPSHOTS).exists()


def test_a_day_that_is_still_to_come_is_refused(pin, desk):
    status, lines = pin("--captured", "9998-01-01")

    assert status == 2
    assert lines == [
        "CT352 captured 9998-01-01 is still to come; expected a day up to today",
    ]
    assert (desk / "registry.toml").read_text("utf-8") == REGISTRY


def test_a_source_in_json_lines_is_pinned(pin, desk):
    assert main(["convert", "desk", "lines.jsonl", "--to", "jsonl"]) == 0
    (desk / "registry.toml").unlink()
    (desk.parent / "lines.jsonl").rename(desk / "all.jsonl")
    before = (desk / "all.jsonl").read_text("utf-8").splitlines()

    status, _ = pin()

    assert status == 0
    after = (desk / "all.jsonl").read_text("utf-8").splitlines()
    changed = [json.loads(line) for old, line in zip(before, after, strict=True) if old != line]
    assert [line["snapshot"]["sha256"] for line in changed] == [DIGEST]


def test_what_a_page_says_never_acts_on_the_terminal(pin, tmp_path):
    page = b"<!doctype html><p>It may not \x1b[31mrise\x1b[0m \xe2\x80\xaeby 0.34, she said.</p>"
    (tmp_path / "page.html").write_bytes(page)

    status, lines = pin()

    assert status == 0
    assert lines[-1].startswith("not found: claim rise")
    assert not any("\x1b" in line or "\u202e" in line for line in lines)


def test_a_day_of_an_archive_that_no_calendar_has_is_refused(pin, desk, tmp_path, capsys):
    pytest.importorskip("warcio")
    record = warc_record("https://post.example/a", PAGE).replace(
        b"2019-01-02T22:30:00Z", b"9999-12-31T23:59:59Z"
    )
    (tmp_path / "page.warc").write_bytes(record)
    path = desk / "registry.toml"
    path.write_text(REGISTRY.replace("title", 'timezone = "Asia/Tokyo"\ntitle'), encoding="utf-8")

    status = main(["pin", "post/2019", "page.warc", "desk"])

    assert status == 2
    assert capsys.readouterr().err == (
        "CT352 captured 9999-12-31 is still to come; expected a day up to today\n"
    )
