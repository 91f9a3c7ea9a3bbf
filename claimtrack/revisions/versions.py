"""
Read the claims in earlier versions of files, from git into memory.

A version is read as a load reads it, but one by one and without the other records. Most of a
version stands in the one before too, so what is read is kept by its text: a line of JSON, or the
part of a TOML file that is one claim. What cannot be read is noted and never raised, for nobody can
mend a commit that is past.
"""

import gzip
import hashlib
import re
import zlib
from codecs import BOM_UTF8
from collections.abc import Collection, Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any, Final, TypeAlias

import attrs

from claimtrack.errors import FieldError, LoadError
from claimtrack.files.jsonl import careful_table
from claimtrack.files.records import record_of
from claimtrack.files.toml import document_of
from claimtrack.git import Git, GitError, Reason
from claimtrack.lint.history import Gap
from claimtrack.model.claim import Claim
from claimtrack.model.registry import KINDS

Claims: TypeAlias = Mapping[str, Claim]


@attrs.frozen(kw_only=True)
class HistoryLimits:
    """
    Bounds on the history that is read, each inclusive.

    A large registry has a long history, so what all versions may have together grows with it: by
    `times` of the bytes that its files have now, and `texts_of_claim` for each claim.

    Args:
        commits: Commits of the main line that touched the registry.
        version_bytes: Bytes of one version of a file, unpacked.
        toml_bytes: Bytes of one version of a TOML file, and of a part of one that is read at once.
        total_bytes: Bytes of all versions, unpacked.
        total_toml: Bytes of TOML that are read, each text once.
        texts: Different texts of claims.
        times: How often the registry may be in all versions, beside *total_bytes*.
        times_toml: How often it may be in the different texts, beside *total_toml*.
        texts_of_claim: Different texts of each claim, beside *texts*.
        most_bytes: Bytes of all versions, however large the registry is.
        most_toml: Bytes of TOML, likewise.
    """

    commits: int = 50_000
    version_bytes: int = 64 << 20
    toml_bytes: int = 16 << 20
    total_bytes: int = 512 << 20
    total_toml: int = 64 << 20
    texts: int = 50_000
    times: int = 5_000
    times_toml: int = 20
    texts_of_claim: int = 20
    most_bytes: int = 2 << 30
    most_toml: int = 128 << 20


LIMITS: Final = HistoryLimits()


@attrs.frozen
class Version:
    """
    One version of a file.

    Args:
        git: The repository that holds it.
        path: From the top of the work tree.
        object: Its contents.
        commit: The commit that brought it.
        is_ours: Whether it is a file of the registry; one that is not is read without a word.
    """

    git: Git
    path: str
    object: str
    commit: str
    is_ours: bool = True

    @property
    def key(self) -> tuple[str, str]:
        """What its claims follow from: its contents, and the form that its name tells."""
        return self.object, PurePosixPath(self.path).suffix


class Versions:
    """
    The claims in the versions that have been read.

    Args:
        known: The ids of the claims that are wanted.
        size: The bytes that the files of the registry have now.
        limits: How much is read.
    """

    def __init__(self, known: Collection[str], size: int, limits: HistoryLimits = LIMITS) -> None:
        self._known = known
        self._limits = limits
        self._claims: dict[tuple[str, str], Claims] = {}
        self._by_text: dict[bytes, tuple[Claim, ...]] = {}
        self._most_bytes = min(limits.total_bytes + limits.times * size, limits.most_bytes)
        self._most_toml = min(limits.total_toml + limits.times_toml * size, limits.most_toml)
        self._bytes_left, self._toml_left = self._most_bytes, self._most_toml
        self._most_texts = limits.texts + limits.texts_of_claim * len(known)
        self._texts_left = self._most_texts
        self._missing: list[Version] = []
        self._unread: dict[str, Version] = {}
        self._damaged: dict[str, list[tuple[Version, str]]] = {}

    def claims(self, version: Version) -> Claims:
        """Return the wanted claims in a version that has been read; none if it could not be."""
        return self._claims.get(version.key, {})

    def read(self, versions: Iterable[Version]) -> None:
        """
        Read *versions*, the newest first: where a limit is reached, the older ones are left out.

        Raises:
            GitError: Git gave no answer.
        """
        by_git: dict[Git, dict[str, list[Version]]] = {}
        for version in versions:
            if version.key not in self._claims:
                by_git.setdefault(version.git, {}).setdefault(version.object, []).append(version)
        for git, by_object in by_git.items():
            sizes = git.sizes(by_object)
            wanted = dict(self._within_limits(by_object, sizes))
            for name, content in git.contents(wanted):
                for version in by_object[name]:
                    if version.key not in self._claims:
                        self._claims[version.key] = self._read(version, content)

    def _within_limits(
        self, by_object: Mapping[str, list[Version]], sizes: Mapping[str, int]
    ) -> Iterator[tuple[str, int]]:
        for name, (version, *_) in by_object.items():
            if name not in sizes:
                if version.is_ours:
                    self._missing.append(version)
                continue
            size = sizes[name]
            most = self._most(version)
            if size > most:
                self._note_limit(version, f"has more than {most} bytes")
            elif self._spend(version, size):
                yield name, size

    def _most(self, version: Version) -> int:
        is_toml = version.path.endswith(".toml")
        return self._limits.toml_bytes if is_toml else self._limits.version_bytes

    def _spend(self, version: Version, size: int) -> bool:
        if size > self._bytes_left:
            self._bytes_left = 0  # of what is older nothing is read
            message = "and all before it have more bytes together than the limit of "
            self._note_limit(version, f"{message}{self._most_bytes}")
            return False
        self._bytes_left -= size
        return True

    def _note_limit(self, version: Version, what: str) -> None:
        if version.is_ours:
            self._unread.setdefault(what, version)

    def _read(self, version: Version, content: bytes) -> Claims:
        try:
            if version.path.endswith(".gz"):
                content = self._unpacked(version, content)
            content = content.removeprefix(BOM_UTF8)
            if version.path.endswith(".toml"):
                found = list(self._in_toml(version, content))
            else:
                found = list(self._in_lines(version, content))
        except _UnreadableError as error:
            self._note_damage(version, str(error))
            found = []
        return {claim.id: claim for claim in found}

    def _note_damage(self, version: Version, why: str) -> None:
        if version.is_ours:
            self._damaged.setdefault(version.path, []).append((version, why))

    def _unpacked(self, version: Version, content: bytes) -> bytes:
        most = min(self._limits.version_bytes, self._bytes_left)
        try:
            with gzip.GzipFile(fileobj=BytesIO(content)) as packed:
                unpacked = packed.read(most + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise _UnreadableError(f"is not gzip, or not all of it: {error}") from error
        if len(unpacked) > self._limits.version_bytes:
            self._note_limit(version, f"has more than {self._limits.version_bytes} bytes")
            return b""
        return unpacked if self._spend(version, len(unpacked)) else b""

    def _in_lines(self, version: Version, content: bytes) -> Iterator[Claim]:
        """Iterate over the claims in lines of JSON; a line that holds none is not looked at."""
        for line in _lines_with(_CLAIM, content):
            digest = _digest(line)
            if digest not in self._by_text:
                try:
                    table = careful_table(line.decode())
                except UnicodeDecodeError as error:
                    table = FieldError("CT002", f"is not UTF-8: {error.reason}")
                if isinstance(table, FieldError):
                    self._note_damage(version, f"a line of it {table.message}")
                    table = None
                is_claim = table is not None and table.pop("type", None) == "claim"
                self._by_text[digest] = self._claims_of(version, [table] if is_claim else [])
            yield from self._by_text[digest]

    def _in_toml(self, version: Version, content: bytes) -> Iterator[Claim]:
        try:
            text = content.decode()
        except UnicodeDecodeError as error:
            raise _UnreadableError(f"is not UTF-8: {error.reason}") from error
        parts = parts_of(text)
        if parts is not None:
            try:
                for part in parts:
                    yield from self._in_part(version, part)
            except _UnreadableError:
                pass  # the whole says what is wrong
            else:
                return
        yield from self._in_part(version, text)

    def _in_part(self, version: Version, text: str) -> tuple[Claim, ...]:
        digest = _digest(text.encode())
        if digest not in self._by_text:
            if len(text) > self._toml_left:
                self._toml_left = 0
                message = f"and those before it hold more TOML than {self._most_toml} bytes"
                self._note_limit(version, message)
                return ()
            self._toml_left -= len(text)
            try:
                tables = document_of(text, version.path).get("claim", [])
            except LoadError as error:
                raise _UnreadableError(error.problems[0].message) from error
            self._by_text[digest] = self._claims_of(version, tables)
        return self._by_text[digest]

    def _claims_of(self, version: Version, tables: object) -> tuple[Claim, ...]:
        found: list[Claim] = []
        for table in tables if isinstance(tables, list) else ():
            id_ = table.get("id") if isinstance(table, dict) else None
            if isinstance(id_, str) and id_ in self._known:
                found.extend(_claim(table))
        if len(found) > self._texts_left:
            self._texts_left = 0
            message = f"and those before it hold more than {self._most_texts} texts of claims"
            self._note_limit(version, message)
            return ()
        self._texts_left -= len(found)
        return tuple(found)

    def gaps(self) -> Iterator[Gap]:
        """Iterate over what could not be read."""
        if self._missing:
            number, first = len(self._missing), self._missing[0]
            which = f"{first.path!r} of commit {first.commit[:10]}"
            others = f" and {number - 1} more" if number > 1 else ""
            yield Gap("CT696", f"the clone lacks the contents of {which}{others}")
        for what, version in self._unread.items():
            yield Gap("CT697", f"{version.path!r} of commit {version.commit[:10]} {what}")
        for path, found in list(self._damaged.items())[:_MOST_FILES]:
            version, why = found[0]
            others = f", nor {len(found) - 1} more of its versions" if len(found) > 1 else ""
            commit = version.commit[:10]
            yield Gap("CT698", f"{path!r} of commit {commit} cannot be read{others}: {why}")
        more = len(self._damaged) - _MOST_FILES
        if more > 0:
            yield Gap("CT698", f"earlier versions of {more} more files cannot be read")


_MOST_FILES: Final = 20
"""Files of which damaged versions are told one by one."""

_CLAIM: Final = re.compile(rb'"claim"|\\u006')
"""What a line of JSON with the type of a claim holds; a letter of it may be an escape."""

_TABLES: Final = frozenset({"registry", *KINDS})
# It begins with a line end, so that the lines between are passed over fast.
_HEADER: Final = re.compile(
    r"\n[ \t]*(?P<brackets>\[\[?)[ \t]*(?P<name>[A-Za-z0-9_-]*)[ \t]*(?P<then>[^\n]?)"
)
_PREAMBLE: Final = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]*(?:#[^\n]*)?")


class _UnreadableError(Exception):
    """Say what is wrong with a version."""


def _claim(table: dict[str, Any]) -> Iterator[Claim]:
    try:
        yield record_of(Claim, table)
    except (FieldError, TypeError, AttributeError, KeyError, ArithmeticError, ValueError):
        return  # it could not be loaded then either


def _digest(text: bytes) -> bytes:
    return hashlib.blake2b(text, digest_size=16).digest()


def _lines_with(pattern: "re.Pattern[bytes]", content: bytes) -> Iterator[bytes]:
    """Iterate over the lines of *content* in which *pattern* is found."""
    end = 0
    while found := pattern.search(content, end):
        start = content.rfind(b"\n", 0, found.start()) + 1
        end = content.find(b"\n", found.end())
        end = len(content) if end < 0 else end
        yield content[start:end]


def parts_of(text: str) -> list[str] | None:
    """
    Return the parts of a TOML text that hold one claim each; None if that cannot be said.

    A part begins with a line ``[[claim]]`` and goes on to the header of another record. That is
    so in what people and programs write: without a text over several lines, which may hold what
    looks like a header, without quoted headers, and with nothing before the first one.
    """
    if '"""' in text or "'''" in text:
        return None
    text = f"\n{text}"
    headers = list(_HEADER.finditer(text))
    first = headers[0].start() if headers else len(text)
    if not _PREAMBLE.fullmatch(text, 0, first):
        return None
    parts: list[str] = []
    start: int | None = None
    for found in headers:
        name, header = found["name"], found["brackets"] + found["name"] + found["then"]
        if header in {'["', "['", '[["', "[['"}:
            return None  # a quoted header, or a list of texts
        if name == "claim" and header != "[[claim]":
            if start is None or found["then"] != ".":
                return None
        elif name in _TABLES:
            if start is not None:
                parts.append(text[start : found.start()])
            start = found.start() if name == "claim" else None
    return parts if start is None else [*parts, text[start:]]


def limit_gap(error: GitError, path: str) -> Gap:
    """Return what is told where git gave no answer about the registry at *path*."""
    return Gap(
        _CODES[error.reason],
        f"the history of {path!r} is not read whole: {error.message}",
    )


_CODES: Final = {
    Reason.FAILED: "CT694",
    Reason.OWNER: "CT695",
    Reason.INCOMPLETE: "CT696",
    Reason.LIMIT: "CT697",
}
