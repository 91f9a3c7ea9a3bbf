"""Agreement between raters: published values, other libraries, laws."""

import math
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.errors import FieldError
from claimtrack.score import cohen_kappa, fleiss_kappa, krippendorff_alpha, percent_agreement

SCALES = ("nominal", "ordinal", "interval", "ratio")


GAPS = [
    [1, 2, None, 4, 4, None, 2, 3, 1, 2],
    [1, 2, 3, 4, 3, None, 2, None, 1, 4],
    [None, 2, 3, 4, 4, 1, None, 3, 2, 4],
    [1, 3, 3, None, 4, 1, 2, 3, 1, None],
]
"""Four raters and ten things, with gaps, one rating alone, and two raters who are often apart."""


@pytest.mark.parametrize("scale", SCALES)
def test_alpha_of_a_table_with_gaps_equals_krippendorffs(scale):
    import krippendorff

    table = [[math.nan if r is None else float(r) for r in row] for row in GAPS]

    alpha = krippendorff_alpha(GAPS, scale=scale)

    assert alpha == pytest.approx(krippendorff.alpha(table, level_of_measurement=scale))
    assert 0.5 < alpha < 1


def test_kappa_of_fleiss_own_example_is_as_published():
    # Fleiss (1971), table 1: 30 patients, 6 raters, 5 diagnoses; kappa .430. Read here from the
    # shorter table of Wikipedia's article on the coefficient, whose kappa is .210.
    table = [
        (0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1),
        (7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7),
    ]  # fmt: skip
    units = [[label for label, n in enumerate(row) for _ in range(n)] for row in table]
    ratings = [list(row) for row in zip(*units, strict=True)]

    assert round(fleiss_kappa(ratings), 3) == 0.210


LABELS = st.integers(1, 4)


@st.composite
def tables(draw, *, labels=LABELS):
    raters, things = draw(st.integers(2, 4)), draw(st.integers(1, 10))
    row = st.lists(labels, min_size=things, max_size=things)
    return draw(st.lists(row, min_size=raters, max_size=raters))


WITH_GAPS = tables(labels=st.one_of(st.none(), LABELS))


@given(tables())
def test_cohens_kappa_equals_scikit_learns(ratings):
    from sklearn.metrics import cohen_kappa_score

    first, second = ratings[:2]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = cohen_kappa_score(first, second)

    kappa = cohen_kappa(first, second)

    assert (kappa is None and math.isnan(expected)) or kappa == pytest.approx(expected)


@given(tables())
def test_fleiss_kappa_equals_statsmodels(ratings):
    import numpy as np
    from statsmodels.stats import inter_rater

    counts = np.array([[unit.count(k) for k in range(1, 5)] for unit in zip(*ratings, strict=True)])
    with np.errstate(invalid="ignore"):
        expected = inter_rater.fleiss_kappa(counts)

    kappa = fleiss_kappa(ratings)

    if kappa is None:
        assert len({label for row in ratings for label in row}) == 1
    else:
        assert kappa == pytest.approx(expected)


@given(WITH_GAPS, st.sampled_from(SCALES))
def test_alpha_equals_krippendorffs_with_missing_ratings(ratings, scale):
    import krippendorff

    table = [[math.nan if r is None else float(r) for r in row] for row in ratings]

    alpha = krippendorff_alpha(ratings, scale=scale)

    if alpha is not None:
        expected = krippendorff.alpha(table, level_of_measurement=scale)
        assert alpha == pytest.approx(expected)


@given(WITH_GAPS)
def test_alpha_is_undefined_where_fewer_than_two_labels_can_be_compared(ratings):
    units = [[r for r in unit if r is not None] for unit in zip(*ratings, strict=True)]
    comparable = {r for unit in units if len(unit) > 1 for r in unit}

    assert (krippendorff_alpha(ratings) is None) is (len(comparable) < 2)


@given(st.data(), WITH_GAPS, st.sampled_from(SCALES))
def test_the_order_of_raters_and_of_things_does_not_matter(data, ratings, scale):
    rows = data.draw(st.permutations(ratings))
    order = data.draw(st.permutations(range(len(ratings[0]))))
    shuffled = [[row[i] for i in order] for row in rows]

    before, after = (krippendorff_alpha(table, scale=scale) for table in (ratings, shuffled))

    assert after == pytest.approx(before, abs=1e-12)
    assert percent_agreement(shuffled) == percent_agreement(ratings)


@given(tables(), st.permutations([1, 2, 3, 4]))
def test_names_of_labels_do_not_matter_to_nominal_coefficients(ratings, names):
    renamed = [[f"label {names[r - 1]}" for r in row] for row in ratings]

    assert krippendorff_alpha(renamed) == pytest.approx(krippendorff_alpha(ratings))
    assert fleiss_kappa(renamed) == pytest.approx(fleiss_kappa(ratings))
    assert cohen_kappa(*renamed[:2]) == pytest.approx(cohen_kappa(*ratings[:2]))


@given(WITH_GAPS)
def test_an_order_of_words_counts_as_the_order_of_numbers(ratings):
    words = ["false", "half true", "mostly true", "true"]
    worded = [[None if r is None else words[r - 1] for r in row] for row in ratings]

    alpha = krippendorff_alpha(worded, scale="ordinal", order=words)

    assert alpha == pytest.approx(krippendorff_alpha(ratings, scale="ordinal"))


@given(tables())
def test_coefficients_keep_their_bounds(ratings):
    pairs = [cohen_kappa(*ratings[:2]), fleiss_kappa(ratings), krippendorff_alpha(ratings)]

    assert all(-1 - 1e-12 <= c <= 1 + 1e-12 for c in pairs if c is not None)
    assert 0 <= percent_agreement(ratings) <= 1


def test_full_agreement_is_1_by_each():
    ratings = [["true", "false", "true"]] * 3

    assert percent_agreement(ratings) == 1
    assert cohen_kappa(*ratings[:2]) == 1
    assert fleiss_kappa(ratings) == 1
    assert krippendorff_alpha(ratings) == 1


def test_agreement_on_the_only_label_is_undefined_beyond_chance():
    ratings = [["true", "true"]] * 2

    assert percent_agreement(ratings) == 1
    assert cohen_kappa(*ratings) is None
    assert fleiss_kappa(ratings) is None
    assert krippendorff_alpha(ratings) is None


def test_nothing_rated_twice_gives_no_coefficient():
    ratings = [["true", None], [None, "false"]]

    assert percent_agreement(ratings) is None
    assert cohen_kappa(*ratings) is None
    assert krippendorff_alpha(ratings) is None
    assert percent_agreement([]) is None


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (
            lambda: fleiss_kappa([[1, None], [1, 2]]),
            "CT104 Fleiss' kappa is not defined with missing ratings",
        ),
        (lambda: fleiss_kappa([[1, 2]]), "CT104 1 raters cannot agree; expected at least 2"),
        (
            lambda: krippendorff_alpha([[1], [1, 2]]),
            "CT104 sequences of 1 and 2 values do not pair up",
        ),
        (
            lambda: krippendorff_alpha([["a"], ["b"]], scale="ordinal"),
            "CT104 rating 'a' is not a number; expected numbers, or an order",
        ),
        (
            lambda: krippendorff_alpha([["a"], ["b"]], scale="ordinal", order=["a"]),
            "CT104 ratings ['b'] are not in the order; expected ['a']",
        ),
        (
            lambda: krippendorff_alpha([[-1], [1]], scale="ratio"),
            "CT104 a ratio scale has no ratings below 0",
        ),
    ],
)
def test_ratings_that_are_none_are_refused(call, text):
    with pytest.raises(FieldError) as caught:
        call()

    assert str(caught.value) == text
