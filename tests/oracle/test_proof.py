"""The checker of explanations accepts what the engine says, and nothing that differs anywhere."""

import copy
import enum
import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import claimtrack
from claimtrack import KnownBy
from claimtrack.strategies import worlds
from tests.oracle.proof import check_proof
from tests.oracle.random_registries import days_that_tell, make
from tests.oracle.toml_writer import to_toml

SEEDS = 1000 if os.environ.get("CLAIMTRACK_LONG") else 8
EXAMPLE = Path(__file__).parents[2] / "examples/china_russia_2017"

EXEMPT = {"marks"}
"""The one field that says nothing of the record: *suspect* and *stale* are about signatures."""


def explanations(world):
    """Return the explanation of each claim on the last of the days."""
    day, axis = world.days[-1], world.known_by
    audit = world.registry.audit(day, known_by=axis)
    return [world.registry.explain(id_, day, known_by=axis) for id_ in audit.outcomes]


def places(part, path=()):
    """Iterate over the paths to every field and every member of a list in *part*."""
    if isinstance(part, tuple):
        yield path
        for index, inner in enumerate(part):
            yield from places(inner, (*path, index))
    elif attrs.has(type(part)):
        for field in attrs.fields(type(part)):
            if field.eq and field.name not in EXEMPT:
                yield from places(getattr(part, field.name), (*path, field.name))
    else:
        yield path


def at(part, path):
    for key in path:
        part = part[key] if isinstance(key, int) else getattr(part, key)
    return part


def put(part, path, value):
    """Return *part* with *value* at *path*, whether or not it is legal there."""
    if not path:
        return value
    key, rest = path[0], path[1:]
    if isinstance(key, int):
        return (*part[:key], put(part[key], rest, value), *part[key + 1 :])
    changed = copy.copy(part)
    object.__setattr__(changed, key, put(getattr(part, key), rest, value))
    return changed


def others(value, spare):  # noqa: PLR0911 - one a kind
    """Return a strategy for something that is not *value*; *spare* are members for empty lists."""
    match value:
        case None:
            return st.sampled_from([1, "other", True])
        case bool():
            return st.just(not value)
        case tuple():
            longer = [(*value, member) for member in (value[-1:] or spare)]
            fewer = [value[:-1], value[::-1]] if value else []
            return st.sampled_from(longer + fewer) if longer + fewer else st.nothing()
        case enum.Enum():
            return st.sampled_from([other for other in type(value) if other is not value])
        case str():
            return st.just(f"{value}-other")
        case Decimal():
            return st.just(value + 1)
        case _:
            assert isinstance(value, int | float)
            return st.sampled_from([0 if abs(value) == float("inf") else value + 1, value - 1000])


@given(worlds(known_by=list(KnownBy)))
def test_every_explanation_that_the_engine_gives_is_accepted(world):
    for explanation in explanations(world):
        assert check_proof(explanation, world.registry) == ()


@pytest.mark.parametrize("known_by", ["published", "recorded"])
def test_so_is_every_explanation_of_registries_made_by_another_generator(known_by):
    for seed in range(SEEDS):
        rows = make(seed)
        registry = claimtrack.loads(to_toml(rows))
        for day in days_that_tell(rows, seed, 2):
            for id_ in registry.audit(day, known_by=known_by).outcomes:
                explanation = registry.explain(id_, day, known_by=known_by)
                assert (seed, day, check_proof(explanation, registry)) == (seed, day, ())


@given(st.data(), worlds())
def test_an_explanation_with_any_one_field_changed_is_refused(data, world):
    """An other day or axis is another question: of that, the very same may be the right answer."""
    found = explanations(world)
    assume(found)
    explanation = data.draw(st.sampled_from(found))
    paths = list(places(explanation))
    part = data.draw(st.sampled_from(sorted({path[0] for path in paths})))
    path = data.draw(st.sampled_from([path for path in paths if path[0] == part]))
    named = [at(explanation, other) for other in paths if other[-1:] == path[-1:]]
    spare = [value[0] for value in named if isinstance(value, tuple) and value]
    value = at(explanation, path)
    changed = data.draw(others(value, spare))
    assume(changed != value)

    forged = put(explanation, path, changed)
    registry = world.registry
    if world.known_by is not KnownBy.CAPTURED:
        registry = registry.with_captured({})  # what was forged may ask for this axis

    if path in (("as_of",), ("known_by",)) and check_proof(forged, registry) == ():
        id_, day = forged.claim.id, date.fromordinal(forged.as_of)
        right = registry.explain(id_, day, known_by=forged.known_by)
        assert attrs.evolve(forged, verdict=right.verdict) == right
        assert attrs.evolve(right.verdict, marks=forged.verdict.marks) == forged.verdict
    else:
        assert check_proof(forged, registry) != (), path


@given(worlds())
def test_an_explanation_of_a_day_before_the_claim_was_said_is_refused(world):
    for explanation in explanations(world):
        said = explanation.claim.said.first - 3

        forged = attrs.evolve(explanation, as_of=said)

        assert check_proof(forged, world.registry) == ("the claim had not been said",)


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


@pytest.mark.parametrize("answer", [True, False, None])
def test_what_a_function_decided_is_refused_in_words_that_say_so(answer):
    registry = claimtrack.load(EXAMPLE)
    registry = registry.with_check("siberia-pipeline-by-end-2019", lambda *_: answer)
    explanation = registry.explain("siberia-pipeline-by-end-2019", "2020-01-01")

    found = check_proof(explanation, registry)

    assert explanation.by_function
    assert found == ("a function decided the claim, and what it says cannot be checked",)


def test_a_function_that_was_not_asked_leaves_the_explanation_to_be_checked():
    registry = claimtrack.load(EXAMPLE)
    registry = registry.with_check("siberia-pipeline-by-end-2019", lambda *_: True)
    explanation = registry.explain("russia-depends-on-energy-exports", "2020-01-01")

    assert check_proof(explanation, registry) == ()


def test_a_judgement_without_a_day_lies_in_no_window_not_even_one_without_ends():
    registry = claimtrack.Registry.of(
        claimtrack.Speaker(id="ada"),
        claimtrack.Source(id="post", published="2020-01-01"),
        claimtrack.Claim(
            id="it",
            speaker="ada",
            said="2020-01-01",
            source="post",
            quote="It.",
            criterion=claimtrack.judged(by="2020-01-03/.."),
        ),
        claimtrack.Evidence(id="undated", claim="it", source="post", stance="supports"),
    )

    explanation = registry.explain("it", "2020-02-01")

    assert explanation.items[0].because == "does not say when"
    assert check_proof(explanation, registry) == ()


@pytest.mark.parametrize("path", [("steps",), ("readings", 0, 1), ("steps", "members")])
def test_what_is_no_step_where_one_belongs_is_refused(path):
    registry = claimtrack.load(EXAMPLE)
    explanation = registry.explain("siberia-pipeline-by-end-2019", "2020-01-01")
    criterion = explanation.claim.criterion
    stranger = (criterion,) if path[-1] == "members" else criterion

    found = check_proof(put(explanation, path, stranger), registry)

    assert found[0].startswith("a step does not follow: ")


@pytest.mark.parametrize("what", ["swapped", "another"])
def test_arguments_in_the_wrong_order_are_refused_in_words_that_say_which_is_which(what):
    registry = claimtrack.load(EXAMPLE)
    explanation = registry.explain(next(iter(registry.claims)), "2020-01-01")
    pair = {"swapped": (registry, explanation), "another": (explanation, explanation)}[what]

    with pytest.raises(TypeError) as caught:
        check_proof(*pair)

    assert str(caught.value) == "expected check_proof(explanation, registry), in this order"
