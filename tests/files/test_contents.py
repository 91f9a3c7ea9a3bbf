import gzip
from itertools import takewhile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.errors import LoadError
from claimtrack.files.folder import LIMITS, Limits, blocks_of, file_at, read_text

PLAIN, PACKED = Path("a.jsonl"), Path("a.jsonl.gz")
UTF_8_HINT = "\n    hint: save the file with the encoding UTF-8"


@pytest.fixture(autouse=True, scope="module")
def _own_folder(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("contents"))
        yield


def lines_of(path, limits=LIMITS):
    """Give the lines of a file with their numbers, one by one."""
    for number, text, lines in blocks_of(file_at(path), limits):
        found = text.removesuffix("\n").split("\n")
        assert len(found) == lines
        for index, line in enumerate(found):
            is_last = index == lines - 1
            yield number + index, line if is_last and not text.endswith("\n") else f"{line}\n"


def put(path, content):
    path.write_bytes(gzip.compress(content) if path is PACKED else content)


def told(read):
    with pytest.raises(LoadError) as caught:
        read()
    return str(caught.value)


@pytest.mark.parametrize("path", [PLAIN, PACKED], ids=str)
class TestBothForms:
    @given(text=st.text() | st.text(st.sampled_from("a\n\r\x85\u2028\ufeffé😀")))
    def test_the_text_is_what_was_written_but_for_a_byte_order_mark(self, path, text):
        put(path, text.encode())

        assert read_text(file_at(path)) == text.removeprefix("\ufeff")
        assert "".join(line for _, line in lines_of(path)) == text.removeprefix("\ufeff")

    @given(text=st.text(st.sampled_from("a\n\r\x85\u2028é")))
    def test_lines_end_with_line_feeds_alone_and_are_numbered_from_1(self, path, text):
        put(path, text.encode())

        lines = text.split("\n")
        expected = [*(f"{line}\n" for line in lines[:-1]), *([lines[-1]] if lines[-1] else [])]
        assert list(lines_of(path)) == list(enumerate(expected, 1))

    def test_a_byte_that_is_not_utf_8_is_found(self, path):
        put(path, b"\xef\xbb\xbfa\n\xc3\xa9\xc3\xa9\xff\n")
        expected = f"{path}:2:3: CT002 the byte 0xff is not UTF-8{UTF_8_HINT}"

        assert told(lambda: read_text(file_at(path))) == expected
        assert told(lambda: list(lines_of(path))) == expected

    def test_columns_do_not_count_the_byte_order_mark(self, path):
        put(path, b"\xef\xbb\xbfab\xff")
        expected = f"{path}:1:3: CT002 the byte 0xff is not UTF-8{UTF_8_HINT}"

        assert told(lambda: read_text(file_at(path))) == expected
        assert told(lambda: list(lines_of(path))) == expected

    def test_lone_surrogates_are_not_utf_8(self, path):
        put(path, "a\ud800".encode("utf-8", "surrogatepass"))

        assert told(lambda: read_text(file_at(path))) == (
            f"{path}:1:2: CT002 the byte 0xed is not UTF-8{UTF_8_HINT}"
        )

    def test_lines_before_the_problem_are_given(self, path):
        put(path, b"a\nb\n\xff\n")

        lines = lines_of(path)

        assert [next(lines), next(lines)] == [(1, "a\n"), (2, "b\n")]
        assert told(lambda: next(lines)).startswith(f"{path}:3:1: CT002 ")

    def test_a_text_has_so_many_bytes_and_no_more(self, path):
        put(path, "éa".encode())

        assert read_text(file_at(path), Limits(text_bytes=3)) == "éa"
        assert told(lambda: read_text(file_at(path), Limits(text_bytes=2))) == (
            f"{path}:1:1: CT003 the file has more than 2 bytes"
        )

    def test_lines_have_so_many_bytes_and_no_more(self, path):
        put(path, b"ab\ncd\nefg\n")

        assert len(list(lines_of(path, Limits(line_bytes=4, lines_bytes=10)))) == 3
        assert told(lambda: list(lines_of(path, Limits(line_bytes=3)))) == (
            f"{path}:3:1: CT003 the line has more than 3 bytes"
        )
        assert told(lambda: list(lines_of(path, Limits(lines_bytes=5)))) == (
            f"{path}:1:1: CT003 the file has more than 5 bytes"
        )

    @given(
        lines=st.lists(st.text(st.sampled_from("aé\r"), max_size=4).map("{}\n".format), max_size=9),
        bound=st.integers(1, 12),
    )
    def test_a_bound_on_lines_is_kept_to_the_byte(self, path, lines, bound):
        put(path, "".join(lines).encode())
        fitting = [*takewhile(lambda line: len(line.encode()) <= bound, lines)]

        limits = Limits(line_bytes=bound)
        if fitting == lines:
            assert [line for _, line in lines_of(path, limits)] == lines
        else:
            assert told(lambda: list(lines_of(path, limits))) == (
                f"{path}:{len(fitting) + 1}:1: CT003 the line has more than {bound} bytes"
            )

    def test_a_bad_byte_far_into_a_long_file_is_found(self, path):
        put(path, b"0123456789\n" * 300_000 + "é\u2028".encode() + b"\xff\n" + b"a\n" * 10)
        lines = lines_of(path)

        read = [next(lines) for _ in range(300_000)]

        assert read[-1] == (300_000, "0123456789\n")
        assert told(lambda: next(lines)) == (
            f"{path}:300001:3: CT002 the byte 0xff is not UTF-8{UTF_8_HINT}"
        )

    def test_a_file_that_is_not_there(self, path):
        path.unlink(missing_ok=True)
        expected = f"CT001 '{path}' cannot be read: No such file or directory"

        assert told(lambda: read_text(file_at(path))) == expected
        assert told(lambda: list(lines_of(path))) == expected


class TestPacked:
    def test_a_small_file_that_unpacks_to_a_large_one_is_not_unpacked(self):
        PACKED.write_bytes(gzip.compress(bytes(50_000_000)))

        assert PACKED.stat().st_size < 60_000
        assert told(lambda: list(lines_of(PACKED, Limits(line_bytes=1000)))) == (
            "a.jsonl.gz:1:1: CT003 the line has more than 1000 bytes"
        )

    def test_several_members_are_one_file(self):
        PACKED.write_bytes(gzip.compress(b"a\nb") + gzip.compress(b"c\n"))

        assert list(lines_of(PACKED)) == [(1, "a\n"), (2, "bc\n")]

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            pytest.param(b"{}\n", "Not a gzipped file (b'{}')", id="not packed"),
            pytest.param(
                gzip.compress(b"a\n")[:-9],
                "Compressed file ended before the end-of-stream marker was reached",
                id="cut off",
            ),
            pytest.param(
                gzip.compress(b"a\n") + b"more", "Not a gzipped file (b'mo')", id="more after it"
            ),
            pytest.param(
                gzip.compress(b"a\n")[:10] + b"\xff\xff\xff\xff",
                "Error -3 while decompressing data: invalid block type",
                id="another content",
            ),
        ],
    )
    def test_what_is_no_whole_gzip_file_is_refused(self, content, reason):
        PACKED.write_bytes(content)
        expected = f"a.jsonl.gz:1:1: CT002 is not gzip, or not all of it: {reason}"

        assert told(lambda: read_text(file_at(PACKED))) == expected
        assert told(lambda: list(lines_of(PACKED))).endswith(expected.partition(" ")[2])

    def test_a_wrong_check_sum_is_seen(self):
        packed = bytearray(gzip.compress(b"a\n"))
        packed[-8] ^= 1
        PACKED.write_bytes(packed)

        assert "CRC check failed" in told(lambda: read_text(file_at(PACKED)))

    def test_a_small_file_may_unpack_to_so_many_times_its_bytes(self, monkeypatch):
        monkeypatch.setattr("claimtrack.files.folder.UNPACKED_FREE", 1000)
        PACKED.write_bytes(gzip.compress(b"\n" * 100_000))

        assert len(list(lines_of(PACKED, Limits(unpacked=1_100)))) == 100_000
        assert told(lambda: list(lines_of(PACKED, Limits(unpacked=100)))) == (
            "a.jsonl.gz:1:1: CT003 the file unpacks to more than 100 times its bytes"
        )


@pytest.mark.parametrize("path", [PLAIN, PACKED], ids=str)
def test_a_file_has_so_many_lines_and_no_more(path):
    put(path, b"a\nb\nc\n")

    assert len(list(lines_of(path, Limits(lines=3)))) == 3
    assert told(lambda: list(lines_of(path, Limits(lines=2)))) == (
        f"{path}:3:1: CT003 the file has more than 2 lines"
    )
