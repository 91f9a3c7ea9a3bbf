"""The bits of a leaf for each later deadline are what weighing it with that deadline makes them."""

import itertools
from datetime import date, timedelta

import attrs
import pytest

from claimtrack import Evidence, Fact, Policy, Registry, Settings, Source
from claimtrack.engine.evidence import UsableEvidence
from claimtrack.engine.weigh import Case, truth_by_extension, weigh
from claimtrack.model.criterion import Event, Reaches, Window
from claimtrack.model.quantity import Range, Test
from claimtrack.model.span import ordinal

FIRST = date(2020, 1, 10)
KINDS = ("by", "before", "during", "after")
SPANS = list(itertools.combinations_with_replacement(range(-1, 5), 2))


def span(low, high):
    return f"{FIRST + timedelta(days=low)}/{FIRST + timedelta(days=high)}"


def assert_extensions_are_right(worlds, leaf_on, *, policy, **fact):
    """Compare the truth by extension of a leaf on each of *worlds*, which are lists of reports."""
    registry = Registry.of(
        Source(id="post", tier="press", published="2020-02-01"),
        Source(id="wire", tier="wire", published="2020-02-01"),
        Source(id="times", tier="wire", published="2020-02-01"),
        *(Fact(id=f"fact-{number}", **fact) for number in range(len(worlds))),
        *(
            Evidence(id=f"report-{number}-{place}", fact=f"fact-{number}", source=source, **told)
            for number, world in enumerate(worlds)
            for place, (source, told) in enumerate(world)
        ),
        settings=Settings(policy=policy),
    )
    usable = UsableEvidence(registry.index().in_zone(None), ordinal(2020, 3, 1))
    case = Case(usable, "it", None, policy, registry.facts.by_id)
    for number in range(len(worlds)):
        leaf = leaf_on(f"fact-{number}")
        found = truth_by_extension(leaf, case)
        weighed = [
            weigh(leaf, attrs.evolve(case, extension=extension)).truth for extension in range(8)
        ]
        assert [found.truth(extension) for extension in range(8)] == weighed
        turns = {
            extension for extension in range(2, 8) if weighed[extension] != weighed[extension - 1]
        }
        assert turns | {1} <= {1, *found.turns()}


def pairs(told):
    return [
        *([("post", one), ("wire", other)] for one, other in itertools.product(told, repeat=2)),
        *([("wire", one), ("wire", other)] for one in told[::2] for other in told[1::2]),
        *([("post", one)] for one in told),
    ]


POLICIES = [
    Policy(),
    Policy(min_sources=2),
    Policy(on_conflict="higher_tier"),
    Policy(min_tier="wire"),
]


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("once", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_of_an_event(kind, once, policy):
    told = [
        {key: days}
        for key, spans in (("happened", SPANS[::4]), ("not_happened", SPANS[::7]))
        for days in itertools.starmap(span, spans)
    ]
    told += [{"not_happened": f"../{FIRST + timedelta(days=high)}"} for high in (0, 1, 3)]
    window = Window(kind, span(0, 1))

    assert_extensions_are_right(
        pairs(told),
        lambda fact: Event(fact=fact, window=window),
        policy=policy,
        kind="event",
        once=once,
    )


def test_of_an_event_with_three_witnesses_of_which_each_tells_another_day():
    days = zip(("post", "wire", "times"), (2, 3, 5), strict=True)
    world = [(source, {"happened": span(day, day)}) for source, day in days]

    assert_extensions_are_right(
        [world],
        lambda fact: Event(fact=fact, window=Window("by", span(0, 1))),
        policy=Policy(min_sources=3),
        kind="event",
    )


def test_of_an_event_for_which_three_witnesses_are_asked():
    told = [{"happened": span(day, day)} for day in range(6)]
    worlds = [
        list(zip(("post", "wire", "times"), days, strict=True))
        for days in itertools.product(told, repeat=3)
    ]

    assert_extensions_are_right(
        worlds,
        lambda fact: Event(fact=fact, window=Window("by", span(0, 1))),
        policy=Policy(min_sources=3),
        kind="event",
    )


@pytest.mark.parametrize("policy", POLICIES[:3])
@pytest.mark.parametrize("cumulative", [True, False])
@pytest.mark.parametrize("kind", KINDS[:3])
def test_of_a_value_that_is_reached(kind, cumulative, policy):
    told = [
        {"value": value, "when": span(low, high)}
        for value in (10, 5, Range(5, 15))
        for low, high in SPANS[:: 3 if value == 10 else 7]
    ]
    test, window = Test(comparison="at_least", value=10), Window(kind, span(0, 1))

    assert_extensions_are_right(
        pairs(told),
        lambda fact: Reaches(fact=fact, window=window, test=test),
        policy=policy,
        kind="quantity",
        cumulative=cumulative,
    )
