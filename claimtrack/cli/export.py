"""``claimtrack export``: a registry in other people's formats, and its verdicts in their sheet."""

import click

from claimtrack.cli.import_ import mapping_file, read_mapping, read_with
from claimtrack.cli.main import ExitStatus
from claimtrack.cli.options import (
    STANDARD_OUTPUT,
    as_of_option,
    path_argument,
    refuse_inputs,
    write_file,
)
from claimtrack.cli.printing import print_data, print_text
from claimtrack.cli.registry import registry_at
from claimtrack.escape import for_log_line
from claimtrack.exchange.door import WRITERS
from claimtrack.exchange.imports import state_path
from claimtrack.exchange.ledger import Loss, ledger_text
from claimtrack.exchange.state import saved_state
from claimtrack.exchange.verdicts import sheet_with_verdicts
from claimtrack.files.folder import MAPPING_NAME
from claimtrack.report.words import counted

_TOLD = 10


@click.command("export")
@path_argument
@click.option(
    "--to", "form", type=click.Choice(["csv", *WRITERS]), required=True, help="The format."
)
@click.option(
    "--like", metavar="SHEET", help="For csv: the sheet that was imported, which is written anew."
)
@click.option(
    "--map",
    "map_",
    default=MAPPING_NAME,
    show_default=True,
    metavar="FILE",
    help="For csv: the mapping of the sheet.",
)
@as_of_option
@click.option(
    "-o",
    "--output",
    default=STANDARD_OUTPUT,
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Where to write it; the standard output if not given.",
)
@click.option(
    "--ledger",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Write a line for whatever is not said: CSV, or JSON lines for .jsonl.",
)
def command(
    path: str,
    form: str,
    like: str | None,
    map_: str,
    as_of: str,
    output: str,
    ledger: str | None,
) -> ExitStatus:
    """
    Write the registry at PATH in another format.

    With --to csv --like SHEET, the sheet that was imported is written with the computed status of
    each claim, its day and why.
    """
    outputs = [one for one in (output, ledger) if one is not None]
    refuse_inputs(outputs, [path], *([] if like is None else [like]))
    if form == "csv":
        if like is None:
            raise click.UsageError("--to csv needs the sheet: --like SHEET.")
        text, losses = _sheet(path, like, map_, as_of)
    else:
        text, losses = WRITERS[form](registry_at(path))
    if output == STANDARD_OUTPUT:
        print_data(text)
    else:
        write_file(output, text)
    if ledger is not None:
        write_file(ledger, ledger_text(losses, ledger))
    _tell(form, losses)
    return ExitStatus.DONE


def _sheet(path: str, like: str, map_: str, as_of: str) -> tuple[str, tuple[Loss, ...]]:
    file = mapping_file(map_, path)
    mapping = read_mapping(file)
    sheet = read_with(like, mapping)
    state, _ = saved_state(state_path(path, file.name))
    return sheet_with_verdicts(sheet, mapping, state, registry_at(path).audit(as_of))


def _tell(form: str, losses: tuple[Loss, ...]) -> None:
    for loss in losses[:_TOLD]:
        print_text(for_log_line(str(loss)), err=True)
    if len(losses) > _TOLD:
        more = counted(len(losses) - _TOLD, "further line")
        print_text(f"and {more}; --ledger FILE writes all", err=True)
    if losses:
        print_text(f"export: {counted(len(losses), 'thing')} not said in {form}", err=True)
