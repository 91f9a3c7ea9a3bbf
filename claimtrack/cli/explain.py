"""``claimtrack explain``: why a claim is what it is."""

import click

from claimtrack.cli.main import ExitStatus
from claimtrack.cli.options import (
    as_of_option,
    checks_option,
    colour_option,
    in_colour,
    known_by_option,
    path_argument,
    refuse_swapped,
    room,
    snapshots_option,
)
from claimtrack.cli.printing import print_as
from claimtrack.cli.registry import audited, registry_at, with_captured, with_checks
from claimtrack.engine.explain import explain
from claimtrack.report.explanation import explanation_text


@click.command("explain")
@click.argument("claim")
@path_argument
@as_of_option
@known_by_option
@checks_option
@snapshots_option
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="How to print it.",
)
@colour_option
def command(
    claim: str,
    path: str,
    as_of: str,
    known_by: str,
    checks: tuple[str, ...],
    snapshots: str | None,
    format_: str,
    colour: str,
) -> int:
    """Tell why CLAIM is what it is, down to each piece of evidence."""
    refuse_swapped([claim], path)
    painted = in_colour(colour)
    registry = registry_at(path)
    registry = with_captured(registry, path, known_by, snapshots)
    registry = with_checks(registry, path, checks)
    audit = audited(registry, as_of, known_by, claims=[claim])
    explanation = explain(audit, claim)
    text = explanation_text(explanation, format_, width=room(), colour=painted)
    print_as(format_, text, colour=painted)
    return ExitStatus.DONE
