"""What is printed of a claim that rests on ratings which others published."""

import attrs

from claimtrack import assessed, loads
from claimtrack.report.audit import audit_object, audit_table
from claimtrack.report.explanation import evidence_tables, heading_lines, reason_lines
from claimtrack.report.style import status_of
from tests.engine.test_assessed import rating, world

REGISTRY = loads("""
[[speaker]]
id = "speaker"
[[source]]
id = "paper"
publisher = "The Paper"
published = 2018-03-01
tier = "press"
[[claim]]
id = "claim"
speaker = "speaker"
said = 2017-07-04
due = 2018-12-31
source = "paper"
quote = "it is so"
criterion = { assessed = "truth-o-meter", min_sources = 2 }
[[assessment]]
id = "first"
claim = "claim"
by = "PolitiFact"
scale = "truth-o-meter"
rating = "True"
published = 2018-01-10
[[assessment]]
id = "second"
claim = "claim"
by = "Somebody | else"
scale = "truth-o-meter"
rating = "mostly-true"
source = "paper"
[[assessment]]
id = "third"
claim = "claim"
by = "A third"
scale = "truth-o-meter"
rating = "Half True"
published = 2018-01-02
""")


def test_the_audit_tells_the_label_and_how_many_assessors():
    audit = REGISTRY.audit("2018-04-01")

    (row,) = audit_table(audit, audit).rows

    assert row[-3:] == ("✓ held", "1 Mar 2018", "rated “Half True” on truth-o-meter, 3 sources")


def test_the_audit_counts_the_ratings_that_do_not_decide():
    audit = REGISTRY.audit("2018-02-01")

    (row,) = audit_table(audit, audit).rows

    assert row[-1] == "2 reports, none decides"


def test_programs_are_told_the_ids_of_the_assessments():
    audit = REGISTRY.audit("2018-04-01")

    (claim,) = audit_object(audit, audit)["claims"]

    assert claim["used"] == ["third", "first", "second"]


def test_the_explanation_tells_each_rating_once():
    audit = REGISTRY.audit("2018-04-01")
    explanation = REGISTRY.explain("claim", "2018-04-01")

    assert [*reason_lines(audit, explanation)] == [
        "criterion",
        "  each part",
        (
            "    true: others rate it as holding, at least in part, on the scale truth-o-meter "
            "(at least 2 independent sources) — 3 for, 0 against, 2 needed"
        ),
        (
            "    true: others rate it as holding in full on the scale truth-o-meter "
            "(at least 2 independent sources) — 2 for, 1 against, 2 needed"
        ),
    ]
    (table,) = evidence_tables(audit, explanation)
    assert [*table.rows] == [
        (
            "± for and against *",
            "2 Jan 2018",
            "third",
            "“Half True”",
            "A third",
            "",
        ),
        ("+ for *", "10 Jan 2018", "first", "“True”", "PolitiFact", ""),
        (
            "+ for *",
            "1 Mar 2018",
            "second",
            "“mostly-true”",
            "Somebody | else",
            "",
        ),
    ]


def begun(*ratings, **claim):
    return world(*ratings, criterion=assessed(["trumptracker", "barometer"]), **claim)


def in_progress(**others):
    return rating("a", "in-Progress", "2018-05-03", scale="trumptracker", **others)


def test_progress_stands_beside_an_open_status():
    audit = begun(in_progress()).audit("2020-02-01")
    early = begun(in_progress()).audit("2018-05-03")

    assert audit_table(audit, audit).rows[0][4] == (
        "? not-enough-evidence: In progress, 3 May 2018"
    )
    assert audit_table(early, early).rows[0][4] == "◌ pending: In progress, 3 May 2018"


def test_the_latest_progress_counts_whoever_says_it():
    later = rating("b", "wait", "2018-06-01", scale="barometer", by="Bob")
    gone = rating("c", "Not started", "2018-07-01", scale="trumptracker", withdrawn="2018-08-01")
    audit = begun(in_progress(), later, gone).audit("2018-09-01")

    assert audit_table(audit, audit).rows[0][4].endswith(": wait, 1 Jun 2018")


def test_no_progress_is_told_of_a_decided_claim_or_below_the_tier():
    decided = begun(
        in_progress(), rating("b", "good", "2018-01-01", scale="barometer", by="Bob")
    ).audit("2019-01-01")
    low = attrs.evolve(assessed("trumptracker"), min_tier="press")
    below = world(in_progress(), criterion=low).audit("2019-01-01")

    for audit in (decided, below):
        assert ": " not in audit_table(audit, audit).rows[0][4]
        assert "progress" not in audit_object(audit, audit)["claims"][0]


def test_programs_are_told_the_progress_with_its_rating():
    audit = begun(in_progress(source="site")).audit("2019-01-01")

    (claim,) = audit_object(audit, audit)["claims"]

    assert claim["progress"] == {
        "id": "a",
        "label": "In progress",
        "scale": "trumptracker",
        "by": "Alice",
        "published": "2018-05-03",
        "source": "site",
    }


def test_an_explanation_begins_with_the_progress():
    registry = begun(in_progress())
    lines = [*heading_lines(registry.audit("2019-01-01"), registry.explain("claim", "2019-01-01"))]

    assert "as of 1 Jan 2019: ◌ pending: In progress, 3 May 2018" in lines


def test_a_status_with_progress_keeps_its_colour():
    assert status_of("pending: In progress, 3 May 2018") == "pending"
