"""
Put the strings that other EDTF libraries publish to the parser, each of them.

The lists are those of edtf-validate (University of North Texas), python-edtf and edtf.js. Where
they disagree with each other or with us, the string stands in a table of tests/model/test_edtf.py.
"""

import json
import re
from functools import cache
from pathlib import Path

import pytest

from claimtrack.errors import SpanError
from claimtrack.model.span import parse_span
from tests.model.test_edtf import (
    ACCEPTED_ANYWAY,
    OTHER_DAYS,
    compare_with_the_package,
    days,
)

LISTS = Path(__file__).parents[3] / "shared" / "vectors" / "edtf.json"

# One pattern for each part of EDTF that is refused; a string that some list accepts is refused if
# and only if one of them is found in it.
NOT_SUPPORTED = {
    "all of a set": r"^\{",
    "white space": r"\s",
    "a qualifier for a part": r"[?~%](?=[^/])",
    "an exponent or significant digits": r"[ES]",
    "an unspecified digit on the left": r"X[X-]*[0-9]",
    "a decade or a century in short": r"^-?[0-9]{2,3}[?~%]?$",
    "a season of one hemisphere": r"^-?[0-9]{4}-(2[5-9]|3[012])$",
    "a day in a season": r"-2[1-4]-XX",
}


@cache
def lists():
    return json.loads(LISTS.read_text(encoding="utf-8"))


def validate(*, valid):
    groups = lists()["edtf_validate"].items()
    return [text for key, group in groups if key.startswith("invalid") != valid for text in group]


def python_edtf():
    return dict(lists()["python_edtf"]["EXAMPLES"])


def accepted():
    qualified = [text for text, _ in lists()["python_edtf"]["APPROXIMATE_UNCERTAIN_EXAMPLES"]]
    written = [text for _, text in lists()["natlang_text_to_edtf"] if text]
    return sorted(
        {
            *validate(valid=True),
            *python_edtf(),
            *lists()["python_edtf"]["BENCHMARK_EXAMPLES"],
            *qualified,
            *written,
            *lists()["edtfjs_accept"],
        }
    )


def refused():
    bad = [text for text in lists()["python_edtf"]["BAD_EXAMPLES"] if text is not None]
    return sorted({*validate(valid=False), *bad, *lists()["edtfjs_reject"]})


def is_read(text):
    try:
        return parse_span(text).text == text
    except SpanError:
        return False


def test_the_lists_do_not_refuse_what_they_accept():
    assert not set(accepted()) & set(refused())
    assert (len(accepted()), len(refused())) == (474, 115)


def test_what_a_list_accepts_is_read_unless_it_has_an_unsupported_part():
    wrong = {
        text
        for text in accepted()
        if is_read(text) == any(re.search(part, text) for part in NOT_SUPPORTED.values())
    }

    assert wrong == set()


@pytest.mark.parametrize("part", NOT_SUPPORTED)
def test_each_unsupported_part_occurs_in_the_lists(part):
    assert any(re.search(NOT_SUPPORTED[part], text) for text in accepted())


def test_the_error_says_that_the_part_is_not_supported():
    told = {"white space": "has white space", "a day in a season": "has a day in a season"}
    for part, pattern in NOT_SUPPORTED.items():
        only = [
            text
            for text in accepted()
            if [key for key, other in NOT_SUPPORTED.items() if re.search(other, text)] == [part]
        ]
        assert only, pattern
        for text in only:
            with pytest.raises(SpanError, match=told.get(part, "not supported; expected ")):
                parse_span(text)


def test_what_a_list_refuses_is_refused_unless_another_list_accepts_the_form():
    read = {text: days(text) for text in refused() if is_read(text)}

    assert read == ACCEPTED_ANYWAY


def test_days_are_those_that_python_edtf_publishes_but_for_a_table():
    ours = {text: days(text) for text in python_edtf() if is_read(text)}
    # The third and fourth date of an entry are python-edtf's margins; we do not widen.
    published = {text: spelled(python_edtf()[text]) for text in ours}

    assert len(ours) == 59
    assert {text: ours[text] for text in ours if ours[text] != published[text]} == OTHER_DAYS


def spelled(entry):
    """Return the first and the last day, as `day_text` writes them; a single day stands alone."""
    # An entry for one day with a qualifier has the day and two margins; other entries have pairs.
    first, last = (entry[0], entry[0]) if len(entry) % 2 else entry[:2]
    ends = (first.replace("-inf", ".."), last.replace("inf", ".."))
    return tuple(re.sub(r"^(-?[0-9]{5,})", r"Y\1", end) for end in ends)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_edtf_package_gives_the_same_days_but_for_the_same_forms():
    compared, different = compare_with_the_package(filter(is_read, accepted()))

    assert compared > 150
    assert different == set()
