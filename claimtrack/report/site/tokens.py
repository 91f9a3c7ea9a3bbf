"""
The design of the site in numbers: type, space and colour, for light and for dark.

Contrast is what WCAG 2.2 calls AA: 4.5 to 1 for text, 3 to 1 for lines that carry a meaning. A
test computes it for every pair in `TEXT_PAIRS`. Sizes are steps of a scale of 1.2 from 17 pixels,
spaces are multiples of 4.
"""

from collections.abc import Mapping
from typing import Final

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
"""Only what systems have: no page asks for a font."""

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
}
"""Colours on paper by day."""

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
}
"""The same by night."""

STATUSES: Final = (
    *("held", "late", "partly", "failed", "conflicting", "pending"),
    *("overdue", "not-enough-evidence", "not-checkable", "annulled"),
)

TEXT_PAIRS: Final = tuple(
    (text, ground)
    for ground in ("paper", "card")
    for text in ("ink", "soft", "link", "mark", *STATUSES)
)
"""Text and what it stands on; each pair has a contrast of at least 4.5 in both modes."""

LINE_PAIRS: Final = (("edge", "paper"), ("edge", "card"))
"""Lines that carry a meaning, such as that around a field; at least 3."""


def stylesheet() -> str:
    """Return the tokens as custom properties of CSS; what prints is printed as by day."""
    light = _block({**SIZES, **FACES, **LIGHT})
    dark = _block(DARK)
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
