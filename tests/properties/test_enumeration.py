"""Law 6, and the whole engine against the naive rules on the same registries."""

import tomllib
from decimal import Decimal

import attrs
from hypothesis import given

from claimtrack import Claim, dumps
from claimtrack.engine.decide import evaluate
from claimtrack.model.criterion import LEAVES, leaves_of
from claimtrack.strategies import registries, spans, worlds
from claimtrack.strategies.registries import EARLY, LATE
from tests.oracle import rules
from tests.oracle.days import brute_force_leaf, world_of
from tests.oracle.random_registries import spans_in
from tests.properties.asking import answers, rebuilt, records

SMALL = worlds(registries=registries(spans=spans(min_day=EARLY, max_day=LATE, coarse=False)))


def rows(registry):
    """Return *registry* as the naive rules read it."""
    read = tomllib.loads(dumps(registry), parse_float=Decimal)
    return {kind: [row] if kind == "registry" else row for kind, row in read.items()}


def one_leaf_each(registry):
    """Return *registry* with a claim for each leaf of any claim, which any one witness decides."""
    claims = []
    for claim in registry.claims.values():
        trees = [claim.criterion, claim.condition, *(r.criterion for r in claim.readings)]
        for tree in trees:
            for leaf in () if tree is None else leaves_of(tree):
                claims.append(
                    Claim(
                        id=f"{claim.id}/{len(claims)}",
                        speaker=claim.speaker,
                        said=claim.said,
                        source=claim.source,
                        quote="One leaf.",
                        timezone=claim.timezone,
                        criterion=attrs.evolve(leaf, min_sources=1),
                    )
                )
    judged = [
        attrs.evolve(item, id=f"{item.id}/{claim.id}", claim=claim.id, supersedes=())
        for item in registry.evidence.values()
        if item.claim is not None
        for claim in claims
    ]
    rated = [
        attrs.evolve(rating, id=f"{rating.id}/{claim.id}", claim=claim.id)
        for rating in registry.assessments.values()
        for claim in claims
    ]
    plain = [r for r in records(registry) if not hasattr(r, "claim") or r.id in registry.evidence]
    kept = [r for r in plain if not isinstance(r, Claim)]
    on_facts = [r for r in kept if getattr(r, "claim", None) is None]
    ids = {item.id for item in on_facts}
    named = [
        attrs.evolve(r, supersedes=[id_ for id_ in r.supersedes if id_ in ids])
        if hasattr(r, "supersedes")
        else r
        for r in on_facts
    ]
    return rebuilt(registry, [*named, *judged, *rated, *claims])


class TestEnumeration:
    """
    Enumeration. On small worlds and with `min_sources = 1`, each leaf agrees with trying out every
    single day of every span.
    """

    @given(SMALL)
    def test_each_leaf_equals_what_single_days_say(self, world):
        registry = one_leaf_each(world.registry)
        read = rows(registry)
        for day in world.days:
            audit = registry.audit(day, known_by=world.known_by)
            for row in read.get("claim", []):
                case = rules.Case(read, row, day.toordinal(), world.known_by.value)
                if row["id"] not in audit.outcomes:
                    continue
                claim = registry.claims[row["id"]]
                assert isinstance(claim.criterion, LEAVES)
                days = world_of(case.span(value) for value in spans_in(read))
                bits = brute_force_leaf(case, row["criterion"], days)
                assert tuple(evaluate(claim.criterion, audit.case(claim))) == bits


class TestTwoImplementations:
    """
    Two people who implement the rules apart get the same answer for every registry and every day.
    """

    @given(worlds())
    def test_the_engine_and_the_naive_rules_agree(self, world):
        read = rows(world.registry)
        for day in world.days:
            expected = {
                id_: (
                    found["status"],
                    found["late_days"],
                    found["late_days_min"],
                    tuple(tuple(reading) for reading in found["readings"]),
                )
                for id_, found in rules.audit(read, day, world.known_by.value)["claims"].items()
            }

            assert answers(world.registry, day, world.known_by) == expected
