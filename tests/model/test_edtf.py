"""
Each rule of the dates that are read, with texts of our own: read with their days, or refused.

Where other EDTF libraries and we disagree, the text stands in a table here and on the docs page.
"""

import math
import re
from pathlib import Path

import pytest

from claimtrack.errors import SpanError
from claimtrack.model.span import day_text, parse_span

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "spans.md"

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

READ = {
    "a year": {
        "2031": ("2031-01-01", "2031-12-31"),
        "0044": ("0044-01-01", "0044-12-31"),
        "0000": ("0000-01-01", "0000-12-31"),
        "-0043": ("-0043-01-01", "-0043-12-31"),
        "-9999": ("-9999-01-01", "-9999-12-31"),
        "9999": ("9999-01-01", "9999-12-31"),
        "Y12021": ("Y12021-01-01", "Y12021-12-31"),
        "Y-12021": ("Y-12021-01-01", "Y-12021-12-31"),
    },
    "a month": {
        "2031-07": ("2031-07-01", "2031-07-31"),
        "2028-02": ("2028-02-01", "2028-02-29"),
        "2100-02": ("2100-02-01", "2100-02-28"),
        "2400-02": ("2400-02-01", "2400-02-29"),
        "-0044-03": ("-0044-03-01", "-0044-03-31"),
        "0000-02": ("0000-02-01", "0000-02-29"),
    },
    "a day": {
        "2031-07-09": ("2031-07-09", "2031-07-09"),
        "2028-02-29": ("2028-02-29", "2028-02-29"),
        "-0043-03-15": ("-0043-03-15", "-0043-03-15"),
        "0000-02-29": ("0000-02-29", "0000-02-29"),
    },
    "a time of day": {
        "2031-07-09T08:15:00": ("2031-07-09", "2031-07-09"),
        "2031-07-09T23:30:00-02:00": ("2031-07-09", "2031-07-10"),
        "2031-07-09T08:15:00Z": ("2031-07-08", "2031-07-09"),
        "2031-07-09T00:10:00+05:30": ("2031-07-08", "2031-07-09"),
    },
    "unspecified digits at the right": {
        "203X": ("2030-01-01", "2039-12-31"),
        "20XX": ("2000-01-01", "2099-12-31"),
        "2XXX": ("2000-01-01", "2999-12-31"),
        "XXXX": ("0000-01-01", "9999-12-31"),
        "-203X": ("-2039-01-01", "-2030-12-31"),
        "-00XX": ("-0099-01-01", "-0001-12-31"),
        "203X-XX": ("2030-01-01", "2039-12-31"),
        "2031-XX": ("2031-01-01", "2031-12-31"),
        "2031-XX-XX": ("2031-01-01", "2031-12-31"),
        "2031-0X": ("2031-01-01", "2031-09-30"),
        "2031-1X": ("2031-10-01", "2031-12-31"),
        "2031-07-XX": ("2031-07-01", "2031-07-31"),
        "2031-07-0X": ("2031-07-01", "2031-07-09"),
        "2031-07-1X": ("2031-07-10", "2031-07-19"),
    },
    "a qualifier of the whole": {
        "2031?": ("2031-01-01", "2031-12-31"),
        "2031~": ("2031-01-01", "2031-12-31"),
        "2031%": ("2031-01-01", "2031-12-31"),
        "2031-07?": ("2031-07-01", "2031-07-31"),
        "2031-07-09~": ("2031-07-09", "2031-07-09"),
        "203X%": ("2030-01-01", "2039-12-31"),
        "2031-21?": ("2031-03-01", "2031-05-31"),
    },
    "a season": {
        "2031-21": ("2031-03-01", "2031-05-31"),
        "2031-22": ("2031-06-01", "2031-08-31"),
        "2031-23": ("2031-09-01", "2031-11-30"),
        "2031-24": ("2031-12-01", "2032-02-29"),
        "2027-24": ("2027-12-01", "2028-02-29"),
        "-0044-24": ("-0044-12-01", "-0043-02-28"),
    },
    "an interval": {
        "2031/2033": ("2031-01-01", "2033-12-31"),
        "2031/2031": ("2031-01-01", "2031-12-31"),
        "2031-07/2031-09": ("2031-07-01", "2031-09-30"),
        "2031-07-09/2031-08-01": ("2031-07-09", "2031-08-01"),
        "2031/2033-02": ("2031-01-01", "2033-02-28"),
        "2031?/2033~": ("2031-01-01", "2033-12-31"),
        "203X/2044": ("2030-01-01", "2044-12-31"),
        "2031-21/2031-23": ("2031-03-01", "2031-11-30"),
        "2031-24/2032": ("2031-12-01", "2032-12-31"),
        "-0044/0001": ("-0044-01-01", "0001-12-31"),
    },
    "an interval without an end": {
        "../2033": ("..", "2033-12-31"),
        "2031/..": ("2031-01-01", ".."),
        "../..": ("..", ".."),
        "/2033": ("..", "2033-12-31"),
        "2031/": ("2031-01-01", ".."),
        "/..": ("..", ".."),
        "../": ("..", ".."),
        "/": ("..", ".."),
    },
    "one of a set": {
        "[2031,2033]": ("2031-01-01", "2033-12-31"),
        "[2031..2033]": ("2031-01-01", "2033-12-31"),
    },
}

REFUSED = {
    "an unspecified digit before a known one, which is not supported": [
        "20XX-07",
        "203X-07-09",
        "2031-XX-09",
        "2X31",
        "X031",
    ],
    "several dates at once, which is not supported": ["{2031,2033}", "{2031..2033}"],
    "a qualifier for a part of a date, which is not supported": [
        "2031-07-~09",
        "?2031-07",
        "2031~-07",
        "2031-%07/2033",
    ],
    "an exponent, which is not supported": ["Y12E3", "Y-12E3"],
    "a number of significant digits, which is not supported": ["2031S2"],
    "a decade in three digits, which is not supported": ["203", "-203"],
    "a century in two digits, which is not supported": ["20"],
    "a season of one hemisphere, which is not supported": ["2031-25", "2031-32"],
    "has a day in a season or part of a year": ["2031-21-XX", "2031-24-01"],
    "is not EDTF; write ": ["2031-7", "2031-7-9", "31-07-2031"],
    "has no such month": ["2031-13", "2031-00"],
    "has no such day": [
        "2031-02-30",
        "2027-02-29",
        "2100-02-29",
        "2031-04-31",
        "2031-07-32",
        "2031-07-00",
        "2031-02-3X",
    ],
    "expected hyphens": ["20310709"],
    "has a year of more than four digits": ["12031"],
    "fewer than five digits after Y, or zeros before them": ["Y2031", "Y02031"],
    "is a year 0 with a minus": ["-0000"],
    "has no such time of day": [
        "2031-07-09T24:00:01",
        "2031-07-09T08:60:00",
        "2031-07-09T08:15:61",
    ],
    "has no such offset": [
        "2031-07-09T08:15:00+15:00",
        "2031-07-09T08:15:00-13:00",
        "2031-07-09T08:15:00-00:00",
    ],
    "ends before it starts": ["2031/2030", "2031-07/2031-06", "0001/-0044"],
    "begins before its start": ["2031-07/2031"],
    "has more than one slash": ["//", "2031//2033", "2031/2032/2033"],
    "is not a date": ["+2031", "2031??", "2031~?", "?"],
    "has white space": ["2031 ", " 2031", "2031 / 2033", "2031-07-09 08:15:00"],
    "is empty": [""],
}


def days(text):
    span = parse_span(text)
    return day_text(span.first), day_text(span.last)


@pytest.mark.parametrize("rule", READ)
def test_a_text_is_read_as_its_days(rule):
    assert {text: days(text) for text in READ[rule]} == READ[rule]
    assert all(parse_span(text).text == text for text in READ[rule])


@pytest.mark.parametrize("told", REFUSED)
def test_a_text_is_refused_for_its_fault(told):
    for text in REFUSED[told]:
        with pytest.raises(SpanError, match=re.escape(told)):
            parse_span(text)


def test_days_that_other_libraries_give_otherwise_are_ours():
    for text, expected in (OTHER_DAYS | ACCEPTED_ANYWAY).items():
        assert days(text) == expected


def compare_with_the_package(texts):
    """Return how many *texts* the edtf package reads, and which it reads otherwise than known."""
    edtf = pytest.importorskip("edtf", reason="the edtf package is not installed")
    different, compared = set(), 0
    for text in texts:
        try:
            answer = edtf.parse_edtf(text)
            theirs = (end(answer.lower_strict()), end(answer.upper_strict()))
        except Exception:  # noqa: BLE001, S112 - the package raises whatever its parser does
            continue
        compared += 1
        if theirs != days(text) and not is_known_difference(text):
            different.add(text)
    return compared, different


@pytest.mark.filterwarnings("ignore")
def test_the_edtf_package_gives_the_same_days_but_for_known_forms():
    compared, different = compare_with_the_package(
        text for texts in READ.values() for text in texts
    )

    assert compared > 40
    assert different == set()


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
        or text == "-00XX"  # its last year is 0, which has no minus
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
