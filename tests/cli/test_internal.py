"""What is `internal` stands in the registry's own files, and in no output of any command."""

import shlex
from pathlib import Path

import attrs
import pytest

from claimtrack import Settings, load
from claimtrack.cli.main import main
from claimtrack.model.claim import Reading
from claimtrack.model.registry import KINDS

MARKER = "XQMARKERX"

REGISTRY = """
[registry]
title = "Pipelines"
internal = "XQMARKERX"
[[speaker]]
id = "miller"
internal = "XQMARKERX"
roles = [{ title = "Head", since = "2012" }]
[[source]]
id = "wire"
published = 2019-12-02
tier = "wire"
internal = "XQMARKERX"
[[fact]]
id = "gas"
kind = "event"
requires = 3
internal = "XQMARKERX"
[[evidence]]
id = "gas-wire"
fact = "gas"
source = "wire"
happened = 2019-12-02
internal = "XQMARKERX"
[[evidence]]
id = "judged"
claim = "by-2018"
stance = "refutes"
source = "wire"
internal = "XQMARKERX"
[[claim]]
id = "by-2018"
speaker = "miller"
said = 2017-07-04
source = "wire"
quote = "by the end of 2018"
criterion = { event = "gas", by = 2018-12-31 }
status = "held"
internal = "XQMARKERX"
[[claim.reading]]
name = "later"
criterion = { event = "gas", by = 2019-12-31 }
internal = "XQMARKERX"
[[claim]]
id = "soon"
speaker = "miller"
said = 2017-07-04
source = "wire"
quote = "some day"
criterion = { event = "rail", by = 2031-12-31 }
contradicts = ["by-2018"]
review_by = 2030-01-01
internal = "XQMARKERX"
[[fact]]
id = "rail"
kind = "event"
internal = "XQMARKERX"
[[forecast]]
id = "f"
by = "miller"
claim = "by-2018"
made = 2018-01-01
probability = 0.7
internal = "XQMARKERX"
[[assessment]]
id = "rated"
claim = "by-2018"
by = "PolitiFact"
scale = "truth-o-meter"
rating = "False"
published = 2019-01-02
internal = "XQMARKERX"
[[assessment]]
id = "rated-2"
claim = "by-2018"
by = "Own"
scale = "own"
rating = "Bad"
published = 2019-01-02
internal = "XQMARKERX"
[[scale]]
id = "own"
label = [{ name = "Good", says = "supports" }, { name = "Bad", says = "refutes" }]
internal = "XQMARKERX"
[[search]]
id = "looked"
claim = "soon"
searched = 2020-01-01
where = "everywhere"
internal = "XQMARKERX"
[[selection]]
id = "all"
rule = "all"
internal = "XQMARKERX"
"""
AFTER = REGISTRY.replace(MARKER, MARKER[::-1]).replace("by = 2019-12-31", "by = 2019-11-30")
MARKERS = (MARKER, MARKER[::-1])

FORMATS = ("table", "markdown", "html", "csv", "tsv", "json", "jsonl", "latex", "rst")

COMMANDS = (
    *(f"audit r --quotes --format {form}" for form in FORMATS),
    "audit r --by speaker -o out/audit.html -o out/audit.rst -o out/audit.md",
    "audit r --counts topic",
    *(f"check r --no-git --format {form}" for form in ("text", "github", "junit", "sarif", "json")),
    *(f"explain by-2018 r --format {form}" for form in ("table", "json")),
    "explain soon r",
    *(f"history r --format {form}" for form in ("table", "json", "csv")),
    "history by-2018 r",
    *(f"diff r after --as-of 2020-01-01 --format {form}" for form in ("table", "json", "csv")),
    "diff r --as-of 2018-01-01 --as-of 2020-01-01",
    *(f"due r --within 9999 --format {form}" for form in ("table", "json", "csv")),
    "due r --within 9999 --ics out/due.ics",
    *(f"facts r --format {form}" for form in ("table", "json", "csv")),
    *(f"score r {what} --no-interval" for what in ("", "--forecasts", "--assessments")),
    "score r --forecasts --no-interval --format json",
    "rate r --policy truth-o-meter --format json",
    *(f"export r --to {form} -o out/{form}.json --ledger out/{form}.csv"
      for form in ("averitec", "claimreview", "metaculus")),
    "badge r -o out/badge.svg -o out/badge.json",
    "site r -o out/site",
)  # fmt: skip


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in {"r": REGISTRY, "after": AFTER}.items():
        Path(name).mkdir()
        Path(name, "registry.toml").write_text(text, encoding="utf-8")
    Path("out").mkdir()
    return tmp_path


def written(folder):
    return {
        str(file): file.read_bytes().decode("utf-8", "replace")
        for file in Path(folder).rglob("*")
        if file.is_file()
    }


def test_the_registry_has_it_on_every_kind_of_record(here):
    registry = load("r")

    assert {
        kind for kind, cls in KINDS.items() if "internal" not in attrs.fields_dict(cls)
    } == set()
    assert {cls for cls in (Settings, Reading) if "internal" not in attrs.fields_dict(cls)} == set()
    assert registry.settings.internal == MARKER
    assert {
        (record_map.kind, id_)
        for record_map in registry.record_maps()
        for id_, record in record_map.items()
        if record.internal != MARKER
    } == set()


@pytest.mark.parametrize("line", COMMANDS)
def test_no_command_prints_or_writes_it(here, line, capfd):
    status = main(shlex.split(line))

    printed = "".join(capfd.readouterr())
    assert status in {0, 1}, printed
    assert printed or written("out")
    for text in (printed, *written("out").values(), *written("out")):
        assert not any(marker in text for marker in MARKERS)


def test_pytest_does_not_print_it(here, pytester):
    for name, text in {"registry.toml": REGISTRY}.items():
        folder = pytester.path / "claims"
        folder.mkdir()
        (folder / name).write_text(text, encoding="utf-8")
    pytester.makeini("[pytest]\nclaimtrack_paths = claims\n")
    pytester.makeconftest(
        """
        def pytest_claimtrack_registry(registry):
            def check(claim, reports):
                assert claim.quote == "x" and reports == (), (claim, reports)
            return {"by-2018": check}
        """
    )

    result = pytester.runpytest_subprocess("-rA", "-vv", "--showlocals", "--junitxml=out.xml")

    told = "\n".join((*result.outlines, *result.errlines, (pytester.path / "out.xml").read_text()))
    assert "by-2018" in told
    assert MARKER not in told


def test_records_do_not_show_it_as_text(here):
    registry = load("r")

    assert MARKER not in repr([*registry.record_maps(), registry.settings])
    assert MARKER not in "".join(
        repr(record) for record_map in registry.record_maps() for record in record_map.values()
    )


@pytest.mark.parametrize(
    "value",
    ["['XQMARKERX']", "{ XQMARKERX = 1 }", '"XQMARKERX', "XQMARKERX", "'' # XQMARKERX"],
)
def test_no_error_quotes_it(here, value, capfd):
    broken = REGISTRY.replace('internal = "XQMARKERX"', f"internal = {value}", 2)
    Path("r", "registry.toml").write_text(broken.replace('"XQMARKERX"', '"x"'), encoding="utf-8")

    for command in ("audit", "check", "check --format github"):
        assert main([*command.split(), "r"]) == 3

        assert MARKER not in "".join(capfd.readouterr())


@pytest.mark.parametrize("form", ["toml", "jsonl", "parquet"])
def test_a_converted_registry_keeps_it(here, form):
    if form == "parquet":
        pytest.importorskip("ibis")

    assert main(["convert", "r", "new", "--to", form]) == 0

    if form == "parquet":
        assert main(["convert", "new", "back", "--to", "toml"]) == 0
    assert load("back" if form == "parquet" else "new") == load("r")
