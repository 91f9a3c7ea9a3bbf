"""The lateness that is found among a few candidates is the one that trying every day finds."""

from tests.oracle.known import Case
from tests.oracle.random_registries import days_that_tell, make
from tests.oracle.rules import FALSE, bits_of_parts, lateness, lateness_day_by_day


def test_the_candidates_miss_no_smaller_extension() -> None:
    late = 0
    for seed in range(60):
        registry = make(seed, decades=False)  # to try each day of decades takes half a minute
        for as_of in days_that_tell(registry, seed, 5):
            for claim in registry["claim"]:
                case = Case(registry, claim, as_of.toordinal())
                criterion = claim.get("criterion", {"parts": []})
                if set(bits_of_parts(case, criterion)) == {FALSE}:
                    answer = lateness(case, criterion)
                    late += answer is not None
                    assert answer == lateness_day_by_day(case, criterion), (seed, as_of, claim)

    assert late > 10
