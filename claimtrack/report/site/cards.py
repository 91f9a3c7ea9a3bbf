"""
Cards: a picture of one claim, of the size that sites for sharing show.

A card says the claim, its status by word and shape, its day, how many witnesses decided it, and its
deadline. It is drawn twice: as SVG, and as PNG with Pillow, which most of these sites need.
"""

import io
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from claimtrack.errors import require
from claimtrack.escape import for_html, visible
from claimtrack.model.verdict import Verdict
from claimtrack.report.site.context import Contents
from claimtrack.report.site.theme import FACES, asset
from claimtrack.report.width import display_width
from claimtrack.report.words import checked_words, counted, day_words, late_words, span_words

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

WIDTH: Final = 1200
HEIGHT: Final = 630
_MARGIN: Final = 70
_LINES: Final = 4
_TITLE_SIZES: Final = ((60, 32), (48, 40), (40, 48))
"""Sizes of the title, with the columns of a line; the first in which the title fits."""

_SMALL: Final = 28
_STATUS: Final = 54
_SYMBOL: Final = re.compile(r'<symbol id="i-([a-z-]+)"[^>]*>(.*?)</symbol>')


class Card(NamedTuple):
    """The texts of a card, the name under which its status is shown, and the colours."""

    site: str
    kicker: str
    title: str
    shown: str
    status: str
    details: str
    colours: Mapping[str, str]


def card_of(contents: Contents, verdict: Verdict) -> Card:
    """Return the texts of the card of one claim."""
    claim, records = contents.claim(verdict.claim), contents.records
    shown = contents.shown(claim.id, verdict.status)
    witnesses = {
        records.sources.by_id[evidence.source].witness
        for id_ in verdict.used
        if (evidence := records.evidence.by_id.get(id_)) is not None
    }
    details = [
        "" if verdict.decided_on is None else f"decided on {day_words(verdict.decided_on)}",
        "" if verdict.due is None else f"due {day_words(verdict.due)}",
        counted(len(witnesses), "witness", "witnesses") if witnesses else "",
    ]
    late = f" {late_words(verdict)}" if shown == "late" else ""
    return Card(
        site=visible(contents.title),
        kicker=visible(f"{contents.speaker_of(claim)}, {span_words(claim.said)}"),
        title=visible(checked_words(claim, records)),
        shown=shown,
        status=f"{contents.options.house.word(shown).capitalize()}{late}",
        details=" · ".join(part for part in details if part),
        colours=contents.options.house.colours(),
    )


def wrapped(text: str, columns: int, lines: int) -> list[str]:
    """
    Return *text* in at most so many lines of so many columns, cut with an ellipsis.

    Example:
        >>> wrapped("one two three four", 8, 2)
        ['one two', 'three…']
    """
    found: list[str] = []
    line = ""
    for word in _pieces(text, columns):
        longer = f"{line} {word}" if line else word
        if display_width(longer) <= columns:
            line = longer
            continue
        found.append(line)
        line = word
        if len(found) == lines:
            return [*found[:-1], f"{found[-1]}…"]
    return [*found, line]


def _pieces(text: str, columns: int) -> Iterator[str]:
    """Iterate over the words of *text*, the long ones in pieces."""
    for word in text.split():
        step = max(columns // 2, 1) if display_width(word) > columns else len(word)
        yield from (word[at : at + step] for at in range(0, len(word), step))


def _title(card: Card) -> tuple[int, list[str]]:
    fitted = [(size, wrapped(card.title, columns, _LINES)) for size, columns in _TITLE_SIZES]
    return next((one for one in fitted if not one[1][-1].endswith("…")), fitted[-1])


@cache
def _shapes() -> dict[str, str]:
    return dict(_SYMBOL.findall(asset("sprite.svg")))


def card_svg(card: Card) -> str:
    """Draw *card* as SVG; the texts are escaped."""
    colour, ink, soft = (card.colours[name] for name in (card.shown, "ink", "soft"))
    size, lines = _title(card)
    title = "".join(
        _text(_MARGIN, 190 + round(1.2 * size) * place, size, line, ink, face="serif")
        for place, line in enumerate(lines)
    )
    label = for_html(f"{card.title} — {card.status}. {card.kicker}")
    shape = _shapes()[card.shown].replace('class="solid"', f'fill="{colour}" stroke="none"')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{card.colours["paper"]}"/>\n'
        f'<rect width="14" height="{HEIGHT}" fill="{colour}"/>\n'
        f"{_text(_MARGIN, 100, _SMALL, card.kicker, soft)}{title}"
        f'<svg x="{_MARGIN}" y="480" width="52" height="52" viewBox="0 0 16 16" fill="none" '
        f'stroke="{colour}" stroke-width="2.2" stroke-linecap="round">{shape}</svg>\n'
        f"{_text(_MARGIN + 72, 524, _STATUS, card.status, colour, weight=700)}"
        f"{_text(_MARGIN, 586, _SMALL, card.details, soft)}"
        f"{_text(WIDTH - _MARGIN, 100, _SMALL, _short(card.site), ink, anchor='end')}"
        "</svg>\n"
    )


def _short(text: str) -> str:
    (line, *_) = wrapped(text, 30, 1)
    return line


def _text(  # noqa: PLR0913 - what SVG needs
    x: float,
    y: float,
    size: int,
    text: str,
    colour: str,
    *,
    face: str = "sans",
    weight: int = 400,
    anchor: str = "start",
) -> str:
    font = f'font-family="{FACES[face].replace(chr(34), chr(39))}" font-size="{size}"'
    look = f'font-weight="{weight}" text-anchor="{anchor}" fill="{colour}"'
    return f'<text x="{x}" y="{y}" {font} {look}>{for_html(text)}</text>\n' if text else ""


def card_png(card: Card) -> bytes:
    """
    Draw *card* as PNG, in the font that comes with Pillow.

    Raises:
        MissingExtraError: Pillow is not installed.
    """
    drawing = require("PIL.ImageDraw", feature="--cards", extra="cards")
    image = require("PIL.Image", feature="--cards", extra="cards").new(
        "RGB", (WIDTH, HEIGHT), card.colours["paper"]
    )
    pen: ImageDraw = drawing.Draw(image)
    colour = card.colours[card.shown]
    pen.rectangle((0, 0, 14, HEIGHT), fill=colour)
    size, lines = _title(card)
    texts: list[tuple[float, float, int, str, str, Any]] = [
        (_MARGIN, 100, _SMALL, card.kicker, "soft", "ls"),
        (WIDTH - _MARGIN, 100, _SMALL, _short(card.site), "ink", "rs"),
        (_MARGIN + 72, 524, _STATUS, card.status, card.shown, "ls"),
        (_MARGIN, 586, _SMALL, card.details, "soft", "ls"),
    ]
    for place, line in enumerate(lines):
        texts.append((_MARGIN, 190 + round(1.2 * size) * place, size, line, "ink", "ls"))
    for x, y, height, text, ink, anchor in texts:
        pen.text((x, y), text, fill=card.colours[ink], font=_font(height), anchor=anchor)
    _draw_shape(pen, card.shown, colour)
    target = io.BytesIO()
    image.convert("P", palette=1, colors=32).save(target, "PNG")
    return target.getvalue()


@cache
def _font(size: int) -> Any:  # noqa: ANN401 - a class of Pillow
    return require("PIL.ImageFont", feature="--cards", extra="cards").load_default(size)


def _draw_shape(pen: "ImageDraw", shown: str, colour: str) -> None:
    """Draw the shape of a status: its circle if it has one, and its lines."""
    scale, left, top = 52 / 16, _MARGIN, 480

    def at(x: float, y: float) -> tuple[float, float]:
        return left + scale * x, top + scale * y

    if "<circle" in _shapes()[shown]:
        pen.ellipse((*at(2, 2), *at(14, 14)), outline=colour, width=7)
    for line in _STROKES.get(shown, ()):
        pen.line([at(*point) for point in line], fill=colour, width=7, joint="curve")


_STROKES: Final[dict[str, tuple[tuple[tuple[float, float], ...], ...]]] = {
    "held": (((2, 8.5), (6, 12.5), (14, 3)),),
    "late": (((8, 4), (8, 8), (11, 10)),),
    "partly": (((8, 2), (8, 14)),),
    "failed": (((3, 3), (13, 13)), ((13, 3), (3, 13))),
    "conflicting": (((2, 5), (13, 5)), ((14, 11), (3, 11))),
    "overdue": (((8, 2), (8, 9.5)), ((8, 12), (8, 14))),
    "not-enough-evidence": (((5, 5), (8, 2.5), (11, 5), (8, 8.5), (8, 10)), ((8, 12), (8, 14))),
    "not-checkable": (((3.8, 12.2), (12.2, 3.8)),),
    "annulled": (((2, 8), (14, 8)),),
    "forecast": (((4, 12.5), (12, 3.5)),),
}
"""The lines of the shapes in the PNG, of which Pillow draws no paths."""
