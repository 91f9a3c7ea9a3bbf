"""
One run of git, within limits of time and bytes.

It gets no settings but those of the repository that it is told, and nothing of the environment
that begins with ``GIT_``; why, the package tells.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import IO, Final

from claimtrack.errors import ClaimTrackError

TIMEOUT: Final = 60.0
"""Seconds that git may take for one answer."""

MOST_BYTES: Final = 64 << 20
"""Bytes of one answer of git, such as a list of files; contents have limits of their own."""

_ENVIRONMENT: Final = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}

USER_SETTINGS: Final = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM")
"""The variables that say where the user's own settings are."""

_SAID: Final = ("fatal:", "error:", "warning:")
_MOST_LINES: Final = 5


class Reason(Enum):
    """Why git gave no answer."""

    FAILED = "failed"
    OWNER = "owner"
    INCOMPLETE = "incomplete"
    LIMIT = "limit"


class GitError(ClaimTrackError):
    """
    Say that git gave no answer.

    Args:
        reason: Why.
        message: One line; names of files in it are other people's text.
    """

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(reason, message)
        self.reason = reason
        self.message = message

    def __str__(self) -> str:
        return self.message


class GitProcess:
    """
    One question to git.

    Args:
        program: The path of git.
        view: The repository that it is asked about.
        most: So many bytes it may print.
        mine: Variables that let it read the user's own settings; None if it is not to.
    """

    def __init__(
        self,
        program: str,
        view: Path,
        most: int = MOST_BYTES,
        mine: Mapping[str, str] | None = None,
    ) -> None:
        self.program = program
        self.view = view
        self.most = most
        self.environment = {
            key: value for key, value in os.environ.items() if not key.startswith("GIT_")
        }
        self.environment |= _ENVIRONMENT | {"PATH": _absolute_path()}
        if mine is None:
            self.environment |= {"HOME": str(view), "XDG_CONFIG_HOME": str(view)}
        else:
            for key in USER_SETTINGS:
                del self.environment[key]
            self.environment |= mine
        self.is_too_slow = False

    def run(self, words: Sequence[str], given: bytes = b"") -> tuple[int, bytes, str]:
        """
        Return the status, what git prints, and what it says of errors.

        Raises:
            GitError: It took too long, printed too much, or could not be started.
        """
        try:
            process = subprocess.Popen(  # noqa: S603 - a fixed program, and arguments of our own
                [self.program, "--no-pager", f"--git-dir={self.view}", *words],
                cwd=self.view,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            raise GitError(Reason.FAILED, f"git cannot be started: {error}") from error
        assert process.stdin and process.stdout and process.stderr  # noqa: S101, PT018 - pipes
        said: list[bytes] = []
        clock = threading.Timer(TIMEOUT, self._stop, [process])
        helpers = (
            threading.Thread(target=_feed, args=(process.stdin, given), daemon=True),
            threading.Thread(target=_drain, args=(process.stderr, said), daemon=True),
        )
        try:
            for thread in (clock, *helpers):
                thread.start()
            told = self._read(process.stdout)
            process.wait()
            for thread in helpers:
                thread.join()
        finally:
            clock.cancel()
            _kill(process)  # after a failure of our own, such as an interrupt
            process.wait()
            for pipe in (process.stdout, process.stderr):
                pipe.close()
        if self.is_too_slow:
            message = f"git took more than {TIMEOUT:g} seconds for one answer"
            raise GitError(Reason.LIMIT, message)
        return process.returncode, told, _said(b"".join(said))

    def _stop(self, process: "subprocess.Popen[bytes]") -> None:
        self.is_too_slow = True
        _kill(process)

    def _read(self, pipe: IO[bytes]) -> bytes:
        parts, left = [], self.most
        while part := pipe.read(min(1 << 20, left + 1)):
            left -= len(part)
            if left < 0:
                message = f"an answer of git has more than {self.most} bytes"
                raise GitError(Reason.LIMIT, message)
            parts.append(part)
        return b"".join(parts)


def _feed(pipe: IO[bytes], given: bytes) -> None:
    with contextlib.suppress(OSError):  # git ended before it had read all
        pipe.write(given)
    with contextlib.suppress(OSError):
        pipe.close()


def _drain(pipe: IO[bytes], said: list[bytes]) -> None:
    left = 1 << 16
    with contextlib.suppress(OSError, ValueError):
        while part := pipe.read(1 << 12):
            if left > 0:
                said.append(part)
            left -= len(part)


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """End git and what it started; a script that stands for git may have started it."""
    if process.returncode is not None:
        return  # its number may be another's by now
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def _said(text: bytes) -> str:
    """Return the lines of *text* that tell what is wrong, as one line."""
    lines = [line.strip() for line in text.decode(errors="replace").splitlines() if line.strip()]
    grave = [line for line in lines if line.startswith(_SAID)]
    kept = (grave or lines)[-_MOST_LINES:]
    return "; ".join(line[:500] for line in kept) or "it failed without a word"


def _absolute_path() -> str:
    """Return the folders of ``PATH`` that do not depend on the current one."""
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return os.pathsep.join(filter(os.path.isabs, folders))


def path_of_git() -> str:
    """Return the absolute path of git; no folder on ``PATH`` that is relative counts."""
    path = _absolute_path()
    found = shutil.which("git", path=path) if path else None
    if found is None or not Path(found).is_absolute():
        raise GitError(Reason.FAILED, "git is not installed, or not on PATH")
    return found
