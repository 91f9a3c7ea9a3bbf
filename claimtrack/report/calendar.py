r"""
Write what falls due as a calendar that other programs read: iCalendar, RFC 5545.

A line ends with CR and LF and has at most 75 octets; a longer one goes on in the next, after a
blank (section 3.1). A text escapes ``\``, ``;``, ``,`` and line ends (3.3.11), and may hold no
control character. An event keeps its ``UID`` from one calendar to the next, so that a client that
reads a newer calendar moves it and does not double it. Nothing in it is taken from the clock:
equal registries give equal bytes.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final

from claimtrack.report.due_table import Due
from claimtrack.report.escape import visible

LONGEST: Final = 75
"""Octets of a line, without its end."""

_ESCAPES: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def calendar(dues: Iterable[Due], *, name: str, as_of: str) -> str:
    """
    Return a calendar with an event of one whole day for each of the *dues*.

    Args:
        dues: Their days lie in the years 1 to 9998; others are left out.
        name: What clients show as the name of the calendar; it also tells registries apart.
        as_of: The day on which it is made, ``YYYY-MM-DD``.
    """
    stamp = f"{as_of.replace('-', '')}T000000Z"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//claimtrack//due//EN",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{text(name)}",
        *(line for one in dues for line in _event(one, name, stamp)),
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def _event(one: Due, name: str, stamp: str) -> Iterator[str]:
    try:
        day = date.fromordinal(int(one.on))
        after = day + timedelta(days=1)
    except (ValueError, OverflowError):
        return
    key = f"{name}\0{one.claim}\0{one.what}".encode("utf-8", "surrogatepass")
    yield "BEGIN:VEVENT"
    yield f"UID:{hashlib.sha256(key).hexdigest()[:32]}@claimtrack"
    yield f"DTSTAMP:{stamp}"
    yield f"DTSTART;VALUE=DATE:{_basic(day)}"
    yield f"DTEND;VALUE=DATE:{_basic(after)}"
    yield f"SUMMARY:{text(f'{one.claim}: {one.what}')}"
    yield "DESCRIPTION:" + text(f"{visible(one.speaker)}: {visible(one.words)}")
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _basic(day: date) -> str:
    return day.isoformat().replace("-", "")


def text(words: str) -> str:
    r"""
    Return *words* as the value of a property.

    Example:
        >>> print(text("gas; by 2019, or later"))
        gas\; by 2019\, or later
    """
    return visible(words).translate(_ESCAPES)


def folded(line: str) -> Iterator[str]:
    """Iterate over the lines that *line* has to be folded into; no character is cut apart."""
    part, size = "", 0
    for character in line:
        width = len(character.encode("utf-8", "surrogatepass"))
        if size + width > LONGEST:
            yield part
            part, size = " ", 1
        part += character
        size += width
    yield part
