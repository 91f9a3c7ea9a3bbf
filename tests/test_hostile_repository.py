"""
What asks git, run against repositories that name programs wherever git can be made to run one.

One is a repository with such a configuration, as an archive may hold it; the other comes from a
plain clone, and its registry is laid out as a bare repository with such a configuration.
"""

import os
import shutil
import subprocess

import pytest

from claimtrack.cli.main import main
from tests.repositories import CLAIM, LATER, WORLD, commit, git, hostile, init, needs_git

pytestmark = needs_git


@pytest.fixture
def marks(tmp_path):
    return tmp_path / "marks"


@pytest.fixture(params=["configured", "embedded", "old git, embedded", "old git, configured"])
def registry(request, tmp_path, marks, monkeypatch):
    """A registry whose repository is hostile; an old git does not know `GIT_NO_LAZY_FETCH`."""
    if "old git" in request.param:
        program = tmp_path / "bin" / "git"
        program.parent.mkdir()
        real = shutil.which("git")
        program.write_text(f'#!/bin/sh\nunset GIT_NO_LAZY_FETCH\nexec "{real}" "$@"\n', "utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    made = hostile(tmp_path / "made", marks)
    return embedded(tmp_path, made) if "embedded" in request.param else made


def embedded(tmp_path, made):
    """Clone a repository whose registry is laid out as the hostile one that was *made*."""
    outer = init(tmp_path / "outer")
    inner = outer / "registry"
    shutil.copytree(made.parent / ".git", inner, ignore=shutil.ignore_patterns("hooks", "logs"))
    for path in inner.rglob("*"):
        if path.is_dir() and not any(path.iterdir()):
            (path / "keep").touch()
    (inner / "world.toml").write_text(f'[registry]\ntitle = "A"\n{WORLD}', "utf-8")
    (inner / "claims.toml").write_text(CLAIM, "utf-8")
    commit(outer, "2018-01-01")
    (inner / "claims.toml").write_text(LATER, "utf-8")
    commit(outer, "2020-01-05")
    git(tmp_path, "clone", "-q", outer.as_uri(), "victim")
    return tmp_path / "victim" / "registry"


def is_embedded(registry):
    return (registry / "HEAD").exists()


def test_a_check_runs_nothing(registry, marks, capsys):
    status = main(["check", str(registry), "--as-of", "2021-01-01"])

    out = capsys.readouterr().out
    assert [*marks.iterdir()] == []
    assert status == 1
    assert ("CT605 error" in out) is is_embedded(registry)
    assert ("CT696 warning" in out) is not is_embedded(registry)


@pytest.mark.parametrize("inside", [False, True])
def test_a_diff_between_revisions_runs_nothing(inside, registry, marks, capsys, monkeypatch):
    if inside:
        monkeypatch.chdir(registry)
    path = "." if inside else str(registry)

    status = main(["diff", path, "--from", "HEAD~1", "--as-of", "2021-01-01", "--exit-code"])

    out, err = capsys.readouterr()
    assert [*marks.iterdir()] == []
    if is_embedded(registry):
        assert (status, err) == (0, "")
        assert "1 edit: criterion edited 1 (by-2019)" in out
    else:
        assert (status, out) == (2, "")
        assert err.startswith("the clone lacks the contents of 'HEAD~1:registry/claims.toml'")


@pytest.mark.parametrize("command", ["audit", "facts", "due"])
def test_what_asks_nothing_of_git_runs_nothing(command, registry, marks, capsys):
    assert main([command, str(registry), "--as-of", "2021-01-01"]) == 0
    assert capsys.readouterr().out
    assert [*marks.iterdir()] == []


def test_pytest_runs_nothing(registry, marks, pytester):
    result = pytester.runpytest(
        "-p", "no:cacheprovider", "--as-of", "2021-01-01", "--rootdir", registry.parent, registry
    )

    assert [*marks.iterdir()] == []
    result.assert_outcomes(passed=2, failed=1)
    failing = "::by-2019" if is_embedded(registry) else "::history"
    result.stdout.fnmatch_lines([f"FAILED *claims.toml*{failing}*"])


def test_git_without_protection_runs_what_the_fixture_names(tmp_path, marks):
    made = hostile(tmp_path / "made", marks)

    with pytest.raises(subprocess.CalledProcessError):
        git(made, "cat-file", "-e", "HEAD~1:registry/claims.toml")

    assert [path.name for path in marks.iterdir()] == ["was-run"]
