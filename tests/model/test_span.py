"""Hold spans, their three-valued order, and the calendar below them to independent answers."""

import copy
import enum
import itertools
import pickle
import re
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from claimtrack.errors import SpanError
from claimtrack.model.calendar import CYCLE_DAYS, DAY_SECONDS, month_end
from claimtrack.model.span import (
    CACHED_SPANS,
    OPEN_END,
    OPEN_START,
    Answer,
    Moment,
    Span,
    before,
    civil,
    day_text,
    ordinal,
    parse_span,
    to_span,
    within,
)

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "spans.md"

# The months of each part of a year, as one would say them; a quote is of the next year.
MONTHS_OF = {
    "21": "03 04 05",
    "22": "06 07 08",
    "23": "09 10 11",
    "24": "12 01' 02'",
    "33": "01 02 03",
    "34": "04 05 06",
    "35": "07 08 09",
    "36": "10 11 12",
    "37": "01 02 03 04",
    "38": "05 06 07 08",
    "39": "09 10 11 12",
    "40": "01 02 03 04 05 06",
    "41": "07 08 09 10 11 12",
}
# Every day of forty years by its text, to find what a date means by looking.
DAYS = {date.fromordinal(n).isoformat(): n for n in range(726468, 741078)}
ZONES = ("Europe/Moscow", "America/New_York", "Pacific/Apia", "Pacific/Kiritimati", "Asia/Kolkata")

WORLD_DAYS = st.dates(date(1990, 1, 1), date(2029, 11, 30)).map(date.isoformat)
QUALIFIERS = st.sampled_from(["", "?", "~", "%"])


@st.composite
def dates(draw):
    """Draw a date from 1990 to 2029: a day, cut to a month or year, with digits unspecified."""
    year, month, day = draw(WORLD_DAYS).split("-")
    body, known = draw(
        st.sampled_from(
            [
                (f"{year}-{month}-{day}", 10),
                (f"{year}-{month}-{day}", 9),
                (f"{year}-{month}-{day}", 8),
                (f"{year}-{month}-{day}", 5),
                (f"{year}-{month}", 7),
                (f"{year}-{month}", 6),
                (f"{year}-{month}", 5),
                (year, 4),
                (year, 3),
            ]
        )
    )
    unspecified = re.sub("[0-9]", "X", body[known:])
    return body[:known] + unspecified + draw(QUALIFIERS)


@st.composite
def periods(draw):
    year = draw(st.integers(1990, 2028))
    return f"{year}-{draw(st.sampled_from(sorted(MONTHS_OF)))}{draw(QUALIFIERS)}"


@st.composite
def nearly_spans(draw):
    """Draw a span with one character put in, left out or replaced."""
    forms = ["[..2019,2020-0X..]", "2019-12-02T18:30:00.5+03:00", "Y12019?", "-01XX/2019-36~"]
    text = draw(st.sampled_from(forms) | dates())
    at = draw(st.integers(0, len(text)))
    put = draw(st.sampled_from(["", *"0123456789-XYTZ?~%/.,[]{}:+ e\n"]))
    return text[:at] + put + text[at + draw(st.integers(0, 1)) :]


def looked_up(text):
    """Return the first and last of the forty years' days that a date names, by comparing texts."""
    body = text.rstrip("?~%")
    if body[5:] in MONTHS_OF:
        year = int(body[:4])
        months = [
            f"{year + month.endswith(chr(39))}-{month[:2]}" for month in MONTHS_OF[body[5:]].split()
        ]
        named = [n for day, n in DAYS.items() if day[:7] in months]
    else:
        pattern = re.compile(body.replace("X", "[0-9]"))
        named = [n for day, n in DAYS.items() if pattern.match(day)]
    return min(named), max(named)


def ends(text):
    span = parse_span(text)
    return span.first, span.last


def error_of(make):
    with pytest.raises(SpanError) as caught:
        make()
    return str(caught.value)


class TestTheCalendar:
    """Days are ordinals of the proleptic Gregorian calendar, without bounds."""

    @given(st.dates())
    @example(date.min)
    @example(date.max)
    def test_agrees_with_datetime_where_datetime_has_years(self, day):
        assert ordinal(day.year, day.month, day.day) == day.toordinal()
        assert civil(day.toordinal()) == (day.year, day.month, day.day)
        assert day_text(day.toordinal()) == day.isoformat()

    @given(st.integers(-(10**15), 10**15))
    @example(0)
    @example(-365)
    @example(3652060)
    def test_agrees_with_the_formula_of_days_from_civil_in_any_year(self, number):
        year, month, day = civil(number)

        assert days_from_civil(year, month, day) == number
        assert ordinal(year, month, day) == number

    @pytest.mark.parametrize("start", [ordinal(-5, 1, 1), ordinal(9998, 1, 1)])
    def test_names_each_day_after_the_day_before(self, start):
        year, month, day = civil(start)
        for number in range(start + 1, start + 4 * 366):
            leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
            lengths = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
            assert month_end(year, month) == lengths[month - 1]
            day += 1
            if day > lengths[month - 1]:
                month, day = month + 1, 1
            if month > 12:
                year, month = year + 1, 1
            assert civil(number) == (year, month, day)

    @given(st.integers(-(10**12), 10**12), st.integers(-1000, 1000))
    def test_repeats_every_400_years(self, number, cycles):
        year, month, day = civil(number)

        assert civil(number + cycles * CYCLE_DAYS) == (year + 400 * cycles, month, day)

    @pytest.mark.parametrize("parts", [(2019, 2, 29), (-1, 2, 29), (20001, 13, 1), (0, 1, 0)])
    def test_has_no_day_that_is_not_there(self, parts):
        with pytest.raises(ValueError, match=r"must be in|out of range"):
            ordinal(*parts)

    @pytest.mark.parametrize(
        ("parts", "text"),
        [
            ((0, 2, 29), "0000-02-29"),
            ((-1, 12, 31), "-0001-12-31"),
            ((-9999, 1, 1), "-9999-01-01"),
            ((-10000, 1, 1), "Y-10000-01-01"),
            ((10000, 1, 1), "Y10000-01-01"),
        ],
    )
    def test_writes_years_as_edtf_does(self, parts, text):
        assert day_text(ordinal(*parts)) == text

    def test_writes_open_ends_as_two_dots(self):
        assert (day_text(OPEN_START), day_text(OPEN_END)) == ("..", "..")


def days_from_civil(year, month, day):
    """Count days by Howard Hinnant's formula, which goes by years that begin in March."""
    year -= month <= 2
    era, of_era = divmod(year, 400)
    of_year = (153 * ((month - 3) % 12) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 305


class TestReading:
    """A text means the days that it names, from the first to the last."""

    @given(dates() | periods())
    @example("2019-24")
    @example("2019-02-2X")
    @example("202X")
    def test_a_date_is_the_first_and_the_last_day_that_it_names(self, text):
        assert ends(text) == looked_up(text)

    @given(dates() | periods(), dates() | periods())
    def test_an_interval_is_from_the_first_day_of_one_to_the_last_of_the_other(self, one, other):
        (first, last), (low, high) = looked_up(one), looked_up(other)
        text = f"{one}/{other}"

        if high < first or (low < first and "X" not in other):
            with pytest.raises(SpanError):
                parse_span(text)
        else:
            assert ends(text) == (first, high)
        assert ends(f"{one}/..") == ends(f"{one}/") == (first, OPEN_END)
        assert ends(f"../{other}") == ends(f"/{other}") == (OPEN_START, high)
        assert last >= first

    @given(st.lists(dates() | periods(), min_size=1, max_size=5))
    def test_a_set_is_its_two_ends_in_any_order(self, members):
        found = [looked_up(member) for member in members]
        first, last = min(low for low, _ in found), max(high for _, high in found)

        assert ends(f"[{','.join(members)}]") == (first, last)
        assert ends(f"[..{','.join(members)}]") == (OPEN_START, last)
        assert ends(f"[{','.join(members)}..]") == (first, OPEN_END)

    @given(WORLD_DAYS, WORLD_DAYS, dates())
    def test_a_run_in_a_set_is_an_interval(self, one, other, member):
        start, end = sorted([one, other])
        (low, high) = looked_up(member)

        assert ends(f"[{member},{start}..{end}]") == (min(low, DAYS[start]), max(high, DAYS[end]))

    @given(dates() | periods() | st.sampled_from(["[2019,2020..]", "-0043", "Y12019~", "../.."]))
    def test_what_is_printed_is_what_was_parsed(self, text):
        span = parse_span(text)

        assert str(span) == span.text == text
        assert parse_span(str(span)) == span

    @pytest.mark.parametrize("year", [-9999, -4, -1, 0, 1, 4, 1900, 9999])
    def test_a_year_of_any_size_has_its_own_days(self, year):
        sign = "-" if year < 0 else ""
        written = f"{sign}{abs(year):04}"

        assert ends(written) == (ordinal(year, 1, 1), ordinal(year + 1, 1, 1) - 1)
        assert ends(f"{written}-02") == (ordinal(year, 2, 1), ordinal(year, 3, 1) - 1)
        assert ends(f"{written}-24") == (ordinal(year, 12, 1), ordinal(year + 1, 3, 1) - 1)
        assert ends(f"{written}-12-31") == (ordinal(year, 12, 31),) * 2

    @given(st.integers(10_000, 10**12 - 1), st.sampled_from([1, -1]))
    def test_a_year_with_y_has_up_to_twelve_digits(self, year, sign):
        year *= sign

        assert ends(f"Y{year}") == (days_from_civil(year, 1, 1), days_from_civil(year, 12, 31))

    def test_a_negative_year_is_never_zero(self):
        assert ends("-000X") == (ordinal(-9, 1, 1), ordinal(-1, 12, 31))

    @given(nearly_spans() | st.text(max_size=30))
    @example("2019-W49-1")
    @example("20191202")
    @example("２０１９-12-02")
    @example("2019-12-0２")
    @example("\ud800")
    def test_any_text_is_a_span_or_an_error(self, text):
        try:
            span = parse_span(text)
        except SpanError as error:
            assert error.code == "CT102"  # noqa: PT017 - either outcome is right
        else:
            assert span.text == text
            assert span.first <= span.last
            assert text.isascii()

    @pytest.mark.parametrize(
        "text",
        ["X" * 199, "[" + "," * 198 + "]", "/" * 200, "Y" + "9" * 199, " " * 200, "-" * 200],
    )
    def test_a_long_text_is_refused_with_a_short_error(self, text):
        assert len(error_of(lambda: parse_span(text))) < 300
        assert len(error_of(lambda: parse_span(text * 10_000))) < 300

    def test_a_text_has_at_most_200_characters(self):
        text = f"2019-12-02T18:30:00.{'0' * 180}"

        assert parse_span(text).is_day
        assert error_of(lambda: parse_span(text + "0")).endswith("characters; expected at most 200")

    def test_equal_texts_give_one_object_and_the_memo_is_bounded(self):
        assert parse_span("2019-12") is parse_span("2019-" + "12")
        assert parse_span.cache_info().maxsize == CACHED_SPANS


class TestASpan:
    """A span is a value: its text, and the days that it means."""

    def test_is_equal_and_hashes_by_its_text_alone(self):
        span = parse_span("2019")

        assert span == Span(text="2019", first=1, last=2)
        assert span == Span(text="2019", first=1, last=2, moment=Moment(1))
        assert hash(span) == hash(Span(text="2019", first=1, last=2, moment=Moment(1)))
        assert span != parse_span("2019-01/2019-12")
        assert span != "2019"

    def test_is_frozen_and_copies_and_pickles(self):
        span = parse_span("2019-12-02T18:30:00Z")

        with pytest.raises(AttributeError):
            span.text = "2020"
        twin = pickle.loads(pickle.dumps(span))  # noqa: S301 - our own bytes
        assert twin == copy.deepcopy(span) == span
        assert (twin.first, twin.last, twin.moment) == (span.first, span.last, span.moment)
        assert repr(span) == "Span('2019-12-02T18:30:00Z')"

    def test_is_made_by_names_alone(self):
        with pytest.raises(TypeError):
            Span("2019", 1, 2)

    def test_gives_dates_or_none_for_open_ends(self):
        span = parse_span("2019-12/..")

        assert (span.earliest, span.latest) == (date(2019, 12, 1), None)
        assert parse_span("../2019").earliest is None
        assert parse_span("../2019").latest == date(2019, 12, 31)

    def test_is_a_day_only_when_one_day_is_known(self):
        assert parse_span("2019-12-02~").is_day
        assert parse_span("[2019-12-02]").is_day
        assert not parse_span("2019-12").is_day
        assert not parse_span("../..").is_day

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            ("2019~", "2019~"),
            (date(2019, 12, 2), "2019-12-02"),
            (datetime(2019, 12, 2, 18, 30), "2019-12-02T18:30:00"),  # noqa: DTZ001 - naive is the case
            (datetime(2019, 12, 2, 18, 30, 0, 5, tzinfo=UTC), "2019-12-02T18:30:00.000005+00:00"),
            (parse_span("2019"), "2019"),
        ],
    )
    def test_is_made_of_texts_dates_and_date_times(self, value, text):
        assert to_span(value).text == text
        assert to_span(to_span(value)) is to_span(value)

    def test_a_naive_date_time_is_its_own_day(self):
        span = to_span(datetime(2019, 12, 2, 23, 59))  # noqa: DTZ001 - as the name says

        assert span.is_day
        assert span.latest == date(2019, 12, 2)
        assert span.days_in(ZoneInfo("Asia/Tokyo")) == (span.first, span.last)


SMALL = st.tuples(st.integers(1, 8), st.integers(1, 8)).map(sorted)


class TestTheOrder:
    """Yes if it holds for all days that it can be, no if it holds for none, otherwise maybe."""

    @given(SMALL, SMALL)
    def test_within_is_what_the_single_days_say(self, span, window):
        days = range(window[0], window[1] + 1)
        truths = {day in days for day in range(span[0], span[1] + 1)}

        assert within(*span, *window) is by_truths(truths)

    @given(SMALL, SMALL)
    def test_before_is_what_the_single_days_say(self, one, other):
        pairs = itertools.product(range(one[0], one[1] + 1), range(other[0], other[1] + 1))

        assert before(*one, *other) is by_truths({a < b for a, b in pairs})

    @pytest.mark.parametrize(
        ("text", "window", "answer"),
        [
            ("2019-12-02", "2019", Answer.YES),
            ("2019", "2019", Answer.YES),
            ("2019", "2019-12", Answer.MAYBE),
            ("2020", "../2019", Answer.NO),
            ("../2018", "../2019", Answer.YES),
            ("2018/..", "../2019", Answer.MAYBE),
            ("../..", "2019", Answer.MAYBE),
            ("2019", "../..", Answer.YES),
            ("../..", "../..", Answer.YES),
        ],
    )
    def test_a_span_is_within_a_window(self, text, window, answer):
        assert parse_span(text).within(parse_span(window)) is answer

    @pytest.mark.parametrize(
        ("text", "other", "answer"),
        [
            ("2019", "2019-12-01", Answer.MAYBE),
            ("2019-11", "2019-12-01", Answer.YES),
            ("2019-12-01", "2019-12-01", Answer.NO),
            ("2020/..", "../2019", Answer.NO),
            ("../2018", "2019/..", Answer.YES),
            ("../..", "../..", Answer.MAYBE),
        ],
    )
    def test_a_span_is_before_another(self, text, other, answer):
        assert parse_span(text).before(parse_span(other)) is answer

    @given(dates(), dates())
    def test_of_two_spans_at_most_one_is_certainly_before_the_other(self, one, other):
        there = parse_span(one).before(parse_span(other))
        back = parse_span(other).before(parse_span(one))

        assert (there & back) is not Answer.YES


def by_truths(truths):
    return {
        frozenset({True}): Answer.YES,
        frozenset({False}): Answer.NO,
        frozenset({True, False}): Answer.MAYBE,
    }[frozenset(truths)]


class TestAnswers:
    """Answers join as Kleene's three truth values do."""

    POSSIBLE = {  # noqa: RUF012 - a table
        Answer.NO: {False},
        Answer.MAYBE: {False, True},
        Answer.YES: {True},
    }

    @pytest.mark.parametrize(("one", "other"), [*itertools.product(Answer, Answer)])
    def test_join_as_their_possible_truths_do(self, one, other):
        pairs = list(itertools.product(self.POSSIBLE[one], self.POSSIBLE[other]))

        assert (one & other) is by_truths({a and b for a, b in pairs})
        assert (one | other) is by_truths({a or b for a, b in pairs})
        assert ~one is by_truths({not a for a in self.POSSIBLE[one]})

    def test_have_no_truth_value(self):
        assert issubclass(Answer, enum.Enum)
        with pytest.raises(TypeError) as caught:
            bool(Answer.MAYBE)
        assert (
            str(caught.value)
            == "Answer.MAYBE has no truth value; ask whether it is Answer.YES or Answer.NO"
        )


class TestMoments:
    """A date-time with an offset is the civil day in a zone, or every day that it was on Earth."""

    @given(
        st.datetimes(datetime(1890, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 - Hypothesis wants naive bounds
        st.integers(-12 * 60, 14 * 60),
        st.sampled_from(ZONES),
    )
    def test_agree_with_datetime(self, local, minutes, zone):
        aware = local.replace(tzinfo=timezone(timedelta(minutes=minutes)))
        span = to_span(aware)

        west, east = (aware.astimezone(timezone(timedelta(hours=hours))) for hours in (-12, 14))
        here = aware.astimezone(ZoneInfo(zone)).toordinal()

        assert span.days_in(None) == (span.first, span.last) == (west.toordinal(), east.toordinal())
        assert span.days_in(ZoneInfo(zone)) == (here, here)
        assert span.moment is not None
        assert span.moment.days_in(None) == (span.first, span.last)

    @pytest.mark.parametrize(
        ("text", "zone", "day"),
        [
            ("2019-12-02T20:59:59.999Z", "Europe/Moscow", "2019-12-02"),
            ("2019-12-02T21:00:00Z", "Europe/Moscow", "2019-12-03"),
            ("2019-12-02T24:00:00+03:00", "Europe/Moscow", "2019-12-03"),
            # Samoa left out 30 December 2011, moving over the date line.
            ("2011-12-30T09:59:59Z", "Pacific/Apia", "2011-12-29"),
            ("2011-12-30T10:00:00Z", "Pacific/Apia", "2011-12-31"),
            ("0001-01-01T00:00:00+14:00", "America/New_York", "0000-12-31"),
            ("0001-01-01T00:00:00Z", "America/New_York", "0000-12-31"),
            ("0001-01-01T00:00:00Z", "Asia/Tokyo", "0001-01-01"),
            ("9999-12-31T23:30:00Z", "Asia/Tokyo", "Y10000-01-01"),
            ("9999-12-31T23:30:00-12:00", "Asia/Tokyo", "Y10000-01-01"),
            ("-0043-03-15T23:30:00Z", "Asia/Tokyo", "-0043-03-16"),
            ("-9999-01-01T00:00:00+00:01", "Europe/London", "Y-10000-12-31"),
        ],
    )
    def test_are_a_day_in_a_zone(self, text, zone, day):
        first, last = parse_span(text).days_in(ZoneInfo(zone))

        assert (day_text(first), day_text(last)) == (day, day)

    @pytest.mark.parametrize(
        ("text", "first", "last"),
        [
            ("2019-12-02T12:00:00Z", "2019-12-02", "2019-12-03"),
            ("2019-12-02T11:59:59Z", "2019-12-01", "2019-12-03"),
            ("2019-12-02T10:00:00Z", "2019-12-01", "2019-12-03"),
            ("2019-12-02T09:59:59Z", "2019-12-01", "2019-12-02"),
            ("2019-12-02T00:00:00+14:00", "2019-11-30", "2019-12-02"),
            ("0001-01-01T00:00:00+14:00", "0000-12-30", "0001-01-01"),
            ("9999-12-31T23:30:00-12:00", "9999-12-31", "Y10000-01-02"),
            ("-9999-01-01T00:00:00+14:00", "Y-10000-12-30", "-9999-01-01"),
        ],
    )
    def test_are_several_days_on_earth(self, text, first, last):
        span = parse_span(text)

        assert (day_text(span.first), day_text(span.last)) == (first, last)

    @given(
        st.integers(ordinal(2100, 1, 1) * DAY_SECONDS, ordinal(2500, 1, 1) * DAY_SECONDS),
        st.integers(1, 1000),
        st.sampled_from(ZONES),
    )
    def test_far_in_the_future_fall_as_400_years_before(self, seconds, cycles, zone):
        shift = cycles * CYCLE_DAYS
        (day, _) = Moment(seconds).days_in(ZoneInfo(zone))

        later = Moment(seconds + shift * DAY_SECONDS).days_in(ZoneInfo(zone))

        assert later == (day + shift, day + shift)

    def test_far_in_the_future_know_the_nights_of_summer_time(self):
        # As in 2019, 10 March is the Sunday on which New York goes from UTC-5 to UTC-4.
        half_past_four = Moment(ordinal(12019, 3, 10) * DAY_SECONDS + 4 * 3600 + 1800)
        saturday = ordinal(12019, 3, 9)

        assert half_past_four.days_in(ZoneInfo("America/New_York")) == (saturday, saturday)

    @given(st.integers(-(10**15), ordinal(1700, 1, 1) * DAY_SECONDS), st.sampled_from(ZONES))
    def test_long_ago_fall_by_the_first_offset_of_the_zone(self, seconds, zone):
        offset = datetime(1700, 1, 1, tzinfo=ZoneInfo(zone)).utcoffset()
        day = (seconds + round(offset.total_seconds())) // DAY_SECONDS

        assert Moment(seconds).days_in(ZoneInfo(zone)) == (day, day)

    @pytest.mark.parametrize("offset", ["Z", "+00", "+0000", "+00:00"])
    def test_have_offsets_in_four_spellings(self, offset):
        span = parse_span(f"2019-12-02T00:00:00{offset}")

        assert span.moment == Moment(737395 * DAY_SECONDS)

    @pytest.mark.parametrize("offset", ["+03:30", "+0330"])
    def test_have_offsets_with_minutes(self, offset):
        span = parse_span(f"2019-12-02T03:30:00{offset}")

        assert span.moment == Moment(737395 * DAY_SECONDS)

    @pytest.mark.parametrize("clock", ["00:00:59", "00:01:59", "09:59:59", "10:00:32", "23:59:59"])
    def test_count_seconds(self, clock):
        hours, minutes, seconds = map(int, clock.split(":"))

        assert parse_span(f"2019-12-02T{clock}Z").moment == Moment(
            737395 * DAY_SECONDS + seconds + 60 * (minutes + 60 * hours)
        )


ERRORS = {
    "": "'' is empty; expected EDTF such as '2019-12-02', '2019-12', '2019', '201X' or "
    "'2019-12-02/2020-01'",
    "soon": "'soon' is not a date; expected EDTF such as '2019-12-02', '2019-12', '2019', '201X' "
    "or '2019-12-02/2020-01'",
    "2019-02-30": "'2019-02-30' has no such day; expected a day from 01 to 28",
    "2019-02-3X/..": "'2019-02-3X' in '2019-02-3X/..' has no such day; "
    "expected a day from 01 to 28",
    "2019-13": "'2019-13' has no such month; expected a month from 01 to 12",
    "2019-2X": "'2019-2X' has no such month; expected a month from 01 to 12",
    "2019-13-01": "'2019-13-01' has no such month; expected a month from 01 to 12",
    "2018/2019-13": "'2019-13' in '2018/2019-13' has no such month; expected a month from 01 to 12",
    "2019-25": "'2019-25' is EDTF with a season of one hemisphere, which is not supported; "
    "expected 21 to 24, or the months",
    "2019-21-05": "'2019-21-05' has a day in a season or part of a year; "
    "expected a day in a month, or no day",
    "2019-24-05": "'2019-24-05' has a day in a season or part of a year; "
    "expected a day in a month, or no day",
    "2019-33-05": "'2019-33-05' has a day in a season or part of a year; "
    "expected a day in a month, or no day",
    "2019-32": "'2019-32' is EDTF with a season of one hemisphere, which is not supported; "
    "expected 21 to 24, or the months",
    "2019-07/2019-22": "'2019-07/2019-22' ends with a period that begins before its start; "
    "expected '2019-08-31' as the end",
    "-0000": "'-0000' is a year 0 with a minus; expected '0000', the year before year 1",
    "1X99": "'1X99' is EDTF with an unspecified digit before a known one, which is not supported; "
    "expected X only at the right, as in '201X' or '2019-XX-XX'",
    "2004-06~-11": "'2004-06~-11' is EDTF with a qualifier for a part of a date, "
    "which is not supported; expected one of ? ~ % at the end of the whole date",
    "{1960,1961}": "'{1960,1961}' is EDTF for several dates at once, which is not supported; "
    "expected one date, or one of several as in '[2019,2021]'",
    "[1667, 1672]": "' 1672' in '[1667, 1672]' has white space; expected EDTF, which has none",
    "[1667": "'[1667' does not end with ']'; expected a set such as '[2019,2021]'",
    "[2019,..2020]": "'[2019,..2020]' is open on the inside; "
    "expected '..' before the first date or after the last, as in '[..2019]'",
    "[2019..,2020]": "'[2019..,2020]' is open on the inside; "
    "expected '..' before the first date or after the last, as in '[..2019]'",
    "[..]": "'[..]' is open on the inside; "
    "expected '..' before the first date or after the last, as in '[..2019]'",
    "2020/2019": "'2020/2019' ends before it starts; expected the earlier date first",
    "[2020..2019]": "'[2020..2019]' ends before it starts; expected the earlier date first",
    "2004-06-11/2004-06": "'2004-06-11/2004-06' ends with a period that begins before its start; "
    "expected '2004-06-30' as the end",
    "2019/2020/2021": "'2019/2020/2021' has more than one slash; "
    "expected a start and an end, as in '2019-12/2020-01'",
    "2019-12-02T10:00:00Z/..": "'2019-12-02T10:00:00Z' in '2019-12-02T10:00:00Z/..' is a date-time "
    "among other dates, which is not supported; expected days, months or years",
    "Y-61000/-2000": "'Y-61000' in 'Y-61000/-2000' is a year with Y among other dates, "
    "which is not supported; expected years of four digits",
    "Y17E7": "'Y17E7' is EDTF with an exponent, which is not supported; "
    "expected all digits of the year after Y",
    "1950S2": "'1950S2' is EDTF with a number of significant digits, which is not supported; "
    "expected unspecified digits, as in '19XX'",
    "Y1234567890123": "'Y1234567890123' has a year of more than 12 digits; expected at most 12",
    "Y2019": "'Y2019' has fewer than five digits after Y, or zeros before them; "
    "expected Y only before a longer year, as in 'Y12019'",
    "12019": "'12019' has a year of more than four digits; "
    "expected Y before such a year, as in 'Y12019'",
    "31/02/2020": "'31/02/2020' has more than one slash; "
    "expected a start and an end, as in '2019-12/2020-01'",
    "20191202": "'20191202' is not a date in EDTF; expected hyphens, as in '2019-12-02'",
    "19": "'19' is a century in two digits, which is not supported; "
    "expected unspecified digits, as in '19XX'",
    "193~": "'193~' is a decade in three digits, which is not supported; "
    "expected an unspecified digit, as in '193X'",
    "2019-Q4": "'2019-Q4' is not EDTF; expected a quarter as in '2019-36'",
    "2019-W49-1": "'2019-W49-1' is a week, which EDTF does not have; "
    "expected days, as in '2019-12-02/2019-12-08'",
    # Its day is of another year, which is the later text.
    "2020-W53-7": "'2020-W53-7' is a week, which EDTF does not have; "
    "expected days, as in '2019-12-02/2019-12-08'",
    "2019-12-02T10:00": "'2019-12-02T10:00' is not a date-time; "
    "expected '2019-12-02T18:30:00', then nothing, 'Z' or an offset such as '+03:00'",
    "2019-12-02T23:59:60": "'2019-12-02T23:59:60' has no such time of day; "
    "expected 00:00:00 to 23:59:59, or 24:00:00",
    "2019-12-02T10:00:00-00:00": "'2019-12-02T10:00:00-00:00' has no such offset; "
    "expected 'Z', or an offset from '-12:00' to '+14:00'",
    "2019-02-30T10:00:00": "'2019-02-30' in '2019-02-30T10:00:00' has no such day; "
    "expected a day from 01 to 28",
    "2019-12-02T24:00:00.5": "'2019-12-02T24:00:00.5' has no such time of day; "
    "expected 00:00:00 to 23:59:59, or 24:00:00",
}


ELSEWHERE = {
    "10/2020": "'2020-10'",
    "10.2020": "'2020-10'",
    "10-2020": "'2020-10'",
    "2020/10": "'2020-10'",
    "2020-9": "'2020-09'",
    "Oct 2020": "'2020-10'",
    "october, 2020": "'2020-10'",
    "31/10/2020": "'2020-10-31'",
    "10/31/2020": "'2020-10-31'",
    "31.12.2012": "'2012-12-31'",
    "31. 12. 2012": "'2012-12-31'",
    "2020/10/31": "'2020-10-31'",
    "2020/03/04": "'2020-03-04'",
    "2020-3-4": "'2020-03-04'",
    "October 31, 2020": "'2020-10-31'",
    "Oct 31 2020": "'2020-10-31'",
    "4 March 2020": "'2020-03-04'",
    "4-Mar-2020": "'2020-03-04'",
    "29/02/2020": "'2020-02-29'",
    # Of these two numbers each may be the month, if they differ.
    "04/04/2020": "'2020-04-04'",
    "03/04/2020": "YYYY-MM-DD",
    "3.4.2020": "YYYY-MM-DD",
}


class TestErrors:
    """An error names the text, says what is wrong with it and what is right."""

    @pytest.mark.parametrize("text", ERRORS)
    def test_tell_what_is_wrong_and_what_is_expected(self, text):
        assert error_of(lambda: parse_span(text)) == f"CT102 {ERRORS[text]}"

    @pytest.mark.parametrize(("text", "better"), ELSEWHERE.items())
    def test_tell_how_a_date_of_another_notation_is_written(self, text, better):
        assert error_of(lambda: parse_span(text)) == f"CT102 {text!r} is not EDTF; write {better}"

    @pytest.mark.parametrize("text", ["31.10.2020/2020-11-05", "2020-10-01/31.10.2020"])
    def test_tell_it_of_one_end_of_an_interval(self, text):
        assert error_of(lambda: parse_span(text)) == (
            f"CT102 '31.10.2020' in {text!r} is not EDTF; write '2020-10-31'"
        )

    def test_shorten_a_long_text(self):
        assert error_of(lambda: parse_span("9" * 1000)) == (
            f"CT102 '{'9' * 57}...' has 1000 characters; expected at most 200"
        )

    def test_quote_up_to_60_characters(self):
        assert error_of(lambda: parse_span("x" * 60)).startswith(f"CT102 '{'x' * 60}' is not")
        assert error_of(lambda: parse_span("x" * 61)).startswith(f"CT102 '{'x' * 57}...' is not")

    def test_name_the_type_that_is_no_date(self):
        assert error_of(lambda: to_span(2019)) == (
            "CT101 a span cannot be of type int; expected a date, a date-time or EDTF such as "
            "'2019-12-02', '2019-12', '2019', '201X' or '2019-12-02/2020-01'"
        )

    @pytest.mark.parametrize(
        ("text", "end", "error"),
        [
            ("-0043-03", "earliest", "'-0043-03' begins on -0043-03-01"),
            ("0000/2019", "earliest", "'0000/2019' begins on 0000-01-01"),
            ("Y12019", "latest", "'Y12019' ends on Y12019-12-31"),
            ("Y170000000002", "latest", "'Y170000000002' ends on Y170000000002-12-31"),
        ],
    )
    def test_say_that_datetime_has_no_such_year(self, text, end, error):
        span = parse_span(text)

        assert (
            error_of(lambda: getattr(span, end)) == f"CT102 {error}; expected a year from 1 to 9999"
        )


def test_the_docs_page_gives_the_days_that_the_parser_gives():
    rows = re.findall(
        r"^\| `([^`]+)` \| `([^`]+)` \| `([^`]+)` \|", PAGE.read_text("utf-8"), flags=re.MULTILINE
    )

    assert len(rows) > 50
    assert rows == [(text, *written(text)) for text, _, _ in rows]


def written(text):
    return tuple(day_text(day) for day in ends(text))
