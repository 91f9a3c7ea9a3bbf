"""One registry edited into another: which edits are told, and in which order they are made."""

import attrs
import pytest

from claimtrack import (
    Assessment,
    Claim,
    Diff,
    Evidence,
    Fact,
    Forecast,
    Policy,
    Registry,
    Settings,
    Source,
    Speaker,
    WhyKind,
    assessed,
    occurs,
)

DAY = "2020-06-01"
MILLER = Speaker(id="miller")
WIRE = Source(id="wire", published="2020-01-10")
GAS = Fact(id="gas", kind="event")
REPORT = Evidence(id="report", fact="gas", source="wire", happened="2020-01-03")
CLAIM = Claim(
    id="claim",
    speaker="miller",
    said="2017-07-04",
    source="wire",
    quote="by the end of 2019",
    criterion=occurs("gas", by="2019-12-31"),
)
RATED = attrs.evolve(
    CLAIM, criterion=assessed("truth-o-meter", supports=["True"], refutes=["False"])
)
RATING = Assessment(id="a", claim="claim", by="Alice", scale="truth-o-meter", rating="True")


def registry(*records, claim=CLAIM, **settings):
    ids = {record.id for record in records}
    others = [one for one in (MILLER, WIRE, GAS) if one.id not in ids]
    return Registry.of(*others, *records, claim, settings=Settings(**settings))


def edits(before, after):
    return Diff(before.audit(DAY), after.audit(DAY)).edits


def kinds(before, after):
    return [edit.kind.value for edit in edits(before, after)]


def evidence_edits(before, after):
    """Return the edits between two lists of reports, with what each report then says."""
    return [
        (edit.kind.value, edit.id, edit.superseded, edit.record)
        for edit in edits(registry(*before), registry(*after))
    ]


def test_edits_are_made_of_what_others_rest_on_first_and_taken_out_of_it_last():
    before = registry(
        Speaker(id="old-speaker"),
        Source(id="old-source"),
        Fact(id="old-fact", kind="event"),
        REPORT,
        attrs.evolve(REPORT, id="old-report"),
        attrs.evolve(CLAIM, id="old-claim"),
        Forecast(id="old-forecast", by="miller", claim="claim", made="2018-01-02", probability=0),
        Forecast(id="forecast", by="miller", claim="claim", made="2018-01-01", probability=0),
        attrs.evolve(RATING, id="old-rating"),
    )
    after = registry(
        Speaker(id="new-speaker"),
        Source(id="new-source"),
        attrs.evolve(WIRE, tier="wire"),
        Fact(id="new-fact", kind="event"),
        attrs.evolve(GAS, title="Gas flows"),
        attrs.evolve(REPORT, note="n"),
        attrs.evolve(REPORT, id="new-report"),
        attrs.evolve(CLAIM, id="new-claim"),
        Forecast(id="new-forecast", by="miller", claim="claim", made="2018-01-02", probability=0),
        Forecast(id="forecast", by="miller", claim="claim", made="2018-01-01", probability=1),
        attrs.evolve(RATING, id="new-rating"),
        claim=attrs.evolve(CLAIM, topics=["gas"]),
        policy=Policy(min_sources=2),
    )

    told = [(edit.id, edit.record is None) for edit in edits(before, after)]

    there, gone = False, True
    assert told == [
        ("new-speaker", there),
        ("new-source", there),
        ("new-fact", there),
        ("old-forecast", gone),
        ("old-rating", gone),
        ("", there),
        ("wire", there),
        ("gas", there),
        ("report", there),
        ("old-report", gone),
        ("new-report", there),
        ("new-claim", there),
        ("claim", there),
        ("old-claim", gone),
        ("forecast", there),
        ("new-forecast", there),
        ("new-rating", there),
        ("old-speaker", gone),
        ("old-source", gone),
        ("old-fact", gone),
    ]


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        pytest.param({"policy": Policy(grace=3)}, WhyKind.POLICY_EDITED, id="policy"),
        pytest.param({"timezone": "Europe/Moscow"}, WhyKind.POLICY_EDITED, id="timezone"),
        pytest.param({"title": "Gas"}, WhyKind.BACKGROUND, id="title"),
        pytest.param({"note": "n"}, WhyKind.BACKGROUND, id="note"),
    ],
)
def test_an_edit_of_the_settings_is_of_the_policy_only_where_a_status_can_rest_on_it(
    settings, kind
):
    (edit,) = edits(registry(), registry(**settings))

    assert (edit.kind, edit.record_kind, edit.id) == (kind, "registry", "")
    assert edit.record == Settings(**settings)


def test_settings_that_are_equal_are_not_edited():
    assert edits(registry(title="Gas"), registry(title="Gas")) == ()


WITHDRAWN = attrs.evolve(REPORT, withdrawn="2020-05-01", withdrawn_because="hoax")


def test_a_report_that_is_taken_in_withdrawn_is_added_and_then_withdrawn():
    assert evidence_edits([], [WITHDRAWN]) == [
        ("evidence-added", "report", None, REPORT),
        ("evidence-withdrawn", "report", None, WITHDRAWN),
    ]


def test_a_report_that_is_withdrawn_is_not_edited_besides():
    assert evidence_edits([REPORT], [WITHDRAWN]) == [
        ("evidence-withdrawn", "report", None, WITHDRAWN)
    ]


def test_a_report_that_is_edited_and_withdrawn_is_first_edited():
    edited = attrs.evolve(REPORT, note="n")

    assert evidence_edits([REPORT], [attrs.evolve(WITHDRAWN, note="n")]) == [
        ("evidence-edited", "report", None, edited),
        ("evidence-withdrawn", "report", None, attrs.evolve(WITHDRAWN, note="n")),
    ]


def test_a_report_that_is_withdrawn_on_another_day_is_withdrawn_anew():
    later = attrs.evolve(WITHDRAWN, withdrawn="2020-05-02", withdrawn_because="a clear hoax")

    assert evidence_edits([WITHDRAWN], [later]) == [("evidence-withdrawn", "report", None, later)]


def test_a_report_that_stays_withdrawn_and_is_edited_is_not_withdrawn_anew():
    edited = attrs.evolve(WITHDRAWN, withdrawn="2020-05-01", note="n")

    assert evidence_edits([WITHDRAWN], [edited]) == [("evidence-edited", "report", None, edited)]


def test_a_report_whose_withdrawal_is_taken_back_is_edited():
    assert evidence_edits([WITHDRAWN], [REPORT]) == [("evidence-edited", "report", None, REPORT)]


OTHERS = [attrs.evolve(REPORT, id=id_) for id_ in ("m", "b", "z")]


def better(*ids):
    return attrs.evolve(REPORT, id="better", supersedes=ids)


def test_a_report_that_is_added_supersedes_one_report_after_the_other():
    assert evidence_edits(OTHERS, [*OTHERS, better("m", "b", "z")]) == [
        ("evidence-added", "better", None, better()),
        ("evidence-superseded", "better", "m", better("m")),
        ("evidence-superseded", "better", "b", better("m", "b")),
        ("evidence-superseded", "better", "z", better("m", "b", "z")),
    ]


def test_only_what_a_report_newly_supersedes_is_superseded():
    before, after = [*OTHERS, better("m", "z")], [*OTHERS, better("b", "z")]

    assert evidence_edits(before, after) == [
        ("evidence-edited", "better", None, better("z")),
        ("evidence-superseded", "better", "b", better("b", "z")),
    ]


def test_an_added_rating_is_evidence_if_the_criterion_asks_for_it_only_afterwards():
    assert kinds(registry(), registry(RATING, claim=RATED)) == [
        "evidence-added",
        "criterion-edited",
    ]


def test_a_removed_rating_is_evidence_if_the_criterion_asked_for_it_only_before():
    assert kinds(registry(RATING, claim=RATED), registry()) == [
        "evidence-removed",
        "criterion-edited",
    ]


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (WIRE, attrs.evolve(WIRE, tier="wire"), "source-edited"),
        (MILLER, attrs.evolve(MILLER, name="Miller"), "background"),
        (GAS, attrs.evolve(GAS, title="Gas flows"), "fact-edited"),
    ],
    ids=["source", "speaker", "fact"],
)
def test_a_record_with_the_id_of_a_rating_is_edited_as_what_it_is(old, new, kind):
    rating = attrs.evolve(RATING, id=old.id)

    assert kinds(registry(rating, old, claim=RATED), registry(rating, new, claim=RATED)) == [kind]


def test_a_claim_that_was_called_off_anew_is_annulled():
    annulled = attrs.evolve(CLAIM, annulled="2020-05-01", annulled_because="cancelled")

    assert kinds(registry(), registry(claim=annulled)) == ["claim-annulled"]
    assert kinds(registry(claim=annulled), registry()) == ["claim-annulled"]
