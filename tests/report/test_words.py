from decimal import Decimal

import pytest

from claimtrack.model.compose import (
    all_of,
    any_of,
    at_least,
    figure,
    judged,
    occurs,
    parts,
    reaches,
    stays,
)
from claimtrack.model.quantity import Range
from claimtrack.model.records import Fact
from claimtrack.model.span import OPEN_END, OPEN_START, parse_span
from claimtrack.report.words import (
    counted,
    criterion_words,
    day_words,
    denial_words,
    span_words,
    value_words,
)

FACTS = {
    "gas": Fact(id="gas", kind="event", title="First gas flows"),
    "flow": Fact(id="flow", kind="quantity", unit="bcm/year"),
    "tap": Fact(id="tap", kind="state", title="The tap"),
}
AGREED = "people who judged the claim agree with it"
LATER = "“First gas flows” happens by 2020"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2019-12-02", "2 Dec 2019"),
        ("2019-12", "Dec 2019"),
        ("2019", "2019"),
        ("2019-12~", "about Dec 2019"),
        ("2019-12-02?", "perhaps 2 Dec 2019"),
        ("2019-36%", "perhaps about the fourth quarter of 2019"),
        ("2019-21", "spring 2019"),
        ("1999-24", "winter 1999/00"),
        ("2019-33", "the first quarter of 2019"),
        ("2019-39", "the last third of 2019"),
        ("2019-41", "the second half of 2019"),
        ("201X", "the 2010s"),
        ("20XX", "the years 2000 to 2099"),
        ("2019-XX", "some month of 2019"),
        ("2019-12-XX", "some day in Dec 2019"),
        ("2019-XX-XX", "some day of 2019"),
        ("Y12019", "Y12019"),
        ("-0044-03-15", "-0044-03-15"),
        ("2019-12-02T10:00:00", "2 Dec 2019, 10:00"),
        ("2019-12-02T10:00:00Z", "2 Dec 2019, 10:00 UTC"),
        ("2019-12-02T10:00:00+03:00", "2 Dec 2019, 10:00 UTC+03:00"),
        ("../2019-12~", "up to about Dec 2019"),
        ("2019-12-02/2020-01", "2 Dec 2019 to Jan 2020"),
        ("2019/..", "from 2019 on"),
        ("/2019-02-01", "up to 1 Feb 2019"),
        ("../..", "any day"),
        ("[2019-12-02,2019-12-04]", "2 Dec 2019 or 4 Dec 2019"),
        ("[2018,2019-01..2019-03]", "2018 or from Jan 2019 to Mar 2019"),
        ("[2019-01..2019-03]", "some day from Jan 2019 to Mar 2019"),
        ("[..2019]", "some day up to 2019"),
    ],
)
def test_a_span_is_written_as_people_write_it_where_they_can(text, words):
    assert span_words(parse_span(text)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2019-12-02", "did not happen on 2 Dec 2019"),
        ("2019-36", "did not happen in the fourth quarter of 2019"),
        ("../2019-12-02", "had not happened by 2 Dec 2019"),
        ("../2019", "had not happened by the end of 2019"),
        ("2018/2019", "did not happen from 2018 to 2019"),
        ("2018/..", "did not happen from 2018 on"),
        ("[2018,2019]", "did not happen on 2018 or 2019"),
    ],
)
def test_a_denial_says_by_when_it_had_not_happened(text, words):
    assert denial_words(parse_span(text)) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (None, "–"),
        (OPEN_START, "open"),
        (OPEN_END, "open"),
        (1, "1 Jan 1"),
        (0, "31 Dec 0"),
        (737395, "2 Dec 2019"),
    ],
)
def test_so_is_a_day(day, words):
    assert day_words(day) == words


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (None, "m", ""),
        (True, None, "yes"),
        (False, None, "no"),
        ("open", None, "open"),
        (38, "bcm", "38 bcm"),
        (Decimal("0.30"), None, "0.30"),
        (Range(37, 39), "bcm", "37 to 39 bcm"),
    ],
)
def test_so_is_a_value_with_its_unit(value, unit, words):
    assert value_words(value, unit) == words


@pytest.mark.parametrize(
    ("criterion", "words"),
    [
        (occurs("gas", by="2019-12-31"), "“First gas flows” happens by 31 Dec 2019"),
        (occurs("gas", during="2019-12-02"), "“First gas flows” happens on 2 Dec 2019"),
        (occurs("gas", after="2019"), "“First gas flows” happens after 2019"),
        (
            occurs("gas", during="2019", min_sources=2, min_tier="social"),
            (
                "“First gas flows” happens during 2019 "
                "(at least 2 independent sources, tier social or better)"
            ),
        ),
        (occurs("gas", by="2019", min_sources=1), "“First gas flows” happens by 2019"),
        (figure("flow", at="2019", equals=3), "“flow” equals 3 bcm/year for 2019"),
        (
            figure("flow", at="2019", equals=3, tolerance=1),
            "“flow” equals 3 bcm/year (± 1) for 2019",
        ),
        (
            reaches("flow", by="2024", at_least=38),
            "“flow” is at least 38 bcm/year at some time by 2024",
        ),
        (
            reaches("flow", before="2024", below=1),
            "“flow” is below 1 bcm/year at some time before 2024",
        ),
        (
            stays("flow", throughout="2019", between=(1, 2)),
            "“flow” is between 1 and 2 bcm/year all through 2019",
        ),
        (stays("tap", throughout="2019", is_=True), "“The tap” is yes all through 2019"),
        (stays("tap", throughout="2019", is_="open"), "“The tap” is 'open' all through 2019"),
        (judged(), AGREED),
        (
            judged(by="2019"),
            "people who judged the claim agree with it, of what happened by 2019",
        ),
        (~judged(), f"not: {AGREED}"),
        (all_of(judged()), AGREED),
        (
            all_of(occurs("gas", by="2019"), any_of(judged(), occurs("gas", by="2020"))),
            f"all of (“First gas flows” happens by 2019; any of ({AGREED}; {LATER}))",
        ),
        (
            parts(at_least(1, judged(), judged()), judged()),
            f"each in its own right (at least 1 of ({AGREED}; {AGREED}); {AGREED})",
        ),
    ],
)
def test_a_criterion_is_a_sentence(criterion, words):
    assert criterion_words(criterion, FACTS) == words


def test_nouns_go_with_their_numbers():
    assert [counted(n, "report") for n in (0, 1, 2)] == ["0 reports", "1 report", "2 reports"]
    assert counted(2, "day of grace", "days of grace") == "2 days of grace"
