"""Law 4."""

import attrs
from hypothesis import assume, given
from hypothesis import strategies as st

from claimtrack import Policy, parse_span
from claimtrack.engine.weigh import weigh
from claimtrack.model.criterion import Event, Judged, leaves_of
from claimtrack.model.span import OPEN_END, OPEN_START, day_text
from claimtrack.strategies import registries, spans, worlds
from claimtrack.strategies.registries import EARLY, LATE
from tests.properties.asking import with_evidence

DATED = spans(min_day=EARLY, max_day=LATE, moments=False)
WORLDS = worlds(registries=registries(spans=DATED, policies=st.just(Policy()), min_evidence=1))


def sides(world, registry):
    """Return the ids for and against each event and judged leaf of each claim on each day."""
    found = {}
    for day in world.days:
        audit = registry.audit(day, known_by=world.known_by)
        for id_ in audit.outcomes:
            claim = registry.claims[id_]
            leaves = list(leaves_of(claim.criterion)) if claim.criterion is not None else []
            for place, leaf in enumerate(leaves):
                if isinstance(leaf, Event | Judged):
                    weighing = weigh(leaf, audit.case(claim))
                    supporting = {item.id for item in weighing.supporting}
                    refuting = {item.id for item in weighing.refuting}
                    found[day, id_, place] = (supporting, refuting, weighing.truth)
    return found


class TestSharpening:
    """
    Sharpening. Under the default policy, knowing a `happened` day better never takes an item out
    of *S* or *R* of an event leaf or a judged leaf.
    """

    @given(st.data(), WORLDS)
    def test_knowing_a_day_better_takes_no_item_off_its_side(self, data, world):
        evidence = list(world.registry.evidence.values())
        told = [item for item in evidence if item.happened is not None]
        assume(told)
        item = data.draw(st.sampled_from(told))
        sharper = self.inside(data, item, world.registry)
        changed = [attrs.evolve(e, happened=sharper) if e is item else e for e in evidence]

        before = sides(world, world.registry)
        after = sides(world, with_evidence(world.registry, changed))

        for key, (supporting, refuting, truth) in before.items():
            assert supporting <= after[key][0]
            assert refuting <= after[key][1]
            assert after[key][2].shown >= truth.shown
            assert after[key][2].refuted >= truth.refuted

    def inside(self, data, item, registry):
        """Draw one day of what the item tells, no later than it was published."""
        published = item.published or registry.sources[item.source].published
        first, last = item.happened.first, item.happened.last
        last = last if published is None else min(last, published.last)
        if first == OPEN_START:
            first = last - 400 if last < OPEN_END else 737000
        if last == OPEN_END:
            last = first + 400
        day = data.draw(st.integers(int(first), int(last)))
        return parse_span(day_text(day))
