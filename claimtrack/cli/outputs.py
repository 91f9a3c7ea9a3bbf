"""Where a command writes, and in which format: one text for each output."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import click

from claimtrack.cli.options import Command
from claimtrack.cli.printing import print_as
from claimtrack.report.formats import FORMATS

FORMAT: Final = "table"
STANDARD_OUTPUT: Final = "-"


def output_options(command: Command) -> Command:
    """Give *command* ``-o`` and ``--format``, each of which may stand several times."""
    output = click.option(
        "-o",
        "--output",
        "outputs",
        multiple=True,
        type=click.Path(dir_okay=False),
        metavar="FILE",
        help="Write it to FILE in the format of its ending; may be given several times. - is the "
        "standard output.",
    )
    format_ = click.option(
        "--format",
        "formats",
        type=click.Choice([*FORMATS]),
        multiple=True,
        metavar="NAME",
        help="How to print it: table where nothing is said; json is one object for programs. "
        "Given several times, the first is that of the first FILE, and so on.",
    )
    return output(format_(command))


def outputs_of(files: tuple[str, ...], formats: tuple[str, ...]) -> list[tuple[str, str]]:
    """
    Return each output with its format, before anything is read or written.

    Raises:
        UsageError: There are more formats than files, or a file does not tell its format.
    """
    files = files or (STANDARD_OUTPUT,)
    if len(formats) > len(files):
        count = f"{len(formats)} formats for {len(files)} output{'s' * (len(files) > 1)}"
        message = f"got {count}; expected an -o FILE for each --format"
        raise click.UsageError(message)
    given = [*formats, *[None] * (len(files) - len(formats))]
    return [(file, _format(file, name)) for file, name in zip(files, given, strict=True)]


def _format(file: str, name: str | None) -> str:
    if name is None and file == STANDARD_OUTPUT:
        return FORMAT
    from claimtrack.report.audit_text import ENDINGS, format_of  # noqa: PLC0415 - files only

    found = name or format_of(Path(file).name)
    if found is None:
        endings = ", ".join(f".{ending}" for ending in ENDINGS)
        message = (
            f"{file!r} does not tell its format; expected one of {endings}, or a --format for it"
        )
        raise click.UsageError(message)
    return found


def write_all(
    outputs: Iterable[tuple[str, str]],
    shown: Callable[[str], str],
    kept: Callable[[str], str],
    *,
    colour: bool,
) -> None:
    """
    Write every output.

    Args:
        outputs: From `outputs_of`.
        shown: Makes the text of a format for the standard output.
        kept: Makes it for a file, where it is as wide as it is, whatever the terminal.
        colour: Whether what is shown may be in colour.
    """
    for file, format_ in outputs:
        if file == STANDARD_OUTPUT:
            print_as(format_, shown(format_), colour=colour)
        else:
            write_file(file, kept(format_))


def write_file(file: str, text: str) -> None:
    """
    Write *text* to *file*, whole or not at all.

    Raises:
        FileError: It cannot be written.
    """
    from claimtrack.files.dump import put  # noqa: PLC0415 - files only

    try:
        put(Path(file), text.encode())
    except OSError as error:
        raise click.FileError(file, error.strerror) from error
