"""A Parquet file of one column of texts, made byte by byte, so that its sizes can be lies."""

import struct

TEXT, PLAIN, DICTIONARY = 6, 0, 8


class Long(int):
    """A number of 64 bits."""


def varint(number):
    found = bytearray()
    while number > 127:
        found.append(number & 127 | 128)
        number >>= 7
    return bytes([*found, number])


def encoded(value):
    """Return the type and the bytes of *value* in Thrift's compact protocol."""
    match value:
        case Long():
            return 6, varint(value << 1)
        case int():
            return 5, varint(value << 1)
        case bytes():
            return 8, varint(len(value)) + value
        case list():
            items = [encoded(item) for item in value]
            return 9, bytes([len(items) << 4 | items[0][0]]) + b"".join(item[1] for item in items)
    text, last = b"", 0
    for field, item in sorted(value.items()):
        type_, content = encoded(item)
        text += bytes([field - last << 4 | type_]) + content
        last = field
    return 12, text + b"\0"


def plain(*texts):
    return b"".join(struct.pack("<I", len(text)) + text for text in texts)


def data_page(content, *, unpacked=None, packed=None, values=1, encoding=PLAIN):
    header = {
        1: 0,
        2: len(content) if unpacked is None else unpacked,
        3: len(content) if packed is None else packed,
        5: {1: values, 2: encoding, 3: 3, 4: 3},
    }
    return encoded(header)[1] + content


def dictionary_page(content, *, values=1):
    header = {1: 2, 2: len(content), 3: len(content), 7: {1: values, 2: PLAIN}}
    return encoded(header)[1] + content


def file(*pages, column="json", rows=1, group_rows=None, packed=None, start=4, data=None):
    """Return a file with *pages*, the first of which is a dictionary if *data* is a place."""
    body = b"".join(pages)
    name = column.encode()
    about = {
        1: TEXT,
        2: [PLAIN, DICTIONARY],
        3: [name],
        4: 0,
        5: Long(rows),
        6: Long(len(body)),
        7: Long(len(body) if packed is None else packed),
        9: Long(start if data is None else data),
    }
    if data is not None:
        about[11] = Long(start)
    group = {
        1: [{2: Long(start), 3: about}],
        2: Long(len(body)),
        3: Long(rows if group_rows is None else group_rows),
    }
    schema = [{4: b"schema", 5: 1}, {1: TEXT, 3: 0, 4: name, 6: 0}]
    end = encoded({1: 1, 2: schema, 3: Long(rows), 4: [group]})[1]
    return b"PAR1" + body + end + struct.pack("<I", len(end)) + b"PAR1"
