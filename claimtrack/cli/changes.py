"""How commands that change files show a change, and ask."""

import difflib
from collections.abc import Iterable, Iterator

import click

from claimtrack.cli.printing import print_text
from claimtrack.edit.change import FileChange
from claimtrack.report.escape import for_log_line


def agreed(changes: Iterable[FileChange], *, yes: bool, question: str) -> bool:
    """Show *changes*, and say whether they are to be made: by ``--yes``, or by an answer."""
    for change in changes:
        for line in diff_lines(change):
            print_text(line)
    return yes or click.confirm(question)


def diff_lines(change: FileChange) -> Iterator[str]:
    """Iterate over what a change changes, as lines of a unified diff, escaped."""
    before, after = change.before.splitlines(), change.after.splitlines()
    name = str(change.path)
    for line in difflib.unified_diff(before, after, name, name, lineterm=""):
        yield line[:1] + for_log_line(line[1:])
