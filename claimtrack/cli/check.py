"""``claimtrack check``: everything that is wrong with a registry, for people and for CI."""

import os
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypedDict

import click

from claimtrack import __version__
from claimtrack.atomic import naming
from claimtrack.cli.main import ExitStatus
from claimtrack.cli.options import (
    as_of_option,
    checks_option,
    known_by_option,
    path_argument,
    repository_of,
    snapshots_option,
)
from claimtrack.cli.printing import print_as, print_text
from claimtrack.cli.registry import forgiving_audit, registry_at, with_captured, with_checks
from claimtrack.engine.audit import Audit
from claimtrack.errors import CODES, Finding, LoadError, Record
from claimtrack.files.folder import registry_files
from claimtrack.lint.codes import FINDING_CODES
from claimtrack.lint.context import require_decidable
from claimtrack.lint.history import Past
from claimtrack.lint.run import DEFAULT, FailOn, checked_word, examine, plugged_checks
from claimtrack.model.registry import QuotePolicy
from claimtrack.quotes.answers import QuoteReport
from claimtrack.registry import Registry
from claimtrack.report.audit import audit_table
from claimtrack.report.ci import MOST_BYTES, REPORTS, omitted_results, summary
from claimtrack.report.findings import Report, finding
from claimtrack.revisions.history import past_of

SUMMARY = "GITHUB_STEP_SUMMARY"
"""The environment variable in which GitHub names the file for the summary of a step."""


class FailOnType(click.ParamType):  # type: ignore[type-arg]  # generic only since click 8.4
    """A severity, or the code of a finding."""

    name = "severity or code"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Accept a severity, ``never``, or any code, as other packages have their own codes."""
        try:
            return checked_word(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


@click.command("check")
@path_argument
@as_of_option
@known_by_option
@checks_option
@snapshots_option
@click.option(
    "--fail-on",
    type=FailOnType(),
    multiple=True,
    default=DEFAULT,
    show_default="warning",
    metavar="WHAT",
    help="What makes the check fail: error, warning, note, never, or a code such as CT601; "
    "may be given several times.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice([*REPORTS]),
    default="text",
    show_default=True,
    help="How to print what is found; github also writes the audit to the summary of the step.",
)
@click.option(
    "--git/--no-git",
    "with_git",
    default=True,
    show_default=True,
    help="Whether git is asked for criteria that were edited after the outcome.",
)
def command(
    path: str,
    as_of: str,
    known_by: str,
    checks: tuple[str, ...],
    snapshots: str | None,
    fail_on: tuple[str, ...],
    format_: str,
    with_git: bool,  # noqa: FBT001 - click passes it by name
) -> ExitStatus:
    """
    Look for all that is wrong with a registry: statuses, facts, links, quotes, and its keeping.

    Ends with status 0 if nothing makes the check fail, 1 if something does, 3 if the registry
    cannot be read, and 4 if it has neither a fact nor a claim made by that day.
    """
    try:
        registry = registry_at(path)
        quotes = _quotes(registry, path, snapshots)
        registry = with_captured(registry, path, known_by, report=quotes or QuoteReport())
        require_decidable(registry, known_by)
    except LoadError as error:
        _print(_unreadable(error, as_of, path), format_)
        return ExitStatus.UNREADABLE
    registry = with_checks(registry, path, checks)
    audit = forgiving_audit(registry, as_of, known_by)
    past = past_of(path, registry, audit.day) if with_git else Past()
    findings = examine(
        registry,
        audit,
        edits=past.edits,
        gaps=past.gaps,
        checks=plugged_checks().values(),
        root=path,
        today=date.today(),  # noqa: DTZ011 - the user's own day
        quotes=quotes,
    )
    report = _report(registry, audit, findings, fail_on, path, quotes)
    _print(report, format_, audit)
    if report.failing:
        return ExitStatus.FINDINGS
    return ExitStatus.DONE if report.checked else ExitStatus.NOTHING_CHECKED


def _report(
    registry: Registry,
    audit: Audit,
    findings: tuple[Finding, ...],
    fail_on: tuple[str, ...],
    path: str,
    quotes: QuoteReport | None,
) -> Report:
    failing = FailOn.of(fail_on)
    return Report(
        findings=findings,
        checked=tuple(
            Record(kind=kind, id=id_)
            for kind, ids in (("claim", audit.outcomes), ("fact", registry.facts))
            for id_ in ids
        ),
        records=sum(map(len, registry.record_maps())),
        rules={**CODES, **{code: one.title for code, one in FINDING_CODES.items()}},
        fail_on=failing.severity,
        fail_on_codes=failing.codes,
        as_of=str(audit.as_of),
        version=__version__,
        remark="" if quotes is None else quotes.sentence,
        **_places(path),
    )


def _quotes(registry: Registry, path: str, snapshots: str | None) -> QuoteReport | None:
    """Look for the quotes of a registry; None if no source is pinned, and none has to be."""
    required = registry.settings.policy.quotes is QuotePolicy.REQUIRED
    if not required and not any(source.snapshot for source in registry.sources.values()):
        return None
    from claimtrack.quotes.check import check_quotes  # noqa: PLC0415 - only pinned copies need it

    return check_quotes(registry, path, snapshots)


def _unreadable(error: LoadError, as_of: str, path: str) -> Report:
    return Report(
        findings=[finding(problem) for problem in error.problems],
        records=None,
        rules=CODES,
        as_of=as_of,
        version=__version__,
        **_places(path),
    )


class _Places(TypedDict):
    first_file: str
    in_repository: Callable[[str], Path]


def _places(path: str) -> _Places:
    """Return the arguments of `Report` on the files of the registry at *path*."""
    try:
        first = registry_files(Path(path))[0].name
    except LoadError:
        first = path
    return {
        "first_file": first,
        "in_repository": partial(_in_repository, repository_of(path) or Path.cwd().resolve()),
    }


def _in_repository(top: Path, file: str) -> Path:
    folder, name = os.path.split(file)
    real = Path(os.path.realpath(folder), name)
    return real.relative_to(top) if real.is_relative_to(top) else real


def _print(report: Report, format_: str, audit: Audit | None = None) -> None:
    print_as(format_, REPORTS[format_](report))
    note = omitted_results(report) if format_ == "sarif" else ""
    if note:
        print_text(note, err=True)
    target = os.environ.get(SUMMARY)
    if format_ == "github" and target:
        tables = [] if audit is None else [audit_table(audit, audit, title="Audit")]
        with naming(target), Path(target).open("a", encoding="utf-8") as file:
            file.write(summary(report, *tables, most_bytes=MOST_BYTES - file.tell()))
