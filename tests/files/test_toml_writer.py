import tomllib
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from claimtrack.files.toml_writer import SpanText, write_document

texts = st.text() | st.text(st.sampled_from("\\\"'\x00\x1f\x7f\x85\u2028\u202e\ufeff\t\r\n#[]é😀"))
days = st.dates().map(date.isoformat) | st.sampled_from(["2019-02-29", "0000-01-01", "2019-12"])
decimals = st.decimals(allow_nan=False, allow_infinity=False) | st.builds(
    Decimal,
    st.tuples(
        st.sampled_from([0, 1]),
        st.lists(st.integers(0, 9), min_size=1, max_size=40).map(tuple),
        st.integers(-60, 60),
    ),
)
keys = st.sampled_from(["id", "due", "by", "reading", "criterion", "", "a.b", "é", "-1"]) | texts
values = st.recursive(
    texts | days | days.map(SpanText) | st.booleans() | st.integers() | decimals,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=10,
)
tables = st.dictionaries(keys, values, max_size=6) | st.fixed_dictionaries(
    {"id": texts, "reading": st.lists(st.dictionaries(keys, values, max_size=3), max_size=3)},
    optional={"topics": st.lists(texts)},
)
documents = st.lists(st.tuples(st.sampled_from(["claim", "source", "odd kind"]), tables))


def plain(value):
    """Return *value* with the type beside each number, and with dates as the texts they were."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str) else (type(value), value)


def spans_again(value):
    """Return *value* with what was read as a date as the text of a span again."""
    if isinstance(value, dict):
        return {key: spans_again(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [spans_again(inner) for inner in value]
    return SpanText(value.isoformat()) if isinstance(value, date) else value


def read(text):
    return tomllib.loads(text, parse_float=Decimal)


class TestRoundTrip:
    @given(documents)
    @example([("claim", {"value": Decimal(38), "low": Decimal("-0"), "high": Decimal("1E+2")})])
    @example([("claim", {"value": Decimal("1E+999999999"), "low": Decimal("1E-999999")})])
    def test_what_is_written_is_read_back(self, document):
        by_kind = {}
        for kind, table in document:
            by_kind.setdefault(kind, []).append(table)

        back = read(write_document(document))

        assert plain(back) == plain(by_kind)

    @given(documents)
    def test_what_is_read_back_and_written_again_has_the_same_bytes(self, document):
        once = write_document(document)
        back = spans_again(read(once))

        again = write_document((kind, table) for kind in back for table in back[kind])

        blocks = [write_document([pair]) for kind in back for pair in document if pair[0] == kind]
        assert again == "\n".join(blocks)

    @given(documents)
    def test_a_document_ends_with_one_line_feed_and_holds_one_line_for_each_key(self, document):
        text = write_document(document)

        assert text == "" or text.endswith("\n")
        assert not text.endswith("\n\n")
        assert len(text.splitlines()) == text.count("\n")

    @given(st.sampled_from([str, SpanText]), days)
    def test_a_day_is_bare_where_it_is_the_text_of_a_span_alone(self, kind, day):
        try:
            is_bare = kind is SpanText and bool(date.fromisoformat(day))
        except ValueError:
            is_bare = False

        table = read(write_document([("claim", {"due": kind(day)})]))["claim"][0]

        assert table == {"due": date.fromisoformat(day) if is_bare else day}


def test_a_registry_is_written_as_a_person_would():
    criterion = {"all": [{"event": "e", "by": SpanText("2019-12-31")}, {"not": {"judged": True}}]}
    document = [
        ("registry", {"title": 'A "B"', "policy": {"grace": 14}}),
        (
            "claim",
            {
                "id": "a",
                "reading": [{"name": "1", "criterion": criterion}, {"name": "2"}],
                "said": "2017-07-04/2017-07-05",
                "topics": ("energy", "é\n"),
            },
        ),
        ("claim", {"due": SpanText("2019-02-29"), "not a bare key": {}, "silenced": []}),
    ]

    assert write_document(document) == (
        "[registry]\n"
        'title = "A \\"B\\""\n'
        "policy = { grace = 14 }\n"
        "\n"
        "[[claim]]\n"
        'id = "a"\n'
        'said = "2017-07-04/2017-07-05"\n'
        'topics = ["energy", "é\\n"]\n'
        "\n"
        "[[claim.reading]]\n"
        'name = "1"\n'
        'criterion = { all = [{ event = "e", by = 2019-12-31 }, { not = { judged = true } }] }\n'
        "\n"
        "[[claim.reading]]\n"
        'name = "2"\n'
        "\n"
        "[[claim]]\n"
        'due = "2019-02-29"\n'
        '"not a bare key" = {}\n'
        "silenced = []\n"
    )


def test_no_tables_make_no_text():
    assert write_document([]) == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal(38), "38.0"),
        (Decimal("38.0"), "38.0"),
        (Decimal("38.50"), "38.50"),
        (Decimal("-0"), "-0.0"),
        (Decimal("1E+2"), "100.0"),
        (Decimal("1E-7"), "0.0000001"),
        (Decimal("1E-25"), "1E-25"),
        (Decimal("1.5E+30"), "1.5E+30"),
        (10**30, "1" + "0" * 30),
        (True, "true"),
        ("\x1b[31m\u202e\x9b\b\\", '"\\u001B[31m\\u202E\\u009B\\b\\\\"'),
        ("'\u00e9\U0001f600", '"\'é😀"'),
    ],
    ids=repr,
)
def test_values(value, text):
    assert write_document([("registry", {"k": value})]) == f"[registry]\nk = {text}\n"


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        ("a\ud800", ValueError, "'a\\ud800' holds a lone surrogate and cannot be written"),
        (Decimal("NaN"), ValueError, "NaN is not finite and cannot be written"),
        (Decimal("-Infinity"), ValueError, "-Infinity is not finite and cannot be written"),
        (1j, TypeError, "complex cannot be written to TOML: 1j"),
        (None, TypeError, "NoneType cannot be written to TOML: None"),
    ],
    ids=ascii,
)
def test_what_a_file_cannot_hold_is_refused(value, error, message):
    with pytest.raises(error) as caught:
        write_document([("claim", {"k": [value]})])

    assert str(caught.value) == message


def test_a_key_with_a_lone_surrogate_is_refused():
    with pytest.raises(ValueError, match="lone surrogate"):
        write_document([("claim", {"\udfff": 1})])
