"""Every file of a site, as text by its path."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

from claimtrack.engine.audit import Audit
from claimtrack.model.verdict import MEANINGS
from claimtrack.report.atom import Entry, feed
from claimtrack.report.calendar import calendar
from claimtrack.report.due_table import due_within
from claimtrack.report.site.contents import Contents, Options, Turn, headline
from claimtrack.report.site.data import site_data
from claimtrack.report.site.pages import Templates, claim_values, fact_values

NEWEST: Final = 100
"""Entries of the feed."""

_EVER: Final = 4_000_000
"""Days to look ahead: past the last day of any calendar."""


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
    contents = Contents(audit, options)
    page = Templates(contents).page
    values: dict[str, Callable[[], dict[str, Any]]] = {
        "index.html": lambda: {"headline": list(headline(contents))},
        "speakers.html": dict,
        "facts.html": dict,
        "due.html": dict,
        "method.html": lambda: {"meanings": MEANINGS},
    }
    for path, made in values.items():
        yield path, page(path, path, made)
    yield "changes.atom", _feed(contents)
    yield "due.ics", _calendar(contents)
    yield "audit.json", site_data(contents)
    for verdict in contents.verdicts:
        path = contents.claim_at[verdict.claim]
        yield path, page(path, "claim.html", partial(claim_values, contents, verdict))
    for id_ in contents.by_speaker:
        path = contents.speaker_at[id_]
        yield path, page(path, "speaker.html", partial(_speaker_values, contents, id_))
    for id_, path in contents.fact_at.items():
        fact = contents.records.facts[id_]
        yield path, page(path, "fact.html", partial(fact_values, contents, fact))


def _speaker_values(contents: Contents, id_: str) -> dict[str, Any]:
    return {
        "speaker": contents.records.speakers[id_],
        "verdicts": contents.by_speaker[id_],
        "record": contents.options.records.get(id_),
    }


def _calendar(contents: Contents) -> str:
    audit = contents.audit
    dues = due_within(audit, _EVER)
    return calendar(dues, name=contents.title, identity=contents.identity, as_of=audit.as_of)


def _feed(contents: Contents) -> str:
    base = contents.options.url or ""
    entries = [_entry(contents, turn, base) for turn in contents.turns[:NEWEST]]
    return feed(
        entries,
        key=f"{contents.identity}\nchanges",
        title=f"{contents.title}: changes",
        author=contents.publisher,
        link=f"{base}index.html",
        empty=contents.audit.day,
    )


def _entry(contents: Contents, turn: Turn, base: str) -> Entry:
    before, status = turn.before.value if turn.before else "", turn.change.status.value
    said = f"{contents.speaker_of(turn.claim)}: \u201c{turn.claim.quote}\u201d."
    return Entry(
        key=f"{contents.identity}\n{turn.claim.id}\n{turn.change.day}\n{status}",
        day=turn.change.day,
        title=f"{before} \u2192 {status}: {turn.claim.words}",
        text=f"{said} {contents.why(turn.change.cause)}.",
        link=f"{base}{contents.claim_at[turn.claim.id]}",
    )
