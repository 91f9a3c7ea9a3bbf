"""``claimtrack audit``: which claims held up."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from functools import cached_property
from pathlib import Path
from typing import Any, Final
from unicodedata import normalize

import attrs
import click

from claimtrack.bulk.audit import audit
from claimtrack.bulk.engines import confine, rows
from claimtrack.bulk.tables import Connection, Tables, connect, ibis, tables_of
from claimtrack.bulk.warehouse import damage_named, read_files
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
from claimtrack.escape import for_json
from claimtrack.model.claim import Claim
from claimtrack.model.span import day_text
from claimtrack.model.verdict import Status
from claimtrack.report.audit import GROUPS, AuditLayout, audit_pieces
from claimtrack.report.formats import READ_BY_PROGRAMS, render, render_sheet
from claimtrack.report.table import Sheet, Table

COLUMNS: Final = ("id", "reading", "status", "late_days", "late_days_min", "due")


def bulk_engine(path: str, engine: str | None) -> str | None:
    """Return the database engine given, or the one that *path* needs; None for Python."""
    if engine is None:
        return "duckdb" if is_parquet(path) else None
    if engine == "python" and is_parquet(path):
        message = f"{path!r} is a folder of Parquet files; expected --engine duckdb or spark"
        raise click.UsageError(message)
    return None if engine == "python" else engine


def audit_in_bulk(
    path: str,
    engine: str,
    as_of: str,
    known_by: str,
    memory: str | None,
    scratch: str | None,
    outputs: list[tuple[str, str]],
    given: Mapping[str, object],
) -> None:
    """
    Print the audit of a registry, or of a folder of Parquet files, by a database *engine*.

    Formats for people have the counts, formats for programs a row for each claim and reading.

    Raises:
        UsageError: One of the *given* options goes with the engine in Python only.
    """
    for option, value in given.items():
        if value:
            raise click.UsageError(f"{option} does not go with --engine {engine}")
    are_tables = is_parquet(path)
    with (
        tempfile.TemporaryDirectory(prefix="claimtrack-", dir=scratch) as folder,
        damage_named(path) if are_tables else nullcontext(),
    ):
        tables = _tables(path, _connect(engine, memory, folder), are_tables=are_tables)
        statuses = audit(tables, as_of=as_of, known_by=known_by)
        result = _BulkAudit(tables, statuses, as_of, known_by)
        write_all(outputs, result.text_for_terminal, result.text, colour=in_colour("auto"))


def _connect(engine: str, memory: str | None, folder: str) -> Connection:
    try:
        return connect(engine, memory=memory, folder=folder)
    except RuntimeError as error:  # PySpark's own, where there is no Java or no such master
        reason = str(error).splitlines()[0]
        message = f"{engine} does not start (Spark needs Java 17 or later): {reason}"
        raise click.UsageError(message) from error


def _tables(path: str, connection: Connection, *, are_tables: bool) -> Tables:
    # Engines merge nested queries themselves, and Ibis is slow at it.
    ibis().options.sql.fuse_selects = False
    if are_tables:
        tables, files = read_files(path, connection)
    else:
        tables, files = tables_of(registry_at(path), connection), ()
    confine(connection, files)
    return tables


@attrs.frozen(slots=False)
class _BulkAudit:
    """The audit as an Ibis expression, of which each format fetches what it shows."""

    tables: Tables
    statuses: Any
    as_of: str
    known_by: str

    def text_for_terminal(self, format_: str) -> str:
        return self.text(format_, room(), colour=in_colour("auto"))

    def text(self, format_: str, width: int | None = None, *, colour: bool = False) -> str:
        if format_ == "json":
            return for_json(self._object(), indent=2) + "\n"
        if format_ in READ_BY_PROGRAMS:
            return render_sheet(Sheet.of(COLUMNS, self._claims()), format_)
        table = Table(
            header=("status", "claims"),
            rows=[(status, str(count)) for status, count in self._counts.items()],
            right=("claims",),
            status="status",
        )
        text = render(table, format_, width=width, colour=colour)
        return f"{text}\nas of {self.as_of}, not yet said: {self._not_yet_said()}\n"

    @cached_property
    def _counts(self) -> dict[str, int]:
        of_claims = self.statuses.filter(self.statuses.reading.isnull())
        counted = of_claims.group_by("status").agg(claims=of_claims.count())
        by_status = {row["status"]: row["claims"] for row in rows(counted)}
        return {status.value: by_status.get(status.value, 0) for status in Status}

    def _not_yet_said(self) -> int:
        [row] = rows(self.tables.claims.count().name("claims").as_table())
        return int(row["claims"]) - sum(self._counts.values())

    def _object(self) -> dict[str, Any]:
        return {
            "as_of": self.as_of,
            "known_by": self.known_by,
            "not_yet_said": self._not_yet_said(),
            "counts": self._counts,
            "claims": list(self._claims()),
        }

    def _claims(self) -> Iterator[dict[str, Any]]:
        by_id = [self.statuses.claim, self.statuses.reading.fill_null("")]
        for row in rows(self.statuses.order_by(by_id)):
            yield {
                "id": row["claim"],
                "reading": row["reading"],
                "status": row["status"],
                "late_days": row["late_days"],
                "late_days_min": row["late_days_min"],
                "due": _day(row["due"]),
            }


def _day(day: int | None) -> str | None:
    return None if day is None else day_text(day)


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
