"""What holds for every sheet: an import counts its rows, and a second one changes nothing."""

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from claimtrack import load
from claimtrack.edit.change import stamps, write_all
from claimtrack.exchange.imports import prepared, sheet_reading, state_path
from claimtrack.exchange.ledger import ROW
from claimtrack.exchange.mapping import Column, ColumnMapping
from claimtrack.exchange.sheets import read_sheet
from claimtrack.files.load import load_begun

HEADS = ("words", "speaker", "said", "address", "due", "status", "rated_on", "topic", "note")
MAPPING = ColumnMapping(
    columns=tuple(Column(head, head) for head in HEADS),
    constants={"scale": "trumptracker", "by": "The Desk"},
)
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=12
)
WORDS = st.one_of(TEXTS, st.sampled_from(["Taxes fall", "=1+1", "'-x", " \u00a0a  b ", 'a "b"']))
DAYS = st.sampled_from(["2020-01-05", "5 May 2020", "2020", "31/2/2021", "3/4/2020", "soon", ""])
ADDRESSES = st.sampled_from(
    ["https://a.example/1", "https://a.example/2; https://b.example", "A speech", "", "ftp://x"]
)
STATUSES = st.sampled_from(["Broken", "achieved", "In progress", "Kept", ""])
ROWS = st.lists(
    st.tuples(WORDS, WORDS, DAYS, ADDRESSES, DAYS, STATUSES, DAYS, WORDS, WORDS), max_size=6
)


def written(rows):
    out = io.StringIO()
    csv.writer(out).writerows([HEADS, *rows])
    return read_sheet(out.getvalue().encode(), "promises.csv")


def run(sheet, folder):
    """Import *sheet* into *folder*, without its bad rows, and return what was done."""
    seen, registry = stamps(folder), load_begun(folder)
    state = state_path(str(folder), "import.toml")
    reading = sheet_reading(sheet, MAPPING)
    found = prepared(reading, registry, str(folder), state, skip_bad=True)
    write_all([*found.changes, found.state], folder, seen)
    return found


def contents(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@given(ROWS)
def test_each_row_is_taken_or_stands_in_the_ledger(rows):
    sheet = written(rows)

    with tempfile.TemporaryDirectory() as folder:
        found = run(sheet, Path(folder))

    lost = [one.at for one in found.losses if one.what == ROW]
    assert len(lost) == len({*lost})
    assert found.rows == found.rows_taken + len(lost)
    assert found.rows_taken >= found.plan.new


@given(ROWS)
def test_an_import_of_an_unchanged_sheet_changes_no_byte(rows):
    sheet = written(rows)

    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        run(sheet, folder)
        before = contents(folder)
        again = run(sheet, folder)

        assert contents(folder) == before
    assert (again.plan.new, again.plan.changed, again.plan.conflicts) == (0, 0, [])


@given(ROWS, st.integers(0, 5), st.text("abc", min_size=1, max_size=5))
def test_an_edited_note_is_one_changed_line(rows, place, note):
    rows = [(*row[:-1], "old note") for row in rows]
    edited = [(*row[:-1], note) if number == place else row for number, row in enumerate(rows)]

    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        first = run(written(rows), folder)
        before = contents(folder)
        found = run(written(edited), folder)
        after = contents(folder)

        taken = {row.number for row in written(rows).rows} - {
            int(one.at) for one in first.losses if one.at
        }
        if place + 2 not in taken or found.rows_taken != first.rows_taken or found.plan.new:
            return
        lines = [
            (one, other)
            for name in before
            if name == "claims.toml"
            for one, other in zip(before[name].split(b"\n"), after[name].split(b"\n"), strict=True)
            if one != other
        ]
        assert len(lines) == 1
        assert lines[0][1] == f'note = "{note}"'.encode()
        assert load(folder)
