"""What an audit tells of the claims that had been made by its day."""

from datetime import date

import attrs
import pytest

from claimtrack import Registry, Signature, Status, loads
from claimtrack.engine.signature import fingerprint

HEAD = """
[[speaker]]
id = "miller"
[[source]]
id = "wire"
[[fact]]
id = "gas"
kind = "event"
[[fact]]
id = "open"
kind = "state"
"""
PLAIN = '{ event = "gas", by = 2019-12-31 }'
OF_A_STATE = '{ state = "open", is = true, throughout = 2019-12-31 }'


def claim(id_="it", criterion=PLAIN, said="2019-01-01", more=""):
    return f"""
[[claim]]
id = "{id_}"
speaker = "miller"
said = {said}
source = "wire"
quote = "It is so."
criterion = {criterion}
{more}
"""


def report(id_, told, published, more=""):
    return f"""
[[evidence]]
id = "{id_}"
source = "wire"
{told}
published = {published}
{more}
"""


CAME = 'fact = "gas"\nhappened = 2019-05-01'
OPEN = 'fact = "open"\nvalue = true\nwhen = 2019-12-31'
CLOSED = 'fact = "open"\nvalue = false\nwhen = 2019-12-31'


def test_an_audit_tells_its_day_and_whose_knowledge_counts():
    registry = loads(HEAD + claim())

    published = registry.audit("2020-06-01")
    recorded = registry.audit("2020-06-01", known_by="recorded")

    assert (str(published.as_of), published.known_by.value) == ("2020-06-01", "published")
    assert (str(recorded.as_of), recorded.known_by.value) == ("2020-06-01", "recorded")
    assert repr(published) == "<Audit as of 2020-06-01, by what was published>"


def test_the_day_of_an_audit_is_a_civil_day():
    day = loads(HEAD + claim()).audit("2020-06-01").as_of

    assert day == date(2020, 6, 1)
    assert (day.year, day.month, day.day) == (2020, 6, 1)


def test_an_audit_gives_verdicts_with_the_ids_of_their_claims():
    audit = loads(HEAD + claim("a") + claim("b")).audit("2020-06-01")

    assert dict(audit.items()) == {"a": audit["a"], "b": audit["b"]}


def test_an_audit_tells_what_changed_since_an_earlier_one():
    before = loads(HEAD + claim()).audit("2020-06-01")
    after = loads(HEAD + claim() + report("came", CAME, "2020-01-01")).audit("2020-06-01")

    (change,) = after.diff(before).changes

    assert (change.claim, change.before, change.after) == ("it", Status.OVERDUE, Status.HELD)


def test_the_counts_name_every_status():
    later = "".join(claim(id_, OF_A_STATE, "2020-06-02") for id_ in ("c", "d", "e"))

    audit = loads(HEAD + claim("a") + claim("b") + later).audit("2020-06-01")

    assert list(audit.counts) == list(Status)
    assert {status: count for status, count in audit.counts.items() if count} == {Status.OVERDUE: 2}
    assert audit.not_yet_said == 3


@pytest.mark.parametrize("criterion", [PLAIN, OF_A_STATE], ids=["an event", "a state"])
@pytest.mark.parametrize(
    ("day", "is_said"),
    [("2018-12-31", False), ("2019-01-01", True), ("2019-01-02", True)],
    ids=["the day before", "on the day", "the day after"],
)
def test_a_claim_stands_in_an_audit_from_the_day_on_which_it_was_made(criterion, day, is_said):
    audit = loads(HEAD + claim(criterion=criterion)).audit(day)

    assert ("it" in audit, len(audit)) == (is_said, int(is_said))


def test_a_claim_was_decided_on_the_day_of_the_first_report_that_made_it_so():
    told = report("first", CAME, "2019-05-03") + report("second", CAME, "2019-05-04")
    registry = loads(HEAD + claim() + told)

    verdict = registry.audit("2020-06-01")["it"]

    assert verdict.decided_on == registry.evidence["first"].published.first


def test_a_claim_that_held_when_it_was_made_was_decided_on_that_day():
    registry = loads(HEAD + claim(said="2019-06-01") + report("first", CAME, "2019-05-03"))

    verdict = registry.audit("2020-06-01")["it"]

    assert verdict.status is Status.HELD
    assert verdict.decided_on == registry.claims["it"].said.first


def test_a_claim_that_turned_and_came_back_was_decided_when_it_came_back():
    told = (
        report("a", OPEN, "2020-01-02")
        + report("b", CLOSED, "2020-01-03", "withdrawn = 2020-01-05")
        + report("c", OPEN, "2020-01-06")
    )
    registry = loads(HEAD + claim(criterion=OF_A_STATE) + told)

    found = [registry.audit(f"2020-01-0{day}")["it"] for day in (2, 3, 4, 5, 6)]

    first = found[0].decided_on
    assert [(one.status.value, one.decided_on - first) for one in found] == [
        ("held", 0),
        ("conflicting", 1),
        ("conflicting", 1),
        ("held", 3),
        ("held", 3),
    ]


@pytest.mark.parametrize(
    ("day", "status"), [("2019-12-31", "pending"), ("2020-06-01", "overdue")], ids=str
)
def test_what_nothing_decided_has_no_day_of_decision(day, status):
    verdict = loads(HEAD + claim()).audit(day)["it"]

    assert (verdict.status.value, verdict.decided_on) == (status, None)


def test_a_claim_that_was_called_off_was_decided_on_that_day():
    off = 'annulled = 2019-03-01\nannulled_because = "cancelled"'
    registry = loads(HEAD + claim(more=off))

    verdict = registry.audit("2020-06-01")["it"]

    assert verdict.status is Status.ANNULLED
    assert verdict.decided_on == registry.claims["it"].annulled.first


def signed_by_check(text):
    """Return the registry with its claim signed as decided by a function."""
    registry = loads(text)
    of = registry.claims["it"]
    taken = fingerprint(of, None, registry)
    signed = attrs.evolve(of, status="held", signed=Signature(on="2020-01-01", fingerprint=taken))
    kept = [record for records in registry.record_maps() for record in records.values()]
    return Registry.of(*[signed if record is of else record for record in kept])


def test_a_claim_signed_by_a_function_lacks_it_until_it_is_asked():
    registry = signed_by_check(HEAD + claim())

    assert registry.audit("2020-06-01").lacks_check("it")
    asked = registry.with_check("it", lambda *_: True).audit("2020-06-01")
    assert asked["it"].status is Status.HELD
    assert not asked.lacks_check("it")


@pytest.mark.parametrize(
    ("more", "day"),
    [
        ('annulled = 2019-03-01\nannulled_because = "cancelled"', "2020-06-01"),
        ("", "2018-12-31"),
    ],
    ids=["it was called off", "it was not yet said"],
)
def test_a_claim_that_no_function_is_asked_about_lacks_none(more, day):
    assert not signed_by_check(HEAD + claim(more=more)).audit(day).lacks_check("it")


def test_a_claim_that_was_signed_by_its_evidence_lacks_no_function():
    assert not loads(HEAD + claim()).audit("2020-06-01").lacks_check("it")
