"""The checker of explanations accepts what the engine says, and nothing that differs anywhere."""

import enum
from decimal import Decimal
from pathlib import Path

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import claimtrack
from claimtrack import Range, check_proof
from claimtrack.engine.explain import Exhibit, Explanation, ItemUse, Step
from claimtrack.engine.leaves import Side
from claimtrack.model.verdict import ReadingVerdict, Verdict
from claimtrack.strategies import worlds

EXAMPLE = Path(__file__).parents[1] / "examples/china_russia_2017"

PARTS = (Explanation, Step, Exhibit, ItemUse, Verdict, ReadingVerdict)
LEFT_OUT = {"because", "marks", "criterion", "claim"}
"""Words for people, and what is compared as a whole and has no bit, item or day of its own."""


def explanations(world):
    """Return the explanation of each claim on the last of the days."""
    day, axis = world.days[-1], world.known_by
    audit = world.registry.audit(day, known_by=axis)
    return [world.registry.explain(id_, day, known_by=axis) for id_ in audit.outcomes]


def places(part, path=()):
    """Iterate over the paths to every bit, item, day and list in *part*."""
    if isinstance(part, tuple):
        if part:
            yield path
        for index, inner in enumerate(part):
            yield from places(inner, (*path, index))
    elif isinstance(part, PARTS):
        for field in attrs.fields(type(part)):
            if field.name not in LEFT_OUT:
                yield from places(getattr(part, field.name), (*path, field.name))
    elif part is not None:
        yield path


def at(part, path):
    for key in path:
        part = part[key] if isinstance(key, int) else getattr(part, key)
    return part


def put(part, path, value):
    """Return *part* with *value* at *path*."""
    if not path:
        return value
    key, rest = path[0], path[1:]
    if isinstance(key, int):
        return (*part[:key], put(part[key], rest, value), *part[key + 1 :])
    return attrs.evolve(part, **{key: put(getattr(part, key), rest, value)})


def others(value):  # noqa: PLR0911 - one a kind
    """Return a strategy for something of the same kind that is not *value*."""
    match value:
        case bool():
            return st.just(not value)
        case tuple():
            return st.sampled_from([value[:-1], (*value, value[-1])])
        case Side():
            # Why an item is on neither side is told in words, and no bit hangs on it.
            return st.sampled_from([s for s in (Side.FOR, Side.AGAINST) if s is not value])
        case enum.Enum():
            return st.sampled_from([other for other in type(value) if other is not value])
        case str():
            return st.just(f"{value}-other")
        case Range():
            return st.just(Range(low=value.low, high=value.high + 1))
        case Decimal():
            return st.just(value + 1)
        case _:
            assert isinstance(value, int | float)
            return st.sampled_from([0 if abs(value) == float("inf") else value + 1, value - 1000])


@given(worlds())
def test_every_explanation_that_the_engine_gives_is_accepted(world):
    for explanation in explanations(world):
        assert check_proof(explanation, world.registry) == ()


@given(st.data(), worlds())
def test_an_explanation_with_one_bit_item_or_day_changed_is_refused(data, world):
    found = explanations(world)
    assume(found)
    explanation = data.draw(st.sampled_from(found))
    path = data.draw(st.sampled_from([path for path in places(explanation) if path != ("as_of",)]))
    value = at(explanation, path)
    changed = data.draw(others(value))
    assume(changed != value)
    # On the other axis, and for a claim without evidence, the very same may follow.
    assume(path != ("known_by",))

    forged = put(explanation, path, changed)

    assert check_proof(forged, world.registry) != (), path


@given(worlds())
def test_an_explanation_of_a_day_before_the_claim_was_said_is_refused(world):
    for explanation in explanations(world):
        said = explanation.claim.said.first - 3

        forged = attrs.evolve(explanation, as_of=said)

        assert "it had not been said" in check_proof(forged, world.registry)


def test_an_explanation_of_a_claim_that_is_not_in_the_registry_is_refused():
    registry = claimtrack.load(EXAMPLE)
    explanation = registry.explain("siberia-pipeline-by-end-2019", "2020-01-01")
    renamed = attrs.evolve(explanation.claim, id="no-such-claim")

    found = check_proof(attrs.evolve(explanation, claim=renamed), registry)

    assert found == ("the claim is another one than in the registry",)


@pytest.mark.parametrize("day", ["2018-01-01", "2019-12-02", "2024-12-31"])
def test_the_explanations_of_the_pipeline_of_the_example_are_accepted(day):
    registry = claimtrack.load(EXAMPLE)

    for id_ in registry.audit(day).outcomes:
        if "pipeline" in id_:
            assert check_proof(registry.explain(id_, day), registry) == ()
