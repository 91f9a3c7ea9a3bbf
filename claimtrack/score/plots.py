"""
Plots of calibration, track records and timelines. Needs the extra ``plot``.

Each function draws on the `Axes` given, or on those of a new figure, and returns them. Nothing
depends on colour: statuses differ in the shape of their markers and are named in the legend.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from statistics import median_low
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from claimtrack.engine.audit import Audit
from claimtrack.errors import require
from claimtrack.model.span import OPEN_END, Day, day_text
from claimtrack.model.verdict import Status, Verdict
from claimtrack.score.calibration import Bin
from claimtrack.score.track_record import TrackRecord

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK: Final = "#1a1a1a"
GREY: Final = "#8a8a8a"
BLUE: Final = "#0b5394"

LONGEST: Final = 44
"""Characters of a name or an id in a plot."""

MOST_YEARS: Final = 200
"""Years that a timeline shows before and after the median of its claims."""

_MOST_DAYS: Final = MOST_YEARS * 365

MARKERS: Final[Mapping[Status, str]] = MappingProxyType(
    {
        Status.HELD: "o",
        Status.LATE: ">",
        Status.PARTLY: "D",
        Status.FAILED: "X",
        Status.CONFLICTING: "P",
        Status.PENDING: ".",
        Status.OVERDUE: "^",
        Status.NOT_ENOUGH_EVIDENCE: "v",
        Status.NOT_CHECKABLE: "s",
        Status.ANNULLED: "*",
    }
)
"""The marker of each status."""

FILLED: Final = frozenset({Status.HELD, Status.FAILED, Status.LATE, Status.PARTLY})


def new_axes(width: float = 7.0, height: float = 5.0) -> "Axes":
    """
    Return the axes of a new figure of that size in inches, outside matplotlib's global state.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    require("matplotlib", feature="a picture", extra="plot")
    from matplotlib.figure import Figure  # noqa: PLC0415 - an extra

    axes: Axes = Figure(figsize=(width, height), layout="constrained").subplots()
    return axes


def plot_calibration(bins: Sequence[Bin], *, ax: "Axes | None" = None) -> "Axes":
    """
    Draw the share that happened against the forecast.

    Each bin is a point at its mean forecast with its interval, and the count beside it. The
    dashed line is perfect calibration.

    Args:
        bins: From `calibration`; empty ones are not drawn.
        ax: Where to draw, or None for a new figure.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    axes = ax or new_axes(5.5, 5.5)
    axes.plot([0, 1], [0, 1], linestyle="--", color=GREY, linewidth=1, label="as forecast")
    for number, one in enumerate(b for b in bins if b.count):
        x, y, interval = one.forecast or 0.0, one.share or 0.0, one.interval
        axes.plot(
            [x, x], [interval.low, interval.high], color=BLUE, linewidth=2, solid_capstyle="butt"
        )
        label = "share that happened, with its interval" if number == 0 else None
        axes.plot([x], [y], marker="o", color=INK, linestyle="none", label=label)
        at_left = x > 0.9  # noqa: PLR2004 - where a text at the right would leave the picture
        axes.annotate(
            f"n={one.count}",
            (x, y),
            xytext=(-6 if at_left else 6, -4),
            textcoords="offset points",
            ha="right" if at_left else "left",
            va="top",
            fontsize=8,
        )
    axes.set(xlim=(-0.04, 1.04), ylim=(-0.06, 1.04), aspect="equal")
    axes.set(xlabel="forecast", ylabel="share that happened")
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), frameon=False, fontsize=8, ncols=2)
    return axes


def plot_record(
    records: Sequence[TrackRecord],
    *,
    names: Mapping[str | None, str] | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """
    Draw the share of each record with its interval, and the bounds behind it.

    The thick line is Wilson's interval, the thin one below it goes from the bound at worst to
    that at best. A hollow mark has too few decided claims to be ranked. The count is at
    the right.

    Args:
        records: From `track_records`; the first is drawn on top.
        names: The labels of the records by key; their ids by default.
        ax: Where to draw, or None for a new figure.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    axes = ax or new_axes(8.0, 1.2 + 0.32 * max(len(records), 1))
    for row, record in enumerate(records):
        _draw_record(axes, row, record)
    by_key = names or {}
    labels = [plain(by_key.get(r.key) or r.key or "(none)") for r in records]
    axes.set_yticks(range(len(records)), labels, fontsize=8, parse_math=False)
    axes.set(xlim=(-0.02, 1.02), ylim=(max(len(records), 1) - 0.5, -0.5))
    axes.set(xlabel="share that held (thick: interval; thin: at worst to at best)")
    return axes


def _draw_record(axes: "Axes", row: int, record: TrackRecord) -> None:
    if record.worst is not None and record.best is not None:
        low = row + 0.25  # below the interval, so that both are seen
        axes.plot([record.worst, record.best], [low, low], color=GREY, linewidth=1, marker="|")
    if record.share is not None:
        interval = record.interval
        axes.plot([interval.low, interval.high], [row, row], color=BLUE, linewidth=3, alpha=0.6)
        fill = "white" if record.rank is None else INK
        axes.plot([record.share], [row], marker="o", color=INK, markerfacecolor=fill, zorder=3)
    few = "" if record.rank is not None else " (too few)"
    axes.annotate(
        f"{record.points:g} of {record.decided}{few}",
        (1.0, row),
        xycoords=("axes fraction", "data"),
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        fontsize=8,
        annotation_clip=False,
    )


def plot_timeline(audit: Audit, *, ax: "Axes | None" = None) -> "Axes":
    """
    Draw when each claim was said and due, and when it was decided.

    A line goes from the day on which a claim was said to its due day, or to the day of the audit,
    which is the vertical line; the marker is on the day on which the outcome was known, or at the
    end of the line. Its shape is the status, counted in the legend.

    The axis ends `MOST_YEARS` before and after the median of the days on which claims were said.
    Days beyond are drawn at its ends, and the label of the axis counts such claims.

    Args:
        audit: The verdicts to draw, the first on top.
        ax: Where to draw, or None for a new figure.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    verdicts = list(audit)
    axes = ax or new_axes(9.0, 1.6 + 0.2 * max(len(verdicts), 1))
    days = [_days(audit, verdict) for verdict in verdicts]
    scale = _TimeAxis([said for said, _, _ in days] or [audit.day])
    labelled = set[Status]()
    for row, (verdict, (said, end, known)) in enumerate(zip(verdicts, days, strict=True)):
        axes.plot([scale.at(said), scale.at(end)], [row, row], color=GREY, linewidth=1)
        axes.plot([scale.at(said)], [row], marker="|", color=INK, markersize=6)
        status = verdict.status
        legend = None if status in labelled else f"{status.value} ({audit.counts[status]})"
        labelled.add(status)
        axes.plot(
            [scale.at(known)],
            [row],
            marker=MARKERS[status],
            markersize=7,
            color=INK,
            markerfacecolor=INK if status in FILLED else "white",
            linestyle="none",
            label=legend,
        )
    axes.axvline(scale.at(audit.day), color=BLUE, linewidth=1, linestyle=":")
    labels = [plain(verdict.claim) for verdict in verdicts]
    axes.set_yticks(range(len(verdicts)), labels, fontsize=7, parse_math=False)
    cut = sum(any(map(scale.is_beyond, three)) for three in days)
    axes.set(ylim=(max(len(verdicts), 1) - 0.5, -0.5), xlabel=scale.label(audit, cut))
    scale.label_days(axes)
    if verdicts:
        axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False, fontsize=8)
    return axes


def _days(audit: Audit, verdict: Verdict) -> tuple[Day, Day, Day]:
    """Return when a claim was said, where its line ends, and where its marker stands."""
    said = audit.records.claims[verdict.claim].said.first
    has_end = verdict.due is not None and verdict.due != OPEN_END
    due = verdict.due if has_end and verdict.due is not None else audit.day
    known = verdict.decided_on
    return said, max(said, due), max(said, min(due, audit.day)) if known is None else known


class _TimeAxis:
    """
    The horizontal axis of a timeline, cut at its ends.

    Days are dates to matplotlib where the whole axis is within the years that it knows; else they
    are numbers from the median.

    Args:
        said: Days; at least one.
    """

    def __init__(self, said: Sequence[Day]) -> None:
        self.middle = int(median_low(said))
        self.first = self.middle - _MOST_DAYS
        self.last = self.middle + _MOST_DAYS
        known = date.min.toordinal() + _MOST_DAYS, date.max.toordinal() - _MOST_DAYS
        self.has_dates = known[0] < self.first and self.last < known[1]

    def is_beyond(self, day: Day) -> bool:
        """Whether *day* is beyond an end of the axis."""
        return not self.first <= day <= self.last

    def at(self, day: Day) -> Any:  # noqa: ANN401 - matplotlib takes dates, its stubs numbers
        """Return where *day* is drawn."""
        shown = int(min(max(day, self.first), self.last))
        return date.fromordinal(shown) if self.has_dates else shown - self.middle

    def label(self, audit: Audit, cut: int) -> str:
        """Return the label of the axis: the day of the audit, and how much was cut."""
        as_of = f"as of {audit.as_of}"
        if not cut and not self.is_beyond(audit.day):
            return as_of
        ends = f"{day_text(self.first)} and {day_text(self.last)}"
        parts = [f"{cut} of the claims"] * bool(cut) + ["this day"] * self.is_beyond(audit.day)
        return f"{as_of}\nthe axis is cut at {ends}, beyond which: {', '.join(parts)}"

    def label_days(self, axes: "Axes") -> None:
        """Label the days on the horizontal axis."""
        if self.has_dates:
            axes.xaxis_date()
            return
        axes.xaxis.set_major_locator(_max_ticks(5))
        axes.xaxis.set_major_formatter(lambda x, _: day_text(round(x) + self.middle))


def _max_ticks(count: int) -> Any:  # noqa: ANN401 - of an extra
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415 - an extra

    return MaxNLocator(count, integer=True)


def plain(text: str) -> str:
    """Return *text* on one line, without control characters, and at most `LONGEST` long."""
    shown = "".join(c if c.isprintable() else " " for c in text)
    return shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"
