"""The columns that the reference lists are those that the commands write."""

import re
from pathlib import Path

import pytest

from claimtrack.report import audit as audit_sheet
from claimtrack.report import diff as diff_text
from claimtrack.report import due as due_table
from claimtrack.report import facts as facts_table
from claimtrack.report import history as history_table
from claimtrack.report import ratings, scores

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "cli.md"


def listed(command):
    """Return the names in the row of *command*."""
    text = PAGE.read_text("utf-8").partition("\n## CSV, TSV and JSON lines\n")[2]
    (row,) = re.findall(rf"^\| {re.escape(command)}[^|]*\|([^|]*)\|$", text, re.MULTILINE)
    return tuple(re.findall("`([a-z_]+)`", row))


@pytest.mark.parametrize(
    ("command", "columns"),
    [
        ("`audit`", audit_sheet.COLUMNS),
        ("`facts`", facts_table.COLUMNS),
        ("`history`", history_table.COLUMNS),
        ("`due`", due_table.COLUMNS),
        ("`diff`", diff_text.COLUMNS),
        ("`score --forecasts`", scores.FORECAST_COLUMNS),
        ("`score --assessments`", scores.AGREEMENT_COLUMNS),
        ("`rate`", ratings.COLUMNS),
        (
            "`score`",
            (
                *("speaker", "speaker_name", "source", "topic", "kind"),
                *(*scores.RECORD_MEASURES, "counts_held", "counts_after_the_fact"),
            ),
        ),
    ],
)
def test_the_reference_lists_every_column_in_its_place(command, columns):
    assert listed(command) == columns


def test_the_reference_lists_the_columns_of_an_engine():
    pytest.importorskip("ibis", reason="the extra 'bulk' is not installed")
    from claimtrack.cli import bulk  # which needs it

    assert listed("`audit --engine duckdb`") == bulk.COLUMNS
