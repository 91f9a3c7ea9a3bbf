"""``claimtrack audit``: which claims held up."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final
from unicodedata import normalize

import click

from claimtrack.cli.options import (
    as_of_option,
    checks_option,
    colour_option,
    in_colour,
    known_by_option,
    output_options,
    outputs_of,
    path_argument,
    refuse_inputs,
    room,
    snapshots_option,
    write_all,
)
from claimtrack.cli.registry import audited, is_parquet, registry_at, with_captured, with_checks
from claimtrack.collector import collector_paused
from claimtrack.engine.audit import Audit
from claimtrack.errors import UnknownRecordError, nearest_to
from claimtrack.model.claim import Claim
from claimtrack.model.verdict import Status
from claimtrack.report.audit import GROUPS, AuditLayout, audit_pieces


def bulk_engine(path: str, engine: str | None) -> str | None:
    """Return the database engine given, or the one that *path* needs; None for Python."""
    if engine is None:
        return "duckdb" if is_parquet(path) else None
    if engine == "python" and is_parquet(path):
        message = f"{path!r} is a folder of Parquet files; expected --engine duckdb or spark"
        raise click.UsageError(message)
    return None if engine == "python" else engine


ENGINES: Final = ("python", "duckdb", "spark")


@click.command("audit")
@path_argument
@as_of_option
@known_by_option
@checks_option
@snapshots_option
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
@click.option("--quotes", is_flag=True, help="Show the words of a claim in place of its id.")
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
    snapshots: str | None,
    by: str | None,
    counts: tuple[str, ...],
    speaker: tuple[str, ...],
    topic: tuple[str, ...],
    status: tuple[str, ...],
    quotes: bool,  # noqa: FBT001 - as click passes a flag
    engine: str | None,
    memory: str | None,
    scratch: str | None,
    outputs: tuple[str, ...],
    formats: tuple[str, ...],
    colour: str,
) -> None:
    """Print which claims held up, as of a day."""
    files = outputs_of(outputs, formats)
    refuse_inputs(outputs, [path], *checks)
    if engine is not None or any(Path(path).glob("*.parquet")):
        bulk = bulk_engine(path, engine)
        if bulk is not None:
            from claimtrack.cli.bulk import audit_in_bulk  # noqa: PLC0415 - few need an engine

            given = {"--by": by, "--counts": counts, "--speaker": speaker, "--topic": topic}
            given |= {"--status": status, "--checks": checks, "--quotes": "yes" if quotes else None}
            audit_in_bulk(path, bulk, as_of, known_by, memory, scratch, files, given)
            return
    registry = registry_at(path)
    registry = with_captured(registry, path, known_by, snapshots)
    registry = with_checks(registry, path, checks)
    speaker = tuple(registry.speakers[id_].id for id_ in speaker)
    topic = tuple(normalize("NFC", one) for one in topic)
    if topic:
        _check_topics(registry.claims.values(), topic)
    result = audited(registry, as_of, known_by)
    ids = _selected(result, speaker, topic, status)
    painted = in_colour(colour)

    def text(format_: str, width: int | None = None, *, painted: bool = False) -> Iterator[str]:
        layout = AuditLayout(by=by, counts=counts, width=width, colour=painted, quotes=quotes)
        return audit_pieces(result, result.verdicts(ids), format_, layout)

    with collector_paused():  # a verdict on each of very many claims
        write_all(files, lambda name: text(name, room(), painted=painted), text, colour=painted)


def _check_topics(claims: Iterable[Claim], topics: Iterable[str]) -> None:
    """
    Check that there is a claim on each of *topics*, on whatever day it was made.

    Raises:
        UnknownRecordError: There is none on one of them.
    """
    known = {topic for claim in claims for topic in claim.topics}
    for topic in topics:
        if topic not in known:
            raise UnknownRecordError("topic", topic, nearest_to(topic, sorted(known)))


def _selected(
    audit: Audit, speakers: tuple[str, ...], topics: tuple[str, ...], statuses: tuple[str, ...]
) -> list[str]:
    """Return the ids of the claims that pass all filters; one without values lets all pass."""
    if not (speakers or topics or statuses):
        return [*audit.outcomes]
    ids = []
    for id_, outcome in audit.outcomes.items():
        claim = audit.records.claims.by_id[id_]
        if speakers and claim.speaker not in speakers:
            continue
        if topics and not set(topics) & set(claim.topics):
            continue
        if statuses and outcome.status.value not in statuses:
            continue
        ids.append(id_)
    return ids
