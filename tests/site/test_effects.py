"""On which side of the claim each report stands, whatever its leaf says."""

import re

import pytest

from claimtrack import Claim, Evidence, Fact, Reading, Registry, Source, Speaker, occurs
from claimtrack.engine.explain import explain
from claimtrack.report.effects import effects
from claimtrack.report.site.build import site_files
from claimtrack.report.site.context import Options

RECORDS = (
    Speaker(id="smith"),
    Source(id="wire", published="2020-01-10"),
    Source(id="paper", published="2020-01-11"),
    Fact(id="signed", kind="event", title="The treaty is signed", once=True),
    Fact(id="met", kind="event", once=True),
    Evidence(id="denied", fact="signed", source="wire", not_happened="../2019-12-31"),
    Evidence(id="meeting", fact="met", source="paper", happened="2018-06-01"),
)
SIGNED = occurs("signed", by="2018-12-31")
MET = occurs("met", by="2018-12-31")
MET_IN_MAY = Reading(name="in May", criterion=occurs("met", by="2018-05-31"))
NOT_MET = Reading(name="never", criterion=~MET)


def registry(criterion, *readings, kind=None):
    claim = Claim(
        id="claim",
        speaker="smith",
        said="2017-07-04",
        source="wire",
        quote="so it is",
        kind=kind,
        criterion=criterion,
        readings=readings,
    )
    return Registry.of(*RECORDS, claim)


def told(criterion, *readings):
    """Return what is said of each report: words, and the side."""
    explanation = explain(registry(criterion, *readings).audit("2020-06-01"), "claim")
    return {
        one.item.id: ([(part.words, part.reading) for part in one.sides], one.side)
        for one in effects(explanation)
    }


FOR, AGAINST = ([("Counted for it", None)], "for"), ([("Counted against it", None)], "against")


@pytest.mark.parametrize(
    ("criterion", "denied", "meeting"),
    [
        (SIGNED & MET, AGAINST, FOR),
        (~SIGNED & MET, FOR, FOR),
        (~(SIGNED | MET), FOR, AGAINST),
        (~(~SIGNED & MET), AGAINST, AGAINST),
        (SIGNED & (MET | ~MET), AGAINST, ([("Counted for and against it", None)], "both")),
    ],
)
def test_each_negation_turns_the_side_of_what_is_under_it(criterion, denied, meeting):
    assert told(criterion) == {"denied": denied, "meeting": meeting}


def test_what_only_readings_count_is_said_to_be_for_or_against_these():
    assert told(~SIGNED, MET_IN_MAY, NOT_MET) == {
        "denied": FOR,
        "meeting": (
            [("Counted against the reading", "in May"), ("against the reading", "never")],
            "against",
        ),
    }
    sides = told(~SIGNED, Reading(name="ever", criterion=MET), NOT_MET)["meeting"]
    assert sides == (
        [("Counted for the reading", "ever"), ("against the reading", "never")],
        "both",
    )


def page(made):
    return dict(site_files(made.audit("2020-06-01"), Options()))["claims/claim.html"]


def test_the_page_of_a_claim_that_holds_by_a_denial_shows_it_for_the_claim():
    text = page(registry(~SIGNED, MET_IN_MAY))

    counted = '<li class="use-for"[^>]*>\n<p class="use"><strong>Counted for it</strong>'
    assert len(re.findall(counted, text)) == 1
    assert "2 reports: 1 for it, 1 against it, 0 for neither." in text
    assert '<strong>Counted against the reading <span dir="auto">“in May”</span></strong>' in text
    assert "Counted against it" not in text


def test_a_denial_and_a_title_are_told_in_english():
    text = page(registry(~SIGNED))

    assert "“The treaty is signed” had not happened by 31 Dec 2019, 1 source." in text
    assert '<strong dir="auto">had not happened by 31 Dec 2019</strong>' in text


def test_what_somebody_held_to_be_so_is_called_an_assertion():
    text = page(registry(~SIGNED, kind="fact"))

    assert "Assertion by " in text
    assert "<dt>Kind</dt><dd>assertion</dd>" in text
    assert "Fact by" not in text


def test_what_counts_only_with_a_later_deadline_is_said_to():
    denied = Evidence(id="a-denial", fact="met", source="wire", not_happened="../2018-05-31")
    late = Evidence(id="late", fact="met", source="wire", happened="2018-06-01")
    records = [one for one in RECORDS if one.id != "meeting"]
    claim = Claim(
        id="claim",
        speaker="smith",
        said="2017-07-04",
        source="wire",
        quote="so it is",
        criterion=occurs("met", by="2018-05-31"),
    )
    audit = Registry.of(*records, denied, late, claim).audit("2020-06-01")

    found = {one.item.id: one for one in effects(explain(audit, "claim"))}

    assert [part.words for part in found["late"].sides] == [
        "Counted for it, had the deadline been later"
    ]
    assert found["late"].side == "for"
