"""
Read the supported part of EDTF (ISO 8601-2) as the first and the last day that a text allows.

Grammar, one function each::

    span      = date-time | set | interval | date
    set       = "[" member *("," member) "]"         first member may be "..date", last "date.."
    member    = date | date ".." date
    interval  = end "/" end                          end = date | ".." | nothing
    date      = year ["-" month ["-" day]] [qualifier] | year "-" code [qualifier]
    date-time = year "-" month "-" day "T" hh ":" mm ":" ss ["." digits] ["Z" | offset]

The last digits of a date may be ``X``. A qualifier (``?``, ``~``, ``%``) changes nothing here. What
is EDTF and not in this grammar is refused by name; `docs/reference/spans.md` lists each case.
"""

import re
from typing import Final, NamedTuple, NoReturn

from claimtrack.errors import SpanError
from claimtrack.model.calendar import (
    OPEN_END,
    OPEN_START,
    Day,
    day_text,
    month_end,
    ordinal,
)
from claimtrack.model.moment import DAY_SECONDS, EAST, WEST, Moment

LONGEST: Final = 200
"""Characters that a span may have; a one-of set of some fifteen days fits."""
QUOTED: Final = 60
"""Characters of a text that an error quotes."""

PERIODS: Final = {
    21: (3, 3),
    22: (6, 3),
    23: (9, 3),
    24: (12, 3),
    33: (1, 3),
    34: (4, 3),
    35: (7, 3),
    36: (10, 3),
    37: (1, 4),
    38: (5, 4),
    39: (9, 4),
    40: (1, 6),
    41: (7, 6),
}
"""Code in the place of a month: first month of the period, and its length in months."""
HEMISPHERES: Final = range(25, 33)
"""Codes of seasons that belong to one hemisphere."""

EXAMPLES: Final = (
    "EDTF such as '2019-12-02', '2019-12', '2019', '201X' or '2019-12-02/2020-01'"
)

_DATE: Final = re.compile(
    r"(-?)([0-9X]{4})(?:-([0-9X]{2})(?:-([0-9X]{2}))?)?[?~%]?",
)
_LONG_YEAR: Final = re.compile(r"Y(-?[1-9][0-9]{4,11})[?~%]?")
_TIMED: Final = re.compile(r"-?[0-9X]{4}-[0-9X]{2}-[0-9X]{2}[Tt]")
_DATE_TIME: Final = re.compile(
    r"(-?[0-9]{4}-[0-9]{2}-[0-9]{2})T"
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    r"(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)

# What a text that is no date looks like: pattern, what it is, what to write. The first that
# matches the whole text is told.
_LOOKS_LIKE: Final = tuple(
    (re.compile(pattern), what, expected)
    for pattern, what, expected in (
        (r"", "is empty", EXAMPLES),
        (
            r"Y-?[0-9]+E[0-9]+(S[0-9]+)?[?~%]?",
            "is EDTF with an exponent, which is not supported",
            "the year's digits after Y",
        ),
        (
            r"Y?-?[0-9]+S[0-9]+[?~%]?",
            "is EDTF with a number of significant digits, which is not supported",
            "unspecified digits, as in '19XX'",
        ),
        (
            r"Y-?[0-9]{13,}[?~%]?",
            "has a year of more than 12 digits",
            "at most 12",
        ),
        (
            r"Y-?[0-9]{1,12}[?~%]?",
            "has a year of fewer than five digits after Y, or zeros before it",
            "Y only before a longer year",
        ),
        (
            r"-?[0-9]{8}[?~%]?",
            "is not a date",
            "hyphens, as in '2019-12-02'",
        ),
        (
            r"-?[0-9]{2}[?~%]?",
            "is a century in two digits, which is not supported",
            "unspecified digits, as in '19XX'",
        ),
        (
            r"-?[0-9]{3}[?~%]?",
            "is a decade in three digits, which is not supported",
            "an unspecified digit, as in '193X'",
        ),
        (
            r"-?[0-9]{5,}[?~%]?",
            "has a year of more than four digits",
            "Y before such a year, as in 'Y12019'",
        ),
        (r"[0-9]{4}-?Q[1-4]", "is not EDTF", "a quarter as in '2019-36'"),
        (
            r"[0-9]{4}-?W[0-9]{2}(-?[1-7])?",
            "is a week, which EDTF does not have",
            "two days, as in '2019-12-02/2019-12-08'",
        ),
        (
            r"(?=.*[?~%])[?~%]?-?[?~%]?[0-9X]{4}[?~%]?"
            r"(-[?~%]?[0-9X]{2}[?~%]?(-[?~%]?[0-9X]{2}[?~%]?)?)?",
            "is EDTF with a qualifier for a part of a date, which is not supported",
            "one of ? ~ % at the end of the whole date",
        ),
        (
            r"\{.*\}",
            "is EDTF for several days at once, which is not supported",
            "one day, or one of several as in '[2019,2021]'",
        ),
    )
)


class Ends(NamedTuple):
    """Hold the first and the last day of a date, and whether some of its digits are unspecified."""

    first: Day
    last: Day
    unspecified: bool = False


def read_span(text: str) -> tuple[Day, Day, Moment | None]:
    """
    Return the first day, the last day and, for a date-time with an offset, the instant of *text*.

    Raises:
        SpanError: *text* is longer than `LONGEST`, is not EDTF, or is not in the supported part.

    Example:
        >>> read_span("2019-12")
        (737394, 737424, None)
    """
    if len(text) > LONGEST:
        _refuse(text, f"has {len(text)} characters", f"at most {LONGEST}")
    if any(map(str.isspace, text)):
        _refuse(text, "has white space", "EDTF, which has none")
    if text.startswith("["):
        return (*_one_of(text), None)
    if "/" in text:
        return (*_interval(text), None)
    if _TIMED.match(text):
        return _date_time(text)
    ends = _long_year(text) or _date(text, text)
    return ends.first, ends.last, None


def _refuse(
    text: str, what: str, expected: str, *, part: str | None = None
) -> NoReturn:
    subject = (
        _quoted(text)
        if part in {None, text}
        else f"{_quoted(part or '')} in {_quoted(text)}"
    )
    raise SpanError("CT102", f"{subject} {what}; expected {expected}")


def _quoted(text: str) -> str:
    return repr(text if len(text) <= QUOTED else f"{text[: QUOTED - 3]}...")


def _interval(text: str) -> tuple[Day, Day]:
    start, slash, end = text.partition("/")
    if "/" in end:
        _refuse(
            text,
            "has more than one slash",
            "a start and an end, as in '2019-12/2020-01'",
        )
    left = None if start in {"", ".."} else _date(start, text)
    right = None if end in {"", ".."} else _date(end, text)
    return _from_to(left, right, text)


def _from_to(start: Ends | None, end: Ends | None, text: str) -> tuple[Day, Day]:
    """
    Join two dates; None is an open end.

    The end may not begin before the start does, although its last day may be later: the published
    lists refuse ``2004-06-11/2004-06``. Unspecified digits stand for one day that is not known and
    can be the later one, so for them it is the last day that counts.
    """
    if start is not None and end is not None:
        if end.last < start.first:
            _refuse(text, "ends before it starts", "the earlier date first")
        if end.first < start.first and not end.unspecified:
            _refuse(
                text,
                "ends with a period that begins before the start",
                f"its last day, {day_text(end.last)!r}, as the end",
            )
    return (
        OPEN_START if start is None else start.first,
        OPEN_END if end is None else end.last,
    )


def _one_of(text: str) -> tuple[Day, Day]:
    if not text.endswith("]"):
        _refuse(text, "has no closing bracket", "a set such as '[2019,2021]'")
    members = text[1:-1].split(",")
    final = len(members) - 1
    ends = [
        _member(member, text, is_first=index == 0, is_last=index == final)
        for index, member in enumerate(members)
    ]
    return min(first for first, _ in ends), max(last for _, last in ends)


def _member(
    member: str, text: str, *, is_first: bool, is_last: bool
) -> tuple[Day, Day]:
    start, dots, end = member.partition("..")
    if not dots:
        first, last, _ = _date(member, text)
        return first, last
    if not (start or end) or not (start or is_first) or not (end or is_last):
        _refuse(
            text,
            "is open inside the set",
            "'..' before the first date or after the last one, as in '[..2019]'",
        )
    return _from_to(
        _date(start, text) if start else None,
        _date(end, text) if end else None,
        text,
    )


def _long_year(text: str) -> Ends | None:
    match = _LONG_YEAR.fullmatch(text)
    if match is None:
        return None
    year = int(match[1])
    return Ends(ordinal(year, 1, 1), ordinal(year, 12, 31))


def _date(part: str, text: str) -> Ends:
    """Return the ends of *part*, which is the whole of *text* or one of its dates."""
    match = _DATE.fullmatch(part)
    if match is None:
        _diagnose(part, text)
    sign, year, month, day = match.groups()
    digits = f"{year}{month or ''}{day or ''}"
    if "X" in digits.rstrip("X"):
        _refuse(
            text,
            "is EDTF with unspecified digits that other digits follow, which is not supported",
            "unspecified digits only at the right, as in '201X' or '2019-XX-XX'",
            part=part,
        )
    first_year, last_year = _years(sign, year, part, text)
    if month is None:
        return _ends((first_year, 1, 1), (last_year, 12, 31), digits)
    if month.isdecimal() and int(month) in PERIODS and day is None:
        return _period(first_year, int(month))
    first_month, last_month = _months(month, part, text)
    first_day, last_day = _days(day, month_end(last_year, last_month), part, text)
    return _ends(
        (first_year, first_month, first_day), (last_year, last_month, last_day), digits
    )


def _ends(first: tuple[int, int, int], last: tuple[int, int, int], digits: str) -> Ends:
    return Ends(ordinal(*first), ordinal(*last), "X" in digits)


def _years(sign: str, digits: str, part: str, text: str) -> tuple[int, int]:
    low, high = int(digits.replace("X", "0")), int(digits.replace("X", "9"))
    if not sign:
        return low, high
    if not high:
        _refuse(
            text,
            "has a year 0 with a minus",
            "'0000' for the year before year 1",
            part=part,
        )
    return -high, -max(low, 1)


def _months(digits: str, part: str, text: str) -> tuple[int, int]:
    low, high = _between(digits, 12)
    if low <= high:
        return low, high
    if digits.isdecimal() and int(digits) in HEMISPHERES:
        _refuse(
            text,
            "is EDTF with a season of one hemisphere, which is not supported",
            "a season from 21 to 24, or the months",
            part=part,
        )
    if digits.isdecimal() and int(digits) in PERIODS:
        _refuse(
            text,
            "has a day in a season or part of a year",
            "no day after it",
            part=part,
        )
    _refuse(text, "has no such month", "a month from 01 to 12", part=part)


def _days(digits: str | None, end: int, part: str, text: str) -> tuple[int, int]:
    low, high = _between(digits or "XX", end)
    if low > high:
        _refuse(text, "has no such day", f"a day from 01 to {end}", part=part)
    return low, high


def _between(digits: str, end: int) -> tuple[int, int]:
    """Return the lowest and the highest number from 1 to *end* that *digits* can be."""
    return max(1, int(digits.replace("X", "0"))), min(
        end, int(digits.replace("X", "9"))
    )


def _period(year: int, code: int) -> Ends:
    month, length = PERIODS[code]
    following, index = divmod(year * 12 + month - 1 + length, 12)
    return Ends(ordinal(year, month, 1), ordinal(following, index + 1, 1) - 1)


def _diagnose(part: str, text: str) -> NoReturn:
    if _TIMED.match(part) or _LONG_YEAR.fullmatch(part):
        _refuse(
            text,
            "has a date-time or a year with Y among other dates, which is not supported",
            "days, months or years of four digits",
            part=part,
        )
    for pattern, what, expected in _LOOKS_LIKE:
        if pattern.fullmatch(part):
            _refuse(text, what, expected, part=part)
    _refuse(text, "is not a date", EXAMPLES, part=part)


def _date_time(text: str) -> tuple[Day, Day, Moment | None]:
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        _refuse(
            text,
            "is not a date-time",
            "'2019-12-02T18:30:00', then nothing, 'Z' or an offset such as '+03:00'",
        )
    written, hour, minute, second, fraction, offset = match.groups()
    day, _, _ = _date(written, text)
    assert isinstance(day, int)  # a full date has no open end
    clock = _clock(int(hour), int(minute), int(second), fraction or "", text)
    if offset is None:
        return day, day, None
    moment = Moment(day * DAY_SECONDS + clock - _offset(offset, text))
    return (*moment.days_in(None), moment)


def _clock(hour: int, minute: int, second: int, fraction: str, text: str) -> int:
    """Return the second of the day; 24:00:00 is the midnight at the end of the day."""
    clock = hour * 3_600 + minute * 60 + second
    is_after_midnight = clock > DAY_SECONDS or (
        clock == DAY_SECONDS and fraction.strip("0")
    )
    if is_after_midnight or minute > 59 or second > 59:
        _refuse(text, "has no such time of day", "00:00:00 to 23:59:59, or 24:00:00")
    return clock


def _offset(offset: str, text: str) -> int:
    """Return the seconds east of Greenwich."""
    if offset == "Z":
        return 0
    minutes = int(offset[3:].removeprefix(":") or "0")
    east = (int(offset[1:3]) * 60 + minutes) * (-60 if offset[0] == "-" else 60)
    is_minus_zero = east == 0 and offset[0] == "-"
    if minutes > 59 or is_minus_zero or not WEST <= east <= EAST:
        _refuse(
            text, "has no such offset", "'Z', or an offset from '-12:00' to '+14:00'"
        )
    return east
