"""Quotes are found exactly, where they stand, or not at all."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import claimtrack.quotes.tokens as tokens_module
from claimtrack.model.records import Anchor
from claimtrack.quotes.matching import MAX_ELISION, MAX_PLACES, Needle, search

TEXT = """\
The ministry said that the pipeline may not be complete by 31 December 2019, at 0.43 of its cost.

\u201cWe cannot wait,\u201d Mr Novak added \u2014 38 of the un-elected members won\u2019t agree; \
it fell to -5 degrees for 12\u202f500 people.

It was on track for comple-
tion, a well-
known man said."""


def found(quote, text=TEXT, **anchor):
    (result,) = search(text, [Needle(quote, Anchor(**anchor))])
    return [text[place.start : place.end] for place in result.places]


@pytest.mark.parametrize(
    "quote",
    [
        pytest.param("the pipeline may not be complete", id="as it is"),
        pytest.param("the  pipeline\nmay\u00a0not be complete", id="spaces"),
        pytest.param('"We cannot wait," Mr Novak added - 38 of', id="quotation marks and dashes"),
        pytest.param("won't agree", id="apostrophe"),
        pytest.param("on track for completion, a well-known man", id="broken words, each its way"),
        pytest.param("for comple-tion", id="the hyphen of a broken word kept"),
        pytest.param("at 0.43 of its cost. \u201cWe cannot wait", id="over two paragraphs"),
        pytest.param("the pipeline ... by 31 December 2019", id="elision"),
        pytest.param("the pipeline [...] by 31 December \u2026 cost", id="two elisions"),
        pytest.param("... may not be complete ...", id="elisions at the ends"),
        pytest.param("the [gas] pipeline may not be complete", id="insertion"),
        pytest.param("[it] may not be complete", id="insertion at the start"),
        pytest.param("[t]he ministry said", id="changed case"),
        pytest.param("[The] ministry [...] may not [sic] be", id="all of these"),
        pytest.param("said that [it] may not", id="insertion in the place of words"),
    ],
)
def test_is_found(quote):
    assert len(found(quote)) == 1


@pytest.mark.parametrize(
    "quote",
    [
        pytest.param("the pipeline may be complete", id="not dropped"),
        pytest.param("the pipeline may not be not complete", id="not added"),
        pytest.param("by 31 December 2018", id="year"),
        pytest.param("by 13 December 2019", id="day"),
        pytest.param("at 0.34 of its cost", id="digits"),
        pytest.param("Mr Nowak added", id="name"),
        pytest.param("the pipeline will not be complete", id="modal"),
        pytest.param("The Pipeline may not be complete", id="case"),
        pytest.param("8 of the", id="end of a number"),
        pytest.param("43 of its cost", id="decimals without their number"),
        pytest.param("at 0.4", id="start of a number"),
        pytest.param("We can", id="start of cannot"),
        pytest.param("members won", id="start of won't"),
        pytest.param("elected members", id="word without its denying prefix"),
        pytest.param("5 degrees", id="number without its sign"),
        pytest.param("by 31 December 2019 ... the pipeline", id="elision in the wrong order"),
        pytest.param("may [surely] be complete", id="an insertion in the place of not"),
        pytest.param("by [mid] 2019", id="an insertion in the place of a day"),
        pytest.param("for 12", id="number without its thousands"),
        pytest.param("500 people", id="thousands without their number"),
        pytest.param("", id="nothing"),
        pytest.param("...", id="an elision alone"),
    ],
)
def test_is_not_found(quote):
    assert found(quote) == []


def test_an_elision_leaves_out_any_number_of_words_of_one_paragraph_and_few_of_others():
    long = "so " * MAX_ELISION

    assert found("one ... two", f"one {long} two")
    assert found("one ... two", "one\n\nso\n\ntwo")
    assert not found("one ... two", f"one\n\n{long}\n\ntwo")


def test_three_full_stops_of_the_text_itself_are_words_like_others():
    assert found("and ... then", "and ... then, and now then") == ["and ... then"]


def test_an_edited_quote_is_not_anchored_to_a_similar_paragraph():
    text = """\
The committee will publish its report on gas prices in March 2019.

The committee will publish its report on coal prices in May 2019."""

    assert found("The committee will publish its report on oil prices in March 2019.", text) == []
    assert found("its report on gas prices in May 2019", text) == []


@pytest.mark.parametrize(
    ("quote", "page"),
    [
        pytest.param(
            "The reactor will be loaded with fuel in June",
            "The first reactor will be loaded with fuel in July.\n\n"
            "The second reactor will be loaded with fuel in June 2021.",
            id="the paragraph was edited, and the next one is like it",
        ),
        pytest.param(
            "No decision was taken on the price",
            "A decision was taken on the price.\n\nNo decision was taken on the route.",
            id="each half stands somewhere",
        ),
        pytest.param(
            "Table 3: exports to China",
            "Table 1: exports to China\n\nTable 2: exports to China\n\nTable 4: exports to China",
            id="one of a row of headings was taken out",
        ),
        pytest.param(
            "see the reply below",
            "see the reply\n\nAdvertisement\n\nbelow",
            id="something was put in between",
        ),
    ],
)
def test_a_quote_whose_words_were_edited_is_not_anchored_elsewhere(quote, page):
    assert found(quote, page) == []


def test_an_anchor_whose_words_have_gone_is_not_moved_to_a_lookalike():
    text = "First: yes. Second: yes."

    assert len(found("yes", text)) == 2
    assert found("yes", text, prefix="Third: ") == []
    assert found("yes", text, position=12) == []


def test_an_anchor_says_which_of_several_places_is_meant():
    text = "yada yada"

    def starts(**anchor):
        (result,) = search(text, [Needle("yada", Anchor(**anchor))])
        return [place.start for place in result.places]

    assert starts() == [0, 5]
    assert starts(prefix="yada ") == [5]
    assert starts(suffix="  yada") == [0]
    assert starts(position=5) == [5]
    assert starts(prefix="da") == [5]


def test_a_word_is_found_behind_many_longer_ones_that_hold_it():
    text = "0.8 and " * 500 + "then 8."

    assert found("8", text) == ["8"]


def test_of_very_many_places_the_first_are_kept():
    assert len(found("a b", "a b " * 1000)) == MAX_PLACES


def test_many_quotes_are_searched_at_once():
    words = [f"w{number}" for number in range(2000)]
    quotes = [" ".join(words[start : start + 7]) for start in range(0, 1990, 5)]

    results = search(" ".join(words), [Needle(quote) for quote in quotes])

    assert all(len(result.places) == 1 for result in results)


def test_quotes_within_quotes_are_all_found():
    quotes = ["a b c d", "b c", "c", "b c d", "a b c d e"]

    results = search("a b c d x", [Needle(quote) for quote in quotes])

    assert [len(result.places) for result in results] == [1, 1, 1, 1, 0]


def test_the_text_is_cut_into_tokens_as_often_for_one_quote_as_for_many(monkeypatch):
    seen = []
    cut = tokens_module.tokens
    monkeypatch.setattr(
        tokens_module, "tokens", lambda text, known=(): seen.append(len(text)) or cut(text, known)
    )
    text = "one two three four five six seven. " * 2000

    search(text, [Needle("three four five six")])
    once = sum(seen)
    seen.clear()
    search(text, [Needle(f"three four five {number}") for number in range(200)])

    assert sum(seen) == once == len(text)


WORDS = ("gas", "pipeline", "the", "may", "will", "Putin", "Xi", "2019", "38", "0.43", "not", "of")
SENTENCES = st.lists(st.sampled_from(WORDS), min_size=3, max_size=12)
AROUND = st.lists(st.sampled_from(["so", "he", "said", "then"]), max_size=5)
SPACES = st.sampled_from([" ", "  ", "\n", "\u00a0", "\u2009", "\t", " \n "])


class TestWhatChangesAWordIsNeverFound:
    @given(st.data(), SENTENCES, AROUND, AROUND)
    def test_a_flipped_digit(self, data, words, before, behind):
        words = [*words, "2019"]
        text = " ".join([*before, *words, *behind])
        quote = " ".join(words)
        at = data.draw(st.sampled_from([match.start() for match in re.finditer(r"\d", quote)]))
        digit = data.draw(st.sampled_from([one for one in "0123456789" if one != quote[at]]))

        assert found(quote[:at] + digit + quote[at + 1 :], text) == []

    @given(st.data(), SENTENCES, AROUND, AROUND)
    def test_a_dropped_or_added_not(self, data, words, before, behind):
        words = ["gas", *(word for word in words if word != "not"), "Putin"]
        at = data.draw(st.integers(1, len(words) - 1))
        with_not = " ".join([*words[:at], "not", *words[at:]])
        without = " ".join(words)

        def text(of):
            return " ".join([*before, of, *behind])

        assert found(without, text(with_not)) == []
        assert found(with_not, text(without)) == []
        assert found(with_not, text(with_not)) == [with_not]

    @given(st.data(), SENTENCES, AROUND)
    def test_a_changed_letter_or_another_case(self, data, words, around):
        words = [*words, "Putin"]
        quote, text = " ".join(words), " ".join([*around, *words, *around])
        letters = [match.start() for match in re.finditer(r"[A-Za-z]", quote)]
        at = data.draw(st.sampled_from(letters))
        others = [quote[at].swapcase(), "q", "\u00e9", "\u0430"]

        assert found(quote[:at] + data.draw(st.sampled_from(others)) + quote[at + 1 :], text) == []

    @given(st.data(), SENTENCES, AROUND)
    def test_a_word_left_out_or_put_in_or_moved(self, data, words, around):
        words = ["gas", *words, "Putin"]
        at = data.draw(st.integers(1, len(words) - 2))
        text = " ".join([*around, *words, *around])

        assert found(" ".join([*words[:at], *words[at + 1 :]]), text) == [] or (
            words[at] in {words[at - 1], words[at + 1]}
        )
        assert found(" ".join([*words[:at], "surely", *words[at:]]), text) == []

    @given(st.data(), SENTENCES, AROUND)
    def test_a_changed_name_date_or_modal(self, data, words, around):
        pairs = {"Putin": "Xi", "2019": "2018", "may": "will"}
        words = [*words, data.draw(st.sampled_from(sorted(pairs)))]
        changed = [pairs.get(word, word) for word in words]

        assert found(" ".join(changed), " ".join([*around, *words, *around])) == []


class TestWhatChangesNoWordIsAlwaysFound:
    @given(st.data(), SENTENCES, AROUND)
    def test_spaces_and_line_breaks(self, data, words, around):
        text = " ".join([*around, "start", *words, "end", *around])
        quote = "start" + "".join(data.draw(SPACES) + word for word in [*words, "end"])

        assert len(found(quote, text)) == 1
        assert len(found(text[text.index("start") :], text.replace(" ", data.draw(SPACES)))) == 1

    @given(SENTENCES, st.sampled_from("-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), st.booleans())
    def test_dashes(self, words, dash, spaced):
        text = "start" + "".join(f" {word} -" for word in words) + " end"
        gap = f" {dash} " if spaced else dash
        quote = "start " + gap.join(words) + gap + "end"

        assert len(found(quote, text)) == 1

    @given(SENTENCES, st.sampled_from(["\u201c\u201d", "\u00ab\u00bb", "''", "\u201e\u201f", "``"]))
    def test_quotation_marks(self, words, marks):
        text = " ".join(["start", *(f'"{word}"' for word in words), "end"])
        quote = " ".join(["start", *(f"{marks[0]}{word}{marks[1]}" for word in words), "end"])

        assert len(found(quote, text)) == 1

    @given(st.data(), st.sampled_from(["completion", "pipeline", "well-known"]))
    def test_a_word_broken_at_the_end_of_a_line(self, data, word):
        at = data.draw(st.integers(1, len(word) - 1))
        broken = word[:at].rstrip("-") + "-\n" + word[at:].lstrip("-")
        if word == "well-known":
            broken = "well-\nknown"

        assert len(found(f"the {word} of it", f"so the {broken} of it, then")) == 1
        assert len(found(f"the {broken} of it", f"so the {word} of it, then")) == 1
