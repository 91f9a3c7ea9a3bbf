"""``claimtrack pin``: take a copy of a source's page into a registry, pinned by its digest."""

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import attrs
import click

from claimtrack.atomic import folders_for
from claimtrack.cli.entry import diff_lines
from claimtrack.cli.main import ExitStatus
from claimtrack.cli.options import DAY, refuse_swapped, repository_of, snapshots_option
from claimtrack.cli.printing import print_text
from claimtrack.cli.registry import registry_at
from claimtrack.edit.change import FileChange, NewFile, stamps, write_all
from claimtrack.edit.records import RecordEdits, edited
from claimtrack.errors import ClaimTrackError, LoadError, Problem, shortened
from claimtrack.escape import for_log_line
from claimtrack.files.folder import SNAPSHOTS, open_inside, open_regular, reason_of
from claimtrack.files.locations import Locations
from claimtrack.files.toml_writer import SpanText
from claimtrack.model.records import Snapshot, Source
from claimtrack.quotes.answers import QuoteCheck
from claimtrack.quotes.check import (
    Copies,
    CopyError,
    folder_of,
    quotes_of,
    search_page,
)
from claimtrack.quotes.readers import (
    MAX_BYTES,
    Page,
    UnreadableError,
    media_type_of,
    read_page,
    suffix_of,
)
from claimtrack.registry import Registry

_IS_ARCHIVE: Final = frozenset({"application/warc", "application/wacz"})

_DIGITS: Final = 12
"""Digits of the digest in the name of a copy: enough that no two copies of a source share one."""

_MOST: Final = 80
_ODD: Final = re.compile(r"[^A-Za-z0-9._-]+")


class PinError(ClaimTrackError, ValueError):
    """
    A copy is not taken.

    Args:
        code: A key of `claimtrack.errors.CODES`.
        message: Why not, in one line.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return f"{self.code} {self.message}"


@click.command("pin")
@click.argument("source", metavar="SOURCE")
@click.argument("file", type=click.Path(dir_okay=False), metavar="FILE")
@click.argument("path", type=click.Path(), metavar="PATH")
@click.option(
    "--captured",
    type=DAY,
    metavar="DAY",
    help="The day on which the bytes are known to have existed (YYYY-MM-DD); that which an "
    "archive or a saved page gives, or today.",
)
@click.option("--url", metavar="URL", help="The address of the page in an archive of several.")
@click.option(
    "--private", is_flag=True, help="Keep the bytes in --snapshots DIR, and only their digest here."
)
@snapshots_option
@click.option("--replace", is_flag=True, help="Put it in the place of another pinned copy.")
def command(
    source: str,
    file: str,
    path: str,
    captured: str | None,
    url: str | None,
    private: bool,  # noqa: FBT001 - click passes it by name
    snapshots: str | None,
    replace: bool,  # noqa: FBT001
) -> ExitStatus:
    """
    Take FILE, a copy of the page of SOURCE, into the registry at PATH.

    FILE is a page of HTML, a text, a PDF, or a saved page: MHTML, WARC or WACZ. Its bytes go into
    the folder snapshots of the registry, and its digest into the source, with all comments kept.
    Says which quotes of the source stand in it. Nothing is fetched.
    """
    refuse_swapped([source], path)
    if private and snapshots is None:
        raise click.UsageError("--private needs --snapshots DIR, the folder that keeps the copies.")
    content = _content(file)
    pinned = pin_bytes(
        path,
        source,
        content,
        file,
        url=url,
        captured=captured,
        private=private,
        snapshots=snapshots,
        replace=replace,
    )
    for line in pinned.diff:
        print_text(line)
    done = "pinned" if pinned.diff else "is pinned already"
    print_text(for_log_line(f"source {source} {done}: {pinned.where}, read by {pinned.reader}"))
    if pinned.left is not None:
        print_text(for_log_line(f"the copy that was pinned before stays at {pinned.left}"))
    for line in _quote_lines(pinned.checks):
        print_text(for_log_line(line))
    return ExitStatus.DONE


@attrs.frozen(kw_only=True)
class Pinned:
    """
    A copy that was pinned.

    Args:
        snapshot: What the source says of it.
        reader: What read it, with its version.
        diff: How the file of the source changed, for a terminal; empty if it did not.
        left: The copy that was pinned before and stays where it is, if there is one.
        checks: What became of the quotes of the source.
    """

    snapshot: Snapshot
    reader: str
    diff: tuple[str, ...]
    left: str | None
    checks: list[QuoteCheck]

    @property
    def where(self) -> str:
        """Where the copy is, in words."""
        return "a private copy" if self.snapshot.path is None else self.snapshot.path


def pin_bytes(
    path: str,
    source: str,
    content: bytes,
    name: str,
    *,
    url: str | None = None,
    captured: str | None = None,
    private: bool = False,
    snapshots: str | None = None,
    replace: bool = False,
) -> Pinned:
    """
    Take the bytes of a page into the registry at *path*, which is loaded and written.

    Args:
        path: The folder or the file of the registry.
        source: The id of the source.
        content: The bytes.
        name: The name of their file, which tells what they are where they do not.
        url: The address of the page in an archive of several; that of the source if None.
        captured: The day, as YYYY-MM-DD; that which the bytes give, or today, if None.
        private: Whether the bytes go into *snapshots*, outside the registry.
        snapshots: The folder with private copies.
        replace: Whether another pinned copy may be replaced.

    Raises:
        LoadError: The registry or the copy cannot be read; nothing is written.
        OSError: A file cannot be written; nothing is written.
        PinError: Another copy is pinned, or the day or the folder is refused.
    """
    if private and snapshots is not None:
        _refuse_folder(path, snapshots)
    seen = stamps(path)
    registry = registry_at(path)
    record = registry.sources[source]
    page = _page(content, name, url or _url_of(record))
    snapshot = _snapshot(record, content, page, registry, captured=captured, private=private)
    known = record.snapshot
    if not replace:
        _refuse_replacing(record, snapshot)
        if known is not None and _is_kept(path, known, snapshots):
            snapshot = known
    changes = [] if snapshot == known else [_change(registry, record, snapshot)]
    diff = tuple(line for change in changes for line in diff_lines(change))
    _write(changes, path, seen, _new_file(path, snapshot, snapshots, content, page))
    is_left = known is not None and known.path not in {None, snapshot.path}
    return Pinned(
        snapshot=snapshot,
        reader=page.reader,
        diff=diff,
        left=known.path if known is not None and is_left else None,
        checks=search_page(page, list(_quotes(registry, source))),
    )


def _content(file: str) -> bytes:
    """
    Return the bytes of the user's file.

    Raises:
        LoadError: It cannot be read, or is too large.
    """
    try:
        with open_regular(file) as opened:
            content = opened.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        message = f"{file!r} cannot be read: {reason_of(error)}"
        raise LoadError((Problem(code="CT001", message=message),)) from error
    if len(content) > MAX_BYTES:
        message = f"{file!r} has more than {MAX_BYTES} bytes"
        raise LoadError((Problem(code="CT003", message=message),))
    return content


def _url_of(source: Source) -> str | None:
    return source.snapshot.url if source.snapshot and source.snapshot.url else source.url


def _page(content: bytes, file: str, url: str | None) -> Page:
    """
    Read the text of the copy, so that only what can be read is pinned.

    Raises:
        LoadError: It cannot be read.
    """
    try:
        media_type = media_type_of(content, Path(file).name)
        if media_type not in _IS_ARCHIVE:
            return attrs.evolve(read := read_page(content, media_type, None), url=read.url or url)
        try:
            return read_page(content, media_type, url)
        except UnreadableError:
            return read_page(content, media_type, None)
    except UnreadableError as error:
        message = f"{file!r} cannot be pinned: {error}"
        raise LoadError((Problem(code="CT350", message=message),)) from error


def _snapshot(
    source: Source,
    content: bytes,
    page: Page,
    registry: Registry,
    *,
    captured: str | None,
    private: bool,
) -> Snapshot:
    """
    Return what is written into the source.

    Raises:
        PinError: The day of the capture is still to come.
    """
    today = date.today()  # noqa: DTZ011 - the user's own day
    day = _day(captured, page.captured, registry, today)
    if day > today:
        message = f"captured {day.isoformat()} is still to come; expected a day up to today"
        raise PinError("CT352", message)
    name = copy_name(source.id, content, suffix_of(page.media_type, content))
    return Snapshot(
        path=None if private else f"{SNAPSHOTS}/{name}",
        sha256=hashlib.sha256(content).hexdigest(),
        private=private,
        captured=day,
        media_type=page.media_type,
        url=page.url,
    )


def _day(given: str | None, told: datetime | None, registry: Registry, today: date) -> date:
    """Return the day of a capture: as given, as the copy tells in the registry's zone, or today."""
    if given is not None:
        return date.fromisoformat(given)
    if told is None:
        return today
    zone = registry.settings.timezone
    try:
        return told.astimezone(UTC if zone is None else ZoneInfo(zone)).date()
    except OverflowError:  # the last day that there is, in a zone where it is the day after
        return told.date()


def _refuse_replacing(source: Source, snapshot: Snapshot) -> None:
    """
    Refuse to put another copy in the place of a pinned one, or to make a private one public.

    Raises:
        PinError: There is one of other bytes, or kept elsewhere.
    """
    known = source.snapshot
    if known is None or (known.sha256 == snapshot.sha256 and known.private is snapshot.private):
        return
    if known.sha256 == snapshot.sha256:
        other, this = ("private", "public") if known.private else ("public", "private")
        message = (
            f"source {source.id!r} has pinned this copy as a {other} one; nothing is changed; "
            f"--replace makes it {this}"
        )
    else:
        message = (
            f"source {source.id!r} has another pinned copy, with the sha256 {known.sha256}; "
            "nothing is changed; --replace puts this one in its place"
        )
    raise PinError("CT351", message)


def _is_kept(path: str, known: Snapshot, snapshots: str | None) -> bool:
    """Say whether a pinned copy stays where it is: it is there, or can be put back there."""
    if known.path is None:
        return True
    # What a registry says elsewhere, as in the folder of git, is not written to.
    parts = known.path.split("/")
    if len(parts) > 1 and parts[0] == SNAPSHOTS and not any(one.startswith(".") for one in parts):
        return all(part and not {"\\", ":", "\0"} & set(part) for part in parts)
    try:
        Copies(path, snapshots).content(known)
    except CopyError:
        return False
    return True


def _new_file(
    path: str, snapshot: Snapshot, snapshots: str | None, content: bytes, page: Page
) -> NewFile | None:
    """Return the file with the bytes of the copy; None if they are where they belong."""
    try:
        Copies(path, snapshots).content(snapshot)
    except CopyError:
        pass
    else:
        return None
    if snapshot.path is not None:
        new = NewFile(folder_of(path), tuple(snapshot.path.split("/")), content)
    else:
        assert snapshots is not None  # noqa: S101 - a private copy has been asked for
        name = f"{snapshot.sha256}{suffix_of(page.media_type, content)}"
        new = NewFile(Path(snapshots), (name,), content)
    return attrs.evolve(new, before=_damaged(new))


def _damaged(new: NewFile) -> bytes | None:
    """Return the bytes that lie in the place of a copy, and are not those that were pinned."""
    try:
        with open_inside(os.path.realpath(new.folder), os.path.join(*new.names)) as file:  # noqa: PTH118
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None


def _refuse_folder(path: str, folder: str) -> None:
    """
    Refuse to keep private copies where they would be handed on.

    Raises:
        PinError: The folder lies in the registry or in its repository.
    """
    real = Path(os.path.realpath(folder))
    kept = [Path(os.path.realpath(folder_of(path)))]
    repository = repository_of(path)
    if repository is not None:
        kept.append(Path(os.path.realpath(repository)))
    for top in kept:
        if real == top or top in real.parents:
            message = (
                f"{shortened(folder)!r} lies in {str(top)!r}, where a private copy would be "
                "handed on; expected a folder elsewhere"
            )
            raise PinError("CT353", message)


def _change(registry: Registry, source: Source, snapshot: Snapshot) -> FileChange:
    locations = registry.locations
    assert isinstance(locations, Locations)  # noqa: S101 - it was loaded just now
    file = Path(locations.file_of("source", source.id) or "")
    edits = RecordEdits(keys={("source", source.id): {"snapshot": _table(snapshot)}})
    return edited(file, edits)


def _table(snapshot: Snapshot) -> Mapping[str, Any]:
    day = snapshot.captured
    return {
        **({"private": True} if snapshot.path is None else {"path": snapshot.path}),
        "sha256": snapshot.sha256,
        **({} if day is None else {"captured": SpanText(day.text)}),
        **{
            key: value
            for key in ("media_type", "url")
            if (value := getattr(snapshot, key)) is not None
        },
    }


def _write(
    changes: list[FileChange], path: str, seen: Mapping[Path, Any], new: NewFile | None
) -> None:
    root = Path(path) if Path(path).is_dir() else None
    if new is None:
        write_all(changes, root, seen)
        return
    with folders_for(new.folder.joinpath(*new.names[:-1])):
        write_all(changes, root, seen, [new])


def _quotes(registry: Registry, source: str) -> Iterator[Any]:
    return (quoted for quoted in quotes_of(registry) if quoted.source == source)


def _quote_lines(checks: list[QuoteCheck]) -> Iterator[str]:
    for check in checks:
        told = f"{check.answer.value}: {check.quoted.record}, {shortened(check.quoted.text)!r}"
        if check.places:
            told += f" at {', '.join(str(place.start) for place in check.places[:5])}"
        elif check.nearest is not None:
            told += f"; nearest: {'; '.join(map(str, check.nearest.differences[:5]))}"
        yield told
    if not checks:
        yield "no record quotes it"


def copy_name(source: str, content: bytes, suffix: str) -> str:
    """
    Return the name of the file that holds a copy of *source*.

    Example:
        >>> copy_name("post/2019", b"", ".html")
        'post-2019-e3b0c44298fc.html'
    """
    plain = _ODD.sub("-", source).strip(".-")[:_MOST] or "source"
    return f"{plain}-{hashlib.sha256(content).hexdigest()[:_DIGITS]}{suffix}"
