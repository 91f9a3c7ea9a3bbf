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

from claimtrack.git.client import (
    EXECUTABLE,
    LINK,
    REGULAR,
    SUBMODULE,
    Commit,
    Entry,
    Git,
    TreeChange,
)
from claimtrack.git.process import GitError, Reason
from claimtrack.git.repository import has_history

__all__ = [
    "EXECUTABLE",
    "LINK",
    "REGULAR",
    "SUBMODULE",
    "Commit",
    "Entry",
    "Git",
    "GitError",
    "Reason",
    "TreeChange",
    "has_history",
]
