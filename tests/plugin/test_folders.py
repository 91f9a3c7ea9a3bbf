"""Which files are registries, and what that costs a project that has none."""

import gzip
import json
import sys
from pathlib import Path

import pytest

from claimtrack.testing.folders import Folders, Look, look_at

SETTINGS = '[registry]\ntitle = "t"\n'
RECORD = '[[speaker]]\nid = "s"\n'
FACT = '[[fact]]\nid = "f"\nkind = "event"\n'


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.toml", SETTINGS, Look.SETTINGS),
        ("a.toml", f"# words\n {RECORD}\n[ registry ]\n", Look.SETTINGS),
        ("a.toml", RECORD, Look.RECORDS),
        ("a.toml", "[registry]\ndefault = 'crates'\n", Look.NOTHING),
        ("a.toml", "[registry\n", Look.NOTHING),
        ("a.toml", f"{SETTINGS}broken", Look.SETTINGS),
        ("a.toml", "[[package]]\nname = 'x'\n", Look.NOTHING),
        ("pyproject.toml", SETTINGS, Look.NOTHING),
        ("a.ini", SETTINGS, Look.NOTHING),
        ("a.jsonl", '{"type": "registry"}\n', Look.SETTINGS),
        ("a.jsonl", '{"type": "speaker", "id": "s"}\n', Look.RECORDS),
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


@pytest.mark.parametrize("name", ["a.toml", "a.jsonl.gz"])
def test_what_cannot_be_read_holds_nothing(tmp_path, name):
    (tmp_path / "a.jsonl.gz").write_bytes(b"no gzip")

    assert look_at(tmp_path / name) is Look.NOTHING


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
        pytest.param({"a.toml": SETTINGS}, "a.toml", [], "a.toml", id="in the project's folder"),
        pytest.param(
            {"p/a.toml": SETTINGS, "p/pyproject.toml": ""}, "p/a.toml", [], "p/a.toml", id="nested"
        ),
        pytest.param({"r/a.toml": RECORD}, "r/a.toml", [], None, id="without settings"),
        pytest.param({"r/a.toml": RECORD}, "r/a.toml", ["r"], "r", id="folder given"),
        pytest.param({"r/a.toml": RECORD}, "r/a.toml", ["r/a.toml"], "r/a.toml", id="file given"),
        pytest.param({"r/a.toml": RECORD}, "r/a.toml", ["."], None, id="the whole project given"),
        pytest.param({"r/a.toml": ""}, "r/a.toml", ["r"], None, id="nothing in it"),
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


def test_problems_of_a_load_stand_at_the_file_that_has_them(project, run):
    (project.path / "registry" / "claims.toml").write_text('[[claim]]\nid = "::error::x"\n')

    result = run("2020-01-01", "registry")

    told = result.stdout.str()
    assert outcomes(result) == {"errors": 1}
    assert "ERROR collecting registry/claims.toml" in told
    assert "claims.toml:1:1: CT302 claim '::error::x' the key 'speaker' is missing" in told


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

    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")

    assert outcomes(result) == {"passed": 1}
    assert "claimtrack:" not in result.stdout.str()


def test_this_project_collects_none_of_its_broken_registries():
    glob = (Path(__file__).parents[1] / "conftest.py").read_text("utf-8")

    assert '"*.toml"' in glob
    assert "claimtrack" in sys.modules
