"""Registries as they are in commits, read into memory."""

import os

import pytest

from claimtrack.errors import LoadError
from claimtrack.git import GitError
from claimtrack.revisions.snapshot import RevisionLimits, load_revision
from tests.repositories import CLAIM, WORLD, commit, drop, git, init, needs_git

pytestmark = needs_git


@pytest.fixture
def top(tmp_path):
    return init(tmp_path / "top")


@pytest.fixture
def folder(top):
    folder = top / "registry"
    folder.mkdir()
    (folder / "world.toml").write_text(WORLD, "utf-8")
    return folder


def claims(path, revision="HEAD", **limits):
    snapshot = load_revision(str(path), revision, RevisionLimits(**limits))
    assert snapshot.unread == ()
    return [*snapshot.registry.claims]


def refused(path, revision="HEAD", **limits):
    with pytest.raises(LoadError) as caught:
        load_revision(str(path), revision, RevisionLimits(**limits))
    return str(caught.value).splitlines()


class Tree:
    """Trees that git itself would not make."""

    def __init__(self, top):
        self.top = top

    def blob(self, content):
        return git(self.top, "hash-object", "-w", "--stdin", given=content)

    def tree(self, *entries):
        content = b"".join(
            f"{mode} ".encode() + name + b"\0" + bytes.fromhex(object_)
            for mode, name, object_ in entries
        )
        words = ("hash-object", "-t", "tree", "-w", "--literally", "--stdin")
        return git(self.top, *words, given=content)

    def commit(self, *entries):
        name = git(self.top, "commit-tree", self.tree(*entries), "-m", "a")
        git(self.top, "update-ref", "refs/heads/main", name)


@pytest.fixture
def made(top):
    made = Tree(top)
    made.world = made.blob(WORLD.encode())
    made.claim = made.blob(CLAIM.encode())
    return made


def test_the_files_of_a_folder_are_read_with_all_folders_in_it(folder):
    (folder / "deep").mkdir()
    (folder / "deep" / "claims.toml").write_text(CLAIM, "utf-8")
    (folder / "notes.md").write_text("[[claim", "utf-8")
    (folder.parent / "other.toml").write_text("[[claim", "utf-8")
    commit(folder.parent, "2020-01-01")
    (folder / "deep" / "claims.toml").unlink()

    assert claims(folder) == claims(folder, "main") == ["by-2019"]


def test_one_file_is_read_alone(folder):
    path = folder / "all.toml"
    path.write_text(WORLD + CLAIM, "utf-8")
    commit(folder.parent, "2020-01-01")

    assert claims(path) == ["by-2019"]


def test_a_folder_that_is_gone_is_read(folder):
    (folder / "claims.toml").write_text(CLAIM, "utf-8")
    commit(folder.parent, "2020-01-01")
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()

    assert claims(folder) == ["by-2019"]


@pytest.mark.parametrize("name", [".hidden.toml", "node_modules/a.toml", ".git-data/a.toml"])
def test_names_that_are_passed_over_on_disk_are_passed_over(name, folder):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(CLAIM, "utf-8")
    commit(folder.parent, "2020-01-01")

    assert claims(folder) == []


def test_names_need_not_be_utf_8(folder):
    path = os.fsencode(folder) + b"/\xff.toml"
    with open(path, "wb") as file:  # noqa: PTH123 - a name that is no text
        file.write(CLAIM.encode())
    commit(folder.parent, "2020-01-01")

    assert claims(folder) == ["by-2019"]


class TestLinks:
    """A link counts as what it leads to, provided that this lies in the folder too."""

    @pytest.mark.parametrize(
        ("link", "target"),
        [
            ("a.toml", ".data/claims.toml"),
            ("a.toml", "./.data/../.data/claims.toml"),
            ("a.toml", "../registry/.data/claims.toml"),
            ("data", ".data"),
        ],
    )
    def test_a_link_within_the_folder_is_followed(self, link, target, folder):
        (folder / ".data").mkdir()
        (folder / ".data" / "claims.toml").write_text(CLAIM, "utf-8")
        (folder / link).symlink_to(target)
        commit(folder.parent, "2020-01-01")

        assert claims(folder) == ["by-2019"]

    def test_what_has_several_names_is_read_once(self, folder):
        (folder / "claims.toml").write_text(CLAIM, "utf-8")
        (folder / "a.toml").symlink_to("b.toml")
        (folder / "b.toml").symlink_to("claims.toml")
        (folder / "c").symlink_to("d")
        (folder / "d").mkdir()
        (folder / "d" / "e.toml").symlink_to("../claims.toml")
        commit(folder.parent, "2020-01-01")

        assert claims(folder) == ["by-2019"]

    @pytest.mark.parametrize(
        ("link", "target", "problem"),
        [
            ("a.toml", "/etc/passwd", "is a link that leads out of 'HEAD:registry'"),
            ("a.toml", "../other.toml", "is a link that leads out of 'HEAD:registry'"),
            ("a.toml", "../../../../x", "is a link that leads out of 'HEAD:registry'"),
            ("a.toml", "a.toml", "is a link that leads back to itself"),
            ("a", ".", "is a link to a folder that it lies in"),
        ],
    )
    def test_other_links_are_refused(self, link, target, problem, folder):
        (folder / link).symlink_to(target)
        commit(folder.parent, "2020-01-01")

        assert refused(folder) == [f"CT004 'HEAD:registry/{link}' {problem}"]

    def test_a_link_that_leads_nowhere_is_told(self, folder):
        (folder / "a.toml").symlink_to("b.toml")
        commit(folder.parent, "2020-01-01")

        reason = "cannot be read: No such file or directory"
        assert refused(folder) == [f"CT001 'HEAD:registry/a.toml' {reason}"]

    def test_links_that_would_not_be_read_are_not_looked_at(self, folder):
        (folder / "claims.toml").write_text(CLAIM, "utf-8")
        (folder / "README").symlink_to("../../README")
        commit(folder.parent, "2020-01-01")

        assert claims(folder) == ["by-2019"]


class TestTreesThatGitDoesNotMake:
    def test_a_link_and_a_folder_of_one_name(self, made, tmp_path):
        target = tmp_path / "target"
        target.mkdir()
        made.commit(
            ("120000", b"a", made.blob(os.fsencode(target))),
            ("40000", b"a", made.tree(("100644", b"b.toml", made.claim))),
            ("100644", b"world.toml", made.world),
        )

        assert refused(made.top) == ["CT001 'HEAD:a' stands twice in its tree"]
        assert [*target.iterdir()] == []

    def test_a_file_that_stands_twice(self, made):
        made.commit(("100644", b"a.toml", made.world), ("100644", b"a.toml", made.claim))

        assert refused(made.top) == ["CT001 'HEAD:a.toml' stands twice in its tree"]

    @pytest.mark.parametrize("name", [b"..", b"../a.toml", b"/a.toml", b"b//a.toml", b"./a.toml"])
    def test_names_that_are_paths(self, name, made):
        made.commit(("100644", b"world.toml", made.world), ("100644", name, made.claim))

        shown = f"HEAD:{name.decode()}"
        assert refused(made.top) == [f"CT004 {shown!r} is no path within a folder"]

    def test_a_link_that_is_longer_than_any_path(self, made):
        made.commit(
            ("120000", b"a.toml", made.blob(b"x" * 10_000)),
            ("100644", b"world.toml", made.world),
        )

        with pytest.raises(LoadError):
            load_revision(str(made.top), "HEAD")


class TestRefusals:
    def test_a_commit_before_the_registry(self, top, folder):
        (folder / "world.toml").unlink()
        (folder / "README").write_text("hello", "utf-8")
        commit(top, "2020-01-01")

        assert refused(folder) == [
            f"CT001 {str(folder)!r} holds no file in .toml, .jsonl or .jsonl.gz in revision 'HEAD'"
        ]

    def test_a_registry_without_records(self, folder):
        (folder / "world.toml").write_text("", "utf-8")
        commit(folder.parent, "2020-01-01")

        assert refused(folder) == ["CT001 'HEAD:registry' holds no records"]

    def test_a_path_that_the_revision_does_not_hold(self, top, folder):
        name = commit(folder, "2020-01-01")
        (folder / "new").mkdir()

        with pytest.raises(GitError) as caught:
            load_revision(str(folder / "new"), name)

        assert str(caught.value) == f"{str(folder / 'new')!r} is not in revision {name!r}"

    def test_a_folder_without_a_repository(self, tmp_path):
        with pytest.raises(GitError) as caught:
            load_revision(str(tmp_path), "HEAD")

        assert str(caught.value) == f"{str(tmp_path)!r} lies in no git repository"

    def test_a_revision_that_a_shallow_clone_lacks(self, folder, top, tmp_path):
        commit(top, "2020-01-01")
        commit(top, "2020-01-02")
        clone = tmp_path / "clone"
        git(tmp_path, "clone", "-q", "--depth", "1", top.as_uri(), clone)

        with pytest.raises(GitError) as caught:
            load_revision(str(clone), "HEAD~1")

        assert str(caught.value) == (
            f"'HEAD~1' is no commit of the repository of {str(clone)!r}: git: fatal: Needed a "
            "single revision; the clone is shallow and lacks its earlier commits"
        )

    def test_contents_that_are_missing(self, folder, top):
        commit(top, "2020-01-01")
        drop(top, git(top, "rev-parse", "HEAD:registry/world.toml"))

        with pytest.raises(GitError) as caught:
            load_revision(str(folder), "HEAD")

        assert str(caught.value) == (
            "the clone lacks the contents of 'HEAD:registry/world.toml', and nothing is fetched; "
            "run: git fetch --refetch --no-filter"
        )

    def test_files_that_are_too_large(self, folder):
        commit(folder.parent, "2020-01-01")

        assert refused(folder, file_bytes=100) == [
            "HEAD:registry/world.toml:1:1: CT003 the file has more than 100 bytes"
        ]
        assert refused(folder, total_bytes=100) == [
            "CT003 'HEAD:registry' has more than 100 bytes in its files together"
        ]


class TestSubmodules:
    @pytest.fixture
    def data(self, folder, top, tmp_path):
        source = init(tmp_path / "source")
        (source / "claims.toml").write_text(CLAIM, "utf-8")
        commit(source, "2020-01-01")
        git(top, "submodule", "--quiet", "add", source, "registry/data")
        commit(top, "2020-01-02")
        return folder / "data"

    def test_a_submodule_is_read_at_the_commit_that_is_recorded(self, data):
        (data / "claims.toml").unlink()
        commit(data, "2020-02-01")

        assert claims(data.parent) == ["by-2019"]

    def test_a_submodule_that_is_not_checked_out_is_named(self, data, top, tmp_path):
        git(tmp_path, "clone", "-q", top, tmp_path / "clone")

        snapshot = load_revision(str(tmp_path / "clone" / "registry"), "HEAD")

        assert snapshot.unread == (
            "the submodule 'HEAD:registry/data' is not read, since it is not checked out",
        )
        assert [*snapshot.registry.claims] == []
