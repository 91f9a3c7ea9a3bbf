"""A folder is brought up to date as if it had been built anew, and nothing more is written."""

import hashlib
import json
import shutil
from datetime import timedelta
from random import Random

import pytest

import claimtrack
from claimtrack import LoadError
from claimtrack.cli.publishing import MANIFEST, Written, write_site
from claimtrack.report.site.contents import Options
from tests.oracle.random_registries import days_that_tell, make
from tests.oracle.toml_writer import to_toml
from tests.site.registries import DAY, one_of_everything
from tests.site.test_inputs import mixed

PAGES = 22


def content(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.slow
def test_a_folder_through_random_edits_is_what_a_new_one_would_be(tmp_path):
    steps = kept = 0
    for seed in range(9):
        worlds = [*mixed(seed), make(seed)]
        folder, chance = tmp_path / f"{seed}", Random(seed)
        for number, world in enumerate(worlds):
            try:
                registry = claimtrack.loads(to_toml(world))
            except LoadError:
                continue
            day = chance.choice(days_that_tell(worlds[0], seed, 4)) + timedelta(days=number)
            # Who loses the manifest loses track of what is no longer part of the site.
            pages = sorted({*content(folder)} - {MANIFEST})
            for name in chance.sample(pages, min(2, len(pages))):
                touch(folder / name, chance)

            done = write_site(registry.audit(day), Options(), folder)

            fresh = tmp_path / f"{seed}-{number}"
            write_site(registry.audit(day), Options(), fresh)
            assert (seed, number, content(folder)) == (seed, number, content(fresh))
            steps += 1
            kept += done.unchanged
    assert steps > 15
    assert kept > steps


def touch(file, chance):
    """Do to a page what people do: take it away, write into it, or empty it."""
    match chance.choice(("remove", "edit", "empty")):
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
    touch(page, type("Chance", (), {"choice": lambda _, __: how})())

    done = again(folder)

    assert done == Written(1, PAGES - 1, 0)
    assert page.read_bytes() == before


def test_pages_of_records_that_went_away_are_removed_and_no_others(folder):
    (folder / "mine.html").write_text("mine")
    (folder / "claims" / "mine.html").write_text("mine")

    done = again(folder, "2017-08-01")

    assert done.removed == 2  # the skeptic had said nothing yet
    assert not (folder / "claims/opinion.html").exists()
    assert (folder / "mine.html").read_text() == "mine"
    assert (folder / "claims" / "mine.html").read_text() == "mine"


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "{", "null", "{}", '{"program": 1, "files": 3}', "[" * 100_000),
        *('{"files": {"index.html": ["a", "b"]}}', '{"program": "x", "files": {"a.html": 1}}'),
        *('{"program": "x", "files": {"a.html": ["a"]}}', "\xff", "index.html\n"),
    ],
)
def test_a_manifest_that_cannot_be_read_lets_everything_be_made(folder, text):
    before = content(folder)
    (folder / MANIFEST).write_bytes(text.encode("latin-1"))

    assert again(folder) == Written(0, PAGES, 0)  # made, and found to be there already
    assert content(folder) == before


def test_without_a_manifest_everything_is_made_and_nothing_removed(folder):
    (folder / MANIFEST).unlink()
    (folder / "claims/by-2019.html").write_text("old")

    done = again(folder, "2017-08-01")

    assert done.removed == 0
    assert (folder / "claims/opinion.html").exists()
    assert "2017" in (folder / "claims/by-2019.html").read_text()


def test_another_version_of_the_program_makes_everything(folder):
    manifest = json.loads((folder / MANIFEST).read_text())
    page = folder / "claims/by-2019.html"
    # As if this page had been made, and listed, by a program that wrote something else.
    page.write_text("of old")
    manifest["files"]["claims/by-2019.html"][1] = hashlib.sha256(b"of old").hexdigest()[:40]
    (folder / MANIFEST).write_text(json.dumps(manifest))
    assert again(folder).written == 0

    manifest["program"] = "older"
    (folder / MANIFEST).write_text(json.dumps(manifest))

    assert again(folder).written == 1
    assert page.read_text() != "of old"


@pytest.mark.parametrize(
    "name", ["../outside.html", "{tmp_path}/outside.html", "link/outside.html"]
)
def test_a_manifest_that_names_files_elsewhere_removes_none(folder, tmp_path, name):
    outside = tmp_path / "outside.html"
    outside.write_text("mine")
    (folder / "link").symlink_to(tmp_path)
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["files"][name.format(tmp_path=tmp_path)] = ["a", "b"]
    (folder / MANIFEST).write_text(json.dumps(manifest))

    assert again(folder).removed == 0
    assert outside.read_text() == "mine"


def test_a_copy_of_a_folder_is_kept_too(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "copy")

    assert again(tmp_path / "copy") == Written(0, PAGES, 0)


def test_a_place_that_cannot_be_written_leaves_no_files_behind(folder):
    page = folder / "claims/by-2019.html"
    page.unlink()
    page.mkdir()

    with pytest.raises(OSError, match="by-2019"):
        again(folder)

    assert not [one for one in folder.rglob(".*") if one.name != MANIFEST]
