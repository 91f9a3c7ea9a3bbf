"""The quotes of the pages that the example rests on."""

import json
from functools import cache

from tests.examples.test_china_russia_2017 import ARTICLE_ID, registry
from tests.published.conftest import NEEDED, OUTSIDE

DOSSIERS = OUTSIDE / NEEDED["test_dossiers.py"]


@cache
def dossiers():
    """Return the rows of the dossiers by the address of their page."""
    rows = {}
    for path in sorted(DOSSIERS.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            rows.setdefault(row["url"], []).append(row)
    return rows


def test_every_source_is_a_page_of_the_dossiers_with_the_day_that_they_give():
    rows = dossiers()

    strays = [
        name
        for name, source in registry().sources.items()
        if name != ARTICLE_ID
        and (source.published and source.published.text)
        not in {row["published"] for row in rows[source.url]}
        and "in the address is all that is known" not in (source.note or "")
    ]

    assert strays == []


def test_every_quote_from_outside_the_article_is_kept_in_the_dossiers():
    rows = dossiers()
    records = registry()
    quoted = [(item.source, item.quote) for item in records.evidence.values() if item.quote]
    quoted += [
        (claim.source, claim.quote)
        for claim in records.claims.values()
        if claim.source != ARTICLE_ID and claim.quote_kind == "direct"
    ]

    strays = [
        quote
        for source, quote in quoted
        if not any(quote in (row["quote"] or "") for row in rows[records.sources[source].url])
    ]

    assert strays == []
