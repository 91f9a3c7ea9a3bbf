"""Load a registry: every file, every problem, once."""

import os
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Final

from claimtrack.collector import at_rest
from claimtrack.files.contents import File, blocks_in
from claimtrack.files.folder import files_below, is_excluded, registry_files
from claimtrack.files.loading import Loading
from claimtrack.registry import Registry

_OFTEN: Final = 1 << 18
"""Bytes between two reports of progress."""


def load(path: str | os.PathLike[str]) -> Registry:
    """
    Load the registry in a folder, or in one ``.toml``, ``.jsonl`` or ``.jsonl.gz`` file.

    Files of a folder are read in the order of their names, all the way down; which record stands
    in which file does not matter.

    Raises:
        LoadError: Something is wrong; it names every problem with file, line and column.
    """
    return load_files(registry_files(Path(path)), os.fspath(path))


def load_begun(path: str | os.PathLike[str]) -> Registry:
    """
    Load a registry that may only be about to begin: without a record, a file, or a folder.

    Raises:
        LoadError: What there is cannot be read, as `load` says.
    """
    root = Path(path)
    is_begun = root.exists() and (not root.is_dir() or bool(files_below(root)))
    files = registry_files(root) if is_begun else ()
    return load_files(files, os.fspath(path), may_be_empty=True)


def load_bytes(contents: Mapping[str, bytes], name: str, *, may_be_empty: bool = False) -> Registry:
    """
    Load a registry from the contents of its files, without a disk.

    Args:
        contents: The bytes of each file by its name. The name stands in places, and its ending
            tells the form; a packed file is unpacked.
        name: What an error calls the registry as a whole.
        may_be_empty: Whether it may be without a record.

    Raises:
        LoadError: As `load` does.
    """
    files = [File(file, partial(BytesIO, content)) for file, content in contents.items()]
    return load_files(files, name, may_be_empty=may_be_empty)


def load_files(
    files: Iterable[File],
    name: str,
    *,
    may_be_empty: bool = False,
    tell: Callable[[int], object] | None = None,
) -> Registry:
    """
    Load a registry from its files, wherever they are.

    Args:
        files: From `registry_files`, or made; they are read in the order that they come in.
        name: What an error calls the registry as a whole.
        may_be_empty: Whether it may be without a record.
        tell: Is told now and then how many more bytes of the files, as they are stored, were read.

    Raises:
        LoadError: Something is wrong; it names every problem with file, line and column.
    """
    with at_rest():
        loading, left = None, [*files]
        while loading is None:
            loading, left = _read_all(left, tell)
        return loading.registry(name, may_be_empty=may_be_empty)


def _read_all(
    files: list[File], tell: Callable[[int], object] | None
) -> tuple[Loading | None, list[File]]:
    """
    Read files, but for those that the registry's settings exclude.

    Returns:
        What was read; None if a file had been read that turns out to be excluded. And the files
        that are not, as far as is known.
    """
    loading, excluded = Loading(), set[str]()
    for number, file in enumerate(files):
        if file.name in excluded:
            continue
        known = len(loading.excluded)
        if tell is None:
            loading.read(file)
        else:
            _read_telling(loading, file, tell)
        if len(loading.excluded) > known:
            excluded |= _excluded(files, loading.excluded[known:])
            if not excluded.isdisjoint(one.name for one in files[:number]):
                return None, [one for one in files if one.name not in excluded]
    return loading, files


def _excluded(files: Iterable[File], said: Iterable[tuple[str, tuple[str, ...]]]) -> set[str]:
    """Return the names of the files that are excluded by a file above them or beside them."""
    found = set()
    for settings, patterns in said:
        folder = settings.replace(os.sep, "/").rpartition("/")[0]
        start = f"{folder}/" if folder else ""
        for file in files:
            path = file.name.replace(os.sep, "/")
            is_below = path.startswith(start) and file.name != settings
            if is_below and is_excluded(path[len(start) :], patterns):
                found.add(file.name)
    return found


def _read_telling(loading: Loading, file: File, tell: Callable[[int], object]) -> None:
    told = 0

    def tell_more(read: int) -> None:
        nonlocal told
        if read - told >= _OFTEN:
            tell(read - told)
            told = read

    loading.read(file, tell_more)
    tell(max(size_of(file) - told, 0))


def size_of(file: File) -> int:
    """Return the bytes of *file* as it is stored; 0 if it cannot be opened."""
    try:
        with file.open() as opened:
            return opened.seek(0, os.SEEK_END)
    except OSError:
        return 0


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
