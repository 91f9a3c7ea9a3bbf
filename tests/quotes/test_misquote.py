"""The nearest passage of a quote that is not there, and what differs."""

import pytest

from claimtrack.quotes.misquote import differences, nearest_passages

TEXT = """\
Something else altogether stands here first, about coal and steel in another country.

The ministry said on 12 March 2019 that Gazprom may not raise its share to 0.43 of all deliveries.

And something else again about tea."""


@pytest.mark.parametrize(
    ("source", "quote", "told"),
    [
        ("rose by 0.43 in all", "rose by 0.34 in all", ["'0.43' → '0.34' (number)"]),
        ("may not rise", "may rise", ["'not' dropped (negation)"]),
        ("may rise", "may not rise", ["'not' added (negation)"]),
        ("it may rise", "it will rise", ["'may' → 'will' (modal)"]),
        ("on 3 May it rose", "on 3 June it rose", ["'May' → 'June' (date)"]),
        ("in 2018 it rose", "in 2019 it rose", ["'2018' → '2019' (date)"]),
        ("that Putin said", "that Xi said", ["'Putin' → 'Xi' (name)"]),
        ("most of them", "all of them", ["'most' → 'all' (quantifier)"]),
        ("it is lawful now", "it is unlawful now", ["'lawful' → 'unlawful' (negation)"]),
        ("it isn’t so", "it is so", ["'isn’t' → 'is' (negation)"]),
        ("a big house", "a large house", ["'big' → 'large'"]),
        ("The house", "the house", ["'The' → 'the'"]),
        ("“so” — he", '"so" - he', []),
    ],
)
def test_what_differs_is_told_and_what_is_serious_is_marked(source, quote, told):
    assert [str(one) for one in differences(source, quote)] == told


def test_the_nearest_passage_is_the_one_with_the_most_telling_words():
    quote = "Gazprom will raise its share to 0.34 of all deliveries"

    (nearest,) = nearest_passages(TEXT, [quote])

    assert nearest is not None
    assert nearest.text == "Gazprom may not raise its share to 0.43 of all deliveries"
    assert TEXT[nearest.start : nearest.end] == nearest.text
    assert nearest.is_serious
    assert [str(one) for one in nearest.differences] == [
        "'may not' → 'will' (negation, modal)",
        "'0.43' → '0.34' (number)",
    ]


def test_what_is_like_nothing_has_no_nearest_passage():
    assert nearest_passages(TEXT, ["wholly different words that nobody wrote", "..."]) == [
        None,
        None,
    ]
