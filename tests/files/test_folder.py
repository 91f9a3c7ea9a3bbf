import os
from pathlib import Path

import pytest

from claimtrack.errors import LoadError
from claimtrack.files.folder import Limits, is_excluded, registry_files
from claimtrack.files.load import load, load_bytes, load_files


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A registry that is found from where the test runs, beside a file that is no part of it."""
    monkeypatch.chdir(tmp_path)
    make("outside/secret.toml")
    Path("r").mkdir()
    return Path("r")


def make(*names):
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).touch()


def link(name, target):
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).symlink_to(target)


def names(folder):
    return [Path(file.name).as_posix() for file in registry_files(folder)]


def told(path, limits=None):
    with pytest.raises(LoadError) as caught:
        registry_files(path, *([] if limits is None else [limits]))
    return str(caught.value).splitlines()


def test_all_files_with_the_three_endings_are_found_sorted_by_their_paths(folder):
    make("r/b.toml", "r/a/z.jsonl", "r/a-.jsonl.gz", "r/a/b/c.toml", "r/readme.md", "r/a/x.json")
    make("r/a.toml", "r/gz", "r/x.gz", "r/x.TOML")

    assert names(folder) == ["r/a-.jsonl.gz", "r/a.toml", "r/a/b/c.toml", "r/a/z.jsonl", "r/b.toml"]


def test_paths_begin_as_they_were_given(folder, monkeypatch):
    make("r/a/b.toml")

    assert names(folder.absolute()) == [(folder.absolute() / "a/b.toml").as_posix()]
    monkeypatch.chdir(folder)
    assert names(Path()) == ["a/b.toml"]


def test_what_is_hidden_or_made_by_tools_is_passed_over(folder):
    make("r/a.toml", "r/.a.toml", "r/.git/b.toml", "r/node_modules/c.toml", "r/__pycache__/d.toml")

    assert names(folder) == ["r/a.toml"]


@pytest.mark.parametrize("name", ["a.toml", "a.jsonl", "a.jsonl.gz", ".a.toml"])
def test_a_file_is_a_registry_by_itself(folder, name):
    make(f"r/{name}")

    assert names(folder / name) == [f"r/{name}"]


def test_a_folder_or_file_may_be_named_by_a_link(folder):
    make("r/a.toml")
    link("s", "r")
    link("b.toml", "outside/secret.toml")

    assert names(Path("s")) == ["s/a.toml"]
    assert names(Path("b.toml")) == ["b.toml"]


class TestLinks:
    def test_what_has_a_name_of_its_own_is_read_under_that_alone(self, folder):
        make("r/z/a.toml")
        link("r/a.toml", "z/a.toml")
        link("r/b", "z")

        assert names(folder) == ["r/z/a.toml"]

    def test_what_is_hidden_is_read_once_under_the_first_of_its_links(self, folder):
        make("r/.store/a.toml", "r/.store/b/c.toml", "r/.store/data")
        link("r/y.toml", ".store/a.toml")
        link("r/x.toml", ".store/a.toml")
        link("r/v", ".store/b")
        link("r/u", ".store/b")
        link("r/data.jsonl", ".store/data")

        assert names(folder) == ["r/data.jsonl", "r/u/c.toml", "r/x.toml"]

    def test_links_in_linked_folders_are_followed(self, folder):
        make("r/.store/a.toml")
        link("r/.more/x.toml", "../.store/a.toml")
        link("r/more", ".more")

        assert names(folder) == ["r/more/x.toml"]

    def test_two_folders_that_link_to_each_other_are_read_once(self, folder):
        make("r/a/a.toml", "r/b/b.toml")
        link("r/a/b", "../b")
        link("r/b/a", "../a")

        assert names(folder) == ["r/a/a.toml", "r/b/b.toml"]

    def test_every_link_that_leads_out_or_round_is_refused(self, folder):
        make("r/a/a.toml", "r-/a.toml")
        link("r/out.toml", "../outside/secret.toml")
        link("r/a/out", "../../outside")
        link("r/a/beside.toml", "../../r-/a.toml")
        link("r/a/up", "..")
        link("r/a/here", ".")
        link("r/root", "/")
        link("r/round", "round")
        link("r/dangling.toml", "nowhere")

        assert told(folder) == [
            "CT001 'r/dangling.toml' cannot be read: No such file or directory",
            "CT004 'r/a/beside.toml' is a link that leads out of 'r'",
            "CT004 'r/a/here' is a link to a folder that it lies in",
            "CT004 'r/a/out' is a link that leads out of 'r'",
            "CT004 'r/a/up' is a link to a folder that it lies in",
            "CT004 'r/out.toml' is a link that leads out of 'r'",
            "CT004 'r/root' is a link that leads out of 'r'",
            "CT004 'r/round' is a link that leads back to itself",
        ]

    def test_links_that_would_not_be_read_may_lead_anywhere(self, folder):
        make("r/a.toml", "outside/readme.md")
        link("r/readme.md", "../outside/readme.md")
        link("r/.hidden", "../outside")
        link("r/notes", "nowhere")

        assert names(folder) == ["r/a.toml"]


class TestNothingToRead:
    def test_a_path_that_does_not_exist(self, folder):
        assert told(folder / "x.toml") == [
            "CT001 'r/x.toml' cannot be read: No such file or directory"
        ]

    def test_a_path_that_no_system_takes(self, folder):
        # How it is refused is in the words of the system, which each version of Python puts anew.
        (problem,) = told(folder / "x\0.toml")
        assert problem.startswith("CT001 'r/x\\x00.toml' cannot be read: ")
        assert "embedded null" in problem

    def test_another_ending(self, folder):
        make("r/a.yaml")

        expected = "expected a folder or a file in .toml, .jsonl or .jsonl.gz"
        assert told(folder / "a.yaml") == [f"CT001 'r/a.yaml' is no registry; {expected}"]

    def test_a_folder_without_such_files(self, folder):
        make("r/a.yaml", "r/.b.toml")

        assert told(folder) == ["CT001 'r' holds no file in .toml, .jsonl or .jsonl.gz"]

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
    def test_a_file_that_is_none(self, folder):
        os.mkfifo("r/pipe.toml")
        link("r/dir.toml", "/dev/null")

        assert told(folder / "pipe.toml") == ["CT001 'r/pipe.toml' is no regular file"]
        assert told(folder) == [
            "CT001 'r/pipe.toml' is no regular file",
            "CT004 'r/dir.toml' is a link that leads out of 'r'",
        ]

    @pytest.mark.skipif(
        not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is closed to this user"
    )
    def test_a_folder_that_is_closed(self, folder):
        make("r/a.toml", "r/b/c.toml")
        Path("r/b").chmod(0)

        assert told(folder) == ["CT001 'r/b' cannot be read: Permission denied"]


def test_a_folder_may_hold_so_much_and_no_more(folder):
    make("r/a/b/c.toml", "r/d.toml")

    assert len(registry_files(folder, Limits(files=4, folders_deep=2))) == 2
    assert told(folder, Limits(files=3)) == ["CT003 'r' holds more than 3 files and folders"]
    assert told(folder, Limits(folders_deep=1)) == ["CT003 'r/a/b' lies more than 1 folders deep"]


SWAPS = {
    "the file": ("r/a/b.toml", "../../outside/secret.toml"),
    "its folder": ("r/a", "../outside"),
}


@pytest.mark.skipif(os.open not in os.supports_dir_fd, reason="links are followed on this system")
@pytest.mark.parametrize("swap", SWAPS)
def test_what_becomes_a_link_after_the_walk_is_not_read(folder, swap):
    make("r/a/b.toml", "outside/b.toml", "outside/secret.toml")
    (file,) = registry_files(folder)
    name, target = SWAPS[swap]
    Path(name).rename("r/moved")
    link(name, target)

    with pytest.raises(LoadError) as caught:
        load_files([file], "r")

    assert str(caught.value) == (
        "CT001 'r/a/b.toml' cannot be read: it became a link, or no folder leads there any more, "
        "while it was read"
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_what_becomes_a_named_pipe_after_the_walk_is_not_waited_for(folder):
    make("r/a.toml")
    (file,) = registry_files(folder)
    Path("r/a.toml").unlink()
    os.mkfifo("r/a.toml")

    with pytest.raises(LoadError) as caught:
        load_files([file], "r")

    assert str(caught.value) == "CT001 'r/a.toml' cannot be read: it is no regular file"


def test_a_linked_file_is_opened_by_where_it_lies(folder):
    make("r/.store/a.toml")
    Path("r/.store/a.toml").write_text("[registry]\n")
    link("r/x.toml", ".store/a.toml")

    (file,) = registry_files(folder)

    with file.open() as opened:
        assert (file.name, opened.read()) == ("r/x.toml", b"[registry]\n")


@pytest.mark.parametrize(
    "name",
    [
        "netlify.toml",
        "a/Cargo.toml",
        "venv/x.toml",
        "site-packages/x.jsonl",
        ".x/y.toml",
    ],
)
def test_what_tools_keep_in_a_folder_is_passed_over(folder, name):
    make("r/a.toml", f"r/{name}")

    assert names(folder) == ["r/a.toml"]


def test_a_virtual_environment_is_passed_over_whatever_it_is_called(folder):
    make("r/a.toml", "r/py/pyvenv.cfg", "r/py/x.toml", "r/py/lib/y.toml")

    assert names(folder) == ["r/a.toml"]
    make("r/pyvenv.cfg")
    assert names(folder) == ["r/a.toml"]


def test_a_file_of_a_tool_is_read_where_it_is_named(folder):
    make("r/netlify.toml")

    assert names(folder / "netlify.toml") == ["r/netlify.toml"]


SPEAKER = '[[speaker]]\nid = "{}"\n'


class TestExclude:
    def put(self, **files):
        for name, text in files.items():
            path = Path("r", *name.replace("_toml", ".toml").split("__"))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    @pytest.mark.parametrize("settings", ["a", "z"])  # read before the others, and after them
    def test_files_that_the_settings_name_are_no_part_of_the_registry(self, folder, settings):
        exclude = '[registry]\nexclude = ["drafts", "b*.toml", "**/old/c.toml"]\n'
        self.put(
            drafts__x__y_toml="not TOML",
            b1_toml='[build]\npublish = "public"\n',
            n__old__c_toml=SPEAKER.format("ada"),
            n__b1_toml=SPEAKER.format("ada"),
            **{f"{settings}_toml": exclude},
        )

        assert [*load(folder).speakers] == ["ada"]

    def test_only_what_lies_beside_the_settings_or_below_is_named(self, folder):
        self.put(
            a__s_toml='[registry]\nexclude = ["*.toml", "**"]\n',
            b_toml=SPEAKER.format("ada"),
            a__c_toml=SPEAKER.format("bert"),
        )

        assert [*load(folder).speakers] == ["ada"]

    def test_settings_in_a_file_that_is_excluded_do_not_count(self, folder):
        self.put(
            a__s_toml='[registry]\ntitle = "Another"\n' + SPEAKER.format("bert"),
            m_toml='[registry]\ntitle = "Mine"\nexclude = ["a/"]\n' + SPEAKER.format("ada"),
        )

        registry = load(folder)

        assert (registry.settings.title, [*registry.speakers]) == ("Mine", ["ada"])

    def test_it_is_so_for_files_in_memory_too(self):
        registry = load_bytes(
            {
                "HEAD:r/b.toml": b"not TOML",
                "HEAD:r/s.jsonl": b'{"type": "registry", "exclude": ["b.toml"]}',
            },
            "HEAD",
            may_be_empty=True,
        )

        assert registry.settings.exclude == ("b.toml",)

    @pytest.mark.parametrize("pattern", ["/etc", "../x", "a/../b", "x" * 201])
    def test_a_pattern_leads_nowhere_else(self, folder, pattern):
        self.put(s_toml=f'[registry]\nexclude = ["a", "{pattern}"]\n' + SPEAKER.format("ada"))

        with pytest.raises(LoadError) as caught:
            load(folder)

        (problem,) = caught.value.problems
        assert (problem.code, str(problem.location)) == ("CT105", "r/s.toml:2:17")

    def test_patterns_of_many_stars_take_no_longer(self, monkeypatch):
        asked = []
        monkeypatch.setattr(
            "claimtrack.files.folder.fnmatchcase",
            lambda part, one: asked.append(one) or part == one,
        )

        assert not is_excluded("/".join("a" * 50), ["/".join(["**", "a"] * 50 + ["b"])])
        assert len(asked) <= 51 * 51
