"""
Ask git for the history of a folder, without letting the repository run anything.

Git may be absent, the folder may lie in no repository, and the clone may be cut short: all that
gives an empty or a shorter history, and never an error. A repository's own configuration names
programs that git would run (pagers, text converters, signature checkers, file watchers); each of
these is switched off, and so is every protocol, so that a partial clone fetches nothing.
"""

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final

import attrs

TIMEOUT: Final = 30.0
"""Seconds that git may take for one answer; a history that takes longer is left out."""

MOST_COMMITS: Final = 20_000

_SWITCHED_OFF: Final = (
    *("-c", "core.fsmonitor=false", "-c", "log.showSignature=false", "-c", "protocol.allow=never"),
    *("-c", "core.quotePath=false", "-c", "diff.external=", "-c", "log.mailmap=false"),
)
_ENVIRONMENT: Final = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "LC_ALL": "C",
}


@attrs.frozen
class Commit:
    """
    One commit of the main line.

    Args:
        name: Its hash.
        day: Its committer's date, ``YYYY-MM-DD``.
        blobs: The hash of each file that it changed, by path; None for one that it removed.
    """

    name: str
    day: str
    blobs: tuple[tuple[str, str | None], ...]


class Git:
    """
    The repository that a folder lies in.

    Args:
        folder: The folder; everything below it is asked about.
        only: The name of a file in it, where a registry is one file.
    """

    def __init__(self, folder: Path, only: str | None = None) -> None:
        self.folder = folder
        self.only = only
        self._program = shutil.which("git")

    def is_repository(self) -> bool:
        """Say whether git is there, and the folder lies in a working tree."""
        return self._ask("rev-parse", "--is-inside-work-tree").strip() == b"true"

    def is_shallow(self) -> bool:
        """Say whether the clone lacks its earlier commits."""
        return self._ask("rev-parse", "--is-shallow-repository").strip() == b"true"

    def commits(self) -> list[Commit]:
        """Return the commits of the main line that touched the folder, oldest first."""
        told = self._ask(
            *("log", "--first-parent", "--diff-merges=first-parent", "--raw", "-z", "--no-abbrev"),
            *("--no-renames", "--no-ext-diff", "--no-textconv", "--relative"),
            *(f"--max-count={MOST_COMMITS}", "--format=%x01%H %cs", "HEAD", "--"),
            f"./{self.only}" if self.only else ".",
        )
        return [_commit(text) for text in reversed(told.decode(errors="replace").split("\x01")[1:])]

    def contents(self, blobs: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Iterate over the hashes and contents of those *blobs* that are there."""
        wanted = list(dict.fromkeys(blobs))
        told = self._ask("cat-file", "--batch", given="".join(f"{blob}\n" for blob in wanted))
        at = 0
        while (end := told.find(b"\n", at)) >= 0:
            header = told[at:end].split()
            at = end + 1
            if len(header) == 3 and header[1] == b"blob":  # noqa: PLR2004 - hash, type, size
                size = int(header[2])
                yield header[0].decode(), told[at : at + size]
                at += size + 1

    def _ask(self, *arguments: str, given: str | None = None) -> bytes:
        """Return what git prints; nothing if it is absent, fails or takes too long."""
        if self._program is None:
            return b""
        try:
            run = subprocess.run(  # noqa: S603 - a fixed program, and arguments of our own
                [self._program, "--no-pager", *_SWITCHED_OFF, *arguments],
                cwd=self.folder,
                env={**os.environ, **_ENVIRONMENT},
                input=(given or "").encode(),
                capture_output=True,
                timeout=TIMEOUT,
                check=False,
            )
        except (OSError, ValueError, subprocess.TimeoutExpired):
            return b""
        return run.stdout if run.returncode == 0 else b""


def _commit(text: str) -> Commit:
    """Read one commit from what ``git log --raw -z`` prints."""
    head, *fields = text.split("\0")
    name, _, day = head.strip().partition(" ")
    blobs = []
    for raw, path in pairwise(fields):
        words = raw.strip().split(" ")
        if words[0].startswith(":") and len(words) == 5:  # noqa: PLR2004 - modes, hashes, letter
            blobs.append((path, None if words[4] == "D" else words[3]))
    return Commit(name, day, tuple(blobs))
