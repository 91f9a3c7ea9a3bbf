"""What ``claimtrack score --forecasts`` prints."""

from collections.abc import Callable, Iterator
from typing import Any, Final

import attrs

from claimtrack.cli.options import in_colour, room
from claimtrack.cli.printing import print_as, print_data
from claimtrack.cli.score_tables import between, percent
from claimtrack.engine.audit import Audit
from claimtrack.escape import for_json, for_log_line
from claimtrack.report.formats import READ_BY_PROGRAMS, render, render_sheet
from claimtrack.report.table import Sheet, Table
from claimtrack.score.calibration import Bin
from claimtrack.score.forecasts import (
    ForecasterScore,
    ForecastReport,
    score_forecasts,
)
from claimtrack.score.track_record import MIN_DECIDED

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

COLUMNS: Final = (
    *("by", "by_name", "forecasts", "scored"),
    *(f"means_{name}" for name in MEANS),
    *("brier_interval_low", "brier_interval_high", "skill_over_base_rate", "skill_over_crowd"),
)


def print_forecasts(audit: Audit, *, format_: str, level: float, seed: int, colour: str) -> None:
    """Score the forecasts of a registry and print how everybody did."""
    report = score_forecasts(audit, level=level, seed=seed)
    if format_ == "json":
        print_data(for_json(report_object(audit, report), indent=2) + "\n")
        return
    if format_ in READ_BY_PROGRAMS:
        print_data(render_sheet(forecaster_sheet(audit, report), format_))
        return
    for table in (forecaster_table(audit, report, level), calibration_table(report, level)):
        if table.rows:
            text = render(table, format_, width=room(), colour=in_colour(colour))
            print_as(format_, f"{text}\n")
    for line in notes(report):
        print_as(format_, f"{for_log_line(line)}\n")


def forecaster_table(audit: Audit, report: ForecastReport, level: float) -> Table:
    """Return one row for each forecaster."""
    interval = f"{level:.4g} interval"
    header = (
        *("forecaster", "forecasts", "scored", "Brier", interval, "over time", "log"),
        *("log over time", "coverage", "skill", "skill on crowd", "baseline", "peer"),
    )
    return Table(
        title=f"Forecasts, as of {audit.as_of}",
        header=header,
        rows=[_row(audit, one) for one in report.forecasters],
        right=header[1:],
        shrink=(("forecaster", 12),),
    )


def _row(audit: Audit, one: ForecasterScore) -> tuple[str, ...]:
    interval = one.brier_interval
    return (
        _name(audit, one.by) or one.by,
        str(one.forecasts),
        str(len(one.claims)),
        number(one.mean("brier")),
        "–" if interval is None else f"{interval.low:.3f}–{interval.high:.3f}",  # noqa: RUF001
        number(one.mean("brier_over_time")),
        number(one.mean("log")),
        number(one.mean("log_over_time")),
        percent(one.mean("coverage")),
        number(one.skill_over_base_rate, digits=2),
        number(one.skill_over_crowd, digits=2),
        number(one.mean("baseline"), digits=1),
        number(one.mean("peer"), digits=1),
    )


def _name(audit: Audit, by: str) -> str | None:
    speakers = audit.records.speakers
    return speakers[by].name if by in speakers else None


def forecaster_sheet(audit: Audit, report: ForecastReport) -> Sheet:
    """Return the rows of `forecaster_table` as values."""
    return Sheet.of(COLUMNS, (_values(audit, one) for one in report.forecasters))


def _values(audit: Audit, one: ForecasterScore) -> dict[str, Any]:
    interval = one.brier_interval
    return {
        "by": one.by,
        "by_name": _name(audit, one.by),
        "forecasts": one.forecasts,
        "scored": len(one.claims),
        **{f"means_{name}": one.mean(name) for name in MEANS},
        "brier_interval_low": None if interval is None else interval.low,
        "brier_interval_high": None if interval is None else interval.high,
        "skill_over_base_rate": one.skill_over_base_rate,
        "skill_over_crowd": one.skill_over_crowd,
    }


def number(value: float | None, *, digits: int = 3) -> str:
    """Return *value* with so many digits after the point, or a dash for none."""
    return "–" if value is None else f"{value:.{digits}f}"  # noqa: RUF001 - a dash for nothing


def calibration_table(report: ForecastReport, level: float) -> Table:
    """Return one row for each bin that holds a forecast."""
    header = ("said", "n", "forecast", "held", f"{level:.4g} interval")
    return Table(
        title="Calibration, all forecasters at the close" if report.bins else "",
        header=header,
        rows=[_bin(one) for one in report.bins if one.count],
        right=header[1:],
    )


def _bin(one: Bin) -> tuple[str, ...]:
    return (
        between(one.low, one.high),
        str(one.count),
        percent(one.forecast),
        f"{one.happened} of {one.count}",
        between(one.interval.low, one.interval.high),
    )


def notes(report: ForecastReport) -> Iterator[str]:
    """Iterate over what has to be said below the tables."""
    if not report.forecasters:
        yield "There are no forecasts."
        return
    yield (
        "Means over claims. Brier: 0 is perfect, 1 the worst. log: 0 is perfect. coverage: the "
        "share of its time for which a forecast of the claim stood. skill: over the base rate, "
        "and over the crowd's median; above 0 is better. baseline, peer: as Metaculus defines "
        "them, from the opening of a claim to its close; higher is better."
    )
    yield f"The interval is a bootstrap of the mean over claims, seed {report.seed}."
    for one in report.forecasters:
        if 0 < len(one.claims) < MIN_DECIDED:
            count = len(one.claims)
            yield f"{one.by}: {count} scored {'claim' if count == 1 else 'claims'}: too few to say."
    if report.parts is not None:
        parts = report.parts
        yield (
            f"Brier {parts.brier:.4f} = reliability {parts.reliability:.4f} - resolution "
            f"{parts.resolution:.4f} + uncertainty {parts.uncertainty:.4f} + within bins "
            f"{parts.within:.4f}."
        )
    for reason, ids in report.left_out.items():
        yield f"Not scored, {reason} ({len(ids)}): {', '.join(ids)}."


def report_object(audit: Audit, report: ForecastReport) -> dict[str, Any]:
    """Return *report* for JSON; minus infinity is the text ``-inf``."""
    plain: Callable[[Any], Any] = attrs.asdict
    found: dict[str, Any] = _finite(
        {
            "as_of": str(audit.as_of),
            "seed": report.seed,
            "forecasters": [
                {
                    **plain(one),
                    "means": {name: one.mean(name) for name in MEANS},
                }
                for one in report.forecasters
            ],
            "calibration": [plain(one) for one in report.bins],
            "decomposition": None if report.parts is None else plain(report.parts),
            "left_out": {reason: list(ids) for reason, ids in report.left_out.items()},
        }
    )
    return found


def _finite(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    if isinstance(value, float) and value in {float("inf"), float("-inf")}:
        return str(value)
    return value
