"""The ledger: what an import or an export did not take, line by line, with the reason."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Final

import attrs

from claimtrack.escape import for_csv
from claimtrack.model.registry import Records
from claimtrack.report.words import counted

ROW: Final = "row"
COLUMN: Final = "column"
FIELD: Final = "field"


@attrs.frozen(kw_only=True)
class Loss:
    """
    One thing that was not carried over.

    Args:
        what: `ROW` for a whole row or record, `COLUMN` for a whole column or key of the format,
            `FIELD` for one value of one record.
        why: The reason, in words.
        at: The number of the row, or the id or address of the record; None for a column.
        field: The head of the column, or the key; None for a row.
    """

    what: str
    why: str
    at: str | None = None
    field: str | None = None

    def __str__(self) -> str:
        where = " ".join(part for part in (self.what, self.at, self.field) if part is not None)
        return f"{where}: {self.why}"


def unsaid_of_claims(records: Records, format_: str) -> Iterator[Loss]:
    """
    Tell of what a format says of no claim and no speaker, with how many of each there are.

    Args:
        records: The records that are written.
        format_: The name of the format.
    """
    claims, speakers = records.claims.values(), records.speakers.values()
    occasions = sum(len(one.occasions) for one in claims)
    retracted = sum(one.retracted is not None for one in claims)
    kinds = sum(one.annulled_kind is not None for one in claims)
    members = sum(one.party is not None or bool(one.groups) for one in speakers)
    numbers = {
        "occasions": counted(occasions, "occasion") if occasions else None,
        "retracted": counted(retracted, "retraction") if retracted else None,
        "annulled_kind": counted(kinds, "kind of annulment", "kinds of annulment")
        if kinds
        else None,
        "party": counted(members, "membership of a party", "memberships of parties")
        if members
        else None,
    }
    for field, number in numbers.items():
        if number is not None:
            yield Loss(what=COLUMN, field=field, why=f"{number} not said in {format_}")


def ledger_text(losses: Iterable[Loss], name: str) -> str:
    """Return *losses* as a file: JSON lines if *name* ends so, else CSV with a row of heads."""
    if name.endswith(".jsonl"):
        return "".join(
            json.dumps(attrs.asdict(one, filter=lambda _, value: value is not None)) + "\n"
            for one in losses
        )
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["what", "at", "field", "why"])
    for one in losses:
        writer.writerow([for_csv(cell or "") for cell in (one.what, one.at, one.field, one.why)])
    return out.getvalue()
