"""
A badge: how many claims held, as a small picture and as the JSON that badge services read.

The SVG is drawn here, with system fonts; the JSON is the schema of shields.io's endpoint badge,
version 1.
"""

from collections.abc import Iterable
from typing import Any, Final

from claimtrack.engine.audit import Audit
from claimtrack.escape import for_html, visible
from claimtrack.model.verdict import Status
from claimtrack.report.width import display_width
from claimtrack.report.words import counted

LABEL: Final = "claims"
DECIDED: Final = (Status.HELD, Status.LATE, Status.PARTLY, Status.FAILED)
"""The denominator of the share, as in track records: conflicting reports decide nothing."""

DUE: Final = (Status.OVERDUE, Status.NOT_ENOUGH_EVIDENCE, Status.CONFLICTING)
"""Due and not decided."""

_WAITING_WORDS: Final = {
    Status.OVERDUE: "overdue",
    Status.NOT_ENOUGH_EVIDENCE: "with too little evidence",
    Status.CONFLICTING: "in conflict",
    Status.PENDING: "pending",
}

_LETTER: Final = 7.0
"""Approximate width of a letter at 11 pixels; SVG stretches the text to fit."""
_MARGIN: Final = 6.0
_LABEL_COLOUR: Final = "#4a4a4a"
_GOOD: Final = "#1a6a3a"
_MIXED: Final = "#855400"
_BAD: Final = "#a2221d"
_OPEN: Final = "#2f548f"


def badge_message(audit: Audit) -> str:
    """
    Say how many of the decided claims held, and how many others are due or pending.

    As ``12 of 30 decided held, 2 overdue, 5 pending``; claims that cannot be checked or were
    annulled are not counted. Where nothing is decided, say how many claims there are.
    """
    if not len(audit):
        return "none yet"
    decided = _count(audit, DECIDED)
    held = f"{audit.counts[Status.HELD]} of {decided} decided held"
    first = held if decided else f"{counted(len(audit), 'claim')}, none decided"
    waiting = (
        f"{audit.counts[one]} {words}" for one, words in _WAITING_WORDS.items() if audit.counts[one]
    )
    return ", ".join([first, *waiting])


def _count(audit: Audit, statuses: Iterable[Status]) -> int:
    return sum(audit.counts[status] for status in statuses)


def _colour(audit: Audit) -> str:
    due = _count(audit, DECIDED + DUE)
    if not _count(audit, DECIDED):
        return _OPEN
    share = audit.counts[Status.HELD] / due
    return _GOOD if share >= 2 / 3 else _MIXED if share >= 1 / 3 else _BAD


def badge_svg(audit: Audit, label: str = LABEL) -> str:
    """
    Draw the badge, with *label* on its left.

    White text has a contrast of at least 4.5 on each colour; the numbers say what the colour says.
    """
    message = badge_message(audit)
    label = visible(label)
    left, right = (_LETTER * display_width(text) + 2 * _MARGIN for text in (label, message))
    width = left + right
    name = for_html(f"{label}: {message}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="20" '
        f'viewBox="0 0 {width:g} 20" role="img" aria-label="{name}">\n'
        f"<title>{name}</title>\n"
        f'<rect width="{width:g}" height="20" rx="3" fill="{_LABEL_COLOUR}"/>\n'
        f'<path d="M{left:g} 0h{right - 3:g}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-{right - 3:g}z" '
        f'fill="{_colour(audit)}"/>\n'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">\n'
        f"{_text(_MARGIN, left - 2 * _MARGIN, label)}"
        f"{_text(left + _MARGIN, right - 2 * _MARGIN, message)}"
        "</g>\n</svg>\n"
    )


def _text(x: float, width: float, text: str) -> str:
    fitted = f'textLength="{width:g}" lengthAdjust="spacingAndGlyphs"'
    return f'<text x="{x:g}" y="14" {fitted}>{for_html(text)}</text>\n'


def badge_object(audit: Audit, label: str = LABEL) -> dict[str, Any]:
    """Return the badge for shields.io's endpoint."""
    return {
        "schemaVersion": 1,
        "label": visible(label),
        "message": badge_message(audit),
        "color": _colour(audit).removeprefix("#"),
    }
