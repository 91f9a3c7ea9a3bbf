"""
Say why a text is not a date that claimtrack reads.

There are two reasons, and the error says which: the text is not EDTF, or it is EDTF in a part that
is not supported. A text is never read as the date that it may have meant; of one that other people
would write so, the error says how EDTF writes it.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Final, NoReturn

from claimtrack.errors import SpanError

QUOTED: Final = 60
"""Characters of a text that an error quotes."""

EXAMPLES: Final = "EDTF such as '2019-12-02', '2019-12', '2019', '201X' or '2019-12-02/2020-01'"

_PART: Final = "[?~%]?[0-9X]{2}[?~%]?"
_LOOKS_LIKE: Final = tuple(
    (re.compile(pattern), what, expected)
    for pattern, what, expected in (
        ("", "is empty", EXAMPLES),
        (
            r"\{[\s\S]*",
            "is EDTF for several dates at once, which is not supported",
            "one date, or one of several as in '[2019,2021]'",
        ),
        (r"(?=[\s\S]*\s)[-+0-9:TXYZ?~%.,\s]+", "has white space", "EDTF, which has none"),
        (
            "-?[0-9]{4}-[0-9]{2}-[0-9]{2}T.*",
            "is a date-time among other dates, which is not supported",
            "days, months or years",
        ),
        (
            "Y-?[1-9][0-9]{4,11}[?~%]?",
            "is a year with Y among other dates, which is not supported",
            "years of four digits",
        ),
        (
            "Y-?[0-9]+E[0-9]+(S[0-9]+)?[?~%]?",
            "is EDTF with an exponent, which is not supported",
            "all digits of the year after Y",
        ),
        (
            "Y?-?[0-9]+S[0-9]+[?~%]?",
            "is EDTF with a number of significant digits, which is not supported",
            "unspecified digits, as in '19XX'",
        ),
        ("Y-?[0-9]{13,}[?~%]?", "has a year of more than 12 digits", "at most 12"),
        (
            "Y-?[0-9]*[?~%]?",
            "has fewer than five digits after Y, or zeros before them",
            "Y only before a longer year, as in 'Y12019'",
        ),
        ("-?[0-9]{8}[?~%]?", "is not a date in EDTF", "hyphens, as in '2019-12-02'"),
        (
            "-?[0-9]{2}[?~%]?",
            "is a century in two digits, which is not supported",
            "unspecified digits, as in '19XX'",
        ),
        (
            "-?[0-9]{3}[?~%]?",
            "is a decade in three digits, which is not supported",
            "an unspecified digit, as in '193X'",
        ),
        (
            "-?[0-9]{5,}[?~%]?",
            "has a year of more than four digits",
            "Y before such a year, as in 'Y12019'",
        ),
        ("[0-9]{4}-?Q[1-4]", "is not EDTF", "a quarter as in '2019-36'"),
        (
            "[0-9]{4}-?W[0-9]{2}(-?[1-7])?",
            "is a week, which EDTF does not have",
            "days, as in '2019-12-02/2019-12-08'",
        ),
        (
            f"(?=.*[?~%])[?~%]?-?[?~%]?[0-9X]{{4}}[?~%]?(-{_PART}(-{_PART})?)?",
            "is EDTF with a qualifier for a part of a date, which is not supported",
            "one of ? ~ % at the end of the whole date",
        ),
    )
)
"""What a text that is no date looks like: pattern, what it is, what to write; the first counts."""


_BETWEEN: Final = re.compile("[-./, ]+")
_ELSEWHERE: Final = tuple(
    (form, length)
    for length, forms in (
        (len("2019-12"), ("%m %Y", "%Y %m", "%b %Y", "%B %Y")),
        (
            len("2019-12-02"),
            ("%d %m %Y", "%m %d %Y", "%Y %m %d", "%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y"),
        ),
    )
    for form in forms
)
"""How months and days are written elsewhere, and how many characters EDTF has for each."""


def refuse(text: str, what: str, expected: str, *, part: str | None = None) -> NoReturn:
    """
    Refuse *text*, or its date *part*, since it *what*.

    Raises:
        SpanError: Always.
    """
    if part is None or _in_edtf(text):
        part = text
    place = "" if part == text else f"{quoted(part)} in "
    better = _in_edtf(part)
    told = f"is not EDTF; write {better}" if better else f"{what}; expected {expected}"
    raise SpanError("CT102", f"{place}{quoted(text)} {told}")


def _in_edtf(text: str) -> str | None:
    """Return how EDTF writes the one date that *text* is elsewhere, if it is any there."""
    dates = set(_read_elsewhere(_BETWEEN.sub(" ", text)))
    if len(dates) > 1:
        return "YYYY-MM-DD"
    return repr(dates.pop()) if dates else None


def _read_elsewhere(text: str) -> Iterator[str]:
    for form, length in _ELSEWHERE:
        with suppress(ValueError):
            yield datetime.strptime(text, form).date().isoformat()[:length]  # noqa: DTZ007


def refuse_date(part: str, text: str) -> NoReturn:
    """
    Refuse *part*, which is *text* or stands in it and does not look like a supported date.

    Raises:
        SpanError: Always.
    """
    for pattern, what, expected in _LOOKS_LIKE:
        if pattern.fullmatch(part):
            refuse(text, what, expected, part=part)
    refuse(text, "is not a date", EXAMPLES, part=part)


def quoted(text: str) -> str:
    """Return *text* in quotes, its end left out when it is long."""
    return repr(text if len(text) <= QUOTED else f"{text[: QUOTED - 3]}...")
