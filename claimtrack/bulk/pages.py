"""
What the pages of a Parquet file state of themselves.

A file is made of pages, and the header of each, in Thrift's compact protocol, states how many bytes
it unpacks to and how many values it holds. Readers take as much memory as is stated, and no library
tells these numbers beforehand: the totals at the end of the file are stated apart, and may be
smaller. So the headers are read here, and nothing else is unpacked.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO, Final

import attrs

_HEADERS: Final = (1 << 12, 1 << 16, 1 << 20)
"""Bytes that are read for a header; the next if they do not suffice, and no header is longer."""

_DEEPEST: Final = 16
"""Fields of a header in fields; four in those that the format has."""

_KIND, _UNPACKED, _PACKED = 1, 2, 3
"""The numbers of the fields of a header."""
_DATA, _DICTIONARY, _DATA_V2 = 0, 2, 3
"""The kinds of pages that hold values."""
_ABOUT: Final = {_DATA: 5, _DICTIONARY: 7, _DATA_V2: 8}
"""The number of the field with what belongs to a kind, in which field 1 counts the values."""


class PageError(ValueError):
    """Say that the pages of a file are not as its end has them."""


@attrs.frozen
class Page:
    """
    A page by its header.

    Args:
        unpacked: Bytes when unpacked.
        values: How many values it holds.
    """

    unpacked: int
    values: int


def pages_of(file: BinaryIO, size: int, metadata: Any) -> Iterator[Page]:  # noqa: ANN401
    """
    Iterate over the pages of all columns of a file.

    Args:
        file: The open file.
        size: Its bytes.
        metadata: What Arrow has read at its end.

    Raises:
        PageError: A header cannot be read, or columns lie outside of the file or share bytes.
        OSError: The file cannot be read.
    """
    left = size
    for group in map(metadata.row_group, range(metadata.num_row_groups)):
        for column in map(group.column, range(group.num_columns)):
            # Some readers stop at the values of the column, and others at the rows of the group.
            values = max(column.num_values, group.num_rows)
            if values <= 0:
                continue  # nothing of it is read, and some writers give it no place
            start, packed = _start(column), column.total_compressed_size
            left -= packed
            if start < 0 or packed < 0 or start + packed > size or left < 0:
                raise PageError("its columns lie outside of it, or share bytes")
            yield from _pages(file, start, start + packed, values)


def _start(column: Any) -> int:  # noqa: ANN401 - Arrow has no types
    """Return where the first page of *column* is; all readers have to take the same for it."""
    dictionary, data = column.dictionary_page_offset, column.data_page_offset
    if not dictionary:
        return int(data)
    if not len(b"PAR1") <= dictionary < data:
        raise PageError("a dictionary does not stand before its column")
    return int(dictionary)


def _pages(file: BinaryIO, start: int, end: int, values: int) -> Iterator[Page]:
    """Iterate over the pages from *start* on until there are so many *values*, as readers do."""
    while values > 0:
        header, length = _header(file, start, end)
        start += length + _number(header, _PACKED)
        if start > end:
            raise PageError("a page is longer than its column")
        kind = _number(header, _KIND)
        about = header.get(_ABOUT.get(kind, 0))
        count = _number(about, 1) if isinstance(about, dict) else 0
        if kind != _DICTIONARY:
            values -= count
        yield Page(_number(header, _UNPACKED), count)


def _number(fields: dict[int, Any], field: int) -> int:
    found = fields.get(field)
    if not isinstance(found, int) or found < 0:
        raise PageError("the header of a page states no size")
    return found


def _header(file: BinaryIO, start: int, end: int) -> tuple[dict[int, Any], int]:
    """Return the fields of the header at *start*, and its length."""
    for length in _HEADERS:
        file.seek(start)
        reader = _Thrift(file.read(min(length, end - start)))
        try:
            return reader.struct(), reader.at
        except IndexError:
            if length >= end - start:
                break
    raise PageError("the header of a page has no end")


class _Thrift:
    """
    A reader of Thrift's compact protocol.

    Args:
        text: The bytes that are read; an `IndexError` says that they do not suffice.

    Attributes:
        at: How many have been read.
    """

    def __init__(self, text: bytes) -> None:
        self._text = text
        self.at = 0

    def struct(self, depth: int = 0) -> dict[int, Any]:
        """Return the numbers and structs among the fields, by the number of the field."""
        if depth > _DEEPEST:
            raise PageError("the header of a page is nested too deep")
        found: dict[int, Any] = {}
        field = 0
        while first := self._byte():
            step = first >> 4
            field = field + step if step else self._integer()
            found[field] = self._value(first & 15, depth)
        return found

    def _value(self, type_: int, depth: int) -> Any:  # noqa: ANN401 - any of Thrift's types
        match type_:
            case 1 | 2:
                return type_ == 1
            case 3:
                return self._byte()
            case 4 | 5 | 6:
                return self._integer()
            case 7 | 8:
                return self._skip(8 if type_ == 7 else self._varint())  # noqa: PLR2004 - a double
            case 9 | 10:
                return self._list(depth)
            case 12:
                return self.struct(depth + 1)
        raise PageError("the header of a page cannot be read")

    def _list(self, depth: int) -> None:
        if depth > _DEEPEST:
            raise PageError("the header of a page is nested too deep")
        first = self._byte()
        count = first >> 4
        if count == 15:  # noqa: PLR2004 - the mark of a count that follows
            count = self._varint()
        for _ in range(count):
            if first & 15 in {1, 2}:  # in a list a truth value is a byte of its own
                self._byte()
            else:
                self._value(first & 15, depth + 1)

    def _byte(self) -> int:
        byte = self._text[self.at]
        self.at += 1
        return byte

    def _skip(self, count: int) -> None:
        self.at += count
        if self.at > len(self._text):
            raise IndexError

    def _varint(self) -> int:
        number = shift = 0
        while True:
            byte = self._byte()
            number |= (byte & 127) << shift
            shift += 7
            if byte < 128:  # noqa: PLR2004 - the high bit says that more follow
                return number
            if shift > 63:  # noqa: PLR2004 - bits of the longest number
                raise PageError("the header of a page holds a number that is too long")

    def _integer(self) -> int:
        number = self._varint()
        return number >> 1 ^ -(number & 1)
