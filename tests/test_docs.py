"""What the documentation shows is so: its examples run, its tables are what the code says."""

import doctest
import importlib
import importlib.util
import pkgutil
import re
import shlex
import shutil
from pathlib import Path

import attrs
import pytest

import claimtrack
from claimtrack.cli.main import main
from claimtrack.model.claim import Claim, Reading, Signature
from claimtrack.model.evidence import Evidence
from claimtrack.model.fact import Fact
from claimtrack.model.fields import key_of
from claimtrack.model.forecast import Assessment, Forecast
from claimtrack.model.registry import Policy, Settings
from claimtrack.model.silence import Silence
from claimtrack.model.source import Snapshot, Source
from claimtrack.model.speaker import Role, Speaker

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
COMMANDS_RUN = "% commands are run"
"""A page with this line has its files written, and its `claimtrack` commands run and compared."""

FENCED = re.compile(
    r"^(?P<fence>```+)(?P<info>[^\n`]*)\n(?P<text>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL
)
CAPTION = re.compile(r":caption: (.+)\n\n?")


def blocks(page: Path) -> list[tuple[str, str]]:
    """Return the fenced blocks of *page*: language or directive, and text."""
    found = FENCED.finditer(page.read_text(encoding="utf-8"))
    return [(block["info"].strip(), block["text"]) for block in found]


def page_id(page: Path) -> str:
    return str(page.relative_to(ROOT))


def run_doctest(text: str, names: dict[str, object], name: str) -> None:
    test = doctest.DocTestParser().get_doctest(text, names, name, name, 0)
    report: list[str] = []
    doctest.DocTestRunner(optionflags=FLAGS).run(test, out=report.append, clear_globs=False)
    assert not report, "".join(report)
    names.update(test.globs)


@pytest.fixture
def in_a_copy(tmp_path, monkeypatch):
    """Stand in a folder of one's own, beside a copy of the examples."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def modules() -> list[str]:
    found = pkgutil.walk_packages(claimtrack.__path__, "claimtrack.")
    return [module.name for module in found if not module.name.endswith("__main__")]


@pytest.mark.parametrize("name", modules())
def test_the_examples_in_docstrings_run(name):
    result = doctest.testmod(importlib.import_module(name), optionflags=FLAGS)

    assert result.failed == 0


@pytest.mark.usefixtures("in_a_copy")
@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_the_python_on_a_page_runs(page):
    names: dict[str, object] = {}
    for language, text in blocks(page):
        if language == "pycon":
            run_doctest(text, names, page_id(page))
        elif language == "python":
            exec(compile(text, page_id(page), "exec"), names)  # noqa: S102 - our own page


def sessions(text: str) -> list[tuple[list[str], str]]:
    """Return the commands of a console block, and what is printed after each."""
    found = re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", text, re.MULTILINE)
    return [(shlex.split(command), printed) for command, printed in found]


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_the_commands_on_a_page_print_what_it_says(page, in_a_copy, capsys, monkeypatch):
    if COMMANDS_RUN not in page.read_text(encoding="utf-8").splitlines():
        return
    monkeypatch.setenv("COLUMNS", "100")
    for language, text in blocks(page):
        caption = CAPTION.match(text)
        if language.startswith("{code-block}") and caption:
            path = in_a_copy / caption[1]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text[caption.end() :], encoding="utf-8")
        elif language == "console":
            for command, printed in sessions(text):
                assert command[0] == "claimtrack"
                main(command[1:])
                out, err = capsys.readouterr()
                got = "".join(f"{line.rstrip()}\n" for line in (out + err).splitlines())
                assert doctest.OutputChecker().check_output(printed, got, FLAGS), got


def load_tables():
    spec = importlib.util.spec_from_file_location("tables", ROOT / "docs" / "tables.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_the_tables_on_a_page_are_what_the_code_says(page, monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "100")
    text = page.read_text(encoding="utf-8")

    assert load_tables().written(text) == text, "run: make tables"


def test_every_generated_table_stands_on_a_page():
    tables = load_tables()

    named = {
        block["name"]
        for page in PAGES
        for block in tables.BLOCK.finditer(page.read_text(encoding="utf-8"))
    }

    assert named == set(tables.TABLES)


@pytest.mark.parametrize(
    ("heading", "records"),
    [
        pytest.param("`[registry]`", (Settings, Policy), id="registry"),
        pytest.param("`[[speaker]]`", (Speaker, Role), id="speaker"),
        pytest.param("`[[source]]`", (Source, Snapshot), id="source"),
        pytest.param("`[[fact]]`", (Fact,), id="fact"),
        pytest.param("`[[evidence]]`", (Evidence,), id="evidence"),
        pytest.param("`[[claim]]`", (Claim, Reading, Signature), id="claim"),
        pytest.param("`[[forecast]]`", (Forecast,), id="forecast"),
        pytest.param("`[[assessment]]`", (Assessment,), id="assessment"),
        pytest.param("Every record", (Silence,), id="every record"),
    ],
)
def test_the_page_on_the_file_format_names_every_key(heading, records):
    page = (ROOT / "docs/reference/file-format.md").read_text(encoding="utf-8")
    section = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]

    named = set(re.findall(r"`(\w+)`", section)) | {"reading", "silenced"}

    assert {key_of(field) for record in records for field in attrs.fields(record)} <= named


def test_the_registry_on_the_page_on_the_file_format_loads(tmp_path):
    page = ROOT / "docs/reference/file-format.md"
    whole = next(text for language, text in blocks(page) if text.startswith("[registry]"))
    path = tmp_path / "registry.toml"
    path.write_text(whole, encoding="utf-8")

    registry = claimtrack.load(path)

    assert registry.audit(as_of="2019-12-02")["siberia-pipeline-by-end-2019"].status == "held"
