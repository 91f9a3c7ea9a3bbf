"""Law 10."""

from hypothesis import given

from claimtrack.engine.evidence import facts_of_claim
from claimtrack.model.claim import criteria_of
from claimtrack.model.criterion import scales_of
from claimtrack.strategies import worlds


class TestNothingUnexplained:
    """
    Nothing from the future, nothing unexplained. Every used item is dated on or before *T*, and the
    explanation names each item on the claim's facts, and each rating on a scale that it asks about,
    exactly once: used, or ignored and why.
    """

    @given(worlds())
    def test_every_item_is_named_once_and_no_used_one_is_from_the_future(self, world):
        evidence, ratings = world.registry.evidence, world.registry.assessments
        for day in world.days:
            audit = world.registry.audit(day, known_by=world.known_by)
            for verdict in audit:
                told = world.registry.explain(verdict.claim, day, known_by=world.known_by)
                facts = facts_of_claim(told.claim)
                scales = {s for criterion in criteria_of(told.claim) for s in scales_of(criterion)}
                about = [
                    item.id
                    for item in evidence.values()
                    if item.fact in facts or item.claim == verdict.claim
                ] + [
                    rating.id
                    for rating in ratings.values()
                    if rating.claim == verdict.claim and rating.scale in scales
                ]
                assert sorted(item.id for item in told.items) == sorted(about)
                for item in told.items:
                    assert bool(item.because) == (item.use.value == "ignored")
                    if item.use.value != "ignored" or item.decided:
                        assert item.known_from <= day.toordinal()
                decided = {item.id for item in told.items if item.decided}
                assert decided == set(verdict.used)
