"""Several records of a file set, added and taken out at once, and all other bytes kept."""

import pytest

from claimtrack.edit.records import RecordEdits, edited
from claimtrack.edit.toml import EditError
from claimtrack.files.toml_writer import SpanText

TEXT = """\
# Ours.

[[claim]]  # the first
id = "a"
quote = "x"  # said twice
due = 2020-01-01
note = "n"

# Above b.
[[claim]]
id = "b"
quote = "y"

[[claim.reading]]
name = "r"
# The end of b.

[[speaker]]
id = "a"
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "all.toml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def after(path, **edits):
    return edited(path, RecordEdits(**edits)).after


def test_keys_of_several_records_are_set_and_taken_out(file):
    keys = {
        ("claim", "a"): {"due": SpanText("2021-02-03"), "note": None},
        ("claim", "b"): {"quote": "z", "topics": ["t"]},
        ("speaker", "a"): {"name": "A"},
    }

    assert (
        after(file, keys=keys)
        == TEXT.replace("due = 2020-01-01", "due = 2021-02-03")
        .replace('note = "n"\n', "")
        .replace('quote = "y"', 'quote = "z"\ntopics = ["t"]')
        + 'name = "A"\n'
    )


def test_a_key_is_added_where_the_last_one_is_taken_out(file):
    keys = {("claim", "a"): {"note": None, "topics": ["t"]}}

    assert after(file, keys=keys) == TEXT.replace('note = "n"', 'topics = ["t"]')


def test_a_record_is_taken_out_with_what_is_below_it_and_comments_stay(file):
    removed = {("claim", "b")}

    assert after(file, removed=removed) == TEXT.replace(
        '[[claim]]\nid = "b"\nquote = "y"\n\n[[claim.reading]]\nname = "r"\n', ""
    )


def test_records_are_added_below_all_others(file):
    added = [("speaker", {"id": "c"})]

    assert after(file, added=added) == f'{TEXT}\n[[speaker]]\nid = "c"\n'


def test_line_ends_of_other_systems_are_kept(file):
    file.write_bytes(TEXT.replace("\n", "\r\n").encode())

    text = after(
        file,
        keys={("claim", "a"): {"note": None, "quote": "q"}},
        removed={("speaker", "a")},
        added=[("speaker", {"id": "c"})],
    )

    assert text == TEXT.replace('note = "n"\n', "").replace('quote = "x"', 'quote = "q"').replace(
        '[[speaker]]\nid = "a"\n', '\n[[speaker]]\nid = "c"\n'
    ).replace("\n", "\r\n")


def test_a_record_that_has_gone_is_refused(file):
    with pytest.raises(EditError, match="claim 'c' has gone from its file since it was loaded"):
        after(file, keys={("claim", "c"): {"note": "n"}})


def test_a_record_without_a_header_is_refused(tmp_path):
    path = tmp_path / "all.toml"
    path.write_text('speaker = [{ id = "a" }]\n', encoding="utf-8")

    with pytest.raises(EditError, match="without a header of its own"):
        after(path, removed={("speaker", "a")})


def test_lines_of_json_are_edited_line_by_line(tmp_path):
    path = tmp_path / "all.jsonl"
    lines = [
        '{"type": "speaker", "id": "a", "note": "n"}',
        '{ "type":"speaker","id":"b" }',
        '{"type": "source", "id": "a"}',
    ]
    path.write_text("\n".join(lines), encoding="utf-8")

    text = after(
        path,
        keys={("speaker", "a"): {"note": None, "name": "A"}},
        removed={("source", "a")},
        added=[("source", {"id": "c"})],
    )

    assert text == (
        '{"type": "speaker", "id": "a", "name": "A"}\n'
        f"{lines[1]}\n"
        '{"type": "source", "id": "c"}\n'
    )
