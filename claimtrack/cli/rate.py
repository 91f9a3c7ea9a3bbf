"""``claimtrack rate``: each claim's outcome on somebody else's scale."""

from collections import Counter
from pathlib import Path
from typing import Final

import click

from claimtrack.cli.options import (
    as_of_option,
    checks_option,
    colour_option,
    in_colour,
    known_by_option,
    path_argument,
    room,
)
from claimtrack.cli.printing import print_as, print_data, print_text
from claimtrack.cli.registry import audit_at
from claimtrack.engine.audit import Audit
from claimtrack.escape import for_json, for_log_line
from claimtrack.report.formats import FORMATS, READ_BY_PROGRAMS, render, render_sheet
from claimtrack.report.table import Sheet, Table
from claimtrack.score.rating import Rating, RatingPolicy, load_policies, policy_of, rate

COLUMNS: Final = (
    *("claim", "status", "outcome", "rating", "editor"),
    *("otherwise", "unrated", "loses"),
)


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
    help="The policy that says which label an outcome gets; those shipped are called as scales.",
)
@click.option(
    "--list",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda context, _, wanted: _list(context) if wanted else None,
    help="Print the policies that are shipped, and stop.",
)
@click.option(
    "--add",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="A folder with more, in its folders scales and policies.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice([*FORMATS]),
    default="table",
    show_default=True,
    metavar="NAME",
    help="How to print it; json is one object for programs.",
)
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
    policy = policy_of(policy_id, add)
    audit = audit_at(path, as_of, known_by, checks)
    ratings = list(rate(audit, policy))
    if format_ == "json":
        print_data(for_json(_object(audit, policy, ratings), indent=2) + "\n")
    elif format_ in READ_BY_PROGRAMS:
        sheet = Sheet.of(COLUMNS, map(_rating_object, ratings))
        print_data(render_sheet(sheet, format_))
    else:
        table = _table(audit, policy, ratings)
        text = render(table, format_, width=room(), colour=in_colour(colour))
        print_as(format_, f"{text}\n")
        _print_counts(policy, ratings, format_)


def _list(context: click.Context) -> None:
    for policy in load_policies().values():
        print_text(f"{policy.id}: {policy.scale.title}")
    context.exit()


def _table(audit: Audit, policy: RatingPolicy, ratings: list[Rating]) -> Table:
    return Table(
        title=f"{policy.scale.title}, as of {audit.as_of} (policy {policy.id})",
        header=("claim", "status", "rating", "also", "lost"),
        rows=[
            (
                rating.verdict.claim,
                rating.verdict.status.value,
                rating.row.shown,
                ", ".join(rating.row.otherwise),
                rating.loses or "",
            )
            for rating in ratings
        ],
        shrink=(("lost", 24), ("status", 13), ("rating", 12), ("lost", 16)),
        wrap=("status", "rating", "also", "lost"),
        status="status",
    )


def _print_counts(policy: RatingPolicy, ratings: list[Rating], format_: str) -> None:
    counts = Counter(rating.row.shown for rating in ratings)
    for shown, count in counts.most_common():
        print_as(format_, for_log_line(f"{count:5}  {shown}") + "\n")
    if policy.note:
        print_as(format_, f"{for_log_line(policy.note)}\n")


def _object(audit: Audit, policy: RatingPolicy, ratings: list[Rating]) -> dict[str, object]:
    return {
        "as_of": str(audit.as_of),
        "policy": policy.id,
        "scale": policy.scale.id,
        "ratings": [_rating_object(rating) for rating in ratings],
    }


def _rating_object(rating: Rating) -> dict[str, object]:
    return {
        "claim": rating.verdict.claim,
        "status": rating.verdict.status.value,
        "outcome": rating.outcome.value,
        "rating": rating.row.label,
        "editor": rating.row.editor,
        "otherwise": list(rating.row.otherwise),
        "unrated": rating.row.unrated,
        "loses": rating.loses,
    }
