"""
Pictures as inline SVG: axes of days, and marks on them.

Coordinates are in units of which the width has `WIDTH`. Colours and fonts come from the page's
style sheet by class. Each picture has a description in words.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import attrs

from claimtrack.escape import for_html
from claimtrack.model.span import Day, civil, ordinal
from claimtrack.report.words import MONTHS

WIDTH: Final = 720.0
LEFT: Final = 14.0
RIGHT: Final = 14.0
GLYPH: Final = 6.6
"""Approximate width of a letter of a label; labels that would touch are left out."""


@attrs.frozen
class Days:
    """The days from *first* to *last* along the width of a picture."""

    first: Day
    last: Day
    left: float = LEFT

    def x(self, day: Day) -> float:
        """Return the place of *day*, at the edge for days outside."""
        inside = min(max(day, self.first), self.last)
        run = max(self.last - self.first, 1)
        return self.left + (WIDTH - RIGHT - self.left) * (inside - self.first) / run


def ticks(days: Days) -> Iterator[tuple[Day, str]]:
    """Iterate over round days with their labels: years, or months where there are few years."""
    (first_year, first_month, _), (last_year, _, _) = civil(int(days.first)), civil(int(days.last))
    if days.last - days.first > 3 * 366:
        step = max(1, (last_year - first_year) // 10)
        for year in range(first_year + 1, last_year + 1, step):
            yield ordinal(year, 1, 1), str(year)
        return
    months = max(1, int(days.last - days.first) // 30)
    step = next((size for size in (1, 2, 3, 6) if months / size <= 9), 12)  # noqa: PLR2004
    for place in range(first_year * 12 + first_month, last_year * 12 + 12, step):
        year, month = divmod(place, 12)
        if ordinal(year, month + 1, 1) > days.last:
            return
        yield ordinal(year, month + 1, 1), f"{MONTHS[month]} {year}"


def axis(days: Days, y: float) -> Iterator[str]:
    """Draw the axis of *days* at height *y*, with its labels below."""
    yield line(days.left, y, WIDTH - RIGHT, y, "axis")
    end = -1.0
    for day, label in ticks(days):
        at = days.x(day)
        half = GLYPH * len(label) / 2
        if at - half < max(end, 0) or at + half > WIDTH:
            continue
        end = at + half + GLYPH
        yield line(at, y, at, y + 5, "axis")
        yield words(at, y + 18, label, "tick")


def line(x1: float, y1: float, x2: float, y2: float, name: str) -> str:
    """Draw a line of the class *name*."""
    ends = f'x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}"'
    return f'<line {ends} class="{name}"/>'


def box(  # noqa: PLR0913, PLR0917 - the geometry, the class and the title
    x: float, y: float, width: float, height: float, name: str, title: str
) -> str:
    """Draw a box of the class *name*."""
    size = f'width="{number(max(width, 1))}" height="{number(height)}"'
    inside = f"<title>{for_html(title)}</title>"
    return f'<rect x="{number(x)}" y="{number(y)}" {size} rx="2" class="{name}">{inside}</rect>'


def words(x: float, y: float, text: str, name: str) -> str:
    """Write *text* at *x*; the class says whether *x* is its middle, start or end."""
    return f'<text x="{number(x)}" y="{number(y)}" class="{name}">{for_html(text)}</text>'


def shape(points: Sequence[tuple[float, float]], name: str, title: str) -> str:
    """Draw a closed shape of the class *name* that says *title*."""
    listed = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    return f'<polygon points="{listed}" class="{name}"><title>{for_html(title)}</title></polygon>'


def ring(x: float, y: float, name: str, title: str) -> str:
    """Draw a small circle of the class *name* that says *title*."""
    inside = f"<title>{for_html(title)}</title>"
    return f'<circle cx="{number(x)}" cy="{number(y)}" r="4.5" class="{name}">{inside}</circle>'


def picture(
    parts: Sequence[str], height: float, title: str, description: str, days: Days | None = None
) -> str:
    """
    Put *parts* together to a picture with a description.

    Args:
        parts: Elements of SVG.
        height: In units of the picture.
        title: Its name.
        description: For readers who do not see it.
        days: Told to scripts, which mark a day.
    """
    size = f'viewBox="0 0 {number(WIDTH)} {number(height)}"'
    label = for_html(f"{title}. {description}")
    told = "" if days is None else _told(days)
    return f'<svg {size} role="img" aria-label="{label}"{told}>{"".join(parts)}</svg>'


def _told(days: Days) -> str:
    ends = f'data-first="{int(days.first)}" data-last="{int(days.last)}"'
    return f' {ends} data-left="{number(days.left)}" data-right="{number(WIDTH - RIGHT)}"'


def number(value: float) -> str:
    """Return *value* to a tenth of a unit, which is finer than a pixel."""
    return f"{value:.1f}".removesuffix(".0")
