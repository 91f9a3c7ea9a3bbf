"""The cache of large registries: what is remembered changes nothing that is printed."""

import contextlib
import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import claimtrack
from claimtrack.cli import audit as audit_command
from claimtrack.cli import bulk, looking, reading
from claimtrack.cli.main import main
from claimtrack.engine.audit import Audit
from claimtrack.engine.evidence import EvidenceIndex
from claimtrack.engine.explain import explain
from claimtrack.files import cache_records
from claimtrack.files.cache import MIN_BYTES, zones_now
from claimtrack.files.cache_records import remember_records, remembered_records, zones_of
from claimtrack.files.cache_store import Store
from claimtrack.report.audit_table import GROUPS
from claimtrack.strategies import registries
from claimtrack.strategies.registries import EARLY, LATE
from tests.oracle.random_registries import make, write
from tests.oracle.toml_writer import to_jsonl

pytestmark = pytest.mark.skipif(not hasattr(os, "getuid"), reason="no cache without user ids")


@pytest.fixture(autouse=True)
def small_registries_count(monkeypatch, tmp_path):
    monkeypatch.setattr(looking, "MIN_BYTES", 0)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("CLAIMTRACK_NO_CACHE", raising=False)


def printed(*command):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main([*map(str, command)])
    return status, out.getvalue(), err.getvalue()


def printed_without_cache(*command):
    with pytest.MonkeyPatch.context() as off:
        off.setenv("CLAIMTRACK_NO_CACHE", "1")
        return printed(*command)


def forget_answers():
    for file in Path(os.environ["XDG_CACHE_HOME"], "claimtrack").glob("*.answer"):
        file.unlink()


@pytest.mark.parametrize("seed", range(6))
def test_what_is_remembered_prints_the_same(tmp_path, seed):
    registry = make(seed)
    write(registry, tmp_path / "registry", seed)
    commands = [["explain", claim["id"]] for claim in registry["claim"]]
    speakers = (["--speaker", "ada"], ["--speaker", "bob", "--counts", "status"])
    formats = ("json", "table", "markdown")
    commands += [["audit", *who, "--format", name] for who in speakers for name in formats]
    commands = [[*command, tmp_path / "registry", "--as-of", "2019-10-20"] for command in commands]

    plain = [printed_without_cache(*command) for command in commands]
    first = [printed(*command) for command in commands]
    answered = [printed(*command) for command in commands]
    forget_answers()
    from_parts = [printed(*command) for command in commands]

    assert first == plain
    assert answered == plain
    assert from_parts == plain
    assert list((tmp_path / "cache" / "claimtrack").glob("*.registry"))


FORMATS = st.sampled_from(["table", "json", "markdown", "csv", "html"])
DAYS = st.dates(EARLY, LATE)


@st.composite
def questions(draw, registry):
    day = ["--as-of", draw(DAYS), "--known-by", draw(st.sampled_from(["published", "recorded"]))]
    if draw(st.booleans()):
        return ["explain", draw(st.sampled_from([*registry.claims, "no-such-claim"])), *day]
    ids = st.sampled_from([*registry.speakers, "nobody"])
    speakers = draw(st.lists(ids, min_size=1, max_size=2))
    asked = [part for id_ in speakers for part in ("--speaker", id_)]
    by = draw(st.sampled_from([[], ["--by", "topic"], ["--counts", "speaker"]]))
    return ["audit", *asked, *by, "--format", draw(FORMATS), *day]


class TestNeverWrong:
    """Whatever was asked and remembered before, and however the files were edited in between."""

    @settings(max_examples=max(settings().max_examples // 5, 5))
    @given(st.data(), st.lists(registries(max_claims=3, max_evidence=6), min_size=2, max_size=2))
    def test_an_answer_is_that_of_the_files_as_they_are(self, data, drawn):
        texts = [claimtrack.dumps(registry, "jsonl") for registry in drawn]
        with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_CACHE_HOME", folder)
            file = Path(folder, "registry.jsonl")
            for _ in range(3):  # so that files come back that were asked about before
                at = data.draw(st.integers(0, len(drawn) - 1))
                file.write_text(texts[at], encoding="utf-8")
                os.utime(file, ns=(1, 1))
                question = data.draw(questions(drawn[at]))
                expected = printed_without_cache(*question, file)
                assert printed(*question, file) == expected
                assert printed(*question, file) == expected

    @settings(max_examples=max(settings().max_examples // 3, 10))
    @given(st.data(), registries())
    def test_a_part_gives_the_verdicts_of_the_whole(self, data, registry):
        with tempfile.TemporaryDirectory() as folder:
            store = Store(Path(folder))
            remember_records(registry, "key", {}, store)
            chosen = data.draw(st.lists(st.sampled_from([*registry.claims]), unique=True))
            part = remembered_records("key", store).part(chosen)
        day = data.draw(DAYS)
        whole = registry.audit(day)
        some = Audit(EvidenceIndex(part), day.toordinal())

        assert set(chosen) <= set(part.claims)
        assert part.settings == registry.settings
        for id_ in chosen:
            assert (id_ in some) == (id_ in whole)
            if id_ in whole:
                assert some[id_] == whole[id_]
                assert explain(some, id_) == registry.explain(id_, day)


@pytest.fixture
def registry(tmp_path):
    path = tmp_path / "registry.jsonl"
    path.write_text(to_jsonl(make(3)), encoding="utf-8")
    return path


COMMANDS = (["explain", "claim-1"], ["audit", "--speaker", "ada"])


@pytest.mark.parametrize("command", COMMANDS)
def test_a_second_look_does_not_load_the_registry(registry, monkeypatch, command):
    command = [*command, registry, "--as-of", "2019-10-20"]
    first = printed(*command)

    monkeypatch.setattr(reading, "registry_at", None)

    assert printed(*command) == first
    forget_answers()
    assert printed(*command) == first


def test_the_same_question_is_not_worked_out_again(registry, monkeypatch):
    command = ["explain", "claim-1", registry, "--as-of", "2019-10-20"]
    first = printed(*command)

    monkeypatch.setattr(cache_records.Remembered, "__init__", None)

    assert printed(*command) == first


@pytest.mark.parametrize("command", COMMANDS)
def test_the_same_question_imports_no_engine(tmp_path, command):
    write(make(3), tmp_path / "registry", 3)
    (tmp_path / "registry" / "large.toml").write_text(f"# {'x' * 70}\n" * (MIN_BYTES // 72))
    whole = [sys.executable, "-X", "importtime", "-m", "claimtrack", *command]
    whole += [str(tmp_path / "registry"), "--as-of", "2019-10-20"]

    first, second = (
        subprocess.run(whole, check=True, capture_output=True, text=True) for _ in range(2)
    )

    assert second.stdout == first.stdout
    rooms = ("engine", "registry", "files.load", "report.table")
    assert all(f"claimtrack.{room}" in first.stderr for room in rooms)
    assert not any(f"claimtrack.{room}" in second.stderr for room in rooms[:3])
    assert "tabulate" not in second.stderr


def test_an_answer_is_one_to_its_width_and_colour(registry, monkeypatch):
    command = ["audit", "--speaker", "ada", registry, "--as-of", "2019-10-20"]
    found = set()
    for _ in range(2):
        for columns in ("60", "120"):
            for colour in ("always", "never"):
                monkeypatch.setenv("COLUMNS", columns)
                found.add(printed(*command, "--colour", colour))

    assert len(found) == 4


def test_files_get_what_the_terminal_does_not(registry, tmp_path):
    command = ["audit", "--speaker", "ada", registry, "--as-of", "2019-10-20", "--colour", "always"]
    targets = ["-o", "-", "-o", tmp_path / "audit.md", "-o", tmp_path / "audit.txt"]
    plain = printed_without_cache(*command, *targets)
    texts = [(tmp_path / name).read_text() for name in ("audit.md", "audit.txt")]

    for _ in range(2):
        assert printed(*command, *targets) == plain
        assert [(tmp_path / name).read_text() for name in ("audit.md", "audit.txt")] == texts


def test_a_change_of_a_byte_is_seen(registry):
    command = ["explain", "claim-1", registry, "--as-of", "2019-10-20"]
    printed(*command)
    told = registry.stat()

    registry.write_text(registry.read_text().replace("come true", "come TRUE"))
    os.utime(registry, ns=(told.st_atime_ns, told.st_mtime_ns))

    assert "come TRUE" in printed(*command)[1]


def test_a_file_that_changes_while_it_is_read_is_not_remembered(registry, monkeypatch):
    load = reading.registry_at

    def changing(path):
        loaded = load(path)
        registry.write_text(registry.read_text() + "\n")
        return loaded

    monkeypatch.setattr(reading, "registry_at", changing)
    printed("explain", "claim-1", registry, "--as-of", "2019-10-20")

    assert not (registry.parent / "cache").exists()


def test_a_claim_that_is_not_there_is_told_as_ever(registry):
    printed("explain", "claim-1", registry, "--as-of", "2019-10-20")

    for _ in range(2):
        status, _, err = printed("explain", "claim-x", registry, "--as-of", "2019-10-20")
        assert status == 2
        assert err.startswith("CT402 claim 'claim-x' is not in this registry; did you mean 'claim-")


@pytest.mark.parametrize("content", [b"", b"\0" * 7, b"\0" * 200, b"\xff" * 200])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_damaged_file_is_as_if_it_were_not_there(registry, command, content):
    command = [*command, registry, "--as-of", "2019-10-20"]
    first = printed(*command)
    store = registry.parent / "cache" / "claimtrack"
    whole = {file.name: file.read_bytes() for file in store.iterdir()}
    for file in store.iterdir():
        file.write_bytes(content)

    assert printed(*command) == first
    assert {file.name: file.read_bytes() for file in store.iterdir()} == whole


def test_checks_are_asked_each_time(registry, tmp_path):
    checks = tmp_path / "mine.py"
    checks.write_text("def pytest_claimtrack_registry(registry):\n    print('asked')\n")
    command = ["explain", "claim-1", registry, "--as-of", "2019-10-20", "--checks", checks]

    assert [printed(*command)[1].count("asked") for _ in range(2)] == [1, 1]
    assert not (tmp_path / "cache").exists()


def test_the_cache_can_be_switched_off(registry):
    printed_without_cache("explain", "claim-1", registry, "--as-of", "2019-10-20")

    assert not (registry.parent / "cache").exists()


def test_linked_claims_of_any_number_are_found(tmp_path):
    claims = [
        f'{{"type": "claim", "id": "c{n}", "speaker": "ada", "said": "2019-01-01", "source": "s", '
        f'"quote": "So.", "not_checkable": "An opinion.", "repeats": ["c{n + 1}"]}}'
        for n in range(3000)
    ]
    last = claims[-1].replace(', "repeats": ["c3000"]', "")
    registry = claimtrack.loads(
        "\n".join(
            [
                '{"type": "speaker", "id": "ada", "name": "Ada"}',
                '{"type": "source", "id": "s", "title": "T"}',
                *claims[:-1],
                last,
            ]
        ),
        "registry.jsonl",
    )
    store = Store(tmp_path)
    remember_records(registry, "key", zones_now(zones_of(registry)), store)

    assert len(remembered_records("key", store).part(["c0"]).claims) == 3000


def test_what_is_written_twice_for_speed_is_the_same():
    assert tuple(GROUPS) == audit_command.GROUPS
    assert audit_command.ENGINES == bulk.ENGINES
