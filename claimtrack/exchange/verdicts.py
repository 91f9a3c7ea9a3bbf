"""Write a sheet with what became of its claims: the way back of an import."""

import csv
import io

from claimtrack.engine.audit import Audit
from claimtrack.errors import NotYetSaidError
from claimtrack.escape import for_csv, for_sheet
from claimtrack.exchange.imports import reader_of
from claimtrack.exchange.ledger import ROW, Loss
from claimtrack.exchange.mapping import CLAIMS, ColumnMapping, MappingError
from claimtrack.exchange.sheets import Sheet
from claimtrack.exchange.state import State
from claimtrack.report.reasons import because

ADDED = ("computed status", "decided on", "why")
"""The heads of the columns that are added."""


def sheet_with_verdicts(
    sheet: Sheet, mapping: ColumnMapping, state: State, audit: Audit
) -> tuple[str, tuple[Loss, ...]]:
    """
    Return *sheet* as CSV with the computed status of each claim, its day and why.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front, which an import
    drops again. Columns of a former export are written anew.

    Args:
        sheet: The sheet that was imported.
        mapping: What its columns mean.
        state: That of its last import.
        audit: The verdicts on the registry that it was imported into.

    Returns:
        The text, and a line for each row that has no claim.

    Raises:
        MappingError: It is no sheet of claims, or the mapping does not fit.
    """
    if mapping.holds != CLAIMS:
        raise MappingError((("CT362", f"{sheet.name} holds {mapping.holds}; expected claims"),))
    reader = reader_of(sheet, mapping, audit.records, state)
    claims = {row: one.main.id for one in reader.entries.values() for row in one.rows}
    kept = [place for place, head in enumerate(sheet.heads) if head not in ADDED]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*(for_sheet(sheet.heads[place]) for place in kept), *ADDED])
    losses = []
    for row in sheet.rows:
        cells = [row.cells[place] if place < len(row.cells) else "" for place in kept]
        id_ = claims.get(row.number)
        verdict, why = ("", "", ""), None
        if id_ is None:
            why = "; ".join(map(str, reader.problems.get(row.number, ()))) or "it holds no claim"
        elif id_ not in audit.records.claims:
            why = f"claim {id_} is not in the registry; import the sheet first"
        else:
            try:
                verdict = _cells_of(audit, id_)
            except NotYetSaidError as error:
                why = str(error)
        if why is not None:
            losses.append(Loss(what=ROW, at=str(row.number), why=why))
        writer.writerow([*map(for_sheet, cells), *verdict])
    return out.getvalue(), tuple(losses)


def _cells_of(audit: Audit, id_: str) -> tuple[str, str, str]:
    verdict = audit[id_]
    day = "" if verdict.decided_on is None else str(verdict.decided_on)
    return verdict.status.value, day, for_csv(because(audit, verdict))
