"""
What differs between database engines, so that one Ibis expression runs on each of them.

The expression uses its parts many times: lateness alone refers to the rows of the leaves at some
dozen places. DuckDB computes a shared part once. Spark repeats it wherever it is used, and the
parts of that part as well, until the plan no longer fits into memory; there the intermediate
tables are materialised.
"""

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeAlias

import attrs

from claimtrack.bulk import spark
from claimtrack.bulk.schema import LIMITS
from claimtrack.errors import LoadError, Problem, require

Row: TypeAlias = dict[str, Any]
"""A row by the names of its columns."""

FEATURE: Final = "the bulk engine"


@attrs.frozen(kw_only=True)
class Engine:
    """
    What is done differently with one engine.

    Args:
        ask: Return the rows of a table of Ibis.
        keep: Return a table of Ibis with the rows of another one that is used more than once.
        put: Put an Arrow table into a connection of Ibis under a name, and return it as a table of
            Ibis.
    """

    ask: Callable[[Any], list[Row]]
    keep: Callable[[Any], Any]
    put: Callable[[Any, str, Any], Any]


def engine_of(connection: Any) -> Engine:  # noqa: ANN401 - Ibis has no types
    """Return what is done differently with the engine that *connection* speaks to."""
    return _BY_NAME.get(connection.name, _OTHERS)


def rows(table: Any) -> list[Row]:  # noqa: ANN401 - as above
    """
    Return the rows of a table of Ibis.

    Raises:
        EngineError: DuckDB cannot read the data, or needs more memory than it may take.
    """
    return engine_of(table.get_backend()).ask(table)


def _ask(table: Any) -> list[Row]:  # noqa: ANN401 - as above
    found: list[Row] = table.to_pyarrow().to_pylist()
    return found


def _ask_duckdb(table: Any) -> list[Row]:  # noqa: ANN401 - as above
    """Ask without Ibis' help, for which it loads pandas; that takes longer than most answers."""
    operations = require("ibis.expr.operations", feature=FEATURE, extra="bulk")
    duckdb = require("duckdb", feature=FEATURE, extra="bulk")
    connection = table.get_backend()
    try:
        if table.op().find(operations.InMemoryTable):
            return _ask(table)
        found = connection.raw_sql(connection.compile(table)).fetchall()
    except duckdb.Error as error:
        raise _engine_error(error, is_memory=isinstance(error, duckdb.OutOfMemoryException)) from (
            error
        )
    return [dict(zip(table.columns, row, strict=True)) for row in found]


class EngineError(LoadError):
    """Say that an engine could not compute what it was asked for."""


def _engine_error(error: Exception, *, is_memory: bool) -> EngineError:
    reason = (str(error).splitlines() or [type(error).__name__])[0]
    if is_memory:
        message = f"DuckDB needs more memory than it may take: {reason}"
        hint = "allow more: --memory SIZE"
        return EngineError((Problem(code="CT003", message=message, hint=hint),))
    return EngineError((Problem(code="CT001", message=f"DuckDB cannot read the data: {reason}"),))


def _as_it_is(table: Any) -> Any:  # noqa: ANN401 - as above
    return table


def _create(connection: Any, name: str, rows: Any) -> Any:  # noqa: ANN401 - as above
    return connection.create_table(name, rows, overwrite=True)


def _connect_duckdb(memory: str | None, folder: str | None) -> Any:  # noqa: ANN401 - as above
    require("duckdb", feature=FEATURE, extra="bulk")
    given = {"memory_limit": memory or f"{_default_memory()}B"}
    if folder:
        given["temp_directory"] = folder
    connection = require("ibis", feature=FEATURE, extra="bulk").duckdb.connect(**given)
    # A bar for whoever waits at a terminal, and nothing among what a program reads.
    connection.raw_sql(f"SET enable_progress_bar = {str(sys.stdout.isatty()).lower()}")
    for setting in _CLOSED:
        connection.raw_sql(f"SET {setting}")
    return connection


def _default_memory() -> int:
    """Return the bytes that DuckDB may take where nobody says how many."""
    try:
        installed = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):  # not every system tells
        return LIMITS.memory
    return min(LIMITS.memory, installed * 4 // 5)


def confine(connection: Any, files: Iterable[str]) -> None:  # noqa: ANN401 - as above
    """
    Let DuckDB open nothing but *files* from now on, and change no setting any more.

    Other engines are left as they are.
    """
    if connection.name != "duckdb":
        return
    names = ", ".join("'" + name.replace("'", "''") + "'" for name in files)
    connection.raw_sql(f"SET allowed_paths = [{names}]")
    connection.raw_sql("SET enable_external_access = false")
    connection.raw_sql("SET lock_configuration = true")


_CLOSED: Final = (
    "autoinstall_known_extensions = false",
    "autoload_known_extensions = false",
    "allow_community_extensions = false",
)
"""DuckDB fetches and loads nothing of its own accord."""

_OTHERS: Final = Engine(ask=_ask, keep=_as_it_is, put=_create)
_BY_NAME: Final[Mapping[str, Engine]] = {
    "duckdb": Engine(ask=_ask_duckdb, keep=_as_it_is, put=_create),
    "pyspark": Engine(ask=_ask, keep=spark.keep, put=spark.put),
}
"""By name in Ibis; of others we know nothing, and trust them to find shared parts once."""

CONNECT: Final[Mapping[str, Callable[[str | None, str | None], Any]]] = {
    "duckdb": _connect_duckdb,
    "spark": spark.connect_spark,
}
"""How to connect to the engines that have an extra, given the memory and the folder to use."""
