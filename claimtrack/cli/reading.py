"""How commands read a registry."""

from pathlib import Path

from claimtrack.cli.progress import WORTH_SHOWING, is_shown, progress
from claimtrack.files.folder import registry_files
from claimtrack.files.load import load, load_files, size_of
from claimtrack.registry import Registry


def registry_at(path: str) -> Registry:
    """
    Load the registry at *path*, with a bar on a terminal if that takes long.

    Raises:
        LoadError: As `claimtrack.load` does.
    """
    if not is_shown():
        return load(path)
    files = registry_files(Path(path))
    total = sum(map(size_of, files))
    if total < WORTH_SHOWING:
        return load_files(files, path)
    with progress("reading", total) as tell:
        return load_files(files, path, tell=tell)
