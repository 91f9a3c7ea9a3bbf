"""``claimtrack explain``: why a claim is what it is."""

import click

from claimtrack.cli.looking import look_at
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


@click.command("explain")
@click.argument("claim")
@path_argument
@as_of_option
@known_by_option
@checks_option
@click.option(
    "--prove",
    is_flag=True,
    help="Check the explanation again, without the engine, and say whether all of it follows from "
    "the record.",
)
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
    prove: bool,  # noqa: FBT001 - click passes it by name
    format_: str,
    colour: str,
) -> int:
    """
    Tell why CLAIM is what it is, down to each piece of evidence.

    It ends with status 1 if it is to --prove that and cannot.
    """
    refuse_swapped([claim], path)
    width, painted = room(), in_colour(colour)
    if prove:
        from claimtrack.cli.explained import audit_for, told, unproven  # noqa: PLC0415

        audit = audit_for(None, path, claim, as_of, known_by, checks)
        wrong = unproven(audit, claim)
        text = told(audit, claim, format_, width, colour=painted, wrong=wrong)
        print_as(format_, text, colour=painted)
        return ExitStatus.FINDINGS if wrong else ExitStatus.DONE
    look = None if checks else look_at(path)

    def answered() -> str:
        from claimtrack.cli.explained import audit_for, told  # noqa: PLC0415 - if it must be

        audit = audit_for(look, path, claim, as_of, known_by, checks)
        return told(audit, claim, format_, width, colour=painted)

    question = ("explain", claim, as_of, known_by, format_, width, painted)
    text = answered() if look is None else look.answer(question, answered)
    print_as(format_, text, colour=painted)
    return ExitStatus.DONE
