"""Agreement between people who published ratings of the same claims."""

import pytest

from claimtrack import Assessment
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


def test_a_rating_that_is_not_on_its_scale_is_named():
    strange = rating("Desk One", "d", "Truthy")

    assert only(agreement(*RATINGS, strange)).unknown == (strange.id,)


def test_a_state_is_no_rating():
    state = rating("Desk One", "a", "In the Works", scale="politifact-promises")

    found = only(agreement(state))

    assert found.unscored == (state.id,)
    assert (found.percent, found.fleiss, found.alpha_nominal) == (None, None, None)


def test_a_scale_that_nobody_described_is_named():
    strange = rating("Desk One", "a", "A", scale="letters")

    assert agreement(strange).no_such_scale == {"letters": (strange.id,)}


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
