"""Our own format looks as if tabulate had laid it out, with columns as wide as their cells."""

import pytest
import tabulate
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.escape import for_log_line
from claimtrack.report import formats as drawing
from claimtrack.report.formats import draw, frame, widest

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


GAPS = ("", "  ", "")
UNDRAWN = tabulate.TableFormat(None, None, None, None, GAPS, GAPS, 0, None)


def whole(header, rows, align, painted):
    """Let tabulate lay out every row, the header as one of them."""
    tokens = [drawing._tokens(row) for row in (header, *rows)]
    layout = tabulate.tabulate(tokens, tablefmt=UNDRAWN, disable_numparse=True, colalign=align)
    names, *lines = drawing._filled(layout, (header, *painted)).split("\n")
    columns = zip(*tokens, strict=True)
    rule = "  ".join("\u2500" * max(map(len, column)) for column in columns)
    return "\n".join([names, rule, *lines])


@given(tables())
def test_a_calm_table_is_as_tabulate_would_lay_it_out(table):
    header, rows, align = table

    assert draw(header, rows, name="calm", align=align) == whole(header, rows, align, rows)


@given(tables())
def test_what_is_shown_in_place_of_cells_does_not_change_the_layout(table):
    header, rows, align = table
    painted = [tuple(f"<{cell}>" if cell else "" for cell in row) for row in rows]

    drawn = draw(header, rows, name="calm", align=align, painted=painted)

    assert drawn == whole(header, rows, align, painted)


@pytest.mark.parametrize("name", ["calm", "plain", "psql", "pretty", "grid"])
def test_a_frame_is_what_stands_around_cells_and_names(name):
    for columns in (1, 2, 5):
        around, padding = frame(columns, name=name)
        long, short = ["abcdefghij"] * columns, ["a"] * columns
        align = ["right"] * columns

        assert widest(draw(short, [long], name=name, align=align)) == around + 10 * columns
        assert widest(draw(long, [short], name=name, align=align)) == (
            around + (10 + padding) * columns
        )
