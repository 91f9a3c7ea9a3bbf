"""
Look for every quote of a registry in the pinned copy of its source.

The copies are read one at a time, so memory holds the text of one of them. What is found depends
on nothing but the registry, the bytes of the copies and the versions of the readers.
"""

import errno
import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

import attrs

from claimtrack.errors import ClaimTrackError, Record, shortened
from claimtrack.files.folder import open_inside, reason_of
from claimtrack.model.claim import Claim
from claimtrack.model.records import Anchor, Snapshot, Source
from claimtrack.model.registry import Records
from claimtrack.model.span import Span
from claimtrack.quotes.answers import (
    NearestPassage,
    QuoteAnswer,
    QuoteCheck,
    Quoted,
    QuotePlace,
    QuoteReport,
    SnapshotFault,
    SnapshotFaultKind,
)
from claimtrack.quotes.matching import Needle, Sought, search
from claimtrack.quotes.misquote import nearest_passages
from claimtrack.quotes.readers import (
    MAX_BYTES,
    Page,
    media_type_of,
    read_page,
)

MAX_NAMES: Final = 1_000
"""Files in a folder of private copies that are read to tell them by their bytes."""

_DIGEST: Final = re.compile("[0-9a-f]{64}")

AROUND: Final = 40
"""Characters of the text that are shown on each side of a quote."""


def quotes_of(registry: Records) -> Iterator[Quoted]:
    """Iterate over the quotes of claims, in their sources and appearances, and of evidence."""
    for claim in registry.claims.values():
        yield from _quotes_of_claim(claim)
    for report in registry.evidence.values():
        if report.quote is not None:
            yield Quoted(
                record=Record(kind="evidence", id=report.id),
                path=("quote",),
                source=report.source,
                text=report.quote,
                anchor=report.anchor,
            )


def _quotes_of_claim(claim: Claim) -> Iterator[Quoted]:
    record = Record(kind="claim", id=claim.id)
    yield Quoted(
        record=record,
        path=("quote",),
        source=claim.source,
        text=claim.quote,
        anchor=claim.anchor,
        is_paraphrase=claim.is_paraphrase,
    )
    for number, source in enumerate(claim.appearances):
        yield Quoted(
            record=record,
            path=("appearances", number),
            source=source,
            text=claim.quote,
            is_paraphrase=claim.is_paraphrase,
        )


class CopyError(ClaimTrackError):
    """
    A pinned copy is not there, or not what was pinned.

    Args:
        kind: What is wrong; None if a private copy is not at hand, which is no fault.
        key: The key of the snapshot that it is about.
        message: What is wrong.
    """

    def __init__(self, kind: SnapshotFaultKind | None, key: str, message: str) -> None:
        super().__init__(kind, key, message)
        self.kind = kind
        self.key = key
        self.message = message

    def __str__(self) -> str:
        return self.message


class Copies:
    """
    The pinned copies of a registry.

    Args:
        root: The registry's folder, or its file.
        private: The folder with private copies; None if they are not at hand.
    """

    def __init__(
        self, root: str | os.PathLike[str], private: str | os.PathLike[str] | None = None
    ) -> None:
        self.folder = folder_of(root)
        self.private = private

    def content(self, snapshot: Snapshot) -> bytes:
        """
        Return the bytes of a copy, whose digest is the one that was pinned.

        Raises:
            CopyError: It is not there, leads out of its folder, or holds other bytes.
        """
        if snapshot.path is None:
            content = self._private_bytes(snapshot)
        else:
            content = self._public_bytes(snapshot.path)
        found = hashlib.sha256(content).hexdigest()
        if found != snapshot.sha256:
            message = f"has a copy that is not what was pinned: its sha256 begins with {found[:12]}"
            raise CopyError(SnapshotFaultKind.CHANGED, "sha256", message)
        return content

    def _public_bytes(self, path: str) -> bytes:
        parts = PurePosixPath(path).parts
        is_plain = "\\" not in path and "\0" not in path and not (parts and ":" in parts[0])
        if not parts or not is_plain or path.startswith("/") or ".." in parts:
            message = (
                f"has a copy at {shortened(path)!r}, which is no path in the registry's folder"
            )
            raise CopyError(SnapshotFaultKind.OUTSIDE, "path", message)
        try:
            with open_inside(os.path.realpath(self.folder), os.fspath(Path(*parts))) as file:
                return _bounded(file)
        except OSError as error:
            reason = "a link is not followed" if self._has_link(parts) else reason_of(error)
            message = f"has no copy at {shortened(path)!r}: {reason}"
            raise CopyError(SnapshotFaultKind.MISSING, "path", message) from error

    def _has_link(self, parts: Sequence[str]) -> bool:
        numbers = range(1, len(parts) + 1)
        return any(self.folder.joinpath(*parts[:number]).is_symlink() for number in numbers)

    def _private_bytes(self, snapshot: Snapshot) -> bytes:
        if self.private is None:
            message = "its copy is private; --snapshots DIR names the folder that holds it"
            raise CopyError(None, "sha256", message)
        try:
            name = self._names.get(snapshot.sha256) or self._name_by_content(snapshot.sha256)
            if name is None:
                message = "its copy is private, and not in the folder that --snapshots names"
                raise CopyError(None, "sha256", message)
            with open_inside(os.path.realpath(self.private), name) as file:
                return _bounded(file)
        except OSError as error:
            message = f"has a private copy that cannot be read: {reason_of(error)}"
            raise CopyError(SnapshotFaultKind.MISSING, "sha256", message) from error

    @cached_property
    def _names(self) -> dict[str, str]:
        """The names of the files with private copies by their digests, without the endings."""
        assert self.private is not None  # noqa: S101 - seen by the caller
        with os.scandir(self.private) as entries:
            names = sorted(entry.name for entry in entries)
        return {name.partition(".")[0]: name for name in names}

    def _name_by_content(self, digest: str) -> str | None:
        """Return the file that holds a private copy under a name of its own, or None."""
        names = self._names.values()
        return self._names_by_content.get(digest) if len(names) <= MAX_NAMES else None

    @cached_property
    def _names_by_content(self) -> dict[str, str]:
        """The names of the files with private copies by the digests of their bytes."""
        assert self.private is not None  # noqa: S101 - seen by the caller
        folder = os.path.realpath(self.private)
        found = {}
        for name in self._names.values():
            if _DIGEST.fullmatch(name.partition(".")[0]):
                continue
            try:
                with open_inside(folder, name) as file:
                    found[hashlib.sha256(_bounded(file)).hexdigest()] = name
            except OSError:  # a folder, a link out of it, or too large
                continue
        return found


def _bounded(file: BinaryIO) -> bytes:
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise OSError(errno.EFBIG, f"it has more than {MAX_BYTES} bytes")
    return content


def check_quotes(
    registry: Records, root: str | os.PathLike[str], private: str | os.PathLike[str] | None = None
) -> QuoteReport:
    """
    Look for every quote of *registry* in the pinned copy of its source.

    Args:
        registry: What was loaded.
        root: Its folder, or its file.
        private: The folder with private copies; None if they are not at hand.
    """
    quotes = list(quotes_of(registry))
    by_source: dict[str, list[int]] = defaultdict(list)
    for number, quoted in enumerate(quotes):
        by_source[quoted.source].append(number)
    copies = Copies(root, private)
    checks: list[QuoteCheck | None] = [None] * len(quotes)
    faults: list[SnapshotFault] = []
    absent = set()
    for source in registry.sources.values():
        numbers = by_source[source.id]
        one = _check_source(source, [quotes[number] for number in numbers], copies)
        faults += one.faults
        if one.is_absent:
            absent.add(source.id)
        for number, check in zip(numbers, one.checks, strict=True):
            checks[number] = check
    return QuoteReport(
        checks=tuple(check for check in checks if check is not None),
        faults=tuple(faults),
        sources=len(registry.sources),
        pinned=sum(source.snapshot is not None for source in registry.sources.values()),
        absent=frozenset(absent),
    )


def captured_days(registry: Records, report: QuoteReport) -> dict[str, Span]:
    """
    Return when a copy with the words of a report was captured, by the ids of the reports.

    Only those are in it whose quote is found and whose snapshot says when it was captured.

    Args:
        registry: What was checked.
        report: What `check_quotes` returned for it.
    """
    days: dict[str, Span] = {}
    for check in report.checks:
        if check.quoted.record.kind != "evidence" or check.answer is not QuoteAnswer.FOUND:
            continue
        snapshot = registry.sources[check.quoted.source].snapshot
        if snapshot is not None and snapshot.captured is not None:
            days[check.quoted.record.id] = snapshot.captured
    return days


def folder_of(root: str | os.PathLike[str]) -> Path:
    """Return the folder that paths of snapshots are relative to: that of a registry's file."""
    path = Path(root)
    return path if path.is_dir() else path.parent


@attrs.frozen(kw_only=True)
class _OfSource:
    """What became of the quotes of one source."""

    checks: list[QuoteCheck]
    faults: list[SnapshotFault] = attrs.field(factory=list)
    is_absent: bool = False


def _check_source(source: Source, quotes: Sequence[Quoted], copies: Copies) -> _OfSource:
    if source.snapshot is None:
        because = "its source is not pinned"
        return _OfSource(checks=[_without_copy(quoted, because) for quoted in quotes])
    faults = list(_faults_of_digest(source.id, source.snapshot))
    try:
        content = copies.content(source.snapshot)
    except CopyError as error:
        told = error.message
        if error.kind is None:
            checks = [_without_copy(quoted, told) for quoted in quotes]
            return _OfSource(checks=checks, faults=faults, is_absent=True)
        if not faults or error.kind is not SnapshotFaultKind.CHANGED:
            fault = SnapshotFault(source=source.id, kind=error.kind, key=error.key, message=told)
            faults.append(fault)
        return _OfSource(checks=_unreadable(quotes, told), faults=faults)
    try:
        page = page_of(source.snapshot, content)
    except ClaimTrackError as error:  # unreadable, or a library is not installed
        because = f"its copy cannot be read: {error}"
        return _OfSource(checks=_unreadable(quotes, because), faults=faults)
    del content
    return _OfSource(checks=search_page(page, quotes), faults=faults)


def page_of(snapshot: Snapshot, content: bytes) -> Page:
    """
    Read the text of a pinned copy.

    Raises:
        UnreadableError: It cannot be read.
        MissingExtraError: The library that reads it is not installed.
    """
    media_type = snapshot.media_type or media_type_of(content, snapshot.path or "")
    return read_page(content, media_type, snapshot.url)


def _unreadable(quotes: Iterable[Quoted], because: str) -> list[QuoteCheck]:
    return [
        _paraphrase(quoted)
        if quoted.is_paraphrase
        else QuoteCheck(quoted=quoted, answer=QuoteAnswer.UNREADABLE, because=because)
        for quoted in quotes
    ]


def _without_copy(quoted: Quoted, because: str) -> QuoteCheck:
    if quoted.is_paraphrase:
        return _paraphrase(quoted)
    return QuoteCheck(quoted=quoted, answer=QuoteAnswer.UNCHECKED, because=because)


def _paraphrase(quoted: Quoted) -> QuoteCheck:
    because = "a paraphrase is in the keeper's own words"
    return QuoteCheck(quoted=quoted, answer=QuoteAnswer.UNCHECKED, because=because)


def _faults_of_digest(source: str, snapshot: Snapshot) -> Iterator[SnapshotFault]:
    if len(set(snapshot.sha256)) == 1:
        message = f"has a sha256 of nothing but {snapshot.sha256[0]!r}, which no copy has"
        yield SnapshotFault(
            source=source, kind=SnapshotFaultKind.CHANGED, key="sha256", message=message
        )


def search_page(page: Page, quotes: Sequence[Quoted]) -> list[QuoteCheck]:
    """Look for *quotes* in what was read from one copy."""
    literal = [quoted for quoted in quotes if not quoted.is_paraphrase]
    needles = [Needle(quoted.text, quoted.anchor or Anchor()) for quoted in literal]
    results = dict(zip(map(id, literal), search(page.text, needles), strict=True))
    missing = [quoted for quoted in literal if not results[id(quoted)].unanchored]
    passages = nearest_passages(page.text, [quoted.text for quoted in missing])
    nearest = dict(zip(map(id, missing), passages, strict=True))
    return [
        _paraphrase(quoted)
        if quoted.is_paraphrase
        else _check(page, quoted, results[id(quoted)], nearest.get(id(quoted)))
        for quoted in quotes
    ]


def _check(
    page: Page, quoted: Quoted, sought: Sought, nearest: NearestPassage | None
) -> QuoteCheck:
    places, because = sought.places, ""
    if len(places) == 1:
        answer = QuoteAnswer.FOUND
    elif places:
        answer = QuoteAnswer.AMBIGUOUS
        because = f"it stands {len(places)} times, at {_listed(places)}"
    elif sought.unanchored:
        answer = QuoteAnswer.NOT_FOUND
        because = f"it stands at {_listed(sought.unanchored)}, and not where its anchor says"
    else:
        answer, because = QuoteAnswer.NOT_FOUND, "it stands nowhere in the copy"
    return QuoteCheck(
        quoted=quoted,
        answer=answer,
        because=because,
        places=places,
        around=_around(page.text, places[0]) if places else "",
        nearest=nearest,
        reader=page.reader,
    )


_LISTED: Final = 5


def _listed(places: Sequence[QuotePlace]) -> str:
    more = ", ..." if len(places) > _LISTED else ""
    return ", ".join(str(place.start) for place in places[:_LISTED]) + more


def _around(text: str, place: QuotePlace) -> str:
    before = text[max(0, place.start - AROUND) : place.start]
    behind = text[place.end : place.end + AROUND]
    return " ".join(f"{before}{text[place.start : place.end]}{behind}".split())
