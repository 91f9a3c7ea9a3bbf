"""Values as programs read them: whole, typed where the format has types, and harmless."""

import csv
import io
import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.escape import for_csv, visible
from claimtrack.report.formats import FORMATS, READ_BY_PROGRAMS, render_sheet
from claimtrack.report.table import KEYS, Sheet
from tests.report.hostile import INJECTIONS, acting, commands, texts

SAMPLE = Sheet(
    header=["id", "status", "late_days", "share", "robust", "used", "conflicts", "due"],
    rows=[
        ["gas", "held", None, -1e-05, True, ("a", "b;", "=c"), [("a", "b"), ("a", "c")], None],
        ["=1+1", "not-enough-evidence", -3, 0.5, False, [], [], "2019-12-31"],
        ['a "b", c', "007", 12, float("-inf"), None, ["d"], [("d", "+e")], "-0043-03-15"],
    ],
)


def test_csv():
    assert render_sheet(SAMPLE, "csv") == (
        "id,status,late_days,share,robust,used,conflicts,due\n"
        "gas,held,,-1e-05,true,a; b;; =c,a & b; a & c,\n"
        "=1+1,not-enough-evidence,-3,0.5,false,,,2019-12-31\n"
        '"a ""b"", c",007,12,-inf,,d,d & +e,-0043-03-15\n'
    )


def test_tsv():
    assert render_sheet(SAMPLE, "tsv") == (
        "id\tstatus\tlate_days\tshare\trobust\tused\tconflicts\tdue\n"
        "gas\theld\t\t-1e-05\ttrue\ta; b;; =c\ta & b; a & c\t\n"
        "=1+1\tnot-enough-evidence\t-3\t0.5\tfalse\t\t\t2019-12-31\n"
        '"a ""b"", c"\t007\t12\t-inf\t\td\td & +e\t-0043-03-15\n'
    )


HOSTILE_IDS = [
    "=cmd|'/C'!A0",
    '=HYPERLINK("https://x.example/")',
    "@SUM(1)",
    "-2+3+cmd|'/c'!A0",
    "='file:///x'#$Sheet1.A1",
    "+[x.xlsx]Sheet!A1",
]


@pytest.mark.parametrize("text", ["@mayor", "-x", "+a", "=A1", "-0043-03-15", "a;=b", "\uff1dx"])
def test_ids_and_days_stand_as_written(text):
    sheet = Sheet(header=["id", "used", "day", "title"], rows=[[text, ["a", text], text, text]])

    _, row = csv.reader(io.StringIO(render_sheet(sheet, "csv")))

    assert row == [text, f"a; {text}", text, for_csv(text)]
    assert row[3] != text


@pytest.mark.parametrize("text", HOSTILE_IDS)
def test_an_id_that_could_call_something_is_guarded(text):
    sheet = Sheet(header=["id", "used"], rows=[[text, ["a", text]]])

    _, row = csv.reader(io.StringIO(render_sheet(sheet, "csv")))

    assert row == [f"'{text}", f"a; '{text}"]


def test_decimals_keep_their_digits():
    numbers = [Decimal("0.1000000000000000000000000001"), Decimal("1E+3"), Decimal("2.50")]
    sheet = Sheet(header=["a", "b", "c"], rows=[numbers])

    assert render_sheet(sheet, "csv") == "a,b,c\n0.1000000000000000000000000001,1E+3,2.50\n"
    line = render_sheet(sheet, "jsonl")
    assert list(json.loads(line, parse_float=Decimal).values()) == numbers


def test_json_lines():
    assert render_sheet(SAMPLE, "jsonl") == (
        '{"id": "gas", "status": "held", "late_days": null, "share": -1e-05, "robust": true, '
        '"used": ["a", "b;", "=c"], "conflicts": [["a", "b"], ["a", "c"]], "due": null}\n'
        '{"id": "=1+1", "status": "not-enough-evidence", "late_days": -3, "share": 0.5, '
        '"robust": false, "used": [], "conflicts": [], "due": "2019-12-31"}\n'
        '{"id": "a \\"b\\", c", "status": "007", "late_days": 12, "share": "-inf", '
        '"robust": null, "used": ["d"], "conflicts": [["d", "+e"]], "due": "-0043-03-15"}\n'
    )


@pytest.mark.parametrize(
    ("name", "text"), [("csv", "id,due\n"), ("tsv", "id\tdue\n"), ("jsonl", "")]
)
def test_a_sheet_without_rows_keeps_its_header_where_there_is_a_place(name, text):
    assert render_sheet(Sheet(header=["id", "due"], rows=[]), name) == text


def test_columns_are_taken_from_records_in_the_order_of_the_header():
    sheet = Sheet.of(["b", "a"], ({"a": n, "b": [n], "c": "more"} for n in range(2)))

    assert sheet == Sheet(header=("b", "a"), rows=(([0], 0), ([1], 1)))


def test_a_record_without_a_column_is_refused():
    with pytest.raises(KeyError, match="late_days"):
        Sheet.of(["id", "late_days"], [{"id": "gas"}])


@pytest.mark.parametrize("name", sorted(set(FORMATS) - set(READ_BY_PROGRAMS)))
def test_a_format_that_people_read_has_no_values(name):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the whole text is compared
        render_sheet(SAMPLE, name)

    assert str(caught.value) == f"format {name!r} has no values; expected one of csv, tsv, jsonl"


@pytest.mark.parametrize("name", READ_BY_PROGRAMS)
def test_no_text_acts_as_a_cell_or_in_a_list(name):
    rows = [[text, [text, (text, text)]] for text in INJECTIONS.values()]

    output = render_sheet(Sheet(header=["a", "b"], rows=rows), name)

    assert commands(output) == []
    assert acting(output) <= {"U+000A"} | ({"U+0009"} if name == "tsv" else set())
    assert output.count("\n") == len(rows) + (name != "jsonl")


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), texts(max_size=20)
)
IDS = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=8)


def spelled(value):
    if isinstance(value, str):
        return for_csv(value)
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


@given(st.lists(st.tuples(SCALARS, SCALARS), max_size=4))
def test_a_reader_of_csv_finds_each_text_as_it_is_in_a_table_and_each_number_as_it_is(rows):
    sheet = Sheet(header=["a", "b"], rows=rows)

    for name, delimiter in (("csv", ","), ("tsv", "\t")):
        read = list(csv.reader(io.StringIO(render_sheet(sheet, name)), delimiter=delimiter))

        assert read == [["a", "b"], *([spelled(value) for value in row] for row in rows)]


@given(st.lists(st.integers() | st.floats(allow_nan=False), min_size=1))
def test_a_number_is_read_back_from_csv(numbers):
    sheet = Sheet(header=["a"], rows=[[number] for number in numbers])

    read = csv.DictReader(io.StringIO(render_sheet(sheet, "csv")))

    assert [type(n)(row["a"]) for n, row in zip(numbers, read, strict=True)] == numbers


@given(st.lists(IDS))
def test_ids_in_a_list_come_apart_again(ids):
    sheet = Sheet(header=["used"], rows=[[ids]])

    _, row = csv.reader(io.StringIO(render_sheet(sheet, "csv")))

    parts = row[0].split("; ") if row[0] else []
    assert [part.removeprefix("'") for part in parts] == [one.removeprefix("'") for one in ids]


@given(
    st.lists(
        st.tuples(
            SCALARS.filter(lambda value: not isinstance(value, float)) | st.floats(-1e9, 1e9),
            st.lists(texts(max_size=9)),
        ),
        max_size=4,
    )
)
def test_a_reader_of_json_lines_finds_the_values(rows):
    text = render_sheet(Sheet(header=["a", "b"], rows=rows), "jsonl")

    found = [tuple(json.loads(line).values()) for line in text.splitlines()]

    assert found == [(_whole(value), list(map(_whole, items))) for value, items in rows]


def _whole(value):
    """Show lone surrogates, which JSON does not carry."""
    if not isinstance(value, str):
        return value
    return "".join(visible(c) if "\ud800" <= c <= "\udfff" else c for c in value)


def test_the_page_names_the_columns_of_ids_and_days():
    page = Path(__file__).parents[2] / "docs" / "reference" / "cli.md"

    (line,) = re.findall(
        "^Ids and days are in the columns (.*)$", page.read_text("utf-8"), re.MULTILINE
    )

    assert set(re.findall("`([a-z_]+)`", line)) == KEYS
