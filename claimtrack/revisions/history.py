"""
Read from git how each claim of a registry changed.

The commits of the main line are walked back from the newest. A claim is known by its id, so a
move from file to file within the registry is no change. Where a claim comes into the registry in a
commit that takes it out of a file elsewhere, as when the folder is renamed, it is followed there.
A submodule counts with the commits that were recorded of it.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Final, TypeAlias

import attrs

from claimtrack.errors import Severity
from claimtrack.files.folder import ENDINGS, is_excluded, is_passed_over
from claimtrack.files.locations import Locations
from claimtrack.git import EXECUTABLE, REGULAR, SUBMODULE, Commit, Entry, Git, GitError, TreeChange
from claimtrack.lint.history import CriterionEdit, Gap, Past
from claimtrack.model.claim import Claim
from claimtrack.model.span import Day
from claimtrack.registry import Registry
from claimtrack.revisions.snapshot import left_out_message
from claimtrack.revisions.versions import LIMITS, HistoryLimits, Version, Versions, limit_gap

WORKING_TREE: Final = "not yet committed"

_MOST_MOVES: Final = 500
"""Commits that moved claims into the registry from elsewhere, and are followed there."""

State: TypeAlias = tuple[Commit, Claim]
"""A claim as a commit left it."""


def past_of(
    path: str | os.PathLike[str], registry: Registry, today: Day, limits: HistoryLimits = LIMITS
) -> Past:
    """
    Return what git tells of the claims of *registry*, which was loaded from *path*.

    What cannot be read is told as a gap. Where *path* lies in no repository, or nothing of it was
    ever committed, there is no past and no gap.

    Args:
        path: The registry's folder or file.
        registry: As it is in the working tree.
        today: The day that a change counts as made on that is not committed, an ordinal.
        limits: How much is read.
    """
    gaps: list[Gap] = []
    history: _History | None = None
    try:
        git = Git.holding(Path(path))
        if git is None:
            return Past()
        with git:
            if not git.has_commits():
                return Past()
            if git.is_shallow:
                message = f"the clone that {os.fspath(path)!r} lies in lacks its earlier commits"
                gaps.append(Gap("CT693", message))
            history = _History(git, Path(path), registry, limits, gaps)
            missing = history.left_out()
            if missing:
                gaps.append(Gap("CT911", left_out_message(os.fspath(path), missing)))
            history.read()
    except GitError as error:
        gaps.append(limit_gap(error, os.fspath(path)))
    if history is None:
        return Past(gaps=tuple(gaps))
    edits = _edits(history.states, registry.claims, today)
    return Past(edits=tuple(edits), gaps=(*gaps, *history.versions.gaps()))


def _edits(
    states: Mapping[str, list[State]], claims: Mapping[str, Claim], today: Day
) -> Iterator[CriterionEdit]:
    for id_, newest_first in states.items():
        before: Claim | None = None
        day = entered = today
        for commit, claim in reversed(newest_first):
            day = _day(commit.day, today)
            if before is None:
                entered = day
            elif before != claim:
                where = f"commit {commit.name[:10]}"
                yield CriterionEdit(
                    before=before, after=claim, on=day, entered=entered, where=where
                )
            before = claim
        if before is not None and before != claims[id_]:
            on, after = max(today, day), claims[id_]
            yield CriterionEdit(
                before=before, after=after, on=on, entered=entered, where=WORKING_TREE
            )


def _day(text: str, otherwise: Day) -> Day:
    try:
        return date.fromisoformat(text).toordinal()
    except ValueError:
        return otherwise


@attrs.frozen
class _Walk:
    """
    Commits that are to be walked.

    Args:
        start: The newest of them.
        paths: What is looked at in them; none stands for all.
        is_ours: Whether a file in *paths* is read.
        wanted: The ids of the claims that are looked for.
    """

    start: str
    paths: tuple[str, ...]
    is_ours: Callable[[str], bool]
    wanted: frozenset[str]


class _History:
    """The claims of one registry, in all commits that can be read."""

    def __init__(
        self,
        git: Git,
        path: Path,
        registry: Registry,
        limits: HistoryLimits,
        gaps: list[Gap],
    ) -> None:
        self.git = git
        self.gaps = gaps
        self.states: dict[str, list[State]] = {}
        self._limits = limits
        self._noted: set[str] = set()
        real = Path(os.path.realpath(path))
        inside = real.relative_to(git.top).as_posix()
        self._inside = "" if inside == "." else inside
        self._is_file = not real.is_dir()
        self._excluded = _excluded(registry, path)
        self._ids = frozenset(registry.claims)
        self._head = git.commit("HEAD")
        files = [entry for entry in git.tree(self._head, self._inside) if self._is_ours(entry.path)]
        size = sum(git.sizes(entry.object for entry in files).values())
        self.versions = Versions(registry.claims, size, limits)

    def read(self) -> None:
        """
        Fill `states`: each claim as commits left it, the newest first, and unchanged ones once.

        Raises:
            GitError: Git gave no answer; what was read until then is there.
        """
        paths = (self._inside,) if self._inside else ()
        walks = [_Walk(self._head, paths, self._is_ours, self._ids)]
        moves = 0
        while walks:
            walk = walks.pop()
            found = self._walk(walk)
            for id_, some in found.items():
                self.states.setdefault(id_, []).extend(some)
            entered: dict[str, set[str]] = {}
            for id_, some in found.items():
                entered.setdefault(some[-1][0].name, set()).add(id_)
            further = list(self._moved(walk, entered)) if paths else []
            moves += len(further)
            if moves > _MOST_MOVES:
                message = f"more than {_MOST_MOVES} commits moved claims here from elsewhere"
                self.gaps.append(Gap("CT697", f"{message}; the others are not followed there"))
                break
            walks += further

    def left_out(self) -> list[str]:
        """
        Return the files of the registry that a sparse checkout keeps out of the work tree.

        Raises:
            GitError: Git gave no answer.
        """
        return [path for path in self.git.left_out(self._inside) if self._is_ours(path)]

    def _is_ours(self, path: str) -> bool:
        """Say whether a load of the registry would read the file at *path*."""
        if self._is_file:
            return path == self._inside
        below = path[len(self._inside) :].removeprefix("/")
        if not path.endswith(ENDINGS) or any(map(is_passed_over, below.split("/"))):
            return False
        start, patterns = self._excluded
        return not (below.startswith(start) and is_excluded(below[len(start) :], patterns))

    def _walk(self, walk: _Walk) -> dict[str, list[State]]:
        most = self._limits.commits
        commits = self.git.log(walk.start, walk.paths, most + 1)
        if len(commits) > most:
            message = f"the history has more than {most} commits; those before commit "
            self.gaps.append(Gap("CT697", f"{message}{commits[-2].name[:10]} are not read"))
            commits.pop()
        steps = [(commit, list(self._brought(commit, walk.is_ours))) for commit in commits]
        self.versions.read(version for _, versions in steps for version in versions)
        found: dict[str, list[State]] = {}
        for commit, versions in steps:
            claims = {
                id_: claim
                for version in versions
                for id_, claim in self.versions.claims(version).items()
                if id_ in walk.wanted
            }
            for id_, claim in claims.items():
                states = found.setdefault(id_, [])
                if states and states[-1][1] is claim:
                    states.pop()  # it was so before already
                states.append((commit, claim))
        return found

    def _brought(self, commit: Commit, is_ours: Callable[[str], bool]) -> Iterator[Version]:
        """Iterate over the versions of files that a commit brought."""
        for git, entry in self._entries(self.git, commit.changes, ""):
            if entry.mode in {REGULAR, EXECUTABLE} and is_ours(entry.path):
                yield Version(git, entry.path, entry.object, commit.name)

    def _entries(
        self, git: Git, changes: Iterable[TreeChange], within: str
    ) -> Iterator[tuple[Git, Entry]]:
        """
        Iterate over what *changes* brought, in submodules too.

        Args:
            git: The repository that was changed.
            changes: What was changed in it.
            within: Its path from the top of the whole, with a slash; empty for the whole.
        """
        for change in changes:
            entry = change.new
            if entry is None:
                continue
            path = within + entry.path
            if entry.mode != SUBMODULE:
                yield git, attrs.evolve(entry, path=path)
                continue
            submodule = self._submodule(git, entry.path, path)
            if submodule is not None:
                recorded = self._recorded(submodule, change, path)
                yield from self._entries(submodule, recorded, f"{path}/")

    def _recorded(self, submodule: Git, change: TreeChange, path: str) -> list[TreeChange]:
        """Return what a change of the recorded commit of a submodule changed in it."""
        assert change.new is not None  # noqa: S101 - it is a submodule now
        old = change.old.object if change.old and change.old.mode == SUBMODULE else None
        try:
            if old is not None:
                return submodule.difference(old, change.new.object)
        except GitError as error:  # the old one may be missing, and the new one there
            self._note_submodule(path, f"cannot be read: {error.message}")
        try:
            entries = submodule.tree(change.new.object)
        except GitError as error:
            self._note_submodule(path, f"cannot be read: {error.message}")
            return []
        return [TreeChange(entry.path, None, entry) for entry in entries]

    def _submodule(self, git: Git, path: str, shown: str) -> Git | None:
        try:
            found = git.submodule(path)
        except GitError as error:
            self._note_submodule(shown, f"cannot be read: {error.message}")
            return None
        if found is None:
            self._note_submodule(shown, "is not checked out", Severity.NOTE)
        return found

    def _note_submodule(self, path: str, why: str, severity: Severity | None = None) -> None:
        if path not in self._noted:
            self._noted.add(path)
            self.gaps.append(Gap("CT699", f"the submodule {path!r} {why}", severity))

    def _moved(self, walk: _Walk, entered: Mapping[str, set[str]]) -> Iterator[_Walk]:
        """
        Find the claims that came from files elsewhere.

        Args:
            walk: The walk that they came into.
            entered: By commit, the ids that the walk found first there.
        """
        left: dict[str, list[tuple[Version, Version | None]]] = {}
        for commit in self.git.changes(entered, ENDINGS):
            for change in commit.changes:
                if change.path.endswith(ENDINGS) and not _is_within(change.path, walk.paths):
                    pairs = left.setdefault(commit.name, [])
                    pairs.extend(self._before_and_after(commit, change))
        self.versions.read(
            version
            for pairs in left.values()
            for pair in pairs
            for version in pair
            if version is not None
        )
        for commit_name, pairs in left.items():
            came: dict[str, str] = {}
            for before, after in pairs:
                stayed = self.versions.claims(after) if after is not None else {}
                gone = self.versions.claims(before).keys() - stayed.keys()
                came.update(dict.fromkeys(gone & entered[commit_name], before.path))
            if came:
                paths = tuple(sorted(set(came.values())))
                ids = frozenset(came)
                yield _Walk(f"{commit_name}^", paths, frozenset(paths).__contains__, ids)

    def _before_and_after(
        self, commit: Commit, change: TreeChange
    ) -> Iterator[tuple[Version, Version | None]]:
        if change.old is None or change.old.mode not in {REGULAR, EXECUTABLE}:
            return
        before = Version(self.git, change.path, change.old.object, commit.name, is_ours=False)
        after = None
        if change.new is not None and change.new.mode in {REGULAR, EXECUTABLE}:
            after = Version(self.git, change.path, change.new.object, commit.name, is_ours=False)
        yield before, after


def _excluded(registry: Registry, path: Path) -> tuple[str, tuple[str, ...]]:
    """
    Return what the settings of today exclude, and the folder below which they do.

    Returns:
        The folder from the registry's on, with a slash at its end, and the patterns.
    """
    locations = registry.locations
    file = locations.settings_file if isinstance(locations, Locations) else None
    if file is None or not registry.settings.exclude:
        return "", ()
    folder = Path(file).parent.relative_to(path).as_posix()
    return ("" if folder == "." else f"{folder}/"), registry.settings.exclude


def _is_within(path: str, paths: Iterable[str]) -> bool:
    return any(path == one or path.startswith(f"{one}/") for one in paths)
