"""Law 6: each leaf equals what a check over all the single days of each span says."""

import os

from tests.oracle.days import brute_force_leaf, world_of
from tests.oracle.known import Case
from tests.oracle.random_registries import days_that_tell, make, spans_in
from tests.oracle.rules import Bits, leaf_bits, leaves

SEEDS = 2000 if os.environ.get("CLAIMTRACK_LONG") else 150


def test_every_leaf_equals_the_enumeration_of_single_days() -> None:
    seen: set[tuple[str, Bits]] = set()
    for seed in range(SEEDS):
        registry = make(seed, decades=False)
        for as_of in days_that_tell(registry, seed, 3):
            for claim in registry["claim"]:
                case = Case(registry, claim, as_of.toordinal())
                world = world_of(case.span(value) for value in spans_in(registry))
                for leaf in leaves(claim.get("criterion", {"all": []})):
                    alone = {**leaf, "min_sources": 1}
                    answer = leaf_bits(case, alone)
                    seen.add((next(iter(leaf)), answer))
                    assert answer == brute_force_leaf(case, alone, world), (seed, as_of, claim)

    kinds = ("event", "quantity", "state", "judged", "assessed")
    assert seen == {(kind, (s, r)) for kind in kinds for s in (False, True) for r in (False, True)}
