"""``claimtrack explain``: why a claim is what it is."""

import click

from claimtrack.cli.checks import add_checks, audited, checks_option
from claimtrack.cli.looking import registry_for_claim
from claimtrack.cli.options import (
    as_of_option,
    colour_option,
    in_colour,
    known_by_option,
    path_argument,
    room,
)
from claimtrack.cli.reading import registry_at
from claimtrack.engine.explain import explain
from claimtrack.report.explanation import evidence_table, heading_lines, reason_lines
from claimtrack.report.formats import render


@click.command("explain")
@click.argument("claim")
@path_argument
@as_of_option
@known_by_option
@checks_option
@colour_option
def command(
    claim: str, path: str, as_of: str, known_by: str, checks: tuple[str, ...], colour: str
) -> None:
    """Tell why CLAIM is what it is, down to each piece of evidence."""
    # A function may look at all evidence, so no part of the registry will do for it.
    registry = registry_at(path) if checks else registry_for_claim(path, claim)
    add_checks(registry, path, checks)
    audit = audited(registry, as_of, known_by, claims=[claim])
    explanation = explain(audit, claim)
    for line in heading_lines(audit, explanation):
        click.echo(line)
    click.echo()
    for line in reason_lines(audit, explanation):
        click.echo(line)
    click.echo()
    if explanation.items:
        table = evidence_table(audit, explanation)
        painted = in_colour(colour)
        click.echo(render(table, "table", width=room(), colour=painted), color=painted)
        click.echo("* the verdict rests on it")
    else:
        click.echo("no evidence on its facts")
