"""``claimtrack site``: pages that one can publish."""

from pathlib import Path

import click

from claimtrack.cli.checks import audit_at
from claimtrack.cli.options import (
    as_of_option,
    checks_option,
    identity_of,
    known_by_option,
    path_argument,
)
from claimtrack.cli.printing import print_text
from claimtrack.cli.publishing import write_site
from claimtrack.engine.audit import Audit
from claimtrack.errors import require
from claimtrack.model.verdict import Status
from claimtrack.report.escape import for_log_line, safe_url
from claimtrack.report.site.contents import Options, TrackRecord
from claimtrack.report.words import counted
from claimtrack.score.record import MIN_DECIDED, track_records


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
    help="Where to write it; only pages that differ are written.",
)
@as_of_option
@known_by_option
@checks_option
@click.option("--title", metavar="TEXT", help="The site's name; the registry's if left out.")
@click.option("--publisher", metavar="TEXT", help="Who answers for it; the title if left out.")
@click.option(
    "--url",
    type=AddressType(),
    metavar="URL",
    help="Where it will stand, for feeds and search engines, which want whole addresses.",
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
    title: str | None,
    publisher: str | None,
    url: str | None,
    overwrite: bool,  # noqa: FBT001 - click passes it by name
) -> None:
    """Write a static site of a registry: pages, a feed, a calendar and the data."""
    # Before anything else: what has made pages is asked for its version before a page is made.
    require("jinja2", feature="claimtrack site", extra="site")
    audit = audit_at(path, as_of, known_by, checks)
    identity, advice = identity_of(audit.records, path)
    options = Options(
        title=title, publisher=publisher, url=url, records=_records(audit), identity=identity
    )
    done = write_site(audit, options, Path(output), overwrite=overwrite)
    removed = f", {done.removed} removed" if done.removed else ""
    pages = counted(done.written, "page")
    told = f"{Path(output) / 'index.html'}: {pages} written, {done.unchanged} unchanged{removed}"
    print_text(for_log_line(told))
    for name in done.replaced:
        print_text(for_log_line(f"{name} was not as claimtrack had written it; it is replaced"))
    for name in done.kept:
        print_text(for_log_line(f"{name} is no longer part of the site, but was edited; it stays"))
    if advice:
        print_text(advice, err=True)


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
