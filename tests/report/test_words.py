import pytest

from claimtrack import assessed
from claimtrack.report.words import criterion_words


@pytest.mark.parametrize(
    ("leaf", "words"),
    [
        (assessed("averitec"), "others rate it as holding on the scale averitec"),
        (
            assessed("meter", supports=["True", "Mostly True"], refutes=["False"]),
            "others rate it “True” or “Mostly True”, not “False”, on the scale meter",
        ),
        (assessed("meter", supports=["True"]), "others rate it “True” on the scale meter"),
        (
            ~assessed("meter", refutes=["False", "No"], min_sources=2, min_tier="press"),
            (
                "not: others do not rate it “False” or “No” on the scale meter "
                "(at least 2 independent sources, tier press or better)"
            ),
        ),
    ],
    ids=["mapped", "both", "supports", "refutes"],
)
def test_a_criterion_on_ratings_is_told_in_words(leaf, words):
    assert criterion_words(leaf, {}) == words
