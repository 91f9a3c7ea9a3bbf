"""
Load a registry: every file, every problem, once.

The cyclic collector rests while records are made, for they hold no cycles and looking for some
costs a third of the time.
"""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from claimtrack.files.folder import registry_files
from claimtrack.files.loading import Loading
from claimtrack.registry import Registry


def load(path: str | os.PathLike[str]) -> Registry:
    """
    Load the registry in a folder, or in one ``.toml``, ``.jsonl`` or ``.jsonl.gz`` file.

    Files of a folder are read in the order of their names, all the way down; which record stands
    in which file does not matter.

    Raises:
        LoadError: Something is wrong; it names every problem with file, line and column.
    """
    loading = Loading()
    with _collector_at_rest():
        for file in registry_files(Path(path)):
            loading.read(file)
        return loading.registry(os.fspath(path))


def loads(text: str, name: str = "registry.toml") -> Registry:
    """
    Load a registry from the text of one file; its *name* tells the form and stands in errors.

    Raises:
        LoadError: Something is wrong; it names every problem with line and column.
    """
    loading = Loading()
    with _collector_at_rest():
        if name.endswith(".toml"):
            loading.read_toml(name, text)
        else:
            loading.read_lines(name, enumerate(text.splitlines(), 1))
        return loading.registry(name)


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
