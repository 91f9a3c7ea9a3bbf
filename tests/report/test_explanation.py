"""What an explanation says to people of an item that does not count."""

import pytest

from claimtrack import loads
from claimtrack.engine.explain import explain
from claimtrack.report.explanation import (
    evidence_tables,
    legend_lines,
    outcome_sentence,
    reason_lines,
)

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
    ("criterion", "report", "why"),
    [
        pytest.param(
            'event = "gas", by = 2019-12-31',
            'not_happened = "2018/2019"',
            "says it did not happen from 2018 to 2019, nothing about the days before",
            id="a denial of too few days",
        ),
        pytest.param(
            'event = "gas", by = 2019-12-31',
            'not_happened = "../2018"',
            "says it had not happened by the end of 2018, nothing about the days after",
            id="a denial up to a day before the deadline",
        ),
        pytest.param(
            'event = "gas", during = "2017/2019"',
            "not_happened = 2018-05-01",
            "says it did not happen on 1 May 2018, nothing about the days before and after",
            id="a denial of one day",
        ),
        pytest.param(
            'event = "gas", after = "2019"',
            'not_happened = "../2018"',
            "says it had not happened by the end of 2018; the question is from 1 Jan 2020 on",
            id="a denial of other days",
        ),
        pytest.param(
            'event = "gas", by = 2019-05-31',
            'happened = "2019"',
            "says it happened in 2019, which may be by 31 May 2019 or not",
            id="too coarse",
        ),
        pytest.param(
            'event = "gas", by = 2019-12-31',
            "happened = 2020-01-02",
            "says it happened on 2 Jan 2020, which is after 31 Dec 2019",
            id="after the deadline",
        ),
        pytest.param(
            'event = "gas", during = "2019"',
            "happened = 2018-12-31",
            "says it happened on 31 Dec 2018, which is before 1 Jan 2019",
            id="before the days in question",
        ),
        pytest.param(
            'event = "gas", by = 2019-12-31, min_tier = "wire"',
            "happened = 2018-12-31",
            "its source is below the tier that counts here",
            id="below the tier",
        ),
        pytest.param('event = "gas", by = 2019-12-31', "happened = 2018-12-31", "", id="for"),
    ],
)
def test_a_report_that_counts_for_neither_is_explained_by_what_it_says(criterion, report, why):
    text = TEXT.replace('not_happened = "2018/2019"', report)
    audit = loads(text.replace("{CRITERION}", f"{{ {criterion} }}")).audit(as_of="2020-02-01")

    (row,) = rows(audit)

    assert (row[0], row[-1]) == ("  for neither" if why else "+ for *", why)


@pytest.mark.parametrize(
    ("criterion", "value", "why"),
    [
        pytest.param(
            'quantity = "flow", equals = 3, at = "2019"',
            'value = 3\nwhen = "2018"',
            "is about 2018, not 2019",
            id="another period",
        ),
        pytest.param(
            'quantity = "flow", at_least = 38, at = "2019"',
            'value = [37, 39]\nwhen = "2019"',
            "37 to 39 bcm leaves open whether it is at least 38 bcm",
            id="a range across the bound",
        ),
        pytest.param(
            'quantity = "flow", at_least = 38, by = "2019"',
            'value = 5\nwhen = "2018"',
            "not reached in 2018, nothing about other days",
            id="not reached",
        ),
        pytest.param(
            'quantity = "flow", at_least = 38, throughout = "2018/2019"',
            'value = 40\nwhen = "2018"',
            "agrees for 2018, nothing about the other days",
            id="for a part of the days",
        ),
    ],
)
def test_a_value_that_counts_for_neither_is_explained_by_what_it_says(criterion, value, why):
    text = TEXT.replace(
        'id = "gas"\nkind = "event"', 'id = "flow"\nkind = "quantity"\nunit = "bcm"'
    )
    text = text.replace('fact = "gas"', 'fact = "flow"').replace(
        'not_happened = "2018/2019"', value
    )
    audit = loads(text.replace("{CRITERION}", f"{{ {criterion} }}")).audit(as_of="2020-02-01")

    (row,) = rows(audit)

    assert (row[0], row[-1]) == ("  for neither", why)


def test_what_only_a_reading_counts_names_the_reading():
    reading = (
        '[[claim.reading]]\nname = "in 2018"\ncriterion = { event = "gas", during = "2018" }\n'
    )
    text = TEXT.replace("{CRITERION}", '{ event = "gas", by = 2019-12-31 }') + reading
    audit = loads(text).audit(as_of="2020-02-01")

    (row,) = rows(audit)

    assert (row[0], row[-1]) == ("- against a reading", "the reading “in 2018”")


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


JUDGEMENT = """
[[evidence]]
id = "they-agree"
claim = "gas-soon"
source = "wire"
stance = "supports"
"""


@pytest.mark.parametrize(
    ("criterion", "more", "sentence"),
    [
        pytest.param(
            "criterion = { judged = true }",
            JUDGEMENT,
            "What miller said on 4 Jul 2017, “gas is coming”, held up: judged to be so, 1 source.",
            id="held",
        ),
        pytest.param(
            'criterion = { event = "gas", by = 2019-12-31 }\n'
            'reading = [{ name = "in 2018", criterion = { event = "gas", during = "2018" } }]',
            "",
            "What miller said on 4 Jul 2017, “gas is coming”, is not settled by what is reported: "
            "no report covers the days up to 31 Dec 2017.",
            id="not enough evidence",
        ),
        pytest.param(
            'kind = "fact"\ncriterion = { event = "gas", during = "2018" }\n'
            'reading = [{ name = "2019", criterion = { event = "gas", during = "2019" } }]',
            "",
            (
                "What miller said on 4 Jul 2017, “gas is coming”, "
                "was not so, in both readings of the words: "
                "gas did not happen from 2018 to 2019, 1 source."
            ),
            id="failed",
        ),
        pytest.param(
            'criterion = { event = "gas", during = "2020/2030" }',
            "",
            (
                "What miller said on 4 Jul 2017, “gas is coming”, "
                "is not decided yet; it is due on 31 Dec 2030."
            ),
            id="pending",
        ),
        pytest.param(
            'not_checkable = "an opinion"',
            "",
            "What miller said on 4 Jul 2017, “gas is coming”, cannot be checked: an opinion.",
            id="not checkable",
        ),
    ],
)
def test_an_explanation_begins_with_what_became_of_the_claim(criterion, more, sentence):
    text = TEXT.replace("criterion = {CRITERION}", criterion) + more
    audit = loads(text).audit(as_of="2020-02-01")

    assert outcome_sentence(audit, explain(audit, "gas-soon")) == sentence


def test_too_little_evidence_names_the_days_that_no_report_covers():
    text = TEXT.replace("{CRITERION}", '{ event = "gas", during = "2017/2020-01" }')
    audit = loads(text).audit(as_of="2020-02-01")

    lines = [*reason_lines(audit, explain(audit, "gas-soon"))]

    assert lines[-1] == "    no report covers 1 Jan 2017 to 31 Dec 2017, 1 Jan 2020 to 31 Jan 2020"
