"""The cache of large registries: what is remembered changes nothing that is printed."""

import os
import pickle

import pytest

import claimtrack
from claimtrack.cli import looking
from claimtrack.cli.main import main
from claimtrack.files import cache
from claimtrack.files.cache_store import Store, store_of
from tests.oracle.random_registries import make, write
from tests.oracle.toml_writer import to_jsonl

pytestmark = pytest.mark.skipif(not hasattr(os, "getuid"), reason="no cache without user ids")


@pytest.fixture(autouse=True)
def small_registries_count(monkeypatch, tmp_path):
    monkeypatch.setattr(looking, "MIN_BYTES", 0)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("CLAIMTRACK_NO_CACHE", raising=False)


def printed(capsys, *command):
    status = main([*map(str, command)])
    return status, *capsys.readouterr()


@pytest.mark.parametrize("seed", range(12))
def test_what_is_remembered_prints_the_same(tmp_path, capsys, monkeypatch, seed):
    registry = make(seed)
    write(registry, tmp_path / "registry", seed)
    commands = [["explain", claim["id"]] for claim in registry["claim"]]
    speakers = (["--speaker", "ada"], ["--speaker", "bob", "--counts", "status"])
    formats = ("json", "table", "markdown")
    commands += [["audit", *who, "--format", name] for who in speakers for name in formats]
    commands = [[*command, tmp_path / "registry", "--as-of", "2019-10-20"] for command in commands]

    with monkeypatch.context() as off:
        off.setenv("CLAIMTRACK_NO_CACHE", "1")
        plain = [printed(capsys, *command) for command in commands]
    first = [printed(capsys, *command) for command in commands]
    second = [printed(capsys, *command) for command in commands]

    assert first == plain
    assert second == plain
    assert list((tmp_path / "cache" / "claimtrack").glob("*.registry"))


@pytest.fixture
def registry(tmp_path):
    path = tmp_path / "registry.jsonl"
    path.write_text(to_jsonl(make(3)), encoding="utf-8")
    return path


def test_a_second_look_does_not_load_the_registry(registry, capsys, monkeypatch):
    command = ["explain", "claim-1", registry, "--as-of", "2019-10-20"]
    first = printed(capsys, *command)

    monkeypatch.setattr(looking, "registry_at", None)

    assert printed(capsys, *command) == first


def test_a_change_of_a_byte_is_seen(registry, capsys):
    command = ["explain", "claim-1", registry, "--as-of", "2019-10-20"]
    printed(capsys, *command)
    told = registry.stat()

    registry.write_text(registry.read_text().replace("come true", "come TRUE"))
    os.utime(registry, ns=(told.st_atime_ns, told.st_mtime_ns))

    assert "come TRUE" in printed(capsys, *command)[1]


def test_a_file_that_changes_while_it_is_read_is_not_remembered(registry, capsys, monkeypatch):
    load = looking.registry_at

    def changing(path):
        loaded = load(path)
        registry.write_text(registry.read_text() + "\n")
        return loaded

    monkeypatch.setattr(looking, "registry_at", changing)
    printed(capsys, "explain", "claim-1", registry, "--as-of", "2019-10-20")

    assert not (registry.parent / "cache").exists()


def test_a_claim_that_is_not_there_is_told_as_ever(registry, capsys):
    printed(capsys, "explain", "claim-1", registry, "--as-of", "2019-10-20")

    status, _, err = printed(capsys, "explain", "claim-x", registry, "--as-of", "2019-10-20")

    assert status == 2
    assert err.startswith("CT402 claim 'claim-x' is not in this registry; did you mean 'claim-")


@pytest.mark.parametrize("content", [b"", b"\0" * 7, b"\0" * 200, b"\xff" * 200])
def test_a_damaged_file_is_as_if_it_were_not_there(registry, capsys, content):
    command = ["explain", "claim-1", registry, "--as-of", "2019-10-20"]
    first = printed(capsys, *command)
    for file in (registry.parent / "cache" / "claimtrack").iterdir():
        file.write_bytes(content)

    assert printed(capsys, *command) == first


def test_only_records_are_made_from_what_is_read():
    evil = pickle.dumps(os.getcwd)

    with pytest.raises(pickle.UnpicklingError, match="is not part of a record"):
        cache._loaded(evil)


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "store")
    store.put("a", b"content")
    return store


def test_what_is_put_is_got_and_nobody_else_may_look(store):
    assert store.get("a") == b"content"
    assert store.folder.stat().st_mode & 0o777 == 0o700
    assert (store.folder / "a").stat().st_mode & 0o777 == 0o600


def test_a_folder_that_others_may_write_is_not_trusted(store):
    store.folder.chmod(0o777)

    assert store.get("a") is None
    store.put("b", b"more")
    assert not (store.folder / "b").exists()


def test_a_file_that_others_may_write_is_not_trusted(store):
    (store.folder / "a").chmod(0o666)

    assert store.get("a") is None


def test_a_link_is_not_followed(store, tmp_path):
    (store.folder / "a").rename(tmp_path / "elsewhere")
    (store.folder / "a").symlink_to(tmp_path / "elsewhere")

    assert store.get("a") is None

    store.folder.rename(tmp_path / "moved")
    store.folder.symlink_to(tmp_path / "moved")
    assert store.get("a") is None


def test_what_was_used_longest_ago_makes_room(store, monkeypatch):
    monkeypatch.setattr("claimtrack.files.cache_store.MAX_BYTES", 20)
    os.utime(store.folder / "a", (1, 1))
    store.put("b", b"0123456789")
    os.utime(store.folder / "b", (2, 2))

    store.put("c", b"0123456789")

    assert store.get("a") is None
    assert store.get("b") == b"0123456789"
    assert store.get("c") == b"0123456789"


def test_the_store_is_where_the_user_keeps_caches_or_nowhere():
    assert store_of({"CLAIMTRACK_NO_CACHE": "1", "HOME": "/home/ada"}) is None
    assert store_of({"XDG_CACHE_HOME": "here", "HOME": ""}) is None
    assert str(store_of({"HOME": "/home/ada"}).folder) == "/home/ada/.cache/claimtrack"
    assert str(store_of({"XDG_CACHE_HOME": "/var/ada"}).folder) == "/var/ada/claimtrack"


def test_a_part_holds_what_bears_on_its_claims(registry, tmp_path):
    whole = claimtrack.load(registry)
    store = Store(tmp_path / "store")
    cache.remember(whole, "key", store)

    part = cache.remembered("key", store).part(["claim-1"])

    assert "claim-1" in part.claims
    assert set(part.evidence) <= set(whole.evidence)
    assert part.settings == whole.settings
    assert part.audit("2019-10-20")["claim-1"] == whole.audit("2019-10-20")["claim-1"]
