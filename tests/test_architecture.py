"""
The order of the rooms: imports only point up this list.

What stands in one row never imports what stands beside it. Every import counts, also one inside a
function or one for type checkers only.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rooms import ROOMS

PACKAGE = Path(__file__).parents[1] / "claimtrack"

DOOR = "__init__"
"""The package's own `__init__` hands out names from all rooms above it, so none of them asks it."""

ROWS = {room: row for row, rooms in enumerate(ROOMS) for room in rooms}


def room_of(module: str) -> str:
    """Return the room of a dotted *module* of the package; the package itself is the door."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else DOOR


def module_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Iterate over the lines and the dotted names of all that *tree* imports of the package."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import hides which room it is from"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            if name.split(".")[0] == PACKAGE.name:
                yield node.lineno, name


def trespasses(module: str, source: str) -> list[str]:
    """Return what *module* imports and may not."""
    here = room_of(module)
    found = []
    for line, name in imported(ast.parse(source)):
        there = room_of(name)
        if there not in ROWS:  # a public name, asked of the door
            there = DOOR
        if there != here and ROWS[there] >= ROWS[here]:
            found.append(f"{module}:{line} imports {name}")
    return found


MODULES = sorted(PACKAGE.rglob("*.py"))


def test_the_list_names_the_rooms_that_there_are():
    assert {room_of(module_of(path)) for path in MODULES} == set(ROWS)


@pytest.mark.parametrize("path", MODULES, ids=module_of)
def test_imports_only_point_up(path):
    assert trespasses(module_of(path), path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        pytest.param("claimtrack.model.span", "import claimtrack.engine.decide", id="down"),
        pytest.param("claimtrack.files.toml", "from claimtrack.report import table", id="beside"),
        pytest.param("claimtrack.model.span", "from claimtrack import engine", id="room by name"),
        pytest.param("claimtrack.report.table", "from claimtrack import load", id="the door"),
        pytest.param(
            "claimtrack.engine.decide",
            "def late():\n    from claimtrack.files import read",
            id="inside a function",
        ),
        pytest.param(
            "claimtrack.engine.decide",
            "if TYPE_CHECKING:\n    from claimtrack.registry import Registry",
            id="for types only",
        ),
    ],
)
def test_an_import_against_the_order_is_seen(module, source):
    assert len(trespasses(module, source)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        pytest.param("claimtrack.engine.decide", "from claimtrack.model import span", id="up"),
        pytest.param("claimtrack.model.claim", "from claimtrack.model import span", id="own room"),
        pytest.param("claimtrack.cli.audit", "from claimtrack.report import table", id="cli"),
        pytest.param("claimtrack.cli.main", "from claimtrack import __version__", id="the door"),
        pytest.param("claimtrack.model.span", "import datetime", id="standard library"),
    ],
)
def test_an_import_along_the_order_is_let_pass(module, source):
    assert trespasses(module, source) == []


@pytest.mark.parametrize("path", MODULES, ids=module_of)
def test_only_the_command_line_prints_reads_the_clock_or_leaves_the_process(path):
    if room_of(module_of(path)) in {"cli", "pytest_plugin", "__main__"}:
        return
    forbidden = {"print", "today", "now", "utcnow", "exit"}

    called = {
        name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        for name in [getattr(node.func, "id", getattr(node.func, "attr", None))]
    }

    assert called & forbidden == set()
