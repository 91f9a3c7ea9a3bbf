"""One test a sentence of the rules of resolution; the sentence stands in the docstring."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

import claimtrack
from tests.oracle.random_registries import to_toml
from tests.oracle.rules import audit
from tests.oracle.small_world import ask, item, registry, says
from tests.oracle.values import passes

BY_MAY = {"event": "gas", "by": "2019-05"}
TALKS_BY_MAY = {"event": "talks", "by": "2019-05"}
PIPE = {"quantity": "pipe", "at_least": 10}
PRICE = {"quantity": "price", "at_least": 10}
OPEN = {"state": "border", "is": "open", "throughout": "2019-02"}
JUDGED = {"judged": True}
FIRST_GAS = item("gas", happened="2019-02-27")


class TestWhatWasKnown:
    def test_evidence_counts_from_the_latest_day_of_its_publication(self) -> None:
        """'if its `published` span has a latest day, that day is <= T ... inclusive of T'."""
        monthly = item("gas", happened="2019-02-27", published="2019-03")

        assert says(BY_MAY, monthly, as_of="2019-03-30") == "pending"
        assert says(BY_MAY, monthly, as_of="2019-03-31") == "held"

    def test_a_publication_without_an_end_is_never_known(self) -> None:
        """'if its `published` span has a latest day'."""
        assert says(BY_MAY, item("gas", happened="2019-02-27", published="2019-03/..")) == "overdue"

    def test_an_item_without_its_own_publication_has_its_sources(self) -> None:
        """'its `published` span ... (its own, else its source's)'."""
        report = {"fact": "gas", "source": "dated", "happened": "2019-02-27"}

        assert says(BY_MAY, report, as_of="2019-04-30") == "pending"
        assert says(BY_MAY, report, as_of="2019-05-01") == "held"

    def test_an_own_publication_goes_before_the_sources(self) -> None:
        """'(its own, else its source's)'."""
        report = item("gas", source="dated", happened="2019-02-27", published="2019-06-01")

        assert says(BY_MAY, report, as_of="2019-05-31") == "pending"
        assert says(BY_MAY, report, as_of="2019-06-01") == "held"

    def test_undated_evidence_is_never_used(self) -> None:
        """'Evidence with no publication date is never used'."""
        undated = {"fact": "gas", "source": "post", "happened": "2019-02-27"}

        assert says(BY_MAY, undated) == "overdue"

    def test_evidence_counts_no_more_from_the_day_of_its_withdrawal(self) -> None:
        """'`withdrawn` is the first day on which it no longer counts'."""
        taken_back = FIRST_GAS | {"withdrawn": date(2019, 4, 1)}

        assert says(BY_MAY, taken_back, as_of="2019-03-31") == "held"
        assert says(BY_MAY, taken_back, as_of="2019-04-01") == "pending"

    def test_superseded_evidence_is_not_usable_once_the_other_is_known(self) -> None:
        """'usable on T if it is known on T and no evidence known on T lists it'."""
        correction = item("talks", happened="2019-02-27", published="2019-04-01", supersedes=["e0"])

        assert says(BY_MAY, FIRST_GAS, correction, as_of="2019-03-31") == "held"
        assert says(BY_MAY, FIRST_GAS, correction, as_of="2019-04-01") == "pending"

    def test_what_is_superseded_itself_still_supersedes(self) -> None:
        """'no evidence known on T lists it in `supersedes`': known, not usable."""
        second = item("talks", happened="2019-02-27", supersedes=["e0"])
        third = item("talks", happened="2019-02-27", supersedes=["e1"])

        assert says(BY_MAY, FIRST_GAS, second, third, as_of="2019-04-01") == "pending"

    def test_two_that_supersede_each_other_are_both_out(self) -> None:
        """'no evidence known on T lists it in `supersedes`'."""
        one = item("gas", happened="2019-02-26", supersedes=["e1"])
        two = item("gas", happened="2019-02-27", supersedes=["e0"])

        assert says(BY_MAY, one, two) == "overdue"

    def test_a_withdrawn_correction_gives_back_what_it_superseded(self) -> None:
        """'An item that is withdrawn counts, from that day, as if it had never been.'"""
        correction = item(
            "talks", happened="2019-02-27", supersedes=["e0"], withdrawn=date(2019, 4, 1)
        )

        assert says(BY_MAY, FIRST_GAS, correction, as_of="2019-03-31") == "pending"
        assert says(BY_MAY, FIRST_GAS, correction, as_of="2019-04-01") == "held"

    def test_the_other_axis_goes_by_the_day_of_recording(self) -> None:
        """'with `known_by="recorded"`, the item's `recorded` day takes the place'."""
        entered = FIRST_GAS | {"recorded": "2019-04-10"}

        assert says(BY_MAY, entered, as_of="2019-04-09", known_by="recorded") == "pending"
        assert says(BY_MAY, entered, as_of="2019-04-10", known_by="recorded") == "held"

    def test_what_was_never_recorded_is_not_known_on_the_other_axis(self) -> None:
        """'This replays what the registry knew, not what the public could know.'"""
        assert says(BY_MAY, FIRST_GAS, known_by="recorded") == "overdue"

    @pytest.mark.parametrize(
        ("captured", "as_of", "status"),
        [
            ("2019-04-10", "2019-04-09", "pending"),
            ("2019-04-10", "2019-04-10", "held"),
            ("2019-02-01", "2019-02-28", "pending"),  # captured before it was published
            ("2019-02-01", "2019-03-01", "held"),
            ("2019-04", "2019-04-29", "pending"),
            (None, "2020-06-01", "overdue"),
        ],
    )
    def test_by_what_was_captured_the_later_of_two_days_counts(
        self, captured: str | None, as_of: str, status: str
    ) -> None:
        """'from the later of the day of its publication and the day of the capture'."""
        world = registry(BY_MAY, FIRST_GAS)
        days = {} if captured is None else {"e0": captured}
        loaded = claimtrack.loads(to_toml(world)).with_captured(days)
        found = loaded.audit(as_of, known_by="captured")["it"].status

        assert found.value == status

    def test_a_thing_has_happened_by_the_day_of_its_report(self) -> None:
        """'the latest day of `happened` is ... no later than the latest day of publication'."""
        some_time_in_2019 = item("gas", happened="2019", published="2019-03-10")

        assert says({"event": "gas", "by": "2019-03-10"}, some_time_in_2019) == "held"
        assert ask({"event": "gas", "by": "2019-03-09"}, some_time_in_2019)["bits"] == [
            (False, False)
        ]

    def test_a_zone_that_moves_the_event_past_its_report_moves_it_back(self) -> None:
        """'the latest day of `happened` is ... no later than the latest day of publication'."""
        late_at_night = item("gas", happened="2019-03-10T23:30:00Z", published="2019-03-10")

        assert says({"event": "gas", "by": "2019-03-10"}, late_at_night, timezone="Asia/Tokyo") == (
            "held"
        )
        assert says(
            {"event": "gas", "after": "2019-03-10"}, late_at_night, timezone="Asia/Tokyo"
        ) == ("failed")


class TestTruth:
    def test_not_swaps_the_bits(self) -> None:
        """'`not`: s and r swap.'"""
        assert ask({"not": BY_MAY}, FIRST_GAS)["bits"] == [(False, True)]

    @pytest.mark.parametrize(
        ("criterion", "bits"),
        [
            ({"all": ["yes", "yes"]}, (True, False)),
            ({"all": ["yes", "no"]}, (False, True)),
            ({"all": ["yes", "open"]}, (False, False)),
            ({"all": ["no", "open"]}, (False, True)),
            ({"all": ["yes", "both"]}, (True, True)),
            ({"all": ["no", "both"]}, (False, True)),
            ({"any": ["no", "no"]}, (False, True)),
            ({"any": ["yes", "open"]}, (True, False)),
            ({"any": ["no", "open"]}, (False, False)),
            ({"any": ["no", "both"]}, (True, True)),
            ({"any": ["yes", "both"]}, (True, False)),
            ({"at_least": 2, "of": ["yes", "yes", "no"]}, (True, False)),
            ({"at_least": 2, "of": ["yes", "no", "no"]}, (False, True)),
            ({"at_least": 2, "of": ["yes", "no", "open"]}, (False, False)),
            ({"at_least": 2, "of": ["yes", "no", "both"]}, (True, True)),
            ({"at_least": 1, "of": ["both"]}, (True, True)),
        ],
    )
    def test_at_least_k_of_n_counts_each_bit(self, criterion: Any, bits: tuple[bool, bool]) -> None:
        """'s if at least k members have s; r if at least n-k+1 members have r'."""
        members = {
            "yes": {"event": "talks", "during": "2019-02-01"},
            "no": {"event": "talks", "during": "2019-02-02"},
            "open": {"event": "talks", "during": "2019-02-03"},
            "both": {"event": "talks", "during": "2019-02-04"},
        }
        evidence = [
            item("talks", happened="2019-02-01"),
            item("talks", not_happened="2019-02-02"),
            item("talks", happened="2019-02-04"),
            item("talks", not_happened="2019-02-04"),
        ]
        tree = {
            key: [members[name] for name in value] if isinstance(value, list) else value
            for key, value in criterion.items()
        }

        assert ask(tree, *evidence)["bits"] == [bits]

    def test_a_leaf_looks_only_at_sources_of_its_tier_or_better(self) -> None:
        """'only at usable items from sources of tier `min_tier` or better (where set)'."""
        strict = BY_MAY | {"min_tier": "press"}

        assert says(strict, item("gas", happened="2019-02-27", source="agency")) == "held"
        assert says(strict, item("gas", happened="2019-02-27", source="post")) == "held"
        assert says(strict, item("gas", happened="2019-02-27", source="blog")) != "held"
        assert says(strict, item("gas", happened="2019-02-27", source="leaflet")) != "held"

    def test_ten_reprints_are_one_witness(self) -> None:
        """'A **witness** is the source's `origin` if it names one, else its `publisher`'."""
        two = BY_MAY | {"min_sources": 2}
        wire = item("gas", happened="2019-02-27", source="agency")
        reprint = item("gas", happened="2019-02-27", source="reprint")

        assert says(two, wire, reprint) == "not-enough-evidence"
        assert says(two, wire, FIRST_GAS) == "held"
        assert says(two, FIRST_GAS, FIRST_GAS | {"source": "post-again"}) == "not-enough-evidence"

    def test_a_source_without_a_publisher_is_its_own_witness(self) -> None:
        """'else its id'."""
        two = BY_MAY | {"min_sources": 2}
        blog = item("gas", happened="2019-02-27", source="blog")

        assert says(two, blog, blog | {"source": "leaflet"}) == "held"

    def test_each_side_needs_its_own_witnesses(self) -> None:
        """'s is set if S has at least `min_sources` independent witnesses, r likewise for R'."""
        two = TALKS_BY_MAY | {"min_sources": 2}
        never = item("talks", not_happened="../2019-05", published="2019-06-01")
        never_again = never | {"source": "agency"}
        once = item("talks", happened="2019-02-27")

        assert ask(two, never, never_again, once)["bits"] == [(False, True)]

    def test_the_policy_speaks_where_the_leaf_is_silent(self) -> None:
        """'`min_tier` and `min_sources` are the leaf's, else the registry's policy's'."""
        policy = {"min_sources": 2, "min_tier": "wire"}

        assert says(BY_MAY, FIRST_GAS, policy=policy) == "not-enough-evidence"
        assert says(BY_MAY | {"min_sources": 1, "min_tier": "press"}, FIRST_GAS, policy=policy) == (
            "held"
        )

    @pytest.mark.parametrize(
        ("for_it", "against", "bits"),
        [
            ("gov", "post", (True, False)),
            ("post", "gov", (False, True)),
            ("post", "post", (True, True)),
            ("blog", "leaflet", (True, False)),
            ("leaflet", "leaflet", (True, True)),
        ],
    )
    def test_the_better_tier_wins_where_the_policy_says_so(
        self, for_it: str, against: str, bits: tuple[bool, bool]
    ) -> None:
        """'the side whose best tier is strictly better keeps its bit and the other loses it'."""
        evidence = (
            item("talks", happened="2019-02-27", source=for_it),
            item("talks", not_happened="../2019-05", source=against, published="2019-06-01"),
        )

        better_wins = {"on_conflict": "higher_tier"}

        assert ask(TALKS_BY_MAY, *evidence, policy=better_wins)["bits"] == [bits]
        assert ask(TALKS_BY_MAY, *evidence)["bits"] == [(True, True)]


class TestWindows:
    @pytest.mark.parametrize(
        ("window", "first_in", "last_in"),
        [
            ({"by": "2019-04"}, None, "2019-04-30"),
            ({"before": "2019-04"}, None, "2019-03-31"),
            ({"after": "2019-04"}, "2019-05-01", None),
            ({"during": "2019-04"}, "2019-04-01", "2019-04-30"),
        ],
    )
    def test_each_key_has_its_days(
        self, window: dict[str, str], first_in: str | None, last_in: str | None
    ) -> None:
        """'`by = D` is every day up to D's latest day; `before = D` ...'."""

        def holds(day: date) -> bool:
            report = item("talks", happened=day, published="2019-12-01")
            return bool(ask({"event": "talks"} | window, report)["bits"] == [(True, False)])

        edges = (date(2019, 4, 1), date(2019, 5, 1))
        days = [edge + timedelta(days=step) for edge in edges for step in (-2, -1, 0, 1)]
        inside = [day for day in days if holds(day)]

        assert inside[0] == (date.fromisoformat(first_in) if first_in else days[0])
        assert inside[-1] == (date.fromisoformat(last_in) if last_in else days[-1])


class TestEvents:
    def test_an_event_within_its_window_supports(self) -> None:
        """'S: items on the fact with a `happened` span within W: yes.'"""
        assert ask(BY_MAY, item("gas", happened="2019-02"))["bits"] == [(True, False)]

    def test_an_event_that_may_be_within_says_nothing(self) -> None:
        """'`2019` before `2019-12-01` is *maybe*.'"""
        assert ask(BY_MAY, item("gas", happened="2019", published="2020-01-10"))["bits"] == [
            (False, False)
        ]

    def test_a_report_of_nothing_refutes_where_it_covers_the_window(self) -> None:
        """'R: items whose `not_happened` window covers W'."""
        march = {"event": "talks", "during": "2019-03"}
        quiet = item("talks", not_happened="2019-02/2019-03", published="2019-04-01")
        less = item("talks", not_happened="2019-03-02/2019-03-31", published="2019-04-01")

        assert says(march, quiet) == "failed"
        assert says(march, less) == "not-enough-evidence"

    def test_a_deadline_is_refuted_only_by_silence_since_ever(self) -> None:
        """'`by = D` is every day up to D's latest day': it has no beginning."""
        since_2019 = item("gas", not_happened="2019-01/2019-05", published="2019-06-01")

        assert says(BY_MAY, since_2019) == "not-enough-evidence"
        assert says(BY_MAY, since_2019 | {"not_happened": "../2019-05"}) == "failed"

    def test_what_happens_once_did_not_happen_at_another_time(self) -> None:
        """'where the fact is `once`, items whose `happened` span is within W: no'."""
        autumn = {"happened": "2019-09-01", "published": "2019-09-02"}

        assert says(BY_MAY, item("gas", **autumn)).startswith("late")
        assert says(TALKS_BY_MAY, item("talks", **autumn)) == "not-enough-evidence"


class TestFigures:
    def test_only_exactly_that_period_counts(self) -> None:
        """'Only items whose `when` span equals P's window.'"""
        figure = PRICE | {"at": "2019-02"}

        assert says(figure, item("price", when="2019-02", value=10)) == "held"
        assert says(figure, item("price", when="2019-02-01/2019-02-28", value=10)) == "held"
        assert says(figure, item("price", when="2019-02-01", value=10)) == "not-enough-evidence"
        assert says(figure, item("price", when="2019", value=10)) == "not-enough-evidence"

    def test_a_figure_is_refuted_by_the_same_period(self) -> None:
        """'R: the test is no.'"""
        assert says(PRICE | {"at": "2019-02"}, item("price", when="2019-02", value=9)) == "failed"

    def test_a_range_across_the_bound_says_nothing(self) -> None:
        """'yes if every value in the range passes, no if none does, else maybe'."""
        vague = item("price", when="2019-02", value=[9, 11])

        assert ask(PRICE | {"at": "2019-02"}, vague)["bits"] == [(False, False)]


class TestReaches:
    def test_a_quantity_reaches_within_its_window(self) -> None:
        """'S: items with `when` within W: yes and the test yes.'"""
        assert says(PRICE | {"by": "2019-05"}, item("price", when="2019-02", value=10)) == "held"
        assert says(
            PRICE | {"during": "2019-02"}, item("price", when="2019-02/2019-03", value=10)
        ) == ("not-enough-evidence")

    def test_only_what_never_falls_can_be_refuted(self) -> None:
        """'R: only where the fact is `cumulative` (it never falls)'."""
        low = {"when": "2019-05-31", "value": 9, "published": "2019-06-02"}

        assert says(PIPE | {"by": "2019-05"}, item("pipe", **low)) == "failed"
        assert says(PRICE | {"by": "2019-05"}, item("price", **low)) == "not-enough-evidence"

    def test_only_at_least_and_above_can_be_refuted(self) -> None:
        """'and the test is `at_least` or `above`'."""
        high = {"when": "2019-05-31", "value": 12, "published": "2019-06-02"}

        for test in ({"at_most": 10}, {"below": 10}, {"equals": 10}, {"between": [9, 10]}):
            reaches = {"quantity": "pipe", "by": "2019-05"} | test
            assert says(reaches, item("pipe", **high)) == "not-enough-evidence"

    def test_a_refutation_starts_on_or_after_the_last_day(self) -> None:
        """'items whose `when` starts on or after W's last day and whose test is no'."""
        reaches = PIPE | {"by": "2019-05"}
        low = {"value": 9, "published": "2019-09-01"}

        assert says(reaches, item("pipe", when="2019-05-30/2019-07", **low)) == (
            "not-enough-evidence"
        )
        assert says(reaches, item("pipe", when="2019-07", **low)) == "failed"


class TestThroughout:
    def test_one_bad_day_inside_refutes(self) -> None:
        """'R: items with `when` within W: yes and the test no.'"""
        assert says(OPEN, item("border", when="2019-02-10", value="closed")) == "failed"

    def test_a_report_on_the_whole_window_supports(self) -> None:
        """'S: items whose `when` covers W and whose test is yes'."""
        assert says(OPEN, item("border", when="2019-01/2019-03", value="open")) == "held"
        assert says(OPEN, item("border", when="2019-02-02/2019-03", value="open")) == (
            "not-enough-evidence"
        )

    def test_what_a_state_was_for_a_period_it_was_on_every_day_of_it(self) -> None:
        """'or, on a state, shares a day with W, since they say it of every day of theirs'."""
        closed = item(
            "border", when="2019-02-20/2019-03-10", value="closed", published="2019-04-01"
        )
        cheap = item("price", when="2019-02-20/2019-03-10", value=9, published="2019-04-01")

        assert says(OPEN, closed) == "failed"
        assert says(OPEN, closed | {"when": "2019-03-01/2019-03-10"}) == "not-enough-evidence"
        assert says(PRICE | {"throughout": "2019-02"}, cheap) == "not-enough-evidence"

    def test_samples_support_when_there_are_enough(self) -> None:
        """'if they have at least k different `when`s'."""
        sampled = OPEN | {"samples": 2}
        early = item("border", when="2019-02-03", value="open")
        late = item("border", when="2019-02-20", value="open")

        assert says(sampled, early, early) == "not-enough-evidence"
        assert says(sampled, early, late) == "held"
        assert says(OPEN, early, late) == "not-enough-evidence"
        assert says(sampled, early, early | {"when": "2019-02-03~"}) == "not-enough-evidence"

    def test_samples_support_only_after_the_window(self) -> None:
        """'T is after W's last day'."""
        sampled = OPEN | {"samples": 1, "throughout": "2019-03"}
        early = item("border", when="2019-03-03", value="open", published="2019-03-04")

        assert says(sampled, early, as_of="2019-03-31") == "pending"
        assert says(sampled, early, as_of="2019-04-01") == "held"

    def test_all_samples_bring_their_witnesses(self) -> None:
        """'also the items with `when` within W: yes and the test yes'."""
        sampled = OPEN | {"samples": 2, "min_sources": 2}
        early = item("border", when="2019-02-03", value="open")
        late = item("border", when="2019-02-20", value="open")

        assert says(sampled, early, late) == "not-enough-evidence"
        assert says(sampled, early, late | {"source": "agency"}) == "held"

    def test_a_quantity_can_stay_too(self) -> None:
        """'**throughout** (`throughout = W`, a quantity or a state)'."""
        stays = PRICE | {"throughout": "2019-02"}

        assert says(stays, item("price", when="2019-02", value=10)) == "held"
        assert says(stays, item("price", when="2019-02-10", value=9)) == "failed"


class TestJudged:
    @pytest.mark.parametrize(
        ("stance", "status"),
        [("supports", "held"), ("refutes", "failed"), ("context", "not-enough-evidence")],
    )
    def test_the_stance_decides(self, stance: str, status: str) -> None:
        """'`stance = "context"` counts for neither'."""
        assert says(JUDGED, item("it", stance=stance)) == status

    def test_with_a_window_only_what_happened_within_counts(self) -> None:
        """'an item without `happened` is then left out'."""
        judged = JUDGED | {"by": "2019-05"}

        assert says(judged, item("it", stance="supports", happened="2019-02")) == "held"
        assert says(judged, item("it", stance="supports")) == "not-enough-evidence"

    def test_other_claims_evidence_is_not_this_ones(self) -> None:
        """'evidence that names the claim itself'."""
        assert says(JUDGED, item("it", stance="supports") | {"claim": "another"}) == "overdue"


class TestTests:
    @pytest.mark.parametrize(
        ("test", "value", "answer"),
        [
            ({"at_least": 38}, 38, "yes"),
            ({"at_least": 38}, [37, 39], "maybe"),
            ({"at_least": 38}, [36, 37], "no"),
            ({"at_most": 38}, 38, "yes"),
            ({"at_most": 38}, [38, 39], "maybe"),
            ({"above": 38}, 38, "no"),
            ({"above": 38}, [38, 39], "maybe"),
            ({"above": 38}, Decimal("38.001"), "yes"),
            ({"below": 38}, 38, "no"),
            ({"below": 38}, [37, 38], "maybe"),
            ({"equals": 38}, Decimal("38.0"), "yes"),
            ({"equals": 38}, [37, 39], "maybe"),
            ({"equals": Decimal("0.3"), "tolerance": Decimal("0.1")}, Decimal("0.4"), "yes"),
            ({"equals": Decimal("0.3"), "tolerance": Decimal("0.1")}, Decimal("0.41"), "no"),
            ({"between": [1, 2]}, [1, 2], "yes"),
            ({"between": [1, 2]}, [2, 3], "maybe"),
            ({"between": [1, 2]}, [0, 3], "maybe"),
            ({"between": [1, 2]}, 3, "no"),
            ({"is": True}, True, "yes"),
            ({"is": True}, "true", "no"),
            ({"is": "open"}, "open", "yes"),
            ({"is": "open"}, "closed", "no"),
        ],
    )
    def test_a_test_answers_in_three_values(self, test: Any, value: Any, answer: str) -> None:
        """'the test is yes if every value in the range passes, no if none does, else maybe'."""
        about = "state" if "is" in test else "quantity"
        fact, key = {"state": ("border", "throughout"), "quantity": ("price", "at")}[about]
        leaf = {about: fact, key: "2019-02"} | test
        bits = {"yes": (True, False), "no": (False, True), "maybe": (False, False)}

        assert passes(leaf, value) == answer
        assert ask(leaf, item(fact, when="2019-02", value=value))["bits"] == [bits[answer]]


class TestStatus:
    def test_a_claim_of_the_future_does_not_stand_in_the_audit(self) -> None:
        """'T is before the earliest day of `said`'."""
        world = registry(BY_MAY, said="2019-03")

        assert audit(world, date(2019, 2, 28))["not_yet_said"] == 1
        assert audit(world, date(2019, 2, 28))["claims"].keys() == {"another"}
        assert audit(world, date(2019, 3, 1))["not_yet_said"] == 0
        assert audit(world, date(2019, 3, 1))["claims"].keys() == {"it", "another"}

    def test_an_annulled_claim_is_annulled_from_that_day(self) -> None:
        """'`annulled` (a day, with a reason) is on or before T'."""
        day = date(2019, 4, 1)

        assert says(BY_MAY, FIRST_GAS, annulled=day, as_of="2019-03-31") == "held"
        assert says(BY_MAY, FIRST_GAS, annulled=day, as_of="2019-04-01") == "annulled"

    def test_a_false_condition_annuls_and_a_conflicting_one_does_not(self) -> None:
        """'or its `condition` criterion is *false* on T'."""
        condition = {"event": "talks", "during": "2019-02"}
        quiet = item("talks", not_happened="2019-02")
        talks = item("talks", happened="2019-02-10")

        assert says(BY_MAY, FIRST_GAS, quiet, condition=condition) == "annulled"
        assert says(BY_MAY, FIRST_GAS, quiet, talks, condition=condition) == "held"
        assert says(BY_MAY, FIRST_GAS, condition=condition) == "held"

    def test_an_opinion_is_not_checkable_but_can_be_annulled(self) -> None:
        """'it carries a `not_checkable` reason ... in place of a criterion'."""
        assert says(None, not_checkable="opinion") == "not-checkable"
        assert says(None, not_checkable="opinion", annulled=date(2019, 4, 1)) == "annulled"

    def test_lateness_is_the_smallest_number_of_days(self) -> None:
        """'its lateness is the smallest such number'."""
        june = item("gas", happened="2019-06-03", published="2019-06-04")

        assert says(BY_MAY, june) == "late 3"
        assert says({"event": "gas", "before": "2019-05"}, june) == "late 34"
        assert says({"event": "gas", "during": "2019-05"}, june) == "late 3"

    @pytest.mark.parametrize(
        ("kind", "expected"),
        [
            ("prediction", "late 3"),
            ("promise", "late 3"),
            ("demand", "late 3"),
            ("fact", "failed"),
            ("opinion", "failed"),
        ],
    )
    def test_words_about_the_past_are_never_late(self, kind: str, expected: str) -> None:
        """'**late** if the claim's `kind` is neither `fact` nor `opinion`'."""
        june = item("gas", happened="2019-06-03", published="2019-06-04")
        soon = {"name": "soon", "criterion": {"event": "gas", "by": "2019-05"}}

        verdict = ask(BY_MAY, june, kind=kind, reading=[soon])

        assert says(BY_MAY, june, kind=kind) == expected
        assert verdict["readings"][0][1] == verdict["status"]

    def test_lateness_is_a_range_where_the_day_is_not_known(self) -> None:
        """'`late_days_min` is the smallest number ... that makes the criterion not false'."""
        june = item("gas", happened="2019-06", published="2019-07-04")
        third = item("gas", happened="2019-06-03", published="2019-06-04")
        days = item("gas", happened="2019-06-03/2019-06-10", published="2019-07-04")

        for report, least, most in ((june, 1, 30), (third, 3, 3), (days, 3, 10)):
            verdict = ask(BY_MAY, report)
            assert (verdict["late_days_min"], verdict["late_days"]) == (least, most)

    def test_a_list_of_parts_is_no_longer_false_once_one_part_is_not(self) -> None:
        """'with `parts`: not every part false'."""
        both = {"parts": [BY_MAY, {"event": "gas", "by": "2019-04"}]}
        june = item("gas", happened="2019-06-03", published="2019-06-04")

        verdict = ask(both, june)

        assert (verdict["late_days_min"], verdict["late_days"]) == (3, 34)

    def test_what_a_better_tier_outvoted_counts_in_no_extension(self) -> None:
        """'does not count, in any extension, the items that supported it without one'."""
        better_wins = {"on_conflict": "higher_tier"}
        inside = item("talks", happened="2019-05-20", published="2019-06-01")
        denied = item("talks", not_happened="../2019-05", source="gov", published="2019-06-01")
        after = item("talks", happened="2019-06-03", published="2019-06-04", source="agency")

        assert says(TALKS_BY_MAY, inside, denied, policy=better_wins) == "failed"
        assert says(TALKS_BY_MAY, inside, denied, after, policy=better_wins) == "late 3"
        both = TALKS_BY_MAY | {"min_sources": 2}
        other = item("talks", happened="2019-05-20", published="2019-06-01", source="blog")
        two = (denied, denied | {"source": "leaflet"})
        assert says(both, inside, other, *two, after, policy=better_wins) == "failed"

    def test_a_coarse_event_is_late_by_its_latest_day(self) -> None:
        """'makes the criterion exactly true': yes, not maybe."""
        assert says(BY_MAY, item("gas", happened="2019-06", published="2019-07-04")) == "late 30"

    def test_what_came_before_a_window_is_not_late(self) -> None:
        """'Otherwise **failed**.'"""
        assert says({"event": "gas", "during": "2019-05"}, FIRST_GAS) == "failed"
        assert says({"event": "gas", "after": "2019-05"}, FIRST_GAS) == "failed"

    def test_one_common_number_moves_every_deadline(self) -> None:
        """'by one common number of days'."""
        both = {"all": [BY_MAY, PIPE | {"by": "2019-04"}]}
        gas = item("gas", happened="2019-06-03", published="2019-06-04")
        pipe = item("pipe", when="2019-06-01", value=10, published="2019-06-04")
        too_low = item("pipe", when="2019-05-15", value=9, published="2019-06-04")

        assert says(both, gas, pipe, too_low) == "late 32"

    def test_figures_throughout_and_judged_leaves_do_not_move(self) -> None:
        """'figures, throughout and judged leaves do not move'."""
        better_wins = {"on_conflict": "higher_tier"}
        judged = JUDGED | {"by": "2019-05"}
        against = item("it", stance="refutes", happened="2019-02")
        later = {"source": "gov", "published": "2019-09-01"}
        after_all = item("it", stance="supports", happened="2019-07", **later)

        assert says(judged, against, after_all, policy=better_wins) == "failed"

        figure = PRICE | {"at": "2019-02"}
        low = item("price", when="2019-02", value=9)
        enough = item("price", when="2019-02-01/2019-03-01", value=10, **later)

        assert says(figure, low, enough, policy=better_wins) == "failed"

        sampled = OPEN | {"samples": 1}
        closed = item("border", when="2019-02-28", value="closed")
        opened = item("border", when="2019-03-05", value="open", **later)

        assert says(sampled, closed, opened, policy=better_wins) == "failed"

    def test_what_stays_conflicting_when_moved_is_not_late(self) -> None:
        """'exactly true': the other bit must be clear."""
        june = item("talks", happened="2019-06-03", published="2019-06-04")
        quiet = item("talks", not_happened="../2019-06-03", published="2019-06-04")

        assert ask(TALKS_BY_MAY, june, quiet)["late_days"] == 4
        longer = quiet | {"not_happened": "../2019-12", "published": "2020-01-02"}
        assert ask(TALKS_BY_MAY, june, longer)["late_days"] == 215

    def test_a_better_tier_that_falls_silent_ends_the_lateness(self) -> None:
        """'makes the criterion exactly true on the same evidence', the better tier deciding."""
        june = item("talks", happened="2019-06-03", published="2019-06-04")
        gov = item("talks", not_happened="../2019-06-10", source="gov", published="2019-06-10")
        blog = item("talks", not_happened="../2019-12", source="blog", published="2020-01-02")
        better_wins = {"on_conflict": "higher_tier"}

        assert says(TALKS_BY_MAY, june, gov, blog, policy=better_wins) == "late 11"
        assert says(TALKS_BY_MAY, june, gov, blog) == "late 215"

    def test_no_extension_undoes_what_a_not_denies(self) -> None:
        """'some extension of every deadline ... makes the criterion exactly true'."""
        quiet = item("talks", happened="2019-05-03", published="2019-06-04")

        assert says({"not": TALKS_BY_MAY}, quiet) == "failed"

    def test_pending_until_the_due_day_and_its_grace(self) -> None:
        """'**pending** while T is on or before the due day plus the grace'."""
        assert says(BY_MAY, as_of="2019-05-31") == "pending"
        assert says(BY_MAY, as_of="2019-06-01") == "overdue"
        assert says(BY_MAY, as_of="2019-06-02", grace=2) == "pending"
        assert says(BY_MAY, as_of="2019-06-03", grace=2) == "overdue"

    def test_the_grace_is_the_claims_else_the_policys(self) -> None:
        """'The grace is the claim's, else the policy's, in days (default 0).'"""
        policy = {"grace": 5}

        assert says(BY_MAY, as_of="2019-06-05", policy=policy) == "pending"
        assert says(BY_MAY, as_of="2019-06-05", policy=policy, grace=0) == "overdue"

    def test_any_usable_word_on_the_facts_makes_it_not_enough(self) -> None:
        """'if no usable evidence, of whatever tier or stance, speaks of any fact'."""
        rumour = item("gas", happened="2019", source="leaflet", published="2020-01-05")
        strict = BY_MAY | {"min_tier": "primary"}

        assert says(strict, rumour) == "not-enough-evidence"
        assert says(BY_MAY, item("it", stance="context")) == "not-enough-evidence"
        assert says(BY_MAY, item("talks", happened="2019-02")) == "overdue"


class TestDue:
    @pytest.mark.parametrize(
        ("criterion", "due"),
        [
            ({"event": "gas", "by": "2019-05"}, "2019-05-31"),
            ({"event": "gas", "before": "2019-05"}, "2019-04-30"),
            ({"event": "gas", "during": "2019-05"}, "2019-05-31"),
            ({"event": "gas", "after": "2019-05"}, None),
            ({"event": "gas", "by": "2019-05/.."}, None),
            (PRICE | {"at": "2019"}, "2019-12-31"),
            (PRICE | {"at": "2019/.."}, None),
            (OPEN, "2019-02-28"),
            (JUDGED, "2019-01-01"),
            ({"all": [JUDGED, BY_MAY]}, "2019-05-31"),
            ({"all": [OPEN, {"not": BY_MAY}]}, "2019-05-31"),
            ({"any": [BY_MAY, {"event": "talks", "after": "2019"}]}, None),
            ({"parts": [BY_MAY, OPEN]}, "2019-05-31"),
        ],
    )
    def test_the_due_day_is_the_latest_last_day(self, criterion: Any, due: str | None) -> None:
        """'the latest last day of the windows (and of the `at` periods)'."""
        assert ask(criterion)["due"] == due

    def test_the_claims_own_due_goes_first(self) -> None:
        """'The due day is the claim's `due`.'"""
        assert ask(BY_MAY, due="2019-07")["due"] == "2019-07-31"
        assert says({"event": "gas", "after": "2019-05"}, due="2019-07") == "overdue"

    def test_without_a_due_day_an_unknown_claim_stays_pending(self) -> None:
        """'there is no due day, and an unknown claim stays pending'."""
        assert says({"event": "gas", "after": "2019-05"}, as_of="9999-12-31") == "pending"

    def test_without_a_window_the_day_of_saying_is_due(self) -> None:
        """'If no leaf has a window, it is the latest day of `said`.'"""
        assert ask(JUDGED, said="2019-02")["due"] == "2019-02-28"

    def test_a_condition_plays_no_part(self) -> None:
        """'A `condition` plays no part in the due day.'"""
        assert ask(BY_MAY, condition={"event": "talks", "by": "2021"})["due"] == "2019-05-31"


class TestParts:
    @pytest.mark.parametrize(
        ("happened", "not_happened", "status"),
        [
            (["2019-02-01", "2019-02-02"], [], "held"),
            (["2019-02-01"], ["2019-02-02"], "partly"),
            ([], ["2019-02-01", "2019-02-02"], "failed"),
            (["2019-02-01"], [], "not-enough-evidence"),
            ([], ["2019-02-01"], "not-enough-evidence"),
            (["2019-02-01"], ["2019-02-01"], "conflicting"),
            (["2019-02-01", "2019-02-02"], ["2019-02-02"], "conflicting"),
        ],
    )
    def test_the_parts_are_counted(
        self, happened: list[str], not_happened: list[str], status: str
    ) -> None:
        """'With any part conflicting ... every part true ... some true and some false'."""
        parts = [{"event": "talks", "during": f"2019-02-0{day}"} for day in (1, 2)]
        evidence = [item("talks", happened=day) for day in happened]
        evidence += [item("talks", not_happened=day) for day in not_happened]

        assert says({"parts": parts}, *evidence) == status

    def test_every_part_must_become_true_to_be_late(self) -> None:
        """'with `parts`, every part must become true'."""
        parts = {"parts": [BY_MAY, PIPE | {"by": "2019-04"}]}
        gas = item("gas", happened="2019-06-03", published="2019-06-04")
        low = item("pipe", when="2019-05-15", value=9, published="2019-06-04")
        enough = item("pipe", when="2019-06-10", value=10, published="2019-06-14")

        assert says(parts, gas, low) == "failed"
        assert says(parts, gas, low, enough) == "late 41"


class TestReadings:
    def test_each_reading_has_its_own_status(self) -> None:
        """'Each has its own status by the same rules.'"""
        strict = {"name": "soon", "criterion": {"event": "gas", "by": "2019-01"}}
        talks = {"name": "talks", "criterion": {"event": "talks", "after": "2019"}}
        verdict = ask(BY_MAY, FIRST_GAS, reading=[strict, talks])

        assert verdict["status"] == "held"
        assert verdict["readings"] == [("soon", "late", 27, 27), ("talks", "pending", None, None)]
        assert verdict["robust"] is False

    def test_a_claim_is_robust_if_every_reading_agrees(self) -> None:
        """'it is **robust** if every reading gives the same status'."""
        loose = {"name": "this year", "criterion": {"event": "gas", "by": "2019"}}

        assert ask(BY_MAY, FIRST_GAS, reading=[loose])["robust"] is True
        assert ask(BY_MAY, FIRST_GAS)["robust"] is True

    def test_due_and_grace_hold_for_readings_and_leaves_do_not(self) -> None:
        """'The claim's `due` and `grace` hold for its readings too'."""
        early = {"name": "early", "criterion": {"event": "talks", "by": "2019-02"}}

        assert ask(BY_MAY, reading=[early], as_of="2019-05-01")["readings"] == [
            ("early", "overdue", None, None)
        ]
        assert ask(BY_MAY, reading=[early], as_of="2019-05-01", due="2019-06")["readings"] == [
            ("early", "pending", None, None)
        ]
        assert ask(BY_MAY, reading=[early], as_of="2019-05-01", grace=90)["readings"] == [
            ("early", "pending", None, None)
        ]

    def test_an_annulled_claim_is_annulled_in_every_reading(self) -> None:
        """'by the same rules'."""
        early = {"name": "early", "criterion": {"event": "talks", "by": "2019-02"}}
        verdict = ask(BY_MAY, reading=[early], annulled=date(2019, 3, 1))

        assert verdict["readings"] == [("early", "annulled", None, None)]
        assert verdict["robust"] is True
