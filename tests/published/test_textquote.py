"""The cases of quotes by which annotators of web pages are tested: all that are whole words."""

import json
import re

import pytest

from claimtrack.model.records import Anchor
from claimtrack.quotes.html import visible_text
from claimtrack.quotes.matching import Needle, search
from tests.published.conftest import NEEDED, OUTSIDE

CASES = json.loads((OUTSIDE / NEEDED["test_textquote.py"]).read_text("utf-8"))
# Spaces make no difference here, so neither does one that a suffix lacks.
ELSEWHERE = {"with suffix, no matches due to whitespace"}


def is_whole(text, start, end):
    return re.match(r"(?:\A|.*\W)\Z", text[:start], re.DOTALL) and re.match(r"\W|\Z", text[end:])


@pytest.mark.parametrize("case", CASES["apache_match"], ids=lambda case: case["name"])
def test_a_quote_is_found_where_its_words_stand_whole(case):
    selector, text = case["selector"], case["text"]
    if case["name"] in ELSEWHERE:
        return
    anchor = Anchor(prefix=selector.get("prefix") or None, suffix=selector.get("suffix") or None)

    (result,) = search(text, [Needle(selector["exact"], anchor)])

    wanted = [tuple(span) for span in case["expected_offsets"] if selector["exact"]]
    whole = [span for span in wanted if is_whole(text, *span)]
    assert [(place.start, place.end) for place in result.places] == whole
    if whole:
        (in_page,) = search(visible_text(case["html"]), [Needle(selector["exact"], anchor)])
        assert len(in_page.places) == len(whole)
