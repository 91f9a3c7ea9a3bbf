"""Forecasts of claims, against what became of the claims."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack import Evidence, Forecast
from claimtrack.score import bootstrap_mean, brier
from claimtrack.score.forecasts import score_forecasts
from tests.score.worlds import AS_OF, REPORTED, SAID, World, claim, days_after

NUMBERS = iter(range(10**9))


def forecast(of, probability=None, *, by="bob", made="2018-03-01", **options):
    id_ = f"forecast-{next(NUMBERS)}"
    return Forecast(id=id_, by=by, claim=of, made=made, probability=probability, **options)


def world(*outcomes):
    together = World()
    for outcome in outcomes:
        together += claim(outcome, outcome)
    return together + claim("bobs-own", "pending", speaker="bob")


def report(of, *forecasts, as_of=AS_OF, **options):
    others = {f.by for f in forecasts} - {"ann", "bob"}
    speakers = World()
    for name in sorted(others):
        speakers += claim(f"{name}-own", "pending", speaker=name)
    return score_forecasts((of + speakers + World(forecasts)).audit(as_of), **options)


def only(found):
    (one,) = found.forecasters
    return one


class TestOutcomes:
    """Held is yes; late, partly and failed are no; nothing else has an outcome."""

    @pytest.mark.parametrize(
        ("outcome", "expected"),
        [("held", 0.01), ("late", 0.81), ("partly", 0.81), ("failed", 0.81)],
    )
    def test_a_probability_is_that_the_claim_holds(self, outcome, expected):
        found = only(report(world(outcome), forecast(outcome, 0.9)))

        assert found.mean("brier") == pytest.approx(expected)

    @pytest.mark.parametrize(
        "outcome",
        ["pending", "overdue", "conflicting", "not-enough-evidence", "annulled", "not-checkable"],
    )
    def test_without_an_outcome_a_forecast_is_not_scored_and_is_named(self, outcome):
        guess = forecast(outcome, 0.9)

        found = report(world(outcome), guess)

        assert found.left_out == {f"the claim is {outcome}": (guess.id,)}
        assert only(found).claims == ()
        assert only(found).mean("brier") is None

    def test_a_distribution_is_over_statuses(self):
        guess = forecast("late", distribution={"held": 0.5, "late": 0.3, "failed": 0.2})

        (score,) = only(report(world("late"), guess)).claims

        assert score.brier == pytest.approx((0.25 + 0.49 + 0.04) / 2)
        assert score.log == pytest.approx(math.log(0.3))
        assert (score.probability, score.crowd) == (None, None)

    def test_an_outcome_that_is_none_of_the_options_is_not_scored(self):
        guess = forecast("late", distribution={"held": 0.5, "failed": 0.5})

        found = report(world("late"), guess)

        assert found.left_out == {"the outcome is none of its options": (guess.id,)}


class TestTime:
    """Forecasts count while the outcome is open, and not a day longer."""

    def test_a_forecast_made_when_the_outcome_was_known_is_named(self):
        honest, late = forecast("held", 0.4), forecast("held", 1.0, made="2018-12-01")
        early = claim("held", "held", published="2018-06-02") + claim("x", "held", speaker="bob")

        found = report(early, honest, late)

        assert found.left_out == {"made when the outcome was known": (late.id,)}
        assert only(found).mean("brier") == pytest.approx(0.36)

    @pytest.mark.parametrize(
        ("made", "counts"), [("2018-06-01", True), ("2018-06-02", False), ("2018", False)]
    )
    def test_the_day_of_the_report_is_the_first_that_does_not_count(self, made, counts):
        early = claim("held", "held", published="2018-06-02") + claim("x", "held", speaker="bob")

        found = report(early, forecast("held", 1.0, made=made))

        assert bool(only(found).claims) is counts

    def test_a_forecast_made_after_the_due_day_is_named(self):
        guess = forecast("failed", 0.0, made="2019-01-01")

        assert report(world("failed"), guess).left_out == {"made after the due day": (guess.id,)}

    def test_a_forecast_made_after_the_day_of_the_audit_is_not_there_yet(self):
        now, later = forecast("held", 0.6), forecast("held", 0.1, made="2020-02-01")

        found = report(world("held"), now, later)

        assert only(found).forecasts == 1
        assert found.left_out == {"made after the day of the audit": (later.id,)}

    def test_predicting_the_past_cannot_better_a_score(self):
        honest = [forecast("held", 0.4), forecast("failed", 0.8)]
        known = [
            forecast("held", 1.0, made=days_after(REPORTED, 5)),
            forecast("failed", 0.0, made=REPORTED),
        ]

        before, after = (
            only(report(world("held", "failed"), *forecasts))
            for forecasts in (honest, honest + known)
        )

        assert after.claims == before.claims

    def test_the_last_forecast_counts_at_the_close_and_each_over_time(self):
        early, later = forecast("held", 0.5, made=SAID), forecast("held", 1.0, made="2018-07-05")

        (score,) = only(report(world("held"), early, later)).claims

        # 10 January to 31 December are 356 days, of which the first 176 stood at one half.
        assert score.brier == 0
        assert score.brier_over_time == pytest.approx(0.25 * 176 / 356)
        assert score.coverage == 1
        assert score.baseline == pytest.approx(100 * 180 / 356)

    def test_where_a_correction_came_late_the_outcome_was_known_from_it_on(self):
        false_report = Evidence(
            id="false-report",
            fact="fact-of-gas",
            source="paper",
            happened="2018-02-01",
            published="2018-02-02",
            withdrawn="2018-09-01",
            withdrawn_because="It was another pipeline.",
        )
        corrected = claim("gas", "failed") + World((false_report,))
        corrected += claim("bobs-own", "pending", speaker="bob")

        found = report(corrected, forecast("gas", 0.9, made="2018-06-01"))

        assert found.left_out == {}
        assert only(found).mean("brier") == pytest.approx(0.81)


class TestSkill:
    """Against the base rate, the crowd and the peers."""

    def test_the_crowds_median_has_no_skill_over_itself(self):
        guesses = [
            forecast("held", p, by=by) for by, p in (("bob", 0.4), ("eve", 0.6), ("joe", 0.9))
        ]

        found = {f.by: f for f in report(world("held"), *guesses).forecasters}

        assert found["eve"].skill_over_crowd == 0
        assert found["joe"].skill_over_crowd > 0 > found["bob"].skill_over_crowd

    def test_saying_the_base_rate_has_no_skill_over_it(self):
        guesses = [forecast("held", 0.5), forecast("failed", 0.5)]

        assert only(report(world("held", "failed"), *guesses)).skill_over_base_rate == 0

    def test_peer_scores_of_a_claim_add_up_to_nothing(self):
        guesses = [
            forecast("held", p, by=by, made=made)
            for by, p, made in (("bob", 0.4, SAID), ("eve", 0.6, "2018-05-01"), ("joe", 0.9, SAID))
        ]

        found = report(world("held"), *guesses).forecasters

        assert sum(f.mean("peer") for f in found) == pytest.approx(0)

    def test_there_is_no_peer_score_where_somebody_called_it_impossible(self):
        guesses = [forecast("held", 0.0, by="bob"), forecast("held", 0.5, by="eve")]

        found = report(world("held"), *guesses).forecasters

        assert [f.mean("peer") for f in found] == [None, None]
        assert found[1].mean("log") == -math.inf

    def test_yes_or_no_is_not_held_against_a_choice_of_many(self):
        many = forecast("held", distribution={"held": 0.5, "late": 0.5}, by="eve")

        found = report(world("held"), forecast("held", 0.9), many).forecasters

        assert [f.mean("peer") for f in found] == [0, 0]

    @given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=6))
    def test_a_report_says_what_the_plain_functions_say(self, guesses):
        together = claim("bobs-own", "pending", speaker="bob")
        made = []
        for number, (probability, held) in enumerate(guesses):
            together += claim(f"c{number}", "held" if held else "failed")
            made.append(forecast(f"c{number}", probability))
        probabilities, outcomes = zip(*guesses, strict=True)
        errors = [(p - o) ** 2 for p, o in guesses]

        found = report(together, *made, seed=3)

        assert only(found).mean("brier") == pytest.approx(brier(probabilities, outcomes))
        assert only(found).brier_interval == bootstrap_mean(errors, seed=3)
        assert found.parts.brier == pytest.approx(brier(probabilities, outcomes))
        assert sum(b.count for b in found.bins) == len(guesses)


def test_without_forecasts_there_is_nothing_to_report():
    found = score_forecasts(world("held").audit())

    assert (found.forecasters, found.left_out, found.bins, found.parts) == ((), {}, (), None)
