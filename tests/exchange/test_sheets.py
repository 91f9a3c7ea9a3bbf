"""Sheets as texts: encodings, delimiters, quotation marks, workbooks and bounds."""

import codecs
import io
import zipfile

import pytest

from claimtrack import LoadError
from claimtrack.exchange import sheets
from claimtrack.exchange.sheets import read_sheet


def cells(content, name="promises.csv", **options):
    sheet = read_sheet(content, name, **options)
    return [sheet.heads, *(row.cells for row in sheet.rows)]


def refusal_of(content, name="promises.csv", **options):
    with pytest.raises(LoadError) as caught:
        read_sheet(content, name, **options)
    return str(caught.value)


CAFE = [("who", "words"), ("Zoë", "“café”; tea")]
TEXT = "who,words\nZoë,“café”; tea\n"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(TEXT.encode(), id="UTF-8"),
        pytest.param(codecs.BOM_UTF8 + TEXT.encode(), id="UTF-8 with a byte order mark"),
        pytest.param(TEXT.encode("utf-16"), id="UTF-16 with a byte order mark"),
        pytest.param(codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), id="UTF-16, big end first"),
        pytest.param(TEXT.encode("utf-16-le"), id="UTF-16 without a mark"),
        pytest.param(TEXT.encode("utf-16-be"), id="UTF-16 without a mark, big end first"),
        pytest.param(TEXT.encode("utf-32"), id="UTF-32"),
        pytest.param(TEXT.replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(TEXT.replace("\n", "\r").encode(), id="bare CR"),
        pytest.param(TEXT.removesuffix("\n").encode(), id="no line end at the end"),
    ],
)
def test_a_sheet_is_read_in_the_encodings_that_can_be_told(content):
    assert cells(content) == CAFE


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_seen_in_the_row_of_heads(delimiter):
    text = f'who{delimiter}"said, or; so"\nAnna{delimiter}x\n'

    assert cells(text.encode()) == [("who", "said, or; so"), ("Anna", "x")]


def test_the_name_of_a_tsv_tells_its_delimiter():
    assert cells(b"a,b\tc\n1\t2\n", "x.tsv") == [("a,b", "c"), ("1", "2")]


def test_a_file_that_is_not_utf_8_is_refused_with_its_row_until_the_encoding_is_named():
    content = "who,words\nAnna,x\nZoë,y\n".encode("latin-1")

    assert refusal_of(content) == (
        "promises.csv:3: the byte 0xeb is not UTF-8; name the encoding of the file with "
        "--encoding, or save it as UTF-8 (as windows-1252 it reads 'Zoë,y') "
        "[CT360]"
    )
    assert cells(content, encoding="latin-1")[2] == ("Zoë", "y")


def test_a_file_of_two_encodings_is_refused_with_the_row_of_the_other_one():
    content = "who\nZoë\n".encode("latin-1") + "Zoë\n".encode()

    assert refusal_of(content, encoding="latin-1") == (
        "promises.csv:3: holds 'ë' in UTF-8, although the file is said to be latin-1; "
        "expected one encoding, save it anew as UTF-8 [CT360]"
    )


def test_an_encoding_that_is_not_known_is_refused():
    assert refusal_of(b"a\n1\n", encoding="klingon") == (
        "promises.csv: the encoding 'klingon' is not known [CT360]"
    )


@pytest.mark.parametrize(
    ("content", "row"),
    [
        pytest.param(b'a,b\n1,"x\n', 2, id="a quotation that does not end"),
        pytest.param(b'a,b\n1,2\n"x"y,2\n', 3, id="text after a quotation"),
    ],
)
def test_quotation_marks_that_would_be_read_otherwise_than_meant_are_refused(content, row):
    assert refusal_of(content).startswith(
        f"promises.csv:{row}: the row cannot be split into cells: "
    )


def test_line_ends_in_a_quoted_cell_are_part_of_it_and_rows_count_as_in_a_spreadsheet():
    sheet = read_sheet(b'a,b\n"1\n2",x\n\n3,y\n', "x.csv")

    assert [(row.number, row.cells) for row in sheet.rows] == [(2, ("1\n2", "x")), (4, ("3", "y"))]
    assert sheet.empty == (3,)


def test_heads_that_are_empty_or_stand_twice_get_names_of_their_own():
    assert read_sheet(b"a,,a\n1,2,3\n", "x.csv").heads == ("a", "column B", "a (column C)")


@pytest.mark.parametrize(
    "content", [pytest.param(b"", id="nothing"), pytest.param(b"\n\n,,\n", id="empty rows")]
)
def test_a_sheet_without_heads_is_refused(content):
    assert "CT360" in refusal_of(content)


def test_bounds_on_rows_columns_and_bytes_are_told(monkeypatch):
    monkeypatch.setattr(sheets, "MAX_ROWS", 3)
    monkeypatch.setattr(sheets, "MAX_COLUMNS", 2)

    assert "more than 3 rows" in refusal_of(b"a\n1\n2\n3\n")
    assert "2 columns" in refusal_of(b"a,b\n1,2,3\n")

    monkeypatch.setattr(sheets, "MAX_BYTES", 3)
    assert "more than 3 bytes" in refusal_of(b"a\n1\n")


def test_a_cell_that_is_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(sheets, "MAX_CELL", 10)

    assert "cannot be split" in refusal_of(b"a\n" + b"x" * 11)


def workbook(*rows, formulas=False):
    """Return the bytes of the smallest workbook with *rows* of texts and numbers."""
    body = []
    for number, row in enumerate(rows, 1):
        line = []
        for place, value in enumerate(row):
            at = f"{sheets.letters(place)}{number}"
            if isinstance(value, str):
                kind = "<f>1+1</f><v>2</v>" if formulas and value.startswith("=") else None
                line.append(
                    f'<c r="{at}">{kind}</c>'
                    if kind
                    else f'<c r="{at}" t="inlineStr"><is><t>{value}</t></is></c>'
                )
            elif value is not None:
                line.append(f'<c r="{at}"><v>{value}</v></c>')
        body.append(f'<row r="{number}">{"".join(line)}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    files = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets>'
        '<sheet name="First" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{"".join(body)}'
        "</sheetData></worksheet>",
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        for name, text in files.items():
            packed.writestr(name, f'<?xml version="1.0"?>{text}')
    return held.getvalue()


def with_cells(content, text):
    """Return a workbook like another whose only sheet has these rows, as XML."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(held, "w") as changed:
        for member in packed.infolist():
            held_text = packed.read(member).decode()
            if member.filename.endswith("sheet1.xml"):
                before, after = (
                    held_text.split("<sheetData>")[0],
                    held_text.split("</sheetData>")[1],
                )
                held_text = f"{before}<sheetData>{text}</sheetData>{after}"
            changed.writestr(member.filename, held_text)
    return held.getvalue()


A_CELL = "<is><t>v</t></is></c>"
FAR_CELLS = {
    "a cell in the last row and column": (
        f'<row r="1048576"><c r="XFD1048576" t="inlineStr">{A_CELL}</row>'
    ),
    "a row in the last place": f'<row r="1048576"><c t="inlineStr">{A_CELL}</row>',
    "attributes with signs that end a tag": (
        f'<row x="&lt;>" r="1048576"><c x="<>" r="XFD1048576" t="inlineStr">{A_CELL}</row>'
    ),
    "line ends and blanks between": (
        f"<row\nr\n=\n'1048576'><c\tr =  'XFD1048576' t=\"inlineStr\">{A_CELL}</row>"
    ),
    "a number that no counter holds": (
        f'<row r="4294967296"><c r="AAAAAAAA99999999999" t="inlineStr">{A_CELL}</row>'
    ),
    "many cells that name no place": (
        f'<row r="1">{f"""<c t="inlineStr">{A_CELL}""" * 1_001}</row>'
    ),
    "names with a prefix": (
        f'<x:row r="1048576"><x:c r="XFD1048576" t="inlineStr">{A_CELL}</x:row>'
    ),
}


def test_a_workbook_is_read_as_texts():
    pytest.importorskip("python_calamine")
    content = workbook(("who", "said", "share"), ("Zoë", "2020-01-05", 38), ("Ben", "x", 0.5))

    assert cells(content, "x.xlsx") == [
        ("who", "said", "share"),
        ("Zoë", "2020-01-05", "38"),
        ("Ben", "x", "0.5"),
    ]


def test_a_sheet_that_a_workbook_has_not_is_refused_with_those_that_it_has():
    pytest.importorskip("python_calamine")

    assert refusal_of(workbook(("a",)), "x.xlsx", tab="Second") == (
        "x.xlsx: there is no sheet 'Second'; expected one of 'First' [CT360]"
    )


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04 torn"])
def test_what_is_no_workbook_is_refused(content):
    pytest.importorskip("python_calamine")

    assert refusal_of(content, "x.xlsx") == (
        "x.xlsx: the workbook cannot be read: File is not a zip file; "
        "save it as .xlsx, .ods or CSV [CT360]"
    )


@pytest.mark.parametrize("cells_of_sheet", FAR_CELLS.values(), ids=FAR_CELLS)
def test_a_workbook_with_cells_far_away_is_refused_before_room_is_made_for_them(
    cells_of_sheet, monkeypatch
):
    monkeypatch.setattr(sheets, "require", lambda *_, **__: object())

    assert refusal_of(with_cells(workbook(("a",)), cells_of_sheet), "x.xlsx") == (
        "x.xlsx: the sheet has more than 200000 rows, 1000 columns or 4000000 cells, "
        "empty ones between others included [CT360]"
    )


def test_a_workbook_with_two_members_of_one_name_is_refused():
    pytest.importorskip("python_calamine")
    held = io.BytesIO(workbook(("a",)))
    with zipfile.ZipFile(held, "a") as packed, pytest.warns(UserWarning, match="Duplicate name"):
        packed.writestr("xl/worksheets/sheet1.xml", FAR_CELLS["a row in the last place"])

    assert refusal_of(held.getvalue(), "x.xlsx") == (
        "x.xlsx: the workbook is of no kind that is read; save it as .xlsx, .ods or CSV [CT360]"
    )


@pytest.mark.parametrize("name", ["x.xls", "X.XLSB", "x.numbers"])
def test_a_workbook_of_another_kind_is_refused_by_its_name(name):
    assert refusal_of(b"\xd0\xcf\x11\xe0", name) == (
        f"{name}: the workbook is of no kind that is read; save it as .xlsx, .ods or CSV [CT360]"
    )


def test_a_binary_workbook_is_refused_whatever_its_name_says():
    pytest.importorskip("python_calamine")
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr("xl/workbook.bin", b"")

    assert refusal_of(held.getvalue(), "x.xlsx") == (
        "x.xlsx: the workbook is of no kind that is read; save it as .xlsx, .ods or CSV [CT360]"
    )


def test_a_workbook_that_unpacks_to_very_much_is_refused_before_it_is_read(monkeypatch):
    pytest.importorskip("python_calamine")
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", " " * 100_000)
    monkeypatch.setattr(sheets, "MAX_BYTES", 20_000)

    assert refusal_of(held.getvalue(), "x.xlsx") == (
        "x.xlsx: the workbook unpacks to more than 80000 bytes [CT360]"
    )


@pytest.mark.parametrize("encoding", ["a\0b", "idna", "Punycode", "undefined", "rot13", "x" * 999])
def test_what_is_no_encoding_of_files_is_not_known(encoding):
    told = refusal_of(b"who,words\n\xff,b\n", encoding=encoding)

    assert told.startswith("promises.csv: the encoding ")
    assert told.endswith(" is not known [CT360]")
    assert len(told) < 300


def open_workbook(*rows):
    """Return an ODS workbook of one sheet with these rows, as XML."""
    names = "urn:oasis:names:tc:opendocument:xmlns"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    files = {
        "mimetype": kind,
        "META-INF/manifest.xml": (
            f'<manifest:manifest xmlns:manifest="{names}:manifest:1.0"><manifest:file-entry '
            f'manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
        ),
        "content.xml": (
            f'<office:document-content xmlns:office="{names}:office:1.0" '
            f'xmlns:table="{names}:table:1.0" xmlns:text="{names}:text:1.0"><office:body>'
            f'<office:spreadsheet><table:table table:name="First">{"".join(rows)}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>"
        ),
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        for name, text in files.items():
            packed.writestr(name, text)
    return held.getvalue()


def open_row(*found):
    return f"<table:table-row>{''.join(found)}</table:table-row>"


def open_cell(text, repeated=1):
    often = f' table:number-columns-repeated="{repeated}"'
    if text is None:
        return f"<table:table-cell{often}/>"
    return (
        f'<table:table-cell office:value-type="string"{often}>'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def test_empty_cells_at_the_end_of_a_row_of_an_ods_workbook_are_none_of_the_sheet():
    pytest.importorskip("python_calamine")
    rows = [open_row(open_cell("who"), open_cell(None, 16_383)), open_row(open_cell("Ann"))]

    assert cells(open_workbook(*rows), "x.ods") == [("who",), ("Ann",)]


@pytest.mark.parametrize("between", [1_000, 100_000_000])
def test_a_value_far_right_in_an_ods_workbook_is_refused_and_not_lost(between):
    pytest.importorskip("python_calamine")
    rows = [open_row(open_cell("who")), open_row(open_cell(None, between), open_cell("far"))]

    assert refusal_of(open_workbook(*rows), "x.ods") == (
        "x.ods: the sheet has more than 200000 rows, 1000 columns or 4000000 cells, "
        "empty ones between others included [CT360]"
    )
