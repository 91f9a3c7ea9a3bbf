"""What the documentation shows is so: its examples run, its tables are what the code says."""

import ast
import doctest
import importlib
import importlib.util
import io
import pkgutil
import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path

import attrs
import click
import pytest
import yaml

import claimtrack
from claimtrack.cli.main import claimtrack as command_line
from claimtrack.cli.main import main
from claimtrack.errors import CODES
from claimtrack.lint.codes import FINDING_CODES
from claimtrack.model.claim import Claim, Reading, Signature
from claimtrack.model.fields import key_of
from claimtrack.model.records import (
    Assessment,
    Evidence,
    Fact,
    Forecast,
    Role,
    Search,
    Selection,
    Silence,
    Snapshot,
    Source,
    Speaker,
)
from claimtrack.model.registry import KINDS, Policy, Settings

ROOT = Path(__file__).parents[1]
CHANGELOG = ROOT / "CHANGELOG.md"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
EXAMPLE = ROOT / "examples" / "china_russia_2017"
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
FENCED = re.compile(
    r"^(?P<fence>```+)(?P<info>[^\n`]*)\n(?P<text>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL
)
NAMED = re.compile(r"\A# ([\w./-]+\.(?:toml|py|ya?ml))( .*)?\n")
"""A block whose first line is a comment with the name of a file is that file."""


GENERATED = re.compile(r"<!-- generated: .*?<!-- end -->", re.DOTALL)
"""What `docs/tables.py` printed; another test compares it."""


def blocks(page: Path) -> list[tuple[str, str]]:
    """Return the fenced blocks of *page* that a person wrote: language or directive, and text."""
    found = FENCED.finditer(GENERATED.sub("", page.read_text(encoding="utf-8")))
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
        elif language == "python" and not NAMED.match(text):
            exec(compile(text, page_id(page), "exec"), names)  # noqa: S102 - our own page


ELSEWHERE = frozenset(
    {"make", "source", "pip", "python", "gh", "git", "spark-submit", "SPARK_REMOTE=sc://head:15002"}
)
"""Commands on pages that are not ours, or that other tests run."""

WORDS = {"PATH": "registry", "CLAIM": "siberia-pipeline-by-end-2019", "OLD": "registry"}
WORDS |= {"NEW": "examples/china_russia_2017", "SOURCE": "moscow-times-2019-12-02"}
WORDS |= {"FILE": "examples/pinned_words/pages/radio.txt"}
"""What stands for a reader's own choice in a command that a page shows."""

DAYS = ("2018-12-31", "2019-12-31")

NEEDS: dict[str, str] = {
    "docs/how-to/keep-a-registry.md": "nothing",
    "docs/how-to/audit-very-many-claims.md": "lines",
    "docs/how-to/let-a-program-decide.md": "prices",
    "docs/how-to/see-what-changed.md": "git",
    "docs/how-to/run-on-spark.md": "spark",
    "docs/how-to/from-a-spreadsheet.md": "sheet",
    "docs/how-to/exchange-with-other-formats.md": "feed",
}
"""What a reader of a page has before its first command; on other pages a copy of the example."""

PRICES = """
[registry]
title = "Prices"
[[speaker]]
id = "shop"
[[source]]
id = "list"
published = 2024-01-01
[[fact]]
id = "price"
kind = "quantity"
[[claim]]
id = "prices-rise-all-year"
speaker = "shop"
said = 2024-01-01
source = "list"
quote = "Prices rise."
criterion = { quantity = "price", by = 2024-12-31, at_least = 1 }
""" + "".join(
    f"""
[[evidence]]
id = "price-{month}"
source = "list"
fact = "price"
published = 2024-{month:02}-28
when = "2024-{month:02}"
value = {month}
"""
    for month in range(1, 13)
)


def git(folder: Path, *arguments: str) -> None:
    settings = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    command = ("git", "-C", str(folder), *settings, *arguments)
    subprocess.run(command, check=True, timeout=60)


def prepare(folder: Path, needs: str) -> None:
    """Put into *folder* what a page expects its reader to have."""
    if needs == "nothing":
        return
    if needs == "sheet":
        shown = dict(reversed(blocks(ROOT / "docs/how-to/from-a-spreadsheet.md")))["text"]
        (folder / "promises.csv").write_text(shown, encoding="utf-8")
        return
    if needs == "feed":
        shown = dict(reversed(blocks(ROOT / "docs/how-to/exchange-with-other-formats.md")))["json"]
        (folder / "feed.json").write_text(shown, encoding="utf-8")
        return
    if needs == "prices":
        (folder / "registry").mkdir()
        (folder / "registry" / "registry.toml").write_text(PRICES, encoding="utf-8")
        return
    if needs == "lines":
        claimtrack.dump(claimtrack.load(EXAMPLE), folder / "registry.jsonl.gz")
        return
    shutil.copytree(EXAMPLE, folder / "registry")
    shutil.copytree(folder / "registry", folder / "claims")
    (folder / "conftest.py").write_text("def pytest_claimtrack_registry(registry): return {}\n")
    if needs == "git":
        git(folder, "init", "--quiet", "--initial-branch=main")
        git(folder, "add", ".")
        git(folder, "commit", "--quiet", "--message=Add a registry")


def written(folder: Path, text: str) -> None:
    """Write the file that a block names in its first line, if it names one."""
    named = NAMED.match(text)
    if named:
        path = folder / named[1]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def sessions(language: str, text: str) -> list[tuple[str, str | None]]:
    """Return the commands of a block, and what is printed after each, or None if it is not said."""
    whole = text.replace("\\\n", " ")
    if language == "sh":
        return [(line, None) for line in whole.splitlines() if line.strip()]
    found = re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", whole, re.MULTILINE)
    return [(command, printed or None) for command, printed in found]


def arguments_of(command: str) -> tuple[list[str], str | None]:
    """Return the words of a command, and the file that its output goes to."""
    days = iter(DAYS)
    command = command.replace('"$(git log -1 --format=%cs)"', DAYS[1])
    command = command.replace("origin/$GITHUB_BASE_REF", "main")
    words = shlex.split(command, comments=True)
    words = [next(days) if word == "DAY" else WORDS.get(word, word) for word in words]
    if ">" in words:
        return words[: words.index(">")], words[-1]
    return words, None


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_the_commands_on_a_page_do_what_it_says(page, in_a_copy, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    if NEEDS.get(page_id(page)) == "spark":
        return  # a test of its own runs them where Spark is installed
    prepare(in_a_copy, NEEDS.get(page_id(page), "a registry"))
    for language, text in blocks(page):
        written(in_a_copy, text)
        if language not in {"sh", "console"}:
            continue
        for command, printed in sessions(language, text):
            words, target = arguments_of(command)
            if not words or words[0] in ELSEWHERE:
                continue
            assert words[0] == "claimtrack", command
            monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
            status = main(words[1:])
            out, err = capsys.readouterr()
            assert status in {0, 1}, f"{command}\n{err}"
            if target is not None:
                (in_a_copy / target).write_text(out, encoding="utf-8")
            if printed is not None:
                got = "".join(f"{line.rstrip()}\n" for line in (out + err).splitlines())
                assert doctest.OutputChecker().check_output(printed, got, FLAGS), got


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_the_files_on_a_page_are_well_formed(page):
    for language, text in blocks(page):
        if language == "toml":
            for document in re.split(r"^(?=criterion = )", text, flags=re.MULTILINE):
                tomllib.loads(document)  # of several criteria, a reader chooses one
        elif language == "yaml":
            assert yaml.safe_load(text)
        elif language in {"py", "python"}:
            ast.parse(text)


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


def resolved(name: str) -> object:
    """Return what a dotted *name* stands for, module by module and then attribute by attribute."""
    parts = name.removesuffix("()").split(".")
    found: object = importlib.import_module(parts[0])
    for number, part in enumerate(parts[1:], 2):
        if not hasattr(found, part):
            importlib.import_module(".".join(parts[:number]))
        found = getattr(found, part)
    return found


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_every_dotted_name_on_a_page_exists(page):
    text = page.read_text(encoding="utf-8")

    for name in set(re.findall(r"`(claimtrack(?:\.\w+)+(?:\(\))?)`", text)):
        if not name.endswith((".toml", ".yml", ".yaml", ".py", "claimtrack.checks")):
            resolved(name)


@pytest.mark.parametrize("page", [*PAGES, CHANGELOG], ids=page_id)
def test_every_code_on_a_page_exists(page):
    codes = set(re.findall(r"\bCT\d{3}\b", page.read_text(encoding="utf-8")))

    assert codes <= {*CODES, *FINDING_CODES, "CT999"}


def options_of(command: click.Command) -> set[str]:
    found = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found |= options_of(command.get_command(context, name))
    return found


FOREIGN_OPTIONS = {
    *("--help", "--version"),  # click's
    *("--assert", "--ff", "--lf", "--nf"),  # pytest's
    "--filter",  # git's
    "--reached",  # of tests/mutation/run.py
}
"""Options of other programs that pages name, and those that every command has."""


@pytest.mark.parametrize("page", [*PAGES, CHANGELOG], ids=page_id)
def test_every_option_on_a_page_exists(page):
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"`(--[a-z][a-z-]*)", text))

    assert named - options_of(command_line) - FOREIGN_OPTIONS == set()


def anchors_of(page: Path) -> set[str]:
    """Return the anchors of the headings of *page*, as GitHub and MyST make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


LINKED = [
    *PAGES,
    CHANGELOG,
    ROOT / "SECURITY.md",
    *sorted((ROOT / "examples").rglob("*.md")),
]


@pytest.mark.parametrize("page", LINKED, ids=page_id)
def test_every_link_within_the_repository_leads_somewhere(page):
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    missing = []
    for link in re.findall(r"\]\((?!https?:|mailto:)([^)\s]+)\)", text):
        path, _, anchor = link.partition("#")
        target = (page.parent / path) if path else page
        if not target.exists() or (anchor and anchor not in anchors_of(target)):
            missing.append(link)

    assert missing == []


def test_every_file_on_the_page_for_contributors_exists():
    text = (ROOT / "docs" / "contributing.md").read_text(encoding="utf-8")
    names = set(re.findall(r"`((?:claimtrack|tests|docs|examples|[.]ci)/[\w./]*)`", text))

    missing = [name for name in names if not (ROOT / name).exists() and "NAME" not in name]

    assert "tests/oracle/days.py" in names
    assert missing == []


@pytest.mark.parametrize("said", ['"31.12.2019"', "2019-13-45"])
def test_the_page_for_contributors_shows_how_a_bad_date_is_reported(said):
    page = (ROOT / "docs" / "contributing.md").read_text(encoding="utf-8")
    source = '[[source]]\nid = "x"\n'
    claim = f'[[claim]]\nid = "a"\nspeaker = "s"\nquote = "q"\nsource = "x"\nsaid = {said}\n'
    text = f'[[speaker]]\nid = "s"\n{source}\n\n\n\n{claim}'

    with pytest.raises(claimtrack.LoadError) as caught:
        claimtrack.loads(text)

    assert f"said = {said}`" in page
    assert f"{caught.value}\n" in page


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
        pytest.param("`[[search]]`", (Search,), id="search"),
        pytest.param("`[[selection]]`", (Selection,), id="selection"),
        pytest.param("Every record", (Silence,), id="every record"),
    ],
)
def test_the_page_on_the_file_format_names_every_key(heading, records):
    page = (ROOT / "docs/reference/file-format.md").read_text(encoding="utf-8")
    section = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]

    named = set(re.findall(r"`(\w+)`", section)) | {"reading", "silenced"}

    assert {key_of(field) for record in records for field in attrs.fields(record)} <= named


def test_the_page_on_the_file_format_says_of_every_key_whether_it_is_published():
    page = (ROOT / "docs/reference/file-format.md").read_text(encoding="utf-8")
    section = page.partition("\n## What is published\n")[2].partition("\n## ")[0]
    rows = [line.split("|")[1:4] for line in section.splitlines() if line.startswith("| `")]
    named = {
        row[0].strip(" `[]"): [re.findall(r"`(\w+)`", cell) for cell in row[1:]] for row in rows
    }
    classes = {**KINDS, "registry": Settings, "signed": Signature, "claim.reading": Reading}

    assert {name: sorted([*may, *never]) for name, (may, never) in named.items()} == {
        name: sorted(map(key_of, attrs.fields(cls))) for name, cls in classes.items()
    }
    assert [name for name, (_, never) in named.items() if "internal" not in never] == ["signed"]


def test_the_registry_on_the_page_on_the_file_format_loads(tmp_path):
    page = ROOT / "docs/reference/file-format.md"
    whole = next(text for language, text in blocks(page) if text.startswith("[registry]"))
    path = tmp_path / "registry.toml"
    path.write_text(whole, encoding="utf-8")

    registry = claimtrack.load(path)

    assert registry.audit(as_of="2019-12-02")["siberia-pipeline-by-end-2019"].status == "held"
