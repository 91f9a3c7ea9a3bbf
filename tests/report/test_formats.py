import csv
import io
import json
import re
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from itertools import chain

import attrs
import docutils.core
import docutils.nodes
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from claimtrack.escape import for_csv, for_log_line, visible
from claimtrack.report.formats import FORMATS, render, split_to_fit, widest
from claimtrack.report.style import STYLES, label
from claimtrack.report.table import Table
from tests.report.hostile import INJECTIONS, acting, commands, texts

SAMPLE = Table(
    title="China and Russia, July 2017",
    header=("claim", "status", "sources", "because"),
    rows=(
        ("siberia-pipe", label("held"), "3", "first gas on 2 Dec 2019, thrice"),
        ("天然气", label("failed"), "12", "a | b"),
        ("", label("not-enough-evidence"), "", "1e5"),
    ),
    right=("sources",),
    shrink={"because": 12},
    status="status",
)
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def tables(cells=None):
    cells = texts(max_size=20) if cells is None else cells
    return st.integers(1, 3).flatmap(
        lambda columns: st.builds(
            Table,
            header=st.lists(cells, min_size=columns, max_size=columns, unique=True),
            rows=st.lists(st.lists(cells, min_size=columns, max_size=columns), max_size=3),
            title=cells,
        )
    )


def test_these_are_the_formats():
    assert list(FORMATS) == [
        *("table", "markdown", "html", "latex", "rst", "csv", "tsv", "json", "jsonl"),
    ]


def test_a_format_that_is_not_known_is_named():
    with pytest.raises(
        ValueError, match=r"^format 'docx' is not known; expected one of table, markdown"
    ):
        render(SAMPLE, "docx")


def test_the_terminal_table():
    assert render(SAMPLE, "table") == (
        "China and Russia, July 2017\n"
        "\n"
        "claim         status                 sources  because\n"
        "────────────  ─────────────────────  ───────  ───────────────────────────────\n"
        "siberia-pipe  ✓ held                       3  first gas on 2 Dec 2019, thrice\n"
        "天然气        ✗ failed                    12  a | b\n"
        "              ? not-enough-evidence           1e5\n"
    )


def test_the_terminal_table_in_seventy_columns():
    assert render(SAMPLE, "table", width=70) == (
        "China and Russia, July 2017\n"
        "\n"
        "claim         status                 sources  because\n"
        "────────────  ─────────────────────  ───────  ────────────────────────\n"
        "siberia-pipe  ✓ held                       3  first gas on 2 Dec 2019…\n"
        "天然气        ✗ failed                    12  a | b\n"
        "              ? not-enough-evidence           1e5\n"
    )


def test_markdown():
    assert render(SAMPLE, "markdown") == (
        "**China and Russia, July 2017**\n"
        "\n"
        "| claim        | status                |   sources | because                         |\n"
        "|:-------------|:----------------------|----------:|:--------------------------------|\n"
        "| siberia-pipe | ✓ held                |         3 | first gas on 2 Dec 2019, thrice |\n"
        "| 天然气       | ✗ failed              |        12 | a \\| b                          |\n"
        "|              | ? not-enough-evidence |           | 1e5                             |\n"
    )


def test_html():
    assert render(SAMPLE, "html") == (
        '<table class="claimtrack">\n'
        '<caption dir="auto">China and Russia, July 2017</caption>\n'
        "<thead>\n"
        '<tr><th scope="col">claim</th><th scope="col">status</th>'
        '<th scope="col" class="right">sources</th><th scope="col">because</th></tr>\n'
        "</thead>\n"
        "<tbody>\n"
        '<tr><td dir="auto">siberia-pipe</td><td dir="auto" class="status-held">✓ held</td>'
        '<td dir="auto" class="right">3</td>'
        '<td dir="auto">first gas on 2 Dec 2019, thrice</td></tr>\n'
        '<tr><td dir="auto">天然气</td><td dir="auto" class="status-failed">✗ failed</td>'
        '<td dir="auto" class="right">12</td><td dir="auto">a | b</td></tr>\n'
        '<tr><td dir="auto"></td>'
        '<td dir="auto" class="status-not-enough-evidence">? not-enough-evidence</td>'
        '<td dir="auto" class="right"></td><td dir="auto">1e5</td></tr>\n'
        "</tbody>\n"
        "</table>\n"
    )


class TestInjections:
    """Every known trick, in every format: as name, cell and title."""

    @pytest.mark.parametrize("format", FORMATS)
    def test_nothing_acts(self, format):  # noqa: A002
        for trick, text in INJECTIONS.items():
            table = Table(header=[text, f"x{text}"], rows=[[text, text], ["", text]], title=text)

            output = render(table, format)

            assert commands(output) == [], trick
            assert acting(output) <= {"U+000A"} | ({"U+0009"} if format == "tsv" else set()) | (
                {"U+200B"} if "\u200b" in output and format == "markdown" else set()
            ), trick
            assert "\x1b" not in output
            output.encode("utf-8")
            assert output.endswith("\n")

    @pytest.mark.parametrize("format", FORMATS)
    def test_the_number_of_lines_is_that_of_harmless_cells(self, format):  # noqa: A002
        calm = render(Table(header=["a", "b"], rows=[["c", "d"], ["", "f"]]), format)

        for trick, text in INJECTIONS.items():
            table = Table(header=[f"a{text}", f"b{text}"], rows=[[f"c{text}", text], ["", text]])

            assert render(table, format).count("\n") == calm.count("\n"), trick

    def test_nothing_acts_when_shortened_or_coloured(self):
        for trick, text in INJECTIONS.items():
            table = Table(header=[text, f"x{text}"], rows=[[text, "held"]], status=f"x{text}")

            for width in (3, 11, 40):
                output = ANSI.sub("", render(table, "table", width=width, colour=True))

                assert commands(output) == [], trick
                assert acting(output) == {"U+000A"}, trick


class TestSameCells:
    """Readers of other people's making find the same cells in each format."""

    @given(tables())
    def test_csv_and_tsv(self, table):
        expected = [[for_csv(cell) for cell in row] for row in (table.header, *table.rows)]

        for name, delimiter in (("csv", ","), ("tsv", "\t")):
            read = list(csv.reader(io.StringIO(render(table, name)), delimiter=delimiter))

            assert read == expected

    @given(tables(texts(max_size=20).map(visible)))
    def test_json_and_json_lines(self, table):
        expected = [dict(zip(table.header, row, strict=True)) for row in table.rows]

        assert json.loads(render(table, "json")) == expected
        assert list(map(json.loads, render(table, "jsonl").splitlines())) == expected

    @given(tables())
    def test_html(self, table):
        reader = _Cells()
        reader.feed(render(table, "html"))
        reader.close()

        assert reader.rows == [list(map(visible, row)) for row in (table.header, *table.rows)]
        assert reader.tags <= {"table", "caption", "thead", "tbody", "tr", "th", "td"}

    @given(tables())
    def test_markdown(self, table):
        tokens = MarkdownIt("commonmark").enable("table").parse(render(table, "markdown"))

        kinds = [token.type for token in tokens]
        cells = [
            tokens[at + 1].children
            for at, kind in enumerate(kinds)
            if kind in {"th_open", "td_open"}
        ]
        words = ["".join(part.content for part in parts).replace("\u200b", "") for parts in cells]
        expected = [visible(cell) for row in (table.header, *table.rows) for cell in row]
        assert [word.strip() for word in words] == [cell.strip() for cell in expected]
        assert kinds.count("table_open") == 1

    @given(tables(texts(max_size=20).map(lambda text: f"x{text}")))
    def test_rst(self, table):
        document = docutils.core.publish_doctree(
            render(table, "rst"), settings_overrides={"report_level": 1, "halt_level": 2}
        )

        words = [entry.astext() for entry in document.findall(docutils.nodes.entry)]
        rows = table.rows or [[""] * len(table.header)]
        expected = [visible(cell) for row in (table.header, *rows) for cell in row]
        assert [" ".join(word.split()) for word in words] == [" ".join(c.split()) for c in expected]

    @given(tables())
    def test_equal_tables_give_equal_bytes(self, table):
        twin = Table(
            header=list(table.header), rows=[list(row) for row in table.rows], title=table.title
        )

        for name in FORMATS:
            assert render(table, name) == render(twin, name)


class _Cells(HTMLParser):
    def __init__(self):
        super().__init__()
        self.rows, self.tags = [], set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.cell = tag in {"td", "th"}
        if tag == "tr":
            self.rows.append([])
        elif self.cell:
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        self.cell = False

    def handle_data(self, data):
        if self.cell:
            self.rows[-1][-1] += data


class TestWidth:
    """No line is wider than the terminal, wherever that can be."""

    @given(tables(), st.integers(1, 100))
    def test_the_table_fits(self, table, width):
        least = 3 * len(table.header) - 2
        bare = Table(header=table.header, rows=table.rows)

        assert widest(render(bare, "table", width=width)) <= max(width, least)

    @given(tables())
    def test_a_table_that_fits_is_not_touched(self, table):
        bare = Table(header=table.header, rows=table.rows)
        whole = render(bare, "table")

        assert render(bare, "table", width=widest(whole)) == whole

    @pytest.mark.parametrize("format", [name for name in FORMATS if name != "table"])
    def test_what_programs_read_is_never_shortened(self, format):  # noqa: A002
        assert render(SAMPLE, format, width=10, colour=True) == render(SAMPLE, format)


@pytest.mark.parametrize("format", FORMATS)
def test_only_a_table_for_the_eye_is_parted_where_it_does_not_fit(format):  # noqa: A002
    found = split_to_fit(SAMPLE, format, width=50)

    is_for_eyes = render(SAMPLE, format, width=50) != render(SAMPLE, format)
    assert (len(found) > 1) is is_for_eyes
    assert split_to_fit(SAMPLE, format) == (SAMPLE,)
    assert not is_for_eyes or "…" not in "".join(render(one, format, width=60) for one in found)


WRAPPED = attrs.evolve(SAMPLE, wrap=("because",))


class TestWrap:
    """What has not enough room goes on below."""

    def test_the_terminal_table(self):
        assert render(WRAPPED, "table", width=60) == (
            "China and Russia, July 2017\n"
            "\n"
            "claim         status                 sources  because\n"
            "────────────  ─────────────────────  ───────  ──────────────\n"
            "siberia-pipe  ✓ held                       3  first gas on 2\n"
            "                                              Dec 2019,\n"
            "                                              thrice\n"
            "天然气        ✗ failed                    12  a | b\n"
            "              ? not-enough-evidence           1e5\n"
        )

    def test_without_a_width_nothing_wraps(self):
        assert render(WRAPPED, "table") == render(SAMPLE, "table")

    def test_each_line_of_a_status_has_its_colour(self):
        table = Table(header=["s", "t"], rows=[["late by 12 days", "x"]], status="s", wrap=("s",))
        late = STYLES["late"].paint

        assert render(table, "table", width=15, colour=True) == (
            f"s           t\n──────────  ─\n{late('late by 12')}  x\n{late('days')}\n"
        )

    @given(tables(), st.integers(1, 100), st.data())
    def test_every_line_fits_and_no_character_is_lost(self, table, width, data):
        wraps = data.draw(st.sets(st.sampled_from(table.header)))
        bare = Table(
            header=table.header, rows=table.rows, wrap=sorted(wraps), status=table.header[0]
        )
        least = 3 * len(table.header) - 2

        drawn = render(bare, "table", width=width)

        assert widest(drawn) <= max(width, least)
        assert ANSI.sub("", render(bare, "table", width=width, colour=True)) == drawn
        assert commands(drawn) == []
        if len(wraps) == len(table.header) and width >= least + len(table.header):
            whole = Counter("".join(map(for_log_line, chain.from_iterable(table.rows))))
            assert whole - Counter(drawn) <= Counter({" ": whole[" "]})


class TestColour:
    """Colour adds nothing but colour, and only to statuses."""

    @pytest.mark.parametrize("width", [None, 60, 30])
    def test_without_its_sequences_a_coloured_table_is_the_plain_one(self, width):
        coloured = render(SAMPLE, "table", width=width, colour=True)

        assert ANSI.sub("", coloured) == render(SAMPLE, "table", width=width)
        assert len(ANSI.findall(coloured)) == 6

    @pytest.mark.parametrize("status", STYLES)
    def test_each_status_has_its_colour(self, status):
        table = Table(header=["s"], rows=[[status], [label(status)]], status="s")

        drawn = render(table, "table", colour=True)

        assert drawn.splitlines()[2:] == [
            STYLES[status].paint(status),
            STYLES[status].paint(label(status)),
        ]

    def test_nothing_else_is_coloured(self):
        table = Table(header=["s", "quote"], rows=[["it held", "held"]], status="s")

        assert "\x1b" not in render(table, "table", colour=True)
        assert "\x1b" not in render(Table(header=["s"], rows=[["held"]]), "table", colour=True)


@pytest.mark.parametrize("format", FORMATS)
def test_a_table_without_rows_shows_its_header(format):  # noqa: A002
    output = render(Table(header=["claim", "status"], rows=[]), format)

    assert ("claim" in output) is (format not in {"json", "jsonl"})


@pytest.mark.parametrize("cell", ["1e5", "1.50", "007", "-0", "0x1F", "nan", "True", "2019-12-02"])
def test_what_looks_like_a_number_is_left_as_it_is(cell):
    for name in ("table", "markdown", "csv"):
        assert re.search(
            rf"(?<![\w.]){re.escape(cell)}(?![\w.])",
            render(Table(header=["h"], rows=[[cell]]), name),
        )


def test_tabulate_is_loaded_when_a_table_is_drawn_and_not_before():
    code = (
        "import sys; from claimtrack.report.formats import render; "
        "from claimtrack.report.table import Table; table = Table(header=['a'], rows=[]); "
        "render(table, 'html'); print('tabulate' in sys.modules); "
        "render(table, 'markdown'); print('tabulate' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "False\nTrue\n"
