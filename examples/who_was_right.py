"""The record of each speaker, with how many claims are too few to say anything."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from tabulate import tabulate

import claimtrack

REGISTRY = Path(__file__).parent / "china_russia_2017"
TODAY = "2026-01-01"

DECIDED = (
    claimtrack.Status.HELD,
    claimtrack.Status.LATE,
    claimtrack.Status.PARTLY,
    claimtrack.Status.FAILED,
)
"""What a share is of; conflicting evidence decides nothing."""

ENOUGH = 10
"""Below so many decided claims no share is shown: two of three says next to nothing."""


def share(counts: Counter[claimtrack.Status]) -> str:
    """Return the share of decided claims that held, or why there is none."""
    decided = sum(counts[status] for status in DECIDED)
    if decided < ENOUGH:
        return f"too few: {decided} of {ENOUGH}"
    return f"{counts[claimtrack.Status.HELD] / decided:.0%} of {decided}"


def records(
    audit: claimtrack.Audit, key: Callable[[claimtrack.Claim], str]
) -> Iterator[list[str | int]]:
    """Iterate over the counts by what *key* says of a claim, those with most claims first."""
    tally: dict[str, Counter[claimtrack.Status]] = {}
    for verdict in audit:
        name = key(audit.records.claims[verdict.claim])
        tally.setdefault(name, Counter())[verdict.status] += 1
    for name, counts in sorted(tally.items(), key=lambda pair: (-pair[1].total(), pair[0])):
        open_ones = counts.total() - sum(counts[status] for status in DECIDED)
        yield [name, counts.total(), *(counts[s] for s in DECIDED), open_ones, share(counts)]


def fragile(audit: claimtrack.Audit) -> Iterator[list[str | int]]:
    """Iterate over the decided claims that most readings of the same words see otherwise."""
    for verdict in audit:
        other = sum(reading.status is not verdict.status for reading in verdict.readings)
        if verdict.status in DECIDED and other > len(verdict.readings) / 2 + 1:
            yield [verdict.claim, verdict.status, f"{other} of {len(verdict.readings)}"]


def main() -> None:
    """Print who was right, by speaker and by kind of claim, and where the words decide it."""
    registry = claimtrack.load(REGISTRY)
    audit = registry.audit(as_of=TODAY)

    def speaker(claim: claimtrack.Claim) -> str:
        return registry.speakers[claim.speaker].name or claim.speaker

    headers = ["", "claims", *DECIDED, "no verdict", "held"]
    print(f"Who was right, as of {audit.as_of}\n")
    print(tabulate(list(records(audit, speaker)), headers=["speaker", *headers[1:]]))
    print("\nThe claims of the article are not a sample of what anybody said, and most of")
    print("these speakers are here with a claim or two: a reporter chose the words.\n")
    print(tabulate(list(records(audit, lambda c: c.kind or "")), headers=["kind", *headers[1:]]))
    print("\nWhere most other readings of the same words give another status\n")
    print(tabulate(list(fragile(audit)), headers=["claim", "status", "readings that differ"]))


if __name__ == "__main__":
    main()
