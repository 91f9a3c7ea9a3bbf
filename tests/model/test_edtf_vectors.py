"""
Put the strings that other EDTF libraries publish to the parser, each of them.

The lists are those of edtf-validate (University of North Texas), python-edtf and edtf.js. Where
they disagree with each other or with us, the string stands in a table here and on the docs page.
"""

import json
import math
import re
from functools import cache
from pathlib import Path

import pytest

from claimtrack.errors import SpanError
from claimtrack.model.span import day_text, parse_span

LISTS = Path(__file__).parents[3] / "shared" / "vectors" / "edtf.json"
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "spans.md"

pytestmark = pytest.mark.skipif(not LISTS.exists(), reason="the published lists are not here")

# Refused by one list; accepted here, since another list accepts the same form.
ACCEPTED_ANYWAY = {"2012-21/2012-22": ("2012-03-01", "2012-08-31")}

# python-edtf gives other days than we do.
OTHER_DAYS = {
    "2004-01-01T10:10:10Z": ("2003-12-31", "2004-01-02"),
    "2004-01-01T10:10:10+05:00": ("2003-12-31", "2004-01-01"),
    "2010-24": ("2010-12-01", "2011-02-28"),
    "/2006": ("..", "2006-12-31"),
    "2004-06-01/": ("2004-06-01", ".."),
    "1984-06-02?/": ("1984-06-02", ".."),
}

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


def days(text):
    span = parse_span(text)
    return day_text(span.first), day_text(span.last)


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
    edtf = pytest.importorskip("edtf", reason="the edtf package is not installed")
    different, compared = set(), 0

    for text in filter(is_read, accepted()):
        try:
            answer = edtf.parse_edtf(text)
            theirs = (end(answer.lower_strict()), end(answer.upper_strict()))
        except Exception:  # noqa: BLE001, S112 - the package raises whatever its parser does
            continue
        compared += 1
        if theirs != days(text):
            different.add(text)

    assert compared > 150
    assert {text for text in different if not is_known_difference(text)} == set()


def end(moment):
    if isinstance(moment, float):
        assert math.isinf(moment)
        return ".."
    year, month, day = moment[:3]
    sign = "-" if year < 0 else ""
    name = f"Y{year}" if abs(year) > 9999 else f"{sign}{abs(year):04}"
    return f"{name}-{month:02}-{day:02}"


def is_known_difference(text):
    return (
        "T" in text  # the package leaves the zone out
        or "-24" in text  # its winter ends on 31 December
        or text.startswith("/")  # its unknown end is ten years away
        or text.endswith("/")
        or re.match(r"-[0-9]{4}-[0-9X]{2}", text) is not None  # its first day is after its last
    )


def test_the_docs_page_lists_every_string_on_which_the_lists_differ():
    page = PAGE.read_text(encoding="utf-8")

    for text, (first, last) in (OTHER_DAYS | ACCEPTED_ANYWAY).items():
        assert re.search(
            rf"^\| `{re.escape(text)}` \| `{re.escape(first)}` \| `{re.escape(last)}` \|",
            page,
            flags=re.MULTILINE,
        ), text
