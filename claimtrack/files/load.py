"""Load a registry: every file, every problem, once."""

import os
from collections.abc import Iterable
from pathlib import Path

from claimtrack.collector import at_rest
from claimtrack.files.contents import blocks_in
from claimtrack.files.folder import files_below, registry_files
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
    with at_rest():
        for file in registry_files(Path(path)):
            loading.read(file)
        return loading.registry(os.fspath(path))


def load_begun(path: str | os.PathLike[str]) -> Registry:
    """
    Load a registry that may only be about to begin: without a record, a file, or a folder.

    Raises:
        LoadError: What there is cannot be read, as `load` says.
    """
    root, loading = Path(path), Loading()
    is_begun = root.exists() and (not root.is_dir() or bool(files_below(root)))
    with at_rest():
        for file in registry_files(root) if is_begun else ():
            loading.read(file)
        return loading.registry(os.fspath(path), may_be_empty=True)


def loads(text: str, name: str = "registry.toml") -> Registry:
    """
    Load a registry from the text of one file; its *name* tells the form and stands in errors.

    A byte order mark at its beginning is dropped, as in a file.

    Raises:
        LoadError: Something is wrong; it names every problem with line and column.
    """
    loading = Loading()
    text = text.removeprefix("\ufeff")
    with at_rest():
        if name.endswith(".toml"):
            loading.read_toml(name, text)
        else:
            loading.places.know(name, text)
            loading.read_blocks(name, blocks_in(text))
        return loading.registry(name)


def load_lines(lines: Iterable[str], name: str) -> Registry:
    """
    Load a registry from records that are a line of JSON each; *name* stands in errors.

    Raises:
        LoadError: Something is wrong; it names every problem with its line.
    """
    loading = Loading()
    with at_rest():
        loading.read_lines(name, lines)
        return loading.registry(name)
