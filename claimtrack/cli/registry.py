"""Loading and auditing a registry with its checks, for commands."""

import importlib
import importlib.util
import inspect
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from claimtrack.cli.printing import print_text
from claimtrack.cli.progress import WORTH_SHOWING, is_shown, progress
from claimtrack.engine.audit import Audit
from claimtrack.engine.user_functions import HOOK, returned_checks, try_check, words_of
from claimtrack.errors import ClaimTrackError
from claimtrack.escape import for_log_line
from claimtrack.files.folder import CLAIMS_TABLE, files_below, registry_files
from claimtrack.files.load import load, load_files, size_of
from claimtrack.model.span import day_of
from claimtrack.model.verdict import KnownBy
from claimtrack.quotes.answers import QuoteReport
from claimtrack.registry import Registry

SNAPSHOTS_VARIABLE: Final = "CLAIMTRACK_SNAPSHOTS"
"""The environment variable that names the folder with private copies of sources."""


def registry_at(path: str) -> Registry:
    """
    Load the registry at *path*, with a progress bar on terminals if that takes long.

    Raises:
        LoadError: As `claimtrack.load` does.
    """
    if not is_shown():
        return load(path)
    files = registry_files(Path(path))
    total = sum(map(size_of, files))
    if total < WORTH_SHOWING:
        return load_files(files, path)
    with progress("reading", total) as advance:
        return load_files(files, path, progress=advance)


def is_parquet(path: str) -> bool:
    """
    Whether *path* is a folder of Parquet tables.

    Raises:
        LoadError: It has Parquet tables and files of a registry.
    """
    if not (Path(path) / CLAIMS_TABLE).exists():
        return False
    files_below(Path(path))  # refuses both in one folder
    return True


_OURS: Final = str(Path(__file__).parents[1])
_FROM_PYTHON: Final = "<frozen "


class ChecksError(ClaimTrackError, ValueError):
    """
    Checks cannot be used, or one failed to run.

    Args:
        code: A key of `claimtrack.errors.CODES`.
        message: What is wrong, in one line.
        frames: The frames in the user's code, the innermost last.
    """

    def __init__(self, code: str, message: str, frames: tuple[str, ...] = ()) -> None:
        super().__init__(code, message, frames)
        self.code = code
        self.message = message
        self.frames = frames

    def __str__(self) -> str:
        return "\n".join((f"{self.code} {self.message}", *(f"    {one}" for one in self.frames)))


def with_checks(registry: Registry, path: str, named: Iterable[str]) -> Registry:
    """
    Return *registry* with the checks that the function of each file or module *named* returns.

    Args:
        registry: The registry.
        path: Its path; the function may have it as a parameter.
        named: Paths of Python files, or names of installed modules.

    Raises:
        ChecksError: One of them cannot be run, has no such function, or returns something else.
    """
    for name in named:
        with _import_path_of(name):
            module = _run(name)
            register = getattr(module, HOOK, None)
            if not callable(register):
                message = f"checks {name!r} have no function {HOOK}(registry)"
                raise ChecksError("CT902", message)
            with _as_checks_error(f"checks {name!r} cannot be used"):
                result = _call(register, registry=registry, path=Path(path).absolute())
                registry = registry.with_checks(returned_checks(result))
    return registry


def audited(
    registry: Registry,
    as_of: str,
    known_by: KnownBy | str = KnownBy.PUBLISHED,
    claims: Iterable[str] | None = None,
) -> Audit:
    """
    Return the audit of *registry*, with the answers of its checks.

    Args:
        registry: The registry, with its checks.
        as_of: The day of the audit.
        known_by: Whether publications or the registry's records count.
        claims: The claims whose checks have to run; None for all.

    Raises:
        ChecksError: The check of one of these claims failed to run.
    """
    audit = forgiving_audit(registry, as_of, known_by)
    required = registry.checks.keys() if claims is None else registry.checks.keys() & set(claims)
    if required:
        _ = audit.outcomes  # runs them
    for id_ in sorted(required & audit.answers.keys()):
        answer = audit.answers[id_]
        if answer.error is not None:
            message = f"the check of claim {id_!r} {answer.because}"
            raise ChecksError("CT403", message, _frames(answer.error))
    return audit


def with_captured(
    registry: Registry,
    path: str,
    known_by: KnownBy | str,
    snapshots: str | None = None,
    report: QuoteReport | None = None,
) -> Registry:
    """
    Return *registry* with the days on which copies were captured, if *known_by* asks for them.

    Says on the standard error how many sources are pinned, and how many quotes were checked.

    Args:
        registry: What was loaded.
        path: Its folder or file.
        known_by: The day from which reports count.
        snapshots: The folder with private copies; that of the environment if None.
        report: What became of the quotes, if that is known already.
    """
    if known_by != KnownBy.CAPTURED:
        return registry
    from claimtrack.quotes.check import captured_days, check_quotes  # noqa: PLC0415 - rarely

    if report is None:
        report = check_quotes(registry, path, snapshots or os.environ.get(SNAPSHOTS_VARIABLE))
        print_text(for_log_line(report.sentence), err=True)
    return registry.with_captured(captured_days(registry, report))


def audit_at(
    path: str,
    as_of: str,
    known_by: KnownBy | str,
    checks: Iterable[str] = (),
    snapshots: str | None = None,
) -> Audit:
    """
    Load and audit the registry at *path* with the functions in *checks*.

    Warns on the standard error of claims that were signed as decided by a missing function.

    Raises:
        ChecksError: A file of checks cannot be used, or a check failed to run.
        LoadError: The registry cannot be read.
    """
    registry = registry_at(path)
    registry = with_captured(registry, path, known_by, snapshots)
    registry = with_checks(registry, path, checks)
    audit = audited(registry, as_of, known_by)
    warn_of_missing_checks(audit)
    return audit


def warn_of_missing_checks(audit: Audit) -> None:
    """Warn on the standard error of claims that were signed as decided by a missing function."""
    for id_ in audit.outcomes:
        if audit.lacks_check(id_):
            message = f"claim {id_!r} was signed as decided by a function, which was not asked"
            print_text(for_log_line(f"{message}: --checks FILE names its file"), err=True)


def forgiving_audit(
    registry: Registry, as_of: str, known_by: KnownBy | str = KnownBy.PUBLISHED
) -> Audit:
    """Return the audit of *registry*, in which a check that fails to run gives an answer, too."""
    return Audit(registry.index(known_by), day_of(as_of), registry.checks, run=try_check)


def _run(name: str) -> ModuleType:
    if not _is_file(name):
        with _as_checks_error(f"checks {name!r} cannot be imported"):
            try:
                return importlib.import_module(name)
            except ModuleNotFoundError as error:
                if error.name is None or not f"{name}.".startswith(f"{error.name}."):
                    raise
                message = f"checks {name!r} are no module; a file is named with its ending .py"
                raise ChecksError("CT902", message) from error
    import hashlib  # noqa: PLC0415 - which takes long to import

    path = Path(name).absolute()
    # Files have modules of different names, also where the files have the same name.
    number = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
    spec = importlib.util.spec_from_file_location(f"_claimtrack_checks_{number}", path)
    if spec is None or spec.loader is None:
        raise ChecksError("CT902", f"checks {name!r} are no Python file; expected a name in .py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    with _as_checks_error(f"checks {name!r} cannot be run"):
        spec.loader.exec_module(module)
    return module


def _is_file(name: str) -> bool:
    return name.endswith(".py") or "/" in name or os.sep in name


@contextmanager
def _import_path_of(name: str) -> Iterator[None]:
    """Let a file import from its own folder, last on the path, so that nothing is shadowed."""
    before = list(sys.path)
    if _is_file(name):
        sys.path.append(str(Path(name).absolute().parent))
    try:
        yield
    finally:
        sys.path[:] = before


def _call(register: Callable[..., Any], **arguments: object) -> object:
    """Call the function with those of the arguments that it has as parameters, as pytest does."""
    parameters = inspect.signature(register).parameters
    return register(**{key: value for key, value in arguments.items() if key in parameters})


@contextmanager
def _as_checks_error(what: str) -> Iterator[None]:
    """
    Turn exceptions of the user's code into a `ChecksError`.

    Raises:
        ChecksError: The code raised an exception.
    """
    try:
        yield
    except ChecksError:
        raise
    except OSError as error:
        reason = error.strerror or words_of(error)
        raise ChecksError("CT902", f"{what}: {reason}", _frames(error)) from error
    except (Exception, SystemExit) as error:
        reason = str(error) if isinstance(error, ClaimTrackError) else words_of(error)
        raise ChecksError("CT902", f"{what}: {reason}", _frames(error)) from error


def _frames(error: BaseException) -> tuple[str, ...]:
    """Return the frames of *error* in the user's code."""
    frames = traceback.extract_tb(error.__traceback__)
    own = (one for one in frames if not one.filename.startswith((_OURS, _FROM_PYTHON)))
    return tuple(f"{_shown(one.filename)}:{one.lineno}: {one.line}" for one in own)


def _shown(file: str) -> str:
    path, here = Path(file), Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else file
