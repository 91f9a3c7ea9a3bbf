"""The bits of a leaf while reports come and go, one at a time."""

import pytest

from claimtrack import Evidence, Fact, Policy, Registry, Source, loads, occurs, stays
from claimtrack.engine.evidence import UsableEvidence
from claimtrack.engine.tally import tally_of
from claimtrack.engine.weigh import Case
from claimtrack.model.span import day_text, ordinal
from claimtrack.model.truth import Truth

SOURCES = [
    Source(id="wire", tier="wire", published="2020-02-01"),
    Source(id="times", tier="wire", published="2020-02-01"),
    Source(id="blog", tier="social", published="2020-02-01"),
]
BY_2019 = occurs("gas", by="2019-12-31")
DEFAULT = Policy()


def tally(*told, policy=DEFAULT, leaf=BY_2019):
    """Return a tally on the reports with these sources and fields, and their items by id."""
    registry = Registry.of(
        *SOURCES,
        Fact(id="gas", kind="event"),
        Fact(id="open", kind="state"),
        *(
            Evidence(id=f"r{number}", source=source, **{"fact": "gas", **fields})
            for number, (source, fields) in enumerate(told)
        ),
    )
    zoned = registry.index().in_zone(None)
    case = Case(
        UsableEvidence(zoned, ordinal(2020, 3, 1)), "it", None, policy, registry.facts.by_id
    )
    items = zoned.on_fact(leaf.fact)
    return tally_of(leaf, items, case), sorted(items, key=lambda item: item.id)


def truth(*told, policy=DEFAULT):
    found, items = tally(*told, policy=policy)
    for item in items:
        found.enter(item)
    return found.truth


EARLY = {"happened": "2019-12-01"}
ON_THE_DAY = {"happened": "2019-12-31"}
NEVER = {"not_happened": "../2019-12-31"}
BOTH, FOR, AGAINST = Truth(True, True), Truth(True, False), Truth(False, True)


@pytest.mark.parametrize(
    ("ours", "theirs", "by_tier"),
    [("wire", "blog", FOR), ("blog", "wire", AGAINST), ("wire", "times", BOTH)],
    ids=["the better says yes", "the better says no", "equally good"],
)
@pytest.mark.parametrize("day", [EARLY, ON_THE_DAY], ids=["early", "on the last day"])
def test_the_better_tier_settles_a_conflict_where_the_policy_says_so(ours, theirs, by_tier, day):
    told = [(ours, day), (theirs, NEVER)]

    assert truth(*told) == BOTH
    assert truth(*told, policy=Policy(on_conflict="higher_tier")) == by_tier


@pytest.mark.parametrize("on_conflict", ["conflicting", "higher_tier"])
@pytest.mark.parametrize(
    ("told", "expected"),
    [([("blog", EARLY)], FOR), ([("blog", NEVER)], AGAINST), ([], Truth(False, False))],
    ids=["yes", "no", "nothing"],
)
def test_without_a_conflict_every_policy_says_the_same(told, expected, on_conflict):
    assert truth(*told, policy=Policy(on_conflict=on_conflict)) == expected


def test_a_witness_counts_until_the_last_of_its_reports_goes():
    found, (first, second) = tally(("wire", EARLY), ("wire", ON_THE_DAY))
    seen = []

    for step, item in (
        *((found.enter, first), (found.enter, second)),
        *((found.leave, first), (found.leave, second)),
    ):
        step(item)
        seen.append(found.truth.shown)

    assert seen == [True, True, True, False]


def test_a_tally_says_which_reports_say_anything_to_its_leaf():
    low, high = ("blog", EARLY), ("wire", EARLY)
    found, (below, good) = tally(low, high, policy=Policy(min_tier="wire"))

    assert (found.enter(below), found.enter(good)) == (False, True)
    assert (found.leave(below), found.leave(good)) == (False, True)


def test_each_sample_says_something_to_its_leaf():
    leaf = stays("open", throughout="2020-01", is_=True, samples=2)
    told = {"fact": "open", "value": True, "when": "2020-01-02"}
    found, (one,) = tally(("wire", told), leaf=leaf)

    assert (found.enter(one), found.leave(one)) == (True, True)


SAMPLED = """
[[speaker]]
id = "ada"
[[source]]
id = "post"
[[fact]]
id = "open"
kind = "state"
[[claim]]
id = "it"
speaker = "ada"
said = 2019-01-01
source = "post"
quote = "It is open."
criterion = { state = "open", is = true, throughout = "2019-01", samples = 2 }
"""


def test_a_claim_turns_with_each_sample_that_comes_and_goes():
    ends = {"b": "withdrawn = 2019-03-10"}
    told = [
        f'[[evidence]]\nid = "{name}"\nsource = "post"\nfact = "open"\nvalue = true\n'
        f"when = 2019-01-{day}\npublished = 2019-03-{day}\n{ends.get(name, '')}\n"
        for name, day in (("a", "02"), ("b", "03"))
    ]

    found = loads(SAMPLED + "".join(told)).history("it").changes

    assert [(day_text(change.day), change.status.value) for change in found] == [
        ("2019-01-01", "pending"),
        ("2019-02-01", "overdue"),
        ("2019-03-02", "not-enough-evidence"),
        ("2019-03-03", "held"),
        ("2019-03-10", "not-enough-evidence"),
    ]
