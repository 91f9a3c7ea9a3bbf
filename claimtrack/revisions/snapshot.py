"""
Load a registry as it is in a commit, from git into memory.

Nothing of a commit is written to disk, so no name and no link in it can lead anywhere. Which files
count is settled as for a folder on disk: names that are passed over, links that stay within the
folder, and each file once.
"""

import os
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from io import BytesIO
from itertools import islice, takewhile
from pathlib import Path, PurePosixPath
from typing import Final

import attrs

from claimtrack.errors import LoadError, Location, Problem, Problems
from claimtrack.files.folder import ENDINGS, File, is_passed_over
from claimtrack.files.load import load_files
from claimtrack.git import EXECUTABLE, LINK, REGULAR, SUBMODULE, Entry, Git, GitError, Reason
from claimtrack.registry import Registry


@attrs.frozen(kw_only=True)
class RevisionLimits:
    """
    Bounds on the commit that is read, each inclusive.

    Args:
        file_bytes: Bytes of one file, as git keeps it.
        total_bytes: Bytes of all files.
    """

    file_bytes: int = 256 << 20
    total_bytes: int = 1 << 30


LIMITS: Final = RevisionLimits()

_BATCH: Final = 32 << 20
"""Bytes of files that are in memory at once, but for one longer file."""

_MOST_LINKS: Final = 40
"""Links that are followed one behind the other, as on Linux."""


@attrs.frozen(kw_only=True)
class RevisionRegistry:
    """
    A registry as it is in a commit.

    Args:
        unread: What of it is not read, such as a submodule, in one line each.
    """

    registry: Registry
    unread: tuple[str, ...]


def load_revision(path: str, revision: str, limits: RevisionLimits = LIMITS) -> RevisionRegistry:
    """
    Load the registry at *path* as it is in *revision*.

    Raises:
        GitError: *path* lies in no git repository, there is no such revision, *path* is not in
            it, or git fails.
        LoadError: Something is wrong with it; its places begin with the revision.
    """
    git = Git.holding(Path(path))
    if git is None:
        raise GitError(Reason.FAILED, f"{path!r} lies in no git repository")
    with git:
        try:
            commit = git.commit(revision)
        except GitError as error:
            message = f"{revision!r} is no commit of the repository of {path!r}: {error.message}"
            if git.is_shallow:
                message += "; the clone is shallow and lacks its earlier commits"
            raise GitError(error.reason, message) from error
        tree = _Tree(revision, _inside(git, path))
        tree.add(git, git.tree(commit, tree.inside))
        if not (tree.found or tree.unread):
            raise GitError(Reason.FAILED, f"{path!r} is not in revision {revision!r}")
        files = tree.files()
        tree.problems.raise_if_any()
        name = f"{revision}:{tree.inside or '.'}"
        if not files:
            message = f"{path!r} holds no file in {_ANY_ENDING} in revision {revision!r}"
            raise LoadError((Problem(code="CT001", message=message),))
        registry = load_files(_contents(files, name, limits), name)
        return RevisionRegistry(registry=registry, unread=tuple(tree.unread))


def left_out(path: str) -> str | None:
    """
    Say which files of the registry at *path* a sparse checkout keeps out of the work tree.

    None if there are none, or *path* lies in no repository.

    Raises:
        GitError: Git fails.
    """
    git = Git.holding(Path(path))
    if git is None:
        return None
    with git:
        inside = _inside(git, path)
        found = [
            one
            for one in git.left_out(inside)
            if one.endswith(ENDINGS) and _is_visible(one[len(inside) :].removeprefix("/"))
        ]
    return left_out_message(path, found) if found else None


def left_out_message(path: str, files: Sequence[str]) -> str:
    """Say that a sparse checkout lacks *files*, one or more, of the registry at *path*."""
    others = f" and {len(files) - 1} more" if len(files) > 1 else ""
    return f"of {path!r} this sparse checkout leaves out {files[0]!r}{others}, which are not read"


def _inside(git: Git, path: str) -> str:
    """Return *path* from the top of the work tree; empty for the top."""
    inside = Path(os.path.realpath(path)).relative_to(git.top).as_posix()
    return "" if inside == "." else inside


@attrs.frozen
class _Source:
    """A file of a commit, the repository that holds it, and its name in errors."""

    git: Git
    mode: str
    object: str
    shown: str


def _contents(sources: Sequence[_Source], name: str, limits: RevisionLimits) -> Iterator[File]:
    """Iterate over files with their contents, some of them at a time."""
    sizes = _sizes(sources, name, limits)
    batch: list[_Source] = []
    size = 0
    for source, one in zip(sources, sizes, strict=True):
        if batch and (size + one > _BATCH or batch[0].git is not source.git):
            yield from _batch(batch)
            batch, size = [], 0
        batch.append(source)
        size += one
    yield from _batch(batch)


def _batch(sources: Sequence[_Source]) -> Iterator[File]:
    git = sources[0].git
    contents = dict(git.contents(git.sizes(source.object for source in sources)))
    for source in sources:
        yield File(source.shown, partial(BytesIO, contents[source.object]))


def _sizes(sources: Sequence[_Source], name: str, limits: RevisionLimits) -> list[int]:
    by_git: dict[Git, list[str]] = {}
    for source in sources:
        by_git.setdefault(source.git, []).append(source.object)
    known = {git: git.sizes(objects) for git, objects in by_git.items()}
    sizes = []
    problems = Problems()
    for source in sources:
        size = known[source.git].get(source.object)
        if size is None:
            message = (
                f"the clone lacks the contents of {source.shown!r}, and nothing is fetched; "
                "run: git fetch --refetch --no-filter"
            )
            raise GitError(Reason.INCOMPLETE, message)
        if size > limits.file_bytes:
            message = f"the file has more than {limits.file_bytes} bytes"
            problems.add("CT003", message, Location(source.shown, 1))
        sizes.append(size)
    problems.raise_if_any()
    if sum(sizes) > limits.total_bytes:
        message = f"{name!r} has more than {limits.total_bytes} bytes in its files together"
        raise LoadError((Problem(code="CT003", message=message),))
    return sizes


class _Tree:
    """
    The files of a commit below the folder of a registry, by their paths from there.

    Args:
        revision: The name of the commit, as the user gave it.
        inside: The path of the registry from the top of the work tree; empty for the top.
    """

    def __init__(self, revision: str, inside: str) -> None:
        self.revision = revision
        self.inside = inside
        self.found: dict[str, _Source] = {}
        self.unread: list[str] = []
        self.problems = Problems()
        self._folders: set[str] = set()
        self._walked: set[str] = set()
        self._kept: dict[str, str] = {}  # by path, the name under which it is read
        self._targets: dict[str, str] = {}
        self._sorted: list[str] = []
        self._sorted_folders: list[str] = []

    def add(self, git: Git, entries: Iterable[Entry], within: str = "") -> None:
        """
        Add files, and those of submodules at the commits that are recorded of them.

        Args:
            git: The repository that holds them.
            entries: What stands in it.
            within: Its path from the top of the whole, with a slash; empty for the whole.
        """
        for entry in entries:
            whole = within + entry.path
            path = whole[len(self.inside) + 1 :] if self.inside else whole
            if entry.mode == SUBMODULE:
                self._add_submodule(git, entry, path, whole)
            else:
                self._add_file(_Source(git, entry.mode, entry.object, self._shown(path)), path)

    def _shown(self, path: str) -> str:
        return f"{self.revision}:{'/'.join(filter(None, (self.inside, path))) or '.'}"

    def _add_file(self, source: _Source, path: str) -> None:
        parts = path.split("/") if path else []
        above = ["/".join(parts[:end]) for end in range(len(parts))]
        self._folders.update(above)
        # Git makes no such trees, but somebody may.
        if not {"", ".", ".."}.isdisjoint(parts) or "\0" in path:
            self.problems.add("CT004", f"{source.shown!r} is no path within a folder")
        elif path in self.found:
            self.problems.add("CT001", f"{source.shown!r} stands twice in its tree")
        self.found[path] = source

    def _add_submodule(self, git: Git, entry: Entry, path: str, whole: str) -> None:
        if not _is_visible(path):
            return
        try:
            submodule = git.submodule(entry.path)
            entries = None if submodule is None else submodule.tree(entry.object)
        except GitError as error:
            self.unread.append(f"the submodule {self._shown(path)!r} is not read: {error.message}")
            return
        if submodule is None or entries is None:
            self.unread.append(
                f"the submodule {self._shown(path)!r} is not read, since it is not checked out"
            )
            return
        self.add(submodule, entries, f"{whole}/")

    def files(self) -> list[_Source]:
        """Return the files that are read, in the order of their names."""
        for path in self.found.keys() & self._folders:
            self.problems.add("CT001", f"{self._shown(path)!r} stands twice in its tree")
        if "" in self.found:
            return self._only()
        self._targets = self._read_links()
        self._sorted, self._sorted_folders = sorted(self.found), sorted(self._folders)
        self._walk("", "")
        by_name = {name: self.found[path] for path, name in self._kept.items()}
        return [attrs.evolve(by_name[name], shown=self._shown(name)) for name in sorted(by_name)]

    def _only(self) -> list[_Source]:
        """Return the one file that the registry is."""
        source = self.found[""]
        if source.mode not in {REGULAR, EXECUTABLE}:
            self.problems.add("CT001", f"{source.shown!r} is no regular file")
        elif not source.shown.endswith(ENDINGS):
            expected = f"expected a folder or a file in {_ANY_ENDING}"
            self.problems.add("CT001", f"{source.shown!r} is no registry; {expected}")
        return [source]

    def _read_links(self) -> dict[str, str]:
        links = {path: source for path, source in self.found.items() if source.mode == LINK}
        by_git: dict[Git, list[str]] = {}
        for source in links.values():
            by_git.setdefault(source.git, []).append(source.object)
        targets: dict[str, str] = {}
        for git, objects in by_git.items():
            sizes = git.sizes(objects)
            short = {name: size for name, size in sizes.items() if size <= _LONGEST_LINK}
            targets |= {name: os.fsdecode(target) for name, target in git.contents(short)}
        return {
            path: targets[source.object]
            for path, source in links.items()
            if source.object in targets
        }

    def _walk(self, folder: str, name: str) -> None:
        """Keep what lies below *folder* under names below *name*; links come last."""
        links = []
        start = f"{folder}/" if folder else ""
        self._walked.add(folder)
        for path in _below(start, self._sorted_folders):
            if _is_visible(path[len(start) :]):
                self._walked.add(path)
        for path in _below(start, self._sorted):
            rest = path[len(start) :]
            if not _is_visible(rest):
                continue
            shown = f"{name}/{rest}" if name else rest
            if self.found[path].mode == LINK:
                links.append((path, shown))
            elif path.endswith(ENDINGS):
                self._keep(path, shown)
        for path, shown in links:
            self._follow(path, shown)

    def _keep(self, path: str, name: str) -> None:
        if path not in self._kept:
            self._kept[path] = name
            if self.found[path].mode not in {REGULAR, EXECUTABLE}:
                self.problems.add("CT001", f"{self._shown(name)!r} is no regular file")

    def _follow(self, link: str, name: str) -> None:
        is_file = name.endswith(ENDINGS)
        shown = self._shown(name)
        try:
            path = self._resolved(link)
        except _LoopError:
            self.problems.add("CT004", f"{shown!r} is a link that leads back to itself")
            return
        if path is None:
            if is_file:
                root = self._shown("")
                self.problems.add("CT004", f"{shown!r} is a link that leads out of {root!r}")
        elif path in self._folders:
            folder = self._resolved(PurePosixPath(link).parent.as_posix())
            if folder is not None and (folder == path or _lies_in(folder, path)):
                self.problems.add("CT004", f"{shown!r} is a link to a folder that it lies in")
            elif path not in self._walked:
                self._walk(path, name)
        elif is_file and path in self.found:
            self._keep(path, name)
        elif is_file:
            self.problems.add("CT001", f"{shown!r} cannot be read: No such file or directory")

    def _resolved(self, path: str) -> str | None:
        """
        Return where *path* leads once its links are followed; None if that is not in the folder.

        Raises:
            _LoopError: It leads back to itself.
        """
        base = self.inside.split("/") if self.inside else []
        here: list[str] = []
        todo = [*base, *path.split("/")][::-1]
        links = 0
        while todo:
            part = todo.pop()
            if part == "..":
                if not here:
                    return None
                here.pop()
            elif part not in {"", "."}:
                here.append(part)
                target = None
                if here[: len(base)] == base:
                    target = self._targets.get("/".join(here[len(base) :]))
                if target is not None:
                    links += 1
                    if links > _MOST_LINKS:
                        raise _LoopError
                    if target.startswith("/"):
                        return None
                    here.pop()
                    todo += target.split("/")[::-1]
        if here[: len(base)] != base:
            return None
        return "/".join(here[len(base) :])


class _LoopError(Exception):
    """Say that a link leads back to itself."""


def _is_visible(path: str) -> bool:
    """Say whether nothing on the way of *path* has a name that is passed over."""
    return not any(map(is_passed_over, path.split("/")))


def _below(start: str, paths: Sequence[str]) -> Iterator[str]:
    """Iterate over those of the sorted *paths* that begin with *start*."""
    return takewhile(
        lambda path: path.startswith(start), islice(paths, bisect_left(paths, start), None)
    )


def _lies_in(path: str, folder: str) -> bool:
    return not folder or path.startswith(f"{folder}/")


_ANY_ENDING: Final = f"{', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"
_LONGEST_LINK: Final = 4096
"""Bytes of the target of a link that is followed, as on Linux."""
