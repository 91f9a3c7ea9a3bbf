from contextlib import suppress

import pytest

from claimtrack import loads
from claimtrack.errors import LoadError
from claimtrack.files.folder import Limits
from claimtrack.files.load import Loading
from claimtrack.files.toml import document_of, readable_rest
from tests.counting import grows_in_step


def told(text):
    with pytest.raises(LoadError) as caught:
        document_of(text, "a.toml")
    return str(caught.value)


def key_of(parts, dot="."):
    return dot.join(["'a'", '"b"', "c", "4"][part % 4] for part in range(parts))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a = 1\n b = ?", "a.toml:2:6: CT002 is not TOML: Invalid value", id="syntax"),
        pytest.param(
            "said = 2011-11-31",
            "a.toml:1:8: CT002 is not TOML: '2011-11-31' has no such day; "
            "expected a day from 01 to 30",
            id="a day",
        ),
        pytest.param(
            "a = [2011-02-28, 2011-02-32]",
            "a.toml:1:22: CT002 is not TOML: '2011-02-32' has no such day; "
            "expected a day from 01 to 28",
            id="a day that is not in any month",
        ),
        pytest.param(
            "a = 1\r\nb = { by = 2011-13-01 }",
            "a.toml:2:16: CT002 is not TOML: '2011-13-01' has no such month; "
            "expected a month from 01 to 12",
            id="a month",
        ),
        pytest.param(
            "a = 2011-11-30T99:00:00",
            "a.toml:1:15: CT002 is not TOML: Expected newline or end of document after a statement",
            id="a time of day",
        ),
        pytest.param(
            "a = 0000-01-01",
            "a.toml:1:5: CT002 is not TOML: Invalid date or datetime",
            id="a year that TOML does not have",
        ),
        pytest.param(
            f"a = 1\n b = {'[' * 100_000}",
            "a.toml:2:106: CT003 nests deeper than 100 levels",
            id="deep",
        ),
        pytest.param(
            f"a = 1\n b = [{'1' * 5000}]",
            "a.toml:2:7: CT104 a number has more than 4300 digits",
            id="an integer",
        ),
        pytest.param(
            "a = 1\n b = [1.5e-9999999999999999999]",
            "a.toml:2:7: CT104 a number has too large an exponent",
            id="an exponent",
        ),
        pytest.param(
            f"\n {key_of(65)} = 1", "a.toml:2:2: CT003 a key has more than 64 parts", id="a key"
        ),
        pytest.param(
            f"\n[ {key_of(65, ' . ')} ]",
            "a.toml:2:3: CT003 a key has more than 64 parts",
            id="a header",
        ),
        pytest.param(
            f"x = {{ {key_of(65)} = 1}}",
            "a.toml:1:7: CT003 a key has more than 64 parts",
            id="inline",
        ),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(text, expected):
    assert told(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"{key_of(64)} = 1", id="a key"),
        pytest.param(f'x = "{"a." * 100}"', id="a text"),
        pytest.param(f"x = '''\n{'a.' * 100}'''", id="a long text"),
        pytest.param(f'x = """\\"""\n{"a." * 100}"""', id="a long text with quotes"),
        pytest.param(f"x = 1 # {'a.' * 100}", id="a comment"),
        pytest.param(f"x = [{'1.5, ' * 100}]", id="numbers"),
    ],
)
def test_dots_elsewhere_are_no_key(text):
    assert document_of(text, "a.toml")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(lambda n: f"[a{'.a' * n}]", id="a header"),
        pytest.param(lambda n: 'x = "\\"' + '\\"' * n + "." * 64, id="quotes without an end"),
        pytest.param(lambda n: f'x = "{"." * 64}' + '\\"' * n + '"', id="quotes in a text"),
        pytest.param(lambda n: 'x = """' + '\\"""' * n + "." * 64, id="a long text without an end"),
        pytest.param(lambda n: f"x = {'a' * n}{'.' * 64}", id="a word"),
        pytest.param(lambda n: f"x{' ' * n}{'.' * 64}", id="blanks"),
        pytest.param(lambda n: f"{('a.' * 60 + ' ') * (n // 100)}", id="keys just short enough"),
    ],
)
def test_the_work_grows_with_the_text_also_where_it_is_refused(text):
    def work(size):
        with suppress(LoadError):
            document_of(text(size), "a.toml")

    assert grows_in_step(work, 1_000)
    work(400_000)  # what the calls do not show, such as an expression that goes back, would hang


def problems_of(text):
    with pytest.raises(LoadError) as caught:
        loads(text, "a.toml")
    return [str(problem).split("\n")[0] for problem in caught.value.problems]


ADA = '[[speaker]]\nid = "ada"\n'
BAD = "[[speaker]]\nid = ?\n"
NO_TEXT = "CT101 speaker id 3 has the wrong type; expected an id, which is a text"
TAKEN = (
    "a.toml:{}:1: CT201 speaker id 'ada' is taken by a.toml:{}:1; "
    "expected ids to be unique in a registry"
)
INVALID = "CT002 is not TOML: Invalid value"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            f"{BAD}{ADA}{BAD}[[speaker]]\nid = 3\n",
            [
                f"a.toml:2:6: {INVALID}",
                f"a.toml:6:6: {INVALID}",
                f"a.toml:8:1: {NO_TEXT}",
            ],
            id="records",
        ),
        pytest.param(
            f"{BAD}{ADA}{ADA}".replace("\n", "\r\n"),
            [
                f"a.toml:2:6: {INVALID}",
                TAKEN.format(6, 3),
            ],
            id="line ends of Windows",
        ),
        pytest.param(
            f"x = ?\n{ADA}y = 1\n",
            [
                f"a.toml:1:5: {INVALID}",
                "a.toml:4:1: CT301 speaker 'ada' y is not a key that is known here",
            ],
            id="before the first header",
        ),
        pytest.param(
            f"{ADA}[[speaker]\nid = 1\n[[fact]\n{ADA}z = 1\n",
            [
                "a.toml:3:10: CT002 is not TOML: Expected ']]' at the end of an array declaration",
                "a.toml:5:7: CT002 is not TOML: Expected ']]' at the end of an array declaration",
                TAKEN.format(7, 2),
                "a.toml:8:1: CT301 speaker 'ada' z is not a key that is known here",
            ],
            id="headers",
        ),
        pytest.param(
            f"[registry]\ntitle = 'a'\n{ADA}[registry]\nx = 1\n{BAD}",
            [
                "a.toml:5:10: CT002 is not TOML: Cannot declare ('registry',) twice",
                f"a.toml:8:6: {INVALID}",
            ],
            id="settings twice, and a record",
        ),
        pytest.param(
            f"[registry]\n{BAD}x = '''\n{ADA}{ADA}'''\n{ADA}x = 1\n",
            [
                f"a.toml:3:6: {INVALID}",
                "a.toml:12:1: CT301 speaker 'ada' x is not a key that is known here",
            ],
            id="headers in a text",
        ),
        pytest.param(
            f'{ADA}name = """an\n{ADA}x = 1\n',
            [
                "a.toml:3:13: CT002 is not TOML: Unterminated string",
                "a.toml:6:1: CT301 speaker 'ada' x is not a key that is known here",
            ],
            id="a text without an end",
        ),
        pytest.param(
            f"{BAD}[[claim]]\nx = 1\n[[fact]]\n[claim.criterion]\n",
            [f"a.toml:2:6: {INVALID}"],
            id="a table that may belong to another record",
        ),
        pytest.param(
            f"{BAD}[[claim]]\nx = {'[' * 200}\n",
            ["a.toml:4:105: CT003 nests deeper than 100 levels"],
            id="what is refused as a whole",
        ),
    ],
)
def test_what_stands_beside_an_error_is_told_too(text, expected):
    assert problems_of(text) == expected


def test_what_a_broken_record_may_define_is_not_called_undefined():
    said = 'said = "2019"\nquote = "q"\nnot_checkable = "n"\n'
    claim = f'[[claim]]\nid = "c"\nspeaker = "eve"\nsource = "bob"\n{said}'

    *_, last = problems_of(f'[[source]]\nid = ?\n[[speaker]]\nid = "eve" ?\n{claim}')
    assert last == (
        "a.toml:8:1: CT202 claim 'c' source 'bob' is not defined in any loaded file; "
        "expected the id of a source"
    )


def test_problems_beside_an_error_are_counted_with_the_others():
    loading = Loading(Limits(problems=3))
    loading.read_toml("a.toml", BAD * 10 + "[[speaker]]\nid = 1\n" * 10)
    with pytest.raises(LoadError) as caught:
        loading.registry("a.toml")

    assert str(caught.value.problems[-1]).startswith(
        "CT006 at least 17 more problems are not listed"
    )


def test_the_work_of_many_errors_grows_with_the_text():
    def work(size):
        text = (ADA + BAD) * size
        with pytest.raises(LoadError) as caught:
            document_of(text, "a.toml")
        rest = readable_rest(text, "a.toml", caught.value)
        assert len(rest.problems) == size

    assert grows_in_step(work, 50)
