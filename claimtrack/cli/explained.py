"""What ``claimtrack explain`` prints."""

from collections.abc import Iterator

from claimtrack.cli.looking import Look
from claimtrack.cli.part import audit_of_claim
from claimtrack.engine.audit import Audit
from claimtrack.engine.explain import explain
from claimtrack.model.explanation import Explanation
from claimtrack.proof import check_proof
from claimtrack.report.escape import for_json, for_log_line
from claimtrack.report.evidence_tables import evidence_tables, legend_lines
from claimtrack.report.explanation import heading_lines, reason_lines
from claimtrack.report.explanation_json import explanation_object
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


def unproven(audit: Audit, claim: str) -> tuple[str, ...]:
    """
    Return what in the explanation of *claim* does not follow from the record; nothing if all does.

    Raises:
        UnknownRecordError: There is no such claim.
        NotYetSaidError: It had not been made by that day.
    """
    return check_proof(explain(audit, claim), audit.records)


def told(
    audit: Audit,
    claim: str,
    format: str,  # noqa: A002
    width: int | None,
    *,
    colour: bool,
    wrong: tuple[str, ...] | None = None,
) -> str:
    """
    Tell why *claim* is what it is, down to each piece of evidence.

    It is one object where *format* is ``json``, else lines of text, with what is *wrong* with the
    proof if that was checked.

    Raises:
        UnknownRecordError: There is no such claim.
        NotYetSaidError: It had not been made by that day.
    """
    explanation = explain(audit, claim)
    if format == "json":
        found = explanation_object(audit, explanation)
        found["unproven"] = None if wrong is None else list(wrong)
        return f"{for_json(found, indent=2)}\n"
    lines = [*_lines(audit, explanation, width, colour=colour), *_proof_lines(wrong)]
    return "".join(lines)


def _lines(
    audit: Audit, explanation: Explanation, width: int | None, *, colour: bool
) -> Iterator[str]:
    yield from (f"{line}\n" for line in heading_lines(audit, explanation))
    yield "\n"
    yield from (f"{line}\n" for line in reason_lines(audit, explanation))
    yield "\n"
    tables = [*evidence_tables(audit, explanation)]
    yield "\n".join(render(table, "table", width=width, colour=colour) for table in tables)
    legend = [*legend_lines(tables)] if tables else ["no evidence on its facts"]
    yield "\n" if tables and legend else ""
    yield from (f"{line}\n" for line in legend)


def _proof_lines(wrong: tuple[str, ...] | None) -> Iterator[str]:
    if wrong is None:
        return
    yield "\n"
    if not wrong:
        yield "checked again without the engine: all of it follows from the record\n"
    yield from (f"does not follow from the record: {for_log_line(line)}\n" for line in wrong)
