"""``claimtrack audit``: which claims held up."""

import attrs
import click

from claimtrack.cli.bulk import ENGINES, audit_in_bulk, bulk_engine
from claimtrack.cli.checks import add_checks, audited, checks_option
from claimtrack.cli.looking import audit_of_speakers
from claimtrack.cli.options import (
    as_of_option,
    colour_option,
    in_colour,
    known_by_option,
    path_argument,
    room,
)
from claimtrack.cli.outputs import output_options, outputs_of, write_all
from claimtrack.cli.reading import registry_at
from claimtrack.engine.audit import Audit
from claimtrack.model.verdict import Status, Verdict
from claimtrack.report.audit_table import GROUPS
from claimtrack.report.audit_text import Layout, audit_text


@click.command("audit")
@path_argument
@as_of_option
@known_by_option
@checks_option
@click.option("--by", type=click.Choice(list(GROUPS)), help="Group the table.")
@click.option(
    "--counts",
    type=click.Choice(list(GROUPS)),
    multiple=True,
    help="Count statuses for each of these below the table; may be given several times.",
)
@click.option("--speaker", multiple=True, metavar="ID", help="Only claims of this speaker.")
@click.option("--topic", multiple=True, metavar="TEXT", help="Only claims on this topic.")
@click.option(
    "--status",
    multiple=True,
    type=click.Choice([status.value for status in Status]),
    help="Only claims with this status.",
)
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    help="Where the rules run: python, or inside a database engine, for very many claims. "
    "A folder of Parquet files takes duckdb by default.",
)
@click.option(
    "--memory",
    metavar="SIZE",
    help="The most memory that a database engine may take, such as 2GB; the rest goes to disk.",
)
@click.option(
    "--scratch",
    type=click.Path(exists=True, file_okay=False, writable=True),
    help="The folder on disk where it goes, for a while; by default the system's.",
)
@output_options
@colour_option
def command(
    path: str,
    as_of: str,
    known_by: str,
    checks: tuple[str, ...],
    by: str | None,
    counts: tuple[str, ...],
    speaker: tuple[str, ...],
    topic: tuple[str, ...],
    status: tuple[str, ...],
    engine: str | None,
    memory: str | None,
    scratch: str | None,
    outputs: tuple[str, ...],
    formats: tuple[str, ...],
    colour: str,
) -> None:
    """Print which claims held up, as of a day."""
    wanted = outputs_of(outputs, formats)
    bulk = bulk_engine(path, engine)
    if bulk is not None:
        given = {"--by": by, "--counts": counts, "--speaker": speaker, "--topic": topic}
        given |= {"--status": status, "--checks": checks}
        audit_in_bulk(path, bulk, as_of, known_by, memory, scratch, wanted, given)
        return
    if speaker and not checks:
        audit = audit_of_speakers(path, speaker, as_of, known_by)
    else:
        registry = registry_at(path)
        add_checks(registry, path, checks)
        for id_ in speaker:
            registry.speakers[id_]
        audit = audited(registry, as_of, known_by)
    verdicts = _wanted(audit, speaker, topic, status)
    painted = in_colour(colour)
    layout = Layout(by=by, counts=counts)
    shown = attrs.evolve(layout, width=room(), colour=painted)
    write_all(
        wanted,
        lambda name: audit_text(audit, verdicts, name, shown),
        lambda name: audit_text(audit, verdicts, name, layout),
        colour=painted,
    )


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
