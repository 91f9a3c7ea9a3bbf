"""``claimtrack plot``: plots of calibration, track records and timelines."""

from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from claimtrack.atomic import write
from claimtrack.cli.options import (
    as_of_option,
    checks_option,
    known_by_option,
    path_argument,
    refuse_inputs,
)
from claimtrack.cli.registry import audit_at
from claimtrack.engine.audit import Audit
from claimtrack.errors import require
from claimtrack.report.scores import name_of
from claimtrack.score.forecasts import score_forecasts
from claimtrack.score.plots import plain, plot_calibration, plot_record, plot_timeline
from claimtrack.score.track_record import COUNTING, GROUPS, MIN_DECIDED, track_records

if TYPE_CHECKING:
    from matplotlib.axes import Axes

KINDS: Final = ("calibration", "record", "timeline")

METADATA: Final[dict[str, dict[str, None]]] = {
    ".svg": {"Date": None},
    ".png": {"Software": None},
    ".pdf": {"CreationDate": None, "ModDate": None},
}
"""The metadata to leave out of files of each ending, as it differs from run to run."""


@click.command("plot")
@click.argument("kind", type=click.Choice(KINDS), metavar="KIND")
@path_argument
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The picture to write; its ending says how: svg, png or pdf.",
)
@as_of_option
@known_by_option
@checks_option
@click.option(
    "--by", type=click.Choice(list(GROUPS)), default="speaker", help="Whose record; with record."
)
@click.option(
    "--counting",
    type=click.Choice(list(COUNTING)),
    default="strict",
    help="How much late and partly count; with record.",
)
@click.option(
    "--min-decided",
    type=click.IntRange(min=1),
    default=MIN_DECIDED,
    metavar="N",
    help="How many decided claims it takes to be ranked; with record.",
)
def command(
    kind: str,
    path: str,
    output: Path,
    as_of: str,
    known_by: str,
    checks: tuple[str, ...],
    by: str,
    counting: str,
    min_decided: int,
) -> None:
    """
    Draw calibration, record or timeline.

    Equal registries give equal pictures, byte for byte, with one version of matplotlib.
    """
    check_picture(output, path, checks)
    audit = audit_at(path, as_of, known_by, checks)
    chosen = {"by": by, "counting": counting, "min_decided": min_decided}
    if kind == "record":
        draw_records(audit, output, chosen)
    else:
        _write(plot_timeline(audit) if kind == "timeline" else _calibration(audit), audit, output)


def check_picture(output: Path, path: str, checks: Iterable[str]) -> None:
    """
    Refuse a picture that cannot be drawn, before anything is computed.

    Raises:
        UsageError: The ending of the name is that of no picture, or it is an input.
        MissingExtraError: matplotlib is not installed.
    """
    if output.suffix not in METADATA:
        expected = ", ".join(METADATA)
        raise click.UsageError(f"Cannot write {output.name!r}; expected a name in {expected}.")
    refuse_inputs([str(output)], [path], *checks)
    require("matplotlib", feature="claimtrack plot", extra="plot")


def draw_records(audit: Audit, output: Path, chosen: Mapping[str, Any]) -> None:
    """Draw the track records of *audit*, with options *chosen* as `track_records` has them."""
    records, by = track_records(audit, **chosen), chosen["by"]
    names = {one.key: name_of(audit, by, one.key) for one in records}
    _write(plot_record(records, names=names), audit, output)


def _calibration(audit: Audit) -> "Axes":
    bins = score_forecasts(audit).bins
    if not bins:
        raise click.UsageError("There are no scored forecasts with a probability to draw.")
    return plot_calibration(bins)


def _write(axes: "Axes", audit: Audit, output: Path) -> None:
    from matplotlib import rc_context  # noqa: PLC0415 - an extra

    if audit.records.settings.title:
        axes.set_title(plain(audit.records.settings.title), fontsize=10, parse_math=False)
    with rc_context({"svg.hashsalt": "claimtrack", "svg.fonttype": "none"}):
        figure = axes.get_figure(root=True)
        content = BytesIO()
        figure.savefig(  # type: ignore[union-attr]
            content, format=output.suffix[1:], dpi=150, metadata=METADATA[output.suffix]
        )
    write(output, content.getvalue())
