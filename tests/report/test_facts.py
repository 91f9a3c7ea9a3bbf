from decimal import Decimal

import pytest

from claimtrack.engine.facts import knowledge
from claimtrack.files.load import loads
from claimtrack.model.span import day_of
from claimtrack.report.facts import COLUMNS, facts_sheet, facts_table, knowledge_object
from claimtrack.report.formats import render

TEXT = """
[[source]]
id = "wire"
publisher = "The Wire"
published = 2019-12-02

[[source]]
id = "blog"
published = 2019-12-03

[[fact]]
id = "siberia/first-gas"
kind = "event"
title = "First gas crosses to China through Power of Siberia"
once = true

[[fact]]
id = "siberia/flow"
kind = "quantity"
unit = "bcm/year"

[[evidence]]
id = "gas-wire"
fact = "siberia/first-gas"
source = "wire"
happened = 2019-12-02

[[evidence]]
id = "gas-blog"
fact = "siberia/first-gas"
source = "blog"
happened = 2019-11-30
"""


def known(day="2020-01-01"):
    registry = loads(TEXT)
    return registry, list(knowledge(registry.index(), day_of(day)))


def test_each_fact_is_one_row():
    assert facts_table(*known()).rows == (
        (
            "siberia/first-gas",
            "First gas crosses to China through Power of Siberia",
            "30 Nov 2019",
            "blog",
            "3 Dec 2019",
            "2",
            "2",
            "1",
        ),
        ("siberia/flow", "", "nothing reported", "", "–", "0", "0", ""),
    )


def test_what_is_known_later_is_not_in_it():
    assert facts_table(*known("2019-12-02")).rows[0][2:] == (
        "2 Dec 2019",
        "wire",
        "2 Dec 2019",
        "1",
        "1",
        "",
    )


@pytest.mark.parametrize(
    ("width", "left"),
    [
        (200, "fact title best value from newest reports witnesses conflicts"),
        (100, "fact title best value newest reports witnesses conflicts"),
        (80, "fact best value newest reports witnesses conflicts"),
        (60, "fact best value witnesses conflicts"),
        (50, "fact best value conflicts"),
    ],
)
def test_where_there_is_little_room_columns_are_left_out_before_their_names_are_shortened(
    width, left
):
    header, *_ = render(facts_table(*known()), "table", width=width).splitlines()

    assert " ".join(header.split()) == left


def test_programs_get_ids_and_days():
    registry, facts = known()

    assert knowledge_object(registry, facts[0]) == {
        "id": "siberia/first-gas",
        "kind": "event",
        "title": "First gas crosses to China through Power of Siberia",
        "best": "gas-blog",
        "best_value": "30 Nov 2019",
        "newest": "2019-12-03",
        "reports": ["gas-wire", "gas-blog"],
        "witnesses": 2,
        "conflicts": [["gas-wire", "gas-blog"]],
    }
    assert knowledge_object(registry, facts[1])["best_value"] is None


def test_a_row_for_programs_says_what_the_json_form_says():
    registry, facts = known()

    for fact, row in zip(facts, facts_sheet(registry, facts).rows, strict=True):
        found = dict(zip(COLUMNS, row, strict=True))
        assert {key: found[key] for key in knowledge_object(registry, fact)} == knowledge_object(
            registry, fact
        )


OBSERVED = ("unit", "best_source", "happened", "not_happened")
VALUES = ("value_low", "value_high", "state", "when")


@pytest.mark.parametrize(
    ("kind", "report", "told"),
    [
        ("event", 'happened = "2019-12"', (None, "wire", "2019-12", None, *4 * [None])),
        (
            "event",
            'not_happened = "../2019-11-30"',
            (None, "wire", None, "../2019-11-30", *4 * [None]),
        ),
        (
            "quantity",
            "value = 75.5\nwhen = 2019-12-01",
            ("km", "wire", None, None, Decimal("75.5"), Decimal("75.5"), None, "2019-12-01"),
        ),
        (
            "quantity",
            'value = [-3, 4.0]\nwhen = "2018"',
            ("km", "wire", None, None, -3, Decimal("4.0"), None, "2018"),
        ),
        ("state", 'value = false\nwhen = "2018"', (None, "wire", *4 * [None], False, "2018")),
        ("state", 'value = "=on"\nwhen = "2018"', (None, "wire", *4 * [None], "=on", "2018")),
    ],
    ids=["event", "denial", "number", "range", "yes or no", "word"],
)
def test_what_is_best_known_has_a_column_for_each_sort(kind, report, told):
    unit = 'unit = "km"' if kind == "quantity" else ""
    registry = loads(
        '[[source]]\nid = "wire"\npublished = 2019-12-02\n'
        f'[[fact]]\nid = "f"\nkind = "{kind}"\n{unit}\n'
        f'[[evidence]]\nid = "e"\nfact = "f"\nsource = "wire"\n{report}\n'
    )

    (row,) = facts_sheet(registry, knowledge(registry.index(), day_of("2020-01-01"))).rows

    found = dict(zip(COLUMNS, row, strict=True))
    assert tuple(found[name] for name in OBSERVED + VALUES) == told
    assert [type(found[name]) for name in VALUES] == [type(value) for value in told[4:]]
