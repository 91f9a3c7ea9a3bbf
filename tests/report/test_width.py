import re
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.escape import for_log_line, for_terminal
from claimtrack.report.width import ELLIPSIS, display_width, shorten, wrap
from tests.report.hostile import acting, commands, texts

WORDS = st.lists(
    st.one_of(
        st.sampled_from(
            ["gas", "united-in-2017", "天然气", "e\u0301te\u0301", "❤\ufe0f", "க்", "가스", " ", ""]
        ),
        texts(max_size=12),
    ),
    max_size=12,
).map(" ".join)


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


class TestWrap:
    """Lines fit, and hold all of the text but the spaces at the breaks."""

    @pytest.mark.parametrize(
        ("text", "width", "lines"),
        [
            pytest.param("", 5, [""], id="nothing"),
            pytest.param("first gas", 9, ["first gas"], id="fits"),
            pytest.param(
                "first gas on 2 December", 10, ["first gas", "on 2", "December"], id="words"
            ),
            pytest.param("first  gas  on", 7, ["first", "gas  on"], id="spaces-between-words-stay"),
            pytest.param("gas-on-2-december", 8, ["gas-on-", "2-", "december"], id="long-word"),
            pytest.param(
                "by gas-on-2-december",
                9,
                ["by gas-", "on-2-", "december"],
                id="long-word-after-another",
            ),
            pytest.param("by december", 6, ["by", "decemb", "er"], id="new-line"),
            pytest.param("by-x december", 9, ["by-x", "december"], id="hyphen-in-a-short-word"),
            pytest.param("gas --------", 7, ["gas", "-------", "-"], id="only-hyphens"),
            pytest.param("a/bc-\u0301d", 5, ["a/", "bc-\u0301d"], id="mark-on-a-hyphen"),
            pytest.param("? not-enough-evidence", 13, ["? not-enough-", "evidence"], id="status"),
            pytest.param("  ignored here", 9, ["  ignored", "here"], id="indented"),
            pytest.param("  ignored-here", 9, ["  ignored", "-here"], id="indented-long-word"),
            pytest.param("天然气 管道", 5, ["天然", "气", "管道"], id="wide"),
            pytest.param("天然气", 2, ["天", "然", "气"], id="one-wide-character-a-line"),
            pytest.param("ae\u0301bc", 2, ["ae\u0301", "bc"], id="mark"),
            pytest.param("ab❤\ufe0fc", 3, ["ab", "❤\ufe0fc"], id="emoji"),
            pytest.param("gas     ", 5, ["gas"], id="spaces-at-the-end"),
            pytest.param("        ", 5, [""], id="only-spaces"),
            pytest.param("        gas", 5, ["gas"], id="more-spaces-than-room"),
        ],
    )
    def test_examples(self, text, width, lines):
        assert wrap(text, width) == lines

    @given(WORDS.map(for_terminal), st.integers(2, 30))
    def test_each_line_fits(self, text, width):
        assert max(map(display_width, wrap(text, width))) <= width

    @given(WORDS.map(for_terminal), st.integers(2, 30))
    def test_the_lines_give_the_text_back_up_to_spaces_at_the_breaks(self, text, width):
        lines = wrap(text, width)

        assert re.fullmatch(f" *{' *'.join(map(re.escape, lines))} *", text)
        assert len(lines) == 1 or all(lines)

    @given(WORDS.map(for_terminal), st.integers(2, 30))
    def test_a_text_that_fits_is_one_line(self, text, width):
        assert (wrap(text, width) == [text]) is (display_width(text) <= width or text == "")

    @given(WORDS.map(for_terminal), st.integers(2, 30))
    def test_no_mark_is_parted_from_its_letter(self, text, width):
        for before, line in pairwise(wrap(text, width)):
            is_mark = unicodedata.category(line[0]) in {"Mn", "Me"} or line[0] == "\ufe0f"
            assert not is_mark or f"{before}{line}" not in text

    @given(
        st.lists(st.text("abc", min_size=1, max_size=8), min_size=1).map(" ".join),
        st.integers(8, 30),
    )
    def test_words_that_fit_are_not_broken_and_no_line_has_room_for_the_next(self, text, width):
        lines = wrap(text, width)

        assert " ".join(lines) == text
        for line, below in pairwise(lines):
            assert len(f"{line} {below.partition(' ')[0]}") > width

    @given(WORDS, st.integers(2, 30))
    def test_nothing_acts_at_the_start_of_a_further_line(self, text, width):
        escaped = for_log_line(text)

        lines = wrap(escaped, width, again=for_log_line)

        assert commands("\n".join(lines)) == []
        assert acting("".join(lines)) == set()
        assert max(map(display_width, lines)) <= width
        kept = "".join(lines).replace(" ", "")
        added = {"\\", "\u25cc"}
        assert [c for c in kept if c not in added] == [
            c for c in escaped.replace(" ", "") if c not in added
        ]

    def test_a_command_in_the_middle_does_not_come_to_act(self):
        assert wrap("a quote ::error::x", 9, again=for_log_line) == ["a quote", "\\::error:", ":x"]
