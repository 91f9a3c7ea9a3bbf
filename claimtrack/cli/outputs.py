"""Where a command writes, and in which format: one text for each output."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import click

from claimtrack.cli.options import Command
from claimtrack.cli.printing import print_as
from claimtrack.errors import LoadError
from claimtrack.files.folder import ENDINGS, files_below
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
    from claimtrack.report import audit_text  # noqa: PLC0415 - files only

    found = name or audit_text.format_of(Path(file).name)
    if found is None:
        endings = ", ".join(f".{ending}" for ending in audit_text.ENDINGS)
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
        OSError: It cannot be written.
    """
    from claimtrack.atomic import write  # noqa: PLC0415 - files only

    write(file, text.encode())


def refuse_inputs(outputs: Iterable[str], registries: Iterable[str], *others: str) -> None:
    """
    Refuse to write over what is read, by whatever name it is reached.

    Args:
        outputs: Files to write, some of which may be the standard output.
        registries: Folders and files of registries that are read.
        others: Further files that are read.

    Raises:
        UsageError: An output is one of the files that are read, or would be read as a part of a
            registry from now on.
    """
    files = [file for file in outputs if file != STANDARD_OUTPUT]
    if not files:
        return
    roots = list(map(Path, registries))
    read = {_identity(file) for root in roots for file in _files_of(root)}
    read |= {_identity(Path(file)) for file in others}
    for file in files:
        found = _identity(Path(file))
        if found is not None and found in read:
            message = f"{file!r} is read by this command; expected another file to write to"
            raise click.UsageError(message)
        for root in roots:
            if file.endswith(ENDINGS) and _lies_in(Path(file), root):
                message = f"{file!r} would be read as a part of the registry {str(root)!r}"
                raise click.UsageError(f"{message}; expected a file elsewhere")


def _files_of(root: Path) -> Iterator[Path]:
    if not root.is_dir():
        yield root
        return
    with suppress(LoadError):  # which is told when it is loaded
        yield from files_below(root)
    yield from root.glob("*.parquet")


def _identity(file: Path) -> tuple[int, int] | None:
    """Return what all names of a file have in common; None if it is not there."""
    try:
        found = file.stat()
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


def _lies_in(file: Path, root: Path) -> bool:
    return root.is_dir() and root.resolve() in file.resolve().parents
