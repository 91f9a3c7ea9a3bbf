"""The quotes of a whole registry: five answers, and what is wrong with copies."""

import hashlib
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import claimtrack
from claimtrack import Snapshot
from claimtrack.cli.main import main
from claimtrack.quotes.check import Copies, CopyError, check_quotes

HEAD = """\
[registry]
title = "five answers"
{policy}
[[speaker]]
id = "ada"
"""
SOURCE = """
[[source]]
id = "{id}"
tier = "press"
published = 2019-01-01
url = "https://example.org/{id}"
{snapshot}
"""
CLAIM = """
[[claim]]
id = "{id}"
speaker = "ada"
said = 2019-01-01
source = "{source}"
quote = "{quote}"
{more}
not_checkable = "an opinion"
"""
PAGE = b"<p>It may not rise by 0.43, she said. by and by.</p>"


def pinned(content, path):
    return f'snapshot = {{ path = "{path}", sha256 = "{hashlib.sha256(content).hexdigest()}" }}'


def written(folder, *parts, policy=""):
    folder.mkdir(exist_ok=True)
    text = HEAD.format(policy=policy) + "".join(parts)
    (folder / "registry.toml").write_text(text, encoding="utf-8")
    return folder


def source(id_, snapshot=""):
    return SOURCE.format(id=id_, snapshot=snapshot)


def claim(id_, quote, of="page", more=""):
    return CLAIM.format(id=id_, source=of, quote=quote, more=more)


def kept(folder, name="page.html", content=PAGE):
    path = folder / "snapshots" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return pinned(content, f"snapshots/{name}")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "registry"


@pytest.fixture
def checked(capsys, monkeypatch, tmp_path):
    """Run `check` on the registry beside which the test stands; give its status and lines."""

    def run(*options):
        monkeypatch.chdir(tmp_path)
        status = main(["check", "registry", "--as-of", "2020-01-01", "--no-git", *options])
        return status, capsys.readouterr().out.splitlines()

    return run


def test_the_five_answers(folder):
    written(
        folder,
        source("page", kept(folder)),
        source("broken", kept(folder, "broken.pdf", b"%PDF-1.4 broken")),
        source("bare"),
        claim("found", "It may not rise by 0.43"),
        claim("not-found", "It may rise by 0.34"),
        claim("carried", "she", more="appearances = ['bare']"),
        claim("twice", "by"),
        claim("unreadable", "It may", of="broken"),
        claim("unchecked", "It may", of="bare"),
        claim("paraphrase", "No rise", more='quote_kind = "paraphrase"'),
    )

    report = check_quotes(claimtrack.load(folder), folder)

    answers = {
        (check.quoted.record.id, check.quoted.source): check.answer.value for check in report.checks
    }
    assert answers == {
        ("found", "page"): "found",
        ("not-found", "page"): "not found",
        ("carried", "page"): "found",
        ("carried", "bare"): "unchecked",
        ("twice", "page"): "ambiguous",
        ("unreadable", "broken"): "unreadable",
        ("unchecked", "bare"): "unchecked",
        ("paraphrase", "page"): "unchecked",
    }
    assert report.sentence == "2 of 3 sources pinned, 5 quotes checked, 3 unchecked"


def test_a_word_that_stands_twice_is_ambiguous_until_an_anchor_says_which(folder, checked):
    content = b"yes and yes"
    written(folder, source("page", kept(folder, content=content)), claim("a", "yes"))

    status, lines = checked()

    assert status == 1
    assert lines == [
        (
            "registry/registry.toml:19:1: CT685 warning: claim 'a' has a quote that is ambiguous "
            "in source 'page': 'yes'; it stands 2 times, at 0, 8 (hint: quote more of it, or add "
            'anchor = { prefix = "...", suffix = "..." } with the text right before or behind, or '
            "anchor = { position = N })"
        ),
        "1 warning in 3 records; 1 of 1 sources pinned, 1 quote checked, 0 unchecked",
    ]

    anchor = 'anchor = { prefix = "and " }'
    written(folder, source("page", kept(folder, content=content)), claim("a", "yes", more=anchor))
    assert checked()[0] == 0


def test_a_registry_of_nothing_but_pretence_has_three_findings_at_their_places(folder, checked):
    snapshot = f'snapshot = {{ path = "snapshots/none.html", sha256 = "{"0" * 64}" }}'
    written(folder, source("page", snapshot), claim("a", "Nobody ever said so"))

    status, lines = checked()

    assert status == 1
    assert lines == [
        (
            "registry/registry.toml:12:14: CT680 error: source 'page' has no copy at "
            "'snapshots/none.html': No such file or directory"
        ),
        (
            "registry/registry.toml:12:44: CT682 error: source 'page' has a sha256 of nothing but "
            "'0', which no copy has"
        ),
        (
            "registry/registry.toml:19:1: CT684 error: claim 'a' has a quote that cannot be looked "
            "for in source 'page', which has no copy at 'snapshots/none.html': "
            "No such file or directory"
        ),
        "3 errors in 3 records; 1 of 1 sources pinned, 1 quote checked, 0 unchecked",
    ]


@given(st.data(), st.binary(min_size=1, max_size=200))
def test_a_copy_in_which_any_byte_changed_is_never_read(data, content):
    at = data.draw(st.integers(0, len(content) - 1))
    changed = bytearray(content)
    changed[at] ^= data.draw(st.integers(1, 255))
    snapshot = Snapshot(path="snapshots/page", sha256=hashlib.sha256(content).hexdigest())
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "snapshots").mkdir()
        (Path(folder) / "snapshots" / "page").write_bytes(changed)

        with pytest.raises(CopyError, match="is not what was pinned"):
            Copies(folder).content(snapshot)


def test_a_copy_that_changed_by_a_byte_is_unreadable(folder, checked):
    snapshot = kept(folder)
    (folder / "snapshots" / "page.html").write_bytes(PAGE.replace(b"0.43", b"0.44"))
    written(folder, source("page", snapshot), claim("a", "It may not rise"))

    status, lines = checked()

    assert status == 1
    assert [line.split(" ")[1] for line in lines[:-1]] == ["CT682", "CT684"]


@pytest.mark.parametrize(
    "path", ["../page.html", "/etc/passwd", "snapshots/../../page.html", r"a\\b", "C:/x", "."]
)
def test_a_path_that_leads_out_of_the_folder_is_never_opened(folder, tmp_path, checked, path):
    (tmp_path / "page.html").write_bytes(PAGE)
    written(folder, source("page", pinned(PAGE, path)), claim("a", "It may not rise"))

    status, lines = checked()

    assert status == 1
    assert " CT681 error: source 'page' has a copy at " in lines[0]
    assert lines[0].endswith("which is no path in the registry's folder")


@pytest.mark.parametrize("of", ["file", "folder"])
def test_a_link_is_not_followed(folder, tmp_path, checked, of):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "page.html").write_bytes(PAGE)
    folder.mkdir()
    if of == "folder":
        (folder / "snapshots").symlink_to(tmp_path / "elsewhere")
    else:
        (folder / "snapshots").mkdir()
        (folder / "snapshots" / "page.html").symlink_to(tmp_path / "elsewhere" / "page.html")
    written(folder, source("page", pinned(PAGE, "snapshots/page.html")), claim("a", "It may"))

    status, lines = checked()

    assert status == 1
    assert lines[0].endswith("'snapshots/page.html': a link is not followed")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_is_not_waited_for(folder, checked):
    (folder / "snapshots").mkdir(parents=True)
    os.mkfifo(folder / "snapshots" / "page.html")
    written(folder, source("page", pinned(PAGE, "snapshots/page.html")), claim("a", "It may"))

    assert checked()[0] == 1


def test_an_absent_private_copy_leaves_its_quotes_unchecked(folder, tmp_path, checked):
    digest = hashlib.sha256(PAGE).hexdigest()
    snapshot = f'snapshot = {{ private = true, sha256 = "{digest}" }}'
    written(folder, source("page", snapshot), claim("a", "It may not rise"))
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / f"{digest}.html").write_bytes(PAGE)

    told = "in 3 records; 1 of 1 sources pinned,"
    assert checked() == (0, [f"nothing found {told} 0 quotes checked, 1 unchecked"])
    assert checked("--snapshots", "kept") == (
        0,
        [f"nothing found {told} 1 quote checked, 0 unchecked"],
    )


def test_a_policy_can_require_that_every_quote_is_checked(folder, checked):
    written(
        folder,
        source("page"),
        claim("a", "It may not rise"),
        claim("b", "No rise", more='quote_kind = "paraphrase"'),
        policy='policy = { quotes = "required" }',
    )

    status, lines = checked()

    assert status == 1
    assert [line for line in lines if "CT686" in line] == [
        (
            "registry/registry.toml:19:1: CT686 error: claim 'a' has a quote that is unchecked in "
            "source 'page': its source is not pinned"
        )
    ]


def test_a_finding_on_a_quote_can_be_silenced_with_a_reason(folder, checked):
    silence = 'silenced = [{ code = "CT683", because = "the page was reworded" }]'
    written(folder, source("page", kept(folder)), claim("a", "It rose", more=silence))

    assert checked()[0] == 0


def test_no_record_is_read_from_the_folder_of_copies(folder):
    written(folder, source("page", kept(folder)), claim("a", "It may"))
    (folder / "snapshots" / "more.toml").write_text("[[speaker]]\nid = 'eve'\n", encoding="utf-8")

    assert list(claimtrack.load(folder).speakers) == ["ada"]


def test_a_snapshot_is_either_public_or_private():
    with pytest.raises(claimtrack.FieldError) as caught:
        claimtrack.Snapshot(sha256="a" * 64)
    assert str(caught.value) == "CT303 has neither of 'path' and 'private'; expected exactly one"
