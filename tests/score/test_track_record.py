"""Track records: what is counted, and that nobody can count themselves up."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack import occurs
from claimtrack.errors import FieldError
from claimtrack.model.verdict import AFTER_THE_FACT, Status
from claimtrack.score.intervals import wilson
from claimtrack.score.track_record import (
    COUNTING,
    category,
    members_of,
    track_records,
    units_of,
)
from tests.score.worlds import DUE, REPORTED, World, claim, days_after, judged_claim

OUTCOMES = (
    "held",
    "late",
    "partly",
    "failed",
    "conflicting",
    "overdue",
    "not-enough-evidence",
    "not-checkable",
    "annulled",
    "pending",
)


def world(*outcomes, **options):
    together = World()
    for number, outcome in enumerate(outcomes):
        together += claim(f"{outcome}-{number}", outcome, **options)
    return together


def record(of, **options):
    (found,) = track_records(of.audit(), **options)
    return found


class TestCounts:
    """Every claim is counted, under one heading."""

    def test_each_outcome_has_its_own_count(self):
        counts = record(world(*OUTCOMES)).counts

        assert counts == {**dict.fromkeys(Status, 1), AFTER_THE_FACT: 0}

    @given(st.lists(st.sampled_from(OUTCOMES), min_size=1, max_size=12))
    def test_the_counts_add_up(self, outcomes):
        found = record(world(*outcomes))

        assert found.claims == found.made == len(outcomes)
        assert found.decided <= found.matured <= found.made

    @pytest.mark.parametrize(("counting", "points"), [("strict", 2), ("half", 3), ("lenient", 4)])
    def test_the_policy_says_how_much_late_and_partly_count(self, counting, points):
        found = record(world("held", "held", "late", "partly", "failed"), counting=counting)

        assert found.points == points
        assert found.share == points / 5
        assert found.interval == wilson(points, 5)

    def test_conflicting_evidence_decides_nothing(self):
        found = record(world("held", "conflicting"))

        assert (found.decided, found.matured, found.share) == (1, 2, 1.0)

    def test_with_nothing_decided_there_is_no_share(self):
        found = record(world("pending"))

        assert (found.share, found.worst, found.best, found.lower) == (None, None, None, 0.0)
        assert (found.interval.low, found.interval.high) == (0, 1)

    def test_an_empty_registry_has_no_records(self):
        assert track_records(World().audit()) == ()


class TestBounds:
    """What the bounds count as failed and as held."""

    @pytest.mark.parametrize(
        "outcome", ["overdue", "not-enough-evidence", "conflicting", "annulled", "not-checkable"]
    )
    def test_a_claim_without_a_verdict_counts_as_failed_and_as_held(self, outcome):
        found = record(world("held", "held", "failed", outcome))

        assert (found.worst, found.best) == (2 / 4, 3 / 4)
        assert found.lower == wilson(2, 4).low

    def test_a_pending_claim_is_in_neither_bound(self):
        found = record(world("held", "failed", "pending"))

        assert (found.worst, found.best) == (0.5, 0.5)

    @pytest.mark.parametrize("kind", ["opinion", "demand"])
    def test_an_opinion_that_cannot_be_checked_is_in_neither_bound(self, kind):
        found = record(world("held", "failed") + claim("taste", "not-checkable", kind=kind))

        assert (found.worst, found.best) == (0.5, 0.5)
        assert found.counts[Status.NOT_CHECKABLE] == 1

    def test_a_claim_whose_own_condition_failed_is_in_neither_bound(self):
        base = world("held", "failed")
        other = base.records[-1].fact
        void = claim("void", "overdue", condition=occurs(other, by=DUE))

        found = record(base + void)

        assert found.counts[Status.ANNULLED] == 1
        assert (found.worst, found.best) == (0.5, 0.5)


class TestUnits:
    """Claims that are taken together count once, and it is said why."""

    @pytest.mark.parametrize("link", ["repeats", "part_of"])
    def test_a_linked_claim_counts_with_the_one_it_is_linked_to(self, link):
        found = record(claim("a", "held") + claim("b", "held", **{link: ["a"]}))

        assert (found.claims, found.made, found.counts[Status.HELD]) == (2, 1, 1)
        assert [[m.claim.id for m in unit.members] for unit in found.merged] == [["a", "b"]]
        assert found.merged[0].because == (link,)

    def test_claims_cut_from_one_sentence_count_once(self):
        whole = claim("a", "held", quote="Gas by 2019, and a railway by 2020.")
        piece = claim("b", "held", quote="a railway by 2020")

        found = record(whole + piece)

        assert found.made == 1
        assert found.merged[0].because == ("one sentence",)

    @pytest.mark.parametrize(
        ("first", "second", "together"),
        [
            ("Gas will flow by 2019", "gas WILL flow, by 2019!", True),
            ("Gas will flow by 2019", "Gas will flow by 20190", False),
            ("Gas will flow by 2019", "by 2019", False),
            ("by 2019", "By 2019.", True),
            ("Gas will flow by 2019", "Gas will come by 2019", False),
        ],
    )
    def test_a_fragment_is_words_in_a_row(self, first, second, together):
        found = record(claim("a", "held", quote=first) + claim("b", "held", quote=second))

        assert found.made == (1 if together else 2)

    def test_the_same_bet_counts_once_also_without_a_link(self):
        first = claim("a", "held")
        again = claim("b", "held", criterion=first.records[0].criterion)

        found = record(first + again)

        assert found.made == 1
        assert found.merged[0].because == ("same criterion",)

    def test_judged_claims_are_never_the_same_bet(self):
        found = record(judged_claim("a") + judged_claim("b"))

        assert found.made == 2

    def test_what_two_people_say_is_never_taken_together(self):
        said = claim("a", "held", quote="Gas will flow by 2019", speaker="ann")
        echoed = claim("b", "held", quote="Gas will flow by 2019", speaker="bob", repeats=["a"])

        assert [r.made for r in track_records((said + echoed).audit())] == [1, 1]

    @pytest.mark.parametrize(
        ("outcomes", "expected"),
        [
            (("held", "held"), Status.HELD),
            (("held", "late"), Status.LATE),
            (("held", "failed"), Status.PARTLY),
            (("late", "failed"), Status.FAILED),
            (("held", "overdue"), Status.OVERDUE),
            (("failed", "overdue"), Status.FAILED),
            (("held", "conflicting"), Status.CONFLICTING),
            (("held", "pending"), Status.PENDING),
        ],
    )
    def test_claims_that_differ_have_one_status_together(self, outcomes, expected):
        first, second = outcomes
        together = claim("a", first) + claim("b", second, part_of=["a"])
        (unit,) = units_of(tuple(members_of(together.audit()).values()))

        assert category(unit) is expected


class TestRanks:
    """Only records that say enough are ranked, by their lower bounds."""

    def test_below_the_least_number_of_decided_claims_nobody_is_ranked(self):
        few = world(*["held"] * 9, speaker="ann")
        enough = World()
        for number in range(10):
            enough += claim(f"bob-{number}", "failed", speaker="bob")

        ranked = {r.key: r.rank for r in track_records((few + enough).audit())}

        assert ranked == {"bob": 1, "ann": None}

    def test_equal_lower_bounds_share_a_rank(self):
        everybody = World()
        for speaker, held in (("ann", 2), ("bob", 2), ("eve", 1)):
            for number in range(2):
                outcome = "held" if number < held else "failed"
                everybody += claim(f"{speaker}-{number}", outcome, speaker=speaker)

        found = track_records(everybody.audit(), min_decided=2)

        assert [(r.key, r.rank) for r in found] == [("ann", 1), ("bob", 1), ("eve", 3)]

    @pytest.mark.parametrize(
        ("by", "keys"),
        [
            ("speaker", {"ann"}),
            ("source", {"paper"}),
            ("kind", {"prediction", None}),
            ("topic", {"gas", "rail", None}),
        ],
    )
    def test_records_are_of_speakers_sources_topics_and_kinds(self, by, keys):
        mixed = claim("a", "held", topics=["gas", "rail"]) + claim("b", "held", kind=None)

        assert {r.key for r in track_records(mixed.audit(), by=by)} == keys

    @pytest.mark.parametrize(
        ("options", "text"),
        [
            (
                {"by": "party"},
                "CT104 by 'party' is not known; expected one of speaker, source, topic, kind",
            ),
            (
                {"counting": "kind"},
                "CT104 counting 'kind' is not known; expected one of strict, half, lenient",
            ),
            ({"min_decided": 0}, "CT104 min_decided 0 is below 1"),
        ],
        ids=["by", "counting", "min_decided"],
    )
    def test_what_cannot_be_asked_is_refused(self, options, text):
        with pytest.raises(FieldError) as caught:
            track_records(world("held").audit(), **options)

        assert str(caught.value) == text


class TestAfterTheFact:
    """A prediction of what is already known is no credit."""

    def test_it_is_named_and_adds_to_no_share(self):
        late_to_say = claim("seer", "held", said=days_after(REPORTED, 1))

        found = record(world("held", "failed") + late_to_say)

        assert found.after_the_fact == ("seer",)
        assert found.counts[AFTER_THE_FACT] == 1
        assert (found.decided, found.worst) == (2, 0.5)

    def test_a_claim_made_on_the_day_of_the_report_is_after_the_fact(self):
        assert record(claim("seer", "held", said=REPORTED)).after_the_fact == ("seer",)

    def test_a_claim_made_the_day_before_is_not(self):
        before = claim("seer", "held", said=days_after(REPORTED, -1))

        assert record(before).after_the_fact == ()

    def test_a_statement_of_fact_may_be_of_what_is_known(self):
        fact = claim("historian", "held", said=days_after(REPORTED, 1), kind="fact")

        assert record(fact).counts[Status.HELD] == 1

    def test_a_wrong_claim_counts_also_after_the_fact(self):
        wrong = claim("denier", "failed", said=days_after(REPORTED, 1))

        assert record(wrong).counts[Status.FAILED] == 1

    def test_repeating_afterwards_takes_nothing_from_the_first_time(self):
        first = claim("a", "held")
        again = claim("b", "held", said=days_after(REPORTED, 1), repeats=["a"])

        found = record(first + again)

        assert (found.made, found.counts[Status.HELD]) == (1, 1)


class TestUngameable:
    """Simulated speakers who polish their record; each simulation is seeded."""

    GAMES = 12

    @staticmethod
    def honest(random, *, speaker="ann"):
        """Return a speaker's claims as pairs of id and outcome, most of them decided."""
        chances = ["held"] * 6 + ["failed"] * 4 + list(OUTCOMES)
        size = random.randint(12, 25)
        return [(f"{speaker}-{i}", random.choice(chances)) for i in range(size)]

    @staticmethod
    def built(claims, *, speaker="ann", **changes):
        together = World()
        for id_, outcome in claims:
            together += claim(id_, outcome, speaker=speaker, **changes.get(id_, {}))
        return together

    def play(self, polish, *, same_order=True):
        """Hold the record of each polished world against that of the honest one."""
        for seed in range(self.GAMES):
            random = Random(seed)
            claims = self.honest(random)
            rivals = World()
            for name in ("bob", "eve"):
                rivals += self.built(self.honest(random, speaker=name), speaker=name)
            before = (self.built(claims) + rivals).audit()
            after = (polish(random, claims) + rivals).audit()
            for counting in COUNTING:
                self.compare(before, after, counting)

    @staticmethod
    def compare(before, after, counting):
        def own(audit):
            found = track_records(audit, counting=counting)
            return next(r for r in found if r.key == "ann")

        honest, polished = own(before), own(after)
        assert polished.lower <= honest.lower
        if polished.rank is not None:
            assert honest.rank is not None
            assert polished.rank >= honest.rank

    def test_hiding_what_failed_until_it_is_overdue_gains_nothing(self):
        def hide(random, claims):
            hidden = {"failed": "overdue", "conflicting": "overdue", "late": "overdue"}
            return self.built(
                [(i, hidden.get(o, o) if random.random() < 0.7 else o) for i, o in claims]
            )

        self.play(hide)

    def test_voiding_losers_gains_nothing(self):
        def void(random, claims):
            losers = ("failed", "overdue", "late", "partly", "conflicting")
            return self.built(
                [(i, "annulled" if o in losers and random.random() < 0.7 else o) for i, o in claims]
            )

        self.play(void)

    def test_declaring_losers_not_checkable_gains_nothing(self):
        def shrug(random, claims):
            return self.built(
                [
                    (i, "not-checkable" if o == "failed" and random.random() < 0.7 else o)
                    for i, o in claims
                ]
            )

        self.play(shrug)

    @pytest.mark.parametrize("linked", [True, False], ids=["linked", "cut from one sentence"])
    def test_splitting_a_claim_gains_nothing(self, linked):
        def split(random, claims):
            together = self.built(claims)
            for id_, outcome in claims:
                if outcome not in {"held", "failed"} or random.random() < 0.5:
                    continue
                whole = f"What {id_} says in words of its own."
                for number in range(random.randint(1, 4)):
                    link = {"part_of": [id_]} if linked else {"quote": whole}
                    together += claim(f"{id_}-piece-{number}", "held", **link)
            return together

        self.play(split)

    def test_replacing_a_failed_whole_by_its_pieces_gains_nothing(self):
        def replace(random, claims):
            together = World()
            for id_, outcome in claims:
                if outcome != "failed" or random.random() < 0.5:
                    together += claim(id_, outcome)
                    continue
                pieces = ["failed", *["held"] * random.randint(1, 4)]
                for number, piece in enumerate(pieces):
                    quote = f"What {id_} says in words of its own."
                    together += claim(f"{id_}-piece-{number}", piece, quote=quote)
            return together

        self.play(replace)

    @pytest.mark.parametrize("linked", [True, False], ids=["linked", "not linked"])
    def test_repeating_a_safe_claim_gains_nothing(self, linked):
        def repeat(random, claims):
            together = self.built(claims)
            safe = [id_ for id_, outcome in claims if outcome == "held"]
            for number in range(8 if safe else 0):
                again = random.choice(safe)
                link = {"repeats": [again]} if linked else {}
                same_bet = occurs(f"fact-of-{again}", by=DUE)
                together += claim(f"again-{number}", "held", criterion=same_bet, **link)
            return together

        self.play(repeat)

    def test_predicting_what_is_known_gains_nothing(self):
        def predict(random, claims):
            together = self.built(claims)
            for number in range(random.randint(1, 12)):
                said = days_after(REPORTED, random.randint(0, 200))
                together += claim(f"seer-{number}", "held", said=said)
            return together

        self.play(predict)

    @pytest.mark.parametrize("link", ["repeats", "part_of"])
    def test_calling_different_claims_one_gains_nothing(self, link):
        def tie(random, claims):
            losers = [i for i, o in claims if o not in {"held", "pending"}]
            anything = [i for i, _ in claims]
            changes = {}
            for id_ in random.sample(losers, len(losers) // 2):
                other = random.choice(losers if random.random() < 0.7 else anything)
                if other != id_:
                    changes[id_] = {link: [other]}
            return self.built(claims, **changes)

        self.play(tie)
