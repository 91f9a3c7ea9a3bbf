"""
What a test run does once a registry was found in it; until then none of this is loaded.

pytest gives each test three reports: of its set-up, its call and its tear-down. Claims have
nothing to set up, and with many thousands of items the reports are most of the time, so our items
give one report. The last item of each file goes the long way, which takes down what the tests
before have set up.
"""

import shutil
from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import attrs
import pytest

from claimtrack.health.failing import FailOn
from claimtrack.model.evidence import Stance
from claimtrack.report.audit_table import audit_table, counts_lines
from claimtrack.report.escape import for_log_line
from claimtrack.report.formats import render, render_line
from claimtrack.testing.deferred import Deferred
from claimtrack.testing.items import ClaimItem, RecordItem
from claimtrack.testing.loaded import Loaded, PastOf
from claimtrack.testing.witnesses import Testimony

MOST_ROWS: Final = 200
"""Claims whose audit is printed whole; of a larger registry only the counts are."""

WITNESS: Final = "claim"
"""The mark of tests that testify."""

_WIDTH: Final = 120


class Run:
    """
    The registries of one test run, and the hooks that deal with them.

    Args:
        config: That of the run.
        as_of: The day of the run, ``YYYY-MM-DD``.
        past_of: Tells how claims were edited; None if that is not asked.
    """

    def __init__(self, config: pytest.Config, as_of: str, past_of: PastOf | None = None) -> None:
        self.config = config
        self.as_of = as_of
        self._past_of = past_of
        self._fail_on = FailOn.of(config.getini("claimtrack_fail_on"))
        self.registries: dict[Path, Loaded] = {}
        self.told: list[Testimony] = []
        self.deferred: list[Deferred] = []
        self._is_worker = hasattr(config, "workeroutput")

    def loaded(self, root: Path) -> Loaded:
        """Return the registry at *root*; it is loaded when it is asked for first."""
        if root not in self.registries:
            found = self.registries[root] = Loaded(root, self.as_of, self._fail_on, self._past_of)
            if not found.problems:
                hook = self.config.hook
                hook.pytest_claimtrack_registry(registry=found.registry, path=root)
        return self.registries[root]

    def hear(self, testimony: Testimony) -> None:
        """Take down what a test testified."""
        self.told.append(testimony)
        for loaded in self.registries.values():
            loaded.hear(testimony)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Put claims on which tests testify behind all tests."""
        testifying = [item for item in items if any(testimonies_of(item))]
        if not testifying:
            return
        claims = {one.claim for item in testifying for one in testimonies_of(item)}
        waiting: list[pytest.Item] = [
            item for item in items if isinstance(item, ClaimItem) and item.claim.id in claims
        ]
        behind = set(map(id, waiting))
        items[:] = [item for item in items if id(item) not in behind] + waiting

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Count the witnesses of each claim, after tests were deselected."""
        awaited = Counter(one.claim for item in session.items for one in testimonies_of(item))
        for loaded in self.registries.values():
            loaded.awaited = awaited
        known = {id_ for one in self.registries.values() for id_ in one.registry.claims}
        for claim in sorted(awaited.keys() - known):
            message = f"a test testifies on claim {claim!r}, which no registry of this run has"
            self.config.issue_config_time_warning(pytest.PytestWarning(message), stacklevel=2)

    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> bool | None:
        """Run one of our items with a single report; all others as pytest does."""
        if not isinstance(item, RecordItem):
            return None
        if self._is_worker and isinstance(item, ClaimItem) and self._awaits(item):
            self.deferred.append(item.deferred())
            return True
        if not _is_followed(item, nextitem):
            return None
        hook = item.ihook
        hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        stop = (pytest.exit.Exception, KeyboardInterrupt)
        call = pytest.CallInfo.from_call(item.runtest, when="call", reraise=stop)
        report = hook.pytest_runtest_makereport(item=item, call=call)
        hook.pytest_runtest_logreport(report=report)
        if call.excinfo is not None and report.failed:
            hook.pytest_exception_interact(node=item, call=call, report=report)
        hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        # Only nodes of ours can be left here, of an item that went the long way for its marks.
        item.session._setupstate.teardown_exact(nextitem)  # noqa: SLF001 - pytest has no other way
        return True

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Say where a skipped record stands, and hear what a test testifies."""
        report = yield
        if isinstance(item, RecordItem):
            if report.skipped and isinstance(report.longrepr, tuple):
                report.longrepr = (str(item.path), item.line, report.longrepr[2])
        elif call.when == "call" or not report.passed:
            for one in testimonies_of(item):
                passed = None if report.skipped else report.passed
                self.hear(attrs.evolve(one, passed=passed))
        return report

    def _awaits(self, item: ClaimItem) -> bool:
        return item.loaded.awaited[item.claim.id] > 0

    def pytest_sessionfinish(self) -> None:
        """Tell the process that started this one, if one did, what was found here."""
        if self._is_worker:
            self.config.workeroutput["claimtrack"] = {  # type: ignore[attr-defined]  # of xdist
                "roots": [str(root) for root in self.registries],
                "told": [(one.claim, one.stance.value, one.test, one.passed) for one in self.told],
                "deferred": [attrs.astuple(one) for one in self.deferred],
            }

    def take_over(self, output: Mapping[str, Any]) -> None:
        """Take over what another process found."""
        for root in output["roots"]:
            self.loaded(Path(root))
        for claim, stance, test, passed in output["told"]:
            self.hear(Testimony(claim=claim, stance=stance, test=test, passed=passed))
        self.deferred += [Deferred(*parts) for parts in output["deferred"]]

    def settle(self) -> None:
        """Report on the claims that had to wait for the witnesses of all processes."""
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
    Iterate over what *item* would testify, were it to run.

    Raises:
        pytest.UsageError: A mark is not well formed.
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


def _is_followed(item: RecordItem, nextitem: pytest.Item | None) -> bool:
    """Say whether an item of the same file follows, and no mark asks for the long way."""
    if not isinstance(nextitem, RecordItem) or nextitem.path != item.path:
        return False
    return not any(item.get_closest_marker(name) for name in ("skip", "skipif", "xfail"))
