"""Law 2."""

import attrs
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.strategies import worlds
from tests.properties.asking import answers, rebuilt, records


class TestOrderAndRepetition:
    """
    Order and repetition do not matter. Any order of files and records, and any report repeated by
    the same witness, gives the same statuses.
    """

    @given(st.data(), worlds())
    def test_any_order_of_the_records_gives_the_same_statuses(self, data, world):
        shuffled = rebuilt(world.registry, data.draw(st.permutations(records(world.registry))))

        for day in world.days:
            before = answers(world.registry, day, world.known_by)
            assert answers(shuffled, day, world.known_by) == before

    @given(worlds())
    def test_reports_repeated_by_the_same_witness_change_nothing(self, world):
        everything = records(world.registry)
        twins = [
            attrs.evolve(item, id=f"{item.id}-again")
            for item in everything
            if item.id in world.registry.evidence
        ]
        both = [
            attrs.evolve(
                item, supersedes=[*item.supersedes, *(f"{id_}-again" for id_ in item.supersedes)]
            )
            if item.id in world.registry.evidence
            else item
            for item in everything
        ]
        repeated = rebuilt(world.registry, [*both, *twins])

        for day in world.days:
            before = answers(world.registry, day, world.known_by)
            assert answers(repeated, day, world.known_by) == before
