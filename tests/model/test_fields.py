"""Whatever is given for a field is taken, or refused by an error that names the field."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import product

import attrs
import pytest

from claimtrack.errors import CODES, FieldError
from claimtrack.model.claim import Reading, Signature
from claimtrack.model.compose import judged, parts
from claimtrack.model.criterion import Event, Figure, Reaches, Throughout, Window
from claimtrack.model.fields import MAX_ID, MAX_TEXT, key_of, shown
from claimtrack.model.quantity import Range, Test
from claimtrack.model.registry import KINDS, Policy, Settings
from claimtrack.model.silence import Silence
from claimtrack.model.source import Snapshot
from claimtrack.model.span import parse_span
from claimtrack.model.speaker import Role

WINDOW = Window("by", "2019")
TEST = Test(comparison="above", value=1)
LEGAL = {
    KINDS["speaker"]: {"id": "a"},
    KINDS["source"]: {"id": "a"},
    KINDS["fact"]: {"id": "a", "kind": "event"},
    KINDS["evidence"]: {"id": "a", "source": "s", "fact": "f", "happened": "2019"},
    KINDS["claim"]: {
        "id": "a",
        "speaker": "s",
        "said": "2019",
        "source": "s",
        "quote": "q",
        "criterion": judged(),
    },
    KINDS["forecast"]: {"id": "a", "by": "s", "claim": "c", "made": "2019", "probability": 1},
    KINDS["assessment"]: {"id": "a", "claim": "c", "by": "x", "scale": "s", "rating": "r"},
    Settings: {},
    Policy: {},
    Reading: {"name": "n", "criterion": judged()},
    Signature: {"on": "2019-01-01"},
    Silence: {"code": "c", "because": "b"},
    Snapshot: {"path": "p", "sha256": "a" * 64},
    Role: {"title": "t"},
    Event: {"fact": "f", "window": WINDOW},
    Figure: {"fact": "f", "at": "2019", "test": TEST},
    Reaches: {"fact": "f", "window": WINDOW, "test": TEST},
    Throughout: {"fact": "f", "over": "2019", "test": True},
    type(judged()): {},
    type(parts(judged())): {"parts": [judged()]},
    Test: {"comparison": "equals", "value": 1},
}


class Hostile:
    """A value that says nothing about itself and equals nothing."""

    __hash__ = None

    def __eq__(self, other):
        raise RuntimeError

    def __repr__(self):
        raise ValueError


ODD = [
    *(None, True, False, 0, 1, -1, 10**5000, 1.5, 1j),
    *(float("nan"), float("inf"), Decimal("sNaN"), Decimal("-Infinity"), Decimal("1E+9999")),
    *("", " ", "x", "\ud800", "a b", "2019", "2019-12-02/..", b"x", bytearray(b"x")),
    *([], [None], [[]], ["a", "a"], {}, {"a": 1}, {1: 2}, (), (1,), ((1, 2),), set(), range(3)),
    *(date(2019, 1, 1), datetime(2019, 1, 1, tzinfo=UTC), time(1), object(), Hostile(), int),
    *(judged(), parts(judged()), TEST, Range(1, 2), parse_span("2019"), WINDOW, LEGAL),
    *({"criterion": {"judged": True}, "name": "x"}, [{"name": 1}], [{"code": "x"}], [Hostile()]),
]
OF_THE_WHOLE = {"CT303", "CT304"}
"""Codes of errors about several keys, which may name none of them."""


@pytest.mark.parametrize("cls", LEGAL, ids=lambda cls: cls.__name__)
def test_what_does_not_fit_is_refused_with_the_name_of_its_key(cls):
    for field, value in product(attrs.fields(cls), ODD):
        made, error = outcome(cls, field.name, value)

        if error is None:
            assert attrs.evolve(made) == made
        else:
            names_it = error.path[:1] in {(key_of(field),), ("is",)}
            assert names_it or error.code in OF_THE_WHOLE
            assert str(error).split(" ")[0] in CODES


def outcome(cls, name, value):
    """Return a record with *value* in its field *name*, or the error that refuses it."""
    try:
        return cls(**{**LEGAL[cls], name: value}), None
    except FieldError as error:
        return None, error


@pytest.mark.parametrize("cls", LEGAL, ids=lambda cls: cls.__name__)
def test_a_record_made_of_the_fields_of_another_is_equal_to_it_and_as_hard_to_change(cls):
    made = cls(**LEGAL[cls])
    first = attrs.fields(cls)[0].name

    assert hash(attrs.evolve(made)) == hash(made)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(made, first, None)


def refused(cls, **fields):
    with pytest.raises(FieldError) as caught:
        cls(**{**LEGAL[cls], **fields})
    return str(caught.value)


class TestMessages:
    """Each says what was given and what is expected."""

    @pytest.mark.parametrize(
        ("kind", "fields", "told"),
        [
            (
                "speaker",
                {"id": 7},
                "CT101 id 7 has the wrong type; expected an id, which is a text",
            ),
            ("speaker", {"name": " "}, "CT105 name ' ' is empty; expected a text, or no such key"),
            (
                "speaker",
                {"id": "\u200b"},
                (
                    "CT105 id '\\u200b' is not an id; expected 1 to 200 characters, "
                    "none of them a space or a control character"
                ),
            ),
            (
                "speaker",
                {"roles": [{"since": "2012"}]},
                "CT302 roles[0] the key 'title' is missing",
            ),
            (
                "speaker",
                {"roles": [{"title": "x", "sinse": "2012"}]},
                (
                    "CT301 roles[0].sinse is not a key that is known here\n"
                    "    hint: did you mean 'since'?"
                ),
            ),
            (
                "speaker",
                {"roles": [{"title": "x", "since": "2012", "until": "2011"}]},
                "CT303 roles[0].until '2011' is before since '2012'",
            ),
            (
                "speaker",
                {"roles": "x"},
                "CT101 roles 'x' has the wrong type; expected a list of tables",
            ),
            (
                "claim",
                {"said": 2019},
                (
                    "CT101 said 2019 has the wrong type; "
                    "expected a date, or a span of days as EDTF text\n"
                    '    hint: write it in quotes: "2019"'
                ),
            ),
            (
                "claim",
                {"said": "2019/.."},
                "CT308 said '2019/..' is open; expected a span with both ends",
            ),
            ("claim", {"due": "2019/.."}, "CT308 due '2019/..' has no end; expected a last day"),
            (
                "claim",
                {"review_by": "2019"},
                "CT102 review_by '2019' is not one full day; expected YYYY-MM-DD",
            ),
            (
                "claim",
                {"grace": 1_000_001},
                "CT104 grace 1000001 is out of bounds; expected 0 to 1000000",
            ),
            (
                "claim",
                {"grace": True},
                "CT101 grace true has the wrong type; expected a whole number",
            ),
            (
                "claim",
                {"timezone": "Europe/Moskow"},
                (
                    "CT106 timezone 'Europe/Moskow' is not a time zone; "
                    "expected an IANA name such as 'Europe/Moscow'"
                ),
            ),
            ("claim", {"topics": ["a", "a"]}, "CT201 topics[1] 'a' stands twice in the list"),
            (
                "claim",
                {"quote_kind": "said"},
                "CT103 quote_kind 'said' is not known; expected one of direct, indirect, own",
            ),
            ("fact", {"once": 1}, "CT101 once 1 has the wrong type; expected true or false"),
            (
                "source",
                {"snapshot": {"path": "p", "sha256": "ABC"}},
                "CT105 snapshot.sha256 'ABC' is not a SHA-256; expected 64 hexadecimal digits",
            ),
            (
                "forecast",
                {"probability": "1"},
                "CT101 probability '1' has the wrong type; expected a number from 0 to 1",
            ),
            (
                "forecast",
                {"probability": None, "distribution": {"a": 0.5, "b": 0.4}},
                "CT104 distribution the shares sum to 0.9; expected 1",
            ),
            (
                "forecast",
                {"probability": None, "distribution": (("a", 0.5), ("a", 0.5))},
                "CT201 distribution names one option twice; expected each once",
            ),
        ],
        ids=lambda value: value.partition(";")[0] if isinstance(value, str) else None,
    )
    def test_say_what_is_expected(self, kind, fields, told):
        assert refused(KINDS[kind], **fields) == told

    def test_bounds_are_inclusive(self):
        speaker = KINDS["speaker"]

        assert len(speaker(id="x" * MAX_ID, name="x" * MAX_TEXT).name) == MAX_TEXT
        assert refused(speaker, id="x" * (MAX_ID + 1)).startswith("CT105 id 'xxx")
        assert refused(speaker, name="x" * (MAX_TEXT + 1)).endswith(
            "has 100001 characters; expected at most 100000"
        )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (None, "null"),
        (Decimal("1.50"), "1.50"),
        (date(2011, 11, 30), "2011-11-30"),
        (datetime(2011, 11, 30, 7, tzinfo=UTC), "2011-11-30T07:00:00+00:00"),
        (time(7, 30), "07:30:00"),
        (["a", [False, None]], "['a', [false, null]]"),
        ((Decimal(1), Decimal("1.5")), "[1, 1.5]"),
        (
            {"by": date(2019, 1, 1), "two words": True, 1: {}},
            "{ by = 2019-01-01, 'two words' = true, 1 = {} }",
        ),
        ("it's", '"it\'s"'),
        ("x" * 200, f"'{'x' * 59}…{'x' * 9}'"),
        (10**5000, "<int>"),
        (Hostile(), "<Hostile>"),
    ],
    ids=[
        *("true", "null", "decimal", "day", "date-time", "time", "list", "range", "table"),
        *("quotes", "long", "very large", "hostile"),
    ],
)
def test_a_value_is_shown_as_it_is_written_and_never_long(value, text):
    assert shown(value) == text
