"""
What differs between database engines, so that one Ibis expression runs on each of them.

The expression uses some subqueries many times: lateness alone refers to the rows of the leaves in
about a dozen places. DuckDB computes a shared subquery once. Spark repeats it, with its own
subqueries, until the plan does not fit into memory; so intermediate tables are materialised there.
"""

import os
import re
import sys
import weakref
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeAlias
from uuid import uuid4

import attrs

from claimtrack.bulk.schema import LIMITS
from claimtrack.errors import LoadError, Problem, require

Row: TypeAlias = dict[str, Any]
"""The values of a row by column."""

FEATURE: Final = "the bulk engine"
SPARK: Final = "Spark"

_CLOSED: Final = (
    "autoinstall_known_extensions = false",
    "autoload_known_extensions = false",
    "allow_community_extensions = false",
)
"""Settings with which DuckDB neither fetches nor loads extensions by itself."""


@attrs.frozen(kw_only=True)
class Engine:
    """
    The operations that differ between engines.

    Args:
        fetch: Returns the rows of an Ibis table.
        keep: Returns an Ibis table with the rows of another that is used more than once.
        put: Puts an Arrow table into an Ibis connection under a name, and returns it as an Ibis
            table.
    """

    fetch: Callable[[Any], list[Row]]
    keep: Callable[[Any], Any]
    put: Callable[[Any, str, Any], Any]


def engine_of(connection: Any) -> Engine:  # noqa: ANN401 - Ibis has no types
    """Return the operations of the engine of *connection*."""
    return _BY_NAME.get(connection.name, _OTHERS)


def rows(table: Any) -> list[Row]:  # noqa: ANN401 - as above
    """
    Return the rows of an Ibis table.

    Raises:
        EngineError: DuckDB cannot read the data, or needs more memory than its limit.
    """
    return engine_of(table.get_backend()).fetch(table)


def _fetch(table: Any) -> list[Row]:  # noqa: ANN401 - as above
    result: list[Row] = table.to_pyarrow().to_pylist()
    return result


def _fetch_duckdb(table: Any) -> list[Row]:  # noqa: ANN401 - as above
    """Fetch without Ibis, which loads pandas; that takes longer than most queries."""
    operations = require("ibis.expr.operations", feature=FEATURE, extra="bulk")
    duckdb = require("duckdb", feature=FEATURE, extra="bulk")
    connection = table.get_backend()
    try:
        if table.op().find(operations.InMemoryTable):
            return _fetch(table)
        values = connection.raw_sql(connection.compile(table)).fetchall()
    except duckdb.Error as error:
        raise _engine_error(error, is_memory=isinstance(error, duckdb.OutOfMemoryException)) from (
            error
        )
    return [dict(zip(table.columns, row, strict=True)) for row in values]


class EngineError(LoadError):
    """An engine could not run a query."""


def _engine_error(error: Exception, *, is_memory: bool) -> EngineError:
    reason = (str(error).splitlines() or [type(error).__name__])[0]
    if is_memory:
        message = f"DuckDB needs more memory than it may take: {reason}"
        hint = "allow more: --memory SIZE"
        return EngineError((Problem(code="CT003", message=message, hint=hint),))
    return EngineError((Problem(code="CT001", message=f"DuckDB cannot read the data: {reason}"),))


def _keep_as_is(table: Any) -> Any:  # noqa: ANN401 - as above
    return table


def _create(connection: Any, name: str, rows: Any) -> Any:  # noqa: ANN401 - as above
    return connection.create_table(name, rows, overwrite=True)


def _connect_duckdb(memory: str | None, folder: str | None) -> Any:  # noqa: ANN401 - as above
    require("duckdb", feature=FEATURE, extra="bulk")
    settings = {"memory_limit": memory or f"{_default_memory()}B"}
    if folder:
        settings["temp_directory"] = folder
    connection = require("ibis", feature=FEATURE, extra="bulk").duckdb.connect(**settings)
    # A progress bar on terminals only, not in the output for programs.
    connection.raw_sql(f"SET enable_progress_bar = {str(sys.stdout.isatty()).lower()}")
    for setting in _CLOSED:
        connection.raw_sql(f"SET {setting}")
    return connection


def _default_memory() -> int:
    """Return the default memory limit of DuckDB in bytes."""
    try:
        installed = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):  # not known on every system
        return LIMITS.memory
    return min(LIMITS.memory, installed * 4 // 5)


def confine(connection: Any, files: Iterable[str]) -> None:  # noqa: ANN401 - as above
    """
    Let DuckDB open only *files* from now on, and lock its settings.

    Other engines are not changed.
    """
    if connection.name != "duckdb":
        return
    names = ", ".join("'" + name.replace("'", "''") + "'" for name in files)
    connection.raw_sql(f"SET allowed_paths = [{names}]")
    connection.raw_sql("SET enable_external_access = false")
    connection.raw_sql("SET lock_configuration = true")


def _connect_spark(memory: str | None, folder: str | None) -> Any:  # noqa: ANN401 - as above
    """
    Return a connection to the active Spark session, or to a new one.

    A new one uses Spark's own configuration; without a cluster it runs in this process. *memory* is
    the limit of its driver, and *folder* is for what does not fit.
    """
    ibis = require("ibis", feature=SPARK, extra="spark")
    require("pyspark", feature=SPARK, extra="spark")
    sessions = require("pyspark.sql", feature=SPARK, extra="spark").SparkSession
    session = sessions.getActiveSession()
    if session is None:
        builder = sessions.builder.appName("claimtrack")
        for name, value in _spark_settings(memory, folder).items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
    return ibis.pyspark.connect(session)


def _spark_settings(memory: str | None, folder: str | None) -> dict[str, str]:
    settings = {"spark.ui.showConsoleProgress": str(sys.stderr.isatty()).lower()}
    if memory:
        # Spark and Java write gigabytes as "2g", where DuckDB wants "2GB".
        settings["spark.driver.memory"] = re.sub(r"(?i)\s*([kmgt])(i?b)?$", r"\1", memory).lower()
    if folder:
        settings["spark.local.dir"] = folder
    return settings


def _keep_on_spark(table: Any) -> Any:  # noqa: ANN401 - as above
    """
    Compute the rows of *table* now, and return them as a table without its plan.

    A table from Ibis' ``cache()`` would keep its plan, and a plan that is used twice at each of ten
    levels is a thousand plans. The rows are on the executors, or in ``spark.checkpoint.dir`` if the
    session has one, until the returned table is garbage.
    """
    backend = table.get_backend()
    name = f"claimtrack_{uuid4().hex}"
    backend.create_view(name, table)
    frame = backend.raw_sql(f"SELECT * FROM {name}")  # noqa: S608 - a name of our own
    session = frame.sparkSession
    is_safe = bool(session.conf.get("spark.checkpoint.dir", ""))
    rows = frame.checkpoint() if is_safe else frame.localCheckpoint()
    rows.createOrReplaceTempView(name)
    kept = backend.table(name)
    weakref.finalize(kept.op(), session.catalog.dropTempView, name).atexit = False
    return kept


def _put_on_spark(connection: Any, name: str, rows: Any) -> Any:  # noqa: ANN401 - as above
    """
    Put an Arrow table into a session as a temporary view.

    Ibis would go through pandas, which since version 3 turns missing texts into "NaN".
    """
    session = connection.raw_sql("SELECT 1").sparkSession
    session.createDataFrame(rows).createOrReplaceTempView(name)
    return connection.table(name)


_OTHERS: Final = Engine(fetch=_fetch, keep=_keep_as_is, put=_create)
_BY_NAME: Final[Mapping[str, Engine]] = {
    "duckdb": Engine(fetch=_fetch_duckdb, keep=_keep_as_is, put=_create),
    "pyspark": Engine(fetch=_fetch, keep=_keep_on_spark, put=_put_on_spark),
}
"""By name in Ibis; other engines are assumed to compute shared subqueries once."""

CONNECT: Final[Mapping[str, Callable[[str | None, str | None], Any]]] = {
    "duckdb": _connect_duckdb,
    "spark": _connect_spark,
}
"""Connect to the engines that have an extra, with a memory limit and a folder for scratch files."""
