"""``claimtrack explain``: why a claim is what it is."""

import click

from claimtrack.cli.looking import look_at
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


@click.command("explain")
@click.argument("claim")
@path_argument
@as_of_option
@known_by_option
@checks_option
@colour_option
def command(
    claim: str, path: str, as_of: str, known_by: str, checks: tuple[str, ...], colour: str
) -> None:
    """Tell why CLAIM is what it is, down to each piece of evidence."""
    refuse_swapped([claim], path)
    look = None if checks else look_at(path)
    width, painted = room(), in_colour(colour)

    def answered() -> str:
        from claimtrack.cli.explained import audit_for, explained  # noqa: PLC0415 - if it must be

        audit = audit_for(look, path, claim, as_of, known_by, checks)
        return explained(audit, claim, width, colour=painted)

    question = ("explain", claim, as_of, known_by, width, painted)
    text = answered() if look is None else look.answer(question, answered)
    click.echo(text, nl=False, color=painted)
