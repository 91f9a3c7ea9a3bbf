"""Forecasts of claims, against what became of the claims."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack import Evidence, Fact, FieldError, Forecast, LoadError, loads, occurs
from claimtrack.score import bootstrap_mean, brier
from claimtrack.score.forecasts import NOT_YET_MADE, score_forecasts
from tests.score.worlds import AS_OF, DUE, REPORTED, SAID, World, claim, days_after

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
        ("made", "counts"), [("2018-05-31", True), ("2018-06-01", False), ("2018", False)]
    )
    def test_the_day_of_the_event_is_the_first_that_does_not_count(self, made, counts):
        found = report(world("held"), forecast("held", 1.0, made=made))

        assert bool(only(found).claims) is counts

    def test_a_forecast_between_an_event_and_its_report_does_not_count(self):
        honest, wise = forecast("held", 0.4), forecast("held", 1.0, made="2018-10-15")
        later = claim("held", "held", published="2018-11-01") + claim("x", "held", speaker="bob")

        found = report(later, honest, wise)

        assert found.left_out == {
            "made when what decided the outcome may have come about": (wise.id,)
        }
        assert only(found).mean("brier") == pytest.approx(0.36)

    @pytest.mark.parametrize(
        ("happened", "made", "counts"),
        [
            ("2018-06", "2018-05-31", True),
            ("2018-06", "2018-06-02", False),
            ("2018-06-01T12:00:00Z", "2018-06-01T11:59:59Z", True),
            ("2018-06-01T12:00:00Z", "2018-06-01T12:00:00Z", False),
            ("2018-06-01T12:00:00Z", "2018-06-01", False),
            ("2018-06-01", "2018-06-01T00:00:00Z", False),
        ],
    )
    def test_a_forecast_counts_if_it_certainly_came_before_the_event(self, happened, made, counts):
        fact = "fact-of-gas"
        event = Evidence(id="e", fact=fact, source="yearbook", happened=happened)
        gas = claim("gas", "overdue") + claim("x", "held", speaker="bob") + World((event,))

        found = report(gas, forecast("gas", 1.0, made=made))

        assert bool(only(found).claims) is counts

    def test_a_report_that_was_taken_back_closes_no_question(self):
        hoax = Evidence(
            id="hoax",
            fact="fact-of-gas",
            source="paper",
            happened="2018-01-20",
            published="2018-01-21",
            withdrawn="2018-02-01",
            withdrawn_because="A hoax.",
        )
        gas = claim("gas", "held") + claim("x", "held", speaker="bob") + World((hoax,))

        assert report(gas, forecast("gas", 0.9, made="2018-03-01")).left_out == {}

    def test_where_two_events_are_needed_the_later_closes_the_question(self):
        early = Evidence(id="e", fact="early", source="yearbook", happened="2018-02-01")
        both = claim(
            "gas", "held", criterion=occurs("early", by=DUE) & occurs("fact-of-gas", by=DUE)
        )
        both += World((Fact(id="early", kind="event"), early))
        both += claim("x", "held", speaker="bob")

        assert report(both, forecast("gas", 0.9, made="2018-05-31")).left_out == {}
        assert report(both, forecast("gas", 0.9, made="2018-06-01")).left_out != {}

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
            forecast("held", 1.0, made="2018-06-01"),
            forecast("failed", 0.0, made=REPORTED),
        ]

        before, after = (
            only(report(world("held", "failed"), *forecasts))
            for forecasts in (honest, honest + known)
        )

        assert after.claims == before.claims

    def test_the_last_forecast_counts_at_the_close_and_each_over_time(self):
        early, later = forecast("held", 0.5, made=SAID), forecast("held", 1.0, made="2018-03-11")

        (score,) = only(report(world("held"), early, later)).claims

        # It happened on 1 June, 142 days after 10 January; the first 60 stood at one half. To the
        # end of December, when it was to close, are 356 days.
        assert score.brier == 0
        assert score.brier_over_time == pytest.approx(0.25 * 60 / 142)
        assert score.coverage == 1
        assert score.baseline == pytest.approx(100 * 82 / 356)

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

    def test_a_question_opens_and_closes_when_its_claim_says_so(self):
        times = {"opens": "2018-02-01T12:00:00Z", "closes": "2018-05-01"}
        early = forecast("gas", 0.4, made="2018-01-12")
        late = forecast("gas", 0.9, made="2018-05-02")
        last = forecast("gas", 0.5, made="2018-04-30T12:00:00Z")
        gas = claim("gas", "held", **times) + claim("x", "held", speaker="bob")

        found = report(gas, early, late, last)

        (score,) = only(found).claims
        assert found.left_out == {"made after the close": (late.id,)}
        # From noon on 1 February to midnight after 1 May are 89.5 days, of which 1.5 stood at 0.5.
        assert score.brier_over_time == pytest.approx((0.36 * 88 + 0.25 * 1.5) / 89.5, abs=1e-12)
        assert score.coverage == 1


ZONED = """
[registry]
timezone = "Asia/Tokyo"
[[speaker]]
id = "ann"
[[source]]
id = "paper"
published = 2019-01-15
[[fact]]
id = "rain"
kind = "event"
once = true
[[evidence]]
id = "wet"
fact = "rain"
source = "paper"
happened = 2018-06-02
[[claim]]
id = "soon"
speaker = "ann"
said = 2018-01-10
source = "paper"
quote = "Soon."
criterion = { event = "rain", by = 2018-12-31 }
"""
FORECAST = '[[forecast]]\nid = "{}"\nby = "ann"\nclaim = "soon"\nmade = {}\nprobability = {}\n'


class TestZones:
    """Days and date-times are read in the zone that applies."""

    def scored(self, *forecasts, zone='timezone = "Asia/Tokyo"'):
        made = "".join(
            FORECAST.format(f"f{number}", *given) for number, given in enumerate(forecasts)
        )
        registry = loads(ZONED.replace('timezone = "Asia/Tokyo"', zone) + made)
        return score_forecasts(registry.audit("2020-01-01"))

    @pytest.mark.parametrize(
        ("zone", "made", "counts"),
        [
            # In Tokyo 2 June begins at 15:00 of 1 June in Universal Time.
            ('timezone = "Asia/Tokyo"', "2018-06-01T14:59:59Z", True),
            ('timezone = "Asia/Tokyo"', "2018-06-01T15:00:00Z", False),
            ('timezone = "Asia/Tokyo"', "2018-06-01T23:59:59", True),
            ('timezone = "America/New_York"', "2018-06-01T15:00:00Z", True),
            # Where no zone is set, it counts if it was 1 June everywhere.
            ("", "2018-06-01T09:59:59Z", True),
            ("", "2018-06-01T10:00:00Z", False),
        ],
    )
    def test_the_zone_of_the_registry_says_on_which_day_a_forecast_was_made(
        self, zone, made, counts
    ):
        found = self.scored((made, 0.9), zone=zone)

        assert (found.left_out == {}) is counts

    def test_the_zone_of_the_claim_stands_in_place_of_the_registrys(self):
        text = ZONED.replace('quote = "Soon."', 'quote = "Soon."\ntimezone = "America/New_York"')
        made = FORECAST.format("f", "2018-06-02T03:00:00Z", 0.9)

        found = score_forecasts(loads(text + made).audit("2020-01-01"))

        assert found.left_out == {}

    @pytest.mark.parametrize("as_of", ["2018-05-02", "2018-05-03"])
    def test_a_forecast_is_there_from_its_day_in_the_zone_on(self, as_of):
        registry = loads(ZONED + FORECAST.format("f", "2018-05-02T15:00:00Z", 0.9))

        found = score_forecasts(registry.audit(as_of))

        expected = "the claim is pending" if as_of == "2018-05-03" else NOT_YET_MADE
        assert found.left_out == {expected: ("f",)}

    def test_of_two_forecasts_of_a_day_the_later_stands_in_whatever_order(self):
        early, late = ("2018-05-01T08:00:00Z", 0.2), ("2018-05-01T09:00:00Z", 0.8)

        one, other = (self.scored(*order) for order in ((early, late), (late, early)))

        assert only(one) == only(other)
        assert only(one).mean("brier") == pytest.approx(0.04)

    def test_two_forecasts_of_a_day_without_times_are_refused(self):
        with pytest.raises(LoadError) as caught:
            self.scored(("2018-05-01", 0.2), ("2018-05-01", 0.8))

        lines = [
            f"registry.toml:{line}:1: CT320 forecast {one!r} made '2018-05-01' is neither before "
            f"nor after '2018-05-01', when the same person made the forecast {other!r} of this "
            "claim; expected different days, or different times on both"
            for line, one, other in ((29, "f0", "f1"), (35, "f1", "f0"))
        ]
        assert str(caught.value).splitlines() == lines

    @pytest.mark.parametrize(
        ("one", "other", "refused"),
        [
            ("2018-05-01", "2018-05-02", False),
            ("2018-05-01", "2018-05-01T08:00:00", True),
            ("2018-05-01T08:00:00", "2018-05-01T08:00:01", False),
            ("2018-05-01T08:00:00+09:00", "2018-05-01T08:00:00", True),
            ("2018-05-01T08:00:00Z", "2018-05-01T10:00:00+02:00", True),
            ("2018-05-01T08:00:00.25Z", "2018-05-01T08:00:00.75Z", False),
            ('"2018-05"', "2018-05-31", True),
            # In Tokyo 16:00 is the next day.
            ("2018-05-01T16:00:00Z", "2018-05-01", False),
            ("2018-05-01T16:00:00Z", "2018-05-02", True),
        ],
    )
    def test_what_has_no_order_is_refused_and_its_neighbour_is_not(self, one, other, refused):
        for order in ((one, other), (other, one)):
            given = [(made, 0.5) for made in order]
            if not refused:
                self.scored(*given)
                continue
            with pytest.raises(LoadError) as caught:
                self.scored(*given)
            assert {problem.code for problem in caught.value.problems} == {"CT320"}
            assert len(caught.value.problems) == 2

    def test_forecasts_by_others_and_of_other_claims_may_be_of_one_day(self):
        forecasts = (
            forecast("held", 0.4, by="bob"),
            forecast("held", 0.4, by="eve"),
            forecast("failed", 0.4, by="bob"),
        )

        assert report(world("held", "failed"), *forecasts).left_out == {}


class TestTakenBack:
    """A forecast stands until it is taken back."""

    def test_it_counts_for_as_long_as_it_stood(self):
        guess = forecast("held", 0.5, made="2018-01-10", withdrawn="2018-03-11")

        (score,) = only(report(world("held"), guess)).claims

        assert (score.probability, score.brier, score.log, score.crowd) == (None,) * 4
        assert score.brier_over_time == 0.25
        assert score.coverage == pytest.approx(60 / 142)

    def test_the_next_forecast_stands_again(self):
        back = forecast("held", 0.5, made="2018-01-10", withdrawn="2018-03-11")
        again = forecast("held", 1.0, made="2018-05-01")

        (score,) = only(report(world("held"), again, back)).claims

        assert score.brier == 0
        assert score.coverage == pytest.approx((60 + 31) / 142)

    def test_what_was_replaced_before_it_was_taken_back_takes_nothing_with_it(self):
        back = forecast("held", 0.5, made="2018-01-10", withdrawn="2018-05-11")
        again = forecast("held", 1.0, made="2018-05-01")

        (score,) = only(report(world("held"), again, back)).claims

        assert (score.brier, score.coverage) == (0, 1)

    def test_one_that_was_taken_back_before_the_question_opened_is_named(self):
        back = forecast("held", 0.5, made="2017-12-01", withdrawn=SAID)

        found = report(world("held"), back)

        assert found.left_out == {"taken back before it counted": (back.id,)}
        assert only(found).claims == ()

    def test_nobody_is_peer_to_what_was_taken_back(self):
        guesses = [
            forecast("held", 0.9, by="bob", made=SAID),
            forecast("held", 0.3, by="eve", made=SAID, withdrawn="2018-03-11"),
        ]

        found = report(world("held"), *guesses).forecasters

        expected = 100 * math.log(3) * 60 / 356
        assert [f.mean("peer") for f in found] == pytest.approx([expected, -expected])

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            (
                {"withdrawn": "2018-02-28"},
                (
                    "CT321 forecast 'f' withdrawn '2018-02-28' is not after it was made, "
                    "'2018-03-01'; expected a later day or time"
                ),
            ),
            (
                {"withdrawn": "2018"},
                (
                    "CT102 forecast 'f' withdrawn '2018' is neither one full day nor a date-time; "
                    "expected YYYY-MM-DD or YYYY-MM-DDThh:mm:ss"
                ),
            ),
        ],
    )
    def test_it_cannot_be_before_it_was_made_or_on_no_day(self, options, message):
        with pytest.raises(FieldError) as caught:
            Forecast(id="f", by="bob", claim="held", made="2018-03-01", probability=0.5, **options)

        assert str(caught.value) == message


class TestDistributions:
    """Shares of two or more options, which sum to 1."""

    @pytest.mark.parametrize(
        ("distribution", "message"),
        [
            (
                {"held": 1.0},
                (
                    "CT322 forecast 'f' distribution { held = 1.0 } has fewer than two options; "
                    "expected two or more\n"
                    "    hint: a claim that is sure to hold is probability = 1"
                ),
            ),
            (
                {},
                (
                    "CT322 forecast 'f' distribution {} has fewer than two options; "
                    "expected two or more\n"
                    "    hint: a claim that is sure to hold is probability = 1"
                ),
            ),
            (
                {"held": 0.5, "failed": 0.500002},
                "CT104 forecast 'f' distribution the shares sum to 1.000002; expected 1",
            ),
            (
                {"held": 0.9999989, "failed": 0.0},
                "CT104 forecast 'f' distribution the shares sum to 0.9999989; expected 1",
            ),
        ],
    )
    def test_what_is_no_distribution_is_refused(self, distribution, message):
        with pytest.raises(FieldError) as caught:
            Forecast(id="f", by="b", claim="c", made="2018", distribution=distribution)

        assert str(caught.value) == message


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
