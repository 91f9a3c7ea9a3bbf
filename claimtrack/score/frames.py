"""
Scores to and from data frames, of pandas and Polars alike. Needs the extra ``frames``.

`columns` returns lists for the functions of `claimtrack.score`; the other functions turn results
into frames, with one row for each record, bin or claim.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from claimtrack.errors import require
from claimtrack.score import _check
from claimtrack.score.calibration import Bin
from claimtrack.score.forecasts import ForecastReport
from claimtrack.score.intervals import Interval
from claimtrack.score.track_record import TrackRecord

if TYPE_CHECKING:
    from types import ModuleType


def _narwhals() -> "ModuleType":
    return require("narwhals", feature="a data frame", extra="frames")


def columns(frame: Any, *names: str) -> tuple[list[Any], ...]:  # noqa: ANN401 - any data frame
    """
    Return columns of *frame* as plain lists, in the order of *names*.

    Args:
        frame: An eager data frame of any library that narwhals knows.
        names: The columns to take.

    Raises:
        MissingExtraError: narwhals is not installed.
        FieldError: There is no such column, or it holds a missing value.

    Example:
        >>> import pandas
        >>> frame = pandas.DataFrame({"said": [0.9, 0.5], "came": [1, 0]})
        >>> from claimtrack.score import brier
        >>> brier(*columns(frame, "said", "came"))
        0.13
    """
    eager = _narwhals().from_native(frame, eager_only=True)
    lists = []
    for name in names:
        if name not in eager.columns:
            raise _check.refuse(f"column {name!r} is not in the frame; expected {eager.columns}")
        column = eager[name]
        if column.is_null().any():
            raise _check.refuse(f"column {name!r} has missing values; expected none")
        lists.append(column.to_list())
    return tuple(lists)


def record_frame(records: Sequence[TrackRecord], *, backend: str = "pandas") -> Any:  # noqa: ANN401
    """
    Return *records* as a frame: a row for each, a column for each count.

    Args:
        records: From `track_records`.
        backend: The library that makes the frame, such as ``pandas`` or ``polars``.

    Raises:
        MissingExtraError: narwhals is not installed.
    """
    return _frame([_record_row(record) for record in records], backend)


def _record_row(record: TrackRecord) -> dict[str, Any]:
    return {
        "key": record.key,
        "rank": record.rank,
        "points": record.points,
        "share": record.share,
        **_ends(record.interval),
        "at_worst": record.worst,
        "at_best": record.best,
        "lower_bound": record.lower,
        "claims": record.claims,
        "made": record.made,
        "matured": record.matured,
        "decided": record.decided,
        **{str(name): count for name, count in record.counts.items()},
    }


def bin_frame(bins: Sequence[Bin], *, backend: str = "pandas") -> Any:  # noqa: ANN401
    """
    Return the *bins* of `calibration` as a frame; *backend* as in `record_frame`.

    Raises:
        MissingExtraError: narwhals is not installed.
    """
    rows = [
        {
            "from": one.low,
            "to": one.high,
            "count": one.count,
            "forecast": one.forecast,
            "happened": one.happened,
            "share": one.share,
            **_ends(one.interval),
        }
        for one in bins
    ]
    return _frame(rows, backend)


CLAIM_COLUMNS = (
    *("claim", "probability", "held", "brier", "brier_over_time", "log", "log_over_time"),
    *("coverage", "baseline", "peer", "crowd"),
)


def forecast_frame(report: ForecastReport, *, backend: str = "pandas") -> Any:  # noqa: ANN401
    """
    Return the scores of *report* as a frame: a row for each forecaster and claim.

    Raises:
        MissingExtraError: narwhals is not installed.
    """
    rows = [
        {"by": one.by, **{name: getattr(score, name) for name in CLAIM_COLUMNS}}
        for one in report.forecasters
        for score in one.claims
    ]
    return _frame(rows, backend)


def _ends(interval: Interval) -> Mapping[str, float]:
    return {"low": interval.low, "high": interval.high}


def _frame(rows: Sequence[Mapping[str, Any]], backend: str) -> Any:  # noqa: ANN401
    data = {name: [row[name] for row in rows] for name in (rows[0] if rows else ())}
    return _narwhals().from_dict(data, backend=backend).to_native()
