"""
Read the supported part of EDTF (ISO 8601-2) as the first and the last day that a text allows.

The grammar, each line a function::

    span      = set | interval | date-time | long-year | date
    set       = "[" member *("," member) "]"
    member    = date | date ".." date      the first may be ".." date, the last date ".."
    interval  = end "/" end                end = date | ".." | nothing
    date-time = day "T" hh ":" mm ":" ss ["." digits] ["Z" | offset]
    date      = claimtrack.model.edtf_date

What is EDTF and not in this grammar is refused by name (`claimtrack.model.edtf_refusal`). Every
text is read in time linear in its length, which is bounded.
"""

import re
from typing import Final

from claimtrack.model.calendar import OPEN_END, OPEN_START, Day, day_text
from claimtrack.model.edtf_date import Ends, read_date, read_long_year
from claimtrack.model.edtf_refusal import refuse
from claimtrack.model.moment import DAY_SECONDS, EAST, WEST, Moment

LONGEST: Final = 200
"""Characters that a span may have; a one-of set of 18 days fits."""

_OPEN: Final = frozenset({"", ".."})
_SIXTY: Final = range(60)
_BEGINS_TIMED: Final = re.compile("-?[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt]")
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
    if _BEGINS_TIMED.match(text):
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

    The end may not begin before the start does, even if its last day is later: the published lists
    refuse ``2004-06-11/2004-06``. Unspecified digits are one day that is not known, and that can be
    the later one, so there its last day counts: the lists allow ``1984-11-12/1984-11-XX``.
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
    """Return the two ends of a set; its gaps and the order of its members do not count."""
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
