"""
Read a spreadsheet as rows of texts, each cell with its row and its column.

CSV and TSV are decoded and split here, XLSX and ODS by python-calamine. Nothing is guessed that
could be guessed wrongly: a file that is not UTF-8 or UTF-16 is refused until its encoding is named.
A cell is a text, also a formula: nothing is evaluated.
"""

import codecs
import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, Final

import attrs

from claimtrack.errors import LoadError, Problem, require, shortened

MAX_BYTES: Final = 64 << 20
"""Bytes of a sheet, unpacked."""

MAX_ROWS: Final = 200_000
MAX_CELLS: Final = 4_000_000
MAX_COLUMNS: Final = 1_000
MAX_CELL: Final = 100_000
"""Characters of a cell, as many as a text of a record may have."""

WORKBOOKS: Final = (".xlsx", ".xlsm", ".ods")
_OTHER_WORKBOOKS: Final = (".xls", ".xlsb", ".numbers")
_DELIMITERS: Final = (",", ";", "\t", "|")
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OF_HOSTS: Final = frozenset({"idna", "punycode"})
"""Encodings of names of hosts, for which the time grows with the square of the text."""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@attrs.frozen
class Row:
    """One row of a sheet; *number* counts as a spreadsheet does, the row of the heads being 1."""

    number: int
    cells: tuple[str, ...]


@attrs.frozen
class Sheet:
    """
    A sheet as texts.

    Args:
        name: The name of its file, as problems show it.
        heads: The first row; a head that is empty or stands twice has got a name of its own.
        rows: All further rows that are not empty.
        empty: The numbers of the empty rows between them.
    """

    name: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    empty: tuple[int, ...] = ()

    def column(self, head: str) -> int:
        """Return the place of the column *head*, counted from 0."""
        return self.heads.index(head)


@attrs.frozen(kw_only=True)
class CellProblem(Problem):
    """
    One thing that is wrong with a sheet, at a row and a column of it.

    Args:
        sheet: The name of its file.
        row: As a spreadsheet counts; None for the sheet as a whole.
        column: The head of the column; None for the row as a whole.
    """

    sheet: str
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        place = ":".join(
            printed(str(part)) for part in (self.sheet, self.row, self.column) if part is not None
        )
        return f"{place}{' ' if self.column else ': '}{self.message} [{self.code}]"


def printed(text: str) -> str:
    """Return *text* on one line: what is not printable is shown as Python writes it."""
    short = shortened(text)
    return short if short.isprintable() else repr(short)[1:-1]


def refusal(sheet: str, code: str, message: str, row: int | None = None) -> LoadError:
    """Return the error that a sheet cannot be read."""
    return LoadError((CellProblem(code=code, message=message, sheet=sheet, row=row),))


def read_sheet(
    content: bytes,
    name: str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    tab: str | None = None,
) -> Sheet:
    """
    Return the sheet that *content* holds.

    Args:
        content: The bytes of the file.
        name: Its name, whose ending tells a workbook and a TSV.
        encoding: That of a CSV file; None for UTF-8, or what its byte order mark says.
        delimiter: What stands between two cells of a CSV file; None to see it in the first row.
        tab: The sheet of a workbook; None for its first.

    Raises:
        LoadError: It cannot be read (CT360).
        MissingExtraError: It is a workbook, and python-calamine is not installed.
    """
    if len(content) > MAX_BYTES:
        raise refusal(name, "CT360", f"the file has more than {MAX_BYTES} bytes")
    if name.lower().endswith(WORKBOOKS):
        return _sheet(name, _workbook_rows(content, name, tab))
    if name.lower().endswith(_OTHER_WORKBOOKS):
        raise refusal(name, "CT360", f"the workbook is of no kind that is read; {_SAVE}")
    text = decoded(content, name, encoding)
    if not text.strip():
        raise refusal(name, "CT360", "the sheet is empty; expected a row of heads")
    if delimiter is None:
        delimiter = "\t" if name.lower().endswith((".tsv", ".tab")) else _delimiter(text)
    return _sheet(name, _csv_rows(text, name, delimiter))


def decoded(content: bytes, name: str, encoding: str | None = None) -> str:
    """
    Return the text of a CSV file.

    Raises:
        LoadError: It is in another encoding, or in several (CT360).
    """
    for mark, of_mark in _BOMS:
        if content.startswith(mark):
            return _strictly(content[len(mark) :], of_mark, name)
    if encoding is not None:
        text = _strictly(content, encoding, name)
        _refuse_mixed(content, name, encoding)
        return text
    half = content[:4096]
    if half.count(0) * 4 > len(half) > 1:
        return _strictly(content, "utf-16-le" if half[1::2].count(0) else "utf-16-be", name)
    return _strictly(content, "utf-8", name)


def _strictly(content: bytes, encoding: str, name: str) -> str:
    try:
        known = codecs.lookup(encoding).name
        text = None if known in _OF_HOSTS else content.decode(encoding)
    except UnicodeDecodeError as error:
        line = _line_of(content, error.start)
        message = f"the byte 0x{content[error.start]:02x} is not {encoding.upper()}"
        if encoding == "utf-8":
            start = max(content.rfind(b"\n", 0, error.start) + 1, error.start - 20)
            around = content[start : error.start + 20].split(b"\n")[0].split(b"\r")[0]
            message += (
                "; name the encoding of the file with --encoding, or save it as UTF-8 "
                f"(as windows-1252 it reads {around.decode('cp1252', 'replace')!r})"
            )
        raise refusal(name, "CT360", message, line) from None
    except (LookupError, ValueError):
        text = None
    if text is None:
        raise refusal(name, "CT360", f"the encoding {shortened(repr(encoding))} is not known")
    return text


def _refuse_mixed(content: bytes, name: str, encoding: str) -> None:
    """
    Refuse a file said to have one byte a character that holds characters of UTF-8.

    Raises:
        LoadError: It does (CT360).
    """
    if codecs.lookup(encoding).name.startswith("utf") or len("é".encode(encoding, "ignore")) != 1:
        return
    for found in re.finditer(rb"[\x80-\xff]+", content):
        try:
            character = found[0].decode()
        except UnicodeDecodeError:
            continue
        message = (
            f"holds {character!r} in UTF-8, although the file is said to be {encoding}; "
            "expected one encoding, save it anew as UTF-8"
        )
        raise refusal(name, "CT360", message, _line_of(content, found.start()))


def _line_of(content: bytes, offset: int) -> int:
    before = content[:offset].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return before.count(b"\n") + 1


def _delimiter(text: str) -> str:
    """Return what splits the first row into the most cells; a comma if nothing does."""
    first = re.match(r'(?:"(?:[^"]|"")*"|[^"\r\n])*', text)
    unquoted = re.sub(r'"(?:[^"]|"")*"', "", first[0] if first else "")
    return max(_DELIMITERS, key=unquoted.count)


def _csv_rows(text: str, name: str, delimiter: str) -> Iterator[list[str]]:
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise refusal(name, "CT360", f"{delimiter!r} is no delimiter; expected one character")
    # The strict dialect refuses what a lenient one would read as other cells than were meant.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    limit = csv.field_size_limit(MAX_CELL)
    number = 1
    try:
        for row in reader:
            yield row
            number += 1
    except csv.Error as error:
        message = f"the row cannot be split into cells: {error}"
        raise refusal(name, "CT360", message, number) from None
    finally:
        csv.field_size_limit(limit)


def _workbook_rows(content: bytes, name: str, tab: str | None) -> Iterator[list[str]]:
    calamine = require("python_calamine", feature="reading a workbook", extra="sheets")
    checked = _checked_workbook(content, name)
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(checked))
        names = workbook.sheet_names
        if tab is not None and tab not in names:
            found = ", ".join(map(repr, names))
            raise refusal(name, "CT360", f"there is no sheet {tab!r}; expected one of {found}")
        # Empty rows at the top are kept, so that rows have their numbers.
        sheet = workbook.get_sheet_by_name(tab or names[0])
        rows = sheet.to_python(skip_empty_area=False)
    except (calamine.CalamineError, IndexError, OSError) as error:
        raise refusal(name, "CT360", f"the workbook cannot be read: {error}") from None
    for row in rows:
        yield [_text_of(value) for value in row]


def _checked_workbook(content: bytes, name: str) -> bytes:
    """
    Return a workbook, packed anew once its sizes were looked at.

    Calamine takes memory for every cell up to the last one, and ends the process if there is not
    enough. It is given a copy, so that what it unpacks is what was looked at.

    Raises:
        LoadError: It is no workbook, or too large (CT360).
    """
    copied = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            members = packed.infolist()
            if sum(one.file_size for one in members) > 4 * MAX_BYTES:
                message = f"the workbook unpacks to more than {4 * MAX_BYTES} bytes"
                raise refusal(name, "CT360", message)
            names = [one.filename for one in members]
            if len({*names}) < len(names) or "xl/workbook.bin" in map(str.lower, names):
                raise refusal(name, "CT360", f"the workbook is of no kind that is read; {_SAVE}")
            with zipfile.ZipFile(copied, "w") as copy:
                for one in members:
                    text = packed.read(one)
                    _refuse_far_cells(text, name)
                    _refuse_far_open_cells(text, name)
                    copy.writestr(one.filename, text)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        message = f"the workbook cannot be read: {error}; {_SAVE}"
        raise refusal(name, "CT360", message) from None
    return copied.getvalue()


_SAVE: Final = "save it as .xlsx, .ods or CSV"
_ROW_TAG: Final = re.compile(rb"<(?:[\w.-]+:)?row[\s/>]")
_CELL_TAG: Final = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")
_CELL_PLACE: Final = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{0,7})([0-9]{1,9})")


def _refuse_far_cells(text: bytes, name: str) -> None:
    """Refuse a sheet of an XLSX workbook with cells beyond the limits, by what it says of them."""
    if b"sheetData" not in text:
        return
    rows = _ROW_TAG.split(text)
    height, width = len(rows) - 1, max(len(_CELL_TAG.findall(row)) for row in rows)
    for letters_, number in {match.groups() for match in _CELL_PLACE.finditer(text)}:
        height = max(height, int(number))
        width = max(width, _place_of(letters_.upper()) + 1)
    if height > MAX_ROWS or width > MAX_COLUMNS or height * width > MAX_CELLS:
        raise refusal(name, "CT360", _too_large())


_OPEN_ROW: Final = re.compile(rb"<table:table-row[\s/>]")
_OPEN_CELL: Final = re.compile(rb"<table:(?:covered-)?table-cell([^>]*)>")
_REPEATED: Final = re.compile(rb"\bnumber-columns-repeated\s*=\s*[\"']([0-9]{1,12})")


def _refuse_far_open_cells(text: bytes, name: str) -> None:
    """Refuse a sheet of an ODS workbook with a value so far right that calamine drops it."""
    if b"number-columns-repeated" not in text:
        return
    for row in _OPEN_ROW.split(text):
        width = 0
        for cell in _OPEN_CELL.finditer(row):
            repeated = _REPEATED.search(cell[1])
            width += 1 if repeated is None else int(repeated[1])
            if width > MAX_COLUMNS and not cell[1].endswith(b"/"):
                raise refusal(name, "CT360", _too_large())


def _place_of(column: bytes) -> int:
    """Return the place of a column, counted from 0, by its letters; -1 for none."""
    place = 0
    for letter in column:
        place = place * 26 + letter - ord("A") + 1
    return place - 1


def _too_large() -> str:
    return (
        f"the sheet has more than {MAX_ROWS} rows, {MAX_COLUMNS} columns or {MAX_CELLS} cells, "
        "empty ones between others included"
    )


def _text_of(value: Any) -> str:  # noqa: ANN401 - whatever a cell of a workbook holds
    match value:
        case bool():
            return str(value).lower()
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case date():  # and with a time, which is a date too
            return value.isoformat().replace("T", " ")
    return str(value)


def _sheet(name: str, rows: Iterable[Sequence[str]]) -> Sheet:
    found = iter(rows)
    heads = _heads(next(found, []), name)
    kept: list[Row] = []
    empty: list[int] = []
    cells = 0
    for number, row in enumerate(found, 2):
        cells += len(row)
        if number > MAX_ROWS or cells > MAX_CELLS or len(row) > MAX_COLUMNS:
            raise refusal(name, "CT360", _too_large(), number)
        if not any(cell.strip() for cell in row):
            empty.append(number)
        else:
            kept.append(Row(number, tuple(row)))
    last = kept[-1].number if kept else 1
    return Sheet(name, heads, tuple(kept), tuple(one for one in empty if one < last))


def _heads(row: Sequence[str], name: str) -> tuple[str, ...]:
    if not any(cell.strip() for cell in row):
        raise refusal(name, "CT360", "the first row is empty; expected the heads of the columns", 1)
    heads: list[str] = []
    for place, cell in enumerate(row[:MAX_COLUMNS]):
        head = " ".join(cell.split()) or f"column {letters(place)}"
        heads.append(head if head not in heads else f"{head} (column {letters(place)})")
    return tuple(heads)


def letters(place: int) -> str:
    """
    Return how a spreadsheet names the column at *place*, counted from 0.

    Example:
        >>> letters(0), letters(27)
        ('A', 'AB')
    """
    above, letter = divmod(place, 26)
    return (letters(above - 1) if above else "") + chr(ord("A") + letter)


def row_problems(sheet: Sheet, row: Row) -> Iterator[CellProblem]:
    """Iterate over what is wrong with a row whatever its columns mean."""
    beyond = [cell for cell in row.cells[len(sheet.heads) :] if cell.strip()]
    if beyond:
        message = (
            f"the row has {len(row.cells)} cells under {len(sheet.heads)} heads; "
            "expected a cell with a delimiter in it in quotation marks"
        )
        yield CellProblem(code="CT368", message=message, sheet=sheet.name, row=row.number)
    for head, cell in zip(sheet.heads, row.cells, strict=False):
        if _CONTROL.search(cell):
            message = f"{printed(cell)} holds a control character; expected a text"
        elif "\ufffd" in cell:
            message = f"{printed(cell)} holds a character that was lost in another program (U+FFFD)"
        elif len(cell) > MAX_CELL:
            message = f"the cell has {len(cell)} characters; expected at most {MAX_CELL}"
        else:
            continue
        yield CellProblem(
            code="CT368", message=message, sheet=sheet.name, row=row.number, column=head
        )
