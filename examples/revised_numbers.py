"""One claim, right on the data of its day and undercut by revision: both verdicts, side by side."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from tabulate import tabulate

import claimtrack

REGISTRY = Path(__file__).parent / "china_russia_2017"
RECESSION = "nearly-two-years-of-recession"
GROWTH = "russia/gdp-growth"
DAYS = ("2017-07-06", "2018-02-28", "2018-12-31", "2019-02-27", "2019-02-28", "2026-01-01")
YEARS = ("2015", "2016")


def known_from(registry: claimtrack.Registry, item: claimtrack.Evidence) -> date:
    """Return the day from which *item* was public; the last of days if that is not known."""
    span = item.published or registry.sources[item.source].published
    return (span.latest if span else None) or date.max


def figures(registry: claimtrack.Registry, year: str) -> list[claimtrack.Evidence]:
    """Return the figures for the growth of *year*, oldest first."""
    found = [
        item
        for item in registry.evidence.values()
        if item.fact == GROWTH and item.when is not None and item.when.text == year
    ]
    return sorted(found, key=lambda item: known_from(registry, item))


def in_force(registry: claimtrack.Registry, year: str, day: date) -> str:
    """Return the figures for *year* that stood on *day*, neither superseded nor withdrawn."""
    known = [item for item in figures(registry, year) if known_from(registry, item) <= day]
    gone = {name for item in known for name in item.supersedes}
    gone |= {i.id for i in known if i.withdrawn and (i.withdrawn.latest or date.max) <= day}
    return ", ".join(sorted({str(item.value) for item in known if item.id not in gone}))


def verdicts(registry: claimtrack.Registry) -> Iterator[list[str]]:
    """Iterate over the days: the figures that stood, and what they made of the claim."""
    for day in DAYS:
        verdict = registry.audit(as_of=day)[RECESSION]
        stood = [in_force(registry, year, date.fromisoformat(day)) for year in YEARS]
        same = sum(reading.status is verdict.status for reading in verdict.readings)
        yield [day, *stood, verdict.status, f"{same} of {len(verdict.readings)}"]


def revisions(registry: claimtrack.Registry) -> Iterator[list[str]]:
    """Iterate over every figure for the two years, with its source and what it replaced."""
    for year in YEARS:
        for item in figures(registry, year):
            source = registry.sources[item.source]
            end = "" if item.withdrawn is None else f"withdrawn {item.withdrawn.text}"
            replaced = ", ".join(str(registry.evidence[i].value) for i in item.supersedes) or end
            day = known_from(registry, item).isoformat()
            yield [year, day, str(item.value), source.publisher or "", replaced]


def main() -> None:
    """Print the claim as of several days, then the figures behind it."""
    registry = claimtrack.load(REGISTRY)
    claim = registry.claims[RECESSION]
    print(f"{registry.speakers[claim.speaker].name}, {claim.said.text}: {claim.quote}.\n")
    headers = ["as of", *YEARS, "the claim is", "readings that agree"]
    print(tabulate(list(verdicts(registry)), headers=headers, disable_numparse=True))
    print("\nGrowth of Russian GDP in percent, as it was published\n")
    headers = ["year", "public by", "figure", "seen at", "replaces"]
    print(tabulate(list(revisions(registry)), headers=headers, disable_numparse=True))
    print(f"\n{claim.note}")


if __name__ == "__main__":
    main()
