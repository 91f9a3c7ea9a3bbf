"""Hold what claimtrack finds against the naive implementation, claim by claim."""

from datetime import date

from claimtrack import Audit, Registry
from tests.oracle import known, rules
from tests.oracle.known import Row
from tests.oracle.toml_writer import to_toml


def as_rows(audit: Audit) -> dict[str, Row]:
    """Return what claimtrack found, in the words of the naive implementation."""
    return {
        verdict.claim: {
            "status": str(verdict.status),
            "late_days": verdict.late_days,
            "late_days_min": verdict.late_days_min,
            "due": _iso(verdict.due),
            "readings": [
                (r.name, str(r.status), r.late_days, r.late_days_min) for r in verdict.readings
            ],
            "reading_dues": [_iso(r.due) for r in verdict.readings],
            "robust": verdict.robust,
        }
        for verdict in audit
    }


def _iso(day: float | None) -> str | None:
    return None if day is None else date.fromordinal(int(day)).isoformat()


def differences(
    registry: known.Registry, loaded: Registry, as_of: date, known_by: str = "published"
) -> str:
    """Say about which claims the two disagree, with the claim and both answers; '' if none."""
    audit = loaded.audit(as_of, known_by=known_by)
    expected = rules.audit(registry, as_of, known_by)
    found = as_rows(audit)
    lines = []
    if audit.not_yet_said != expected["not_yet_said"]:
        lines.append(f"not yet said: {audit.not_yet_said}, naively {expected['not_yet_said']}")
    for claim in registry["claim"]:
        naive = dict(expected["claims"].get(claim["id"], {}))
        bits = naive.pop("bits", None)
        if found.get(claim["id"], {}) != naive:
            lines += [
                f"as of {as_of} by {known_by}, bits {bits}",
                f"claimtrack {found.get(claim['id'])}",
                f"naively    {naive}",
                to_toml({"claim": [claim]}),
            ]
    return "\n".join(lines)
