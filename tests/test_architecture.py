"""
The order of the rooms: imports only point up this list.

What stands in one row never imports what stands beside it. Every import counts, also one inside a
function or one for type checkers only. Each test reports all trespasses at once.

`make sizes` prints `sizes`: the modules whose size is worth a look.
"""

import ast
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
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


def trespasses(module: str, tree: ast.Module) -> list[str]:
    """Return what *module* imports and may not."""
    here = room_of(module)
    found = []
    for line, name in imported(tree):
        there = room_of(name)
        if there not in ROWS:  # a public name, asked of the door
            there = DOOR
        if there != here and ROWS[there] >= ROWS[here]:
            found.append(f"{module}:{line} imports {name}")
    return found


@cache
def sources() -> dict[str, str]:
    """Return the source text of every module of the package, by its dotted name."""
    return {
        module_of(path): path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py"))
    }


@cache
def trees() -> dict[str, ast.Module]:
    return {module: ast.parse(source) for module, source in sources().items()}


def test_the_list_names_the_rooms_that_there_are():
    assert {room_of(module) for module in sources()} == set(ROWS)


def test_imports_only_point_up():
    assert [one for module, tree in trees().items() for one in trespasses(module, tree)] == []


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
    assert len(trespasses(module, ast.parse(source))) == 1


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
    assert trespasses(module, ast.parse(source)) == []


IMPURE = {"print", "today", "now", "utcnow", "exit"}


def test_only_the_command_line_prints_reads_the_clock_or_leaves_the_process():
    found = [
        f"{module}:{node.lineno} calls {name}"
        for module, tree in trees().items()
        if room_of(module) not in {"cli", "pytest_plugin", "__main__"}
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for name in [getattr(node.func, "id", getattr(node.func, "attr", None))]
        if name in IMPURE
    ]

    assert found == []


def defined(tree: ast.Module) -> Iterator[str]:
    """Iterate over the public functions and classes at the top of a module."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            overload = any(ast.unparse(one).endswith("overload") for one in node.decorator_list)
            if not node.name.startswith("_") and not overload:
                yield node.name


def test_a_name_is_defined_once_in_a_room():
    homes = defaultdict(list)
    for module, tree in trees().items():
        for name in defined(tree):
            homes[room_of(module), name].append(module)

    del homes["cli", "command"]  # under which the program finds each command
    assert {key: modules for key, modules in homes.items() if len(modules) > 1} == {}


SHORT, LONG = 100, 600


def sizes() -> Iterator[str]:
    """
    Name the modules that are worth a look; none of them is a fault by itself.

    A module under `SHORT` lines that exactly one other module imports may belong into that one; a
    module over `LONG` lines may hold two ideas.
    """
    importers = Counter()
    for module, tree in trees().items():
        names = {name for _, name in imported(tree)}
        asked = {name if name in sources() else name.rpartition(".")[0] for name in names}
        importers.update(asked - {module})
    for module, source in sources().items():
        lines = source.count("\n")
        if lines > LONG:
            yield f"{module}: {lines} lines"
        elif lines < SHORT and importers[module] == 1:
            yield f"{module}: {lines} lines, imported by one module"


def test_the_report_of_sizes_names_modules_of_the_package():
    assert {line.split(":")[0] for line in sizes()} <= set(sources())


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in sizes())
