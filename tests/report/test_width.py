import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.report.escape import for_terminal
from claimtrack.report.width import ELLIPSIS, display_width, shorten
from tests.report.hostile import texts


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("", 0),
        ("abc", 3),
        ("天然气", 6),
        ("ｇａｓ", 6),
        ("ガス", 4),
        ("가스", 4),
        ("\u1100\u1161\u11a8", 2),  # one syllable of Hangul in three letters
        ("e\u0301", 1),
        ("க்", 1),
        ("می\u200cخواهم", 7),
        ("\u0600", 1),
        ("✓ held", 6),
        ("🎉", 2),
        ("❤", 1),
        ("❤\ufe0f", 2),
        ("…", 1),
        ("Сила Сибири", 11),
        ("a\u200bb", 2),
    ],
)
def test_widths_that_terminals_agree_on(text, width):
    assert display_width(text) == width


@given(texts(), texts())
def test_width_adds_up_where_nothing_joins(left, right):
    left, right = for_terminal(left), for_terminal(right)

    assert display_width(f"{left} {right}") == display_width(left) + 1 + display_width(right)


@given(texts(), st.integers(0, 40))
def test_a_shortened_text_fits_and_says_that_it_was_cut(text, width):
    shown = for_terminal(text)

    short = shorten(shown, width)

    assert display_width(short) <= width
    if short != shown:
        assert display_width(shown) > width
        assert width == 0 or short.endswith(ELLIPSIS)
        assert shown.startswith(short.removesuffix(ELLIPSIS))


@given(st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1), st.integers(1, 40))
def test_no_more_is_cut_than_needed(text, width):
    assert len(shorten(text, width)) == min(len(text), width)


def test_a_wide_character_is_not_cut_in_two():
    assert shorten("天然气", 4) == "天…"
    assert shorten("天然气", 1) == "…"


def test_a_mark_stays_with_its_letter():
    assert shorten("ae\u0301bcd", 3) == "ae\u0301…"
