"""A calendar of full days, in iCalendar (RFC 5545); equal events give equal bytes."""

from collections.abc import Iterable, Iterator
from typing import Final
from uuid import NAMESPACE_URL, uuid5

import attrs

from claimtrack.model.span import Day, day_text
from claimtrack.report.escape import visible

_SPACE: Final = uuid5(NAMESPACE_URL, "urn:claimtrack:calendar")
_LONGEST: Final = 75
"""Octets in a line; longer ones are folded."""


@attrs.frozen(kw_only=True)
class DayEvent:
    """
    Something that falls on one full day.

    Args:
        key: What tells it from all others, for good.
        link: The absolute address of its page, or None.
    """

    key: str
    day: Day
    title: str
    text: str = ""
    link: str | None = None


def calendar(events: Iterable[DayEvent], *, title: str, stamp: Day) -> str:
    """
    Write *events*, earliest first.

    Days before the year 1 and after 9999, which a calendar cannot hold, are left out.

    Args:
        events: In any order.
        title: Of the calendar.
        stamp: The day on which it was made.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//claimtrack//claimtrack//EN",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_text(title)}",
    ]
    for event in sorted(events, key=lambda event: (event.day, event.key)):
        if _date(event.day):
            lines += _event(event, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _event(event: DayEvent, stamp: Day) -> Iterator[str]:
    key = event.key.encode("utf-8", "backslashreplace").decode()
    yield "BEGIN:VEVENT"
    yield f"UID:{uuid5(_SPACE, key)}@claimtrack"
    yield f"DTSTAMP:{_date(stamp) or '19700101'}T000000Z"
    yield f"DTSTART;VALUE=DATE:{_date(event.day)}"
    yield f"SUMMARY:{_text(event.title)}"
    if event.text:
        yield f"DESCRIPTION:{_text(event.text)}"
    if event.link:
        yield f"URL:{event.link}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _date(day: Day) -> str:
    digits = day_text(day).replace("-", "")
    return digits if len(digits) == len("20191202") and digits.isdigit() else ""


def _text(text: str) -> str:
    lines = map(visible, text.split("\n"))
    escaped = (line.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,") for line in lines)
    return "\\n".join(escaped)


def _folded(line: str) -> Iterator[str]:
    """Break *line* between characters, so that no part of it is longer than it may be."""
    part, room = "", _LONGEST
    for character in line:
        size = len(character.encode())
        if size > room:
            yield part
            part, room = " ", _LONGEST - 1
        part, room = part + character, room - size
    yield part
