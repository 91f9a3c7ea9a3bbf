"""Law 1."""

from datetime import timedelta

import attrs
from hypothesis import given
from hypothesis import strategies as st

from claimtrack import parse_span
from claimtrack.strategies import assessments, evidence, worlds
from claimtrack.strategies.criteria import SCALES, labels
from claimtrack.strategies.records import ripe
from tests.properties.asking import answers, rebuilt, records


class TestNoHindsight:
    """No hindsight. Evidence that becomes known after *T* changes nothing on *T*."""

    @given(st.data(), worlds())
    def test_evidence_that_becomes_known_later_changes_nothing(self, data, world):
        registry, day = world.registry, world.days[-1]
        drawn = evidence(
            facts=list(registry.facts.values()),
            claims=list(registry.claims),
            sources=st.sampled_from(list(registry.sources)),
        )
        known = parse_span((day + timedelta(days=data.draw(st.integers(1, 40)))).isoformat())
        later = []
        for number, item in enumerate(data.draw(st.lists(drawn, min_size=1, max_size=4))):
            told = attrs.asdict(item, recurse=False, filter=lambda _, value: value is not None)
            replaced = (
                data.draw(st.lists(st.sampled_from([*registry.evidence]), unique=True))
                if (registry.evidence)
                else []
            )
            when = ripe(told, known)
            later.append(
                attrs.evolve(
                    item, id=f"later-{number}", published=when, recorded=known, supersedes=replaced
                )
            )
        drawn = assessments(
            claims=st.sampled_from(list(registry.claims)),
            assessors=st.just("checker"),
            scales=st.sampled_from(SCALES),
            labels=labels(),
            spans=st.just(known),
        )
        for number, rating in enumerate(data.draw(st.lists(drawn, max_size=2))):
            later.append(attrs.evolve(rating, id=f"later-rating-{number}", published=known))
        hindsight = rebuilt(registry, [*records(registry), *later])

        before = answers(registry, day, world.known_by)
        after = answers(hindsight, day, world.known_by)

        assert after == before
