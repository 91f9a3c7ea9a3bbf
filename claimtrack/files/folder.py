"""Find and read the files of a registry."""

import gzip
from collections.abc import Iterator
from pathlib import Path

from claimtrack.errors import LoadError, Location, Problem

ENDINGS = (".toml", ".jsonl", ".jsonl.gz")


def registry_files(path: Path) -> list[Path]:
    """Return the files of the registry at *path*, in the order of their names."""
    if path.is_file() and path.name.endswith(ENDINGS):
        return [path]
    found = sorted(
        (file for file in path.rglob("*") if file.name.endswith(ENDINGS)),
        key=lambda file: file.relative_to(path).as_posix(),
    )
    if not found:
        raise LoadError((Problem(code="CT001", message=f"{str(path)!r} holds no registry files"),))
    return found


def read_text(path: Path) -> str:
    """Return the text of one file."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        problem = Problem(
            code="CT002", message=f"is not UTF-8: {error}", location=Location(str(path), 1)
        )
        raise LoadError((problem,)) from None


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """Iterate over the numbered lines of a file of JSON lines."""
    opener = gzip.open if path.name.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as lines:
        yield from enumerate(lines, 1)
