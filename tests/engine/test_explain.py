"""What became of each item: used, or ignored and why; and the bits of every node of the tree."""

import pytest

from claimtrack import NotYetSaidError, UnknownRecordError, loads
from claimtrack.engine.explain import explain
from claimtrack.model.explanation import Use
from claimtrack.model.span import OPEN_END, OPEN_START, day_text
from tests.registries import SPACEFLIGHT, flies

LAUNCH = '{ event = "launch", during = 2019-06-01 }'
COARSE = "happened = '2019-06'"
BY_LAUNCH = f"criterion = {LAUNCH}"


def report(name, told="happened = 2019-06-01", more="", source="post", published="2019-07-01"):
    day = f"published = {published}" if published else ""
    return (
        f'[[evidence]]\nid = "{name}"\nsource = "{source}"\nfact = "launch"\n'
        f"{told}\n{day}\n{more}\n"
    )


JUDGEMENT = """[[evidence]]
id = "a"
source = "post"
claim = "it"
stance = "supports"
published = 2019-07-01
"""


def explained(claim, *told, as_of="2020-01-01"):
    return explain(loads(SPACEFLIGHT + flies(claim) + "".join(told)).audit(as_of), "it")


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param([report("a")], ("for", "", True), id="for"),
        pytest.param([report("a", "happened = 2019-06-02")], ("against", "", True), id="against"),
        pytest.param(
            [report("a", "happened = '2019-06'")],
            ("ignored", "too coarse to decide: the day may lie inside or outside", False),
            id="too coarse",
        ),
        pytest.param([report("a", published="")], ("ignored", "undated", False), id="undated"),
        pytest.param(
            [report("a", published="2020-01-02")],
            ("ignored", "not yet published", False),
            id="not yet published",
        ),
        pytest.param(
            [report("a", more='withdrawn = 2019-12-31\nwithdrawn_because = "x"')],
            ("ignored", "withdrawn", False),
            id="withdrawn",
        ),
        pytest.param(
            [report("a"), report("b", more='supersedes = ["a"]')],
            ("ignored", "superseded", False),
            id="superseded",
        ),
        pytest.param(
            [report("a", published="2019-07-02"), report("b", source="post-again")],
            ("ignored", "a witness already counted", False),
            id="not the first of its witness",
        ),
        pytest.param(
            [JUDGEMENT],
            ("ignored", "the criterion does not ask for judgement", False),
            id="a judgement that is not asked for",
        ),
    ],
)
def test_an_item_is_used_or_ignored_for_a_reason(told, expected):
    use = next(one for one in explained(BY_LAUNCH, *told).items if one.id == "a")

    assert (use.use.value, use.because, use.decided) == expected


def test_an_item_that_one_leaf_uses_is_used():
    other = '{ event = "launch", by = 2018-12-31 }'
    both = explained(f"criterion = {{ any = [{other}, {LAUNCH}] }}", report("a"))

    assert [exhibit.side.value for step in both.steps.members for exhibit in step.exhibits] == [
        "against",
        "for",
    ]
    assert both.items[0].use is Use.AGAINST


def test_an_item_that_no_leaf_uses_is_ignored_for_what_the_first_leaf_says():
    strict = LAUNCH.replace(" }", ', min_tier = "primary" }')
    found = explained(f"criterion = {{ any = [{LAUNCH}, {strict}] }}", report("a", COARSE))

    assert [exhibit.side.name for step in found.steps.members for exhibit in step.exhibits] == [
        "TOO_COARSE",
        "BELOW_TIER",
    ]
    assert found.items[0].because == "too coarse to decide: the day may lie inside or outside"


def test_the_items_come_by_age_and_each_once():
    found = explained(
        f"criterion = {{ any = [{LAUNCH}, {LAUNCH}] }}",
        report("c"),
        report("b", published="2019-08-01"),
        report("a"),
        report("d", published=""),
    )

    assert [one.id for one in found.items] == ["a", "c", "b", "d"]
    assert [day_text(one.known_from) for one in found.items][1:3] == ["2019-07-01", "2019-08-01"]


@pytest.mark.parametrize(
    ("told", "shown", "refuted"),
    [
        ([], False, False),
        ([report("a")], True, False),
        ([report("b", "happened = 2019-06-02")], False, True),
        ([report("a"), report("b", "happened = 2019-06-02")], True, True),
    ],
)
def test_a_step_has_the_two_bits_and_the_days_in_question(told, shown, refuted):
    step = explained(BY_LAUNCH, *told).steps

    assert (step.shown, step.refuted, step.needed) == (shown, refuted, 1)
    assert (day_text(step.low), day_text(step.high)) == ("2019-06-01", "2019-06-01")


def test_a_tree_has_a_step_for_each_node():
    tree = explained(
        f"criterion = {{ all = [{{ not = {LAUNCH} }}, {{ judged = true, min_sources = 2 }}] }}",
        report("a"),
    ).steps
    negation, judged = tree.members

    assert (tree.shown, tree.refuted, tree.needed) == (False, True, 2)
    assert (negation.shown, negation.refuted, negation.needed) == (False, True, 1)
    assert (judged.shown, judged.refuted, judged.needed) == (False, False, 2)
    assert (judged.low, judged.high) == (OPEN_START, OPEN_END)


def test_parts_have_no_bits_of_their_own():
    tree = explained(f"criterion = {{ parts = [{LAUNCH}, {LAUNCH}] }}", report("a")).steps

    assert (tree.shown, tree.refuted, tree.needed) == (False, False, 2)
    assert [member.shown for member in tree.members] == [True, True]


def test_an_exhibit_is_the_item_as_the_leaf_saw_it():
    told = [
        report("b", source="gov", told='not_happened = "2019-06-01/2019-06-02"'),
        report("a", published="2019-07-02"),
        report("c", source="post-again", published="2019-07-03"),
    ]
    step = explained(BY_LAUNCH, *told).steps

    assert [
        (e.id, e.witness, e.rank, e.side.value, e.denies, e.dated, e.counts, day_text(e.last))
        for e in step.exhibits
    ] == [
        ("b", "gov", 0, "against", True, True, True, "2019-06-02"),
        ("a", "Post", 2, "for", False, True, True, "2019-06-01"),
        ("c", "Post", 5, "for", False, True, False, "2019-06-01"),
    ]


def test_a_condition_and_readings_have_trees_of_their_own():
    claim = f"""{BY_LAUNCH}
condition = {{ event = "talks", by = 2019-12-31 }}
reading = [{{ name = "early", criterion = {{ event = "launch", by = 2019-01-31 }} }}]"""

    found = explained(claim, report("a"))

    assert found.condition.criterion.fact == "talks"
    assert [(name, step.refuted) for name, step in found.readings] == [("early", True)]


def test_an_opinion_has_no_tree():
    found = explained('not_checkable = "opinion"')

    assert (found.steps, found.condition, found.readings, found.items) == (None, None, (), ())


def test_what_cannot_be_explained_is_refused():
    registry = loads(SPACEFLIGHT + flies(BY_LAUNCH))

    with pytest.raises(UnknownRecordError):
        explain(registry.audit("2020-01-01"), "that")
    with pytest.raises(NotYetSaidError):
        explain(registry.audit("2018-12-31"), "it")


def test_a_late_claim_is_explained_with_its_deadline_put_off_as_well():
    criterion = 'criterion = { all = [{ event = "launch", by = 2019-05-31 }, { judged = true }] }'
    found = explained(criterion, report("a"), JUDGEMENT.replace('id = "a"', 'id = "b"'))

    assert found.verdict.late_days == 1
    assert (found.steps.truth.word, found.later.truth.word) == ("false", "true")
    event, judged = found.later.members
    assert (str(event.high), judged.high) == ("2019-06-01", OPEN_END)
    assert [(one.id, one.side.value) for one in event.exhibits] == [("a", "for")]


def test_what_counts_only_with_the_deadline_put_off_is_used():
    denied = report("denied", 'not_happened = "../2019-05-31"', published="2019-06-01")
    found = explained('criterion = { event = "launch", by = 2019-05-31 }', denied, report("a"))

    assert [(one.id, one.use.value, one.because, one.decided) for one in found.items] == [
        ("denied", "against", "", True),
        ("a", "for", "", True),
    ]


@pytest.mark.parametrize(
    "claim",
    [BY_LAUNCH, 'not_checkable = "opinion"', 'criterion = { event = "talks", by = 2019-05-31 }'],
    ids=["failed", "not checkable", "undecided"],
)
def test_a_claim_that_is_not_late_is_explained_with_its_own_deadline_alone(claim):
    found = explained(claim, report("a", "happened = 2019-05-01"))

    assert found.later is None


@pytest.mark.parametrize(
    ("criterion", "rules"),
    [
        (LAUNCH, ["event"]),
        (f"{{ not = {LAUNCH} }}", ["not", "event"]),
        (f"{{ all = [{LAUNCH}, {{ judged = true }}] }}", ["all", "event", "judged"]),
        (f"{{ any = [{LAUNCH}] }}", ["any", "event"]),
        (f"{{ at_least = 1, of = [{LAUNCH}] }}", ["at_least", "event"]),
        (f"{{ parts = [{LAUNCH}] }}", ["parts", "event"]),
        ('{ assessed = "truth-o-meter" }', ["parts", "assessed", "assessed"]),
        ('{ assessed = "fever" }', ["assessed"]),
    ],
)
def test_each_node_names_the_rule_that_was_applied(criterion, rules):
    step = explained(f"criterion = {criterion}").steps

    assert [step.rule, *(member.rule for member in step.members)] == rules
