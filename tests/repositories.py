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


def hostile(folder, marks):
    """
    Make a repository that runs a program wherever git can be made to, and return its registry.

    Args:
        folder: Where the repository is made; the criterion of its claim was edited.
        marks: The folder into which each program that is run writes a file.
    """
    registry = init(folder) / "registry"
    registry.mkdir()
    marks.mkdir()
    (registry / "world.toml").write_text(f'[registry]\ntitle = "A"\n{WORLD}', "utf-8")
    (registry / "claims.toml").write_text(CLAIM, "utf-8")
    (folder / ".gitattributes").write_text("* diff=own filter=own merge=own\n", "utf-8")
    commit(folder, "2018-01-01")
    (registry / "claims.toml").write_text(LATER, "utf-8")
    commit(folder, "2020-01-05")
    (folder / ".gitmodules").write_text(
        f'[submodule "registry/data"]\n\tpath = registry/data\n\turl = "ext::{_marking(marks)}"\n'
        f'\tupdate = "!{_marking(marks)}"\n',
        "utf-8",
    )
    for hook in ("pre-commit", "post-checkout", "reference-transaction", "post-index-change"):
        script = folder / ".git" / "hooks" / hook
        script.write_text(f"#!/bin/sh\n{_marking(marks)}\n", "utf-8")
        script.chmod(0o755)
    _lay_traps(folder, marks)
    return registry


def _marking(marks):
    return f"touch {marks}/was-run"


def _lay_traps(folder, marks):
    """Let every setting that names a program name one that leaves a mark, and drop an object."""
    mark = _marking(marks)
    settings = {
        **dict.fromkeys(PROGRAMS, mark),
        **dict.fromkeys(ALIASES, f"!{mark}"),
        "remote.origin.url": f"ext::sh -c {mark.replace(' ', '% ')}",
        "remote.origin.promisor": "true",
        "remote.origin.partialclonefilter": "blob:none",
        "remote.origin.uploadpack": f"{mark};",
        "remote.local.url": str(folder),
        "remote.local.promisor": "true",
        "remote.local.uploadpack": f"{mark};",
        "remote.other.vcs": "own",
        "remote.other.url": "own::somewhere",
        "extensions.partialClone": "origin",
        "core.repositoryFormatVersion": "1",
        "core.worktree": str(marks),
        "core.hooksPath": str(folder / ".git" / "hooks"),
        "core.fsmonitorHookVersion": "2",
        **dict.fromkeys(PROTOCOLS, "always"),
        "log.showSignature": "true",
        "log.showRoot": "false",
        "log.follow": "true",
        "log.mailmap": "true",
        "diff.orderFile": "/nowhere/at/all",
        "diff.renames": "copies",
        "i18n.logOutputEncoding": "UTF-16",
        "color.ui": "always",
        "core.quotePath": "true",
        "include.path": "traps",
        f"includeIf.gitdir:{folder}/.path": "traps",
    }
    lines = []
    for key, value in settings.items():
        section, _, rest = key.partition(".")
        inner, _, name = rest.rpartition(".")
        header = f'[{section} "{inner}"]' if inner else f"[{section}]"
        lines.append(f'{header}\n\t{name} = "{value}"\n')
    (folder / ".git" / "traps").write_text(f'[core]\n\tpager = "{mark}"\n', "utf-8")
    blob = git(folder, "rev-parse", "HEAD~1:registry/claims.toml")
    (folder / ".git" / "config").write_text("".join(lines), "utf-8")
    drop(folder, blob)


PROGRAMS = (
    *("core.fsmonitor", "core.pager", "core.editor", "core.askPass", "core.sshCommand"),
    *("core.gitProxy", "core.alternateRefsCommand", "sequence.editor", "gpg.program"),
    *("gpg.ssh.program", "gpg.x509.program", "gpg.ssh.defaultKeyCommand", "credential.helper"),
    *("diff.external", "diff.own.command", "diff.own.textconv", "merge.own.driver"),
    *("filter.own.clean", "filter.own.smudge", "filter.own.process", "uploadpack.packObjectsHook"),
    *("interactive.diffFilter", "web.browser", "trailer.own.command", "trailer.own.cmd"),
    *("pager.log", "pager.ls-tree", "pager.cat-file", "pager.rev-parse", "pager.diff-tree"),
    *("mailmap.file", "remote.origin.receivepack", "submodule.registry/data.update"),
)
ALIASES = ("alias.log", "alias.ls-tree", "alias.cat-file", "alias.rev-parse", "alias.config")
PROTOCOLS = tuple(
    f"protocol.{name}allow" for name in ("", "file.", "ext.", "ssh.", "git.", "http.", "own.")
)
