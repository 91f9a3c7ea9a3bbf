import pytest

from claimtrack import Status, UnknownRecordError, loads
from claimtrack.engine.audit import Audit
from claimtrack.engine.user_functions import Answered, attempt
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
criterion = { judged = true }
due = 2024-01-02
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

    @registry.check("it-rises")
    def rises(evidence):
        seen.append([item.id for item in evidence])
        values = [item.value for item in evidence]
        return None if len(values) < 2 else values == sorted(values)

    days = ("2023-12-31", "2024-01-01", "2024-01-02", "2024-01-03")

    assert [registry.audit(day)["it-rises"].status for day in days] == [
        Status.PENDING,
        Status.PENDING,
        Status.HELD,
        Status.HELD,
    ]
    assert seen == [[], ["price-monday"], *[["price-monday", "price-tuesday"]] * 2]


def test_a_check_that_does_not_know_leaves_an_overdue_claim_overdue(registry):
    registry.check("it-rises")(lambda evidence: None)

    assert registry.audit("2024-01-03")["it-rises"].status is Status.OVERDUE


def test_a_failing_assertion_is_the_explanation(registry):
    @registry.check("it-rises")
    def rises(evidence):
        assert len(evidence) > 5, "only two prices\n::error::owned"

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

    registry.check("it-rises")(lambda evidence: refuse())

    audit = registry.audit("2024-01-03")

    assert because(audit, audit["it-rises"]) == "its check: raise AssertionError"


def test_an_assertion_of_which_nobody_has_the_text_says_no_more_than_that_it_failed(registry):
    names = {}
    exec("def refuse(evidence):\n    raise AssertionError", names)  # noqa: S102 - without a file
    registry.check("it-rises")(names["refuse"])

    audit = registry.audit("2024-01-03")

    assert because(audit, audit["it-rises"]) == "its check: an assertion failed"


def test_what_is_annulled_is_not_asked(registry):
    registry.check("it-was-called-off")(lambda evidence: 1 / 0)

    assert registry.audit("2024-01-03")["it-was-called-off"].status is Status.ANNULLED


def test_a_claim_that_was_not_yet_made_is_not_asked(registry):
    registry.check("it-rises")(lambda evidence: 1 / 0)

    assert len(registry.audit("2023-12-30")) == 0


def test_a_check_that_breaks_names_its_claim(registry):
    registry.check("it-rises")(lambda evidence: 1 / 0)

    with pytest.raises(ZeroDivisionError) as caught:
        registry.audit("2024-01-03")["it-rises"]

    assert caught.value.__notes__ == ["in the check of claim 'it-rises'"]


def test_a_check_that_answers_something_else_is_refused(registry):
    registry.check("it-rises")(lambda evidence: "yes")

    with pytest.raises(TypeError) as caught:
        registry.audit("2024-01-03")["it-rises"]

    expected = "the check of claim 'it-rises' returned 'yes'; expected a bool or None"
    assert str(caught.value) == expected


@pytest.mark.parametrize(
    ("check", "told"),
    [
        (lambda evidence: 1 / 0, "failed to run: ZeroDivisionError: division by zero"),
        (
            lambda evidence: 1,
            (
                "failed to run: TypeError: the check of claim 'it-rises' returned 1; expected a "
                "bool or None"
            ),
        ),
    ],
)
def test_an_audit_can_keep_what_a_check_raises(registry, check, told):
    audit = Audit(registry.index(), day_of("2024-01-03"), {"it-rises": check}, asking=attempt)

    assert audit["it-rises"].status is Status.OVERDUE
    assert audit.answers["it-rises"].because == told
    assert because(audit, audit["it-rises"]) == f"its check: {told}"


def test_an_audit_that_keeps_what_checks_raise_takes_their_answers(registry):
    def falls(evidence):
        raise AssertionError("it falls")

    audit = Audit(registry.index(), day_of("2024-01-03"), {"it-rises": falls}, asking=attempt)

    assert audit["it-rises"].status is Status.FAILED
    assert audit.answers["it-rises"] == Answered(FALSE, "it falls")


def test_an_audit_says_whether_evidence_or_a_function_decides(registry):
    assert registry.audit("2024-01-03").rests_on("it-rises") == ()
    registry.check("it-rises")(lambda evidence: True)
    assert registry.audit("2024-01-03").rests_on("it-rises") is None


def test_a_check_of_an_unknown_claim_is_refused(registry):
    with pytest.raises(UnknownRecordError):
        registry.check("it-raises")


def test_checks_do_not_make_registries_differ(registry):
    registry.check("it-rises")(lambda evidence: True)

    assert registry == loads(TEXT)
