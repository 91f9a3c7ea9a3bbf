"""
Change modules of claimtrack in small places, and tell which changes no test notices.

Run it from the root of a tree: ``python tests/mutation/run.py claimtrack/model/span.py``. It writes
nothing but results into the folder given by ``--results``.
"""

# ruff: noqa: T201 - a command prints

import argparse
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
os.environ["HYPOTHESIS_PROFILE"] = "mutation"
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import explained  # noqa: E402 - of this folder
import pytest  # noqa: E402
import warm  # noqa: E402 - of this folder
from mutants import mutants_of  # noqa: E402 - of this folder

KERNEL = ("span", "calendar", "edtf")
CLOSED = ("audit", "decide", "diff", "edits", "evidence", "explain", "facts", "fast_path")
CLOSED += ("history", "signature", "timeline", "user_functions", "weigh")
"""The modules of the engine of which every survivor was looked at."""
TESTS = {
    "model": (
        *("tests/model/test_span.py", "tests/model/test_edtf.py"),
        *("tests/oracle/test_spans.py", "tests/properties/test_spans_equal_oracle.py"),
    ),
    "engine": (
        *("tests/engine", "tests/revisions", "tests/oracle/test_rules.py"),
        *("tests/oracle/test_lateness.py", "tests/properties", "tests/test_registry.py"),
    ),
}
"""The tests that the mutants of each room are put to."""

QUIET = ("-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not slow")
# To tell how two large registries differ takes longer than all else, and nobody reads it.
QUIET += ("--assert=plain", "--tb=native")


def main():
    options = arguments()
    os.chdir(ROOT)
    options.results.mkdir(parents=True, exist_ok=True)
    results = (options.results / "outcomes.jsonl").absolute()
    results.unlink(missing_ok=True)
    mutants = [
        mutant for path in options.modules for mutant in mutants_of(ROOT, path, options.sample)
    ]
    if options.again:
        keys = {tuple(key) for key in json.loads(options.again.read_text(encoding="utf-8"))}
        mutants = [mutant for mutant in mutants if mutant.key in keys]
    print(f"{len(mutants)} mutants", flush=True)
    made = [[*mutant.key, mutant.lines] for mutant in mutants]
    (options.results / "mutants.json").write_text(json.dumps(made, indent=0), encoding="utf-8")
    if warm.in_fork(lambda: run_warm(mutants, options, results), 1e6) != "ran":
        sys.exit(f"the tests could not be run; see {results.with_name('pytest.log')}")
    reached = warm.Reached.load(results.with_name("reached.json"))
    for nodeid in reached.failed:
        print(f"left out, since it does not pass as it is: {nodeid}")
    outcomes = {number: (outcome, tests) for number, outcome, tests in lines_of(results)}
    with results.open("a", encoding="utf-8") as out:
        for number, mutant in enumerate(mutants):
            if outcomes[number][0] != warm.ANEW:
                continue
            ids = reached.ids(mutant, options.seconds)
            limit = 60 + 5 * sum(reached.seconds[nodeid] for nodeid in ids)
            outcome = warm.in_fork(lambda m=mutant, i=ids: run_anew(m, i), limit)
            outcomes[number] = outcome, len(ids)
            out.write(json.dumps([number, outcome, len(ids)]) + "\n")
            out.flush()
    return told(mutants, [outcomes[number][0] for number in range(len(mutants))])


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", default=default_modules(), metavar="MODULE")
    parser.add_argument("--results", type=Path, default=ROOT / "build" / "mutants")
    parser.add_argument("--seconds", type=float, default=4, help="of tests, for each mutant")
    parser.add_argument("--sample", type=int, help="at most so many mutants of each module, drawn")
    parser.add_argument("--tests", nargs="+", metavar="FILE", help="in place of those of the room")
    parser.add_argument("--again", type=Path, help="a list of mutants, in JSON: only these")
    parser.add_argument("--reached", type=Path, help="`reached.json` of a run of the same tests")
    return parser.parse_args()


def default_modules():
    """Return the modules of which every survivor was looked at, so that a new one is news."""
    kernel = [f"claimtrack/model/{name}.py" for name in KERNEL]
    return kernel + [f"claimtrack/engine/{name}.py" for name in CLOSED]


def lines_of(path):
    return map(json.loads, path.read_text(encoding="utf-8").splitlines())


def run_warm(mutants, options, results):
    start = time.time()
    plugin = warm.Warm(ROOT, mutants, options.seconds, results, options.reached)
    say_into(results.with_name("pytest.log"))
    rooms = {Path(mutant.path).parent.name for mutant in mutants}
    files = options.tests or [file for room in sorted(rooms) for file in TESTS[room]]
    status = run_pytest([*QUIET, *files], plugin)
    print(f"took {time.time() - start:.0f} s")
    return "ran" if status == 0 else "failed"


def run_anew(mutant, ids):
    """Test a mutant in a process in which claimtrack has not been imported yet."""
    if not ids:
        return warm.SURVIVED
    sys.meta_path.insert(0, Changed(mutant))
    say_into(os.devnull)
    only = Only(ids)
    files = sorted({nodeid.partition("::")[0] for nodeid in ids})
    status = run_pytest([*QUIET, "-x", *files], only)
    return warm.SURVIVED if status == 0 and only.ran == len(ids) else warm.KILLED


def say_into(path):
    """Let this process print into a file."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(file, 1)
    os.dup2(file, 2)


def run_pytest(options, plugin):
    return pytest.main(list(options), plugins=[plugin])


class Only:
    """A plugin of pytest that runs the tests that it is given, in their order."""

    def __init__(self, ids):
        self.ids = ids
        self.ran = 0

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items):
        by_id = {item.nodeid: item for item in items}
        items[:] = [by_id[nodeid] for nodeid in self.ids if nodeid in by_id]
        self.ran = len(items)


class Changed(importlib.abc.MetaPathFinder):
    """Finds one module with its changed text."""

    def __init__(self, mutant):
        self.mutant = mutant
        self.name = mutant.path.removesuffix(".py").replace("/", ".")

    def find_spec(self, name, path=None, target=None):
        if name != self.name:
            return None
        file = str(ROOT / self.mutant.path)
        loader = ChangedLoader(name, file)
        loader.mutant = self.mutant
        return importlib.util.spec_from_file_location(name, file, loader=loader)


class ChangedLoader(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname):
        return compile(self.mutant.source, self.path, "exec", dont_inherit=True)


def told(mutants, outcomes):
    """
    Print what survived and the table.

    Return 1 if a survivor is not explained, or an explained line is no longer in its module.
    """
    because = explained.reasons()
    counts = {}
    for mutant, outcome in zip(mutants, outcomes, strict=True):
        reason = because.get(mutant.key) if outcome == warm.SURVIVED else None
        word = "explained" if reason else outcome
        counts.setdefault(mutant.path, Counter())[word] += 1
        if word == warm.SURVIVED:
            print(f"{mutant.path}:{mutant.lines[0]}\n  - {mutant.was}\n  + {mutant.now}")
    words = (warm.KILLED, warm.TIMED_OUT, "explained", warm.SURVIVED)
    print("| module | mutants | killed | timed out | equal in effect | survived |")
    print("|---|---|---|---|---|---|")
    counts["all"] = sum(counts.values(), Counter())
    for path, count in counts.items():
        cells = (count.total(), *(count[word] for word in words))
        print(f"| `{path}` | " + " | ".join(map(str, cells)) + " |")
    stale = explained.stale()
    for module, was in stale:
        print(f"explained.toml: {module} has no longer: {was}")
    return 1 if stale or counts["all"][warm.SURVIVED] else 0


if __name__ == "__main__":
    sys.exit(main())
