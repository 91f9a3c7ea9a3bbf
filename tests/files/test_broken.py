"""One load tells of every slip, of each as if it were the only one, and of nothing else."""

import json
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from claimtrack import dumps, load
from claimtrack.errors import LoadError
from claimtrack.files.load import loads
from claimtrack.strategies import registries

REFERENCES = {
    "claim": ("speaker", "source"),
    "evidence": ("source", "fact", "claim"),
    "forecast": ("by", "claim", "source"),
    "assessment": ("claim", "source"),
    "search": ("claim", "fact"),
    "selection": ("speaker", "source"),
}


def told(records):
    """Return the problems of *records*, each by the line of its record."""
    try:
        loads("\n".join(json.dumps(record, default=float) for record in records), "a.jsonl")
    except LoadError as error:
        return {(problem.location.line, problem.message) for problem in error.problems}
    return set()


def records_of(registry):
    lines = dumps(registry, "jsonl").removesuffix("\n").split("\n")
    return [json.loads(line, parse_float=Decimal) for line in lines]


@st.composite
def places(draw, keys=None):
    """Draw the records of a registry, and the number of one of them that has any of the *keys*."""
    records = records_of(draw(registries(max_claims=2, max_evidence=3)))
    numbers = [
        number
        for number, record in enumerate(records)
        if record["type"] != "registry"
        and (keys is None or record.keys() & keys.get(record["type"], ()))
    ]
    assume(numbers)
    return records, draw(st.sampled_from(numbers))


@pytest.mark.slow
@given(places(), st.sampled_from([("note", ""), ("nota", "x"), ("silenced", 5)]))
def test_a_slip_in_a_record_that_others_name_is_told_of_once(place, slip):
    records, number = place
    records[number] |= dict([slip])

    assert [line for line, _ in told(records)] == [number + 1]


@pytest.mark.slow
@given(places(REFERENCES), st.data())
def test_an_unknown_id_in_a_malformed_record_is_told_of_with_what_is_malformed(place, data):
    records, number = place
    record = records[number]
    keys = [key for key in REFERENCES[record["type"]] if key in record]
    key = data.draw(st.sampled_from(keys))
    unknown = record | {key: "no-such-id"}
    both = unknown | {"note": ""}

    expected = told([*records[:number], unknown, *records[number + 1 :]])
    expected |= told([*records[:number], record | {"note": ""}, *records[number + 1 :]])

    assert len(expected) == 2
    assert told([*records[:number], both, *records[number + 1 :]]) == expected


@given(places())
def test_a_malformed_record_with_an_id_that_is_taken_is_told_of_for_both(place):
    records, number = place
    again = records[number] | {"note": ""}
    codes = {message for _, message in told([*records, again])}

    assert len(codes) == 2
    assert any("is taken by" in message for message in codes)
    assert any(" note '' is empty" in message for message in codes)


TWO_FACTS = """
[[source]]
id = "s"
published = 2020-01-01
[[fact]]
id = "e"
kind = "event"
[[fact]]
id = "q"
kind = "quantity"
unit = "km"
[[evidence]]
id = "x"
source = "s"
"""


@pytest.mark.parametrize(
    ("keys", "codes"),
    [
        ('fact = "q"\nhappened = 2019\nnote = ""', ["CT305", "CT105"]),
        ('fact = "q"\nhapened = 2019', ["CT301"]),
        ('fact = "e"\nvalue = [1]\nwhen = 2019', ["CT101"]),
        ('fact = "e"\nvalue = 1\nhappened = 2019\nwhen = 2019\nnote = ""', ["CT105"]),
        ('fact = "e"\nhappened = 2021-01-01\nnote = ""', ["CT307", "CT105"]),
        ('fact = "e"\nhappened = 2021-01-01\npublished = "x"', ["CT102"]),
        ('fact = "e"\nhappened = 2021-01-01\npubished = 2021-01-02', ["CT301"]),
        ('fact = "e"\nhappened = 2021-01-01\npublished = 2020-02-01\nx = 1', ["CT307", "CT301"]),
        ('fact = "q"\nvalue = 1\nunit = "m"\nwhen = "x"', ["CT306", "CT102"]),
    ],
)
def test_only_what_is_sure_is_told_of_a_malformed_report(keys, codes):
    keys = keys.replace("= 2019", '= "2019"')

    with pytest.raises(LoadError) as caught:
        loads(TWO_FACTS + keys)

    assert [problem.code for problem in caught.value.problems] == codes


@pytest.mark.parametrize(
    ("broken", "is_told"),
    [
        ('[[speaker]]\nid = "a"\nname = 1 2', False),
        ('[[speaker]]\nid = "b"\nname = 1 2', True),
        ("[[speaker]]\nid = a", False),
        ('[[speaker]]\nid = "\\u0061"\nname = 1 2', False),
    ],
)
def test_an_id_is_unknown_only_if_no_broken_text_has_it(tmp_path, broken, is_told):
    (tmp_path / "a.toml").write_text(broken.replace('"a"', '"miller"').replace("= a", "= miller"))
    (tmp_path / "b.jsonl").write_text(
        '{"type": "source", "id": "s"}\n{"type": "claim", "id": "c", "speaker": "miller", "said": '
        '"2019", "source": "s", "quote": "q", "not_checkable": "x"}\n'
    )
    with pytest.raises(LoadError) as caught:
        load(tmp_path)

    assert [problem.code for problem in caught.value.problems] == ["CT002", "CT202"][: 1 + is_told]


def test_no_id_is_unknown_beside_a_file_that_is_not_text(tmp_path):
    (tmp_path / "a.toml").write_bytes(b"\xff")
    (tmp_path / "b.jsonl").write_text(
        '{"type": "forecast", "id": "f", "by": "a", "claim": "c", "made": "2019-01-01", '
        '"probability": 1}\n'
    )
    with pytest.raises(LoadError) as caught:
        load(tmp_path)

    assert len(caught.value.problems) == 1
