import tomllib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.files.positions import (
    Lines,
    Positions,
    header_lines,
    positions,
    syntax_error_place,
)
from tests.files.toml_texts import written


def paths_in(value, path=()):
    """Return the paths of all that is in a parsed document."""
    if not isinstance(value, dict | list):
        return set()
    items = [*(value.items() if isinstance(value, dict) else enumerate(value))]
    inner = [paths_in(item, (*path, key)) for key, item in items]
    return {(*path, key) for key, _ in items}.union(*inner)


class TestAllDocuments:
    @given(written())
    def test_the_paths_are_those_of_the_parsed_document(self, document):
        assert set(positions(document.text)) == paths_in(tomllib.loads(document.text))

    @given(written())
    def test_each_place_is_where_it_was_written(self, document):
        assert positions(document.text) == document.places

    @given(written())
    def test_headers_stand_where_their_elements_stand(self, document):
        expected = [
            (tuple(key for key in path if isinstance(key, str)), path[-1], line)
            for path, (line, _) in document.places.items()
            if path in document.headed
        ]

        assert header_lines(document.text) == sorted(expected, key=lambda header: header[2])


CLAIM = """\
# [[claim]]
[registry]
policy.grace = 14

[[claim]]
id = "a"
  note = '''
[[claim]]
''' # not a claim
criterion = { all = [{ event = "e", by = 2019-12-31 },
  { "not" = { judged = true } }] }
[[claim.reading]]
name = "1"
[[ claim . 'reading' ]]
[claim.signed]
on = 2019-12-02 10:00:00
[[claim]]
topics = [
  "é", "b", # "c"
  [],
]
[[claim.reading]]
"""


def test_every_key_and_element_of_a_registry_has_its_place():
    assert positions(CLAIM) == {
        ("registry",): (2, 1),
        ("registry", "policy"): (3, 1),
        ("registry", "policy", "grace"): (3, 8),
        ("claim",): (5, 1),
        ("claim", 0): (5, 1),
        ("claim", 0, "id"): (6, 1),
        ("claim", 0, "note"): (7, 3),
        ("claim", 0, "criterion"): (10, 1),
        ("claim", 0, "criterion", "all"): (10, 15),
        ("claim", 0, "criterion", "all", 0): (10, 22),
        ("claim", 0, "criterion", "all", 0, "event"): (10, 24),
        ("claim", 0, "criterion", "all", 0, "by"): (10, 37),
        ("claim", 0, "criterion", "all", 1): (11, 3),
        ("claim", 0, "criterion", "all", 1, "not"): (11, 5),
        ("claim", 0, "criterion", "all", 1, "not", "judged"): (11, 15),
        ("claim", 0, "reading"): (12, 1),
        ("claim", 0, "reading", 0): (12, 1),
        ("claim", 0, "reading", 0, "name"): (13, 1),
        ("claim", 0, "reading", 1): (14, 1),
        ("claim", 0, "signed"): (15, 1),
        ("claim", 0, "signed", "on"): (16, 1),
        ("claim", 1): (17, 1),
        ("claim", 1, "topics"): (18, 1),
        ("claim", 1, "topics", 0): (19, 3),
        ("claim", 1, "topics", 1): (19, 8),
        ("claim", 1, "topics", 2): (20, 3),
        ("claim", 1, "reading"): (22, 1),
        ("claim", 1, "reading", 0): (22, 1),
    }


def test_headers_of_a_registry_are_numbered_within_their_array():
    assert header_lines(CLAIM) == [
        (("claim",), 0, 5),
        (("claim", "reading"), 0, 12),
        (("claim", "reading"), 1, 14),
        (("claim",), 1, 17),
        (("claim", "reading"), 0, 22),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", {}, id="nothing"),
        pytest.param("# end", {}, id="a comment alone"),
        pytest.param("\r\na = 1\r\n b = 2", {("a",): (2, 1), ("b",): (3, 2)}, id="CRLF"),
        pytest.param('"\\u00fc" = 1', {("ü",): (1, 1)}, id="an escape in a key"),
        pytest.param("'' = 1", {("",): (1, 1)}, id="the empty key"),
        pytest.param("[a.b]\n[a]", {("a",): (2, 1), ("a", "b"): (1, 1)}, id="a table named later"),
        pytest.param(
            "a.b = 1\n a.c = 2",
            {("a",): (1, 1), ("a", "b"): (1, 3), ("a", "c"): (2, 4)},
            id="a dotted table",
        ),
        pytest.param(
            "[t]\na.b = 1\n[t.a.c]",
            {("t",): (1, 1), ("t", "a"): (2, 1), ("t", "a", "b"): (2, 3), ("t", "a", "c"): (3, 1)},
            id="a header under a dotted table",
        ),
        pytest.param('a = """b"""""\nc = 1', {("a",): (1, 1), ("c",): (2, 1)}, id="five quotes"),
        pytest.param("a = ''''b'''''\nc = 1", {("a",): (1, 1), ("c",): (2, 1)}, id="apostrophes"),
        pytest.param('a = """\\\\"""\nc = 1', {("a",): (1, 1), ("c",): (2, 1)}, id="backslashes"),
        pytest.param(
            "a = { '😀' = 1, b = 2 }",
            {("a",): (1, 1), ("a", "😀"): (1, 7), ("a", "b"): (1, 16)},
            id="columns count characters",
        ),
    ],
)
def test_places(text, expected):
    assert set(expected) == paths_in(tomllib.loads(text))
    assert positions(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a = [\n[[b]]\n]\n", id="a nested array on a line of its own"),
        pytest.param("a = [ # [\n[[b]]\n]\n", id="after a comment with a bracket"),
        pytest.param("a = [[[[[1]]]], [\n[[b]]\n]]\n", id="after many brackets"),
        pytest.param('a = ["""\n[[b]]\n"""]\n', id="in a text in an array"),
        pytest.param("a = {b = '''\n[[b]]\n'''}\n", id="in a text in a table"),
    ],
)
def test_what_only_looks_like_a_header_is_none(text):
    text = text.replace("b]]", "7]]")
    tomllib.loads(text)

    assert header_lines(text + " [[c]]") == [(("c",), 0, text.count("\n") + 1)]


def test_headers_are_found_after_thousands_of_plain_lines():
    text = "# plain\n" * 5001 + "[[claim]]\n" + "".join(f"a{i} = '['\n" for i in range(5001))

    assert header_lines(text + "[[claim]]") == [(("claim",), 0, 5002), (("claim",), 1, 10004)]


def test_nesting_as_deep_as_tomllib_takes_needs_no_recursion():
    depth = 300
    text = "a = " + "[" * depth + "]" * depth
    assert tomllib.loads(text)

    assert positions(text)[("a", *[0] * (depth - 1))] == (1, 4 + depth)
    assert header_lines(f"a = {'[' * 5000}{']' * 5000}\n[[b]]") == [(("b",), 0, 2)]


@pytest.mark.parametrize("text", ["a", "a = [", "a = {", "a = ", "a = [1", '"', "= 1", "]"])
def test_what_is_no_toml_is_refused_where_it_is_noticed(text):
    with pytest.raises(ValueError, match=r"^not TOML at offset "):
        positions(text)


@given(st.text(alphabet="ab.=[]{}\"'#\n, \\1-", max_size=30))
def test_no_text_is_too_odd_for_the_scanner(text):
    try:
        parsed = paths_in(tomllib.loads(text))
    except tomllib.TOMLDecodeError:
        for read in (positions, header_lines):
            with suppress(ValueError):  # and no other error
                read(text)
    else:
        assert set(positions(text)) == parsed


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param("a = 1\n b = ?", (2, 6, "Invalid value"), id="a value"),
        pytest.param(
            "a = 1\r\nb ? 2", (2, 3, "Expected '=' after a key in a key/value pair"), id="CRLF"
        ),
        pytest.param("a = [1,\r\n 2", (2, 3, "Unclosed array"), id="the end"),
        pytest.param("a = [\n", (2, 1, "Invalid value"), id="the end after a line"),
        pytest.param("'é' = '😀\x07'", (1, 9, "Found invalid character '\\x07'"), id="characters"),
    ],
)
def test_syntax_errors_have_their_place(text, place):
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)

    assert syntax_error_place(caught.value, text) == place


def test_a_syntax_error_without_a_place_is_at_the_beginning():
    assert syntax_error_place(ValueError("too deep"), "a\nb") == (1, 1, "too deep")


class TestPlaces:
    """The places that are worked out for one record are those of the whole document."""

    @given(written())
    def test_every_path_has_the_place_that_it_has_in_the_whole(self, document):
        found_positions = Positions(document.text)

        found = {path: found_positions.nearest(path) for path in document.places}

        assert found == document.places

    def test_those_of_a_registry(self):
        expected = positions(CLAIM)
        found_positions = Positions(CLAIM)

        assert {path: found_positions.nearest(path) for path in reversed(expected)} == expected

    def test_what_has_no_place_stands_where_the_nearest_above_it_does(self):
        found_positions = Positions("x = 1\n[[claim]]\nid = 'a'\n[fact]\n")

        assert found_positions.nearest(("claim", 0, "due", 1)) == (2, 1)
        assert found_positions.nearest(("fact", 0)) == (4, 1)
        assert found_positions.nearest(("source", 0)) is None

    def test_a_record_in_several_sections_is_one(self):
        text = "[[claim]]\nid = 'a'\n[[fact]]\nid = 'f'\n[claim.signed]\nby = 'x'\n[[claim]]\n"
        found_positions = Positions(text)

        assert found_positions.nearest(("claim", 0, "signed", "by")) == (6, 1)
        assert found_positions.nearest(("claim", 0, "id")) == (2, 1)
        assert found_positions.nearest(("claim", 1)) == (7, 1)

    def test_no_more_paths_are_kept_than_a_record_has_places(self, monkeypatch):
        monkeypatch.setattr("claimtrack.files.positions.MAX_PLACES", 3)
        found_positions = Positions("[[claim]]\nx = [1, [1, 1, 1], 1]\ny = 1\n")

        assert found_positions.nearest(("claim", 0, "x", 0)) == (2, 6)
        assert found_positions.nearest(("claim", 0, "x", 1, 1)) == (2, 1)
        assert found_positions.nearest(("claim", 0, "y")) == (1, 1)


@given(st.lists(st.sampled_from(["", "a", "bcd", "é" * 9000]), max_size=9))
def test_lines_are_found_by_number_and_by_offset(lines):
    text = "\n".join(lines)
    found = Lines(text, "\n")

    assert [found.line(number) for number in range(1, len(lines) + 1)] == lines
    assert (found.line(0), found.line(max(len(lines), 1) + 1)) == ("", "")
    for number, line in enumerate(lines, 1):
        start = sum(len(before) + 1 for before in lines[: number - 1])
        assert found.place(start) == (number, 1)
        assert found.place(start + len(line)) == (number, len(line) + 1)
