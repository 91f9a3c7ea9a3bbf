"""
Read the TOML of one file, and say where and why it cannot be read.

A text that is not TOML is read as far as it can be: without the records that hold the errors.

The standard library reads it, or tomli where a compiled one is installed that reads the same
language; what tomli refuses, the standard library is asked about, so that errors are the same.
What `tomllib` does not bound is bounded here. Every failure is a problem with a place.
"""

import re
import sys
import tomllib
from bisect import bisect_right
from collections.abc import Container, Iterator
from decimal import Decimal, InvalidOperation
from itertools import repeat
from typing import Any, Final, TypeAlias

import attrs

from claimtrack.errors import LoadError, Location, Problem, SpanError
from claimtrack.files.folder import LIMITS, Limits, too_deep
from claimtrack.files.jsonl import installed
from claimtrack.model.registry import KINDS
from claimtrack.model.span import parse_span

Table: TypeAlias = dict[str, Any]

tomli: Final = installed("tomli")
_UNREADABLE: Final = (ValueError, InvalidOperation, RecursionError)

BARE: Final = "[A-Za-z0-9_-]+"
BASIC: Final = r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"'
LITERAL: Final = r"'[^'\n]*'"
# A text over several lines ends with three quotes, and up to two more may stand before those.
LONG_BASIC: Final = r'"""[^"\\]*(?:(?:\\.|""?(?!"))[^"\\]*)*"{3,5}'
LONG_LITERAL: Final = r"'''[^']*(?:''?(?!')[^']*)*'{3,5}"

MOST_PARTS: Final = 64
"""Parts of one key. The time and the memory that `tomllib` takes grow with their square."""

# A text or a comment; one that does not end takes the rest, so that nothing is looked at twice.
_QUOTED: Final = re.compile(
    rf"{LONG_BASIC}|{LONG_LITERAL}|(?:\"\"\"|''').*|{BASIC}|{LITERAL}|[\"'#][^\n]*", re.DOTALL
)
_MANY_PARTS: Final = re.compile(
    rf"(?<![A-Za-z0-9_-])(?:{BARE}[ \t]*\.[ \t]*){{{MOST_PARTS}}}[A-Za-z0-9_-]"
)
_RECORD_HEADER: Final = re.compile(rf"\n\[\[(?:{'|'.join(KINDS)})\b")
_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BOUNDLESS: Final = re.compile(r"[0-9.]+[eE][+-]?[0-9_]{18,}")


def is_equal(version: str, python: tuple[int, ...]) -> bool:
    """
    Say whether tomli of that *version* reads what the `tomllib` of that *python* reads.

    tomli reads TOML 1.1 since 2.4, and `tomllib` since Python 3.15. Before 2.3.2 a compiled tomli
    could end the process on texts that nest deep.
    """
    parts = tuple(int(part) for part in version.split(".")[:3] if part.isdecimal())
    return (2, 3, 2) <= parts < (2, 4) and python < (3, 15)


USES_TOMLI: Final = tomli is not None and is_equal(tomli.__version__, sys.version_info[:2])


def read_toml(text: str) -> Table:
    """
    Return what ``tomllib.loads(text, parse_float=Decimal)`` returns.

    Raises:
        tomllib.TOMLDecodeError: *text* is not TOML.
        ValueError: It holds an integer of more digits than Python reads.
        decimal.InvalidOperation: It holds a number with an exponent beyond all bounds.
        RecursionError: It nests too deep.
    """
    if USES_TOMLI:
        try:
            return tomli.loads(text, parse_float=Decimal)  # type: ignore[no-any-return]
        except _UNREADABLE:
            pass
    return tomllib.loads(text, parse_float=Decimal)


def document_of(text: str, file: str, limits: Limits = LIMITS) -> Table:
    """
    Return the document that *text* holds; decimals are `decimal.Decimal`.

    Args:
        text: The contents of a TOML file.
        file: Its name, for the places of problems.
        limits: How much it may hold; it is refused before anything is built of it.

    Raises:
        LoadError: *text* is not TOML (CT002), nests too deep, holds too much or has too long a
            key (CT003), or holds a number of too many digits (CT104).
    """
    _check_amounts(text, file, limits)
    try:
        return read_toml(text)
    except tomllib.TOMLDecodeError as error:
        line, column, message = syntax_error(error, text)
        place = Location(file, line, column)
        hint = _syntax_hint(text.split("\n")[line - 1], message)
        problem = Problem(
            code="CT002", message=f"is not TOML: {message}", location=place, hint=hint
        )
        raise LoadError((problem,)) from error
    except RecursionError as error:
        message = f"nests deeper than {limits.nesting} levels"
        raise _refusal("CT003", message, text, 0, file) from error
    except InvalidOperation as error:
        offset = _first(_BOUNDLESS, text)
        raise _refusal("CT104", "a number has too large an exponent", text, offset, file) from error
    except ValueError as error:
        digits = sys.get_int_max_str_digits()
        offset = _first(re.compile(rf"[0-9](?:_?[0-9]){{{digits}}}"), text)
        raise _refusal(
            "CT104", f"a number has more than {digits} digits", text, offset, file
        ) from error


@attrs.frozen
class Rest:
    """
    What could be read of a text that is not TOML.

    Args:
        document: What the text holds without its broken parts.
        text: The text with the lines of its broken parts blank, so that places are the same.
        broken: The broken parts, one after the other.
        problems: What is wrong with each of them.
    """

    document: Table
    text: str
    broken: str
    problems: tuple[Problem, ...]


_HEADER: Final = re.compile(
    rf"^[ \t]*\[{{1,2}}[ \t]*({'|'.join(('registry', *KINDS))})\b(?![ \t]*[.-])"
    r"|^[ \t]*\[\[[ \t]*((?!true\b|false\b|inf\b|nan\b)[A-Za-z][A-Za-z0-9_-]*)[ \t]*\]\]",
    re.MULTILINE,
)
"""Where the next record begins, or the settings; the header need not be whole."""

_TABLE_WITHIN: Final = re.compile(r"^[ \t]*\[{1,2}[ \t]*([^\s.\]]+)[ \t]*\.", re.MULTILINE)
"""The header of a table in a record; the first part of its key is the kind of the record."""

_ACROSS: Final = 3
"""Errors between records, such as settings twice, that are looked for in one text."""


def readable_rest(text: str, file: str, error: LoadError, limits: Limits = LIMITS) -> Rest | None:
    """
    Read what stands beside the errors of a text that `document_of` refused with *error*.

    Each record is read on its own, from its header to the next, and what cannot be read is left
    out. The time is in proportion to the text.

    Returns:
        What is left; None if the text is refused for what it would take in memory, or if it is
        not clear where its records begin and end.
    """
    first = error.problems[0]
    starts = None if first.code == "CT003" else _parts(text)
    if starts is None:
        return None
    problems = dict(_problems_of_parts(text, starts, file, limits))
    part = _part_of(first, text, starts)
    if part < min(problems, default=len(text) + 1):  # it is one between two parts
        problems[part] = first
    for _ in range(_ACROSS):
        left, broken = _without(text, starts, problems)
        try:
            document = document_of(left, file, limits)
        except LoadError as again:
            (problem,) = again.problems
            part = _part_of(problem, text, starts)
            if part in problems or problem.code == "CT003":
                break
            problems[part] = problem
        else:
            return Rest(document, left, broken, tuple(problems.values()))
    return Rest({}, "", text, tuple(problems.values()))


def _parts(text: str) -> list[int] | None:
    """Return the offsets of the parts of *text*; None if a table may belong to another part."""
    starts: list[int] = []
    odd = None
    headers = [(0, None), *((one.start(), one[1] or one[2]) for one in _HEADER.finditer(text))]
    ends = [start for start, _ in headers[1:]] + [len(text)]
    for (start, kind), end in zip(headers, ends, strict=True):
        if any(one[1] != kind for one in _TABLE_WITHIN.finditer(text, start, end)):
            return None
        starts.append(start)
        if any(text.count(quotes, start, end) % 2 for quotes in ('"""', "'''")):
            if odd is None:
                odd = len(starts) - 1
            else:  # a text that begins in the one part and ends in the other
                del starts[odd + 1 :]
                odd = None
    return sorted({*starts})


def _problems_of_parts(
    text: str, starts: list[int], file: str, limits: Limits
) -> Iterator[tuple[int, Problem]]:
    line = 0
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        part = text[start:end]
        try:
            document_of(part.rstrip(" \t\r\n"), file, limits)
        except LoadError as error:
            (problem,) = error.problems
            place = _place_of(problem)
            place = attrs.evolve(place, line=line + place.line)
            yield start, attrs.evolve(problem, location=place)
        line += part.count("\n")


def _place_of(problem: Problem) -> Location:
    place = problem.location
    assert place is not None  # noqa: S101 - every error of a text has one
    return place


def _part_of(problem: Problem, text: str, starts: list[int]) -> int:
    """Return the start of the part that a problem stands in."""
    offset = 0
    for _ in range(_place_of(problem).line - 1):
        offset = text.index("\n", offset) + 1
    return starts[bisect_right(starts, offset) - 1]


def _without(text: str, starts: list[int], broken: Container[int]) -> tuple[str, str]:
    """Return *text* with the lines of its *broken* parts blank, and those parts."""
    left, taken = [], []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        part = text[start:end]
        if start in broken:
            taken.append(part)
            left.append("\n" * part.count("\n"))
        else:
            left.append(part)
    return "".join(left), "\n".join(taken)


_SLIPS: Final = (
    (
        "(<{7}|={7}|>{7})",
        "",
        "git left this mark of a conflict: keep one side, and take the marks out",
    ),
    (
        "[^#]*=[^\"'#]*[\u2018\u2019\u201c\u201d\u201e\u00ab]",
        "",
        'write straight quotes: "..."',
    ),
    (
        r"[^#]*=\s*[0-9]{4}-[0-9]{2}\s*([,}\]#]|$)",
        "",
        'write a month in quotes: "2019-12"',
    ),
    (r"[^#\"']*=\s*[0-9]{1,3}(,[0-9]{3})+\b", "", "write a number without commas: 1500"),
    (
        r"[^#]*\\",
        "(?i).*escape|.*hex",
        r"write a backslash twice, or put the text in single quotes: 'C:\folder'",
    ),
    (
        r'[^#\"\']*=\s*"[^"]*"[^\s,}\]#].*"',
        "",
        r"write a quotation mark within a text as \", or put the text in single quotes",
    ),
    ("", "(?i).*unclosed", "a comma or a closing bracket is missing"),
    (r"[^#]*[\[{,]\s*$", "Invalid value", "a value or a closing bracket is missing"),
)
"""What the line and the message of a syntax error look like, and what to do; the first counts."""

_LONGEST_HINTED: Final = 2_000
"""Characters of a line in which a slip is looked for."""


def _syntax_hint(line: str, message: str) -> str | None:
    if len(line) > _LONGEST_HINTED:
        return None
    for looks, says, hint in _SLIPS:
        if re.match(looks, line) and re.match(says, message):
            return hint
    return None


def syntax_error(error: tomllib.TOMLDecodeError, text: str) -> tuple[int, int, str]:
    """
    Return the line, the column and the message of an *error* in *text*.

    `tomllib` does not say that there is no such day, or takes its year for a number.
    """
    from claimtrack.files.positions import syntax_error_place  # noqa: PLC0415 - for errors only

    line, column, message = syntax_error_place(error, text)
    for found in _DAY.finditer(text.split("\n")[line - 1]):
        if found.start() < column <= found.end():
            try:
                parse_span(found[0])
            except SpanError as reason:
                message = reason.message
    return line, column, message


def _check_amounts(text: str, file: str, limits: Limits) -> None:
    """
    Refuse what is small as a text and large in memory.

    Raises:
        LoadError: *text* is such (CT003).
    """
    offset = _long_key(text)
    if offset is not None:
        raise _refusal("CT003", f"a key has more than {MOST_PARTS} parts", text, offset, file)
    brackets, dots = text.count("[") + text.count("{"), text.count(".")
    if brackets > limits.nesting and not _is_plainly_shallow(text, limits.nesting):
        offset = too_deep(text, _QUOTED, limits.nesting)
        if offset is not None:
            message = f"nests deeper than {limits.nesting} levels"
            raise _refusal("CT003", message, text, offset, file)
    if max(brackets, dots) > limits.tables:
        bare = _QUOTED.sub("", text)
        if max(bare.count("[") + bare.count("{"), bare.count(".")) > limits.tables:
            message = f"the file has more than {limits.tables} tables, lists and parts of keys"
            raise _refusal("CT003", message, text, 0, file)


def _is_plainly_shallow(text: str, most: int) -> bool:
    """Say whether no record opens more than *most* brackets; false if in doubt."""
    if '"""' in text or "'''" in text:
        return False  # a text over several lines may hold what looks like a header
    return all(part.count("[") + part.count("{") < most for part in _RECORD_HEADER.split(text))


def _long_key(text: str) -> int | None:
    """Return the offset of a key of more than `MOST_PARTS` parts, if *text* has one."""
    if max(map(str.count, text.split("\n"), repeat("."))) < MOST_PARTS:
        return None
    found = _MANY_PARTS.search(_QUOTED.sub(_blanked, text))
    return None if found is None else found.start()


def _blanked(found: re.Match[str]) -> str:
    """Return as many characters that stand for a part of a key, or for nothing where none can."""
    filler = " " if found[0][0] == "#" else "_"
    return filler * len(found[0])


def _first(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.search(text)
    return 0 if found is None else found.start()


def _refusal(code: str, message: str, text: str, offset: int, file: str) -> LoadError:
    place = Location(file, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))
    return LoadError((Problem(code=code, message=message, location=place),))
