"""
Track records, scores of forecasts and the agreement of assessors, as tables and for programs.

Each of the three has tables for people with notes below them, a `Sheet` for formats of programs,
and an object for JSON.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import attrs

from claimtrack.engine.audit import Audit
from claimtrack.model.records import Selection
from claimtrack.model.verdict import AFTER_THE_FACT, Status
from claimtrack.report.formats import split_to_fit
from claimtrack.report.table import Sheet, Table
from claimtrack.report.words import counted
from claimtrack.score.track_record import MIN_DECIDED, TrackRecord, Unit

if TYPE_CHECKING:
    from claimtrack.score.assessments import AgreementReport, ScaleAgreement
    from claimtrack.score.calibration import Bin
    from claimtrack.score.forecasts import ForecasterScore, ForecastReport


def percent(share: float | None) -> str:
    """Return *share* in whole percent, or a dash."""
    return "–" if share is None else f"{share:.0%}"  # noqa: RUF001 - a dash for nothing


def between(low: float, high: float) -> str:
    """Return a range in whole percent."""
    return f"{100 * low:.0f}–{100 * high:.0f}%"  # noqa: RUF001 - a dash between numbers


def rounded(value: float | None, *, digits: int = 3) -> str:
    """Return *value* with *digits* after the point, or a dash for None."""
    return "–" if value is None else f"{value:.{digits}f}"  # noqa: RUF001 - a dash for nothing


TOO_FEW: Final = "too few to rank"
BOUNDS: Final = "worst to best"

COUNTS: Final = (*Status, AFTER_THE_FACT)

SHORT_NAMES: Final[Mapping[str, str]] = MappingProxyType(
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
"""Short names of the columns of counts; `legend` explains them."""

LONG_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **SHORT_NAMES,
        Status.CONFLICTING: "conflicting",
        Status.PENDING: "pending",
        Status.OVERDUE: "overdue",
    }
)
"""Longer names, for counts that are split into several tables, which have room for these."""

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
    "strict": "Counting: strict. Only claims that held, in full and on time, count as held; what "
    "came late or in part counts as decided and not held.",
    "half": "Counting: half. Claims that held count as 1, late and partly as 0.5.",
    "lenient": "Counting: lenient. Late and partly count as held.",
}


def name_of(audit: Audit, by: str, key: str | None) -> str:
    """Return the name of the record with this *key*, for people."""
    if key is None:
        return f"(no {by})"
    if by == "speaker":
        return audit.records.speakers[key].name or key
    return key


MOST_NAMED: Final = 20
"""Records with too few decided claims that are named; the others are counted."""

OPEN: Final = (Status.PENDING, Status.OVERDUE, Status.NOT_ENOUGH_EVIDENCE)
"""The statuses of claims that are not decided yet."""


def glance_tables(
    audit: Audit, records: Sequence[TrackRecord], *, by: str, level: float
) -> list[Table]:
    """Return one table of the records with enough decided claims; none if there are no such."""
    ranked = [record for record in records if record.rank is not None]
    if not ranked:
        return []
    interval = f"{level:.0%} interval" if round(level, 2) == level else f"{level} interval"
    header = (by, "held of decided", "share", interval, "open")
    return [
        Table(
            title=f"Track records by {by}, as of {audit.as_of}",
            header=header,
            rows=[
                (
                    name_of(audit, by, one.key),
                    f"{one.points:g} of {one.decided}",
                    percent(one.share),
                    between(one.interval.low, one.interval.high),
                    _open_words(one),
                )
                for one in ranked
            ],
            right=header[1:4],
            shrink=((by, 16),),
            wrap=(by,),
        )
    ]


def _open_words(record: TrackRecord) -> str:
    number, overdue = sum(record.counts[one] for one in OPEN), record.counts[Status.OVERDUE]
    return f"{number}, {overdue} overdue" if overdue else str(number)


def glance_notes(
    audit: Audit, records: Sequence[TrackRecord], *, by: str, counting: str, min_decided: int
) -> Iterator[str]:
    """Iterate over the notes below `glance_tables`: first those who are not in it, in one line."""
    others = [record for record in records if record.rank is None]
    if others:
        named = [
            f"{name_of(audit, by, one.key)} {one.points:g} of {one.decided}"
            for one in others[:MOST_NAMED]
        ]
        left = len(others) - len(named)
        more = [f"and {left} more"] if left else []
        few_ = f"Fewer than {counted(min_decided, 'decided claim')}, which says little"
        yield f"{few_}: {', '.join((*named, *more))}."
    yield COUNTING_NOTES[counting]
    if any(record.rank is not None for record in records):
        yield (
            "With so few claims, chance alone can move a share within its interval; "
            "where two intervals overlap, it is not shown who was right more often."
        )
    yield "Every count and bound of every record: --details."
    yield from _common_notes(audit, records, by)


def share_table(  # noqa: PLR0913 - the options of `track_records`, which the title names
    audit: Audit,
    records: Sequence[TrackRecord],
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


def _shares(audit: Audit, by: str, record: TrackRecord, min_decided: int) -> tuple[str, ...]:
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
    """Say that *decided* claims are too few for a share."""
    return f"{counted(decided, 'decided claim')}: too few to say"


def count_table(
    audit: Audit, records: Sequence[TrackRecord], by: str, names: Mapping[str, str] = SHORT_NAMES
) -> Table:
    """Return all counts of *records*, none left out."""
    header = (by, "claims", "made", "due", "decided", *(names[name] for name in COUNTS))
    return Table(
        header=header,
        rows=[(name_of(audit, by, record.key), *map(str, _counts(record))) for record in records],
        right=header[1:],
        shrink=((by, 16),),
        wrap=(by,),
    )


def record_tables(
    audit: Audit,
    records: Sequence[TrackRecord],
    *,
    format: str,  # noqa: A002
    width: int | None,
    by: str,
    **options: Any,  # noqa: ANN401 - as in `share_table`
) -> list[Table]:
    """Return the shares and the counts of *records*, in as many tables as *width* requires."""
    shares = split_to_fit(share_table(audit, records, by=by, **options), format, width=width)
    counts = split_to_fit(count_table(audit, records, by), format, width=width)
    if len(counts) > 1:
        counts = split_to_fit(count_table(audit, records, by, LONG_NAMES), format, width=width)
    return [*shares, *counts]


def legend(tables: Iterable[Table]) -> str:
    """Explain the abbreviated names of columns."""
    names = {name for table in tables for name in table.header}
    meanings = "; ".join(f"{name}: {_MEANINGS[name]}" for name in _MEANINGS if name in names)
    return f"{meanings}."


def _counts(record: TrackRecord) -> tuple[int, ...]:
    counts = (record.counts[name] for name in COUNTS)
    return (record.claims, record.made, record.matured, record.decided, *counts)


def record_sheet(audit: Audit, records: Sequence[TrackRecord], by: str) -> Sheet:
    """Return a row for each of the *records*, without nested values."""
    names = (by, "speaker_name") if by == "speaker" else (by,)
    counts = (_counts_key(name) for name in COUNTS)
    return Sheet.of(
        (*names, *RECORD_MEASURES, *counts), (_record_values(audit, by, one) for one in records)
    )


RECORD_MEASURES: Final = (
    *("rank", "claims", "made", "matured", "decided", "points", "share"),
    *("interval_low", "interval_high", "at_worst", "at_best", "lower_bound"),
)
"""The columns of a record besides its counts."""


def _record_values(audit: Audit, by: str, record: TrackRecord) -> dict[str, Any]:
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


def record_object(record: TrackRecord) -> dict[str, Any]:
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


def record_notes(
    audit: Audit,
    records: Sequence[TrackRecord],
    *,
    by: str,
    counting: str,
    min_decided: int,
) -> Iterator[str]:
    """Iterate over the notes below the tables, after their `legend`."""
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
    yield from _common_notes(audit, records, by)


def _common_notes(audit: Audit, records: Sequence[TrackRecord], by: str) -> Iterator[str]:
    """Iterate over the notes on claims that earn no credit, were repeated, or how chosen."""
    known = dict.fromkeys(id_ for record in records for id_ in record.after_the_fact)
    if known:
        yield f"Made when the outcome was known, and no credit to anybody: {', '.join(known)}."
    several = [
        f"{id_} ({1 + times} times)"
        for id_ in audit.outcomes
        if (times := len(audit.records.claims.by_id[id_].occasions_by(audit.day)))
    ]
    if several:
        yield f"Said on several occasions and counted once ({len(several)}): {', '.join(several)}."
    if audit.not_yet_said:
        yield f"Not yet said: {audit.not_yet_said}."
    yield from _selection_notes(audit)
    if by == "topic":
        yield "A claim on several topics is in the record of each."


def _selection_notes(audit: Audit) -> Iterator[str]:
    """Iterate over how the claims were chosen, without which a share says little of a speaker."""
    records = audit.records
    for one in records.selections.values():
        of = [
            *([records.speakers[one.speaker].label] if one.speaker else []),
            *([records.sources[one.source].title or one.source] if one.source else []),
            *([f"topic {one.topic}"] if one.topic else []),
        ]
        yield f"Chosen{_amount(one)}, {', '.join(of) or 'all claims'}: {one.rule}"
    said = (records.claims.by_id[id_] for id_ in audit.outcomes)
    selections = records.selections.values()
    others = sum(not any(claim.is_among(one) for one in selections) for claim in said)
    if others:
        yield (
            f"Chosen by no rule that the registry states: {counted(others, 'claim')}; "
            "a share of them says little about their speakers."
        )


def _amount(selection: Selection) -> str:
    """Say how many claims there were to choose from, and how many were chosen."""
    if selection.included is None:
        return "" if selection.total is None else f" from {selection.total}"
    of = "" if selection.total is None else f" of {selection.total}"
    return f" ({selection.included}{of})"


def selection_objects(audit: Audit) -> list[dict[str, Any]]:
    """Return the selections of the registry for JSON."""
    keys = ("id", "rule", "total", "included", "speaker", "source", "topic")
    return [{key: getattr(one, key) for key in keys} for one in audit.records.selections.values()]


MEANS: Final = (
    "brier",
    "brier_over_time",
    "log",
    "log_over_time",
    "coverage",
    "baseline",
    "peer",
)
"""The scores that are shown as means over claims, by their names in `ClaimScore`."""

FORECAST_COLUMNS: Final = (
    *("by", "by_name", "forecasts", "scored"),
    *(f"means_{name}" for name in MEANS),
    *("brier_interval_low", "brier_interval_high", "skill_over_base_rate", "skill_over_crowd"),
)


def forecaster_table(audit: Audit, report: "ForecastReport", level: float) -> Table:
    """Return one row for each forecaster."""
    interval = f"{level:.4g} interval"
    header = (
        *("forecaster", "forecasts", "scored", "Brier", interval, "over time", "log"),
        *("log over time", "coverage", "skill", "skill on crowd", "baseline", "peer"),
    )
    return Table(
        title=f"Forecasts, as of {audit.as_of}",
        header=header,
        rows=[_forecaster_row(audit, one) for one in report.forecasters],
        right=header[1:],
        shrink=(("forecaster", 12),),
    )


def _forecaster_row(audit: Audit, one: "ForecasterScore") -> tuple[str, ...]:
    interval = one.brier_interval
    return (
        _forecaster_name(audit, one.by) or one.by,
        str(one.forecasts),
        str(len(one.claims)),
        rounded(one.mean("brier")),
        "–" if interval is None else f"{interval.low:.3f}–{interval.high:.3f}",  # noqa: RUF001
        rounded(one.mean("brier_over_time")),
        rounded(one.mean("log")),
        rounded(one.mean("log_over_time")),
        percent(one.mean("coverage")),
        rounded(one.skill_over_base_rate, digits=2),
        rounded(one.skill_over_crowd, digits=2),
        rounded(one.mean("baseline"), digits=1),
        rounded(one.mean("peer"), digits=1),
    )


def _forecaster_name(audit: Audit, by: str) -> str | None:
    speakers = audit.records.speakers
    return speakers[by].name if by in speakers else None


def forecaster_sheet(audit: Audit, report: "ForecastReport") -> Sheet:
    """Return the rows of `forecaster_table` as values."""
    return Sheet.of(
        FORECAST_COLUMNS, (_forecaster_values(audit, one) for one in report.forecasters)
    )


def _forecaster_values(audit: Audit, one: "ForecasterScore") -> dict[str, Any]:
    interval = one.brier_interval
    return {
        "by": one.by,
        "by_name": _forecaster_name(audit, one.by),
        "forecasts": one.forecasts,
        "scored": len(one.claims),
        **{f"means_{name}": one.mean(name) for name in MEANS},
        "brier_interval_low": None if interval is None else interval.low,
        "brier_interval_high": None if interval is None else interval.high,
        "skill_over_base_rate": one.skill_over_base_rate,
        "skill_over_crowd": one.skill_over_crowd,
    }


def calibration_table(report: "ForecastReport", level: float) -> Table:
    """Return one row for each bin that holds a forecast."""
    header = ("said", "n", "forecast", "held", f"{level:.4g} interval")
    return Table(
        title="Calibration, all forecasters at the close" if report.bins else "",
        header=header,
        rows=[_bin_row(one) for one in report.bins if one.count],
        right=header[1:],
    )


def _bin_row(one: "Bin") -> tuple[str, ...]:
    return (
        between(one.low, one.high),
        str(one.count),
        percent(one.forecast),
        f"{one.happened} of {one.count}",
        between(one.interval.low, one.interval.high),
    )


def forecast_notes(report: "ForecastReport") -> Iterator[str]:
    """Iterate over the notes below the tables."""
    if not report.forecasters:
        yield "There are no forecasts."
        return
    yield (
        "Means over claims. Brier: 0 is perfect, 1 the worst. log: 0 is perfect. coverage: the "
        "share of its time for which a forecast of the claim stood. skill: over the base rate, "
        "and over the crowd's median; above 0 is better. baseline, peer: as Metaculus defines "
        "them, from the opening of a claim to its close; higher is better."
    )
    if any(one.brier_interval is not None for one in report.forecasters):
        yield f"The interval is a bootstrap of the mean over claims, seed {report.seed}."
    for one in report.forecasters:
        if 0 < len(one.claims) < MIN_DECIDED:
            yield f"{one.by}: {counted(len(one.claims), 'scored claim')}: too few to say."
    if (murphy := report.parts) is not None:
        yield (
            f"Brier {murphy.brier:.4f} = reliability {murphy.reliability:.4f} - resolution "
            f"{murphy.resolution:.4f} + uncertainty {murphy.uncertainty:.4f} + within bins "
            f"{murphy.within:.4f}."
        )
    for reason, ids in report.left_out.items():
        yield f"Not scored, {reason} ({len(ids)}): {', '.join(ids)}."


def forecasts_object(audit: Audit, report: "ForecastReport") -> dict[str, Any]:
    """Return *report* for JSON; minus infinity is the text ``-inf``."""
    as_dict: Callable[[Any], Any] = attrs.asdict
    result: dict[str, Any] = _finite(
        {
            "as_of": str(audit.as_of),
            "seed": report.seed,
            "forecasters": [
                {
                    **as_dict(one),
                    "means": {name: one.mean(name) for name in MEANS},
                }
                for one in report.forecasters
            ],
            "calibration": [as_dict(one) for one in report.bins],
            "decomposition": None if report.parts is None else as_dict(report.parts),
            "left_out": {reason: list(ids) for reason, ids in report.left_out.items()},
        }
    )
    return result


def _finite(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    if isinstance(value, float) and value in {float("inf"), float("-inf")}:
        return str(value)
    return value


AGREEMENT_COLUMNS: Final = (
    *("scale", "scale_title", "assessors", "claims", "percent"),
    *("fleiss", "alpha_nominal", "alpha_ordinal", "disputed", "unknown", "unscored"),
    "contradictory",
)


def agreement_object(audit: Audit, report: "AgreementReport") -> dict[str, Any]:
    """Return *report* for JSON."""
    return {
        "as_of": str(audit.as_of),
        "scales": [_scale_object(one) for one in report.scales],
        "no_such_scale": report.no_such_scale,
    }


def _scale_object(one: "ScaleAgreement") -> dict[str, Any]:
    return {**attrs.asdict(one), "scale": one.scale.id}


def scale_sheet(report: "AgreementReport") -> Sheet:
    """Return the rows of `scale_table` as values, with the keys of the JSON form."""
    records = ({**_scale_object(one), "scale_title": one.scale.name} for one in report.scales)
    return Sheet.of(AGREEMENT_COLUMNS, records)


def scale_table(audit: Audit, report: "AgreementReport") -> Table:
    """Return one row for each scale."""
    header = (
        *("scale", "assessors", "claims rated twice", "equal", "Fleiss' kappa"),
        *("alpha, nominal", "alpha, ordinal"),
    )
    return Table(
        title=f"Agreement between assessors, as of {audit.as_of}",
        header=header,
        rows=[_scale_row(one) for one in report.scales],
        right=header[1:],
    )


def _scale_row(one: "ScaleAgreement") -> tuple[str, ...]:
    return (
        one.scale.name,
        str(len(one.assessors)),
        str(one.claims),
        percent(one.percent),
        rounded(one.fleiss),
        rounded(one.alpha_nominal),
        rounded(one.alpha_ordinal),
    )


def pair_table(report: "AgreementReport") -> Table:
    """Return one row for each pair of assessors who rated the same claim."""
    return Table(
        header=("scale", "assessor", "and", "claims", "equal", "Cohen's kappa"),
        rows=[
            (
                one.scale.id,
                pair.first,
                pair.second,
                str(pair.claims),
                percent(pair.percent),
                rounded(pair.kappa),
            )
            for one in report.scales
            for pair in one.pairs
        ],
        right=("claims", "equal", "Cohen's kappa"),
    )


def agreement_notes(report: "AgreementReport") -> Iterator[str]:
    """Iterate over the notes below the tables."""
    if not report.scales and not report.no_such_scale:
        yield "There are no assessments."
        return
    yield "Kappa and alpha: 1 is full agreement, 0 what chance gives; a dash where not defined."
    for one in report.scales:
        for text, ids in (
            ("Ratings differ on", one.disputed),
            ("Not on the scale", one.unknown),
            ("A state that the scale does not score", one.unscored),
            (
                "Differ from another of the same day and assessor, and do not count",
                one.contradictory,
            ),
        ):
            if ids:
                yield f"{one.scale.id}: {text} ({len(ids)}): {', '.join(ids)}."
    for scale, ids in report.no_such_scale.items():
        yield f"There is no scale {scale!r} ({len(ids)}): {', '.join(ids)}."
