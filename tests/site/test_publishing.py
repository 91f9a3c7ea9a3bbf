"""A folder is brought up to date as if it had been built anew, and nothing more is written."""

import hashlib
import shutil

import pytest

import claimtrack
from claimtrack.atomic import Folder
from claimtrack.cli.site import LIST, ForeignFolderError, Written, write_site
from claimtrack.report.site.context import Options
from tests.site.registries import DAY, one_of_everything

PAGES = 58
# of the skeptic, who had said nothing on the day before
GONE = (
    "cards/opinion.svg",
    "claims/opinion.html",
    "embed/opinion.html",
    "speakers/skeptic.atom",
    "speakers/skeptic.html",
)


def content(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def touch(file, how):
    """Do to a page what people do: take it away, write into it, or empty it."""
    match how:
        case "remove":
            file.unlink()
        case "edit":
            file.write_bytes(file.read_bytes() + b"<!-- mine -->")
        case "empty":
            file.write_bytes(b"")


@pytest.fixture
def folder(tmp_path):
    """A folder with a site."""
    write_site(one_of_everything().audit(DAY), Options(), tmp_path / "public")
    return tmp_path / "public"


def again(folder, day=DAY):
    return write_site(one_of_everything().audit(day), Options(), folder)


def test_nothing_is_written_where_nothing_changed(folder):
    times = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}

    done = again(folder)

    assert done == Written(0, PAGES, 0)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == times


@pytest.mark.parametrize("how", ["remove", "edit", "empty"])
def test_a_page_that_somebody_touched_is_made_again(folder, how):
    page = folder / "claims" / "by-2019.html"
    before = page.read_bytes()
    touch(page, how)

    done = again(folder)

    assert done[:3] == (1, PAGES - 1, 0)
    assert page.read_bytes() == before


def test_a_page_that_somebody_touched_is_named(folder):
    touch(folder / "claims/by-2019.html", "edit")

    assert again(folder).replaced == ("claims/by-2019.html",)


def test_pages_of_records_that_went_away_are_removed_and_no_others(folder):
    (folder / "mine.html").write_text("mine")
    (folder / "claims" / "mine.html").write_text("mine")

    done = again(folder, "2017-08-01")

    assert done.removed == len(GONE)
    assert not any((folder / name).exists() for name in GONE)
    assert (folder / "mine.html").read_text() == "mine"
    assert (folder / "claims" / "mine.html").read_text() == "mine"


def test_a_page_that_went_away_stays_if_somebody_edited_it(folder):
    page = folder / "claims/opinion.html"
    page.write_text("mine")

    done = again(folder, "2017-08-01")

    assert (done.removed, done.kept) == (len(GONE) - 1, ("claims/opinion.html",))
    assert page.read_text() == "mine"
    assert "opinion" not in (folder / LIST).read_text()


def test_the_list_is_one_that_other_programs_check(folder):
    lines = (folder / LIST).read_text().splitlines()

    assert lines[0].startswith("#")
    listed = dict(reversed(line.split("  ")) for line in lines[1:])
    assert listed == {
        name: hashlib.sha256(text).hexdigest()
        for name, text in content(folder).items()
        if name != LIST
    }


OLD = '{"program": "x", "files": {"index.html": ["a", "b"]}}'
FOREIGN = ["", "[]", OLD, "\xff", "index.html\n"]


@pytest.mark.parametrize("text", FOREIGN)
def test_a_folder_with_something_else_for_a_list_is_foreign(folder, text):
    (folder / LIST).write_bytes(text.encode("latin-1"))
    before = content(folder)

    with pytest.raises(ForeignFolderError):
        again(folder)

    assert content(folder) == before


@pytest.mark.parametrize("name", ["index.html", "notes.txt", ".git", "claims"])
def test_a_folder_of_somebody_else_is_refused_unless_told(tmp_path, name):
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / name).write_text("mine")

    with pytest.raises(ForeignFolderError) as caught:
        again(tmp_path / "public")

    assert str(caught.value) == (
        f"CT910 {str(tmp_path / 'public')!r} holds {name!r}, which claimtrack did not write; "
        "expected an empty folder or one of an earlier site\n"
        "    hint: name another folder, or write into this one with --overwrite"
    )
    assert content(tmp_path / "public") == {name: b"mine"}


def test_who_is_told_writes_over_pages_and_leaves_the_rest(folder, tmp_path):
    public = tmp_path / "theirs"
    (public / "claims").mkdir(parents=True)
    for name in ("index.html", "notes.txt", "claims/mine.html"):
        (public / name).write_text("mine")

    done = write_site(one_of_everything().audit(DAY), Options(), public, overwrite=True)

    assert done == Written(PAGES, 0, 0, ("index.html",))
    others = {"notes.txt": b"mine", "claims/mine.html": b"mine"}
    assert content(public) == content(folder) | others
    assert again(public) == Written(0, PAGES, 0)


def test_a_page_that_somebody_else_made_is_refused_in_a_folder_of_ours_too(folder):
    again(folder, "2017-08-01")
    (folder / "claims/opinion.html").write_text("mine")
    before = content(folder)

    with pytest.raises(ForeignFolderError, match=r"claims/opinion\.html"):
        again(folder)

    assert content(folder) == before


OUTSIDE = ["../outside.html", "{tmp_path}/outside.html", "link/outside.html", "claims/../a.html"]


@pytest.mark.parametrize("name", [*OUTSIDE, "notes.html", "data.json", "claims/sub/a.html", LIST])
def test_a_list_that_names_what_no_site_has_removes_nothing(folder, tmp_path, name):
    """Even with the right digest."""
    outside = [tmp_path / "outside.html", folder / "notes.html", folder / "data.json"]
    for one in outside:
        one.write_text("mine")
    (folder / "link").symlink_to(tmp_path)
    with (folder / LIST).open("a") as file:
        file.write(f"{hashlib.sha256(b'mine').hexdigest()}  {name.format(tmp_path=tmp_path)}\n")

    assert again(folder).removed == 0
    assert {one.read_text() for one in outside} == {"mine"}


@pytest.mark.parametrize("name", ["claims", "speakers", "facts"])
def test_a_folder_of_pages_that_is_a_link_is_not_followed(tmp_path, name):
    public, elsewhere = tmp_path / "public", tmp_path / "elsewhere"
    public.mkdir()
    elsewhere.mkdir()
    (public / name).symlink_to("../elsewhere")

    with pytest.raises(OSError, match="it is a link, which is not followed") as caught:
        write_site(one_of_everything().audit(DAY), Options(), public, overwrite=True)

    assert caught.value.filename == str(public / name)
    assert not list(elsewhere.iterdir())


def test_pages_to_remove_that_lie_behind_a_link_stay(folder, tmp_path):
    (folder / "claims").rename(tmp_path / "elsewhere")
    (folder / "claims").symlink_to(tmp_path / "elsewhere")
    before = content(tmp_path / "elsewhere")
    empty = claimtrack.Registry.of(*one_of_everything().speakers.values())

    done = write_site(empty.audit(DAY), Options(), folder)

    assert done.removed > 0  # those of facts and speakers
    assert content(tmp_path / "elsewhere") == before


def test_a_page_that_is_a_link_is_not_followed(folder, tmp_path):
    (tmp_path / "victim").write_text("precious")
    page = folder / "claims/by-2019.html"
    page.unlink()
    page.symlink_to(tmp_path / "victim")

    with pytest.raises(OSError, match="it is a link"):
        again(folder)

    assert (tmp_path / "victim").read_text() == "precious"


@pytest.mark.parametrize("moves", range(0, PAGES, 3))
def test_a_run_that_is_killed_leaves_nothing_that_the_next_does_not_know(
    tmp_path, monkeypatch, moves
):
    whole, folder = tmp_path / "whole", tmp_path / "public"
    again(whole)
    left = iter(range(moves))
    move = Folder.move

    class KilledError(BaseException):
        """Nothing is tidied up after it."""

    def killed(self, name, to):
        if next(left, None) is None:
            raise KilledError
        move(self, name, to)

    with monkeypatch.context() as patch:
        patch.setattr(Folder, "move", killed)
        patch.setattr(Folder, "remove", lambda *_: None)
        with pytest.raises(KilledError):
            again(folder, "2019-01-01")
    assert not folder.exists() or {*content(folder)} - {*content(whole)}  # it left something

    again(folder)

    assert content(folder) == content(whole)


def test_a_copy_of_a_folder_is_kept_too(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "copy")

    assert again(tmp_path / "copy") == Written(0, PAGES, 0)


def test_a_place_that_cannot_be_written_leaves_no_files_behind(folder):
    page = folder / "claims/by-2019.html"
    page.unlink()
    page.mkdir()

    with pytest.raises(OSError, match="directory") as caught:
        again(folder)

    assert caught.value.filename == str(page)
    assert not [one for one in folder.rglob(".*") if one.name != LIST]
