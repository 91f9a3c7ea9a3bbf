"""``claimtrack audit --engine``: statuses from inside a database engine."""

import tempfile
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import attrs
import click

from claimtrack.bulk.audit import audit
from claimtrack.bulk.engines import rows
from claimtrack.bulk.tables import Connection, Tables, connect, ibis, tables_of
from claimtrack.bulk.warehouse import is_parquet_folder, read_parquet
from claimtrack.cli.options import in_colour, room
from claimtrack.cli.outputs import write_all
from claimtrack.cli.reading import registry_at
from claimtrack.model.span import day_text
from claimtrack.model.verdict import Status
from claimtrack.report.escape import for_json
from claimtrack.report.formats import READ_BY_PROGRAMS, render, render_sheet
from claimtrack.report.sheet import Sheet
from claimtrack.report.table import Table

COLUMNS: Final = ("id", "reading", "status", "late_days", "due")


def bulk_engine(path: str, engine: str | None) -> str | None:
    """Return the database engine that was asked for, or that *path* needs; None if it is Python."""
    if engine is None:
        return "duckdb" if is_parquet_folder(path) else None
    if engine == "python" and is_parquet_folder(path):
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
    Print what a database *engine* finds in a registry, or in a folder of Parquet files.

    What people read are the counts; formats for programs hold a row for each claim and reading.

    Raises:
        UsageError: One of the *given* options goes with the engine in Python only.
    """
    for option, value in given.items():
        if value:
            raise click.UsageError(f"{option} does not go with --engine {engine}")
    with tempfile.TemporaryDirectory(prefix="claimtrack-", dir=scratch) as folder:
        tables = _tables(path, _connected(engine, memory, folder))
        found = _Found(tables, audit(tables, as_of=as_of, known_by=known_by), as_of, known_by)
        write_all(outputs, found.shown, found.text, colour=in_colour("auto"))


def _connected(engine: str, memory: str | None, folder: str) -> Connection:
    try:
        return connect(engine, memory=memory, folder=folder)
    except RuntimeError as error:  # PySpark's own, where there is no Java or no such master
        reason = str(error).splitlines()[0]
        message = f"{engine} does not start (Spark needs Java 17 or later): {reason}"
        raise click.UsageError(message) from error


def _tables(path: str, connection: Connection) -> Tables:
    # Engines merge what is nested themselves; Ibis would take longer for it than for all the rest.
    ibis().options.sql.fuse_selects = False
    if is_parquet_folder(path):
        return read_parquet(Path(path), connection)
    return tables_of(registry_at(path), connection)


@attrs.frozen(slots=False)
class _Found:
    """The statuses, as an expression that is asked for what a format shows."""

    tables: Tables
    statuses: Any
    as_of: str
    known_by: str

    def shown(self, format_: str) -> str:
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
        drawn = render(table, format_, width=width, colour=colour)
        return f"{drawn}\nas of {self.as_of}, not yet said: {self._not_yet_said()}\n"

    @cached_property
    def _counts(self) -> dict[str, int]:
        of_claims = self.statuses.filter(self.statuses.reading.isnull())
        counted = of_claims.group_by("status").agg(claims=of_claims.count())
        found = {row["status"]: row["claims"] for row in rows(counted)}
        return {status.value: found.get(status.value, 0) for status in Status}

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
        for row in rows(self.statuses):
            yield {
                "id": row["claim"],
                "reading": row["reading"],
                "status": row["status"],
                "late_days": row["late_days"],
                "due": _day(row["due"]),
            }


def _day(day: int | None) -> str | None:
    return None if day is None else day_text(day)
