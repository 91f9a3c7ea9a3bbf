"""
What engines need of their own, so that one expression runs on each of them.

The expression uses its parts again and again: lateness alone asks for the courses of the leaves at
some dozen places. DuckDB finds a shared part once. Spark writes it out wherever it is used, parts
of parts included, until the plan is larger than its memory; there the expression is cut, and each
piece starts from rows that are there already.
"""

import sys
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

import attrs

from claimtrack.bulk import spark
from claimtrack.errors import require

Row: TypeAlias = dict[str, Any]
"""A row by the names of its columns."""

FEATURE: Final = "the bulk engine"


@attrs.frozen(kw_only=True)
class Engine:
    """
    The ways of one engine.

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
    """Return the ways of the engine that *connection* speaks to."""
    return _WAYS.get(connection.name, _OTHERS)


def rows(table: Any) -> list[Row]:  # noqa: ANN401 - as above
    """Return the rows of a table of Ibis."""
    return engine_of(table.get_backend()).ask(table)


def _ask(table: Any) -> list[Row]:  # noqa: ANN401 - as above
    found: list[Row] = table.to_pyarrow().to_pylist()
    return found


def _ask_duckdb(table: Any) -> list[Row]:  # noqa: ANN401 - as above
    """Ask without Ibis' help, for which it loads pandas; that takes longer than most answers."""
    operations = require("ibis.expr.operations", feature=FEATURE, extra="bulk")
    if table.op().find(operations.InMemoryTable):
        return _ask(table)
    connection = table.get_backend()
    found = connection.raw_sql(connection.compile(table)).fetchall()
    return [dict(zip(table.columns, row, strict=True)) for row in found]


def _as_it_is(table: Any) -> Any:  # noqa: ANN401 - as above
    return table


def _create(connection: Any, name: str, rows: Any) -> Any:  # noqa: ANN401 - as above
    return connection.create_table(name, rows, overwrite=True)


def _connect_duckdb(memory: str | None, folder: str | None) -> Any:  # noqa: ANN401 - as above
    require("duckdb", feature=FEATURE, extra="bulk")
    settings = {"memory_limit": memory, "temp_directory": folder}
    given = {name: value for name, value in settings.items() if value}
    connection = require("ibis", feature=FEATURE, extra="bulk").duckdb.connect(**given)
    # A bar for whoever waits at a terminal, and nothing among what a program reads.
    connection.raw_sql(f"SET enable_progress_bar = {str(sys.stdout.isatty()).lower()}")
    for setting in _CLOSED:
        connection.raw_sql(f"SET {setting}")
    return connection


_CLOSED: Final = (
    "autoinstall_known_extensions = false",
    "autoload_known_extensions = false",
    "allow_community_extensions = false",
)
"""DuckDB fetches and loads nothing of its own accord."""

_OTHERS: Final = Engine(ask=_ask, keep=_as_it_is, put=_create)
_WAYS: Final[Mapping[str, Engine]] = {
    "duckdb": Engine(ask=_ask_duckdb, keep=_as_it_is, put=_create),
    "pyspark": Engine(ask=_ask, keep=spark.keep, put=spark.put),
}
"""By name in Ibis; of others we know nothing, and trust them to find shared parts once."""

CONNECT: Final[Mapping[str, Callable[[str | None, str | None], Any]]] = {
    "duckdb": _connect_duckdb,
    "spark": spark.connect,
}
"""How to connect to the engines that have an extra, given the memory and the folder to use."""
