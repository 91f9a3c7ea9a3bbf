"""``claimtrack site``: a static site of a registry."""

import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

import attrs
import click
from click.core import ParameterSource

from claimtrack.atomic import Folder, Writing, folders_for
from claimtrack.cli.check import FailOnType
from claimtrack.cli.main import ExitStatus
from claimtrack.cli.options import (
    as_of_option,
    checks_option,
    identity_of,
    known_by_option,
    path_argument,
)
from claimtrack.cli.printing import print_text
from claimtrack.cli.registry import (
    audited,
    registry_at,
    warn_of_missing_checks,
    with_checks,
)
from claimtrack.engine.audit import Audit
from claimtrack.errors import ClaimTrackError, require
from claimtrack.escape import for_log_line, safe_url
from claimtrack.lint.run import NEVER, FailOn, examine
from claimtrack.model.registry import Publish
from claimtrack.registry import Registry
from claimtrack.report.publication import publication, today_of
from claimtrack.report.site.build import site_files
from claimtrack.report.site.context import Options
from claimtrack.report.site.house import HouseError, house_of
from claimtrack.report.site.theme import PLAIN, House
from claimtrack.report.words import counted

LIST: Final = ".claimtrack-site"

_LINE: Final = re.compile(
    "([0-9a-f]{64})  ("
    r"(?:index|speakers|topics|facts|due|method)\.html|changes\.atom|due\.ics"
    r"|(?:audit|reviews)\.json|sitemap\.xml|data/[a-z]+\.(?:csv|jsonl)"
    r"|(?:claims|facts|speakers|topics|embed)/[a-z0-9][a-z0-9.~-]*\.html"
    r"|(?:speakers|topics)/[a-z0-9][a-z0-9.~-]*\.atom"
    r"|cards/[a-z0-9][a-z0-9.~-]*\.(?:svg|png))"
)
"""A line of the list of files; other names are never those of a site."""

_HEAD: Final = "# Written by claimtrack site: the SHA-256 of each file, and its name.\n"

Listed: TypeAlias = dict[str, set[str]]
"""The digests by which each file is known to be written by this command."""


class ForeignFolderError(ClaimTrackError):
    """
    The folder of a site has other files.

    Args:
        folder: The folder.
        found: One of the other files.
    """

    def __init__(self, folder: str, found: str) -> None:
        super().__init__(folder, found)
        self.folder = folder
        self.found = found

    def __str__(self) -> str:
        return (
            f"CT910 {self.folder!r} holds {self.found!r}, which claimtrack did not write; expected "
            "an empty folder or one of an earlier site\n"
            "    hint: name another folder, or write into this one with --overwrite"
        )


class Written(NamedTuple):
    """
    The result of writing a site.

    Args:
        written: The number of files written.
        unchanged: The number of files that were the same already.
        removed: The number of files removed, which are no longer part of the site.
        replaced: Files that were overwritten though edited or made by others.
        kept: Files that are no longer part of the site, but were edited.
    """

    written: int
    unchanged: int
    removed: int
    replaced: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def write_site(audit: Audit, options: Options, folder: Path, *, overwrite: bool = False) -> Written:
    """
    Write the site of *audit* into *folder*, and remove files of an earlier run that it lacks.

    Args:
        audit: The audit.
        options: Of the site.
        folder: It is made if needed.
        overwrite: Whether it may have files that claimtrack did not write; those with the names of
            pages are then overwritten.

    Raises:
        ForeignFolderError: It has such files; nothing is written.
        OSError: A file cannot be read, written or removed, or is a link.
    """
    with folders_for(folder), Writing() as writing:
        site = _Site(writing, folder, overwrite=overwrite)
        for name, content in site_files(audit, options):
            site.stage(name, content.encode() if isinstance(content, str) else content)
        return site.finish()


class _Site:
    """The files of one run of the command."""

    def __init__(self, writing: Writing, root: Path, *, overwrite: bool) -> None:
        self.writing = writing
        self.root = root
        self.overwrite = overwrite
        self.top = writing.folder(root)
        self.now: Listed = {}
        self.written = 0
        self.replaced: list[str] = []
        self._folders = {"": self.top}
        content = self.top.read(LIST)
        before = None if content is None else _listed(content)
        self.before: Listed = before or {}
        if before is None:
            self._refuse_foreign()
            self._write_list({})
            writing.move()

    def _refuse_foreign(self) -> None:
        found = self.top.names()
        if found and not self.overwrite:
            raise ForeignFolderError(
                str(self.root), "index.html" if "index.html" in found else found[0]
            )

    def _write_list(self, listed: Listed, *, is_first: bool = False) -> None:
        self.writing.stage(self.top, LIST, _list(listed), is_first=is_first)

    def _place(self, name: str, *, make: bool = False) -> tuple[Folder, str]:
        """Return the open folder of a file, and its name there."""
        inner, _, file = name.rpartition("/")
        if inner not in self._folders:
            self._folders[inner] = self.writing.folder(self.root, inner, make=make)
        return self._folders[inner], file

    def stage(self, name: str, content: bytes) -> None:
        """
        Prepare to write a page, unless it is unchanged.

        Raises:
            ForeignFolderError: Another file of that name is there.
        """
        folder, file = self._place(name, make=True)
        old = folder.read(file)
        self.now[name] = {_digest(content)}
        if old == content:
            return
        if old is not None and _digest(old) not in self.before.get(name, ()):
            if name not in self.before and not self.overwrite:
                raise ForeignFolderError(str(self.root), name)
            self.replaced.append(name)
        self.writing.stage(folder, file, content, before=old)
        self.written += 1

    def finish(self) -> Written:
        """Move all pages into place, and remove those that are no longer part of the site."""
        both = {
            name: self.before.get(name, set()) | self.now.get(name, set())
            for name in (*self.before, *self.now)
        }
        if both != self.before:
            self._write_list(both, is_first=True)
        self.writing.move()
        removed: list[str] = []
        kept: list[str] = []
        for name in self.before.keys() - self.now.keys():
            (removed if self._remove(name) else kept).append(name)
        if both != self.now:
            self._write_list(self.now)
            self.writing.move()
        there = [name for name in sorted(kept) if self._is_there(name)]
        return Written(
            self.written,
            len(self.now) - self.written,
            len(removed),
            tuple(self.replaced),
            tuple(there),
        )

    def _remove(self, name: str) -> bool:
        """Remove a file of an earlier run if it was not edited, and return whether it was."""
        try:
            folder, file = self._place(name)
            content = folder.read(file)
            if content is None or _digest(content) not in self.before[name]:
                return False
            folder.remove(file)
        except OSError:  # the path has a link
            return False
        return True

    def _is_there(self, name: str) -> bool:
        try:
            folder, file = self._place(name)
        except OSError:
            return False
        return folder.status(file) is not None


def _listed(content: bytes) -> Listed | None:
    """Return the files and digests in a list; None if *content* is not a list."""
    text = content.decode("ascii", "replace")
    if not text.startswith(_HEAD):
        return None
    listed: Listed = {}
    for line in text.splitlines():
        match = _LINE.fullmatch(line)
        if match:
            listed.setdefault(match[2], set()).add(match[1])
    return listed


def _list(listed: Listed) -> bytes:
    lines = (f"{digest}  {name}\n" for name in sorted(listed) for digest in sorted(listed[name]))
    return "".join((_HEAD, *lines)).encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class AddressType(click.ParamType):  # type: ignore[type-arg]  # generic only since click 8.4
    """An address of the web, with a slash at its end."""

    name = "address"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Accept what a page may link to."""
        text = str(value)
        if safe_url(text) is None or "?" in text or "#" in text:
            self.fail(f"{text!r} is no address of a folder on the web", param, ctx)
        return text if text.endswith("/") else f"{text}/"


def _house(path: Path) -> House:
    """Read a house style, with the files that it names beside it."""

    def read(name: str) -> str:
        return (path.parent / name).read_text("utf-8")

    try:
        house = house_of(str(path), path.read_text("utf-8"), read)
    except (HouseError, OSError, UnicodeDecodeError) as error:
        raise click.BadParameter(str(error), param_hint="--config") from error
    if house.templates is None:
        return house
    return attrs.evolve(house, templates=str(path.parent / house.templates))


@click.command("site")
@path_argument
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False),
    default="public",
    show_default=True,
    metavar="FOLDER",
    help="Where to write it; only pages that differ are written.",
)
@as_of_option
@known_by_option
@checks_option
@click.option(
    "--publish",
    type=click.Choice([one.value for one in Publish]),
    help="Which decided claims are published with their verdict: those that are signed, those that "
    "are reviewed too, or all. [default: what the registry's settings say, else all]",
)
@click.option(
    "--fail-on",
    type=FailOnType(),
    multiple=True,
    default=(NEVER,),
    show_default="never",
    metavar="WHAT",
    help="What makes the command end with status 1, where `claimtrack check` finds it on what is "
    "published: error, warning, note, never, or a code; may be given several times.",
)
@click.option("--title", metavar="TEXT", help="The site's name; the registry's if left out.")
@click.option("--publisher", metavar="TEXT", help="Who answers for it; the title if left out.")
@click.option(
    "--url",
    type=AddressType(),
    metavar="URL",
    help="Where it will stand, for feeds and search engines, which want whole addresses.",
)
@click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False, readable=True),
    metavar="FILE",
    help="A house style: words, colours, a header, a style sheet, templates.",
)
@click.option(
    "--cards", is_flag=True, help="Draw the cards for sharing as PNG, too; needs claimtrack[cards]."
)
@click.option(
    "--overwrite",
    is_flag=True,
    help="Write into a folder that holds other files too, and over those with names of pages.",
)
def command(
    path: str,
    output: str,
    as_of: str,
    known_by: str,
    checks: tuple[str, ...],
    publish: str | None,
    fail_on: tuple[str, ...],
    title: str | None,
    publisher: str | None,
    url: str | None,
    config: str | None,
    cards: bool,  # noqa: FBT001 - click passes it by name
    overwrite: bool,  # noqa: FBT001 - click passes it by name
) -> ExitStatus:
    """
    Write a static site of a registry: pages, a feed, a calendar and the data.

    Ends with status 1 where the check of what is published fails; the site is written all the same.
    """
    # Before the audit, which may take long.
    require("jinja2", feature="claimtrack site", extra="site")
    if cards:
        require("PIL", feature="claimtrack site --cards", extra="cards")
    registry = with_checks(registry_at(path), path, checks)
    whole = audited(registry, as_of, known_by)
    warn_of_missing_checks(whole)
    day = whole.day if as_of_is_given() else today_of(registry, datetime.now(UTC))
    public = publication(whole, None if publish is None else Publish(publish), day=day)
    audit = public.audit
    identity, advice = identity_of(audit.records, path)
    house = PLAIN if config is None else _house(Path(config))
    options = Options(
        title=title or house.title,
        publisher=publisher or house.publisher,
        url=url,
        identity=identity,
        cards=cards,
        house=house,
        awaiting=tuple(public.awaiting.values()),
    )
    done = write_site(audit, options, Path(output), overwrite=overwrite)
    removed = f", {done.removed} removed" if done.removed else ""
    pages = counted(done.written, "page")
    summary = f"{Path(output) / 'index.html'}: {pages} written, {done.unchanged} unchanged{removed}"
    print_text(for_log_line(summary))
    for name in done.replaced:
        print_text(for_log_line(f"{name} was not as claimtrack had written it; it is replaced"))
    for name in done.kept:
        print_text(for_log_line(f"{name} is no longer part of the site, but was edited; it stays"))
    if advice:
        print_text(advice, err=True)
    return _checked(registry, whole, audit, fail_on, path)


def as_of_is_given() -> bool:
    """Whether the day of the running command was named."""
    source = click.get_current_context().get_parameter_source("as_of")
    return source is not ParameterSource.DEFAULT


def _checked(
    registry: Registry, whole: Audit, public: Audit, fail_on: tuple[str, ...], path: str
) -> ExitStatus:
    """Print what makes the check of the published records fail, and return the status."""
    failing = FailOn.of(fail_on)
    if failing == FailOn.of((NEVER,)):
        return ExitStatus.DONE
    maps = {record_map.kind: record_map for record_map in public.records.record_maps()}
    found = [
        one
        for one in examine(registry, whole, root=path, today=whole.as_of)
        if failing.fails(one)
        and (one.record is None or one.record.id in maps.get(one.record.kind, {}))
    ]
    for one in found:
        print_text(for_log_line(str(one).split("\n")[0]), err=True)
    if found:
        told = f"{counted(len(found), 'finding')} on what is published: see claimtrack check"
        print_text(told, err=True)
    return ExitStatus.FINDINGS if found else ExitStatus.DONE
