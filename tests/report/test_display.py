"""What registries, audits, histories and explanations show in a notebook."""

import ast
import json
from datetime import date
from pathlib import Path

import html5lib
import pytest

import claimtrack
from claimtrack import loads
from claimtrack.cli.main import main
from claimtrack.model.display import WIDTH
from claimtrack.report.display import MOST_ROWS, html_of, text_of
from tests.report.hostile import INJECTIONS
from tests.report.test_audit_text import REGISTRY
from tests.site.registries import hostile

DAY = "2020-01-01"


def shown(value):
    """Read the HTML of *value* as a browser does, and return its rows and its lines."""
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(
        value._repr_html_()
    )
    rows = [["".join(cell.itertext()) for cell in row] for row in tree.iter("tr")]
    return rows, ["".join(line.itertext()) for line in tree.iter("p")]


def test_a_registry_shows_what_it_holds():
    rows, lines = shown(loads(REGISTRY))

    assert lines == ['Pipes & "promises" | <2019>']
    assert rows == [
        ["records", "how many"],
        *(["speakers", "1"], ["sources", "1"], ["facts", "1"], ["evidence", "1"], ["claims", "4"]),
    ]


def test_an_audit_shows_its_table_and_its_counts():
    rows, lines = shown(loads(REGISTRY).audit(DAY))

    assert [row[0] for row in rows] == ["claim", "by-2019", "by-2018", "=a|b*c*", "后来"]
    assert lines[-1] == "4 claims as of 1 Jan 2020: ✓ held 2, ◷ late 1, ⊘ not-checkable 1"


def test_a_long_audit_shows_its_beginning_and_says_so():
    claim = REGISTRY[REGISTRY.index("[[claim]]") :].split("[[claim]]")[1]
    more = "".join(
        f"[[claim]]{claim.replace('by-2019', f'more-{number}')}" for number in range(MOST_ROWS)
    )

    rows, lines = shown(loads(REGISTRY + more).audit(DAY))

    assert len(rows) == MOST_ROWS + 1
    assert f"the first {MOST_ROWS} are shown" in lines[-1]


def test_a_history_shows_its_changes():
    rows, lines = shown(loads(REGISTRY).history("by-2018"))

    assert lines == ["by-2018: “by the end of 2018”"]
    assert [row[1] for row in rows] == ["status", "◌ pending", "! overdue", "◷ late by 336 days"]


def test_an_explanation_shows_its_evidence():
    rows, lines = shown(loads(REGISTRY).explain("by-2019", DAY))

    assert lines[-1] == "as of 1 Jan 2020: ✓ held, decided on 2 Dec 2019"
    assert rows[1:] == [["for", "yes", "2 Dec 2019", "gas", ""]]


def test_what_is_no_such_thing_is_refused():
    with pytest.raises(TypeError, match=r"^str is not shown as HTML$"):
        html_of("a text")


def test_no_trick_acts_in_a_notebook():
    registry = hostile(*INJECTIONS.values())
    audit = registry.audit(DAY)
    claims = list(registry.claims)[::10]  # of every kind; the table of the audit has all of them
    for value in (
        registry,
        audit,
        *map(registry.history, claims[::3]),
        *(registry.explain(claim, DAY) for claim in claims),
    ):
        tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(
            value._repr_html_()
        )
        tags = {node.tag for node in tree.iter() if isinstance(node.tag, str)}
        assert tags <= {
            *("DOCUMENT_FRAGMENT", "p", "table", "caption", "thead", "tbody", "tr", "th", "td"),
        }


@pytest.mark.parametrize("backend", ["pandas", "polars"])
def test_an_audit_is_a_frame_of_either_library(backend):
    pytest.importorskip(backend)
    pytest.importorskip("narwhals")

    frame = loads(REGISTRY).audit(DAY).to_frame(backend=backend)

    assert type(frame).__module__.partition(".")[0] == backend
    assert list(frame["claim"]) == ["by-2019", "by-2018", "=a|b*c*", "后来"]
    assert list(frame["status"]) == ["held", "late", "not-checkable", "held"]
    assert list(frame["due"])[:2] == [date(2019, 12, 31), date(2018, 12, 31)]


def test_one_module_names_a_room_below_it_by_a_text():
    package = Path(claimtrack.__file__).parent
    named = {
        path.relative_to(package).as_posix()
        for room in ("model", "engine")
        for path in sorted((package / room).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.startswith(("claimtrack.report", "claimtrack.files", "claimtrack.score"))
    }

    assert named == {"model/display.py"}


@pytest.fixture
def printed(tmp_path, monkeypatch, capsys):
    """Return what a command prints of the registry, into a width or without a bound."""
    (tmp_path / "all.toml").write_text(REGISTRY, "utf-8")
    monkeypatch.chdir(tmp_path)

    def printed(*words, width=None):
        with monkeypatch.context() as patch:
            patch.delenv("COLUMNS", raising=False)
            if width is not None:
                patch.setenv("COLUMNS", str(width))
            assert main([*words]) == 0
        return capsys.readouterr().out

    return printed


def test_text_and_json_of_an_audit_are_what_the_command_prints(printed):
    audit = loads(REGISTRY).audit(DAY)
    words = ("audit", "all.toml", "--as-of", DAY)

    assert f"{audit}\n" == printed(*words, width=WIDTH)
    assert audit.to_text(width=None) + "\n" == printed(*words)
    assert audit.to_markdown() + "\n" == printed(*words, "--format", "markdown")
    assert audit.to_json() + "\n" == printed(*words, "--format", "json")


@pytest.mark.parametrize("claim", ["by-2019", "by-2018", "后来"])
def test_text_and_json_of_an_explanation_are_what_the_command_prints(printed, claim):
    explanation = loads(REGISTRY).explain(claim, DAY)
    words = ("explain", claim, "all.toml", "--as-of", DAY)

    assert f"{explanation}\n" == printed(*words, width=WIDTH)
    assert explanation.to_text(width=60) + "\n" == printed(*words, width=60)
    assert explanation.to_json() + "\n" == printed(*words, "--format", "json")


def test_text_and_json_of_a_history_are_what_the_command_prints_of_all_days(printed):
    history = loads(REGISTRY).history("by-2018")
    words = ("history", "by-2018", "all.toml", "--to", "9999-12-31")

    assert f"{history}\n" == printed(*words, width=WIDTH)
    assert history.to_markdown() + "\n" == printed(*words, "--format", "markdown")
    told = json.loads(printed(*words, "--format", "json"))
    assert json.loads(history.to_json()) == {**told, "as_of": ".."}


def test_an_explanation_in_markdown_is_a_list_and_a_table():
    lines = loads(REGISTRY).explain("by-2019", DAY).to_markdown().splitlines()

    assert lines[0].startswith(
        "What Alexei Miller said on 4 Jul 2017, “by the end of 2019”, held up: first gas"
    )
    assert lines[2] == "- by-2019"
    assert lines[3].startswith("  - “")
    assert "- criterion" in lines
    assert any(line.startswith("|") for line in lines)


def test_what_has_no_text_is_refused():
    with pytest.raises(TypeError, match=r"^str has no text$"):
        text_of("a text", "table", None)
