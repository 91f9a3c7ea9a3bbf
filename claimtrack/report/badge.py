"""
A badge: how many claims held, as a small picture and as the JSON that badge services read.

The picture is an own SVG with system fonts; the JSON is that of shields.io's endpoint badge,
schema version 1.
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
"""What the share is of, as in track records: conflicting reports decide nothing."""

DUE: Final = (Status.OVERDUE, Status.NOT_ENOUGH_EVIDENCE, Status.CONFLICTING)
"""What ought to be decided and is not."""

_WIDE: Final = 7.0
"""How wide a letter of 11 pixels is, about; the text is fitted into that."""
_MARGIN: Final = 6.0
_GROUND: Final = "#4a4a4a"
_GOOD: Final = "#1a6a3a"
_MIXED: Final = "#855400"
_BAD: Final = "#a2221d"
_OPEN: Final = "#2f548f"


def badge_message(audit: Audit) -> str:
    """
    Say how many of the decided claims held, and how many are due or pending beside them.

    As ``12 of 30 decided held, 2 overdue, 5 pending``; claims that cannot be checked or were
    annulled are not counted. Where nothing is decided, say how many claims there are.
    """
    if not len(audit):
        return "none yet"
    decided = _count(audit, DECIDED)
    held = f"{audit.counts[Status.HELD]} of {decided} decided held"
    first = held if decided else f"{counted(len(audit), 'claim')}, none decided"
    waiting = (f"{audit.counts[one]} {_WORDS[one]}" for one in _WORDS if audit.counts[one])
    return ", ".join([first, *waiting])


_WORDS: Final = {
    Status.OVERDUE: "overdue",
    Status.NOT_ENOUGH_EVIDENCE: "with too little evidence",
    Status.CONFLICTING: "in conflict",
    Status.PENDING: "pending",
}


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

    White text has a contrast of at least 4.5 with each of the colours, and the numbers say what
    the colour does.
    """
    message = badge_message(audit)
    label = visible(label)
    left, right = (_WIDE * display_width(text) + 2 * _MARGIN for text in (label, message))
    width = left + right
    said = for_html(f"{label}: {message}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="20" '
        f'viewBox="0 0 {width:g} 20" role="img" aria-label="{said}">\n'
        f"<title>{said}</title>\n"
        f'<rect width="{width:g}" height="20" rx="3" fill="{_GROUND}"/>\n'
        f'<path d="M{left:g} 0h{right - 3:g}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-{right - 3:g}z" '
        f'fill="{_colour(audit)}"/>\n'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">\n'
        f"{_words(_MARGIN, left - 2 * _MARGIN, label)}"
        f"{_words(left + _MARGIN, right - 2 * _MARGIN, message)}"
        "</g>\n</svg>\n"
    )


def _words(x: float, width: float, text: str) -> str:
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
