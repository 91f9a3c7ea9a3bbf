"""
Print what claimtrack costs beside what others cost, each ratio beside its target.

Each pair of commands runs in turn, as processes of their own, and the median of the ratios of
neighbours counts. ``--full`` takes the sizes of the targets; without it some sizes are a tenth of
that, and a target is not held against them. ``--processor`` compares processor time in place of
time on the clock, for a machine that is busy with other things. Names of sections run only these.

At the end stands which targets were missed. What needs a library that is not installed is left out
with a word.
"""

import argparse
import importlib.util
import math
import os
import platform
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from measure import MEGABYTE, PYTHON, Compared, Cost, compare, cost

HERE: Final = Path(__file__).parent
DAY: Final = "2019-06-01"
NO_TARGET: Final = math.inf
_ROW: Final = "{:<54} {:>9} {:>9} {:>7}  {:<13} {}"


class Row(NamedTuple):
    """
    One line of what is printed.

    Args:
        ratio: Of *ours* to *theirs*, or the other way round where *more_is_better*.
        target: What it is held against; `NO_TARGET` where that is nothing.
        is_full: Whether it was measured at the size that the target speaks of.
    """

    what: str
    ours: str
    theirs: str
    ratio: float
    target: float
    more_is_better: bool = False
    is_full: bool = True

    @property
    def is_met(self) -> bool:
        """Whether the target is met."""
        return self.ratio >= self.target if self.more_is_better else self.ratio <= self.target

    @property
    def bound(self) -> str:
        """The target in words."""
        if self.target == NO_TARGET:
            return ""
        return f"at {'least' if self.more_is_better else 'most'} {self.target:g}"

    @property
    def outcome(self) -> str:
        """What became of the target."""
        if self.target == NO_TARGET:
            return ""
        if not self.is_full:
            return "not its size"
        return "met" if self.is_met else "MISSED"

    def line(self) -> str:
        """Return the line."""
        ratio = f"{self.ratio:.3g}" if self.ratio >= 10 else f"{self.ratio:.2f}"
        cells = (self.what, self.ours, self.theirs, ratio, self.bound, self.outcome)
        return _ROW.format(*cells).rstrip()


class Bench:
    """
    One run over all sections.

    Args:
        folder: Where data is made.
        full: Whether sizes are those of the targets.
        processor: Whether processor time is compared.
        runs: How often each pair runs.
    """

    def __init__(self, folder: Path, *, full: bool, processor: bool, runs: int) -> None:
        self.folder = folder
        self.full = full
        self.processor = processor
        self.runs = runs

    def taken(self, cost: Cost) -> float:
        """Return the seconds that count."""
        return cost.processor if self.processor else cost.wall

    def time(self, what: str, found: Compared, target: float) -> Row:
        """Return a row of times."""
        ours, theirs = self.taken(found.ours), self.taken(found.theirs)
        return Row(what, f"{ours:.2f} s", f"{theirs:.2f} s", self.taken(found.ratio), target)

    def times_faster(self, what: str, found: Compared, target: float) -> Row:
        """Return a row that says how often ours fits into theirs."""
        row = self.time(what, found, target)
        return row._replace(ratio=1 / row.ratio, more_is_better=True)

    def memory(self, what: str, found: Compared, target: float) -> Row:
        """Return a row of peaks of memory."""
        ours, theirs = found.ours.memory / MEGABYTE, found.theirs.memory / MEGABYTE
        return Row(what, f"{ours:.0f} MB", f"{theirs:.0f} MB", found.ratio.memory, target)

    def made(self, name: str, script: str, *arguments: object) -> Path:
        """Return the path of data that *script* makes, where it is not there yet."""
        path = self.folder / name
        if not path.exists():
            cost([*_python(script), *(str(path) if a is PATH else str(a) for a in arguments)])
        return path

    def registry(self, name: str, claims: int) -> str:
        """Return the path of a generated registry."""
        return str(self.made(name, "generate.py", PATH, claims))

    def imports(self) -> Iterator[Row]:
        """Start: `import claimtrack` and `claimtrack --help`."""
        ours, theirs = ([PYTHON, "-c", f"import {name}"] for name in ("claimtrack", "attrs"))
        yield self.time("import claimtrack / import attrs", self._compared(ours, theirs, 15), 1.5)
        helped = self._compared([PYTHON, "-m", "claimtrack", "--help"], [PYTHON, "-c", ""], 15)
        seconds = self.taken(helped.ours)
        yield Row("claimtrack --help, seconds", f"{seconds:.3f} s", "", seconds, 0.15)

    def jsonl(self) -> Iterator[Row]:
        """Do the whole job from JSON lines, beside the same by hand."""
        claims = 100_000
        path = self.registry(f"{claims}.jsonl", claims)
        found = self._compared(
            [*_python("whole_job.py"), path, DAY], [*_python("hand_written.py"), path, DAY]
        )
        yield self.time(f"{claims:,} claims from JSONL / by hand", found, 1.2)
        yield self.memory("  its peak of memory", found, 1.5)

    def rows(self) -> Iterator[Row]:
        """Print every row, beside the same rows by hand."""
        claims = 100_000 if self.full else 20_000
        path = self.registry(f"{claims}.jsonl", claims)
        for format_, target in (("jsonl", 1.5), ("csv", 1.5), ("json", 2), ("table", 2)):
            ours = _claimtrack("audit", path, "--as-of", DAY, "--format", format_)
            found = self._compared(ours, [*_python("hand_written_rows.py"), path, DAY, format_])
            row = self.time(f"{claims:,} rows as {format_} / by hand", found, target)
            yield row._replace(is_full=self.full)
            row = self.memory("  its peak of memory", found, target)
            yield row._replace(is_full=self.full)

    def toml(self) -> Iterator[Row]:
        """Do the whole job from TOML, beside the standard library's parser alone."""
        path = self.registry("toml-10000", 10_000)
        ours = [*_python("whole_job.py"), path, DAY]
        found = self._compared(ours, [*_python("toml_alone.py"), path])
        yield self.time("10,000 claims from TOML / tomllib.loads alone", found, 1.25)

    def small(self) -> Iterator[Row]:
        """Load and audit the example of 1,800 records, which is as small as most registries."""
        example = str(HERE.parent / "examples" / "china_russia_2017")
        parsers = {"tomllib": 1.5} | ({"tomli": 1.2} if _has("tomli") else {})
        loads = {parser: _LOADED.format(example, parser, _LOAD) for parser in parsers}
        for parser, target in parsers.items():
            alone = _LOADED.format(example, parser, f"parse({parser})")
            found = self._compared([PYTHON, "-c", loads[parser]], [PYTHON, "-c", alone], 5)
            yield self.time(f"the example from TOML / {parser} alone", found, target)
        often = [*loads.values()][-1]  # with the parser that the command takes
        once = often.replace("range(6)", "range(1)")
        more = self._compared([PYTHON, "-c", often], [PYTHON, "-c", once], 5)
        loading = (self.taken(more.ours) - self.taken(more.theirs)) / 5
        imports = [PYTHON, "-c", "import attrs, click, tomllib"]
        found = self._compared(_claimtrack("audit", example), imports, 9)
        rest = self.taken(found.ours) - loading
        row = self.time("audit of the example, less its load / imports", found, 2)
        yield row._replace(ours=f"{rest:.2f} s", ratio=rest / self.taken(found.theirs))

    def convert(self) -> Iterator[Row]:
        """Convert JSON lines, beside loading them and counting their claims."""
        claims = 100_000 if self.full else 10_000
        path = self.registry(f"{claims}.jsonl", claims)
        for form in ("jsonl", "toml", "parquet"):
            if form != "parquet" or _has("pyarrow"):
                with tempfile.TemporaryDirectory(dir=self.folder) as folder:
                    ours = [PYTHON, "-c", _CONVERTED, path, folder, form]
                    found = self._compared(ours, [*_python("whole_job.py"), path, DAY], 3)
                row = self.time(f"convert {claims:,} claims to {form} / counts", found, NO_TARGET)
                yield row._replace(is_full=self.full)

    def neighbours(self) -> Iterator[Row]:
        """Do the nearest equal work in beancount and in parametrised pytest."""
        claims = 100_000 if self.full else 10_000
        ours = [*_python("whole_job.py"), self.registry(f"{claims}.jsonl", claims), DAY]
        if _has("beancount"):
            ledger = self.made(f"{claims}.beancount", "neighbours.py", "beancount", PATH, claims)
            theirs = [*_python("beancount_job.py"), str(ledger)]
            found = self._compared(ours, theirs, 3, {"BEANCOUNT_DISABLE_LOAD_CACHE": "1"})
            row = self.times_faster(f"beancount / {claims:,} claims from JSONL", found, 15)
            yield row._replace(is_full=self.full)
        if _has("pytest"):
            folder = self.made(f"tests-{claims}", "neighbours.py", "pytest", PATH, claims)
            theirs = [PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:claimtrack"]
            found = self._compared(ours, [*theirs, "--rootdir", str(folder), str(folder)], 1)
            row = self.times_faster(f"parametrised pytest / {claims:,} claims, JSONL", found, 15)
            yield row._replace(is_full=self.full)

    def pytest(self) -> Iterator[Row]:
        """Collect and run with the pytest plugin, beside trivial items."""
        if not _has("pytest"):
            return
        claims = 5_000 if self.full else 1_000
        folder = self.made(f"pytest-{claims}", "pytest_items.py", PATH, claims)
        command = [
            PYTHON,
            "-m",
            "pytest",
            "-q",
            "--tb=no",
            "-p",
            "no:cacheprovider",
            "--no-summary",
        ]
        ours = [*command, "--as-of", DAY, "--rootdir", str(folder / "ours"), str(folder / "ours")]
        theirs = [*command, "--rootdir", str(folder / "theirs"), str(folder / "theirs")]
        found = self._compared(ours, theirs, 3, failing=True)
        row = self.time(f"plugin, {2 * claims:,} items / trivial items", found, 1.2)
        yield row._replace(is_full=self.full)

    def history(self) -> Iterator[Row]:
        """Count the statuses of 1,000 days, beside one audit."""
        told = _output([*_python("history.py")])
        for name in ("claims on one event each", "claims of every kind"):
            part = told.partition(name)[2]
            match = re.search(r"([0-9.]+) times  replay / audit", part)
            if match:
                yield Row(f"1,000 days / one audit: {name}", "", "", float(match[1]), 1.5)

    def bulk(self) -> Iterator[Row]:
        """Run the bulk engine on DuckDB, beside SQL by hand."""
        if not (_has("ibis") and _has("duckdb")):
            return
        costs = []
        for claims in (10_000, 100_000, 1_000_000):
            path = str(self.made(f"bulk-{claims}", "bulk_data.py", PATH, claims))
            ours = [*_python("bulk_ours.py"), path, DAY]
            found = self._compared(ours, [*_python("bulk_sql.py"), path, DAY])
            costs.append(self.taken(found.ours))
            target = 2 if claims == 1_000_000 else NO_TARGET
            yield self.time(f"{claims:,} claims on DuckDB / SQL by hand", found, target)
            yield self.memory("  its peak of memory", found, NO_TARGET)
        small, middle, large = costs
        growth = (large - middle) / 10 / (middle - small)
        yield Row("a claim more at 1,000,000 / at 100,000", "", "", growth, 1.5)
        capped = cost([*_python("bulk_ours.py"), str(self.folder / "bulk-1000000"), DAY, "100MB"])
        yield Row(
            "a million claims, 100 MB for DuckDB: GB at most", "", "", capped.memory / 2**30, 0.5
        )

    def _compared(
        self,
        ours: list[str],
        theirs: list[str],
        runs: int | None = None,
        env: Mapping[str, str] | None = None,
        *,
        failing: bool = False,
    ) -> Compared:
        return compare(ours, theirs, runs or self.runs, env, may_fail=failing)


_LOAD: Final = "claimtrack.load(folder)"

_LOADED: Final = """
import os, pathlib, sys, tomllib
if {1!r} == "tomllib":
    sys.modules["tomli"] = None  # as without the extra `fast`
else:
    import tomli
import claimtrack
claimtrack.load  # imports what loads
folder = {0!r}

def parse(parser):
    for file in sorted(pathlib.Path(folder).rglob("*.toml")):
        parser.loads(file.read_text())

for _ in range(6):
    {2}
os._exit(0)
"""
"""Loads the example, or only parses its files, several times."""

_CONVERTED: Final = """
import sys, tempfile
from claimtrack.cli.main import main
path, folder, form = sys.argv[1:]
sys.exit(main(["convert", path, tempfile.mkdtemp(dir=folder) + "/out", "--to", form]))
"""
"""Converts to a new place each time."""

PATH: Final = object()
"""Stands for the path of what a script makes."""

SECTIONS: Final[Mapping[str, Callable[[Bench], Iterator[Row]]]] = {
    "imports": Bench.imports,
    "jsonl": Bench.jsonl,
    "rows": Bench.rows,
    "toml": Bench.toml,
    "small": Bench.small,
    "convert": Bench.convert,
    "neighbours": Bench.neighbours,
    "pytest": Bench.pytest,
    "history": Bench.history,
    "bulk": Bench.bulk,
}


def _python(script: str) -> list[str]:
    return [PYTHON, str(HERE / script)]


def _claimtrack(*words: str) -> list[str]:
    return [PYTHON, "-m", "claimtrack", *words]


def _has(module: str) -> bool:
    if importlib.util.find_spec(module) is not None:
        return True
    print(f"left out: {module} is not installed")
    return False


def _output(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603


@contextmanager
def _folder(given: str | None) -> Iterator[Path]:
    if given is not None:
        Path(given).mkdir(parents=True, exist_ok=True)
        yield Path(given)
        return
    with tempfile.TemporaryDirectory(prefix="claimtrack-bench-") as made:
        yield Path(made)


def main() -> None:
    """Run the sections and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sections", nargs="*", choices=[*SECTIONS, []], help="only these")
    parser.add_argument("--full", action="store_true", help="the sizes of the targets")
    parser.add_argument("--processor", action="store_true", help="compare processor time")
    parser.add_argument("--runs", type=int, default=5, help="pairs of runs")
    parser.add_argument("--folder", help="where data is made and kept")
    given = parser.parse_args()
    taken = "processor time" if given.processor else "time on the clock"
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {taken}")
    print(_ROW.format("what", "ours", "theirs", "ratio", "target", ""))
    rows = []
    with _folder(given.folder) as folder:
        bench = Bench(folder, full=given.full, processor=given.processor, runs=given.runs)
        for name in given.sections or SECTIONS:
            for row in SECTIONS[name](bench):
                print(row.line(), flush=True)
                rows.append(row)
    for line in summary(rows):
        print(line)


def summary(rows: Iterable[Row]) -> Iterator[str]:
    """Iterate over lines that say which targets were missed."""
    held = [row for row in rows if row.target != NO_TARGET]
    missed = [row for row in held if row.outcome == "MISSED"]
    smaller = sum(not row.is_full for row in held)
    yield ""
    yield f"{len(held) - smaller} targets, {len(missed)} missed{':' if missed else ''}"
    for row in missed:
        yield f"  {row.what}: {row.ratio:.2f}, {row.bound} wanted"
    if smaller:
        yield f"{smaller} more measured at a tenth of their size; BENCH=--full takes all of it"


if __name__ == "__main__":
    main()
