"""Show how far a long piece of work is, on a terminal and nowhere else."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

import click

Item = TypeVar("Item")

WORTH_SHOWING: Final = 4 << 20
"""Bytes of files that take about a second to read; less is not worth a bar."""


def is_shown() -> bool:
    """Say whether anybody watches."""
    return sys.stderr.isatty()


@contextmanager
def progress(label: str, length: int) -> Iterator[Callable[[int], object]]:
    """Show a bar for work of that *length*; give what is to be told of progress."""
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield lambda done: bar.update(done)  # noqa: PLW0108 - the bar takes more than we promise


def followed(items: Iterable[Item], label: str, length: int) -> Iterable[Item]:
    """Iterate over *items*, of which there are *length*, and show how far it is."""
    if not is_shown():
        return items
    return _shown(items, label, length)


def _shown(items: Iterable[Item], label: str, length: int) -> Iterator[Item]:
    with click.progressbar(items, length=length, label=label, file=sys.stderr) as bar:
        yield from bar
