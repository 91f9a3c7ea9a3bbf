"""What programs take of a site: its tables, the map of its pages and its reviews as a data feed."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from claimtrack.escape import for_xml
from claimtrack.report.audit import audit_sheet
from claimtrack.report.formats import render_sheet
from claimtrack.report.site.context import Contents
from claimtrack.report.table import Sheet

_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "speakers": ("id", "name", "claims", "page"),
    "facts": ("id", "kind", "title", "unit", "reports", "claims", "page"),
    "evidence": (
        *("id", "fact", "claim", "source", "published", "says", "quote"),
        *("withdrawn", "supersedes"),
    ),
    "sources": (
        *("id", "title", "publisher", "author", "origin", "tier"),
        *("published", "url", "archived_url"),
    ),
    "changes": ("day", "claim", "before", "after", "because"),
}
"""The columns of the tables besides that of the claims."""

TABLES: Final = ("claims", *_COLUMNS)


def downloads(contents: Contents, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """
    Iterate over the tables of the site as CSV and JSON lines: the path, and the text.

    Args:
        contents: Of the site.
        data: The data of the site, as in its ``audit.json``.
    """
    sheets = {"claims": audit_sheet(contents.audit, contents.verdicts)}
    for name, columns in _COLUMNS.items():
        sheets[name] = Sheet.of(columns, _records(contents, data, name))
    for name, sheet in sheets.items():
        yield f"data/{name}.csv", render_sheet(sheet, "csv")
        yield f"data/{name}.jsonl", render_sheet(sheet, "jsonl")


def _records(contents: Contents, data: Mapping[str, Any], name: str) -> Iterable[Mapping[str, Any]]:
    records: list[dict[str, Any]] = data.get(name, [])
    match name:
        case "changes":
            return (
                {
                    "day": str(one.change.day),
                    "claim": one.claim.id,
                    "before": contents.shown(one.claim.id, one.before) if one.before else None,
                    "after": contents.shown(one.claim.id, one.change.status),
                    "because": contents.why(one.change.cause),
                }
                for one in contents.status_changes
            )
        case "speakers":
            return ({**one, "claims": len(contents.by_speaker[one["id"]])} for one in records)
        case "facts":
            return (
                {
                    **one,
                    "reports": len(contents.reports(one["id"])),
                    "claims": len(contents.by_fact.get(one["id"], ())),
                }
                for one in data[name]
            )
        case "evidence":
            return ({**one, "supersedes": " ".join(one["supersedes"])} for one in records)
        case _:
            return records


def site_map(url: str, paths: Iterable[str]) -> str:
    """Return the map of a site at *url* (sitemaps.org), of the pages among *paths*."""
    pages = "".join(f"<url><loc>{for_xml(url + path)}</loc></url>\n" for path in paths)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="{space}">\n{pages}</urlset>\n'


def reviews_feed(reviews: Iterable[str]) -> str:
    """Return the ClaimReview markup of all claims, each as JSON, as one DataFeed (schema.org)."""
    items = ",\n".join(f'{{"@type": "DataFeedItem", "item": [{one}]}}' for one in reviews)
    head = '{"@context": "https://schema.org", "@type": "DataFeed", "dataFeedElement": ['
    return f"{head}\n{items}\n]}}\n"
