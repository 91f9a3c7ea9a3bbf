"""Whatever is given for a field is taken, or refused by an error that names the field."""

import os
import pickle
import subprocess
import sys
from datetime import UTC, date, datetime, time
from decimal import Decimal
from importlib import resources
from itertools import product

import attrs
import pytest

from claimtrack.errors import CODES, FieldError
from claimtrack.model import fields as checks
from claimtrack.model.claim import Reading, Signature
from claimtrack.model.compose import judged, parts
from claimtrack.model.criterion import Event, Figure, Reaches, Throughout, Window
from claimtrack.model.fields import MAX_ID, MAX_TEXT, key_of, plain, shown, unquoted
from claimtrack.model.quantity import Range, Test, quantity
from claimtrack.model.records import Anchor, Role, Silence, Snapshot
from claimtrack.model.registry import KINDS, Policy, Settings
from claimtrack.model.span import parse_span

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
    KINDS["scale"]: {"id": "a", "labels": [{"name": "so"}]},
    KINDS["search"]: {"id": "a", "fact": "f", "searched": "2019-01-01", "where": "x"},
    KINDS["selection"]: {"id": "a", "rule": "r"},
    KINDS["assessment"]: {"id": "a", "claim": "c", "by": "x", "scale": "s", "rating": "r"},
    Settings: {},
    Policy: {},
    Reading: {"name": "n", "criterion": judged()},
    Signature: {"on": "2019-01-01"},
    Silence: {"code": "c", "because": "b"},
    Anchor: {},
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
                    "expected an IANA name such as 'Europe/Moscow'\n"
                    "    hint: did you mean 'Europe/Moscow'?"
                ),
            ),
            ("claim", {"topics": ["a", "a"]}, "CT201 topics[1] 'a' stands twice in the list"),
            (
                "claim",
                {"quote_kind": "said"},
                (
                    "CT103 quote_kind 'said' is not known; expected one of direct, indirect, own, "
                    "paraphrase"
                ),
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
                (
                    "CT101 probability '1' has the wrong type; expected a number from 0 to 1\n"
                    "    hint: write it without quotes: 1"
                ),
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
        code, reason = told.split(" ", 1)
        subject = kind if "id" in fields else f"{kind} 'a'"

        assert refused(KINDS[kind], **fields) == f"{code} {subject} {reason}"

    def test_bounds_are_inclusive(self):
        speaker = KINDS["speaker"]

        assert len(speaker(id="x" * MAX_ID, name="x" * MAX_TEXT).name) == MAX_TEXT
        assert refused(speaker, id="x" * (MAX_ID + 1)).startswith("CT105 speaker id 'xxx")
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


def made(source):
    """Return the value of *source*; NumPy and pandas are imported only for these tests."""
    import numpy as np
    import pandas as pd

    return eval(source, {"np": np, "pd": pd, "datetime": datetime})  # noqa: S307 - our own text


class TestScalarsOfOtherLibraries:
    @pytest.mark.parametrize(
        ("check", "source", "expected"),
        [
            (checks.text, 'np.str_("gas")', "gas"),
            (checks.identifier, 'np.str_("gas")', "gas"),
            (checks.flag, "np.bool_(True)", True),
            (checks.count, "np.int64(3)", 3),
            (checks.days, "np.uint8(0)", 0),
            (checks.probability, "np.float64(0.1)", 0.1),
            (checks.probability, "np.float32(0.1)", 0.1),
            (checks.probability, "np.int64(1)", 1.0),
            (quantity, "np.float64(0.1)", Decimal("0.1")),
            (quantity, "np.float32(0.1)", Decimal("0.1")),
            (quantity, "np.float16(0.1)", Decimal("0.1")),
            (quantity, "np.int64(-38)", -38),
            (quantity, "[np.int64(37), np.float64(38.5)]", Range(37, Decimal("38.5"))),
        ],
    )
    def test_are_taken_as_what_they_stand_for(self, check, source, expected):
        taken = check(made(source))

        assert taken == expected
        assert type(taken) is type(expected)

    @pytest.mark.parametrize(
        ("source", "text"),
        [
            ('pd.Timestamp("2019-12-02")', "2019-12-02"),
            ('pd.Timestamp("2019-12-02 10:30")', "2019-12-02T10:30:00"),
            ('pd.Timestamp("2019-12-02", tz="UTC")', "2019-12-02T00:00:00+00:00"),
            ('np.datetime64("2019-12-02")', "2019-12-02"),
            ('np.datetime64("2019-12-02T00:00:00.000000000")', "2019-12-02"),
            ('np.datetime64("2019-12")', "2019-12"),
            ('np.str_("2019-12~")', "2019-12~"),
            ("datetime(2019, 12, 2)", "2019-12-02T00:00:00"),
        ],
    )
    def test_days_are_taken_as_their_text(self, source, text):
        assert checks.span(made(source)).text == text

    @pytest.mark.parametrize(
        ("check", "source", "told"),
        [
            (
                quantity,
                'np.float64("nan")',
                "CT104 nan is not finite; expected a number",
            ),
            (
                quantity,
                'np.float32("inf")',
                "CT104 infinity is not finite; expected a number",
            ),
            (
                checks.probability,
                'np.float64("nan")',
                "CT104 nan is not finite; expected a number from 0 to 1",
            ),
            (
                quantity,
                "np.bool_(True)",
                "CT101 true has the wrong type; expected a number",
            ),
            (
                checks.count,
                "np.float64(3)",
                "CT101 3.0 has the wrong type; expected a whole number",
            ),
            (
                checks.flag,
                "np.int64(1)",
                "CT101 1 has the wrong type; expected true or false",
            ),
            (
                checks.text,
                "np.int64(1)",
                "CT101 1 has the wrong type; expected a text",
            ),
        ],
    )
    def test_that_do_not_fit_are_refused_as_what_they_stand_for(self, check, source, told):
        value = made(source)

        with pytest.raises(FieldError) as caught:
            check(value)

        assert str(caught.value) == told

    @pytest.mark.parametrize(
        "source",
        [
            "pd.NaT",
            'np.datetime64("NaT")',
            'np.timedelta64(1, "D")',
        ],
    )
    def test_what_is_no_day_is_refused(self, source):
        value = made(source)

        with pytest.raises(FieldError, match=r"^CT10[12] "):
            checks.span(value)

    def test_arrays_stay_what_they_are(self):
        two = made("np.array([1, 2])")

        assert plain(two) is two


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("0.7", "write it without quotes: 0.7"),
        ("71%", "write 0.71"),
        ("71 %", "write 0.71"),
        ("71.4", "write 0.714"),
        ("0,7", "write 0.7"),
        ("71,4%", "write 0.714"),
        ("100%", "write 1"),
        ("likely", None),
        ("", None),
        (7, None),
    ],
)
def test_a_share_that_is_written_otherwise_is_told_as_it_is_written_here(value, hint):
    assert unquoted(value, is_share=True) == hint


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("38", "write it without quotes: 38"),
        ("-38.50", "write it without quotes: -38.5"),
        ("1,5", "write 1.5"),
        ("1,500", "write 1500, or 1.500 if the comma is a point"),
        ("38 bcm", None),
        ("1,500,000", None),
    ],
)
def test_a_number_that_is_written_otherwise_is_told_as_it_is_written_here(value, hint):
    assert unquoted(value) == hint


@pytest.mark.parametrize(
    ("value", "hint"),
    [(71.4, "write 0.714"), (Decimal(100), "write 1"), (2, "write 0.02"), (101, None), (-1, None)],
)
def test_a_probability_in_percent_is_told_as_a_share(value, hint):
    with pytest.raises(FieldError) as caught:
        checks.probability(value)

    assert caught.value.hint == hint


class TestNormalForm:
    COMPOSED, DECOMPOSED = "caf\u00e9", "cafe\u0301"

    def test_ids_and_names_are_kept_in_one_form(self):
        assert checks.identifier(self.DECOMPOSED) == self.COMPOSED
        assert checks.name(self.DECOMPOSED) == self.COMPOSED
        assert checks.names([self.DECOMPOSED]) == (self.COMPOSED,)

    def test_two_names_that_differ_in_form_only_are_the_same(self):
        with pytest.raises(FieldError, match=r"^CT201 .* stands twice in the list$"):
            checks.names([self.COMPOSED, self.DECOMPOSED])

    def test_words_of_people_are_kept_as_they_are(self):
        assert checks.text(self.DECOMPOSED) == self.DECOMPOSED

    @pytest.mark.parametrize("key", ["publisher", "origin"])
    def test_a_witness_is_the_same_in_both_forms(self, key):
        composed = KINDS["source"](id="a", **{key: self.COMPOSED})
        decomposed = KINDS["source"](id="a", **{key: self.DECOMPOSED})

        assert composed.witness == decomposed.witness
        assert composed == decomposed

    def test_values_and_units_are_the_same_in_both_forms(self):
        fact = KINDS["fact"](id="f", kind="state", values=[self.DECOMPOSED])
        report = KINDS["evidence"](id="e", source="s", fact="f", value=self.DECOMPOSED, when="2019")
        asked = Throughout(fact="f", over="2019", test=self.DECOMPOSED)

        assert fact.values == (self.COMPOSED,)  # noqa: PD011 - no table
        assert (report.value, asked.test) == (self.COMPOSED,) * 2
        assert (
            KINDS["fact"](id="f", kind="quantity", unit="\u212bngstr\u00f6m").unit
            == "\u00c5ngstr\u00f6m"
        )


class TestZones:
    @pytest.mark.parametrize(
        "name",
        [
            *("localtime", "posixrules", "Factory", "right/UTC", "posix/Europe/Paris"),
            *(
                "/usr/share/zoneinfo/UTC",
                "../zoneinfo/UTC",
                "Europe",
                "europe/paris",
                "Europe/Paris/",
            ),
            *("tzdata.zi", "zone.tab", "leapseconds", "Europe\\Paris", "CET-1CEST", "UTC+1"),
        ],
    )
    def test_what_means_another_zone_elsewhere_is_refused(self, name):
        with pytest.raises(
            FieldError, match=r"^CT106 .* is not a time zone; expected an IANA name"
        ):
            checks.zone(name)

    @pytest.mark.parametrize("name", ["UTC", "Europe/Paris", "Etc/GMT+5", "US/Eastern", "GMT"])
    def test_names_of_the_database_are_taken(self, name):
        assert checks.zone(name) == name
        assert checks.zone_named(name).key == name

    def test_the_rules_are_those_of_the_package_whatever_the_machine_has(self, tmp_path):
        script = (
            "from datetime import datetime; from claimtrack.model.fields import zone_named; "
            "print(datetime(2019, 7, 1, tzinfo=zone_named('Europe/Paris')).utcoffset())"
        )
        elsewhere = tmp_path / "Europe"
        elsewhere.mkdir()
        utc = resources.files("tzdata").joinpath("zoneinfo", "UTC").read_bytes()
        (elsewhere / "Paris").write_bytes(utc)

        assert printed(script, PYTHONTZPATH=str(tmp_path)) == "2:00:00\n"

    def test_without_the_package_the_machine_is_asked(self, tmp_path):
        script = "from claimtrack.model.fields import zone_named; print(zone_named('Europe/Paris'))"
        zone = tmp_path / "zones" / "Europe" / "Paris"
        zone.parent.mkdir(parents=True)
        rules = resources.files("tzdata").joinpath("zoneinfo", "Europe", "Paris").read_bytes()
        zone.write_bytes(rules)
        no_package = hidden_tzdata(tmp_path)

        told = printed(script, PYTHONTZPATH=str(tmp_path / "zones"), PYTHONPATH=no_package)

        assert told == "Europe/Paris\n"

    def test_that_there_is_no_database_is_told(self, tmp_path):
        script = (
            "from claimtrack.model.fields import zone\n"
            "try: zone('Europe/Paris')\n"
            "except ValueError as error: print(error)"
        )

        assert printed(script, PYTHONTZPATH="", PYTHONPATH=hidden_tzdata(tmp_path)) == (
            "CT107 'Europe/Paris' cannot be looked up, since there is no time zone database\n"
            "    hint: run: pip install tzdata\n"
        )


def hidden_tzdata(folder):
    """Return a folder in which the package cannot be imported."""
    (folder / "shim").mkdir()
    (folder / "shim" / "tzdata.py").write_text("raise ModuleNotFoundError('tzdata')")
    return str(folder / "shim")


def printed(script, **environment):
    """Return what a fresh interpreter prints."""
    command = [sys.executable, "-W", "error", "-c", script]
    run = subprocess.run(
        command, check=True, capture_output=True, text=True, env={**os.environ, **environment}
    )
    return run.stdout


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_that_is_refused_is_named(kind):
    made = LEGAL[KINDS[kind]]

    with pytest.raises(FieldError) as caught:
        KINDS[kind](**{**made, "id": "gas", "note": 5})

    assert str(caught.value).startswith(f"CT101 {kind} 'gas' ")
    assert pickle.loads(pickle.dumps(caught.value)).record == caught.value.record  # noqa: S301


def test_a_reading_that_is_refused_is_named():
    with pytest.raises(
        FieldError, match=r"^CT103 reading 'the whole line' status 'hold' is not known"
    ):
        Reading(name="the whole line", criterion=judged(), status="hold")
