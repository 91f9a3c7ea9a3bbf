"""Law 7."""

import itertools
from datetime import date

from hypothesis import given

from claimtrack import NotYetSaidError
from claimtrack.engine.timeline import turning_days
from claimtrack.strategies import worlds


def telling_days(world):
    """Return days on which a status can change, those before, and the days to ask."""
    index = world.registry.index(world.known_by)
    turns = {
        int(day) for claim in world.registry.claims.values() for day in turning_days(claim, index)
    }
    asked = {day.toordinal() for day in world.days}
    every = {day + step for day in turns for step in (-1, 0)} | asked
    return sorted(day for day in every if 1 <= day <= date.max.toordinal())


class TestReplay:
    """Replay. The history of a claim equals its status computed afresh on every day."""

    @given(worlds())
    def test_a_history_equals_the_audits_of_its_days(self, world):
        histories = {
            id_: world.registry.history(id_, known_by=world.known_by)
            for id_ in world.registry.claims
        }
        for day in telling_days(world):
            audit = world.registry.audit(date.fromordinal(day), known_by=world.known_by)
            for id_, history in histories.items():
                change = history.at(day)
                if id_ not in audit:
                    assert change is None
                    continue
                verdict = audit[id_]
                found = (change.status, change.late_days, change.late_days_min, change.readings)
                assert found == (
                    verdict.status,
                    verdict.late_days,
                    verdict.late_days_min,
                    verdict.readings,
                )

    @given(worlds())
    def test_of_two_changes_that_follow_each_other_something_differs(self, world):
        for id_ in world.registry.claims:
            changes = world.registry.history(id_, known_by=world.known_by).changes
            told = [
                (change.status, change.late_days, change.late_days_min, change.readings)
                for change in changes
            ]
            assert all(one != other for one, other in itertools.pairwise(told))
            days = [change.day for change in changes]
            assert days == sorted(set(days))

    @given(worlds())
    def test_a_replay_counts_what_the_audits_count(self, world):
        days = [date.fromordinal(day) for day in telling_days(world)]
        replay = world.registry.replay(days, known_by=world.known_by)

        for day, counted in zip(days, replay, strict=True):
            audit = world.registry.audit(day, known_by=world.known_by)
            assert counted.day == audit.as_of
            assert dict(counted.counts) == dict(audit.counts)
            assert counted.not_yet_said == audit.not_yet_said
            for id_ in world.registry.claims:
                if id_ in audit:
                    assert replay.outcome(id_, day.toordinal()) == audit.outcomes[id_]
                else:
                    try:
                        replay.outcome(id_, day.toordinal())
                    except NotYetSaidError:
                        continue
                    raise AssertionError(id_)

    @given(worlds())
    def test_a_verdict_was_decided_on_the_day_of_the_change_to_its_status(self, world):
        for day in world.days:
            audit = world.registry.audit(day, known_by=world.known_by)
            for verdict in audit:
                if verdict.decided_on is None:
                    continue
                history = world.registry.history(verdict.claim, known_by=world.known_by)
                before = history.at(verdict.decided_on - 1)
                assert history.at(verdict.decided_on).status is verdict.status
                assert before is None or before.status is not verdict.status
                assert verdict.decided_on <= day.toordinal()
