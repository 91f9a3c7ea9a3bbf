"""The article that the example quotes, which is not ours to hand on."""

import re

from claimtrack import QuoteAnswer, check_quotes
from tests.examples.test_china_russia_2017 import ARTICLE_ID, REGISTRY, registry
from tests.published.conftest import NEEDED, OUTSIDE

ARTICLE = OUTSIDE / NEEDED["test_article.py"]


def test_every_quote_of_the_article_is_found_in_its_private_copy():
    report = check_quotes(registry(), REGISTRY, ARTICLE.parent)

    answers = {check.answer for check in report.checks if check.quoted.source == ARTICLE_ID}
    assert answers == {QuoteAnswer.FOUND}
    assert report.faults == ()
    assert report.sentence == "1 of 492 sources pinned, 106 quotes checked, 308 unchecked"


def test_every_sentence_of_the_article_is_quoted_by_a_claim():
    quotes = [
        _words(claim.quote) for claim in registry().claims.values() if claim.source == ARTICLE_ID
    ]

    bare = [
        sentence
        for sentence in sentences(ARTICLE.read_text("utf-8"))
        if not any(quote in _words(sentence) for quote in quotes)
    ]

    assert bare == []


def sentences(article):
    """Return the sentences of the article, those broken over paragraphs made whole."""
    body = article.split("6 July 2017\n", 1)[1].split("To contact the WSWS", 1)[0]
    flat = re.sub(r"\s+", " ", body).strip()
    return re.split(r"(?<=[.\"])(?<!the right circumstances\") (?=[A-Z])", flat)


def _words(text):
    return re.sub(r"\W+", " ", text).strip()
