"""An audit as a data frame."""

from datetime import date
from importlib.util import find_spec

import pytest

from claimtrack import loads

pytestmark = pytest.mark.skipif(
    find_spec("narwhals") is None or find_spec("polars") is None,
    reason="narwhals or polars is not installed",
)

TEXT = """
[[speaker]]
id = "miller"
[[source]]
id = "wire"
published = 2020-01-10
[[fact]]
id = "gas"
kind = "event"
once = true
[[evidence]]
id = "report"
fact = "gas"
source = "wire"
happened = 2020-01-03
"""


def claim(criterion, more="", id_="it"):
    return f"""
[[claim]]
id = "{id_}"
speaker = "miller"
said = 2019-01-01
source = "wire"
quote = "It will flow."
criterion = {criterion}
{more}
"""


def frame(text):
    return loads(TEXT + text).audit("2020-06-01").to_frame(backend="polars")


def test_a_frame_has_a_row_for_each_claim_with_what_became_of_it():
    signed = 'kind = "promise"\nstatus = "late"\n'

    found = frame(
        claim('{ event = "gas", by = 2019-12-31 }', signed, "a")
        + claim('{ event = "gas", after = 2020-12-31 }', id_="b")
    )

    assert found.rows(named=True) == [
        {
            "claim": "a",
            "speaker": "miller",
            "said": "2019-01-01",
            "kind": "promise",
            "status": "late",
            "late_days": 3,
            "late_days_min": 3,
            "due": date(2019, 12, 31),
            "decided_on": date(2020, 1, 10),
            "robust": True,
            "recorded_status": "late",
            "progress_label": None,
            "times_said": 1,
            "retracted": False,
        },
        {
            "claim": "b",
            "speaker": "miller",
            "said": "2019-01-01",
            "kind": None,
            "status": "failed",
            "late_days": None,
            "late_days_min": None,
            "due": None,
            "decided_on": date(2020, 1, 10),
            "robust": True,
            "recorded_status": None,
            "progress_label": None,
            "times_said": 1,
            "retracted": False,
        },
    ]


@pytest.mark.parametrize(
    ("by", "due"),
    [
        ("-0001-12-31", None),
        ("0000-12-31", None),
        ("0001-01-01", date.min),
        ("0001-01-02", date(1, 1, 2)),
        ("9999-12-30", date(9999, 12, 30)),
        ("9999-12-31", date.max),
        ("Y10000", None),
    ],
)
def test_a_day_is_a_date_where_a_date_can_hold_it(by, due):
    found = frame(claim(f'{{ event = "gas", by = "{by}" }}'))

    assert found["due"].to_list() == [due]
