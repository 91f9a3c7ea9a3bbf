"""What ``claimtrack explain`` prints."""

from collections.abc import Iterator

from claimtrack.cli.looking import Look
from claimtrack.cli.part import audit_of_claim
from claimtrack.engine.audit import Audit
from claimtrack.engine.explain import explain
from claimtrack.report.explanation import evidence_table, heading_lines, reason_lines
from claimtrack.report.formats import render


def audit_for(
    look: Look | None, path: str, claim: str, as_of: str, known_by: str, checks: tuple[str, ...]
) -> Audit:
    """
    Return an audit that tells of *claim*.

    Raises:
        LoadError: The registry at *path* cannot be read.
        ChecksError: One of the *checks* cannot be run.
    """
    if not checks:
        return audit_of_claim(path, look, claim, as_of, known_by)
    from claimtrack.cli.checks import add_checks, audited  # noqa: PLC0415 - rarely needed
    from claimtrack.cli.reading import registry_at  # noqa: PLC0415

    # A function may look at all evidence, so no part of the registry will do for it.
    registry = registry_at(path)
    add_checks(registry, path, checks)
    return audited(registry, as_of, known_by, claims=[claim])


def explained(audit: Audit, claim: str, width: int | None, *, colour: bool) -> str:
    """
    Tell why *claim* is what it is, down to each piece of evidence, in lines of text.

    Raises:
        UnknownRecordError: There is no such claim.
        NotYetSaidError: It had not been made by that day.
    """
    return "".join(_told(audit, claim, width, colour=colour))


def _told(audit: Audit, claim: str, width: int | None, *, colour: bool) -> Iterator[str]:
    explanation = explain(audit, claim)
    yield from (f"{line}\n" for line in heading_lines(audit, explanation))
    yield "\n"
    yield from (f"{line}\n" for line in reason_lines(audit, explanation))
    yield "\n"
    if explanation.items:
        table = evidence_table(audit, explanation)
        yield render(table, "table", width=width, colour=colour)
        yield "\n* the verdict rests on it\n"
    else:
        yield "no evidence on its facts\n"
