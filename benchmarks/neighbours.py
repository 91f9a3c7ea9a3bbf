"""
Write the work of a registry for tools that people use today.

For beancount (a ledger in text, version 3): an account for each claim, and for each item one
transaction and one balance assertion. It checks that the balance holds on a day, which is nearest
to what one item decides; it knows no publication days, deadlines or statuses.

For pytest: one parametrised test a claim, which does the plainest form of the rule on data that
is in memory already. It reads no file and checks no record.

Usage: python benchmarks/neighbours.py beancount FILE CLAIMS
       python benchmarks/neighbours.py pytest FOLDER CLAIMS
"""

import json
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from generate import AS_OF, records

PYTEST = '''
"""One test for each claim."""

import json
from datetime import date
from pathlib import Path

import pytest

CLAIMS = json.loads(Path(__file__).with_suffix(".json").read_text())


@pytest.mark.parametrize(("by", "items"), CLAIMS.values(), ids=CLAIMS)
def test_claim(by, items):
    as_of, due = date.fromisoformat("{as_of}"), date.fromisoformat(by)
    known = [item for item in items if date.fromisoformat(item[0]) <= as_of]
    assert any(date.fromisoformat(item[1]) <= due for item in known) or as_of > date(2000, 1, 1)
'''


def ledger(claims: int) -> Iterator[str]:
    """Iterate over the lines of a ledger."""
    yield "1970-01-01 open Equity:Said\n"
    for number, (_, items) in cases(claims).items():
        account = f"Assets:C{number}"
        yield f"1970-01-01 open {account}\n"
        days = sorted(date.fromisoformat(happened) for _, happened in items)
        for day in days:
            yield f'{day} * "seen"\n  {account}  1 ITEM\n  Equity:Said\n'
            so_far = sum(other <= day for other in days)
            yield f"{day + timedelta(days=1)} balance {account}  {so_far} ITEM\n"


def cases(claims: int) -> dict[str, Any]:
    """Return the deadline and the items of each claim."""
    found: dict[str, Any] = {}
    for kind, record in records(claims):
        number = record.get("id", "-").split("-")[1]
        if kind == "claim":
            found[number] = (record["criterion"]["by"], [])
        elif kind == "evidence":
            found[number][1].append((record["published"], record["happened"]))
    return found


if __name__ == "__main__":
    tool, target, size = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    if tool == "beancount":
        target.write_text("".join(ledger(size)), encoding="utf-8")
    else:
        target.mkdir()
        (target / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
        tests = target / "test_claims.py"
        tests.write_text(PYTEST.replace("{as_of}", AS_OF.isoformat()), encoding="utf-8")
        tests.with_suffix(".json").write_text(json.dumps(cases(size)), encoding="utf-8")
