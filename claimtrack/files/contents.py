"""
Read the contents of one file: UTF-8, packed with gzip or not, and never more than the limits allow.

A byte order mark at the beginning is dropped, for some editors on Windows write one; anywhere else
it is a character like any other. Lines end with a line feed.
"""

import gzip
import io
import zlib
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from io import BufferedReader
from typing import BinaryIO, Final, TypeAlias, cast

import attrs

from claimtrack.errors import LoadError, Location, Problem
from claimtrack.files.limits import LIMITS, UNPACKED_FREE, Limits

ENDINGS: Final = (".toml", ".jsonl", ".jsonl.gz")
"""How the names of the files of a registry end."""

Block: TypeAlias = tuple[int, str, int]
"""The number of a line, counted from 1, the text from there on, and how many lines that is."""


@attrs.frozen
class File:
    """
    One file of a registry, on disk or in memory.

    Args:
        name: Stands in errors; its ending tells the form.
        open: Opens it for reading; may raise an `OSError`.
    """

    name: str
    open: Callable[[], BinaryIO]


_NOT_GZIP: Final = (gzip.BadGzipFile, EOFError, zlib.error)
_UNREADABLE: Final = (OSError, EOFError, zlib.error)
BUFFER: Final = 1 << 15  # larger ones cost more: the system maps them anew each time


def read_text(file: File, limits: Limits = LIMITS) -> str:
    """
    Return the text of one file.

    Raises:
        LoadError: It cannot be read (CT001), is not UTF-8 or no whole gzip file (CT002), or is
            larger than the limits allow (CT003).
    """
    return _decoded(read_bytes(file, limits.text_bytes), file, 1)


def read_bytes(file: File, most: int) -> bytes:
    """
    Return the bytes of one file, unpacked, if they are not more than *most*.

    Raises:
        LoadError: As `read_text` does, but for bytes that are not UTF-8.
    """
    try:
        with file.open() as raw, _unpacked(file, raw) as unpacked:
            content = unpacked.read(most + 1)
    except _UNREADABLE as error:
        raise _unreadable(error, file, 1) from error
    if len(content) > most:
        raise _refusal("CT003", f"the file has more than {most} bytes", file, 1)
    return content.removeprefix(BOM_UTF8)


def blocks_of(
    file: File, limits: Limits = LIMITS, tell: Callable[[int], object] | None = None
) -> Iterator[Block]:
    """
    Iterate over the text of one file in blocks of whole lines; the last line may have no line feed.

    Args:
        file: What is read.
        limits: How long it and its lines may be.
        tell: Is told, before each block, how many bytes on disk have been read so far.

    Raises:
        LoadError: As `read_text` does, after the lines before the one where it is noticed; in a
            packed file, some of those before a damage may be lost with it.
    """
    number = 1
    try:
        with file.open() as raw, _unpacked(file, raw) as unpacked:
            size = 0
            for block, lines in _blocks_of_lines(unpacked, file, limits):
                size += len(block)
                _check_amount(file, raw, size, number + lines - 1, limits)
                if tell is not None:
                    tell(raw.tell())
                whole = block.removeprefix(BOM_UTF8) if number == 1 else block
                yield from _texts(whole, file, number, lines)
                number += lines
    except _UNREADABLE as error:
        raise _unreadable(error, file, number) from error


def _check_amount(file: File, raw: BinaryIO, size: int, lines: int, limits: Limits) -> None:
    """
    Refuse more lines than there may be, and a small packed file that unpacks to a large one.

    Raises:
        LoadError: It is such a file (CT003).
    """
    if lines > limits.lines:
        message = f"the file has more than {limits.lines} lines"
        raise _refusal("CT003", message, file, limits.lines + 1)
    # A file that is not packed never gets there.
    if size > UNPACKED_FREE + limits.unpacked * raw.tell():
        message = f"the file unpacks to more than {limits.unpacked} times its bytes"
        raise _refusal("CT003", message, file, 1)


def blocks_in(text: str, size: int = BUFFER) -> Iterator[Block]:
    """
    Iterate over *text* in blocks of whole lines; the last line may have no line feed.

    Args:
        text: Lines.
        size: Each block but the last has more characters than these, by less than a line.
    """
    number, start = 1, 0
    while start < len(text):
        end = (text.find("\n", start + size) + 1) or len(text)
        block = text[start:end]
        lines = block.count("\n") + (not block.endswith("\n"))
        yield number, block, lines
        number, start = number + lines, end


def _texts(block: bytes, file: File, number: int, lines: int) -> Iterator[Block]:
    """Give the text of *block*; of one that is not UTF-8 the lines before the one that is not."""
    try:
        text = block.decode()
    except UnicodeDecodeError as error:
        sound = block[: block.rfind(b"\n", 0, error.start) + 1]
        if sound:
            yield number, sound.decode(), sound.count(b"\n")
        _decoded(block, file, number)  # which says where it is
    else:
        yield number, text, lines


def _blocks_of_lines(unpacked: BinaryIO, file: File, limits: Limits) -> Iterator[tuple[bytes, int]]:
    """Iterate over blocks of whole lines within *limits*, each with its number of lines."""
    size = min(BUFFER, limits.line_bytes)  # so that no line within one read is too long
    rest, left, number = b"", limits.lines_bytes, 1
    while read := unpacked.read(size):
        left -= len(read)
        if left < 0:
            raise _refusal("CT003", f"the file has more than {limits.lines_bytes} bytes", file, 1)
        first = read.find(b"\n") + 1
        if len(rest) + (first or len(read)) > limits.line_bytes:
            message = f"the line has more than {limits.line_bytes} bytes"
            raise _refusal("CT003", message, file, number)
        end = read.rfind(b"\n") + 1
        if end:
            lines = read.count(b"\n")
            yield rest + read[:end], lines
            number += lines
        rest = read[end:] if end else rest + read
    if rest:
        yield rest, 1


def _unpacked(file: File, raw: BinaryIO) -> BinaryIO:
    if file.name.endswith(".gz"):
        # GzipFile reads small pieces; a reader around it asks it for large ones.
        packed = gzip.GzipFile(fileobj=raw)
        return BufferedReader(cast("io.RawIOBase", packed), BUFFER)
    return raw


def _decoded(content: bytes, file: File, line: int) -> str:
    """Return the text of *content*, whose first line is *line*."""
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        start = content.rfind(b"\n", 0, error.start) + 1
        line += content.count(b"\n", 0, start)
        column = len(content[start : error.start].decode()) + 1
        message = f"the byte 0x{content[error.start]:02x} is not UTF-8"
        raise _refusal(
            "CT002", message, file, line, column, "save the file with the encoding UTF-8"
        ) from None


def reason_of(error: Exception) -> str:
    """Return what the system says about *error*, without the file that it is about."""
    return getattr(error, "strerror", None) or str(error)


def _unreadable(error: Exception, file: File, line: int) -> LoadError:
    if isinstance(error, _NOT_GZIP):
        return _refusal("CT002", f"is not gzip, or not all of it: {error}", file, line)
    message = f"{file.name!r} cannot be read: {reason_of(error)}"
    return LoadError((Problem(code="CT001", message=message),))


def _refusal(  # noqa: PLR0913, PLR0917
    code: str, message: str, file: File, line: int, column: int = 1, hint: str | None = None
) -> LoadError:
    place = Location(file.name, line, column)
    return LoadError((Problem(code=code, message=message, location=place, hint=hint),))
