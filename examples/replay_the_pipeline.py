"""Replay one promise: how its verdict stood, how the pipe grew, how the promised start slipped."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from tabulate import tabulate

import claimtrack

REGISTRY = Path(__file__).parent / "china_russia_2017"
PIPELINE = "siberia-pipeline-by-end-2019"
SHARE = "power-of-siberia/share-built"
TODAY = date(2026, 1, 1)

LINE_BEGINS = (date(2017, 1, 1), Decimal(100 * 445) / 2158)
"""The last count before the claim: 445 of 2,158 km, in percent."""

LINE_ENDS = (date(2019, 12, 31), Decimal(100))


def statuses(change: claimtrack.Change) -> list[str]:
    """Return the status of the claim and of each reading, with the days it came late."""
    found = [(change.status, change.late_days)]
    found += [(reading.status, reading.late_days) for reading in change.readings]
    return [status if late is None else f"{status}, {late} days" for status, late in found]


def cause(registry: claimtrack.Registry, change: claimtrack.Change) -> str:
    """Return what brought the change about: a publisher's report, or the calendar."""
    if change.cause.evidence is None:
        return str(change.cause.kind)
    source = registry.sources[registry.evidence[change.cause.evidence].source]
    return source.publisher or source.id


def turns(registry: claimtrack.Registry) -> Iterator[list[str]]:
    """Iterate over the days to `TODAY` on which the claim or a reading of it changed."""
    for change in registry.history(PIPELINE).changes:
        if change.day <= TODAY.toordinal():
            day = date.fromordinal(int(change.day)).isoformat()
            yield [day, *statuses(change), cause(registry, change)]


def straight_line(day: date) -> Decimal:
    """Return the share in percent that a steady pace to the deadline would have built by *day*."""
    (start, low), (end, high) = LINE_BEGINS, LINE_ENDS
    return low + (high - low) * (day - start).days / (end - start).days


def lowest(value: object) -> Decimal:
    """Return an observed number, or the lower end of an observed range."""
    return Decimal(str(value.low if isinstance(value, claimtrack.Range) else value))


def progress(registry: claimtrack.Registry) -> Iterator[list[str]]:
    """Iterate over the reported shares in order, each beside the straight line."""
    reports = [
        (item.when.latest, lowest(item.value), registry.sources[item.source])
        for item in registry.evidence.values()
        if item.fact == SHARE and item.when is not None and item.when.latest is not None
    ]
    for day, share, source in sorted(reports, key=lambda report: report[:2]):
        line = straight_line(day)
        bar = "#" * round(share / 5)
        ahead = f"{share - line:+.1f}"
        yield [day.isoformat(), f"{share:.1f}", f"{line:.1f}", ahead, bar, source.publisher or ""]


def slips(registry: claimtrack.Registry) -> Iterator[list[str]]:
    """Iterate over the promised starts in the order in which they were made."""
    audit = registry.audit(as_of=TODAY)
    claims = [c for c in registry.claims.values() if "promised starts" in c.topics]
    for claim in sorted(claims, key=lambda claim: claim.said.latest or date.max):
        verdict = audit[claim.id]
        due = "" if verdict.due is None else date.fromordinal(int(verdict.due)).isoformat()
        speaker = registry.speakers[claim.speaker].name or claim.speaker
        late = "" if verdict.late_days is None else str(verdict.late_days)
        yield [claim.said.text, speaker, due, verdict.status, late]


def show(title: str, rows: Iterator[list[str]], headers: list[str]) -> None:
    """Print *rows* under a title."""
    print(f"\n{title}\n")
    print(tabulate(list(rows), headers=headers, disable_numparse=True))


def main() -> None:
    """Print the three tables."""
    registry = claimtrack.load(REGISTRY)
    claim = registry.claims[PIPELINE]
    print(f"{registry.speakers[claim.speaker].name}, {claim.said.text}: {claim.quote}.")
    readings = [reading.name for reading in claim.readings]
    show("How the verdict stood", turns(registry), ["from", "plainly", *readings, "by way of"])
    headers = ["reported for", "built, %", "straight line, %", "ahead by", "", "publisher"]
    show("What was built, against a steady pace to the deadline", progress(registry), headers)
    headers = ["said", "by", "gas by", "became", "days late"]
    show("How the promised start slipped", slips(registry), headers)


if __name__ == "__main__":
    main()
