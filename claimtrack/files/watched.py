"""Load a registry while somebody watches how far it is."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from claimtrack.collector import at_rest
from claimtrack.files.folder import registry_files
from claimtrack.files.loading import Loading
from claimtrack.registry import Registry

_OFTEN: Final = 1 << 18
"""Bytes between two tellings."""


def sizes(path: str | os.PathLike[str]) -> dict[Path, int]:
    """
    Return the files of the registry at *path*, each with its bytes on disk.

    Raises:
        LoadError: As `load` does.
    """
    return {file: file.stat().st_size for file in registry_files(Path(path))}


def load_watched(
    path: str | os.PathLike[str], files: Iterable[Path], tell: Callable[[int], object]
) -> Registry:
    """
    Load a registry as `load` does.

    Args:
        path: The folder or the file.
        files: What `sizes` found there.
        tell: Is told now and then how many more bytes on disk have been read.

    Raises:
        LoadError: As `load` does.
    """
    told = 0

    def tell_more(read: int) -> None:
        nonlocal told
        if read - told >= _OFTEN:
            tell(read - told)
            told = read

    loading = Loading(tell_more)
    with at_rest():
        for file in files:
            told = 0
            loading.read(file)
            tell(file.stat().st_size - told)
        return loading.registry(os.fspath(path))
