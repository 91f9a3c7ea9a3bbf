"""``claimtrack explain``: why a claim is what it is."""

from collections.abc import Iterator

import click

from claimtrack.cli.main import ExitStatus
from claimtrack.cli.options import (
    as_of_option,
    checks_option,
    colour_option,
    in_colour,
    known_by_option,
    path_argument,
    refuse_swapped,
    room,
)
from claimtrack.cli.printing import print_as
from claimtrack.cli.registry import audited, registry_at, with_checks
from claimtrack.engine.audit import Audit
from claimtrack.engine.explain import explain
from claimtrack.escape import for_json
from claimtrack.model.explanation import Explanation
from claimtrack.report.explanation import (
    evidence_tables,
    explanation_object,
    heading_lines,
    legend_lines,
    reason_lines,
)
from claimtrack.report.formats import render


@click.command("explain")
@click.argument("claim")
@path_argument
@as_of_option
@known_by_option
@checks_option
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="How to print it.",
)
@colour_option
def command(
    claim: str,
    path: str,
    as_of: str,
    known_by: str,
    checks: tuple[str, ...],
    format_: str,
    colour: str,
) -> int:
    """Tell why CLAIM is what it is, down to each piece of evidence."""
    refuse_swapped([claim], path)
    painted = in_colour(colour)
    registry = registry_at(path)
    registry = with_checks(registry, path, checks)
    audit = audited(registry, as_of, known_by, claims=[claim])
    explanation = explain(audit, claim)
    if format_ == "json":
        text = f"{for_json(explanation_object(audit, explanation), indent=2)}\n"
    else:
        text = "".join(_lines(audit, explanation, room(), colour=painted))
    print_as(format_, text, colour=painted)
    return ExitStatus.DONE


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
