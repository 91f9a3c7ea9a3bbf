"""Every file of a site, as text by its path."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

import attrs

from claimtrack.engine.audit import Audit
from claimtrack.model.verdict import MEANINGS
from claimtrack.report.atom import Entry, feed
from claimtrack.report.calendar import calendar
from claimtrack.report.due_table import due_within
from claimtrack.report.site.contents import Contents, Options, Turn, headline
from claimtrack.report.site.data import site_data
from claimtrack.report.site.inputs import Inputs
from claimtrack.report.site.pages import Templates, claim_values, fact_values

NEWEST: Final = 100
"""Entries of the feed."""

_EVER: Final = 4_000_000
"""Days to look ahead: past the last day of any calendar."""


@attrs.frozen
class Page:
    """
    One file of a site.

    Args:
        path: From the top of the site.
        inputs: A digest of all that its text depends on, besides the program.
        text: Makes the text.
    """

    path: str
    inputs: str
    text: Callable[[], str]


def site_files(audit: Audit, options: Options) -> Iterator[tuple[str, str]]:
    """
    Iterate over the files of the site of *audit*: the path from its top, and the text.

    Equal arguments give equal texts.

    Args:
        audit: The audit, whose day is that of the site.
        options: What the site is called and where it stands.

    Raises:
        MissingExtraError: Jinja2 is not installed.
    """
    return ((page.path, page.text()) for page in site_pages(audit, options))


def site_pages(audit: Audit, options: Options) -> Iterator[Page]:
    """
    Iterate over the files of the site of *audit*, none of which is made before it is asked for.

    Two pages with one path and equal inputs have equal texts, if one program makes both.

    Raises:
        MissingExtraError: As `site_files`.
    """
    contents = Contents(audit, options)
    inputs, page = Inputs(contents), Templates(contents).page
    yield from _of_everything(contents, inputs.whole(), page)
    for verdict in contents.verdicts:
        path, values = contents.claim_at[verdict.claim], partial(claim_values, contents, verdict)
        yield Page(path, inputs.claim(verdict), partial(page, path, "claim.html", values))
    for id_, verdicts in contents.by_speaker.items():
        path, values = contents.speaker_at[id_], partial(_speaker_values, contents, id_)
        yield Page(path, inputs.speaker(id_, verdicts), partial(page, path, "speaker.html", values))
    for id_, path in contents.fact_at.items():
        values = partial(fact_values, contents, contents.records.facts[id_])
        yield Page(path, inputs.fact(id_), partial(page, path, "fact.html", values))


def _of_everything(contents: Contents, whole: str, page: Callable[..., str]) -> Iterator[Page]:
    """Iterate over the files of which there is one."""
    values: dict[str, Callable[[], dict[str, Any]]] = {
        "index.html": lambda: {"headline": list(headline(contents))},
        "speakers.html": dict,
        "facts.html": dict,
        "due.html": dict,
        "method.html": lambda: {"meanings": MEANINGS},
    }
    for path, made in values.items():
        yield Page(path, whole, partial(page, path, path, made))
    yield Page("changes.atom", whole, partial(_feed, contents))
    yield Page("due.ics", whole, partial(_calendar, contents))
    yield Page("audit.json", whole, partial(site_data, contents))


def _speaker_values(contents: Contents, id_: str) -> dict[str, Any]:
    return {
        "speaker": contents.records.speakers[id_],
        "verdicts": contents.by_speaker[id_],
        "record": contents.options.records.get(id_),
    }


def _calendar(contents: Contents) -> str:
    audit = contents.audit
    return calendar(due_within(audit, _EVER), name=contents.title, as_of=audit.as_of)


def _feed(contents: Contents) -> str:
    base = contents.options.url or ""
    entries = [_entry(contents, turn, base) for turn in contents.turns[:NEWEST]]
    return feed(
        entries,
        title=f"{contents.title}: changes",
        author=contents.publisher,
        link=f"{base}index.html",
        empty=contents.audit.day,
    )


def _entry(contents: Contents, turn: Turn, base: str) -> Entry:
    before, status = turn.before.value if turn.before else "", turn.change.status.value
    said = f"{contents.speaker_of(turn.claim)}: \u201c{turn.claim.quote}\u201d."
    return Entry(
        key=f"{contents.title}\n{turn.claim.id}\n{turn.change.day}\n{status}",
        day=turn.change.day,
        title=f"{before} \u2192 {status}: {turn.claim.words}",
        text=f"{said} {contents.why(turn.change.cause)}.",
        link=f"{base}{contents.claim_at[turn.claim.id]}",
    )
