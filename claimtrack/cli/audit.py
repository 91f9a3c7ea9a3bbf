"""``claimtrack audit``: which claims held up."""

import click

from claimtrack.cli.options import (
    as_of_option,
    colour_option,
    in_colour,
    known_by_option,
    path_argument,
    room,
)
from claimtrack.engine.audit import Audit
from claimtrack.files.load import load
from claimtrack.model.verdict import Status, Verdict
from claimtrack.report.audit_json import audit_object
from claimtrack.report.audit_table import GROUPS, audit_table, counts_lines, groups
from claimtrack.report.escape import for_json
from claimtrack.report.formats import FORMATS, render, render_line

FORMAT = "table"


@click.command("audit")
@path_argument
@as_of_option
@known_by_option
@click.option("--by", type=click.Choice(list(GROUPS)), help="Group the table.")
@click.option("--speaker", multiple=True, metavar="ID", help="Only claims of this speaker.")
@click.option("--topic", multiple=True, metavar="TEXT", help="Only claims on this topic.")
@click.option(
    "--status",
    multiple=True,
    type=click.Choice([status.value for status in Status]),
    help="Only claims with this status.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice([*FORMATS]),
    default=FORMAT,
    show_default=True,
    metavar="NAME",
    help="How to print it; json is one object for programs.",
)
@colour_option
def command(
    path: str,
    as_of: str,
    known_by: str,
    by: str | None,
    speaker: tuple[str, ...],
    topic: tuple[str, ...],
    status: tuple[str, ...],
    format_: str,
    colour: str,
) -> None:
    """Print which claims held up, as of a day."""
    registry = load(path)
    for id_ in speaker:
        registry.speakers[id_]
    audit = registry.audit(as_of, known_by=known_by)
    verdicts = _wanted(audit, speaker, topic, status)
    if format_ == "json":
        click.echo(for_json(audit_object(audit, verdicts), indent=2))
    elif format_ in READ_BY_PROGRAMS:
        click.echo(render(audit_table(audit, verdicts), format_), nl=False)
    else:
        _print(audit, verdicts, by, format_, colour)


READ_BY_PROGRAMS = ("csv", "tsv", "jsonl")


def _wanted(
    audit: Audit, speaker: tuple[str, ...], topic: tuple[str, ...], status: tuple[str, ...]
) -> list[Verdict]:
    found = []
    for id_, outcome in audit.outcomes.items():
        claim = audit.records.claims[id_]
        if speaker and claim.speaker not in speaker:
            continue
        if topic and not set(topic) & set(claim.topics):
            continue
        if status and outcome.status.value not in status:
            continue
        found.append(audit[id_])
    return found


def _print(
    audit: Audit, verdicts: list[Verdict], by: str | None, format_: str, colour: str
) -> None:
    title = audit.records.settings.title
    if title:
        click.echo(f"{render_line(title, format_)}\n")
    grouped = groups(audit, verdicts, by) if by else {"": verdicts}
    for name, group in grouped.items():
        if group:
            table = audit_table(audit, group, title=name)
            painted = in_colour(colour)
            # click would take the colours out again where the output is no terminal.
            click.echo(render(table, format_, width=room(), colour=painted), color=painted)
    for line in counts_lines(audit, len(verdicts)):
        click.echo(render_line(line, format_))
