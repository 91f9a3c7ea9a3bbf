import pytest

from claimtrack.model.claim import Claim, Reading
from claimtrack.model.compose import judged, occurs, parts, reaches, stays
from claimtrack.model.records import Evidence, Fact, Source, Speaker
from claimtrack.registry import Registry
from claimtrack.report.audit import audit_row, counts_lines, counts_table, groups
from claimtrack.report.style import label

SHARED = (
    Speaker(id="anna", name="Anna"),
    Speaker(id="bert"),
    Source(id="wire", published="2019-12-02", publisher="The Wire"),
    Source(id="copy", published="2019-12-03", origin="The Wire"),
    Source(id="press", published="2019-12-04"),
    Fact(id="line/first-gas", kind="event", once=True),
    Fact(id="flow", kind="quantity", unit="bcm"),
    Fact(id="tap", kind="state"),
    Fact(id="flooded", kind="event"),
    Evidence(id="gas", source="wire", fact="line/first-gas", happened="2019-12-02"),
    Evidence(id="gas-copy", source="copy", fact="line/first-gas", happened="2019-12"),
    Evidence(id="no-gas", source="press", fact="line/first-gas", not_happened="2018"),
    Evidence(id="flow", source="wire", fact="flow", value=[1, 2], when="2019-11"),
    Evidence(id="tap", source="wire", fact="tap", value=True, when="2019-11"),
)
GAS = "line/first-gas"


def claim(**fields):
    said = {"id": "a", "speaker": "anna", "said": "2017-07-04", "source": "wire", "quote": "q"}
    return Claim(**{**said, **fields})


def audited(*claims, as_of="2020-06-01"):
    return Registry.of(*SHARED, *claims).audit(as_of)


def row(**fields):
    audit = audited(claim(**fields))
    return audit_row(audit, audit["a"])


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (
            {"criterion": occurs(GAS, by="2019")},
            ("31 Dec 2019", "✓ held", "2 Dec 2019", "first gas on 2 Dec 2019, 1 source"),
        ),
        (
            {"criterion": occurs(GAS, by="2019-11")},
            (
                "30 Nov 2019",
                "◷ late",
                "2 Dec 2019",
                "first gas on 2 Dec 2019, late by 2 days, 1 source",
            ),
        ),
        (
            {"criterion": stays("tap", throughout="2019-11", is_=False)},
            ("30 Nov 2019", "✗ failed", "2 Dec 2019", "tap yes (Nov 2019), 1 source"),
        ),
        (
            {"criterion": occurs(GAS, during="2018", min_sources=2)},
            ("31 Dec 2018", "✗ failed", "4 Dec 2019", "first gas not in 2018, 2 sources"),
        ),
        (
            {"criterion": reaches("flow", by="2021", at_least=38)},
            ("31 Dec 2021", "◌ pending", "–", "1 report, which does not decide"),
        ),
        (
            {"criterion": reaches("flow", by="2019", at_least=38)},
            ("31 Dec 2019", "? not-enough-evidence", "–", "1 report, which does not decide"),
        ),
        (
            {"criterion": judged(by="2019")},
            ("31 Dec 2019", "! overdue", "–", "no dated report in this registry"),
        ),
        (
            {"criterion": parts(occurs(GAS, by="2019"), occurs(GAS, by="2018-06"))},
            (
                "31 Dec 2019",
                "◒ partly",
                "2 Dec 2019",
                "1 of 2 parts holds: first gas on 2 Dec 2019, 1 source",
            ),
        ),
        (
            {"criterion": parts(occurs(GAS, by="2019"), occurs("flooded", by="2019"))},
            ("31 Dec 2019", "? not-enough-evidence", "–", "1 of 2 parts holds, 1 open"),
        ),
        (
            {"criterion": parts(judged(by="2019"), judged(by="2018"))},
            ("31 Dec 2019", "! overdue", "–", "no dated report in this registry"),
        ),
        (
            {"criterion": parts(occurs(GAS, by="2019"), occurs(GAS, by="2020"))},
            ("31 Dec 2020", "✓ held", "2 Dec 2019", "first gas on 2 Dec 2019, 1 source"),
        ),
        ({"not_checkable": "a norm"}, ("–", "⊘ not-checkable", "–", "a norm")),
        (
            {
                "criterion": occurs(GAS, by="2030"),
                "annulled": "2018-01-01",
                "annulled_because": "taken back",
            },
            ("31 Dec 2030", "∅ annulled", "1 Jan 2018", "taken back"),
        ),
        (
            {
                "criterion": judged(by="2030"),
                "condition": stays("tap", throughout="2019-11", is_=False),
            },
            ("31 Dec 2030", "∅ annulled", "2 Dec 2019", "its condition is false, 1 report"),
        ),
        (
            {
                "criterion": occurs(GAS, by="2019"),
                "readings": [Reading(name="sooner", criterion=occurs(GAS, by="2018"))],
            },
            (
                "31 Dec 2019",
                "✓ held",
                "2 Dec 2019",
                "first gas on 2 Dec 2019, 1 source; held in 1 of 2 readings",
            ),
        ),
    ],
    ids=[
        *("held", "late", "failed", "failed by two", "pending", "not enough evidence", "overdue"),
        *(
            "partly",
            "a part decided",
            "no part decided",
            "all parts",
            "not checkable",
            "annulled",
            "annulled by its condition",
            "one of two readings",
        ),
    ],
)
def test_a_row_says_what_became_of_a_claim_and_why(fields, told):
    assert row(**fields) == ("a", "Anna", "4 Jul 2017", *told)


class TestGroups:
    @pytest.fixture
    def audit(self):
        held = {"criterion": occurs(GAS, by="2019")}
        return audited(
            claim(id="a", topics=["gas", "trade"], kind="promise", **held),
            claim(id="b", speaker="bert", not_checkable="n"),
            claim(id="c", topics=["gas"], **held),
            claim(id="d", said="2030", **held),
        )

    @pytest.mark.parametrize(
        ("by", "found"),
        [
            ("speaker", {"Anna": ["a", "c"], "bert": ["b"]}),
            ("topic", {"gas": ["a", "c"], "no topic": ["b"], "trade": ["a"]}),
            ("kind", {"no kind": ["b", "c"], "promise": ["a"]}),
            ("status", {"held": ["a", "c"], "not-checkable": ["b"]}),
        ],
    )
    def test_hold_every_claim_under_each_of_its_names(self, audit, by, found):
        grouped = groups(audit, audit, by)

        assert [*grouped] == [*found]
        assert {name: [one.claim for one in group] for name, group in grouped.items()} == found

    def test_are_counted_the_largest_first(self, audit):
        table = counts_table(audit, audit, "topic")

        assert table.header == ("topic", "claims", "held", "not checkable")
        assert table.rows == (
            ("gas", "2", "2", ""),
            ("no topic", "1", "", "1"),
            ("trade", "1", "1", ""),
        )

    def test_of_speakers_with_one_name_are_two(self):
        audit = Registry.of(
            *SHARED,
            Speaker(id="other", name="Anna"),
            claim(id="a", not_checkable="n"),
            claim(id="b", speaker="other", not_checkable="n"),
        ).audit("2020-01-01")

        assert [*groups(audit, audit, "speaker")] == ["Anna (anna)", "Anna (other)"]

    def test_the_lines_below_count_all_that_was_said(self, audit):
        assert [*counts_lines(audit)] == [
            "3 claims as of 1 Jun 2020: ✓ held 2, ⊘ not-checkable 1",
            "1 claim not yet said",
        ]
        assert [*counts_lines(audit, [audit["a"]])] == [
            f"1 of 3 claims as of 1 Jun 2020: {label(audit['a'].status.value)} 1",
            "1 claim not yet said",
        ]
        assert [*counts_lines(audited(as_of="2000-01-01"))] == [
            "0 claims as of 1 Jan 2000: none said yet"
        ]


def test_what_only_the_registry_knew_is_said_to_be_that():
    gas = claim(criterion=occurs(GAS, by="2019"))
    audit = Registry.of(*SHARED, gas).audit("2020-06-01", known_by="recorded")

    told = audit_row(audit, audit["a"])
    (line,) = counts_lines(audit)

    assert told[-3:] == ("! overdue", "–", "nothing recorded")
    assert line == "1 claim as of 1 Jun 2020, by what the registry had recorded: ! overdue 1"


def test_of_parts_in_conflict_the_row_says_how_many():
    both = claim(criterion=parts(judged(), occurs(GAS, by="2019")))
    stances = [
        Evidence(id=stance, source="press", claim="a", stance=stance)
        for stance in ("supports", "refutes")
    ]
    audit = Registry.of(*SHARED, both, *stances).audit("2020-06-01")

    told = audit_row(audit, audit["a"])

    assert told[-3] == "⇄ conflicting"
    assert told[-1] == (
        "1 of 2 parts in conflict: judged: supports (1 source) against judged: refutes (1 source)"
    )


def test_a_conflict_names_both_sides_of_the_claim_with_their_sources():
    stances = [
        Evidence(id="yes", source="press", claim="a", stance="supports"),
        Evidence(id="yes-too", source="wire", claim="a", stance="supports"),
        Evidence(id="no", source="wire", claim="a", stance="refutes"),
    ]
    audit = Registry.of(*SHARED, claim(criterion=~judged()), *stances).audit("2020-06-01")

    told = audit_row(audit, audit["a"])

    assert told[-1] == "judged: refutes (1 source) against judged: supports (2 sources)"


def test_a_part_that_failed_shows_while_another_is_open():
    criterion = parts(occurs(GAS, by="2018"), occurs("flooded", by="2030"))
    audit = Registry.of(*SHARED, claim(criterion=criterion)).audit("2020-06-01")

    told = audit_row(audit, audit["a"])

    assert (told[-3], told[-1]) == ("◌ pending", "1 of 2 parts failed, 1 open")


@pytest.mark.parametrize(("kind", "marks"), [(None, ("after the fact",)), ("fact", ())])
def test_a_claim_that_was_known_when_it_was_made_is_marked(kind, marks):
    known = claim(criterion=occurs(GAS, by="2019"), said="2020-01-01", kind=kind)
    audit = Registry.of(*SHARED, known).audit("2020-06-01")

    assert audit["a"].marks == marks
    assert ("[after the fact]; " in audit_row(audit, audit["a"])[-1]) is bool(marks)
