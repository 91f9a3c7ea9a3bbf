"""``claimtrack history``: how the status of a claim changed, and why."""

import click

from claimtrack.cli.options import (
    DAY,
    colour_option,
    format_option,
    in_colour,
    known_by_option,
    refuse_missing,
    refuse_swapped,
    room,
)
from claimtrack.cli.printing import print_as, print_data, print_text
from claimtrack.cli.progress import with_progress
from claimtrack.cli.registry import registry_at, with_captured
from claimtrack.engine.signature import is_by_check
from claimtrack.errors import NotYetSaidError
from claimtrack.escape import for_json, for_log_line
from claimtrack.model.span import OPEN_START, day_of, day_text
from claimtrack.registry import Registry
from claimtrack.report.formats import READ_BY_PROGRAMS, render, render_sheet
from claimtrack.report.history import (
    HistorySelection,
    all_table,
    history_object,
    history_sheet,
    history_text,
)

WORTH_SHOWING = 10_000
"""Claims whose histories take about a second, from which on a progress bar is shown."""


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
@format_option
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
        refuse_missing(where[0], "for the history of one claim give both: CLAIM PATH")
    registry = registry_at(where[-1])
    registry = with_captured(registry, where[-1], known_by)
    claims = [where[0]] if len(where) > 1 else list(registry.claims)
    selections = _histories(registry, claims, first, last, known_by)
    _warn_of_functions(registry, claims)
    if format_ == "json":
        value = history_object(registry, selections, known_by=known_by, last=day_of(last))
        print_data(for_json(value, indent=2) + "\n")
        return
    if format_ in READ_BY_PROGRAMS:
        print_data(render_sheet(history_sheet(selections), format_))
        return
    painted = in_colour(colour)
    if len(where) > 1:
        print_as(
            format_, history_text(registry, selections[0], format_, width=room(), colour=painted)
        )
    elif not any(one.changes for one in selections):
        print_as(format_, "nothing changed in these days\n")
    else:
        table = all_table(selections, registry)
        print_as(format_, render(table, format_, width=room(), colour=painted))


def _histories(
    registry: Registry, claims: list[str], first: str | None, last: str, known_by: str
) -> list[HistorySelection]:
    start = OPEN_START if first is None else day_of(first)
    selections: list[HistorySelection] = []
    is_long = len(claims) >= WORTH_SHOWING
    for id_ in with_progress(claims, "telling", len(claims)) if is_long else claims:
        history = registry.history(id_, known_by=known_by)
        if len(claims) == 1 and history.at(last) is None:
            raise NotYetSaidError(id_, history.claim.said.text, day_text(day_of(last)))
        selections.append(HistorySelection(history, history.between(start, day_of(last))))
    return selections


def _warn_of_functions(registry: Registry, claims: list[str]) -> None:
    """Warn of claims that a function decides, whose past answers are not known."""
    for id_ in claims:
        if id_ in registry.checks or is_by_check(registry.claims[id_]):
            message = (
                f"claim {id_!r} is decided by a function, which histories do not ask: this is "
                "what its criterion alone makes of it"
            )
            print_text(for_log_line(message), err=True)
