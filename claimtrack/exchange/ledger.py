"""The ledger: what an import or an export did not take, line by line, with the reason."""

import csv
import io
import json
from collections.abc import Iterable
from typing import Final

import attrs

from claimtrack.escape import for_csv

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
