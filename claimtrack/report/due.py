"""What falls due: as a table, for programs, and as a calendar (iCalendar, RFC 5545)."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, Final

import attrs

from claimtrack.engine.audit import Audit
from claimtrack.escape import for_log_line, visible
from claimtrack.model.span import OPEN_END, Day, day_text
from claimtrack.model.verdict import Status
from claimtrack.report.audit import search_object
from claimtrack.report.table import Sheet, Table
from claimtrack.report.words import checked_words, counted, day_words

HEADER = ("on", "in", "what", "claim", "speaker", "words")
COLUMNS: Final = ("on", "in_days", "what", "claim", "speaker", "speaker_name", "words")
_SHRINK: Final = (
    *(("speaker", 14), ("words", 30), ("what", 11)),
    *(("claim", 48), ("words", 16), ("what", 8)),
)
"""Columns in the order in which they shrink; ids last, as people copy them."""

LONGEST: Final = 75
"""Octets of a line of a calendar, without its end."""

_MOST_BLANKS: Final = 20
"""Blanks and colons in a row; a longer run could fill a folded line."""

_RUN: Final = re.compile(f":{{{_MOST_BLANKS}}}(?=:)")
_COLONS: Final = re.compile("::")

_ESCAPES: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})

_NO_EVENT: Final = (
    *("BEGIN:VTIMEZONE", "TZID:Etc/UTC", "BEGIN:STANDARD", "DTSTART:19700101T000000"),
    *("TZOFFSETFROM:+0000", "TZOFFSETTO:+0000", "END:STANDARD", "END:VTIMEZONE"),
)
"""The component of a calendar without events, as RFC 5545 demands at least one."""


@attrs.frozen(kw_only=True)
class Due:
    """
    Something that falls due.

    Args:
        on: The day, an ordinal.
        what: What falls due on it, in a few words.
        claim: The id of the claim.
        speaker: Who made the claim, by name where there is one.
        words: The claim's proposition, or its quote, as `checked_words` has them.
        searched: The day after the due day on which reports were last sought, and none found.
    """

    on: Day
    what: str
    claim: str
    speaker: str
    words: str
    searched: Day | None = None


def due_within(audit: Audit, days: int) -> tuple[Due, ...]:
    """
    Return what falls due after the day of *audit* and up to *days* later, soonest first.

    These are pending claims on their due day, claims of any status on their review day, and claims
    that are past their due day and within their grace, on its last day.
    """
    last = audit.day + days
    dues = [one for one in _dues(audit) if audit.day < one.on <= last]
    return tuple(sorted(dues, key=lambda one: (one.on, one.claim, one.what)))


def _dues(audit: Audit) -> Iterator[Due]:
    for id_, outcome in audit.outcomes.items():
        claim = audit.records.claims[id_]
        speaker = audit.records.speakers[claim.speaker].label
        words = checked_words(claim, audit.records)
        shared: dict[str, Any] = {"claim": id_, "speaker": speaker, "words": words}
        if claim.review_by is not None:
            yield Due(on=claim.review_by.first, what="to be looked at again", **shared)
        due = audit[id_].due if outcome.status is Status.PENDING else None
        if due is None or due == OPEN_END:
            continue
        if due > audit.day:
            yield Due(on=due, what="due", **shared)
        else:
            grace = audit.records.settings.policy.grace if claim.grace is None else claim.grace
            found = audit.found_nothing_on(claim)
            yield Due(on=due + grace, what="its days of grace end", searched=found, **shared)


def due_table(audit: Audit, dues: Iterable[Due]) -> Table:
    """Return one row for each of the *dues*."""
    rows = (
        (
            day_words(one.on),
            counted(int(one.on - audit.day), "day"),
            one.what + _searched_words(one.searched),
            one.claim,
            one.speaker,
            one.words,
        )
        for one in dues
    )
    return Table(
        header=HEADER,
        rows=rows,
        right=("in",),
        shrink=_SHRINK,
        spare=("speaker", "in"),
        wrap=("what", "speaker", "words"),
    )


def _searched_words(day: Day | None) -> str:
    """Say that nothing was found on *day*; nothing if nobody searched."""
    return "" if day is None else f"; nothing found ({day_words(day)})"


def due_object(audit: Audit, dues: Iterable[Due]) -> dict[str, object]:
    """Return *dues* for JSON; days are ISO 8601 text."""
    return {"as_of": str(audit.as_of), "due": [_record(audit, one) for one in dues]}


def due_sheet(audit: Audit, dues: Iterable[Due]) -> Sheet:
    """Return one row for each of the *dues*, with the keys of the JSON form."""
    return Sheet.of(COLUMNS, (_record(audit, one) for one in dues))


def _record(audit: Audit, one: Due) -> dict[str, Any]:
    claim = audit.records.claims[one.claim]
    speaker = audit.records.speakers[claim.speaker]
    return {
        "on": day_text(one.on),
        "in_days": int(one.on - audit.day),
        "what": one.what,
        "claim": one.claim,
        "speaker": speaker.id,
        "speaker_name": speaker.name,
        "words": one.words,
        "searches": [search_object(search) for search in audit.searches(claim)],
    }


def calendar(dues: Iterable[Due], *, name: str, identity: str, as_of: str) -> str:
    """
    Return a calendar with an all-day event for each of the *dues*.

    Args:
        dues: Their days lie in the years 1 to 9998; others are left out.
        name: What clients show as the name of the calendar.
        identity: Identifies the registry among all others; the ids of events depend on it.
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
    return "".join(f"{part}\r\n" for line in lines for part in fold_content_line(line))


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
    Return *words* as the value of a property, escaped for iCalendar and for CI logs.

    Example:
        >>> print(text("gas; by 2019, or later"))
        gas\; by 2019\, or later
    """
    shown = _RUN.sub(r"\g<0>\\", for_log_line(words))
    return _COLONS.sub(_separate, shown).translate(_ESCAPES)


def _separate(match: re.Match[str]) -> str:
    """Put a backslash between two colons that a folded line would begin with."""
    before = match.string[max(match.start() - _MOST_BLANKS, 0) : match.end()]
    return f"\\{match[0]}" if len(before) > _MOST_BLANKS and _acts(before) else match[0]


def fold_content_line(line: str) -> Iterator[str]:
    """Fold *line* into lines of at most `LONGEST` octets; no character is split."""
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
    """Return the end of the characters from *start* on that fit into *room* octets."""
    for at in range(start, len(line)):
        room -= len(line[at].encode("utf-8", "surrogatepass"))
        if room < 0:
            return at
    return len(line)


def _acts(text: str) -> bool:
    """Whether a line that begins with *text* would be a command in a CI log."""
    return for_log_line(text).count("\\") > text.count("\\")
