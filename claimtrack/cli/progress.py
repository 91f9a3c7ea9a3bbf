"""Progress bars for long work, on terminals only."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

import click

Item = TypeVar("Item")

WORTH_SHOWING: Final = 4 << 20
"""Bytes of files that take about a second to read, from which on a bar is shown."""


def is_shown() -> bool:
    """Whether the standard error is a terminal."""
    return sys.stderr.isatty()


@contextmanager
def progress(label: str, length: int) -> Iterator[Callable[[int], object]]:
    """Show a bar for work of that *length*; yield the function that advances it."""
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield lambda done: bar.update(done)  # noqa: PLW0108 - `update` has more parameters


def with_progress(items: Iterable[Item], label: str, length: int) -> Iterable[Item]:
    """Iterate over *items*, of which there are *length*, with a bar on terminals."""
    if not is_shown():
        return items
    return _with_bar(items, label, length)


def _with_bar(items: Iterable[Item], label: str, length: int) -> Iterator[Item]:
    with click.progressbar(items, length=length, label=label, file=sys.stderr) as bar:
        yield from bar
