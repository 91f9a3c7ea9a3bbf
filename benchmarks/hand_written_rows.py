"""
Print every row of an audit by hand: the yardstick for what the command prints.

It prints what ``claimtrack audit --format jsonl`` (or ``csv``, ``json``, ``table``) prints of a
registry made by ``generate.py``, byte for byte in JSON lines and CSV, with what `hand_written`
reads. It escapes nothing that JSON and CSV do not. Nobody may make it slower.
"""

import csv
import json
import sys
from collections.abc import Iterator
from datetime import date
from typing import Any

from hand_written import Claim, Evidence, Registry, read

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def in_words(day: date) -> str:
    """Return a day as people write it."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def row(claim: Claim, registry: Registry, as_of: date) -> dict[str, Any]:
    """Return what is printed of a claim."""
    reports = registry.evidence[claim.fact]
    known = [report for report in reports if report.published <= as_of]
    supporting = [report for report in known if report.happened <= claim.by]
    firsts: dict[str, Evidence] = {}
    decided_on = None
    if supporting:
        status = "held"
        for report in sorted(supporting, key=lambda report: (report.published, report.id)):
            firsts.setdefault(registry.sources[report.source].publisher, report)
        oldest = next(iter(firsts.values()))
        decided_on = max(oldest.published, claim.said)
        shown = next((one for one in firsts.values() if one.published == decided_on), oldest)
        count = f"{len(firsts)} source{'s' * (len(firsts) > 1)}"
        because = f"{claim.fact.replace('-', ' ')} on {in_words(shown.happened)}, {count}"
    else:
        status = "not-enough-evidence" if known else "overdue"
        if as_of <= claim.by:
            status = "pending"
        because = f"{len(known)} reports, none decides"
        if len(known) == 1:
            because = "1 report, which does not decide"
        elif not known:
            because = "nothing reported"
            if status == "overdue":
                because = "no dated report in this registry"
    return {
        "id": claim.id,
        "speaker": claim.speaker,
        "speaker_name": registry.speakers[claim.speaker],
        "said": claim.said.isoformat(),
        "source": claim.source,
        "kind": None,
        "status": status,
        "recorded_status": None,
        "late_days": None,
        "late_days_min": None,
        "due": claim.by.isoformat(),
        "decided_on": None if decided_on is None else decided_on.isoformat(),
        "robust": True,
        "readings_same": 1,
        "readings_total": 1,
        "used": [report.id for report in firsts.values()],
        "marks": ["after the fact"] if decided_on is not None and decided_on <= claim.said else [],
        "quote": claim.quote,
        "proposition": None,
        "because": because,
        "progress_label": None,
        "times_said": 1,
        "retracted": None,
        "annulled_kind": None,
    }


def rows(path: str, as_of: date) -> Iterator[dict[str, Any]]:
    """Iterate over the rows of all claims that had been made."""
    registry = read(path)
    for claim in registry.claims:
        if claim.said <= as_of:
            yield row(claim, registry, as_of)


def cell(value: object) -> str:
    """Return a value as CSV has it."""
    if value is None:
        return ""
    if value is True:
        return "true"
    return "; ".join(value) if isinstance(value, list) else str(value)


def main() -> None:
    """Print the rows in a format."""
    path, day, format_ = sys.argv[1:]
    found = rows(path, date.fromisoformat(day))
    if format_ == "jsonl":
        for one in found:
            sys.stdout.write(json.dumps(one) + "\n")
    elif format_ == "json":
        json.dump(list(found), sys.stdout)
    elif format_ == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        for number, one in enumerate(found):
            if not number:
                writer.writerow(one)
            writer.writerow(map(cell, one.values()))
    else:
        keys = ("id", "speaker_name", "said", "due", "status", "decided_on", "because")
        table = [keys, *(tuple(cell(one[key]) for key in keys) for one in found)]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        for line in table:
            sys.stdout.write("  ".join(map(str.ljust, line, widths)).rstrip() + "\n")


if __name__ == "__main__":
    main()
