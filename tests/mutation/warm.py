"""
Put mutants to the tests that reach them, each in a fork of one process that is ready to test.

The process collects the tests, and runs each once under coverage to see which lines it reaches and
how long it takes. For a mutant it forks; the child puts the changed code into the functions that
are there, and runs the tests that reach the changed lines, fastest first, until one fails. A change
outside of functions has been acted upon by then, and is left for a process that starts anew.
"""

# ruff: noqa: T201 - a command prints

import ast
import functools
import gc
import importlib
import json
import os
import resource
import signal
import sys
import time
import traceback
from types import CodeType, FunctionType

import coverage
import pytest
from _pytest.runner import runtestprotocol

KILLED, TIMED_OUT, SURVIVED, ANEW = "killed", "timed out", "survived", "to be started anew"
MEMORY = 3 << 30
"""Bytes that a child may take, so that a loop that gathers ends before the machine does."""


class Warm:
    """A plugin of pytest that puts mutants to the tests in place of running these."""

    def __init__(self, root, mutants, budget, results, reached=None):
        self.root = root
        self.mutants = mutants
        self.budget = budget
        self.results = results
        self.reached = reached

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        # While it is on, each load asks how much is frozen, which takes longer than most tests.
        gc.collect()
        gc.disable()
        paths = {mutant.path for mutant in self.mutants}
        for path in paths:
            importlib.import_module(path.removesuffix(".py").replace("/", "."))
        if self.reached is None:
            reached = Reached(session, self.root, paths)
        else:
            reached = Reached.load(self.reached)
            known = reached.by_id
            reached.by_id = {one.nodeid: one for one in session.items if one.nodeid in known}
        reached.save(self.results.with_name("reached.json"))
        functions, memories = live_functions(), live_memories()
        killers = []
        gc.collect()
        gc.freeze()
        with self.results.open("a", encoding="utf-8") as out:
            for number, mutant in enumerate(self.mutants):
                items = reached.items(mutant, self.budget)
                # What noticed one change of a line notices most of them.
                items.sort(key=lambda item: item.nodeid not in killers[-5:])
                outcome, _, killer = in_fork(
                    functools.partial(test_changed, self.root, mutant, functions, memories, items),
                    seconds=10 + 5 * sum(reached.seconds[item.nodeid] for item in items),
                ).partition(" by ")
                killers.append(killer)
                out.write(json.dumps([number, outcome, len(items)]) + "\n")
                out.flush()
        return True


class Reached:
    """Which tests reach which lines, and how long they take, in seconds of this process."""

    def __init__(self, session, root, paths):
        self.by_id = {item.nodeid: item for item in session.items}
        self.seconds = {}
        self.failed = []
        self.lines = {}
        files = {path: str(root / path) for path in paths}
        measuring = coverage.Coverage(
            data_file=None, config_file=False, include=list(files.values())
        )
        memories = live_memories()
        measuring.start()
        for item in session.items:
            for memory in memories:
                memory.cache_clear()
            measuring.switch_context(item.nodeid)
            start = time.process_time()
            reports = runtestprotocol(item, log=False, nextitem=None)
            self.seconds[item.nodeid] = time.process_time() - start
            print(f"{self.seconds[item.nodeid]:.3f} s {item.nodeid}", flush=True)
            if any(report.outcome != "passed" for report in reports):
                self.failed.append(item.nodeid)
        measuring.stop()
        data = measuring.get_data()
        for path, file in files.items():
            found = data.contexts_by_lineno(file)
            self.lines[path] = {line: set(ids) - {""} for line, ids in found.items()}
        for nodeid in self.failed:
            del self.by_id[nodeid]

    def ids(self, mutant, budget):
        """Return the tests that reach a mutant, fastest first, up to so many seconds."""
        lines = self.lines[mutant.path]
        first, last = mutant.reach
        near = set().union(*(lines.get(line, ()) for line in range(first, last + 1)))
        # A line outside of functions has done its work before any test begins.
        ids = near & set(self.by_id) or self.by_id
        found, total = [], 0.0
        for nodeid in sorted(ids, key=self.seconds.__getitem__):
            total += self.seconds[nodeid]
            if total > budget and found:
                break
            found.append(nodeid)
        return found

    def items(self, mutant, budget):
        return [self.by_id[nodeid] for nodeid in self.ids(mutant, budget)]

    def save(self, path):
        lines = {
            path: {line: sorted(ids) for line, ids in by_line.items()}
            for path, by_line in self.lines.items()
        }
        text = json.dumps({"seconds": self.seconds, "failed": self.failed, "lines": lines})
        path.write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, path):
        told = json.loads(path.read_text(encoding="utf-8"))
        self = cls.__new__(cls)
        self.seconds, self.failed = told["seconds"], told["failed"]
        self.by_id = {nodeid: None for nodeid in self.seconds if nodeid not in self.failed}
        self.lines = {
            path: {int(line): set(ids) for line, ids in by_line.items()}
            for path, by_line in told["lines"].items()
        }
        return self


def live_memories():
    kind = type(functools.lru_cache(len))
    found = (one for one in gc.get_objects() if isinstance(one, kind))
    return [one for one in found if str(one.__module__).startswith("claimtrack")]


def live_functions():
    """Return the functions that there are by file, name and line."""
    found = {}
    for one in gc.get_objects():
        if isinstance(one, FunctionType):
            found.setdefault(place_of(one.__code__), []).append(one)
    return found


def place_of(code):
    return code.co_filename, code.co_qualname, code.co_firstlineno


def test_changed(root, mutant, functions, memories, items):
    """Change what is there, run the tests, and return the outcome; in a process of its own."""
    file = str(root / mutant.path)
    before = compile((root / mutant.path).read_text(encoding="utf-8"), file, "exec")
    changes = changed_functions(before, compile(mutant.source, file, "exec"))
    if not changes:
        return test_constants(root, mutant, memories, items)
    if not all(place_of(old) in functions for old, _ in changes):
        return ANEW
    for old, new in changes:
        for function in functions[place_of(old)]:
            try:
                function.__code__ = new
            except ValueError:
                return ANEW
    for memory in memories:
        memory.cache_clear()
    return run_until_failure(items)


def test_constants(root, mutant, memories, items):
    """Work out the constants of a module anew from the one that is changed, and run the tests."""
    statements = ast.parse(mutant.source).body
    before = ast.parse((root / mutant.path).read_text(encoding="utf-8")).body
    if len(statements) != len(before):
        return ANEW
    pairs = enumerate(zip(statements, before, strict=True))
    place = next((place for place, (new, old) in pairs if ast.dump(new) != ast.dump(old)), None)
    if place is None or not isinstance(statements[place], ast.Assign | ast.AnnAssign):
        return ANEW
    module = sys.modules[mutant.path.removesuffix(".py").replace("/", ".")]
    were = dict(vars(module))
    rest = [one for one in statements[place:] if isinstance(one, ast.Assign | ast.AnnAssign)]
    exec(compile(ast.Module(rest, []), mutant.path, "exec"), vars(module))  # noqa: S102
    changed = {name for name, value in vars(module).items() if were.get(name) is not value}
    for other in list(sys.modules.values()):
        for name in changed & set(getattr(other, "__dict__", ())):
            if vars(other)[name] is were.get(name):
                setattr(other, name, getattr(module, name))
    for memory in memories:
        memory.cache_clear()
    # What has made use of the constants before has not changed, so that this is not the last word.
    outcome = run_until_failure(items)
    return ANEW if outcome == SURVIVED else outcome


def run_until_failure(items):
    for item, following in zip(items, [*items[1:], None], strict=True):
        reports = runtestprotocol(item, log=False, nextitem=following)
        if any(report.failed for report in reports):
            return f"{KILLED} by {item.nodeid}"
    return SURVIVED


def changed_functions(before, after):
    """Return the pairs of the functions that differ; none if what is around them does."""
    if body(before) != body(after):
        return []
    found = []
    for old, new in zip(inner(before), inner(after), strict=True):
        if old == new:
            continue
        if old.co_flags & CO_OPTIMIZED:
            found.append((old, new))
            continue
        changes = changed_functions(old, new)
        if not changes:
            return []
        found += changes
    return found


CO_OPTIMIZED = 1  # set on functions, not on the bodies of modules and classes


def body(code):
    constants = [repr(one) for one in code.co_consts if not isinstance(one, CodeType)]
    return code.co_code, constants, code.co_names, len(inner(code))


def inner(code):
    return [one for one in code.co_consts if isinstance(one, CodeType)]


def in_fork(call, seconds):
    """Return what *call* returns in a fork, which may take so much time of the processor."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        outcome = KILLED
        try:
            signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
            # And a longer time by the clock, for one that waits and does nothing.
            signal.setitimer(signal.ITIMER_REAL, 30 * seconds)
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            outcome = call()
        except BaseException:
            traceback.print_exc()
            raise
        finally:
            os.write(writer, outcome.encode())
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        told = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        is_time = os.WTERMSIG(status) in {signal.SIGVTALRM, signal.SIGALRM}
        return TIMED_OUT if is_time else KILLED
    return told or KILLED
