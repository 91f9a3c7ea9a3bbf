"""Agreement between people who published ratings of the same claims."""

import pytest

from claimtrack import Assessment, Scale, Source
from claimtrack.score import cohen_kappa, krippendorff_alpha
from claimtrack.score.assessments import assessor_agreement
from tests.score.worlds import AS_OF, World, claim

CLAIMS = World()
for letter in "abcd":
    CLAIMS += claim(letter, "held")


def rating(by, of, label, *, scale="truth-o-meter", **options):
    return Assessment(
        id=f"{by}-{of}-{label}-{options.get('published', '')}".replace(" ", "-"),
        by=by,
        claim=of,
        scale=scale,
        rating=label,
        **options,
    )


def agreement(*ratings, as_of=AS_OF):
    return assessor_agreement((CLAIMS + World(ratings)).audit(as_of))


def only(report):
    (one,) = report.scales
    return one


RATINGS = [
    rating("Desk One", "a", "True"),
    rating("Desk One", "b", "Half True"),
    rating("Desk One", "c", "False"),
    rating("Desk Two", "a", "true"),
    rating("Desk Two", "b", "barely-true"),
    rating("Desk Two", "c", "false"),
    rating("Desk Two", "d", "True"),
]


def test_coefficients_are_those_of_the_plain_functions():
    first = ["True", "Half True", "False", None]
    second = ["True", "Mostly False", "False", "True"]

    found = only(agreement(*RATINGS))

    order = found.scale.order
    assert found.assessors == ("Desk One", "Desk Two")
    assert found.claims == 3
    assert found.percent == pytest.approx(2 / 3)
    assert found.pairs[0].kappa == cohen_kappa(first, second)
    assert found.alpha_nominal == krippendorff_alpha([first, second])
    assert found.alpha_ordinal == krippendorff_alpha([first, second], scale="ordinal", order=order)
    assert found.alpha_ordinal > found.alpha_nominal
    assert found.disputed == ("b",)


def test_an_assessors_last_rating_counts():
    found = only(
        agreement(
            rating("Desk One", "a", "False", published="2019-05-01"),
            rating("Desk One", "a", "True", published="2019-02-01"),
            rating("Desk Two", "a", "False"),
        )
    )

    assert found.percent == 1


def test_a_rating_published_after_the_day_is_not_there_yet():
    later = rating("Desk Two", "b", "True", published="2019-05-01")

    assert only(agreement(*RATINGS, later, as_of="2019-04-30")).disputed == ("b",)


def dated_by_source(by, of, label, published):
    source = Source(id=f"page-of-{label}".lower(), published=published)
    return World((source, rating(by, of, label, source=source.id)))


@pytest.mark.parametrize(("as_of", "counts"), [("2019-04-30", False), ("2019-05-01", True)])
def test_a_rating_that_its_source_dates_counts_from_that_day_on(as_of, counts):
    later = dated_by_source("Desk Two", "b", "True", "2019-05-01")

    report = assessor_agreement(
        (CLAIMS + World((rating("Desk One", "b", "False"),)) + later).audit(as_of)
    )

    assert (only(report).disputed == ("b",)) is counts


def test_a_rating_that_its_source_dates_is_not_taken_for_the_oldest():
    old = World((rating("Desk One", "a", "False", published="2019-02-01"),))
    new = dated_by_source("Desk One", "a", "True", "2019-05-01")
    other = World((rating("Desk Two", "a", "True"),))

    for order in (old + new, new + old):
        assert only(assessor_agreement((CLAIMS + order + other).audit(AS_OF))).percent == 1


def test_of_two_ratings_of_a_day_the_later_counts_in_whatever_order():
    ratings = [
        rating("Desk One", "a", "False", published="2019-05-01T10:00:00Z"),
        rating("Desk One", "a", "True", published="2019-05-01T12:00:00+01:00"),
        rating("Desk Two", "a", "True"),
    ]

    assert only(agreement(*ratings)).percent == only(agreement(*reversed(ratings))).percent == 1


@pytest.mark.parametrize("published", ["2019-05-01", None], ids=["dated", "undated"])
def test_of_two_ratings_of_one_day_neither_is_the_later(published):
    dates = {} if published is None else {"published": published}
    ratings = [
        rating("Desk One", "a", "False", **dates),
        rating("Desk One", "a", "True", **dates),
        rating("Desk Two", "a", "True"),
        rating("Desk Two", "a", "true", published="2019-05-01"),
    ]

    one, other = only(agreement(*ratings)), only(agreement(*reversed(ratings)))

    assert one == other
    assert one.percent is None
    assert one.contradictory == tuple(sorted(r.id for r in ratings[:2]))


@pytest.mark.parametrize(("zone", "counts"), [("Asia/Tokyo", False), ("America/New_York", True)])
def test_the_zone_of_the_claim_says_on_which_day_a_rating_became_known(zone, counts):
    late = rating("Desk Two", "z", "True", published="2019-05-01T16:00:00Z")
    world = CLAIMS + claim("z", "held", timezone=zone)
    world += World((rating("Desk One", "z", "False"), late))

    found = only(assessor_agreement(world.audit("2019-05-01")))

    assert (found.disputed == ("z",)) is counts


def test_ratings_on_a_scale_of_the_registry_are_compared():
    labels = [{"name": "Good"}, {"name": "Bad"}, {"name": "Wait", "scored": False}]
    house = Scale(id="house", labels=labels)
    ratings = [
        rating("Desk One", "a", "Good", scale="house"),
        rating("Desk Two", "a", "good!", scale="house"),
        rating("Desk One", "b", "Wait", scale="house"),
    ]
    audit = (CLAIMS + World((house, *ratings))).audit(AS_OF)

    found = only(assessor_agreement(audit))

    assert (found.scale, found.percent, found.unscored) == (house, 1.0, (ratings[2].id,))


def test_a_state_is_no_rating():
    state = rating("Desk One", "a", "In the Works", scale="politifact-promises")

    found = only(agreement(state))

    assert found.unscored == (state.id,)
    assert (found.percent, found.fleiss, found.alpha_nominal) == (None, None, None)


def test_three_who_all_rated_have_a_fleiss_kappa():
    third = [rating("Desk Three", of, "True") for of in "ab"]

    found = only(agreement(*RATINGS, *third))

    assert found.fleiss is not None
    assert [(p.first, p.second, p.claims) for p in found.pairs] == [
        ("Desk One", "Desk Three", 2),
        ("Desk One", "Desk Two", 3),
        ("Desk Three", "Desk Two", 2),
    ]


def test_without_assessments_there_is_nothing_to_hold_against_each_other():
    found = agreement()

    assert (found.scales, found.no_such_scale) == ((), {})
