"""Read a registry as it was in a revision of a git repository."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

import attrs
import click

from claimtrack.errors import LoadError, Location, Problem
from claimtrack.files.load import load
from claimtrack.registry import Registry

_LINK: Final = b"120000"


class Entry(NamedTuple):
    """One file of a revision, by its path from the top of the repository."""

    mode: bytes
    object: bytes
    path: str


def load_revision(path: str, revision: str) -> Registry:
    """
    Load the registry at *path* as it is in *revision*; nothing is checked out.

    Raises:
        UsageError: *path* lies in no git repository, or there is no such revision or path in it.
        LoadError: Something is wrong with it; its places begin with the revision.
    """
    folder = Path(path) if Path(path).is_dir() else Path(path).parent
    top, prefix = _git(folder, "rev-parse", "--show-toplevel", "--show-prefix").splitlines()[:2]
    commit = _git(folder, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
    inside = prefix.decode().rstrip("/")
    if folder != Path(path):
        inside = f"{inside}/{Path(path).name}".lstrip("/")
    entries = list(_entries(Path(os.fsdecode(top)), commit.decode().strip(), inside))
    if not entries:
        message = f"{path!r} is not in revision {revision!r}"
        raise click.UsageError(message)
    with tempfile.TemporaryDirectory() as place:
        _write(Path(os.fsdecode(top)), entries, Path(place))
        try:
            return load(Path(place) / inside)
        except LoadError as error:
            raise LoadError(tuple(_named(one, place, revision) for one in error.problems)) from None


def _entries(top: Path, commit: str, inside: str) -> Iterator[Entry]:
    listing = _git(top, "ls-tree", "-r", "-z", "--full-tree", commit, "--", inside or ".")
    for line in listing.split(b"\0"):
        if not line:
            continue
        about, _, name = line.partition(b"\t")
        mode, kind, object_ = about.split()
        path = os.fsdecode(name)
        # git makes no such trees, but somebody may.
        if kind == b"blob" and ".." not in PurePosixPath(path).parts and not path.startswith("/"):
            yield Entry(mode, object_, path)


def _write(top: Path, entries: list[Entry], place: Path) -> None:
    wanted = b"".join(entry.object + b"\n" for entry in entries)
    contents = _git(top, "cat-file", "--batch", given=wanted)
    at = 0
    for entry in entries:
        end = contents.index(b"\n", at)
        size = int(contents[at:end].split()[2])
        content = contents[end + 1 : end + 1 + size]
        at = end + size + 2
        file = place / entry.path
        file.parent.mkdir(parents=True, exist_ok=True)
        if entry.mode == _LINK:
            file.symlink_to(os.fsdecode(content))
        else:
            file.write_bytes(content)


def _named(problem: Problem, place: str, revision: str) -> Problem:
    """Name the revision where *problem* names the temporary folder."""
    here = f"{place}{os.sep}"
    message = problem.message.replace(here, f"{revision}:")
    location = problem.location
    if location is not None:
        file = location.file.replace(here, f"{revision}:")
        location = Location(file, location.line, location.column)
    return attrs.evolve(problem, message=message, location=location)


def _git(folder: Path, *words: str, given: bytes | None = None) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command, and no shell
            ["git", "-C", str(folder), *words],  # noqa: S607 - whichever git the user has
            input=given,
            capture_output=True,
            check=True,
        )
    except FileNotFoundError as error:
        message = "revisions need git, which is not installed"
        raise click.UsageError(message) from error
    except subprocess.CalledProcessError as error:
        told = error.stderr.decode(errors="replace").strip().splitlines()
        message = f"git: {told[-1] if told else 'it failed'}"
        raise click.UsageError(message) from error
    return done.stdout
