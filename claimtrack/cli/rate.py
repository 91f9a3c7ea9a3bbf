"""``claimtrack rate``: each claim's outcome on somebody else's scale."""

from pathlib import Path

import click

from claimtrack.cli.options import (
    as_of_option,
    checks_option,
    colour_option,
    format_option,
    in_colour,
    known_by_option,
    path_argument,
    room,
)
from claimtrack.cli.printing import print_as, print_data, print_text
from claimtrack.cli.registry import audit_at
from claimtrack.escape import for_json, for_log_line
from claimtrack.report.formats import READ_BY_PROGRAMS, render, render_sheet
from claimtrack.report.ratings import rating_notes, rating_sheet, rating_table, ratings_object
from claimtrack.score.rating import load_policies, policy_of, rate


@click.command("rate")
@path_argument
@as_of_option
@known_by_option
@checks_option
@click.option(
    "--scale",
    "--policy",
    "policy_id",
    metavar="NAME",
    help="The scale, or the policy that says which label an outcome gets.",
)
@click.option(
    "--list",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda context, _, value: _list(context) if value else None,
    help="Print the policies that are shipped, and stop.",
)
@click.option(
    "--add",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="A folder with more, in its folders scales and policies.",
)
@format_option
@colour_option
def command(
    path: str,
    as_of: str,
    known_by: str,
    checks: tuple[str, ...],
    policy_id: str | None,
    add: tuple[Path, ...],
    format_: str,
    colour: str,
) -> None:
    """Put each claim's outcome on somebody else's scale, and say what is lost."""
    if policy_id is None:
        raise click.UsageError("Missing option '--scale'; --list prints those there are.")
    audit = audit_at(path, as_of, known_by, checks)
    policy = policy_of(policy_id, add, audit.records.scales.by_id)
    ratings = list(rate(audit, policy))
    if format_ == "json":
        print_data(for_json(ratings_object(audit, policy, ratings), indent=2) + "\n")
    elif format_ in READ_BY_PROGRAMS:
        print_data(render_sheet(rating_sheet(ratings), format_))
    else:
        table = rating_table(audit, policy, ratings)
        text = render(table, format_, width=room(), colour=in_colour(colour))
        print_as(format_, f"{text}\n")
        for line in rating_notes(policy, ratings):
            print_as(format_, f"{for_log_line(line)}\n")


def _list(context: click.Context) -> None:
    for policy in load_policies().values():
        print_text(f"{policy.id}: {policy.scale.name}")
    context.exit()
