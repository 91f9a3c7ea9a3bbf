"""Law 5."""

from hypothesis import given

from claimtrack.strategies import worlds
from tests.properties.asking import answers, with_evidence


class TestWithdrawal:
    """Withdrawal. From its `withdrawn` day, an item counts as if it had never been."""

    @given(worlds())
    def test_what_is_withdrawn_might_never_have_been(self, world):
        for day in world.days:
            left = with_evidence(
                world.registry,
                [
                    item
                    for item in world.registry.evidence.values()
                    if item.withdrawn is None or item.withdrawn.first > day.toordinal()
                ],
            )

            before = answers(world.registry, day, world.known_by)

            assert answers(left, day, world.known_by) == before
