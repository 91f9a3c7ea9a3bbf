"""The arguments and options that several commands share."""

import errno
import os
import re
import sys
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from claimtrack.model.verdict import KnownBy
from claimtrack.report.style import wants_colour

if TYPE_CHECKING:
    from claimtrack.model.registry import Records
from collections.abc import Iterator
from contextlib import suppress

from claimtrack.cli.printing import print_as
from claimtrack.errors import LoadError
from claimtrack.files.folder import ENDINGS, files_below
from claimtrack.report.formats import FORMATS

Command = TypeVar("Command", bound=Callable[..., Any])


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
            # Only what is written as a day is told what is wrong with it as a span.
            is_day = re.fullmatch(r"\d{4}-\d{2}-\d{2}", text)
            told = f"{text!r} is not a day; expected one full day, YYYY-MM-DD"
            self.fail(error.message if is_day else told, param, ctx)


def _is_plain_day(text: str) -> bool:
    """Say whether *text* is ``YYYY-MM-DD``, as nearly always, and no week or other form."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


DAY = DayType()

path_argument = click.argument("path", type=click.Path(), metavar="PATH")


def refuse_swapped(claims: Iterable[str], path: str) -> None:
    """
    Ask whether *path* and one of the *claims* were meant the other way round, if it looks so.

    Raises:
        LoadError: There is nothing at *path*, and there is something at the other.
    """
    if any(map(os.path.lexists, claims)):
        refuse_nothing(path, "did you swap CLAIM and PATH?")


def refuse_nothing(path: str, hint: str) -> None:
    """
    Say what may have been meant, if there is nothing at *path*.

    Raises:
        LoadError: There is nothing there.
    """
    if os.path.lexists(path):
        return
    from claimtrack.errors import LoadError, Problem  # noqa: PLC0415 - for slips only

    message = f"{path!r} cannot be read: {os.strerror(errno.ENOENT)}"
    raise LoadError((Problem(code="CT001", message=message, hint=hint),))


def repository_of(path: str) -> Path | None:
    """Return the top of the repository that *path* lies in, the folder that holds ``.git``."""
    here = Path(os.path.realpath(path))
    found = (folder for folder in (here, *here.parents) if (folder / ".git").exists())
    return next(found, None)


def identity_of(registry: "Records", path: str) -> tuple[str, str | None]:
    """
    Return what tells *registry* from all others, and what to say of it where it is not for good.

    Args:
        registry: Its id is used if it has one.
        path: Where it lies: the names of its folders, from that of its repository on, stand in
            for an id.
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
    help="What counts as known: what was published, or what the registry had recorded.",
)

checks_option = click.option(
    "--checks",
    multiple=True,
    metavar="FILE",
    help="A Python file or module of your own, which is run: its function "
    "pytest_claimtrack_registry(registry) returns the functions that decide claims, by their ids. "
    "May be given several times.",
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


def room() -> int | None:
    """Return the columns that a table may take: the terminal's, or None where nothing is cut."""
    if is_terminal() or "COLUMNS" in os.environ:
        import shutil  # noqa: PLC0415 - which takes long to import

        return shutil.get_terminal_size().columns
    return None


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
    from claimtrack.report import audit as audit_text  # noqa: PLC0415 - files only

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
