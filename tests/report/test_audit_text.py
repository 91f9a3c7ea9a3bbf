"""One audit in every format: the same rows in each, and the bytes that the golden files hold."""

import json
import os
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack import loads
from claimtrack.report.audit import (
    ENDINGS,
    GROUPS,
    AuditLayout,
    audit_pieces,
    audit_sheet,
    audit_table,
    audit_text,
    format_of,
)
from claimtrack.report.formats import FORMATS, READ_BY_PROGRAMS, render_sheet

GOLDEN = Path(__file__).parents[1] / "golden" / "formats"
REWRITE = "CLAIMTRACK_REWRITE_GOLDEN"
"""The environment variable with which golden files are written instead of compared."""

REGISTRY = """
[registry]
title = "Pipes & \\"promises\\" | <2019>"

[[speaker]]
id = "miller"
name = "Alexei Miller"

[[source]]
id = "wire"
publisher = "The Wire"
published = 2019-12-02

[[fact]]
id = "first-gas"
kind = "event"
once = true

[[evidence]]
id = "gas"
fact = "first-gas"
source = "wire"
happened = 2019-12-02

[[claim]]
id = "by-2019"
speaker = "miller"
said = 2017-07-04
source = "wire"
quote = "by the end of 2019"
criterion = { event = "first-gas", by = 2019-12-31 }

[[claim]]
id = "by-2018"
speaker = "miller"
said = 2014-05-21
source = "wire"
quote = "by the end of 2018"
criterion = { event = "first-gas", by = 2018-12-31 }

[[claim]]
id = "=a|b*c*"
speaker = "miller"
said = 2017-07-04
source = "wire"
quote = "<b>best</b>"
not_checkable = "an opinion: _the best_ <script>alert(1)</script> $x$ \\\\ {{y}} ::error::"

[[claim]]
id = "后来"
speaker = "miller"
said = 2019
source = "wire"
quote = "later"
criterion = { not = { event = "first-gas", after = 2019-12-31 } }
""".replace("said = 2019\n", 'said = "2019"\n')


@pytest.fixture(scope="module")
def audit():
    return loads(REGISTRY).audit("2020-01-01")


def written(audit, name, layout=None):
    layout = layout or AuditLayout(by=None, counts=("status",))
    return audit_text(audit, list(audit), name, layout)


@pytest.mark.parametrize("name", FORMATS)
def test_an_audit_in_each_format_is_what_the_golden_file_holds(name, audit):
    text = written(audit, name)

    file = GOLDEN / f"audit.{name}"
    if os.environ.get(REWRITE):
        file.write_bytes(text.encode())
    assert text.encode() == file.read_bytes()


@pytest.mark.parametrize("name", [*READ_BY_PROGRAMS, "json"])
def test_formats_for_programs_take_the_next_verdict_when_the_row_before_is_written(name, audit):
    taken = []

    def verdicts():
        for verdict in audit:
            taken.append(verdict.claim)
            yield verdict

    seen = [(piece, len(taken)) for piece in audit_pieces(audit, verdicts(), name)]

    assert "".join(piece for piece, _ in seen) == audit_text(audit, audit, name)
    assert sorted({count for _, count in seen} - {0}) == [*range(1, len(audit) + 1)]


def test_there_is_no_golden_file_without_a_format():
    assert {file.name for file in GOLDEN.iterdir()} == {f"audit.{name}" for name in FORMATS}


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_registry_read_again_gives_the_same_bytes(name, audit):
    again = loads(REGISTRY).audit("2020-01-01")

    assert written(again, name) == written(audit, name)


class Cells(HTMLParser):
    """The rows of the tables of a page, as a browser has them."""

    def __init__(self):
        super().__init__()
        self.rows = []
        self.is_open = False

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        self.is_open = tag in {"td", "th"}
        if self.is_open:
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        self.is_open = False

    def handle_data(self, data):
        if self.is_open:
            self.rows[-1][-1] += data


def test_the_cells_that_a_browser_finds_are_those_of_the_table(audit):
    table = audit_table(audit, list(audit))

    reader = Cells()
    reader.feed(written(audit, "html", AuditLayout()))

    assert reader.rows == [list(table.header), *map(list, table.rows)]


@pytest.mark.parametrize("by", [None, *GROUPS])
@pytest.mark.parametrize("name", READ_BY_PROGRAMS)
def test_programs_get_the_values_in_one_table_grouped_and_without_counts(name, by, audit):
    text = written(
        audit, name, AuditLayout(by=by, counts=("speaker", "topic"), width=20, colour=True)
    )

    assert text == render_sheet(audit_sheet(audit, audit, by), name)


def test_json_holds_each_claim_with_the_status_of_its_row(audit):
    table = audit_table(audit, list(audit))

    found = json.loads(written(audit, "json"))

    assert [(one["id"], one["status"]) for one in found["claims"]] == [
        (row[0], row[4].partition(" ")[2]) for row in table.rows
    ]


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"json", "jsonl", "csv", "tsv"}))
def test_each_format_for_people_shows_every_claim_and_the_counts_below(name, audit):
    lines = written(audit, name).splitlines()

    assert sum("2014" in line for line in lines) == 1
    assert sum("4 claims" in line for line in lines) == 1


def test_a_format_that_is_not_known_is_named(audit):
    with pytest.raises(ValueError, match=r"^format 'docx' is not known; expected one of table"):
        audit_text(audit, [], "docx")


def test_every_ending_asks_for_a_format_that_there_is():
    assert set(ENDINGS.values()) - set(FORMATS) == set()


@pytest.mark.parametrize(
    ("name", "format_"),
    [
        ("audit.md", "markdown"),
        ("a.b.JSONL", "jsonl"),
        ("audit", None),
        (".md", None),
        ("audit.docx", None),
        ("", None),
    ],
)
def test_the_ending_of_a_name_tells_the_format(name, format_):
    assert format_of(name) == format_


@given(st.text())
def test_any_name_has_a_format_or_none(name):
    assert format_of(name) in {None, *FORMATS}


def test_where_space_is_short_speaker_due_day_and_status_stay_and_the_rest_wraps(audit):
    text = audit_text(audit, [*audit][:2], "table", AuditLayout(width=60))

    assert (
        text
        == """\
Pipes & "promises" | <2019>

claim    speaker  due          status  because
───────  ───────  ───────────  ──────  ──────────────
by-2019  Alexei   31 Dec 2019  ✓ held  first gas on 2
         Miller                        Dec 2019, 1
                                       source
by-2018  Alexei   31 Dec 2018  ◷ late  first gas on 2
         Miller                        Dec 2019, late
                                       by 336 days, 1
                                       source

2 of 4 claims as of 1 Jan 2020: ✓ held 1, ◷ late 1
"""
    )


def test_quotes_stand_in_place_of_ids(audit):
    rows = audit_table(audit, [*audit][:1], quotes=True).rows

    assert [row[0] for row in rows] == ["“by the end of 2019”"]
