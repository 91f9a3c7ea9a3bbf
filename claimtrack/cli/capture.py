"""``claimtrack capture``: fetch the pages of sources, and pin them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import click

from claimtrack import __version__
from claimtrack.capture import Fetched, Fetcher, Manners, PageState, warc_of
from claimtrack.cli.main import ExitStatus
from claimtrack.cli.options import (
    refuse_swapped,
    room,
    rows_format_option,
    snapshots_option,
)
from claimtrack.cli.pin import Pinned, pin_bytes
from claimtrack.cli.printing import print_as, print_data, print_text
from claimtrack.cli.registry import registry_at
from claimtrack.errors import ClaimTrackError, LoadError, require
from claimtrack.escape import for_json, for_log_line
from claimtrack.model.records import Source
from claimtrack.quotes.answers import QuoteAnswer
from claimtrack.report.formats import READ_BY_PROGRAMS, render, render_sheet
from claimtrack.report.table import Sheet, Table
from claimtrack.report.words import counted

COLUMNS: Final = ("source", "state", "status", "url", "copy", "quotes_found", "quotes", "because")
_HEADER: Final = ("source", "state", "status", "copy, or why there is none", "quotes found")
USER_AGENT: Final = f"claimtrack/{__version__} (keeps a copy of a page that a person cites)"
_MEGABYTE: Final = 1 << 20


@click.command("capture")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.argument("path", type=click.Path(), metavar="PATH")
@click.option(
    "--private", is_flag=True, help="Keep the bytes in --snapshots DIR, and only their digest here."
)
@snapshots_option
@click.option("--replace", is_flag=True, help="Put it in the place of another pinned copy.")
@click.option(
    "--delay",
    type=click.FloatRange(0, 3600),
    default=1.0,
    show_default=True,
    metavar="SECONDS",
    help="The pause between two requests to one host.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0, 3600, min_open=True),
    default=20.0,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait for each piece of an answer; as a whole it may take six times that.",
)
@click.option(
    "--patience",
    type=click.FloatRange(0, 3600),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait, once, where a server says when to come back (Retry-After).",
)
@click.option(
    "--max-size",
    type=click.IntRange(1, 256),
    default=64,
    show_default=True,
    metavar="MB",
    help="The largest page that is taken.",
)
@click.option(
    "--user-agent",
    default=USER_AGENT,
    metavar="TEXT",
    help="How to name oneself to servers; say here how to reach you.",
)
@click.option("--ignore-robots", is_flag=True, help="Do not ask for a site's robots.txt.")
@click.option(
    "--allow-private",
    is_flag=True,
    help="Also fetch from addresses that are not public, such as those of one's own network.",
)
@rows_format_option
def command(sources: tuple[str, ...], path: str, **options: Any) -> ExitStatus:  # noqa: ANN401
    """
    Fetch the page of each SOURCE of the registry at PATH, and pin it as `pin` does.

    The page is kept as WARC, with its address, status and headers, and the redirects on the way.
    This is the only command that opens a connection. What cannot be fetched leaves the registry
    as it was. Ends with status 0 if all pages were pinned, and 1 if one was not.
    """
    refuse_swapped(sources, path)
    if options["private"] and options["snapshots"] is None:
        raise click.UsageError("--private needs --snapshots DIR, the folder that keeps the copies.")
    registry = registry_at(path)
    chosen = [registry.sources[id_] for id_ in dict.fromkeys(sources)]
    _refuse_sources(chosen, replace=options["replace"])
    require("warcio", feature="keeping pages as WARC", extra="capture")
    fetcher = Fetcher(_manners(options), lambda: datetime.now(UTC))
    rows = [_captured(source, path, fetcher, options) for source in chosen]
    _print(rows, options["format_"])
    is_whole = all(row["copy"] is not None for row in rows)
    return ExitStatus.DONE if is_whole else ExitStatus.FINDINGS


def _refuse_sources(sources: Iterable[Source], *, replace: bool) -> None:
    """
    Refuse, before anything is fetched, what could not be pinned.

    Raises:
        UsageError: A source has no address, or a pinned copy already.
    """
    for source in sources:
        if source.url is None:
            raise click.UsageError(f"source {source.id!r} has no url; expected one to fetch.")
        if source.snapshot is not None and not replace:
            message = f"source {source.id!r} has a pinned copy; --replace puts another in its place"
            raise click.UsageError(f"{message}.")


def _manners(options: Mapping[str, Any]) -> Manners:
    return Manners(
        delay=options["delay"],
        timeout=options["timeout"],
        deadline=6 * options["timeout"],
        patience=options["patience"],
        bytes=options["max_size"] * _MEGABYTE,
        private=options["allow_private"],
        robots=not options["ignore_robots"],
        user_agent=options["user_agent"],
    )


def _captured(
    source: Source, path: str, fetcher: Fetcher, options: Mapping[str, Any]
) -> dict[str, Any]:
    """Fetch and pin one page, and return its row."""
    assert source.url is not None  # noqa: S101 - seen by `_refuse_sources`
    fetched = fetcher.fetch(source.url)
    if not fetched.is_there:
        return _row(source, fetched, fetched.state, fetched.because)
    try:
        pinned = pin_bytes(
            path,
            source.id,
            warc_of(fetched, f"claimtrack {__version__}"),
            "page.warc.gz",
            url=fetched.url,
            private=options["private"],
            snapshots=options["snapshots"],
            replace=options["replace"],
        )
    except LoadError as error:
        because = "; ".join(problem.message for problem in error.problems[:1])
        return _row(source, fetched, PageState.UNKNOWN, because)
    except ClaimTrackError as error:
        return _row(source, fetched, PageState.UNKNOWN, str(error))
    return _row(source, fetched, fetched.state, "", pinned)


def _row(
    source: Source,
    fetched: Fetched,
    state: PageState,
    because: str,
    pinned: Pinned | None = None,
) -> dict[str, Any]:
    counts = Counter(check.answer for check in pinned.checks) if pinned else Counter()
    return {
        "source": source.id,
        "state": state.value,
        "status": fetched.status,
        "url": fetched.url,
        "copy": pinned.where if pinned else None,
        "quotes_found": counts[QuoteAnswer.FOUND] if pinned else None,
        "quotes": counts.total() if pinned else None,
        "because": because or None,
    }


def _print(rows: list[dict[str, Any]], format_: str) -> None:
    if format_ == "json":
        print_data(for_json({"sources": rows}, indent=2) + "\n")
    elif format_ in READ_BY_PROGRAMS:
        print_data(render_sheet(Sheet.of(COLUMNS, rows), format_))
    else:
        table = Table(header=_HEADER, rows=list(map(_cells, rows)), shrink=((_HEADER[3], 30),))
        print_as(format_, render(table, format_, width=room()))
        pinned = sum(row["copy"] is not None for row in rows)
        print_text(for_log_line(f"{pinned} of {counted(len(rows), 'page')} pinned"))


def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    quotes = "" if row["copy"] is None else f"{row['quotes_found']} of {row['quotes']}"
    status = "" if row["status"] is None else str(row["status"])
    return row["source"], row["state"], status, row["copy"] or row["because"], quotes
