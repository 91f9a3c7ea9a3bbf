import tomllib
from datetime import date

import pytest

from claimtrack.edit.sections import with_keys

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
        TEXT.replace("by a year\n", 'by a year\nstatus = "held"\n')
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
                '  { id = "a", status = "late",signed = { on = 2021-01-01, by = "Bo" }},'
                '  # the first\n  { id = "b" },\n]\nx = 1\n'
            ),
            id="inline",
        ),
        pytest.param(
            (
                '[[claim]]\nid = "a"  # one\nstatus = "held"\n\n[claim.signed]  # long ago\n'
                'on = 2020-01-01  # a day\nbecause = "so"\n\n[[claim]]\nid = "b"\n'
            ),
            (
                '[[claim]]\nid = "a"  # one\nstatus = "late"\n\n[claim.signed]  # long ago\n'
                'on = 2021-01-01  # a day\nby = "Bo"\n\n[[claim]]\nid = "b"\n'
            ),
            id="under another header",
        ),
        pytest.param(
            '[[claim]]\nid = "a"\nsigned.on = 2020-01-01\nsigned.by = "Ann"\nstatus = "held"\n',
            '[[claim]]\nid = "a"\nsigned = { on = 2021-01-01, by = "Bo" }\nstatus = "late"\n',
            id="dotted",
        ),
    ],
)
def test_tables_without_a_header_of_their_own_are_changed_too(text, expected):
    signed = {"on": date(2021, 1, 1), "by": "Bo"}

    assert with_keys(text, {("claim", 0): {"status": "late", "signed": signed}}) == expected


def test_words_that_try_to_end_the_text_stay_words():
    words = 'x"\n[registry]\nnote = "\u202e'

    after = with_keys(TEXT, {("claim", 1): {"note": words}})

    assert tomllib.loads(after)["claim"][1]["note"] == words
    assert "\u202e" not in after
