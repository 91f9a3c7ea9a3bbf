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
    room,
)
from claimtrack.cli.printing import print_as, print_data, print_text
from claimtrack.cli.registry import audit_at, registry_at
from claimtrack.escape import for_json, for_log_line
from claimtrack.report.formats import READ_BY_PROGRAMS, render, render_sheet
from claimtrack.report.ratings import (
    map_object,
    map_sheet,
    map_table,
    rating_notes,
    rating_sheet,
    rating_table,
    ratings_object,
)
from claimtrack.score.rating import load_policies, mapped_labels, policy_of, rate, scale_named


@click.command("rate")
@click.argument("path", type=click.Path(), required=False, metavar="[PATH]")
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
    "--from",
    "source_id",
    metavar="NAME",
    help="With --to, in place of --scale: the scale whose labels are mapped; PATH may be left out.",
)
@click.option("--to", "target_id", metavar="NAME", help="The scale that they are mapped to.")
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
    path: str | None,
    as_of: str,
    known_by: str,
    checks: tuple[str, ...],
    policy_id: str | None,
    source_id: str | None,
    target_id: str | None,
    add: tuple[Path, ...],
    format_: str,
    colour: str,
) -> None:
    """
    Put each claim's outcome on somebody else's scale, and say what is lost.

    With --from and --to, print what becomes of each label of one scale on the other.
    """
    if source_id is not None or target_id is not None:
        _print_map(path, source_id, target_id, policy_id, add, format_, colour)
        return
    if path is None:
        raise click.UsageError("Missing argument 'PATH'.")
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


def _print_map(
    path: str | None,
    source_id: str | None,
    target_id: str | None,
    policy_id: str | None,
    add: tuple[Path, ...],
    format_: str,
    colour: str,
) -> None:
    """Print what becomes of each label of one scale on another."""
    if source_id is None or target_id is None or policy_id is not None:
        raise click.UsageError("--from and --to go together, and without --scale.")
    own = {} if path is None else registry_at(path).scales.by_id
    source, target = (scale_named(one, add, own) for one in (source_id, target_id))
    found = mapped_labels(source, target)
    if format_ == "json":
        print_data(for_json(map_object(source, target, found), indent=2) + "\n")
    elif format_ in READ_BY_PROGRAMS:
        print_data(render_sheet(map_sheet(found), format_))
    else:
        table = map_table(source, target, found)
        text = render(table, format_, width=room(), colour=in_colour(colour))
        print_as(format_, f"{text}\n")


def _list(context: click.Context) -> None:
    for policy in load_policies().values():
        print_text(f"{policy.id}: {policy.scale.name}")
    context.exit()
