"""What is printed of a claim that rests on ratings which others published."""

from claimtrack import loads
from claimtrack.report.audit import audit_object, audit_table
from claimtrack.report.explanation import evidence_tables, reason_lines

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
