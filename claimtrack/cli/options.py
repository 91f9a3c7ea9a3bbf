"""The arguments and options that several commands share."""

import errno
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from claimtrack.cli.printing import Text, print_as
from claimtrack.errors import LoadError
from claimtrack.files.folder import ENDINGS, files_below
from claimtrack.model.verdict import KnownBy
from claimtrack.report.formats import FORMATS, READ_BY_PROGRAMS
from claimtrack.report.style import wants_colour

if TYPE_CHECKING:
    from claimtrack.model.registry import Records

Command = TypeVar("Command", bound=Callable[..., Any])

FORMAT: Final = "table"
STANDARD_OUTPUT: Final = "-"


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
        if not _is_plain_day(text):
            self._check(text, param, ctx)
        return text

    def _check(self, text: str, param: click.Parameter | None, ctx: click.Context | None) -> None:
        from claimtrack.errors import FieldError  # noqa: PLC0415 - for odd days only
        from claimtrack.model.span import day_of  # noqa: PLC0415

        try:
            day_of(text)
        except FieldError as error:
            # The message on a span helps only where the text looks like a day.
            is_day = re.fullmatch(r"\d{4}-\d{2}-\d{2}", text)
            message = f"{text!r} is not a day; expected one full day, YYYY-MM-DD"
            self.fail(error.message if is_day else message, param, ctx)


def _is_plain_day(text: str) -> bool:
    """Whether *text* is a day as ``YYYY-MM-DD``, and in no other form of ISO 8601."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


DAY = DayType()

path_argument = click.argument("path", type=click.Path(), metavar="PATH")


def refuse_swapped(claims: Iterable[str], path: str) -> None:
    """
    Refuse arguments that look swapped.

    Raises:
        LoadError: Nothing is at *path*, and something is at the path of one of the *claims*.
    """
    if any(map(os.path.lexists, claims)):
        refuse_missing(path, "did you swap CLAIM and PATH?")


def refuse_missing(path: str, hint: str) -> None:
    """
    Refuse a *path* with nothing at it, with a *hint*.

    Raises:
        LoadError: Nothing is at *path*.
    """
    if os.path.lexists(path):
        return
    from claimtrack.errors import Problem  # noqa: PLC0415 - for errors only

    message = f"{path!r} cannot be read: {os.strerror(errno.ENOENT)}"
    raise LoadError((Problem(code="CT001", message=message, hint=hint),))


def repository_of(path: str) -> Path | None:
    """Return the top of the repository that *path* lies in, the folder that holds ``.git``."""
    here = Path(os.path.realpath(path))
    tops = (folder for folder in (here, *here.parents) if (folder / ".git").exists())
    return next(tops, None)


def identity_of(registry: "Records", path: str) -> tuple[str, str | None]:
    """
    Return what identifies *registry* among all others, and advice if it has no id.

    Args:
        registry: Its id is used if it has one.
        path: Its path from the folder of its repository on is used otherwise.
    """
    if registry.settings.id is not None:
        return registry.settings.id, None
    from claimtrack.escape import for_log_line  # noqa: PLC0415 - for few commands

    here, top = Path(os.path.realpath(path)), repository_of(path)
    named = here.relative_to(top.parent) if top is not None and top != here else here.name
    identity = PurePath(named).as_posix()
    return identity, for_log_line(
        f"the registry has no id; its feed and events are known by {identity!r}, "
        'so keep that name or write [registry] id = "..."'
    )


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
    help="What counts as known: what was published, what the registry had recorded, or what was "
    "published and stands in a pinned copy, from the day on which that was captured.",
)

checks_option = click.option(
    "--checks",
    multiple=True,
    metavar="FILE",
    help="A Python file or module of your own, which is run: its function "
    "pytest_claimtrack_registry(registry) returns the functions that decide claims, by their ids. "
    "May be given several times.",
)

snapshots_option = click.option(
    "--snapshots",
    envvar="CLAIMTRACK_SNAPSHOTS",
    type=click.Path(file_okay=False),
    metavar="DIR",
    help="The folder with private copies of sources, outside the registry; or set "
    "CLAIMTRACK_SNAPSHOTS.",
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

format_option = click.option(
    "--format",
    "format_",
    type=click.Choice([*FORMATS]),
    default=FORMAT,
    show_default=True,
    metavar="NAME",
    help="How to print it; json is one object for programs.",
)

rows_format_option = click.option(
    "--format",
    "format_",
    type=click.Choice([FORMAT, "json", *READ_BY_PROGRAMS]),
    default=FORMAT,
    show_default=True,
    help="How to print it.",
)


def is_terminal() -> bool:
    """Whether the standard output is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def in_colour(wanted: str) -> bool:
    """Whether to colour the output."""
    return wants_colour(os.environ, is_terminal=is_terminal(), wanted=wanted)  # type: ignore[arg-type]


def room() -> int | None:
    """Return the display columns for a table: those of the terminal, or None for no limit."""
    if is_terminal() or "COLUMNS" in os.environ:
        import shutil  # noqa: PLC0415 - which takes long to import

        return shutil.get_terminal_size().columns
    return None


def output_options(command: Command) -> Command:
    """Give *command* ``-o`` and ``--format``, each of which may be given several times."""
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
    Return each output with its format.

    Raises:
        UsageError: There are more formats than files, or a file has neither a format nor an
            ending that implies one.
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
    from claimtrack.report import audit as audit_text  # noqa: PLC0415 - files only

    format_ = name or audit_text.format_of(Path(file).name)
    if format_ is None:
        endings = ", ".join(f".{ending}" for ending in audit_text.ENDINGS)
        message = (
            f"{file!r} does not tell its format; expected one of {endings}, or a --format for it"
        )
        raise click.UsageError(message)
    return format_


def write_all(
    outputs: Iterable[tuple[str, str]],
    for_terminal: Callable[[str], Text],
    for_file: Callable[[str], Text],
    *,
    colour: bool,
) -> None:
    """
    Write every output.

    Args:
        outputs: From `outputs_of`.
        for_terminal: Returns the text in a format, or its pieces, for the standard output.
        for_file: Returns it for a file, whose width does not depend on the terminal.
        colour: Whether the standard output may be in colour.
    """
    for file, format_ in outputs:
        if file == STANDARD_OUTPUT:
            print_as(format_, for_terminal(format_), colour=colour)
        else:
            write_file(file, for_file(format_))


def write_file(file: str, text: Text) -> None:
    """
    Write *text*, or its pieces, to *file*, all or nothing.

    Raises:
        OSError: It cannot be written.
    """
    from claimtrack.atomic import write  # noqa: PLC0415 - files only

    if isinstance(text, str):
        write(file, text.encode())
    else:
        write(file, lambda opened: opened.writelines(map(str.encode, text)))


def refuse_inputs(outputs: Iterable[str], registries: Iterable[str], *others: str) -> None:
    """
    Refuse outputs that would overwrite an input, under any name of it.

    Args:
        outputs: Files to write; ``-`` is the standard output.
        registries: Folders and files of registries that are read.
        others: Further files that are read.

    Raises:
        UsageError: An output is one of the files that are read, or would from now on be read as a
            part of a registry.
    """
    files = [file for file in outputs if file != STANDARD_OUTPUT]
    if not files:
        return
    roots = list(map(Path, registries))
    read = {_identity(file) for root in roots for file in _files_of(root)}
    read |= {_identity(Path(file)) for file in others}
    for file in files:
        identity = _identity(Path(file))
        if identity is not None and identity in read:
            message = f"{file!r} is read by this command; expected another file to write to"
            raise click.UsageError(message)
        for root in roots:
            if file.endswith(ENDINGS) and _lies_in(Path(file), root):
                message = f"{file!r} would be read as a part of the registry {str(root)!r}"
                raise click.UsageError(f"{message}; expected a file elsewhere")


def refuse_inside(target: Path, path: Path) -> None:
    """
    Refuse an output inside the registry at *path*, with which it would be read.

    Raises:
        UsageError: It is inside.
    """
    if path.is_dir() and path.resolve() in target.resolve().parents:
        message = f"{str(target)!r} lies in the registry {str(path)!r}; expected a place elsewhere"
        raise click.UsageError(message)


def _files_of(root: Path) -> Iterator[Path]:
    if not root.is_dir():
        yield root
        return
    with suppress(LoadError):  # loading reports it
        yield from files_below(root)
    yield from root.glob("*.parquet")


def _identity(file: Path) -> tuple[int, int] | None:
    """Return the device and inode of a file, which all its names share; None without a file."""
    try:
        status = file.stat()
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino


def _lies_in(file: Path, root: Path) -> bool:
    return root.is_dir() and root.resolve() in file.resolve().parents
