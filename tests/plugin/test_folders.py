"""Which files are registries, and what that costs a project that has none."""

import gzip
import json
import os
import sys
from pathlib import Path

import pytest

from claimtrack.model.registry import KINDS
from claimtrack.testing import folders
from claimtrack.testing.folders import Folders, Look, look_at

SETTINGS = '[registry]\ntitle = "t"\n'
RECORD = '[[speaker]]\nid = "s"\n'
FACT = '[[fact]]\nid = "f"\nkind = "event"\n'


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.toml", SETTINGS, Look.SETTINGS_ONLY),
        ("a.toml", f"# words\n {RECORD}\n[ registry ]\n", Look.SETTINGS),
        ("a.toml", RECORD, Look.RECORDS),
        ("a.toml", f"\ufeff{SETTINGS}", Look.SETTINGS_ONLY),
        ("a.toml", f"\ufeff\n# words\n\t{SETTINGS}", Look.SETTINGS_ONLY),
        ("a.toml", SETTINGS.replace("\n", "\r\n"), Look.SETTINGS_ONLY),
        ("a.toml", "[registry]\n", Look.SETTINGS_ONLY),
        ("a.toml", "['registry']\ntitle = 't'\n", Look.SETTINGS_ONLY),
        ("a.toml", "[registry.policy]\ngrace = 3\n", Look.SETTINGS_ONLY),
        ("a.toml", "registry.title = 't'\n", Look.SETTINGS_ONLY),
        ("a.toml", "registry = { title = 't' }\n", Look.SETTINGS_ONLY),
        ("a.toml", "[registry]\ntitle = 't'\npolcy = { grace = 3 }\n", Look.SETTINGS_ONLY),
        ("a.toml", "[registry]\npolcy = { grace = 3 }\n", Look.SETTINGS_ONLY),
        ("a.toml", f"[registry]\nzone = 'UTC'\n{RECORD}", Look.SETTINGS),
        ("a.toml", "[registry]\npolcy = { grace = 3 }\nbroken", Look.SETTINGS_ONLY),
        ("a.toml", "[registry]\ndefault = 'crates'\ntimeout = 3\n", Look.DOUBTFUL),
        ("a.toml", "[registry]\ntoken = 'x'\nbroken", Look.DOUBTFUL),
        ("a.toml", f"[registry]\na = {'[' * 3000}{']' * 3000}\n", Look.DOUBTFUL),
        ("a.toml", f"[registry]\na = {'9' * 5000}\n", Look.DOUBTFUL),
        ("a.toml", f'text = """\n{SETTINGS}"""\n', Look.NOTHING),
        ("a.toml", "[install]\nregistry = 'https://example.org'\n", Look.NOTHING),
        ("a.toml", f"[registry]\nx = [\n{SETTINGS}", Look.DOUBTFUL),
        ("a.toml", "[registry\n", Look.NOTHING),
        ("a.toml", f"{SETTINGS}broken", Look.SETTINGS_ONLY),
        ("a.toml", "[[package]]\nname = 'x'\n", Look.NOTHING),
        ("pyproject.toml", SETTINGS, Look.NOTHING),
        ("a.ini", SETTINGS, Look.NOTHING),
        ("a.jsonl", '{"type": "registry"}\n', Look.SETTINGS),
        ("a.jsonl", '{"type": "speaker", "id": "s"}\n', Look.RECORDS),
        ("a.jsonl", '\ufeff\n{"type": "registry"}\n', Look.SETTINGS),
        ("a.jsonl", '{"type": "speaker", "id": "s"}\n{"type": "registry"}\n', Look.SETTINGS),
        ("a.jsonl", '{"type": "registry", "polcy": {}}\n', Look.SETTINGS),
        ("a.jsonl", '{"type": "registry", "url": "x"}\n', Look.DOUBTFUL),
        ("a.jsonl", '{"type": ["registry"]}\n', Look.NOTHING),
        ("a.jsonl", "[" * 9000, Look.NOTHING),
        ("a.jsonl", '{"type": "speaker"}\n', Look.NOTHING),
        ("a.jsonl", '{"a": 1}\n', Look.NOTHING),
        ("a.jsonl", "[1]\n", Look.NOTHING),
        ("a.jsonl", "no json", Look.NOTHING),
    ],
)
def test_a_look_at_a_file_tells_what_it_seems_to_hold(tmp_path, name, text, expected):
    (tmp_path / name).write_text(text, "utf-8")

    assert look_at(tmp_path / name) is expected


def test_packed_lines_are_looked_at_too(tmp_path):
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"type": "registry"}\n'))

    assert look_at(path) is Look.SETTINGS


def damaged():
    content = bytearray(gzip.compress(bytes(range(256)) * 400))
    content[12:14] = bytes(byte ^ 0xFF for byte in content[12:14])
    return bytes(content)


@pytest.fixture(params=["none", "no gzip", "damaged gzip", "cut gzip", "pipe", "device", "huge"])
def unreadable(request, tmp_path, monkeypatch):
    """The path of something that cannot be read as a file of records."""
    path = tmp_path / "a.jsonl.gz"
    if request.param == "no gzip":
        path.write_bytes(b"no gzip")
    elif request.param == "damaged gzip":
        path.write_bytes(damaged())
    elif request.param == "cut gzip":
        path.write_bytes(gzip.compress(b'{"type": "registry"}\n')[:-9])
    elif request.param == "pipe":
        if not hasattr(os, "mkfifo"):
            pytest.skip("the system has no named pipes")
        os.mkfifo(path)
    elif request.param == "device":
        path.symlink_to("/dev/zero")
    elif request.param == "huge":
        path.write_bytes(bytes(100))
        monkeypatch.setattr(folders, "MOST_BYTES", 99)
    return path


def test_what_cannot_be_read_is_not_ours_unless_it_is_named(unreadable):
    assert look_at(unreadable) is Look.UNREADABLE
    assert Folders(unreadable.parent).registry_of(unreadable) is None
    assert Folders(unreadable.parent, [unreadable.parent]).registry_of(unreadable) is None
    assert Folders(unreadable.parent, [unreadable]).registry_of(unreadable) == unreadable


def test_a_header_is_found_wherever_a_block_ends(tmp_path, monkeypatch):
    path = tmp_path / "a.toml"
    for size in (1, 2, 7, 64):
        monkeypatch.setattr(folders, "_BLOCK", size)
        path.write_text(f"# {'words ' * 20}\n{SETTINGS}", "utf-8")
        assert look_at(path) is Look.SETTINGS_ONLY
        path.write_text(f"x = 1\n{RECORD}", "utf-8")
        assert look_at(path) is Look.RECORDS


def test_the_kinds_of_records_are_those_of_the_model():
    assert set(KINDS) == folders.KINDS


def tree(top, **files):
    for name, text in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def found(top, file, *given):
    root = Folders(top, [top / path for path in given]).registry_of(top / file)
    return None if root is None else str(root.relative_to(top))


@pytest.mark.parametrize(
    ("files", "file", "given", "expected"),
    [
        pytest.param({"r/a.toml": SETTINGS}, "r/a.toml", [], "r", id="its folder"),
        pytest.param(
            {"r/a.toml": SETTINGS, "r/s/b.toml": RECORD}, "r/s/b.toml", [], "r", id="below"
        ),
        pytest.param(
            {"r/a.toml": SETTINGS, "r/s/b.toml": SETTINGS}, "r/s/b.toml", [], "r", id="topmost"
        ),
        pytest.param(
            {"r/a.toml": SETTINGS, "r/b.toml": SETTINGS}, "r/b.toml", [], "r/b.toml", id="several"
        ),
        pytest.param(
            {"r/a.toml": SETTINGS, "r/b.toml": SETTINGS, "r/c.toml": RECORD},
            "r/c.toml",
            [],
            None,
            id="beside several",
        ),
        pytest.param(
            {"a.toml": SETTINGS + RECORD, "b/c.toml": RECORD},
            "a.toml",
            [],
            "a.toml",
            id="in the project's folder",
        ),
        pytest.param(
            {"p/a.toml": SETTINGS + RECORD, "p/pyproject.toml": ""},
            "p/a.toml",
            [],
            "p/a.toml",
            id="nested",
        ),
        pytest.param(
            {"p/a.toml": SETTINGS + RECORD, "p/b.toml": RECORD, "p/pyproject.toml": ""},
            "p/a.toml",
            [],
            "p/a.toml",
            id="whole beside records in a project's folder",
        ),
        pytest.param(
            {"a.toml": SETTINGS, "b/c.toml": RECORD}, "b/c.toml", [], ".", id="the whole project"
        ),
        pytest.param(
            {"a.toml": SETTINGS, "pyproject.toml": "", "b.toml": RECORD},
            "b.toml",
            [],
            ".",
            id="the whole project with its pyproject.toml",
        ),
        pytest.param(
            {"a.toml": SETTINGS + RECORD, "b.toml": RECORD},
            "b.toml",
            [],
            ".",
            id="the whole project, in files beside each other",
        ),
        pytest.param(
            {"a.jsonl": '{"type": "registry"}', "b.toml": RECORD},
            "b.toml",
            [],
            ".",
            id="the whole project, with settings in JSON lines",
        ),
        pytest.param({"r/a.toml": RECORD}, "r/a.toml", [], None, id="without settings"),
        pytest.param({"r/a.toml": RECORD}, "r/a.toml", ["r"], "r", id="folder given"),
        pytest.param({"r/a.toml": RECORD}, "r/a.toml", ["r/a.toml"], "r/a.toml", id="file given"),
        pytest.param({"r/a.toml": RECORD}, "r/a.toml", ["."], None, id="the whole project given"),
        pytest.param({"r/a.toml": ""}, "r/a.toml", ["r"], None, id="nothing in it"),
        pytest.param(
            {"r/a.toml": "[registry]\nzone = 1", "r/b.toml": RECORD},
            "r/b.toml",
            [],
            "r",
            id="unknown settings beside records",
        ),
        pytest.param(
            {"r/a.toml": "[registry]\nzone = 1", "r/b.toml": ""},
            "r/a.toml",
            [],
            None,
            id="unknown settings alone",
        ),
        pytest.param(
            {"r/a.toml": SETTINGS, "r/b.toml": RECORD}, "r/b.toml", ["r/b.toml"], "r", id="a part"
        ),
    ],
)
def test_the_registry_of_a_file(tmp_path, files, file, given, expected):
    tree(tmp_path, **files)

    assert found(tmp_path, file, *given) == expected


def outcomes(result):
    return {word: n for word, n in result.parseoutcomes().items() if word != "warnings"}


def test_a_registry_outside_the_project_is_collected_where_it_is_given(run, tmp_path):
    tree(tmp_path / "elsewhere", **{"a.toml": SETTINGS + FACT})

    assert outcomes(run("2020-01-01", str(tmp_path / "elsewhere"))) == {"skipped": 1}


@pytest.mark.parametrize("beside", [SETTINGS + FACT, f"{SETTINGS}broken"], ids=["sound", "broken"])
@pytest.mark.parametrize("named", ["registry", "registry/claims.toml", "test_a.py"])
def test_a_registry_beside_what_is_named_is_not_audited(run, project, beside, named):
    (project.path / "draft.toml").write_text(beside, "utf-8")
    (project.path / "test_a.py").write_text("def test_passes(): pass\n", "utf-8")

    result = run("2020-01-01", named)

    audits = [line for line in result.outlines if "claimtrack audit" in line]
    expected = ["claimtrack audit as of 2020-01-01: registry"] if "registry" in named else []
    assert [line.strip("= ") for line in audits] == expected
    assert "draft" not in result.stdout.str()


def test_a_registry_of_which_nothing_is_collected_is_not_spoken_of(run, project):
    project.makepyfile(test_a="def test_passes(): pass")
    (project.path / "draft.toml").write_text(SETTINGS, "utf-8")

    result = run(None, "test_a.py")

    assert outcomes(result) == {"passed": 1}
    assert "claimtrack:" not in result.stdout.str()


@pytest.fixture
def beside(project):
    """A project with a registry and a test beside it."""
    project.makepyfile(test_a="def test_passes(): pass")
    return project


def test_a_broken_registry_is_one_failing_item_with_all_its_problems(beside, run):
    (beside.path / "registry" / "claims.toml").write_text('[[claim]]\nid = "::error::x"\n')
    (beside.path / "registry" / "more.toml").write_text("broken")

    result = run("2020-01-01")

    told = result.stdout.str()
    assert outcomes(result) == {"failed": 1, "passed": 1}
    assert "FAILED registry/claims.toml::load" in told
    assert "claims.toml:1:1: CT302 claim '::error::x' the key 'speaker' is missing" in told
    assert "more.toml:1:" in told
    for named in ("registry/claims.toml::load", "registry/more.toml", "registry/registry.toml"):
        assert outcomes(run("2020-01-01", named)) == {"failed": 1}


def test_a_slip_in_a_key_of_the_settings_fails_the_run(beside, run):
    path = beside.path / "registry" / "registry.toml"
    path.write_text(path.read_text("utf-8").replace("title =", "polcy = {}\ntitle =", 1), "utf-8")

    result = run("2020-01-01")

    assert outcomes(result) == {"failed": 1, "passed": 1}
    assert "did you mean 'policy'?" in result.stdout.str()


def test_what_is_no_registry_never_stops_a_run(beside, run):
    folder = beside.mkdir("data")
    (folder / "a.jsonl.gz").write_bytes(damaged())
    (folder / "b.toml").write_text(f"[registry]\na = {'[' * 3000}{']' * 3000}\n")
    (folder / "c.jsonl").write_text("{}\n")
    (folder / "z.toml").symlink_to("/dev/zero")
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "d.toml")

    result = run("2020-01-01", ".", "--deselect", "registry")

    assert outcomes(result) == {"passed": 1, "deselected": 9}


def test_a_damaged_file_that_is_named_fails(beside, run):
    (beside.path / "a.jsonl.gz").write_bytes(damaged())

    result = run("2020-01-01", "a.jsonl.gz", "test_a.py")

    assert outcomes(result) == {"failed": 1, "passed": 1}
    assert "is not gzip, or not all of it" in result.stdout.str()


def test_a_byte_order_mark_changes_nothing(project, run):
    path = project.path / "registry" / "registry.toml"
    before = outcomes(run("2021-03-01"))
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert outcomes(run("2021-03-01")) == before


@pytest.mark.slow
def test_in_a_project_without_a_registry_nothing_of_the_library_is_loaded(pytester):
    pytester.makepyfile(
        "import sys\n"
        "def test_nothing_is_loaded():\n"
        "    own = {name for name in sys.modules if name.startswith('claimtrack')}\n"
        "    assert own <= {'claimtrack', 'claimtrack.pytest_plugin', 'claimtrack.testing',\n"
        "        'claimtrack.testing.folders', 'claimtrack.testing.hookspecs',\n"
        "        'claimtrack.strategies', 'claimtrack.strategies.entry'}\n"
        "    assert 'attr' not in sys.modules or 'hypothesis' in sys.modules\n"
    )
    pytester.makefile(".toml", other="[tool]\nx = 1\n")
    (pytester.path / "data.jsonl").write_text(json.dumps({"a": 1}))

    # anyio, which httpx brings, has a plugin of its own that loads attrs.
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:anyio")

    assert outcomes(result) == {"passed": 1}
    assert "claimtrack:" not in result.stdout.str()


def test_this_project_collects_none_of_its_broken_registries():
    glob = (Path(__file__).parents[1] / "conftest.py").read_text("utf-8")

    assert '"*.toml"' in glob
    assert "claimtrack" in sys.modules
