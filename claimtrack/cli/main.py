"""
The group of all commands.

The module of a command is imported when the command is used, so that ``--help`` and completion are
fast. Errors that a user can act on are printed as text with an exit status, without a traceback.
"""

import importlib
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from enum import IntEnum
from pathlib import Path
from typing import Final, NoReturn

import click

from claimtrack import __version__
from claimtrack.cli.printing import print_text, use_ascii_fallback
from claimtrack.errors import ClaimTrackError, LoadError, TooMuchToWeighError, did_you_mean


class ExitStatus(IntEnum):
    """The exit statuses of the process."""

    DONE = 0
    FINDINGS = 1
    USAGE = 2
    UNREADABLE = 3
    NOTHING_CHECKED = 4
    UNWRITABLE = 5
    INTERRUPTED = 130


COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "audit": ("claimtrack.cli.audit", "Print which claims held up, as of a day."),
    "check": ("claimtrack.cli.check", "Look for all that is wrong with a registry."),
    "accept": ("claimtrack.cli.accept", "Sign the computed status of claims."),
    "review": ("claimtrack.cli.review", "Sign a second time what somebody else has signed."),
    "new": ("claimtrack.cli.new", "Put a claim into a registry."),
    "add": ("claimtrack.cli.add", "Put claims, evidence and all other records into a registry."),
    "import": ("claimtrack.cli.import_", "Take a spreadsheet into a registry, again and again."),
    "export": ("claimtrack.cli.export", "Write a registry in another format, or as of a day."),
    "pin": ("claimtrack.cli.pin", "Take a copy of a source's page into a registry, by its digest."),
    "capture": ("claimtrack.cli.capture", "Fetch the pages of sources, and pin them."),
    "leak": ("claimtrack.cli.leak", "Find what questions got that was known only later."),
    "quotes": ("claimtrack.cli.quotes", "Say which quotes stand in the pinned copies."),
    "due": ("claimtrack.cli.due", "List what falls due, or write a calendar."),
    "explain": ("claimtrack.cli.explain", "Tell why a claim is what it is."),
    "history": ("claimtrack.cli.history", "Tell how statuses went, and what changed them."),
    "diff": ("claimtrack.cli.diff", "Print which statuses changed, and why."),
    "convert": ("claimtrack.cli.convert", "Write a registry in another form."),
    "site": ("claimtrack.cli.site", "Write a static site that one can publish."),
    "badge": ("claimtrack.cli.badge", "Write a badge that says how many claims held."),
    "facts": ("claimtrack.cli.facts", "Print what is known of each fact."),
    "score": ("claimtrack.cli.score", "Print who was right, how often, and how sure."),
    "rate": ("claimtrack.cli.rate", "Put outcomes on somebody else's scale."),
    "plot": ("claimtrack.cli.plot", "Draw calibration, records or a timeline."),
}
"""The commands by name: the module that holds each as ``command``, and its one-line help."""


class HintingGroup(click.Group):
    """A group that names the nearest of its commands where one is not known."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """
        Return the command that *args* begin with, and the other arguments.

        Raises:
            UsageError: There is none of that name.
        """
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            message = f"No such command {name!r}."
            hint = did_you_mean(name, self.list_commands(ctx))
            raise click.UsageError(message if hint is None else f"{message} {_sentence(hint)}", ctx)
        return super().resolve_command(ctx, args)


def _sentence(hint: str) -> str:
    return hint[:1].upper() + hint[1:]


class LazyGroup(HintingGroup):
    """A group that imports a command when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command, or None if there is none of that name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the table, without importing any."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_) for name, (_, help_) in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="claimtrack %(version)s")
def claimtrack() -> None:
    """
    Keep sourced claims, hold them against dated evidence, and see which held up.

    PATH is a folder of TOML files, or one .toml, .jsonl or .jsonl.gz file.
    """


def main(argv: Sequence[str] | None = None) -> int:
    """
    Run one command and return its exit status.

    Args:
        argv: The arguments without the name of the program; those of the process if None.
    """
    use_ascii_fallback(sys.stdout, sys.stderr)
    try:
        status = claimtrack.main(
            args=None if argv is None else list(argv),
            prog_name="claimtrack",
            standalone_mode=False,
        )
    except click.Abort:
        print_text("aborted", err=True)
        return ExitStatus.INTERRUPTED
    except click.ClickException as error:
        _show(error)
        return error.exit_code
    except (LoadError, TooMuchToWeighError) as error:
        _print_error(str(error))
        return ExitStatus.UNREADABLE
    except ClaimTrackError as error:
        _print_error(str(error))
        return ExitStatus.USAGE
    except OSError as error:
        # Errors of reading are `LoadError`s. Without a name it is the standard output.
        name = "the output" if error.filename is None else repr(os.fsdecode(error.filename))
        _print_error(f"{name} cannot be written: {error.strerror or error}")
        return ExitStatus.UNWRITABLE
    return int(status or ExitStatus.DONE)


def run() -> NoReturn:
    """
    Run one command as a whole process, and exit at once.

    Freeing a large registry object by object takes longer than many a command, so it is left to
    the system. When the reader of a pipe has gone, SIGPIPE ends the process, as usual.
    """
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    _open_closed_streams()
    status = main()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(status)


def _open_closed_streams() -> None:
    """Open the null device for standard streams that were closed at the start, which are None."""
    for name, mode in {"stdin": "r", "stdout": "w", "stderr": "w"}.items():
        if getattr(sys, name) is None:
            stream = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 - until exit
            setattr(sys, name, stream)


def _show(error: click.ClickException) -> None:
    """Print an error of click, with the arguments in it escaped."""
    is_plain = type(error).show is click.UsageError.show
    if not is_plain or isinstance(error, click.MissingParameter):  # has no arguments in it
        error.show(sys.stderr)
        return
    from claimtrack.escape import for_log_line  # noqa: PLC0415 - only errors need it

    context = error.ctx if isinstance(error, click.UsageError) else None
    click.UsageError(for_log_line(error.format_message()), context).show(sys.stderr)


def _print_error(message: str) -> None:
    from claimtrack.escape import for_log_line  # noqa: PLC0415 - only errors need it

    for line in message.split("\n"):
        margin = "    " if line.startswith("    ") else ""
        print_text(margin + for_log_line(line.removeprefix(margin)), err=True)
