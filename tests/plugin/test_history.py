"""The item that tells whether the history of a registry could be read."""

import os

import pytest

from tests.repositories import CLAIM, LATER, WORLD, commit, git, init, needs_git

pytestmark = needs_git

SETTINGS = '[registry]\ntitle = "A"\n'


@pytest.fixture
def folder(pytester):
    folder = init(pytester.path / "top") / "registry"
    folder.mkdir()
    (folder / "a.toml").write_text(SETTINGS + WORLD, "utf-8")
    (folder / "b.toml").write_text(CLAIM, "utf-8")
    (folder / "c.toml").write_text(CLAIM.replace("by-2019", "another"), "utf-8")
    commit(folder, "2018-01-01")
    return folder


def run(pytester, *words):
    return pytester.runpytest("--as-of", "2021-01-01", "-p", "no:cacheprovider", "-rA", *words)


def test_a_history_that_can_be_read_passes_once(folder, pytester):
    result = run(pytester, folder)

    assert result.ret == 0
    assert result.stdout.str().count("PASSED top/registry/b.toml::history") == 1
    assert "c.toml::history" not in result.stdout.str()


def test_a_history_that_cannot_be_read_fails_with_the_reason(folder, pytester, monkeypatch):
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)

    result = run(pytester, folder / "c.toml")

    assert result.ret == 1
    result.stdout.fnmatch_lines(
        [
            (
                f"the history of '{folder}' is not read whole: the repository at "
                f"'{folder.parent}' belongs "
                "to another user, and the setting safe.directory of git does not name it"
            ),
            "CT695 hint: If you trust it, run *",
            "FAILED top/registry/c.toml::history*",
        ]
    )


def test_the_item_is_run_by_its_id(folder, pytester):
    result = run(pytester, f"{folder / 'c.toml'}::history")

    result.assert_outcomes(passed=1)


def test_what_does_not_fail_is_told(folder, pytester):
    (folder / "b.toml").write_text("[[claim", "utf-8")
    commit(folder, "2019-01-01")
    (folder / "b.toml").write_text(LATER, "utf-8")
    commit(folder, "2019-01-02")

    softly = run(pytester, folder)
    strictly = run(pytester, folder, "-o", "claimtrack_fail_on=CT698")

    assert softly.ret == 0
    softly.stdout.fnmatch_lines(["CT698 'registry/b.toml' of commit * cannot be read: *"])
    strictly.stdout.fnmatch_lines(["FAILED top/registry/b.toml::history*"])


def test_there_is_none_where_git_is_not_asked_or_no_repository_is(folder, pytester):
    assert "::history" not in run(pytester, folder, "-o", "claimtrack_git=false").stdout.str()
    for path in sorted((folder.parent / ".git").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert "::history" not in run(pytester, folder).stdout.str()
    assert git(pytester.path, "--version")
