"""What changed a claim that rests on ratings."""

import attrs
import pytest

from claimtrack import Diff, Status, Why, WhyKind
from claimtrack.report.diff import why_words
from tests.engine.test_assessed import LABELS, day_of, rating, world

TRUE = rating("a", "True")


def change(before, after, days=("2019-01-01", "2019-01-01")):
    """Return the one change between two registries, on two days."""
    diff = Diff(before.audit(days[0]), after.audit(days[1]))
    (found,) = diff.changes
    return found, why_words(diff, found.why)


@pytest.mark.parametrize(
    ("before", "after", "expected", "kind", "words"),
    [
        ([], [TRUE], Status.HELD, "ADDED", "a was added: rated “True” on meter (Alice)"),
        ([TRUE], [], Status.PENDING, "REMOVED", "a was taken out: rated “True” on meter (Alice)"),
        (
            [TRUE],
            [attrs.evolve(TRUE, rating="False")],
            Status.FAILED,
            "EDITED",
            "a was edited: rated “False” on meter (Alice)",
        ),
        (
            [TRUE],
            [attrs.evolve(TRUE, scale="barometer")],
            Status.PENDING,
            "EDITED",
            "a was edited: rated “True” on barometer (Alice)",
        ),
    ],
    ids=["added", "removed", "another-label", "another-scale"],
)
def test_an_edit_of_a_rating_is_the_cause(before, after, expected, kind, words):
    found, told = change(world(*before), world(*after))

    assert found.after is expected
    assert found.why == Why(kind=WhyKind[f"EVIDENCE_{kind}"], record="a")
    assert told == words


def test_a_rating_that_no_criterion_asks_for_is_no_evidence():
    diff = Diff(
        world().audit("2019-01-01"),
        world(rating("a", "True", scale="barometer")).audit("2019-01-01"),
    )

    assert [edit.kind for edit in diff.edits] == [WhyKind.BACKGROUND]
    assert diff.changes == ()


def test_a_rating_that_becomes_known_or_is_replaced_is_the_cause():
    registry = world(rating("a", "True"), rating("b", "False", "2018-06-01", source="paper"))

    known, told = change(registry, registry, ("2018-01-01", "2018-02-01"))
    replaced, _ = change(registry, registry, ("2018-02-01", "2018-07-01"))

    assert known.why == Why(kind=WhyKind.EVIDENCE_ADDED, record="a", day=day_of("2018-01-10"))
    assert told == "a became known on 10 Jan 2018: rated “True” on meter (Alice)"
    assert replaced.after is Status.FAILED
    assert replaced.why.day == day_of("2018-06-01")


def test_the_labels_of_a_criterion_are_a_part_of_it():
    other = attrs.evolve(LABELS, supports=["Mostly True"], refutes=["True"])

    found, _ = change(world(TRUE), world(TRUE, criterion=other))

    assert found.after is Status.FAILED
    assert found.why == Why(kind=WhyKind.CRITERION_EDITED, record="claim")


def test_a_source_of_a_rating_that_is_edited_is_the_cause():
    leaf = attrs.evolve(LABELS, min_tier="press")
    before = world(rating("a", "True", source="paper"), criterion=leaf)
    records = [record for records in before.record_maps() for record in records.values()]
    after = type(before).of(
        *(attrs.evolve(r, tier="social") if r.id == "paper" else r for r in records)
    )

    found, _ = change(before, after)

    assert found.after is Status.PENDING
    assert found.why == Why(kind=WhyKind.SOURCE_EDITED, record="paper")
