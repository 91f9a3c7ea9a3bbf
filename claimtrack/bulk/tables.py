"""The tables of a registry in a database engine."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import attrs

from claimtrack.bulk.engines import CONNECT, FEATURE, engine_of
from claimtrack.bulk.rows import Rows
from claimtrack.bulk.schema import SCHEMA
from claimtrack.errors import FieldError, require
from claimtrack.model.registry import Records

if TYPE_CHECKING:
    from types import ModuleType

Expression: TypeAlias = Any
"""A table, column or value of Ibis, which has no static types."""

Connection: TypeAlias = Any
"""A connection of Ibis to an engine."""

_SIZE: Final = re.compile(r"(?i)[0-9]+ ?[kmgt](i?b)?")
YES, NO = True, False  # as values of an expression

ARROW_TYPES: Mapping[str, str] = {
    "text": "string",
    "order": "string",
    "day": "int64",
    "count": "int64",
    "flag": "bool_",
}
"""The Arrow type of each type of column."""


def ibis() -> "ModuleType":
    """Return Ibis."""
    return require("ibis", feature=FEATURE, extra="bulk")


def arrow() -> "ModuleType":
    """Return Arrow, which comes with Ibis."""
    return require("pyarrow", feature=FEATURE, extra="bulk")


@attrs.frozen(kw_only=True)
class Tables:
    """
    The tables of a registry in one engine; the reference page lists their columns.

    Args:
        claims: One row for each claim.
        criteria: One row for each node of each criterion.
        evidence: One row for each piece of evidence (and zone in which it is read).
        sources: One row for each source.
        supersedes: One row for each piece of evidence and each that supersedes it.
    """

    claims: Expression
    criteria: Expression
    evidence: Expression
    sources: Expression
    supersedes: Expression


def connect(
    engine: str = "duckdb", *, memory: str | None = None, folder: str | None = None
) -> Connection:
    """
    Return a connection to DuckDB in this process, or to Spark.

    Args:
        engine: ``duckdb`` or ``spark``. For Spark the active session is used, else a new one with
            Spark's own configuration; it needs the extra ``spark``.
        memory: The memory limit of DuckDB, or of the driver of a new Spark session, such as
            ``2GB``; by default 4 GB for DuckDB (or 80 % of the machine's memory, if that is less)
            and 1 GB for Spark. What does not fit goes to disk temporarily.
        folder: The folder for that; by default the engine's own.

    Raises:
        FieldError: There is no such engine, or *memory* is no size.
        MissingExtraError: Ibis or the engine is not installed.
    """
    if engine not in CONNECT:
        message = f"engine {engine!r} is not known; expected one of {sorted(CONNECT)}"
        raise FieldError("CT103", message)
    if memory is not None and not _SIZE.fullmatch(memory):
        raise FieldError("CT101", f"memory {memory!r} is no size; expected one such as '2GB'")
    return CONNECT[engine](memory, folder)


def tables_of(
    registry: Records | Mapping[str, Records], connection: Connection | None = None
) -> Tables:
    """
    Put *registry* into the tables of an engine.

    Args:
        registry: One registry; or several by name, whose ids then begin with ``name/``.
        connection: An Ibis connection; DuckDB in this process if None. Tables with the names of
            the fields of `Tables` are made or replaced there; on Spark they are temporary views.

    Raises:
        MissingExtraError: Ibis or DuckDB is not installed.
    """
    target = connection or connect()
    put = engine_of(target).put
    return Tables(
        **{name: put(target, name, table) for name, table in arrow_tables(registry).items()}
    )


def arrow_tables(registry: Records | Mapping[str, Records]) -> dict[str, Any]:
    """Return the tables of *registry* as Arrow tables, by name."""
    rows = Rows()
    if isinstance(registry, Mapping):
        for name, records in registry.items():
            rows.add(records, f"{name}/")
    else:
        rows.add(registry)
    return {
        table: arrow().table(columns, schema=arrow_schema(table))
        for table, columns in rows.columns.items()
    }


def arrow_schema(table: str) -> Any:  # noqa: ANN401 - Arrow has no types
    """Return the schema of the table of that name."""
    pa = arrow()
    return pa.schema(
        [
            pa.field(name, getattr(pa, ARROW_TYPES[column.type])(), nullable=column.nullable)
            for name, column in SCHEMA[table].items()
        ]
    )
