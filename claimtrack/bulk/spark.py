"""Ways of Spark that Ibis does not know, or knows in a form that does not do for us."""

import re
import sys
import weakref
from typing import Any, Final
from uuid import uuid4

from claimtrack.errors import require

FEATURE: Final = "Spark"


def connect_spark(memory: str | None, folder: str | None) -> Any:  # noqa: ANN401 - Ibis has no types
    """
    Return a connection to the session of Spark that there is, or to a new one.

    A new one is set up by Spark's own configuration: where that names no cluster, it runs in this
    process. Its driver takes no more than *memory*, and puts into *folder* what does not fit.
    """
    ibis = require("ibis", feature=FEATURE, extra="spark")
    require("pyspark", feature=FEATURE, extra="spark")
    sessions = require("pyspark.sql", feature=FEATURE, extra="spark").SparkSession
    session = sessions.getActiveSession()
    if session is None:
        builder = sessions.builder.appName("claimtrack")
        for name, value in _settings(memory, folder).items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
    return ibis.pyspark.connect(session)


def _settings(memory: str | None, folder: str | None) -> dict[str, str]:
    settings = {"spark.ui.showConsoleProgress": str(sys.stderr.isatty()).lower()}
    if memory:
        # Spark and Java write gigabytes as "2g", where DuckDB wants "2GB".
        settings["spark.driver.memory"] = re.sub(r"(?i)\s*([kmgt])(i?b)?$", r"\1", memory).lower()
    if folder:
        settings["spark.local.dir"] = folder
    return settings


def keep(table: Any) -> Any:  # noqa: ANN401 - as above
    """
    Find the rows of *table* now, and return them as a table without a history.

    Ibis' ``cache()`` would not do, since a cached table drags along the plan that it was made by,
    and a plan that is used twice at each of ten levels is a thousand plans. The rows lie on the
    executors, or in ``spark.checkpoint.dir`` where the session has one, until the table that is
    returned goes.
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


def put(connection: Any, name: str, rows: Any) -> Any:  # noqa: ANN401 - as above
    """
    Put an Arrow table into a session as a view that goes with it.

    Ibis takes it through pandas, which since its version 3 turns what is empty into the text "NaN".
    """
    session = connection.raw_sql("SELECT 1").sparkSession
    session.createDataFrame(rows).createOrReplaceTempView(name)
    return connection.table(name)
