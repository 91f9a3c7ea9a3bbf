"""
Read the supported part of EDTF (ISO 8601-2) as the first and the last day that a text allows.

The grammar, each line a function::

    span      = set | interval | date-time | long-year | date
    set       = "[" member *("," member) "]"
    member    = date | date ".." date      the first may be ".." date, the last date ".."
    interval  = end "/" end                end = date | ".." | nothing
    date-time = day "T" hh ":" mm ":" ss ["." digits] ["Z" | offset]
    date      = `read_date`

EDTF that is not in this grammar is refused with its name (`refuse_date`). Every text is read in
time linear in its length, which is bounded.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Final, NamedTuple, NoReturn

from claimtrack.errors import SpanError
from claimtrack.model.calendar import (
    DAY_SECONDS,
    EAST,
    OPEN_END,
    OPEN_START,
    WEST,
    Day,
    Moment,
    day_text,
    month_end,
    ordinal,
)

QUOTED: Final = 60
"""Characters of a text that an error quotes."""

EXAMPLES: Final = "EDTF such as '2019-12-02', '2019-12', '2019', '201X' or '2019-12-02/2020-01'"

_PART: Final = "[?~%]?[0-9X]{2}[?~%]?"
_LOOKS_LIKE: Final = tuple(
    (re.compile(pattern), what, expected)
    for pattern, what, expected in (
        ("", "is empty", EXAMPLES),
        (
            r"\{[\s\S]*",
            "is EDTF for several dates at once, which is not supported",
            "one date, or one of several as in '[2019,2021]'",
        ),
        (r"(?=[\s\S]*\s)[-+0-9:TXYZ?~%.,\s]+", "has white space", "EDTF, which has none"),
        (
            "-?[0-9]{4}-[0-9]{2}-[0-9]{2}T.*",
            "is a date-time among other dates, which is not supported",
            "days, months or years",
        ),
        (
            "Y-?[1-9][0-9]{4,11}[?~%]?",
            "is a year with Y among other dates, which is not supported",
            "years of four digits",
        ),
        (
            "Y-?[0-9]+E[0-9]+(S[0-9]+)?[?~%]?",
            "is EDTF with an exponent, which is not supported",
            "all digits of the year after Y",
        ),
        (
            "Y?-?[0-9]+S[0-9]+[?~%]?",
            "is EDTF with a number of significant digits, which is not supported",
            "unspecified digits, as in '19XX'",
        ),
        ("Y-?[0-9]{13,}[?~%]?", "has a year of more than 12 digits", "at most 12"),
        (
            "Y-?[0-9]*[?~%]?",
            "has fewer than five digits after Y, or zeros before them",
            "Y only before a longer year, as in 'Y12019'",
        ),
        ("-?[0-9]{8}[?~%]?", "is not a date in EDTF", "hyphens, as in '2019-12-02'"),
        (
            "-?[0-9]{2}[?~%]?",
            "is a century in two digits, which is not supported",
            "unspecified digits, as in '19XX'",
        ),
        (
            "-?[0-9]{3}[?~%]?",
            "is a decade in three digits, which is not supported",
            "an unspecified digit, as in '193X'",
        ),
        (
            "-?[0-9]{5,}[?~%]?",
            "has a year of more than four digits",
            "Y before such a year, as in 'Y12019'",
        ),
        ("[0-9]{4}-?Q[1-4]", "is not EDTF", "a quarter as in '2019-36'"),
        (
            "[0-9]{4}-?W[0-9]{2}(-?[1-7])?",
            "is a week, which EDTF does not have",
            "days, as in '2019-12-02/2019-12-08'",
        ),
        (
            f"(?=.*[?~%])[?~%]?-?[?~%]?[0-9X]{{4}}[?~%]?(-{_PART}(-{_PART})?)?",
            "is EDTF with a qualifier for a part of a date, which is not supported",
            "one of ? ~ % at the end of the whole date",
        ),
    )
)
"""For a text that is not a date: pattern, what it is, what to write; the first match counts."""


_SEPARATORS: Final = re.compile("[-./, ]+")
_OTHER_FORMS: Final = tuple(
    (form, length)
    for length, forms in (
        (len("2019-12"), ("%m %Y", "%Y %m", "%b %Y", "%B %Y")),
        (
            len("2019-12-02"),
            ("%d %m %Y", "%m %d %Y", "%Y %m %d", "%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y"),
        ),
    )
    for form in forms
)
"""How months and days are written outside EDTF, and the length of each in EDTF."""


def refuse(text: str, what: str, expected: str, *, part: str | None = None) -> NoReturn:
    """
    Refuse *text*, or its date *part*; *what* says what it is or has.

    Raises:
        SpanError: Always.
    """
    if part is None or _in_edtf(text):
        part = text
    place = "" if part == text else f"{quoted(part)} in "
    better = _in_edtf(part)
    reason = f"is not EDTF; write {better}" if better else f"{what}; expected {expected}"
    raise SpanError("CT102", f"{place}{quoted(text)} {reason}")


def _in_edtf(text: str) -> str | None:
    """Return in EDTF the date that *text* is in another form; None if it is none."""
    dates = set(_read_other_forms(_SEPARATORS.sub(" ", text)))
    if len(dates) > 1:
        return "YYYY-MM-DD"
    return repr(dates.pop()) if dates else None


def _read_other_forms(text: str) -> Iterator[str]:
    for form, length in _OTHER_FORMS:
        with suppress(ValueError):
            yield datetime.strptime(text, form).date().isoformat()[:length]  # noqa: DTZ007


def refuse_date(part: str, text: str) -> NoReturn:
    """
    Refuse *part*, which is *text* or in it, and is not a supported date.

    Raises:
        SpanError: Always.
    """
    for pattern, what, expected in _LOOKS_LIKE:
        if pattern.fullmatch(part):
            refuse(text, what, expected, part=part)
    refuse(text, "is not a date", EXAMPLES, part=part)


def quoted(text: str) -> str:
    """Return *text* in quotes, without its end if it is long."""
    return repr(text if len(text) <= QUOTED else f"{text[: QUOTED - 3]}...")


PERIODS: Final[Mapping[int, tuple[int, int]]] = {
    21: (3, 3),  # spring
    22: (6, 3),
    23: (9, 3),
    24: (12, 3),  # winter ends in the next year
    33: (1, 3),  # quarters
    34: (4, 3),
    35: (7, 3),
    36: (10, 3),
    37: (1, 4),  # thirds
    38: (5, 4),
    39: (9, 4),
    40: (1, 6),  # halves
    41: (7, 6),
}
"""By the number in place of the month: the first month of the period, and its number of months."""

HEMISPHERES: Final = range(25, 33)
"""Numbers of the seasons that belong to one hemisphere."""

_DATE: Final = re.compile("(-?)([0-9X]{4})(?:-([0-9X]{2})(?:-([0-9X]{2}))?)?[?~%]?")
_LONG_YEAR: Final = re.compile("Y(-?[1-9][0-9]{4,11})[?~%]?")


class Ends(NamedTuple):
    """The first and the last day of a date, and whether some of its digits are unspecified."""

    first: int
    last: int
    is_unspecified: bool = False


def read_date(part: str, text: str) -> Ends:
    """
    Return the ends of *part*, which is *text* or in it.

    Raises:
        SpanError: *part* is not a supported date; the error names *text* too.

    Example:
        >>> read_date("2019-12", "2019-12/..")
        Ends(first=737394, last=737424, is_unspecified=False)
    """
    match = _DATE.fullmatch(part)
    if match is None:
        refuse_date(part, text)
    sign, year, month, day = match.groups()
    digits = f"{year}{month or ''}{day or ''}"
    if "X" in digits.rstrip("X"):
        refuse(
            text,
            "is EDTF with an unspecified digit before a known one, which is not supported",
            "X only at the right, as in '201X' or '2019-XX-XX'",
            part=part,
        )
    first_year, last_year = _years(sign, year, part, text)
    if day is None and month is not None and month.isdecimal() and int(month) in PERIODS:
        return _period(first_year, *PERIODS[int(month)])
    first_month, last_month = _months(month or "XX", day, part, text)
    first_day, last_day = _days(day or "XX", month_end(last_year, last_month), part, text)
    return Ends(
        ordinal(first_year, first_month, first_day),
        ordinal(last_year, last_month, last_day),
        is_unspecified="X" in digits,
    )


def read_long_year(text: str) -> Ends | None:
    """
    Return the ends of a year of five to twelve digits after ``Y``; None for any other text.

    Example:
        >>> read_long_year("Y12019")
        Ends(first=4389485, last=4389849, is_unspecified=False)
    """
    match = _LONG_YEAR.fullmatch(text)
    if match is None:
        return None
    year = int(match[1])
    return Ends(ordinal(year, 1, 1), ordinal(year, 12, 31))


def _years(sign: str, digits: str, part: str, text: str) -> tuple[int, int]:
    low, high = _numbers(digits)
    if not sign:
        return low, high
    if high == 0:
        refuse(text, "is a year 0 with a minus", "'0000', the year before year 1", part=part)
    return -high, -max(low, 1)


def _months(digits: str, day: str | None, part: str, text: str) -> tuple[int, int]:
    low, high = _within(digits, 12)
    if low > high:
        number = int(digits) if digits.isdecimal() else 0
        what, expected = _no_month(number, day)
        refuse(text, what, expected, part=part)
    return low, high


def _no_month(number: int, day: str | None) -> tuple[str, str]:
    if number in HEMISPHERES:
        what = "is EDTF with a season of one hemisphere, which is not supported"
        return what, "21 to 24, or the months"
    if number in PERIODS and day is not None:
        return "has a day in a season or part of a year", "a day in a month, or no day"
    return "has no such month", "a month from 01 to 12"


def _days(digits: str, end: int, part: str, text: str) -> tuple[int, int]:
    low, high = _within(digits, end)
    if low > high:
        refuse(text, "has no such day", f"a day from 01 to {end}", part=part)
    return low, high


def _within(digits: str, end: int) -> tuple[int, int]:
    """Return the lowest and highest number from 1 to *end* that *digits* allow; empty if none."""
    low, high = _numbers(digits)
    return max(low, 1), min(high, end)


def _numbers(digits: str) -> tuple[int, int]:
    if "X" in digits:
        return int(digits.replace("X", "0")), int(digits.replace("X", "9"))
    number = int(digits)
    return number, number


def _period(year: int, month: int, length: int) -> Ends:
    following, index = divmod(year * 12 + month - 1 + length, 12)
    return Ends(ordinal(year, month, 1), ordinal(following, index + 1, 1) - 1)


LONGEST: Final = 200
"""Characters that a span may have; a one-of set of 18 days fits."""

_OPEN: Final = frozenset({"", ".."})
_SIXTY: Final = range(60)
_DATE_TIME_START: Final = re.compile("-?[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt]")
_DATE_TIME: Final = re.compile(
    "(-?[0-9]{4}-[0-9]{2}-[0-9]{2})T"
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    "(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)


def read_span(text: str) -> tuple[Day, Day, Moment | None]:
    """
    Return the first day, the last day and, for a date-time with an offset, the instant of *text*.

    Raises:
        SpanError: *text* is longer than `LONGEST`, is not EDTF, or is not in the supported part.

    Example:
        >>> read_span("2019-12/..")
        (737394, inf, None)
    """
    if len(text) > LONGEST:
        refuse(text, f"has {len(text)} characters", f"at most {LONGEST}")
    if text.startswith("["):
        return (*_one_of(text), None)
    if "/" in text:
        return (*_interval(text), None)
    if _DATE_TIME_START.match(text):
        return _date_time(text)
    ends = read_long_year(text) or read_date(text, text)
    return ends.first, ends.last, None


def _interval(text: str) -> tuple[Day, Day]:
    start, _, end = text.partition("/")
    if "/" in end:
        refuse(text, "has more than one slash", "a start and an end, as in '2019-12/2020-01'")
    return _from_to(
        None if start in _OPEN else read_date(start, text),
        None if end in _OPEN else read_date(end, text),
        text,
    )


def _from_to(start: Ends | None, end: Ends | None, text: str) -> tuple[Day, Day]:
    """
    Join two dates; None is an open end.

    The end may not begin before the start does, even if its last day is later: published lists of
    EDTF refuse ``2004-06-11/2004-06``. Unspecified digits stand for one unknown day, which can be
    later than the start, so its last day counts: the lists allow ``1984-11-12/1984-11-XX``.
    """
    if start is not None and end is not None:
        if end.last < start.first:
            refuse(text, "ends before it starts", "the earlier date first")
        if end.first < start.first and not end.is_unspecified:
            refuse(
                text,
                "ends with a period that begins before its start",
                f"{day_text(end.last)!r} as the end",
            )
    return (
        OPEN_START if start is None else start.first,
        OPEN_END if end is None else end.last,
    )


def _one_of(text: str) -> tuple[Day, Day]:
    """Return the two ends of a set; its gaps and the order of its members are ignored."""
    if not text.endswith("]"):
        refuse(text, "does not end with ']'", "a set such as '[2019,2021]'")
    members = text[1:-1].split(",")
    final = len(members) - 1
    ends = [
        _member(member, text, is_first=index == 0, is_last=index == final)
        for index, member in enumerate(members)
    ]
    return min(first for first, _ in ends), max(last for _, last in ends)


def _member(member: str, text: str, *, is_first: bool, is_last: bool) -> tuple[Day, Day]:
    start, dots, end = member.partition("..")
    if not dots:
        return read_date(member, text)[:2]
    if not (start or end) or not (start or is_first) or not (end or is_last):
        refuse(
            text,
            "is open on the inside",
            "'..' before the first date or after the last, as in '[..2019]'",
        )
    return _from_to(
        read_date(start, text) if start else None,
        read_date(end, text) if end else None,
        text,
    )


def _date_time(text: str) -> tuple[Day, Day, Moment | None]:
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        refuse(
            text,
            "is not a date-time",
            "'2019-12-02T18:30:00', then nothing, 'Z' or an offset such as '+03:00'",
        )
    written, hour, minute, second, fraction, offset = match.groups()
    day = read_date(written, text).first
    clock = _clock(int(hour), int(minute), int(second), fraction or "", text)
    if offset is None:
        return day, day, None
    moment = Moment(day * DAY_SECONDS + clock - _offset(offset, text))
    return (*moment.days_in(None), moment)


def _clock(hour: int, minute: int, second: int, fraction: str, text: str) -> int:
    """Return the second of the day; 24:00:00 is the midnight at which the day ends."""
    clock = hour * 3_600 + minute * 60 + second
    is_past = clock > DAY_SECONDS or (clock == DAY_SECONDS and fraction.strip("0") != "")
    if is_past or minute not in _SIXTY or second not in _SIXTY:
        refuse(text, "has no such time of day", "00:00:00 to 23:59:59, or 24:00:00")
    return clock


def _offset(offset: str, text: str) -> int:
    """Return the seconds east of Greenwich; minus zero, an unknown offset, is refused."""
    if offset == "Z":
        return 0
    is_west = offset.startswith("-")
    minutes = int(offset[3:].removeprefix(":") or "0")
    seconds = int(offset[1:3]) * 3_600 + minutes * 60
    east = -seconds if is_west else seconds
    if minutes not in _SIXTY or not WEST <= east <= EAST or (is_west and east == 0):
        refuse(text, "has no such offset", "'Z', or an offset from '-12:00' to '+14:00'")
    return east
