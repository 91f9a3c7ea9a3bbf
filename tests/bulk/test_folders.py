"""Folders of Parquet files as others name and write them."""

import shutil

import pytest

from claimtrack import Claim, Evidence, Fact, LoadError, Registry, Source, Speaker, occurs
from claimtrack.bulk import audit, read_parquet, warehouse, write_parquet

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
    monkeypatch.setattr(warehouse, "LEAST_ROWS", 0)
    monkeypatch.setattr(warehouse, "ROWS_PER_BYTE", 0)

    with pytest.raises(LoadError) as caught:
        read_parquet(tmp_path)

    assert {problem.code for problem in caught.value.problems} == {"CT003"}
