"""Which reports decided a claim: of each witness the oldest, on the bits that are set."""

import pytest

from claimtrack import loads
from claimtrack.engine.decide import by_age, deciding_items, first_of_each_witness, outcome_of_claim
from claimtrack.engine.evidence import NEVER, Item
from tests.registries import SPACEFLIGHT, flies

LAUNCH = '{ event = "launch", by = 2019-12-31 }'
TALKS = '{ event = "talks", by = 2019-12-31 }'


def report(name, fact="launch", happened="2019-06-01", published="2020-02-01", source="post"):
    key = "happened" if happened[:2] != "no" else "not_happened"
    days = happened.removeprefix("no ")
    return (
        f'[[evidence]]\nid = "{name}"\nsource = "{source}"\nfact = "{fact}"\n'
        f'{key} = "{days}"\npublished = {published}\n'
    )


def deciding(claim, *told, as_of="2021-01-01"):
    audit = loads(SPACEFLIGHT + flies(claim) + "".join(told)).audit(as_of)
    found = audit.records.claims["it"]
    case = audit.case(found)
    return [item.id for item in deciding_items(found, outcome_of_claim(found, case), case)]


NO = "no ../2019"


@pytest.mark.parametrize(
    ("criterion", "told", "expected"),
    [
        pytest.param(LAUNCH, [], [], id="nothing decides an unknown claim"),
        pytest.param(LAUNCH, [report("coarse", happened="2019-12/2020-01")], [], id="too coarse"),
        pytest.param(LAUNCH, [report("yes")], ["yes"], id="a report"),
        pytest.param(LAUNCH, [report("no", happened=NO)], ["no"], id="a denial"),
        pytest.param(
            LAUNCH,
            [report("b"), report("a", published="2020-02-02", source="times")],
            ["b", "a"],
            id="two witnesses, the older first",
        ),
        pytest.param(
            LAUNCH,
            [report("b", published="2020-02-02", source="post-again"), report("a")],
            ["a"],
            id="of one witness the older",
        ),
        pytest.param(
            LAUNCH, [report("b"), report("a", source="post-again")], ["a"], id="of one day by id"
        ),
        pytest.param(
            LAUNCH, [report("yes"), report("no", happened=NO)], ["no", "yes"], id="a conflict"
        ),
        pytest.param(
            f"{{ not = {LAUNCH} }}", [report("no", happened=NO)], ["no"], id="not: the other side"
        ),
        pytest.param(
            f"{{ any = [{LAUNCH}, {TALKS}] }}",
            [report("yes"), report("no-talks", "talks", NO)],
            ["yes"],
            id="any: only the member that holds",
        ),
        pytest.param(
            f"{{ all = [{LAUNCH}, {TALKS}] }}",
            [report("yes"), report("no-talks", "talks", NO)],
            ["no-talks"],
            id="all: only the member that does not",
        ),
        pytest.param(
            f"{{ all = [{LAUNCH}, {TALKS}] }}",
            [report("yes"), report("talks", "talks")],
            ["talks", "yes"],
            id="all: every member",
        ),
        pytest.param(
            f"{{ parts = [{LAUNCH}, {TALKS}] }}",
            [report("yes"), report("no-talks", "talks", NO)],
            ["no-talks", "yes"],
            id="parts: each for itself",
        ),
        pytest.param(
            f"{{ parts = [{LAUNCH}, {TALKS}] }}",
            [report("yes")],
            [],
            id="parts: none, while one is unknown",
        ),
        pytest.param(
            LAUNCH,
            [report("no", happened=NO), report("late", happened="2020-01-05", source="times")],
            ["late", "no"],
            id="late: what failed it and what fulfils it later",
        ),
    ],
)
def test_what_decides_is_what_sets_the_bits(criterion, told, expected):
    assert deciding(f"criterion = {criterion}", *told) == expected


VOID = f"criterion = {LAUNCH}\ncondition = {TALKS}\n"


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        pytest.param(VOID, ["no-talks"], id="its condition is false"),
        pytest.param(
            f'{VOID}annulled = 2021-01-01\nannulled_because = "x"', [], id="annulled by decree"
        ),
        pytest.param(
            f'{VOID}annulled = 2020-12-01\nannulled_because = "x"', [], id="by decree before"
        ),
        pytest.param(
            f'{VOID}annulled = 2021-01-02\nannulled_because = "x"', ["no-talks"], id="later only"
        ),
        pytest.param(
            f'criterion = {LAUNCH}\nannulled = 2021-01-01\nannulled_because = "x"',
            [],
            id="by decree without a condition",
        ),
        pytest.param('not_checkable = "opinion"', [], id="an opinion"),
        pytest.param(
            f'not_checkable = "opinion"\ncondition = {TALKS}', ["no-talks"], id="a void opinion"
        ),
    ],
)
def test_what_annuls_a_claim_is_what_refutes_its_condition(claim, expected):
    assert deciding(claim, report("yes"), report("no-talks", "talks", NO)) == expected


def item(name, known_from, witness):
    return Item(
        id=name,
        witness=witness,
        rank=0,
        known_from=known_from,
        withdrawn_from=NEVER,
        first=1,
        last=1,
        denies=False,
        dated=True,
        value=None,
        stance=None,
    )


def test_the_first_of_each_witness_is_by_day_and_then_by_id():
    items = [item("d", 2, "Post"), item("c", 3, "Times"), item("b", 2, "Post"), item("a", 3, "W")]

    assert [one.id for one in first_of_each_witness(items)] == ["b", "a", "c"]
    assert by_age(items[0]) == (2, "d")
