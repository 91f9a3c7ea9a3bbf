"""
The hooks of a test run with a registry; this module is imported when the first one is found.

pytest makes three reports of each test: for set-up, call and tear-down. Records have no set-up, and
with many thousands of items most of the time goes into reports, so each has one report only. The
last item of each file runs as pytest does it, to tear down what tests before it have set up.
"""

import os
import shutil
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal, TypeGuard

import attrs
import pytest

from claimtrack.engine.user_functions import HOOK, returned_checks
from claimtrack.errors import ClaimTrackError
from claimtrack.escape import for_log_line
from claimtrack.lint.run import FailOn
from claimtrack.model.records import Stance
from claimtrack.registry import Registry
from claimtrack.report.audit import audit_table, counts_lines
from claimtrack.report.formats import render, render_line
from claimtrack.testing.hookspecs import WITNESS
from claimtrack.testing.items import ClaimItem, Deferred, RecordItem, register_markers
from claimtrack.testing.registries import Loaded, PastOf, Testimony, Witnesses

MOST_ROWS: Final = 200
"""Claims whose audit is printed whole; of a larger registry only the counts are."""

SNAPSHOTS: Final = "CLAIMTRACK_SNAPSHOTS"
"""The variable of the environment that names the folder with private copies of sources."""

_WIDTH: Final = 120


class Run:
    """
    The registries of one test run, and the hooks that deal with them.

    Args:
        config: That of the run.
        as_of: The day of the run, ``YYYY-MM-DD``.
        past_of: Returns the edits of claims; None without git.
    """

    def __init__(self, config: pytest.Config, as_of: str, past_of: PastOf | None = None) -> None:
        self.config = config
        self.as_of = as_of
        self._past_of = past_of
        self._snapshots = os.environ.get(SNAPSHOTS)
        self._fail_on = FailOn.of(config.getini("claimtrack_fail_on"))
        self.registries: dict[Path, Loaded] = {}
        self.witnesses = Witnesses()
        self._testifying: dict[str, tuple[Testimony, ...]] = {}
        self._malformed: list[pytest.UsageError] = []
        self.deferred: list[Deferred] = []
        self._is_worker = hasattr(config, "workeroutput")

    def loaded(self, root: Path) -> Loaded:
        """
        Return the registry at *root*, loaded on first use.

        Raises:
            pytest.UsageError: A mark of a test is malformed, or a hook did not return functions.
        """
        if root not in self.registries:
            loaded = Loaded(
                root, self.as_of, self._fail_on, self._past_of, self.witnesses, self._snapshots
            )
            self.registries[root] = loaded
            if not loaded.problems:
                loaded.registry = self._with_checks(loaded.registry, root)
                register_markers(self.config, loaded.registry)
        self._refuse_malformed_marks()
        return self.registries[root]

    def _with_checks(self, registry: Registry, path: Path) -> Registry:
        """
        Return *registry* with the functions that the hooks of the project return.

        Raises:
            pytest.UsageError: A hook returned something else.
        """
        hook = self.config.hook.pytest_claimtrack_registry
        results = hook(registry=registry, path=path)
        # pytest drops the results of hooks that return None, which is an error here.
        called = [impl for impl in hook.get_hookimpls() if not (impl.wrapper or impl.hookwrapper)]
        missing = [None] * (len(called) - len(results))
        by = f"{HOOK} of {' or '.join(str(impl.plugin_name) for impl in called)}"
        try:
            for returned in (*missing, *results):
                registry = registry.with_checks(returned_checks(returned, by))
        except ClaimTrackError as error:
            raise pytest.UsageError(str(error)) from error
        return registry

    def expect(self, items: list[pytest.Item]) -> None:
        """
        Note which of the tests that are going to run testify on claims.

        In a project without a registry the mark may belong to another plugin, so malformed marks
        are an error only once there is a registry.
        """
        for item in items:
            try:
                testimonies = tuple(testimonies_of(item))
            except pytest.UsageError as error:
                self._malformed.append(error)
            else:
                if testimonies:
                    self._testifying[item.nodeid] = testimonies
                    self.witnesses.expect(testimonies)
        if self.registries:
            self._refuse_malformed_marks()
            self._warn_of_unknown_claims()

    def _refuse_malformed_marks(self) -> None:
        if self._malformed:
            raise self._malformed[0]

    def _warn_of_unknown_claims(self) -> None:
        known = {id_ for one in self.registries.values() for id_ in one.registry.claims}
        for claim in sorted(self.witnesses.claims() - known):
            message = f"a test testifies on claim {claim!r}, which no registry of this run has"
            self.config.issue_config_time_warning(pytest.PytestWarning(message), stacklevel=2)

    def put_claims_last(self, items: list[pytest.Item]) -> None:
        """
        Put the claims on which tests testify after all tests, whatever the order of *items*.

        Workers of xdist refer to items by their order of collection, and leave such claims to the
        controller.
        """
        if not self._is_worker:
            waiting: list[pytest.Item] = [item for item in items if self._awaits(item)]
            if waiting:
                last = set(map(id, waiting))
                items[:] = [item for item in items if id(item) not in last] + waiting

    def _awaits(self, item: pytest.Item) -> TypeGuard[ClaimItem]:
        return isinstance(item, ClaimItem) and self.witnesses.awaited(item.claim.id) > 0

    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> bool | None:
        """Run a record with a single report; all other items as pytest does."""
        if not isinstance(item, RecordItem):
            return None
        if self._awaits(item):
            if self._is_worker:
                self.deferred.append(item.deferred())
                _tear_down(item, nextitem)
                return True
            self.witnesses.is_closed = True
        if not _is_followed(item, nextitem):
            return None
        hook = item.ihook
        hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        _report(item, "call", item.runtest)
        hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        _tear_down(item, nextitem)
        return True

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Set the location of a skipped record, and receive the testimony of a test."""
        report = yield
        if isinstance(item, RecordItem):
            if report.skipped and isinstance(report.longrepr, tuple):
                report.longrepr = (str(item.path), item.line, report.longrepr[2])
        elif call.when == "call" or not report.passed:
            for one in self._testifying.get(item.nodeid, ()):
                passed = None if report.skipped else report.passed
                self.witnesses.hear(attrs.evolve(one, passed=passed))
        return report

    def pytest_sessionfinish(self) -> None:
        """Send the results of a worker of xdist to the controller."""
        self.witnesses.is_closed = True
        if self._is_worker:
            self.config.workeroutput["claimtrack"] = {  # type: ignore[attr-defined]  # of xdist
                "roots": [str(root) for root in self.registries],
                "told": [one.plain() for one in self.witnesses.all()],
                "deferred": [attrs.astuple(one) for one in self.deferred],
            }

    def take_over(self, output: Mapping[str, Any]) -> None:
        """Receive the results of a worker of xdist."""
        for root in output["roots"]:
            self.loaded(Path(root))
        for parts in output["told"]:
            self.witnesses.hear(Testimony(**parts))
        self.deferred += [Deferred(*parts) for parts in output["deferred"]]

    def settle(self) -> None:
        """Report on the claims that waited for the witnesses of all processes."""
        self.witnesses.is_closed = True
        for one in () if self._is_worker else self.deferred:
            report = one.report(self.loaded(Path(one.root)))
            self.config.hook.pytest_runtest_logreport(report=report)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the audit of each registry."""
        if self.config.option.collectonly:
            return
        for root, loaded in sorted(self.registries.items()):
            if not loaded.problems:
                name = for_log_line(_shown(root, self.config.rootpath))
                terminalreporter.section(f"claimtrack audit as of {self.as_of}: {name}")
                for line in _audit_lines(loaded):
                    terminalreporter.write_line(line)


def _audit_lines(loaded: Loaded) -> Iterator[str]:
    audit = loaded.audit
    if 0 < len(audit) <= MOST_ROWS:
        width = shutil.get_terminal_size(fallback=(_WIDTH, 24)).columns
        yield from render(audit_table(audit, audit), "table", width=width).splitlines()
    for line in counts_lines(audit):
        yield render_line(line, "table")


def _shown(root: Path, top: Path) -> str:
    return str(root.relative_to(top)) if root.is_relative_to(top) else str(root)


def testimonies_of(item: pytest.Item) -> Iterator[Testimony]:
    """
    Iterate over the testimonies that *item* gives when it runs.

    Raises:
        pytest.UsageError: A mark is malformed.
    """
    if isinstance(item, RecordItem):
        return
    for mark in item.iter_markers(WITNESS):
        try:
            yield _testimony(item.nodeid, *mark.args, **mark.kwargs)
        except (TypeError, ValueError) as error:
            message = f"{item.nodeid}: mark.{WITNESS}(id, stance='supports'): {error}"
            raise pytest.UsageError(message) from error


def _testimony(test: str, claim: str, *, stance: str = "supports") -> Testimony:
    return Testimony(claim=claim, stance=Stance(stance), test=test)


def _report(item: RecordItem, when: Literal["call", "teardown"], act: Callable[[], None]) -> None:
    """Run a phase of an item and report on it; report a tear-down only if it failed."""
    hook = item.ihook
    stop = (pytest.exit.Exception, KeyboardInterrupt)
    call = pytest.CallInfo.from_call(act, when=when, reraise=stop)
    if when == "teardown" and call.excinfo is None:
        return
    report = hook.pytest_runtest_makereport(item=item, call=call)
    hook.pytest_runtest_logreport(report=report)
    if call.excinfo is not None and report.failed:
        hook.pytest_exception_interact(node=item, call=call, report=report)


def _tear_down(item: RecordItem, nextitem: pytest.Item | None) -> None:
    """Tear down what tests before *item* have set up and *nextitem* does not need."""
    state = item.session._setupstate  # noqa: SLF001 - pytest has no other way
    _report(item, "teardown", lambda: state.teardown_exact(nextitem))


def _is_followed(item: RecordItem, nextitem: pytest.Item | None) -> bool:
    """Whether an item of the same file follows, and no mark needs pytest's own protocol."""
    if not isinstance(nextitem, RecordItem) or nextitem.path != item.path:
        return False
    return not any(item.get_closest_marker(name) for name in ("skip", "skipif", "xfail"))
