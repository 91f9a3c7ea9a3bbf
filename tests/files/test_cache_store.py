"""The folder of what can be made again: only what is whole, and the user's own, is read."""

import os

import pytest

from claimtrack.files.cache_store import Store, store_of

pytestmark = pytest.mark.skipif(not hasattr(os, "getuid"), reason="no cache without user ids")


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "store")
    store.put("a", b"content")
    return store


def test_what_is_put_is_got_and_nobody_else_may_look(store):
    assert store.get("a") == b"content"
    assert store.folder.stat().st_mode & 0o777 == 0o700
    assert (store.folder / "a").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in store.folder.iterdir()] == ["a"]


def test_a_folder_that_others_may_write_is_not_trusted(store):
    store.folder.chmod(0o777)

    assert store.get("a") is None
    store.put("b", b"more")
    assert not (store.folder / "b").exists()


def test_a_file_that_others_may_write_is_not_trusted(store):
    (store.folder / "a").chmod(0o666)

    assert store.get("a") is None


def test_what_belongs_to_somebody_else_is_not_trusted(store, monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: store.folder.lstat().st_uid + 1)

    assert store.get("a") is None
    store.put("b", b"more")
    assert not (store.folder / "b").exists()


def test_a_link_is_not_followed(store, tmp_path):
    (store.folder / "a").rename(tmp_path / "elsewhere")
    (store.folder / "a").symlink_to(tmp_path / "elsewhere")

    assert store.get("a") is None

    store.folder.rename(tmp_path / "moved")
    store.folder.symlink_to(tmp_path / "moved")
    assert store.get("a") is None


@pytest.mark.parametrize("length", range(len(b"content") + 32))
def test_a_file_that_was_cut_short_is_not_read(store, length):
    whole = (store.folder / "a").read_bytes()
    (store.folder / "a").write_bytes(whole[:length])

    assert store.get("a") is None


@pytest.mark.parametrize("place", range(len(b"content") + 32))
def test_a_file_in_which_a_bit_was_turned_is_not_read(store, place):
    content = bytearray((store.folder / "a").read_bytes())
    content[place] ^= 1
    (store.folder / "a").write_bytes(content)

    assert store.get("a") is None


def test_what_cannot_be_read_is_written_anew(store):
    (store.folder / "a").write_bytes(b"of another program")

    store.put("a", b"content")

    assert store.get("a") == b"content"


def test_what_was_used_longest_ago_makes_room(store, monkeypatch):
    monkeypatch.setattr("claimtrack.files.cache_store.MAX_BYTES", 100)
    os.utime(store.folder / "a", (1, 1))
    store.put("b", b"0123456789")
    os.utime(store.folder / "b", (2, 2))

    store.put("c", b"0123456789")

    assert store.get("a") is None
    assert store.get("b") == b"0123456789"
    assert store.get("c") == b"0123456789"


def test_no_more_files_are_kept_than_may_be(store, monkeypatch):
    monkeypatch.setattr("claimtrack.files.cache_store.MAX_FILES", 2)
    os.utime(store.folder / "a", (1, 1))
    store.put("b", b"b")
    os.utime(store.folder / "b", (2, 2))

    store.put("c", b"c")

    assert sorted(file.name for file in store.folder.iterdir()) == ["b", "c"]


def test_a_folder_that_cannot_be_made_is_done_without(tmp_path):
    (tmp_path / "file").write_text("")
    store = Store(tmp_path / "file" / "store")

    store.put("a", b"content")

    assert store.get("a") is None


def test_the_store_is_where_the_user_keeps_caches_or_nowhere():
    assert store_of({"CLAIMTRACK_NO_CACHE": "1", "HOME": "/home/ada"}) is None
    assert store_of({"XDG_CACHE_HOME": "here", "HOME": ""}) is None
    assert str(store_of({"HOME": "/home/ada"}).folder) == "/home/ada/.cache/claimtrack"
    assert str(store_of({"XDG_CACHE_HOME": "/var/ada"}).folder) == "/var/ada/claimtrack"
