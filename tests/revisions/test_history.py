"""Edits of claims, as a real git repository tells them, and what cannot be read of them."""

import gzip
import os
import shutil

import pytest

from claimtrack import dumps, load, loads
from claimtrack.lint.history import Past
from claimtrack.lint.run import examine
from claimtrack.revisions.history import past_of
from claimtrack.revisions.versions import HistoryLimits, parts_of
from tests.repositories import CLAIM, LATER, WORLD, commit, drop, git, init, needs_git

pytestmark = needs_git

OF_GIT = {"CT605", "CT911", *(f"CT69{number}" for number in range(3, 10))}


@pytest.fixture
def folder(tmp_path):
    folder = init(tmp_path) / "registry"
    folder.mkdir()
    (folder / "world.toml").write_text(WORLD, "utf-8")
    return folder


def write(folder, text, name="claims.toml"):
    (folder / name).write_text(text, "utf-8")


def told(path, day="2021-01-01", **limits):
    registry = load(path)
    audit = registry.audit(day)
    past = past_of(path, registry, audit.day, HistoryLimits(**limits))
    found = examine(registry, audit, edits=past.edits, gaps=past.gaps)
    return [f"{one.code} {one.severity} {one.message}" for one in found if one.code in OF_GIT]


def message(on, where):
    where = where if " " in where else f"commit {where[:10]}"
    return (
        f"CT605 error claim 'by-2019' had its criterion edited on {on} ({where}), after evidence "
        "'gas-wire' of 2019-12-02 had decided it"
    )


def test_a_committed_edit_after_the_outcome_is_named_with_its_evidence(folder):
    write(folder, CLAIM)
    commit(folder, "2018-01-01")
    write(folder, LATER)
    name = commit(folder, "2020-01-05")

    assert told(folder) == [message("2020-01-05", name)]


def test_an_edit_that_is_not_committed_counts_as_made_on_the_day_of_the_check(folder):
    write(folder, CLAIM)
    commit(folder, "2018-01-01")
    write(folder, LATER)

    assert told(folder) == [message("2021-01-01", "not yet committed")]


def test_an_edit_before_the_outcome_is_no_finding(folder):
    write(folder, CLAIM)
    commit(folder, "2018-01-01")
    write(folder, LATER)
    commit(folder, "2019-12-01")

    assert told(folder) == []


def test_an_edit_after_the_day_of_the_check_is_no_finding(folder):
    write(folder, CLAIM)
    commit(folder, "2018-01-01")
    write(folder, LATER)
    commit(folder, "2020-01-05")

    assert told(folder, "2020-01-04") == []


def test_a_move_to_another_file_is_no_edit(folder):
    write(folder, CLAIM)
    commit(folder, "2018-01-01")
    (folder / "claims.toml").unlink()
    write(folder, CLAIM, "moved.toml")
    commit(folder, "2020-01-05")

    assert told(folder) == []


def test_the_edit_of_a_registry_in_one_file_of_json_lines_is_found(folder):
    path = folder.parent / "registry.jsonl"
    path.write_text(dumps(loads(WORLD + CLAIM), "jsonl"), "utf-8")
    commit(folder.parent, "2018-01-01")
    path.write_text(dumps(loads(WORLD + LATER), "jsonl"), "utf-8")
    name = commit(folder.parent, "2020-01-05")

    assert told(path) == [message("2020-01-05", name)]


def test_what_a_merge_brought_is_an_edit_of_its_day(folder):
    write(folder, CLAIM)
    commit(folder, "2018-01-01")
    main = git(folder, "rev-parse", "--abbrev-ref", "HEAD")
    git(folder, "checkout", "-q", "-b", "side")
    write(folder, LATER)
    commit(folder, "2018-02-01")
    git(folder, "checkout", "-q", main)
    git(folder, "merge", "-q", "--no-ff", "--no-edit", "side", day="2020-01-05")
    name = git(folder, "rev-parse", "HEAD")

    assert told(folder) == [message("2020-01-05", name)]


def settings(exclude):
    return f"[registry]\nexclude = ['{exclude}']\n"


@pytest.mark.parametrize(("where", "pattern"), [("", "drafts"), ("drafts/", "c*.toml")])
def test_versions_of_files_that_the_settings_exclude_do_not_count(folder, where, pattern):
    (folder / "drafts").mkdir()
    write(folder, settings(pattern), f"{where}settings.toml")
    write(folder, CLAIM, "claims.toml")
    commit(folder, "2018-01-01")
    write(folder, LATER, "drafts/claims.toml")
    commit(folder, "2020-01-05")
    (folder / "drafts" / "claims.toml").unlink()
    commit(folder, "2020-01-06")

    assert told(folder) == []


def test_files_that_a_sparse_checkout_leaves_out_are_told(folder):
    (folder / "deep").mkdir()
    (folder / "drafts").mkdir()
    write(folder, settings("drafts"), "settings.toml")
    write(folder, CLAIM)
    write(folder, "[[speaker]]\nid = 'other'\n", "deep/more.toml")
    write(folder, "[[speaker]]\nid = 'draft'\n", "drafts/more.toml")
    commit(folder, "2018-01-01")
    git(folder.parent, "sparse-checkout", "set", "--no-cone", "/*", "!deep", "!drafts")

    lacking = "'registry/deep/more.toml', which are not read"
    assert told(folder) == [
        f"CT911 warning of {str(folder)!r} this sparse checkout leaves out {lacking}"
    ]


def test_without_a_repository_there_is_no_past(tmp_path):
    write(tmp_path, WORLD)
    registry = load(tmp_path)

    assert past_of(tmp_path, registry, 0) == Past()


def test_without_a_commit_there_is_no_past(folder):
    write(folder, CLAIM)

    assert told(folder) == []


class TestMoves:
    """A claim is known by its id, wherever it stood."""

    def test_the_folder_may_be_renamed_in_the_commit_that_edits(self, folder):
        write(folder, CLAIM)
        commit(folder, "2018-01-01")
        moved = folder.rename(folder.with_name("claims"))
        write(moved, LATER)
        name = commit(folder.parent, "2020-01-05")

        assert told(moved) == [message("2020-01-05", name)]

    def test_a_folder_that_was_renamed_twice_is_followed_to_its_beginning(self, folder):
        write(folder, CLAIM)
        commit(folder, "2018-01-01")
        write(folder, LATER)
        name = commit(folder, "2020-01-05")
        first = folder.rename(folder.with_name("first"))
        commit(folder.parent, "2020-02-01")
        (first / "claims.toml").rename(first / "other.toml")
        commit(folder.parent, "2020-02-02")
        second = folder.with_name("deep") / "second"
        second.parent.mkdir()
        first.rename(second)
        commit(folder.parent, "2020-03-01")

        assert told(second) == [message("2020-01-05", name)]

    def test_a_registry_in_one_file_may_be_renamed(self, folder):
        path = folder / "claims.toml"
        (folder / "world.toml").unlink()
        write(folder, WORLD + CLAIM)
        commit(folder, "2018-01-01")
        path.unlink()
        write(folder, WORLD + LATER, "renamed.toml")
        name = commit(folder, "2020-01-05")

        assert told(folder / "renamed.toml") == [message("2020-01-05", name)]

    def test_a_claim_of_that_id_that_stays_elsewhere_is_another_one(self, folder):
        other = folder.with_name("other")
        other.mkdir()
        write(other, LATER)
        commit(folder.parent, "2018-01-01")
        write(folder, CLAIM)
        write(other, LATER + "# touched")
        commit(folder.parent, "2020-01-05")

        assert told(folder) == []


class TestGaps:
    """What cannot be read is told, and never read as: nothing was edited."""

    def test_a_clone_without_its_earlier_commits(self, folder, tmp_path):
        write(folder, CLAIM)
        commit(folder, "2018-01-01")
        write(folder, LATER)
        commit(folder, "2020-01-05")
        git(tmp_path, "clone", "-q", "--depth", "1", tmp_path.as_uri(), tmp_path / "clone")
        clone = tmp_path / "clone" / "registry"

        assert told(clone) == [
            f"CT693 note the clone that {str(clone)!r} lies in lacks its earlier commits"
        ]

    @pytest.fixture
    def edited(self, folder):
        write(folder, CLAIM)
        self.first = commit(folder, "2018-01-01")
        write(folder, LATER)
        self.second = commit(folder, "2020-01-05")
        return folder

    def test_no_git(self, edited, monkeypatch):
        monkeypatch.setenv("PATH", "")

        assert told(edited) == [
            (
                f"CT694 warning the history of {str(edited)!r} is not read whole: "
                "git is not installed, or not on PATH"
            )
        ]

    def test_a_git_that_fails(self, edited, tmp_path, monkeypatch):
        program = tmp_path / "bin" / "git"
        program.parent.mkdir()
        program.write_text("#!/bin/sh\necho 'fatal: no luck today' >&2\nexit 128\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")

        assert told(edited) == [
            (
                f"CT694 warning the history of {str(edited)!r} is not read whole: "
                "git: fatal: no luck today"
            )
        ]

    @pytest.mark.parametrize("words", ["x", "C a b c d", ":x", "a blob b"])
    def test_a_git_that_prints_what_is_no_answer(self, words, edited, tmp_path, monkeypatch):
        program = tmp_path / "bin" / "git"
        program.parent.mkdir()
        program.write_text(f"#!/bin/sh\necho '{words}'\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")

        (found,) = told(edited)
        assert found.startswith("CT694 warning the history of ")

    @pytest.mark.parametrize("step", ["log -z", "cat-file --batch-check", "--stdin"])
    def test_what_was_read_before_git_failed_is_used(self, step, edited, tmp_path, monkeypatch):
        """A git that fails at one question only."""
        real = shutil.which("git")
        program = tmp_path / "bin" / "git"
        program.parent.mkdir()
        program.write_text(
            f'#!/bin/sh\ncase "$*" in *"{step}"*) echo \'fatal: tired\' >&2; exit 128;; esac\n'
            f'exec "{real}" "$@"\n'
        )
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")

        whole = message("2020-01-05", self.second)
        tired = f"CT694 warning the history of {str(edited)!r} is not read whole: git: fatal: tired"
        assert told(edited) == ([whole, tired] if step == "--stdin" else [tired])

    def test_a_branch_that_is_broken(self, edited, tmp_path):
        (tmp_path / ".git" / "refs" / "heads" / "main").write_bytes(b"")

        (found,) = told(edited)

        assert found.startswith("CT694 warning the history of ")

    def test_another_owner(self, edited, tmp_path, monkeypatch):
        monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)

        assert told(edited) == [
            (
                f"CT695 warning the history of {str(edited)!r} is not read whole: "
                f"the repository at {str(tmp_path)!r} belongs to another user, "
                "and the setting safe.directory of git does not name it"
            )
        ]

    @pytest.mark.parametrize("kind", ["blob:none", "tree:0"])
    def test_a_clone_without_all_contents(self, kind, edited, tmp_path):
        git(tmp_path, "config", "uploadpack.allowFilter", "true")
        url, where = tmp_path.as_uri(), tmp_path / "clone"
        git(tmp_path, "clone", "-q", f"--filter={kind}", url, where)

        found = told(where / "registry")

        if kind == "blob:none":
            lacking = f"'registry/claims.toml' of commit {self.first[:10]}"
            assert found == [f"CT696 warning the clone lacks the contents of {lacking}"]
        else:
            assert [one[:13] for one in found] == ["CT696 warning"]
            assert "git: fatal: unable to read tree" in found[0]

    def test_contents_that_are_missing(self, edited):
        write(edited, LATER, "more.toml")
        drop(edited.parent, git(edited, "rev-parse", f"{self.first}:registry/claims.toml"))
        drop(edited.parent, git(edited, "rev-parse", f"{self.first}:registry/world.toml"))
        (edited / "more.toml").unlink()

        assert told(edited) == [
            (
                "CT696 warning the clone lacks the contents of 'registry/claims.toml' of commit "
                f"{self.first[:10]} and 1 more"
            )
        ]

    def test_more_commits_than_are_read(self, edited):
        assert told(edited, commits=1) == [
            (
                "CT697 warning the history has more than 1 commits; those before commit "
                f"{self.second[:10]} are not read"
            )
        ]

    def test_a_version_that_is_too_long(self, edited):
        write(edited, CLAIM + "#" * 1000)
        commit(edited, "2020-01-06")
        name = git(edited, "rev-parse", "HEAD")
        write(edited, LATER)
        commit(edited, "2020-01-07")

        assert told(edited, toml_bytes=1000) == [
            message("2020-01-05", self.second),
            f"CT697 warning 'registry/claims.toml' of commit {name[:10]} has more than 1000 bytes",
        ]

    def test_versions_that_are_too_long_together_are_read_from_the_newest_on(self, edited):
        assert told(edited, total_bytes=len(LATER), times=0) == [
            (
                f"CT697 warning 'registry/claims.toml' of commit {self.first[:10]} "
                f"and all before it have more bytes together than the limit of {len(LATER)}"
            )
        ]

    def test_more_toml_than_is_read(self, edited):
        assert told(edited, total_toml=len(LATER), times_toml=0) == [
            (
                f"CT697 warning 'registry/claims.toml' of commit {self.first[:10]} "
                f"and those before it hold more TOML than {len(LATER)} bytes"
            )
        ]

    def test_what_is_read_grows_with_the_registry(self, edited):
        limits = {"total_bytes": 0, "times": 3, "total_toml": 0, "times_toml": 3}

        assert told(edited, **limits) == [message("2020-01-05", self.second)]

    def test_more_texts_of_claims_than_are_read(self, edited):
        assert told(edited, texts=0, texts_of_claim=1) == [
            (
                f"CT697 warning 'registry/claims.toml' of commit {self.first[:10]} "
                "and those before it hold more than 1 texts of claims"
            )
        ]

    @pytest.mark.parametrize(
        ("name", "content", "why"),
        [
            pytest.param("a.toml", b"[[claim", None, id="TOML"),
            pytest.param("a.toml", b"x = 1e999999999999999999999", None, id="exponent in TOML"),
            pytest.param("a.toml", b"\xff", "is not UTF-8: invalid start byte", id="bytes"),
            pytest.param("a.jsonl.gz", b"\x1f\x8b\x08", None, id="gzip that ends"),
            pytest.param(
                "a.jsonl.gz",
                b"no gzip",
                "is not gzip, or not all of it: Not a gzipped file (b'no')",
                id="no gzip",
            ),
            pytest.param(
                "a.jsonl.gz",
                gzip.compress(b"x" * 1000)[:12] + b"\xff" * 20,
                None,
                id="damaged gzip",
            ),
            pytest.param(
                "a.jsonl",
                b'{"type":"claim","x":1e999999999999999999999}',
                "a line of it holds a number with too large an exponent",
                id="exponent in JSON",
            ),
            pytest.param("a.jsonl", b'{"type":"claim"', None, id="JSON"),
            pytest.param("a.jsonl", b'"claim" \xff', None, id="a line that is no UTF-8"),
        ],
    )
    def test_a_version_that_is_damaged(self, name, content, why, edited):
        (edited / name).write_bytes(content)
        damaged = commit(edited, "2020-02-01")
        (edited / name).unlink()
        commit(edited, "2020-02-02")

        edit, damage = told(edited)

        assert edit == message("2020-01-05", self.second)
        start = f"CT698 note 'registry/{name}' of commit {damaged[:10]} cannot be read: "
        assert damage.startswith(start)
        assert why is None or damage == start + why

    def test_damaged_versions_of_one_file_are_told_once(self, edited):
        for broken in ("[[claim", "x = "):
            write(edited, broken)
            name = commit(edited, "2020-02-01")
        write(edited, LATER)
        commit(edited, "2020-02-02")

        edit, damage = told(edited)

        assert edit == message("2020-01-05", self.second)
        start = f"CT698 note 'registry/claims.toml' of commit {name[:10]} cannot be read, nor 1 "
        assert damage.startswith(start + "more of its versions: ")

    def test_a_pointer_that_leads_nowhere(self, tmp_path):
        (tmp_path / ".git").write_text("gitdir: ../gone\n", "utf-8")
        write(tmp_path, WORLD + CLAIM)

        assert told(tmp_path) == [
            (
                f"CT694 warning the history of {str(tmp_path)!r} is not read whole: "
                f"{str(tmp_path / '.git')!r} leads to no git repository"
            )
        ]


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\u0085", "\f"])
def test_lines_of_json_end_at_line_feeds_alone(mark, folder):
    path = folder.parent / "registry.jsonl"
    for text, day in ((CLAIM, "2018-01-01"), (LATER, "2020-01-05")):
        marked = dumps(loads(WORLD + text), "jsonl").replace("by the end", f"by{mark}the end")
        path.write_bytes(marked.replace("\f", "\\f").encode())
        name = commit(folder.parent, day)

    assert told(path) == [message("2020-01-05", name)]


def test_letters_of_a_type_may_be_escapes(folder):
    path = folder.parent / "registry.jsonl"
    for text, day in ((CLAIM, "2018-01-01"), (LATER, "2020-01-05")):
        lines = dumps(loads(WORLD + text), "jsonl")
        path.write_text(lines.replace('"claim"', '"cl\\u0061im"'), "utf-8")
        name = commit(folder.parent, day)

    assert told(path) == [message("2020-01-05", name)]


class TestSubmodules:
    """A submodule counts with the commits that are recorded of it."""

    @pytest.fixture
    def data(self, folder, tmp_path):
        source = init(tmp_path / "source")
        write(source, CLAIM)
        commit(source, "2018-01-01")
        git(tmp_path, "submodule", "--quiet", "add", source, "registry/data")
        (tmp_path / ".gitignore").write_text("/source\n/clone\n", "utf-8")
        commit(tmp_path, "2018-01-02")
        return folder / "data"

    @pytest.fixture
    def edited(self, data, tmp_path):
        write(data, LATER)
        commit(data, "2020-01-05")
        self.name = commit(tmp_path, "2020-01-06")
        return data.parent

    def test_an_edit_in_a_submodule_is_found(self, edited):
        assert told(edited) == [message("2020-01-06", self.name)]

    def test_an_edit_in_a_submodule_that_is_not_recorded_is_not_committed(self, data):
        write(data, LATER)
        commit(data, "2020-01-05")

        assert told(data.parent) == [message("2021-01-01", "not yet committed")]

    def test_a_registry_may_lie_in_a_submodule(self, data):
        write(data, WORLD, "world.toml")
        write(data, LATER)
        name = commit(data, "2020-01-05")

        assert told(data) == [message("2020-01-05", name)]

    def test_a_submodule_that_is_not_checked_out_is_named(self, edited, tmp_path):
        git(tmp_path, "clone", "-q", tmp_path, tmp_path / "clone")

        assert told(tmp_path / "clone" / "registry")[-1] == (
            "CT699 note the submodule 'registry/data' is not checked out"
        )

    def test_a_commit_that_a_submodule_lacks_is_named(self, edited, tmp_path):
        first = git(edited / "data", "rev-parse", "HEAD~1")
        module = tmp_path / ".git" / "modules" / "registry" / "data"
        (module / "objects" / first[:2] / first[2:]).unlink()

        (found,) = told(edited)

        assert found.startswith(
            "CT699 warning the submodule 'registry/data' cannot be read: git: fatal: "
        )


class TestParts:
    """The parts of a TOML text that hold a claim each."""

    def test_a_part_goes_on_to_the_next_record(self):
        claim = '[[claim]]\nid = "a"\nlinks = [\n  2,\n]\n[[claim.reading]]\nname = "b"\n'
        text = f"# a comment\n\n[registry]\ntitle = 1\n{claim}[[fact]]\n{claim}{claim}"

        assert [part.strip() for part in parts_of(text)] == [claim.strip()] * 3

    def test_a_text_without_records_has_no_parts(self):
        assert parts_of("") == parts_of("# only this") == []

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param('[[claim]]\nnote = """\n[[claim]]\n"""', id="text over lines"),
            pytest.param("[[claim]]\nnote = '''\n[[fact]]\n'''", id="literal text over lines"),
            pytest.param('[["claim"]]\nid = "a"', id="quoted header"),
            pytest.param('claim = [{ id = "a" }]', id="a key at the beginning"),
            pytest.param('\nclaim = [{ id = "a" }]\n[registry]\n', id="a key before a header"),
            pytest.param('[claim]\nid = "a"', id="one table"),
            pytest.param("[[claim]]\n[[fact]]\n[[claim.reading]]", id="a reading far away"),
            pytest.param('[[claim]]\ntopics = [\n["a"]\n]', id="a list of lists"),
        ],
    )
    def test_what_is_not_plain_has_no_parts(self, text):
        assert parts_of(text) is None
