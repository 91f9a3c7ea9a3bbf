"""Rows whose cells are as wide are laid out once, and look as if each had been laid out."""

from hypothesis import given
from hypothesis import strategies as st

from claimtrack.report import draw as drawing
from claimtrack.report.draw import draw
from claimtrack.report.escape import for_log_line

CELLS = st.one_of(
    st.sampled_from(
        ["", " ", "a", "b ", "100 %", "%s", "✓ held", "天然气", "e\u0301", "\u0301", "–"]
    ),
    st.text(max_size=4).map(for_log_line),
)
ALIGN = st.sampled_from(["left", "right"])


@st.composite
def tables(draw_from):
    columns = draw_from(st.integers(1, 4))
    row = st.lists(CELLS, min_size=columns, max_size=columns).map(tuple)
    header = draw_from(st.lists(CELLS.filter(bool), min_size=columns, max_size=columns))
    few = draw_from(st.lists(row, max_size=3))
    rows = draw_from(st.lists(st.sampled_from(few), max_size=6)) if few else []
    return header, rows, draw_from(st.lists(ALIGN, min_size=columns, max_size=columns))


def whole(header, rows, align, painted):
    """Let tabulate lay out every row."""
    layout = drawing._tabulate(header, rows, "calm", align)
    return drawing._filled(layout, (header, *painted))


@given(tables())
def test_a_calm_table_is_as_if_every_row_had_been_laid_out(table):
    header, rows, align = table

    assert draw(header, rows, name="calm", align=align) == whole(header, rows, align, rows)


@given(tables())
def test_what_is_shown_in_place_of_cells_does_not_change_the_layout(table):
    header, rows, align = table
    painted = [tuple(f"<{cell}>" if cell else "" for cell in row) for row in rows]

    drawn = draw(header, rows, name="calm", align=align, painted=painted)

    assert drawn == whole(header, rows, align, painted)
