"""An audit as tables for people, as rows for programs, and as JSON."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from claimtrack.engine.audit import Audit, label_of
from claimtrack.model.claim import Claim
from claimtrack.model.records import Search
from claimtrack.model.registry import Records
from claimtrack.model.span import Day, day_text
from claimtrack.model.verdict import AFTER_THE_FACT, Status, Verdict
from claimtrack.report.forecasts import forecast_objects, own_forecast, probability_words
from claimtrack.report.formats import (
    FORMATS,
    READ_BY_PROGRAMS,
    object_pieces,
    render,
    render_line,
    sheet_pieces,
)
from claimtrack.report.reasons import (
    because,
    progress_words,
    reason_words,
    said_words,
    same_readings,
)
from claimtrack.report.style import label
from claimtrack.report.table import Sheet, Table, Value
from claimtrack.report.width import wrap
from claimtrack.report.words import (
    counted,
    day_words,
    known_by_words,
    quote_words,
)

HEADER: Final = ("claim", "speaker", "said", "due", "status", "decided on", "because")
_SHRINK: Final = (
    *(("speaker", 14), ("because", 24), ("claim", 48)),
    *(("status", 15), ("because", 16), ("status", 13), ("speaker", 12), ("claim", 20)),
)
"""Columns in the order in which they shrink; ids last, as people copy them."""

GROUPS: Final[Mapping[str, Callable[[Audit, Claim, Verdict], tuple[str, ...]]]] = {
    "speaker": lambda _audit, claim, _: (claim.speaker,),
    "topic": lambda _audit, claim, _: claim.topics or ("no topic",),
    "party": lambda audit, claim, _: (
        audit.records.speakers.by_id[claim.speaker].party or "no party",
    ),
    "group": lambda audit, claim, _: (
        audit.records.speakers.by_id[claim.speaker].groups or ("no group",)
    ),
    "kind": lambda _audit, claim, _: (claim.kind.value if claim.kind else "no kind",),
    "status": lambda _audit, _claim, verdict: (verdict.status.value,),
}
"""What an audit can be grouped by; a claim with several topics or groups is in each of them."""


def audit_table(
    audit: Audit, verdicts: Iterable[Verdict], title: str = "", *, quotes: bool = False
) -> Table:
    """Return one row for each of the *verdicts* of *audit*, with *quotes* in place of ids."""
    rows = [audit_row(audit, verdict) for verdict in verdicts]
    if quotes:
        claims = audit.records.claims
        rows = [(quote_words(claims[row[0]], audit.records), *row[1:]) for row in rows]
    return Table(
        header=HEADER,
        rows=rows,
        title=title,
        shrink=_SHRINK,
        spare=("said", "decided on"),
        wrap=("claim", "speaker", "status", "because"),
        status="status",
    )


def audit_row(audit: Audit, verdict: Verdict) -> tuple[str, ...]:
    """Return the cells of one verdict."""
    claim = audit.records.claims[verdict.claim]
    return (
        claim.id,
        audit.records.speakers[claim.speaker].label,
        said_words(claim, audit.day),
        day_words(verdict.due),
        label(verdict.status.value) + progress_words(audit, claim),
        day_words(verdict.decided_on),
        forecast_prefix(audit, claim) + because(audit, verdict),
    )


def groups(audit: Audit, verdicts: Iterable[Verdict], by: str) -> dict[str, list[Verdict]]:
    """
    Sort *verdicts* into groups, by name; statuses in their own order.

    Raises:
        KeyError: *by* is not one of `GROUPS`.
    """
    grouped: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        claim = audit.records.claims[verdict.claim]
        for name in GROUPS[by](audit, claim, verdict):
            grouped.setdefault(name, []).append(verdict)
    if by == "speaker":
        grouped = _by_label(audit, grouped)
    order = [status.value for status in Status] if by == "status" else sorted(grouped)
    return {name: grouped[name] for name in order if name in grouped}


def _by_label(audit: Audit, grouped: dict[str, list[Verdict]]) -> dict[str, list[Verdict]]:
    """Name groups by their speakers' labels, with the id where two speakers share a label."""
    labels = {id_: audit.records.speakers[id_].label for id_ in grouped}
    times = Counter(labels.values())
    return {
        label if times[label] == 1 else f"{label} ({id_})": grouped[id_]
        for id_, label in labels.items()
    }


def counts_table(audit: Audit, verdicts: Iterable[Verdict], by: str) -> Table:
    """
    Return one row for each group, with how many of its claims have each status.

    Statuses that no claim has are left out.

    Raises:
        KeyError: *by* is not one of `GROUPS`.
    """
    grouped = groups(audit, verdicts, by)
    counted_by_group = {
        name: Counter(verdict.status for verdict in group) for name, group in grouped.items()
    }
    statuses = [
        status for status in Status if any(counts[status] for counts in counted_by_group.values())
    ]
    names = (status.value.removesuffix("-evidence").replace("-", " ") for status in statuses)
    header = (by, "claims", *names)
    return Table(
        header=header,
        rows=[
            (name, str(counts.total()), *(str(counts[status] or "") for status in statuses))
            for name, counts in sorted(
                counted_by_group.items(), key=lambda pair: (-pair[1].total(), pair[0])
            )
        ],
        right=header[1:],
        shrink={by: 12},
        wrap=(by,),
    )


def counts_lines(audit: Audit, verdicts: Sequence[Verdict] | None = None) -> Iterator[str]:
    """
    Iterate over the lines below the table.

    Args:
        audit: The audit.
        verdicts: The verdicts that are shown and counted; None for all.
    """
    counts = audit.counts if verdicts is None else Counter(one.status for one in verdicts)
    listed = [f"{label(status.value)} {counts[status]}" for status in Status if counts[status]]
    total, shown = len(audit), sum(counts.values())
    part = "" if shown == total else f"{shown} of "
    statuses = ", ".join(listed) or ("none" if total else "none said yet")
    as_of = f"as of {day_words(audit.day)}{known_by_words(audit.known_by)}"
    yield f"{part}{counted(total, 'claim')} {as_of}: {statuses}"
    ids = audit.outcomes if verdicts is None else [one.claim for one in verdicts]
    repeated = [n for id_ in ids if (n := len(_claim(audit, id_).occasions_by(audit.day)))]
    if repeated:
        times = sum(repeated) + len(repeated)
        yield (
            f"{counted(len(repeated), 'claim')} said on several occasions, {times} in all, "
            "and counted once"
        )
    if audit.not_yet_said:
        yield f"{counted(audit.not_yet_said, 'claim')} not yet said"


def _claim(audit: Audit, id_: str) -> Claim:
    return audit.records.claims.by_id[id_]


COLUMNS: Final = (
    *("id", "speaker", "speaker_name", "said", "source", "kind"),
    *("status", "recorded_status", "late_days", "late_days_min", "due", "decided_on"),
    *("robust", "readings_same", "readings_total", "used", "marks"),
    *("quote", "proposition", "because"),
    *("progress_label", "times_said", "retracted", "annulled_kind"),
)


def audit_sheet(audit: Audit, verdicts: Iterable[Verdict], by: str | None = None) -> Sheet:
    """
    Return one row for each of the *verdicts* of *audit*.

    Args:
        audit: The audit.
        verdicts: Those to show, in this order.
        by: A key of `GROUPS`; the rows then come group by group, as in the tables for people. By
            topic, party or group there is an additional column, and a row for each of them.

    Raises:
        KeyError: *by* is not one of `GROUPS`.
    """
    return Sheet.of(*_records(audit, verdicts, by))


def _records(
    audit: Audit, verdicts: Iterable[Verdict], by: str | None
) -> tuple[tuple[str, ...], Iterator[Mapping[str, Value]]]:
    if by is None:
        return COLUMNS, (_record(audit, verdict) for verdict in verdicts)
    header = (by, *COLUMNS) if by in SEVERAL else COLUMNS
    return header, _grouped(audit, groups(audit, verdicts, by), by)


SEVERAL: Final = ("topic", "party", "group")
"""What has a column of its own where rows are grouped by it."""


def _several(audit: Audit, verdict: Verdict, by: str) -> tuple[str, ...]:
    claim = _claim(audit, verdict.claim)
    speaker = audit.records.speakers.by_id[claim.speaker]
    if by == "topic":
        return claim.topics
    return speaker.groups if by == "group" else (speaker.party or "",)


def _grouped(
    audit: Audit, grouped: Mapping[str, Sequence[Verdict]], by: str
) -> Iterator[Mapping[str, Value]]:
    for name, group in grouped.items():
        for verdict in group:
            record = _record(audit, verdict)
            if by in SEVERAL:
                record = {by: name if name in _several(audit, verdict, by) else None, **record}
            yield record


def _claim_and_verdict(audit: Audit, claim: Claim, verdict: Verdict) -> dict[str, Value]:
    """Return what every row and every object of JSON begins with."""
    return {
        "id": claim.id,
        "speaker": claim.speaker,
        "speaker_name": audit.records.speakers.by_id[claim.speaker].name,
        "said": claim.said.text,
        "source": claim.source,
        "kind": claim.kind.value if claim.kind else None,
        "status": verdict.status.value,
        "recorded_status": claim.status.value if claim.status else None,
        "late_days": verdict.late_days,
        "late_days_min": verdict.late_days_min,
        "due": _day(verdict.due),
        "decided_on": _day(verdict.decided_on),
    }


def _record(audit: Audit, verdict: Verdict) -> Mapping[str, Value]:
    """Return a row, with the keys of `COLUMNS` in their order."""
    claim = audit.records.claims.by_id[verdict.claim]
    same, total = same_readings(verdict)
    return {
        **_claim_and_verdict(audit, claim, verdict),
        "robust": same == total,
        "readings_same": same,
        "readings_total": total,
        "used": list(verdict.used),
        "marks": list(verdict.marks),
        "quote": claim.quote,
        "proposition": claim.proposition,
        "because": reason_words(audit, verdict) or None,
        "progress_label": audit.progress_label(claim),
        "times_said": 1 + len(claim.occasions_by(audit.day)),
        "retracted": _retracted(audit, claim),
        "annulled_kind": claim.annulled_kind.value if claim.annulled_kind else None,
    }


def _retracted(audit: Audit, claim: Claim) -> str | None:
    """Return the day on which the words were taken back, if that is known on the day."""
    known = claim.retracted is not None and claim.is_retracted_by(audit.day)
    return claim.retracted.text if known and claim.retracted is not None else None


def _later_words(audit: Audit, claim: Claim) -> dict[str, Any]:
    """Return when the words were said again and taken back, and why a claim was called off."""
    retracted = _retracted(audit, claim)
    occasions = claim.occasions_by(audit.day)
    return {
        "times_said": 1 + len(occasions),
        "occasions": [
            {"said": one.said.text, "source": one.source, "quote": one.quote} for one in occasions
        ],
        "retracted": retracted,
        "retracted_words": None if retracted is None else claim.retracted_words,
        "retracted_source": None if retracted is None else claim.retracted_source,
        "annulled_kind": claim.annulled_kind.value if claim.annulled_kind else None,
    }


def audit_object(audit: Audit, verdicts: Iterable[Verdict]) -> dict[str, Any]:
    """
    Return *audit* for JSON, with *verdicts* as its claims.

    Days are ISO 8601 text or None; counts are those of the whole audit.
    """
    return {**_head(audit), "claims": [_with_reports(audit, verdict) for verdict in verdicts]}


def _head(audit: Audit) -> dict[str, Any]:
    return {
        "title": audit.records.settings.title,
        "as_of": str(audit.as_of),
        "known_by": audit.known_by.value,
        "not_yet_said": audit.not_yet_said,
        "counts": {status.value: number for status, number in audit.counts.items()},
    }


def _with_reports(audit: Audit, verdict: Verdict) -> dict[str, Any]:
    return {
        **claim_object(audit, verdict),
        "reports": [report_object(audit.records, id_) for id_ in verdict.used],
    }


def report_object(records: Records, id_: str) -> dict[str, Any]:
    """Return where the report or the published rating *id_* stands, its words and its days."""
    evidence = records.evidence.by_id.get(id_)
    record = evidence or records.assessments[id_]
    source = None if record.source is None else records.sources.by_id[record.source]
    texts = {
        "retrieved": getattr(source, "retrieved", None),
        **{name: getattr(evidence, name, None) for name in ("happened", "not_happened", "when")},
        "published": record.published or getattr(source, "published", None),
        "recorded": getattr(evidence, "recorded", None),
    }
    return {
        "id": id_,
        "source": record.source,
        **{name: getattr(source, name, None) for name in _OF_SOURCE},
        "quote": getattr(evidence, "quote", None),
        **{name: None if span is None else span.text for name, span in texts.items()},
    }


_OF_SOURCE: Final = ("publisher", "origin", "url", "archived_url")


def _progress(audit: Audit, claim: Claim) -> dict[str, Any]:
    """Return the rating that says how far an open claim has come, under its key; or nothing."""
    rating = audit.progress(claim)
    if rating is None:
        return {}
    told = {
        "id": rating.id,
        "label": label_of(rating, audit.records),
        "scale": rating.scale,
        "by": rating.by,
        "published": None if rating.published is None else rating.published.text,
        "source": rating.source,
    }
    return {"progress": told}


def forecast_prefix(audit: Audit, claim: Claim) -> str:
    """Return what the speaker gave as the probability of *claim*; empty without one."""
    own = own_forecast(audit, claim)
    return "" if own is None else f"forecast {probability_words(own)}; "


def _forecasts(audit: Audit, claim: Claim) -> dict[str, Any]:
    """Return the forecasts of *claim* under their key, which other claims lack."""
    found = forecast_objects(audit, claim)
    return {"forecasts": found} if found else {}


def claim_object(audit: Audit, verdict: Verdict) -> dict[str, Any]:
    """Return one verdict for JSON, with the fields of its claim."""
    claim = audit.records.claims.by_id[verdict.claim]
    source = audit.records.sources.by_id[claim.source]
    return {
        **_claim_and_verdict(audit, claim, verdict),
        "robust": verdict.robust,
        "readings": [
            {
                "name": reading.name,
                "status": reading.status.value,
                "late_days": reading.late_days,
                "late_days_min": reading.late_days_min,
            }
            for reading in verdict.readings
        ],
        "used": list(verdict.used),
        "marks": list(verdict.marks),
        "searches": [search_object(search) for search in audit.searches(claim)],
        "after_the_fact": AFTER_THE_FACT in verdict.marks,
        **_progress(audit, claim),
        **_forecasts(audit, claim),
        **_later_words(audit, claim),
        "quote": claim.quote,
        "quote_kind": claim.quote_kind.value if claim.quote_kind else None,
        "origin": source.origin,
        "url": source.url,
        "archived_url": source.archived_url,
        "published": None if source.published is None else source.published.text,
        "proposition": claim.proposition,
    }


def search_object(search: Search) -> dict[str, Any]:
    """Return *search* for JSON."""
    return {
        "id": search.id,
        "claim": search.claim,
        "fact": search.fact,
        "searched": search.searched.text,
        "where": search.where,
        "words": search.words,
        "by": search.by,
        "note": search.note,
    }


def _day(day: Day | None) -> str | None:
    return None if day is None else day_text(int(day))  # numbers compare faster than days


ENDINGS: Final = {
    "csv": "csv",
    "htm": "html",
    "html": "html",
    "json": "json",
    "jsonl": "jsonl",
    "markdown": "markdown",
    "md": "markdown",
    "rst": "rst",
    "tex": "latex",
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
class AuditLayout:
    """
    How an audit is laid out.

    Args:
        by: A key of `GROUPS`: a table for each group. Formats for programs have one table, with
            the rows in the same order.
        counts: Keys of `GROUPS`: a table of counts by each, at the end.
        width: Display columns to fit into, for terminals; None for no limit.
        colour: Whether a terminal shows statuses in colour.
        quotes: Whether tables for people show the words of a claim in place of its id.
    """

    by: str | None = None
    counts: tuple[str, ...] = ()
    width: int | None = None
    colour: bool = False
    quotes: bool = False


DEFAULT_LAYOUT: Final = AuditLayout()


def audit_text(
    audit: Audit,
    verdicts: Iterable[Verdict],
    format: str,  # noqa: A002
    layout: AuditLayout = DEFAULT_LAYOUT,
) -> str:
    """
    Write *verdicts* of *audit* in the format of that name.

    Args:
        audit: The audit, whose counts are below the tables.
        verdicts: Those to show, in this order.
        format: A key of `FORMATS`; ``json`` is one object with everything.
        layout: Formats for programs heed only *by*.

    Raises:
        ValueError: There is no such format.
    """
    return "".join(audit_pieces(audit, verdicts, format, layout))


def audit_pieces(
    audit: Audit,
    verdicts: Iterable[Verdict],
    format: str,  # noqa: A002
    layout: AuditLayout = DEFAULT_LAYOUT,
) -> Iterator[str]:
    """
    Return what `audit_text` does in pieces.

    Formats for programs take the next of *verdicts* when the one before is written, unless they
    are grouped.

    Raises:
        ValueError: There is no such format.
    """
    if format not in FORMATS:
        raise ValueError(f"format {format!r} is not known; expected one of {', '.join(FORMATS)}")
    if format == "json":
        claims = (_with_reports(audit, verdict) for verdict in verdicts)
        return object_pieces(_head(audit), "claims", claims)
    if format in READ_BY_PROGRAMS:
        return sheet_pieces(*_records(audit, verdicts, layout.by), format)
    return _text_for_people(audit, [*verdicts], format, layout)


def _text_for_people(
    audit: Audit,
    verdicts: Sequence[Verdict],
    format: str,  # noqa: A002
    layout: AuditLayout,
) -> Iterator[str]:
    title = audit.records.settings.title
    if title:
        yield f"{render_line(title, format)}\n\n"
    grouped = groups(audit, verdicts, layout.by) if layout.by else {"": verdicts}
    for name, group in grouped.items():
        if group:
            table = audit_table(audit, group, name, quotes=layout.quotes)
            yield f"{_render(table, format, layout)}\n"
    for line in counts_lines(audit, verdicts):
        text = render_line(line, format)
        lines = [text] if format != "table" or layout.width is None else wrap(text, layout.width)
        yield from (f"{one}\n" for one in lines)
    for by in layout.counts:
        yield f"\n{_render(counts_table(audit, verdicts, by), format, layout)}"


def _render(table: Table, format: str, layout: AuditLayout) -> str:  # noqa: A002
    return render(table, format, width=layout.width, colour=layout.colour)
