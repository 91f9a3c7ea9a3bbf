"""
Read from git how each claim of a registry changed.

The files of each commit are read as a load reads them, but one by one and without their problems:
a version that cannot be read says nothing, and the claim stays as it was before.
"""

import gzip
import json
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import attrs

from claimtrack.errors import FieldError
from claimtrack.files.folder import ENDINGS
from claimtrack.files.tables import record_of
from claimtrack.health.edits import Edit
from claimtrack.model.claim import Claim
from claimtrack.model.span import Day
from claimtrack.registry import Registry
from claimtrack.revisions.git import Commit, Git

MOST_BYTES: Final = 64 << 20
"""The longest version of a file that is read."""

WORKING_TREE: Final = "not yet committed"


@attrs.frozen(kw_only=True)
class Past:
    """
    What version control tells of a registry.

    Args:
        edits: The changes of its claims, oldest first.
        is_shallow: Whether earlier commits are missing.
    """

    edits: tuple[Edit, ...] = ()
    is_shallow: bool = False


def past_of(path: str | os.PathLike[str], registry: Registry, today: Day) -> Past:
    """
    Return what git tells of the claims of *registry*, which was loaded from *path*.

    Args:
        path: The registry's folder or file.
        registry: As it is in the working tree.
        today: The day that a change counts as made on that is not committed, an ordinal.
    """
    where = Path(path)
    git = Git(where) if where.is_dir() else Git(where.parent, where.name)
    if not git.is_repository():
        return Past()
    edits = _edits(git, registry, today)
    return Past(edits=tuple(edits), is_shallow=git.is_shallow())


def _edits(git: Git, registry: Registry, today: Day) -> Iterator[Edit]:
    commits = git.commits()
    versions = _versions(git, commits, registry.claims)
    stood: dict[str, Claim] = {}
    entered: dict[str, Day] = {}
    day = today
    for commit in commits:
        day = _day(commit.day, today)
        for _, blob in commit.blobs:
            for claim in versions.get(blob or "", ()):
                before = stood.get(claim.id)
                stood[claim.id] = claim
                entered.setdefault(claim.id, day)
                if before is not None and before != claim:
                    yield _edit(before, claim, day, entered, f"commit {commit.name[:10]}")
    for id_, claim in registry.claims.items():
        before = stood.get(id_)
        if before is not None and before != claim:
            yield _edit(before, claim, max(today, day), entered, WORKING_TREE)


def _edit(before: Claim, after: Claim, on: Day, entered: Mapping[str, Day], where: str) -> Edit:
    return Edit(before=before, after=after, on=on, entered=entered[after.id], where=where)


def _day(text: str, otherwise: Day) -> Day:
    try:
        return date.fromisoformat(text).toordinal()
    except ValueError:
        return otherwise


def _versions(
    git: Git, commits: Iterable[Commit], known: Mapping[str, Claim]
) -> dict[str, tuple[Claim, ...]]:
    """Return the claims that each version of each file held and that are still *known*."""
    named = {
        blob: path
        for commit in commits
        for path, blob in commit.blobs
        if blob is not None and path.endswith(ENDINGS)
    }
    found = {}
    for blob, content in git.contents(named):
        tables = _tables(content, named[blob]) if len(content) <= MOST_BYTES else []
        wanted = [table for table in tables if table.get("id") in known]
        found[blob] = tuple(claim for table in wanted for claim in _claims(table))
    return found


def _tables(content: bytes, name: str) -> list[dict[str, Any]]:
    """Return the tables of claims in one version of a file; none if it cannot be read."""
    try:
        if name.endswith(".gz"):
            with gzip.GzipFile(fileobj=BytesIO(content)) as packed:
                content = packed.read(MOST_BYTES)
        text = content.decode("utf-8-sig")
        if name.endswith(".toml"):
            found = tomllib.loads(text, parse_float=Decimal).get("claim", [])
        else:
            found = [
                {key: value for key, value in table.items() if key != "type"}
                for line in text.splitlines()
                if line.strip()
                for table in [json.loads(line, parse_float=Decimal)]
                if isinstance(table, dict) and table.get("type") == "claim"
            ]
    except (OSError, EOFError, ValueError, RecursionError):
        return []
    if not isinstance(found, list):
        return []
    return [t for t in found if isinstance(t, dict) and isinstance(t.get("id"), str)]


def _claims(table: dict[str, Any]) -> Iterator[Claim]:
    try:
        yield record_of(Claim, table)
    except (FieldError, TypeError, AttributeError, KeyError):
        return  # it could not be loaded then either
