"""``claimtrack diff``: which statuses changed, and why."""

import click

from claimtrack.cli.options import (
    DAY,
    checks_option,
    colour_option,
    in_colour,
    known_by_option,
    output_options,
    outputs_of,
    refuse_inputs,
    room,
    write_all,
)
from claimtrack.cli.printing import print_text
from claimtrack.cli.registry import audited, registry_at, warn_of_missing_checks, with_checks
from claimtrack.engine.diff import Diff
from claimtrack.escape import for_log_line
from claimtrack.model.verdict import KnownBy
from claimtrack.registry import Registry
from claimtrack.report.diff import diff_text
from claimtrack.revisions.snapshot import left_out, load_revision

BOTH = 2


@click.command("diff")
@click.argument("paths", nargs=-1, required=True, type=click.Path(), metavar="PATH [PATH]")
@click.option(
    "--as-of",
    "days",
    type=DAY,
    multiple=True,
    metavar="DAY",
    help="The day of both audits, or, given twice, that of the first and that of the second "
    "(YYYY-MM-DD). [default: today]",
)
@click.option("--from", "old", metavar="REV", help="Take PATH as it was in this git revision.")
@click.option(
    "--to",
    "new",
    metavar="REV",
    help="Hold it against this revision; against the files as they are if left out.",
)
@known_by_option
@checks_option
@output_options
@click.option("--exit-code", is_flag=True, help="End with status 1 if anything changed.")
@colour_option
def command(
    paths: tuple[str, ...],
    days: tuple[str, ...],
    old: str | None,
    new: str | None,
    known_by: str,
    checks: tuple[str, ...],
    outputs: tuple[str, ...],
    formats: tuple[str, ...],
    exit_code: bool,  # noqa: FBT001 - click gives it by name
    colour: str,
) -> int:
    """
    Print which statuses, delays and readings changed, each with the one thing that changed it.

    Between two days, two registries, or two git revisions of one.
    """
    if known_by == KnownBy.CAPTURED:
        message = "--known-by captured is not compared; expected published or recorded"
        raise click.UsageError(message)
    wanted = outputs_of(outputs, formats)
    refuse_inputs(outputs, paths, *checks)
    first, second = _registries(paths, days, old, new)
    before, after = _days(days)
    is_one = second is first
    first = with_checks(first, paths[0], checks)
    second = first if is_one else with_checks(second, paths[-1], checks)
    audits = audited(first, before, known_by), audited(second, after, known_by)
    warn_of_missing_checks(audits[1])
    diff = Diff(*audits)
    painted = in_colour(colour)
    write_all(
        wanted,
        lambda name: diff_text(diff, name, width=room(), colour=painted),
        lambda name: diff_text(diff, name),
        colour=painted,
    )
    return int(exit_code and bool(diff.changes))


def _days(days: tuple[str, ...]) -> tuple[str, str]:
    if len(days) > BOTH:
        message = f"got {len(days)} days; expected --as-of once or twice"
        raise click.UsageError(message)
    given = days or (DAY.convert("today", None, None),)
    return given[0], given[-1]


def _registries(
    paths: tuple[str, ...], days: tuple[str, ...], old: str | None, new: str | None
) -> tuple[Registry, Registry]:
    if len(paths) > BOTH or (len(paths) == BOTH and (old or new)):
        message = "expected PATH with --from, or two PATHs, or PATH with --as-of twice"
        raise click.UsageError(message)
    if len(paths) == BOTH:
        return registry_at(paths[0]), registry_at(paths[1])
    path = paths[0]
    if old is None and (new is not None or len(days) < BOTH):
        message = "nothing to compare; expected --as-of twice, --from REV, or a second PATH"
        raise click.UsageError(message)
    if old is None:
        first = registry_at(path)
        return first, first
    return _at(path, old), _working_tree(path) if new is None else _at(path, new)


def _working_tree(path: str) -> Registry:
    """Load the registry at *path* from its files, and note which a sparse checkout lacks."""
    registry = registry_at(path)
    _note(left_out(path))
    return registry


def _at(path: str, revision: str) -> Registry:
    """Load the registry at *path* as of *revision*, and note what is not read."""
    snapshot = load_revision(path, revision)
    for line in snapshot.unread:
        _note(line)
    return snapshot.registry


def _note(line: str | None) -> None:
    if line is not None:
        print_text(for_log_line(f"note: {line}"), err=True)
