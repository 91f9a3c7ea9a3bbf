"""
Reports that come, stay, and know their days.

Most evidence on events is never withdrawn or superseded, and is dated by days and not by moments,
so that all the rules ask of it are four plain values.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final, TypeAlias

from claimtrack.model.evidence import Evidence
from claimtrack.model.source import Source
from claimtrack.model.span import OPEN_END, Day

Report: TypeAlias = tuple[Day, Day, Day, bool]
"""When it became public, the first and the last day that it tells of, and if it is a denial."""

AT_LAST: Final[Report] = (OPEN_END, OPEN_END, OPEN_END, True)
"""A denial that says nothing and never becomes public: the end of the reports on every event."""


def plain_reports(
    by_fact: Mapping[str, Sequence[Evidence]],
    superseded: Collection[str],
    sources: Mapping[str, Source],
) -> dict[str, list[Report]]:
    """Return the reports on every event of which all are plain, oldest first, then `AT_LAST`."""
    published = {id_: _published(source) for id_, source in sources.items()}
    found: dict[str, list[Report]] = {}
    for fact, items in by_fact.items():
        reports = []
        for item in items:
            report = _report(item, published)
            if report is None or item.id in superseded:
                break
            reports.append(report)
        else:
            reports.sort()
            reports.append(AT_LAST)
            found[fact] = reports
    return found


def _published(source: Source) -> Day | None:
    """Return the day from which a source is known; None if that depends on the zone."""
    if source.published is None:
        return OPEN_END
    return None if source.published.moment is not None else source.published.last


def _report(item: Evidence, published: dict[str, Day | None]) -> Report | None:
    """Return *item* as a report, or None if it is not plain."""
    span = item.published
    if span is None:
        known = published[item.source]
        if known is None:
            return None
    elif span.moment is not None:
        return None
    else:
        known = span.last
    told = item.happened or item.not_happened
    if told is None or told.moment is not None or item.withdrawn is not None:
        return None
    first, last = told.first, told.last
    if item.happened is None:
        return known, first, last, True
    if last > known:  # nobody reports what has not happened
        last = known
        first = min(first, last)
    return known, first, last, False
