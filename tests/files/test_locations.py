import gzip

import pytest

from claimtrack import load, loads
from claimtrack.errors import LoadError

SPEAKERS = '[[speaker]]\nid = "anna"\n\n[[speaker]]\nname = "Bert"\nid = "bert"\n'


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text(SPEAKERS)
    return path


def place(registry, *path, id_="bert"):
    return str(registry.locations.of("speaker", id_, path)).rpartition("/")[2]


def test_a_record_and_its_keys_stand_where_they_were_written(path):
    registry = load(path)

    assert place(registry) == "a.toml:4:1"
    assert place(registry, "id") == "a.toml:6:1"
    assert place(registry, id_="anna") == "a.toml:1:1"
    assert registry.locations.file_of("speaker", "bert") == str(path)


def test_a_key_that_is_not_there_stands_where_its_record_does(path):
    assert place(load(path), "roles", 0, "title") == "a.toml:4:1"


def test_what_is_not_there_stands_nowhere(path):
    locations = load(path).locations

    assert locations.of("speaker", "carl") is None
    assert locations.of("planet", "mars") is None
    assert locations.file_of("claim", "anna") is None


@pytest.mark.parametrize("now", ["not = = toml", "", None])
def test_of_a_file_that_has_changed_since_the_beginning_is_told(path, now):
    (path.parent / "b.toml").write_text('[[speaker]]\nid = "carl"\n')
    registry = load(path.parent)
    if now is None:
        path.unlink()
    else:
        path.write_text(now)

    assert place(registry) == "a.toml:1:1"


@pytest.mark.parametrize("ending", ["jsonl", "jsonl.gz"])
def test_lines_of_a_file_that_has_gone_are_told_without_columns(tmp_path, ending):
    path = tmp_path / f"a.{ending}"
    lines = b'{"type": "speaker", "id": "anna"}\n{"type": "speaker", "id": "bert"}\n'
    path.write_bytes(gzip.compress(lines) if ending.endswith("gz") else lines)
    there, gone = load(path), load(path)

    assert place(there, "id") == f"a.{ending}:2:21"
    path.unlink()
    assert place(there, "name") == f"a.{ending}:2:1"
    assert place(gone, "id") == f"a.{ending}:2:1"


def test_a_key_is_found_as_it_was_written_and_not_in_a_text():
    with pytest.raises(LoadError) as caught:
        loads(
            '{"type": "speaker", "id": "name", "note": "\\"name\\": 1", "name": 5, "\\u00fc": 1}',
            "a",
        )

    assert [str(problem.location) for problem in caught.value.problems] == ["a:1:58", "a:1:69"]


def test_the_first_of_two_records_with_one_id_is_named(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"type": "speaker", "id": "anna"}\n')
    (tmp_path / "b.toml").write_text(SPEAKERS)

    with pytest.raises(LoadError) as caught:
        load(tmp_path)

    assert str(caught.value) == (
        f"{tmp_path}/b.toml:2:1: CT201 speaker id 'anna' is taken by {tmp_path}/a.jsonl:1:1; "
        "expected ids to be unique in a registry"
    )
