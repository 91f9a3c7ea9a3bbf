"""Edits of claims, as a real git repository tells them."""

import os
import shutil
import subprocess

import pytest

from claimtrack import dumps, load, loads
from claimtrack.health.examine import examine
from claimtrack.revisions.edits import Past, past_of
from claimtrack.revisions.git import Git

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

WORLD = """
[[speaker]]
id = "miller"
[[source]]
id = "wire"
published = 2019-12-02
tier = "wire"
url = "https://wire.example/"
[[fact]]
id = "gas"
kind = "event"
[[evidence]]
id = "gas-wire"
fact = "gas"
source = "wire"
happened = 2019-12-02
"""
CLAIM = """
[[claim]]
id = "by-2019"
speaker = "miller"
said = 2017-07-04
source = "wire"
quote = "by the end of 2019"
criterion = { event = "gas", by = 2019-12-31 }
"""
LATER = CLAIM.replace("2019-12-31", "2020-12-31")


@pytest.fixture
def folder(tmp_path):
    git(tmp_path, "init", "-q")
    folder = tmp_path / "registry"
    folder.mkdir()
    (folder / "world.toml").write_text(WORLD, "utf-8")
    return folder


def git(folder, *arguments, day="2020-01-01"):
    who = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org"}
    who |= {"GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org"}
    dates = {"GIT_AUTHOR_DATE": f"{day}T12:00:00Z", "GIT_COMMITTER_DATE": f"{day}T12:00:00Z"}
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    run = subprocess.run(
        ["git", *arguments],  # noqa: S607 - whichever git there is
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **who, **dates, **alone},
    )
    return run.stdout.strip()


def commit(folder, day):
    git(folder, "add", "-A", ".", day=day)
    git(folder, "commit", "-q", "-m", "change", day=day)
    return f"commit {git(folder, 'rev-parse', 'HEAD')[:10]}"


def write(folder, text, name="claims.toml"):
    (folder / name).write_text(text, "utf-8")


def told(path, day="2021-01-01"):
    registry = load(path)
    audit = registry.audit(day)
    edits = past_of(path, registry, audit.day).edits
    return [f"{one.severity} {one.message}" for one in examine(registry, audit, edits=edits)]


def message(on, where):
    return (
        f"error claim 'by-2019' had its criterion edited on {on} ({where}), after evidence "
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


def test_versions_that_cannot_be_read_are_passed_over(folder):
    write(folder, CLAIM)
    commit(folder, "2018-01-01")
    for broken in ("[[claim", "claim = 3", '[[claim]]\nid = "by-2019"\nquote = 4\n', "\xff"):
        write(folder, broken)
        commit(folder, "2018-02-01")
    write(folder, LATER)
    name = commit(folder, "2020-01-05")

    assert told(folder) == [message("2020-01-05", name)]


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
    name = git(folder, "rev-parse", "HEAD")[:10]

    assert told(folder) == [message("2020-01-05", f"commit {name}")]


def test_without_a_repository_there_is_no_past(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    write(tmp_path, WORLD)
    registry = load(tmp_path)

    assert past_of(tmp_path, registry, 0) == Past()


def test_without_git_there_is_no_past(folder, monkeypatch):
    write(folder, CLAIM)
    commit(folder, "2018-01-01")
    monkeypatch.setenv("PATH", "")

    assert past_of(folder, load(folder), 0) == Past()


def test_without_a_commit_there_is_no_past(folder):
    write(folder, CLAIM)

    assert told(folder) == []


def test_a_clone_without_its_earlier_commits_is_told_of(folder, tmp_path):
    write(folder, CLAIM)
    commit(folder, "2018-01-01")
    write(folder, LATER)
    commit(folder, "2020-01-05")
    git(tmp_path, "clone", "-q", "--depth", "1", tmp_path.as_uri(), str(tmp_path / "clone"))
    clone = tmp_path / "clone" / "registry"

    assert past_of(clone, load(clone), 0) == Past(edits=(), is_shallow=True)


def test_a_repository_runs_nothing_of_its_own(folder, tmp_path):
    write(folder, CLAIM)
    (folder / ".gitattributes").write_text("*.toml diff=own\n", "utf-8")
    commit(folder, "2018-01-01")
    write(folder, LATER)
    mark = tmp_path / "was-run"
    script = tmp_path / "own.sh"
    script.write_text(f"#!/bin/sh\ntouch {mark}\ncat\n", "utf-8")
    script.chmod(0o755)
    for key in ("core.fsmonitor", "diff.own.textconv", "diff.external", "core.pager"):
        git(folder, "config", key, str(script))
    git(folder, "config", "gpg.program", str(script))
    git(folder, "config", "log.showSignature", "true")

    assert told(folder) == [message("2021-01-01", "not yet committed")]
    assert not mark.exists()


def test_contents_that_are_missing_stay_out(folder):
    write(folder, CLAIM)
    commit(folder, "2018-01-01")
    blob = git(folder, "hash-object", "claims.toml")

    assert dict(Git(folder).contents([blob, "0" * 40])) == {blob: CLAIM.encode()}
