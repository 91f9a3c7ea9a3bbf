r"""
Say where each key and each element stands in a TOML text.

`tomllib` gives values without places, and a problem needs ``file:line:column``. So a text in which
a problem was found is read a second time, by a scanner that looks only for where things begin.
What is valid has been decided before it starts. It keeps a stack of its own in place of recursion,
and its time is linear in the text and in the length of the paths that it returns.

Lines and columns count from 1; a column counts characters (code points), not bytes or cells.

The tokens of TOML 1.0 are expressions that take a valid text apart in linear time. Each loop is
unrolled (``a*(?:b a*)*`` with a and b that begin differently), so that no text makes them go back
over what they have read more than once. They know no carriage returns: ``\r\n`` is replaced by a
line feed first, as `tomllib` does.
"""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import accumulate, count
from typing import Final, TypeAlias

BARE: Final = "[A-Za-z0-9_-]+"
BASIC: Final = r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"'
LITERAL: Final = r"'[^'\n]*'"
# A text over several lines ends with three quotes, and up to two more may stand before those.
LONG_BASIC: Final = r'"""[^"\\]*(?:(?:\\.|""?(?!"))[^"\\]*)*"{3,5}'
LONG_LITERAL: Final = r"'''[^']*(?:''?(?!')[^']*)*'{3,5}"
# Numbers, dates and words; a date and its time may stand apart by one space.
ATOM: Final = r"[^\s,\]}#\"']+(?: [0-9]{2}:[^\s,\]}#]+)?"

SCALAR: Final = re.compile(f"{LONG_BASIC}|{LONG_LITERAL}|{BASIC}|{LITERAL}|{ATOM}", re.DOTALL)
"""One value that is neither an array nor an inline table."""

KEY_PART: Final = re.compile(f"({BARE}|{BASIC}|{LITERAL})[ \t]*([.]?)[ \t]*")
"""One part of a key (group 1), and the dot after it where another part follows (group 2)."""

BETWEEN_STATEMENTS: Final = re.compile(r"[ \t\n]*(?:#[^\n]*[ \t\n]*)*")
BETWEEN_ELEMENTS: Final = re.compile(r"[ \t\n,]*(?:#[^\n]*[ \t\n,]*)*")
EQUALS: Final = re.compile("=[ \t]*")


def key_text(part: str) -> str:
    r"""
    Return what one *part* of a key says, without its quotes and escapes.

    Example:
        >>> key_text(r'"\u00fcber"')
        'über'
    """
    if part[0] == "'" or (part[0] == '"' and "\\" not in part):
        return part[1:-1]
    if part[0] == '"':
        text: str = tomllib.loads(f"key = {part}")["key"]
        return text
    return part


def _within(depth: int) -> str:
    """Return an expression for a value on one line with at most *depth* brackets in brackets."""
    inner = f"(?!\"\"\"){BASIC}|(?!'''){LITERAL}"
    if depth:
        inner = rf"{inner}|[\[{{]{_within(depth - 1)}[\]}}]"
    plain = r"[^\[\]{}\"'#\n]*"
    return f"{plain}(?:(?:{inner}){plain})*"


# A run is bounded because the engine remembers each of its lines until the run ends.
PLAIN_LINES: Final = re.compile(
    rf"(?:[ \t]*(?:[A-Za-z0-9_.-][A-Za-z0-9_. \t-]*={_within(3)})?(?:#[^\n]*)?\n){{0,500}}"
)
"""
Lines that are each blank, a comment, or one bare key with the whole of its value.

Values with brackets more than three deep, with texts in three quotes, or over several lines are
left out, so that whoever reads on has to walk over them token by token.
"""

Path: TypeAlias = tuple[str | int, ...]
"""Keys and indexes that lead from the document to a value: ``("claim", 3, "due")``."""

Place: TypeAlias = tuple[int, int]
"""A line and a column."""

_BLANKS: Final = re.compile("[ \t]*")
_OPENING: Final = frozenset("[{")
_CLOSING: Final = frozenset("]}")
_ERROR_PLACE: Final = re.compile(
    r"(.*) \(at (?:line ([0-9]+), column ([0-9]+)|end of document)\)", re.DOTALL
)


def positions(text: str) -> Mapping[Path, Place]:
    r"""
    Return where each key and each element of *text* stands.

    A key stands where its own part of a dotted key begins; an element of an array where its value
    begins. A table or an element of an array of tables that has a header stands where its header
    begins (the bracket); one that is only implied, where the first header that implies it begins.

    Args:
        text: TOML that `tomllib.loads` accepts.

    Returns:
        A place for each path of the document that `tomllib.loads` returns, and for no other path;
        the document itself, the path ``()``, has none.

    Raises:
        ValueError: *text* is not TOML. Not every such text is noticed.

    Example:
        >>> positions('[[claim]]\ncriterion = { all = [{ event = "e" }] }')
        {('claim',): (1, 1), ('claim', 0): (1, 1), ('claim', 0, 'criterion'): (2, 1),
         ('claim', 0, 'criterion', 'all'): (2, 15), ('claim', 0, 'criterion', 'all', 0): (2, 22),
         ('claim', 0, 'criterion', 'all', 0, 'event'): (2, 24)}
    """
    scanner = Scanner(text.replace("\r\n", "\n"))
    scanner.read()
    starts = list(accumulate((len(line) + 1 for line in scanner.text.split("\n")), initial=0))
    return {path: _place(starts, offset) for path, offset in scanner.found.items()}


def _place(starts: list[int], offset: int) -> Place:
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1


def header_lines(text: str) -> list[tuple[tuple[str, ...], int, int]]:
    r"""
    Return the key, the index and the line of each ``[[...]]`` header of *text*, in their order.

    The index counts from 0 within the array that the header adds to: the readings of each claim
    have their own. Lines without brackets are passed over many at a time, so this takes a
    quarter of the time that `tomllib` takes.

    Args:
        text: TOML that `tomllib.loads` accepts.

    Raises:
        ValueError: *text* is not TOML. Not every such text is noticed.

    Example:
        >>> header_lines("[[claim]]\nid = 'a'\n[[claim]]\n[[claim.reading]]\n")
        [(('claim',), 0, 1), (('claim',), 1, 3), (('claim', 'reading'), 0, 4)]
    """
    scanner = Scanner(text.replace("\r\n", "\n"))
    text, found = scanner.text, []
    line, counted = 1, 0
    while scanner.pass_plain_lines():
        scanner.found.clear()
        start = scanner.at
        scanner.statement()
        if text.startswith("[[", start):
            line += text.count("\n", counted, start)
            counted = start
            found.append((*scanner.newest_element(), line))
    return found


def syntax_error_place(error: ValueError, text: str) -> tuple[int, int, str]:
    """
    Return the line, the column and the message of what `tomllib` says about *text*.

    Args:
        error: A `tomllib.TOMLDecodeError`, or the one of the `tomli` library. Since Python 3.14
            it carries its place; before, the place is read from the end of its message.
        text: What was read. The end of the document is the place after its last character.

    Returns:
        Line and column from 1, and the message without its place. An error that names no place
        is one about line 1, column 1.
    """
    message = str(error)
    found = _ERROR_PLACE.fullmatch(message)
    if found is None:
        return 1, 1, message
    if found[2] is not None:
        return int(found[2]), int(found[3]), found[1]
    text = text.replace("\r\n", "\n")
    return text.count("\n") + 1, len(text) - text.rfind("\n"), found[1]


class Scanner:
    """
    Walk over one TOML text and note the offset of whatever has a path.

    Args:
        text: Valid TOML, its lines ended by line feeds alone.
        at: The offset of the statement to begin with.
    """

    def __init__(self, text: str, at: int = 0) -> None:
        self.text = text
        self.at = at
        self.found: dict[Path, int] = {}
        self._table: Path = ()
        self._lengths: dict[Path, int] = {}  # of the arrays of tables

    def read(self) -> None:
        """Walk to the end of the text."""
        while self._skip(BETWEEN_STATEMENTS) < len(self.text):
            self.statement()

    def pass_plain_lines(self) -> bool:
        """Walk to a statement that is not plain and say whether there is one."""
        before = -1
        while before < self.at:
            before, _ = self.at, self._skip(PLAIN_LINES)
        return self._skip(BETWEEN_STATEMENTS) < len(self.text)

    def newest_element(self) -> tuple[tuple[str, ...], int]:
        """Return the key and the index of the array element whose header came last."""
        *path, index = self._table
        return tuple(part for part in path if isinstance(part, str)), int(index)

    def statement(self) -> None:
        """Walk over one header, or over one key with its value."""
        if self.text[self.at] == "[":
            self._header()
        else:
            self._value(self._key_under(self._table))

    def _header(self) -> None:
        start = self.at
        is_element = self.text.startswith("[[", start)
        self.at += 2 if is_element else 1
        self._skip(_BLANKS)
        *parents, last = [part for part, _ in self._key()]
        path: Path = ()
        for part in parents:
            path = (*path, part)
            self.found.setdefault(path, start)
            path = self._inside(path)
        path = (*path, last)
        if is_element:
            self.found.setdefault(path, start)
            self._lengths[path] = self._lengths.get(path, 0) + 1
            path = self._inside(path)
        self.found[path] = start
        self._table = path
        self.at += 2 if is_element else 1

    def _inside(self, path: Path) -> Path:
        """Return the path of the last element where *path* is an array of tables, else *path*."""
        length = self._lengths.get(path)
        return path if length is None else (*path, length - 1)

    def _key(self) -> Iterator[tuple[str, int]]:
        """Walk over a key and give each of its parts with its offset."""
        while True:
            part = KEY_PART.match(self.text, self.at)
            if part is None:
                raise self._not_toml()
            yield key_text(part[1]), self.at
            self.at = part.end()
            if not part[2]:
                return

    def _key_under(self, path: Path) -> Path:
        """Walk over a key and its equals sign, and return the path of the value after it."""
        for part, offset in self._key():
            path = (*path, part)
            self.found.setdefault(path, offset)
        self._skip(EQUALS)
        return path

    def _value(self, path: Path) -> None:
        """Walk over one value and all that is in it."""
        waiting: list[tuple[Path, Iterator[int] | None]] = []  # arrays have indexes to give
        while True:
            char = self.text[self.at : self.at + 1]
            if char in _OPENING:
                waiting.append((path, count() if char == "[" else None))
                self.at += 1
            else:
                self._skip(SCALAR)
            while waiting and self._next_in(BETWEEN_ELEMENTS) in _CLOSING:
                waiting.pop()
                self.at += 1
            if not waiting:
                return
            path, indexes = waiting[-1]
            if indexes is None:
                path = self._key_under(path)
            else:
                path = (*path, next(indexes))
                self.found[path] = self.at

    def _next_in(self, pattern: re.Pattern[str]) -> str:
        """Walk over *pattern* and return the character after it; at the end of the text, none."""
        at = self._skip(pattern)
        return self.text[at : at + 1]

    def _skip(self, pattern: re.Pattern[str]) -> int:
        found = pattern.match(self.text, self.at)
        if found is None:
            raise self._not_toml()
        self.at = found.end()
        return self.at

    def _not_toml(self) -> ValueError:
        return ValueError(f"not TOML at offset {self.at}: {self.text[self.at : self.at + 20]!r}")
