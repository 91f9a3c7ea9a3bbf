"""
Read the contents of one file: UTF-8, packed with gzip or not, and never more than the limits allow.

A byte order mark at the beginning is dropped, for some editors on Windows write one; anywhere else
it is a character like any other. Lines end with a line feed.
"""

import gzip
import zlib
from codecs import BOM_UTF8
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import IO, Final, NoReturn, cast

from claimtrack.errors import LoadError, Location, Problem
from claimtrack.files.limits import LIMITS, Limits

ENDINGS: Final = (".toml", ".jsonl", ".jsonl.gz")
"""How the names of the files of a registry end."""

_BUFFER: Final = 1 << 20


def read_text(path: Path, limits: Limits = LIMITS) -> str:
    """
    Return the text of one file.

    Raises:
        LoadError: It cannot be read (CT001), is not UTF-8 or no whole gzip file (CT002), or is
            larger than the limits allow (CT003).
    """
    with _opened(path) as file, _told_of(path, [1]):
        content = file.read(limits.text_bytes + 1)
    if len(content) > limits.text_bytes:
        _refuse("CT003", f"has more than {limits.text_bytes} bytes", Location(str(path), 1))
    return _decoded(content.removeprefix(BOM_UTF8), path, 1)


def lines_of(path: Path, limits: Limits = LIMITS) -> Iterator[tuple[int, str]]:
    """
    Iterate over the lines of one file, numbered from 1, each with its line feed.

    Raises:
        LoadError: As `read_text` does, at the line where it is noticed.
    """
    number, left = [1], limits.lines_bytes
    with _opened(path) as file, _told_of(path, number):
        line = file.readline(limits.line_bytes + 1).removeprefix(BOM_UTF8)
        while line:
            left -= len(line)
            if len(line) > limits.line_bytes or left < 0:
                which, bound = (
                    ("the file", limits.lines_bytes)
                    if left < 0
                    else ("the line", limits.line_bytes)
                )
                message = f"{which} has more than {bound} bytes"
                _refuse("CT003", message, Location(str(path), number[0]))
            yield number[0], _decoded(line, path, number[0])
            number[0] += 1
            line = file.readline(limits.line_bytes + 1)
