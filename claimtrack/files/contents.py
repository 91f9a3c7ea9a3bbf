"""
Read the contents of one file: UTF-8, packed with gzip or not, and never more than the limits allow.

A byte order mark at the beginning is dropped, for some editors on Windows write one; anywhere else
it is a character like any other. Lines end with a line feed.
"""

import gzip
import io
import zlib
from codecs import BOM_UTF8
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, Final, cast

from claimtrack.errors import LoadError, Location, Problem
from claimtrack.files.limits import LIMITS, Limits

ENDINGS: Final = (".toml", ".jsonl", ".jsonl.gz")
"""How the names of the files of a registry end."""

_NOT_GZIP: Final = (gzip.BadGzipFile, EOFError, zlib.error)
_UNREADABLE: Final = (OSError, EOFError, zlib.error)
_BUFFER: Final = 1 << 20


def read_text(path: Path, limits: Limits = LIMITS) -> str:
    """
    Return the text of one file.

    Raises:
        LoadError: It cannot be read (CT001), is not UTF-8 or no whole gzip file (CT002), or is
            larger than the limits allow (CT003).
    """
    try:
        with _opened(path) as file:
            content = file.read(limits.text_bytes + 1)
    except _UNREADABLE as error:
        raise _unreadable(error, path, 1) from error
    if len(content) > limits.text_bytes:
        raise _refusal("CT003", f"the file has more than {limits.text_bytes} bytes", path, 1)
    return _decoded(content.removeprefix(BOM_UTF8), path, 1)


def lines_of(path: Path, limits: Limits = LIMITS) -> Iterator[tuple[int, str]]:
    """
    Iterate over the lines of one file, numbered from 1, each with its line feed.

    Raises:
        LoadError: As `read_text` does, once the line is reached at which it is noticed.
    """
    number = 0
    try:
        with _opened(path) as file:
            for number, line in enumerate(_bounded(file, path, limits), 1):
                yield number, _decoded(line, path, number)
    except _UNREADABLE as error:
        raise _unreadable(error, path, number + 1) from error


def _bounded(file: BinaryIO, path: Path, limits: Limits) -> Iterator[bytes]:
    """Iterate over the lines of *file* while they and the whole stay within *limits*."""
    left, longest, number = limits.lines_bytes, limits.line_bytes, 0
    while line := file.readline(longest + 1):
        number += 1
        left -= len(line)
        if len(line) > longest:
            raise _refusal("CT003", f"the line has more than {longest} bytes", path, number)
        if left < 0:
            message = f"the file has more than {limits.lines_bytes} bytes"
            raise _refusal("CT003", message, path, number)
        yield line.removeprefix(BOM_UTF8) if number == 1 else line


def _opened(path: Path) -> BinaryIO:
    if path.name.endswith(".gz"):
        # GzipFile reads lines in Python; a reader around it does so in C.
        return BufferedReader(cast("io.RawIOBase", gzip.open(path)), _BUFFER)
    return path.open("rb", buffering=_BUFFER)


def _decoded(content: bytes, path: Path, line: int) -> str:
    """Return the text of *content*, whose first line is *line*."""
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        start = content.rfind(b"\n", 0, error.start) + 1
        line += content.count(b"\n", 0, start)
        column = len(content[start : error.start].decode()) + 1
        message = f"the byte 0x{content[error.start]:02x} is not UTF-8"
        raise _refusal(
            "CT002", message, path, line, column, "save the file with the encoding UTF-8"
        ) from None


def reason_of(error: Exception) -> str:
    """Return what the system says about *error*, without the path that it is about."""
    return getattr(error, "strerror", None) or str(error)


def _unreadable(error: Exception, path: Path, line: int) -> LoadError:
    if isinstance(error, _NOT_GZIP):
        return _refusal("CT002", f"is not gzip, or not all of it: {error}", path, line)
    message = f"{str(path)!r} cannot be read: {reason_of(error)}"
    return LoadError((Problem(code="CT001", message=message),))


def _refusal(  # noqa: PLR0913, PLR0917
    code: str, message: str, path: Path, line: int, column: int = 1, hint: str | None = None
) -> LoadError:
    place = Location(str(path), line, column)
    return LoadError((Problem(code=code, message=message, location=place, hint=hint),))
