import tomllib
from datetime import date

import pytest

from claimtrack.edit.sections import EditError, with_keys

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
    ("text", "told"),
    [
        pytest.param(
            'claim = [{ id = "a" }]\n',
            "claim is not written as a table with a header [[claim]]; edit by hand",
            id="inline",
        ),
        pytest.param(
            '[[claim]]\nid = "a"\n[claim.signed]\non = 2020-01-01\n',
            "the file would not say what it is to say; edit it by hand",
            id="under another header",
        ),
    ],
)
def test_what_cannot_be_changed_safely_is_refused(text, told):
    with pytest.raises(EditError) as caught:
        with_keys(text, {("claim", 0): {"signed": {"on": date(2021, 1, 1)}}})

    assert str(caught.value) == told


def test_words_that_try_to_end_the_text_stay_words():
    words = 'x"\n[registry]\nnote = "\u202e'

    after = with_keys(TEXT, {("claim", 1): {"note": words}})

    assert tomllib.loads(after)["claim"][1]["note"] == words
    assert "\u202e" not in after
