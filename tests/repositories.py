"""Git repositories for tests: made by the user's git, and independent of the user's settings."""

import os
import shutil
import subprocess

import pytest

GIT = shutil.which("git")
needs_git = pytest.mark.skipif(GIT is None, reason="git is not installed")

WORLD = """
[[speaker]]
id = "miller"
[[source]]
id = "wire"
published = 2019-12-02
tier = "wire"
url = "https://wire.example/"
[[fact]]
id = "gas"
kind = "event"
[[evidence]]
id = "gas-wire"
fact = "gas"
source = "wire"
happened = 2019-12-02
"""
CLAIM = """
[[claim]]
id = "by-2019"
speaker = "miller"
said = 2017-07-04
source = "wire"
quote = "by the end of 2019"
criterion = { event = "gas", by = 2019-12-31 }
"""
LATER = CLAIM.replace("2019-12-31", "2020-12-31")
"""The claim with another criterion; evidence of 2019-12-02 decides both."""


def git(folder, *words, day="2020-01-01", given=None):
    """Run git in *folder* on a day, and return what it prints, without the white space around."""
    alone = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    alone |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    for who in ("AUTHOR", "COMMITTER"):
        alone |= {f"GIT_{who}_NAME": "a", f"GIT_{who}_EMAIL": "a@example.org"}
        alone |= {f"GIT_{who}_DATE": f"{day}T12:00:00Z"}
    run = subprocess.run(
        [GIT, "-c", "protocol.file.allow=always", *map(os.fspath, words)],
        cwd=folder,
        check=True,
        capture_output=True,
        env=alone,
        input=given,
    )
    return run.stdout.decode(errors="surrogateescape").strip()


def init(folder):
    """Make an empty repository, and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "main")
    return folder


def commit(folder, day):
    """Commit all that lies below *folder* on a day, and return the commit's name."""
    git(folder, "add", "-A", ".", day=day)
    git(folder, "commit", "-q", "-m", "change", "--allow-empty", day=day)
    return git(folder, "rev-parse", "HEAD")


def drop(folder, object_):
    """Remove an object that is not packed from the repository in *folder*."""
    (folder / ".git" / "objects" / object_[:2] / object_[2:]).unlink()
