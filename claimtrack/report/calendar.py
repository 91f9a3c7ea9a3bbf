r"""
Write what falls due as a calendar that other programs read: iCalendar, RFC 5545.

A line ends with CR and LF and has at most 75 octets; a longer one goes on in the next, after a
blank (section 3.1). A text escapes ``\``, ``;``, ``,`` and line ends (3.3.11), and may hold no
control character. A calendar has at least one component (3.6): one without events gets a time
zone, which clients show nothing of. An event keeps its ``UID`` from one calendar to the next, so
that a client that reads a newer calendar moves it and does not double it. Nothing in it is taken
from the clock: equal registries give equal bytes. No line begins with what a continuous
integration server would obey.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final

from claimtrack.report.due_table import Due
from claimtrack.report.escape import for_log_line, visible

LONGEST: Final = 75
"""Octets of a line, without its end."""

_MOST_BLANKS: Final = 20
"""Blanks and colons in a row, of more of which a folded line could consist."""

_RUN: Final = re.compile(f":{{{_MOST_BLANKS}}}(?=:)")
_COLONS: Final = re.compile("::")

_ESCAPES: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


_NO_EVENT: Final = (
    *("BEGIN:VTIMEZONE", "TZID:Etc/UTC", "BEGIN:STANDARD", "DTSTART:19700101T000000"),
    *("TZOFFSETFROM:+0000", "TZOFFSETTO:+0000", "END:STANDARD", "END:VTIMEZONE"),
)


def calendar(dues: Iterable[Due], *, name: str, identity: str, as_of: str) -> str:
    """
    Return a calendar with an event of one whole day for each of the *dues*.

    Args:
        dues: Their days lie in the years 1 to 9998; others are left out.
        name: What clients show as the name of the calendar.
        identity: What tells the registry from all others; events keep their ids as long as it
            stays the same.
        as_of: The day on which it is made, ``YYYY-MM-DD``.
    """
    stamp = f"{as_of.replace('-', '')}T000000Z"
    events = [line for one in dues for line in _event(one, identity, stamp)]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//claimtrack//due//EN",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{text(name)}",
        *(events or _NO_EVENT),
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def _event(one: Due, identity: str, stamp: str) -> Iterator[str]:
    try:
        day = date.fromordinal(int(one.on))
        after = day + timedelta(days=1)
    except (ValueError, OverflowError):
        return
    key = f"{identity}\0{one.claim}\0{one.what}".encode("utf-8", "surrogatepass")
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
    shown = _RUN.sub(r"\g<0>\\", for_log_line(words))
    return _COLONS.sub(_parted, shown).translate(_ESCAPES)


def _parted(match: re.Match[str]) -> str:
    before = match.string[max(match.start() - _MOST_BLANKS, 0) : match.end()]
    return f"\\{match[0]}" if len(before) > _MOST_BLANKS and _acts(before) else match[0]


def folded(line: str) -> Iterator[str]:
    """Iterate over the lines that *line* has to be folded into; no character is cut apart."""
    start, blank = 0, ""
    while True:
        end = _reach(line, start, LONGEST - len(blank))
        if end == len(line):
            yield blank + line[start:]
            return
        places = (at for at in range(end, start, -1) if not _acts(line[at : at + LONGEST]))
        cut = next(places, end)
        yield blank + line[start:cut]
        start, blank = cut, " "


def _reach(line: str, start: int, room: int) -> int:
    """Return where the characters from *start* on end that have *room* octets."""
    for at in range(start, len(line)):
        room -= len(line[at].encode("utf-8", "surrogatepass"))
        if room < 0:
            return at
    return len(line)


def _acts(text: str) -> bool:
    """Say whether a line that begins with *text* would be a command in a log."""
    return for_log_line(text).count("\\") > text.count("\\")
