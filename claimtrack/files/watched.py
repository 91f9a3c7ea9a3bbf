"""Load a registry while somebody watches how far it is."""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from claimtrack.collector import at_rest
from claimtrack.files.folder import registry_files
from claimtrack.files.loading import Loading
from claimtrack.registry import Registry

_OFTEN: Final = 1 << 18
"""Characters between two tellings."""


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
        tell: Is told now and then how many more bytes on disk have been read. Of packed files it
            is told at their end.

    Raises:
        LoadError: As `load` does.
    """
    loading = _Watched(tell)
    with at_rest():
        for file in files:
            loading.read(file)
        return loading.registry(os.fspath(path))


class _Watched(Loading):
    def __init__(self, tell: Callable[[int], object]) -> None:
        super().__init__()
        self.tell = tell
        self.told = 0

    def read(self, file: Path) -> None:
        self.told = 0
        super().read(file)
        self.tell(file.stat().st_size - self.told)

    def read_lines(self, name: str, lines: Iterable[tuple[int, str]]) -> None:
        super().read_lines(name, lines if name.endswith(".gz") else self._counted(lines))

    def _counted(self, lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
        read = 0
        for numbered in lines:
            read += len(numbered[1])
            if read >= _OFTEN:
                self.tell(read)
                self.told += read
                read = 0
            yield numbered
