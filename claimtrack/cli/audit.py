"""``claimtrack audit``: which claims held up."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final
from unicodedata import normalize

import click

from claimtrack.cli.checks import add_checks, audited
from claimtrack.cli.options import (
    as_of_option,
    checks_option,
    colour_option,
    in_colour,
    known_by_option,
    path_argument,
    room,
)
from claimtrack.cli.outputs import output_options, outputs_of, refuse_inputs, write_all
from claimtrack.cli.reading import registry_at
from claimtrack.collector import at_rest
from claimtrack.engine.audit import Audit
from claimtrack.errors import UnknownRecordError, nearest_to
from claimtrack.model.claim import Claim
from claimtrack.model.verdict import Status, Verdict
from claimtrack.report.audit_table import GROUPS
from claimtrack.report.audit_text import Layout, audit_text

ENGINES: Final = ("python", "duckdb", "spark")


@click.command("audit")
@path_argument
@as_of_option
@known_by_option
@checks_option
@click.option("--by", type=click.Choice([*GROUPS]), help="Group the table.")
@click.option(
    "--counts",
    type=click.Choice([*GROUPS]),
    multiple=True,
    help="Count statuses for each of these below the table; may be given several times.",
)
@click.option(
    "--speaker",
    multiple=True,
    metavar="ID",
    help="Only claims of this speaker; may be given several times.",
)
@click.option(
    "--topic",
    multiple=True,
    metavar="TEXT",
    help="Only claims on this topic; may be given several times.",
)
@click.option(
    "--status",
    multiple=True,
    type=click.Choice([status.value for status in Status]),
    help="Only claims with this status; may be given several times.",
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
    refuse_inputs(outputs, [path], *checks)
    if engine is not None or any(Path(path).glob("*.parquet")):
        from claimtrack.cli.bulk import audit_in_bulk, bulk_engine  # noqa: PLC0415 - rarely needed

        bulk = bulk_engine(path, engine)
        if bulk is not None:
            given = {"--by": by, "--counts": counts, "--speaker": speaker, "--topic": topic}
            given |= {"--status": status, "--checks": checks}
            audit_in_bulk(path, bulk, as_of, known_by, memory, scratch, wanted, given)
            return
    registry = registry_at(path)
    add_checks(registry, path, checks)
    speaker = tuple(registry.speakers[id_].id for id_ in speaker)
    topic = tuple(normalize("NFC", one) for one in topic)
    if topic:
        _check_topics(registry.claims.values(), topic)
    found = audited(registry, as_of, known_by)
    verdicts = _wanted(found, speaker, topic, status)
    painted = in_colour(colour)

    def text(format_: str, width: int | None = None, *, painted: bool = False) -> str:
        layout = Layout(by=by, counts=counts, width=width, colour=painted)
        with at_rest():  # a verdict on each of very many claims
            return audit_text(found, verdicts, format_, layout)

    write_all(wanted, lambda name: text(name, room(), painted=painted), text, colour=painted)


def _check_topics(claims: Iterable[Claim], topics: Iterable[str]) -> None:
    """
    See that there is a claim on each of *topics*, made by the day of the audit or not.

    Raises:
        UnknownRecordError: There is none.
    """
    known = {topic for claim in claims for topic in claim.topics}
    for topic in topics:
        if topic not in known:
            raise UnknownRecordError("topic", topic, nearest_to(topic, sorted(known)))


def _wanted(
    audit: Audit, speakers: tuple[str, ...], topics: tuple[str, ...], statuses: tuple[str, ...]
) -> list[Verdict]:
    """Return the verdicts that are asked for; a filter without values lets everything through."""
    found = []
    with at_rest():
        for id_, outcome in audit.outcomes.items():
            claim = audit.records.claims[id_]
            if speakers and claim.speaker not in speakers:
                continue
            if topics and not set(topics) & set(claim.topics):
                continue
            if statuses and outcome.status.value not in statuses:
                continue
            found.append(audit[id_])
    return found
