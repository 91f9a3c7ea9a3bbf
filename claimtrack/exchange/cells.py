"""Read one cell: days, numbers and addresses as people type them, and the ids made from texts."""

import hashlib
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from unicodedata import category, normalize
from urllib.parse import urlsplit

from claimtrack.errors import FieldError, SpanError
from claimtrack.model.span import parse_span

ORDERS: Final = ("dmy", "mdy", "ymd")
"""How a day in numbers may be written: day, month and year in this order."""

_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_NUMBERS: Final = re.compile(r"(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{1,4})\.?")
_DAY_FIRST: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)? (?:of )?([a-z]{3,9})\.?,? (\d{4})")
_MONTH_FIRST: Final = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_MONTH: Final = re.compile(r"([a-z]{3,9})\.? (\d{4})")
_WITH_TIME: Final = re.compile(
    r"(.*\d)(?:T|,? )\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[ap]m| ?Z| ?[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)
_SERIAL: Final = re.compile(r"[1-9]\d{4}(?:\.\d+)?")
_SEASON: Final = re.compile(r"(\d{4})-(2[1-4])")
_EPOCH: Final = date(1899, 12, 30)
"""Day 0 of the serial days of spreadsheets, from March 1900 on."""

_FORMULA_START: Final = "=+-@"
MAX_SLUG: Final = 60


def tidy(text: str) -> str:
    """
    Return *text* without white space around it, and single spaces in it.

    Spaces that do not break a line are spaces. It is for what is compared, not for words of people.
    """
    return " ".join(text.split())


def words(text: str) -> str:
    """
    Return the words in a cell: without white space around them, and otherwise as they are.

    An apostrophe that only tells a spreadsheet that the cell is a text is dropped.
    """
    stripped = text.strip()
    if stripped[:1] == "'" and stripped[1:2] and stripped[1] in _FORMULA_START:
        return stripped[1:]
    return stripped


def _number_text(text: str) -> str:
    return tidy(text).removeprefix("'").removeprefix("\u2019").strip()


def day(text: str, order: str | None = None) -> str:
    """
    Return the day, or the span of days, in a cell as EDTF.

    Args:
        text: EDTF, a day in numbers, or a day with an English month.
        order: One of `ORDERS`, for days in numbers; None if nobody said it.

    Raises:
        FieldError: It is no day (CT363), or may be one of two (CT364).

    Example:
        >>> day("31.12.2019"), day("3 April 2020"), day("2020-05"), day("3/4/2020", "dmy")
        ('2019-12-31', '2020-04-03', '2020-05', '2020-04-03')
    """
    written = _number_text(text)
    timed = _WITH_TIME.fullmatch(written)
    plain = timed[1] if timed else written
    if _SERIAL.fullmatch(plain):
        meant = _EPOCH + timedelta(days=int(plain[:5]))
        message = f"{plain} may be a serial day, {meant}; expected a day such as {meant}"
        raise FieldError("CT363", f"{message}, so format the column as text or as a date")
    numbers = _NUMBERS.fullmatch(plain)
    if numbers:
        return _day_in_numbers(plain, numbers, order)
    lower = plain.lower()
    if (found := _DAY_FIRST.fullmatch(lower)) and (month := _month(found[2])):
        return _checked(plain, int(found[3]), month, int(found[1]))
    if (found := _MONTH_FIRST.fullmatch(lower)) and (month := _month(found[1])):
        return _checked(plain, int(found[3]), month, int(found[2]))
    if (found := _MONTH.fullmatch(lower)) and (month := _month(found[1])):
        return f"{int(found[2]):04}-{month:02}"
    if season := _SEASON.fullmatch(plain):
        message = (
            f"{plain} is a season in EDTF, and most often two years are meant; "
            f"expected {season[1]}/{season[1][:2]}{season[2]}"
        )
        raise FieldError("CT363", message)
    try:
        span = parse_span(plain)
    except SpanError:
        raise _no_day(plain) from None
    return span.text


def _day_in_numbers(plain: str, numbers: re.Match[str], order: str | None) -> str:
    first, second, third = numbers.groups()
    if len(first) == 4:  # noqa: PLR2004 - a year, which no order puts elsewhere than first
        return _checked(plain, int(first), int(second), int(third))
    if len(third) != 4:  # noqa: PLR2004
        message = f"{plain} has no year of four digits; expected a day such as 2021-02-28"
        raise FieldError("CT363", message)
    one, two, year = int(first), int(second), int(third)
    if order in ORDERS[:2]:
        day_, month = (one, two) if order == "dmy" else (two, one)
        return _checked(plain, year, month, day_)
    if one <= 12 and two <= 12 and one != two:  # noqa: PLR2004 - months
        message = (
            f"{plain} may be {year}-{two:02}-{one:02} or {year}-{one:02}-{two:02}; "
            'say which with date_order = "dmy" or "mdy" in the mapping'
        )
        raise FieldError("CT364", message)
    return _checked(plain, year, *((two, one) if two <= 12 else (one, two)))  # noqa: PLR2004


def _checked(plain: str, year: int, month: int, day_: int) -> str:
    try:
        return date(year, month, day_).isoformat()
    except ValueError:
        raise _no_day(plain) from None


def _no_day(plain: str) -> FieldError:
    shown = plain if len(plain) <= 40 and plain.isprintable() else repr(plain[:40])  # noqa: PLR2004
    return FieldError("CT363", f"{shown} is no day; expected a day such as 2021-02-28, or 2021-02")


def _month(name: str) -> int | None:
    found = [number for number, one in enumerate(_MONTHS, 1) if one.startswith(name)]
    if name == "sept":
        return 9
    return found[0] if len(found) == 1 else None


def number(text: str, decimal: str | None = None) -> Decimal:
    """
    Return the number in a cell.

    Args:
        text: Digits, which spaces, apostrophes, commas or points may group in threes.
        decimal: The decimal mark, a point or a comma; None if nobody said it.

    Raises:
        FieldError: It is no number, or may be one of two (CT365).

    Example:
        >>> number("1,234,567"), number("38.5"), number("1.234,5")
        (Decimal('1234567'), Decimal('38.5'), Decimal('1234.5'))
    """
    plain = re.sub(r"(?<=\d)[ '\u2019](?=\d{3}(?!\d))", "", _number_text(text))
    plain = plain.replace("\u2212", "-")
    other = {".": ",", ",": "."}
    if decimal is None:
        decimal = _decimal_mark(plain)
    grouped = re.fullmatch(
        r"[+-]?\d{1,3}(?:X\d{3})*(?:Y\d+)?".replace("X", re.escape(other[decimal])).replace(
            "Y", re.escape(decimal)
        ),
        plain,
    )
    simple = re.fullmatch(rf"[+-]?\d+(?:{re.escape(decimal)}\d+)?", plain)
    if not grouped and not simple:
        message = f"{plain!r} is no number; expected digits, such as 1234.5"
        raise FieldError("CT365", message)
    return Decimal(plain.replace(other[decimal], "").replace(decimal, "."))


def _decimal_mark(plain: str) -> str:
    marks = re.sub(r"[^.,]", "", plain)
    if set(marks) == {".", ","}:
        return marks[-1]
    if len(marks) > 1:
        return "," if marks[0] == "." else "."
    if marks and re.fullmatch(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", plain):
        whole = plain.replace(marks, "")
        message = (
            f"{plain} may be {whole} or {plain.replace(marks, '.')}; "
            'say which with decimal = "." or "," in the mapping'
        )
        raise FieldError("CT365", message)
    return marks or "."


def addresses(text: str) -> tuple[str, ...]:
    """
    Return the addresses in a cell, each once; none if it holds other words.

    Nothing is asked whether they exist.

    Raises:
        FieldError: One of them is no address of a page (CT368).
    """
    found: list[str] = []
    parts = re.split(r"[\s|]+|(?<=\S)[;,](?=\s|https?:|$)", tidy(text))
    if not any("://" in part for part in parts if part):
        return ()
    for part in parts:
        if not part:
            continue
        if not host_of(part):
            message = f"{part!r} is no address; expected one that begins with https:// or http://"
            raise FieldError("CT368", message)
        if part not in found:
            found.append(part)
    return tuple(found)


def host_of(address: str) -> str | None:
    """Return the host of an address of the web, without ``www.``; None if it is no such address."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not host or not address.isprintable():
        return None
    return host.removeprefix("www.")


_ARCHIVED: Final = re.compile(r"https?://web\.archive\.org/web/[0-9]+[a-z_]*/(https?://.+)")


def archived(address: str) -> str | None:
    """Return the address of which *address* is a copy in the Wayback Machine; None if of none."""
    found = _ARCHIVED.fullmatch(address)
    return found[1] if found and host_of(found[1]) else None


_RESERVED: Final = frozenset(
    {"aux", "con", "nul", "prn", *(f"{name}{n}" for name in ("com", "lpt") for n in range(10))}
)
"""Names that no file may have on some systems."""


def slug(text: str, most: int = MAX_SLUG) -> str:
    """
    Return an id made from *text*, which may also be the name of a file.

    It holds lower-case letters, digits and hyphens, at most *most*; one that is cut ends at a word.
    A text without any letter or digit gives one made from its digest.

    Example:
        >>> slug("Institute a hiring freeze!"), slug("José"), slug("../../etc")
        ('institute-a-hiring-freeze', 'jose', 'etc')
    """
    plain = "".join(one for one in normalize("NFKD", text) if category(one) != "Mn")
    lower = normalize("NFC", plain).lower()
    parts = "".join(one if one.isalnum() else " " for one in lower.replace("'", "")).split()
    made = "-".join(parts)
    if len(made) > most:
        cut = made[: most + 1].rpartition("-")[0]
        made = cut if len(cut) > most // 2 else made[:most]
    if not made or made in _RESERVED:
        made = f"{made}-{digest(text)}".removeprefix("-")
    return made


def digest(text: str) -> str:
    """Return six characters that stand for *text*, to tell ids of like texts apart."""
    return hashlib.sha256(text.encode()).hexdigest()[:6]


def unique(wanted: str, text: str, taken: "set[str]") -> str:
    """Return *wanted*, or with the digest of *text* and then a number if it is taken; take it."""
    made, number_ = wanted, 1
    while made in taken:
        made = f"{wanted}-{digest(text)}" if number_ == 1 else f"{wanted}-{digest(text)}-{number_}"
        number_ += 1
    taken.add(made)
    return made
