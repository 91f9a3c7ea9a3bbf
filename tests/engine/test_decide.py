"""From the bits of a criterion to the status of a claim, in the order of the rules."""

import pytest

from claimtrack import loads
from claimtrack.engine.decide import (
    Outcome,
    TruthTree,
    due_day,
    grace_of,
    is_void,
    outcome_of_claim,
    outcome_of_reading,
    overdue_from,
    said_day,
    shown_status,
)
from claimtrack.model.criterion import All, AnyOf, AtLeast, Judged, Not, Parts
from claimtrack.model.span import day_text
from claimtrack.model.verdict import CONFLICTING, FALSE, TRUE, UNKNOWN, Status

HEAD = """
[registry]
{registry}
[[speaker]]
id = "ada"
[[source]]
id = "post"
[[fact]]
id = "launch"
kind = "event"
once = true
[[fact]]
id = "talks"
kind = "event"
[[fact]]
id = "height"
kind = "quantity"
cumulative = true
[[fact]]
id = "border"
kind = "state"
[[claim]]
id = "it"
speaker = "ada"
said = {said}
source = "post"
quote = "It will fly."
{claim}
"""
BY_2019 = 'criterion = { event = "launch", by = 2019-12-31 }'


def asked(claim=BY_2019, *told, as_of="2020-01-10", registry="", said="2019-01-01"):
    """Return a claim, and its case on a day on which these reports are known."""
    text = HEAD.format(claim=claim, registry=registry, said=said)
    for number, one in enumerate(told):
        text += f'[[evidence]]\nid = "e{number}"\nsource = "post"\n{one}\n'
    audit = loads(text).audit(as_of)
    found = audit.records.claims["it"]
    return found, audit.case(found)


def launched(day, published="2020-01-01", fact="launch"):
    return f'fact = "{fact}"\nhappened = "{day}"\npublished = {published}'


def status(*arguments, **options):
    return outcome_of_claim(*asked(*arguments, **options)).status


IN_TIME, LATE = launched("2019-06-01"), launched("2020-01-01", "2020-01-05")
DENIAL = 'fact = "launch"\nnot_happened = "../2019"\npublished = 2020-01-02'
NO_TALKS = 'fact = "talks"\nnot_happened = "../2019"\npublished = 2020-01-02'
IF_TALKS = 'condition = { event = "talks", by = 2019-12-31 }'


@pytest.mark.parametrize(
    ("claim", "told", "outcome"),
    [
        pytest.param(BY_2019, [IN_TIME], Outcome(Status.HELD), id="true"),
        pytest.param(BY_2019, [DENIAL], Outcome(Status.FAILED), id="false"),
        pytest.param(BY_2019, [LATE], Outcome(Status.LATE, 1, 1), id="true a day later"),
        pytest.param(BY_2019, [IN_TIME, DENIAL], Outcome(Status.CONFLICTING), id="both"),
        pytest.param(BY_2019, [], Outcome(Status.OVERDUE), id="neither, and past due"),
        pytest.param(
            BY_2019,
            [launched("2019-12/2020-01")],
            Outcome(Status.NOT_ENOUGH_EVIDENCE),
            id="neither, with a report that is too coarse",
        ),
        pytest.param(
            'not_checkable = "opinion"', [], Outcome(Status.NOT_CHECKABLE), id="no criterion"
        ),
        pytest.param(
            f"{BY_2019}\nannulled = 2020-01-10\nannulled_because = 'x'",
            [IN_TIME],
            Outcome(Status.ANNULLED),
            id="annulled that day",
        ),
        pytest.param(
            f"{BY_2019}\nannulled = 2020-01-11\nannulled_because = 'x'",
            [IN_TIME],
            Outcome(Status.HELD),
            id="annulled the day after",
        ),
        pytest.param(
            f"{BY_2019}\n{IF_TALKS}", [IN_TIME, NO_TALKS], Outcome(Status.ANNULLED), id="condition"
        ),
        pytest.param(
            f"{BY_2019}\n{IF_TALKS}", [IN_TIME], Outcome(Status.HELD), id="condition unknown"
        ),
        pytest.param(
            f"{BY_2019}\n{IF_TALKS}",
            [IN_TIME, NO_TALKS, launched("2019-02-01", fact="talks")],
            Outcome(Status.HELD),
            id="condition in conflict",
        ),
        pytest.param(
            f'not_checkable = "opinion"\n{IF_TALKS}',
            [NO_TALKS],
            Outcome(Status.ANNULLED),
            id="annulled goes before not checkable",
        ),
    ],
)
def test_a_claim_has_one_status(claim, told, outcome):
    assert outcome_of_claim(*asked(claim, *told)) == outcome


def test_a_condition_annuls_every_reading_too():
    reading = '\nreading = [{ name = "r", criterion = { event = "launch", by = 2018-12-31 } }]'
    claim, case = asked(f"{BY_2019}\n{IF_TALKS}{reading}", IN_TIME, NO_TALKS)
    other, free = asked(f"{BY_2019}{reading}", IN_TIME)

    assert is_void(claim, case)
    assert outcome_of_reading(claim, claim.readings[0], case) == Outcome(Status.ANNULLED)
    assert outcome_of_reading(other, other.readings[0], free) == Outcome(Status.LATE, 152, 152)


@pytest.mark.parametrize(
    ("more", "registry", "as_of", "expected"),
    [
        pytest.param("", "", "2019-12-31", Status.PENDING, id="on the due day"),
        pytest.param("", "", "2020-01-01", Status.OVERDUE, id="the day after"),
        pytest.param("grace = 9", "", "2020-01-09", Status.PENDING, id="the last day of grace"),
        pytest.param("grace = 9", "", "2020-01-10", Status.OVERDUE, id="after the grace"),
        pytest.param(
            "", "policy = { grace = 9 }", "2020-01-09", Status.PENDING, id="the policy's grace"
        ),
        pytest.param(
            "grace = 0", "policy = { grace = 9 }", "2020-01-01", Status.OVERDUE, id="its own first"
        ),
        pytest.param("due = 2020-03-01", "", "2020-03-01", Status.PENDING, id="a due day"),
        pytest.param("due = 2020-03-01", "", "2020-03-02", Status.OVERDUE, id="after that"),
        pytest.param("due = '2020-03'", "", "2020-03-31", Status.PENDING, id="a coarse due day"),
        pytest.param("due = 2019-03-01", "", "2019-03-02", Status.OVERDUE, id="an earlier one"),
    ],
)
def test_an_unknown_claim_is_pending_up_to_its_due_day_and_the_grace(
    more, registry, as_of, expected
):
    assert status(f"{BY_2019}\n{more}", as_of=as_of, registry=registry) is expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param([], Status.OVERDUE, id="nothing"),
        pytest.param([launched("2019-02-01", fact="talks")], Status.OVERDUE, id="another fact"),
        pytest.param(
            [launched("2019-12/2020-01")], Status.NOT_ENOUGH_EVIDENCE, id="a coarse report"
        ),
        pytest.param(
            ['claim = "it"\nstance = "context"\npublished = 2020-01-02'],
            Status.NOT_ENOUGH_EVIDENCE,
            id="a word on the claim itself",
        ),
        pytest.param(
            [launched("2019-12/2020-01", "2020-02-01")], Status.OVERDUE, id="not yet published"
        ),
    ],
)
def test_a_claim_is_overdue_only_if_nothing_speaks_of_it(told, expected):
    assert status(BY_2019, *told) is expected


def leaf(text):
    return f"criterion = {{ {text} }}"


@pytest.mark.parametrize(
    ("criterion", "due"),
    [
        (leaf('event = "launch", by = "2019-12"'), "2019-12-31"),
        (leaf('event = "launch", before = "2019-12"'), "2019-11-30"),
        (leaf('event = "launch", during = "2019-03"'), "2019-03-31"),
        (leaf('event = "launch", after = "2019-03"'), None),
        (leaf('quantity = "height", at_least = 5, at = "2019-03"'), "2019-03-31"),
        (leaf('quantity = "height", at_least = 5, by = "2019-03"'), "2019-03-31"),
        (leaf('quantity = "height", at_least = 5, throughout = "2019-03"'), "2019-03-31"),
        (leaf('state = "border", is = "open", throughout = "2019-03"'), "2019-03-31"),
        (leaf("judged = true"), "2019-01-31"),
        (leaf('judged = true, by = "2019-03"'), "2019-03-31"),
        (leaf('any = [{ event = "launch", by = "2019-03" }, { judged = true }]'), "2019-03-31"),
        (
            leaf('any = [{ event = "launch", by = "2019" }, { event = "talks", by = "2018" }]'),
            "2019-12-31",
        ),
        (
            leaf('any = [{ event = "launch", by = "2019" }, { event = "talks", after = "2018" }]'),
            None,
        ),
        (leaf('not = { event = "launch", by = "2019-03" }'), "2019-03-31"),
        ('not_checkable = "opinion"', None),
        ('not_checkable = "opinion"\ndue = "2019-03"', "2019-03-31"),
        (leaf('event = "launch", after = "2019-03"') + '\ndue = "2021"', "2021-12-31"),
    ],
)
def test_a_claim_is_due_on_the_last_day_that_its_leaves_ask_about(criterion, due):
    claim, case = asked(criterion, said="'2019-01'")

    found = due_day(claim, claim.criterion, case)

    assert (None if found is None else day_text(found)) == due


@pytest.mark.parametrize(
    ("own", "registry", "days"), [("", "", 0), ("", "policy = { grace = 5 }", 5), ("0", "", 0)]
)
def test_the_grace_is_the_claims_or_else_the_policys(own, registry, days):
    more = f"\ngrace = {own}" if own else ""

    assert grace_of(*asked(f"{BY_2019}{more}", registry=registry)) == days


@pytest.mark.parametrize(
    ("claim", "day"),
    [
        (BY_2019, "2020-01-01"),
        (f"{BY_2019}\ngrace = 9", "2020-01-10"),
        (f"{BY_2019}\ngrace = 15", "2020-01-16"),
        (f"{BY_2019}\ngrace = 31", "2020-02-01"),
        (leaf('event = "launch", after = "2019-03"'), ".."),
    ],
)
def test_a_claim_is_overdue_from_the_day_after_its_grace(claim, day):
    found, case = asked(claim)

    assert day_text(overdue_from(found, found.criterion, case)) == day


def test_a_claim_stands_from_the_first_day_on_which_it_can_have_been_said():
    registry = loads(HEAD.format(claim=BY_2019, registry="", said="'2019-01'"))

    assert day_text(said_day(registry.claims["it"], registry.index())) == "2019-01-01"


A, B, C = Judged(min_sources=1), Judged(min_sources=2), Judged(min_sources=3)


@pytest.mark.parametrize(
    ("criterion", "truths", "expected"),
    [
        (A, [TRUE], TRUE),
        (Not(member=A), [TRUE], FALSE),
        (Not(member=Not(member=A)), [TRUE], TRUE),
        (All(members=(A, B)), [TRUE, FALSE], FALSE),
        (AnyOf(members=(A, B)), [TRUE, FALSE], TRUE),
        (AtLeast(needed=2, members=(A, B, C)), [TRUE, FALSE, TRUE], TRUE),
        (AtLeast(needed=2, members=(A, B, C)), [TRUE, FALSE, UNKNOWN], UNKNOWN),
        (All(members=(Not(member=A), AnyOf(members=(B, C)))), [FALSE, FALSE, TRUE], TRUE),
    ],
)
def test_the_bits_of_a_composite_follow_from_its_leaves(criterion, truths, expected):
    by_leaf = dict(zip((A, B, C), truths, strict=False))

    tree = TruthTree(criterion)
    for leaf, place in tree.leaves:
        tree.turn(place, by_leaf[leaf])

    assert tree.truths == {expected}


@pytest.mark.parametrize(
    ("truths", "expected"),
    [
        ([TRUE, TRUE], Status.HELD),
        ([FALSE, FALSE], Status.FAILED),
        ([TRUE, FALSE], Status.PARTLY),
        ([TRUE, UNKNOWN], None),
        ([FALSE, UNKNOWN], None),
        ([UNKNOWN, UNKNOWN], None),
        ([CONFLICTING, TRUE], Status.CONFLICTING),
        ([CONFLICTING, UNKNOWN], Status.CONFLICTING),
        ([CONFLICTING, CONFLICTING], Status.CONFLICTING),
    ],
)
def test_a_list_of_parts_has_a_status_of_its_own(truths, expected):
    tree = TruthTree(Parts(parts=(A, B)))
    for (_, place), truth in zip(tree.leaves, truths, strict=True):
        tree.turn(place, truth)

    assert shown_status(tree.truths) is expected


BOTH_PARTS = """criterion = { parts = [
  { event = "launch", by = 2019-12-31 }, { event = "talks", by = 2019-06-30 }] }"""


@pytest.mark.parametrize(
    ("criterion", "told", "outcome"),
    [
        pytest.param(
            leaf('event = "launch", before = "2020-01-01"'),
            [LATE],
            Outcome(Status.LATE, 1, 1),
            id="1",
        ),
        pytest.param(
            leaf('event = "launch", during = "2019"'),
            [LATE],
            Outcome(Status.LATE, 1, 1),
            id="during",
        ),
        pytest.param(
            leaf('event = "launch", during = "2019"'),
            [launched("2018-12-31")],
            Outcome(Status.FAILED),
            id="too early is not late",
        ),
        pytest.param(
            leaf('quantity = "height", at_least = 5, by = 2019-12-31'),
            [
                'fact = "height"\nwhen = 2020-01-01\nvalue = 4\npublished = 2020-01-02',
                'fact = "height"\nwhen = 2020-01-05\nvalue = 5\npublished = 2020-01-06',
            ],
            Outcome(Status.LATE, 5, 2),
            id="a mark reached later",
        ),
        pytest.param(
            leaf('not = { event = "launch", by = 2019-12-31 }'),
            [IN_TIME],
            Outcome(Status.FAILED),
            id="what came in time does not undo itself",
        ),
        pytest.param(
            BOTH_PARTS,
            [LATE, launched("2019-07-10", fact="talks"), NO_TALKS.replace("2019", "2019-06")],
            Outcome(Status.LATE, 10, 1),
            id="every part, by one number of days",
        ),
    ],
)
def test_a_claim_is_late_by_the_least_number_of_days_that_makes_it_true(criterion, told, outcome):
    assert outcome_of_claim(*asked(criterion, *told)) == outcome


@pytest.mark.parametrize(("on_conflict", "days"), [("conflicting", 33), ("higher_tier", 10)])
def test_how_late_it_came_where_a_worse_source_denies_it_longer(on_conflict, days):
    wire = '[[source]]\nid = "wire"\ntier = "wire"\n[[evidence]]\nid = "better"\nsource = "wire"\n'
    claim = f"{BY_2019}\n{wire}{launched('2020-01-10', '2020-01-11')}\n"
    denial = 'fact = "launch"\nnot_happened = "../2020-02-01"\npublished = 2020-02-02'
    policy = f'policy = {{ on_conflict = "{on_conflict}" }}'

    found, case = asked(claim, denial, as_of="2020-03-01", registry=policy)

    assert outcome_of_claim(found, case) == Outcome(Status.LATE, days, 10)
