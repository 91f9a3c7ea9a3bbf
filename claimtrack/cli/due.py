"""``claimtrack due``: what falls due, as a table or a calendar."""

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from claimtrack.cli.options import (
    STANDARD_OUTPUT,
    as_of_option,
    checks_option,
    identity_of,
    path_argument,
    refuse_inputs,
    room,
    rows_format_option,
    write_file,
)
from claimtrack.cli.printing import print_as, print_data, print_text
from claimtrack.cli.registry import audit_at
from claimtrack.engine.audit import Audit
from claimtrack.escape import for_json, for_log_line
from claimtrack.model.verdict import KnownBy, Status
from claimtrack.report.due import Due, calendar, due_object, due_sheet, due_table, due_within
from claimtrack.report.formats import READ_BY_PROGRAMS, render, render_sheet
from claimtrack.report.words import counted

FOREVER = 4_000_000

UNDECIDED = (Status.OVERDUE, Status.NOT_ENOUGH_EVIDENCE)
"""The statuses of claims that are due and not decided."""


@click.command("due")
@path_argument
@as_of_option
@checks_option
@click.option(
    "--within",
    type=click.IntRange(0, FOREVER),
    default=90,
    show_default=True,
    metavar="DAYS",
    help="How many days to look ahead.",
)
@click.option(
    "--ics",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Write a calendar to FILE in place of a table; - is the standard output.",
)
@rows_format_option
def command(
    path: str,
    as_of: str,
    checks: tuple[str, ...],
    within: int,
    ics: str | None,
    format_: str,
) -> None:
    """List what falls due in the coming days: claims, reviews, and ends of days of grace."""
    if ics is not None:
        refuse_inputs([ics], [path], *checks)
    audit = audit_at(path, as_of, KnownBy.PUBLISHED, checks)
    dues = due_within(audit, within)
    if ics is not None:
        _write_calendar(audit, dues, path, ics)
        if not dues:
            nothing = f"nothing due within {counted(within, 'day')} of {audit.as_of}"
            print_text(f"{nothing}: the calendar has no event", err=True)
    elif format_ == "json":
        print_data(for_json(due_object(audit, dues), indent=2) + "\n")
    elif format_ in READ_BY_PROGRAMS:
        print_data(render_sheet(due_sheet(audit, dues), format_))
    elif dues:
        print_as(format_, render(due_table(audit, dues), format_, width=room()))
    if ics is None and format_ == "table":
        print_text(f"{len(dues) or 'nothing'} due within {counted(within, 'day')} of {audit.as_of}")
        for line in _undecided(audit, path, checks):
            print_text(line)


def _write_calendar(audit: Audit, dues: Iterable[Due], path: str, file: str) -> None:
    name = audit.records.settings.title or Path(path).resolve().name
    identity, advice = identity_of(audit.records, path)
    text = calendar(dues, name=name, identity=identity, as_of=str(audit.as_of))
    if file == STANDARD_OUTPUT:
        print_data(text)
    else:
        write_file(file, text)
    if advice:
        print_text(advice, err=True)


def _undecided(audit: Audit, path: str, checks: tuple[str, ...]) -> Iterator[str]:
    """Say how many claims are due and not decided, if any are, with the command that lists them."""
    counts = Counter(outcome.status for outcome in audit.outcomes.values())
    statuses = [status for status in UNDECIDED if counts[status]]
    if statuses:
        count = sum(counts[status] for status in statuses)
        command_line = ["claimtrack", "audit", path]
        command_line += [part for one in statuses for part in ("--status", one)]
        command_line += ["--as-of", str(audit.as_of)]
        command_line += [part for one in checks for part in ("--checks", one)]
        what = f"{counted(count, 'claim')} {'is' if count == 1 else 'are'} due already"
        yield for_log_line(f"{what} and not decided: {shlex.join(command_line)}")
