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
import sys
import tomllib
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from itertools import count
from typing import AnyStr, Final, Generic, NamedTuple, TypeAlias

import attrs

from claimtrack.files.toml import BARE, BASIC, LITERAL, LONG_BASIC, LONG_LITERAL

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
    lines = Lines(scanner.text, "\n")
    return {path: lines.place(offset) for path, offset in scanner.found.items()}


class Lines(Generic[AnyStr]):
    """
    Where the lines of a text begin, found without keeping a number for each of them.

    Args:
        text: Lines, as characters or bytes.
        end: What ends a line: one character or byte.
    """

    _PIECE: Final = 1 << 13

    def __init__(self, text: AnyStr, end: AnyStr) -> None:
        self._text: AnyStr = text
        self._end: AnyStr = end
        self._before = array("q", [0])  # ends of lines before each piece of the text
        for start in range(0, len(text), self._PIECE):
            count_ = text.count(end, start, start + self._PIECE)
            self._before.append(self._before[-1] + count_)

    def place(self, offset: int) -> Place:
        """Return the line and the column of an offset."""
        piece = offset // self._PIECE
        ends = self._text.count(self._end, piece * self._PIECE, offset)
        return self._before[piece] + ends + 1, offset - self._text.rfind(self._end, 0, offset)

    def line(self, number: int) -> AnyStr:
        """Return one line by its number from 1, without its end; an empty one if there is none."""
        if not 0 < number <= self._before[-1] + 1:
            return self._text[:0]
        piece = max(bisect_left(self._before, number - 1) - 1, 0)
        start = piece * self._PIECE
        for _ in range(number - 1 - self._before[piece]):
            start = self._text.index(self._end, start) + 1
        end = self._text.find(self._end, start)
        return self._text[start:] if end < 0 else self._text[start:end]


MAX_PLACES: Final = 20_000
"""Keys and elements of one record that are placed; further ones stand where their record does."""


class Positions:
    """
    Where the keys and elements of a TOML text stand, worked out record by record when asked for.

    A problem needs the place of one key of one record. So the text is walked over once to see
    which headers belong to which record, and then only the records that are asked about are.

    Args:
        text: TOML that `tomllib.loads` accepts.

    Raises:
        ValueError: *text* is not TOML. Not every such text is noticed.
    """

    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n")
        self._lines = Lines(self._text, "\n")
        self._starts = array("q")
        self.tables: list[Path] = []
        self._ends = array("q")  # of the headers
        self._sections: dict[Path, list[int]] = {}
        self._first: dict[Path, int] = {}  # where each array or table is first named
        scanner = Scanner(self._text, most=0)
        while scanner.pass_plain_lines():
            start = scanner.at
            scanner.statement()
            if self._text[start] == "[":
                self._add(start, scanner.at, scanner.table)
        self._starts.append(len(self._text))
        self._root: dict[Path, int] | None = None
        self._record: tuple[Path, dict[Path, int]] = ((), {})

    def _add(self, start: int, end: int, table: Path) -> None:
        self._sections.setdefault(_owner(table), []).append(len(self.tables))
        if len(table) == 1:
            self._first[table] = start
        self._first.setdefault(table[:1], start)
        self._starts.append(start)
        self._ends.append(end)
        self.tables.append(table)

    def nearest(self, path: Path) -> Place | None:
        """Return the place of *path*, or of the nearest path above it that has one."""
        owner = _owner(path)
        for found in (self._in_record(owner), self._in_root(), self._first):
            for length in range(len(path), 0, -1):
                if path[:length] in found:
                    return self._lines.place(found[path[:length]])
        return None

    def _in_record(self, owner: Path) -> dict[Path, int]:
        """Return the offsets in all the sections of one record."""
        if self._record[0] == owner:
            return self._record[1]
        found: dict[Path, int] = {}
        for number in self._sections.get(owner, ()):
            table, start = self.tables[number], self._starts[number]
            for length in range(len(owner), len(table)):
                found.setdefault(table[:length], start)
            found[table] = start
            self._walk(found, table, self._ends[number], self._starts[number + 1])
        self._record = owner, found
        return found

    def _in_root(self) -> dict[Path, int]:
        """Return the offsets of what stands before the first header."""
        if self._root is None:
            self._root = {}
            self._walk(self._root, (), 0, self._starts[0])
        return self._root

    def _walk(self, found: dict[Path, int], table: Path, start: int, end: int) -> None:
        scanner = Scanner(self._text, start, MAX_PLACES)
        scanner.found, scanner.table = found, table
        while scanner.skip_blank() < end:
            scanner.statement()


def _owner(path: Path) -> Path:
    """Return the path of the record that *path* leads into, or of the table."""
    return path[:2] if len(path) > 1 and isinstance(path[1], int) else path[:1]


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
    scanner = Scanner(text.replace("\r\n", "\n"), most=0)
    text, found = scanner.text, []
    line, counted = 1, 0
    while scanner.pass_plain_lines():
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


class Extent(NamedTuple):
    """
    Where a value stands, in offsets.

    Args:
        key: Where its key begins, with all parts of a dotted one; *start* for an element.
        start: Where the value begins.
        end: The offset after its last character.
    """

    key: int
    start: int
    end: int


@attrs.frozen
class Layout:
    """
    Where all of a TOML text stands.

    Args:
        headers: The offset after each header, by the path of its table; 0 for the document.
        entries: What stands under each header, and in the brackets of each inline table and array,
            in order.
        extents: Where each value stands that is written with an equals sign or as an element.
    """

    headers: dict[Path, int]
    entries: dict[Path, list[Path]]
    extents: dict[Path, Extent]


def layout_of(text: str) -> Layout:
    """
    Return where all of *text* stands, which is valid TOML with line feeds alone at line ends.

    Raises:
        ValueError: *text* is not TOML. Not every such text is noticed.
    """
    layout = Layout({(): 0}, {(): []}, {})
    Scanner(text, most=0, layout=layout).read()
    return layout


class Scanner:
    """
    Walk over one TOML text and note the offset of whatever has a path.

    Args:
        text: Valid TOML, its lines ended by line feeds alone.
        at: The offset of the statement to begin with.
        most: Paths that are noted; further ones are walked over.
        layout: Where to note the whole extent of what is walked over, if that is wanted.
    """

    def __init__(
        self,
        text: str,
        at: int = 0,
        most: int = sys.maxsize,
        layout: "Layout | None" = None,
    ) -> None:
        self.text = text
        self.layout = layout
        self.at = at
        self.most = most
        self.found: dict[Path, int] = {}
        self.table: Path = ()
        self._lengths: dict[Path, int] = {}  # of the arrays of tables

    def read(self) -> None:
        """Walk to the end of the text."""
        while self.skip_blank() < len(self.text):
            self.statement()

    def skip_blank(self) -> int:
        """Walk over blanks and comments, and return the offset of what follows."""
        return self._skip(BETWEEN_STATEMENTS)

    def _note(self, path: Path, offset: int) -> None:
        if len(self.found) < self.most:
            self.found.setdefault(path, offset)

    def pass_plain_lines(self) -> bool:
        """Walk to a statement that is not plain and say whether there is one."""
        before = -1
        while before < self.at:
            before, _ = self.at, self._skip(PLAIN_LINES)
        return self._skip(BETWEEN_STATEMENTS) < len(self.text)

    def newest_element(self) -> tuple[tuple[str, ...], int]:
        """Return the key and the index of the array element whose header came last."""
        *path, index = self.table
        return tuple(part for part in path if isinstance(part, str)), int(index)

    def statement(self) -> None:
        """Walk over one header, or over one key with its value."""
        if self.text[self.at] == "[":
            self._header()
            if self.layout is not None:
                self.layout.headers[self.table] = self.at
                self.layout.entries[self.table] = []
        else:
            start = self.at
            self._value(self._key_under(self.table), self.table, start)

    def _header(self) -> None:
        start = self.at
        is_element = self.text.startswith("[[", start)
        self.at += 2 if is_element else 1
        self._skip(_BLANKS)
        *parents, last = [part for part, _ in self._key()]
        path: Path = ()
        for part in parents:
            path = (*path, part)
            self._note(path, start)
            path = self._inside(path)
        path = (*path, last)
        if is_element:
            self._note(path, start)
            self._lengths[path] = self._lengths.get(path, 0) + 1
            path = self._inside(path)
        if self.most:
            self.found[path] = start
        self.table = path
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
            self._note(path, offset)
        self._skip(EQUALS)
        return path

    def _value(self, path: Path, table: Path, key: int) -> None:
        """
        Walk over one value and all that is in it.

        Args:
            path: That of the value.
            table: That of the table whose header or braces it stands under.
            key: The offset at which its key begins.
        """
        # Arrays have indexes to give.
        waiting: list[tuple[Path, Iterator[int] | None, int, int]] = []
        while True:
            if self.layout is not None:
                self.layout.entries.setdefault(table, []).append(path)
            start = self.at
            char = self.text[start : start + 1]
            if char in _OPENING:
                waiting.append((path, count() if char == "[" else None, key, start))
                self.at += 1
            else:
                self._skip(SCALAR)
                self._note_extent(path, key, start)
            while waiting and self._next_in(BETWEEN_ELEMENTS) in _CLOSING:
                self.at += 1
                ended, _, key, start = waiting.pop()
                self._note_extent(ended, key, start)
            if not waiting:
                return
            (table, indexes, _, _), key = waiting[-1], self.at
            if indexes is None:
                path = self._key_under(table)
            else:
                path = (*table, next(indexes))
                self._note(path, self.at)

    def _note_extent(self, path: Path, key: int, start: int) -> None:
        if self.layout is not None:
            self.layout.extents[path] = Extent(key, start, self.at)

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
