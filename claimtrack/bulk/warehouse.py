"""
Tables in a folder of Parquet files, or in any engine that Ibis supports.

Tables are checked before they are queried, so that errors name the table and the column rather than
repeating the engine's message.
"""

import os
import stat
import weakref
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Final, Self

import attrs

from claimtrack.atomic import Content, Writing, folders_for
from claimtrack.bulk.engines import EngineError, rows
from claimtrack.bulk.pages import PageError, pages_of
from claimtrack.bulk.schema import LIMITS, SCHEMA, Column
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
from claimtrack.model.fields import shown
from claimtrack.model.registry import Records

RECORDS: Final = "records"
"""The table of the records as lines of JSON, from which a registry can be loaded."""

_WRITE_BATCH: Final = 20_000
_READ_BATCH: Final = 1_000
_PREFIX_BATCH: Final = 16
"""Rows of one batch; few where texts share prefixes, as then each is unpacked whole."""

_EXPECTED: Final = {
    "text": "text",
    "order": "text, whole numbers or exact decimals",
    "day": "whole numbers",
    "count": "whole numbers",
    "flag": "true or false",
}

_OPEN_FILES: Final = Path("/dev/fd")
_READING: Final = os.O_RDONLY | sum(
    getattr(os, flag, 0) for flag in ("O_BINARY", "O_CLOEXEC", "O_NONBLOCK", "O_NOCTTY")
)
_PATTERN: Final = frozenset("*?[]{}\\")
"""Characters with which an engine takes the name of a file for a pattern."""

_IBIS_TYPES: Final = {
    "text": "string",
    "order": "string",
    "day": "int64",
    "count": "int64",
    "flag": "boolean",
}


def file_of(folder: str | os.PathLike[str], table: str) -> Path:
    """Return the path of a table: a file, or a folder of its parts."""
    return Path(folder) / f"{table}.parquet"


def write_parquet(
    registry: Records, folder: str | os.PathLike[str], lines: Iterable[str] | None = None
) -> None:
    """
    Write the tables of *registry* into *folder*, one Parquet file each.

    Args:
        registry: The registry.
        folder: It is made if needed; files of the same names are replaced.
        lines: The records as lines of JSON, for `read_lines`; without them the folder can be
            audited but not turned back into a registry.

    Raises:
        MissingExtraError: Ibis or DuckDB is not installed.
        OSError: It cannot be written.
    """
    target = Path(folder)
    parquet = require("pyarrow.parquet", feature="a Parquet file", extra="bulk")
    contents: dict[str, Content] = {
        name: partial(parquet.write_table, table) for name, table in arrow_tables(registry).items()
    }
    # The claims come last, as a folder without them is not taken for a registry.
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
            if len(batch) == _WRITE_BATCH:
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
    path = file_of(folder, RECORDS)
    parts = _parts_of(path)
    if not parts:
        message = (
            f"{str(folder)!r} has no table 'records', which holds the records themselves; "
            "its tables can be audited but not turned into a registry"
        )
        raise _refusal("CT005", message)
    for part in parts:
        with _opened(part, folder) as opened:
            yield from _lines_of(opened)


def _lines_of(part: "_Part") -> Iterator[str]:
    file = part.parquet()
    _refuse_unless_text(file.schema_arrow)
    shares_prefixes = "DELTA_BYTE_ARRAY" in _encodings(file.metadata)
    if not shares_prefixes:
        # A text that is once in the file can be in many rows: it is unpacked once.
        file = part.parquet(read_dictionary=["json"])
    left = LIMITS.unpacked + LIMITS.unpacked_per_byte * part.size
    try:
        for batch in file.iter_batches(
            batch_size=_PREFIX_BATCH if shares_prefixes else _READ_BATCH, columns=["json"]
        ):
            for value in batch.column(0):
                line = value.as_py()
                if not isinstance(line, str):
                    message = "table 'records' column 'json' is not text all along"
                    raise _refusal("CT005", message)
                if len(line) > LIMITS.line_bytes:
                    message = f"{part.name!r} holds a record of {len(line)} characters; the limit"
                    raise _refusal("CT003", f"{message} is {LIMITS.line_bytes}")
                left -= len(line)
                if left < 0:
                    message = f"{part.name!r} unpacks to more text than its size allows"
                    raise _refusal("CT003", message)
                yield line
    except (OSError, ValueError) as error:
        if isinstance(error, LoadError):
            raise
        raise _unreadable(part.name, error) from error


def _refuse_unless_text(schema: Any) -> None:  # noqa: ANN401 - Arrow has no types
    if schema.names.count("json") != 1:
        raise _refusal("CT005", "table 'records' has no column 'json'; expected text")
    types = arrow().types
    given = schema.field("json").type
    text = given.value_type if types.is_dictionary(given) else given
    if not (types.is_string(text) or types.is_large_string(text)):
        # Arrow names the columns within a column in its type, and they are other people's text.
        message = f"table 'records' column 'json' is {shown(str(given))}; expected text"
        raise _refusal("CT005", message)


def _encodings(metadata: Any) -> set[str]:  # noqa: ANN401 - Arrow has no types
    return {
        encoding
        for group in map(metadata.row_group, range(metadata.num_row_groups))
        for column in map(group.column, range(group.num_columns))
        for encoding in column.encodings
    }


def _refusal(code: str, message: str) -> LoadError:
    return LoadError((Problem(code=code, message=message),))


def _unreadable(name: str, error: Exception) -> LoadError:
    reason = getattr(error, "strerror", None) or (str(error).splitlines() or ["damaged"])[0]
    return _refusal("CT001", f"{name!r} cannot be read as Parquet: {reason}")


_BYTES_OF_AN_ENTRY: Final = 64
"""The least that a column or a group of rows takes at the end of a file."""


@attrs.frozen
class _Part:
    """
    An open file of a table.

    Args:
        name: Its path, for errors.
        file: The open file.
    """

    name: str
    file: BinaryIO

    @property
    def address(self) -> str:
        """
        A path to the open file, even if it is renamed.

        It has no character that an engine takes for a pattern, and no folder name that an engine
        reads as a column. On systems without such paths it is the file's own.
        """
        address = _OPEN_FILES / str(self.file.fileno())
        return str(address) if address.exists() else self.name

    @property
    def size(self) -> int:
        return os.fstat(self.file.fileno()).st_size

    def parquet(self, **options: Any) -> Any:  # noqa: ANN401 - Arrow has no types
        """
        Return the file as opened by Arrow, if its metadata is within `LIMITS`.

        Raises:
            LoadError: It is not Parquet (CT001), or states more (CT003).
        """
        parquet = require("pyarrow.parquet", feature="a Parquet file", extra="bulk")
        size = self.size
        # Arrow takes memory for as many entries as a list at the end of the file states.
        options["thrift_container_size_limit"] = LIMITS.columns + size // _BYTES_OF_AN_ENTRY
        try:
            file = parquet.ParquetFile(self.address, **options)
            self._refuse_beyond_limits(file.metadata, size)
        except PageError as error:
            raise _refusal("CT001", f"{self.name!r} cannot be read as Parquet: {error}") from error
        except (OSError, ValueError) as error:  # the base classes of Arrow's errors
            if isinstance(error, LoadError):
                raise
            raise _unreadable(self.name, error) from error
        return file

    def _refuse_beyond_limits(self, metadata: Any, size: int) -> None:  # noqa: ANN401 - as above
        most_rows = LIMITS.rows + LIMITS.rows_per_byte * size
        most_bytes = LIMITS.unpacked + LIMITS.unpacked_per_byte * size
        groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
        rows = max(metadata.num_rows, sum(max(group.num_rows, 0) for group in groups))
        self._refuse_if(rows, "rows", most_rows, size)
        self._refuse_if(metadata.num_columns, "columns", LIMITS.columns, size)
        stated = sum(group.total_byte_size for group in groups)
        self._refuse_if(stated, "bytes when unpacked", most_bytes, size)
        unpacked = 0
        for page in pages_of(self.file, size, metadata):
            unpacked += page.unpacked
            self._refuse_if(page.values, "values in a page", most_rows, size)
            self._refuse_if(page.unpacked, "bytes in a page", LIMITS.page_bytes, size)
            self._refuse_if(unpacked, "bytes when unpacked", most_bytes, size)

    def _refuse_if(self, number: int, what: str, limit: int, size: int) -> None:
        if number > limit:
            message = f"{self.name!r} has {number} {what} in a file of {size} bytes"
            raise _refusal("CT003", f"{message}; the limit is {limit}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()


def _opened(path: Path, folder: str | os.PathLike[str]) -> _Part:
    """
    Open a file of a table that lies in *folder*, by whatever link.

    Raises:
        LoadError: It cannot be opened (CT001), or a link leads out of the folder (CT004).
    """
    real = path.resolve()
    if not real.is_relative_to(Path(folder).resolve()):
        raise _refusal("CT004", f"{str(path)!r} is a link that leads out of {str(folder)!r}")
    try:
        number = os.open(real, _READING | getattr(os, "O_NOFOLLOW", 0))
    except OSError as error:
        raise _unreadable(str(path), error) from error
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise _refusal("CT001", f"{str(path)!r} is no regular file")
    return _Part(str(path), open(number, "rb"))  # noqa: PTH123 - it is open already


def _parts_of(path: Path) -> list[Path]:
    """Return the files of a table: the file itself, or those in a folder of its name, sorted."""
    if path.is_dir():
        return sorted(part for part in path.glob("*.parquet") if part.is_file())
    return [path] if path.is_file() else []


def read_parquet(folder: str | os.PathLike[str], connection: Connection | None = None) -> Tables:
    """
    Return the tables in *folder*; their rows are read when a query runs.

    The files stay open as long as the tables are used, so that a query reads the files that were
    checked.

    Args:
        folder: The folder of ``claims.parquet`` and the other tables of `claimtrack.bulk.schema`.
        connection: An Ibis connection that can read files; DuckDB in this process if None.

    Raises:
        LoadError: A table or a column is missing, has the wrong type, is empty where it may not
            be, or has a number out of its bounds; or a file is damaged, or exceeds `LIMITS`. It
            lists all of them.
        MissingExtraError: Ibis or DuckDB is not installed.
    """
    return read_files(folder, connection or connect())[0]


def read_files(
    folder: str | os.PathLike[str], connection: Connection
) -> tuple[Tables, tuple[str, ...]]:
    """
    Return the tables in *folder*, and the paths by which the engine opens their files.

    Raises:
        LoadError: As `read_parquet` does.
    """
    problems = Problems()
    parts: dict[str, list[_Part]] = {name: [] for name in SCHEMA}
    with ExitStack() as stack:
        for name in SCHEMA:
            paths = _parts_of(file_of(folder, name))
            if not paths:
                expected = str(file_of(folder, name))
                problems.add("CT005", f"table {name!r} is missing; expected {expected!r}")
            try:
                for path in paths:
                    part = stack.enter_context(_opened(path, folder))
                    part.parquet()
                    parts[name].append(part)
            except LoadError as error:
                problems.extend(error.problems)
        problems.raise_if_any()
        with damage_named(folder):
            by_name = {name: _read(connection, name, parts[name]) for name in SCHEMA}
            tables = checked(by_name)
        for name, table in by_name.items():
            for part in parts[name]:
                weakref.finalize(table.op(), part.file.close)
        stack.pop_all()
    return tables, tuple(part.address for some in parts.values() for part in some)


def _read(connection: Connection, name: str, parts: list[_Part]) -> Expression:
    """
    Return the table of the files *parts*.

    Raises:
        LoadError: The engine opens files by name, and takes this name for a pattern.
    """
    if connection.name == "duckdb":
        addresses = [part.address for part in parts]
        options = {"hive_partitioning": False}
    else:  # a cluster opens files by their names, and all those in a folder at once
        first = parts[0].name
        addresses = [first if len(parts) == 1 else str(Path(first).parent)]
        options = {}
    for address in addresses:
        if _PATTERN & set(address):
            message = (
                f"{address!r} would be a pattern to {connection.name}; expected a path without any"
            )
            raise _refusal("CT001", f"{message} of {' '.join(sorted(_PATTERN))}")
    try:
        source = addresses if connection.name == "duckdb" else addresses[0]
        return connection.read_parquet(source, table_name=name, **options)
    except Exception as error:  # each engine has its own
        raise EngineError(_unreadable(parts[0].name, error).problems) from error


@contextmanager
def damage_named(folder: str | os.PathLike[str]) -> Iterator[None]:
    """
    Replace an error of the engine by one that names the damaged file in *folder*, if one is.

    Raises:
        LoadError: In place of the engine's own error.
    """
    try:
        yield
    except EngineError as error:
        if error.problems[0].code == "CT001":
            for name in SCHEMA:
                for path in _parts_of(file_of(folder, name)):
                    _look_for_damage(path, folder)
        raise


def _look_for_damage(path: Path, folder: str | os.PathLike[str]) -> None:
    """
    Read a whole file, to find whether it is damaged.

    Raises:
        LoadError: It cannot be read.
    """
    with _opened(path, folder) as part:
        try:
            for _ in part.parquet().iter_batches(batch_size=_READ_BATCH):
                pass
        except (OSError, ValueError) as error:
            if isinstance(error, LoadError):
                raise
            raise _unreadable(part.name, error) from error


def tables_in(connection: Connection) -> Tables:
    """
    Return the tables of an engine that have the names of the fields of `Tables`.

    Raises:
        LoadError: As `read_parquet` does.
    """
    existing = set(connection.list_tables())
    problems = Problems()
    for name in SCHEMA:
        if name not in existing:
            problems.add("CT005", f"table {name!r} is missing")
    problems.raise_if_any()
    return checked({name: connection.table(name) for name in SCHEMA})


def checked(by_name: Mapping[str, Expression]) -> Tables:
    """
    Return the Ibis tables *by_name* as `Tables`, after a check of their columns.

    Columns of whole numbers become 64-bit integers: pandas writes those with missing values as
    floats.

    Raises:
        LoadError: A column is wrong; it lists all of them.
    """
    problems = Problems()
    typed = {name: _with_typed_nulls(name, table) for name, table in by_name.items()}
    for name, table in typed.items():
        for message in _misfits(name, table):
            problems.add("CT005", message)
    for message in _unlike_orders(typed):
        problems.add("CT005", message)
    problems.raise_if_any()
    for name, table in typed.items():
        numbers = _without_nans(name, table)
        for message in _unfit_values(name, numbers):
            problems.add("CT005", message)
        typed[name] = _in_64_bits(name, numbers)
    problems.raise_if_any()
    return Tables(**typed)


def _with_typed_nulls(name: str, table: Expression) -> Expression:
    """Give columns of the wrong type that are empty throughout the type of the schema."""
    types = table.schema()
    unfit = [
        column
        for column, wanted in SCHEMA[name].items()
        if wanted.nullable and column in types.names and not _fits(types[column], wanted)
    ]
    if not unfit:
        return table
    held = rows(table.agg(**{column: _value(table[column]).count() for column in unfit}))[0]
    nulls = {
        column: ibis().null(_IBIS_TYPES[SCHEMA[name][column].type])
        for column in unfit
        if not held[column]
    }
    return table.mutate(**nulls) if nulls else table


def _value(column: Expression) -> Expression:
    """Return *column* with NaN as null."""
    if not column.type().is_floating():
        return column
    return ibis().ifelse(column.isnan(), ibis().null(column.type()), column)


def _whole_numbers(name: str, table: Expression) -> list[str]:
    wanted = SCHEMA[name]
    return [
        column
        for column in wanted
        if wanted[column].type in {"day", "count"} and column in table.columns
    ]


def _without_nans(name: str, table: Expression) -> Expression:
    types = table.schema()
    floats = [column for column in _whole_numbers(name, table) if types[column].is_floating()]
    return table.mutate(**{n: _value(table[n]) for n in floats}) if floats else table


def _in_64_bits(name: str, table: Expression) -> Expression:
    types = table.schema()
    others = [n for n in _whole_numbers(name, table) if not types[n].is_int64()]
    return table.mutate(**{n: table[n].cast("int64") for n in others}) if others else table


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
            return bool(type_.is_integer() or type_.is_floating())


def _unlike_orders(tables: Mapping[str, Expression]) -> Iterator[str]:
    """Find columns of ordered numbers of which some are text and some are not."""
    first = None
    for name, table in tables.items():
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


def _unfit_values(name: str, table: Expression) -> Iterator[str]:
    """Find columns with nulls where there may be none, or with numbers out of their bounds."""
    empty = {
        f"empty {column}": table[column].isnull().sum()
        for column, wanted in SCHEMA[name].items()
        if not wanted.nullable
    }
    wrong = {column: _is_wrong(name, table, column) for column in _whole_numbers(name, table)}
    counts = rows(table.agg(**empty, **{name: one.sum() for name, one in wrong.items()}))[0]
    for column in SCHEMA[name]:
        number = counts.get(f"empty {column}") or 0
        if number:
            yield f"table {name!r} column {column!r} is empty in {number} rows; expected a value"
        if counts.get(column):
            yield _wrong_number(name, table, column, wrong[column])


def _is_wrong(name: str, table: Expression, column: str) -> Expression:
    least, most = SCHEMA[name][column].bounds
    value = table[column]
    type_ = value.type()
    is_wrong = value > ibis().literal(most, "int64")
    if not type_.is_unsigned_integer():
        is_wrong |= value < ibis().literal(least, "int64")
    return (is_wrong | (value % 1 != 0)) if type_.is_floating() else is_wrong


def _wrong_number(name: str, table: Expression, column: str, is_wrong: Expression) -> str:
    """Say which is the first row, by its first column, with a wrong value in *column*."""
    key = next(iter(SCHEMA[name]))
    wrong = table.filter(is_wrong).select(key=table[key], value=table[column])
    row = rows(wrong.order_by("key").limit(1))[0]
    least, most = SCHEMA[name][column].bounds
    return (
        f"table {name!r} column {column!r} is {row['value']!r} where {key} is {row['key']!r}; "
        f"expected whole numbers from {least} to {most}"
    )
