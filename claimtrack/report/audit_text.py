"""
A whole audit as one text: the title, the tables, and the counts below them.

The same verdicts give the same cells in every format for people, and the values behind them in
those for programs; equal audits give equal bytes.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import attrs

from claimtrack.engine.audit import Audit
from claimtrack.model.verdict import Verdict
from claimtrack.report.audit_json import audit_object
from claimtrack.report.audit_sheet import audit_sheet
from claimtrack.report.audit_table import audit_table, counts_lines, counts_table, groups
from claimtrack.report.escape import for_json
from claimtrack.report.formats import (
    FORMATS,
    READ_BY_PROGRAMS,
    render,
    render_line,
    render_sheet,
)
from claimtrack.report.table import Table

ENDINGS: Final = {
    "adoc": "asciidoc",
    "csv": "csv",
    "htm": "html",
    "html": "html",
    "json": "json",
    "jsonl": "jsonl",
    "markdown": "markdown",
    "md": "markdown",
    "mediawiki": "mediawiki",
    "org": "orgtbl",
    "rst": "rst",
    "tex": "latex",
    "textile": "textile",
    "tsv": "tsv",
    "txt": "table",
}
"""The format that the ending of a file's name asks for."""


def format_of(name: str) -> str | None:
    """
    Return the format that the ending of a file's *name* asks for, or None.

    Example:
        >>> format_of("audit.md"), format_of("audit")
        ('markdown', None)
    """
    stem, dot, ending = name.rpartition(".")
    return ENDINGS.get(ending.lower()) if stem and dot else None


@attrs.frozen(kw_only=True)
class Layout:
    """
    What formats for people show besides one table, and how.

    Args:
        by: A key of `GROUPS`, to draw a table for each group; formats for programs have the same
            rows in one.
        counts: Keys of `GROUPS`; for each, a table of counts stands at the end.
        width: Display columns to fit into, where the format is for the eye; None for no bound.
        colour: Whether formats for the eye may colour statuses.
    """

    by: str | None = None
    counts: tuple[str, ...] = ()
    width: int | None = None
    colour: bool = False


PLAIN: Final = Layout()


def audit_text(
    audit: Audit,
    verdicts: Sequence[Verdict],
    format: str,  # noqa: A002
    layout: Layout = PLAIN,
) -> str:
    """
    Write *verdicts* of *audit* in the format of that name, to the last line end.

    Args:
        audit: The audit, whose counts stand below the tables.
        verdicts: Those that are shown, in this order.
        format: A key of `FORMATS`; ``json`` is one object with everything.
        layout: For people; formats for programs hold all verdicts in one table, and no counts.

    Raises:
        ValueError: There is no such format.
    """
    if format not in FORMATS:
        raise ValueError(f"format {format!r} is not known; expected one of {', '.join(FORMATS)}")
    if format == "json":
        return f"{for_json(audit_object(audit, verdicts), indent=2)}\n"
    if format in READ_BY_PROGRAMS:
        return render_sheet(audit_sheet(audit, verdicts, layout.by), format)
    return "".join(_for_people(audit, verdicts, format, layout))


def _for_people(
    audit: Audit,
    verdicts: Sequence[Verdict],
    format: str,  # noqa: A002
    layout: Layout,
) -> Iterator[str]:
    title = audit.records.settings.title
    if title:
        yield f"{render_line(title, format)}\n\n"
    grouped = groups(audit, verdicts, layout.by) if layout.by else {"": verdicts}
    for name, group in grouped.items():
        if group:
            yield f"{_drawn(audit_table(audit, group, name), format, layout)}\n"
    for line in counts_lines(audit, verdicts):
        yield f"{render_line(line, format)}\n"
    for by in layout.counts:
        yield f"\n{_drawn(counts_table(audit, verdicts, by), format, layout)}"


def _drawn(table: Table, format: str, layout: Layout) -> str:  # noqa: A002
    return render(table, format, width=layout.width, colour=layout.colour)
