"""
The hooks of the pytest plugin.

In a project without a registry the library is not imported; only files with the endings of
registry files are inspected.
"""

from collections.abc import Generator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from claimtrack.testing import hookspecs
from claimtrack.testing.folders import ENDINGS, Folders, Look, look_at

if TYPE_CHECKING:
    from claimtrack.engine.audit import Audit
    from claimtrack.lint.history import Past
    from claimtrack.model.span import Day
    from claimtrack.registry import Registry
    from claimtrack.testing.run import Run

FOLDERS: Final[pytest.StashKey[Folders]] = pytest.StashKey()
RUN: Final[pytest.StashKey["Run"]] = pytest.StashKey()

FAIL_ON: Final = ["warning"]
MARKERS: Final = (
    "claim(id, stance='supports'): the outcome of the test is a witness for a claim in this run",
    "status_*, kind_*, topic_*, speaker_*: of the claims, readings and facts of a registry",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--as-of`` and the setting that names a registry."""
    group = parser.getgroup("claimtrack", "registries of claims")
    group.addoption(
        "--as-of",
        dest="claimtrack_as_of",
        metavar="DAY",
        help="the last day whose publications count, YYYY-MM-DD; today if not given",
    )
    parser.addini("claimtrack_registry", "the registry of the fixtures `registry` and `audit`")
    parser.addini(
        "claimtrack_fail_on",
        "which findings make an item fail: error, warning, note, never, or codes",
        type="args",
        default=FAIL_ON,
    )
    parser.addini(
        "claimtrack_git",
        "whether git is asked for criteria that were edited after the outcome",
        type="bool",
        default=True,
    )


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Register the hook that returns checks."""
    hookspecs.pytest_addhooks(pluginmanager)


def pytest_configure(config: pytest.Config) -> None:
    """Set the day, once for all processes of the run, and register the marks."""
    day = config.option.claimtrack_as_of
    config.option.claimtrack_header = day is not None
    config.option.claimtrack_as_of = _day(day or "today")
    if config.getini("claimtrack_fail_on") != FAIL_ON:
        _check_fail_on(config.getini("claimtrack_fail_on"))
    for line in MARKERS:
        config.addinivalue_line("markers", line)
    config.stash[FOLDERS] = Folders(config.rootpath, _given(config))


def _check_fail_on(fail_on: list[str]) -> None:
    from claimtrack.lint.run import FailOn  # noqa: PLC0415 - only where it is set

    try:
        FailOn.of(fail_on)
    except ValueError as error:
        message = f"claimtrack_fail_on: {error}"
        raise pytest.UsageError(message) from error


def _day(text: str) -> str:
    if text == "today":
        return date.today().isoformat()  # noqa: DTZ011 - the user's own day
    try:
        day = date.fromisoformat(text).isoformat()
    except ValueError:
        day = ""
    if day != text:
        message = f"--as-of: {text!r} is not one full day; expected YYYY-MM-DD"
        raise pytest.UsageError(message)
    return day


def _given(config: pytest.Config) -> list[Path]:
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        return []
    here = config.invocation_params.dir
    return [Path(here, argument.partition("::")[0]).absolute() for argument in config.args]


def _run(config: pytest.Config) -> "Run":
    """Return the run, which begins when the first registry is found."""
    if RUN not in config.stash:
        from claimtrack.testing.run import Run  # noqa: PLC0415 - only where there is a registry

        past_of = _past_of if config.getini("claimtrack_git") else None
        config.stash[RUN] = Run(config, config.option.claimtrack_as_of, past_of)
        config.pluginmanager.register(config.stash[RUN], "claimtrack-run")
    return config.stash[RUN]


def _past_of(path: Path, registry: "Registry", day: "Day") -> "Past":
    """Return the edits of the claims of a registry in git, and what could not be read."""
    from claimtrack.revisions.history import past_of  # noqa: PLC0415 - as in `_run`

    return past_of(path, registry, day)


def pytest_report_header(config: pytest.Config) -> str | None:
    """Return the day of the audit, if it was given or a registry is given."""
    folders = config.stash[FOLDERS]
    for path in folders.given:
        if folders.settings_in(path) if path.is_dir() else look_at(path) is not Look.NOTHING:
            config.option.claimtrack_header = True
    if not config.option.claimtrack_header:
        return None
    return f"claimtrack: as of {config.option.claimtrack_as_of}"


def pytest_report_collectionfinish(config: pytest.Config) -> Sequence[str]:
    """Return the day of the audit, if the header came before the first registry was found."""
    if RUN not in config.stash or config.option.claimtrack_header:
        return ()
    return (f"claimtrack: as of {config.option.claimtrack_as_of}",)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the files of registries."""
    if not file_path.name.endswith(ENDINGS):
        return None
    root = parent.config.stash[FOLDERS].registry_of(file_path)
    if root is None:
        return None
    from claimtrack.testing.items import RegistryFile  # noqa: PLC0415 - as in `_run`

    # pytest makes nodes of the files beside the named one, too, and does not collect them.
    return RegistryFile.of(parent, file_path, lambda: _run(parent.config).loaded(root))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Find the tests that testify on claims, before any test runs."""
    marked = any(item.get_closest_marker(hookspecs.WITNESS) for item in session.items)
    if marked or RUN in session.config.stash:
        _run(session.config).expect(session.items)


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Decide the claims on which tests testify after all tests of all processes."""
    if RUN in session.config.stash:
        session.config.stash[RUN].put_claims_last(session.items)
    outcome = yield
    if RUN in session.config.stash:
        session.config.stash[RUN].settle()
    return outcome


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:  # noqa: ANN401 - of xdist, which may be absent
    """Receive the results of a worker of xdist."""
    output = getattr(node, "workeroutput", {}).get("claimtrack")
    if output is not None:
        _run(node.config).take_over(output)


@pytest.fixture(scope="session")
def as_of(request: pytest.FixtureRequest) -> date:
    """Return the day of the run: that of ``--as-of``, or today."""
    return date.fromisoformat(_run(request.config).as_of)


@pytest.fixture(scope="session")
def registry(request: pytest.FixtureRequest) -> "Registry":
    """Return the registry of the run: that of ``claimtrack_registry``, or the only one."""
    config = request.config
    loaded = _run(config).loaded(_root(config))
    if loaded.problems:
        pytest.fail("\n".join(map(str, loaded.problems)), pytrace=False)
    return loaded.registry


def _root(config: pytest.Config) -> Path:
    named = config.getini("claimtrack_registry")
    if named:
        return config.rootpath / str(named)
    found = sorted(_run(config).registries)
    if not found:
        folders = config.stash[FOLDERS]
        below = (path for path in sorted(config.rootpath.iterdir()) if path.is_dir())
        found = sorted(
            {
                root
                for file in folders.settings_in(config.rootpath)
                if (root := folders.registry_of(file)) is not None
            }
        )
        found += [path for path in below if len(folders.settings_in(path)) == 1]
    if len(found) != 1:
        several = "several registries" if found else "no registry"
        pytest.fail(f"there is {several}; name one with claimtrack_registry", pytrace=False)
    return found[0]


@pytest.fixture(scope="session")
def audit(request: pytest.FixtureRequest, registry: "Registry") -> "Audit":
    """Return the audit of the registry of the run, as of the day of the run."""
    return registry.audit(_run(request.config).as_of)
