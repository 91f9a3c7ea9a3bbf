"""
Which repository holds a folder, and whose it is.

Git is not asked where a repository is, since it would read the configuration of what it finds.
"""

import errno
import os
import stat
from pathlib import Path
from typing import Final

import attrs

from claimtrack.git.process import USER_SETTINGS, GitError, GitProcess, Reason

_MOST_POINTER: Final = 4096
"""Bytes of a file that says where a repository is, or which branch is checked out."""


@attrs.frozen(kw_only=True)
class Repository:
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
        return repository_above(path) is not None
    except GitError:
        return True  # asked, git will say what is wrong


def repository_above(path: Path) -> Repository | None:
    """Return the repository whose work tree holds *path*, the innermost; None for none."""
    real = Path(os.path.realpath(path))
    for folder in (real, *real.parents):
        repository = repository_at(folder)
        if repository is not None:
            return repository
    return None


def repository_at(folder: Path) -> Repository | None:
    """Return the repository whose work tree begins at *folder*; None where there is no ``.git``."""
    top = Path(os.path.realpath(folder))
    entry = top / ".git"
    try:
        return _repository_of(top, entry)
    except OSError as error:
        if error.errno in {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}:
            return None
        message = f"{str(entry)!r} cannot be read: {error.strerror}"
        raise GitError(Reason.FAILED, message) from error


def _repository_of(top: Path, entry: Path) -> Repository | None:
    mode = entry.stat().st_mode
    if stat.S_ISDIR(mode):
        common = _common_of(entry)
        if common is None or not os.path.lexists(entry / "HEAD"):
            return None  # as git does, look further up
        return Repository(top=top, pointer=None, git_dir=entry, common=common)
    if not stat.S_ISREG(mode):
        return None
    git_dir = _led_to(entry, b"gitdir:")
    common = None if git_dir is None else _common_of(git_dir)
    if git_dir is None or common is None:
        raise GitError(Reason.FAILED, f"{str(entry)!r} leads to no git repository")
    return Repository(top=top, pointer=entry, git_dir=git_dir, common=common)


def _common_of(git_dir: Path) -> Path | None:
    """Return the folder of objects and branches that belongs to *git_dir*; None if none does."""
    pointer = git_dir / "commondir"
    common = (_led_to(pointer, b"") if pointer.is_file() else None) or git_dir
    is_one = (common / "objects").is_dir() and (common / "refs").is_dir()
    return common if is_one else None


def _led_to(pointer: Path, prefix: bytes) -> Path | None:
    """Return the folder that the text of a file names, from the folder of that file on."""
    text = content_of(pointer)
    target = text.removeprefix(prefix).strip(b"\r\n").removeprefix(b" ")
    if not text.startswith(prefix) or not target or b"\0" in target:
        return None
    return Path(os.path.realpath(pointer.parent / os.fsdecode(target)))


def content_of(path: Path) -> bytes:
    """Return the contents of a short regular file; a FIFO is not waited for."""
    opened = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(opened, "rb") as file:  # noqa: PTH123 - it is open already
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            raise OSError(f"{str(path)!r} is no regular file")
        return file.read(_MOST_POINTER)


def check_owner(repository: Repository, program: str, view: Path) -> None:
    """
    Refuse a repository of another user, as git does, unless ``safe.directory`` names it.

    Args:
        repository: Whose owner is looked at.
        program: The path of git, which reads the user's own settings.
        view: A repository that it may be asked in.

    Raises:
        GitError: It is another user's.
    """
    others = [path for path in repository.owned if not _is_own(path)]
    if (others or _is_assumed_different()) and not _is_allowed(repository, program, view):
        top = str(repository.top)
        message = (
            f"the repository at {top!r} belongs to another user, and the setting "
            f"safe.directory of git does not name it"
        )
        raise GitError(Reason.OWNER, message)


def _is_allowed(repository: Repository, program: str, view: Path) -> bool:
    mine = {key: os.environ[key] for key in USER_SETTINGS if key in os.environ}
    asked = GitProcess(program, view, mine=mine)
    words = ("config", "-z", "--type=path", "--get-all", "safe.directory")
    status, told, _ = asked.run(words)
    if status:
        return False
    is_safe = False
    top = os.fsencode(repository.top)
    for value in told.split(b"\0")[:-1]:
        if not value:
            is_safe = False  # it resets what stood before
        elif value.endswith(b"/*"):
            is_safe |= top.startswith(os.path.realpath(value[:-2]).rstrip(b"/") + b"/")
        else:
            is_safe |= value == b"*" or os.path.realpath(value) == top
    return is_safe


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
