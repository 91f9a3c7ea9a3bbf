"""``claimtrack badge``: how many claims held, in a small picture."""

import click

from claimtrack.cli.options import (
    STANDARD_OUTPUT,
    as_of_option,
    checks_option,
    known_by_option,
    path_argument,
    refuse_inputs,
    write_file,
)
from claimtrack.cli.printing import print_data
from claimtrack.cli.registry import audit_at
from claimtrack.escape import for_json
from claimtrack.report.badge import LABEL, badge_object, badge_svg


@click.command("badge")
@path_argument
@as_of_option
@known_by_option
@checks_option
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    type=click.Path(dir_okay=False),
    default=(STANDARD_OUTPUT,),
    metavar="FILE",
    help="Where to write it: a picture into FILE.svg, for badge services into FILE.json; may be "
    "given several times. [default: the picture, to the standard output]",
)
@click.option("--label", default=LABEL, show_default=True, help="What stands on its left.")
def command(
    path: str,
    as_of: str,
    known_by: str,
    checks: tuple[str, ...],
    outputs: tuple[str, ...],
    label: str,
) -> None:
    """Write a badge that says how many of the decided claims held."""
    for file in outputs:
        if file != STANDARD_OUTPUT and not file.lower().endswith((".svg", ".json")):
            message = f"{file!r} does not tell its format; expected an ending .svg or .json"
            raise click.UsageError(message)
    refuse_inputs(outputs, [path], *checks)
    audit = audit_at(path, as_of, known_by, checks)
    for file in outputs:
        if file == STANDARD_OUTPUT:
            print_data(badge_svg(audit, label))
        elif file.lower().endswith(".json"):
            write_file(file, f"{for_json(badge_object(audit, label))}\n")
        else:
            write_file(file, badge_svg(audit, label))
