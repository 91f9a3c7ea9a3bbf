"""How commands that change files show and make a change."""

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click

from claimtrack.cli.printing import print_text
from claimtrack.edit.change import FileChange, write_all
from claimtrack.report.escape import for_log_line


def agreed(changes: Iterable[FileChange], *, yes: bool, question: str) -> bool:
    """Show *changes*, and say whether they are to be made: by ``--yes``, or by an answer."""
    for change in changes:
        for line in diff_lines(change):
            print_text(line)
    return yes or click.confirm(question)


def make(changes: Iterable[FileChange]) -> None:
    """
    Make *changes*, all or none.

    Raises:
        EditError: A file was changed since it was read.
        FileError: A file cannot be written.
    """
    try:
        write_all(changes)
    except OSError as error:
        raise click.FileError(str(error.filename), error.strerror) from error


@contextmanager
def folders_for(file: Path) -> Iterator[None]:
    """
    Make the folders that *file* is to lie in, and take them away again if it is not written.

    Raises:
        FileError: They cannot be made.
    """
    missing = [folder for folder in file.parents if not folder.exists()]
    try:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise click.FileError(str(error.filename), error.strerror) from error
        yield
    except BaseException:
        for folder in missing:
            with suppress(OSError):
                folder.rmdir()
        raise


def diff_lines(change: FileChange) -> Iterator[str]:
    """Iterate over what a change changes, as lines of a unified diff, escaped."""
    before, after = change.before.splitlines(), change.after.splitlines()
    name = str(change.path)
    for line in difflib.unified_diff(before, after, name, name, lineterm=""):
        yield line[:1] + for_log_line(line[1:])
