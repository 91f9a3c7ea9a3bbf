"""``claimtrack facts``: what is known of each fact."""

import click

from claimtrack.cli.options import (
    as_of_option,
    known_by_option,
    path_argument,
    room,
    rows_format_option,
)
from claimtrack.cli.printing import print_as, print_data
from claimtrack.cli.registry import registry_at, with_captured
from claimtrack.engine.facts import knowledge
from claimtrack.escape import for_json
from claimtrack.model.span import day_of, day_text
from claimtrack.registry import Registry
from claimtrack.report.facts import facts_sheet, facts_table, knowledge_object
from claimtrack.report.formats import READ_BY_PROGRAMS, render, render_sheet


@click.command("facts")
@path_argument
@as_of_option
@known_by_option
@rows_format_option
def command(path: str, as_of: str, known_by: str, format_: str) -> None:
    """Print what is known of each fact: its best value, its sources, and conflicts."""
    registry: Registry = registry_at(path)
    registry = with_captured(registry, path, known_by)
    day = day_of(as_of)
    known = list(knowledge(registry.index(known_by), day))
    if format_ == "json":
        facts = [knowledge_object(registry, one) for one in known]
        print_data(for_json({"as_of": day_text(day), "facts": facts}, indent=2) + "\n")
    elif format_ in READ_BY_PROGRAMS:
        print_data(render_sheet(facts_sheet(registry, known), format_))
    else:
        print_as(format_, render(facts_table(registry, known), format_, width=room()))
