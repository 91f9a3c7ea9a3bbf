"""What the strategies draw: everything that the rules tell apart, and nothing that they refuse."""

import subprocess
import sys
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

import claimtrack
from claimtrack import Policy, Status
from claimtrack import strategies as drawn
from claimtrack.model.criterion import LEAVES, Event, leaves_of
from claimtrack.model.explanation import Side, exhibits_of
from claimtrack.strategies.entry import STRATEGIES
from claimtrack.strategies.registries import EARLY, LATE

DATED = drawn.spans(min_day=EARLY, max_day=LATE, moments=False)
DEFAULTS = st.just(Policy())
WORLDS = {
    "any": drawn.registries(),
    "much said": drawn.registries(spans=DATED, policies=DEFAULTS, min_claims=3, min_evidence=6),
    "events and judgement": drawn.registries(
        spans=DATED,
        policies=DEFAULTS,
        kinds=["event"],
        criteria=st.one_of(
            drawn.criteria(kinds=[Event], max_depth=1, spans=DATED),
            st.just(claimtrack.parts(claimtrack.judged(), ~claimtrack.judged())),
        ),
        min_claims=3,
        min_evidence=6,
    ),
}


def seen(registry):
    """Iterate over each status, side of an item and kind of leaf that comes up in *registry*."""
    for day, axis in ASKED:
        audit = registry.audit(day, known_by=axis)
        for id_ in audit.outcomes:
            told = registry.explain(id_, day, known_by=axis)
            yield from (verdict.status for verdict in (told.verdict, *told.verdict.readings))
            for step in (told.steps, told.condition, *(s for _, s in told.readings)):
                if step is not None:
                    yield from (type(leaf) for leaf in leaves_of(step.criterion))
                    yield from (exhibit.side for exhibit in exhibits_of(step))


ASKED = [
    (date(2020, 1, 1), "published"),
    (date(2021, 1, 1), "published"),
    (date(2021, 1, 1), "recorded"),
]


SAME_DRAWS = settings(
    max_examples=2000, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate]
)
"""The same draws in every run, and so many that what is looked for is among any such draws."""


class EverythingError(Exception):
    """All that was looked for has come up; drawing takes the time, so no more is drawn."""


def test_draws_reach_every_status_every_leaf_and_every_side_of_an_item():
    # That a report is outvoted is said where a late claim is told with a later deadline only.
    missing = {*Status, *LEAVES, *Side} - {Side.OUTVOTED}

    # Some 200 draws reach all of it; it ends with the draw that does.
    @settings(SAME_DRAWS, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from([*WORLDS]).flatmap(WORLDS.get))
    def look(registry):
        missing.difference_update(seen(registry))
        if not missing:
            raise EverythingError

    with pytest.raises(EverythingError):
        look()


@pytest.mark.parametrize("answer", list(claimtrack.Answer), ids=lambda answer: answer.name)
@pytest.mark.parametrize("question", ["within", "before"])
def test_draws_of_spans_reach_every_answer(question, answer):
    pairs = st.tuples(drawn.spans(), drawn.spans())

    one, other = find(
        pairs, lambda pair: getattr(pair[0], question)(pair[1]) is answer, settings=SAME_DRAWS
    )

    assert getattr(one, question)(other) is answer


@pytest.mark.parametrize("answer", list(claimtrack.Answer), ids=lambda answer: answer.name)
def test_draws_of_tests_and_quantities_reach_every_answer(answer):
    pairs = st.tuples(drawn.tests(), drawn.quantities())

    test, quantity = find(
        pairs, lambda pair: pair[0].passes(pair[1]) is answer, settings=SAME_DRAWS
    )

    assert test.passes(quantity) is answer


def test_the_simplest_claim_has_one_leaf_and_nothing_that_it_need_not_carry():
    # Hypothesis draws the simplest value first, so that nothing is searched and nothing shrunk.
    claim = find(drawn.claims(), lambda _: True, settings=settings(SAME_DRAWS, max_examples=1))

    assert claim.criterion == claimtrack.occurs("event", by="2000-01-01")
    assert claim.quote == "0"
    assert (claim.readings, claim.condition, claim.due, claim.note) == ((), None, None, None)


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        pytest.param(
            lambda: drawn.spans(min_day=date(2020, 1, 2), max_day=date(2020, 1, 1)),
            "max_day=2020-01-01 is before min_day=2020-01-02",
            id="days the wrong way round",
        ),
        pytest.param(
            lambda: drawn.texts(min_size=0),
            "min_size=0 and max_size=40 leave no text; "
            "expected 1 <= min_size <= max_size <= 100000",
            id="an empty text",
        ),
        pytest.param(
            lambda: drawn.identifiers(max_size=201),
            "min_size=1 and max_size=201 leave no id; expected 1 <= min_size <= max_size <= 200",
            id="an id that is too long",
        ),
        pytest.param(
            lambda: find(drawn.windows(kinds=()), lambda _: True),
            "kinds is empty; expected at least one kind of window",
            id="no kind of window",
        ),
        pytest.param(
            lambda: find(drawn.facts(kinds=()), lambda _: True),
            "kinds is empty; expected at least one kind of fact",
            id="no kind of fact",
        ),
        pytest.param(
            lambda: find(drawn.criteria(max_depth=0), lambda _: True),
            "max_depth=0; expected 1 or more",
            id="no depth",
        ),
        pytest.param(
            lambda: find(drawn.evidence(facts=(), claims=()), lambda _: True),
            "facts and claims are empty; expected something to tell of",
            id="nothing to tell of",
        ),
        pytest.param(
            lambda: find(drawn.registries(min_claims=3, max_claims=2), lambda _: True),
            "min_size=3 and max_size=2 leave no claims; "
            "expected 0 <= min_size <= max_size <= 10000",
            id="claims the wrong way round",
        ),
    ],
)
def test_impossible_arguments_are_refused(draw, message):
    with pytest.raises(InvalidArgument) as caught:
        draw()

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("module", "name"),
    [(module, name) for module, names in STRATEGIES.items() for name in names],
    ids=lambda value: value,
)
def test_a_class_is_drawn_by_its_type(module, name):
    cls = getattr(sys.modules[module], name)

    quick = settings(SAME_DRAWS, max_examples=5)
    assert isinstance(find(st.from_type(cls), lambda _: True, settings=quick), cls)


def test_hypothesis_knows_the_records_where_nobody_imports_the_strategies():
    program = (
        "from hypothesis import find, settings, strategies as st\n"
        "from claimtrack import Claim\n"
        "one = settings(max_examples=1, database=None, derandomize=True)\n"
        "found = find(st.from_type(Claim), lambda _: True, settings=one)\n"
        "print(type(found).__name__)\n"
    )

    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], check=True, capture_output=True, text=True
    )

    assert run.stdout == "Claim\n"


def test_importing_claimtrack_loads_no_hypothesis():
    program = "import sys, claimtrack; claimtrack.Registry; print('hypothesis' in sys.modules)"

    run = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )

    assert run.stdout == "False\n"
