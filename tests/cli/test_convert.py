"""``claimtrack convert`` and ``claimtrack audit --engine duckdb``."""

import json
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

import claimtrack
from claimtrack.cli.main import main
from tests.oracle.random_registries import make, write

pytestmark = pytest.mark.skipif(
    find_spec("ibis") is None or find_spec("duckdb") is None,
    reason="the extra 'bulk' is not installed",
)

EXAMPLE = Path(__file__).parents[2] / "examples" / "china_russia_2017"


def test_a_registry_goes_through_every_form_without_loss(tmp_path):
    write(make(7), tmp_path / "toml", 7)
    before = claimtrack.load(tmp_path / "toml")

    for one, form in (("toml", "parquet"), ("parquet", "jsonl"), ("jsonl", "back")):
        to = "toml" if form == "back" else form
        status = main(["convert", str(tmp_path / one), str(tmp_path / form), "--to", to])
        assert status == 0

    assert claimtrack.load(tmp_path / "jsonl") == before
    assert claimtrack.load(tmp_path / "back") == before


def test_a_packed_file_of_lines_is_written_where_its_name_says_so(tmp_path):
    assert main(["convert", str(EXAMPLE), str(tmp_path / "x.jsonl.gz"), "--to", "jsonl"]) == 0

    assert claimtrack.load(tmp_path / "x.jsonl.gz") == claimtrack.load(EXAMPLE)


@pytest.mark.parametrize(
    ("form", "out", "where"),
    [
        ("toml", "out", "out"),
        ("toml", "one.toml", "one.toml"),
        ("jsonl", "out", "out/registry.jsonl"),
        ("jsonl", "one.jsonl", "one.jsonl"),
        ("parquet", "out", "out"),
    ],
)
def test_what_was_written_is_told_on_standard_error(
    tmp_path, monkeypatch, capsys, form, out, where
):
    monkeypatch.chdir(tmp_path)
    Path("few.toml").write_text('[[speaker]]\nid = "a"\n[[speaker]]\nid = "b"\n', "utf-8")

    assert main(["convert", "few.toml", out, "--to", form]) == 0

    assert capsys.readouterr() == ("", f"wrote 2 records to {where}\n")
    assert Path(where).exists()


@pytest.mark.parametrize("form", ["toml", "jsonl", "parquet"])
def test_a_folder_with_a_registry_in_it_is_not_overwritten(tmp_path, capsys, form):
    kept = tmp_path / "out" / "deep" / "mine.toml"
    kept.parent.mkdir(parents=True)
    kept.write_text("# mine\n")

    status = main(["convert", str(EXAMPLE), str(tmp_path / "out"), "--to", form])

    assert status == 2
    message = f"{str(tmp_path / 'out')!r} holds 'mine.toml' already; expected a folder without one"
    assert message in capsys.readouterr().err
    assert [file.name for file in (tmp_path / "out").rglob("*")] == ["deep", "mine.toml"]


def test_a_file_that_is_there_is_not_overwritten(tmp_path, capsys):
    target = tmp_path / "mine.jsonl"
    target.write_text("{}\n")

    assert main(["convert", str(EXAMPLE), str(target), "--to", "jsonl"]) == 2

    assert "is there already" in capsys.readouterr().err
    assert target.read_text() == "{}\n"


def test_a_file_of_another_form_is_refused(tmp_path, capsys):
    assert main(["convert", str(EXAMPLE), str(tmp_path / "x.toml"), "--to", "parquet"]) == 2

    assert "is no place for parquet; expected a folder" in capsys.readouterr().err


@pytest.fixture(scope="module")
def converted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("converted") / "out"
    assert main(["convert", str(EXAMPLE), str(folder), "--to", "parquet"]) == 0
    return folder


@pytest.fixture
def parquet(converted, tmp_path):
    """The example as Parquet, in a copy that a test may change."""
    return shutil.copytree(converted, tmp_path / "out")


def test_parquet_files_are_audited_by_duckdb_with_the_same_result(parquet, capsys):
    for path, engine in ((EXAMPLE, []), (parquet, []), (EXAMPLE, ["--engine", "duckdb"])):
        day = ["--as-of", "2020-01-01", "--format", "json"]
        assert main(["audit", str(path), *day, *engine]) == 0

    first, *others = map(
        json.loads, capsys.readouterr().out.replace("\n}\n{", "\n}\0{").split("\0")
    )

    statuses = {claim["id"]: claim["status"] for claim in first["claims"]}
    for other in others:
        assert other["counts"] == first["counts"]
        assert other["not_yet_said"] == first["not_yet_said"]
        claims = [claim for claim in other["claims"] if claim["reading"] is None]
        assert {claim["id"]: claim["status"] for claim in claims} == statuses


def test_programs_get_a_row_for_each_claim_and_reading_from_an_engine(pipelines, capsys):
    call = ["audit", str(pipelines), "--engine", "duckdb", "--as-of", "2020-06-01", "--format"]

    assert main([*call, "csv"]) == 0
    header, *lines = capsys.readouterr().out.splitlines()
    assert main([*call, "jsonl"]) == 0
    objects = map(json.loads, capsys.readouterr().out.splitlines())

    assert header == "id,reading,status,late_days,late_days_min,due"
    assert sorted(lines) == [
        "a-mistake,,not-checkable,,,",
        "flow-of-38,,pending,,,2024-12-31",
        "gas-by-2019,,held,,,2019-12-31",
        "gas-by-2019,as first promised,late,336,336,2018-12-31",
    ]
    assert {one["late_days"] for one in objects} == {None, 336}


def test_people_are_shown_the_counts(parquet, capsys):
    assert main(["audit", str(parquet), "--as-of", "2020-01-01"]) == 0

    words = capsys.readouterr().out.split()
    counts = claimtrack.load(EXAMPLE).audit("2020-01-01").counts
    for status, count in counts.items():
        assert words[words.index(status.value) + 1] == str(count)


def test_options_that_need_the_records_do_not_go_with_an_engine(parquet, capsys):
    assert main(["audit", str(parquet), "--speaker", "xi-jinping"]) == 2

    assert "--speaker does not go with --engine duckdb" in capsys.readouterr().err


def rewritten(file, change):
    import pyarrow.parquet as pq

    pq.write_table(change(pq.read_table(file)), file)


def test_what_does_not_fit_the_schema_is_told_by_table_and_column(parquet, capsys):
    import pyarrow as pa
    import pyarrow.parquet as pq

    rewritten(parquet / "claims.parquet", lambda table: table.drop_columns(["said"]))
    rewritten(
        parquet / "evidence.parquet",
        lambda table: table.set_column(
            table.schema.get_field_index("published"),
            "published",
            pa.array(["soon"] * len(table)),
        ),
    )
    (parquet / "sources.parquet").unlink()

    assert main(["audit", str(parquet), "--as-of", "2020-01-01"]) == 3

    missing = str(parquet / "sources.parquet")
    assert capsys.readouterr().err == f"CT005 table 'sources' is missing; expected {missing!r}\n"
    pq.write_table(pa.table({"id": ["a"], "witness": ["b"], "rank": ["1"]}), missing)

    assert main(["audit", str(parquet), "--as-of", "2020-01-01"]) == 3

    assert capsys.readouterr().err == (
        "CT005 table 'claims' has no column 'said'; expected whole numbers\n"
        "CT005 table 'evidence' column 'published' is string; expected whole numbers\n"
        "CT005 table 'sources' column 'rank' is string; expected whole numbers\n"
    )


def test_an_empty_value_where_one_is_needed_is_told(parquet, capsys):
    import pyarrow as pa

    rewritten(
        parquet / "claims.parquet",
        lambda table: table.set_column(
            table.schema.get_field_index("grace"),
            "grace",
            pa.array([None] * len(table), pa.int64()),
        ),
    )

    assert main(["audit", str(parquet), "--as-of", "2020-01-01"]) == 3

    count = len(claimtrack.load(EXAMPLE).claims)
    assert capsys.readouterr().err == (
        f"CT005 table 'claims' column 'grace' is empty in {count} rows; expected a value\n"
    )


def test_a_word_that_the_rules_do_not_know_is_told(parquet, capsys):
    import pyarrow as pa

    def reworded(column, word):
        def change(table):
            place = table.column_names.index(column)
            return table.set_column(place, column, pa.array([word] * table.num_rows))

        return change

    rewritten(parquet / "criteria.parquet", reworded("kind", "wish"))
    rewritten(parquet / "evidence.parquet", reworded("stance", "maybe"))
    rewritten(parquet / "evidence.parquet", reworded("claim", "any"))

    assert main(["audit", str(parquet), "--as-of", "2020-01-01"]) == 3

    assert capsys.readouterr().err == (
        "CT005 table 'criteria' column 'kind' holds 'wish'; expected one of assessed, count, event,"
        " figure, judged, not, parts, reaches, throughout\n"
        "CT005 table 'evidence' column 'stance' holds 'maybe'; expected one of context, refutes,"
        " supports\n"
    )


def test_what_is_no_parquet_is_told(parquet, capsys):
    (parquet / "claims.parquet").write_bytes(b"not at all")

    assert main(["audit", str(parquet), "--as-of", "2020-01-01"]) == 3

    start = f"CT001 {str(parquet / 'claims.parquet')!r} cannot be read as Parquet: "
    assert capsys.readouterr().err.startswith(start)


def test_tables_that_others_made_can_be_audited_but_not_turned_back(parquet, tmp_path, capsys):
    (parquet / "records.parquet").unlink()

    assert main(["convert", str(parquet), str(tmp_path / "back"), "--to", "toml"]) == 3

    assert capsys.readouterr().err == (
        f"CT005 {str(parquet)!r} has no table 'records', which holds the records themselves; "
        "its tables can be audited but not turned into a registry\n"
    )
