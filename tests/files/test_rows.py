"""Registries from rows: mappings with the keys of the file format and values of Python."""

import enum
import json
from collections import UserDict
from datetime import date
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from claimtrack import LoadError, Reading, load_rows, loads, occurs
from claimtrack.files import folder
from claimtrack.model.registry import KINDS

GOOD = (
    {"type": "registry", "title": "Gas"},
    {"type": "speaker", "id": "anna", "roles": [{"title": "Minister", "since": "2012"}]},
    {"type": "source", "id": "page", "published": "2019-12-02"},
    {"type": "fact", "id": "gas", "kind": "event"},
    {"type": "fact", "id": "flow", "kind": "quantity", "unit": "bcm"},
    {"type": "evidence", "id": "e", "fact": "gas", "source": "page", "happened": "2019-12-02"},
    {
        "type": "evidence",
        "id": "f",
        "fact": "flow",
        "source": "page",
        "value": 38,
        "when": "2019-11",
    },
    {
        "type": "claim",
        "id": "c",
        "speaker": "anna",
        "said": "2017-07-04",
        "source": "page",
        "quote": "gas will flow",
        "criterion": {"event": "gas", "by": "2019-12-31"},
        "reading": [{"name": "other", "criterion": {"event": "gas", "before": "2019"}}],
    },
)


def problems(*rows):
    with pytest.raises(LoadError) as caught:
        load_rows(rows)
    return str(caught.value).split("\n")


def changed(kind, **keys):
    return [{**row, **keys} if row["type"] == kind else row for row in GOOD]


def test_rows_are_read_as_lines_of_json_are():
    assert load_rows(GOOD) == loads("\n".join(map(json.dumps, GOOD)), name="registry.jsonl")


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        pytest.param("evidence", {"recorded": date(2019, 12, 3)}, id="a date"),
        pytest.param("evidence", {"recorded": np.datetime64("2019-12-03")}, id="a numpy day"),
        pytest.param("evidence", {"recorded": pd.Timestamp("2019-12-03")}, id="a pandas day"),
        pytest.param("evidence", {"source": np.str_("page")}, id="a numpy text"),
        pytest.param("claim", {"criterion": occurs("gas", by="2019-12-31")}, id="a criterion"),
        pytest.param(
            "claim",
            {"criterion": MappingProxyType({"event": "gas", "by": date(2019, 12, 31)})},
            id="another mapping",
        ),
        pytest.param(
            "claim",
            {"reading": ({"name": "other", "criterion": {"event": "gas", "before": "2019"}},)},
            id="a tuple",
        ),
        pytest.param(
            "claim",
            {"reading": [Reading(name="other", criterion=occurs("gas", before="2019"))]},
            id="a reading",
        ),
    ],
)
def test_values_of_python_are_taken(kind, keys):
    found = load_rows(changed(kind, **keys))

    expected = load_rows(changed("evidence", recorded="2019-12-03") if "recorded" in keys else GOOD)
    assert found == expected


def test_any_mapping_is_a_row_and_is_left_as_it_was():
    row = UserDict(GOOD[1])

    assert list(load_rows([row]).speakers) == ["anna"]
    assert row == GOOD[1]


def test_rows_may_come_one_by_one():
    assert load_rows(iter(GOOD)) == load_rows(GOOD)


def test_every_bad_row_is_told_with_its_number_and_its_id():
    found = problems(
        {"type": "speaker", "id": "anna", "kind": "robot"},
        {"type": "source", "id": "page", "published": "15.09.2024"},
        {"type": "speaker", "name": "Ben"},
        {"type": "speeker", "id": "carl"},
        {"id": "dora"},
        {"type": "evidence", "id": "e", "fact": "gas", "source": "pages", "happened": "2019-12-02"},
        {"type": "fact", "id": "gas", "kind": "event"},
        {"type": "fact", "id": "gas", "kind": "event"},
    )

    assert (
        found
        == """
rows:1:1: CT103 speaker 'anna' kind 'robot' is not known; expected one of person, organization
rows:2:1: CT102 source 'page' published '15.09.2024' is not EDTF; write '2024-09-15'
rows:3:1: CT302 speaker the key 'id' is missing
rows:4:1: CT103 type 'speeker' is not known; expected {kinds}
    hint: did you mean 'speaker'?
rows:5:1: CT302 the key 'type' is missing
rows:6:1: CT202 evidence 'e' source 'pages' is not defined {here} of a source
rows:8:1: CT201 fact id 'gas' is taken by rows:7:1; expected ids to be unique in a registry
""".strip()
        .format(
            kinds=", ".join(("registry", *KINDS)),
            here="in this registry; expected the id",
        )
        .split("\n")
    )


def test_what_is_no_mapping_is_told_with_its_number():
    assert problems(GOOD[1], 3, None) == [
        "rows:2:1: CT101 3 has the wrong type; expected a mapping with a 'type'",
        "rows:3:1: CT101 null has the wrong type; expected a mapping with a 'type'",
    ]


def test_no_rows_are_a_problem_as_a_folder_without_records_is():
    assert problems() == ["CT001 'rows' holds no records"]


def test_a_row_that_holds_itself_is_told():
    row: dict[str, object] = {"type": "speaker", "id": "anna"}
    row["roles"] = [row]

    assert problems(row) == [f"rows:1:1: CT003 nests deeper than {folder.LIMITS.nesting} levels"]


class Colour(enum.Enum):
    RED = 1


JUNK = [
    *(None, 1, True, 1.5, float("nan"), 10**5000, "", "x", "\ud800", b"x", [], (), {}, set()),
    *([1], [None], {"x": 1}, {1: 2}, {None: None}, object(), object, range(3), 1j, Colour.RED),
    *(np.float64(1.5), np.int64(3), np.bool_(True), np.array([1, 2]), np.array([]), np.array(3)),
    *(np.datetime64("NaT"), np.timedelta64(3), pd.NA, pd.NaT, pd.Series([1])),
]


def places_of_problems(rows):
    try:
        load_rows(rows)
    except LoadError as error:
        return [problem.location for problem in error.problems]
    return []


@pytest.mark.parametrize("place", range(len(JUNK)))
def test_whatever_a_value_is_all_that_is_raised_tells_the_row(place):
    for row in GOOD:
        for key in (*row, "nothing"):
            rows = [{**one, key: JUNK[place]} if one is row else one for one in GOOD]
            assert None not in places_of_problems(rows)
