import tomllib
from decimal import Decimal, InvalidOperation

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from claimtrack.files.toml import is_equal, read_toml
from tests.files.toml_texts import written

HEADERS = """\
[[claim]]
[[claim.reading]]
[[claim.reading]]
[[source]]
[claim]
[registry]
[[registry]]
[registry.x]
[[claim.x.y]]
[[registry.b]]
 [[claim]]
[[claim]] # c
[["claim"]]
[claim.reading]
[[claim]"""
KEYS = r'''
id = "a"
id = "b" # x
said = 2019-02-28
said = 2019-02-29
said = 2019-02-28 10:00:00
n = 12
n = -0
n = 012
n = 99999999999999999999
x = 1.50
x = inf
x = 1e99999999999999999999
x = "a\n"
x = "\"a\\\""
x = "\\"
x = "a" "b"
x = """
x = [
]
reading = 1
reading = []
claim = 2
claim = [{ a = 1 }]
a.b = 1
a = { b = 1 }
"id" = 3
criterion = { all = [{ event = "e", by = 2019-12-31 }] }
claim.x = 2
k =
# c
'''.splitlines()
ODD = [
    "x = '''a'''",
    "  ",
    "x = '\t'",
    'x = "\t"',
    'x = "\x7f"',
    "#\x01",
    "x = true\r",
    'é = "é" # é',
    "\ufeff",
]

lines = st.one_of(*map(st.sampled_from, (HEADERS.splitlines(), KEYS, KEYS, ODD)))
documents = st.builds(str.join, st.sampled_from(["\n", "\r\n"]), st.lists(lines, max_size=9))


def outcome(read, text):
    """Return what *read* gives, with the types and the order of all that is in it, or its error."""
    try:
        return repr(read(text))
    except (ValueError, InvalidOperation) as error:
        return type(error), str(error)


def standard(text):
    return tomllib.loads(text, parse_float=Decimal)


@settings(max_examples=10 * settings().max_examples)
@given(documents)
@example("[[a]]\nb = 1\n[[a.b]]")
@example("[[a]]\n[[a.b]]\n[[a]]\n[[a.b]]\nc = 1\n[[a]]\nb = 1")
def test_what_is_read_is_what_tomllib_reads(text):
    assert outcome(read_toml, text) == outcome(standard, text)


@given(written())
def test_every_style_is_read_as_tomllib_reads_it(document):
    assert outcome(read_toml, document.text) == outcome(standard, document.text)


@given(text=documents, position=st.integers(0, 200), char=st.sampled_from("\n\"'[]{}=.#, \r\\a1"))
def test_a_slip_is_told_as_tomllib_tells_it(text, position, char):
    text = text[:position] + char + text[position:]

    assert outcome(read_toml, text) == outcome(standard, text)


@pytest.mark.parametrize(
    ("tomli", "python", "expected"),
    [
        ("2.3.2", (3, 11, 7), True),
        ("2.3.10", (3, 14), True),
        ("2.4.0", (3, 14), False),
        ("2.4.0", (3, 15), False),
        ("2.3.2", (3, 15), False),
        ("2.3.1", (3, 11), False),
        ("2.0.1", (3, 11), False),
        ("2.4.dev1", (3, 11), False),
        ("odd", (3, 11), False),
    ],
)
def test_tomli_is_used_only_where_it_reads_the_same_language(tomli, python, expected):
    assert is_equal(tomli, python) is expected


@pytest.mark.parametrize("text", ["a = { b = 1, }", "a = {\nb = 1 }", r'a = "\e"', "a = 07:32"])
def test_what_only_later_versions_of_toml_know_is_read_as_tomllib_reads_it(text):
    assert outcome(read_toml, text) == outcome(standard, text)


def test_numbers_with_a_point_are_decimals():
    assert repr(read_toml("[registry]\nx = 1.50")) == "{'registry': {'x': Decimal('1.50')}}"


def test_nesting_is_bounded_as_in_tomllib():
    with pytest.raises(RecursionError):
        read_toml("x = " + "[" * 100_000)
