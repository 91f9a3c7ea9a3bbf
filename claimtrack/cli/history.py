"""``claimtrack history``: how the status of a claim went, and what changed it."""

import click

from claimtrack.cli.options import (
    DAY,
    colour_option,
    in_colour,
    known_by_option,
    refuse_nothing,
    refuse_swapped,
    room,
)
from claimtrack.cli.printing import print_as, print_data, print_text
from claimtrack.cli.progress import followed
from claimtrack.cli.registry import registry_at
from claimtrack.engine.signature import is_by_check
from claimtrack.errors import NotYetSaidError
from claimtrack.escape import for_json, for_log_line
from claimtrack.model.span import OPEN_START, day_of, day_text
from claimtrack.registry import Registry
from claimtrack.report.formats import FORMATS, READ_BY_PROGRAMS, render, render_sheet
from claimtrack.report.history import (
    HistorySelection,
    all_table,
    history_object,
    history_sheet,
    history_text,
)

WORTH_SHOWING = 10_000
"""Claims whose histories take about a second to tell; less is not worth a bar."""


@click.command("history")
@click.argument("where", nargs=-1, required=True, type=click.Path(), metavar="[CLAIM] PATH")
@click.option("--from", "first", type=DAY, metavar="DAY", help="Only changes from this day on.")
@click.option(
    "--to",
    "--as-of",
    "last",
    type=DAY,
    default="today",
    show_default=True,
    metavar="DAY",
    help="Only changes up to this day (YYYY-MM-DD).",
)
@known_by_option
@click.option(
    "--format",
    "format_",
    type=click.Choice([*FORMATS]),
    default="table",
    show_default=True,
    metavar="NAME",
    help="How to print it; json is one object for programs.",
)
@colour_option
def command(
    where: tuple[str, ...],
    first: str | None,
    last: str,
    known_by: str,
    format_: str,
    colour: str,
) -> None:
    """
    Tell how the status of CLAIM went, day by day, with the one thing that caused each change.

    Without CLAIM, tell it of all claims.
    """
    if len(where) > 2:  # noqa: PLR2004 - a claim and a path
        message = f"Got {len(where)} arguments; expected at most two, CLAIM and PATH"
        raise click.UsageError(message)
    if first is not None and day_of(first) > day_of(last):
        message = f"--from {first} is after --to {last}; expected an earlier day"
        raise click.UsageError(message)
    refuse_swapped(where[:-1], where[-1])
    if len(where) == 1:
        refuse_nothing(where[0], "for the history of one claim give both: CLAIM PATH")
    registry = registry_at(where[-1])
    claims = [where[0]] if len(where) > 1 else list(registry.claims)
    found = _histories(registry, claims, first, last, known_by)
    _tell_of_functions(registry, claims)
    if format_ == "json":
        told = history_object(registry, found, known_by=known_by, last=day_of(last))
        print_data(for_json(told, indent=2) + "\n")
        return
    if format_ in READ_BY_PROGRAMS:
        print_data(render_sheet(history_sheet(found), format_))
        return
    painted = in_colour(colour)
    if len(where) > 1:
        print_as(format_, history_text(registry, found[0], format_, width=room(), colour=painted))
    elif not any(one.changes for one in found):
        print_as(format_, "nothing changed in these days\n")
    else:
        table = all_table(found, registry)
        print_as(format_, render(table, format_, width=room(), colour=painted))


def _histories(
    registry: Registry, claims: list[str], first: str | None, last: str, known_by: str
) -> list[HistorySelection]:
    start = OPEN_START if first is None else day_of(first)
    found: list[HistorySelection] = []
    is_long = len(claims) >= WORTH_SHOWING
    for id_ in followed(claims, "telling", len(claims)) if is_long else claims:
        history = registry.history(id_, known_by=known_by)
        if len(claims) == 1 and history.at(last) is None:
            raise NotYetSaidError(id_, history.claim.said.text, day_text(day_of(last)))
        found.append(HistorySelection(history, history.between(start, day_of(last))))
    return found


def _tell_of_functions(registry: Registry, claims: list[str]) -> None:
    """Say of which claims this is no history: what their functions would have said is not known."""
    for id_ in claims:
        if id_ in registry.checks or is_by_check(registry.claims[id_]):
            message = (
                f"claim {id_!r} is decided by a function, which histories do not ask: this is "
                "what its criterion alone makes of it"
            )
            print_text(for_log_line(message), err=True)
