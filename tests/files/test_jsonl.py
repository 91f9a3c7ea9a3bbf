"""Lines that are read many at once, or one by one without care, say what they say with care."""

import json
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from claimtrack import loads
from claimtrack.errors import FieldError, LoadError
from claimtrack.files import jsonl as json_lines
from claimtrack.files.compiled import needs_care
from claimtrack.files.jsonl import careful_table, plain_table, standard_list, tables_in

PLAIN = (
    '{"type": "speaker", "id": "a"}',
    '{"type": "claim", "criterion": {"event": "gas", "by": "2019"}}',
    '{"type":"source","url":"https://example.org/a:b"}',
    '{"value": [1, 2.50], "not": null, "of": [{"a": 1}, {"b": {"c": true}}]}',
    '{"quote": "ü \\u00fc\\r"}\r',
    "{}",
)
ODD_LINES = (
    *PLAIN,
    *('{"a": 1, "a": 2}', '{"criterion": {"by": 1, "by": 2}}', '{"a": 1, "a" : 2, "b": "x: y"}'),
    *('{"a":1,"a"\t:2,"b":"c:d"}', '{"a":1,"b":{"c":1,"c":":"}}', '{"criterion": "abc", "a": 1}'),
    *('{"reading": [{"a": 1}', '{"b": 2}]}', "{}, {}", '{}, "\x7f", {}', '{}, "\\u007f", {}'),
    *('{"a": "\x7f"}', '{"a": "\\u007F"}', '{"a": "x', 'y"}', '"\x7f"', '["\\u007f"]', "{}] , [{}"),
    *(
        "",
        " ",
        "\r",
        " {}",
        "{} ",
        "[]",
        "[1, 2]",
        "3",
        '"abc"',
        "nul",
        "{",
        "}",
        "]",
        "[",
        ",",
        "\ufeff{}",
    ),
    *(
        '{"a": NaN}',
        '{"a": -Infinity}',
        '{"a": 1e99999999999999999999}',
        '{"a": ' + "1" * 5000 + "}",
    ),
    *('{"a": "\ud800"}', '{"a": "\\ud800"}', '{"a": "\x1f"}', '{"a": "b":1}', '{"a": "\\": \\":"}'),
    *("[" * 5000, '{"a":' * 5000, '{"a": 0.1, "b": -0, "c": 12345678901234567890}'),
)
LINE = st.one_of(
    st.sampled_from(PLAIN),
    st.sampled_from(ODD_LINES),
    st.text('{}[]",:\x7f\\u007f a1\n'.replace("\n", ""), max_size=12),
)


def told(found):
    """Make errors comparable, and numbers that are equal but written otherwise different."""
    return str(found) if isinstance(found, FieldError) else repr(found)


needs_orjson = pytest.mark.skipif(json_lines.orjson is None, reason="orjson is not installed")
DECODERS = (
    pytest.param(standard_list, id="standard"),
    pytest.param(getattr(json_lines.orjson, "loads", None), id="orjson", marks=needs_orjson),
)


@pytest.mark.parametrize("decode", DECODERS)
@given(lines=st.lists(LINE, min_size=1, max_size=6), ends=st.booleans())
@example(lines=['{"reading": [{"a": 1}', '{"b": 2}]}', "{}, {}"], ends=True)
@example(lines=['{"reading": [{"a": 1}', '{"b": 2}]}', '{}, "\\u007f", {}'], ends=True)
@example(lines=["{}] , [{}", "{}"], ends=False)
@example(lines=['{"criterion": "a", "x": ""}', '{"a": 1, "a": 2}'], ends=False)
def test_a_table_is_what_is_read_with_care(decode, lines, ends):
    text = "\n".join(lines) + ("\n" if ends or not lines[-1] else "")

    found = tables_in(text, len(lines), decode=decode)

    assert len(found) == len(lines)
    for line, table in zip(lines, found, strict=True):
        if table is not None and (decode is standard_list or not needs_care(table)):
            assert told(table) == told(careful_table(line))


@given(LINE)
def test_a_line_by_itself_is_what_is_read_with_care(line):
    table = plain_table(line)

    if table is not None:
        assert told(table) == told(careful_table(line))


@pytest.mark.parametrize("decode", DECODERS)
@pytest.mark.parametrize("line", PLAIN)
def test_what_is_plain_is_read_without_care(line, decode):
    assert plain_table(line) == careful_table(line)
    assert tables_in(f"{line}\n{line}\n", 2, decode=decode) == [careful_table(line)] * 2


@given(st.lists(st.sampled_from(PLAIN), min_size=1, max_size=5))
def test_lines_that_are_plain_are_read_without_care_beside_one_that_is_not(lines):
    text = "\n".join([*lines, '{"a": 1, "a": 2}', *lines]) + "\n"

    found = tables_in(text, 2 * len(lines) + 1)

    tables = [json.loads(line, parse_float=Decimal) for line in lines]
    assert found == [*tables, None, *tables]


@pytest.mark.parametrize("number", ["1e99999999999999999999", "-1E+99999999999999999999"])
def test_an_exponent_beyond_all_bounds_is_a_problem_with_a_place(number):
    with pytest.raises(LoadError) as caught:
        loads(f'{{"type": "forecast", "probability": {number}}}', "a.jsonl")

    assert str(caught.value) == "a.jsonl:1:1: CT104 holds a number with too large an exponent"
