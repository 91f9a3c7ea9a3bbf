"""Tokens: what makes no difference between a text and a quote of it, and what does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.quotes.tokens import CHUNK, TokenText, places, tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("a b", "a\u00a0\n\t b", id="spaces"),
        pytest.param("a\u2009b", "a b", id="thin space"),
        pytest.param("\u201cyes\u201d", '"yes"', id="curly quotation marks"),
        pytest.param("\u00abyes\u00bb", "``yes''", id="guillemets"),
        pytest.param("don\u2019t", "don't", id="apostrophe"),
        pytest.param("a \u2014 b", "a - b", id="dash with spaces"),
        pytest.param("a\u2014b", "a--b", id="dash"),
        pytest.param("2016\u201319", "2016-19", id="dash in a range"),
        pytest.param("\ufb01rst o\ufb03ce", "first office", id="ligatures"),
        pytest.param("soft\u00adware", "software", id="soft hyphen"),
        pytest.param("zero\u200bwidth", "zerowidth", id="zero-width space"),
        pytest.param("e\u0301te\u0301", "\u00e9t\u00e9", id="combining marks"),
        pytest.param("caf&eacute; AT&amp;T", "caf\u00e9 AT&T", id="entities"),
        pytest.param("\uff12\uff10\uff11\uff19", "2019", id="full-width digits"),
        pytest.param("wait\u2026", "wait...", id="ellipsis"),
        pytest.param("\u5929\u7136 \u6c14", "\u5929\u7136\u6c14", id="script without spaces"),
    ],
)
def test_what_makes_no_difference(one, other):
    assert tokens(one) == tokens(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("May", "may", id="case"),
        pytest.param("0.43", "0.34", id="digits"),
        pytest.param("3000", "3 000", id="a number in two"),
        pytest.param("10\u00b2", "102", id="power"),
        pytest.param("1\u00bd", "11/2", id="fraction"),
        pytest.param("a b", "ab", id="a word in two"),
        pytest.param("rest.", "rest", id="full stop"),
        pytest.param("well-known", "wellknown", id="hyphen"),
        pytest.param("r\u00e9sum\u00e9", "resume", id="accents"),
    ],
)
def test_what_makes_a_difference(one, other):
    assert tokens(one) != tokens(other)


def test_a_broken_word_is_joined_if_it_is_known_so():
    assert tokens("comple-\ntion", {"completion"}) == ["completion"]
    assert tokens("comple-  \r\n  tion", {"completion"}) == ["completion"]
    assert tokens("well-\nknown", {"completion"}) == ["well", "-", "known"]
    assert tokens("2016-\n19", {"201619"}) == ["2016", "-", "19"]


ODD = st.text(
    st.sampled_from(
        "ab1 .,-'\"\n&;\u00ad\u200b\u2019\u201c\u2014\ufb01\u00e9\u0301\u5929\u00bd\u2026\U0001f600"
    ),
    max_size=40,
)


@given(ODD)
def test_places_are_those_of_the_tokens(text):
    assert [token for token, _, _ in places(text)] == tokens(text)
    assert all(0 <= start < end <= len(text) for _, start, end in places(text))


def test_a_long_text_is_cut_where_no_token_is():
    text = "caf\u00e9 well-\nknown \u201cquote\u201d, 0.43 of it \u2014 so. " * 400
    read = TokenText(text, {"wellknown"})

    found = [token for piece in read.pieces() for token in piece]

    assert len(text) > 4 * CHUNK
    assert found == tokens(text, {"wellknown"})
    assert [read.place(number).token for number in range(len(found))] == found


def test_a_long_text_without_spaces_is_cut_all_the_same():
    read = TokenText("x" * 300_000)

    assert "".join(token for piece in read.pieces() for token in piece) == "x" * 300_000
