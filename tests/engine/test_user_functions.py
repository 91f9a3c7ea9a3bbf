import functools
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack import (
    Claim,
    Evidence,
    Fact,
    FieldError,
    Registry,
    Source,
    Speaker,
    Status,
    UnknownRecordError,
    loads,
    reaches,
)
from claimtrack.engine import audit as auditing
from claimtrack.engine.audit import Audit
from claimtrack.engine.evidence import Item
from claimtrack.engine.user_functions import CheckAnswer, try_check
from claimtrack.model.span import day_of
from claimtrack.model.verdict import FALSE
from claimtrack.report.explanation import reason_lines
from claimtrack.report.reasons import because

TEXT = """
[[speaker]]
id = "team"
[[source]]
id = "monday"
published = 2024-01-01
[[source]]
id = "tuesday"
published = 2024-01-02
[[fact]]
id = "price"
kind = "quantity"
unit = "EUR"
[[evidence]]
id = "price-monday"
fact = "price"
source = "monday"
value = 10
when = 2024-01-01
[[evidence]]
id = "price-tuesday"
fact = "price"
source = "tuesday"
value = 11
when = 2024-01-02
[[claim]]
id = "it-rises"
speaker = "team"
said = 2023-12-31
source = "monday"
quote = "the price rises"
criterion = { quantity = "price", at_least = 11, by = 2024-01-02 }
[[claim]]
id = "it-was-called-off"
speaker = "team"
said = 2023-12-31
source = "monday"
quote = "the price rises"
criterion = { judged = true }
annulled = 2024-01-01
annulled_because = "trading stopped"
"""


@pytest.fixture
def registry():
    return loads(TEXT)


def test_a_check_decides_from_the_evidence_known_on_the_day(registry):
    seen = []

    def rises(claim, reports):
        seen.append((claim.id, [item.id for item in reports]))
        values = [item.value for item in reports]
        return None if len(values) < 2 else values == sorted(values)

    registry = registry.with_check("it-rises", rises)
    days = ("2023-12-31", "2024-01-01", "2024-01-02", "2024-01-03")

    assert [registry.audit(day)["it-rises"].status for day in days] == [
        Status.PENDING,
        Status.PENDING,
        Status.HELD,
        Status.HELD,
    ]
    both = ["price-monday", "price-tuesday"]
    assert seen == [("it-rises", ids) for ids in ([], ["price-monday"], both, both)]


def test_a_check_that_does_not_know_leaves_an_overdue_claim_overdue(registry):
    registry = registry.with_check("it-rises", lambda claim, reports: None)

    assert registry.audit("2024-01-03")["it-rises"].status is Status.NOT_ENOUGH_EVIDENCE


def test_a_failing_assertion_is_the_explanation(registry):
    def rises(claim, reports):
        assert len(reports) > 5, "only two prices\n::error::owned"

    registry = registry.with_check("it-rises", rises)
    audit = registry.audit("2024-01-03")

    assert audit["it-rises"].status is Status.FAILED
    assert because(audit, audit["it-rises"]) == "its check: only two prices"
    assert list(reason_lines(audit, registry.explain("it-rises", "2024-01-03")))[:3] == [
        "decided by its check: false",
        "  only two prices",
        r"    \::error::owned",
    ]


def test_an_assertion_without_text_is_explained_by_its_line(registry):
    def refuse():
        raise AssertionError

    registry = registry.with_check("it-rises", lambda claim, reports: refuse())

    audit = registry.audit("2024-01-03")

    assert because(audit, audit["it-rises"]) == "its check: raise AssertionError"


def test_an_assertion_of_which_nobody_has_the_text_says_no_more_than_that_it_failed(registry):
    names = {}
    exec("def refuse(claim, reports):\n    raise AssertionError", names)  # noqa: S102 - without a file
    registry = registry.with_check("it-rises", names["refuse"])

    audit = registry.audit("2024-01-03")

    assert because(audit, audit["it-rises"]) == "its check: an assertion failed"


def test_what_is_annulled_is_not_asked(registry):
    registry = registry.with_check("it-was-called-off", lambda claim, reports: 1 / 0)

    assert registry.audit("2024-01-03")["it-was-called-off"].status is Status.ANNULLED


def test_a_claim_that_was_not_yet_made_is_not_asked(registry):
    registry = registry.with_check("it-rises", lambda claim, reports: 1 / 0)

    assert len(registry.audit("2023-12-30")) == 0


def test_a_check_that_breaks_names_its_claim(registry):
    registry = registry.with_check("it-rises", lambda claim, reports: 1 / 0)

    with pytest.raises(ZeroDivisionError) as caught:
        registry.audit("2024-01-03")["it-rises"]

    assert caught.value.__notes__ == ["in the check of claim 'it-rises'"]


def test_a_check_that_answers_something_else_is_refused(registry):
    registry = registry.with_check("it-rises", lambda claim, reports: "yes")

    with pytest.raises(TypeError) as caught:
        registry.audit("2024-01-03")["it-rises"]

    expected = "the check of claim 'it-rises' returned 'yes'; expected a bool or None"
    assert str(caught.value) == expected


@pytest.mark.parametrize(
    ("check", "told"),
    [
        (lambda claim, reports: 1 / 0, "failed to run: ZeroDivisionError: division by zero"),
        (
            lambda claim, reports: 1,
            (
                "failed to run: TypeError: the check of claim 'it-rises' returned 1; expected a "
                "bool or None"
            ),
        ),
    ],
)
def test_an_audit_can_keep_what_a_check_raises(registry, check, told):
    audit = Audit(registry.index(), day_of("2024-01-03"), {"it-rises": check}, run=try_check)

    assert audit["it-rises"].status is Status.NOT_ENOUGH_EVIDENCE
    assert audit.answers["it-rises"].because == told
    assert because(audit, audit["it-rises"]) == f"its check: {told}"


def test_an_audit_that_keeps_what_checks_raise_takes_their_answers(registry):
    def falls(claim, reports):
        raise AssertionError("it falls")

    audit = Audit(registry.index(), day_of("2024-01-03"), {"it-rises": falls}, run=try_check)

    assert audit["it-rises"].status is Status.FAILED
    assert audit.answers["it-rises"] == CheckAnswer(FALSE, "it falls")


def test_an_audit_says_whether_evidence_or_a_function_decides(registry):
    assert registry.audit("2024-01-03").rests_on("it-rises") == ("price-tuesday",)
    registry = registry.with_check("it-rises", lambda claim, reports: True)
    assert registry.audit("2024-01-03").rests_on("it-rises") is None


def test_a_check_of_an_unknown_claim_is_refused(registry):
    with pytest.raises(UnknownRecordError):
        registry.with_check("it-raises", lambda claim, reports: True)


def test_another_registry_has_the_check_and_the_first_stays_as_it_was(registry):
    other = registry.with_check("it-rises", lambda claim, reports: False)

    assert other.audit("2024-01-03")["it-rises"].status is Status.FAILED
    assert registry.audit("2024-01-03")["it-rises"].status is Status.HELD
    assert list(other.checks), list(registry.checks) == (["it-rises"], [])
    assert other == registry
    assert other.index() is registry.index()


@pytest.mark.parametrize(
    ("check", "told"),
    [
        (lambda evidence: True, "takes (evidence); expected (claim, reports)"),
        (lambda: True, "takes (); expected (claim, reports)"),
        (lambda claim, reports, *, day: True, "takes (claim, reports, *, day); expected (claim, "),
        (True, "is True; expected a function"),
    ],
)
def test_a_check_that_cannot_be_called_is_refused_at_once(registry, check, told):
    with pytest.raises(FieldError) as caught:
        registry.with_check("it-rises", check)

    assert str(caught.value).startswith(f"CT101 the check of claim 'it-rises' {told}")


@pytest.mark.parametrize(
    "check",
    [
        lambda *given: True,
        lambda claim, reports, day=None: True,
        functools.partial(lambda answer, claim, reports: answer, True),
    ],
    ids=["any", "a default", "partial"],
)
def test_whatever_takes_a_claim_and_reports_is_a_check(registry, check):
    audit = registry.with_check("it-rises", check).audit("2024-01-03")

    assert audit["it-rises"].status is Status.HELD


def test_a_check_is_given_what_speaks_of_its_claim_and_nothing_else():
    def report(id_, about):
        return f"""[[evidence]]
id = "{id_}"
source = "monday"
{about}
"""

    def fact(id_):
        return f'[[fact]]\nid = "{id_}"\nkind = "quantity"\n'

    on = "when = 2024-01-01\nvalue ="
    text = TEXT + "".join(
        (
            report("own", 'claim = "it-rises"\nstance = "context"'),
            report("of-other-claim", 'claim = "it-was-called-off"\nstance = "supports"'),
            report("again", f'fact = "price"\n{on} 12'),
            fact("cost"),
            fact("else"),
            report("cost", f'fact = "cost"\n{on} 3'),
            report("else", f'fact = "else"\n{on} 3'),
        )
    )
    criterion = '{ quantity = "cost", at_least = 1, by = "2025" }'
    reading = f'\n[[claim.reading]]\nname = "r"\ncriterion = {criterion}'
    text = text.replace("by = 2024-01-02 }", "by = 2024-01-02 }" + reading)
    seen = []
    check = lambda claim, reports: seen.append([one.id for one in reports])  # noqa: E731

    _ = loads(text).with_check("it-rises", check).audit("2024-01-03").outcomes

    assert seen == [["price-monday", "price-tuesday", "own", "again", "cost"]]


@pytest.mark.parametrize("facts", [1, 50], ids=["of one fact", "each of their own"])
def test_the_work_grows_as_the_claims_and_their_reports_do(facts, monkeypatch):
    def looks(claims):
        registry = Registry.of(
            Speaker(id="team"),
            Source(id="page", published="2024-01-01"),
            *(Fact(id=f"f{at}", kind="quantity") for at in range(claims)),
            *(
                Evidence(
                    id=f"e{at}", source="page", fact=f"f{at // 2 % facts}", value=1, when="2024"
                )
                for at in range(2 * claims)
            ),
            *(
                Claim(
                    id=f"c{at}",
                    speaker="team",
                    said="2024-01-01",
                    source="page",
                    quote="q",
                    criterion=reaches(f"f{at % facts}", by="2025", at_least=1),
                )
                for at in range(claims)
            ),
        ).with_checks({f"c{at}": lambda claim, reports: True for at in range(claims)})
        counted = Counter()

        def count(item, day, is_usable=Item.is_usable):
            counted["looks"] += 1
            return is_usable(item, day)

        with monkeypatch.context() as patch:
            patch.setattr(Item, "is_usable", count)
            audit = registry.audit("2024-01-03")
            assert audit.counts[Status.HELD] == claims
        return counted["looks"]

    assert looks(50) * 2 >= looks(100) > 0


def test_a_criterion_that_a_function_stands_in_for_is_not_weighed(registry, monkeypatch):
    weighed, weigh = [], auditing.outcome_of_claim

    def noted(claim, case):
        weighed.append(claim.id)
        return weigh(claim, case)

    monkeypatch.setattr(auditing, "outcome_of_claim", noted)
    registry = registry.with_check("it-rises", lambda claim, reports: True)

    assert registry.audit("2024-01-03")["it-rises"].status is Status.HELD
    assert "it-rises" not in weighed
    assert "it-was-called-off" in weighed


@given(st.lists(st.sets(st.integers(0, 60), max_size=40), max_size=4))
def test_reports_of_several_groups_come_in_the_order_of_the_registry(groups):
    placed = [(places, [f"r{at}" for at in places]) for places in _apart(groups)]

    found = auditing.merged(placed)

    assert found == [f"r{at}" for at in sorted(set().union(*groups))]


def _apart(groups):
    """Iterate over groups without what an earlier one has, as a report is about one thing."""
    seen = set()
    for group in groups:
        yield sorted(group - seen)
        seen |= group
