"""The audit of a registry by a database engine, for the command ``audit``."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from functools import cached_property
from typing import Any, Final

import attrs
import click

from claimtrack.bulk.audit import audit
from claimtrack.bulk.engines import confine, rows
from claimtrack.bulk.tables import Connection, Tables, connect, ibis, tables_of
from claimtrack.bulk.warehouse import damage_named, read_files
from claimtrack.cli.options import in_colour, room, write_all
from claimtrack.cli.registry import is_parquet, registry_at
from claimtrack.escape import for_json
from claimtrack.model.span import day_text
from claimtrack.model.verdict import Status
from claimtrack.report.formats import READ_BY_PROGRAMS, render, render_sheet
from claimtrack.report.table import Sheet, Table

COLUMNS: Final = ("id", "reading", "status", "late_days", "late_days_min", "due")


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
