"""
Find the registry that a file belongs to, without reading more than it takes.

Three things make a registry. A folder that directly holds one file with a ``[registry]`` table is
one, with everything below it; of folders in folders the topmost counts. Where several files of a
folder have such a table, or the folder is that of a project (it holds ``pyproject.toml``), each
such file is a registry by itself. And a file or folder without such a table is one if it is given
on the command line and holds records.

A file is only looked at if it is a regular file of a bounded size, and what cannot be read is
nothing of ours unless it is named on the command line.

This module imports nothing of the model until a file seems to hold a registry, since it runs in
projects that have none.
"""

import gzip
import hashlib
import json
import os
import re
import stat
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import IO, Any, BinaryIO, Final, TypeAlias, cast

import attrs

from claimtrack.engine.audit import Audit
from claimtrack.engine.facts import Knowledge
from claimtrack.engine.user_functions import attempt
from claimtrack.errors import Finding, LoadError, Problem
from claimtrack.files.load import load
from claimtrack.files.positions import header_lines
from claimtrack.git import has_history
from claimtrack.lint.context import Context
from claimtrack.lint.history import Past, check_edits, check_gaps
from claimtrack.lint.run import FailOn
from claimtrack.model.records import Evidence, RecordMap, Source, Stance, Tier
from claimtrack.model.span import Day, day_of
from claimtrack.registry import Registry

ENDINGS: Final = (".toml", ".jsonl", ".jsonl.gz")

MOST_BYTES: Final = 256 << 20
"""The size of the largest file that is looked at, unpacked; a larger TOML file does not load."""

_BLOCK: Final = 1 << 20
_LONGEST_LINE: Final = 1 << 16
_LONGEST_KEY: Final = 40
_NEAR: Final = 0.75
"""How alike a slip and a key are, so that `polcy` is one and `timeout` is not."""

_START: Final = rb"^(?:\xef\xbb\xbf)?[ \t]*"
_NAME: Final = rb"[\"']?registry[\"']?[ \t]*"
_SETTINGS: Final = re.compile(
    rb"%b(?:\[[ \t]*%b[].]|%b(?:\.|=[ \t]*\{))" % (_START, _NAME, _NAME), re.MULTILINE
)
"""A header of the table of settings, or the same as a key; within a long text it is neither."""

KINDS: Final = frozenset(
    {"speaker", "source", "fact", "evidence", "claim", "forecast", "assessment"}
)
"""The kinds of records; those of the model, which is not imported for files of other people."""

_KEY: Final = re.compile(rb"^[ \t]*[\"']?([\w-]+)[\"']?[ \t]*[.=]", re.MULTILINE)
_HEADER: Final = re.compile(rb"%b\[\[[ \t]*[\"']?([\w-]+)[\"']?[ \t]*\]\]" % _START, re.MULTILINE)


class Look(Enum):
    """What a file seems to hold."""

    NOTHING = "nothing of ours"
    UNREADABLE = "what cannot be read"
    RECORDS = "records"
    DOUBTFUL = "settings of unknown keys alone"
    SETTINGS = "settings of a registry"


def look_at(file: Path) -> Look:
    """Say what *file* seems to hold; only regular files are opened, and none is waited for."""
    if not file.name.endswith(ENDINGS) or file.name == "pyproject.toml":
        return Look.NOTHING
    try:
        with _opened(file) as opened:
            if file.name.endswith(".toml"):
                return _look_at_toml(file, opened)
            if file.name.endswith(".gz"):
                return _look_at_lines(cast("IO[bytes]", gzip.GzipFile(fileobj=opened)))
            return _look_at_lines(opened)
    except (OSError, EOFError, zlib.error):
        return Look.UNREADABLE


def _opened(file: Path) -> BinaryIO:
    """
    Open a regular file of a bounded size.

    Raises:
        OSError: It is no such file, or cannot be opened.
    """
    # It is asked twice, since it may have become another; without O_NONBLOCK a FIFO is waited for.
    if stat.S_ISREG(file.stat().st_mode):
        opened = open(os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb")  # noqa: PTH123, SIM115
        found = os.fstat(opened.fileno())
        if stat.S_ISREG(found.st_mode) and found.st_size <= MOST_BYTES:
            return opened
        opened.close()
    message = f"{file} is no regular file of at most {MOST_BYTES} bytes"
    raise OSError(message)


def _blocks(opened: IO[bytes]) -> Iterator[bytes]:
    """Iterate over what is *opened*; a line, unless it is very long, is whole in some block."""
    rest, left = b"", MOST_BYTES
    while left > 0 and (read := opened.read(_BLOCK)):
        left -= len(read)
        block = rest + read
        yield block
        rest = block[block.rfind(b"\n") + 1 :][-_LONGEST_LINE:]


def _look_at_toml(file: Path, opened: IO[bytes]) -> Look:
    """Look for headers; only what seems to hold settings is read as TOML."""
    kinds: set[str] = set()
    for block in _blocks(opened):
        if _SETTINGS.search(block):
            opened.seek(0)
            return _look_at_settings(file, opened.read(MOST_BYTES))
        kinds |= _kinds_in(block)
    return Look.RECORDS if kinds else Look.NOTHING


def _kinds_in(content: bytes) -> set[str]:
    return {kind.decode() for kind in _HEADER.findall(content)} & KINDS


def _look_at_lines(opened: IO[bytes]) -> Look:
    """Look at the first record, and for settings further on if that is one of ours."""
    is_ours = False
    for block in _blocks(opened):
        lines = block.removeprefix(b"\xef\xbb\xbf").lstrip() if not is_ours else block
        if not is_ours and lines:
            table = _table(lines.partition(b"\n")[0])
            kind = table.get("type")
            is_ours = kind == "registry" or (kind in KINDS and "id" in table)
            if not is_ours:
                return Look.NOTHING
        if b'"registry"' in lines:
            for line in lines.split(b"\n"):
                table = _table(line) if b'"registry"' in line else {}
                if table.get("type") == "registry":
                    return _look_at_keys(table.keys() - {"type"}, has_records=False)
    return Look.RECORDS if is_ours else Look.NOTHING


def _table(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) and isinstance(found.get("type"), str) else {}


def _look_at_settings(file: Path, content: bytes) -> Look:
    """Say whose the table ``[registry]`` of *content* is; broken TOML is judged by its lines."""
    # Only here, where there is a file that may well be ours.
    from claimtrack.errors import LoadError  # noqa: PLC0415
    from claimtrack.files.folder import File, read_text  # noqa: PLC0415
    from claimtrack.files.toml import document_of  # noqa: PLC0415

    try:
        document = document_of(read_text(File(file.name, lambda: BytesIO(content))), file.name)
    except LoadError:
        return _look_at_keys(_keys_below_header(content), has_records=bool(_kinds_in(content)))
    settings = document.get("registry")
    has_records = not KINDS.isdisjoint(document)
    if isinstance(settings, dict):
        return _look_at_keys(settings, has_records=has_records)
    return Look.RECORDS if has_records else Look.NOTHING


def _keys_below_header(content: bytes) -> set[str]:
    found = _SETTINGS.search(content)
    table = content[found.start() :] if found else content
    end = table.find(b"\n[", 1)
    return {key.decode() for key in _KEY.findall(table[:end] if end >= 0 else table)} or {""}


def _look_at_keys(keys: Iterable[str], *, has_records: bool) -> Look:
    """Say whose settings these are: with one known key ours, also where others are unknown."""
    import difflib  # noqa: PLC0415 - as above

    import attrs  # noqa: PLC0415

    from claimtrack.model.registry import Settings  # noqa: PLC0415

    names = [field.name for field in attrs.fields(Settings)]
    given = set(keys)
    if has_records or not given or not given.isdisjoint(names):
        return Look.SETTINGS
    slips = (difflib.get_close_matches(key[:_LONGEST_KEY], names, 1, _NEAR) for key in given)
    return Look.SETTINGS if any(slips) else Look.DOUBTFUL


class Folders:
    """
    The registries below one folder.

    Args:
        top: Above it no registry begins.
        given: Files and folders that were named on the command line.
    """

    def __init__(self, top: Path, given: Iterable[Path] = ()) -> None:
        self.top = top
        self.given = tuple(given)
        self._looks: dict[Path, Look] = {}
        self._settings: dict[Path, tuple[Path, ...]] = {}

    def registry_of(self, file: Path) -> Path | None:
        """Return the folder or file of the registry that *file* belongs to, or None."""
        for folder in self._folders_above(file):
            settings = self.settings_in(folder)
            if len(settings) == 1 and not self._is_project(folder):
                return folder
            if file in settings:
                return file
        return self._given_one(file)

    def _folders_above(self, file: Path) -> list[Path]:
        """Return the folders that *file* lies in, the topmost first."""
        tops = [self.top, *self.given]
        parents = list(file.parents)
        known = [number for number, folder in enumerate(parents) if folder in tops]
        return parents[max(known, default=0) :: -1]

    def settings_in(self, folder: Path) -> tuple[Path, ...]:
        """Return the files directly in *folder* that hold the settings of a registry."""
        if folder not in self._settings:
            try:
                files = [path for path in sorted(folder.iterdir()) if path.name.endswith(ENDINGS)]
            except OSError:
                files = []
            kept = (file for file in files if not file.name.startswith("."))
            looks = {file: self._look(file) for file in kept}
            wanted = {Look.SETTINGS}
            if Look.RECORDS in looks.values() and Look.SETTINGS not in looks.values():
                wanted.add(Look.DOUBTFUL)
            self._settings[folder] = tuple(file for file in looks if looks[file] in wanted)
        return self._settings[folder]

    def _look(self, file: Path) -> Look:
        if file not in self._looks:
            self._looks[file] = look_at(file)
        return self._looks[file]

    def _is_project(self, folder: Path) -> bool:
        return folder == self.top or (folder / "pyproject.toml").exists()

    def _given_one(self, file: Path) -> Path | None:
        look = self._look(file)
        if file in self.given and look is not Look.NOTHING:
            return file
        if look is not Look.RECORDS:
            return None
        folders = [path for path in self.given if path in file.parents]
        outside = [path for path in folders if path != self.top and path not in self.top.parents]
        return min(outside, key=lambda path: len(path.parts), default=None)


_OPPOSITE: Final = {
    Stance.SUPPORTS: Stance.REFUTES,
    Stance.REFUTES: Stance.SUPPORTS,
    Stance.CONTEXT: Stance.CONTEXT,
}


@attrs.frozen(kw_only=True)
class Testimony:
    """
    What one test said of one claim.

    Args:
        claim: The id of the claim.
        stance: Which way the test would speak if it passed.
        test: The id of its node.
        passed: Whether it passed; None if it was skipped, or has not run.
    """

    claim: str
    stance: Stance = attrs.field(converter=Stance)
    test: str
    passed: bool | None = None

    @property
    def said(self) -> Stance:
        """Which way the test spoke."""
        return self.stance if self.passed else _OPPOSITE[self.stance]

    def plain(self) -> dict[str, str | bool | None]:
        """Return what this is made of, in values that can be sent to another process."""
        return {**attrs.asdict(self), "stance": self.stance.value}


class Witnesses:
    """
    What the tests of a run testify on claims, those expected and those heard.

    The testimonies count once all tests have run: a claim without a witness is not decided again
    for each of them, and a claim with witnesses does not depend on the order of the run.
    """

    def __init__(self) -> None:
        self.is_closed = False
        self._told: defaultdict[str, list[Testimony]] = defaultdict(list)
        self._awaited: defaultdict[str, set[str]] = defaultdict(set)
        self._heard: defaultdict[str, set[str]] = defaultdict(set)

    def expect(self, testimonies: Iterable[Testimony]) -> None:
        """Wait for tests that are going to run."""
        for one in testimonies:
            self._awaited[one.claim].add(one.test)

    def hear(self, testimony: Testimony) -> None:
        """Take down what a test testified."""
        self._told[testimony.claim].append(testimony)
        self._heard[testimony.claim].add(testimony.test)

    def awaited(self, claim: str) -> int:
        """Return how many tests testify on *claim*."""
        return len(self._awaited.get(claim, ()))

    def claims(self) -> set[str]:
        """Return the claims on which tests testify."""
        return set(self._awaited)

    def missing(self, claim: str, awaited: int | None = None) -> str:
        """Say how many of the tests that testify on *claim* have run; nothing if all have."""
        expected = self.awaited(claim) if awaited is None else awaited
        heard = len(self._heard.get(claim, ()))
        return "" if heard >= expected else f"{heard} of its {expected} witnesses have testified"

    def all_told(self) -> Iterator[Testimony]:
        """Iterate over what was heard."""
        for told in self._told.values():
            yield from told

    def told_on(self, claims: Mapping[str, object]) -> list[Testimony]:
        """Return what was heard on any of the *claims*; nothing as long as tests are running."""
        if not self.is_closed:
            return []
        return [one for claim in self._told.keys() & claims.keys() for one in self._told[claim]]


def with_testimonies(registry: Registry, told: Iterable[Testimony], as_of: str) -> Registry:
    """Return *registry* with evidence, published on *as_of*, for each testimony on its claims."""
    sources: dict[str, Source] = {}
    evidence: dict[str, Evidence] = {}
    for one in told:
        if one.passed is None or one.claim not in registry.claims:
            continue
        function = one.test.partition("[")[0]
        source = Source(
            id=_id("test", function), title=function, published=as_of, tier=Tier.PRIMARY
        )
        report = Evidence(
            id=_id("outcome", one.test, one.claim, one.said),
            source=source.id,
            claim=one.claim,
            stance=one.said,
            happened=as_of,
            recorded=as_of,
        )
        sources[source.id], evidence[report.id] = source, report
    made = attrs.evolve(
        registry,
        sources=RecordMap("source", {**registry.sources, **sources}),
        evidence=RecordMap("evidence", {**registry.evidence, **evidence}),
    )
    for id_, check in registry.checks.items():
        made.check(id_)(check)
    return made


def _id(*parts: str) -> str:
    return f"pytest-{parts[0]}-{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:24]}"


PastOf: TypeAlias = Callable[[Path, Registry, Day], Past]
"""Tells how the claims of a registry were edited, up to a day, and what could not be read."""


class Loaded:
    """
    A registry as a test run sees it.

    Args:
        root: Its folder or file.
        as_of: The day of the run, ``YYYY-MM-DD``.
        fail_on: Which findings make an item fail.
        past_of: Tells how the claims of a registry were edited; None if that is not asked.
        witnesses: What the tests of the run testify.
    """

    def __init__(
        self,
        root: Path,
        as_of: str,
        fail_on: FailOn = FailOn(),  # noqa: B008 - it is frozen
        past_of: PastOf | None = None,
        witnesses: Witnesses | None = None,
    ) -> None:
        self.root = root
        self.as_of = as_of
        self.fail_on = fail_on
        self._past_of = past_of
        self.problems: tuple[Problem, ...] = ()
        self.registry = Registry()
        self.witnesses = Witnesses() if witnesses is None else witnesses
        self._told_in: Path | None = None
        self._used = 0
        self._history_in: Path | None = None
        self._audit: Audit | None = None
        try:
            self.registry = load(root)
        except LoadError as error:
            self.problems = error.problems

    @property
    def audit(self) -> Audit:
        """The audit; after all tests with what they have testified."""
        told = self.witnesses.told_on(self.registry.claims)
        if self._audit is None or self._used < len(told):
            self._used = len(told)
            registry = self.registry
            if told:
                registry = with_testimonies(registry, told, self.as_of)
            day = day_of(self.as_of)
            self._audit = Audit(registry.index(), day, registry.checks, asking=attempt)
        return self._audit

    @property
    def context(self) -> Context:
        """What checks ask for; after all tests with what they have testified."""
        return Context(registry=self.registry, audit=self.audit, root=str(self.root))

    def edits_of(self, claim: str) -> Sequence[Finding]:
        """Return what was found in the history of a claim."""
        return self._edits.get(claim, ())

    def tells_history(self, file: Path) -> bool:
        """
        Say whether the item that tells of the history belongs to *file*.

        There is one where git is asked and has anything to tell. It belongs to the file that is
        collected first, so that it runs whichever files are named.
        """
        if self._past_of is None or not has_history(self.root):
            return False
        self._history_in = self._history_in or file
        return self._history_in == file

    def gaps(self) -> list[Finding]:
        """Return what of the history could not be read."""
        return list(check_gaps(self._past.gaps))

    @cached_property
    def _past(self) -> Past:
        if self._past_of is None:
            return Past()
        return self._past_of(self.root, self.registry, self.audit.day)

    @cached_property
    def _edits(self) -> dict[str, list[Finding]]:
        found: dict[str, list[Finding]] = defaultdict(list)
        for finding in check_edits(self.context, self._past.edits):
            if finding.record is not None:
                found[finding.record.id].append(finding)
        return dict(found)

    @cached_property
    def facts(self) -> dict[str, Knowledge]:
        """What is known of each fact."""
        return {known.fact.id: known for known in self.audit.knowledge()}

    def is_told_in(self, file: Path) -> bool:
        """Say whether the problems are told in *file*, the first of those that were collected."""
        if self._told_in is None:
            self._told_in = file
        return self._told_in == file

    @cached_property
    def _by_file(self) -> dict[str, dict[str, list[str]]]:
        found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        locations = self.registry.locations
        for kind, ids in (("claim", self.registry.claims), ("fact", self.registry.facts)):
            for id_ in ids:
                place = getattr(locations, "file_of")(kind, id_)  # noqa: B009 - of `Locations` alone
                found[str(place)][kind].append(id_)
        return found

    def in_file(self, file: Path) -> Iterator[tuple[str, str, int]]:
        """Iterate over the claims and the facts in *file*: kind, id and line, which is from 1."""
        held = self._by_file.get(str(file), {})
        lines = _header_lines(file) if file.name.endswith(".toml") else {}
        for kind, ids in held.items():
            for number, id_ in enumerate(ids):
                yield kind, id_, lines.get((kind, number)) or self._line(kind, id_, file)

    def _line(self, kind: str, id_: str, file: Path) -> int:
        if file.name.endswith(".toml"):
            return 1  # it has no header of its own
        locations = self.registry.locations
        place = None if locations is None else locations.of(kind, id_)
        return 1 if place is None else place.line


def _header_lines(file: Path) -> dict[tuple[str, int], int]:
    try:
        text = file.read_text("utf-8-sig")
    except OSError:  # it has gone since it was loaded
        return {}
    return {(key[0], number): line for key, number, line in header_lines(text) if len(key) == 1}
