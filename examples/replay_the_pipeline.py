"""Replay one promise: how its verdict stood, how the pipe grew, how the promised start slipped."""

from collections.abc import Iterator
from datetime import date, timedelta
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


def published(registry: claimtrack.Registry, item: claimtrack.Evidence) -> date | None:
    """Return the day by which *item* was public, or None if that is not known."""
    span = item.published or registry.sources[item.source].published
    return None if span is None else span.latest


def days(registry: claimtrack.Registry) -> list[date]:
    """
    Return the days from the claim to `TODAY` on which a verdict may change, ascending.

    Those are the days on which something was published, and the day after each deadline's grace.
    """
    said = registry.claims[PIPELINE].said.earliest or date.min
    found = {published(registry, item) for item in registry.evidence.values()}
    deadline = date(2019, 12, 31) + timedelta(days=1 + registry.settings.policy.grace)
    return sorted(day for day in {said, deadline, *found} if day and said <= day <= TODAY)


def statuses(verdict: claimtrack.Verdict) -> list[str]:
    """Return the status of the claim and of each reading, with the days it came late."""
    found = [(verdict.status, verdict.late_days)]
    found += [(reading.status, reading.late_days) for reading in verdict.readings]
    return [status if late is None else f"{status}, {late} days" for status, late in found]


def turns(registry: claimtrack.Registry) -> Iterator[list[str]]:
    """Iterate over the days on which the claim or a reading of it changed."""
    last: list[str] = []
    for day in days(registry):
        row = statuses(registry.audit(as_of=day)[PIPELINE])
        if row != last:
            yield [day.isoformat(), *row]
        last = row


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
    show("How the verdict stood", turns(registry), ["from", "plainly", *readings])
    headers = ["reported for", "built, %", "straight line, %", "ahead by", "", "publisher"]
    show("What was built, against a steady pace to the deadline", progress(registry), headers)
    headers = ["said", "by", "gas by", "became", "days late"]
    show("How the promised start slipped", slips(registry), headers)


if __name__ == "__main__":
    main()
