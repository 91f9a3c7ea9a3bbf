"""Track records as tables, as notes below them, and as objects for programs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from claimtrack.engine.audit import Audit
from claimtrack.model.verdict import Status
from claimtrack.report.formats import parts
from claimtrack.report.table import Sheet, Table
from claimtrack.score.track_record import AFTER_THE_FACT, Record, Unit

TOO_FEW: Final = "too few to rank"
BOUNDS: Final = "worst to best"

COUNTS: Final = (*Status, AFTER_THE_FACT)

SHORT: Final[Mapping[str, str]] = MappingProxyType(
    {
        Status.HELD: "held",
        Status.LATE: "late",
        Status.PARTLY: "partly",
        Status.FAILED: "failed",
        Status.CONFLICTING: "confl.",
        Status.PENDING: "pend.",
        Status.OVERDUE: "over.",
        Status.NOT_ENOUGH_EVIDENCE: "n/e",
        Status.NOT_CHECKABLE: "n/c",
        Status.ANNULLED: "void",
        AFTER_THE_FACT: "known",
    }
)
"""Short names of columns, for tables for the eye; `legend` spells them out."""

LONGER: Final[Mapping[str, str]] = MappingProxyType(
    {
        **SHORT,
        Status.CONFLICTING: "conflicting",
        Status.PENDING: "pending",
        Status.OVERDUE: "overdue",
    }
)
"""Names of columns where the counts stand in several tables, which have room for these."""

_MEANINGS: Final = {
    "due": "decided, or ought to be",
    "confl.": "conflicting",
    "pend.": "pending",
    "over.": "overdue",
    "n/e": "not enough evidence",
    "n/c": "not checkable",
    "void": "annulled",
    "known": "made when the outcome was known",
}

COUNTING_NOTES: Final = {
    "strict": "Counting: strict. Only claims that held count; late and partly count as nothing.",
    "half": "Counting: half. Claims that held count as 1, late and partly as 0.5.",
    "lenient": "Counting: lenient. Late and partly count as held.",
}


def name_of(audit: Audit, by: str, key: str | None) -> str:
    """Return what people call the *key* of a record."""
    if key is None:
        return f"(no {by})"
    if by == "speaker":
        return audit.records.speakers[key].name or key
    return key


def percent(share: float | None) -> str:
    """Return *share* in whole percent, or a dash."""
    return "–" if share is None else f"{share:.0%}"  # noqa: RUF001 - a dash for nothing


def between(low: float, high: float) -> str:
    """Return a range in whole percent."""
    return f"{100 * low:.0f}–{100 * high:.0f}%"  # noqa: RUF001 - a dash between numbers


def share_table(
    audit: Audit,
    records: Sequence[Record],
    *,
    by: str,
    counting: str,
    min_decided: int,
    level: float,
) -> Table:
    """Return the shares of *records*, their intervals and bounds."""
    interval = f"{level:.0%} interval" if round(level, 2) == level else f"{level} interval"
    title = f"Track records by {by}, as of {audit.as_of} ({counting} counting)"
    return Table(
        title=title,
        header=(by, "rank", "held", "share", interval, BOUNDS, "lower bound"),
        rows=[_shares(audit, by, record, min_decided) for record in records],
        right=("held", "share", interval, BOUNDS, "lower bound"),
        shrink=((by, 16),),
        wrap=(by,),
    )


def _shares(audit: Audit, by: str, record: Record, min_decided: int) -> tuple[str, ...]:
    enough = record.decided >= min_decided
    bounds = record.worst is not None and record.best is not None
    return (
        name_of(audit, by, record.key),
        TOO_FEW if record.rank is None else str(record.rank),
        f"{record.points:g} of {record.decided}",
        percent(record.share) if enough else few(record.decided),
        between(record.interval.low, record.interval.high),
        between(record.worst or 0.0, record.best or 0.0) if bounds else "–",  # noqa: RUF001
        percent(record.lower),
    )


def few(decided: int) -> str:
    """Say in words that so many claims say nothing."""
    return f"{decided} decided {'claim' if decided == 1 else 'claims'}: too few to say"


def count_table(
    audit: Audit, records: Sequence[Record], by: str, names: Mapping[str, str] = SHORT
) -> Table:
    """Return the counts of *records*, all of them always."""
    header = (by, "claims", "made", "due", "decided", *(names[name] for name in COUNTS))
    return Table(
        header=header,
        rows=[(name_of(audit, by, record.key), *map(str, _counts(record))) for record in records],
        right=header[1:],
        shrink=((by, 16),),
        wrap=(by,),
    )


def tables(
    audit: Audit,
    records: Sequence[Record],
    *,
    format: str,  # noqa: A002
    width: int | None,
    by: str,
    **chosen: Any,  # noqa: ANN401 - as in `share_table`
) -> list[Table]:
    """Return the shares and the counts of *records*, in as many tables as *width* asks for."""
    shares = parts(share_table(audit, records, by=by, **chosen), format, width=width)
    counts = parts(count_table(audit, records, by), format, width=width)
    if len(counts) > 1:
        counts = parts(count_table(audit, records, by, LONGER), format, width=width)
    return [*shares, *counts]


def legend(shown: Iterable[Table]) -> str:
    """Say what those names of columns mean that do not say it themselves."""
    names = {name for table in shown for name in table.header}
    meanings = "; ".join(f"{name}: {_MEANINGS[name]}" for name in _MEANINGS if name in names)
    return f"{meanings}."


def _counts(record: Record) -> tuple[int, ...]:
    counts = (record.counts[name] for name in COUNTS)
    return (record.claims, record.made, record.matured, record.decided, *counts)


def record_sheet(audit: Audit, records: Sequence[Record], by: str) -> Sheet:
    """Return everything about *records* that is not nested deeper, in one table for programs."""
    names = (by, "speaker_name") if by == "speaker" else (by,)
    counts = (_counts_key(name) for name in COUNTS)
    return Sheet.of((*names, *MEASURES, *counts), (_values(audit, by, one) for one in records))


MEASURES: Final = (
    *("rank", "claims", "made", "matured", "decided", "points", "share"),
    *("interval_low", "interval_high", "at_worst", "at_best", "lower_bound"),
)
"""The columns of a record besides its counts."""


def _values(audit: Audit, by: str, record: Record) -> dict[str, Any]:
    speaker = audit.records.speakers.by_id.get(record.key or "") if by == "speaker" else None
    return {
        **record_object(record),
        by: record.key,
        "speaker_name": None if speaker is None else speaker.name,
        "interval_low": record.interval.low,
        "interval_high": record.interval.high,
        **{_counts_key(name): record.counts[name] for name in COUNTS},
    }


def _counts_key(name: str) -> str:
    return f"counts_{str(name).replace('-', '_').replace(' ', '_')}"


def record_object(record: Record) -> dict[str, Any]:
    """Return *record* for JSON."""
    return {
        "key": record.key,
        "rank": record.rank,
        "claims": record.claims,
        "made": record.made,
        "matured": record.matured,
        "decided": record.decided,
        "counts": {str(name): record.counts[name] for name in COUNTS},
        "points": record.points,
        "share": record.share,
        "interval": [record.interval.low, record.interval.high],
        "at_worst": record.worst,
        "at_best": record.best,
        "lower_bound": record.lower,
        "merged": [{"claims": _ids(unit), "because": list(unit.because)} for unit in record.merged],
        "after_the_fact": list(record.after_the_fact),
    }


def _ids(unit: Unit) -> list[str]:
    return [member.claim.id for member in unit.members]


def notes(
    audit: Audit,
    records: Sequence[Record],
    *,
    by: str,
    counting: str,
    min_decided: int,
    level: float,
) -> Iterator[str]:
    """Iterate over what has to be said below the tables and their `legend`."""
    del level
    yield COUNTING_NOTES[counting]
    yield (
        "At worst every claim that ought to be decided and is not, or was taken off, failed; "
        "at best it held."
    )
    yield f"Ranked by the lower bound, from {min_decided} decided claims up."
    merged = dict.fromkeys(unit for record in records for unit in record.merged)
    if merged:
        yield f"Counted as one ({len(merged)}):"
        for unit in merged:
            yield f"  {', '.join(_ids(unit))} ({', '.join(unit.because).replace('_', ' ')})"
    known = dict.fromkeys(id_ for record in records for id_ in record.after_the_fact)
    if known:
        yield f"Made when the outcome was known, and no credit to anybody: {', '.join(known)}."
    if audit.not_yet_said:
        yield f"Not yet said: {audit.not_yet_said}."
    if by == "topic":
        yield "A claim on several topics is in the record of each."
