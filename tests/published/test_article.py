"""The article that the example quotes, which is not ours to hand on."""

import re

from tests.examples.test_china_russia_2017 import ARTICLE_ID, registry
from tests.published.conftest import NEEDED, OUTSIDE

ARTICLE = OUTSIDE / NEEDED["test_article.py"]


def test_every_claim_quotes_the_article_character_by_character():
    article = ARTICLE.read_text("utf-8")

    strays = [
        name
        for name, claim in registry().claims.items()
        if claim.source == ARTICLE_ID and claim.quote not in article
    ]

    assert strays == []


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
