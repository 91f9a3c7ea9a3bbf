"""
Tables that lie elsewhere: in a folder of Parquet files, or in any engine that Ibis speaks to.

A table that somebody else made is looked at before it is asked, so that what does not fit is told
by table and column and not by an engine's own words.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Final

from claimtrack.atomic import Content, Writing, folders_for
from claimtrack.bulk.engines import rows
from claimtrack.bulk.schema import SCHEMA, Column
from claimtrack.bulk.tables import (
    Connection,
    Expression,
    Tables,
    arrow,
    arrow_tables,
    connect,
    ibis,
)
from claimtrack.errors import LoadError, Problem, Problems, require
from claimtrack.model.registry import Records

RECORDS: Final = "records"
"""The table of the records themselves, one line of JSON each, from which a registry is made."""

_BATCH: Final = 20_000
_FEW: Final = 1_000

_EXPECTED: Final = {
    "text": "text",
    "order": "text, whole numbers or exact decimals",
    "day": "whole numbers",
    "count": "whole numbers",
    "flag": "true or false",
}


def is_parquet_folder(path: str | os.PathLike[str]) -> bool:
    """Say whether *path* is a folder with the table of claims in it."""
    return bool(_parts_of(file_of(path, "claims")))


def file_of(folder: str | os.PathLike[str], table: str) -> Path:
    """Return where the table of that name lies."""
    return Path(folder) / f"{table}.parquet"


def write_parquet(
    registry: Records, folder: str | os.PathLike[str], lines: Iterable[str] | None = None
) -> None:
    """
    Write the tables of *registry* into *folder*, one Parquet file each.

    Args:
        registry: What is written.
        folder: It is made if it is not there; files of the same names are replaced.
        lines: The records as lines of JSON, for `read_lines`; without them the folder can be
            asked but not turned back into a registry.

    Raises:
        MissingExtraError: Ibis or DuckDB is not installed.
        OSError: It cannot be written.
    """
    target = Path(folder)
    parquet = require("pyarrow.parquet", feature="a Parquet file", extra="bulk")
    found = arrow_tables(registry)
    contents: dict[str, Content] = {
        name: partial(parquet.write_table, table) for name, table in found.items()
    }
    # The claims make it a registry: they come last, so that a part of one is never read as such.
    claims = contents.pop("claims")
    if lines is not None:
        contents[RECORDS] = partial(_write_lines, parquet, lines)
    with folders_for(target), Writing() as writing:
        opened = writing.folder(target)
        for name, content in (*contents.items(), ("claims", claims)):
            writing.stage(opened, file_of(target, name).name, content)
        writing.move()


def _write_lines(parquet: Any, lines: Iterable[str], file: BinaryIO) -> None:  # noqa: ANN401
    pa = arrow()
    schema = pa.schema([pa.field("position", pa.int64()), pa.field("json", pa.large_string())])
    with parquet.ParquetWriter(file, schema) as writer:
        batch: list[str] = []
        position = 0
        for line in lines:
            batch.append(line)
            if len(batch) == _BATCH:
                position = _write_batch(writer, schema, batch, position)
                batch = []
        _write_batch(writer, schema, batch, position)


def _write_batch(writer: Any, schema: Any, batch: list[str], position: int) -> int:  # noqa: ANN401
    end = position + len(batch)
    columns = {"position": range(position, end), "json": batch}
    writer.write_table(arrow().table({n: list(c) for n, c in columns.items()}, schema=schema))
    return end


def read_lines(folder: str | os.PathLike[str]) -> Iterator[str]:
    """
    Iterate over the records in *folder* as lines of JSON, in their order.

    Raises:
        LoadError: The folder has no table of records, or it does not fit.
        MissingExtraError: Arrow is not installed.
    """
    parquet = require("pyarrow.parquet", feature="a Parquet file", extra="bulk")
    path = file_of(folder, RECORDS)
    parts = _parts_of(path)
    if not parts:
        message = (
            f"{str(folder)!r} has no table 'records', which holds the records themselves; "
            "its tables can be audited but not turned into a registry"
        )
        raise _unfit(message)
    for part in parts:
        yield from _lines_of(_opened(parquet, part), part)


def _lines_of(file: Any, path: Path) -> Iterator[str]:  # noqa: ANN401 - Arrow has no types
    if file.schema_arrow.names.count("json") != 1:
        raise _unfit("table 'records' has no column 'json'; expected text")
    left = LEAST_BYTES + BYTES_PER_BYTE * path.stat().st_size
    try:
        # A value that stands once in the file can stand in many rows, so few are unpacked at once.
        for batch in file.iter_batches(batch_size=_FEW, columns=["json"]):
            for value in batch.column(0):
                line = value.as_py()
                if not isinstance(line, str):
                    raise _unfit("table 'records' column 'json' is not text all along")
                left -= len(line)
                if left < 0:
                    message = f"{str(path)!r} unpacks to more text than its size allows"
                    raise LoadError((Problem(code="CT003", message=message),))
                yield line
    except (OSError, ValueError) as error:
        if isinstance(error, LoadError):
            raise
        raise LoadError((_unreadable(path, error),)) from error


def _unfit(message: str) -> LoadError:
    return LoadError((Problem(code="CT005", message=message),))


def _opened(parquet: Any, path: Path) -> Any:  # noqa: ANN401
    try:
        file = parquet.ParquetFile(path)
    except (OSError, ValueError) as error:  # Arrow's own errors are of these
        raise LoadError((_unreadable(path, error),)) from error
    metadata = file.metadata
    size = path.stat().st_size
    for number, what, limit in (
        (metadata.num_rows, "rows", LEAST_ROWS + ROWS_PER_BYTE * size),
        (metadata.num_columns, "columns", MOST_COLUMNS),
        (_unpacked(metadata), "bytes when unpacked", LEAST_BYTES + BYTES_PER_BYTE * size),
    ):
        if number > limit:
            message = f"{str(path)!r} has {number} {what} in a file of {size} bytes"
            raise LoadError((Problem(code="CT003", message=f"{message}; the limit is {limit}"),))
    return file


LEAST_ROWS: Final = 1_000_000
ROWS_PER_BYTE: Final = 100
MOST_COLUMNS: Final = 1_000
LEAST_BYTES: Final = 64_000_000
BYTES_PER_BYTE: Final = 1_000
"""What a file may hold, in proportion to its size; honest tables are far below."""


def _unpacked(metadata: Any) -> int:  # noqa: ANN401 - Arrow has no types
    return sum(metadata.row_group(n).total_byte_size for n in range(metadata.num_row_groups))


def _unreadable(path: Path, error: Exception) -> Problem:
    reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
    return Problem(code="CT001", message=f"{str(path)!r} cannot be read as Parquet: {reason}")


def read_parquet(folder: str | os.PathLike[str], connection: Connection | None = None) -> Tables:
    """
    Return the tables that lie in *folder*; they are read as they are asked.

    Args:
        folder: Where ``claims.parquet`` and the others of `claimtrack.bulk.schema` lie.
        connection: An Ibis connection that can read files; DuckDB in this process if None.

    Raises:
        LoadError: A table or a column is missing, has another type, or is empty where it may not
            be; it names every one.
        MissingExtraError: Ibis or DuckDB is not installed.
    """
    made = connection or connect()
    parquet = require("pyarrow.parquet", feature="a Parquet file", extra="bulk")
    files: dict[str, list[Path]] = {}
    nulls: dict[str, dict[str, int]] = {}
    empty: dict[str, set[str]] = {}
    problems = Problems()
    for name in SCHEMA:
        files[name] = _parts_of(file_of(folder, name))
        if not files[name]:
            expected = str(file_of(folder, name))
            problems.add("CT005", f"table {name!r} is missing; expected {expected!r}")
        try:
            opened = [_opened(parquet, path) for path in files[name]]
        except LoadError as error:
            problems.extend(error.problems)
        else:
            nulls[name] = _nulls_in([_known_nulls(file.metadata) for file in opened])
            rows_ = sum(file.metadata.num_rows for file in opened)
            empty[name] = {column for column, none in nulls[name].items() if none == rows_ > 0}
    problems.raise_if_any()
    found = {name: _read(made, name, paths) for name, paths in files.items()}
    for name, table in found.items():
        found[name] = _typed(name, table, empty[name])
    return checked(found, nulls)


def _parts_of(path: Path) -> list[Path]:
    """Return the files of a table: the file itself, or those in a folder of its name, sorted."""
    if path.is_dir():
        return sorted(part for part in path.glob("*.parquet") if part.is_file())
    return [path] if path.is_file() else []


def _read(made: Connection, name: str, paths: list[Path]) -> Expression:
    """Return the table that these files hold, and no other files and no column of their names."""
    if made.name != "duckdb":
        return made.read_parquet(list(map(str, paths)), table_name=name)
    literal = [_PATTERN.sub(r"[\1]", str(path)) for path in paths]
    return made.read_parquet(literal, table_name=name, hive_partitioning=False)


_PATTERN: Final = re.compile(r"([*?\[])")
"""What DuckDB takes for a pattern in the name of a file."""


def _typed(name: str, table: Expression, empty: set[str]) -> Expression:
    """Give columns without any value the type that they would have with one."""
    types = {"text": "string", "order": "string", "flag": "boolean"}
    columns = {
        column: ibis().null(types.get(wanted.type, "int64"))
        for column, wanted in SCHEMA[name].items()
        if column in table.columns and wanted.nullable
        if column in empty or table.schema()[column].is_unknown()
    }
    return table.mutate(**columns) if columns else table


def _nulls_in(counts: list[dict[str, int]]) -> dict[str, int]:
    """Add up how often columns are empty, of those of which every part says it."""
    known = set(counts[0]).intersection(*counts[1:]) if counts else set()
    return {name: sum(count[name] for count in counts) for name in known}


def _known_nulls(metadata: Any) -> dict[str, int]:  # noqa: ANN401 - Arrow has no types
    """Return how often each column is empty, of those of which the file says it."""
    found: dict[str, int] = {}
    unknown = set()
    for group in map(metadata.row_group, range(metadata.num_row_groups)):
        for column in map(group.column, range(group.num_columns)):
            name, told = column.path_in_schema, column.statistics
            if told is None or not told.has_null_count:
                unknown.add(name)
            else:
                found[name] = found.get(name, 0) + told.null_count
    return {name: empty for name, empty in found.items() if name not in unknown}


def tables_in(connection: Connection) -> Tables:
    """
    Return the tables of an engine, by the names that are the fields of `Tables`.

    Raises:
        LoadError: As `read_parquet` does.
    """
    there = set(connection.list_tables())
    problems = Problems()
    for name in SCHEMA:
        if name not in there:
            problems.add("CT005", f"table {name!r} is missing")
    problems.raise_if_any()
    return checked({name: connection.table(name) for name in SCHEMA})


def checked(
    found: Mapping[str, Expression], nulls: Mapping[str, Mapping[str, int]] | None = None
) -> Tables:
    """
    Return *found* as tables, if their columns are what they ought to be.

    Args:
        found: Tables of Ibis by name.
        nulls: By table and column how often it is empty, so that it need not be counted.

    Raises:
        LoadError: They are not; it names every table and column.
    """
    problems = Problems()
    for name, table in found.items():
        for message in _misfits(name, table):
            problems.add("CT005", message)
    for message in _unlike_orders(found):
        problems.add("CT005", message)
    problems.raise_if_any()
    for name, table in found.items():
        for message in _empty_columns(name, table, (nulls or {}).get(name, {})):
            problems.add("CT005", message)
    problems.raise_if_any()
    return Tables(**found)


def _misfits(name: str, table: Expression) -> Iterator[str]:
    types = table.schema()
    for column, wanted in SCHEMA[name].items():
        expected = f"expected {_EXPECTED[wanted.type]}"
        if column not in types.names:
            yield f"table {name!r} has no column {column!r}; {expected}"
        elif not _fits(types[column], wanted):
            yield f"table {name!r} column {column!r} is {types[column]}; {expected}"


def _fits(type_: Any, wanted: Column) -> bool:  # noqa: ANN401 - a type of Ibis
    if type_.is_null() and wanted.nullable:
        return True
    match wanted.type:
        case "text":
            return bool(type_.is_string())
        case "order":
            return bool(type_.is_string() or type_.is_decimal() or type_.is_integer())
        case "flag":
            return bool(type_.is_boolean())
        case _:
            return bool(type_.is_integer())


def _unlike_orders(found: Mapping[str, Expression]) -> Iterator[str]:
    """Find numbers that are text in one place and decimals in another."""
    first = None
    for name, table in found.items():
        types = table.schema()
        for column, wanted in SCHEMA[name].items():
            if wanted.type != "order" or column not in types.names or types[column].is_null():
                continue
            here = f"table {name!r} column {column!r}"
            is_text = types[column].is_string()
            if first is None:
                first = (here, is_text)
            elif first[1] is not is_text:
                yield f"{here} and {first[0]} cannot be compared: one is text, the other is not"


def _empty_columns(name: str, table: Expression, nulls: Mapping[str, int]) -> Iterator[str]:
    needed = [column for column, wanted in SCHEMA[name].items() if not wanted.nullable]
    counts = {column: nulls[column] for column in needed if column in nulls}
    if len(counts) < len(needed):
        asked = {n: table[n].isnull().sum() for n in needed if n not in counts}
        counts |= rows(table.agg(**asked))[0]
    for column, empty in counts.items():
        if empty:
            yield f"table {name!r} column {column!r} is empty in {empty} rows; expected a value"
