"""Law 3."""

from hypothesis import given

from claimtrack import all_of, any_of, at_least
from claimtrack.engine.decide import evaluate
from claimtrack.model.criterion import Parts, members_of
from claimtrack.strategies import worlds


def asked(world):
    """Iterate over lists of criteria that are judged together, each with its case."""
    for day in world.days:
        audit = world.registry.audit(day, known_by=world.known_by)
        for id_ in audit.outcomes:
            claim = world.registry.claims[id_]
            found = [claim.criterion, claim.condition, *(r.criterion for r in claim.readings)]
            whole = [node for node in found if node is not None and not isinstance(node, Parts)]
            inner = [member for node in found if node is not None for member in members_of(node)]
            if whole or inner:
                yield [*whole, *inner], audit.case(claim)


class TestDuality:
    """
    Duality. *not not c* is *c*; De Morgan's laws hold; `all` and `any` are the two ends of
    `at_least`.
    """

    @given(worlds())
    def test_twice_not_is_nothing(self, world):
        for criteria, case in asked(world):
            for node in criteria:
                assert evaluate(~~node, case) == evaluate(node, case)

    @given(worlds())
    def test_not_all_is_any_not_and_the_other_way_round(self, world):
        for criteria, case in asked(world):
            denied = [~node for node in criteria]
            assert evaluate(~all_of(*criteria), case) == evaluate(any_of(*denied), case)
            assert evaluate(~any_of(*criteria), case) == evaluate(all_of(*denied), case)

    @given(worlds())
    def test_all_and_any_are_the_ends_of_at_least(self, world):
        for criteria, case in asked(world):
            every = at_least(len(criteria), *criteria)
            assert evaluate(all_of(*criteria), case) == evaluate(every, case)
            assert evaluate(any_of(*criteria), case) == evaluate(at_least(1, *criteria), case)

    @given(worlds())
    def test_not_at_least_k_is_at_least_the_others_not(self, world):
        for criteria, case in asked(world):
            denied = [~node for node in criteria]
            for needed in range(1, len(criteria) + 1):
                others = at_least(len(criteria) - needed + 1, *denied)
                found = evaluate(~at_least(needed, *criteria), case)
                assert found == evaluate(others, case)
