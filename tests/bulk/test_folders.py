"""Folders of Parquet files as others name and write them."""

import json
import shutil
from importlib.util import find_spec

import attrs
import pytest

from claimtrack import (
    Assessment,
    Claim,
    Evidence,
    Fact,
    LoadError,
    Registry,
    Source,
    Speaker,
    assessed,
    occurs,
)
from claimtrack.bulk import (
    audit,
    connect,
    plan,
    read_parquet,
    tables_of,
    warehouse,
    write_parquet,
)
from claimtrack.bulk.engines import confine
from claimtrack.bulk.rows import Rows
from claimtrack.cli.main import main
from claimtrack.errors import TooMuchToWeighError
from tests.bulk.agreement import agree

pytestmark = pytest.mark.skipif(
    find_spec("ibis") is None, reason="the extra 'bulk' is not installed"
)

REGISTRY = Registry.of(
    Speaker(id="ada"),
    Source(id="post", published="2020-02-02"),
    Fact(id="rain", kind="event", once=True),
    Evidence(id="wet", fact="rain", source="post", happened="2020-02-01"),
    Claim(
        id="soon",
        speaker="ada",
        said="2020-01-01",
        source="post",
        quote="Soon.",
        criterion=occurs("rain", by="2020-01-31"),
    ),
)


def statuses(folder):
    found = audit(read_parquet(folder), as_of="2020-03-01").to_pyarrow().to_pylist()
    return [(row["claim"], row["status"]) for row in found]


@pytest.mark.parametrize("name", ["a*b", "reg[1]", "a?b", "id=x"])
def test_only_the_folder_that_was_named_is_read(tmp_path, name):
    write_parquet(REGISTRY, tmp_path / name)
    write_parquet(Registry.of(), tmp_path / "reg1")
    write_parquet(Registry.of(), tmp_path / "a-b")

    assert statuses(tmp_path / name) == [("soon", "late")]


def test_a_table_in_parts_is_read(tmp_path):
    write_parquet(REGISTRY, tmp_path)
    table = tmp_path / "claims.parquet"
    shutil.move(table, tmp_path / "part")
    table.mkdir()
    shutil.move(tmp_path / "part", table / "part-00000.parquet")

    assert statuses(tmp_path) == [("soon", "late")]


def test_a_column_without_any_value_is_read_whatever_its_type(tmp_path):
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    write_parquet(REGISTRY, tmp_path)
    file = tmp_path / "claims.parquet"
    table = parquet.read_table(file)
    for name, type_ in (("annulled", pa.null()), ("due", pa.float64())):
        at = table.schema.get_field_index(name)
        table = table.set_column(at, name, pa.array([None] * len(table), type_))
    parquet.write_table(table, file)

    assert statuses(tmp_path) == [("soon", "late")]


def test_a_file_with_more_rows_than_its_size_allows_is_refused(tmp_path, monkeypatch):
    write_parquet(REGISTRY, tmp_path)
    limits = attrs.evolve(warehouse.LIMITS, rows=0, rows_per_byte=0)
    monkeypatch.setattr(warehouse, "LIMITS", limits)
    file = tmp_path / "claims.parquet"

    first = refused(tmp_path)[0]

    assert first == (
        f"CT003 {str(file)!r} has 1 rows in a file of {file.stat().st_size} bytes; the limit is 0"
    )


def refused(folder):
    with pytest.raises(LoadError) as caught:
        read_parquet(folder)
    return [f"{problem.code} {problem.message}" for problem in caught.value.problems]


def with_column(folder, table, name, values, type_):
    pa, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    file = folder / f"{table}.parquet"
    found = parquet.read_table(file)
    at = found.schema.get_field_index(name)
    parquet.write_table(found.set_column(at, name, pa.array(values, type_)), file)


@pytest.fixture
def folder(tmp_path):
    write_parquet(REGISTRY, tmp_path)
    return tmp_path


def test_whole_numbers_that_pandas_wrote_as_fractions_are_read(folder):
    with_column(folder, "claims", "due", [float("nan")], "float64")
    with_column(folder, "claims", "grace", [3.0], "float64")
    with_column(folder, "evidence", "first", [737456.0], "float32")

    assert statuses(folder) == [("soon", "late")]


DAYS = "expected whole numbers from -1000000000000000000 to 1000000000000000000"


@pytest.mark.parametrize(
    ("table", "name", "value", "type_", "message"),
    [
        ("claims", "due", 737455.5, "float64", f"is 737455.5 where id is 'soon'; {DAYS}"),
        ("claims", "due", float("inf"), "float64", f"is inf where id is 'soon'; {DAYS}"),
        ("claims", "due", 2**64 - 1, "uint64", f"is {2**64 - 1} where id is 'soon'; {DAYS}"),
        ("evidence", "first", -(2**63), "int64", f"is {-(2**63)} where id is 'wet'; {DAYS}"),
        ("evidence", "last", 2**63 - 1, "int64", f"is {2**63 - 1} where id is 'wet'; {DAYS}"),
        (
            *("claims", "grace", -1, "int64"),
            "is -1 where id is 'soon'; expected whole numbers from 0 to 100000000000000000",
        ),
        *(
            pytest.param(
                *("criteria", "depth", depth, "int64"),
                f"is {depth} where node is 1; expected whole numbers from 0 to 32",
                id=f"depth-{depth}",
            )
            for depth in (3_000, 2**40)
        ),
    ],
)
def test_a_number_out_of_its_bounds_is_refused_with_its_row(
    folder, table, name, value, type_, message
):
    with_column(folder, table, name, [value], type_)

    assert refused(folder) == [f"CT005 table {table!r} column {name!r} {message}"]


def test_narrow_numbers_are_added_without_overflow(folder):
    with_column(folder, "claims", "grace", [127], "int8")
    with_column(folder, "claims", "due", [2**31 - 1], "int32")

    assert statuses(folder) == [("soon", "late")]


def test_damaged_pages_are_an_error_that_names_the_file(folder, capsys):
    file = folder / "criteria.parquet"
    content = bytearray(file.read_bytes())
    content[8:200] = b"\xff" * 192
    file.write_bytes(content)

    assert main(["audit", str(folder), "--as-of", "2020-03-01"]) == 3

    message = capsys.readouterr().err
    assert message.startswith(f"CT001 {str(file)!r} cannot be read as Parquet: ")


def test_a_table_that_a_link_leads_elsewhere_for_is_not_read(folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("other") / "claims.parquet"
    file = folder / "claims.parquet"
    shutil.move(file, other)
    file.symlink_to(other)

    assert refused(folder) == [f"CT004 {str(file)!r} is a link that leads out of {str(folder)!r}"]


def test_what_is_read_is_what_was_looked_at(folder):
    tables = read_parquet(folder)
    (folder / "claims.parquet").unlink()

    found = audit(tables, as_of="2020-03-01").to_pyarrow().to_pylist()

    assert [row["status"] for row in found] == ["late"]


def test_a_confined_connection_opens_nothing_else_and_keeps_its_settings(folder):
    duckdb = pytest.importorskip("duckdb")
    connection = connect()
    tables, files = warehouse.read_files(folder, connection)
    confine(connection, files)

    assert len(audit(tables, as_of="2020-03-01").to_pyarrow()) == 1
    for query in (
        "SELECT * FROM read_text('/etc/hostname')",
        f"COPY (SELECT 1) TO '{folder}/out.csv'",
        f"SELECT * FROM read_parquet('{folder}/*.parquet')",  # noqa: S608
        "SET enable_external_access = true",
    ):
        with pytest.raises(duckdb.Error):
            connection.raw_sql(query).fetchall()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([{"a\x1b": 1}], "'struct<a\\x1b: int64>'"),
        ([["a"]], "'list<element: string>'"),
        ([1], "'int64'"),
        ([b"{}"], "'binary'"),
        ([None], "'null'"),
    ],
    ids=["struct", "list", "number", "bytes", "nothing"],
)
def test_records_that_are_no_texts_are_refused(tmp_path, values, expected):
    pa, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    parquet.write_table(pa.table({"json": values}), tmp_path / "records.parquet")

    with pytest.raises(LoadError) as caught:
        [*warehouse.read_lines(tmp_path)]

    told = f"CT005 table 'records' column 'json' is {expected}; expected text"
    assert str(caught.value) == told


@pytest.mark.parametrize("type_", ["string", "large_string", "dictionary"])
def test_records_are_texts_of_any_type_of_arrow(tmp_path, type_):
    pa, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    texts = pa.array(["{}", "[]"])
    texts = texts.dictionary_encode() if type_ == "dictionary" else texts.cast(type_)
    parquet.write_table(pa.table({"json": texts}), tmp_path / "records.parquet")

    assert [*warehouse.read_lines(tmp_path)] == ["{}", "[]"]


def test_a_record_that_stands_in_many_rows_is_unpacked_once_and_bounded(tmp_path, monkeypatch):
    pa, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    file = tmp_path / "records.parquet"
    line = json.dumps({"type": "speaker", "id": "a"}) + " " * 1_000
    parquet.write_table(pa.table({"json": [line] * 1_000}), file)
    limits = attrs.evolve(warehouse.LIMITS, unpacked=10_000, unpacked_per_byte=10)
    monkeypatch.setattr(warehouse, "LIMITS", limits)
    given = []

    with pytest.raises(LoadError) as caught:
        given.extend(warehouse.read_lines(tmp_path))

    assert str(caught.value) == f"CT003 {str(file)!r} unpacks to more text than its size allows"


def ratings(count):
    return Registry.of(
        Speaker(id="ada"),
        Source(id="post", published="2020-02-02"),
        Claim(
            id="soon",
            speaker="ada",
            said="2000-01-01",
            source="post",
            quote="Soon.",
            criterion=assessed("truth-o-meter"),
        ),
        *(
            Assessment(
                id=f"r{number}",
                claim="soon",
                scale="truth-o-meter",
                rating="False" if number % 3 else "True",
                by="desk",
                published=str(2000 + number // 2),
            )
            for number in range(count)
        ),
    )


def test_each_rating_is_superseded_by_one_row_however_many_there_are():
    numbers = []
    for count in (20, 40):
        rows = Rows()
        rows.add(ratings(count))
        numbers.append(len(rows.columns["supersedes"]["superseded"]))

    assert numbers == [18, 38]


def test_the_next_later_rating_supersedes_as_all_later_ones_would():
    agree({"one": ratings(12)}, [(f"{year}-06-01", "published") for year in (2001, 2003, 2005)])


def test_what_a_query_would_join_is_counted_before_and_bounded(monkeypatch):
    tables = tables_of(
        Registry.of(
            *(record for record in REGISTRY.speakers.values()),
            *(record for record in REGISTRY.sources.values()),
            *(record for record in REGISTRY.facts.values()),
            *(attrs.evolve(REGISTRY.evidence["wet"], id=f"e{n}") for n in range(3)),
            *(attrs.evolve(REGISTRY.claims["soon"], id=f"c{n}") for n in range(4)),
        )
    )

    assert plan.joined_rows(tables, plan.plan_of(tables)) == 12

    monkeypatch.setattr(plan, "LIMITS", attrs.evolve(plan.LIMITS, joined=11))
    with pytest.raises(TooMuchToWeighError) as caught:
        audit(tables, as_of="2020-03-01")

    assert str(caught.value) == (
        "CT404 the claims together would weigh 12 reports, each counted once for every leaf that "
        "asks about it; expected at most 11"
    )


@pytest.mark.parametrize(
    "call",
    [("audit",), ("check",), ("explain", "soon"), ("facts",), ("due",), ("convert",)],
    ids=lambda call: call[0],
)
def test_files_and_tables_in_one_folder_are_refused_by_every_command(folder, capsys, call):
    file = folder / "a.toml"
    file.write_text('[[speaker]]\nid = "ada"\n', "utf-8")
    command, *rest = call
    out = ["--to", "jsonl"] if command == "convert" else []
    rest = [str(folder.parent / "out")] if command == "convert" else rest
    args = [*rest, str(folder)] if command == "explain" else [str(folder), *rest]

    assert main([command, *args, *out]) == 3

    table = folder / "claims.parquet"
    assert (
        f"{str(folder)!r} holds a registry twice, in {str(file)!r} and in {str(table)!r}; "
        "expected one of them in a folder of its own"
    ) in "".join(capsys.readouterr())


def test_a_folder_of_tables_alone_is_refused_with_what_to_do_by_other_commands(folder, capsys):
    assert main(["facts", str(folder)]) == 3

    assert capsys.readouterr().err == (
        f"CT324 {str(folder)!r} holds Parquet tables, which only audit and convert read; expected "
        "a registry in TOML or JSON lines\n"
        "    hint: convert them: claimtrack convert TABLES OUT --to jsonl\n"
    )
