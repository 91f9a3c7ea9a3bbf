"""
Ask git what a repository holds, and run nothing that the repository names.

A registry is other people's files, and so may be the repository that it lies in. The configuration
of a repository names programs that git runs (file watchers, hooks, filters, pagers, aliases,
signature checkers, credential helpers, remote helpers) and repositories that git fetches missing
objects from; git has no switch that turns all of them off, in all of its versions. So git never
reads that configuration. It is given a *view* instead: a temporary bare repository whose objects
and refs are links to the real ones, and whose configuration is written here. In particular:

- **Which repository.** The one whose work tree holds the folder: from the folder upwards, the first
  ``.git`` that is a repository or leads to one, as in linked work trees and submodules. A folder
  that is laid out as a bare repository is never taken for one. Git looks for none itself: it is
  always told the view, by ``--git-dir``.
- **Whose repository.** The owner is looked at as git does it where it finds a repository itself; of
  another owner's it reads nothing, unless the user's own ``safe.directory`` allows it.
- **Nothing is fetched.** The view has no remote with an address, no promisor and no protocol: an
  object that is missing is missing. ``GIT_NO_LAZY_FETCH`` says so again to a git that knows it.
- **Nothing changes the answers.** Settings of the user and the system are not read, no variable
  that begins with ``GIT_`` is passed on (a hook's ``GIT_DIR`` would be), and only what prints for
  programs is asked for. Replacement objects and grafts do not count.
- **Nothing is unbounded.** Every answer has a limit of seconds and of bytes.
- **Nothing fails in silence.** Whatever goes wrong is a `GitError` with git's own words.

Two settings are taken over from the repository, since objects or revisions cannot be read without
them: how objects and refs are stored, and which branch follows which (``@{upstream}``). Both are
values that name no program.
"""

import contextlib
import errno
import os
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

import attrs

from claimtrack.errors import ClaimTrackError

TIMEOUT: Final = 60.0
"""Seconds that git may take for one answer."""

MOST_BYTES: Final = 64 << 20
"""Bytes of one answer of git, such as a list of files; contents have limits of their own."""

_BATCH: Final = 32 << 20
"""Bytes of contents that are asked for at once; a longer file is asked for alone."""

_CONFIG: Final = """\
[core]
\trepositoryformatversion = 1
\tbare = true
[protocol]
\tallow = never
"""

_TAKEN_OVER: Final = (
    r"^(extensions\.(objectformat|compatobjectformat|refstorage)"
    r"|branch\..*\.(remote|merge|pushremote)|remote\..*\.(fetch|push)|remote\.pushdefault)$"
)

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

_WHICH_IS_MINE: Final = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM")
"""The variables that say where the user's own settings are."""

_DEEPEST: Final = 8
"""Submodules around a submodule that is read."""

_SAID: Final = ("fatal:", "error:", "warning:")
_MOST_LINES: Final = 5
_MOST_POINTER: Final = 4096
"""Bytes of a file that says where a repository is, or which branch is checked out."""


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


@attrs.frozen
class Entry:
    """
    One file of a tree.

    Args:
        mode: `REGULAR`, `EXECUTABLE`, `LINK` or `SUBMODULE`; anything in a damaged tree.
        object: The name of its contents, or of a submodule's commit.
        path: From the top of the work tree, with slashes.
    """

    mode: str
    object: str
    path: str


REGULAR: Final = "100644"
EXECUTABLE: Final = "100755"
LINK: Final = "120000"
SUBMODULE: Final = "160000"


@attrs.frozen
class TreeChange:
    """
    What a commit made of one path.

    Args:
        old: What stood there; None if nothing did.
        new: What stands there now; None if it was removed.
    """

    path: str
    old: Entry | None
    new: Entry | None


@attrs.frozen
class Commit:
    """
    One commit of the main line.

    Args:
        name: Its hash.
        day: Its committer's date, ``YYYY-MM-DD``.
        changes: What it changed against its first parent.
    """

    name: str
    day: str
    changes: tuple[TreeChange, ...]


@attrs.frozen(kw_only=True)
class _Place:
    """
    Where a repository is.

    Args:
        top: The work tree.
        pointer: The file ``.git`` of a linked work tree or a submodule, which names *git_dir*.
        git_dir: The folder that holds its ``HEAD``.
        common: The folder that holds its objects and branches; *git_dir*, but of a linked tree.
    """

    top: Path
    pointer: Path | None
    git_dir: Path
    common: Path

    @property
    def owned(self) -> tuple[Path, ...]:
        """What has to belong to the user, as git has it."""
        return tuple(path for path in (self.pointer, self.top, self.git_dir) if path is not None)


def has_history(path: Path) -> bool:
    """Say whether *path* lies in a work tree, or in what claims to be one; git is not asked."""
    try:
        return _place_above(path) is not None
    except GitError:
        return True  # asked, git will say what is wrong


class Git:
    """
    The repository of one work tree, as long as it is entered.

    Example:
        with Git.holding(folder) as git: ...
    """

    def __init__(self, place: _Place, depth: int = 0) -> None:
        self._place = place
        self._depth = depth
        self._submodules: dict[str, Git | GitError | None] = {}
        self._view: tempfile.TemporaryDirectory[str] | None = None
        self._is_partial = False
        self._program = ""

    @classmethod
    def holding(cls, path: Path) -> "Git | None":
        """
        Return the repository whose work tree holds *path*; None if there is none.

        Raises:
            GitError: There is a ``.git`` that leads to no repository.
        """
        place = _place_above(path)
        return None if place is None else cls(place)

    def __enter__(self) -> Self:
        """
        Look at the owner, and make the view.

        Raises:
            GitError: Git is not installed, or the repository is not to be read.
        """
        self._program = _program()
        try:
            self._view = tempfile.TemporaryDirectory(prefix="claimtrack-git-")
            try:
                self._make_view(self._folder)
            except BaseException:
                self._view.cleanup()
                raise
        except OSError as error:
            raise GitError(Reason.FAILED, f"git cannot be asked: {error}") from error
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Remove the view, and those of submodules."""
        for submodule in self._submodules.values():
            if isinstance(submodule, Git):
                submodule.__exit__(exc_type, exc, traceback)
        if self._view is not None:
            self._view.cleanup()

    @property
    def _folder(self) -> Path:
        assert self._view is not None  # noqa: S101 - it was entered
        return Path(os.path.realpath(self._view.name))

    @property
    def top(self) -> Path:
        """The top of the work tree, links resolved."""
        return self._place.top

    @property
    def is_shallow(self) -> bool:
        """Whether the clone lacks its earlier commits."""
        try:
            return (self._place.common / "shallow").stat().st_size > 0
        except OSError:
            return False

    @property
    def is_partial(self) -> bool:
        """Whether the clone was made without all contents (``git clone --filter``)."""
        return self._is_partial

    def submodule(self, path: str) -> "Git | None":
        """
        Return the repository of the submodule at *path*, entered as long as this one is.

        None if it is not checked out.

        Raises:
            GitError: It cannot be asked, or lies too deep in others.
        """
        if path not in self._submodules:
            self._submodules[path] = self._opened(path)
        found = self._submodules[path]
        if isinstance(found, GitError):
            raise found
        return found

    def _opened(self, path: str) -> "Git | GitError | None":
        if self._depth == _DEEPEST:
            return GitError(Reason.LIMIT, f"it lies in more than {_DEEPEST} others")
        try:
            place = _place_at(self.top / path)
            return None if place is None else Git(place, self._depth + 1).__enter__()
        except GitError as error:
            return error

    def commit(self, revision: str) -> str:
        """
        Return the hash of the commit that *revision* names.

        Raises:
            GitError: There is no such commit.
        """
        if revision.startswith("-") or "\0" in revision or "\n" in revision:
            raise GitError(Reason.FAILED, "it is no name of a revision")
        found = self._ask("rev-parse", "--verify", f"{revision}^{{commit}}")
        return found.decode("ascii", "replace").strip()

    def has_commits(self) -> bool:
        """
        Say whether anything was ever committed on the branch that is checked out.

        Raises:
            GitError: That cannot be said.
        """
        try:
            self._ask("log", "--max-count=1", "--format=%H")
        except GitError as error:
            if "does not have any commits yet" in error.message:
                return False
            raise
        return True

    def tree(self, commit: str, path: str = "") -> list[Entry]:
        """
        Return the files of a commit below *path*, or the one at it.

        Raises:
            GitError: The tree cannot be read.
        """
        paths = [path] if path else []
        told = self._ask(_LITERAL, "ls-tree", "-r", "-z", "--full-tree", commit, "--", *paths)
        with _readable():
            return [_entry(line) for line in told.split(b"\0") if line]

    def left_out(self, path: str = "") -> list[str]:
        """
        Return the files below *path* that a sparse checkout keeps out of the work tree.

        Raises:
            GitError: That cannot be read.
        """
        told = self._ask(_LITERAL, "ls-files", "-t", "-z", "--", *([path] if path else []))
        return [os.fsdecode(line[2:]) for line in told.split(b"\0") if line.startswith(b"S ")]

    def log(self, start: str, paths: Sequence[str], most: int) -> list[Commit]:
        """
        Return the commits of the main line, back from *start*, that changed one of *paths*.

        Args:
            start: A commit.
            paths: Files and folders; none stands for all.
            most: So many commits at most, the newest.

        Raises:
            GitError: They cannot be read.
        """
        return _commits(self._ask(_LITERAL, *_LOG, f"--max-count={most}", start, "--", *paths))

    def changes(self, commits: Iterable[str], endings: Iterable[str]) -> list[Commit]:
        """
        Return each of *commits* with what it changed or removed, and without what it added.

        Args:
            commits: Commits by their hashes.
            endings: How the names of the files end that are told of.

        Raises:
            GitError: They cannot be read.
        """
        given = "".join(f"{commit}\n" for commit in commits).encode()
        words = (*_LOG, "--no-walk=unsorted", "--diff-filter=a", "--stdin", "--")
        patterns = [f"*{ending}" for ending in endings]
        return _commits(self._ask(*words, *patterns, given=given)) if given else []

    def difference(self, old: str, new: str) -> list[TreeChange]:
        """
        Return what is different in the commit *new*.

        Raises:
            GitError: One of them cannot be read.
        """
        told = self._ask("diff-tree", "-r", "-z", "--raw", "--no-abbrev", "--no-renames", old, new)
        with _readable():
            return list(_changes(iter(told.split(b"\0"))))

    def sizes(self, objects: Iterable[str]) -> dict[str, int]:
        """
        Return the bytes of each of *objects*; what is missing is left out.

        Raises:
            GitError: They cannot be read.
        """
        given = "".join(f"{name}\n" for name in dict.fromkeys(objects)).encode()
        told = self._ask("cat-file", "--batch-check", given=given) if given else b""
        found = {}
        with _readable():
            for line in told.splitlines():
                name, *kind_and_size = line.decode("ascii").split(" ")
                if kind_and_size[0] == "blob":
                    found[name] = int(kind_and_size[1])
        return found

    def contents(self, sizes: Mapping[str, int]) -> Iterator[tuple[str, bytes]]:
        """
        Iterate over the contents of objects, some `_BATCH` bytes at a time.

        Args:
            sizes: The bytes of each, as `sizes` tells.

        Raises:
            GitError: They cannot be read.
        """
        batch: list[str] = []
        size = 0
        for name, one in sizes.items():
            if batch and size + one > _BATCH:
                yield from self._contents(batch, size)
                batch, size = [], 0
            batch.append(name)
            size += one
        if batch:
            yield from self._contents(batch, size)

    def _contents(self, objects: list[str], size: int) -> Iterator[tuple[str, bytes]]:
        given = "".join(f"{name}\n" for name in objects).encode()
        told = self._ask("cat-file", "--batch", given=given, most=size + 128 * len(objects))
        at = 0
        for name in objects:
            end = told.find(b"\n", at)
            header = told[at:end].split()
            if end < 0 or len(header) != 3:  # noqa: PLR2004 - hash, type, size
                raise GitError(Reason.INCOMPLETE, f"the object {name} is missing")
            with _readable():
                at = end + 1 + int(header[2]) + 1
            yield name, told[end + 1 : at - 1]

    def _ask(self, *words: str, given: bytes = b"", most: int = MOST_BYTES) -> bytes:
        """Return what git prints about the view."""
        asked = _Asked(self._program, self._folder, most)
        status, told, said = asked.run(words, given)
        if status:
            reason = Reason.INCOMPLETE if self._is_partial else Reason.FAILED
            raise GitError(reason, f"git: {self._named(said)}")
        return told

    def _named(self, said: str) -> str:
        """Name the repository where git names the view."""
        return said.replace(str(self._folder), str(self._place.git_dir))

    def _make_view(self, view: Path) -> None:
        git_dir, common = self._place.git_dir, self._place.common
        (view / "config").write_text(_CONFIG, "utf-8")
        (view / "HEAD").write_bytes(_head(git_dir / "HEAD"))
        for name in ("objects", "refs", "packed-refs", "shallow", "reftable"):
            _link(view / name, common / name)
        for file in (git_dir / "index", *git_dir.glob("sharedindex.*")):
            _link(view / file.name, file)
        (view / "logs").mkdir()
        _link(view / "logs" / "HEAD", git_dir / "logs" / "HEAD")
        _link(view / "logs" / "refs", common / "logs" / "refs")
        for file in git_dir.iterdir():
            if re.fullmatch("[A-Z]+(?:_[A-Z]+)*_HEAD", file.name):  # such as ORIG_HEAD
                _link(view / file.name, file)
        if git_dir != common and (common / "reftable").exists():
            message = "a linked work tree of a repository that keeps its refs in a table"
            raise GitError(Reason.FAILED, f"{message} cannot be read")
        self._check_owner(view)
        settings = list(self._settings(view))
        (view / "config").write_bytes(_CONFIG.encode() + b"".join(map(_written, settings)))
        self._is_partial = any((common / "objects" / "pack").glob("*.promisor"))

    def _settings(self, view: Path) -> Iterator[tuple[bytes, bytes]]:
        """Iterate over the settings of the repository that are taken over."""
        config = self._place.common / "config"
        if not config.exists():
            return
        if not config.is_file():
            raise GitError(Reason.FAILED, f"{str(config)!r} is no regular file")
        words = ("config", "--file", str(config), "--no-includes", "-z", "--get-regexp")
        status, told, said = _Asked(self._program, view, MOST_BYTES).run((*words, _TAKEN_OVER))
        if status > 1:  # 1: there is none
            raise GitError(Reason.FAILED, f"git: {said}")
        for item in told.split(b"\0"):
            key, newline, value = item.partition(b"\n")
            if newline:
                yield key, value

    def _check_owner(self, view: Path) -> None:
        """Refuse a repository of another user, as git does, unless ``safe.directory`` names it."""
        others = [path for path in self._place.owned if not _is_own(path)]
        if (others or _is_assumed_different()) and not self._is_allowed(view):
            top = str(self._place.top)
            message = (
                f"the repository at {top!r} belongs to another user, and the setting "
                f"safe.directory of git does not name it"
            )
            raise GitError(Reason.OWNER, message)

    def _is_allowed(self, view: Path) -> bool:
        mine = {key: os.environ[key] for key in _WHICH_IS_MINE if key in os.environ}
        asked = _Asked(self._program, view, MOST_BYTES, mine)
        words = ("config", "-z", "--type=path", "--get-all", "safe.directory")
        status, told, _ = asked.run(words)
        if status:
            return False
        is_safe = False
        top = os.fsencode(self._place.top)
        for value in told.split(b"\0")[:-1]:
            if not value:
                is_safe = False  # it resets what stood before
            elif value.endswith(b"/*"):
                is_safe |= top.startswith(os.path.realpath(value[:-2]).rstrip(b"/") + b"/")
            else:
                is_safe |= value == b"*" or os.path.realpath(value) == top
        return is_safe


_LITERAL: Final = "--literal-pathspecs"
"""The name of a folder may begin with ``:(`` or hold a ``*``."""

_LOG: Final = (
    *("log", "-z", "--first-parent", "-m", "--raw", "--root", "--no-abbrev", "--no-renames"),
    *("--date=short", "--format=tformat:C %H %cd"),
)


class _Asked:
    """
    One question to git.

    Args:
        program: The path of git.
        view: The repository that it is asked about.
        most: So many bytes it may print.
        mine: Variables that let it read the user's own settings; None if it is not to.
    """

    def __init__(
        self, program: str, view: Path, most: int, mine: Mapping[str, str] | None = None
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
            for key in _WHICH_IS_MINE:
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


def _program() -> str:
    path = _absolute_path()
    found = shutil.which("git", path=path) if path else None
    if found is None or not Path(found).is_absolute():
        raise GitError(Reason.FAILED, "git is not installed, or not on PATH")
    return found


def _place_above(path: Path) -> _Place | None:
    real = Path(os.path.realpath(path))
    for folder in (real, *real.parents):
        place = _place_at(folder)
        if place is not None:
            return place
    return None


def _place_at(folder: Path) -> _Place | None:
    top = Path(os.path.realpath(folder))
    entry = top / ".git"
    try:
        return _place_of(top, entry)
    except OSError as error:
        if error.errno in {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}:
            return None
        message = f"{str(entry)!r} cannot be read: {error.strerror}"
        raise GitError(Reason.FAILED, message) from error


def _place_of(top: Path, entry: Path) -> _Place | None:
    mode = entry.stat().st_mode
    if stat.S_ISDIR(mode):
        common = _common_of(entry)
        if common is None or not os.path.lexists(entry / "HEAD"):
            return None  # as git does, look further up
        return _Place(top=top, pointer=None, git_dir=entry, common=common)
    if not stat.S_ISREG(mode):
        return None
    git_dir = _led_to(entry, b"gitdir:")
    common = None if git_dir is None else _common_of(git_dir)
    if git_dir is None or common is None:
        raise GitError(Reason.FAILED, f"{str(entry)!r} leads to no git repository")
    return _Place(top=top, pointer=entry, git_dir=git_dir, common=common)


def _common_of(git_dir: Path) -> Path | None:
    """Return the folder of objects and branches that belongs to *git_dir*; None if none does."""
    pointer = git_dir / "commondir"
    common = (_led_to(pointer, b"") if pointer.is_file() else None) or git_dir
    is_one = (common / "objects").is_dir() and (common / "refs").is_dir()
    return common if is_one else None


def _led_to(pointer: Path, prefix: bytes) -> Path | None:
    """Return the folder that the text of a file names, from the folder of that file on."""
    text = _content(pointer)
    target = text.removeprefix(prefix).strip(b"\r\n").removeprefix(b" ")
    if not text.startswith(prefix) or not target or b"\0" in target:
        return None
    return Path(os.path.realpath(pointer.parent / os.fsdecode(target)))


def _content(path: Path) -> bytes:
    """Return the contents of a short regular file; a FIFO is not waited for."""
    opened = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(opened, "rb") as file:  # noqa: PTH123 - it is open already
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            raise OSError(f"{str(path)!r} is no regular file")
        return file.read(_MOST_POINTER)


def _head(path: Path) -> bytes:
    """Return what is checked out; a link to a branch is the oldest way to say so."""
    if path.is_symlink() and str(path.readlink()).startswith("refs/"):
        return f"ref: {path.readlink()}\n".encode()
    return _content(path)


def _link(view: Path, real: Path) -> None:
    if real.exists():
        view.symlink_to(os.path.realpath(real))


def _is_own(path: Path) -> bool:
    """Say whether *path* belongs to the user, or to the one who became root by ``sudo``."""
    if not hasattr(os, "geteuid"):
        return True
    owner, user = path.lstat().st_uid, os.geteuid()
    behind_sudo = os.environ.get("SUDO_UID", "") if user == 0 else ""
    return owner == user or (behind_sudo.isdecimal() and owner == int(behind_sudo))


def _is_assumed_different() -> bool:
    """Say whether git's own switch for tests of such refusals is on."""
    return os.environ.get("GIT_TEST_ASSUME_DIFFERENT_OWNER", "").lower() in {"1", "true", "yes"}


def _written(setting: tuple[bytes, bytes]) -> bytes:
    """Return a setting as a file of git holds it."""
    key, value = setting
    section, _, rest = key.partition(b".")
    inner, _, name = rest.rpartition(b".")
    header = section + (b' "' + _quoted(inner) + b'"' if inner else b"")
    return b'[%s]\n\t%s = "%s"\n' % (header, name, _quoted(value).replace(b"\n", b"\\n"))


def _quoted(text: bytes) -> bytes:
    return text.replace(b"\\", b"\\\\").replace(b'"', b'\\"')


def _entry(line: bytes) -> Entry:
    about, _, path = line.partition(b"\t")
    mode, _, name = about.decode("ascii", "replace").split(" ")
    return Entry(mode, name, os.fsdecode(path))


@contextlib.contextmanager
def _readable() -> Iterator[None]:
    """Refuse an answer that is not as git prints it."""
    try:
        yield
    except (ValueError, IndexError) as error:
        raise GitError(Reason.FAILED, "git printed what cannot be read") from error


def _commits(told: bytes) -> list[Commit]:
    """Read what ``git log -z --raw`` prints in the format of `_LOG`."""
    found: list[tuple[str, str, list[TreeChange]]] = []
    fields = iter(told.split(b"\0"))
    with _readable():
        for field in fields:
            word = field.lstrip(b"\n")
            if word.startswith(b"C "):
                _, name, day = word.decode("ascii", "replace").split(" ")
                found.append((name, day, []))
            elif word.startswith(b":"):
                found[-1][2].append(_change(word, next(fields, b"")))
            elif word:
                raise ValueError(word)
    return [Commit(name, day, tuple(changes)) for name, day, changes in found]


def _changes(fields: Iterator[bytes]) -> Iterator[TreeChange]:
    for field in fields:
        if field:
            yield _change(field, next(fields, b""))


def _change(raw: bytes, path: bytes) -> TreeChange:
    """Read one change: ``:MODE MODE OBJECT OBJECT LETTER``."""
    old_mode, new_mode, old, new, _ = raw.decode("ascii", "replace").removeprefix(":").split(" ")
    name = os.fsdecode(path)
    return TreeChange(
        name,
        None if old_mode == _NOTHING else Entry(old_mode, old, name),
        None if new_mode == _NOTHING else Entry(new_mode, new, name),
    )


_NOTHING: Final = "000000"
