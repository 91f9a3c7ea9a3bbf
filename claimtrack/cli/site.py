"""``claimtrack site``: pages that one can publish."""

import os
from pathlib import Path, PurePosixPath
from typing import Final

import click

from claimtrack.cli.options import as_of_option, known_by_option, path_argument
from claimtrack.engine.audit import Audit
from claimtrack.files.load import load
from claimtrack.model.verdict import Status
from claimtrack.report.escape import safe_url
from claimtrack.report.site.build import site_files
from claimtrack.report.site.contents import Options, TrackRecord
from claimtrack.score.record import MIN_DECIDED, track_records

LIST: Final = ".claimtrack-site"
"""The file that lists what was written, so that pages of claims that are gone go too."""


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


@click.command("site")
@path_argument
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False),
    default="public",
    show_default=True,
    metavar="FOLDER",
    help="Where to write it; what did not change is left alone.",
)
@as_of_option
@known_by_option
@click.option("--title", metavar="TEXT", help="The site's name; the registry's if left out.")
@click.option("--publisher", metavar="TEXT", help="Who answers for it; the title if left out.")
@click.option(
    "--url",
    type=AddressType(),
    metavar="URL",
    help="Where it will stand, for feeds and search engines, which want whole addresses.",
)
def command(
    path: str,
    output: str,
    as_of: str,
    known_by: str,
    title: str | None,
    publisher: str | None,
    url: str | None,
) -> None:
    """Write a static site of a registry: pages, a feed, a calendar and the data."""
    audit = load(path).audit(as_of, known_by=known_by)
    options = Options(title=title, publisher=publisher, url=url, records=_records(audit))
    try:
        written, kept, removed = write_site(audit, options, Path(output))
    except OSError as error:
        raise click.FileError(str(error.filename), error.strerror) from error
    click.echo(
        f"{Path(output) / 'index.html'}: {written} written, {kept} as before, {removed} gone"
    )


def _records(audit: Audit) -> dict[str, TrackRecord]:
    return {
        record.key: TrackRecord(
            held=record.points,
            decided=record.decided,
            low=record.interval.low,
            high=record.interval.high,
            is_enough=record.decided >= MIN_DECIDED,
        )
        for record in track_records(audit, by="speaker")
        if record.key is not None and any(record.counts[status] for status in Status)
    }


def write_site(audit: Audit, options: Options, folder: Path) -> tuple[int, int, int]:
    """
    Write the site into *folder*, and remove what an earlier run wrote and this one does not.

    Returns:
        How many files were written, left as they were, and removed.

    Raises:
        OSError: One of them cannot be written.
    """
    before = _listed(folder)
    made: set[str] = set()
    written = 0
    for name, text in site_files(audit, options):
        made.add(name)
        written += put_if_new(folder / name, text.encode())
    gone = sorted(before - made)
    for name in gone:
        (folder / name).unlink(missing_ok=True)
    put_if_new(folder / LIST, "".join(f"{name}\n" for name in sorted(made)).encode())
    return written, len(made) - written, len(gone)


def _listed(folder: Path) -> set[str]:
    """Return the files that an earlier run wrote, none of them outside of *folder*."""
    try:
        names = (folder / LIST).read_text("utf-8").splitlines()
    except (FileNotFoundError, UnicodeDecodeError):
        return set()
    paths = map(PurePosixPath, names)
    return {
        str(path)
        for path in paths
        if path.parts
        and not path.is_absolute()
        and ".." not in path.parts
        and path.suffix in {".html", ".atom", ".ics", ".json"}
    }


def put_if_new(target: Path, content: bytes) -> bool:
    """Move *content* into place at *target* unless it is there already, and say whether it was."""
    try:
        if target.read_bytes() == content:
            return False
    except FileNotFoundError:
        target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        beside.write_bytes(content)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    return True
