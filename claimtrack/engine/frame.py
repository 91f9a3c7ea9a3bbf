"""An audit as a data frame of whichever library."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from claimtrack.errors import require
from claimtrack.model.span import Day

if TYPE_CHECKING:
    from claimtrack.engine.audit import Audit

COLUMNS: Final = (
    *("claim", "speaker", "said", "kind", "status", "late_days", "due", "decided_on"),
    *("robust", "recorded_status"),
)


def frame_of(audit: "Audit", backend: str) -> Any:  # noqa: ANN401 - a class of the backend
    """Return *audit* as `Audit.to_frame` does."""
    narwhals = require("narwhals", feature="data frames", extra="frames")
    rows = _rows(audit)
    data = {name: [row[name] for row in rows] for name in COLUMNS}
    return narwhals.from_dict(data, backend=backend).to_native()


def _rows(audit: "Audit") -> Sequence[Mapping[str, Any]]:
    claims = audit.records.claims
    return [
        {
            "claim": verdict.claim,
            "speaker": claims[verdict.claim].speaker,
            "said": claims[verdict.claim].said.text,
            "kind": _value(claims[verdict.claim].kind),
            "status": verdict.status.value,
            "late_days": verdict.late_days,
            "due": _date(verdict.due),
            "decided_on": _date(verdict.decided_on),
            "robust": verdict.robust,
            "recorded_status": _value(claims[verdict.claim].status),
        }
        for verdict in audit
    ]


def _value(word: Any) -> str | None:  # noqa: ANN401 - any enumeration
    return None if word is None else str(word.value)


def _date(day: Day | None) -> date | None:
    """Return a day as a date; None for none, and for one that a date cannot hold."""
    if day is None or not date.min.toordinal() <= day <= date.max.toordinal():
        return None
    return date.fromordinal(int(day))
