"""The audit for programs: ids, bare words, days and numbers, in the rows of the table."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.model.claim import Claim, Reading
from claimtrack.model.compose import occurs
from claimtrack.model.records import Evidence, Fact, Source, Speaker
from claimtrack.model.verdict import Status
from claimtrack.registry import Registry
from claimtrack.report.audit import COLUMNS, GROUPS, audit_sheet, audit_table, claim_object, groups
from claimtrack.strategies import registries
from tests.report.hostile import INJECTIONS

SHARED = (
    Speaker(id="anna", name="Anna"),
    Speaker(id="bert"),
    Source(id="wire", published="2019-12-02", publisher="The Wire"),
    Source(id="copy", published="2019-12-03"),
    Fact(id="line/first-gas", kind="event", once=True),
    Evidence(id="gas", source="wire", fact="line/first-gas", happened="2019-12-02"),
    Evidence(id="gas-copy", source="copy", fact="line/first-gas", happened="2019-12-02"),
)
BY_2018, BY_2019 = (occurs("line/first-gas", by=year) for year in ("2018", "2019"))


def claim(**fields):
    said = {"id": "a", "speaker": "anna", "said": "2017-07-04", "source": "wire", "quote": "q"}
    return Claim(**{**said, **fields})


def audited(*claims, as_of="2020-06-01"):
    return Registry.of(*SHARED, *claims).audit(as_of)


def test_the_columns():
    sheet = audit_sheet(audited(), [])

    assert sheet.header == COLUMNS
    assert all(re.fullmatch("[a-z]+(_[a-z]+)*", name) for name in COLUMNS)


def test_a_claim_has_ids_days_counts_and_words_of_its_own():
    audit = audited(
        claim(
            kind="promise",
            criterion=BY_2018,
            readings=[Reading(name="later", criterion=BY_2019)],
            status="held",
            proposition="Gas flows.",
            review_by="2020-01-01",
        )
    )

    assert dict(zip(COLUMNS, *audit_sheet(audit, audit).rows, strict=True)) == {
        "id": "a",
        "speaker": "anna",
        "speaker_name": "Anna",
        "said": "2017-07-04",
        "source": "wire",
        "kind": "promise",
        "status": "late",
        "recorded_status": "held",
        "late_days": 336,
        "late_days_min": 336,
        "due": "2018-12-31",
        "decided_on": "2019-12-02",
        "robust": False,
        "readings_same": 1,
        "readings_total": 2,
        "used": ["gas", "gas-copy"],
        "marks": ["stale"],
        "quote": "q",
        "proposition": "Gas flows.",
        "because": "first gas on 2 Dec 2019, late by 336 days, 2 sources",
        "progress_label": None,
        "times_said": 1,
        "retracted": None,
        "annulled_kind": None,
    }


def test_what_is_not_there_is_none():
    audit = audited(claim(speaker="bert", said="2019", not_checkable="a norm"))

    assert audit_sheet(audit, audit).rows == (
        (
            *("a", "bert", None, "2019", "wire", None),
            *("not-checkable", None, None, None, None, None),
            *(True, 1, 1, [], [], "q", None, "a norm", None, 1, None, None),
        ),
    )


def test_words_of_others_are_handed_on_as_they_are():
    tricks = sorted(INJECTIONS.keys() - {"lone surrogates"})  # no claim has them
    texts = [INJECTIONS[trick] for trick in tricks]
    audit = audited(
        *(
            claim(id=f"c{number:03}", quote=f"x{text}", not_checkable=f"y{text}")
            for number, text in enumerate(texts)
        )
    )

    rows = audit_sheet(audit, audit).rows

    quote, because = COLUMNS.index("quote"), COLUMNS.index("because")
    assert [(row[quote], row[because]) for row in rows] == [
        (f"x{text}", f"y{text}") for text in texts
    ]


class TestBy:
    """Groups are in the order of the tables for people, and one column tells them."""

    @pytest.fixture
    def audit(self):
        return audited(
            claim(id="a", speaker="bert", topics=["trade", "gas"], criterion=BY_2018),
            claim(id="b", kind="promise", not_checkable="n"),
            claim(id="c", topics=["gas", "no topic"], criterion=BY_2019),
        )

    @pytest.mark.parametrize(
        ("by", "told"),
        [
            ("speaker", [("anna", "b"), ("anna", "c"), ("bert", "a")]),
            ("kind", [(None, "a"), (None, "c"), ("promise", "b")]),
            ("status", [("held", "c"), ("late", "a"), ("not-checkable", "b")]),
        ],
    )
    def test_a_column_that_is_there_tells_the_group(self, audit, by, told):
        sheet = audit_sheet(audit, audit, by)

        assert sheet.header == COLUMNS
        assert [(row[COLUMNS.index(by)], row[0]) for row in sheet.rows] == told

    def test_a_claim_has_a_row_for_each_of_its_topics(self, audit):
        sheet = audit_sheet(audit, audit, "topic")

        assert sheet.header == ("topic", *COLUMNS)
        assert [row[:2] for row in sheet.rows] == [
            ("gas", "a"),
            ("gas", "c"),
            (None, "b"),
            ("no topic", "c"),
            ("trade", "a"),
        ]

    def test_what_nothing_is_grouped_by_is_refused(self, audit):
        with pytest.raises(KeyError):
            audit_sheet(audit, audit, "source")


@given(registries(), st.dates().map(str), st.sampled_from([None, *GROUPS]))
def test_rows_are_those_of_the_tables_with_what_the_json_form_says(registry, day, by):
    audit = registry.audit(day)
    shown = {"": list(audit)} if by is None else groups(audit, audit, by)

    sheet = audit_sheet(audit, audit, by)

    at = {name: number for number, name in enumerate(sheet.header)}
    told = [row for group in shown.values() for row in audit_table(audit, group).rows]
    assert [row[at["id"]] for row in sheet.rows] == [row[0] for row in told]
    for row, shown_row in zip(sheet.rows, told, strict=True):
        said = claim_object(audit, audit[row[at["id"]]])
        assert {key: row[at[key]] for key in said if key in at} == {
            key: value for key, value in said.items() if key in at
        }
        assert row[at["status"]] in set(Status)
        assert row[at["robust"]] is (row[at["readings_same"]] == row[at["readings_total"]])
        assert (row[at["because"]] or "") in shown_row[-1]
