"""The arguments and options that several commands share."""

import os
import shutil
import sys
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import click

from claimtrack.errors import FieldError
from claimtrack.model.verdict import KnownBy
from claimtrack.registry import day_of
from claimtrack.report.style import wants_colour

Command = TypeVar("Command", bound=Callable[..., Any])

WIDTH_OF_A_PIPE = 160
"""Columns of a table that goes to no terminal: wide enough to say why, narrow enough for a log."""


class DayType(click.ParamType):  # type: ignore[type-arg]  # generic only since click 8.4
    """One full day."""

    name = "day"

    def convert(
        self,
        value: object,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str:
        """Accept ``YYYY-MM-DD`` or ``today``."""
        text = date.today().isoformat() if value == "today" else str(value)  # noqa: DTZ011
        try:
            day_of(text)
        except FieldError as error:
            self.fail(error.message, param, ctx)
        return text


DAY = DayType()

path_argument = click.argument("path", type=click.Path(), metavar="PATH")

as_of_option = click.option(
    "--as-of",
    type=DAY,
    default="today",
    show_default=True,
    metavar="DAY",
    help="The last day whose publications count (YYYY-MM-DD).",
)

known_by_option = click.option(
    "--known-by",
    type=click.Choice([axis.value for axis in KnownBy]),
    default=KnownBy.PUBLISHED.value,
    show_default=True,
    help="What counts as known: what was published, or what the registry had recorded.",
)

colour_option = click.option(
    "--colour",
    "--color",
    "colour",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colour for statuses; NO_COLOR is obeyed.",
)


def is_terminal() -> bool:
    """Say whether the output goes to a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def in_colour(wanted: str) -> bool:
    """Say whether the output is to be coloured."""
    return wants_colour(os.environ, is_terminal=is_terminal(), wanted=wanted)  # type: ignore[arg-type]


def room() -> int:
    """Return the columns that a table may take: the terminal's, or those of a log."""
    if is_terminal() or "COLUMNS" in os.environ:
        return shutil.get_terminal_size().columns
    return WIDTH_OF_A_PIPE
