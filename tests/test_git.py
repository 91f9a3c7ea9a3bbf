"""The client that asks git: which repository, whose, and what it is kept from."""

import os
from pathlib import Path

import pytest

from claimtrack.git import Git, GitError, Reason, has_history, process
from tests.repositories import commit, git, init, needs_git

pytestmark = needs_git


@pytest.fixture
def top(tmp_path):
    top = init(tmp_path / "top")
    (top / "registry").mkdir()
    (top / "registry" / "a.toml").write_text("# one\n", "utf-8")
    commit(top, "2020-01-01")
    return top


def paths(path, revision="HEAD"):
    with Git.holding(path) as asked:
        return [entry.path for entry in asked.tree(asked.commit(revision))]


class TestWhichRepository:
    def test_the_one_whose_work_tree_holds_the_folder(self, top):
        assert paths(top / "registry") == paths(top / "registry" / "a.toml")
        assert paths(top / "registry") == ["registry/a.toml"]

    def test_none_where_no_work_tree_holds_it(self, tmp_path):
        assert Git.holding(tmp_path) is None
        assert not has_history(tmp_path)

    def test_a_folder_that_is_laid_out_as_a_bare_repository_is_none(self, top):
        inner = top / "registry" / "inner"
        git(top, "clone", "-q", "--bare", top, inner)

        assert paths(inner) == ["registry/a.toml"]
        with Git.holding(inner) as asked:
            assert asked.top == top

    def test_a_folder_called_git_that_is_no_repository_is_passed_over(self, top):
        (top / "registry" / ".git").mkdir()

        assert paths(top / "registry") == ["registry/a.toml"]

    def test_a_linked_work_tree_has_a_head_of_its_own(self, top, tmp_path):
        linked = tmp_path / "linked"
        git(top, "worktree", "add", "-q", "-b", "side", linked)
        (linked / "registry" / "b.toml").write_text("# two\n", "utf-8")
        name = commit(linked, "2020-01-02")

        assert paths(linked / "registry") == ["registry/a.toml", "registry/b.toml"]
        assert paths(top) == ["registry/a.toml"]
        with Git.holding(linked) as asked:
            assert asked.commit("HEAD@{0}") == asked.commit("side") == name

    def test_objects_may_lie_in_another_repository(self, top, tmp_path):
        git(tmp_path, "clone", "-q", "--shared", top, tmp_path / "clone")

        assert paths(tmp_path / "clone") == ["registry/a.toml"]

    def test_what_a_branch_follows_has_its_name(self, top, tmp_path):
        git(tmp_path, "clone", "-q", top, tmp_path / "clone")

        assert paths(tmp_path / "clone", "@{upstream}") == ["registry/a.toml"]

    def test_objects_may_have_the_longer_names(self, tmp_path):
        git(tmp_path, "init", "-q", "--object-format=sha256", "long")
        (tmp_path / "long" / "a.toml").write_text("# one\n", "utf-8")
        name = commit(tmp_path / "long", "2020-01-01")

        with Git.holding(tmp_path / "long") as asked:
            assert asked.commit("HEAD") == name
            assert len(name) == 64

    def test_a_repository_may_be_a_link(self, top, tmp_path):
        (top / ".git").rename(tmp_path / "elsewhere")
        (top / ".git").symlink_to(tmp_path / "elsewhere")

        assert paths(top) == ["registry/a.toml"]

    @pytest.mark.parametrize("content", [b"gitdir: gone", b"nothing", b"gitdir: ", b"gitdir: a\0b"])
    def test_a_pointer_that_leads_to_none_is_an_error(self, content, tmp_path):
        (tmp_path / ".git").write_bytes(content)

        with pytest.raises(GitError) as caught:
            Git.holding(tmp_path)

        assert str(caught.value) == f"{str(tmp_path / '.git')!r} leads to no git repository"
        assert has_history(tmp_path)

    @pytest.mark.parametrize("variable", ["GIT_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"])
    def test_variables_of_a_hook_are_not_passed_on(self, variable, top, tmp_path, monkeypatch):
        other = init(tmp_path / "other")
        monkeypatch.setenv(variable, str(other / ".git"))

        assert paths(top) == ["registry/a.toml"]

    def test_a_named_pipe_is_not_waited_for(self, top):
        (top / ".git" / "HEAD").unlink()
        os.mkfifo(top / ".git" / "HEAD")

        with pytest.raises(GitError, match="is no regular file"), Git.holding(top):
            pass

    def test_a_configuration_that_is_malformed_is_told_in_git_s_words(self, top):
        (top / ".git" / "config").write_text("[core", "utf-8")

        with pytest.raises(GitError, match="git: fatal: bad config line "):
            Git.holding(top).__enter__()


class TestOwner:
    @pytest.fixture(autouse=True)
    def of_another(self, monkeypatch, tmp_path):
        self.settings = tmp_path / "settings"
        self.settings.write_text("", "utf-8")
        monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(self.settings))
        monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")

    def allow(self, *values):
        lines = [f"\tdirectory = {value}\n" for value in values]
        self.settings.write_text("".join(["[safe]\n", *lines]), "utf-8")

    def test_a_repository_of_another_is_refused(self, top):
        with pytest.raises(GitError) as caught:
            paths(top)

        assert caught.value.reason is Reason.OWNER

    @pytest.mark.parametrize("value", ["*", "{top}", "{top}/../top", "{above}/*"])
    def test_unless_the_user_s_settings_name_it(self, value, top):
        self.allow(value.format(top=top, above=top.parent))

        assert paths(top) == ["registry/a.toml"]

    def test_what_resets_the_list_resets_it(self, top):
        self.allow(top, "")

        with pytest.raises(GitError, match="belongs to another user"):
            paths(top)

    def test_settings_of_the_repository_or_of_a_hook_do_not_count(self, top, monkeypatch):
        git(top, "config", "safe.directory", "*")
        monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
        monkeypatch.setenv("GIT_CONFIG_KEY_0", "safe.directory")
        monkeypatch.setenv("GIT_CONFIG_VALUE_0", "*")

        with pytest.raises(GitError, match="belongs to another user"):
            paths(top)

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
    def test_the_owner_is_looked_at(self, top, monkeypatch):
        monkeypatch.delenv("GIT_TEST_ASSUME_DIFFERENT_OWNER")
        os.chown(top / ".git", 12345, 12345)

        with pytest.raises(GitError, match="belongs to another user"):
            paths(top)
        monkeypatch.setenv("SUDO_UID", "12345")
        assert paths(top) == ["registry/a.toml"]


class TestLimits:
    def scripted(self, tmp_path, monkeypatch, script):
        program = tmp_path / "bin" / "git"
        program.parent.mkdir()
        program.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")

    def test_an_answer_that_takes_too_long_is_not_waited_for(self, top, tmp_path, monkeypatch):
        self.scripted(tmp_path, monkeypatch, "sleep 1000")
        monkeypatch.setattr(process, "TIMEOUT", 0.2)

        with pytest.raises(GitError) as caught:
            paths(top)

        assert str(caught.value) == "git took more than 0.2 seconds for one answer"
        assert caught.value.reason is Reason.LIMIT

    def test_an_answer_that_is_too_long_is_not_read(self, top, tmp_path, monkeypatch):
        self.scripted(tmp_path, monkeypatch, "yes")

        with pytest.raises(GitError) as caught:
            paths(top)

        assert str(caught.value) == f"an answer of git has more than {process.MOST_BYTES} bytes"

    def test_a_program_beside_the_registry_is_never_taken_for_git(self, top, monkeypatch):
        (top / "git").write_text("#!/bin/sh\ntouch was-run\n", "utf-8")
        (top / "git").chmod(0o755)
        monkeypatch.chdir(top)
        monkeypatch.setenv("PATH", f".{os.pathsep}{os.pathsep}{os.environ['PATH']}")

        assert paths(Path()) == ["registry/a.toml"]
        assert not (top / "was-run").exists()

    def test_what_is_missing_is_not_among_the_sizes(self, top):
        blob = git(top, "rev-parse", "HEAD:registry/a.toml")
        with Git.holding(top) as asked:
            sizes = asked.sizes([blob, "0" * 40, blob])

            assert sizes == {blob: 6}
            assert dict(asked.contents(sizes)) == {blob: b"# one\n"}
            with pytest.raises(GitError, match="is missing"):
                dict(asked.contents({"0" * 40: 5}))
