"""
The design tokens of the site for light and dark, and the environment of its templates.

Contrast is at least that of WCAG 2.2 AA: 4.5 to 1 for text, 3 to 1 for lines that carry a meaning.
A test computes it for every pair in `TEXT_PAIRS`. Sizes are steps of a scale of 1.2 from 17 pixels,
spaces are multiples of 4.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import attrs

from claimtrack.errors import require
from claimtrack.escape import for_html, for_json, safe_url
from claimtrack.report.words import MONTHS, counted, day_words, late_words, source_words, span_words

if TYPE_CHECKING:
    from jinja2 import Environment


SIZES: Final = {
    "type-s": "0.8rem",
    "type-m": "0.9rem",
    "type-l": "1.2rem",
    "type-xl": "1.44rem",
    "type-xxl": "2.07rem",
    "space-1": "0.25rem",
    "space-2": "0.5rem",
    "space-3": "1rem",
    "space-4": "1.5rem",
    "space-5": "2.5rem",
    "space-6": "4rem",
    "measure": "42rem",
    "wide": "76rem",
}
"""Type sizes, spaces, and the widths of a text and of a page."""

FACES: Final = {
    "serif": '"Iowan Old Style", "Palatino Linotype", Palatino, "Book Antiqua", Georgia, serif',
    "sans": 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
    "mono": 'ui-monospace, "SFMono-Regular", Menlo, Consolas, "Liberation Mono", monospace',
}
"""System fonts only: no page loads a font."""

LIGHT: Final[Mapping[str, str]] = {
    "paper": "#fbfaf6",
    "card": "#ffffff",
    "ink": "#1d1c1a",
    "soft": "#5a564e",
    "rule": "#ddd8cc",
    "edge": "#8a8478",
    "link": "#0d4f7c",
    "mark": "#8c2f1b",
    "held": "#1a6a3a",
    "late": "#855400",
    "partly": "#0c6371",
    "failed": "#a2221d",
    "conflicting": "#7a2d87",
    "pending": "#2f548f",
    "overdue": "#96420a",
    "not-enough-evidence": "#675a00",
    "not-checkable": "#595650",
    "annulled": "#595650",
    "forecast": "#465072",
}
"""The colours of the light mode."""

DARK: Final[Mapping[str, str]] = {
    "paper": "#15171a",
    "card": "#1c1f23",
    "ink": "#ebe8e1",
    "soft": "#aba69b",
    "rule": "#363a40",
    "edge": "#7d7a74",
    "link": "#8fc6ec",
    "mark": "#f0a18d",
    "held": "#7ccf98",
    "late": "#e5b65a",
    "partly": "#6fcddb",
    "failed": "#ff9b92",
    "conflicting": "#dca5e7",
    "pending": "#a0bff3",
    "overdue": "#f2a862",
    "not-enough-evidence": "#d6c45b",
    "not-checkable": "#b0aca2",
    "annulled": "#b0aca2",
    "forecast": "#b3bbdc",
}
"""The colours of the dark mode."""

STATUSES: Final = (
    *("held", "late", "partly", "failed", "conflicting", "pending"),
    *("overdue", "not-enough-evidence", "not-checkable", "annulled", "forecast"),
)

TEXT_PAIRS: Final = tuple(
    (text, ground)
    for ground in ("paper", "card")
    for text in ("ink", "soft", "link", "mark", *STATUSES)
)
"""Colours of text and background; each pair has a contrast of at least 4.5 in both modes."""

LINE_PAIRS: Final = (("edge", "paper"), ("edge", "card"))
"""Lines that carry a meaning, such as that around a field; a contrast of at least 3."""

PACKAGE: Final = "claimtrack.report.site"
_CACHE_SIZE: Final = 1 << 14
"""Texts, days and spans that many pages repeat."""


@attrs.frozen(kw_only=True)
class House:
    """
    A house style.

    Args:
        title: Of the site, unless the command line has one.
        publisher: Likewise.
        contact: Where corrections are to be sent: an address of mail or of the web.
        words: Pairs of a status and the word for it.
        light: Pairs of a colour and its value in the light mode.
        dark: The same for the dark mode.
        stylesheet: CSS that comes after the site's own.
        header: HTML at the beginning of each page.
        footer: HTML at its end.
        templates: The path of a folder of templates that take the place of those with their names.
    """

    title: str | None = None
    publisher: str | None = None
    contact: str | None = None
    words: tuple[tuple[str, str], ...] = ()
    light: tuple[tuple[str, str], ...] = ()
    dark: tuple[tuple[str, str], ...] = ()
    stylesheet: str = ""
    header: str = ""
    footer: str = ""
    templates: str | None = None

    def word(self, status: str) -> str:
        """Return the word for a status."""
        return dict(self.words).get(status, status.replace("-", " "))

    def colours(self) -> dict[str, str]:
        """Return the colours of the light mode."""
        return {**LIGHT, **dict(self.light)}


PLAIN: Final = House()
"""The style of the site itself."""


def stylesheet(house: House = PLAIN) -> str:
    """Return the tokens as custom properties of CSS; print uses the light mode."""
    light = _block({**SIZES, **FACES, **house.colours()})
    dark = _block({**DARK, **dict(house.dark)})
    return (
        f":root{{color-scheme:light dark;{light}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
    )


def _block(tokens: Mapping[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in tokens.items())


def contrast(one: str, two: str) -> float:
    """
    Return the contrast of two colours, 1 to 21, as WCAG 2.2 defines it.

    Example:
        >>> round(contrast("#000000", "#ffffff"), 2)
        21.0
    """
    low, high = sorted((_luminance(one), _luminance(two)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    # The curve is that of sRGB.
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004
        for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@lru_cache(maxsize=4)
def environment(house: House = PLAIN) -> "Environment":
    """
    Return the environment of the templates, with their globals and filters, in a house style.

    Raises:
        MissingExtraError: Jinja2 is not installed.
    """
    jinja2 = require("jinja2", feature="the site", extra="site")
    loader = jinja2.PackageLoader(PACKAGE)
    if house.templates is not None:
        loader = jinja2.ChoiceLoader([jinja2.FileSystemLoader(house.templates), loader])
    result: Environment = jinja2.Environment(
        loader=loader,
        autoescape=True,
        finalize=escaped,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    style = minified(stylesheet(house) + asset("style.css") + house.stylesheet)
    front, claim = (f"{asset('asof.js')}{asset(name)}".strip() for name in ("site.js", "claim.js"))
    statuses = "".join(f".s-{name}{{color:var(--{name})}}\n" for name in STATUSES)
    embed = minified(stylesheet(house) + asset("embed.css") + statuses)
    result.globals |= {
        "style": markup(style),
        "script": markup(front),
        "claim_script": markup(claim),
        "months": MONTHS,
        "house": house,
        "house_header": markup(house.header),
        "house_footer": markup(house.footer),
        "sprite": markup(asset("sprite.svg")),
        "policy": policy(style, front, claim),
        "embed_style": markup(embed),
        "embed_policy": policy(embed),
        "counted": counted,
        "late_words": late_words,
        "source_words": source_words,
        "day_words": lru_cache(_CACHE_SIZE)(day_words),
        "span_words": lru_cache(_CACHE_SIZE)(span_words),
    }
    result.filters |= {
        "paragraphs": paragraphs,
        "in_script": lambda value: markup(for_json(value)),
        "safe_url": safe_url,
        "lang": language,
        "first_capital": lambda text: text[:1].upper() + text[1:],
        "spaced": house.word,
    }
    return result


def asset(name: str) -> str:
    """Return the text of a file in ``assets``."""
    return files(PACKAGE).joinpath("assets", name).read_text("utf-8")


@lru_cache(maxsize=1)
def _markup_class() -> Any:  # noqa: ANN401 - as `markup`
    return require("markupsafe", feature="the site", extra="site").Markup


def markup(text: str) -> Any:  # noqa: ANN401 - a class of Jinja2, which may not be installed
    """Mark *text* as HTML of this package, which is not escaped again."""
    return _markup_class()(text)


def escaped(value: object) -> object:
    """Escape what a template prints, unless it is HTML of this package."""
    if type(value) is str:
        return _escaped_text(value)
    if hasattr(value, "__html__"):
        return value
    return _escaped_text("" if value is None else str(value))


@lru_cache(_CACHE_SIZE)
def _escaped_text(text: str) -> Any:  # noqa: ANN401 - as `markup`
    """Escape *text* once for all pages that show it."""
    return markup(for_html(text))


_LANGUAGE: Final = re.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}")


def language(text: str | None) -> str:
    """Return *text* if it is the code of a language such as ``pt-BR``; else the empty text."""
    return text if text is not None and _LANGUAGE.fullmatch(text) else ""


def paragraphs(text: str) -> list[str]:
    """Return the lines of *text* that are not blank."""
    return [line for line in text.splitlines() if line.strip()]


def policy(style: str, *scripts: str) -> Any:  # noqa: ANN401 - as `markup`
    """Return the Content-Security-Policy that allows *style* and *scripts*, and no request."""
    return markup(
        "default-src 'none'; "
        f"style-src {_digest(style)}; "
        f"script-src {' '.join(map(_digest, scripts)) or NO_SCRIPT}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


NO_SCRIPT: Final = "'none'"


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def minified(css: str) -> str:
    """Return *css* without comments, indents and blank lines."""
    lines = (line.strip() for line in css.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("/*"))
