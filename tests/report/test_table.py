import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.report.table import (
    Table,
    fit,
    row_lines,
    shorten_row,
    split,
    widths,
    without_spare_columns,
)


def test_lists_become_tuples_so_that_a_table_cannot_change():
    table = Table(header=["a", "b"], rows=[["1", "2"]], right=["b"], shrink={"a": 3})

    assert table.rows == (("1", "2"),)
    assert table.shrink == (("a", 3),)
    assert table.align == ("left", "right")
    assert hash(table) == hash(
        Table(header=("a", "b"), rows=(("1", "2"),), right=("b",), shrink=(("a", 3),))
    )


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"header": [], "rows": []}, "the header () needs at least one name, and each once"),
        (
            {"header": ["a", "a"], "rows": []},
            "the header ('a', 'a') needs at least one name, and each once",
        ),
        (
            {"header": ["a"], "rows": [["1"], []]},
            "row 1 has 0 cells; expected 1, as the header",
        ),
        (
            {"header": ["a"], "rows": [], "right": ["b"]},
            "'b' is not a column; expected one of ('a',)",
        ),
        (
            {"header": ["a"], "rows": [], "shrink": {"c": 1}},
            "'c' is not a column; expected one of ('a',)",
        ),
        (
            {"header": ["a"], "rows": [], "status": "d"},
            "'d' is not a column; expected one of ('a',)",
        ),
        (
            {"header": ["a"], "rows": [], "wrap": ("e",)},
            "'e' is not a column; expected one of ('a',)",
        ),
    ],
)
def test_a_table_that_does_not_fit_together_is_refused(given, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the whole text is compared
        Table(**given)

    assert str(caught.value) == message


def test_widths_are_those_of_the_widest_cell():
    assert widths([("a", "天然气"), ("abc", "")]) == [3, 6]


def test_cut_shortens_each_cell_to_its_column():
    assert shorten_row(("abcdef", "xy"), (4, 4)) == ("abc…", "xy")


def test_cells_of_a_column_that_wraps_go_on_below():
    row = ("siberia-pipe", "first gas on 2 Dec", "three")

    assert row_lines(row, (9, 9, 2), (False, True, True)) == [
        ("siberia-…", "first gas", "th"),
        ("", "on 2 Dec", "re"),
        ("", "", "e"),
    ]


def test_a_column_without_room_for_a_character_is_cut_though_it_wraps():
    assert row_lines(("天然气", "ab"), (1, 0), (True, True)) == [("…", "")]


class TestFit:
    """Columns give in the order of the hints, then the widest gives."""

    @pytest.mark.parametrize(
        ("natural", "least", "room", "expected"),
        [
            ([10, 30, 8], [(1, 12)], 60, [10, 30, 8]),
            ([10, 30, 8], [(1, 12)], 40, [10, 22, 8]),
            ([10, 30, 30], [(2, 12), (1, 12)], 45, [10, 23, 12]),
            ([10, 30, 8], [(1, 12)], 20, [6, 7, 7]),
            ([10, 30, 8], [], 47, [10, 29, 8]),
            ([3, 3], [(0, 9)], 4, [2, 2]),
            ([5, 5, 5], [], 0, [1, 1, 1]),
            ([0, 5], [], 3, [0, 3]),
        ],
    )
    def test_examples(self, natural, least, room, expected):
        assert fit(natural, least, room) == expected

    @given(
        st.lists(st.integers(0, 60), min_size=1, max_size=8),
        st.lists(st.tuples(st.integers(0, 7), st.integers(1, 20)), max_size=4),
        st.integers(-5, 200),
    )
    def test_it_fits_where_it_can_and_wastes_nothing(self, natural, least, room):
        least = [(index, keep) for index, keep in least if index < len(natural)]

        given_widths = fit(natural, least, room)

        assert all(mine <= most for mine, most in zip(given_widths, natural, strict=True))
        if sum(natural) <= room:
            assert given_widths == natural
        elif sum(min(one, 1) for one in natural) <= room:
            assert sum(given_widths) == room
        else:
            assert max(given_widths) <= 1


class TestSpared:
    TABLE = Table(
        header=["id", "said", "because"],
        rows=[["gas-by-2019", "4 Jul 2017", "first gas on 2 Dec 2019"]],
        right=["said"],
        shrink=[("because", 20), ("because", 10)],
        spare=["said"],
        wrap=["said", "because"],
    )

    def test_a_spare_column_stays_where_all_fit_once_they_are_shortened_in_one_step(self):
        assert without_spare_columns(self.TABLE, 11 + 4 + 10 + 4 + 20, gap=4) == self.TABLE

    def test_a_spare_column_goes_where_they_do_not(self):
        narrow = without_spare_columns(self.TABLE, 11 + 4 + 10 + 4 + 19, gap=4)

        assert narrow.header == ("id", "because")
        assert narrow.rows == (("gas-by-2019", "first gas on 2 Dec 2019"),)
        assert (narrow.right, narrow.spare, narrow.wrap) == ((), (), ("because",))
        assert narrow.shrink == self.TABLE.shrink


class TestParted:
    """A table of many columns becomes several, which have all of its columns between them."""

    TABLE = Table(
        header=["who", "made", "due", "held", "late"],
        rows=[["Alexei Miller", "12", "9", "6", "3"]],
        title="Counts",
        right=["made", "due", "held", "late"],
        shrink=[("who", 6)],
        wrap=["who"],
    )

    def test_one_that_fits_is_left_as_it_is(self):
        assert list(split(self.TABLE, 6 + 15 + 4 * 2, gap=2)) == [self.TABLE]

    def test_one_that_does_not_is_parted_in_the_middle(self):
        left, right = split(self.TABLE, 6 + 15 + 4 * 2 - 1, gap=2)

        assert (left.title, left.header) == ("Counts", ("who", "made", "due"))
        assert (right.title, right.header) == ("", ("who", "held", "late"))
        assert right.rows == (("Alexei Miller", "6", "3"),)
        assert (right.right, right.wrap) == (("held", "late"), ("who",))

    @given(st.integers(0, 60))
    def test_no_column_is_lost_and_none_but_the_first_stands_twice(self, room):
        found = list(split(self.TABLE, room, gap=2))

        assert [name for one in found for name in one.header[1:]] == list(self.TABLE.header[1:])
        assert {one.header[0] for one in found} == {"who"}
        for one in found:
            needed = 6 + sum(len(name) + 2 for name in one.header[1:])
            assert needed <= room or len(one.header) == 2
