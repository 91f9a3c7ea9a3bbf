"""
The client: a view of a repository, and the questions that it answers.

The view is a temporary repository whose configuration is written here; why, the package tells.
"""

import contextlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import attrs

from claimtrack.git.process import MOST_BYTES, GitError, GitProcess, Reason, path_of_git
from claimtrack.git.repository import (
    Repository,
    check_owner,
    content_of,
    repository_above,
    repository_at,
)

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

_DEEPEST: Final = 8
"""Submodules around a submodule that is read."""


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


class Git:
    """
    The repository of one work tree, as long as it is entered.

    Example:
        with Git.holding(folder) as git: ...
    """

    def __init__(self, repository: Repository, depth: int = 0) -> None:
        self._repository = repository
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
        repository = repository_above(path)
        return None if repository is None else cls(repository)

    def __enter__(self) -> Self:
        """
        Look at the owner, and make the view.

        Raises:
            GitError: Git is not installed, or the repository is not to be read.
        """
        self._program = path_of_git()
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
        return self._repository.top

    @property
    def is_shallow(self) -> bool:
        """Whether the clone lacks its earlier commits."""
        try:
            return (self._repository.common / "shallow").stat().st_size > 0
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
            repository = repository_at(self.top / path)
            if repository is None:
                return None
            return Git(repository, self._depth + 1).__enter__()
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
        asked = GitProcess(self._program, self._folder, most)
        status, told, said = asked.run(words, given)
        if status:
            reason = Reason.INCOMPLETE if self._is_partial else Reason.FAILED
            raise GitError(reason, f"git: {self._named(said)}")
        return told

    def _named(self, said: str) -> str:
        """Name the repository where git names the view."""
        return said.replace(str(self._folder), str(self._repository.git_dir))

    def _make_view(self, view: Path) -> None:
        git_dir, common = self._repository.git_dir, self._repository.common
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
        check_owner(self._repository, self._program, view)
        settings = list(self._settings(view))
        (view / "config").write_bytes(_CONFIG.encode() + b"".join(map(_written, settings)))
        self._is_partial = any((common / "objects" / "pack").glob("*.promisor"))

    def _settings(self, view: Path) -> Iterator[tuple[bytes, bytes]]:
        """Iterate over the settings of the repository that are taken over."""
        config = self._repository.common / "config"
        if not config.exists():
            return
        if not config.is_file():
            raise GitError(Reason.FAILED, f"{str(config)!r} is no regular file")
        words = ("config", "--file", str(config), "--no-includes", "-z", "--get-regexp")
        status, told, said = GitProcess(self._program, view).run((*words, _TAKEN_OVER))
        if status > 1:  # 1: there is none
            raise GitError(Reason.FAILED, f"git: {said}")
        for item in told.split(b"\0"):
            key, newline, value = item.partition(b"\n")
            if newline:
                yield key, value


_LITERAL: Final = "--literal-pathspecs"
"""The name of a folder may begin with ``:(`` or hold a ``*``."""

_LOG: Final = (
    *("log", "-z", "--first-parent", "-m", "--raw", "--root", "--no-abbrev", "--no-renames"),
    *("--date=short", "--format=tformat:C %H %cd"),
)


def _head(path: Path) -> bytes:
    """Return what is checked out; a link to a branch is the oldest way to say so."""
    if path.is_symlink() and str(path.readlink()).startswith("refs/"):
        return f"ref: {path.readlink()}\n".encode()
    return content_of(path)


def _link(view: Path, real: Path) -> None:
    if real.exists():
        view.symlink_to(os.path.realpath(real))


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
