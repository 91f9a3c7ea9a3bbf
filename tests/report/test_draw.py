"""The table for terminals looks as if tabulate had laid it out, without its padding of names."""

import re

import tabulate
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.escape import for_log_line
from claimtrack.report.formats import lay_out
from claimtrack.report.width import display_width

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
    """Let tabulate lay out every row, the header as one of them, with an x for each column."""
    tokens = [
        ["x" * (max(display_width(cell), 1) if cell else 0) for cell in row]
        for row in (header, *rows)
    ]
    layout = tabulate.tabulate(tokens, tablefmt=UNDRAWN, disable_numparse=True, colalign=align)
    cells = iter([cell for row in (header, *painted) for cell in row if cell])
    names, *lines = re.sub("x+", lambda _: next(cells), layout).split("\n")
    columns = zip(*tokens, strict=True)
    rule = "  ".join("\u2500" * max(map(len, column)) for column in columns)
    return "\n".join([names, rule, *lines])


@given(tables())
def test_a_table_is_as_tabulate_would_lay_it_out(table):
    header, rows, align = table

    assert lay_out(header, rows, align=align) == whole(header, rows, align, rows)


@given(tables())
def test_what_is_shown_in_place_of_cells_does_not_change_the_layout(table):
    header, rows, align = table
    painted = [tuple(f"<{cell}>" if cell else "" for cell in row) for row in rows]

    drawn = lay_out(header, rows, align=align, painted=painted)

    assert drawn == whole(header, rows, align, painted)
