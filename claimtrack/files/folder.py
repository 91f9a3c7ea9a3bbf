"""
Find the files of a registry.

Only what lies in the folder is read. A symbolic link counts as what it leads to, provided that
this lies in the folder too, and what has two names is read once, under its own.
"""

import os
import stat
from pathlib import Path
from typing import Final

from claimtrack.errors import LoadError, Problems
from claimtrack.files.contents import ENDINGS, lines_of, read_text
from claimtrack.files.limits import LIMITS, Limits

__all__ = ["ENDINGS", "PASSED_OVER", "lines_of", "read_text", "registry_files"]

PASSED_OVER: Final = frozenset({"node_modules", "__pycache__"})
"""Names of folders that tools fill; names that begin with a dot are passed over too."""


def registry_files(path: Path, limits: Limits = LIMITS) -> list[Path]:
    """
    Return the files of the registry at *path*: itself, or all that lie in the folder.

    They end in one of `ENDINGS`. Those of a folder begin with *path* as it was given, and are
    sorted by their path from there, written with slashes.

    Raises:
        LoadError: There is nothing to read (CT001), there is too much of it (CT003), or a link
            leads out of the folder or back to one that it lies in (CT004).
    """
    problems = Problems()
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        problems.add("CT001", f"{str(path)!r} cannot be read: {_reason(error)}")
        problems.raise_if_any()
        raise  # unreachable: the line above has raised
    if stat.S_ISDIR(mode):
        return _Walk(path, problems, limits).files()
    if not path.name.endswith(ENDINGS):
        problems.add("CT001", f"{str(path)!r} is no registry; expected a folder or {_ANY_ENDING}")
    elif not stat.S_ISREG(mode):
        problems.add("CT001", f"{str(path)!r} is no regular file; expected one")
    problems.raise_if_any()
    return [path]


_ANY_ENDING: Final = f"a file that ends in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"


def _reason(error: OSError | ValueError) -> str:
    return getattr(error, "strerror", None) or str(error)
