"""What changed a claim, its delay, or a reading of it."""

from datetime import date, timedelta

import attrs
import pytest

from claimtrack import (
    Claim,
    Diff,
    Evidence,
    Fact,
    FieldError,
    Outcome,
    Reading,
    Registry,
    Source,
    Speaker,
    Status,
    StatusChange,
    Why,
    WhyKind,
    occurs,
    stays,
)

GAS = Fact(id="gas", kind="event", title="Gas flows", once=True)
WIRE = Source(id="wire", published="2020-01-10")
LATER = Source(id="later", published="2020-02-20")
REPORT = Evidence(id="report", fact="gas", source="wire", happened="2020-01-03")
BETTER = Evidence(
    id="better", fact="gas", source="later", happened="2019-12-01", supersedes=["report"]
)
CLAIM = Claim(
    id="claim",
    speaker="miller",
    said="2017-07-04",
    source="wire",
    quote="by the end of 2019",
    criterion=occurs("gas", by="2019-12-31"),
    readings=[Reading(name="by 2018", criterion=occurs("gas", by="2018-12-31"))],
)


def registry(*records, claim=CLAIM):
    return Registry.of(Speaker(id="miller"), WIRE, LATER, GAS, *records, claim)


def changes(before, after, first="2020-06-01", last="2020-06-01"):
    return Diff(before.audit(first), after.audit(last)).changes


def late_days(change):
    return change.outcome_before.late_days, change.outcome_after.late_days


def late(reading, before, after, why):
    return StatusChange(
        claim="claim",
        reading=reading,
        outcome_before=Outcome(Status.LATE, before, before),
        outcome_after=Outcome(Status.LATE, after, after),
        why=why,
    )


EDITED_REPORT = attrs.evolve(REPORT, happened="2020-01-08")
LATER_CLAIM = attrs.evolve(CLAIM, criterion=occurs("gas", by="2019-12-30"))


def test_a_report_that_is_edited_changes_the_delay_of_a_claim_and_of_its_reading():
    why = Why(kind=WhyKind.EVIDENCE_EDITED, record="report")

    assert changes(registry(REPORT), registry(EDITED_REPORT)) == (
        late(None, 3, 8, why),
        late("by 2018", 368, 373, why),
    )


def test_a_criterion_that_is_edited_changes_the_delay_of_the_claim_alone():
    why = Why(kind=WhyKind.CRITERION_EDITED, record="claim")

    assert changes(registry(REPORT), registry(REPORT, claim=LATER_CLAIM)) == (
        late(None, 3, 4, why),
    )


def test_a_reading_that_is_edited_changes_its_own_delay_alone():
    reading = Reading(name="by 2018", criterion=occurs("gas", by="2018-12-30"))
    why = Why(kind=WhyKind.CRITERION_EDITED, record="claim")

    found = changes(
        registry(REPORT), registry(REPORT, claim=attrs.evolve(CLAIM, readings=[reading]))
    )

    assert found == (late("by 2018", 368, 369, why),)


def test_of_two_edits_of_a_delay_the_last_is_the_cause():
    found = changes(registry(REPORT), registry(EDITED_REPORT, claim=LATER_CLAIM))

    assert [(one.reading, *late_days(one), one.why.kind) for one in found] == [
        (None, 3, 9, WhyKind.CRITERION_EDITED),
        ("by 2018", 368, 373, WhyKind.EVIDENCE_EDITED),
    ]


def test_a_better_report_that_becomes_known_changes_status_and_delay_on_its_day():
    both = registry(REPORT, BETTER)
    day = both.sources["later"].published.first
    why = Why(kind=WhyKind.EVIDENCE_ADDED, record="better", day=day)

    status, reading = changes(both, both, "2020-02-19", "2020-02-20")

    assert (status.before, status.after) == (Status.LATE, Status.HELD)
    assert late_days(status) == (3, None)
    assert late_days(reading) == (368, 335)
    assert (status.is_of_status, reading.is_of_status) == (True, False)
    assert status.why == reading.why == why


@pytest.mark.parametrize("way", ["there", "back"])
def test_a_reading_that_comes_or_goes_is_told_with_its_edit(way):
    with_it, without = registry(REPORT), registry(REPORT, claim=attrs.evolve(CLAIM, readings=[]))
    pair = (without, with_it) if way == "there" else (with_it, without)

    (found,) = changes(*pair)

    statuses = (None, Status.LATE) if way == "there" else (Status.LATE, None)
    assert found.reading == "by 2018"
    assert (found.before, found.after) == statuses
    assert found.why == Why(kind=WhyKind.CRITERION_EDITED, record="claim")


def test_readings_of_a_claim_that_comes_or_goes_are_not_told_apart():
    empty = Registry.of(Speaker(id="miller"), WIRE, LATER, GAS, REPORT)

    assert [one.reading for one in changes(empty, registry(REPORT))] == [None]
    assert [one.reading for one in changes(registry(REPORT), empty)] == [None]
    said = changes(registry(REPORT), registry(REPORT), "2017-07-03", "2020-06-01")
    assert [one.reading for one in said] == [None]


def test_what_a_function_decides_it_changed_itself_and_readings_are_left_to_the_record():
    before = registry(REPORT).with_check("claim", lambda *_: True)
    after = registry(EDITED_REPORT).with_check("claim", lambda *_: False)

    itself, reading = changes(before, after)

    assert (itself.before, itself.after) == (Status.HELD, Status.FAILED)
    assert itself.why == Why(kind=WhyKind.CHECK_ANSWERED, record="claim")
    assert reading == late("by 2018", 368, 373, Why(kind=WhyKind.EVIDENCE_EDITED, record="report"))


def edited(**changes):
    """Return the kinds of the edits that are told where these fields of the claim change."""
    edits = Diff(
        registry(REPORT).audit("2020-06-01"),
        registry(REPORT, claim=attrs.evolve(CLAIM, **changes)).audit("2020-06-01"),
    ).edits
    return [edit.kind for edit in edits]


SIGNED = {"status": "late", "signed": {"on": "2020-05-01", "by": "A"}}
READ_ANEW = attrs.evolve(CLAIM.readings[0], criterion=occurs("gas", by="2018-12-30"))


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        (SIGNED, [WhyKind.STATUS_SIGNED]),
        ({"readings": [attrs.evolve(CLAIM.readings[0], status="late")]}, [WhyKind.STATUS_SIGNED]),
        ({"readings": [attrs.evolve(CLAIM.readings[0], note="n")]}, [WhyKind.DETAILS_EDITED]),
        ({"readings": [READ_ANEW]}, [WhyKind.CRITERION_EDITED]),
        ({"readings": []}, [WhyKind.CRITERION_EDITED]),
        (
            {"readings": [attrs.evolve(READ_ANEW, status="late", note="n")], "quote": "q"},
            [
                WhyKind.CRITERION_EDITED,
                WhyKind.WORDS_EDITED,
                WhyKind.STATUS_SIGNED,
                WhyKind.DETAILS_EDITED,
            ],
        ),
        *(
            ({name: value}, [WhyKind.DETAILS_EDITED])
            for name, value in (
                ("topics", ["gas"]),
                ("note", "n"),
                ("kind", "promise"),
                ("appearances", ["later"]),
                ("review_by", "2021-01-01"),
                ("silenced", [{"code": "CT406", "because": "known"}]),
            )
        ),
        *(
            ({name: value}, [WhyKind.WORDS_EDITED])
            for name, value in (
                ("quote", "q"),
                ("quote_kind", "own"),
                ("proposition", "p"),
                ("said", "2017-07-05"),
                ("source", "later"),
            )
        ),
        ({**SIGNED, "topics": ["gas"]}, [WhyKind.STATUS_SIGNED, WhyKind.DETAILS_EDITED]),
    ],
)
def test_words_are_said_to_be_edited_only_where_they_are(changes, kinds):
    assert edited(**changes) == kinds


def test_a_claim_that_can_no_longer_be_checked_is_edited_with_all_its_readings():
    changes = {"criterion": None, "not_checkable": "a mood", "readings": []}

    assert edited(**changes) == [WhyKind.CRITERION_EDITED]


@pytest.mark.parametrize("axes", [("published", "recorded"), ("recorded", "published")], ids=str)
def test_audits_by_another_knowledge_cannot_be_compared(axes):
    before, after = (registry(REPORT).audit("2020-06-01", known_by=axis) for axis in axes)

    with pytest.raises(FieldError) as caught:
        Diff(before, after)

    assert caught.value.code == "CT103"
    assert caught.value.message == (
        f"known_by is {axes[0]!r} and then {axes[1]!r}; expected the same"
    )


@pytest.mark.parametrize("way", ["there", "back"])
def test_a_function_that_comes_or_goes_changed_what_it_decides(way):
    without = registry(REPORT)
    with_it = without.with_check("claim", lambda *_: True)

    (found,) = changes(*((without, with_it) if way == "there" else (with_it, without)))

    assert found.why == Why(kind=WhyKind.CHECK_ANSWERED, record="claim")


@pytest.mark.parametrize("way", ["there", "back"])
def test_a_report_that_comes_or_goes_changes_a_claim(way):
    pair = (registry(), registry(REPORT))
    kind = WhyKind.EVIDENCE_ADDED if way == "there" else WhyKind.EVIDENCE_REMOVED

    found = changes(*(pair if way == "there" else pair[::-1]))

    assert {one.why for one in found} == {Why(kind=kind, record="report")}
    assert all(one.is_of_status for one in found)
    assert [one.reading for one in found] == [None, "by 2018"]


OPEN = Fact(id="open", kind="state")
SAMPLE = Evidence(id="better", fact="open", source="wire", value=True, when="2019-02-01")


@pytest.mark.parametrize(
    ("added", "status"),
    [(BETTER, "held"), (attrs.evolve(SAMPLE, supersedes=["report"]), "overdue")],
    ids=["on the same fact", "on another fact"],
)
def test_a_report_that_is_added_and_supersedes_another_changes_a_claim_with_the_latter(
    added, status
):
    (itself, _) = changes(registry(REPORT, OPEN), registry(REPORT, OPEN, added))

    assert (itself.before.value, itself.after.value) == ("late", status)
    assert itself.why == Why(kind=WhyKind.EVIDENCE_SUPERSEDED, record="report", by="better")


def test_a_fact_of_another_kind_is_the_cause_of_all_that_is_edited_with_it():
    opened = Fact(id="gas", kind="state", title="Gas flows")
    told = Evidence(id="report", fact="gas", source="wire", value=False, when="2019")
    asked = attrs.evolve(CLAIM, criterion=stays("gas", throughout="2019", is_=True), readings=[])
    before = registry(REPORT, claim=attrs.evolve(CLAIM, readings=[]))
    after = Registry.of(Speaker(id="miller"), WIRE, LATER, opened, told, asked)

    (found,) = changes(before, after)

    assert (found.before, found.after) == (Status.LATE, Status.FAILED)
    assert found.why == Why(kind=WhyKind.FACT_EDITED, record="gas")


def test_a_reading_changed_on_its_own_last_day_and_not_on_that_of_its_claim():
    found = changes(registry(), registry(), "2018-06-01", "2020-06-01")

    assert [(one.reading, one.after.value, str(one.why.day)) for one in found] == [
        (None, "overdue", "2020-01-01"),
        ("by 2018", "overdue", "2019-01-01"),
    ]


def test_a_reading_has_a_cause_of_its_own_on_the_day_on_which_its_claim_changes_too():
    reading = Reading(name="it is open", criterion=stays("open", throughout="2019", is_=True))
    told = Evidence(id="opened", fact="open", source="wire", value=True, when="2019")
    both = registry(REPORT, OPEN, told, claim=attrs.evolve(CLAIM, readings=[reading]))

    found = changes(both, both, "2020-01-09", "2020-01-10")

    assert [(one.reading, one.why.record) for one in found] == [
        (None, "report"),
        ("it is open", "opened"),
    ]


@pytest.mark.parametrize(
    ("records", "fields", "day", "why"),
    [
        pytest.param([REPORT], {}, "2020-01-10", ("EVIDENCE_ADDED", "report"), id="known"),
        pytest.param(
            [attrs.evolve(REPORT, withdrawn="2020-02-01")],
            {},
            "2020-02-01",
            ("EVIDENCE_WITHDRAWN", "report"),
            id="withdrawn",
        ),
        pytest.param(
            [REPORT, BETTER],
            {},
            "2020-02-20",
            ("EVIDENCE_ADDED", "better"),
            id="superseded by what says another thing",
        ),
        pytest.param(
            [REPORT, attrs.evolve(SAMPLE, source="later", supersedes=["report"])],
            {},
            "2020-02-20",
            ("EVIDENCE_SUPERSEDED", "report", "better"),
            id="superseded by what says nothing",
        ),
        pytest.param(
            [REPORT, attrs.evolve(BETTER, withdrawn="2020-03-01")],
            {},
            "2020-03-01",
            ("EVIDENCE_WITHDRAWN", "better"),
            id="counts again",
        ),
        pytest.param([], {}, "2020-01-01", ("CLOCK", None), id="due"),
        pytest.param([], {"grace": 3}, "2020-01-04", ("CLOCK", None), id="after its grace"),
        pytest.param(
            [attrs.evolve(SAMPLE, published="2019-02-02")],
            {"criterion": stays("open", throughout="2019", is_=True, samples=1)},
            "2020-01-01",
            ("CLOCK", None),
            id="samples",
        ),
        pytest.param(
            [],
            {"annulled": "2018-01-01", "annulled_because": "cancelled"},
            "2018-01-01",
            ("CLAIM_ANNULLED", "claim"),
            id="called off",
        ),
        pytest.param([], {}, "2017-07-04", ("CLAIM_SAID", "claim"), id="said"),
    ],
)
def test_what_happened_on_the_last_day_changed_a_claim(records, fields, day, why):
    claim = attrs.evolve(CLAIM, readings=[], **fields)
    both = registry(OPEN, *records, claim=claim)
    kind, record, by = (*why, None)[:3]
    last = date.fromisoformat(day)

    (found,) = changes(both, both, last - timedelta(days=1), last)

    assert found.why == Why(kind=WhyKind[kind], record=record, by=by, day=last.toordinal())
