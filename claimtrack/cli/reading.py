"""How commands read a registry."""

from claimtrack.cli.progress import WORTH_SHOWING, is_shown, progress
from claimtrack.files.load import load
from claimtrack.registry import Registry


def registry_at(path: str) -> Registry:
    """
    Load the registry at *path*, with a bar on a terminal if that takes long.

    Raises:
        LoadError: As `claimtrack.load` does.
    """
    if not is_shown():
        return load(path)
    from claimtrack.files.watched import load_watched, sizes  # noqa: PLC0415 - a terminal only

    files = sizes(path)
    total = sum(files.values())
    if total < WORTH_SHOWING:
        return load(path)
    with progress("reading", total) as tell:
        return load_watched(path, files, tell)
