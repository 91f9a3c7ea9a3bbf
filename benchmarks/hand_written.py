"""
Do the whole job by hand, with nothing but the standard library: the yardstick of the benchmarks.

It reads JSON lines into slotted dataclasses, decides "the event happened by a day" for each claim
from what was published by the day of the audit, and counts. It checks nothing that it does not
need, and knows no other rule. Nobody may make it slower.
"""

import gzip
import json
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


@dataclass(slots=True)
class Source:
    """Where evidence was published."""

    id: str
    publisher: str
    published: date
    tier: str


@dataclass(slots=True)
class Claim:
    """What was said, and by when it was to come."""

    id: str
    speaker: str
    said: date
    source: str
    quote: str
    fact: str
    by: date


@dataclass(slots=True)
class Evidence:
    """A report that an event happened."""

    id: str
    fact: str
    source: str
    published: date
    happened: date


class Registry(NamedTuple):
    """All records, with the evidence by fact."""

    claims: list[Claim]
    speakers: dict[str, str]
    sources: dict[str, Source]
    evidence: defaultdict[str, list[Evidence]]


def read(path: str) -> Registry:
    """Read a registry."""
    day = date.fromisoformat
    claims: list[Claim] = []
    speakers: dict[str, str] = {}
    sources: dict[str, Source] = {}
    evidence: defaultdict[str, list[Evidence]] = defaultdict(list)
    opened = gzip.open(path, "rt") if path.endswith(".gz") else open(path)  # noqa: PTH123, SIM115
    with opened as lines:
        for line in lines:
            row = json.loads(line)
            match row["type"]:
                case "claim":
                    criterion = row["criterion"]
                    claims.append(
                        Claim(
                            row["id"],
                            row["speaker"],
                            day(row["said"]),
                            row["source"],
                            row["quote"],
                            criterion["event"],
                            day(criterion["by"]),
                        )
                    )
                case "evidence":
                    evidence[row["fact"]].append(
                        Evidence(
                            row["id"],
                            row["fact"],
                            row["source"],
                            day(row["published"]),
                            day(row["happened"]),
                        )
                    )
                case "source":
                    sources[row["id"]] = Source(
                        row["id"], row["publisher"], day(row["published"]), row["tier"]
                    )
                case "speaker":
                    speakers[row["id"]] = row["name"]
    return Registry(claims, speakers, sources, evidence)


def audit(path: str, as_of: date) -> Counter[str]:
    """Count the claims by status."""
    claims, _, _, evidence = read(path)
    counts: Counter[str] = Counter()
    for claim in claims:
        if claim.said > as_of:
            counts["not yet said"] += 1
            continue
        known = [item for item in evidence[claim.fact] if item.published <= as_of]
        if any(item.happened <= claim.by for item in known):
            counts["held"] += 1
        elif as_of <= claim.by:
            counts["pending"] += 1
        elif known:
            counts["not-enough-evidence"] += 1
        else:
            counts["overdue"] += 1
    return counts


if __name__ == "__main__":
    for status, number in sorted(audit(sys.argv[1], date.fromisoformat(sys.argv[2])).items()):
        print(status, number)
