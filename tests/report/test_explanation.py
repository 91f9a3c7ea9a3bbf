"""What an explanation says to people of an item that does not count."""

import pytest

from claimtrack import loads
from claimtrack.engine.explain import explain
from claimtrack.report.explanation import evidence_tables, legend_lines

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


def rows(audit):
    """Return the rows of the one table there is."""
    (table,) = evidence_tables(audit, explain(audit, "gas-soon"))
    return table.rows


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

    (row,) = rows(audit)

    assert row[-1] == f"not all days {days}"


def test_other_reasons_name_no_days():
    text = TEXT.replace("{CRITERION}", '{ event = "gas", by = 2019-12-31 }')
    audit = loads(text.replace("not_happened", "happened")).audit(as_of="2020-02-01")
    late = loads(text.replace('not_happened = "2018/2019"', "happened = 2020-01-02"))

    (row,) = rows(audit)
    other = late.audit(as_of="2020-02-01")
    (late_row,) = rows(other)

    assert row[-1] == ""
    assert late_row[-1] == "outside the days in question"


JUDGED = """
[[fact]]
id = "rail"
kind = "event"
title = "The railway opens"
[[evidence]]
id = "rail-opens"
fact = "rail"
source = "wire"
happened = 2019-05-01
[[evidence]]
id = "they-agree"
claim = "gas-soon"
source = "wire"
stance = "supports"
happened = 2019-05-01
[[assessment]]
id = "true-they-say"
claim = "gas-soon"
by = "A desk"
scale = "truth-o-meter"
rating = "True"
published = 2019-05-02
"""


def test_each_thing_that_evidence_speaks_of_has_a_table_in_the_order_it_is_asked_about():
    criterion = (
        '{ any = [{ event = "rail", by = 2019 }, { event = "gas", by = 2019-12-31 }, '
        '{ assessed = "truth-o-meter" }] }'.replace("2019 }", '"2019" }')
    )
    audit = loads(TEXT.replace("{CRITERION}", criterion) + JUDGED).audit(as_of="2020-02-01")

    tables = [*evidence_tables(audit, explain(audit, "gas-soon"))]

    assert [(table.title, [row[2:4] for row in table.rows]) for table in tables] == [
        ("evidence on “The railway opens”", [("rail-opens", "1 May 2019")]),
        ("evidence on “gas”", [("no-gas", "not from 2018 to 2019")]),
        ("evidence on the claim itself", [("they-agree", "supports (1 May 2019)")]),
        ("evidence on the scale truth-o-meter", [("true-they-say", "“True”")]),
    ]


def test_a_legend_tells_only_of_signs_that_stand_there():
    text = TEXT.replace("{CRITERION}", '{ event = "gas", by = 2019-12-31 }')
    audit = loads(text).audit(as_of="2020-02-01")
    held = loads(text.replace("not_happened", "happened")).audit(as_of="2020-02-01")

    legends = [
        [*legend_lines(evidence_tables(one, explain(one, "gas-soon")))] for one in (audit, held)
    ]

    assert legends == [[], ["* the verdict rests on it"]]


TAKEN_BACK = """
[[evidence]]
id = "gas-flows"
fact = "gas"
source = "wire"
happened = 2018-05-01
{TOLD}
[[evidence]]
id = "mended"
fact = "gas"
source = "wire"
happened = 2018-05-02
published = 2020-01-20
supersedes = ["no-gas"]
[[evidence]]
id = "mended-too-late"
fact = "gas"
source = "wire"
happened = 2018-05-02
published = 2020-03-20
supersedes = ["no-gas"]
"""


@pytest.mark.parametrize(
    ("told", "known_by", "why"),
    [
        pytest.param(
            'withdrawn = 2020-01-12\nwithdrawn_because = "made up"',
            "published",
            {"gas-flows": "withdrawn on 12 Jan 2020: made up", "no-gas": "superseded by mended"},
            id="withdrawn",
        ),
        pytest.param(
            "withdrawn = 2020-01-12",
            "published",
            {"gas-flows": "withdrawn on 12 Jan 2020"},
            id="withdrawn without a reason",
        ),
        pytest.param(
            "published = 2020-05-01",
            "published",
            {"gas-flows": "not yet published"},
            id="not yet published",
        ),
        pytest.param(
            "recorded = 2020-05-01",
            "recorded",
            {"gas-flows": "not yet recorded", "mended": "no day on which it was recorded"},
            id="not yet recorded",
        ),
    ],
)
def test_what_is_left_out_says_why_as_a_reader_would_ask(told, known_by, why):
    text = TEXT.replace("{CRITERION}", '{ event = "gas", by = 2019-12-31 }')
    registry = loads(text + TAKEN_BACK.replace("{TOLD}", told))
    audit = registry.audit(as_of="2020-02-01", known_by=known_by)

    (table,) = evidence_tables(audit, explain(audit, "gas-soon"))

    found = {row[2]: row[-1] for row in table.rows}
    assert {id_: found[id_] for id_ in why} == why
    assert table.header[1] == known_by


def test_an_undated_item_has_no_day():
    text = TEXT.replace("{CRITERION}", '{ event = "gas", by = 2019-12-31 }')
    audit = loads(text.replace("published = 2020-01-10\n", "")).audit(as_of="2020-02-01")

    (row,) = rows(audit)

    assert (row[1], row[-1]) == ("–", "undated")
