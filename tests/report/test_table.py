import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.report.table import Table, cut, fit, folded, spared, widths


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
    assert cut(("abcdef", "xy"), (4, 4)) == ("abc…", "xy")


def test_cells_of_a_column_that_wraps_go_on_below():
    row = ("siberia-pipe", "first gas on 2 Dec", "three")

    assert folded(row, (9, 9, 2), (False, True, True)) == [
        ("siberia-…", "first gas", "th"),
        ("", "on 2 Dec", "re"),
        ("", "", "e"),
    ]


def test_a_column_without_room_for_a_character_is_cut_though_it_wraps():
    assert folded(("天然气", "ab"), (1, 0), (True, True)) == [("…", "")]


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
        st.integers(1, 3),
    )
    def test_it_fits_where_it_can_and_wastes_nothing(self, natural, least, room, floor):
        least = [(index, keep) for index, keep in least if index < len(natural)]

        given_widths = fit(natural, least, room, floor=floor)

        assert all(mine <= most for mine, most in zip(given_widths, natural, strict=True))
        if sum(natural) <= room:
            assert given_widths == natural
        elif sum(min(one, floor) for one in natural) <= room:
            assert sum(given_widths) == room
        else:
            assert max(given_widths) <= floor


class TestSpared:
    TABLE = Table(
        header=["id", "said", "because"],
        rows=[["gas-by-2019", "4 Jul 2017", "first gas on 2 Dec 2019"]],
        right=["said"],
        shrink=[("because", 20), ("because", 10)],
        spare=["said"],
        wrap=["said", "because"],
    )

    def test_a_spare_column_stays_where_all_fit_once_they_are_shortened(self):
        assert spared(self.TABLE, 11 + 4 + 10 + 4 + 10) == self.TABLE

    def test_a_spare_column_goes_where_they_do_not(self):
        narrow = spared(self.TABLE, 11 + 4 + 10 + 4 + 9)

        assert narrow.header == ("id", "because")
        assert narrow.rows == (("gas-by-2019", "first gas on 2 Dec 2019"),)
        assert (narrow.right, narrow.spare, narrow.wrap) == ((), (), ("because",))
        assert narrow.shrink == self.TABLE.shrink
