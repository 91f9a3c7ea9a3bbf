import tomllib
from datetime import date

import pytest

from claimtrack.edit import toml as sections
from claimtrack.edit.toml import EditError, with_keys

TEXT = """\
# The head of the file.

[[claim]]   # the first
id = "a"
criterion = { event = "gas",  by = 2019-12-31 }
status   =   "held"   # as Ann says
note = '''
# not a comment'''

# About the second.
[[claim]]
id = "b"
  [[claim.reading]]
  name = "early"   # by a year

  # About the third.
[[claim]]
id = "c"
signed = { on = 2019-01-01, by = "Ann" }  # long ago

[registry]
title = "t"
"""


def test_a_key_that_is_there_keeps_its_layout_and_its_comment():
    after = with_keys(TEXT, {("claim", 0): {"status": "late"}})

    assert after == TEXT.replace('"held"', '"late"')


def test_a_key_that_is_not_there_is_added_below_the_last_one():
    after = with_keys(TEXT, {("claim", 1): {"status": "late"}})

    assert after == TEXT.replace('id = "b"\n', 'id = "b"\nstatus = "late"\n')


def test_keys_of_readings_and_last_tables_are_set():
    after = with_keys(
        TEXT,
        {
            ("claim", 1, "reading", 0): {"status": "held"},
            ("claim", 2): {"signed": {"on": date(2020, 1, 1), "by": "Bo"}},
            ("registry",): {"note": "n"},
        },
    )

    assert after == (
        TEXT.replace("by a year\n", 'by a year\n  status = "held"\n')
        .replace('{ on = 2019-01-01, by = "Ann" }', '{ on = 2020-01-01, by = "Bo" }')
        .replace('title = "t"\n', 'title = "t"\nnote = "n"\n')
    )


def test_a_text_that_looks_like_a_comment_is_no_tail():
    after = with_keys(TEXT, {("claim", 0): {"signed": {"on": date(2020, 1, 1)}}})

    assert after == TEXT.replace("comment'''\n", "comment'''\nsigned = { on = 2020-01-01 }\n")


def test_lines_that_end_as_on_windows_do_so_afterwards():
    text = TEXT.replace("\n", "\r\n")

    after = with_keys(text, {("claim", 1): {"status": "late"}})

    assert after == text.replace('id = "b"\r\n', 'id = "b"\r\nstatus = "late"\r\n')


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            'claim = [  # all\n  { id = "a" },  # the first\n  { id = "b" },\n]\nx = 1\n',
            (
                "claim = [  # all\n"
                '  { id = "a", status = "late", signed = { on = 2021-01-01, by = "Bo" } },'
                '  # the first\n  { id = "b" },\n]\nx = 1\n'
            ),
            id="inline",
        ),
        pytest.param(
            (
                '[[claim]]\nid = "a"  # one\nstatus = "held"\n\n[claim.signed]  # long ago\n'
                'on = 2020-01-01  # a day\nbecause = "so"\n'
                'fingerprint = "f"  # of then\n\n[[claim]]\nid = "b"\n'
            ),
            (
                '[[claim]]\nid = "a"  # one\nstatus = "late"\n\n[claim.signed]  # long ago\n'
                'on = 2021-01-01  # a day\nby = "Bo"\n# of then\n\n[[claim]]\nid = "b"\n'
            ),
            id="under another header",
        ),
        pytest.param(
            '[[claim]]\nid = "a"\nsigned.on = 2020-01-01\nsigned.by = "Ann"\nstatus = "held"\n',
            '[[claim]]\nid = "a"\nsigned.on = 2021-01-01\nsigned.by = "Bo"\nstatus = "late"\n',
            id="dotted",
        ),
    ],
)
def test_tables_without_a_header_of_their_own_are_changed_too(text, expected):
    signed = {"on": date(2021, 1, 1), "by": "Bo"}

    assert with_keys(text, {("claim", 0): {"status": "late", "signed": signed}}) == expected


SIGNED = {"status": "late", "signed": {"on": date(2021, 1, 1), "by": "Bo"}}
NEW = 'status = "late"', 'signed = { on = 2021-01-01, by = "Bo" }'

CASES = {
    "an inline date keeps the blank after it": (
        'claim = [{ id = "a", said = 2020-01-01 }]\n',
        f'claim = [{{ id = "a", said = 2020-01-01, {NEW[0]}, {NEW[1]} }}]\n',
    ),
    "a date at the brace": (
        'claim = [{id = "a",said=2020-01-01}]\n',
        f'claim = [{{id = "a",said=2020-01-01, {NEW[0]}, {NEW[1]}}}]\n',
    ),
    "an inline signature among dates": (
        'claim = [{ signed = { on = 2020-01-01 }, said = 2020-01-01 , status = "held"}]',
        f"claim = [{{ {NEW[1]}, said = 2020-01-01 , {NEW[0]}}}]",
    ),
    "dotted keys in braces": (
        'claim = [{ signed.on = 2020-01-01, signed.because = "so", id = "a" }]\n',
        'claim = [{ signed.on = 2021-01-01, signed.by = "Bo", id = "a", status = "late" }]\n',
    ),
    "dotted keys in braces that all go": (
        'claim = [{ id = "a", signed.because = "so" }]\n',
        'claim = [{ id = "a", signed.on = 2021-01-01, signed.by = "Bo", status = "late" }]\n',
    ),
    "elements on lines of their own, with comments": (
        'claim = [\n  # one\n  { id = "a" }, # b\n\n # c\n]',
        f'claim = [\n  # one\n  {{ id = "a", {NEW[0]}, {NEW[1]} }}, # b\n\n # c\n]',
    ),
    "no line end at the end": (
        '[[claim]]\nid = "a" # b',
        f'[[claim]]\nid = "a" # b\n{NEW[0]}\n{NEW[1]}',
    ),
    "a table that holds nothing but a comment": (
        "[[claim]] # a\n# b\n",
        f"[[claim]] # a\n{NEW[0]}\n{NEW[1]}\n# b\n",
    ),
    "other names of keys": (
        '[["claim"]]\n"id" = "a"\n\'status\' = "held"\n"signed"."on" = 2020-01-01 # c\n',
        (
            '[["claim"]]\n"id" = "a"\n\'status\' = "late"\n"signed"."on" = 2021-01-01 # c\n'
            'signed.by = "Bo"\n'
        ),
    ),
    "a comment beside a dotted key that goes": (
        '[[claim]]\n  signed.because = "so" # why\n  signed.on = 2020-01-01\n  id = "a"\n',
        (
            '[[claim]]\n  # why\n  signed.on = 2021-01-01\n  signed.by = "Bo"\n  id = "a"\n'
            '  status = "late"\n'
        ),
    ),
    "a signature of which nothing stays": (
        '[[claim]]\nid = "a"\n[claim.signed] # s\nbecause = "so"\n# end\n',
        (
            '[[claim]]\nid = "a"\nstatus = "late"\n'
            '[claim.signed] # s\non = 2021-01-01\nby = "Bo"\n# end\n'
        ),
    ),
    "a long text": (
        '[[claim]]\nstatus = """\nheld""" # "c"\nid = """a\n\n# b"""\n\n# tail\n',
        f'[[claim]]\n{NEW[0]} # "c"\nid = """a\n\n# b"""\n{NEW[1]}\n\n# tail\n',
    ),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_nothing_but_the_keys_changes(text, expected, end):
    text, expected = text.replace("\n", end), expected.replace("\n", end)
    if "\n" not in text:
        assert with_keys(text, {("claim", 0): SIGNED}).split() == expected.split()
    else:
        assert with_keys(text, {("claim", 0): SIGNED}) == expected


def test_each_line_keeps_its_own_line_end():
    ends = ("\n", "\r\n", "\r\n")
    text = "".join(line + ends[at % 3] for at, line in enumerate(TEXT.splitlines()))
    changes = {("claim", 0): {"status": "late"}, ("claim", 1): {"status": "late"}}

    after = with_keys(text, changes)

    added = 'id = "b"\n' if 'id = "b"\n' in text else 'id = "b"\r\n'
    new = added.replace('id = "b"', 'status = "late"')
    assert after == text.replace('"held"', '"late"').replace(added, added + new)


def test_a_reading_in_braces_is_set():
    text = 'claim = [{ id = "a", reading = [{ name = "x" }, { name = "y", status = "held" }] }]\n'

    after = with_keys(
        text,
        {
            ("claim", 0): {"status": "late"},
            ("claim", 0, "reading", 0): {"status": "held"},
            ("claim", 0, "reading", 1): {"status": "late"},
        },
    )

    assert after == (
        'claim = [{ id = "a", reading = [{ name = "x", status = "held" }, '
        '{ name = "y", status = "late" }], status = "late" }]\n'
    )


def test_what_cannot_be_said_is_refused():
    text = 'claim = [{ signed.by = "Bo", signed.because = "so", id = "a" }]\n'

    with pytest.raises(EditError, match="edit it by hand"):
        with_keys(text, {("claim", 0): {"signed": {"on": date(2021, 1, 1)}}})


@pytest.mark.parametrize("below", ["# a comment\n", "\n", 'x = """\n#"""\n'])
def test_many_lines_below_a_table_are_read_a_few_times_and_no_more(monkeypatch, below):
    read = []
    loads = tomllib.loads

    def counted(text, **how):
        read.append(len(text))
        return loads(text, **how)

    monkeypatch.setattr(sections.tomllib, "loads", counted)
    cost = []
    for number in (200, 400):
        read.clear()
        lines = "".join(below.replace("x", f"x{one}") for one in range(number))
        with_keys(f'[[claim]]\nid = "a"\n{lines}', {("claim", 0): SIGNED})
        cost.append(sum(read))

    assert cost[1] < 2.2 * cost[0]


def test_words_that_try_to_end_the_text_stay_words():
    words = 'x"\n[registry]\nnote = "\u202e'

    after = with_keys(TEXT, {("claim", 1): {"note": words}})

    assert tomllib.loads(after)["claim"][1]["note"] == words
    assert "\u202e" not in after
