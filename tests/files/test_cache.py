"""What is remembered is found by what is in the files, in the program and in the time zones."""

import os
import zoneinfo
from pathlib import Path

import pytest

from claimtrack.files import cache
from claimtrack.files.cache import remember, remembered, seen, zones_now
from claimtrack.files.cache_store import Store

pytestmark = pytest.mark.skipif(not hasattr(os, "getuid"), reason="no cache without user ids")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.toml").write_text("one")
    (tmp_path / "b.toml").write_text("two")
    return tmp_path


def key(folder, version="1"):
    return seen(folder, sorted(folder.glob("*.toml")), version).key


def test_the_same_files_have_the_same_key_wherever_they_lie(folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    for file in folder.iterdir():
        (other / file.name).write_bytes(file.read_bytes())

    assert key(folder) == key(other)


def test_another_byte_name_cut_or_version_is_another_key(folder):
    keys = {key(folder), key(folder, "2")}
    (folder / "a.toml").write_text("One")
    keys.add(key(folder))
    (folder / "a.toml").write_text("on")
    (folder / "b.toml").write_text("etwo")
    keys.add(key(folder))
    (folder / "a.toml").rename(folder / "a2.toml")
    keys.add(key(folder))
    (folder / "c.toml").write_text("")
    keys.add(key(folder))

    assert len(keys) == 6


def test_another_program_is_another_key(folder, monkeypatch):
    before = key(folder)
    monkeypatch.setattr(cache, "_code", lambda: [("engine/audit.py", 1, 2)])

    assert key(folder) != before


def test_all_of_the_program_counts():
    names = {name for name, *_ in cache._code()}

    assert {"/errors.py", "/engine/audit.py", "/report/site/build.py", "/cli/main.py"} <= names
    assert any(name.endswith("tabulate/__init__.py") for name in names)


def test_a_change_and_back_is_seen(folder):
    files = sorted(folder.glob("*.toml"))
    before = seen(folder, files, "1")
    os.utime(files[0], ns=(1, 1))

    after = seen(folder, files, "1")

    assert after.key == before.key
    assert after != before


@pytest.fixture
def rules(tmp_path, monkeypatch):
    file = tmp_path / "zones" / "Europe" / "Moscow"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"as of old")
    monkeypatch.setattr(zoneinfo, "TZPATH", (str(tmp_path / "none"), str(tmp_path / "zones")))
    return file


def test_what_depends_on_a_zone_is_forgotten_with_its_rules(tmp_path, rules):
    store = Store(tmp_path / "store")
    remember("moscow", "text", zones_now(["Europe/Moscow"]), store)
    remember("no zone", "other text", zones_now([]), store)
    assert remembered("moscow", store) == "text"

    rules.write_bytes(b"as of now")

    assert remembered("moscow", store) is None
    assert remembered("no zone", store) == "other text"


@pytest.mark.usefixtures("rules")
def test_what_depends_on_rules_that_cannot_be_told_is_not_kept(tmp_path):
    store = Store(tmp_path / "store")

    remember("paris", "text", zones_now(["Europe/Moscow", "Europe/Paris"]), store)

    assert remembered("paris", store) is None
    assert zones_now(["Europe/Paris"]) is None


def test_the_rules_are_those_that_the_standard_library_reads():
    folders = [Path(folder) for folder in zoneinfo.TZPATH if Path(folder, "Europe/Moscow").exists()]
    if not folders:
        pytest.skip("the system keeps no time zones")
    assert zones_now(["Europe/Moscow"]) is not None
