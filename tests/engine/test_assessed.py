"""The leaf that rests on ratings which others published, against the page of the rules."""

from collections import defaultdict
from datetime import date, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack import (
    Assessment,
    Claim,
    Policy,
    Registry,
    Scale,
    Settings,
    Signature,
    Source,
    Speaker,
    Status,
    assessed,
    dumps,
    loads,
    parts,
)
from claimtrack.engine.signature import fingerprint
from claimtrack.engine.timeline import Cause, CauseKind
from claimtrack.model.explanation import Side, Use

LABELS = assessed("meter", supports=["True", "Mostly True"], refutes=["False"])
METER = Scale(
    id="meter",
    labels=[
        {"name": "True"},
        {"name": "Mostly True"},
        {"name": "Half True", "also": ["So-so"]},
        {"name": "False"},
        {"name": "Stalled", "scored": False},
    ],
)
BAROMETER = Scale(
    id="barometer",
    labels=[
        {"name": "good", "says": "supports"},
        {"name": "fair", "says": "partly"},
        {"name": "bad", "says": "refutes"},
        {"name": "True"},
        {"name": "wait", "says": "open", "scored": False},
    ],
)
SPEAKER = Speaker(id="speaker")
PAPER = Source(id="paper", publisher="The Paper", published="2018-03-01", tier="press")
SITE = Source(id="site", publisher="A Site", tier="social")


def rating(id_, label, published="2018-01-10", by="Alice", **others):
    kept = {"claim": "claim", "scale": "meter", "published": published, **others}
    return Assessment(id=id_, rating=label, by=by, **kept)


def world(*ratings, criterion=LABELS, policy=None, scales=(), **claim):
    said = Claim(
        id="claim",
        speaker="speaker",
        said="2017-07-04",
        source="paper",
        quote="it is so",
        criterion=criterion,
        **{"due": "2019-12-31", **claim},
    )
    settings = Settings(policy=policy or Policy())
    declared = (METER, BAROMETER, *scales)
    return Registry.of(SPEAKER, PAPER, SITE, said, *declared, *ratings, settings=settings)


def status(registry, day="2019-01-01"):
    return registry.audit(day)["claim"].status


def day_of(text):
    return date.fromisoformat(text).toordinal()


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["True"], Status.HELD),
        (["mostly TRUE"], Status.HELD),
        (["False"], Status.FAILED),
        (["True", "False"], Status.CONFLICTING),
        (["Half True"], Status.PENDING),
        (["so SO!"], Status.PENDING),
        ([], Status.PENDING),
    ],
    ids=str,
)
def test_a_label_counts_on_the_side_on_which_the_criterion_names_it(labels, expected):
    ratings = [rating(f"r{n}", label, by=f"by-{n}") for n, label in enumerate(labels)]

    assert status(world(*ratings)) is expected


def test_a_rating_on_another_scale_or_of_another_claim_does_not_count():
    other = Claim(
        id="other",
        speaker="speaker",
        said="2017-07-04",
        source="paper",
        quote="something else",
        not_checkable="opinion",
    )

    registry = world(
        rating("a", "True", scale="barometer"), rating("b", "True", claim="other"), other
    )

    assert status(registry) is Status.PENDING


def test_it_counts_from_the_last_day_of_its_publication():
    registry = world(rating("a", "True", published="2018-02"))

    assert status(registry, "2018-02-27") is Status.PENDING
    assert status(registry, "2018-02-28") is Status.HELD
    assert registry.audit("2019-01-01")["claim"].decided_on == day_of("2018-02-28")


def test_its_source_tells_the_day_where_it_does_not():
    registry = world(rating("a", "True", published=None, source="paper"))

    assert status(registry, "2018-02-28") is Status.PENDING
    assert status(registry, "2018-03-01") is Status.HELD


def test_its_own_day_goes_before_that_of_its_source():
    registry = world(rating("a", "True", source="paper"))

    assert status(registry, "2018-01-10") is Status.HELD


@pytest.mark.parametrize("source", [None, "site"])
def test_it_is_never_used_without_a_day(source):
    registry = world(rating("a", "True", published=None, source=source))

    (use,) = registry.explain("claim", "2019-01-01").items

    assert status(registry) is Status.PENDING
    assert (use.use, use.because) == (Use.IGNORED, "undated")


def test_it_is_undated_by_what_the_registry_recorded():
    registry = world(rating("a", "True"))

    explanation = registry.explain("claim", "2019-01-01", known_by="recorded")

    assert explanation.verdict.status is Status.PENDING
    assert [use.because for use in explanation.items] == ["undated"]


def test_a_date_time_becomes_the_day_in_the_zone_of_the_claim():
    late = rating("a", "True", published="2018-01-10T23:30:00+00:00")

    assert status(world(late, timezone="Europe/Moscow"), "2018-01-10") is Status.PENDING
    assert status(world(late, timezone="Europe/Moscow"), "2018-01-11") is Status.HELD
    assert status(world(late, timezone="America/New_York"), "2018-01-10") is Status.HELD


def test_an_assessor_is_one_witness():
    leaf = attrs.evolve(LABELS, min_sources=2)
    twice = [rating("a", "True"), rating("b", "Mostly True")]

    assert status(world(*twice, criterion=leaf)) is Status.PENDING
    assert status(world(*twice, rating("c", "True", by="Bob"), criterion=leaf)) is Status.HELD
    assert status(world(*twice, policy=Policy(min_sources=2))) is Status.PENDING


def test_a_later_rating_takes_the_place_of_an_earlier_one_by_the_same_assessor():
    registry = world(
        rating("a", "True"),
        rating("b", "False", "2018-06-01"),
        rating("c", "Half True", "2018-09-01"),
    )

    assert status(registry, "2018-05-31") is Status.HELD
    assert status(registry, "2018-06-01") is Status.FAILED
    assert status(registry, "2018-09-01") is Status.PENDING


def test_two_ratings_of_one_day_by_the_same_assessor_both_count():
    registry = world(rating("a", "True"), rating("b", "False"))

    assert status(registry) is Status.CONFLICTING


def test_within_a_day_the_later_time_counts_where_both_give_one():
    def told(*times):
        days = [f"2018-01-10{time and f'T{time}:00:00Z'}" for time in times]
        return [rating("a", "True", days[0]), rating("b", "False", days[1])]

    zone = {"timezone": "UTC"}
    assert status(world(*told("09", "15"), **zone)) is Status.FAILED
    assert status(world(*told("15", "09"), **zone)) is Status.HELD
    assert status(world(*told("09", "09"), **zone)) is Status.CONFLICTING
    assert status(world(*told("09", ""), **zone)) is Status.CONFLICTING


def test_a_withdrawn_rating_lets_the_one_before_count_again():
    registry = world(
        rating("a", "True"),
        rating("b", "False", "2018-02-01", withdrawn="2018-03-01", withdrawn_because="A mistake."),
    )

    assert status(registry, "2018-01-31") is Status.HELD
    assert status(registry, "2018-02-01") is Status.FAILED
    assert status(registry, "2018-03-01") is Status.HELD
    last = registry.history("claim").changes[-1]
    assert last.cause == Cause(CauseKind.COUNTS_AGAIN, "a", "b")


def test_the_latest_rating_counts_whatever_its_tier():
    ratings = [rating("a", "True", source="paper"), rating("b", "False", "2018-06-01")]
    leaf = attrs.evolve(LABELS, min_tier="press")

    assert status(world(*ratings, criterion=leaf)) is Status.PENDING


PARTLY = assessed("meter", supports=["True"], partly=["So-so"], refutes=["False"])


@pytest.mark.parametrize(
    ("leaf", "scale", "label"),
    [(PARTLY, "meter", "Half True"), (assessed("barometer"), "barometer", "fair")],
    ids=["a list", "what the scale says"],
)
def test_a_rating_that_says_partly_makes_a_claim_partly_at_the_top_only(leaf, scale, label):
    rated = rating("a", label, scale=scale)

    assert status(world(rated, criterion=leaf)) is Status.PARTLY
    assert status(world(rated, criterion=~leaf)) is Status.PENDING
    assert status(world(rated, condition=leaf)) is Status.PENDING
    assert status(world(rated, criterion=parts(leaf))) is Status.PENDING


def test_partly_joins_what_others_say_part_by_part():
    half, true = rating("a", "Half True"), rating("b", "True", by="Bob")
    false = rating("c", "False", by="Carol")

    assert status(world(half, true, criterion=PARTLY)) is Status.CONFLICTING
    assert status(world(half, false, criterion=PARTLY)) is Status.CONFLICTING
    assert status(world(true, criterion=PARTLY)) is Status.HELD
    assert status(world(false, criterion=PARTLY)) is Status.FAILED


def test_several_scales_are_pooled_each_with_what_its_labels_say():
    both = assessed(["barometer", "trumptracker"], min_sources=2)
    good = rating("a", "good", scale="barometer")
    true = rating("b", "True", scale="barometer", by="Bob")
    achieved = rating("c", "achieved!", scale="trumptracker", by="Bob")

    assert status(world(good, criterion=both)) is Status.PENDING
    assert status(world(good, true, criterion=both)) is Status.PENDING
    assert status(world(good, achieved, criterion=both)) is Status.HELD
    by_one = attrs.evolve(achieved, by="Alice")
    assert status(world(good, by_one, criterion=both)) is Status.PENDING


def test_a_rating_does_not_take_the_place_of_one_on_another_scale():
    both = LABELS & assessed("barometer", supports=["good"])
    registry = world(
        rating("a", "True"), rating("b", "good", "2018-06-01", scale="barometer"), criterion=both
    )

    assert status(registry) is Status.HELD


def test_its_tier_is_that_of_its_source_and_none_without_one():
    leaf = attrs.evolve(LABELS, min_tier="press")

    assert status(world(rating("a", "True", source="paper"), criterion=leaf)) is Status.HELD
    assert status(world(rating("a", "True", source="site"), criterion=leaf)) is Status.PENDING
    assert status(world(rating("a", "True"), criterion=leaf)) is Status.PENDING


def test_the_better_tier_settles_a_conflict_where_the_policy_says_so():
    ratings = [rating("a", "True", source="paper"), rating("b", "False", by="Bob", source="site")]

    assert status(world(*ratings)) is Status.CONFLICTING
    assert status(world(*ratings, policy=Policy(on_conflict="higher_tier"))) is Status.HELD


def test_it_has_no_part_in_the_due_day():
    registry = world(rating("a", "Half True"), due=None)

    assert registry.audit("2018-01-01")["claim"].due == day_of("2017-07-04")


def test_any_usable_rating_on_the_scale_speaks_of_the_claim():
    silent = world(rating("a", "True", scale="barometer"))
    spoken = world(rating("a", "Half True"), criterion=attrs.evolve(LABELS, min_tier="primary"))

    assert status(silent, "2020-01-01") is Status.OVERDUE
    assert status(spoken, "2020-01-01") is Status.NOT_ENOUGH_EVIDENCE


def test_it_does_not_move_when_deadlines_do():
    text = """
    [[speaker]]
    id = "speaker"
    [[source]]
    id = "paper"
    published = 2018-03-01
    [[fact]]
    id = "gas"
    kind = "event"
    once = true
    [[evidence]]
    id = "gas-flows"
    fact = "gas"
    source = "paper"
    happened = 2018-01-31
    [[assessment]]
    id = "rated"
    claim = "claim"
    by = "Alice"
    scale = "averitec"
    rating = "Refuted"
    source = "paper"
    [[claim]]
    id = "claim"
    speaker = "speaker"
    said = 2017-07-04
    source = "paper"
    quote = "it is so"
    criterion = { any = [{ event = "gas", by = 2018-01-01 }, { assessed = "averitec" }] }
    [[claim.reading]]
    name = "both"
    criterion = { all = [{ event = "gas", by = 2018-01-01 }, { assessed = "averitec" }] }
    """

    verdict = loads(text).audit("2019-01-01")["claim"]

    assert (verdict.status, verdict.late_days) == (Status.LATE, 30)
    assert verdict.readings[0].status is Status.FAILED
    assert verdict.used == ("gas-flows", "rated")


def test_an_explanation_names_each_rating_once_with_what_became_of_it():
    twice = LABELS & ~assessed("meter", supports=["Half True"])
    registry = world(
        rating("a", "True", source="paper"),
        rating("b", "Mostly True", "2018-01-05"),
        rating("c", "Half True", by="Bob"),
        rating("d", "False", "2020-01-01", by="Carol"),
        rating("e", "True", by="Dora"),
        rating("other-scale", "True", by="Dora", scale="barometer"),
        criterion=twice,
    )

    explanation = registry.explain("claim", "2019-01-01")

    assert [(use.id, use.use.value, use.because) for use in explanation.items] == [
        ("b", "ignored", "superseded"),
        ("a", "for", ""),
        ("c", "for", ""),
        ("e", "for", ""),
        ("d", "ignored", "not yet published"),
    ]
    assert [one.side for one in explanation.steps.members[0].exhibits] == [
        Side.FOR,
        Side.NEITHER_LABEL,
        Side.FOR,
    ]
    assert explanation.steps.members[0].exhibits[0].witness == "Alice"


def test_a_history_turns_where_ratings_are_published_and_replaced():
    registry = world(rating("a", "True"), rating("b", "Half True", "2018-06-01"))

    changes = registry.history("claim").changes

    assert [(change.day, change.status, change.cause) for change in changes] == [
        (day_of("2017-07-04"), Status.PENDING, Cause(CauseKind.SAID)),
        (day_of("2018-01-10"), Status.HELD, Cause(CauseKind.KNOWN, "a")),
        (day_of("2018-06-01"), Status.PENDING, Cause(CauseKind.SUPERSEDED, "a", "b")),
        (day_of("2020-01-01"), Status.NOT_ENOUGH_EVIDENCE, Cause(CauseKind.DUE)),
    ]


def test_a_condition_may_rest_on_ratings():
    registry = world(
        rating("a", "False"),
        criterion=assessed("barometer", supports=["good"]),
        condition=LABELS,
    )

    verdict = registry.audit("2019-01-01")["claim"]

    assert (verdict.status, verdict.used) == (Status.ANNULLED, ("a",))


def test_a_signature_notices_that_a_rating_which_decides_changed():
    before = world(rating("a", "True"))
    signed = Signature(
        on="2019-01-01", fingerprint=fingerprint(before.claims["claim"], ["a"], before)
    )
    same, changed, elsewhere = (
        world(one, status="held", signed=signed).audit("2019-06-01")["claim"].marks
        for one in (
            rating("a", "True"),
            rating("a", "Mostly True"),
            rating("a", "True", source="paper"),
        )
    )

    assert (same, changed, elsewhere) == ((), ("suspect",), ("suspect",))


@pytest.mark.parametrize(
    "leaf",
    [
        LABELS,
        assessed("truth-o-meter"),
        assessed("my-scale", refutes=['no, "never"'], min_tier="press", min_sources=3),
        assessed("my-scale", partly=["so-so"]),
        assessed(["barometer", "truth-o-meter"], min_sources=2),
    ],
    ids=["labels", "mapping", "quoted", "partly", "several"],
)
def test_it_is_read_back_as_it_was_written(leaf):
    mine = Scale(
        id="my-scale",
        title="My own",
        note="From the style book.",
        for_kinds=["promise"],
        labels=[
            {"name": "so-so", "gloss": "In part.", "also": ["Middling", "half"], "says": "partly"},
            {"name": 'no, "never"', "says": "refutes"},
            {"name": "later", "scored": False, "value": 0.5, "range": [0, 1]},
        ],
    )
    registry = world(
        rating("a", "True"),
        rating("b", "middling!", scale="my-scale", withdrawn="2020-01-01", withdrawn_because="x"),
        criterion=~leaf | assessed("averitec", supports=["Refuted"]),
        scales=[mine],
    )

    again = loads(dumps(registry))

    assert again == registry
    assert dumps(again) == dumps(registry)


DAYS = [date(2018, 1, 1) + timedelta(days=number) for number in range(6)]
ENTRIES = st.lists(
    st.tuples(
        st.sampled_from(["Alice", "Bob", "Carol"]),
        st.sampled_from(["True", "Half True", "False"]),
        st.sampled_from(DAYS),
    ),
    max_size=6,
)


def naive(entries, day, needed):
    """Return what the rules make of ratings on *day*, straight from the page."""
    by_assessor = defaultdict(list)
    for by, label, published in entries:
        if published <= day:
            by_assessor[by].append((published, label))
    held = defaultdict(set)
    for by, found in by_assessor.items():
        newest = max(published for published, _ in found)
        for published, label in found:
            if published == newest:
                held[label].add(by)
    return len(held["True"]) >= needed, len(held["False"]) >= needed


STATUS = {
    (False, False): Status.PENDING,
    (True, False): Status.HELD,
    (False, True): Status.FAILED,
    (True, True): Status.CONFLICTING,
}


class TestLaws:
    """What the rules say of every leaf holds for this one, against a naive version of it."""

    @given(ENTRIES, st.integers(1, 3), st.randoms(use_true_random=False))
    def test_it_is_what_the_page_says_on_every_day_in_any_order(self, entries, needed, shuffled):
        ratings = [rating(f"r{n}", label, day, by) for n, (by, label, day) in enumerate(entries)]
        shuffled.shuffle(ratings)
        registry = world(*ratings, criterion=attrs.evolve(LABELS, min_sources=needed))
        history = registry.history("claim")

        for day in DAYS:
            wanted = STATUS[naive(entries, day, needed)]
            assert status(registry, day) is wanted
            assert history.at(day.toordinal()).status is wanted
            assert next(iter(registry.replay([day]))).counts[wanted] == 1

    @given(ENTRIES)
    def test_what_is_used_is_known_and_all_is_named_once(self, entries):
        ratings = [rating(f"r{n}", label, day, by) for n, (by, label, day) in enumerate(entries)]
        registry = world(*ratings)

        for day in DAYS:
            explanation = registry.explain("claim", day)
            assert sorted(use.id for use in explanation.items) == sorted(r.id for r in ratings)
            for id_ in explanation.verdict.used:
                assert registry.assessments[id_].published.last <= day.toordinal()
