"""Parquet files whose pages state other sizes than they have."""

import pytest

pytest.importorskip("ibis", reason="the extra 'bulk' is not installed")

from claimtrack import LoadError, Registry, Speaker
from claimtrack.bulk import read_parquet, schema, warehouse, write_parquet
from tests.bulk.parquet_bytes import DICTIONARY, data_page, dictionary_page, file, plain

LINE = b'{"type":"speaker","id":"ada"}'
WORDS = dictionary_page(plain(LINE))
HUGE = 2**31 - 1


def lines(folder, content):
    folder.joinpath("records.parquet").write_bytes(content)
    return list(warehouse.read_lines(folder))


@pytest.mark.parametrize(
    "content",
    [
        file(data_page(plain(LINE))),
        file(data_page(plain(LINE, LINE), values=2), rows=2),
        file(data_page(plain(LINE)), data_page(plain(LINE)), rows=2),
        file(WORDS, data_page(b"\1\2\0", encoding=DICTIONARY), data=4 + len(WORDS)),
    ],
)
def test_what_states_its_own_sizes_is_read(tmp_path, content):
    assert set(lines(tmp_path, content)) == {LINE.decode()}


_WORDS = dictionary_page(plain(LINE), values=HUGE)
_CODES = data_page(b"\1\2\0", encoding=DICTIONARY)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(
            file(data_page(plain(LINE), unpacked=HUGE)),
            "CT003 {name!r} has 2147483647 bytes in a page in a file of {size} bytes; "
            "the limit is 134217728",
            id="bytes of a page",
        ),
        pytest.param(
            file(*[data_page(plain(LINE), unpacked=2**27)] * 2, rows=2),
            "CT003 {name!r} has 134217728 bytes when unpacked in a file of {size} bytes; "
            "the limit is {bytes}",
            id="bytes of several pages",
        ),
        pytest.param(
            file(data_page(plain(LINE), values=HUGE)),
            "CT003 {name!r} has 2147483647 values in a page in a file of {size} bytes; "
            "the limit is {rows}",
            id="values of a page",
        ),
        pytest.param(
            file(_WORDS, _CODES, data=4 + len(_WORDS)),
            "CT003 {name!r} has 2147483647 values in a page in a file of {size} bytes; "
            "the limit is {rows}",
            id="values of a dictionary",
        ),
        pytest.param(
            file(data_page(plain(LINE)), group_rows=2**40),
            "CT003 {name!r} has 1099511627776 rows in a file of {size} bytes; the limit is {rows}",
            id="rows of a group",
        ),
        pytest.param(
            file(data_page(plain(LINE), packed=HUGE)),
            "CT001 {name!r} cannot be read as Parquet: a page is longer than its column",
            id="length of a page",
        ),
        pytest.param(
            file(data_page(plain(LINE)), rows=2),
            "CT001 {name!r} cannot be read as Parquet: the header of a page has no end",
            id="fewer values than rows",
        ),
        pytest.param(
            file(data_page(plain(LINE)), packed=HUGE),
            "CT001 {name!r} cannot be read as Parquet: its columns lie outside of it, "
            "or share bytes",
            id="length of a column",
        ),
        pytest.param(
            file(WORDS, _CODES, data=4),
            "CT001 {name!r} cannot be read as Parquet: a dictionary does not stand before "
            "its column",
            id="place of a dictionary",
        ),
        pytest.param(
            file(b"\x15" + b"\xff" * 60),
            "CT001 {name!r} cannot be read as Parquet: the header of a page holds a number "
            "that is too long",
            id="number of a field",
        ),
        pytest.param(
            file(b"\x1c" * 60),
            "CT001 {name!r} cannot be read as Parquet: the header of a page is nested too deep",
            id="nesting",
        ),
        pytest.param(
            file(b"\x1d" * 60),
            "CT001 {name!r} cannot be read as Parquet: the header of a page cannot be read",
            id="unknown type",
        ),
        pytest.param(
            file(b"\0" * 60),
            "CT001 {name!r} cannot be read as Parquet: the header of a page states no size",
            id="empty header",
        ),
    ],
)
def test_what_states_others_is_refused_before_it_is_unpacked(tmp_path, content, expected):
    size = len(content)
    limits = schema.LIMITS
    with pytest.raises(LoadError) as caught:
        lines(tmp_path, content)

    assert str(caught.value) == expected.format(
        name=str(tmp_path / "records.parquet"),
        size=size,
        rows=limits.rows + limits.rows_per_byte * size,
        bytes=limits.unpacked + limits.unpacked_per_byte * size,
    )


def test_the_tables_of_the_engine_are_looked_at_likewise(tmp_path):
    write_parquet(Registry.of(Speaker(id="ada")), tmp_path)
    path = tmp_path / "sources.parquet"
    path.write_bytes(file(data_page(plain(LINE), unpacked=HUGE), column="id"))

    with pytest.raises(LoadError) as caught:
        read_parquet(tmp_path)

    assert str(caught.value) == (
        f"CT003 {str(path)!r} has 2147483647 bytes in a page in a file of "
        f"{path.stat().st_size} bytes; the limit is 134217728"
    )
