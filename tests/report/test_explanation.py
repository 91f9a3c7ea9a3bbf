"""What an explanation says to people of an item that does not count."""

import pytest

from claimtrack import loads
from claimtrack.engine.explain import explain
from claimtrack.report.explanation import evidence_table

TEXT = """[[speaker]]
id = "miller"
[[source]]
id = "wire"
publisher = "The Wire"
published = 2020-01-10
[[fact]]
id = "gas"
kind = "event"
[[evidence]]
id = "no-gas"
fact = "gas"
source = "wire"
not_happened = "2018/2019"
[[claim]]
id = "gas-soon"
speaker = "miller"
said = 2017-07-04
source = "wire"
quote = "gas is coming"
criterion = {CRITERION}
"""


@pytest.mark.parametrize(
    ("criterion", "days"),
    [
        pytest.param('{ event = "gas", by = 2019-12-31 }', "up to 31 Dec 2019", id="by"),
        pytest.param(
            '{ event = "gas", during = "2017/2019" }', "from 1 Jan 2017 to 31 Dec 2019", id="during"
        ),
        pytest.param('{ event = "gas", after = "2016" }', "from 1 Jan 2017 on", id="after"),
        pytest.param(
            '{ any = [{ judged = true }, { not = { event = "gas", before = 2019-05-01 } }] }',
            "up to 30 Apr 2019",
            id="deep within",
        ),
    ],
)
def test_a_denial_that_falls_short_is_told_the_days_it_would_have_to_cover(criterion, days):
    audit = loads(TEXT.replace("{CRITERION}", criterion)).audit(as_of="2020-02-01")

    (row,) = evidence_table(audit, explain(audit, "gas-soon")).rows

    assert row[-1] == f"does not cover the days in question, all {days}"


def test_other_reasons_name_no_days():
    text = TEXT.replace("{CRITERION}", '{ event = "gas", by = 2019-12-31 }')
    audit = loads(text.replace("not_happened", "happened")).audit(as_of="2020-02-01")
    late = loads(text.replace('not_happened = "2018/2019"', "happened = 2020-01-02"))

    (row,) = evidence_table(audit, explain(audit, "gas-soon")).rows
    other = late.audit(as_of="2020-02-01")
    (late_row,) = evidence_table(other, explain(other, "gas-soon")).rows

    assert row[-1] == ""
    assert late_row[-1] == "outside the days in question"
